"""All the workers, and which of them carries out what."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import structlog

from booth.core.effects import (
    Commit,
    Discard,
    Effect,
    FireShutter,
    JoinFrames,
    OpenVisit,
    PrepareFrame,
    Salvage,
)
from booth.core.events import CommitFailed, DiscardFailed, Notice, NoticeChanged, Part, PartBack, PartLost
from booth.core.operating import ALWAYS, Hours, HoursChanged, Request
from booth.core.visit import Guest, SessionId
from booth.errors import OutboxError
from booth.ports import Camera, Compositor, Outbox, Output, Rebooter
from booth.units import Instant, Seconds, later
from booth.workers.agenda import Agenda
from booth.workers.darkroom import Contact, Darkroom, Inspect, Small, blindly
from booth.workers.gallery import Gallery
from booth.workers.porter import Porter
from booth.workers.studio import Studio
from booth.workers.worker import Hire, Now, Post, Worker, failed

log = structlog.get_logger()


class Crew:
    """All the workers, and which of them carries out what."""

    def __init__(
        self,
        *,
        open_camera: Callable[[], Camera],
        rebooter: Rebooter,
        compositor: Compositor,
        outbox: Outbox,
        contact: Contact,
        checks: dict[Part, Callable[[], None]],
        post: Post,
        now: Now,
        committed: Callable[[SessionId | None], None],
        hide: Callable[..., None] = lambda *_, **__: None,
        forget: Callable[[str], None] = lambda _: None,
        small: Small | None = None,
        look: Inspect = blindly,
        outputs: Sequence[Output] = (),
        gallery: Gallery | None = None,
        notices: Mapping[Notice, Callable[[], bool]] = MappingProxyType({}),
        hours: Callable[[], Hours] = lambda: ALWAYS,
        porter: Porter | None = None,
        hire: Hire = Worker,
    ) -> None:
        """Make the workers; nothing runs before `start`.

        *checks* raise when a part does not answer. *committed* is called when an entry is in the outbox. *hide* is
        told a guest's details before anything is done with them, so that no log can give them away; *forget* is told
        of a visit that was deleted. *small* reads a frame for the guest to see while the next one is taken, and *look*
        looks at it: is it a picture? *outputs* are made beside the animation. The *gallery*, if there is one, is looked
        after, too.
        *notices* say whether something holds that an operator should know; one that cannot say changes nothing.
        *hours* say whether the event is open. The *porter* does what the operator's screen asks for, if there is one.
        """
        self._outbox = outbox
        self._post = post
        self._now = now
        self._checks = checks
        self._hide = hide
        self._forget = forget
        self._notices = notices
        self._health: dict[Part, bool] = {}  # this, and what is noted, is the caretaker's alone
        self._noted: set[Notice] = set()
        self._agenda = Agenda(now)
        self.studio = Studio(open_camera, outbox, rebooter, post=post, now=now, hire=hire)
        self.darkroom = Darkroom(
            compositor,
            outbox,
            contact,
            post=post,
            now=now,
            committed=committed,
            small=small,
            look=look,
            outputs=outputs,
            hire=hire,
        )
        self._gallery = gallery
        self._porter = porter
        self._hours, self._said_hours = hours, ALWAYS
        self._clerk = hire("clerk", now)
        self._caretaker = hire("caretaker", now)

    def start(self) -> None:
        """Start the threads; the parts report as they come up."""
        self._caretaker.start()
        self._clerk.start()
        self.darkroom.worker.start()
        self.studio.start()
        if self._gallery is not None:
            self._gallery.start()
        if self._porter is not None:
            self._porter.worker.start()
        self.look_after()

    def look_after(self) -> None:
        """Check the parts that do not report by themselves. Cheap; called every few seconds; does not block."""
        self.studio.look_after()
        if self._caretaker.busy_for(self._now()) == 0.0:
            self._caretaker.do(self._check_all)
        if self._gallery is not None:
            self._gallery.look()

    def finish_open_visits(self) -> None:
        """Finish what earlier visits left open: after a power cut, or when no animation could be made at the time.

        One at a time, and only while no guest's own visit is in hand. Called every few seconds while nobody is there.
        """
        self._caretaker.do(self._finish_an_open_visit)

    def carry_out(self, effect: Effect) -> None:
        """Give an effect to the worker that it belongs to. Does not block."""
        if isinstance(effect, Request):
            if self._porter is not None:
                self._porter.carry_out(effect)
            return
        studio, darkroom = self.studio, self.darkroom
        match effect:
            case OpenVisit(session=session, test=test):
                self._agenda.take(session)
                darkroom.worker.do(darkroom.tidy)
                studio.open_visit(session, test=test)
            case FireShutter(session=session, shot=shot):
                studio.fire(session, shot)
            case PrepareFrame(session=session, shot=shot):
                darkroom.worker.do(lambda: darkroom.prepare(session, shot))
            case JoinFrames(session=session, shots=shots):
                darkroom.worker.do(lambda: darkroom.join(session, shots))
            case Commit(session=session, guest=guest):
                # The details first, and not behind the animation: a power cut must not find them in memory only.
                self._clerk.do(lambda: self._note_and_commit(session, guest))
            case Salvage(session=session):
                darkroom.worker.do(lambda: self._salvage(session))
            case Discard(session=session):
                # The wish first, and not behind the animation: a power cut must not bring the pictures back.
                self._agenda.unwanted(session)
                self._clerk.do(lambda: self._condemn_and_discard(session))

    def stuck(self, now: Instant, limit: Seconds, darkroom_limit: Seconds) -> str | None:
        """Return the name of a worker that has died, or that has not come back from one job for too long.

        *darkroom_limit* is for those who wait for gm, which has deadlines of its own. A camera that hangs is replaced,
        and counts only when that does not help.
        """
        for worker, most in (
            (self._clerk, limit),
            (self.darkroom.worker, darkroom_limit),
            (self._caretaker, darkroom_limit),
        ):
            if not worker.alive or worker.busy_for(now) > most:
                return worker.name
        return "studio" if self.studio.stuck(now) else None

    def close(self, timeout: Seconds) -> None:
        """End the threads, within *timeout* all together; first the one that has a guest's details in hand.

        What they leave undone is on the disk, and is taken up at the next start.
        """
        until = later(self._now(), timeout)
        for worker in (self._clerk, self.darkroom.worker, self._caretaker):
            worker.close(Seconds(max(until - self._now(), 0.0)))
        self.studio.close(Seconds(max(until - self._now(), 0.0)))
        if self._gallery is not None:
            self._gallery.close(Seconds(0.0))  # it only reads
        if self._porter is not None:
            self._porter.worker.close(Seconds(max(until - self._now(), 0.0)))

    def _note_and_commit(self, session: SessionId, guest: Guest | None) -> None:
        if guest is not None:
            self._hide(guest.name, guest.email, *(answer.text for answer in guest.told), of=session)
        try:
            self._outbox.note(session, guest)
        except Exception as exc:
            failed("guest.not_noted", exc, session=session)
            self._agenda.let_go(session)
            self._post(CommitFailed(self._now(), session))
        else:
            self.darkroom.worker.do(lambda: self._commit(session))

    def _commit(self, session: SessionId) -> None:
        try:
            self.darkroom.commit(session)
        finally:
            self._agenda.let_go(session)

    def _salvage(self, session: SessionId) -> None:
        """Finish a visit without its guest; when that does not go, have it tried again later."""
        try:
            self.darkroom.salvage(session)
            self._agenda.put_off(session)  # should it still be open at the next look, then not at once
        finally:
            self._agenda.let_go(session)

    def _condemn_and_discard(self, session: SessionId) -> None:
        try:
            frames = self._outbox.frames(session)
            self._outbox.condemn(session)
        except Exception as exc:
            failed("visit.not_condemned", exc, session=session)
            self._agenda.put_off(session)
            self._agenda.let_go(session)
            self._post(DiscardFailed(self._now(), session))
            return

        def discard() -> None:
            try:
                if self.darkroom.discard(session, frames):
                    self._agenda.deleted(session)
                    self._forget(session)
                else:
                    self._agenda.put_off(session)
            finally:
                self._agenda.let_go(session)

        self.darkroom.worker.do(discard)

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
        for notice, holds in self._notices.items():
            with contextlib.suppress(OutboxError):  # what does not answer is a part that is lost, and was told above
                self._note(notice, on=holds())
        hours = self._hours()
        if hours != self._said_hours:
            self._said_hours = hours
            log.info("hours.changed", opening=hours.opening.value, at=hours.at)
            self._post(HoursChanged(self._now(), hours))

    def _note(self, notice: Notice, *, on: bool) -> None:
        """Tell when *notice* has begun or ceased to hold."""
        if on is (notice in self._noted):
            return
        self._noted ^= {notice}
        log.warning("notice.began" if on else "notice.ended", notice=notice.value)
        self._post(NoticeChanged(self._now(), notice, on))

    def _finish_an_open_visit(self) -> None:
        if not self._agenda.idle:
            return
        unwanted = self._agenda.take_unwanted()
        if unwanted is not None:
            self._clerk.do(lambda: self._condemn_and_discard(unwanted))
            return
        try:
            unfinished = self._outbox.unfinished()
        except OutboxError as exc:
            log.warning("outbox.not_read", why=str(exc))
            return
        oldest = self._agenda.take_unfinished(unfinished)
        if oldest is not None:
            self.darkroom.worker.do(lambda: self._salvage_and_go_on(oldest))

    def _salvage_and_go_on(self, session: SessionId) -> None:
        self._salvage(session)
        self.finish_open_visits()
