"""Links to the operator's page."""

import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.outbox.keys import SAMPLE
from booth.outbox.links import link, page


def filled(template, event="party", booth="b1", key="party/a.gif"):
    return link(page(template), session=SAMPLE, key=key, event=event, booth=booth)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("https://p.example.com/{session}", f"https://p.example.com/{SAMPLE}"),
        ("http://192.0.2.7:8080/{key}", "http://192.0.2.7:8080/party%20%26/%C3%A9.gif"),
        ("https://p.example.com/?e={event}&b={booth}#top", "https://p.example.com/?e=Caf%C3%A9%20%2F%20Bar&b=b1#top"),
        ("https://p.example.com/gallery", "https://p.example.com/gallery"),
    ],
)
def test_what_is_filled_in_is_quoted(template, expected):
    """A name with a slash or a blank cannot break an address; a key's slashes are folders, and stay so."""
    assert expected == filled(template, event="Café / Bar", key="party &/é.gif")


def test_an_empty_template_is_none():
    """Nothing is a setting like any other."""
    assert page("") == ""


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("photos.example.com/{session}", "expected an address that begins with http:// or https://"),
        ("ftp://photos.example.com/{session}", "expected an address that begins with http:// or https://"),
        ("https:///{session}", "expected an address that begins with http:// or https://"),
        ("https://p.example.com:0/{session}", "expected an address that begins with http:// or https://"),
        ("https://p.example.com:99999/{session}", "is not the address of a page"),
        ("https://[p/{session}", "is not the address of a page"),
        ("https://p.example.com/{visit}", r"asks for \{visit\}: it may use \{session\}, \{key\}, \{event\}, \{booth\}"),
        ("https://p.example.com/{session!r}", r"asks for \{session\}"),
        ("https://p.example.com/{}", r"asks for \{\}"),
        ("https://p.example.com/{session", "has a brace without its partner"),
        ("https://{booth}.example.com/{session}", "has a brace in the name of its host"),
        ("https://me:word@p.example.com/{session}", "would be shown to every guest"),
        ("https://me@p.example.com/{session}", "would be shown to every guest"),
        ("https://p.example.com/a b/{session}", "write those as %20"),
        ("https://p.example.com/caf\u00e9/{session}", "write those as %20"),
    ],
)
def test_addresses_that_cannot_work_are_refused(template, complaint):
    """Each complaint is a sentence for the owner."""
    with pytest.raises(ValueError, match=complaint):
        page(template)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_can_make_another_address(event, booth):
    """Whatever an event is called, the link is ASCII, leads to the same host, and says the name when it is read."""
    made = urllib.parse.urlsplit(filled("https://p.example.com/x?e={event}&b={booth}", event, booth))
    assert (made.hostname, made.path) == ("p.example.com", "/x")
    assert made.geturl().isascii()
    assert {"e": [event], "b": [booth]} == urllib.parse.parse_qs(made.query, keep_blank_values=True)
