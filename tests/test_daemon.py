import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import structlog.testing

from booth.core.effects import FireShutter, OpenVisit
from booth.core.events import (
    FrameTaken,
    Part,
    PartBack,
    PartLost,
    Pressed,
    ShutterFailed,
    SkipChosen,
    Tick,
    Typed,
)
from booth.core.rules import Rules
from booth.core.scene import AttractScene, FlashScene, GetReadyScene, OutOfOrderScene, StartingScene
from booth.core.states import Attract, Countdown, Exposing, FillingIn, Finishing, GetReady, OutOfOrder, Starting
from booth.core.visit import SessionId
from booth.daemon import LOOK_AFTER, STUCK, Daemon, Inbox
from booth.ports import unmeasured
from booth.units import Instant, Seconds
from lab.clock import HandClock
from tests.waiting import PATIENCE

ID = SessionId("20261122-170512-k3v9q2m7xw")
RULES = Rules(shots=1)
ROUND = 1 / 30


class RecordedScreen:
    def __init__(self, order=None):
        self.order = [] if order is None else order
        self.doing = []
        self.shown = []
        self.closed = False
        self.moves_at = None

    def events(self, now):
        done, self.doing = self.doing, []
        return done

    def still(self, now):
        return self.moves_at is not None and now < self.moves_at

    def still_until(self, now):
        return self.moves_at if self.still(now) else now

    def show(self, scene, now):
        self.shown.append(scene)
        self.order.append(type(scene))
        return self.shown[-1:] != self.shown[-2:-1]

    def close(self):
        pass


class RecordedCrew:
    """Does nothing, and remembers what it was asked to do."""

    def __init__(self, order=None):
        self.order = [] if order is None else order
        self.done = []
        self.stuck_worker = None
        self.studio = SimpleNamespace(watch=lambda *, on: self.asked(("watch", on)))

    def asked(self, act):
        self.done.append(act)
        self.order.append(act)

    def look_after(self):
        self.done.append("look after")

    def finish_open_visits(self):
        self.done.append("finish open visits")

    def carry_out(self, effect):
        self.asked(effect)

    def stuck(self, now, limit, darkroom_limit):
        assert limit == STUCK
        return self.stuck_worker


class RecordedNotifier:
    def __init__(self):
        self.said = []

    def ready(self):
        self.said.append("READY")

    def watchdog(self):
        self.said.append("WATCHDOG")

    def status(self, text):
        self.said.append(text)

    def stopping(self):
        self.said.append("STOPPING")


class Onlooker:
    def __init__(self):
        self.steps, self.frames, self.rounds = [], [], []

    def stepped(self, before, event, after):
        self.steps.append(event)

    def painted(self, shown, began, ended, *, changed):
        self.frames.append((type(shown), changed))

    def looped(self, booth, now):
        self.rounds.append((booth, now))


class Bench:
    """A daemon over recorders, whose clock is moved by hand."""

    def __init__(self, *, watchdog=None, inbox=None, probe=unmeasured):
        self.clock = HandClock()
        self.inbox = inbox or Inbox()
        self.order = []
        self.screen = RecordedScreen(self.order)
        self.lamp = []
        self.crew = RecordedCrew(self.order)
        self.notify = RecordedNotifier()
        self.uploader_stuck = False
        self.uploads = ""
        self.daemon = Daemon(
            clock=self.clock, inbox=self.inbox, rules=RULES, screen=self.screen,
            led=SimpleNamespace(set=lambda *, on: self.lamp.append(on)), crew=self.crew,
            uploads=SimpleNamespace(stuck=lambda now: self.uploader_stuck, words=lambda: self.uploads),
            notify=self.notify, watchdog=watchdog, probe=probe,
        )  # fmt: skip

    @property
    def state(self):
        return self.daemon.booth.state

    def turn(self, *events, seconds=ROUND):
        """Go round once, *seconds* later; each event is a class and its values."""
        now = self.clock.advance(seconds)
        self.daemon.turn([kind(now, *values) for kind, *values in events], now)

    def ready(self):
        self.turn(*((PartBack, part) for part in Part))
        assert isinstance(self.state, Attract)

    def form(self):
        self.ready()
        self.turn((Pressed, ID))
        self.turn(seconds=RULES.get_ready)
        self.turn(seconds=RULES.countdown)
        self.turn((FrameTaken, ID, 1))
        assert isinstance(self.state, FillingIn)


