import threading
import weakref
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog.testing

from booth.core.effects import Commit, Discard, FireShutter, JoinFrames, OpenVisit, PrepareFrame, Salvage
from booth.core.events import (
    AnimationFailed,
    AnimationReady,
    CommitFailed,
    Committed,
    Deferred,
    Discarded,
    DiscardFailed,
    FrameTaken,
    Notice,
    NoticeChanged,
    Part,
    PartBack,
    PartLost,
    ShutterFailed,
    VisitOpened,
    VisitRefused,
)
from booth.core.visit import Guest, OwnAnswer, SessionId
from booth.errors import CameraError, CameraHeldError, CompositorError, OutboxError
from booth.ports import Picture, Playback, Size
from booth.units import Instant, Pixels, Seconds
from booth.workers import Contact, Crew, Darkroom, Studio, Worker
from booth.workers.agenda import TRY_AGAIN
from booth.workers.studio import HELD_AT_MOST, HOPELESS_AFTER, LOST_AFTER, REOPEN_AT_MOST, SILENT_AFTER
from lab.clock import HandClock
from lab.workers import PromptWorker
from tests.waiting import PATIENCE

ID = SessionId("20261122-170512-k3v9q2m7xw")
OTHER = SessionId("20261122-180000-aaaaaaaaaa")
PLAYBACK = Playback((), (), 0)
BUG = ZeroDivisionError("a bug of ours, or of a library")


class Told:
    """What was done to the parts, in order, and what they should raise; shared by the recorders below."""

    def __init__(self):
        self.done = []
        self.trouble = {}
        """The exception that a method raises, by its name."""

    def took(self, what, *values):
        self.done.append((what, *values) if values else what)
        if what in self.trouble:
            raise self.trouble[what]


class RecordedCamera:
    def __init__(self, told):
        self._record = told
        self.newest = Picture(Size(Pixels(1), Pixels(1)), b"rgb")

    def preview(self):
        return self.newest

    def watch(self, *, on):
        self._record.took("watch", on)

    def check(self):
        self._record.took("check")

    def capture(self, into):
        self._record.took("capture", into.name)

    def close(self):
        self._record.took("close")


class RecordedOutbox:
    def __init__(self, told, folder):
        self._record = told
        self.folder = folder
        self.kept = (folder / "frame-1.jpg", folder / "frame-2.jpg")
        self.left: tuple[SessionId, ...] = ()

    def open(self, session, *, test=False):
        self._record.took("open", session, *(["test"] if test else []))

    def shot(self, session, shot):
        return self.folder / f"shot-{shot}"

    def keep(self, session, shot):
        self._record.took("keep", session, shot)

    def frames(self, session):
        self._record.took("frames")
        return self.kept

    def animation(self, session):
        return self.folder / "animation.gif"

    def has_animation(self, session):
        return self.animation(session).exists()

    def note(self, session, guest):
        self._record.took("note", session, guest)

    def commit(self, session):
        self._record.took("commit", session)
        self.left = tuple(one for one in self.left if one != session)

    def condemn(self, session):
        self._record.took("condemn", session)

    def discard(self, session):
        self._record.took("discard", session)

    def give_up(self, session):
        self._record.took("give_up", session)

    def unfinished(self):
        self._record.took("unfinished")
        return self.left


class RecordedCompositor:
    def __init__(self, told):
        self._record = told

    def prepare(self, frame, first):
        self._record.took("prepare", frame.name)

    def join(self, frames, into):
        self._record.took("join", *(frame.name for frame in frames))
        into.write_bytes(b"GIF89a")
        return PLAYBACK

    def forget(self, frames):
        self._record.took("forget", *(frame.name for frame in frames))


class Bench:
    """Workers without threads, over recorders, on a hand-moved clock."""

    def __init__(self, folder: Path):
        self.clock = HandClock()
        self.told = Told()
        self.awaited = []
        self.trouble = self.told.trouble
        self.outbox = RecordedOutbox(self.told, folder)
        self.compositor = RecordedCompositor(self.told)
        self.contact = Contact()
        self.workers = {}
        self.events = []
        self.machine_told = []
        self.committed = 0

    def hire(self, name, now):
        self.workers[name] = PromptWorker(name, now)
        return self.workers[name]

    def open_camera(self):
        self.told.took("open_camera")
        return RecordedCamera(self.told)

    def camera_opened(self):
        self.machine_told.append("opened")

    def camera_held(self):
        self.machine_told.append("held")

    def commit(self, session):
        self.committed += 1
        self.awaited.append(session)

    def kinds(self):
        """Return what has been posted since the last call, without the instants."""
        posted, self.events[:] = self.events[:], []
        return [(type(event), *list(vars(event).values())[1:]) for event in posted]

    def done(self):
        """Return what has been done to the parts since the last call."""
        done, self.told.done[:] = self.told.done[:], []
        return done

    def wait(self, seconds):
        self.clock.advance(seconds)
        for worker in self.workers.values():
            worker.catch_up()

    def studio(self):
        return Studio(
            self.open_camera, self.outbox, self, post=self.events.append, now=self.clock.now, hire=self.hire
        )  # fmt: skip

    def darkroom(self, small=None, **more):
        return Darkroom(
            self.compositor, self.outbox, self.contact, post=self.events.append, now=self.clock.now,
            committed=self.commit, small=small, hire=self.hire, **more,
        )  # fmt: skip

    def crew(
        self, *, gallery=None, checks=None, notices=None, hide=lambda *_, **__: None, forget=lambda _: None, hire=None
    ):
        return Crew(
            open_camera=self.open_camera, rebooter=self, compositor=self.compositor, outbox=self.outbox,
            contact=self.contact, checks=checks or {}, notices=notices or {}, post=self.events.append,
            now=self.clock.now, committed=self.commit, hide=hide, forget=forget, gallery=gallery,
            hire=hire or self.hire,
        )  # fmt: skip


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


# ---- one thread


class Latch:
    """A job that waits until it is let go, and tells when it began."""

    def __init__(self):
        self.began = threading.Event()
        self.go = threading.Event()

    def __call__(self):
        self.began.set()
        assert self.go.wait(PATIENCE)


