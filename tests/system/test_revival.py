"""A booth that hangs or has no memory left, as a real child: the watchdog hears nothing, and the next start goes on."""

import contextlib
import resource
import signal
import socket
import subprocess
import uuid
from pathlib import Path

import pytest

from booth.imaging import playback
from tests.waiting import PATIENCE, until

FED_EVERY = 0.2
"""Seconds: half of what the service manager of these tests waits."""


class Ear:
    """The service manager's end of a real notification socket; heard by the test itself."""

    def __init__(self):
        self.name = f"@booth-{uuid.uuid4()}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + self.name[1:])

    def until(self, message):
        self._socket.settimeout(PATIENCE)
        while self._socket.recv(4096).decode() != message:
            pass

    def forget(self):
        """Take what was said until now."""
        self._socket.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.recv(4096)

    def silent_for(self, seconds):
        self._socket.settimeout(seconds)
        try:
            said = self._socket.recv(4096)
        except TimeoutError:
            return True
        return said == b""

    def close(self):
        self._socket.close()


@pytest.fixture
def ear():
    ear = Ear()
    yield ear
    ear.close()


@pytest.fixture
def visitor(booth, ear, tmp_path):
    """Start a booth with a guest whose form stays, watched by the service manager."""

    def start(names="Zoe\tno address\n"):
        file = tmp_path / "names"
        file.write_text(names)
        return booth(
            "--simulate", "--guests", "1", "--fast", "--names", str(file),
            NOTIFY_SOCKET=ear.name, WATCHDOG_USEC=str(int(2 * FED_EVERY * 1e6)), WATCHDOG_PID=None,
        )  # fmt: skip

    return start


@pytest.fixture
def revived(booth, ear, stored, tmp_path):
    """Start the booth again, as systemd does, and hold what it makes of what was left against what was taken."""

    def start(child):
        outbox, told = tmp_path / "outbox", {}
        for line in child.log:
            if line["event"] == "frame.taken":
                told.setdefault(line["session"], set()).add(f"frame-{line['frame']}.jpg")

        def waiting():  # as a session moves: whichever is in neither has gone on
            return [folder for place in ("open", "pending") for folder in (outbox / place).iterdir()]

        on_disk = {folder.name: {frame.name for frame in folder.glob("frame-*.jpg")} for folder in waiting()}
        on_disk = {session: frames for session, frames in on_disk.items() if frames}
        # The last may be there and not told, for want of memory; of what has been sent before, all was told.
        kept = told | on_disk
        assert {} == {session: lost for session, frames in told.items() if (lost := frames - kept[session])}
        ear.forget()
        again = booth(
            SDL_VIDEODRIVER="dummy", BOOTH_CAMERA__DRIVER="webcam", BOOTH_CAMERA__DEVICE="/dev/no-camera",
            NOTIFY_SOCKET=ear.name, WATCHDOG_USEC=str(int(2 * FED_EVERY * 1e6)), WATCHDOG_PID=None,
        )  # fmt: skip
        again.until_sent(told.keys() & on_disk.keys())
        until(lambda: not waiting())  # another visit may have just begun
        ear.until("WATCHDOG=1")
        assert 0 == again.end()
        objects = stored(told)
        assert told.keys() == objects.keys()
        for session, (body, _) in objects.items():
            sent = outbox / "sent" / session / "animation.gif"
            assert sent.read_bytes() == body
            assert len(told[session]) <= len(playback.read(sent).pictures) <= len(kept[session])
        assert [] == [path for place in ("open", "pending", "failed") for path in (outbox / place).iterdir()]
        return objects[next(iter(told))][1]

    return start


def test_a_main_loop_that_is_stuck_feeds_no_watchdog_and_the_next_start_finishes_the_visit(visitor, revived, ear):
    """Stopped in the form: silence on the socket; killed, as systemd does then, and started again: the GIF is sent."""
    child = visitor()
    child.until("visit.state", state="FillingIn")
    ear.until("WATCHDOG=1")
    ear.until("WATCHDOG=1")
    child.process.send_signal(signal.SIGSTOP)
    ear.forget()
    assert ear.silent_for(5 * FED_EVERY)
    assert -signal.SIGKILL == child.end(signal.SIGKILL)
    assert "name" not in revived(child)


@pytest.mark.parametrize("state", ["Countdown", "FillingIn"])
def test_out_of_memory_it_ends_or_goes_on_and_the_next_start_finishes_the_visit(visitor, revived, state):
    """Not a byte more from the middle of a visit on: what was taken by then is there, whatever the process does."""
    child = visitor("Zoe\tzoe@example.org\n")
    child.until("frame.taken")
    child.until("visit.state", state=state)
    has = int(Path(f"/proc/{child.process.pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(child.process.pid, resource.RLIMIT_AS, (has, has))
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.process.wait(4.0)
    # As systemd does: asked to end, and killed when it has not (TimeoutStopSec), for want of memory to end with.
    if child.process.poll() is None:
        child.process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.process.wait(10.0)
    child.end(signal.SIGKILL)
    revived(child)
