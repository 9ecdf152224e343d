"""A guest's page in a real browser at the sizes of phones, as it comes from a real S3 server by a signed link."""

import contextlib
import io
import itertools

import pytest
from PIL import Image

from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import ZenkoBucket
from booth.page.html import Keepsake, Logo, written
from tests.browser import Browser
from tests.parcels import parcel_of
from tests.servers import embedded
from tests.waiting import until

__all__ = ["embedded"]

SIZES = pytest.mark.parametrize("size", [(360, 740), (414, 896)], ids=["small", "large"])
LOOKS = pytest.mark.parametrize("look", ["light", "dark"])
CLIP = b"\0\0\0\x18ftypmp42 a clip"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsball <2026> & friends"
NUMBERS = itertools.count()
SHARING = """navigator.canShare=what=>(window.asked=[...(window.asked||[]),what.files[0].type],%s);
navigator.share=async what=>{const one=what.files[0];window.shared=[one.name,one.type,await one.text()]}"""
"""A phone's sheet, which a browser without a window has not: says what it was given."""


def animation(size=(320, 240)):
    """Return a GIF of two frames."""
    frames = [Image.new("RGB", size, (200, 90 + 60 * step, 60)) for step in (0, 1)]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=400, loop=0)
    return made.getvalue()


def logo():
    """Return a picture with transparency."""
    picture = Image.new("RGBA", (240, 80), (0, 0, 0, 0))
    picture.paste((207, 23, 101, 255), (10, 10, 230, 70))
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Start the browser, once."""
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def files(embedded):
    """Put a visit's GIF and clip into a bucket on the server; return it, and them with their signed links."""
    bucket = ZenkoBucket(BucketOptions(
        embedded.endpoint_url, embedded.bucket, embedded.region, embedded.access_key_id, embedded.secret_access_key
    ))  # fmt: skip
    with contextlib.closing(bucket):
        put = []
        for ending, media_type, content in ((".gif", "image/gif", animation()), (".mp4", "video/mp4", CLIP)):
            bucket.put(parcel_of(f"page/v{ending}", content, {}, media_type))
            put.append(Keepsake(media_type, bucket.link(f"page/v{ending}", 3600), f"ball{ending}"))
        yield bucket, put


@pytest.fixture
def put(files, make_page):
    """Put a page of that visit beside them; return the signed link to it."""
    bucket, (picture, *others) = files

    def made(**changes):
        content = written(make_page(**{"picture": picture, "others": tuple(others)} | changes))
        key = f"page/v-{next(NUMBERS)}.html"  # a browser keeps what it has read under an address
        bucket.put(parcel_of(key, content, {}, "text/html; charset=utf-8"))
        return bucket.link(key, 3600)

    return made


WIDEST = """[...document.querySelectorAll('body *')].filter(one=>one.getBoundingClientRect().right>
document.documentElement.clientWidth+.5).map(one=>one.outerHTML.slice(0,60))"""
"""Gives what reaches beyond the right edge."""
LOADED = "Promise.all([...document.images].map(one=>one.decode())).then(()=>0)"
SEEN = "document.body.innerText.split('\\n').filter(Boolean)"


@SIZES
@LOOKS
def test_it_fits_a_phone_and_its_policy_stops_nothing(browser, put, size, look):
    """Nothing reaches beyond the edge; the picture is as wide as it may be, and decoded; nobody else is asked."""
    link = put(event=LONG, logo=Logo("image/png", logo()))
    browser.open(link, size, look)
    browser.of(LOADED)
    seen = browser.picture(f"page-{size[0]}-{look}")
    assert {"light": (255, 244, 239), "dark": (43, 14, 36)}[look] == seen.getpixel((2, 2))
    assert [[], size[0]] == browser.of(f"[{WIDEST},document.documentElement.scrollWidth]")
    assert [320, size[0] - 32] == browser.of("(one=>[one.naturalWidth,one.width])(document.querySelector('.shot'))")
    assert [] == [url for url in browser.asked() if not url.startswith(("data:", link.partition("v-")[0]))]
    assert [] == browser.faults()


@pytest.mark.parametrize("which", [0, 1], ids=["gif", "clip"])
def test_what_is_saved_is_what_is_in_the_bucket(browser, put, tmp_path, which):
    """A touch on *Save* leaves the file on the phone, by its name, to the last byte."""
    browser.open(put(), (360, 740))
    browser.ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    browser.touch(f"document.querySelectorAll('a')[{which}]")
    saved, content = ((tmp_path / "ball.gif", animation()), (tmp_path / "ball.mp4", CLIP))[which]
    assert until(lambda: saved.exists() and content == saved.read_bytes())


