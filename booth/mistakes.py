"""Wrong settings: told on the booth's own screen until they are right, or somebody goes on with the last good ones.

The law: of the settings nothing is shown but what `ConfigError` says. No guest is served and systemd is not told READY
as long as they are wrong; it is asked for time. What the booth was once ready with is kept, and never replaced by less.
"""

import contextlib
import queue
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import structlog

from booth import RELEASED, logs, reading, wiring, world
from booth.core.events import Confirmed, Event
from booth.core.scene import Glow, MistakesScene, Scene, lit
from booth.core.states import Attract, Booth
from booth.disk import Disk, RealDisk, keep
from booth.errors import ConfigError, PinError, ScreenError
from booth.settings import showing
from booth.settings.start import LONGEST, Source, Start
from booth.threads import Look, aside
from booth.units import Instant, Seconds, later

log = structlog.get_logger()

AGAIN = Seconds(3.0)
"""How often the settings, and the pins, are looked at again."""

INTERVAL = Seconds(0.05)
"""How often screen and LED are looked after."""

PATIENCE = Seconds(90.0)
"""Time for which systemd is asked to wait longer, from each asking on: what a booth may take to start."""
ASKED = Seconds(10.0)
"""Time from one such asking to the next."""

NOTED = Seconds(20.0)
"""How long what is wrong with the other files on the card is shown, where the settings are right."""
SWITCHED_ON = Seconds(600.0)
"""Time since the machine was switched on: later starts are not for whoever has just put the card in, and do not wait
for it.
"""

ENDING = Seconds(0.5)
"""How long whoever reads the settings is waited for at the end; it holds nothing that could be lost."""

_BUG = "a fault of the booth's own: take the settings that came with it, and change one at a time"


# --- The page --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Press:
    """The start button was pressed."""


@dataclass(frozen=True)
class _Mended:
    """The settings are right now."""

    start: Start


@dataclass(frozen=True)
class _Wrong:
    """The settings are wrong in another way than before."""

    complaint: str
    notes: tuple[str, ...]


