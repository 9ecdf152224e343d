"""Who gets what: each line of the composition root has something that happens at a party because of it."""

import contextlib
import errno

import pytest

from booth.bulletin import FILE, find
from booth.core.events import Confirmed, DeleteChosen, Notice, SkipChosen
from booth.core.night import Counted
from booth.core.states import Apology, Attract, Countdown, Farewell, Outcome, OutOfOrder, Reason
from booth.daemon import LOOK_AFTER
from booth.disk import RealDisk
from booth.logs import forget, hide, shown, troubles
from booth.outbox.nights import Nights, day_of
from booth.outbox.rounds import BEAT
from booth.ports import Presses
from booth.sim.camera import Fault, SimCamera
from booth.troubles import Trouble
from booth.units import Seconds
from booth.workers.lookout import CHECKED
from lab import judged
from lab.clock import HandClock
from lab.workers import PromptWorker
from tests.flows.party import NOON, RecordedBucket, RecordedScreen


def notices(party):
    """Return what an operator is told after a while in which nobody comes."""
    party.until(Attract)
    party.turn(CHECKED)
    party.turn()
    party.turn()
    return set(party.daemon.booth.notices)


# ---- the record of the night


def test_what_becomes_of_visits_is_in_the_record(a_party, tmp_path):
    """By event, and beside the visits; it outlasts the booth."""
    for name in ("Party", "Fair"):
        party = a_party(settings={"event.name": name})
        party.to_form()
        party.do(SkipChosen)
        party.close()
    counted = dict.fromkeys((Counted.BEGUN, Counted.POSED, Counted.SKIPPED), 1)
    day = Nights(tmp_path / "outbox", RealDisk()).read(day_of(NOON))
    assert {"Party": counted, "Fair": counted} == {event: night.counts for event, night in day.events.items()}


@pytest.fixture
def nothing_wrong():
    """Have nothing gone wrong: what the log warned of is the process's, and that has many booths here."""
    troubles.clear()
    yield
    troubles.clear()


@pytest.mark.usefixtures("nothing_wrong")
def test_what_went_wrong_is_told_by_the_next_booth(a_party):
    """It outlasts the booth, as the counts do."""
    party = a_party()
    troubles.note("part.lost", {"part": "lamp", "why": "look at its wires"}, NOON)
    party.close()
    troubles.clear()
    party = a_party()
    party.telling.start()
    party.in_real_time(lambda: Trouble("lamp lost", "look at its wires", NOON) in troubles.last())


# ---- what the booth tells of itself


@pytest.mark.parametrize("in_memory", [True, False])
def test_the_booth_tells_of_itself_while_it_runs(a_party, tmp_path, in_memory):
    """In the folder that the service manager gives, or else in the outbox; and no more when it has ended."""
    run = tmp_path / "run"
    run.mkdir()
    party = a_party(world={"scratch": run} if in_memory else {})
    party.until(Attract)
    folder, outbox = run if in_memory else tmp_path / "outbox", tmp_path / "outbox"
    party.telling.start()
    party.in_real_time(lambda: find(RealDisk(), [folder], outbox) is not None)
    told = find(RealDisk(), [folder], outbox)
    size = told.parts.screen.partition(" ")[2]
    assert ("camera", "", "800x480", 0) == (told.parts.camera, told.parts.frame, size, told.parts.presses)
    assert ("Attract", "Party", "test", "up", 0.0) == (
        told.state, told.event, told.booth, told.reach, told.loop_age_s,
    )  # fmt: skip
    party.close()
    assert not (folder / FILE).exists()


def test_a_visit_whose_guest_wishes_it_is_forgotten_while_the_booth_runs(party, tmp_path):
    """By a file that somebody leaves in the outbox."""
    party.to_form()
    session = party.state.session
    party.send("Zoë", "zoe@example.org")
    party.delivered(1)
    (tmp_path / "outbox" / f"forget-{session}").touch()
    party.telling.start()
    party.in_real_time(lambda: not (tmp_path / "outbox" / "sent" / session).exists())
    party.in_real_time((tmp_path / "outbox" / "forgotten" / f"{session}.json").exists)


# ---- the outbox and the uploader


def test_a_visit_that_is_committed_is_sent_at_once(party):
    """The uploader has looked around just now, and the clock stands still: it would not look again by itself."""
    party.to_form()
    session = party.state.session
    party.uploader.wake()
    party.in_real_time(lambda: party.uploader.beat == party.clock.now())
    party.do(SkipChosen)
    party.until(Farewell, limit=BEAT / 2)
    party.in_real_time(lambda: any(session in key for key in party.bucket.objects))


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, [".gif"]),
        ({"share.url_template": "https://photos.example.com/{session}"}, [".json"]),
        ({"share.presigned_days": 7}, [".json"]),
    ],
    ids=["no link", "a page", "a signed link"],
)
def test_where_guests_are_shown_links_the_details_are_an_object_of_their_own(a_party, settings, named):
    """The settings say so to the outbox; what a link leads to names nobody."""
    party = a_party(settings=settings)
    party.to_form()
    party.send("Zoë", "zoe@example.org")
    party.delivered(1)
    assert named == [key[-len(named[0]) :] for key, (_, metadata) in party.bucket.objects.items() if "name" in metadata]


