"""The borders of the booth: what the machine's workers ask of the world.

A driver and its simulator fulfil the same Protocol and pass the same contract tests. Foreign exceptions become ours
(`booth.errors`) at these doors. Nothing here does anything.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Literal, Protocol

from booth.core.copying import StickCopy
from booth.core.events import Event
from booth.core.scene import Scene
from booth.core.visit import Guest, SessionId
from booth.units import Instant, Pixels, Seconds


@dataclass(frozen=True)
class Size:
    """Width and height, in pixels."""

    width: Pixels
    height: Pixels


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels in memory: ``(height, width, 3)`` uint8 RGB, row by row, ``len(rgb) == 3 * width * height``.

    A live preview may have them as the screen will: there is one every 50 ms.
    """

    size: Size
    rgb: bytes | bytearray | memoryview
    order: Literal["RGB", "BGRA"] = "RGB"
    """What a pixel is: three bytes; or four, as displays have them, and opaque: the last is 255."""
    mirrored: bool = False

    def __repr__(self) -> str:
        """Keep pictures out of logs."""
        return f"Picture({self.size.width}x{self.size.height})"


@dataclass(frozen=True, eq=False)
class Playback:
    """A finished animation, read back from its file."""

    pictures: tuple[Picture, ...]
    delays: tuple[Seconds, ...]
    """How long each picture is shown."""
    loops: int
    """How often it plays; 0 is for ever."""


@dataclass(frozen=True)
class Uptime:
    """How long the machine has been up: the one measure of time that nobody sets. It ends with the power."""

    boot: str
    """Names the time from one power-on to the next; "" if the machine does not say."""
    seconds: Seconds
    """Seconds since power-on, sleep included."""


class Clock(Protocol):
    """Where instants come from. Nothing in ``core/`` asks: there, time is an argument."""

    def now(self) -> Instant:
        """Return the monotonic instant."""
        ...

    def wall(self) -> float:
        """Return seconds since 1970-01-01 UTC. May jump; never used for a deadline."""
        ...

    def uptime(self) -> Uptime:
        """Return how long the machine has been up."""
        ...


@dataclass(frozen=True)
class Presses:
    """What a button was heard to do since it was opened."""

    heard: int = 0
    """Presses that counted."""
    edges: int = 0
    """How often its line moved: twice for each press, of a contact that does not chatter and a line without noise."""


class Button(Protocol):
    """The start button. Calls back once for each debounced press, from a thread of its own."""

    def held_for(self) -> Seconds:
        """Return how long it has been held down, in seconds; 0 if it is not. May be called from any thread."""
        ...

    def presses(self) -> Presses:
        """Return what it was heard to do. Does not block; may be called from any thread."""
        ...

    def close(self) -> None:
        """Let the pin go. No call back after this. May be called twice."""
        ...


class Led(Protocol):
    """The lamp in or beside the button."""

    def set(self, *, on: bool) -> None:
        """Light it or put it out. Does not block."""
        ...

    def close(self) -> None:
        """Put it out and let the pin go. May be called twice."""
        ...


class Camera(Protocol):
    """A still camera with a live preview. Opened and closed by one thread, the camera worker's.

    One configuration for the whole life of the object: there is no mode switch between preview and still.
    """

    def preview(self) -> Picture | None:
        """Return the newest preview picture, in sensor orientation after flip and rotation; mirrored if it says so.

        Called from the screen's thread, up to 30 times a second: never blocks, never raises; None while there is none.
        """
        ...

    def watch(self, *, on: bool) -> None:
        """Start or stop the preview. Does not block for longer than a frame; may be called again with the same value.

        Raises `CameraError` if the camera is gone.
        """
        ...

    def check(self) -> None:
        """Find out whether the camera still answers, while nobody poses.

        Called every few seconds, by the camera worker; takes no longer than a frame while all is well, and not longer
        than the camera's time-out if it is silent. Raises `CameraError` if it does not answer.
        """
        ...

    def capture(self, into: Path) -> None:
        """Expose one frame and write it to *into* as a whole JPEG of the configured size.

        Blocks until the file is written (not necessarily on the medium).
        Raises `CameraError` if the camera gave none, `OutboxError` if it did and the disk would not take it; *into* may
        then hold a torn file.
        """
        ...

    def close(self) -> None:
        """Let the camera go. May be called twice."""
        ...