@pytest.fixture
def bench():
    return Bench()


class TestProbe:
    def test_the_parts_of_a_round_are_told_as_they_begin_and_end(self):
        """Whoever measures learns where the time goes, and nobody has to patch the loop for it."""
        told = []

        @contextmanager
        def probe(part):
            told.append(f"{part} begins")
            yield
            told.append(f"{part} ends")

        bench = Bench(probe=probe)
        bench.inbox.put(Tick(Instant(0.0)))
        onlooker = Onlooker()
        onlooker.looped = lambda booth, now: bench.daemon.stop()
        bench.daemon.watch(onlooker)
        bench.daemon.run()
        assert [
            "the loop, the machine begins",
            *("events begins", "events ends", "the scene begins", "the scene ends", "painting begins", "painting ends"),
            "the loop, the machine ends",
        ] == told


class TestInbox:
    def test_events_come_out_in_the_order_in_which_they_came(self):
        """All there are, at once."""
        inbox = Inbox()
        events = [Tick(Instant(float(moment))) for moment in range(5)]
        for event in events:
            inbox.put(event)
        assert events == inbox.take(Seconds(0.0))
        assert [] == inbox.take(Seconds(0.0))

    def test_without_an_event_it_waits_no_longer_than_it_should(self):
        """An empty inbox is an empty list."""
        assert [] == Inbox().take(Seconds(0.001))

    def test_an_event_from_another_thread_wakes_it(self):
        """Long before the wait is over."""
        inbox = Inbox()
        event = Tick(Instant(1.0))
        thread = threading.Thread(target=inbox.put, args=(event,))
        thread.start()
        assert [event] == inbox.take(Seconds(PATIENCE))
        thread.join()


class TestPace:
    def test_a_guest_who_types_is_looked_at_often_enough(self, bench):
        """A tap that comes right after a look is seen at the next one; 30 ms leave as much again to paint it."""
        assert ROUND == bench.daemon.pace
        bench.form()
        assert bench.daemon.pace <= 0.030 / 1.75
        bench.turn((SkipChosen,))
        assert ROUND == bench.daemon.pace

    def test_a_booth_that_is_in_a_hurry_stays_so(self):
        """What is faster than a guest's fingers already is not slowed down."""
        bench = Bench()
        bench.daemon._interval = Seconds(1 / 100)
        bench.form()
        assert 1 / 100 == bench.daemon.pace