class Noticeboard:
    """Shows what is wrong with the settings. `run` returns what to start with, or None after `stop`.

    *open_page* is given what the start button calls. *complaint* is what `ConfigError` said. *last_good* is what may be
    gone on with, if anything. Settings that are equal to *refused* are not right, although they can be read: the booth
    could not be put together with them. With *after* the settings are right, and what is wrong with the card's other
    files is shown for a while, or until the start button is pressed: it is then returned.
    """

    def __init__(
        self,
        open_page: Callable[[Callable[[], None]], wiring.Page],
        source: Source,
        complaint: str,
        *,
        last_good: Start | None = None,
        refused: Start | None = None,
        after: Start | None = None,
        shown_for: Seconds = NOTED,
        again: Seconds = AGAIN,
    ) -> None:
        self._news: queue.SimpleQueue[_Press | _Mended | _Wrong] = queue.SimpleQueue()
        self._page = open_page(lambda: self._news.put(_Press()))
        self._source = source
        self._last_good = last_good
        self._refused = refused
        self._after = after
        self._shown_for = shown_for
        self._asked_to_stop = False
        self._looker = Look("settings", self._looked_at, again)
        self._found = (complaint, source.notes())
        self._right: Start | None = None
        """What was right at the last look."""
        self._scene = self._scene_of(complaint, source.notes())
        self._asked: Instant | None = None
        self._lit: bool | None = None
        self._pins = ""

    def stop(self) -> None:
        """Have `run` return at once. May be called from a signal handler."""
        self._asked_to_stop = True  # and not the event: its lock may be held by what the signal interrupted

    def run(self) -> Start | None:
        """Show the page until there is something to start with, or `stop`."""
        if self._after is None:
            self._looker.start()
        try:
            start = self._run()
        finally:
            self._looker.end(ENDING)
        if start is None:
            self._page.notify.stopping()
        else:
            self._page.notify.extend(PATIENCE)
        return start

    def _run(self) -> Start | None:
        until = later(self._page.clock.now(), self._shown_for)
        while not (self._asked_to_stop or self._page.screen.closed):
            now = self._page.clock.now()
            if self._after is not None and now >= until:
                return self._after
            self._say(now)
            for event in self._page.screen.events(now):
                if start := self._meant(event):
                    return start
            self._page.screen.show(self._scene, now)
            on = lit(Glow.DOUBLE_BLINK, now)
            if on != self._lit:
                self._lit = on
                self._page.console.set(on=on)
            if start := self._heard(later(now, INTERVAL)):
                return start
        return None

    def _heard(self, until: Instant) -> Start | None:
        """Take the news until it is time for the next look; return what there is to start with."""
        while (wait := until - self._page.clock.now()) > 0:
            try:
                news = self._news.get(timeout=wait)
            except queue.Empty:
                return None
            match news:
                case _Press():
                    if self._after is not None:
                        return self._after
                    if self._last_good is not None:
                        return self._going_on("button")
                case _Mended(start=start):
                    log.info("settings.right", file=str(self._source.file))
                    return start
                case _Wrong(complaint=complaint, notes=notes):
                    self._scene = self._scene_of(complaint, notes)
                    self._asked = None
        return None

    def _meant(self, event: Event) -> Start | None:
        match event:
            case Confirmed() if self._last_good is not None:
                return self._going_on("touch")
            case _:
                return None

    def _going_on(self, by: str) -> Start | None:
        log.warning(
            "settings.last_good",
            why="somebody goes on with the last good settings; those in force from the next start on are still wrong",
            by=by,
            wrong=str(self._source.file),
            instead=str(self._source.last_good),
            since=self._scene.since,
        )
        return self._last_good

    def _scene_of(self, complaint: str, notes: tuple[str, ...]) -> MistakesScene:
        """Tell the log what is wrong, and return what the screen says of it."""
        source = self._source
        mistakes = tuple(reading.shown(mistake, LONGEST) for mistake in complaint.splitlines())
        tell(complaint)
        if self._after is None:
            log.error("settings.wrong", file=str(source.file), mistakes=len(mistakes))
        else:
            log.warning("card.mistakes", mistakes=len(notes))
        kept = source.last_good if self._last_good is not None else None
        file = source.file.name if source.on_card else str(source.file)
        return MistakesScene(
            reading.shown(file) if self._after is None else _files_of(notes),
            tuple(
                mistake.replace(reading.shown(str(source.file)), reading.shown(source.file.name))
                for mistake in (*mistakes, *notes)
            ),
            on_card=source.on_card,
            last_good=kept is not None,
            since=_day(kept) if kept is not None else None,
        )

    def _say(self, now: Instant) -> None:
        """Tell the service manager how things are, and ask for time, when that is due."""
        if self._asked is not None and now - self._asked < ASKED:
            return
        self._asked = now
        first, *more = self._scene.mistakes
        self._page.notify.extend(PATIENCE)
        wrong = "The settings are wrong" if self._after is None else "On the card"
        self._page.notify.status(f"{wrong}: {first}{f' (and {len(more)} more)' if more else ''}")

    # ---- in a thread of its own

    def _looked_at(self) -> bool:
        """Look at the settings; return whether there is something to start with."""
        self._look_for_pins()
        before, self._right = self._right, None
        try:
            self._right = right = self._source.load()
        except Exception as exc:  # noqa: BLE001 - whatever is in the file now, somebody may mend it: look on
            # Of what no file should be able to do only the kind is told: its words could be anything.
            bug = f"{self._source.file}: {_BUG} ({type(exc).__name__})"
            found = (str(exc) if isinstance(exc, ConfigError) else bug, self._source.notes())
            if found != self._found:
                self._found = found
                self._news.put(_Wrong(*found))
            return False
        # A file that is being written is empty for a moment, and so without a mistake: it must be right twice.
        if not _same(right, before) or _same(right, self._refused):
            return False
        self._news.put(_Mended(right))
        return True

    def _look_for_pins(self) -> None:
        try:
            self._page.console.check()
        except PinError as exc:
            if str(exc) != self._pins:
                self._pins = str(exc)
                log.warning("pins.missing", why=str(exc))


def tell(complaint: str) -> None:
    """Write mistakes as they are to standard error, a line each: a log line would have lost what looks like a name."""
    with contextlib.suppress(OSError):
        sys.stderr.write("".join(f"booth: {reading.shown(mistake)}\n" for mistake in complaint.splitlines()))
        sys.stderr.flush()


