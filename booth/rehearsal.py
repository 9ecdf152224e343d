"""Plays guests without a person, measures what they feel, and reads back from the bucket what became of them.

This is the instrument of tests, benchmarks and soak runs: ``booth --simulate --guests N``. It watches the daemon from
outside and touches nothing but the button and the screen. Nothing is believed: a guest counts as stored when the
object was read back from the bucket with the right bytes and the right metadata.
"""

import hashlib
import json
import math
import resource
import sys
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import chain, cycle, islice, pairwise
from pathlib import Path
from typing import Protocol, TextIO

from booth import memory
from booth.core.events import (
    AnimationReady,
    Committed,
    Delivered,
    Event,
    FrameTaken,
    Pressed,
    Returned,
    SendChosen,
    SkipChosen,
)
from booth.core.scene import FarewellScene, FormScene, GetReadyScene, Scene
from booth.core.states import Animation, Booth, Exposing, FillingIn, Finishing, session_of
from booth.core.visit import Guest, SessionId
from booth.daemon import Daemon
from booth.errors import BoothError, ConfigError, OutboxError
from booth.imaging import playback
from booth.outbox import metadata
from booth.outbox.entry import Entry
from booth.outbox.spool import Spool
from booth.ports import TouchPanel
from booth.reading import called, shown
from booth.settings.model import Settings
from booth.sim.guest import ScriptedGuests
from booth.simulation import Simulation, simulated
from booth.units import Instant, Seconds
from booth.wiring import Appliance, assemble
from booth.world import ReadableBucket

GUESTS = (
    Guest("Pixel Pink", "pixel.pink@example.org"),
    Guest("Molly Wave", "molly+booth@example.org"),
    Guest("Zoë O'Néill", "zoe+booth@example.org"),
    Guest("Tom Timer-Ding", "tom_timer@example.com"),
)
"""Who comes when no names are given. Nobody real."""

NOBODY = Guest("", "")
"""A guest who gives no details."""

AGREES = {"yes": True, "no": False, "": False}
"""What a list of guests says of one who agrees to all that is asked, and of one who does not."""

TAP_EVERY = Seconds(0.12)
"""How fast a practised guest types."""

Patience = Callable[[Booth], Seconds]
"""Says how long nothing may move while a booth is as it is, be it a visit or what is on its way to the bucket, before a
rehearsal is given up.
"""


def patient(_booth: Booth) -> Seconds:
    """Return how long it is whatever the booth is at: on a busy machine a visit may stand still for a while."""
    return Seconds(60.0)


TRIES = 3
"""How often a guest comes back after an apology."""

LOT = 100
"""This many guests at the beginning, and at the end, are compared: whether a booth gets slower as it runs."""


def read_guests(file: Path) -> tuple[Guest, ...]:
    """Return the guests in *file*: a line each, name and address, tab-separated. Raises `ConfigError`.

    Behind a second tab stands ``yes`` if the guest agrees to all that is asked; ``no``, or nothing, if to none of it.
    A line with nothing but a tab is a guest who gives no details, and uses nothing but the button.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(
            f"{called(file)}: cannot be read as UTF-8 text ({type(exc).__name__}); give --names a text file"
        ) from exc
    guests = []
    for number, line in enumerate(lines, 1):
        if not line.strip() and "\t" not in line:
            continue
        name, tab, details = line.partition("\t")
        if not tab:
            raise ConfigError(f"{file}:{number}: there is no tab; write name, tab, address")
        email, _, agrees = (each.strip() for each in details.partition("\t"))
        if agrees not in AGREES:
            raise ConfigError(
                f"{file}:{number}: {shown(agrees, 40)} is behind the address; write yes there, or no, or leave it out"
            )
        guests.append(Guest(name.strip(), email, consent=AGREES[agrees]))
    if not guests:
        raise ConfigError(f"{file}: there is no guest in it; write a line for each: name, tab, address")
    return tuple(guests)


def guest_list(names: Sequence[Guest], count: int) -> tuple[Guest, ...]:
    """Return *count* guests, from the beginning again when *names* are used up."""
    return tuple(islice(cycle(names), count))


@dataclass
class Stages:
    """What one guest felt, in seconds; None where it did not come to that."""

    press_to_reaction: float | None = None
    """Seconds from the finger on the button to the first changed pixel."""
    shutters: list[float] = field(default_factory=list)
    """Seconds from each shutter to its frame on the medium."""
    last_shutter_to_gif: float | None = None
    form_to_submit: float | None = None
    """Seconds from the form's appearing until the guest is done with it, be it by Send or by going without."""
    submit_to_outbox: float | None = None
    outbox_to_confirmed: float | None = None


