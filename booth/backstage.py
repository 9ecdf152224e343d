"""What is behind the operator's screen: a part of the composition root, who gets what for it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import structlog

from booth import RELEASED, evening
from booth.core.operating import ALWAYS, Deed, Dial, Hours, Sight
from booth.core.rules import Rules
from booth.door import Door
from booth.logs import troubles
from booth.outbox.ids import here
from booth.outbox.news import Status
from booth.outbox.retrying import retry_all
from booth.settings.model import Settings
from booth.workers import Hire
from booth.workers.porter import Porter
from booth.workers.worker import Post
from booth.world import World

log = structlog.get_logger()

SAID = 3
"""Troubles that the operator's page tells at most, the newest first."""


class Backstage:
    """The operator's screen of a booth with these *settings*, in this *world*, whose visits are in *outbox*."""

    def __init__(self, settings: Settings, world: World, outbox: Path) -> None:
        """Nothing is asked of the disk yet."""
        dials = evening.dials(settings, world.beneath)
        self._folder = world.operator
        # Where there is no screen to change anything on, the settings may still say that the booth is paused.
        self._dials = dials if self._folder is not None else dials[:1]
        self._power_off, self._copier = world.power_off, world.copier
        self._schedule = evening.schedule(settings)
        self._min_free_mb = settings.outbox.min_free_mb
        self._clock, self._time_known = world.clock, world.time_known
        self._disk, self._outbox = world.disk, outbox

    def rules(self, rules: Rules) -> Rules:
        """Return *rules* with what an operator can change and do here."""
        cannot = {Deed.POWER_OFF: self._power_off is None, Deed.COPY: self._copier is None}
        deeds = tuple(deed for deed in Deed if not cannot.get(deed, False))
        return replace(rules, dials=self._dials, deeds=deeds if self._folder is not None else ())

    def hours(self) -> Hours:
        """Return whether the event is open now. A clock that cannot be right, or that nobody vouches for, says yes."""
        wall = self._clock.wall()
        if wall < RELEASED or not self._time_known():
            return ALWAYS
        return self._schedule.at(here(wall).replace(tzinfo=None))

    def porter(
        self,
        post: Post,
        *,
        wake: Callable[[], None],
        status: Callable[[], Status],
        stop: Callable[[], None],
        hire: Hire,
    ) -> Porter | None:
        """Return who does what the screen asks for; None where there is no such screen.

        *wake* has what waits be sent now, *status* says how that goes, *stop* ends the booth.
        """
        folder, disk, outbox, clock = self._folder, self._disk, self._outbox, self._clock
        if folder is None:
            return None

        def waits() -> tuple[int, int]:
            how = status()
            return how.pending, how.failed

        def look() -> Sight:
            seen = evening.sight(
                disk,
                outbox,
                clock,
                min_free_mb=self._min_free_mb,
                waits=waits,
                troubles=told,
            )
            return replace(seen, copy=self._copier.look() if self._copier is not None else None)

        def keep(dials: tuple[Dial, ...]) -> None:
            evening.keep(disk, folder, dials)

        def do(deed: Deed) -> None:
            log.warning("operator.deed", deed=deed.value)
            match deed:
                case Deed.RETRY:
                    retry_all(disk, outbox)
                    wake()
                case Deed.COPY if self._copier is not None:
                    self._copier.start()
                case Deed.RESTART:
                    stop()
                case Deed.POWER_OFF if self._power_off is not None:
                    self._power_off()
                    stop()
                case _:
                    pass

        door = Door(folder, disk, clock.uptime)
        return Porter(door, look=look, keep=keep, do=do, post=post, now=clock.now, hire=hire)


def told() -> tuple[str, ...]:
    """Return what went wrong last, in the log's words."""
    found = reversed(troubles.last()[-SAID:])
    return tuple(f"{one.what}: {one.why}" if one.why else one.what for one in found)