class Rebooter(Protocol):
    """Has the machine started anew, once, for a camera that no new process gets back."""

    def camera_opened(self) -> None:
        """Note that the camera could be had. May block on the disk; never raises."""
        ...

    def camera_held(self) -> None:
        """Note that this process will end because it cannot have the camera. May block on the disk; never raises."""
        ...


class Copier(Protocol):
    """Copies the event onto the stick that is plugged in, beside whatever the booth does. Called from one thread."""

    def start(self) -> None:
        """Ask for it, unless a copy goes on. Does not wait for it; never raises: what comes of it is seen."""
        ...

    def look(self) -> StickCopy | None:
        """Return how far it is; None if there was none, or it is long over. Never raises."""
        ...


class Compositor(Protocol):
    """Makes frames into an animation. Blocks; but for `check` and `close` called from the darkroom's thread only."""

    def check(self) -> None:
        """Find out whether it could make one. Raises `CompositorError` that says what to do."""
        ...

    def prepare(self, frame: Path, first: Path) -> None:
        """Scale and reduce *frame* ahead of time. What it keeps is its own business, and may be lost.

        *first* is the first frame of its burst, by which is decided how all of them are made. Raises `CompositorError`.
        """
        ...

    def join(self, frames: Sequence[Path], into: Path) -> Playback:
        """Make *frames*, in order, into one animated GIF at *into*; read it back and verify it.

        Frames that were prepared cost almost nothing; others are prepared now. *into* appears whole (a rename) and
        flushed to the medium, or not at all. Raises `CompositorError`; the frames are untouched.
        """
        ...

    def forget(self, frames: Sequence[Path]) -> None:
        """Throw away what `prepare` kept for *frames*. Never raises."""
        ...

    def close(self) -> None:
        """Stop what is being made. May be called twice."""
        ...


@dataclass(frozen=True)
class Kind:
    """A kind of product: one of the things that are made of each visit, and how it goes out."""

    file: str
    """Its name in a visit's folder: small letters, digits and ``-``, and one ending."""
    media_type: str
    """``image/gif``, ...: as HTTP calls it."""
    ending: str = ""
    """What its key ends with, in the place of the animation's ``.gif``: ``-strip.jpg``; "" for the animation's own."""


GIF = Kind("animation.gif", "image/gif")
"""The animation: what is made of every visit, and what guests are told of."""

PAGE = Kind("page.html", "text/html; charset=utf-8", ".html")
"""A guest's page: made when a bucket has all that it leads to, for that bucket alone. It never lies in a folder."""


class Arranged(Protocol):
    """How the frames of an animation are laid out and played: what products that show them alike take over."""

    @property
    def size(self) -> Size:
        """The size of its pictures."""
        ...

    @property
    def hundredths(self) -> int:
        """How long each picture is shown, in hundredths of a second."""
        ...

    @property
    def loops(self) -> int:
        """How often it plays; 0 is for ever."""
        ...

    @property
    def overlay(self) -> Path | None:
        """A PNG with transparency that lies over each."""
        ...

    def order(self, frames: int) -> tuple[int, ...]:
        """Return which of so many frames are shown one after the other, each time it plays; the first is 0."""
        ...

    def laying_out(self, size: Size, *, branded: bool) -> tuple[str, ...]:
        """Return gm's arguments that lay the JPEG on standard input out as a picture of *size*, in full colours.

        *branded*: below the overlay that is where gm is run.
        """
        ...


@dataclass(frozen=True)
class Bench:
    """What whoever makes a product finds at hand."""

    scratch: Path
    """A folder for what is on its way, best in memory; it may be wiped at any time, and is made when needed."""
    arranged: Arranged
    """How the animation is laid out and plays."""
    shots: int
    """Frames of a burst."""
    plates: Mapping[str, Path] = field(default_factory=dict)
    """What the event's layout lays over a product, by its name ("clip"): a PNG of its size, there when it is made."""


def _nothing() -> None:
    """Do nothing: what is made without a program lacks none, and leaves nothing."""


@dataclass(frozen=True)
class Output:
    """What is made of each visit beside its animation."""

    kind: Kind
    make: Callable[[Sequence[Path]], bytes]
    """Makes it of the visit's frames, in order. Blocks, on the darkroom's thread; raises `CompositorError`."""
    check: Callable[[], None] = _nothing
    """Finds out whether it can be made here. Raises `CompositorError` that says what to do."""
    close: Callable[[], None] = _nothing
    """Stops what is being made. From any thread; may be called twice."""
    longest: Seconds = Seconds(0.0)
    """How long it may take at most, if it can take long."""


