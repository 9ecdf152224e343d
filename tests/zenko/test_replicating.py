"""How Zenko copies an object to its sites, as the double does it; and what the booth's own bucket makes of that."""

import json
import urllib.request

import pytest
from botocore.exceptions import ClientError

from booth.errors import BucketError, Remedy
from booth.ports import CopyState
from lab.clock import HandClock
from lab.zenko.replicating import COMPLETED, FAILED, PACE, PENDING, Fact, Replicating
from lab.zenko.rules import Rule, Rules
from tests.parcels import parcel_of

SITES = ("aws-archive", "gcp-web", "azure-dr")
RULE = Rule(SITES, "azure-dr", "")


class Copies:
    """A double that makes copies of what is in one bucket, and the booth's bucket on it."""

    name = "copies"
    """Others list what is in theirs."""

    def __init__(self, double, booths_bucket, client):
        self.clock = HandClock()
        self.rules = Rules()
        self.room = Replicating(self.rules, self.clock.now)
        self.double = double(self.room, self.rules)
        client(self.double.url).create_bucket(Bucket=self.name)  # or it is there, which is all the same here
        self.bucket = booths_bucket(self.double.url, bucket=self.name)

    def rule(self):
        self.rules.rules[self.name] = RULE

    def put(self, key):
        self.bucket.put(parcel_of(key, b"GIF89a" + key.encode(), {"session": "s"}))


@pytest.fixture
def copies(double, booths_bucket, client):
    """Make a double that makes copies, by a clock that is moved by hand."""
    return Copies(double, booths_bucket, client)


def test_a_copy_is_pending_and_then_there(copies):
    """Each site in its own time; the booth's own key sees it."""
    copies.rule()
    copies.room.pace["azure-dr"] = 2 * PACE
    copies.put("a.gif")
    assert dict.fromkeys(SITES, CopyState.PENDING) == copies.bucket.replication("a.gif")
    copies.clock.advance(PACE)
    assert {
        "aws-archive": CopyState.COMPLETED,
        "gcp-web": CopyState.COMPLETED,
        "azure-dr": CopyState.PENDING,
    } == copies.bucket.replication("a.gif")
    copies.clock.advance(PACE)
    assert dict.fromkeys(SITES, CopyState.COMPLETED) == copies.bucket.replication("a.gif")


def test_without_a_rule_there_is_nothing_to_tell(copies):
    """Nothing is added to what the server behind says."""
    copies.put("b.gif")
    assert {} == copies.bucket.replication("b.gif")


def test_a_rule_is_not_for_what_was_there_before(copies):
    """And where a site is read from, an older object cannot be read any more: only HEAD still finds it."""
    copies.put("c.gif")
    copies.rule()
    assert {} == copies.bucket.replication("c.gif")
    with pytest.raises(BucketError, match="InvalidLocationConstraint"):
        copies.bucket.get("c.gif")


def test_a_site_that_is_away_is_pending_for_long(copies):
    """Its copies do not fail: only their age tells."""
    copies.rule()
    copies.room.away.add("gcp-web")
    copies.put("d.gif")
    copies.clock.advance(1000 * PACE)
    assert CopyState.PENDING is copies.bucket.replication("d.gif")["gcp-web"]
    copies.room.away.clear()
    assert CopyState.COMPLETED is copies.bucket.replication("d.gif")["gcp-web"]


def test_what_failed_is_tried_again_when_somebody_asks(copies):
    """Through Backbeat, which lists nothing unless a site is named."""
    copies.rule()
    copies.room.refusing.add("gcp-web")
    copies.put("e.gif")
    copies.clock.advance(PACE)
    assert CopyState.FAILED is copies.bucket.replication("e.gif")["gcp-web"]
    copies.room.refusing.clear()
    api = f"{copies.double.url}/_/backbeat/api/crr/failed"
    with urllib.request.urlopen(api) as answer:  # noqa: S310  our own double
        assert [] == json.load(answer)["Versions"]
    with urllib.request.urlopen(f"{api}?sitename=gcp-web") as answer:  # noqa: S310  the same
        failed = json.load(answer)["Versions"]
    assert ["e.gif"] == [one["Key"] for one in failed]
    again = urllib.request.Request(api, json.dumps(failed).encode(), method="POST")  # noqa: S310  the same
    urllib.request.urlopen(again).close()  # noqa: S310  the same
    copies.clock.advance(PACE)
    assert CopyState.COMPLETED is copies.bucket.replication("e.gif")["gcp-web"]
    assert [PENDING, FAILED, PENDING, COMPLETED] == [
        fact.status for fact in copies.room.ledger if (fact.key, fact.site) == ("e.gif", "gcp-web")
    ]


def test_the_ledger_says_when(copies):
    """By the clock that was given."""
    copies.rule()
    began = copies.clock.now()
    copies.put("f.gif")
    copies.clock.advance(PACE)
    copies.room.catch_up()
    assert [Fact(began, "f.gif", site, PENDING) for site in SITES] == copies.room.ledger[:3]
    assert [Fact(began + PACE, "f.gif", site, COMPLETED) for site in SITES] == copies.room.ledger[3:]


def test_what_is_everywhere_must_not_be_touched(copies, client):
    """The first copy is gone: an object cannot be copied onto itself, and tags begin it all anew."""
    copies.rule()
    copies.put("g.gif")
    copies.clock.advance(PACE)
    s3 = client(copies.double.url)
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        s3.copy_object(Bucket=copies.name, Key="g.gif", CopySource=f"{copies.name}/g.gif", MetadataDirective="REPLACE")
    s3.put_object_tagging(Bucket=copies.name, Key="g.gif", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    assert dict.fromkeys(SITES, PENDING) == {fact.site: fact.status for fact in copies.room.ledger[-3:]}


def test_a_site_that_is_none_cannot_be_read_from(copies, client):
    """One that has the object can, by name."""
    copies.rule()
    copies.put("h.gif")
    s3 = client(copies.double.url)
    for site, status in (("gcp-web", 200), ("tape", 400)):

        def add(params, site=site, **_):
            params["headers"]["x-amz-location-constraint"] = site

        s3.meta.events.register("before-call.s3.GetObject", add)
        try:
            got = s3.get_object(Bucket=copies.name, Key="h.gif")["ResponseMetadata"]["HTTPStatusCode"]
        except ClientError as exc:
            got = exc.response["ResponseMetadata"]["HTTPStatusCode"]
        s3.meta.events.unregister("before-call.s3.GetObject", add)
        assert status == got


# ---- what the booth's bucket makes of answers


def test_an_object_that_is_not_there_is_said_to_be_gone(copies):
    """Trying again does not help it, and says nothing of others."""
    with pytest.raises(BucketError, match="is not there; look who deletes there") as told:
        copies.bucket.replication("gone.gif")
    assert Remedy.NEVER is told.value.remedy


def test_a_put_is_what_it_was(copies):
    """What is added to an answer is none of the visit's metadata."""
    copies.rule()
    copies.put("i.gif")
    content, metadata = copies.bucket.get("i.gif")
    assert (b"GIF89ai.gif", {"session": "s"}) == (content, metadata)