@pytest.fixture
def worker():
    clock = HandClock()
    worker = Worker("tester", clock.now)
    worker.clock = clock
    worker.start()
    yield worker
    assert worker.close(PATIENCE)


class TestWorker:
    def test_jobs_are_done_one_after_the_other_in_order(self, worker):
        """What was given first is done first, on one thread, and all of it before the end."""
        done, threads = [], set()
        for number in range(50):
            worker.do(lambda number=number: (done.append(number), threads.add(threading.current_thread().name)))
        assert worker.close(PATIENCE)
        assert (list(range(50)), {"tester"}) == (done, threads)

    def test_a_job_that_raises_does_not_end_it(self, worker):
        """A bug costs the job, not the jobs after it; the log has the traceback."""
        done = threading.Event()

        def broken():
            raise BUG

        with structlog.testing.capture_logs() as logs:
            worker.do(broken)
            worker.do(done.set)
            assert done.wait(PATIENCE)
        assert [("worker.job_failed", "tester")] == [(line["event"], line["worker"]) for line in logs]
        assert worker.alive

    def test_a_job_that_is_done_is_let_go(self, worker):
        """What a job holds, a guest's details perhaps, is not kept until the next one comes."""
        gone = threading.Event()

        def job():
            pass

        weakref.finalize(job, gone.set)
        worker.do(job)
        del job
        assert gone.wait(PATIENCE)

    def test_a_job_put_off_is_done_when_it_is_due_and_others_have_their_turn(self, worker):
        """Nobody waits for a job that is not due; the soonest is done first."""
        done, all_done = [], threading.Event()

        def put_off():
            worker.after(Seconds(0.02), all_done.set)
            worker.after(Seconds(0.01), lambda: done.append("soon"))
            worker.after(Seconds(3600.0), lambda: done.append("never"))

        worker.do(put_off)
        worker.do(lambda: done.append("at once"))
        assert all_done.wait(PATIENCE)
        assert ["at once", "soon"] == done

    def test_it_says_how_long_the_job_in_hand_has_taken(self, worker):
        """0 while there is none; by that a hung device is found out."""
        assert 0.0 == worker.busy_for(worker.clock.now())
        job = Latch()
        worker.do(job)
        assert job.began.wait(PATIENCE)
        worker.clock.advance(50.0)
        assert 50.0 == worker.busy_for(worker.clock.now())
        job.go.set()
        assert worker.close(PATIENCE)
        assert 0.0 == worker.busy_for(worker.clock.now())

    def test_closing_does_not_wait_for_ever(self, worker):
        """A job that hangs is left behind, and close says so; when it ends after all, the thread does."""
        job = Latch()
        worker.do(job)
        assert job.began.wait(PATIENCE)
        assert not worker.close(Seconds(0.0))
        assert worker.alive
        job.go.set()
        assert worker.close(PATIENCE)
        assert not worker.alive

    def test_one_that_never_began_is_closed(self):
        """There is nothing to wait for."""
        assert Worker("idle", HandClock().now).close(Seconds(0.0))


class TestContact:
    def test_it_keeps_the_last_animations(self):
        """Two by default: more would be memory that a small machine needs."""
        contact = Contact()
        for session in (ID, OTHER, SessionId("third")):
            contact.add(session, PLAYBACK)
        assert [None, PLAYBACK, PLAYBACK] == [contact.playback(session) for session in (ID, OTHER, SessionId("third"))]

    def test_what_a_guest_deletes_is_forgotten(self):
        """Also when there was nothing."""
        contact = Contact()
        contact.add(ID, PLAYBACK)
        contact.forget(ID)
        contact.forget(ID)
        assert contact.playback(ID) is None

    def test_frames_are_those_of_the_visit_that_goes_on(self):
        """By their shot; the first frame of another visit ends the showing of the one before."""
        contact, picture = Contact(), Picture(Size(Pixels(1), Pixels(1)), b"rgb")
        contact.add_frame(ID, 1, picture)
        contact.add_frame(ID, 3, picture)
        assert ({1: picture, 3: picture}, {}) == (contact.frames(ID), contact.frames(OTHER))
        contact.add_frame(OTHER, 1, picture)
        assert ({}, {1: picture}) == (contact.frames(ID), contact.frames(OTHER))

    def test_frames_that_were_seen_are_not_changed_any_more(self):
        """The screen may look at what it was given for as long as it likes."""
        contact, picture = Contact(), Picture(Size(Pixels(1), Pixels(1)), b"rgb")
        contact.add_frame(ID, 1, picture)
        seen = contact.frames(ID)
        contact.add_frame(ID, 2, picture)
        assert {1: picture} == seen

    def test_the_frames_of_a_deleted_visit_are_forgotten(self):
        """So are all when the next guest comes."""
        contact, picture = Contact(), Picture(Size(Pixels(1), Pixels(1)), b"rgb")
        contact.add_frame(ID, 1, picture)
        contact.forget(OTHER)
        assert {1: picture} == contact.frames(ID)
        contact.forget(ID)
        assert {} == contact.frames(ID)
        contact.add_frame(ID, 1, picture)
        contact.clear()
        assert {} == contact.frames(ID)


# ---- the camera