class TestNextLook:
    """Nobody is there, and nothing moves until the next beat; each round was due at its own time."""

    def after(self, bench, *, late=0.0):
        """Return how long after the round that has just been the next one is due."""
        now = bench.clock.now()
        return bench.daemon.next_look(Instant(now + ROUND - late), now) - now

    def test_nothing_is_looked_at_until_the_next_beat(self, bench):
        """The loop sleeps through the rounds that would have found nothing."""
        bench.ready()
        bench.screen.moves_at = bench.clock.now() + 3 * ROUND
        bench.turn()
        assert pytest.approx(2 * ROUND) == self.after(bench)

    def test_a_beat_that_is_near_is_not_looked_at_before_its_round(self, bench):
        """However near the beats are, the loop is no faster than its pace."""
        bench.ready()
        bench.screen.moves_at = bench.clock.now() + 1.2 * ROUND
        bench.turn()
        assert pytest.approx(ROUND) == self.after(bench)

    def test_what_moves_is_looked_at_at_its_pace(self, bench):
        """A round that was late does not put the next one off."""
        bench.ready()
        bench.turn()
        assert pytest.approx(0.75 * ROUND) == self.after(bench, late=0.25 * ROUND)

    def test_a_press_ends_the_sleep(self, bench):
        """It wakes the loop between two beats, and the screens that follow do not wait for the invitation's."""
        bench.ready()
        bench.screen.moves_at = bench.clock.now() + 9 * ROUND
        bench.turn()
        due = bench.daemon.next_look(bench.clock.now(), bench.clock.now())
        bench.turn((Pressed, ID), seconds=0.1 * ROUND)
        now = bench.clock.now()
        assert pytest.approx(ROUND) == bench.daemon.next_look(due, now) - now

    def test_so_does_a_finger(self, bench):
        """What is done on the screen is done at the pace of whoever does it."""
        bench.ready()
        bench.screen.moves_at = bench.clock.now() + 9 * ROUND
        bench.turn()
        due = bench.daemon.next_look(bench.clock.now(), bench.clock.now())
        bench.screen.doing = [Typed(bench.clock.now(), "x")]
        bench.turn()
        now = bench.clock.now()
        assert pytest.approx(ROUND) == bench.daemon.next_look(due, now) - now


