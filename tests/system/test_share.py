"""Taking the picture home: a guest's phone before the screen of a whole booth."""

import contextlib
import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

import pygame
import pytest
import zxingcpp

OF_THE_PICTURE = {f"x-amz-meta-{name}" for name in ("event", "booth", "session", "taken", "consent")}
"""What anybody may know who has the link: nothing of who the guest is."""
PHOTOGRAPHS = Path(__file__).parents[1] / "photos" / "astronaut"


@pytest.fixture
def visit(booth, tmp_path):
    """Have one guest play, to the end of a farewell; return the booth, its session, and the folder of screenshots."""

    def play(*settings, screen="800x480"):
        screens = tmp_path / "screens"
        child = booth(
            "--simulate", "--guests", "1", "--fast", "--frames", str(PHOTOGRAPHS), "--screen", screen,
            "--screenshots", str(screens), *(part for setting in settings for part in ("--set", setting)),
            BOOTH_LOG__LEVEL="debug",
        )  # fmt: skip
        status, out = child.whole()
        guest = json.loads(out.splitlines()[0])
        assert (0, True) == (status, guest["stored"])
        return child, guest, screens

    return play


def scanned(screens):
    """Return what a phone reads off the farewell."""
    (path,) = screens.glob("*-farewell-code.png")
    picture = pygame.image.load(path)
    width, height = picture.get_size()
    pixels = memoryview(pygame.image.tobytes(picture, "RGB")).cast("B", (height, width, 3))
    return zxingcpp.read_barcode(pixels).text


def fetched(link):
    """Return what a phone gets that follows *link*: the status, the headers, and the content."""
    address = urlsplit(link)
    with contextlib.closing(http.client.HTTPConnection(address.hostname, address.port, timeout=20)) as connection:
        connection.request("GET", f"{address.path}?{address.query}")
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


@pytest.mark.parametrize("screen", ["800x480", "480x800"])
def test_a_guest_scans_the_code_and_has_the_animation(visit, tmp_path, screen):
    """The signed link on the screen leads, over HTTP, to the very bytes that the booth has made; no log has it."""
    child, guest, screens = visit("share.presigned_days=1", screen=screen)
    link = scanned(screens)
    made = (tmp_path / "outbox" / "sent" / guest["session"] / "animation.gif").read_bytes()
    status, headers, content = fetched(link)
    assert (200, "image/gif", made) == (status, headers.get_content_type(), content)
    assert OF_THE_PICTURE == {name.lower() for name in headers if name.lower().startswith("x-amz-meta-")}
    signature = link.rpartition("X-Amz-Signature=")[2]
    assert len(signature) == 64
    assert [] == [line for line in child.lines if signature in line]


def test_the_code_leads_to_the_operators_page(visit):
    """What the template says, with this visit's session and key in it."""
    _, guest, screens = visit("share.url_template=https://photos.example.com/{event}/{session}?k={key}")
    assert scanned(screens) == f"https://photos.example.com/party/{guest['session']}?k={guest['key']}"


def test_a_link_too_long_to_scan_is_left_out(visit):
    """The log says so once, at the start; the farewell is what it is without a code."""
    page = "https://photos.example.com/{key}/{key}/{key}/{key}"
    child, _, screens = visit(f"share.url_template={page}", "zenko.key_template=" + "k" * 150 + "/{session}.gif")
    assert ["share.too_long"] == [line["event"] for line in child.log if line["event"].startswith("share.")]
    assert [] == [*screens.glob("*-farewell-code.png")]
    assert [*screens.glob("*-farewell-*.png")]