class TestStudio:
    def test_the_camera_is_opened_at_the_start(self, bench):
        """The part is back as soon as it is open; there is no preview before."""
        studio = bench.studio()
        assert studio.preview() is None
        studio.start()
        assert ([(PartBack, Part.CAMERA)], ["open_camera"]) == (bench.kinds(), bench.done())
        assert studio.preview() is not None

    def test_a_visit_gets_its_folder(self, bench):
        """Opened is answered by VisitOpened."""
        bench.studio().open_visit(ID)
        assert ([("open", ID)], [(VisitOpened, ID)]) == (bench.done(), bench.kinds())

    @pytest.mark.parametrize("why", [OutboxError("the disk is full"), BUG])
    def test_a_visit_without_a_folder_is_refused(self, bench, why):
        """Whatever the disk raises, there is an answer."""
        bench.trouble["open"] = why
        bench.studio().open_visit(ID)
        assert [(VisitRefused, ID)] == bench.kinds()

    def test_a_frame_is_exposed_and_put_on_the_medium(self, bench):
        """Captured, then kept, then told; and the camera is known to be there."""
        studio = bench.studio()
        studio.start()
        bench.kinds()
        bench.done()
        studio.fire(ID, 3)
        assert [("capture", "shot-3"), ("keep", ID, 3)] == bench.done()
        assert [(FrameTaken, ID, 3), (PartBack, Part.CAMERA)] == bench.kinds()

    def test_a_frame_that_came_too_late_still_brings_the_camera_back(self, bench):
        """The machine gave the camera up at the deadline; an answer, even a late one, is a sign of life."""
        studio = bench.studio()
        studio.start()
        bench.kinds()
        bench.trouble["keep"] = OutboxError("the visit is gone")
        studio.fire(ID, 1)
        assert [(ShutterFailed, ID, 1, Part.DISK), (PartBack, Part.CAMERA)] == bench.kinds()

    @pytest.mark.parametrize("why", [CameraError("unplugged"), BUG])
    def test_a_camera_that_fails_is_opened_again(self, bench, why):
        """The guest gets an answer, whatever the library throws; then the camera gets another chance."""
        studio = bench.studio()
        studio.start()
        bench.kinds()
        bench.done()
        bench.trouble["capture"] = why
        studio.fire(ID, 1)
        assert [("capture", "shot-1"), "close", "open_camera"] == bench.done()
        camera_back = (PartBack, Part.CAMERA)
        assert [(ShutterFailed, ID, 1, Part.CAMERA), camera_back] == bench.kinds()[:2]

    def test_without_a_camera_the_shutter_fails(self, bench):
        """Fired before the camera is open, it answers, and looks for the camera."""
        studio = bench.studio()
        bench.trouble["open_camera"] = CameraError("no camera was found")
        studio.fire(ID, 1)
        assert [(ShutterFailed, ID, 1, Part.CAMERA), (PartLost, Part.CAMERA)] == bench.kinds()

    def test_a_camera_that_does_not_open_is_tried_again_with_growing_pauses(self, bench):
        """The pauses grow up to 20 s; as soon as it opens, the part is back."""
        bench.trouble["open_camera"] = CameraError("no camera was found")
        bench.studio().start()
        pauses = []
        for _ in range(8):
            assert [(PartLost, Part.CAMERA)] == bench.kinds()
            pauses.append(bench.workers["studio"]._later[0][0] - bench.clock.now())
            bench.wait(pauses[-1] - 0.001)
            assert [] == bench.kinds()
            bench.wait(0.002)
        assert pytest.approx([1.5, 3.0, 6.0, 12.0, *4 * [REOPEN_AT_MOST]]) == pauses
        del bench.trouble["open_camera"]
        bench.kinds()
        bench.wait(REOPEN_AT_MOST + 0.001)
        assert [(PartBack, Part.CAMERA)] == bench.kinds()

    def test_a_camera_that_is_held_is_told_to_the_machine_once(self, bench):
        """After six openings in a row, not before; and that it could be had, whenever it could."""
        held = CameraHeldError("Device or resource busy")
        bench.trouble["open_camera"] = held
        studio = bench.studio()
        studio.start()
        for _ in range(HELD_AT_MOST - 2):
            bench.wait(REOPEN_AT_MOST)
        assert ([], False) == (bench.machine_told, studio.stuck(bench.clock.now()))
        bench.trouble["open_camera"] = CameraError("no camera was found")
        bench.wait(REOPEN_AT_MOST)
        bench.trouble["open_camera"] = held
        for _ in range(HELD_AT_MOST - 1):
            bench.wait(REOPEN_AT_MOST)
        assert ([], False) == (bench.machine_told, studio.stuck(bench.clock.now()))
        for _ in range(3):
            bench.wait(REOPEN_AT_MOST)
        assert (["held"], True) == (bench.machine_told, studio.stuck(bench.clock.now()))
        del bench.trouble["open_camera"]
        bench.wait(REOPEN_AT_MOST)
        assert (["held", "opened"], False) == (bench.machine_told, studio.stuck(bench.clock.now()))

    def test_the_preview_runs_and_stops(self, bench):
        """As it was asked for last."""
        studio = bench.studio()
        studio.start()
        bench.done()
        studio.watch(on=True)
        studio.watch(on=False)
        assert [("watch", True), ("watch", False)] == bench.done()

    def test_a_preview_asked_for_early_runs_as_soon_as_there_is_a_camera(self, bench):
        """The wish outlives the camera's absence."""
        studio = bench.studio()
        studio.watch(on=True)
        assert [] == bench.done()
        studio.start()
        assert ["open_camera", ("watch", True)] == bench.done()

    @pytest.mark.parametrize("why", [CameraError("gone"), BUG])
    def test_a_preview_that_cannot_run_is_a_camera_that_is_gone(self, bench, why):
        """It is lost, and opened again, with the preview that was asked for."""
        studio = bench.studio()
        studio.start()
        bench.kinds()
        bench.done()
        bench.trouble["watch"] = why
        studio.watch(on=True)
        assert [(PartLost, Part.CAMERA), (PartLost, Part.CAMERA)] == bench.kinds()
        assert [("watch", True), "close", "open_camera", ("watch", True), "close"] == bench.done()
        assert studio.preview() is None

    @pytest.mark.parametrize("why", [CameraError("it is stuck"), BUG])
    def test_a_camera_that_does_not_close_keeps_no_other_from_being_opened(self, bench, why):
        """It is given up anyway."""
        studio = bench.studio()
        studio.start()
        bench.kinds()
        bench.trouble["close"] = why
        bench.trouble["capture"] = CameraError("no frame")
        studio.fire(ID, 1)
        assert (PartBack, Part.CAMERA) == bench.kinds()[1]

    def test_a_camera_is_asked_how_it_is_while_nobody_poses(self, bench):
        """One that went away is lost before a guest finds out, and opened again."""
        studio = bench.studio()
        studio.start()
        bench.done()
        bench.kinds()
        studio.look_after()
        assert (["check"], []) == (bench.done(), bench.kinds())
        bench.trouble["check"] = CameraError("unplugged")
        studio.look_after()
        assert [(PartLost, Part.CAMERA), (PartBack, Part.CAMERA)] == bench.kinds()

    def test_there_is_only_one_attempt_to_open_it_at_a_time(self, bench):
        """A shutter that fails while the next attempt is on its way begins no second row of attempts."""
        bench.trouble["open_camera"] = CameraError("no camera was found")
        studio = bench.studio()
        studio.start()
        bench.done()
        studio.fire(ID, 1)
        assert [] == bench.done()
        assert 1 == len(bench.workers["studio"]._later)

    def test_closing_lets_the_camera_go_and_opens_none(self, bench):
        """A shutter that fails on the way out looks for no camera any more."""
        studio = bench.studio()
        studio.start()
        bench.done()
        assert studio.close(Seconds(1.0))
        bench.workers["studio"].alive = True  # as a thread that has some jobs left
        studio.fire(ID, 1)
        assert ["close"] == bench.done()