@dataclass
class Record:
    """One visit, as it was seen from outside."""

    session: SessionId
    guest: Guest | None = None
    first_frame: int = 0
    """Which of `Stopwatch.frame_times` was painted first after the visit had begun."""
    pressed: Instant | None = None
    exposing: Instant | None = None
    last_frame: Instant | None = None
    form_shown: Instant | None = None
    submitted: Instant | None = None
    committed: Instant | None = None
    delivered: bool = False
    stages: Stages = field(default_factory=Stages)


class Onlooker:
    """A watcher that watches; the others say what they do beyond that."""

    def stepped(self, before: Booth, event: Event, after: Booth) -> None:
        """See one step of the machine."""

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """See one frame."""

    def looped(self, booth: Booth, now: Instant) -> None:
        """See the end of one round of the loop."""


class Stopwatch(Onlooker):
    """A watcher that takes the time of everything a guest waits for."""

    def __init__(self, cpu: Callable[[], float] = time.thread_time) -> None:
        self.records: dict[SessionId, Record] = {}
        self.frame_times = array("d")
        """Seconds that each painted frame took, of those that changed a pixel."""
        self.frame_costs = array("d")
        """Seconds of the processor that the loop spent for each of these: from the frame before it to its end."""
        self._cpu = cpu
        self._spent = cpu()
        self.press_to_reaction = array("d")
        self._pressed: Instant | None = None
        self._awaiting: Record | None = None

    def pressed(self, now: Instant) -> None:
        """Take note that a finger touched the button at *now*."""
        self._pressed = now

    def stepped(self, before: Booth, event: Event, after: Booth) -> None:
        """Take the time of what this step means."""
        session = session_of(after.state)
        if session is not None and session not in self.records:
            begun = Record(session, first_frame=len(self.frame_times), pressed=self._pressed or event.now)
            self.records[session] = begun
            self._pressed, self._awaiting = None, begun
        if isinstance(after.state, Exposing) and not isinstance(before.state, Exposing):
            self.records[after.state.session].exposing = event.now
        if isinstance(after.state, FillingIn) and not isinstance(before.state, FillingIn):
            self.records[after.state.session].form_shown = event.now
        about = self.records.get(getattr(event, "session", None) or SessionId(""))
        match event:
            case FrameTaken(now=now) if about is not None and about.exposing is not None:
                about.stages.shutters.append(now - about.exposing)
                about.last_frame = now
            case AnimationReady(now=now) if about is not None and about.last_frame is not None:
                about.stages.last_shutter_to_gif = now - about.last_frame
            case SendChosen(now=now) | Returned(now=now) | SkipChosen(now=now) | Pressed(now=now) if (
                isinstance(after.state, Finishing) and after.state.since == now
            ):
                sent = self.records[after.state.session]
                sent.submitted = now
                if sent.form_shown is not None:
                    sent.stages.form_to_submit = now - sent.form_shown
                sent.guest = after.state.form.guest() if isinstance(event, SendChosen | Returned) else None
            case Committed(now=now) if about is not None:
                about.committed = now
                if about.submitted is not None:
                    about.stages.submit_to_outbox = now - about.submitted
            case Delivered(now=now) if about is not None:
                about.delivered = True
                if about.committed is not None:
                    about.stages.outbox_to_confirmed = now - about.committed
            case _:
                pass

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """Take the time of a frame, and of the first reaction to a press."""
        before, self._spent = self._spent, self._cpu()
        if not changed:
            return
        self.frame_times.append(ended - began)
        self.frame_costs.append(self._spent - before)
        waiting = self._awaiting
        if waiting is not None and isinstance(shown, GetReadyScene) and waiting.pressed is not None:
            waiting.stages.press_to_reaction = ended - waiting.pressed
            self.press_to_reaction.append(ended - waiting.pressed)
            self._awaiting = None

    def of_visits(self, times: "array[float]") -> list[Sequence[float]]:
        """Return `frame_times` or `frame_costs` of each visit, from its beginning to the next one's."""
        begins = [record.first_frame for record in self.records.values()]
        return [times[begin:end] for begin, end in pairwise((*begins, len(times)))]


