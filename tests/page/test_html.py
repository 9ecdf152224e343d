"""A guest's page, as text: what is in it, what is not, and what it lets a browser do."""

import base64
import hashlib
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.page.html import GuestPage, Keepsake, Logo, written
from booth.page.looks import look_of, style
from booth.page.said import said_in
from booth.ports import Size
from booth.ui import theme
from booth.ui.languages import LANGUAGES, words_in

ORIGIN = "https://s3.example.com"
SOON = "The GIF is here first. If the rest does not open yet, try again in a minute."


class Read(HTMLParser):
    """Notes the elements of a page, and what is read of it where no script runs."""

    def __init__(self, content):
        super().__init__()
        self.elements, self.seen, self._hidden = [], [], []
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "img"}:
            self._hidden.append("hidden" in dict(attrs) or tag in {"style", "script", "title"})

    def handle_endtag(self, tag):
        self._hidden.pop()

    def handle_data(self, data):
        if not any(self._hidden) and data.strip():
            self.seen.append(data.strip())

    def of(self, tag):
        """Return the attributes of all elements of that name."""
        return [attributes for name, attributes in self.elements if name == tag]


def test_without_a_script_it_says_all_of_it_once(make_page):
    """In the first of its languages; what needs the script, *Share*, is not seen."""
    assert [
        "Ball <2026> & friends", "Save the GIF", "Save the video", SOON,
        "You can also hold a finger on the picture to save it.", "The pictures will be deleted on", "2026-12-23", ".",
        "Anybody who has the link can open this page until", "2026-11-29", ".",
        "Responsible: Example Events Ltd., privacy@example.org",
    ] == Read(written(make_page())).seen  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_speaks_each_language(make_page, code):
    """Alone, it is in no other one: the page says which."""
    read = Read(written(make_page(languages=(code,))))
    said = said_in(code, words_in(code))
    assert [code] == sorted({found["lang"] for _, found in read.elements if "lang" in found})
    assert [said.save_gif, said.save_video, said.soon, said.hold] == read.seen[1:5]


def test_where_nothing_comes_behind_the_picture_nothing_is_said_of_it(make_page):
    """A page of a GIF alone is whole."""
    assert SOON not in Read(written(make_page(others=()))).seen


def test_what_nobody_knows_is_not_said(make_page):
    """Neither who answers for it, nor a day that nobody has named."""
    read = Read(written(make_page(responsible="", deleted=None, until=None)))
    assert [] == read.of("time")
    assert "You can also hold a finger on the picture to save it." == read.seen[-1]


def test_what_is_saved_has_a_name_and_a_type(make_page):
    """The links are the ones that it was given, to the last character; the GIF is the picture, too."""
    page = make_page()
    read = Read(written(page))
    files = (page.picture, *page.others)
    saves = [(found["href"], found["download"], found["type"]) for found in read.of("a")]
    assert [(file.link, file.name, file.media_type) for file in files] == saves
    assert [page.picture.link] == [found["src"] for found in read.of("img")]


def test_the_logo_is_in_the_page_itself(make_page):
    """As it came; nothing has to be asked for it."""
    page = make_page(logo=Logo("image/png", b"\x89PNG of a logo"))
    assert (
        "data:image/png;base64," + base64.b64encode(b"\x89PNG of a logo").decode()
        == (Read(written(page)).of("img")[0]["src"])
    )


def policy_of(content):
    """Return what a page lets the browser load, by directive."""
    (said,) = (found["content"] for found in Read(content).of("meta") if "http-equiv" in found)
    return {name: rest for name, _, rest in (each.strip().partition(" ") for each in said.split(";"))}


def test_the_policy_lets_in_the_bucket_and_what_is_written_in_the_page(make_page):
    """Its one style and its one script by their hashes; no form, no base, and nothing else from anywhere."""
    content = written(make_page())
    (looks,), (script,) = (
        re.findall(f"<{tag}>(.*?)</{tag}>".encode(), content, re.DOTALL) for tag in ("style", "script")
    )
    hashes = [base64.b64encode(hashlib.sha256(text).digest()).decode() for text in (looks, script)]
    assert {
        "default-src": "'none'", "img-src": ORIGIN, "connect-src": ORIGIN, "style-src": f"'sha256-{hashes[0]}'",
        "script-src": f"'sha256-{hashes[1]}'", "base-uri": "'none'", "form-action": "'none'",
    } == policy_of(content)  # fmt: skip


def test_a_logo_lets_in_data_for_pictures_alone(make_page):
    """What is in the page itself may be one; it asks no other place."""
    policy = policy_of(written(make_page(logo=Logo("image/png", b"png"))))
    assert (f"data: {ORIGIN}", ORIGIN) == (policy["img-src"], policy["connect-src"])


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=60))
def test_whatever_the_owner_writes_is_read_as_it_was_written(text):
    """No name of an event, and none of who answers for it, becomes an element or ends one."""
    english = said_in("en", words_in("en"))
    gif = Keepsake("image/gif", f"{ORIGIN}/b/visit.gif", "visit.gif")
    plain, own = (
        Read(written(GuestPage(said, gif, Size(4, 3), (english,), look_of(theme.named("pink")), responsible=said)))
        for said in ("x", text)
    )
    assert [tag for tag, _ in plain.elements] == [tag for tag, _ in own.elements]
    (heading,) = re.findall("<h1>(.*)</h1>", written(
        GuestPage(text, gif, Size(4, 3), (english,), look_of(theme.named("pink")))).decode(), re.DOTALL)  # fmt: skip
    assert text == unescape(heading)


def colours(scheme):
    """Return the colours of a scheme."""
    return {name: theme.colour(getattr(scheme, name)) for name in ("ground", "ink", "soft", "button", "on_button")}


@pytest.mark.parametrize("name", theme.names())
def test_all_that_is_read_has_contrast(name):
    """In every theme, on a light phone and on a dark one: text 4.5, and 3 where a button begins."""
    look = look_of(theme.named(name))
    for scheme in (look.light, look.dark):
        worn = colours(scheme)
        assert min(theme.contrast(worn[front], worn["ground"]) for front in ("ink", "soft")) >= theme.TEXT
        assert theme.contrast(worn["on_button"], worn["button"]) >= theme.TEXT
        assert theme.contrast(worn["button"], worn["ground"]) >= theme.CONTROL


@pytest.mark.parametrize("name", theme.names())
def test_a_light_phone_has_light_ground_and_a_dark_one_dark(name):
    """Whichever the theme's own paper is; and the paper itself is one of the two."""
    look = look_of(theme.named(name))
    light, dark = (theme.contrast(theme.colour(each.ground), (0, 0, 0)) for each in (look.light, look.dark))
    assert light > 10
    assert dark < 5
    assert theme.written(theme.named(name).paper) in {look.light.ground, look.dark.ground}
    assert style(look).index(look.light.ground) < style(look).index("prefers-color-scheme:dark")


def test_it_is_small(make_page):
    """In all languages, with two products and without a logo: a phone at a party waits for the picture, not for it."""
    assert len(written(make_page())) < 10_000
