"""The gallery and the report in a real browser, which is started once: what is seen there, and what leaves it."""

import hashlib
import io

import pytest
from PIL import Image

from booth.core.night import Counted, Night, Phase, Spans
from booth.disk import RealDisk
from booth.operator.exporting import handing, writing
from booth.operator.exporting.ledger import Mishap
from booth.operator.exporting.outboxes import Gathered
from booth.operator.exporting.visits import Handed
from tests.browser import DESKTOP, PHONE, Browser
from tests.waiting import until

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
LOOKS = pytest.mark.parametrize("look", ["light", "dark"])
EVENT = "Donaudampfschifffahrtsgesellschaftskapitänsball <2026> & friends"
GUESTS = ((18, True), (19, True), (20, False), (21, None), (22, True))
"""The hour at which each was there, and whether they agreed; None: without details."""


def animation(number):
    """Return a GIF of two frames."""
    frames = [Image.new("RGB", (320, 240), (40 * number, 90 + 30 * step, 160)) for step in (0, 1)]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=400, loop=0)
    return made.getvalue()


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Hand an evening over: three who agreed, one who refused, one without details."""
    folder = tmp_path_factory.mktemp("export") / "ball"
    night = Night(
        {Counted.BEGUN: 9, Counted.POSED: 7, Counted.SENT: 4, Counted.SKIPPED: 1},
        {Phase.FORM: Spans().having(21.0), Phase.ANIMATION: Spans().having(3.0)},
    )
    found = Gathered(
        nights={("2026-11-22", "left"): night},
        troubles={"left": (Mishap("2026-11-22 20:58", "uploads: the bucket does not answer: " + "x" * 90, 7),)},
    )
    for number, (hour, consent) in enumerate(GUESTS):
        session = f"20261122-{hour}0500-{'abcde'[number] * 10}"
        content = animation(number)
        found.sources[session] = lambda content=content: content
        found.visits.append(
            Handed(
                session, EVENT, "left", f"2026-11-22T{hour}:05:00Z", f"{session}.gif", len(content),
                hashlib.md5(content, usedforsecurity=False).hexdigest(), 0, given=consent is not None,
                name=f"Guest {hour}" if consent is not None else "", consent=consent is True,
                email=f"guest{hour}@example.org" if consent is not None else "", language="de", delivered=True,
            )
        )  # fmt: skip
    over = handing.over(EVENT, [found], None)
    writing.write(RealDisk(), folder, over.ledger, over.pictures, over.pages)
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Start the browser, once."""
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture
def page(exported):
    """Return the gallery's page."""
    return exported / "gallery" / "index.html"


AGREED = [
    f"2026-11-22_{hour}-05-00_{6 * letter}.gif" for (hour, yes), letter in zip(GUESTS, "abcde", strict=True) if yes
]
VIEWER = "({open:box.open,file:box.open?picture.src.split('/').pop():null,said:told.textContent})"
LOADED = "Promise.all([...document.images].filter(i=>i.src).map(i=>{i.loading='eager';return i.decode()}))"
WIDEST = """[...document.querySelectorAll('body *')].filter(one=>!one.closest('svg *,dialog:not([open])')&&
one.getBoundingClientRect().right>document.documentElement.clientWidth+.5).map(one=>one.outerHTML.slice(0,60))"""
"""Gives what reaches beyond the right edge."""


def viewed(number, hour):
    """Return what the viewer says and shows of the *number*-th picture."""
    return {"open": True, "file": AGREED[number - 1], "said": f"{number} of 3 · {hour}:05"}


def test_only_who_agreed_is_seen(browser, page):
    """In the page as it stands when its script has run: each picture, decoded, as large as its file is."""
    browser.open(page)
    browser.of(LOADED + ".then(()=>0)")
    seen = browser.of("shots.map(one=>[one.href.split('/').pop(),one.querySelector('img').naturalWidth])")
    assert [[file, 320] for file in AGREED] == seen
    assert 0 == browser.of("document.documentElement.outerHTML.search(/Guest 1|example.org/)+1")