class Outbox(Protocol):
    """The durable queue: one folder per session, moved by rename. Every method may block on the disk.

    Every method raises `OutboxError` when the disk refuses; nothing that was there before is harmed by that.
    """

    def open(self, session: SessionId, *, test: bool = False) -> None:
        """Make the folder of a new visit, with what is known about it (event, time), on the medium.

        *test* marks an operator's trial, for good.
        """
        ...

    def shot(self, session: SessionId, shot: int) -> Path:
        """Return where the camera may write frame *shot* before it is kept. The folder exists or the visit is over."""
        ...

    def keep(self, session: SessionId, shot: int) -> Path:
        """Put what the camera wrote to `shot` on the medium under its final name, and return that."""
        ...

    def frames(self, session: SessionId) -> tuple[Path, ...]:
        """Return the frames that were kept, in order; () if the visit is not open."""
        ...

    def animation(self, session: SessionId) -> Path:
        """Return where the animation of an open visit belongs."""
        ...

    def has_animation(self, session: SessionId) -> bool:
        """Return whether the animation of an open visit is there, whole."""
        ...

    def lacks(self, session: SessionId) -> Sequence[Kind]:
        """Return the kinds of which an open visit has nothing yet, the animation aside."""
        ...

    def add(self, session: SessionId, kind: Kind, content: bytes) -> None:
        """Put what was made of an open visit beside its animation on the medium."""
        ...

    def note(self, session: SessionId, guest: Guest | None) -> None:
        """Put the guest's details (or that there are none) on the medium, before the animation is there."""
        ...

    def commit(self, session: SessionId) -> None:
        """Move a visit with an animation from ``open/`` to ``pending/``: from now on it will be sent, once."""
        ...

    def condemn(self, session: SessionId) -> None:
        """Put on the medium that an open visit is to be deleted: from now on nothing finishes or sends it.

        Quick: the deleting itself is `discard`'s. No error if there is no such visit.
        """
        ...

    def discard(self, session: SessionId) -> None:
        """Delete an open or condemned visit, whole. No error if there is none."""
        ...

    def give_up(self, session: SessionId) -> None:
        """End an open visit that has neither a frame nor an animation; what cannot be explained in it is set aside."""
        ...

    def unfinished(self) -> tuple[SessionId, ...]:
        """Return the visits that are open and not condemned, oldest first: those that a power cut left behind."""
        ...

    def check(self) -> None:
        """Find out whether the disk would take another visit: there is room for it, and a small file can be written.

        Raises `OutboxError` that says what to do.
        """
        ...

    def counts(self) -> Mapping[str, int]:
        """Return how many entries are in ``open``, ``pending``, ``sent`` and ``failed``."""
        ...


@dataclass(frozen=True)
class Parcel:
    """One object on its way: read, hashed and held against what was settled, once; whoever has it need not again."""

    key: str
    media_type: str
    """``image/gif``, ...: as HTTP calls it."""
    content: bytes = field(repr=False)
    md5: str
    """MD5 of the content, hex: what its bucket has to confirm."""
    metadata: Mapping[str, str] = field(repr=False)
    """Keys ``[a-z][a-z0-9]*``, values printable ASCII, 2,000 bytes in all at most. A guest's."""


class CopyState(Enum):
    """How far a copy is that a server makes at one of its sites."""

    PENDING = "pending"
    """It is to be made, or being made."""
    COMPLETED = "completed"
    """It is there."""
    FAILED = "failed"
    """It could not be made. Somebody may have it tried again."""


