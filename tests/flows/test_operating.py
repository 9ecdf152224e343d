"""The operator's screen over the real composition root: the way in, what is changed there, and no guest who waits."""

import pytest

from booth.core.copying import CopyStage as Stage
from booth.core.copying import StickCopy as Copy
from booth.core.events import SkipChosen
from booth.core.night import Following, marked
from booth.core.operating import (
    Closure,
    CornersHeld,
    Deed,
    DeedChosen,
    DeedConfirmed,
    DialTurned,
    DigitTyped,
    Knob,
    Left,
    PinGiven,
    Tab,
    TabChosen,
)
from booth.core.showing import ClosedScene, KnockingScene, OperatingScene
from booth.core.states import Attract, Closed, Countdown, FillingIn, GetReady, Knocking, Operating
from booth.core.trying import LightTurned, Shine, TrialBegun, Trying
from booth.door import TRIES, Door
from booth.errors import BucketError, Remedy
from booth.settings.sources import EVENING
from booth.sim.camera import SimCamera

PIN, WRONG = "271828", "314159"


@pytest.fixture
def behind(tmp_path, a_party):
    """Make a booth that has a PIN, unless told otherwise, with settings and a world of its own."""
    folder = tmp_path / "operator"

    def make(*, pin=PIN, settings=None, uploads=False, **world):
        party = a_party(uploads=uploads, settings=settings, world={"operator": folder, **world})
        if pin:
            Door(folder, party.disk, party.clock.uptime, cost=2).lock(pin)
        party.until(Attract)
        return party

    return make


def knock(party, pin):
    """Hold two corners, and type a PIN."""
    party.do(CornersHeld)
    party.turn()
    party.do(*((DigitTyped, digit) for digit in pin), PinGiven)
    party.turn()
    party.turn()


def test_the_way_in(behind):
    """Two corners, the PIN, and how the booth is."""
    party = behind()
    knock(party, PIN)
    party.until(lambda: getattr(party.state, "sight", None) is not None)
    kinds = list(dict.fromkeys(type(scene) for scene in party.screen.shown))
    assert [KnockingScene, OperatingScene] == kinds[-2:]
    assert (Tab.NOW, 0) == (party.state.page, party.state.sight.pending)


def test_without_a_pin_there_is_none(behind):
    """The invitation stays as it is, however long somebody holds its corners."""
    party = behind(pin=None)
    knock(party, PIN)
    assert Attract() == party.state


def test_without_a_folder_there_is_none(a_party):
    """As on a booth that nobody has set up for it."""
    party = a_party(uploads=False)
    party.until(Attract)
    knock(party, PIN)
    assert Attract() == party.state


def test_a_wrong_pin_is_counted_and_after_five_nobody_may_try(behind, tmp_path):
    """Also the right one is not judged then."""
    party = behind()
    for _ in range(5):
        knock(party, WRONG)
        party.do(Left)
    knock(party, PIN)
    assert isinstance(party.state, Knocking)
    assert (party.clock.now() < party.state.shut_until, True) == (True, (tmp_path / "operator" / TRIES).is_file())


def test_nobody_comes_there_during_a_visit(behind):
    """Whoever holds the corners while somebody poses."""
    party = behind()
    party.press()
    knock(party, PIN)
    assert isinstance(party.state, GetReady)
    party.until(Countdown)


@pytest.mark.parametrize("pin", [PIN, "2718"])
def test_a_press_begins_a_visit_from_there(behind, pin):
    """From the pad, and from the screen: no guest is refused."""
    party = behind()
    knock(party, pin)
    assert isinstance(party.state, Operating if pin == PIN else Knocking)
    party.press()
    assert isinstance(party.state, GetReady)


@pytest.mark.parametrize("pin", [PIN, "2718"])
def test_time_alone_leads_back(behind, pin):
    """Within a minute or so, to the invitation."""
    party = behind()
    knock(party, pin)
    party.until(Attract, limit=70.0)