class RefusingDisk(RealDisk):
    """A disk that takes nothing while it is `broken`."""

    broken = False

    def write(self, file, content):
        if self.broken:
            raise OSError(errno.EIO, "no", str(file))
        super().write(file, content)


def test_a_disk_that_has_refused_a_visit_is_looked_at_before_the_next_guest(a_party):
    """It was well a moment ago; who has met it knows better, and nobody else is invited before it is well again."""
    party = a_party(disk=RefusingDisk())
    party.until(Attract)
    party.disk.broken = True
    party.press()
    party.until(Apology)
    assert Reason.DISK is party.state.reason
    party.until(OutOfOrder, limit=CHECKED / 4)
    for _ in range(6):
        party.turn(LOOK_AFTER)
        assert isinstance(party.state, OutOfOrder)
    party.disk.broken = False
    party.until(Attract, limit=2 * LOOK_AFTER)


class UnmovedDisk(RealDisk):
    """A disk on which no animation takes its name."""

    def rename(self, old, new):
        if new.name == "animation.gif":
            raise OSError(errno.EIO, "no", str(new))
        super().rename(old, new)


def test_the_animation_is_on_the_disk_that_the_visits_are_on(a_party):
    """What that disk does not take is not made."""
    party = a_party(disk=UnmovedDisk())
    party.to_form()
    party.do(SkipChosen)
    party.until(Farewell)
    assert Outcome.LATER is party.state.outcome


# ---- what an operator is told


def test_a_disk_that_will_be_full_soon_is_told(a_party):
    """While there is room yet, so that somebody can make some."""
    party = a_party(settings={"outbox.min_free_mb": 50})
    party.disk.room = 99_999_999
    assert {Notice.DISK_LOW} == notices(party)


def test_a_button_that_is_held_is_told(party):
    """No guest can begin."""
    party.panel.held = Seconds(20.0)
    assert {Notice.BUTTON_HELD} == notices(party)


def test_a_clock_that_is_wrong_is_told(a_party):
    """Nothing is sent before it is right."""
    assert {Notice.CLOCK_UNKNOWN} == notices(a_party(clock=HandClock(wall=0.0)))


def a_visit(party):
    """Have a guest come, pose, and leave."""
    party.to_form()
    party.do(SkipChosen)
    party.until(Farewell)


def test_a_lens_that_is_covered_is_told_and_taken_back(party):
    """Four black pictures are a visit; its guest is told nothing, and has what was taken."""
    party.faults.fail(Fault.BLACK, times=4)
    a_visit(party)
    assert {Notice.PICTURE_BLACK} == notices(party)
    a_visit(party)
    assert set() == notices(party)


def slides(kind):
    """Return what the camera of a party sees, one frame after the other."""
    photo = judged.photographs()[0]
    match kind:
        case Notice.PICTURE_BURNT:
            return [judged.plain(255, 255, 255)] * 4
        case Notice.PICTURE_FLAT:
            return [judged.plain(120, 120, 120)] * 4
        case Notice.PICTURE_FROZEN:
            return [photo]
        case _:
            frames = [judged.lit(photo, 1.0, 3.0, seed) for seed in range(12)]
            return frames + [judged.lit(judged.blurred(photo, 8.0), 1.0, 1.0, seed) for seed in range(8)]


@pytest.mark.parametrize(
    ("notice", "visits"),
    [(Notice.PICTURE_BURNT, 1), (Notice.PICTURE_FLAT, 1), (Notice.PICTURE_FROZEN, 1), (Notice.PICTURE_SOFT, 5)],
    ids=lambda value: getattr(value, "value", ""),
)
def test_what_is_wrong_with_pictures_is_told(a_party, tmp_path, notice, visits):
    """Whatever it is, and the visits go on."""
    folder = tmp_path / "slides"
    folder.mkdir()
    for number, frame in enumerate(slides(notice)):
        frame.resize((320, 240)).save(folder / f"{number:02}.jpg", quality=90)
    party = a_party(open_camera=lambda options: SimCamera(**options.asked() | {"frames": folder}, exposure=Seconds(0)))
    told = [notices(party)]
    for _ in range(visits):
        a_visit(party)
        told.append(notices(party))
    assert [*[set()] * visits, {notice}] == told


@pytest.mark.parametrize("notice", [notice for notice in Notice if notice.value.startswith("update-")])
def test_what_became_of_an_update_is_told(a_party, notice):
    """Each as it is."""
    assert {notice} == notices(a_party(updates=lambda asked: asked is notice))


# ---- what the screen is given


def test_the_screen_finds_the_pictures_of_the_visit(party):
    """The frames small as soon as they are taken, and the animation when it is made."""
    party.until(Attract)
    party.press()
    session = party.state.session
    party.until(lambda: isinstance(party.state, Countdown) and party.state.shot == 3)
    frames = party.screen.album.frames(session)
    assert {1: (240, 180), 2: (240, 180)} == {shot: (one.size.width, one.size.height) for shot, one in frames.items()}
    party.until(lambda: party.screen.album.playback(session) is not None)
    assert 4 == len(party.screen.album.playback(session).pictures)


