"""Carries out the machine's effects, each slow device on a thread of its own, and answers with events.

Threads with an inbox each: the *studio* owns the camera and brings frames to the medium, the *darkroom* makes
animations and hands visits over, the *clerk* writes the guest's details down, the *caretaker* looks after the parts.
A job that raises is answered all the same: this file is where exceptions become events, and the place for a broad
catch. A job that hangs shows in `Crew.stuck`, and the watchdog is not fed.
"""

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable

import structlog

from booth.core.backoff import backoff
from booth.core.effects import (
    Commit,
    Discard,
    Effect,
    FireShutter,
    JoinFrames,
    OpenSession,
    PrepareFrame,
    Salvage,
)
from booth.core.events import (
    AnimationFailed,
    AnimationReady,
    CommitFailed,
    Committed,
    Deferred,
    Discarded,
    DiscardFailed,
    Event,
    FrameTaken,
    Part,
    PartBack,
    PartLost,
    SessionOpened,
    SessionRefused,
    ShutterFailed,
)
from booth.core.session import Guest, SessionId
from booth.errors import BoothError, CameraError, CompositorError, OutboxError
from booth.ports import Camera, Compositor, Outbox, Picture, Playback
from booth.units import Instant, Seconds, later

Job = Callable[[], None]
Post = Callable[[Event], None]
Now = Callable[[], Instant]

log = structlog.get_logger()


class Worker:
    """One thread that does one job after the other. A daemon thread: a hung device cannot stop the booth's end."""

    def __init__(self, name: str, now: Now) -> None:
        self.name = name
        self._now = now
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._later: list[tuple[Instant, Job]] = []  # touched by the thread itself only
        self._busy_since: Instant | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin with the jobs."""
        self._thread.start()

    def do(self, job: Job) -> None:
        """Queue a job. Does not block."""
        self._jobs.put(job)

    def after(self, span: Seconds, job: Job) -> None:
        """Queue a job for *span* from now. May be called from a job of this worker only."""
        self._later.append((later(self._now(), span), job))

    def busy_for(self, now: Instant) -> Seconds:
        """Return how long the job in hand has taken so far; 0 when there is none."""
        since = self._busy_since
        return Seconds(now - since) if since is not None else Seconds(0.0)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def close(self, timeout: Seconds) -> bool:
        """Finish the jobs that are queued, wait *timeout* at most; return whether the thread has ended."""
        if not self._thread.is_alive():
            return True
        self._jobs.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _next(self) -> Job | None:
        """Wait for a job, or until one that was put off is due; None means: no more."""
        while True:
            if not self._later:
                return self._jobs.get()
            soonest = min(self._later, key=lambda entry: entry[0])
            try:
                return self._jobs.get(timeout=max(soonest[0] - self._now(), 0.0))
            except queue.Empty:
                self._later.remove(soonest)
                return soonest[1]

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._busy_since = self._now()
            try:
                job()
            except Exception:  # a bug in a job must not take the thread, and with it the booth, away
                log.exception("worker.job_failed", worker=self.name)
            finally:
                self._busy_since = None


REOPEN_AT_MOST = Seconds(20.0)
"""The longest wait before a camera that does not open is tried again."""

Hire = Callable[[str, Now], Worker]
"""Makes a worker; a test takes one that does its job at once, on the caller's thread."""


class Contact:
    """The animations of the last visits in memory, where the screen finds them without asking the disk."""

    def __init__(self, keep: int = 2) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._playbacks: OrderedDict[SessionId, Playback] = OrderedDict()

    def playback(self, session: SessionId) -> Playback | None:
        """Return the animation, or None if it is not made (yet)."""
        with self._lock:
            return self._playbacks.get(session)

    def add(self, session: SessionId, playback: Playback) -> None:
        """Put an animation in; the oldest one goes when there are more than *keep*."""
        with self._lock:
            self._playbacks[session] = playback
            while len(self._playbacks) > self._keep:
                self._playbacks.popitem(last=False)

    def forget(self, session: SessionId) -> None:
        """Take an animation out, because the guest said so."""
        with self._lock:
            self._playbacks.pop(session, None)

    def clear(self) -> None:
        """Take all animations out: each is some megabytes, and nobody looks at those of earlier visits."""
        with self._lock:
            self._playbacks.clear()


