"""A party whose clouds come and go: what guests see of their copies, held against the ledger of who makes them."""

import pytest

from booth.core.events import Notice, SendChosen
from booth.core.scene import AttractScene, FarewellScene
from booth.core.states import Attract, Farewell, FillingIn, Outcome
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import ZenkoBucket
from booth.ports import Picture, Playback, Size
from booth.sim.bucket import EmbeddedS3
from booth.units import Seconds
from lab.clock import HandClock
from lab.zenko.replicating import COMPLETED, Replicating
from lab.zenko.rules import Rule, Rules
from lab.zenko.server import ZenkoDouble
from tests.flows.party import NOON, Party, QuickRoomyDisk

SITES = {"aws": "AWS", "gcp": "Google", "azure": "Azure"}
GUESTS = 20


@pytest.fixture(scope="module")
def embedded():
    """Start the embedded S3 server, once for all tests."""
    with EmbeddedS3("copies") as server:
        yield server


class Instantly:
    """Makes an animation of nothing, at once: what is in it is not the question here."""

    def check(self):
        pass

    def prepare(self, frame, first):
        pass

    def join(self, frames, into):
        into.write_bytes(b"GIF89a" + into.parent.name.encode())
        return Playback((Picture(Size(1, 1), bytes(3)),), (Seconds(0.5),), 0)

    def forget(self, frames):
        pass

    def close(self):
        pass


class Noted:
    """The booth's own bucket; whoever waits for it is told when it was asked."""

    def __init__(self, bucket, asked):
        self._bucket = bucket
        self._asked = asked

    def put(self, parcel):
        try:
            return self._bucket.put(parcel)
        finally:
            self._asked.release()

    def replication(self, key):
        try:
            return self._bucket.replication(key)
        finally:
            self._asked.release()

    def close(self):
        self._bucket.close()


class CloudParty(Party):
    """A party whose bucket is copied to three clouds; each farewell that is painted is held against the ledger."""

    def __init__(self, folder, server):
        clock = HandClock(wall=NOON)
        rules = Rules()
        rules.rules[server.bucket] = Rule(tuple(SITES), "azure", "")
        self.copies = Replicating(rules, clock.now)
        self.double = ZenkoDouble(server.endpoint_url, [self.copies, rules])
        self.double.__enter__()
        self.lies = []
        self.most = {}
        """By session: how many lamps burnt when its guest left."""
        super().__init__(
            folder,
            clock=clock,
            settings={"zenko.sites": SITES, "zenko.bucket": server.bucket, "countdown.shots": 1},
            rules={"farewell": Seconds(30.0), "countdown": Seconds(0.1), "get_ready": Seconds(0.1)},
            compositor=Instantly(),
            disk=QuickRoomyDisk(),
            world={"open_bucket": lambda _: Noted(self._open(server), self.bucket.asked)},
        )

    def _open(self, server):
        keys = (server.access_key_id, server.secret_access_key)
        return ZenkoBucket(BucketOptions(self.double.url, server.bucket, server.region, *keys))

    def close(self):
        super().close()
        self.double.__exit__()

    def there(self, session):
        """Return the sites that have a visit's animation, by the ledger."""
        return {fact.site for fact in self.copies.ledger if session in fact.key and fact.status == COMPLETED}

    def painted(self, shown, began, ended, *, changed):
        if isinstance(shown, FarewellScene):
            lit = {lamp.site for lamp in shown.lamps if lamp.lit}
            self.most[shown.session] = len(lit)
            if not lit <= self.there(shown.session):
                self.lies.append((shown, self.there(shown.session)))

    def lit(self):
        return self.screen.shown[-1].lamps and {lamp.site for lamp in self.screen.shown[-1].lamps if lamp.lit}

    def meanwhile(self, met, seconds=0.0):
        """Let the uploader's threads work until it is so, with *seconds* on the clock in between."""

        def looked():
            self.turn(seconds)
            self.uploader.wake()
            return met()

        self.in_real_time(looked)

    def guest(self, number):
        """Have a guest pose, send, watch until all lamps burn that can, and go."""
        self.until(Attract)
        self.press()
        self.until(FillingIn)
        self.fill_in(f"Guest {number}", f"guest{number}@example.org")
        self.do(SendChosen)
        self.until(Farewell)
        session = self.state.session
        self.meanwhile(lambda: self.state.outcome is Outcome.SENT)
        self.turn(6.0)
        up = SITES.keys() - self.copies.away - self.copies.refusing
        self.meanwhile(lambda: self.lit() == up)
        self.turn(self.rules.farewell)
        return session


@pytest.fixture
def party(tmp_path, embedded):
    party = CloudParty(tmp_path, embedded)
    yield party
    party.close()


def test_copies_that_fail_or_are_late_are_told_the_operator_and_to_no_guest(party):
    """On the small line of the invitation, until they are there; a guest's own lamp stays dark, and that is all."""
    party.copies.refusing.add("gcp")
    party.copies.away.add("azure")
    session = party.guest(0)
    farewell = next(shown for shown in reversed(party.screen.shown) if isinstance(shown, FarewellScene))
    told = (Notice.COPIES_FAILED, Notice.COPIES_LATE)
    party.meanwhile(lambda: party.screen.shown[-1] == AttractScene(1, told, 0, 3), seconds=30.0)
    assert Outcome.SENT is farewell.outcome
    assert {session: 1} == party.most

    party.copies.refusing.clear()
    party.copies.away.clear()
    party.copies.retry("gcp")
    party.meanwhile(lambda: party.screen.shown[-1] == AttractScene(1, (), 1, 3), seconds=30.0)
    assert [] == party.lies


def test_a_cloud_that_fails_for_a_while_has_everything_in_the_end_and_no_lamp_lied(party):
    """Twenty guests: five while all is well, five while one cloud refuses, five while it is away, five after it."""
    for number in range(GUESTS):
        match number:
            case 5:
                party.copies.refusing.add("gcp")
            case 10:
                party.copies.refusing.clear()
                party.copies.away.add("gcp")
            case 15:
                party.copies.away.clear()
                party.copies.retry("gcp")
        party.guest(number)
    party.meanwhile(lambda: party.screen.shown[-1] == AttractScene(1, (), GUESTS, 3), seconds=30.0)

    sessions = list(party.most)
    assert GUESTS == len(sessions)
    assert [set(SITES)] * GUESTS == [party.there(session) for session in sessions]
    assert [3] * 5 + [2] * 10 + [3] * 5 == list(party.most.values())
    assert [] == party.lies
    assert {"open": 0, "pending": 0, "sent": GUESTS, "failed": 0} == party.spool.counts()
