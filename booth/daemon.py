"""The loop: inbox, step, effects, scene, glow. It owns the main thread, and never waits for anything slow.

Nothing in ``core/`` asks what time it is. The daemon asks, and hands the instant on to all that it calls in a round of
the loop; a worker asks the same `Clock` for the instants of its own events. Everything that happens anywhere is put
into the inbox as an event; the loop wakes for it at once, so a press is answered by the very next frame.
"""

import queue
from collections.abc import Sequence
from typing import Protocol

import structlog

from booth.core.effects import FireShutter
from booth.core.events import Event, Tick
from booth.core.machine import start, step
from booth.core.rules import Rules
from booth.core.scene import FRAME_INTERVAL, Scene, glow, lit, scene, wants_preview
from booth.core.states import UNVISITED, Attract, Booth, Closed, FillingIn, OutOfOrder, Starting, State, facts_of
from booth.ports import Clock, Led, Probe, Screen, unmeasured
from booth.units import Instant, Seconds, later
from booth.workers import Crew

log = structlog.get_logger()

LOOK_AFTER = Seconds(5.0)
"""How often the parts that do not report by themselves are checked."""

STUCK = Seconds(45.0)
"""A worker that has been at one job for so long is stuck; those who wait for gm have longer, see `Daemon`."""


TYPING = Seconds(1 / 60)
"""How often the booth looks at its screen while a guest types: a tap is seen within 17 ms, and shown within 30."""


class Notifier(Protocol):
    """The service manager's ear."""

    def ready(self) -> None:
        """Say that the booth is up."""
        ...

    def watchdog(self) -> None:
        """Say that the loop and all workers live."""
        ...

    def status(self, text: str) -> None:
        """Say in a few words how things are."""
        ...

    def stopping(self) -> None:
        """Say that the booth is going down."""
        ...


class Uploads(Protocol):
    """What the daemon wants to know of the uploader."""

    def stuck(self, now: Instant) -> bool:
        """Return whether the uploader has died or hangs beyond all its time-outs."""
        ...

    def words(self) -> str:
        """Return what an operator should know of the uploads, in a few words; "" while there is nothing."""
        ...


class Watcher(Protocol):
    """Somebody who looks over the daemon's shoulder: the rehearsal, a test. Must not block."""

    def stepped(self, before: Booth, event: Event, after: Booth) -> None:
        """See one step of the machine (ticks that change nothing are left out)."""
        ...

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """See one frame: when painting it began and ended, and whether a pixel changed."""
        ...

    def looped(self, booth: Booth, now: Instant) -> None:
        """See the end of one round of the loop; the moment to act as a guest would."""
        ...