class Bucket(Protocol):
    """The bucket that animations are put into."""

    def put(self, parcel: Parcel) -> str:
        """Put it, and return the confirmed ETag (the MD5 of the content, hex, without quotes).

        Blocks, for no longer than its time-outs. Raises `BucketError` when it is not certain that the object is there.
        """
        ...

    def link(self, key: str, lasting: Seconds) -> str:
        """Return an address from which anybody can get the object *key* for *lasting* seconds, whole ones.

        Asks no server: it is signed here, and right only if the clock is. Raises `BucketError`. Never log it: whoever
        has the address has the object.
        """
        ...

    def expiry(self, key: str) -> datetime | None:
        """Return when the server will delete the object *key*, as it said when it was put; None if it has not said.

        Asks no server.
        """
        ...

    def replication(self, key: str) -> Mapping[str, CopyState]:
        """Return how far the server's copies of the object *key* are, by its sites; none if it makes none of it.

        A site that the server does not name is "". One request (HEAD), which blocks for no longer than its time-outs.
        Raises `BucketError`; its remedy is `Remedy.NEVER` if there is no such object (any more).
        """
        ...

    def close(self) -> None:
        """Let the connections go. May be called twice."""
        ...


@dataclass(frozen=True)
class Target:
    """A place that each visit goes to."""

    name: str
    """In small letters and digits: files on the disk are called by it, and an operator is told of it."""
    open: Callable[[], Bucket]
    """Raises `BucketError`."""
    longest: Seconds
    """How long one put may take at most, by its own time-outs."""


@dataclass(frozen=True)
class Spot:
    """Something on the screen that can be touched."""

    name: str
    """``key:a``, ``field:email``, ``send``, ...: what it is, not what it says."""
    x: Pixels
    y: Pixels
    width: Pixels
    height: Pixels


Probe = Callable[[str], AbstractContextManager[object]]
"""Told where the time of a frame goes: given the name of a part of the work, it returns what is entered when that part
begins and left when it ends. Parts lie in each other. On the main thread only."""

_NOTHING = nullcontext()


def unmeasured(_part: str) -> AbstractContextManager[object]:
    """Measure nothing: a booth at a party has nobody who asks."""
    return _NOTHING


class Screen(Protocol):
    """The display and its touch panel. Used from the main thread only."""

    def events(self, now: Instant) -> Iterable[Event]:
        """Return what the guest has done since the last call, as events that happened at *now*. Does not block."""
        ...

    def show(self, scene: Scene, now: Instant) -> bool:
        """Paint *scene* as it looks at *now*; return whether a pixel changed. Does not wait."""
        ...

    def still(self, now: Instant) -> bool:
        """Return whether what was shown last looks the same at *now*, if nothing has happened. If in doubt, False."""
        ...

    def still_until(self, now: Instant) -> Instant:
        """Return until when it need not be asked again, unless something happens elsewhere; *now* or before: ask."""
        ...

    @property
    def language(self) -> str:
        """The code of the language that it speaks now (ISO 639-1)."""
        ...

    @property
    def closed(self) -> bool:
        """Whether the window was closed by the person in front of it."""
        ...

    def close(self) -> None:
        """Give the display back. May be called twice."""
        ...


class TouchPanel(Protocol):
    """What a finger can do with a screen; the scripted guest's view of it."""

    def spots(self) -> Sequence[Spot]:
        """Return what can be touched on the scene that was shown last, in screen pixels."""
        ...

    def finger(self, x: Pixels, y: Pixels) -> None:
        """Put a finger on the panel and lift it: the same touch events that the driver sends."""
        ...

    def keyboard(self, text: str) -> None:
        """Enter *text* on a physical keyboard."""
        ...

    def photograph(self, into: Path) -> None:
        """Save what the screen shows as a PNG."""
        ...


class Voice(Protocol):
    """Says short cues aloud. Not a part that the booth cannot do without: what does not speak is silent."""

    def say(self, text: str, language: str) -> None:
        """Begin to say *text* in *language* (ISO 639-1), instead of what is being said. Does not block."""
        ...

    def close(self) -> None:
        """Be silent from now on. May be called twice."""
        ...


class Album(Protocol):
    """Where the screen finds the pictures of a session, without asking the disk."""

    def playback(self, session: SessionId) -> Playback | None:
        """Return the animation, or None if it is not made (yet)."""
        ...

    def frames(self, session: SessionId) -> Mapping[int, Picture]:
        """Return the frames that were kept so far, small, by their shot (1 is the first). Some may be missing."""
        ...


class Gallery(Protocol):
    """Where the invitation finds the latest animations that may be shown, without asking the disk."""

    def pictures(self) -> tuple[Playback, ...]:
        """Return them small, newest first. The same animation is the same object each time. Never blocks."""
        ...


Preview = Callable[[], Picture | None]
"""Returns the newest preview picture, or None. Never blocks."""
