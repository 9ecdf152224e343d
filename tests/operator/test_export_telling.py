"""``booth export --tell``: how far it is, in one line, for whoever may pull the stick."""

import errno
import sys

import pytest

from booth.core.copying import CopyStage as Stage
from booth.core.copying import StickCopy as Copy
from booth.disk import RealDisk
from booth.operator.exporting.telling import ExportTeller as Teller
from booth.operator.exporting.writing import Placed
from booth.sim.copier import SimCopier
from tests.operator.test_export import outbox, typed

__all__ = ["outbox", "typed"]


class Watched(RealDisk):
    """A disk that remembers what was renamed."""

    def __init__(self):
        self.told = []

    def rename(self, old, new):
        self.told.append(Copy.read(old.read_bytes()))
        super().rename(old, new)


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_it_tells_how_far_it_is(state):
    """Each step once."""
    disk = Watched()
    teller = Teller(disk, state)
    teller.begun()
    for pictures in (1, 1, 2):
        teller.placed(Placed(pictures=pictures, missing=1), 3)
    teller.ended(Placed(visits=2), 3)
    assert [
        Copy(Stage.ASKED), Copy(Stage.COPYING, 2, 3), Copy(Stage.COPYING, 3, 3), Copy(Stage.COPIED, 2, 3)
    ] == disk.told  # fmt: skip


@pytest.mark.parametrize(
    ("number", "stage"),
    [(errno.ENOSPC, Stage.FULL), (errno.EROFS, Stage.READ_ONLY), (errno.EIO, Stage.BROKEN)],
)
def test_what_a_stick_says_is_told(state, number, stage):
    """Full, locked, or pulled."""
    Teller(RealDisk(), state).refused(OSError(number, "no"))
    assert Copy(stage) == Copy.read(state.read_bytes())


def test_a_file_that_cannot_be_written_stops_nothing(tmp_path):
    """The copy is worth more than the word about it."""
    teller = Teller(RealDisk(), tmp_path / "nowhere" / "state")
    teller.begun()
    assert teller.goes_on


class TestTheCommand:
    def test_all_is_there(self, typed, outbox, state, stick):
        """Onto a stick by where it is mounted, into a folder of the event's name; the end is told in visits."""
        status, _ = typed("--outbox", outbox, "--tell", state, "--stick", stick)
        assert (0, Copy(Stage.COPIED, 4, 4)) == (status, Copy.read(state.read_bytes()))
        assert (True, 0o644) == ((stick / "booth-ball" / "SHA256SUMS").is_file(), state.stat().st_mode & 0o777)

    def test_no_visits(self, typed, outbox, state, stick):
        """Nothing is made of an event that nobody was at."""
        status, _ = typed("--outbox", outbox, "--tell", state, "--stick", stick, "--event", "Brunch")
        assert (1, Copy(Stage.NOTHING), []) == (status, Copy.read(state.read_bytes()), list(stick.iterdir()))

    def test_something_else_is_in_its_place(self, typed, outbox, state, stick):
        """It stays as it was."""
        (stick / "booth-ball").mkdir()
        (stick / "booth-ball" / "mine.txt").write_text("mine")
        status, _ = typed("--outbox", outbox, "--tell", state, "--stick", stick)
        there = [file.name for file in (stick / "booth-ball").iterdir()]
        assert (1, Copy(Stage.REFUSED), ["mine.txt"]) == (status, Copy.read(state.read_bytes()), there)

    def test_whatever_else_happens_is_told(self, typed, outbox, state, stick):
        """Settings that are wrong, say: nobody waits for what has ended."""
        status, _ = typed("--outbox", outbox, "--tell", state, "--stick", stick, "--set", "outbox.keep_days=x")
        assert (2, Copy(Stage.BROKEN)) == (status, Copy.read(state.read_bytes()))

    def test_no_stick_is_there(self, typed, outbox, state, stick):
        """It was pulled before anything began."""
        stick.rmdir()
        status, _ = typed("--outbox", outbox, "--tell", state, "--stick", stick)
        assert (1, Copy(Stage.BROKEN)) == (status, Copy.read(state.read_bytes()))


class TestTheSimulatorsStick:
    """A folder, and a real copy onto it, in a process of its own."""

    @pytest.fixture
    def copier(self, outbox, typed, state, stick):
        """Return what copies; *typed* has named the settings."""
        made = SimCopier([sys.executable, "-m", "booth", "export", "--outbox", str(outbox)], state, stick)
        yield made
        made.close()

    def test_a_copy_goes_on_by_itself_and_ends(self, copier, stick):
        """Whoever asks does not wait; when it is over, all is there."""
        before = copier.look()
        copier.start()
        copier._child.wait()
        assert (None, Copy(Stage.COPIED, 4, 4)) == (before, copier.look())
        assert (stick / "booth-ball" / "SHA256SUMS").is_file()

    def test_without_a_stick_that_is_told(self, copier, stick):
        """And nothing is begun."""
        stick.rmdir()
        copier.start()
        assert Copy(Stage.NO_STICK) == copier.look()

    def test_a_copy_that_is_killed_is_told(self, state, stick):
        """Here by the end of the simulation, while it was looked for the stick."""
        copier = SimCopier([sys.executable, "-c", "import signal; signal.pause()"], state, stick)
        copier.start()
        began = copier.look()
        copier.close()
        assert (Copy(Stage.ASKED), Copy(Stage.BROKEN)) == (began, copier.look())

    def test_it_is_not_over_before_whoever_copies_has_ended(self, state, stick):
        """The stick is held for as long."""
        copier = SimCopier([sys.executable, "-c", "import signal; signal.pause()"], state, stick)
        copier.start()
        state.write_bytes(Copy(Stage.COPIED, 4, 4).written())
        began = copier.look()
        copier.close()
        assert (Copy(Stage.CLOSING, 4, 4), Copy(Stage.COPIED, 4, 4)) == (began, copier.look())