class Studio:
    """The camera, the thread that owns it, and the frames on their way to the medium."""

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        outbox: Outbox,
        *,
        post: Post,
        now: Now,
        hire: Hire = Worker,
    ) -> None:
        self._open_camera = open_camera
        self._outbox = outbox
        self._post = post
        self._now = now
        self._camera: Camera | None = None
        self._watching = False
        self._closing = threading.Event()
        self.worker = hire("studio", now)

    def start(self) -> None:
        """Start the thread, and open the camera on it."""
        self.worker.start()
        self.worker.do(lambda: self._reopen(1))

    def preview(self) -> Picture | None:
        """Return the newest preview picture. Called from the screen's thread; never blocks."""
        camera = self._camera
        return camera.preview() if camera is not None else None

    def watch(self, *, on: bool) -> None:
        """Have the preview run, or not."""
        self._watching = on
        self.worker.do(self._watch)

    def open_session(self, session: SessionId) -> None:
        """Make the visit's folder."""
        self.worker.do(lambda: self._open_session(session))

    def fire(self, session: SessionId, shot: int) -> None:
        """Expose a frame and put it on the medium."""
        self.worker.do(lambda: self._fire(session, shot))

    def close(self, timeout: Seconds) -> bool:
        """Close the camera and end the thread; return whether it has ended in time."""
        self._closing.set()
        self.worker.do(self._let_go)
        return self.worker.close(timeout)

    def _open_session(self, session: SessionId) -> None:
        try:
            self._outbox.open(session)
        except Exception as exc:
            _failed("session.refused", exc, session=session)
            self._post(SessionRefused(self._now(), session))
        else:
            self._post(SessionOpened(self._now(), session))

    def _fire(self, session: SessionId, shot: int) -> None:
        began = self._now()
        try:
            if self._camera is None:
                raise CameraError("the camera is not open")
            self._camera.capture(self._outbox.shot(session, shot))
            self._outbox.keep(session, shot)
        except OutboxError as exc:
            _failed("frame.not_kept", exc, session=session, frame=shot)
            self._post(ShutterFailed(self._now(), session, shot, Part.DISK))
        except Exception as exc:  # whatever a camera library throws, the guest gets an answer
            _failed("frame.failed", exc, session=session, frame=shot)
            self._post(ShutterFailed(self._now(), session, shot, Part.CAMERA))
            self._reopen(1)
        else:
            ended = self._now()
            log.info("frame.taken", session=session, frame=shot, seconds=round(ended - began, 3))
            self._post(FrameTaken(ended, session, shot))
        if self._camera is not None:  # it may have been given up for lost, if all that took very long
            self._post(PartBack(self._now(), Part.CAMERA))

    def _watch(self) -> None:
        if self._camera is None:
            return
        try:
            self._camera.watch(on=self._watching)
        except Exception as exc:
            _failed("camera.lost", exc)
            self._post(PartLost(self._now(), Part.CAMERA))
            self._reopen(1)

    def _reopen(self, attempt: int) -> None:
        """Open the camera; when that fails, try again later, and let other jobs have their turn meanwhile."""
        self._let_go()
        if self._closing.is_set():
            return
        try:
            self._camera = self._open_camera()
            if self._watching:
                self._camera.watch(on=True)
        except Exception as exc:  # foreign libraries fail in many ways; all of them mean: no camera yet
            self._let_go()
            log.warning("camera.not_open", attempt=attempt, why=str(exc))
            self._post(PartLost(self._now(), Part.CAMERA))
            wait = Seconds(min(backoff(attempt, 0.5), REOPEN_AT_MOST))
            self.worker.after(wait, lambda: self._reopen(attempt + 1))
        else:
            log.info("camera.open", attempt=attempt)
            self._post(PartBack(self._now(), Part.CAMERA))

    def _let_go(self) -> None:
        camera, self._camera = self._camera, None
        if camera is not None:
            try:
                camera.close()
            except Exception as exc:  # it is given up anyway, and must not keep the next one from being opened
                _failed("camera.not_closed", exc)