# ---- animations


class TestDarkroom:
    def test_a_frame_is_prepared_ahead_of_time(self, bench):
        """The frame that was just taken, not another one."""
        bench.darkroom().prepare(ID, 2)
        assert ["frames", ("prepare", "frame-2.jpg")] == bench.done()

    def test_a_frame_is_shown_small_before_it_is_prepared(self, bench):
        """The guest sees it while gm still works; a frame that cannot be shown is prepared all the same."""
        picture = Picture(Size(Pixels(1), Pixels(1)), b"rgb")

        def small(frame):
            bench.told.took("small", frame.name)
            return picture

        darkroom = bench.darkroom(small=small)
        darkroom.prepare(ID, 2)
        assert ["frames", ("small", "frame-2.jpg"), ("prepare", "frame-2.jpg")] == bench.done()
        assert {2: picture} == bench.contact.frames(ID)
        bench.trouble["small"] = CompositorError("it is torn")
        with structlog.testing.capture_logs() as logs:
            darkroom.prepare(ID, 1)
        assert ["frames", ("small", "frame-1.jpg"), ("prepare", "frame-1.jpg")] == bench.done()
        assert ({2: picture}, ["frame.not_shown"]) == (bench.contact.frames(ID), [line["event"] for line in logs])

    def test_a_frame_is_looked_at_after_all_that_somebody_waits_for(self, bench):
        """Shown, prepared, then looked at; one that cannot be shown is not looked at either."""
        picture = Picture(Size(Pixels(1), Pixels(1)), b"rgb")

        def small(frame):
            bench.told.took("small", frame.name)
            return picture

        darkroom = bench.darkroom(small=small, look=lambda *seen: bench.told.took("look", *seen))
        darkroom.prepare(ID, 2)
        looked = ["frames", ("small", "frame-2.jpg"), ("prepare", "frame-2.jpg"), ("look", ID, picture)]
        assert looked == bench.done()
        bench.trouble["small"] = CompositorError("it is torn")
        darkroom.prepare(ID, 1)
        assert ["frames", ("small", "frame-1.jpg"), ("prepare", "frame-1.jpg")] == bench.done()

    def test_the_last_frame_is_looked_at_when_the_animation_is_there(self, bench):
        """Nobody has read it small: it went into the animation as it was."""
        picture = Picture(Size(Pixels(1), Pixels(1)), b"rgb")
        events = []

        def look(*seen):
            events.extend(bench.kinds())
            bench.told.took("look", *seen)

        bench.darkroom(small=lambda _: picture, look=look).join(ID, 2)
        joined = ["frames", ("join", "frame-1.jpg", "frame-2.jpg")]
        assert [*joined, "frames", ("look", ID, picture)] == bench.done()
        assert [(AnimationReady, ID)] == events

    def test_a_visit_that_lacks_a_frame_is_not_looked_at_twice(self, bench):
        """Its last one has been looked at before: it would be the same picture again."""
        darkroom = bench.darkroom(small=lambda _: bench.told.took("small"), look=lambda *_: bench.told.took("look"))
        darkroom.join(ID, 3)
        assert ["frames", ("join", "frame-1.jpg", "frame-2.jpg"), "frames"] == bench.done()

    def test_a_last_frame_that_cannot_be_read_costs_nothing(self, bench):
        """The animation is made; the log has it."""
        bench.trouble["small"] = CompositorError("it is torn")
        darkroom = bench.darkroom(small=lambda _: bench.told.took("small"), look=lambda *_: bench.told.took("look"))
        with structlog.testing.capture_logs() as logs:
            darkroom.join(ID, 2)
        assert [(AnimationReady, ID)] == bench.kinds()
        told = [(line["event"], line["frame"], line["why"]) for line in logs if line["log_level"] == "warning"]
        assert [("frame.not_looked_at", 2, "it is torn")] == told

    def test_a_frame_that_is_not_there_any_more_is_not_prepared(self, bench):
        """The visit may have been discarded meanwhile."""
        bench.darkroom().prepare(ID, 3)
        assert ["frames"] == bench.done()

    @pytest.mark.parametrize(
        ("what", "why"), [("prepare", CompositorError("no gm")), ("frames", OutboxError("the disk does not read"))]
    )
    def test_preparing_may_fail(self, bench, what, why):
        """Nobody is told: it shows in the join, if it still matters then."""
        bench.trouble[what] = why
        with structlog.testing.capture_logs() as logs:
            bench.darkroom().prepare(ID, 1)
        assert ([], ["frame.not_prepared"]) == (bench.kinds(), [line["event"] for line in logs])

    def test_an_animation_is_made_and_shown(self, bench):
        """Of all frames, in order; the screen finds it without asking the disk."""
        bench.darkroom().join(ID, 2)
        assert ["frames", ("join", "frame-1.jpg", "frame-2.jpg")] == bench.done()
        assert [(AnimationReady, ID)] == bench.kinds()
        assert PLAYBACK is bench.contact.playback(ID)

    @pytest.mark.parametrize("why", [CompositorError("gm was stopped"), OutboxError("no"), BUG])
    def test_an_animation_that_cannot_be_made_is_told(self, bench, why):
        """Whatever goes wrong, the guest does not wait for it until the deadline; and the log says why."""
        bench.trouble["join"] = why
        with structlog.testing.capture_logs() as logs:
            bench.darkroom().join(ID, 2)
        assert [("animation.failed", ID, str(why))] == [(line["event"], line["session"], line["why"]) for line in logs]
        assert [(AnimationFailed, ID)] == bench.kinds()
        assert bench.contact.playback(ID) is None

    def test_without_a_frame_there_is_no_animation(self, bench):
        """Nothing is asked of gm."""
        bench.outbox.kept = ()
        with structlog.testing.capture_logs() as logs:
            bench.darkroom().join(ID, 2)
        assert ["there are no frames"] == [line["why"] for line in logs]
        assert (["frames"], [(AnimationFailed, ID)]) == (bench.done(), bench.kinds())

    def test_a_visit_with_an_animation_is_committed(self, bench):
        """It is not made twice; the uploader is woken when the entry is there."""
        darkroom = bench.darkroom()
        darkroom.join(ID, 2)
        bench.done()
        bench.kinds()
        darkroom.commit(ID)
        assert ([("commit", ID)], [(Committed, ID)], 1) == (bench.done(), bench.kinds(), bench.committed)

    def test_the_uploader_hears_whose_guest_is_there(self, bench):
        """A visit that is committed has its guest before the screen; one that was salvaged has none."""
        darkroom = bench.darkroom()
        darkroom.join(ID, 2)
        darkroom.commit(ID)
        darkroom.salvage(ID)
        assert [ID, None] == bench.awaited

    def test_a_visit_whose_animation_failed_gets_a_second_try_at_the_commit(self, bench):
        """Then it is made, and committed."""
        bench.darkroom().commit(ID)
        assert ["frames", ("join", "frame-1.jpg", "frame-2.jpg"), ("commit", ID)] == bench.done()
        assert [(Committed, ID)] == bench.kinds()

    @pytest.mark.parametrize(
        ("what", "why", "told"),
        [
            ("join", CompositorError("no gm"), Deferred),
            ("join", BUG, CommitFailed),
            ("commit", OutboxError("the disk is read-only"), CommitFailed),
            ("commit", BUG, CommitFailed),
            ("frames", OutboxError("the disk does not read"), CommitFailed),
        ],
    )
    def test_a_commit_that_fails_is_told_for_what_it_is(self, bench, what, why, told):
        """Deferred only if everything but the animation is safe; the uploader is not woken for nothing."""
        bench.trouble[what] = why
        bench.darkroom().commit(ID)
        assert ([(told, ID)], 0) == (bench.kinds(), bench.committed)

    def test_a_visit_that_was_cut_short_is_salvaged(self, bench):
        """An animation of the frames there are; nobody is told, the uploader is woken."""
        bench.darkroom().salvage(ID)
        assert ["frames", "frames", ("join", "frame-1.jpg", "frame-2.jpg"), ("commit", ID)] == bench.done()
        assert ([], 1) == (bench.kinds(), bench.committed)

    def test_a_visit_cut_after_its_animation_was_made_keeps_it(self, bench):
        """It is not made again."""
        bench.outbox.animation(ID).write_bytes(b"GIF89a")
        bench.darkroom().salvage(ID)
        assert [("commit", ID)] == bench.done()

    def test_a_visit_without_a_frame_leaves_nothing_behind(self, bench):
        """It is given up."""
        bench.outbox.kept = ()
        bench.darkroom().salvage(ID)
        assert (["frames", ("give_up", ID)], 0) == (bench.done(), bench.committed)

    @pytest.mark.parametrize(
        ("what", "why"),
        [("frames", OutboxError("no")), ("join", CompositorError("no gm")), ("commit", OutboxError("full"))],
    )
    def test_a_visit_that_cannot_be_salvaged_now_stays(self, bench, what, why):
        """It is tried again later; nothing is deleted."""
        bench.trouble[what] = why
        bench.darkroom().salvage(ID)
        assert ("discard", ID) not in bench.done()
        assert ([], 0) == (bench.kinds(), bench.committed)

    def test_what_a_guest_deletes_is_gone_everywhere(self, bench):
        """From memory, from the compositor's scratch, from the disk."""
        bench.contact.add(ID, PLAYBACK)
        bench.darkroom().discard(ID, bench.outbox.kept)
        assert [("forget", "frame-1.jpg", "frame-2.jpg"), ("discard", ID)] == bench.done()
        assert [(Discarded, ID)] == bench.kinds()
        assert bench.contact.playback(ID) is None

    @pytest.mark.parametrize("why", [OutboxError("the disk is read-only"), BUG])
    def test_what_could_not_be_deleted_is_told(self, bench, why):
        """Nobody is told "deleted" when it is not."""
        bench.trouble["discard"] = why
        bench.darkroom().discard(ID, ())
        assert [(DiscardFailed, ID)] == bench.kinds()


