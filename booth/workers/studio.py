"""The camera, the thread that owns it, and the frames on their way to the medium.

A camera library may hang for ever inside a call, and nothing can get a thread out of there. So each camera has a thread
of its own; one that does not come back is left to itself, with its camera, and another takes its place. What the lost
one says later is not heard.
"""

import threading
from collections.abc import Callable

import structlog

from booth.core.backoff import backoff
from booth.core.events import Event, FrameTaken, Part, PartBack, PartLost, ShutterFailed, VisitOpened, VisitRefused
from booth.core.visit import SessionId
from booth.errors import CameraError, CameraHeldError, OutboxError
from booth.ports import Camera, Outbox, Picture, Rebooter
from booth.units import Instant, Seconds
from booth.workers.worker import Hire, Now, Post, Worker, failed

REOPEN_AT_MOST = Seconds(20.0)
"""The longest wait before a camera that does not open is tried again."""

SILENT_AFTER = Seconds(10.0)
"""A camera that has kept its thread for so long while nobody poses is missing, until it answers or is replaced."""

LOST_AFTER = Seconds(30.0)
"""A camera call that takes longer than this will not come back: longer than any time-out of a driver."""

HOPELESS_AFTER = Seconds(60.0)
"""Time after which only a new process helps, with a lost thread that may still hold the camera, and no other camera."""

HELD_AT_MOST = 6
"""Openings in a row, over some forty seconds, that fail because somebody has the camera: it may be this very process,
which could not give it back, and then only a new one helps.
"""

log = structlog.get_logger()


class _Tripod:
    """One camera at a time, and the thread it is used on. Ends when it is abandoned or closed."""

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        outbox: Outbox,
        rebooter: Rebooter,
        *,
        post: Post,
        now: Now,
        hire: Hire,
    ) -> None:
        self._open_camera = open_camera
        self._rebooter = rebooter
        self._outbox = outbox
        self._tell = post
        self._now = now
        self._attempts = 0
        self._reopening = False
        self.held = 0
        """How many of the last openings failed because somebody has the camera."""
        self.camera: Camera | None = None
        self.watching = False
        self.abandoned = False
        """Set when it hangs: a frame that it still delivers is not kept. One that is exposed at the booth's end is."""
        self.silent = False
        """Set when it was told to be missing only because it takes so long: a sign of life, and it is back."""
        self.gone = threading.Event()
        """Set when it was abandoned or closed: from then on it says nothing and opens nothing."""
        self.worker = hire("studio", now)

    def start(self) -> None:
        self.worker.start()
        self.worker.do(self.reopen)

    def _post(self, event: Event) -> None:
        if not self.gone.is_set():
            self._tell(event)

    def open_visit(self, session: SessionId, *, test: bool) -> None:
        try:
            self._outbox.open(session, test=test)
        except Exception as exc:
            failed("visit.refused", exc, session=session)
            self._post(VisitRefused(self._now(), session))
        else:
            self._post(VisitOpened(self._now(), session))

    def fire(self, session: SessionId, shot: int) -> None:
        began = self._now()
        try:
            if self.camera is None:
                raise CameraError("the camera is not open")
            self.camera.capture(self._outbox.shot(session, shot))
            if self.abandoned:
                return  # nobody has waited; the visit has been ended without this frame
            self._outbox.keep(session, shot)
        except OutboxError as exc:
            failed("frame.not_kept", exc, session=session, frame=shot)
            self._post(ShutterFailed(self._now(), session, shot, Part.DISK))
        except Exception as exc:  # whatever a camera library throws, the guest gets an answer
            failed("frame.failed", exc, session=session, frame=shot)
            self._post(ShutterFailed(self._now(), session, shot, Part.CAMERA))
            self.reopen()
        else:
            ended = self._now()
            log.info("frame.taken", session=session, frame=shot, seconds=round(ended - began, 3))
            self._post(FrameTaken(ended, session, shot))
        if self.camera is not None:  # it may have been given up for lost, if all that took very long
            self._post(PartBack(self._now(), Part.CAMERA))

    def watch(self) -> None:
        if self.camera is not None:
            self._or_reopen(lambda camera: camera.watch(on=self.watching))

    def check(self) -> None:
        if self.camera is not None:
            self._or_reopen(lambda camera: camera.check())

    def _or_reopen(self, use: Callable[[Camera], None]) -> None:
        camera = self.camera
        if camera is None:
            return
        try:
            use(camera)
        except Exception as exc:
            failed("camera.lost", exc)
            self._post(PartLost(self._now(), Part.CAMERA))
            self.reopen()
        else:
            if self.silent:
                self.silent = False
                self._post(PartBack(self._now(), Part.CAMERA))

    def reopen(self) -> None:
        """Open the camera; when that fails, try again later, and let other jobs have their turn meanwhile."""
        if self._reopening:
            return  # the next attempt is on its way
        self.let_go()
        if self.gone.is_set():
            return
        self._attempts += 1
        try:
            self.camera = self._open_camera()
            if self.watching:
                self.camera.watch(on=True)
        except Exception as exc:  # foreign libraries fail in many ways; all of them mean: no camera yet
            self.let_go()
            self.held = self.held + 1 if isinstance(exc, CameraHeldError) else 0
            if self.held == HELD_AT_MOST:
                self._rebooter.camera_held()
            log.warning("camera.not_open", attempt=self._attempts, why=str(exc))
            self._post(PartLost(self._now(), Part.CAMERA))
            self._reopening = True
            self.worker.after(Seconds(min(backoff(self._attempts, 0.5), REOPEN_AT_MOST)), self._again)
        else:
            log.info("camera.open", attempt=self._attempts)
            self._attempts = self.held = 0
            self._rebooter.camera_opened()
            if self.gone.is_set():
                self.let_go()
            self._post(PartBack(self._now(), Part.CAMERA))

    def _again(self) -> None:
        self._reopening = False
        self.reopen()

    def let_go(self) -> None:
        camera, self.camera = self.camera, None
        if camera is not None:
            try:
                camera.close()
            except Exception as exc:  # it is given up anyway, and must not keep the next one from being opened
                failed("camera.not_closed", exc)