class TestTurn:
    def test_events_come_before_the_tick(self, bench):
        """A frame that came in the very round of its deadline has come in time."""
        bench.ready()
        bench.turn((Pressed, ID))
        bench.turn(seconds=RULES.get_ready)
        bench.turn(seconds=RULES.countdown)
        assert isinstance(bench.state, Exposing)
        bench.turn((FrameTaken, ID, 1), seconds=RULES.shutter)
        assert isinstance(bench.state, FillingIn)

    def test_what_the_guest_does_on_the_screen_comes_before_the_tick_too(self, bench):
        """Somebody who types in the last round before the idle deadline is there."""
        bench.form()
        bench.screen.doing = [Typed(Instant(bench.clock.now() + RULES.form_idle), "Z")]
        bench.turn(seconds=RULES.form_idle)
        assert "Z" == bench.state.form.name.text

    def test_acts_are_carried_out(self, bench):
        """Each effect of the machine goes to the crew, in order."""
        bench.ready()
        bench.turn((Pressed, ID))
        bench.turn(seconds=RULES.get_ready)
        bench.turn(seconds=RULES.countdown)
        acts = [act for act in bench.crew.done if not isinstance(act, tuple | str)]
        assert [OpenVisit(ID), FireShutter(ID, 1)] == acts

    def test_the_screen_is_white_before_the_camera_is_asked_for_a_frame(self, bench):
        """It lights the guest in a dim room."""
        bench.ready()
        bench.turn((Pressed, ID))
        bench.turn(seconds=RULES.get_ready)
        del bench.order[:]
        bench.turn(seconds=RULES.countdown)
        assert [FlashScene, FireShutter(ID, 1)] == bench.order
        bench.turn((FrameTaken, ID, 1))
        assert 1 == sum(isinstance(act, FireShutter) for act in bench.order)

    def test_the_screen_shows_the_state_of_the_same_round(self, bench):
        """A press is answered by the very next frame."""
        bench.turn()
        bench.ready()
        bench.turn((Pressed, ID))
        assert [StartingScene, AttractScene, GetReadyScene] == [type(scene) for scene in bench.screen.shown]

    def test_an_invitation_is_painted_when_something_moves_on_it_and_at_no_other_time(self, bench):
        """It is what a booth does for most of its life."""
        bench.ready()
        bench.turn()
        bench.screen.shown.clear()
        bench.screen.moves_at = bench.clock.now() + 2.5 * ROUND
        painted = []
        for _ in range(4):
            bench.turn()
            painted.append(len(bench.screen.shown))
        assert [0, 0, 1, 2] == painted

    def test_a_still_invitation_answers_in_the_round_of_the_press(self, bench):
        """Nobody waits for the next beat."""
        bench.ready()
        bench.screen.moves_at = bench.clock.now() + 1e6
        bench.turn()
        bench.turn((Pressed, ID))
        assert isinstance(bench.screen.shown[-1], GetReadyScene)

    def test_nor_does_a_finger_wait(self, bench):
        """What was touched is shown in the same round."""
        bench.ready()
        bench.screen.moves_at = bench.clock.now() + 1e6
        before = len(bench.screen.shown)
        bench.screen.doing = [Typed(bench.clock.now(), "x")]
        bench.turn()
        assert before + 1 == len(bench.screen.shown)

    def test_no_other_screen_is_taken_for_still(self, bench):
        """Others have deadlines, and lamps that blink."""
        bench.ready()
        bench.screen.moves_at = bench.clock.now() + 1e6
        bench.turn((Pressed, ID))
        before = len(bench.screen.shown)
        bench.turn()
        assert before + 1 == len(bench.screen.shown)

    def test_a_still_invitation_is_looked_after(self, bench):
        """Its parts are checked, and the service manager hears of it."""
        bench.ready()
        bench.screen.moves_at = bench.clock.now() + 1e6
        bench.crew.done.clear()
        bench.turn(seconds=LOOK_AFTER)
        assert ["look after", "finish open visits"] == bench.crew.done

    def test_the_lamp_is_set_when_it_changes_and_at_no_other_time(self, bench):
        """A steady lamp is one call; get ready is dark."""
        bench.ready()
        for _ in range(100):
            bench.turn()
        assert [True] == bench.lamp
        bench.turn((Pressed, ID))
        for _ in range(60):
            bench.turn()
        assert [True, False] == bench.lamp

    def test_a_blinking_lamp_is_set_at_each_blink(self, bench):
        """Twice a second on, twice off."""
        bench.ready()
        bench.turn((Pressed, ID))
        bench.turn(seconds=RULES.get_ready)
        assert isinstance(bench.state, Countdown)
        bench.lamp.clear()
        for _ in range(60):
            bench.turn()
        assert 8 == pytest.approx(len(bench.lamp), abs=1)
        assert all(one is not other for one, other in zip(bench.lamp, bench.lamp[1:], strict=False))

    def test_the_preview_is_watched_from_get_ready_to_the_last_shutter(self, bench):
        """One call to start it, one to stop it."""
        bench.form()
        bench.turn()
        assert [("watch", True), ("watch", False)] == [act for act in bench.crew.done if isinstance(act, tuple)]

    def test_watchers_see_steps_but_not_every_tick(self, bench):
        """A tick that changes nothing is nothing to see; a part that reports is, even if it changes nothing."""
        bench.ready()
        onlooker = Onlooker()
        bench.daemon.watch(onlooker)
        bench.turn()
        bench.turn((PartBack, Part.GM))
        bench.turn((Pressed, ID))
        bench.turn(seconds=RULES.get_ready)
        assert [PartBack, Pressed, Tick] == [type(event) for event in onlooker.steps]
        assert [(AttractScene, False), (GetReadyScene, True)] == onlooker.frames[1:3]
        assert (4, bench.daemon.booth) == (len(onlooker.rounds), onlooker.rounds[-1][0])

    def test_a_late_answer_changes_nothing_in_the_next_visit(self, bench):
        """A frame of somebody else's visit is dropped."""
        bench.ready()
        bench.turn((Pressed, ID))
        bench.turn((FrameTaken, SessionId("another"), 1))
        assert isinstance(bench.state, GetReady)


