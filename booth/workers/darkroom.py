"""Where frames become animations, and visits become entries of the outbox."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import structlog

from booth.core.events import (
    AnimationFailed,
    AnimationReady,
    CommitFailed,
    Committed,
    Deferred,
    Discarded,
    DiscardFailed,
)
from booth.core.visit import SessionId
from booth.errors import BoothError, CompositorError, StoppedError
from booth.ports import Compositor, Outbox, Output, Picture, Playback
from booth.workers.worker import Hire, Now, Post, Worker, failed

log = structlog.get_logger()


Small = Callable[[Path], Picture]
"""Reads a frame small. Blocks; raises `CompositorError`."""

Inspect = Callable[[SessionId, Picture], None]
"""Looks at a frame that was read small: is it a picture? Takes a moment; what it finds is told by others."""


def blindly(_session: SessionId, _frame: Picture) -> None:
    """Look at nothing."""


class Contact:
    """A contact sheet: the pictures of the last visits in memory, where the screen finds them without asking the disk.

    Fulfils `booth.ports.Album`.
    """

    def __init__(self, keep: int = 2) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._playbacks: OrderedDict[SessionId, Playback] = OrderedDict()
        self._frames: tuple[SessionId, Mapping[int, Picture]] = (SessionId(""), MappingProxyType({}))

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

    def frames(self, session: SessionId) -> Mapping[int, Picture]:
        """Return the frames of the visit that is going on, small, by their shot; none of any other."""
        of, frames = self._frames
        return frames if of == session else MappingProxyType({})

    def add_frame(self, session: SessionId, shot: int, frame: Picture) -> None:
        """Put a frame in; those of another visit go."""
        with self._lock:
            self._frames = session, MappingProxyType({**self.frames(session), shot: frame})

    def forget(self, session: SessionId) -> None:
        """Take a visit's pictures out, because the guest said so."""
        with self._lock:
            self._playbacks.pop(session, None)
            if self._frames[0] == session:
                self._frames = SessionId(""), MappingProxyType({})

    def clear(self) -> None:
        """Take all pictures out: an animation is some megabytes, and nobody looks at those of earlier visits."""
        with self._lock:
            self._playbacks.clear()
            self._frames = SessionId(""), MappingProxyType({})