# ---- all together


GUEST = Guest("Zoe", "zoe@example.org", consent=True)


class TestCrew:
    def test_the_gallery_is_looked_after_while_nobody_is_there(self, bench):
        """It begins and ends with the others."""
        did = []
        gallery = SimpleNamespace(
            start=lambda: did.append("start"),
            look=lambda: did.append("look"),
            close=lambda timeout: did.append("close"),
        )
        crew = bench.crew(gallery=gallery)
        crew.start()
        crew.look_after()
        crew.close(Seconds(1.0))
        assert ["start", "look", "look", "close"] == did

    @pytest.mark.parametrize(
        ("effect", "worker", "answer"),
        [
            (OpenVisit(ID), "studio", [(VisitOpened, ID)]),
            (FireShutter(ID, 1), "studio", [(FrameTaken, ID, 1), (PartBack, Part.CAMERA)]),
            (PrepareFrame(ID, 1), "darkroom", []),
            (JoinFrames(ID, 4), "darkroom", [(AnimationReady, ID)]),
            (Commit(ID, GUEST), "clerk", [(Committed, ID)]),
            (Salvage(ID), "darkroom", []),
            (Discard(ID), "clerk", [(Discarded, ID)]),
        ],
    )
    def test_each_effect_goes_to_its_worker_and_is_answered(self, bench, effect, worker, answer):
        """No worker is given another one's job: a hung camera must not delay the guest's details."""
        crew = bench.crew()
        crew.start()
        bench.kinds()
        for name, other in bench.workers.items():
            other.alive = name == worker or (name == "darkroom" and worker == "clerk")
        crew.carry_out(effect)
        assert answer == bench.kinds()

    def test_a_visit_begins_without_the_animations_of_earlier_ones(self, bench):
        """Nobody looks at them any more, and each of them is some megabytes."""
        bench.contact.add(OTHER, PLAYBACK)
        bench.crew().carry_out(OpenVisit(ID))
        assert bench.contact.playback(OTHER) is None

    def test_the_details_are_noted_before_the_visit_is_committed(self, bench):
        """And hidden from every log before that: a name may be in any exception's text."""
        bench.outbox.animation(ID).write_bytes(b"GIF89a")
        crew = bench.crew(hide=lambda *texts, of: bench.told.took("hide", *texts, of))
        crew.carry_out(Commit(ID, GUEST))
        assert [("hide", "Zoe", "zoe@example.org", ID), ("note", ID, GUEST), ("commit", ID)] == bench.done()

    def test_answers_are_hidden_as_the_name_is(self, bench):
        """What was typed below a question of the event's own may tell who somebody is."""
        bench.outbox.animation(ID).write_bytes(b"GIF89a")
        crew = bench.crew(hide=lambda *texts, of: bench.told.took("hide", *texts, of))
        crew.carry_out(Commit(ID, replace(GUEST, told=(OwnAnswer("who", "aunt Ida"),))))
        assert ("hide", "Zoe", "zoe@example.org", "aunt Ida", ID) == bench.done()[0]

    def test_the_details_of_a_visit_that_is_deleted_are_forgotten(self, bench):
        """Nothing will speak of it again."""
        forgotten = []
        bench.crew(forget=forgotten.append).carry_out(Discard(ID))
        assert [ID] == forgotten

    def test_a_guest_without_details_is_noted_as_such(self, bench):
        """There is nothing to hide."""
        bench.outbox.animation(ID).write_bytes(b"GIF89a")
        crew = bench.crew(hide=lambda *texts, of: bench.told.took("hide", *texts, of))
        crew.carry_out(Commit(ID, None))
        assert [("note", ID, None), ("commit", ID)] == bench.done()

    @pytest.mark.parametrize("why", [OutboxError("full"), BUG])
    def test_details_that_cannot_be_noted_are_not_committed_without(self, bench, why):
        """The visit stays as it is, and the machine is told."""
        bench.trouble["note"] = why
        bench.crew().carry_out(Commit(ID, GUEST))
        assert ([("note", ID, GUEST)], [(CommitFailed, ID)]) == (bench.done(), bench.kinds())

    def test_at_the_start_the_camera_is_opened_and_the_parts_are_checked(self, bench):
        """Each part reports."""
        bench.crew(checks={Part.GM: lambda: None, Part.DISK: lambda: None}).start()
        assert {(PartBack, part) for part in (Part.CAMERA, Part.GM, Part.DISK)} == set(bench.kinds())

    @pytest.mark.parametrize("why", [CompositorError("no gm"), BUG])
    def test_a_part_is_logged_only_when_it_changes_and_posted_always(self, bench, why):
        """The machine may have lost sight of a part for another reason; the log need not hear it twice."""
        checks = {Part.GM: lambda: bench.told.took("gm")}
        crew = bench.crew(checks=checks)
        with structlog.testing.capture_logs() as logs:
            for trouble in (None, None, why, why, None):
                bench.trouble |= {"gm": trouble} if trouble else {}
                if trouble is None:
                    bench.trouble.pop("gm", None)
                crew.look_after()
        told = [PartBack, PartBack, PartLost, PartLost, PartBack]
        assert [(kind, Part.GM) for kind in told] == bench.kinds()
        assert ["part.back", "part.lost", "part.back"] == [line["event"] for line in logs]

    def test_a_notice_is_told_when_it_begins_and_when_it_ends(self, bench):
        """What an operator should know is no news the second time."""
        answers = [False, True, True, False]
        crew = bench.crew(notices={Notice.DISK_LOW: lambda: answers.pop(0)})
        with structlog.testing.capture_logs() as logs:
            crew.start()
            for _ in range(3):
                crew.look_after()
        told = [(event.notice, event.on) for event in bench.events if isinstance(event, NoticeChanged)]
        assert [(Notice.DISK_LOW, True), (Notice.DISK_LOW, False)] == told
        assert ["notice.began", "notice.ended"] == [line["event"] for line in logs if "notice" in line]

    def test_a_notice_that_cannot_be_asked_for_changes_nothing(self, bench):
        """A disk that does not answer is a missing part, and not one that is low."""
        asked = []

        def low():
            asked.append("low")
            raise OutboxError("gone")

        bench.crew(notices={Notice.DISK_LOW: low}).start()
        assert (["low"], []) == (asked, [event for event in bench.events if isinstance(event, NoticeChanged)])

    def test_one_part_that_is_missing_hides_no_other(self, bench):
        """All are checked at every round."""
        bench.trouble["gm"] = CompositorError("no gm")
        checks = {Part.GM: lambda: bench.told.took("gm"), Part.DISK: lambda: bench.told.took("disk")}
        bench.crew(checks=checks).look_after()
        assert ["gm", "disk"] == bench.done()

    def test_visits_that_were_left_open_are_finished(self, bench):
        """After a power cut, all of them."""
        bench.outbox.left = (ID, OTHER)
        bench.outbox.animation(ID).write_bytes(b"GIF89a")
        bench.crew().finish_open_visits()
        one_by_one = ["unfinished", ("commit", ID), "unfinished", ("commit", OTHER), "unfinished"]
        assert one_by_one == bench.done()

    def test_a_visit_that_goes_on_is_not_finished_by_anybody_else(self, bench):
        """Nor is any other one meanwhile: gm is the guest's, then."""
        crew = bench.crew()
        crew.carry_out(OpenVisit(ID))
        bench.outbox.left = (ID, OTHER)
        bench.done()
        crew.finish_open_visits()
        assert [] == bench.done()

    @pytest.mark.parametrize("end", [Commit(ID, None), Salvage(ID)])
    def test_a_visit_whose_end_failed_is_one_of_those_left_open(self, bench, end):
        """It is taken up again, after a while."""
        crew = bench.crew()
        crew.carry_out(OpenVisit(ID))
        bench.outbox.left = (ID,)
        bench.trouble |= {"note": OutboxError("full"), "join": CompositorError("no gm")}
        crew.carry_out(end)
        bench.trouble.clear()
        bench.clock.advance(TRY_AGAIN)
        bench.done()
        crew.finish_open_visits()
        assert ("commit", ID) in bench.done()

    def test_a_visit_that_cannot_be_finished_is_tried_less_and_less_often(self, bench):
        """A torn frame stays torn: after a minute, two, four, ... an hour at most."""
        crew = bench.crew()
        bench.outbox.left = (ID,)
        bench.trouble["join"] = CompositorError("a frame is torn")
        tries = []
        for minute in range(200):
            bench.done()
            crew.finish_open_visits()
            tries += [minute] if "frames" in bench.done() else []
            bench.clock.advance(TRY_AGAIN)
        assert [0, 1, 3, 7, 15, 31, 63, 123, 183] == tries

    @pytest.mark.parametrize("trouble", ["condemn", "discard"])
    def test_what_a_guest_deletes_is_never_finished_instead(self, bench, trouble):
        """A disk that refuses is told, and asked again later; nobody makes an animation of it meanwhile."""
        crew = bench.crew()
        crew.carry_out(OpenVisit(ID))
        bench.outbox.left = (ID,)
        bench.trouble[trouble] = OutboxError("the disk does not write")
        bench.kinds()
        crew.carry_out(Discard(ID))
        assert [(DiscardFailed, ID)] == bench.kinds()
        crew.finish_open_visits()
        assert ("commit", ID) not in bench.done()
        bench.trouble.clear()
        bench.clock.advance(TRY_AGAIN)
        crew.finish_open_visits()
        assert [(Discarded, ID)] == bench.kinds()
        assert [("condemn", ID), ("forget", "frame-1.jpg", "frame-2.jpg"), ("discard", ID)] == bench.done()[1:4]

    def test_the_wish_to_delete_does_not_wait_for_the_animation(self, bench):
        """It is on the medium before anything is deleted: a power cut must not bring the pictures back."""
        bench.crew().carry_out(Discard(ID))
        assert ["frames", ("condemn", ID)] == bench.done()[:2]

    def test_an_outbox_that_cannot_be_read_ends_nothing(self, bench):
        """It is looked at again later."""
        bench.trouble["unfinished"] = OutboxError("the disk does not read")
        with structlog.testing.capture_logs() as logs:
            bench.crew().finish_open_visits()
        assert ["outbox.not_read"] == [line["event"] for line in logs]

    def test_nobody_is_stuck_while_all_come_back(self, bench):
        """Workers that are alive and idle."""
        assert bench.crew().stuck(bench.clock.now(), Seconds(45.0), Seconds(45.0)) is None

    @pytest.mark.parametrize("name", ["studio", "darkroom", "clerk", "caretaker"])
    def test_a_worker_that_has_died_is_stuck(self, bench, name):
        """Each of them is watched."""
        crew = bench.crew()
        bench.workers[name].alive = False
        assert name == crew.stuck(bench.clock.now(), Seconds(45.0), Seconds(45.0))