class TestLookingAfter:
    def rounds(self, bench, seconds):
        """Return what the crew was asked for in rounds of half a second."""
        bench.crew.done.clear()
        for _ in range(int(seconds * 2)):
            bench.turn(seconds=0.5)
        return bench.crew.done

    def test_parts_are_checked_every_few_seconds_while_nobody_is_there(self, bench):
        """While the booth starts, is ready, or is out of order."""
        assert ["look after"] == self.rounds(bench, LOOK_AFTER)
        bench.turn(seconds=RULES.starting)
        assert isinstance(bench.state, OutOfOrder)
        assert 4 == pytest.approx(self.rounds(bench, 4 * LOOK_AFTER).count("look after"), abs=1)
        bench.ready()
        assert 4 == pytest.approx(self.rounds(bench, 4 * LOOK_AFTER).count("look after"), abs=1)

    def test_nothing_is_checked_during_a_visit(self, bench):
        """The machine has other things to do then."""
        bench.form()
        assert [] == [act for act in self.rounds(bench, 60) if isinstance(act, str)]

    def test_open_visits_are_looked_for_while_the_booth_is_ready(self, bench):
        """And only then; the crew knows which of them are due."""
        bench.ready()
        assert 12 == pytest.approx(self.rounds(bench, 12 * LOOK_AFTER).count("finish open visits"), abs=1)
        bench.turn((PartLost, Part.DISK))
        assert 0 == self.rounds(bench, 12 * LOOK_AFTER).count("finish open visits")


class TestStatus:
    def test_it_tells_an_operator_what_the_uploads_lack(self):
        """Within seconds, and only when it has changed: ``systemctl status`` shows it."""
        bench = Bench()
        bench.ready()
        bench.uploads = "12 waiting: the secret does not belong to the access key"
        for _ in range(20):
            bench.turn(seconds=1.0)
        told = [words for words in bench.notify.said if "waiting" in words]
        assert ["Ready; 12 waiting: the secret does not belong to the access key"] == told


class TestWatchdog:
    def test_it_is_fed_at_its_interval(self):
        """Not at every frame."""
        bench = Bench(watchdog=Seconds(5.0))
        for _ in range(100):
            bench.turn(seconds=0.5)
        assert 10 == bench.notify.said.count("WATCHDOG")

    def test_a_worker_that_hangs_starves_it(self):
        """Until it comes back; the log names it."""
        bench = Bench(watchdog=Seconds(5.0))
        bench.crew.stuck_worker = "darkroom"
        with structlog.testing.capture_logs() as logs:
            bench.turn(seconds=6.0)
        assert 0 == bench.notify.said.count("WATCHDOG")
        assert ["darkroom"] == [line["stuck"] for line in logs if line["event"] == "watchdog.starved"]
        bench.crew.stuck_worker = None
        bench.turn(seconds=6.0)
        assert 1 == bench.notify.said.count("WATCHDOG")

    def test_when_it_was_fed_is_known(self):
        """By its interval; a worker that hangs lets that grow old."""
        bench = Bench(watchdog=Seconds(5.0))
        bench.turn(seconds=6.0)
        fed = bench.clock.now()
        assert (5.0, fed) == bench.daemon.watched
        bench.crew.stuck_worker = "darkroom"
        bench.turn(seconds=6.0)
        assert (5.0, fed) == bench.daemon.watched

    def test_an_uploader_that_hangs_starves_it(self):
        """Guests would wait for their pictures for ever."""
        bench = Bench(watchdog=Seconds(5.0))
        bench.uploader_stuck = True
        with structlog.testing.capture_logs() as logs:
            bench.turn(seconds=6.0)
        assert 0 == bench.notify.said.count("WATCHDOG")
        assert ["uploader"] == [line["stuck"] for line in logs if line["event"] == "watchdog.starved"]

    def test_without_a_watchdog_nobody_is_told(self, bench):
        """No interval, no notification."""
        bench.turn(seconds=3600.0)
        assert "WATCHDOG" not in bench.notify.said
        assert None is bench.daemon.watched