def paused(party):
    """Pause the booth, and leave."""
    knock(party, PIN)
    party.do((TabChosen, Tab.EVENING), (DialTurned, Knob.PAUSED))
    party.turn()
    party.do(Left)


def test_a_pause(behind, tmp_path):
    """Nobody can begin, the lamp is out, and it is kept."""
    party = behind()
    paused(party)
    assert (Closed(Closure.PAUSED), ClosedScene(Closure.PAUSED)) == (party.state, party.screen.shown[-1])
    party.press()
    assert (Closed(Closure.PAUSED), False) == (party.state, party.panel.history[-1])
    assert "[event]\npaused = true\n" == (tmp_path / "operator" / EVENING).read_text().partition("\n")[2]


def test_the_end_of_a_pause(behind, tmp_path):
    """The same touch once more."""
    party = behind()
    paused(party)
    paused(party)
    assert Attract() == party.state
    assert "" == (tmp_path / "operator" / EVENING).read_text().partition("\n")[2]


def test_a_pause_outlasts_a_restart(a_party):
    """It is a setting, where it came from the screen, too."""
    party = a_party(uploads=False, settings={"event.paused": True})
    party.until(Closed)
    party.press()
    assert Closed(Closure.PAUSED) == party.state


def test_another_event_has_the_booth_started_anew(behind, tmp_path):
    """When its operator goes back: it ends, and the service manager starts it with what was kept."""
    party = behind(settings={"event.others": ("Brunch",)})
    knock(party, PIN)
    party.do((TabChosen, Tab.EVENING), (DialTurned, Knob.EVENT))
    party.turn()
    assert not party.daemon._stopping
    party.do(Left)
    party.turn()
    assert (True, 1) == (party.daemon._stopping, (tmp_path / "operator" / EVENING).read_text().count('name = "Brunch"'))


def test_the_machine_is_switched_off_only_when_asked_twice(behind):
    """And then the booth ends, with nothing lost."""
    asked = []
    party = behind(power_off=lambda: asked.append("off"))
    knock(party, PIN)
    party.do((TabChosen, Tab.HANDS), (DeedChosen, Deed.POWER_OFF))
    party.turn()
    assert ([], False) == (asked, party.daemon._stopping)
    party.do(DeedConfirmed)
    party.turn()
    assert (["off"], True) == (asked, party.daemon._stopping)


def test_what_was_set_aside_is_tried_again_from_the_screen(behind):
    """What the bucket would never take waits in failed/; its raised limit is told with one touch."""
    party = behind(uploads=True)
    party.bucket.trouble = BucketError("EntityTooLarge", Remedy.NEVER)
    party.to_form()
    party.do(SkipChosen)
    party.in_real_time(lambda: party.spool.counts()["failed"] == 1)
    party.bucket.trouble = None
    party.until(Attract)
    knock(party, PIN)
    party.do((TabChosen, Tab.HANDS), (DeedChosen, Deed.RETRY))
    party.turn()
    party.delivered(1)
    assert {"open": 0, "pending": 0, "sent": 1, "failed": 0} == party.spool.counts()


class Copying:
    """A copy that is asked for, and how far it is: set by hand."""

    def __init__(self):
        self.asked, self.told = 0, None

    def start(self):
        self.asked += 1
        self.told = Copy(Stage.ASKED)

    def look(self):
        return self.told


def test_a_copy_is_asked_for_and_seen(behind):
    """With one touch, and how far it is without another."""
    copier = Copying()
    party = behind(copier=copier)
    knock(party, PIN)
    party.do((TabChosen, Tab.HANDS), (DeedChosen, Deed.COPY))
    seen = []
    for stage in (Stage.ASKED, Stage.COPYING, Stage.CLOSING, Stage.COPIED):
        copier.told = Copy(stage, 17, 42)
        party.until(lambda wanted=copier.told: party.state.sight and party.state.sight.copy == wanted)
        seen.append(party.screen.shown[-1].sight.copy)
    assert (1, [Copy(stage, 17, 42) for stage in (Stage.ASKED, Stage.COPYING, Stage.CLOSING, Stage.COPIED)]) == (
        copier.asked,
        seen,
    )


