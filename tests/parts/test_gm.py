"""A gm that is missing, fails, lies, hangs, is killed or finds the disk full, in whole visits, with the real one."""

import shlex
import shutil
from pathlib import Path

import pytest

from booth.core.events import Part, SkipChosen
from booth.core.scene import OutOfOrderScene
from booth.core.states import Attract, Farewell, Outcome, OutOfOrder
from booth.imaging import playback
from booth.workers.agenda import TRY_AGAIN
from booth.workers.lookout import CHECKED
from tests.parts.breaking import QUICK
from tests.waiting import until

SOUND = Path(shutil.which("gm") or "gm")

BROKEN = {
    "is not there any more": None,
    "exits 1": "exit 1",
    "exits 0 and writes nothing": "exit 0",
    "exits 0 with a wrong file": "echo GIF89a of something else;",
    "exits 0 with one frame of four": f"cat > frame.jpg; {SOUND} convert -size 160x120 xc:red gif:-",
    "is killed": "kill -9 $$",
    "hangs": "echo $$ >> {hangs}; sleep 1000 & echo $! >> {hangs}; wait",
    "finds the disk full": f'exec {SOUND} "$@" > /dev/full',
}
"""What a gm may do instead of its work; asked for its version, it answers all the same."""


class Gm:
    """A gm in a folder of its own, which can be replaced while the booth runs."""

    def __init__(self, folder):
        self.path = folder / "bin" / "gm"
        self.hangs = folder / "hangs"
        self.path.parent.mkdir()
        self.mend()

    def mend(self):
        self._install(f'exec {SOUND} "$@"')

    def take_away(self):
        self.path.unlink()

    def become(self, script):
        """Do as *script* says instead of any work; None is not to be there at all."""
        if script is None:
            self.take_away()
        else:
            self._install(f'[ "$1" = version ] && exec {SOUND} version\n{script}')

    def _install(self, script):
        replacement = self.path.with_name("gm.new")
        replacement.write_text(f"#!/bin/sh\n{script.replace('{hangs}', shlex.quote(str(self.hangs)))}\n")
        replacement.chmod(0o700)
        replacement.rename(self.path)


@pytest.fixture
def gm(tmp_path):
    return Gm(tmp_path)


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_the_guest_is_thanked_truthfully_and_the_animation_is_made_later(a_party, tmp_path, gm, script):
    """Broken from the first shutter on: the frames and details stay, the farewell says later, and later it is so."""
    party = a_party(
        rules=QUICK, gm=str(gm.path), settings={"animation.deadline_s": 0.3 if script == BROKEN["hangs"] else 60.0}
    )
    party.until(Attract)
    gm.become(script)
    party.to_form()
    session = party.state.session
    party.send("Zoe", "zoe@example.org")
    party.until(Farewell)
    assert Outcome.LATER is party.state.outcome
    assert (session,) == party.spool.unfinished()
    assert 4 == len(party.spool.frames(session))
    assert {} == party.bucket.objects
    assert [] == [path.name for path in (tmp_path / "outbox" / "open" / session).iterdir() if "gif" in path.name]

    party.until(Attract)
    party.turn(TRY_AGAIN)
    party.turn()
    assert (session,) == party.spool.unfinished(), "as long as gm is broken, it is tried again, and nothing is lost"
    gm.mend()
    for _ in range(3):
        party.turn(4 * TRY_AGAIN)
        party.turn()
    party.delivered(1)
    (details,) = party.details()
    assert ("Zoe", "zoe@example.org", session) == (details["name"], details["email"], details["session"])
    assert 4 == len(playback.read(tmp_path / "outbox" / "sent" / session / "animation.gif").pictures)


def test_one_that_hangs_is_stopped_with_all_its_children(a_party, gm):
    """At the deadline its whole process group is killed: nothing of it is left to eat the machine."""
    party = a_party(rules=QUICK, gm=str(gm.path), settings={"animation.deadline_s": 0.3})
    party.until(Attract)
    gm.become(BROKEN["hangs"])
    party.to_form()
    started = [int(number) for number in gm.hangs.read_text().split()]
    assert len(started) >= 2
    until(lambda: all(gone(number) for number in started))  # one that was killed may take a moment to go


def gone(process):
    """Return whether a process is no more, or a zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_missing_at_the_start_it_is_named_and_ready_follows_its_installation(a_party, gm):
    """Out of order with its name on the screen and the lamp not steady; READY by itself when it is installed."""
    gm.take_away()
    party = a_party(gm=str(gm.path))
    party.until(OutOfOrder)
    party.turn()
    assert OutOfOrderScene((Part.GM,)) == party.screen.shown[-1]
    assert "Out of order: gm missing" in party.notify.said
    party.press()
    party.turn(CHECKED)
    assert isinstance(party.state, OutOfOrder)
    gm.mend()
    party.until(Attract, limit=10.0)
    party.to_form()
    party.do(SkipChosen)
    party.until(Farewell)
    party.delivered(1)


def test_uninstalled_while_the_booth_runs_it_is_missed_before_the_next_guest(a_party, gm):
    """A booth that could only say sorry does not invite."""
    party = a_party(gm=str(gm.path))
    party.until(Attract)
    gm.take_away()
    party.until(OutOfOrder, limit=CHECKED + 10.0)
    gm.mend()
    party.until(Attract, limit=10.0)


def test_one_that_has_failed_a_guest_is_looked_at_before_the_next(a_party, gm):
    """It was well a moment ago; whoever has met it knows better, and nobody else is invited before it is well again."""
    party = a_party(rules=QUICK, gm=str(gm.path))
    party.until(Attract)
    gm.take_away()
    party.to_form()
    party.do(SkipChosen)
    party.until(Farewell)
    party.until(OutOfOrder, limit=CHECKED / 4)


def test_a_visit_whose_animation_failed_waits_for_gm_over_a_restart(a_party, gm):
    """Switched off with the animation not made, the next start makes it: with the guest's details."""
    party = a_party(rules=QUICK, gm=str(gm.path))
    party.until(Attract)
    gm.become("exit 1")
    party.to_form()
    party.send("Zoe", "zoe@example.org")
    party.until(Farewell)
    party.close()
    gm.mend()
    again = a_party(rules=QUICK, gm=str(gm.path))
    again.crew.finish_open_visits()
    again.delivered(1)
    assert ["zoe@example.org"] == [details["email"] for details in again.details()]
