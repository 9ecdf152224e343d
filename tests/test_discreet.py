"""Guests' details before the bucket: hidden before anything can quote them, and no longer than that."""

import contextlib

import pytest

from booth import logs
from booth.discreet import DiscreetBucket
from booth.errors import BucketError, Remedy
from booth.outbox.metadata import encode
from tests.parcels import parcel_of


class Bucket:
    """A bucket that says what the log would make of its words, and fails if told to."""

    def __init__(self, says=(), fails=None):
        self.says = says
        self.fails = fails
        self.shown = []

    def put(self, parcel):
        self.shown += [logs.redact(text) for text in self.says]
        if self.fails is not None:
            raise BucketError("no", self.fails)
        return "etag"


def parcel(session, name, email):
    return parcel_of(f"party/{session}.gif", b"GIF89a", encode({"session": session, "name": name, "email": email}))


@pytest.fixture
def discreet():
    """Make buckets that hide; what they hid is forgotten in the end."""
    logs._hidden.clear()

    def make(bucket, waiting=()):
        return DiscreetBucket(bucket, hide=logs.hide, forget=logs.forget, waiting=lambda: waiting)

    yield make
    logs._hidden.clear()


def test_a_guest_of_an_earlier_run_is_hidden_while_put(discreet):
    """Nobody told the log of this name since the booth was started: it does not get out."""
    bucket = Bucket(["no Zo\xeb Canary", "no ZoëCanary"])
    discreet(bucket).put(parcel("s1", "Zo\xeb Canary", "zoe@canary.example"))
    assert ["no <private>", "no <private>"] == bucket.shown


def test_an_answer_is_hidden_as_the_name_is(discreet):
    """A server may quote whatever it was given."""
    bucket = Bucket(["no aunt Ida"])
    said = encode({"session": "s1", "answerwho": "aunt Ida"})
    discreet(bucket).put(parcel_of("party/s1.gif", b"GIF89a", said))
    assert ["no <private>"] == bucket.shown


def test_all_that_waits_is_hidden_before_the_first_put(discreet):
    """A server that was given one before could quote it in its answer to another."""
    waiting = [(f"s{number}", encode({"name": f"Guest Number {number}"})) for number in range(200)]
    bucket = Bucket(["no Guest Number 0", "no Guest Number 199"])
    discreet(bucket, waiting).put(parcel("t", "Ada", "ada@canary.example"))
    assert ["no <private>", "no <private>"] == bucket.shown


@pytest.mark.parametrize(
    ("fails", "kept"), [(None, 0), (Remedy.NEVER, 0), (Remedy.WAIT, 1), (Remedy.PERSON, 1), (Remedy.CLOCK, 1)]
)
def test_it_is_forgotten_when_the_entry_is_gone(discreet, fails, kept):
    """Delivered or set aside, nothing speaks of it any more; while it waits, something may."""
    bucket = discreet(Bucket(fails=fails))
    with contextlib.suppress(BucketError):
        bucket.put(parcel("s1", "Zelda Canary", "zelda@canary.example"))
    assert ["Zelda Canary", "<private>"][kept] == logs.redact("Zelda Canary")