class Darkroom:
    """Where frames become animations, and visits become entries of the outbox."""

    def __init__(
        self,
        compositor: Compositor,
        outbox: Outbox,
        contact: Contact,
        *,
        post: Post,
        now: Now,
        committed: Callable[[], None],
        hire: Hire = Worker,
    ) -> None:
        self._compositor = compositor
        self._outbox = outbox
        self._contact = contact
        self._post = post
        self._now = now
        self._committed = committed
        self.worker = hire("darkroom", now)

    def tidy(self) -> None:
        """Let go of the animations of earlier visits."""
        self._contact.clear()

    def prepare(self, session: SessionId, shot: int) -> None:
        """Scale a frame ahead of time."""
        try:
            frames = self._outbox.frames(session)
            if shot <= len(frames):
                self._compositor.prepare(frames[shot - 1])
        except BoothError as exc:
            log.warning("frame.not_prepared", session=session, frame=shot, why=str(exc))

    def join(self, session: SessionId) -> None:
        """Make the animation, and say so."""
        try:
            self._make(session)
        except Exception as exc:
            _failed("animation.failed", exc, session=session)
            self._post(AnimationFailed(self._now(), session))
        else:
            self._post(AnimationReady(self._now(), session))

    def commit(self, session: SessionId) -> None:
        """Hand the visit to the outbox, and say how that went. The guest's details have been noted before."""
        try:
            if not self._outbox.animation(session).exists():
                self._make(session)
            self._outbox.commit(session)
        except CompositorError as exc:
            log.warning("session.deferred", session=session, why=str(exc))
            self._post(Deferred(self._now(), session))
        except Exception as exc:
            _failed("session.not_committed", exc, session=session)
            self._post(CommitFailed(self._now(), session))
        else:
            log.info("session.committed", session=session)
            self._post(Committed(self._now(), session))
            self._committed()

    def salvage(self, session: SessionId) -> None:
        """Finish a visit that was cut short, with the frames and the details that there are."""
        try:
            if not self._outbox.frames(session):
                self._outbox.discard(session)
                return
            if not self._outbox.animation(session).exists():
                self._make(session)
            self._outbox.commit(session)
        except BoothError as exc:
            log.warning("session.not_salvaged", session=session, why=str(exc))
        else:
            log.info("session.salvaged", session=session)
            self._committed()

    def discard(self, session: SessionId) -> None:
        """Delete the visit's pictures, everywhere."""
        self._contact.forget(session)
        try:
            self._compositor.forget(self._outbox.frames(session))
            self._outbox.discard(session)
        except Exception as exc:
            _failed("session.not_discarded", exc, session=session)
            self._post(DiscardFailed(self._now(), session))
        else:
            log.info("session.discarded", session=session)
            self._post(Discarded(self._now(), session))

    def _make(self, session: SessionId) -> None:
        began = self._now()
        frames = self._outbox.frames(session)
        if not frames:
            raise CompositorError("there are no frames")
        playback = self._compositor.join(frames, self._outbox.animation(session))
        self._contact.add(session, playback)
        log.info("animation.made", session=session, frames=len(frames), seconds=round(self._now() - began, 3))


def _failed(event: str, exc: Exception, **facts: object) -> None:
    """Log that something failed: what we expect to go wrong with its sentence, anything else with its traceback."""
    log.error(event, **facts, why=str(exc), exc_info=not isinstance(exc, BoothError))


