"""A camera that raises, hangs for ever, lies or disappears, in whole visits; and a lamp that never invites in vain."""

import errno

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from booth.core.events import FrameTaken, Part, SkipChosen
from booth.core.scene import Glow, OutOfOrderScene, glow, lit
from booth.core.states import (
    Apology,
    Attract,
    Countdown,
    Exposing,
    Farewell,
    FillingIn,
    Outcome,
    OutOfOrder,
    Reason,
)
from booth.errors import CameraError, CompositorError
from booth.imaging import playback
from booth.sim.camera import Fault
from booth.units import Seconds
from booth.workers.studio import LOST_AFTER
from booth.workers.worker import Worker
from tests.parts.breaking import QUICK, Latch, PlainCamera, PlainCompositor, RefusingDisk, parties
from tests.waiting import PATIENCE, until


def third_countdown(party):
    """Have a guest pose until the third countdown; return the visit's id."""
    party.until(Attract)
    party.press()
    party.until(lambda: isinstance(party.state, Countdown) and party.state.shot == 3)
    return party.state.session


def skip(party):
    """Let the next guest play a visit to its end; return its id."""
    party.to_form()
    session = party.state.session
    party.do(SkipChosen)
    party.until(Farewell)
    return session


def blinks(party, pattern):
    """Let four seconds pass; return whether the lamp went by *pattern* all the time."""
    for _ in range(120):
        party.turn()
        if party.panel.history[-1] is not lit(pattern, party.clock.now()):
            return False
    return True


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.EMPTY, Fault.TORN])
def test_a_frame_that_is_none_ends_in_an_apology_and_costs_only_itself(a_party, outbox, fault):
    """Raised, short or torn: the two frames before are kept and sent; after the apology the next guest is welcome."""
    party = a_party()
    session = third_countdown(party)
    party.faults.fail(fault)
    party.until(Apology)
    assert (Reason.CAMERA, True) == (party.state.reason, party.state.kept)
    sorry = party.clock.now()
    party.until(Attract)
    assert party.clock.now() - sorry < party.rules.apology + 1.0
    skip(party)
    party.delivered(2)
    assert 2 == len(playback.read(outbox / "sent" / session / "animation.gif").pictures)


def test_a_black_frame_is_kept(a_party):
    """A guest may cover the lens: it is a picture of darkness, and the visit goes on."""
    party = a_party(rules=QUICK)
    party.faults.fail(Fault.BLACK)
    skip(party)
    party.delivered(1)


def test_one_that_disappears_between_shots_is_missed_at_the_next_and_named_until_it_is_back(a_party):
    """Apology, then out of order with the camera's name and the double blink; READY by itself when it is plugged in."""
    party = a_party()
    third_countdown(party)
    party.faults.unplug()
    party.until(Apology)
    assert (Reason.CAMERA, True) == (party.state.reason, party.state.kept)
    party.until(OutOfOrder)
    assert Glow.DOUBLE_BLINK is glow(party.state)
    assert blinks(party, Glow.DOUBLE_BLINK)
    assert OutOfOrderScene((Part.CAMERA,)) == party.screen.shown[-1]
    party.turn(3600.0)
    party.press()
    assert isinstance(party.state, OutOfOrder), "nobody can begin a visit without a camera"
    party.faults.plug_in()
    party.until(Attract, limit=30.0)
    assert blinks(party, Glow.STEADY)
    skip(party)
    party.delivered(2)


# ---- hanging for ever: real threads


class Threads:
    """A party whose workers have threads; the clock waits for them, but for one that hangs."""

    def __init__(self, make, latch, cameras):
        self.hired = []
        self.latch = latch
        self.party = make(rules=QUICK, camera=lambda: next(cameras), compositor=PlainCompositor(), hire=self._hire)

    def _hire(self, name, now):
        self.hired.append(Worker(name, now))
        return self.hired[-1]

    def until(self, reached, limit=200.0):
        """Let time pass, and the threads do what they are given, until *reached*."""
        end = self.party.clock.now() + limit
        while not isinstance(self.party.state, reached):
            assert self.party.clock.now() < end, f"still in {self.party.state}"
            self.party.turn(0.1)
            self._settle()

    def _settle(self):
        """Wait until all have done what they were given; the first studio's thread only until it hangs."""
        first = next(worker for worker in self.hired if worker.name == "studio")
        for worker in self.hired:
            done = Latch()
            done.go.set()
            worker.do(done)
            until(
                lambda worker=worker, done=done: (
                    done.began.is_set() or not worker.alive or (worker is first and self.latch.began.is_set())
                )
            )