class Photographer(Onlooker):
    """A watcher that takes a picture of each screen a guest sees, once."""

    def __init__(self, panel: TouchPanel, into: Path) -> None:
        self._panel = panel
        self._into = into
        self._taken: set[str] = set()
        self._showing: tuple[str, Instant] | None = None
        self.pictures: list[Path] = []

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """Take the picture, when there is one to take."""
        name = self._name(shown)
        if self._showing is None or self._showing[0] != name:
            self._showing = (name, began)
        if name in self._taken or began - self._showing[1] < self._settles(name):
            return
        self._taken.add(name)
        path = self._into / f"{len(self._taken):02d}-{name}.png"
        self._panel.photograph(path)
        self.pictures.append(path)

    @staticmethod
    def _name(shown: Scene) -> str:
        name = type(shown).__name__.removesuffix("Scene").lower()
        match shown:
            case FormScene(sending=True):
                return "form-sent"
            case FormScene(form=form) if form.email.text and form.name.text:
                return "form-filled-in"
            case FormScene(animation=Animation.READY):
                return "form-ready"
            case FarewellScene(link=str()):
                return f"{name}-code"
            case FarewellScene(outcome=outcome):
                return f"{name}-{outcome.value}"
            case _:
                return name

    @staticmethod
    def _settles(name: str) -> float:
        """Return after how many seconds a screen shows what it is about."""
        return {"countdown": 0.05, "getready": 0.1, "form-filled-in": 0.4, "farewell-code": 1.0}.get(name, 0.0)


class Acts(Protocol):
    """A scripted guest."""

    @property
    def done(self) -> bool:
        """Whether all guests have been and gone."""
        ...

    def act(self, booth: Booth, now: Instant) -> None:
        """Do what a guest would do now."""
        ...


class Director(Onlooker):
    """A watcher that lets the scripted guests act, and ends the daemon when all is delivered, or nothing moves."""

    def __init__(
        self,
        guests: Acts,
        stopwatch: Stopwatch,
        *,
        expected: int,
        stop: Callable[[], None],
        waits: Callable[[SessionId], bool] = lambda _: False,
        patience: Patience = patient,
    ) -> None:
        """Direct *guests*, as many visits as are *expected*. *waits* says whether one waits for another target."""
        self._guests = guests
        self._stopwatch = stopwatch
        self._expected = expected
        self._stop = stop
        self._waits = waits
        self._patience = patience
        self._moved: Instant | None = None
        self._state = ""
        self.gave_up: str | None = None
        """Why the rehearsal ended early, in a sentence; None if it did not."""

    def stepped(self, before: Booth, event: Event, after: Booth) -> None:
        """See that something moves: a visit, or one on its way. A part that reports, as parts do, is no progress."""
        if after.state != before.state or isinstance(event, Committed | Delivered):
            self._moved = event.now
        self._state = type(after.state).__name__
        if len(self._stopwatch.records) > TRIES * self._expected and self.gave_up is None:
            self.gave_up = f"{len(self._stopwatch.records)} visits were begun for {self._expected} guests"
            self._stop()

    def looped(self, booth: Booth, now: Instant) -> None:
        """Act; stop at the end."""
        self._guests.act(booth, now)
        if self._moved is None:
            self._moved = now
        visits = self._stopwatch.records.items()
        delivered = [session for session, record in visits if record.submitted is not None and record.delivered]
        if self._guests.done and len(delivered) >= self._expected and not any(map(self._waits, delivered)):
            self._stop()
        elif now - self._moved > (patience := self._patience(booth)) and self.gave_up is None:
            self.gave_up = f"nothing has moved for {patience:.0f} s; the booth is in {self._state}"
            self._stop()


