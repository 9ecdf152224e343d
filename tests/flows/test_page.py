"""A guest's way home: the code off the farewell, the page on a phone, and the files that it saves, on a real server."""

import contextlib
import http.client
from urllib.parse import urlsplit

import pygame
import zxingcpp

from booth.core.scene import FarewellScene, StartingScene
from booth.core.states import Farewell
from booth.outbox.entry import Entry
from booth.ui.drawing.qr import Coder
from booth.ui.screen import PygameScreen
from tests.browser import Browser
from tests.servers import embedded, make_bucket
from tests.waiting import until

__all__ = ["embedded", "make_bucket"]

PHONE = (360, 740)
OF_THE_PICTURE = {f"x-amz-meta-{name}" for name in ("event", "booth", "session", "taken", "consent")}


def photographed(dress, album, scene, path):
    """Photograph a screen that shows *scene*, for five seconds."""
    screen = PygameScreen(
        dress, album=album, preview=lambda: None, fresh=lambda: "", gallery=None, voice=None, speaker=None,
        coder=Coder(dress.size, lambda job: job()),
    )  # fmt: skip
    with contextlib.closing(screen):
        for shown, now in ((StartingScene(), 999.0), (scene, 1000.0), (scene, 1005.0)):
            screen.show(shown, now)
        screen.photograph(path)


def scanned(path):
    """Return what a phone reads off a screenshot."""
    picture = pygame.image.load(path)
    width, height = picture.get_size()
    return zxingcpp.read_barcode(memoryview(pygame.image.tobytes(picture, "RGB")).cast("B", (height, width, 3))).text


def fetched(link):
    """Return the headers of what a phone gets that follows *link*."""
    address = urlsplit(link)
    with contextlib.closing(http.client.HTTPConnection(address.hostname, address.port, timeout=240)) as connection:
        connection.request("GET", f"{address.path}?{address.query}")
        return connection.getresponse().headers


def test_a_guest_scans_the_code_and_saves_gif_and_clip(a_party, make_bucket, tmp_path, monkeypatch):
    """The page is in the bucket when the code is shown; its files are what the booth has made; nobody is named."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    settings = {
        "share.presigned_days": 1,
        "page.enabled": True,
        "page.responsible": "Example Ltd.",
        "clip.enabled": True,
    }
    bucket = make_bucket()
    party = a_party(settings=settings, world={"open_bucket": lambda options: bucket})
    party.to_form()
    party.send("Zoë Example", "zoe@example.org")
    party.until(Farewell)
    assert until(lambda: party.turn(0.0) or party.screen.shown[-1].link)  # the clock stands still
    party.in_real_time(lambda: party.spool.counts()["sent"] == 1)  # the clip follows
    scene = party.screen.shown[-1]
    photographed(party.screen.dress, party.screen.album, scene, tmp_path / "farewell.png")
    link = scanned(tmp_path / "farewell.png")
    (sent,) = (tmp_path / "outbox" / "sent").iterdir()
    entry = Entry.read((sent / "entry.json").read_bytes())
    assert (FarewellScene, link, entry.page) == (type(scene), scene.link, urlsplit(link).path.partition("/party/")[2])
    headers = fetched(link)
    assert "text/html; charset=utf-8" == headers["content-type"]
    assert OF_THE_PICTURE == {name.lower() for name in headers if name.lower().startswith("x-amz-meta-")}
    (tmp_path / "browser").mkdir()
    with contextlib.closing(Browser(tmp_path / "browser")) as phone:
        phone.open(link, PHONE)
        phone.ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path / "phone"))
        assert 160 == phone.of("document.images[0].decode().then(()=>document.images[0].naturalWidth)")
        phone.picture("page-of-a-guest")
        assert "Responsible: Example Ltd." == phone.of("document.body.innerText").splitlines()[-1]
        assert [] == [word for word in ("Zo", "zoe", "example.org") if word in phone.of("document.body.innerHTML")]
        for which, file in enumerate(("animation.gif", "clip.mp4")):
            phone.touch(f"document.querySelectorAll('a')[{which}]")
            made = (sent / file).read_bytes()
            assert until(lambda made=made: made in [file.read_bytes() for file in (tmp_path / "phone").glob("party-*")])
        assert [] == phone.faults()