def test_the_screen_sees_what_the_camera_sees(party):
    """While a guest poses."""
    party.until(Attract)
    party.press()
    party.until(Countdown)
    party.in_real_time(lambda: party.screen.preview() is not None)
    picture = party.screen.preview()
    assert (160, 120) == (picture.size.width, picture.size.height)


def test_a_visit_that_a_touch_begins_has_an_id_like_those_of_the_button(party):
    """And they come in order."""
    party.until(Attract)
    before = party.screen.fresh()
    party.press()
    after = party.screen.fresh()
    assert sorted({before, party.state.session, after}) == [before, party.state.session, after]


# ---- what is looked after beside guests


def test_when_gm_has_been_well_and_nobody_waits_the_memory_is_looked_after_once(a_party):
    """What costs a while is done when no guest feels it."""
    rests = []
    party = a_party(world={"at_rest": lambda: rests.append(party.state)})
    party.until(Attract)
    for _ in range(3):
        party.turn(LOOK_AFTER)
    assert [Attract] == [type(state) for state in rests]


def test_where_the_time_of_a_frame_goes_is_told_to_whoever_asks(a_party):
    """The bench does."""
    parts = []

    @contextlib.contextmanager
    def probe(part):
        parts.append(part)
        yield

    party = a_party(world={"probe": probe})
    party.turn()
    assert {"the scene", "painting"} <= set(parts)


# ---- the end, and what an earlier one has left


class Closing:
    """Whatever is well, and is closed in the end: says so."""

    def __init__(self, name, closed):
        self._name = name
        self._closed = closed

    def check(self):
        pass

    def held_for(self):
        return Seconds(0.0)

    def presses(self):
        return Presses()

    def close(self):
        self._closed.append(self._name)


def test_what_was_opened_is_closed_in_reverse(a_party):
    """But gm first of all, for whom threads may be waiting; and nothing is closed that a thread may still use."""
    closed = []

    class Thread(PromptWorker):
        def close(self, timeout):
            closed.append(self.name)
            return super().close(timeout)

    class Screen(RecordedScreen):
        def close(self):
            closed.append("screen")

    party = a_party(
        compositor=Closing("gm", closed),
        hire=Thread,
        screen=Screen,
        settings={"accessibility.spoken": True},
        world={
            "open_button": lambda options, on_press: Closing("button", closed),
            "open_voice": lambda: Closing("voice", closed),
        },
    )
    assert [] == closed
    party.close()
    assert ["gm", "clerk", "darkroom", "caretaker", "studio", "screen", "button", "voice"] == closed
    assert not party.uploader.alive


def test_what_is_on_its_way_is_gone_at_the_end_and_what_a_killed_booth_left_of_it_at_the_start(a_party, tmp_path):
    """There are guests' pictures in it."""
    scratch = tmp_path / "outbox" / "scratch"
    scratch.mkdir(parents=True)
    (scratch / "left.gif").touch()
    party = a_party()
    assert not (scratch / "left.gif").exists()
    party.until(Attract)
    party.press()
    party.until(lambda: scratch.exists() and any(scratch.iterdir()))
    party.close()
    assert not scratch.exists()


# ---- what no log may say


def test_what_a_guest_has_typed_is_hidden_from_the_moment_of_send_until_it_is_delivered(a_party):
    """In whatever sentence it turns up."""
    party = a_party(uploads=False)
    party.to_form()
    party.send("Quellgard", "quellgard@example.org")
    party.until(Farewell)
    assert "Quellgard" not in shown("the server says Quellgard")
    party.uploader.start()
    party.delivered(1)
    assert "the server says Quellgard" == shown("the server says Quellgard")


def test_guests_of_an_earlier_run_are_hidden_before_anything_of_theirs_is_sent(a_party):
    """Each of them, before the first: a server that was given one before could quote it in its answer to another."""
    party = a_party(uploads=False)
    for name in ("Quellgard", "Brunnwald"):
        party.to_form()
        session = party.state.session
        party.send(name, f"{name.lower()}@example.org")
        party.until(Farewell)
        forget(session)
    party.close()
    said = []

    class QuotingBucket(RecordedBucket):
        def put(self, parcel):
            said.append(shown("Quellgard, Brunnwald"))
            return super().put(parcel)

    bucket = QuotingBucket()
    again = a_party(world={"open_bucket": lambda options: bucket})
    again.in_real_time(lambda: len(bucket.objects) == 2)
    assert ["Quellgard", "Brunnwald"] == [name for name in ("Quellgard", "Brunnwald") if name not in said[0]]


def test_what_is_hidden_of_a_visit_is_forgotten_when_the_visit_is_deleted(party):
    """A name that is on no disk any more is in no memory either."""
    party.to_form()
    hide("Quellgard", of=party.state.session)
    party.do(DeleteChosen)
    party.do((Confirmed, party.ids()))
    party.until(Farewell)
    assert "the server says Quellgard" == shown("the server says Quellgard")