class HangingCamera(RecordedCamera):
    """Hangs in the capture until it is let go."""

    def __init__(self, told, latch):
        super().__init__(told)
        self._latch = latch

    def capture(self, into):
        self._latch()
        super().capture(into)


class TestAHungCamera:
    """A thread cannot be brought back from inside a library; another one takes its place."""

    @pytest.fixture
    def hung(self, bench):
        """Return a studio whose camera hangs in a shutter, and the latch that lets it go."""
        latch = Latch()
        cameras = iter([HangingCamera(bench.told, latch)])
        opened = threading.Semaphore(0)

        def open_camera():
            try:
                return next(cameras, None) or bench.open_camera()
            finally:
                opened.release()

        studio = Studio(open_camera, bench.outbox, bench, post=bench.events.append, now=bench.clock.now)
        studio.opened = opened
        studio.start()
        assert opened.acquire(timeout=PATIENCE)
        studio.fire(ID, 1)
        assert latch.began.wait(PATIENCE)
        bench.kinds()
        yield studio, latch
        latch.go.set()
        assert studio.close(PATIENCE)

    def test_it_is_replaced_after_a_while(self, bench, hung):
        """The camera is opened again on a new thread; the part is lost until then."""
        studio, _ = hung
        lost = studio.worker
        bench.clock.advance(SILENT_AFTER)
        studio.look_after()
        assert [] == bench.kinds(), "not before its time"
        bench.clock.advance(LOST_AFTER - SILENT_AFTER)
        studio.look_after()
        assert ([(PartLost, Part.CAMERA)], lost) == (bench.kinds(), studio.worker), "missed, and not given up yet"
        bench.clock.advance(1.0)
        studio.look_after()
        assert studio.opened.acquire(timeout=PATIENCE)
        studio.worker.do(done := Latch())
        done.go.set()
        assert done.began.wait(PATIENCE)
        assert [(PartLost, Part.CAMERA), (PartBack, Part.CAMERA)] == bench.kinds()
        assert not studio.stuck(bench.clock.now())

    def test_one_that_answers_after_all_is_back(self, bench, hung):
        """It was missing because it took so long: the next check that goes well is a sign of life."""
        studio, latch = hung
        latch.go.set()
        studio.worker.do(done := Latch())
        done.go.set()
        assert done.began.wait(PATIENCE)
        check = Latch()
        studio._tripod.camera.check = check
        studio.look_after()
        assert check.began.wait(PATIENCE)
        bench.clock.advance(SILENT_AFTER + 1.0)
        bench.kinds()
        studio.look_after()
        check.go.set()
        studio.worker.do(done := Latch())
        done.go.set()
        assert done.began.wait(PATIENCE)
        assert [(PartLost, Part.CAMERA), (PartBack, Part.CAMERA)] == bench.kinds()

    def test_what_the_lost_one_says_later_is_not_heard(self, bench, hung):
        """Its frame is nobody's: the visit has been ended without it."""
        studio, latch = hung
        lost = studio.worker
        bench.clock.advance(LOST_AFTER + 1.0)
        studio.look_after()
        assert studio.opened.acquire(timeout=PATIENCE)
        latch.go.set()
        lost._thread.join(PATIENCE)
        assert not lost.alive
        assert ("keep", ID, 1) not in bench.told.done
        assert FrameTaken not in {kind for kind, *_ in bench.kinds()}

    def test_when_no_other_opens_only_a_new_process_helps(self, bench, hung):
        """The lost thread may hold the camera: the watchdog is starved after a while, and not at once."""
        studio, _ = hung
        bench.trouble["open_camera"] = CameraError("the device is busy")
        bench.clock.advance(LOST_AFTER + 1.0)
        studio.look_after()
        assert studio.opened.acquire(timeout=PATIENCE)
        assert not studio.stuck(bench.clock.now())
        bench.clock.advance(HOPELESS_AFTER + 1.0)
        assert studio.stuck(bench.clock.now())