class TestNotifications:
    def test_ready_is_said_once_when_the_parts_are_there(self, bench):
        """Not before; and never again, whatever happens."""
        bench.turn()
        assert [] == bench.notify.said
        bench.ready()
        assert ["Ready", "READY"] == bench.notify.said
        bench.turn((PartLost, Part.GM))
        bench.turn((PartBack, Part.GM))
        assert ["Ready", "READY", "Out of order: gm missing", "Ready"] == bench.notify.said

    def test_a_booth_that_starts_out_of_order_is_up_too(self, bench):
        """The service has started: it tells the operator what is missing, and heals itself."""
        bench.turn(*((PartBack, part) for part in (Part.GM, Part.DISK)))
        assert isinstance(bench.state, Starting)
        bench.turn(seconds=RULES.starting)
        assert ["Out of order: button, camera missing", "READY"] == bench.notify.said

    def test_the_status_follows_the_visit(self, bench):
        """One word for each state, without the guest."""
        bench.form()
        bench.turn((SkipChosen,))
        assert ["Ready", "READY", "GetReady", "Countdown", "Exposing", "FillingIn", "Finishing"] == bench.notify.said


class TestLog:
    def test_each_state_is_a_line_with_its_facts(self, bench):
        """Session and shot where there are any; what is missing, and why an apology was due."""
        with structlog.testing.capture_logs() as logs:
            bench.ready()
            bench.turn((Pressed, ID))
            bench.turn(seconds=RULES.get_ready)
            bench.turn(seconds=RULES.countdown)
            bench.turn((ShutterFailed, ID, 1, Part.CAMERA))
            bench.turn(seconds=RULES.apology)
        told = [
            {key: value for key, value in line.items() if key not in {"event", "log_level"}}
            for line in logs
            if line["event"] == "visit.state"
        ]
        assert [
            {"state": "Attract"},
            {"state": "GetReady", "session": ID},
            {"state": "Countdown", "session": ID, "shot": 1},
            {"state": "Exposing", "session": ID, "shot": 1},
            {"state": "Apology", "reason": "camera"},
            {"state": "OutOfOrder", "missing": ["camera"]},
        ] == told
        assert [FlashScene, OutOfOrderScene] == [type(bench.screen.shown[-3]), type(bench.screen.shown[-1])]

    def test_a_guests_details_are_no_part_of_it(self, bench):
        """Not even of the state that holds them."""
        with structlog.testing.capture_logs() as logs:
            bench.form()
            bench.turn((Typed, "Zoe"), (SkipChosen,))
        assert isinstance(bench.state, Finishing)
        assert "Zoe" not in str(logs)


class TestRun:
    def test_it_starts_the_crew_and_finishes_what_was_left_open(self, bench):
        """In this order; and says at the end that it stops."""
        bench.daemon.stop()
        bench.daemon.run()
        assert (["finish open visits"], ["STOPPING"]) == (bench.crew.done, bench.notify.said)

    def test_closing_the_window_ends_it(self, bench):
        """After the round in which it was closed."""
        bench.screen.closed = True
        bench.daemon.run()
        assert 1 == len(bench.screen.shown)

    def test_it_stops_when_it_is_told_to(self, bench):
        """From within a round, as a signal handler does, without another round."""
        onlooker = Onlooker()
        onlooker.looped = lambda booth, now: (onlooker.rounds.append(now), bench.daemon.stop())
        bench.daemon.watch(onlooker)
        bench.daemon.run()
        assert 1 == len(onlooker.rounds)

    def test_rounds_are_a_frame_apart_and_those_that_were_missed_are_not_made_up_for(self):
        """After a pause of ten seconds there is one round, not three hundred."""
        waits = []

        class Counting(Inbox):
            def take(self, wait):
                waits.append(wait)
                bench.clock.advance(10.0 if len(waits) == 3 else wait)
                if len(waits) == 6:
                    bench.daemon.stop()
                return []

        bench = Bench(inbox=Counting())
        bench.daemon.run()
        assert pytest.approx([0.0, *2 * [ROUND], 0.0, *2 * [ROUND]]) == waits
