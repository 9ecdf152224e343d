"""What guests take home, as the settings want it."""

import pytest
from structlog.testing import capture_logs

from booth.outbox.entry import Entry, Product
from booth.outbox.keys import SAMPLE
from booth.ports import Size
from booth.settings.loading import load
from booth.sharing import links_of

USUAL = Size(800, 480)
KEY = f"party/2026-11-22/{SAMPLE}.gif"
GIF = Product("animation.gif", "image/gif", KEY, 3, "0" * 32, nameless=True)
VISIT = Entry(SAMPLE, {"event": "party", "session": SAMPLE}, (GIF,))


class Bucket:
    """A bucket that signs whatever it is asked to, at some length."""

    def __init__(self, length=300):
        self.length = length
        self.signed = []

    def link(self, key, lasting):
        self.signed.append((key, lasting))
        return f"https://s3.example.com/{key}?".ljust(self.length, "x")


@pytest.fixture
def links(tmp_path):
    """Return what makes the links with these settings."""

    def make(size=USUAL, **share):
        overrides = {key.replace("__", "."): value for key, value in share.items()}
        return links_of(load(config=None, environ={}, overrides=overrides, default=tmp_path / "none").settings, size)

    return make


def test_nothing_is_shared_unless_it_is_wanted(links):
    """As the booth comes, guests are given no links."""
    assert links() is None


def test_a_page_is_filled_in_for_each_visit(links):
    """The bucket is not asked; what the settings say about event and booth is in the link."""
    make = links(
        share__url_template="https://photos.example.com/{event}/{booth}/{session}?k={key}",
        event__name="Caf\u00e9 Bar",
        booth__name="left",
    )
    assert make(None, VISIT) == f"https://photos.example.com/Caf%C3%A9%20Bar/left/{SAMPLE}?k={KEY}"


def test_a_signed_link_lasts_as_many_days_as_are_set(links):
    """The bucket signs it, for the visit's own key."""
    bucket = Bucket()
    make = links(share__presigned_days="2")
    assert make(bucket, VISIT).startswith(f"https://s3.example.com/{KEY}?")
    assert [(KEY, 172_800.0)] == bucket.signed


@pytest.mark.parametrize(
    "share",
    [
        {"share__url_template": "https://photos.example.com/" + "x" * 430 + "/{event}/{key}", "event__name": "e" * 100},
        {"share__presigned_days": "7", "zenko__endpoint_url": "https://" + "a." * 100 + "example.com",
         "zenko__key_template": "x" * 120 + "/{event}/{session}.gif", "event__name": "e" * 60},
    ],
)  # fmt: skip
def test_a_link_too_long_to_scan_is_left_out_and_the_log_says_so_at_the_start(links, share):
    """Nobody is promised a code that no phone could read."""
    with capture_logs() as logs:
        assert links(**share) is None
    (told,) = logs
    assert ("share.too_long", "warning", 644) == (told["event"], told["log_level"], told["at_most"])
    assert told["characters"] > 644


def test_the_usual_links_are_short_enough_for_every_screen(links):
    """A signed link to an ordinary server fits the smallest screen."""
    with capture_logs() as logs:
        for size in (USUAL, Size(480, 800), Size(1024, 600), Size(1280, 800)):
            assert links(size, share__presigned_days="7", zenko__endpoint_url="https://zenko.example.com")
            assert links(
                size, share__presigned_days="7", page__enabled="true", zenko__endpoint_url="https://zenko.example.com"
            )
            assert links(size, share__url_template="https://photos.example.com/{session}")
    assert logs == []


def test_a_link_that_turns_out_too_long_is_left_out(links):
    """A key that comes with a session token signs links that no code holds: the log tells their length, no more."""
    make = links(share__presigned_days="1")
    with capture_logs() as logs:
        assert make(Bucket(length=900), VISIT) is None
    (told,) = logs
    assert ("share.too_long", 900) == (told["event"], told["characters"])
    assert "s3.example.com" not in repr(logs)


def test_what_a_link_will_be_is_foretold_in_the_style_of_the_settings(links):
    """A long name of a bucket counts once, wherever it stands; the simulator's own server has a number and no name."""
    zenko = {"share__presigned_days": "7", "zenko__bucket": "b" * 63, "zenko__addressing": "virtual"}
    with capture_logs() as logs:
        assert links(**zenko, zenko__endpoint_url="https://zenko.example.com")
        assert links(**zenko)
    assert logs == []