@dataclass(frozen=True)
class Receipt:
    """What the outbox says became of a visit."""

    key: str
    details: str
    """The key of the object that carries the guest's details: the animation's own, or one beside it."""
    etag: str
    md5: str
    size: int
    frames: int
    animation: Path


class Archive:
    """Where what was sent can be looked up: on the outbox's side, and on the bucket's, opened when it is needed."""

    def __init__(self, outbox: Path, spool: Spool, open_bucket: Callable[[], ReadableBucket]) -> None:
        self._outbox = outbox
        self._spool = spool
        self._open_bucket = open_bucket
        self._bucket: ReadableBucket | None = None

    def receipt(self, session: SessionId) -> Receipt:
        """Return the receipt of a visit that was sent. Raises `BoothError` if it was not."""
        folder = self._outbox / "sent" / session
        try:
            entry = Entry.read((folder / "entry.json").read_bytes())
            animation = folder / "animation.gif"
            body = animation.read_bytes()
        except (OSError, ValueError) as exc:
            raise OutboxError(f"it was not sent, or its entry in {folder} cannot be read") from exc
        frames = len(playback.read(animation).pictures)
        md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
        details = next((product.key for product in entry.products if not product.nameless), entry.animation.key)
        return Receipt(entry.animation.key, details, entry.animation.md5, md5, len(body), frames, animation)

    def stored(self, key: str) -> tuple[bytes, Mapping[str, str]]:
        """Return an object's bytes and its metadata, decoded. Raises `BucketError`."""
        if self._bucket is None:
            self._bucket = self._open_bucket()
        body, encoded = self._bucket.get(key)
        return body, metadata.decode(encoded)

    def close(self) -> None:
        """Close the bucket. May be called twice."""
        bucket, self._bucket = self._bucket, None
        if bucket is not None:
            bucket.close()

    def counts(self) -> Mapping[str, int]:
        """Return how many entries are where."""
        return self._spool.counts()


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the value that *share* (0..1) of *values* do not exceed; None if there are none."""
    if not values:
        return None
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def peak_rss_mb() -> float:
    """Return the most memory that this process has had at once, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(
    stopwatch: Stopwatch,
    guests: Sequence[Guest],
    archive: Archive,
    *,
    event: str,
    cpu: float,
    peak: float,
    gave_up: str | None,
    out: TextIO,
    complain: TextIO,
) -> int:
    """Read everything back, print a JSON object a guest and the summary to *out*; return the exit status.

    0 only if the object of every one of *guests* is in the bucket with the right bytes and metadata; what is not is
    named on *complain*, by the guest's number and session. The first and the last of them, whose frame times are given
    beside those of all, are `LOT` guests each, or a quarter of them if they are few.
    """
    wrong: list[str] = [] if gave_up is None else [gave_up]
    stored = 0
    keys: set[str] = set()
    visits = [record for record in stopwatch.records.values() if record.submitted is not None]
    frames, costs = (stopwatch.of_visits(times) for times in (stopwatch.frame_times, stopwatch.frame_costs))
    slowest = {session: percentile(times, 0.99) for session, times in zip(stopwatch.records, frames, strict=True)}
    for number, expected in enumerate(guests, 1):
        if number > len(visits):
            wrong.append(f"guest {number}: no visit was sent")
            print(json.dumps({"session": None, "stored": False}), file=out, flush=True)
            continue
        record = visits[number - 1]
        line: dict[str, object] = {"session": record.session}
        try:
            receipt = archive.receipt(record.session)
            line |= {"key": receipt.key, "etag": receipt.etag, "bytes": receipt.size, "frames": receipt.frames}
            faults = _faults(receipt, expected, record.session, archive, event)
            if receipt.key in keys:
                faults.append("shares its key with another guest")
            keys.add(receipt.key)
        except BoothError as exc:
            faults = [str(exc)]
        stored += not faults
        wrong += [f"guest {number} ({record.session}): {fault}" for fault in faults]
        line["stored"] = not faults
        line["frame_time_p99_s"] = _round(slowest[record.session])
        line["seconds"] = _rounded(asdict(record.stages))
        print(json.dumps(line), file=out, flush=True)

    # Who goes without details has no form to fill in: one press would make the form look shorter than it is.
    forms = [took for each in visits if each.guest is not None and (took := each.stages.form_to_submit) is not None]
    lot = min(LOT, math.ceil(len(frames) / 4))
    summary = {
        "guests": len(guests),
        "stored": stored,
        "cpu_seconds_a_guest": round(cpu / max(len(guests), 1), 3),
        "peak_rss_mb": round(peak, 1),
        "frame_time_p50_s": _round(percentile(stopwatch.frame_times, 0.50)),
        "frame_time_p99_s": _round(percentile(stopwatch.frame_times, 0.99)),
        "frame_time_p99_first_s": _round(percentile([*chain.from_iterable(frames[:lot])], 0.99)),
        "frame_time_p99_last_s": _round(percentile([*chain.from_iterable(frames[-lot:])], 0.99)),
        "frame_cpu_p99_first_s": _round(percentile([*chain.from_iterable(costs[:lot])], 0.99)),
        "frame_cpu_p99_last_s": _round(percentile([*chain.from_iterable(costs[-lot:])], 0.99)),
        "form_p50_s": _round(percentile(forms, 0.50)),
        "press_to_reaction_p99_s": _round(percentile(stopwatch.press_to_reaction, 0.99)),
        "outbox": dict(archive.counts()),
    }
    print(json.dumps(summary), file=out, flush=True)
    for sentence in wrong:
        print(f"booth: {sentence}", file=complain)
    return 0 if stored == len(guests) and not wrong else 1