class Studio:
    """Takes frames. What is asked of it is done on the camera's thread, and answered with events."""

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        outbox: Outbox,
        rebooter: Rebooter,
        *,
        post: Post,
        now: Now,
        hire: Hire = Worker,
    ) -> None:
        self._new: Callable[[], _Tripod] = lambda: _Tripod(open_camera, outbox, rebooter, post=post, now=now, hire=hire)
        self._post = post
        self._now = now
        self._tripod = self._new()
        self._lost: list[_Tripod] = []
        self._lost_at: Instant | None = None

    @property
    def worker(self) -> Worker:
        """The thread that the camera is used on."""
        return self._tripod.worker

    @property
    def camera(self) -> Camera | None:
        """The camera that is open; None while there is none. It is not to be used: it belongs to its thread."""
        return self._tripod.camera

    def start(self) -> None:
        """Start the thread, and open the camera on it."""
        self._tripod.start()

    def preview(self) -> Picture | None:
        """Return the newest preview picture. Called from the screen's thread; never blocks."""
        camera = self._tripod.camera
        return camera.preview() if camera is not None else None

    def watch(self, *, on: bool) -> None:
        """Have the preview run, or not."""
        self._tripod.watching = on
        self._tripod.worker.do(self._tripod.watch)

    def open_visit(self, session: SessionId, *, test: bool = False) -> None:
        """Make the visit's folder; *test* marks an operator's trial. Answered by `VisitOpened` or `VisitRefused`."""
        tripod = self._tripod
        tripod.worker.do(lambda: tripod.open_visit(session, test=test))

    def fire(self, session: SessionId, shot: int) -> None:
        """Expose a frame and put it on the medium. Answered by `FrameTaken` or `ShutterFailed`."""
        tripod = self._tripod
        tripod.worker.do(lambda: tripod.fire(session, shot))

    def look_after(self) -> None:
        """Have the camera say whether it is well, if it has nothing else to do; replace a thread that hangs in it.

        Called while nobody poses.
        """
        busy = self._tripod.worker.busy_for(self._now())
        if busy > LOST_AFTER:
            self._abandon()
        elif busy > SILENT_AFTER:
            self._tripod.silent = True
            self._post(PartLost(self._now(), Part.CAMERA))
        elif busy == 0.0:
            self._tripod.worker.do(self._tripod.check)

    def stuck(self, now: Instant) -> bool:
        """Return whether only a new process can bring the camera back.

        A lost thread holds it, and no other opens; or it is held, and has been for `HELD_AT_MOST` openings.
        """
        if self._tripod.held >= HELD_AT_MOST:
            return True
        self._lost = [tripod for tripod in self._lost if tripod.worker.alive]
        if not self._lost or self._tripod.camera is not None:
            self._lost_at = None
            return not self._tripod.worker.alive
        if self._lost_at is None:
            self._lost_at = now
        return now - self._lost_at > HOPELESS_AFTER

    def close(self, timeout: Seconds) -> bool:
        """Close the camera and end the thread; return whether it has ended in time."""
        self._tripod.gone.set()
        self._tripod.worker.do(self._tripod.let_go)
        return self._tripod.worker.close(timeout)

    def _abandon(self) -> None:
        lost = self._tripod
        log.error("camera.hangs", seconds=round(lost.worker.busy_for(self._now()), 1))
        lost.abandoned = True
        lost.gone.set()
        lost.worker.do(lost.let_go)
        lost.worker.close(Seconds(0.0))
        self._lost.append(lost)
        self._post(PartLost(self._now(), Part.CAMERA))
        self._tripod = self._new()
        self._tripod.watching = lost.watching
        self._tripod.start()