class TestCrewOnThreads:
    """What only real threads show."""

    @pytest.fixture
    def crew(self, bench):
        made = []

        def make(**options):
            made.append(bench.crew(hire=Worker, **options))
            made[-1].start()
            return made[-1]

        yield make
        for crew in made:
            crew.close(PATIENCE)
            assert crew.stuck(Instant(0.0), Seconds(0.0), Seconds(0.0)) is not None, "all threads have ended"

    def test_a_worker_that_does_not_come_back_is_named(self, bench, crew):
        """Not before its time; and not any more when it has come back."""
        hang = Latch()
        made = crew(checks={Part.DISK: hang})
        assert hang.began.wait(PATIENCE)
        bench.clock.advance(45.0)
        assert made.stuck(bench.clock.now(), Seconds(45.0), Seconds(45.0)) is None
        bench.clock.advance(1.0)
        assert "caretaker" == made.stuck(bench.clock.now(), Seconds(45.0), Seconds(45.0))
        hang.go.set()
        made._caretaker.do(latch := Latch())
        latch.go.set()
        assert latch.began.wait(PATIENCE)
        assert made.stuck(bench.clock.now(), Seconds(45.0), Seconds(45.0)) is None

    def test_checks_do_not_pile_up_behind_one_that_hangs(self, bench, crew):
        """The caretaker gets another round only when it has finished the last one."""
        hang, rounds = Latch(), []
        made = crew(checks={Part.DISK: lambda: (rounds.append(1), hang())})
        assert hang.began.wait(PATIENCE)
        for _ in range(10):
            bench.clock.advance(5.0)
            made.look_after()
        hang.go.set()
        made.close(PATIENCE)
        assert [1] == rounds

    def test_details_are_on_the_disk_while_the_darkroom_hangs(self, bench, crew):
        """A power cut must not find them in memory only because gm takes its time."""
        hang, noted = Latch(), threading.Event()
        made = crew()
        made.darkroom.worker.do(hang)
        made.carry_out(Commit(ID, GUEST))
        made._clerk.do(noted.set)
        assert noted.wait(PATIENCE)
        assert ("note", ID, GUEST) in bench.told.done
        assert ("commit", ID) not in bench.told.done
        hang.go.set()

    def test_a_shutter_does_not_wait_for_the_darkroom(self, bench, crew):
        """The frame before is still being prepared when the countdown ends: the next one is taken, kept and told."""
        hang, told = Latch(), threading.Event()
        made = crew()
        bench.compositor.prepare = lambda frame, first: hang()
        made.carry_out(PrepareFrame(ID, 1))
        assert hang.began.wait(PATIENCE)
        made.carry_out(FireShutter(ID, 2))
        made.studio.worker.do(told.set)
        assert told.wait(PATIENCE)
        assert ("keep", ID, 2) in bench.done()
        assert (FrameTaken, ID, 2) in bench.kinds()
        assert made.darkroom.worker.busy_for(Instant(bench.clock.now() + 1.0)) > 0.0, "it is still at the one before"
        hang.go.set()

    def test_a_frame_that_is_exposed_at_the_end_is_kept(self, bench, crew):
        """The shutter was open when the booth was told to end: what it took is on the medium before it does."""
        exposure = Latch()
        bench.open_camera = lambda: SimpleNamespace(capture=lambda into: exposure(), close=lambda: None)
        made = crew()
        made.carry_out(FireShutter(ID, 1))
        assert exposure.began.wait(PATIENCE)
        made.studio.close(Seconds(0.0))
        exposure.go.set()
        assert made.studio.worker.close(PATIENCE)
        assert ("keep", ID, 1) in bench.done()

    def test_a_camera_that_opens_after_the_end_is_closed(self, bench, crew):
        """Nobody else would close it."""
        opening, closed = Latch(), []

        def open_camera():
            opening()
            return SimpleNamespace(close=lambda: closed.append(True))

        bench.open_camera = open_camera
        made = crew()
        assert opening.began.wait(PATIENCE)
        made.studio.close(Seconds(0.0))
        opening.go.set()
        assert made.studio.worker.close(PATIENCE)
        assert [True] == closed

    def test_all_are_ended_within_one_time_out(self, bench, crew):
        """Four hung workers take no longer than one: the clock says when the time is over."""
        made = crew()
        hangs = [Latch() for _ in range(4)]
        workers = (made._clerk, made.darkroom.worker, made._caretaker, made.studio.worker)
        for worker, hang in zip(workers, hangs, strict=True):
            worker.do(hang)
            assert hang.began.wait(PATIENCE)
        waited = []
        for worker in workers:
            worker.close = lambda timeout: (waited.append(timeout), bench.clock.advance(timeout))
        made.close(Seconds(1.5))
        for worker, hang in zip(workers, hangs, strict=True):
            del worker.close
            hang.go.set()
        assert 1.5 == sum(waited)