def test_a_press_during_a_copy_begins_a_visit(behind):
    """At once; the copy is nobody's business but its own."""
    copier = Copying()
    party = behind(copier=copier)
    knock(party, PIN)
    party.do((TabChosen, Tab.HANDS), (DeedChosen, Deed.COPY))
    party.press()
    assert isinstance(party.state, GetReady)
    party.until(Countdown)
    assert (1, Copy(Stage.ASKED)) == (copier.asked, copier.look())


def test_where_nobody_can_switch_off_that_is_not_offered(behind):
    """As in the simulator; nor a copy where nobody can make one."""
    party = behind()
    knock(party, PIN)
    assert (Deed.RETRY, Deed.RESTART) == party.screen.shown[-1].deeds


LATER = {"event.opens": "2026-11-24 18:00"}


def test_before_it_opens_nobody_can_begin(a_party):
    """The invitation says when."""
    party = a_party(uploads=False, settings=LATER)
    party.until(Closed)
    party.press()
    assert ClosedScene(Closure.BEFORE, "2026-11-24 18:00") == party.screen.shown[-1]


def test_it_opens_by_itself(a_party):
    """With the clock of the place."""
    party = a_party(uploads=False, settings=LATER)
    party.until(Closed)
    party.clock.set_wall(1_795_367_112.0 + 3 * 86400)
    party.until(Attract)


@pytest.mark.parametrize("world", [{"time_known": lambda: False}, {}], ids=["nobody vouches", "a year ago"])
def test_a_wrong_clock_locks_no_booth(a_party, world):
    """One that nobody vouches for, or that is older than the program: it is open."""
    party = a_party(uploads=False, settings=LATER, world=world)
    if not world:
        party.clock.set_wall(1_600_000_000.0)
    party.until(Attract)
    party.turn(30.0)
    party.press()
    assert isinstance(party.state, GetReady)


# ---- what is tried


def trying(party):
    """Come to the page on which things are tried."""
    knock(party, PIN)
    party.do((TabChosen, Tab.TRY))
    party.turn()


def test_the_button_and_the_lamp_are_tried(behind):
    """A press is shown as seen, no visit begins, and the lamp does what it is told."""
    party = behind()
    trying(party)
    party.press()
    party.do(LightTurned)
    party.turn()
    assert (Trying(1, Shine.ON), True) == (party.screen.shown[-1].tried, party.panel.history[-1])
    assert [] == [folder.name for folder in party.world.outbox.glob("open/*")]


class LookedThrough(SimCamera):
    """A simulated camera that takes note of when it is looked through, and paints no preview."""

    def __init__(self, looked, **asked):
        super().__init__(**asked)
        self._looked = looked

    def watch(self, *, on):
        self._looked.append(on)


def test_the_camera_is_live_on_that_page(behind):
    """And rests on the others."""
    looked = []
    party = behind(open_camera=lambda options: LookedThrough(looked, **options.asked()))
    trying(party)
    party.turn()
    party.do((TabChosen, Tab.NOW))
    party.turn()
    assert [True, False] == looked


def test_a_trial_is_sent_with_its_mark_and_is_in_no_count(behind):
    """A whole visit, over all that a booth consists of: the object bears it, and the record of the night does not."""
    party = behind(uploads=True)
    trying(party)
    party.do((TrialBegun, party.ids()))
    party.turn()
    party.until(FillingIn)
    assert party.screen.shown[-1].test
    party.do(SkipChosen)
    party.delivered(1)
    ((_, said),) = party.bucket.objects.values()
    going, counted = Following(), []
    for before, event, after in party.seen:
        going, marks = marked(going, before, event, after)
        counted.extend(marks)
    assert ("yes", []) == (said["test"], counted)
