"""Making a guest's page: last, by whoever delivered; and what the guest gets where it cannot be made."""

from datetime import UTC, datetime

import pytest

from booth.core.visit import SessionId
from booth.drivers.expiring import expiry
from booth.errors import BucketError, Remedy
from booth.outbox.courier import Put
from booth.outbox.entry import Entry, Product
from booth.ports import Parcel, Size
from booth.settings.loading import load
from booth.sharing import links_of, pages_of
from booth.ui.languages import LANGUAGES
from tests.page.test_html import Read

SESSION = "20261122-170512-k3v9q2m7xw"
KEY = f"party/2026-11-22/{SESSION}"
NOON = 1_795_348_800.0
"""2026-11-22 12:00:00 UTC."""
PERSONAL = {"name": "Zoë Example", "email": "zoe@example.org"}
PICTURE = {"event": "party", "booth": "left", "session": SESSION, "taken": "2026-11-22T16:05:12Z", "consent": "yes"}


def product(file, media_type, ending, *, nameless=True):
    """Return a product of the visit."""
    return Product(file, media_type, KEY + ending, 3, "0" * 32, nameless)


ENTRY = Entry(
    SESSION,
    PICTURE | PERSONAL,
    (
        product("animation.gif", "image/gif", ".gif"),
        product("clip.mp4", "video/mp4", ".mp4"),
        product("details.json", "application/json", ".json", nameless=False),
    ),
    f"{KEY}.html",
)


class Bucket:
    """A bucket that signs, keeps what it is given, and says when each object goes; `trouble` is raised instead."""

    def __init__(self, expiries=(), trouble=None):
        self.did, self.put_last = [], None
        self._expiries, self._trouble = dict(expiries), trouble

    def link(self, key, lasting):
        self.did.append(("link", key, lasting))
        return f"https://s3.example.com/booth/{key}?signed"

    def put(self, parcel):
        self.did.append(("put", parcel.key))
        if self._trouble is not None and parcel.media_type != "image/gif":
            raise self._trouble
        self.put_last = parcel
        return parcel.md5

    def expiry(self, key):
        return self._expiries.get(key)


@pytest.fixture
def unpaged():
    """Return why there was no page, each time that there was none."""
    return []


@pytest.fixture
def linked(tmp_path, unpaged):
    """Have the animation of an entry put, with these settings; return the link that its guest is shown."""

    def made(bucket, entry=ENTRY, **settings):
        overrides = {"page.enabled": "true", "share.presigned_days": "2"}
        overrides |= {key.replace("__", "."): value for key, value in settings.items()}
        loaded = load(config=None, environ={}, overrides=overrides, default=tmp_path / "none").settings
        links, pages = links_of(loaded, Size(800, 480)), pages_of(loaded, Size(800, 480), lambda: NOON)
        gif = Parcel(f"{KEY}.gif", "image/gif", b"GIF", "0" * 32, PICTURE)
        put = Put(SessionId(SESSION), gif, links, pages, tells=True, last=False, linked=entry, since=0.0, until=9.0)
        put.carry_out(bucket)
        assert ("put", gif.key) == bucket.did.pop(0)
        if put.receipt.unpaged:
            unpaged.append(put.receipt.unpaged)
        return put.receipt.link

    return made


def test_the_page_is_put_and_its_own_link_is_signed_first(linked):
    """So it ends before what it leads to; the guest is shown it when the page is there. No details are linked."""
    bucket = Bucket()
    assert f"https://s3.example.com/booth/{KEY}.html?signed" == linked(bucket)
    days = 2 * 86_400.0
    assert [
        ("link", f"{KEY}.gif", days),
        ("link", f"{KEY}.html", days), ("link", f"{KEY}.gif", days), ("link", f"{KEY}.mp4", days),
        ("put", f"{KEY}.html"),
    ] == bucket.did  # fmt: skip


def test_the_page_tells_nobody_who_the_guest_is(linked):
    """Neither in its metadata nor in what is read."""
    bucket = Bucket()
    linked(bucket)
    assert ("text/html; charset=utf-8", PICTURE) == (bucket.put_last.media_type, bucket.put_last.metadata)
    content = bucket.put_last.content.decode().lower()
    assert [] == [word for word in ("zoë", "zoe", "example.org") if word in content]