def _faults(receipt: Receipt, guest: Guest, session: SessionId, archive: Archive, event: str) -> list[str]:
    """Return what is wrong with a guest's object. Says which field differs, never what is in it."""
    body, shown = archive.stored(receipt.key)
    metadata = archive.stored(receipt.details)[1] if receipt.details != receipt.key else shown
    faults = []
    if metadata is not shown and shown.keys() & {"name", "email"}:
        faults.append("there are details in the animation's metadata, though they are an object of their own")
    if body != receipt.animation.read_bytes():
        faults.append("the bytes in the bucket are not those of the animation")
    if not hashlib.md5(body, usedforsecurity=False).hexdigest() == receipt.etag == receipt.md5:
        faults.append("the ETag is not the MD5 of the bytes")
    if not (guest.name or guest.email) and metadata.keys() & {"name", "email"}:
        faults.append("there are details in the metadata, though the guest gave none")
    expected = {"name": guest.name, "email": guest.email, "event": event, "session": session}
    for key, value in expected.items():
        if not _kept(metadata.get(key, ""), value):
            faults.append(f"metadata {key!r} is not what the guest entered")
    if metadata.get("consent") not in {"yes", "no"} or not metadata.get("booth") or not _is_time(metadata.get("taken")):
        faults.append("metadata 'consent', 'booth' or 'taken' is missing, or not what it should be")
    return faults


