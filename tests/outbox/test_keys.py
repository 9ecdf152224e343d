from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.visit import SessionId
from booth.outbox.keys import LONGEST, object_key, sibling, slug, unique

SESSION = SessionId("20261122-170512-k3v7q2m7xw")
TAKEN = datetime(2026, 11, 22, 17, 5, 12, tzinfo=UTC)


def key(template, event="DockerCon 2019", booth="Booth 1"):
    """Return the key that *template* makes."""
    return object_key(unique(template), event=event, booth=booth, session=SESSION, taken=TAKEN)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{event}/{date}/{session}.gif", f"dockercon-2019/2026-11-22/{SESSION}.gif"),
        ("{booth}/{date}-{time}-{session}.gif", f"booth-1/2026-11-22-170512-{SESSION}.gif"),
        ("{event}/{date}.gif", f"dockercon-2019/2026-11-22-{SESSION}.gif"),
        ("party", f"party-{SESSION}"),
        ("v1.2/party", f"v1.2/party-{SESSION}"),
        ("a.{event}", f"a.dockercon-2019-{SESSION}"),
        (".gif", f"{SESSION}.gif"),
        ("{{x}}/{session}", f"{{x}}/{SESSION}"),
        ("été/{session}.gif", f"été/{SESSION}.gif"),
    ],
)
def test_keys_follow_the_template_and_name_the_session(template, expected):
    """A template without the session gets it before the extension: no two visits ever share a key."""
    assert expected == key(template)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DockerCon 2019", "dockercon-2019"),
        ("Fête  de l'été!", "fete-de-l-ete"),
        ("../..", "event"),
        ("李小龙", "event"),
        ("", "event"),
        ("--a--", "a"),
        ("²", "2"),
        ("a" * 99 + " b", "a" * 99),
    ],
)
def test_slugs_are_plain(text, expected):
    """What an owner calls the event becomes small letters, digits and hyphens."""
    assert expected == slug(text, "event")


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_name_can_break_a_key(event, booth):
    """Whatever event and booth are called, the key is short enough, plain, and has no odd folders."""
    made = key("{event}/{booth}/{date}/{time}/{session}.gif", event, booth)
    assert len(made.encode()) <= LONGEST
    assert made.isascii()
    assert all(part not in {"", ".", ".."} for part in made.split("/"))


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{name}.gif", "asks for"),
        ("{}.gif", "asks for"),
        ("{session:>5}", "asks for"),
        ("{session!r}", "asks for"),
        ("{session.__class__}", "asks for"),
        ("{session", "brace"),
        ("}", "brace"),
        ("/{session}.gif", "between any two slashes"),
        ("a//{session}.gif", "between any two slashes"),
        ("../{session}.gif", "between any two slashes"),
        ("a\n{session}.gif", "plain characters"),
        ("x" * 900 + "{session}", "more than 915 bytes"),
        ("é" * 450 + "{session}", "more than 915 bytes"),
    ],
)
def test_templates_that_make_no_keys_are_refused(template, complaint):
    """The owner reads what is wrong before the first guest comes, not in the bucket."""
    with pytest.raises(ValueError, match=complaint):
        unique(template)


def test_who_asks_for_what_there_is_not_reads_what_there_is():
    """Each field as it would be written."""
    with pytest.raises(ValueError, match="it may use") as refused:
        unique("{name}.gif")
    fields = "{event}, {date}, {time}, {session}, {booth}"
    assert f"the key template '{{name}}.gif' asks for {{name}}; it may use {fields}" == str(refused.value)


@pytest.mark.parametrize("field", ["{event}", "{booth}"])
def test_the_longest_names_decide_whether_keys_are_too_long(field):
    """915 bytes may be used, and not one more, however the event is called."""
    most = "x" * (LONGEST - 100 - 26) + field + "{session}"
    assert most == unique(most)
    with pytest.raises(ValueError, match="more than 915 bytes"):
        unique("x" + most)


def test_a_folder_of_one_dot_is_no_name():
    """It would be another key in the listing than in the bucket."""
    with pytest.raises(ValueError, match="between any two slashes"):
        unique("./{session}.gif")


@pytest.mark.parametrize(
    ("key", "ending", "expected"),
    [
        ("fete/a.gif", "", "fete/a.gif"),
        ("fete/a.gif", "-strip.jpg", "fete/a-strip.jpg"),
        ("fete/a.gif", ".mp4", "fete/a.mp4"),
        ("fete.gif/a", ".mp4", "fete.gif/a.mp4"),
        ("fete/party.20261122-170512-k3v9q2m7xw", ".mp4", "fete/party.20261122-170512-k3v9q2m7xw.mp4"),
    ],
)
def test_what_lies_beside_an_animation_has_a_key_beside_its_own(key, ending, expected):
    """Whatever the template: the session is never taken for an ending."""
    assert expected == sibling(key, ending)