class Crew:
    """All the workers, and which of them carries out what."""

    def __init__(
        self,
        *,
        open_camera: Callable[[], Camera],
        compositor: Compositor,
        outbox: Outbox,
        contact: Contact,
        checks: dict[Part, Callable[[], None]],
        post: Post,
        now: Now,
        committed: Callable[[], None],
        hide: Callable[..., None] = lambda *_: None,
        hire: Hire = Worker,
    ) -> None:
        """Make the workers; nothing runs before `start`.

        *checks* raise when a part does not answer. *committed* is called when an entry is in the outbox. *hide* is
        told a guest's details before anything is done with them, so that no log can give them away.
        """
        self._outbox = outbox
        self._post = post
        self._now = now
        self._checks = checks
        self._hide = hide
        self._health: dict[Part, bool] = {}
        self._in_hand: set[SessionId] = set()
        """The visits that somebody works at: begun, and not yet committed, salvaged or discarded."""
        self.studio = Studio(open_camera, outbox, post=post, now=now, hire=hire)
        self.darkroom = Darkroom(compositor, outbox, contact, post=post, now=now, committed=committed, hire=hire)
        self._clerk = hire("clerk", now)
        self._caretaker = hire("caretaker", now)

    def start(self) -> None:
        """Start the threads; the parts report as they come up, and visits that a power cut left behind are finished."""
        self._caretaker.start()
        self._clerk.start()
        self.darkroom.worker.start()
        self.studio.start()
        self.look_after()

    def look_after(self) -> None:
        """Check the parts that do not report by themselves. Cheap; called every few seconds; does not block."""
        if self._caretaker.busy_for(self._now()) == 0.0:
            self._caretaker.do(self._check_all)

    def finish_open_visits(self) -> None:
        """Finish what earlier visits left open: after a power cut, or when no animation could be made at the time.

        A visit that begins before this is done is left alone.
        """
        self._caretaker.do(self._finish_open_visits)

    def carry_out(self, effect: Effect) -> None:
        """Give an effect to the worker that it belongs to. Does not block."""
        studio, darkroom = self.studio, self.darkroom
        match effect:
            case OpenSession(session=session):
                self._in_hand.add(session)
                studio.open_session(session)
                darkroom.worker.do(darkroom.tidy)
            case FireShutter(session=session, shot=shot):
                studio.fire(session, shot)
            case PrepareFrame(session=session, shot=shot):
                darkroom.worker.do(lambda: darkroom.prepare(session, shot))
            case JoinFrames(session=session):
                darkroom.worker.do(lambda: darkroom.join(session))
            case Commit(session=session, guest=guest):
                # The details first, and not behind the animation: a power cut must not find them in memory only.
                self._clerk.do(lambda: self._note_and_commit(session, guest))
            case Salvage(session=session):
                darkroom.worker.do(lambda: self._end(session, darkroom.salvage))
            case Discard(session=session):
                darkroom.worker.do(lambda: self._end(session, darkroom.discard))

    def stuck(self, now: Instant, limit: Seconds) -> str | None:
        """Return the name of a worker that has died, or that has not come back from one job for *limit*."""
        for worker in (self.studio.worker, self.darkroom.worker, self._clerk, self._caretaker):
            if not worker.alive or worker.busy_for(now) > limit:
                return worker.name
        return None

    def close(self, timeout: Seconds) -> None:
        """End the threads, within *timeout* all together.

        What they leave undone is on the disk, and is taken up at the next start.
        """
        until = later(self._now(), timeout)
        self.studio.close(timeout)
        for worker in (self._clerk, self.darkroom.worker, self._caretaker):
            worker.close(Seconds(max(until - self._now(), 0.0)))

    def _note_and_commit(self, session: SessionId, guest: Guest | None) -> None:
        if guest is not None:
            self._hide(guest.name, guest.email)
        try:
            self._outbox.note(session, guest)
        except Exception as exc:
            _failed("guest.not_noted", exc, session=session)
            self._in_hand.discard(session)
            self._post(CommitFailed(self._now(), session))
        else:
            self.darkroom.worker.do(lambda: self._end(session, self.darkroom.commit))

    def _end(self, session: SessionId, how: Callable[[SessionId], None]) -> None:
        """End a visit; from then on it is one of those that may have been left open."""
        try:
            how(session)
        finally:
            self._in_hand.discard(session)

    def _check_all(self) -> None:
        for part, check in self._checks.items():
            try:
                check()
            except Exception as exc:  # a check that fails, in whatever way, has found something
                if self._health.get(part) is not False:
                    log.error("part.lost", part=part.value, why=str(exc))
                self._health[part] = False
                self._post(PartLost(self._now(), part))
            else:
                if self._health.get(part) is not True:
                    log.info("part.back", part=part.value)
                self._health[part] = True
                self._post(PartBack(self._now(), part))

    def _finish_open_visits(self) -> None:
        try:
            unfinished = self._outbox.unfinished()
        except OutboxError as exc:
            log.warning("outbox.not_read", why=str(exc))
            return
        # Asked after the disk: whatever has a folder and is being worked at was taken note of before it got one.
        for session in unfinished:
            if session not in self._in_hand:
                self.darkroom.worker.do(lambda session=session: self.darkroom.salvage(session))  # type: ignore[misc]