class Inbox:
    """The one queue into the machine. Any thread may put; only the loop takes."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def put(self, event: Event) -> None:
        """Add an event. Never blocks."""
        self._events.put(event)

    def take(self, wait: Seconds) -> list[Event]:
        """Return all events there are; when there is none, wait up to *wait* for one."""
        events: list[Event] = []
        try:
            events.append(self._events.get(timeout=wait) if wait > 0 else self._events.get_nowait())
            while True:
                events.append(self._events.get_nowait())
        except queue.Empty:
            return events


class Daemon:
    """The booth, running. `run` returns after `stop`, or when the window was closed.

    *darkroom_limit* is how long the workers that wait for gm may take over one job before they count as stuck: gm has a
    deadline of its own, and a job may run it several times.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        inbox: Inbox,
        rules: Rules,
        screen: Screen,
        led: Led,
        crew: Crew,
        uploads: Uploads,
        notify: Notifier,
        watchdog: Seconds | None = None,
        darkroom_limit: Seconds = STUCK,
        interval: Seconds = FRAME_INTERVAL,
        probe: Probe = unmeasured,
    ) -> None:
        self._clock = clock
        self._inbox = inbox
        self._rules = rules
        self._screen = screen
        self._led = led
        self._crew = crew
        self._uploads = uploads
        self._notify = notify
        self._watchdog = watchdog
        self._darkroom_limit = darkroom_limit
        self._watchers: list[Watcher] = []
        self._interval = interval
        self._probe = probe
        self._booth = start(clock.now(), rules)
        self._stopping = False
        self._ready = False
        self._lit: bool | None = None
        self._watching = False
        self._to_fire: list[FireShutter] = []
        self._still_until = clock.now()
        self._said = ""
        self._notified = clock.now()
        self._fed = self._looked = self._said_at = clock.now()

    @property
    def booth(self) -> Booth:
        """The state, as of the last step."""
        return self._booth

    @property
    def pace(self) -> Seconds:
        """How long a round of the loop may take now."""
        return min(self._interval, TYPING) if isinstance(self._booth.state, FillingIn) else self._interval

    @property
    def watched(self) -> tuple[Seconds, Instant] | None:
        """How often the service manager is to be told that the booth lives, and when it was; None if it is not."""
        return (self._watchdog, self._notified) if self._watchdog is not None else None

    def watch(self, watcher: Watcher) -> None:
        """Have *watcher* see everything from now on."""
        self._watchers.append(watcher)

    def stop(self) -> None:
        """Have `run` return soon. May be called from a signal handler."""
        self._stopping = True
        self._inbox.put(Tick(self._clock.now()))

    def run(self) -> None:
        """Run the booth until `stop`."""
        self._crew.finish_open_visits()
        due = self._clock.now()
        while not self._stopping:
            now = self._clock.now()
            events = self._inbox.take(Seconds(max(due - now, 0.0)))
            now = self._clock.now()
            if now >= due:
                due = later(max(due, Instant(now - self.pace)), self.pace)
            with self._probe("the loop, the machine"):
                self.turn(events, now)
            due = self.next_look(due, now)
        self._notify.stopping()

    def next_look(self, due: Instant, now: Instant) -> Instant:
        """Return when to go round again after a round at *now*, where *due* keeps the pace that there was before it.

        While nobody is there, that is the next beat of what moves on the screen, and no time between two beats.
        Whatever is put into the inbox wakes the loop at once, and what came of it is shown at its own pace.
        """
        if self._still_until > now:
            return max(due, self._still_until)
        return min(due, later(now, self.pace))

    def turn(self, events: Sequence[Event], now: Instant) -> None:
        """Go round the loop once, at *now*: step, act, show."""
        with self._probe("events"):
            done = [*events, *self._screen.events(now)]
        resting = isinstance(self._booth.state, Attract | Closed) and not done and not self._screen.closed
        if not resting:
            for event in done:
                self._take(event)
            self._take(Tick(now))
            if self._screen.closed:
                self.stop()
        # An invitation has no deadline, and a steady lamp: for most of a booth's life nothing is due but the next beat
        # of what moves on the screen.
        if not (resting and self._screen.still(now)):
            self._show(now)
        self._still_until = self._screen.still_until(now) if resting else now
        self._look_after(now)
        for watcher in self._watchers:
            watcher.looped(self._booth, now)

    def _take(self, event: Event) -> None:
        before = self._booth
        self._booth, effects = step(before, event, self._rules)
        if self._booth != before or not isinstance(event, Tick):
            for watcher in self._watchers:
                watcher.stepped(before, event, self._booth)
        for effect in effects:
            if isinstance(effect, FireShutter):
                self._to_fire.append(effect)  # when the screen lights the guest: see `_show`
            else:
                self._crew.carry_out(effect)
        if type(before.state) is not type(self._booth.state):
            self._entered(self._booth.state)

    def _entered(self, state: State) -> None:
        """Tell the log and the service manager where the visit is; the guest's details are no part of that."""
        missing = {"missing": self._missing()} if isinstance(state, OutOfOrder) else {}
        log.info("visit.state", state=type(state).__name__, **facts_of(state), **missing)
        self._say()
        if not self._ready and not isinstance(state, Starting):
            self._ready = True
            self._notify.ready()

    def _missing(self) -> list[str]:
        return sorted(part.value for part in self._booth.missing)

    def _say(self) -> None:
        """Tell the service manager, and so ``systemctl status``, how things are, when that has changed."""
        state = self._booth.state
        match state:
            case OutOfOrder():
                words = f"Out of order: {', '.join(self._missing())} missing"
            case Attract():
                words = "Ready"
            case Closed(why=why):
                words = f"Closed: {why.value}"
            case _:
                words = type(state).__name__
        uploads = self._uploads.words()
        if uploads:
            words = f"{words}; {uploads}"
        if words != self._said:
            self._said = words
            self._notify.status(words)

    def _show(self, now: Instant) -> None:
        booth = self._booth
        wanted = wants_preview(booth.state)
        if wanted != self._watching:
            self._watching = wanted
            self._crew.studio.watch(on=wanted)
        on = lit(glow(booth.state), now)
        if on != self._lit:
            self._lit = on
            self._led.set(on=on)
        with self._probe("the scene"):
            shown = scene(booth, now, self._rules)
        began = self._clock.now()
        with self._probe("painting"):
            changed = self._screen.show(shown, now)
        ended = self._clock.now()
        # The white screen is a guest's light in a dim room: it is there before the camera is asked for a frame.
        for shutter in self._to_fire:
            self._crew.carry_out(shutter)
        self._to_fire.clear()
        for watcher in self._watchers:
            watcher.painted(shown, began, ended, changed=changed)

    def _look_after(self, now: Instant) -> None:
        idle = isinstance(self._booth.state, UNVISITED)
        if idle and now - self._looked >= LOOK_AFTER:
            self._looked = now
            self._crew.look_after()
            if isinstance(self._booth.state, Attract | Closed):
                self._crew.finish_open_visits()
        if now - self._said_at >= LOOK_AFTER:
            self._said_at = now
            self._say()
        if self._watchdog is not None and now - self._fed >= self._watchdog:
            self._fed = now
            stuck = self._crew.stuck(now, STUCK, self._darkroom_limit)
            if stuck is not None or self._uploads.stuck(now):
                log.critical("watchdog.starved", stuck=stuck or "uploader")
            else:
                self._notified = now
                self._notify.watchdog()