class Darkroom:
    """Makes animations and hands visits over; every method is a job of its own worker's, done in the order given."""

    def __init__(
        self,
        compositor: Compositor,
        outbox: Outbox,
        contact: Contact,
        *,
        post: Post,
        now: Now,
        committed: Callable[[SessionId | None], None],
        small: Small | None = None,
        look: Inspect = blindly,
        outputs: Sequence[Output] = (),
        hire: Hire = Worker,
    ) -> None:
        """Make the darkroom; without *small* the screen gets no frames, and nothing can *look* at them.

        *outputs* are made beside the animation. *committed* is called when a visit is in the outbox: with it, if its
        guest waits to hear of it, with None if its guest has left.
        """
        self._compositor = compositor
        self._outbox = outbox
        self._contact = contact
        self._post = post
        self._now = now
        self._committed = committed
        self._small = small
        self._look = look
        self._outputs = tuple(outputs)
        self._left_out: tuple[SessionId, set[str]] = (SessionId(""), set())
        self.worker = hire("darkroom", now)

    def tidy(self) -> None:
        """Let go of the animations of earlier visits."""
        self._contact.clear()

    def prepare(self, session: SessionId, shot: int) -> None:
        """Scale a frame ahead of time: first for the guest to see, then for the animation."""
        try:
            frames = self._outbox.frames(session)
            if shot <= len(frames):
                small = self._show(session, shot, frames[shot - 1])
                self._compositor.prepare(frames[shot - 1], frames[0])
                if small is not None:
                    self._look(session, small)
        except BoothError as exc:
            log.warning("frame.not_prepared", session=session, frame=shot, why=str(exc))

    def join(self, session: SessionId, shots: int) -> None:
        """Make the animation, and say so."""
        try:
            frames, playback = self._make(session)
        except Exception as exc:
            failed("animation.failed", exc, session=session)
            self._post(AnimationFailed(self._now(), session))
        else:
            if frames < shots:  # whoever took one away: the guest gets what there is
                log.error("frame.missing", session=session, frames=frames, shots=shots)
            self._contact.add(session, playback)
            self._post(AnimationReady(self._now(), session))
            with suppress(StoppedError):  # the visit stays open, and the next start makes them
                self._make_others(session)
            self.worker.do(lambda: self._look_at_last(session, shots))  # behind whatever the guest waits for by now

    def commit(self, session: SessionId) -> None:
        """Hand the visit to the outbox, and say how that went. The guest's details have been noted before."""
        try:
            if not self._outbox.has_animation(session):
                _, playback = self._make(session)
                self._contact.add(session, playback)
            self._make_others(session)
            self._outbox.commit(session)
        except CompositorError as exc:
            log.warning("visit.deferred", session=session, why=str(exc))
            self._post(Deferred(self._now(), session))
        except Exception as exc:
            failed("visit.not_committed", exc, session=session)
            self._post(CommitFailed(self._now(), session))
        else:
            log.info("visit.committed", session=session)
            self._post(Committed(self._now(), session))
            self._committed(session)

    def salvage(self, session: SessionId) -> None:
        """Finish a visit that was cut short, with the frames and the details that there are.

        Nobody looks at its animation, so the contact does not get it.
        """
        try:
            if not self._outbox.has_animation(session):
                if not self._outbox.frames(session):
                    self._outbox.give_up(session)
                    return
                self._make(session)
            self._make_others(session)
            self._outbox.commit(session)
        except Exception as exc:
            failed("visit.not_salvaged", exc, session=session)
        else:
            log.info("visit.salvaged", session=session)
            self._committed(None)

    def discard(self, session: SessionId, frames: tuple[Path, ...]) -> bool:
        """Delete the visit's pictures, everywhere; *frames* are where they were. Return whether that went."""
        self._contact.forget(session)
        try:
            self._compositor.forget(frames)
            self._outbox.discard(session)
        except Exception as exc:
            failed("visit.not_discarded", exc, session=session)
            self._post(DiscardFailed(self._now(), session))
            return False
        log.info("visit.discarded", session=session)
        self._post(Discarded(self._now(), session))
        return True

    def _show(self, session: SessionId, shot: int, frame: Path) -> Picture | None:
        if self._small is None:
            return None
        try:
            small = self._small(frame)
        except BoothError as exc:  # the guest does without; whether it is good enough for the animation is gm's to say
            log.warning("frame.not_shown", session=session, frame=shot, why=str(exc))
            return None
        self._contact.add_frame(session, shot, small)
        return small

    def _look_at_last(self, session: SessionId, shots: int) -> None:
        """Look at the frame that nobody has read small, unless the visit has gone meanwhile, or lacks one."""
        if self._small is None:
            return
        try:
            frames = self._outbox.frames(session)
            if len(frames) == shots:
                self._look(session, self._small(frames[-1]))
        except BoothError as exc:
            log.warning("frame.not_looked_at", session=session, frame=shots, why=str(exc))

    def _make_others(self, session: SessionId) -> None:
        """Make what there is to be beside the animation, and is not. What cannot be made is left out.

        A visit without a strip is a visit; one that waits for it for ever is none. So nothing is tried twice: a guest
        who has sent the form would wait for it again. Raises `StoppedError` when the booth is stopping: what is not
        made then is made at the next start, and the visit goes no sooner.
        """
        if self._left_out[0] != session:
            self._left_out = session, set()
        for output in self._outputs:
            if output.kind.file in self._left_out[1]:
                continue
            try:
                frames = self._outbox.frames(session)  # none, if a cut has left the animation alone
                if frames and output.kind in self._outbox.lacks(session):
                    self._outbox.add(session, output.kind, output.make(frames))
            except StoppedError:
                raise
            except Exception as exc:
                self._left_out[1].add(output.kind.file)
                failed("product.not_made", exc, session=session, file=output.kind.file)

    def _make(self, session: SessionId) -> tuple[int, Playback]:
        began = self._now()
        frames = self._outbox.frames(session)
        if not frames:
            raise CompositorError("there are no frames")
        playback = self._compositor.join(frames, self._outbox.animation(session))
        log.info("animation.made", session=session, frames=len(frames), seconds=round(self._now() - began, 3))
        return len(frames), playback