@LOOKS
def test_without_a_script_it_saves_and_says_all_the_same(browser, put, tmp_path, look):
    """*Share* is not there; what was said for the script to choose from is said in the first language."""
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(put(deleted=None), (360, 740), look)
        browser.picture(f"page-360-{look}-no-script")
        seen = browser.of(SEEN)
        browser.ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
        browser.touch("document.querySelector('a')")
        assert until(lambda: (tmp_path / "ball.gif").exists() and animation() == (tmp_path / "ball.gif").read_bytes())
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    assert [
        "Save the GIF", "Save the video",
        "The GIF is here first. If the rest does not open yet, try again in a minute.",
        "Anybody who has the link can open this page until 2026-11-29.",
    ] == [*seen[1:4], seen[5]]  # fmt: skip
    assert 7 == len(seen)


def test_what_comes_behind_the_gif_is_offered_when_it_is_there(browser, files, put):
    """Till then the page says that it comes; nobody has to load it again. The picture can be saved at once."""
    bucket, (_, clip) = files
    key = f"page/later-{next(NUMBERS)}.mp4"
    late = Keepsake(clip.media_type, bucket.link(key, 3600), clip.name)
    sooner = "const real=setTimeout;window.setTimeout=act=>real(act,20)"
    added = browser.ask("Page.addScriptToEvaluateOnNewDocument", source=sooner)["identifier"]
    offered = "[...document.querySelectorAll('a,.soon')].map(one=>!one.hidden)"
    try:
        browser.open(put(others=(late,)), (360, 740))
        browser.of(LOADED)
        assert until(lambda: [True, False, True] == browser.of(offered))
        browser.picture("page-360-soon")
        bucket.put(parcel_of(key, CLIP, {}, "video/mp4"))
        assert until(lambda: [True, True, False] == browser.of(offered))
    finally:
        browser.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=added)


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("de-AT,en", ["GIF speichern", "Die Bilder werden am 23. Dezember 2026 gelöscht."]),
        ("fr", ["Enregistrer le GIF", "Les images seront supprimées le 23 décembre 2026."]),
        ("pt,ja", ["Save the GIF", "The pictures will be deleted on December 23, 2026."]),
    ],
)
def test_it_speaks_as_the_phone_does(browser, put, phone, said):
    """Of the languages that it has the first that the phone asks for; days are written as they are there."""
    browser.ask("Emulation.setUserAgentOverride", userAgent="phone", acceptLanguage=phone)
    browser.open(put(), (414, 896))
    seen = browser.of(SEEN)
    assert said == [seen[1], seen[4]]


def shared(browser, link, shares):
    """Open *link* on a phone of which *shares* says, as an expression, what it can; return whether *Share* is seen."""
    added = browser.ask("Page.addScriptToEvaluateOnNewDocument", source=SHARING % shares)["identifier"]
    try:
        browser.open(link, (360, 740))
        browser.of(LOADED)
    finally:
        browser.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=added)


def test_share_gives_the_clip_to_the_phones_own_sheet(browser, put):
    """What messengers take, as it is in the bucket; it is there before the touch."""
    shared(browser, put(), "true")
    assert until(lambda: browser.of("!document.querySelector('button').hidden"))
    browser.picture("page-360-share")
    browser.touch("document.querySelector('button')")
    assert until(lambda: browser.of("window.shared") == ["ball.mp4", "video/mp4", CLIP.decode()])


def test_a_phone_that_shares_no_clip_shares_the_gif(browser, put):
    """It is asked for one after the other."""
    shared(browser, put(), "what.files[0].type==='image/gif'")
    assert until(lambda: browser.of("!document.querySelector('button').hidden"))
    assert ["video/mp4", "image/gif"] == browser.of("asked")


def test_where_nothing_can_be_shared_there_is_no_such_button(browser, put):
    """Neither where the phone refuses both, nor where it has no sheet."""
    shared(browser, put(), "false")
    assert until(lambda: browser.of("window.asked&&asked.length") == 2)
    assert browser.of("getComputedStyle(document.querySelector('button')).display==='none'")
    browser.open(put(), (360, 740))
    assert browser.of("getComputedStyle(document.querySelector('button')).display==='none'")


@pytest.mark.parametrize("leak", ["fetch('https://example.org/')", "(new Image).src='https://example.org/x.gif'"])
def test_the_policy_holds_it_to_its_bucket(browser, put, leak):
    """Even a script that got into it could tell nobody anything: the browser stops it."""
    browser.open(put(), (360, 740))
    stopped = "document.addEventListener('securitypolicyviolation',each=>done(each.blockedURI.slice(0,19)))"
    assert "https://example.org" == browser.of(f"new Promise(done=>{{{stopped};{leak}}})")