def _is_time(text: str | None) -> bool:
    try:
        return text is not None and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _kept(stored: str, entered: str) -> bool:
    """Whether *stored* is what was entered, or as much of a very long entry as metadata can hold."""
    return stored == entered or (len(entered) > 100 and len(stored) >= 50 and entered.startswith(stored))


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _rounded(stages: dict[str, object]) -> dict[str, object]:
    def rounded(value: object) -> object:
        if isinstance(value, float):
            return round(value, 4)
        return [rounded(item) for item in value] if isinstance(value, list) else value

    return {name: rounded(value) for name, value in stages.items()}


def play(
    settings: Settings,
    simulation: Simulation,
    guests: Sequence[Guest],
    stack: ExitStack,
    *,
    screenshots: Path | None = None,
    objects: Path | None = None,
    on_daemon: Callable[[Daemon], None] = lambda _daemon: None,
    patience: Patience = patient,
) -> int:
    """Have *guests* visit a simulated booth, report on it, and return the exit status.

    *screenshots* is a folder for a picture of each screen, *objects* one for what was read back from the bucket;
    given *objects*, a few lines on standard error say where everything is. *on_daemon* sees the daemon before it runs.
    When nothing has moved for as long as *patience* says, it is given up.
    """
    appliance = assemble(settings, simulated(settings, simulation, stack), stack)
    panel = appliance.panel
    if panel is None:
        raise BoothError("only a simulated booth can be rehearsed")
    stopwatch = Stopwatch()
    scripted = ScriptedGuests(
        guests,
        panel,
        appliance.screen,
        tap_every=Seconds(0.0) if simulation.fast else TAP_EVERY,
        pressed=stopwatch.pressed,
    )
    director = Director(
        scripted,
        stopwatch,
        expected=len(guests),
        stop=appliance.daemon.stop,
        waits=lambda session: (appliance.outbox / "pending" / session).is_dir(),
        patience=patience,
    )
    photographer = None
    if screenshots is not None:
        try:
            screenshots.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise ConfigError(
                f"--screenshots {called(screenshots)}: {exc.strerror}; name a folder that can be made"
            ) from exc
        photographer = Photographer(appliance.screen, screenshots)
        appliance.daemon.watch(photographer)
    appliance.daemon.watch(stopwatch)
    appliance.daemon.watch(director)
    on_daemon(appliance.daemon)

    before = cpu_seconds()
    memory.freeze()
    appliance.run()
    spent = cpu_seconds() - before
    peak = peak_rss_mb()

    archive = Archive(appliance.outbox, appliance.spool, appliance.open_bucket)
    stack.callback(archive.close)
    status = report(
        stopwatch,
        guests,
        archive,
        event=settings.event.name,
        cpu=spent,
        peak=peak,
        gave_up=director.gave_up,
        out=sys.stdout,
        complain=sys.stderr,
    )
    if objects is not None:
        _show_around(appliance, archive, stopwatch, photographer, objects)
    return status


def _show_around(
    appliance: Appliance,
    archive: Archive,
    stopwatch: Stopwatch,
    photographer: Photographer | None,
    objects: Path,
) -> None:
    """Say where the animation, the screens and the stored object of a rehearsal are."""
    for session in stopwatch.records:
        try:
            receipt = archive.receipt(session)
            body, values = archive.stored(receipt.key)
        except BoothError:
            continue  # the report has said so
        stored = objects / receipt.key
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_bytes(body)
        stored.with_suffix(".json").write_text(json.dumps(values, indent=2, ensure_ascii=False), encoding="utf-8")
        print(f"booth: the animation:      {receipt.animation}", file=sys.stderr)
        print(f"booth: the stored object:  s3://{appliance.settings.zenko.bucket}/{receipt.key}", file=sys.stderr)
        print(f"booth:   as read back:     {stored} (and its metadata in {stored.stem}.json)", file=sys.stderr)
    if photographer is not None and photographer.pictures:
        print(f"booth: the screens:        {photographer.pictures[0].parent}/*.png", file=sys.stderr)
