"""What costs something to look at, and what speaks against it."""

import pytest

from booth.core.events import (
    AnimationFailed,
    AnimationReady,
    CommitFailed,
    Deferred,
    FrameTaken,
    Part,
    ShutterFailed,
    VisitRefused,
)
from booth.core.visit import SessionId
from booth.errors import OutboxError
from booth.units import Instant, Seconds
from booth.workers import Lookout, Seldom
from booth.workers.lookout import listening, suspect
from lab.clock import HandClock

NOW, SESSION = Instant(1.0), SessionId("20261122-170512-k3v9q2m7xw")


class TestChecks:
    def test_what_went_well_is_not_asked_again_for_a_while(self):
        """To ask gm takes a process; it need not be started every five seconds."""
        clock, asked = HandClock(), []
        check = Lookout([lambda: asked.append(clock.now())], clock, Seconds(60.0)).check
        for _ in range(26):
            check()
            clock.advance(5.0)
        assert [0.0, 60.0, 120.0] == asked

    def test_what_nobody_has_to_wait_for_comes_afterwards(self):
        """The booth is ready when its parts are; what the first guest will need is fetched then."""
        clock, done = HandClock(), []
        lookout = Lookout([lambda: done.append("gm")], clock, Seconds(60.0), afterwards=lambda: done.append("judge"))
        lookout.check()
        assert ["gm"] == done
        clock.advance(5.0)
        lookout.check()
        assert ["gm", "judge"] == done
        clock.advance(5.0)
        lookout.check()
        assert ["gm", "judge"] == done, "and only once"

    def test_what_failed_is_asked_again_at_once(self):
        """The booth is ready as soon as the part is back; and all checks are asked again then."""
        clock, asked = HandClock(), []

        def failing():
            asked.append("failing")
            if asked.count("failing") < 3:
                raise OutboxError("not yet")

        check = Lookout([lambda: asked.append("fine"), failing], clock, Seconds(60.0)).check
        for _ in range(2):
            with pytest.raises(OutboxError):
                check()
        check()
        check()
        assert 3 * ["fine", "failing"] == asked

    def test_a_costly_question_is_answered_as_before_for_a_while(self):
        """How much of a full disk may be deleted is counted once a minute."""
        clock, answers = HandClock(), [True, False]
        ask = Seldom(lambda: answers.pop(0), clock, Seconds(60.0)).ask
        heard = []
        for _ in range(3):
            heard.append(ask())
            clock.advance(30.0)
        assert [True, True, False] == heard

    def test_what_is_in_doubt_is_asked_again_at_once(self):
        """A visit that the disk refused says more than a check that went well a minute ago."""
        clock, asked = HandClock(), []
        lookout = Lookout([lambda: asked.append("disk")], clock, Seconds(60.0))
        lookout.check()
        lookout.check()
        lookout.doubt()
        lookout.check()
        assert ["disk", "disk"] == asked


class TestSuspicion:
    @pytest.mark.parametrize(
        ("event", "part"),
        [
            (VisitRefused(NOW, SESSION), Part.DISK),
            (CommitFailed(NOW, SESSION), Part.DISK),
            (ShutterFailed(NOW, SESSION, 3, Part.DISK), Part.DISK),
            (ShutterFailed(NOW, SESSION, 3, Part.CAMERA), None),
            (AnimationFailed(NOW, SESSION), Part.GM),
            (Deferred(NOW, SESSION), Part.GM),
            (AnimationReady(NOW, SESSION), None),
            (FrameTaken(NOW, SESSION, 3), None),
        ],
    )
    def test_what_a_worker_meets_speaks_against_a_part(self, event, part):
        """A disk that has refused may be full since it was looked at, and gm be gone; a camera tells by itself."""
        assert part is suspect(event)

    def test_a_part_is_in_doubt_before_anybody_hears_why(self):
        """Whoever asks because of the event is not told that all is well as of a minute ago."""
        clock, done = HandClock(), []
        lookout = Lookout([lambda: done.append("looked")], clock, Seconds(60.0))
        lookout.check()

        def post(event):
            done.append(event)
            lookout.check()

        hear = listening(post, {Part.DISK: lookout})
        refused, taken = VisitRefused(NOW, SESSION), FrameTaken(NOW, SESSION, 1)
        hear(taken)
        hear(refused)
        assert ["looked", taken, refused, "looked"] == done