def test_all_that_was_made_is_saved_by_event_and_time(linked):
    """Two files of a visit have two names."""
    bucket = Bucket()
    linked(bucket)
    saves = [(found["href"], found["download"]) for found in Read(bucket.put_last.content).of("a")]
    at = "https://s3.example.com/booth"
    assert [
        (f"{at}/{KEY}.gif?signed", "party-20261122-170512.gif"),
        (f"{at}/{KEY}.mp4?signed", "party-20261122-170512-clip.mp4"),
    ] == saves


@pytest.mark.parametrize(
    ("expiries", "promised", "days"),
    [
        ({".gif": datetime(2026, 12, 23, tzinfo=UTC)}, "7", ["2026-12-23", "2026-11-24"]),
        (
            {".gif": datetime(2026, 12, 23, tzinfo=UTC), ".mp4": datetime(2026, 12, 20, tzinfo=UTC)},
            "0",
            ["2026-12-20", "2026-11-24"],
        ),
        ({".gif": datetime(2026, 11, 23, tzinfo=UTC)}, "0", ["2026-11-23"]),
        ({}, "7", ["2026-11-29", "2026-11-24"]),
        ({}, "0", ["2026-11-24"]),
    ],
    ids=["the bucket's word", "the first of two", "sooner than the link ends", "the owner's promise", "nobody's"],
)
def test_the_day_is_the_buckets_word_or_the_owners_promise(linked, expiries, promised, days):
    """The day of the first to go, then the day on which the link ends; what nobody has said is not said."""
    bucket = Bucket({KEY + ending: when for ending, when in expiries.items()})
    linked(bucket, page__deleted_days=promised)
    assert days == [*dict.fromkeys(found["datetime"] for found in Read(bucket.put_last.content).of("time"))]


@pytest.mark.parametrize(("noted", "spoken"), [("fr", ["fr"]), ("", sorted(LANGUAGES)), ("xx", sorted(LANGUAGES))])
def test_it_speaks_as_the_screen_did_to_its_guest(linked, noted, spoken):
    """Where somebody noted that, and such a language is offered; else it has all of them for the phone to choose."""
    bucket = Bucket()
    metadata = ENTRY.metadata | ({"language": noted} if noted else {})
    linked(bucket, Entry(SESSION, metadata, ENTRY.products, ENTRY.page), screen__language="de")
    read = Read(bucket.put_last.content)
    assert spoken == sorted({found["lang"] for tag, found in read.elements if tag == "span"})
    assert ("fr" if noted == "fr" else "de") == read.of("html")[0]["lang"]


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (BucketError("the bucket is away", Remedy.WAIT), "the bucket is away"),
        (RuntimeError("https://a-secret-link"), "it failed in an unexpected way (RuntimeError)"),
    ],
)
def test_without_a_page_the_code_leads_to_the_gif(linked, unpaged, trouble, why):
    """It has arrived; why there is no page is told, and no link is in that."""
    assert f"https://s3.example.com/booth/{KEY}.gif?signed" == linked(Bucket(trouble=trouble))
    assert [why] == unpaged


def test_of_a_visit_that_was_to_have_none_no_page_is_made(linked):
    """It was committed when the owner wanted none: nobody would know what to delete."""
    bucket = Bucket()
    entry = Entry(SESSION, ENTRY.metadata, ENTRY.products)
    assert f"https://s3.example.com/booth/{KEY}.gif?signed" == linked(bucket, entry)
    assert [("link", f"{KEY}.gif", 2 * 86_400.0)] == bucket.did


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ('expiry-date="Wed, 23 Dec 2026 00:00:00 GMT", rule-id="forget"', datetime(2026, 12, 23, tzinfo=UTC)),
        ('rule-id="a", expiry-date="Wed, 23 Dec 2026 00:00:00 GMT"', datetime(2026, 12, 23, tzinfo=UTC)),
        ('expiry-date="soon", rule-id="forget"', None),
        ('rule-id="forget"', None),
        ("", None),
    ],
)
def test_what_a_server_says_of_an_objects_end_is_read(said, when):
    """S3's header; what is no date says nothing."""
    assert when == expiry({"x-amz-expiration": said} if said else {})