@pytest.mark.parametrize("where", ["capture", "check", "watch"])
def test_one_that_hangs_for_ever_is_replaced_and_the_booth_is_ready_by_itself(a_party, where):
    """At the deadline the guest gets an apology; the thread is given up, another opens the camera; nobody is needed."""
    latch = Latch()

    def hangs(what):
        if what == where:
            latch()

    cameras = iter([PlainCamera(does=hangs), *[PlainCamera() for _ in range(9)]])
    booth = Threads(a_party, latch, cameras)
    party = booth.party
    booth.until(Attract)
    if where == "check":
        for _ in range(60):
            if latch.began.is_set():
                break
            party.turn(1.0)
            latch.began.wait(0.05)
    else:
        party.press()
        booth.until(Apology)
        assert Reason.CAMERA is party.state.reason
    assert latch.began.wait(PATIENCE)
    began = party.clock.now()
    booth.until(OutOfOrder)
    assert {Part.CAMERA} == party.daemon.booth.missing
    booth.until(Attract)
    assert party.clock.now() - began < LOST_AFTER + 20.0
    assert party.crew.stuck(party.clock.now(), Seconds(45.0), Seconds(45.0)) is None

    party.press()
    session = party.state.session
    booth.until(FillingIn)
    latch.go.set()
    party.do(SkipChosen)
    booth.until(Farewell)
    booth.until(Attract)
    party.in_real_time(lambda: len(party.bucket.objects) == 1)
    assert session in next(iter(party.bucket.objects))
    assert [1, 2, 3, 4] == [event.shot for _, event, _ in party.seen if isinstance(event, FrameTaken)]


# ---- a storm


class Weather:
    """What is broken at the moment."""

    def __init__(self):
        self.camera = self.frames = self.gm = False
        self.disk = RefusingDisk(lambda kind: self.full, errno.ENOSPC)
        self.full = False

    def camera_does(self, what):
        if self.camera or (self.frames and what == "capture"):
            raise CameraError("no; look at its cable")

    def gm_does(self, what):
        if self.gm:
            raise CompositorError("no; install it")


STORM = st.lists(
    st.tuples(
        st.sampled_from(
            ["camera", "frames", "gm", "full", "button", "press", "press", "press", "send", "skip", "wait", "wait"]
        ),
        st.floats(0.01, 8.0),
    ),
    max_size=40,
)


@given(STORM)
@settings(max_examples=60, deadline=None, phases=set(Phase) - {Phase.shrink})
def test_in_no_storm_is_the_lamp_steady_while_anything_is_missing(tmp_path_factory, storm):
    """Parts fail and come back as they like, in the middle of visits: the booth invites only with all of them there.

    When they are all back it is READY by itself; whoever was told that it is kept, has it kept.
    """
    weather = Weather()
    with parties(tmp_path_factory.mktemp("storm")) as make:
        party = make(
            rules=QUICK, uploads=False, disk=weather.disk,
            camera=lambda: PlainCamera(weather.disk, weather.camera_does),
            compositor=PlainCompositor(weather.disk, weather.gm_does),
        )  # fmt: skip
        promised = set()

        def look():
            booth, now = party.daemon.booth, party.clock.now()
            # A lamp that does not answer is dark until somebody has found it again.
            assert party.panel.history[-1] is (party.panel.lamp and lit(glow(booth.state), now))
            if glow(booth.state) is Glow.STEADY and not isinstance(booth.state, Exposing):
                assert not booth.missing
            if isinstance(booth.state, OutOfOrder):
                assert booth.missing
                assert Glow.DOUBLE_BLINK is glow(booth.state)
            if isinstance(booth.state, Farewell) and booth.state.outcome is not Outcome.DELETED:
                promised.add(booth.state.session)

        def pass_time(seconds):
            for _ in range(int(seconds / 0.1) + 1):
                party.turn(0.1)
                look()

        party.until(Attract)
        for action, seconds in storm:
            match action:
                case "press":
                    party.press()
                case "send" if isinstance(party.state, FillingIn):
                    party.send("Zoe", "zoe@example.org")
                case "skip" if isinstance(party.state, FillingIn):
                    party.do(SkipChosen)
                case "button":
                    party.panel.gone = not party.panel.gone
                case "camera" | "frames" | "gm" | "full":
                    setattr(weather, action, not getattr(weather, action))
            look()
            pass_time(seconds)

        weather.camera = weather.frames = weather.gm = weather.full = False
        party.panel.gone = False
        pass_time(200.0)
        party.until(Attract, limit=60.0)
        for _ in range(6):
            party.turn(4000.0)
            party.turn(6.0)
        party.until(Attract, limit=60.0)
        assert () == party.spool.unfinished()
        assert promised <= set(party.spool.queue().pending())
        skip(party)