def test_the_keys_go_through_the_pictures(browser, page):
    """Return opens the one that has the focus, and goes on; arrows go round, Home and End to the ends, Escape back."""
    browser.open(page)
    browser.of("shots[1].focus()")
    seen = []
    for key in ("Enter", "ArrowRight", "Enter", "ArrowLeft", "Home", "End"):
        browser.key(key)
        seen.append(browser.of(VIEWER))
    assert [viewed(2, 19), viewed(3, 22), viewed(1, 18), viewed(3, 22), viewed(1, 18), viewed(3, 22)] == seen
    browser.key("Escape")
    assert until(lambda: browser.of("!box.open&&document.activeElement===shots[2]"))


def test_a_finger_opens_a_picture_and_goes_on(browser, page):
    """A touch on it, a touch on the arrow, and a touch on the cross."""
    browser.open(page, PHONE)
    seen = []
    for touched in ("shots[0]", "box.querySelector('[value=next]')", "box.querySelector('[value=shut]')"):
        middle = f"(r=>[r.x+r.width/2,r.y+r.height/2])({touched}.getBoundingClientRect())"
        x, y = browser.of(f"new Promise(done=>requestAnimationFrame(()=>done({middle})))")
        for way in ("mousePressed", "mouseReleased"):
            browser.ask("Input.dispatchMouseEvent", type=way, x=x, y=y, button="left", clickCount=1)
        seen.append(browser.of(VIEWER))
    assert [viewed(1, 18), viewed(2, 19), False] == [*seen[:2], seen[2]["open"]]


@SIZES
@LOOKS
def test_the_gallery_fits_and_asks_for_its_own_pictures_alone(browser, page, size, look):
    """Nothing is wider than the page, closed or opened; no request leaves the folder, and the policy stops nothing."""
    browser.open(page, size, look)
    browser.of(LOADED + ".then(()=>0)")
    name = f"gallery-{size[0]}-{look}"
    ground = browser.picture(name).getpixel((2, 2))
    assert {"light": (246, 244, 240), "dark": (20, 19, 17)}[look] == ground
    assert [[], size[0]] == browser.of(f"[{WIDEST},document.documentElement.scrollWidth]")
    browser.of("shots[0].click(),picture.decode().then(()=>0)")
    browser.picture(f"{name}-opened")
    assert [[], size[1]] == browser.of(f"[{WIDEST},box.getBoundingClientRect().height]")
    assert [page.as_uri(), *((page.parent / file).as_uri() for file in AGREED)] == sorted(
        browser.asked(), key=lambda url: url != page.as_uri()
    )
    assert [] == browser.faults()


@SIZES
@LOOKS
def test_the_report_fits_and_asks_for_nothing(browser, exported, size, look):
    """Nothing is wider than the page; it is one file, and its policy stops nothing of it."""
    browser.open(exported / "report.html", size, look)
    ground = browser.picture(f"report-{size[0]}-{look}").getpixel((2, 2))
    assert {"light": (246, 244, 240), "dark": (20, 19, 17)}[look] == ground
    assert [[], size[0]] == browser.of(f"[{WIDEST},document.documentElement.scrollWidth]")
    assert [(exported / "report.html").as_uri()] == browser.asked()
    assert [] == browser.faults()


@pytest.mark.parametrize("leak", ["fetch('https://example.org/')", "(new Image).src='https://example.org/x.gif'"])
def test_the_policy_holds_the_page_to_its_folder(browser, page, leak):
    """Even a script that got into it could tell nobody anything: the browser stops it."""
    browser.open(page)
    stopped = "document.addEventListener('securitypolicyviolation',each=>done(each.blockedURI.slice(0,19)))"
    assert "https://example.org" == browser.of(f"new Promise(done=>{{{stopped};{leak}}})")
