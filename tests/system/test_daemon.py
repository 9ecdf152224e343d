"""The booth as a service: what it tells its manager, how it ends, and what is left when it was ended anywhere."""

import signal
import threading
import time
from collections import Counter
from types import SimpleNamespace

import pytest

from booth.core.events import Part
from booth.core.rules import Rules
from booth.daemon import STUCK, Daemon, Inbox
from booth.imaging import playback
from booth.systemd import Notifier
from booth.units import Seconds
from booth.workers import Contact, Crew
from booth.world import LeftAlone
from lab.clock import HandClock
from tests.waiting import PATIENCE, until

ENDS_WITHIN = 5.0
"""Seconds: what the service promises, and what systemd is told to wait."""


@pytest.fixture(scope="module", autouse=True)
def bare(booth_of_the_module):
    """Start a booth that is none, on a machine without pins and camera; it takes its time to be sure."""
    return booth_of_the_module(
        SDL_VIDEODRIVER="dummy", BOOTH_CAMERA__DRIVER="webcam", BOOTH_CAMERA__DEVICE="/dev/no-camera",
        BOOTH_PINS__FACTORY="pigpio",
    )  # fmt: skip


class TestNotifications:
    def test_the_manager_hears_of_every_turn(self, booth, manager, tmp_path):
        """READY once, the status as it changes, the watchdog again and again, STOPPING at the end."""
        names = tmp_path / "names"
        names.write_text("Zoe\tno address\n")  # so that the form stays
        child = booth(
            "--simulate", "--guests", "1", "--fast", "--names", str(names),
            NOTIFY_SOCKET=manager.name, WATCHDOG_USEC="400000", WATCHDOG_PID=None,
        )  # fmt: skip
        manager.until("READY=1")
        manager.until("STATUS=FillingIn")
        for _ in range(3):
            manager.until("WATCHDOG=1")
        child.end()

        said = manager.everything()
        assert (1, "STOPPING=1") == (said.count("READY=1"), said[-1])
        status = [message.removeprefix("STATUS=") for message in said if message.startswith("STATUS=")]
        shots = [word for _ in range(4) for word in ("Countdown", "Exposing")]
        assert ["Ready", "GetReady", *shots, "FillingIn"] == status
        assert said.index("STATUS=Ready") < said.index("READY=1") < said.index("STATUS=GetReady")

    def test_a_thread_that_hangs_starves_the_watchdog(self, manager):
        """Real threads, a real socket: nothing is sent while one does not come back, and again when it does."""
        clock, notifier = HandClock(), Notifier({"NOTIFY_SOCKET": manager.name})
        hanging, go = threading.Event(), threading.Event()

        def hang():
            hanging.set()
            assert go.wait(PATIENCE)

        crew = Crew(
            open_camera=lambda: SimpleNamespace(check=lambda: None, close=lambda: None),
            rebooter=LeftAlone(wanted=False), compositor=None, outbox=SimpleNamespace(unfinished=tuple),
            contact=Contact(), checks={Part.GM: hang}, post=lambda event: None, now=clock.now,
            committed=lambda session: None,
        )  # fmt: skip
        daemon = Daemon(
            clock=clock, inbox=Inbox(), rules=Rules(starting=Seconds(1e9)), crew=crew, notify=notifier,
            screen=SimpleNamespace(events=lambda now: (), show=lambda scene, now: False, closed=False),
            led=SimpleNamespace(set=lambda on: None), uploads=SimpleNamespace(stuck=lambda now: False, words=str),
            watchdog=Seconds(10.0), darkroom_limit=STUCK,
        )  # fmt: skip
        crew.start()
        assert hanging.wait(PATIENCE)
        for _ in range(8):
            daemon.turn([], clock.advance(10.0))
        go.set()
        crew.close(Seconds(PATIENCE))
        fed = [message for message in manager.everything() if message == "WATCHDOG=1"]
        assert int(STUCK // 10) == len(fed)


STATES = ("Attract", "GetReady", "Countdown", "Exposing", "FillingIn", "Finishing", "Farewell")


class TestEnd:
    def test_ended_while_it_is_put_together(self, booth):
        """Whoever asks before there is a daemon is answered as soon as there is one: in good order, too."""
        child = booth(SDL_VIDEODRIVER="dummy", BOOTH_ZENKO__ENDPOINT_URL="")
        child.until("bucket.none")  # the first thing that a booth says of itself, long before it is whole
        assert 0 == child.end()

    def test_ended_in_every_state_of_a_visit_nothing_is_lost(self, booth, stored, tmp_path):
        """Seven booths, one after the other, on one outbox, each ended in another state: what was taken is sent, once.

        The last one has neither camera nor button; it finishes what the others left all the same.
        """
        log, visits, seconds = [], {}, {}
        for state in STATES:
            names = tmp_path / state
            names.write_text(f"Guest {state}\t{state.lower()}@example.org\n")
            child = booth(
                "--simulate", "--guests", "1", "--fast", "--names", str(names),
                BOOTH_ANIMATION__DEADLINE_S=str(PATIENCE),  # for gm on a busy machine
            )  # fmt: skip
            visits[state] = child.until("visit.state", state=state).get("session")
            began = time.monotonic()
            child.end(signal.SIGTERM)
            seconds[state] = time.monotonic() - began
            log += child.log
        outbox = tmp_path / "outbox"
        last = booth(SDL_VIDEODRIVER="dummy", BOOTH_CAMERA__DRIVER="webcam", BOOTH_CAMERA__DEVICE="/dev/no-camera")
        last.until("visit.state")  # there may be nothing left to send: it is ended when it runs, not before
        last.until_sent(
            {folder.name for place in ("open", "pending") for folder in (outbox / place).iterdir()}
            & {line["session"] for line in log if line["event"] == "frame.taken"}
        )
        assert 0 == last.end()
        log += last.log

        assert {} == {state: took for state, took in seconds.items() if took > ENDS_WITHIN}
        taken = Counter(line["session"] for line in log if line["event"] == "frame.taken")
        objects = stored({line["session"] for line in log if "session" in line})
        assert set(taken) == set(objects)
        assert set(taken) == {folder.name for folder in (outbox / "sent").iterdir()}
        assert [] == [folder for place in ("open", "pending", "failed") for folder in (outbox / place).iterdir()]
        frames = {
            session: len(playback.read(outbox / "sent" / session / "animation.gif").pictures) for session in taken
        }
        assert dict(taken) == frames
        for session in taken:
            assert (outbox / "sent" / session / "animation.gif").read_bytes() == objects[session][0]
        assert {1} == set(Counter(line["session"] for line in log if line["event"] == "entry.sent").values())

        names = {state: objects[visit][1].get("name") for state, visit in visits.items() if visit in objects}
        assert {"Finishing": "Guest Finishing", "Farewell": "Guest Farewell"} == {
            state: name for state, name in names.items() if name is not None
        }
        assert {"FillingIn", "Finishing", "Farewell"} <= set(names)
        assert [] == [line for line in log if line["event"] in {"bug", "worker.job_failed"}]

    def test_a_booth_that_starts_looks_at_its_machine(self, bare):
        """Once, aside, and logs that; whatever this machine is like."""
        until(lambda: "doctor.checked" in [fact["event"] for fact in bare.log])
        (fact,) = (fact for fact in bare.log if fact["event"] == "doctor.checked")
        assert {"worst", "ok", "warn", "bad", "skipped"} == set(fact) - {"timestamp", "level", "event", "checks", "why"}

    def test_a_machine_without_pins_and_camera_says_so_and_ends_well(self, bare):
        """The booth starts, names what is missing, and ends with status 0."""
        fact = bare.until("visit.state", state="OutOfOrder")
        assert ["button", "camera"] == fact["missing"]
        assert 0 == bare.end()
        assert [] == [line for line in bare.lines if "Traceback" in line]