def _files_of(notes: Sequence[str]) -> str:
    """Return which files of the card are told of, the first two of them."""
    names = [note.partition(": ")[0] for note in notes]
    files = list(dict.fromkeys(name for name in names if "." in name and " " not in name))
    return ", ".join(files[:2]) or "network.toml"


def _same(start: Start, other: Start | None) -> bool:
    return other is not None and start.loaded.settings == other.loaded.settings


def _day(file: Path) -> str | None:
    """Return the day on which *file* was written, None where the clock was wrong."""
    try:
        written = file.stat().st_mtime
    except OSError:
        return None
    return time.strftime("%Y-%m-%d", time.localtime(written)) if written >= RELEASED else None


def note(source: Source, start: Start, on_board: Callable[[Noticeboard], None], since: Seconds) -> Start | None:
    """Show for a while what is wrong with the card's other files, if anything is; return *start*.

    It is shown to whoever has just switched on: *since* is how long ago that was. None if the booth is to end instead.
    *on_board* is given what can be stopped.
    """
    if not source.on_card or since > SWITCHED_ON or not source.notes():
        return start
    settings = start.loaded.settings
    logs.configure(settings.log.level, settings.log.format, sys.stderr)
    with ExitStack() as stack, contextlib.suppress(ScreenError):  # the booth itself says that there is none

        def open_page(on_press: Callable[[], None]) -> wiring.Page:
            return wiring.assemble_page(settings, world.real(source.environ, stack), stack, on_press)

        board = Noticeboard(open_page, source, "", after=start)
        on_board(board)
        return board.run()
    return start


def settle(
    source: Source, complaint: str, on_board: Callable[[Noticeboard], None], refused: Start | None = None
) -> Start | None:
    """Show what is wrong with the settings until there are some to start with; None if the booth is to end instead.

    *on_board* is given what can be stopped. Settings equal to those that were *refused* will not do. Raises
    `ScreenError` without a display.
    """
    last_good = source.load_last_good()
    if last_good is not None and refused is not None and last_good.loaded.settings == refused.loaded.settings:
        last_good = None
    settings = source.usable() if last_good is None else last_good.loaded.settings
    logs.configure(settings.log.level, settings.log.format, sys.stderr)
    with ExitStack() as stack:

        def open_page(on_press: Callable[[], None]) -> wiring.Page:
            return wiring.assemble_page(settings, world.real(source.environ, stack), stack, on_press)

        board = Noticeboard(open_page, source, complaint, last_good=last_good, refused=refused)
        on_board(board)
        return board.run()


# --- What is kept ----------------------------------------------------------------------------------------------------


class Keeper:
    """A watcher of the daemon that keeps *text*, the settings, in *file* as soon as the booth is ready for guests.

    Without the keys of the bucket, if they are in it: what is sent later is sent with those that are right then.

    Not before: settings with which a part of the booth cannot be reached are no good ones. It is written by a thread of
    its own; what is there already is left alone, its date too. Where the folder is not the booth's, somebody else keeps
    them. A disk that will not take it is no reason to stop.
    """

    def __init__(self, text: bytes, file: Path, disk: Disk | None = None) -> None:
        self._text = text
        self._file = file
        self._disk: Disk = RealDisk() if disk is None else disk
        self._done = False

    def stepped(self, before: Booth, event: Event, after: Booth) -> None:
        """See whether the booth is ready for guests now."""
        if not self._done and isinstance(after.state, Attract):
            self._done = True
            aside("last-good", self.keep)

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """Look away."""

    def looped(self, booth: Booth, now: Instant) -> None:
        """Look away."""

    def keep(self) -> None:
        """Put the settings on the medium, readable by the booth alone: whole, or not at all. Blocks."""
        text = showing.without_secrets(self._text)
        if text is None or not self._disk.writable(self._file.parent):
            return
        try:
            written = keep(self._disk, self._file, text)
        except OSError as exc:
            log.warning("last_good.not_kept", file=str(self._file), why=exc.strerror)
        else:
            if written:
                log.info("last_good.kept", file=str(self._file))
