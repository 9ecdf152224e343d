"""What an operator can change for an evening, on the booth's own screen: what there is, and the file that keeps it.

::

    evening.toml    in the operator's folder: what stands otherwise than the file of settings says

The law: what is not there is as the owner's settings have it; what cannot be read, or makes no booth, counts for
nothing, and is told. A cut leaves the old file or the new one.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from booth.core.hours import Schedule, moment
from booth.core.operating import Dial, Knob, Sight, Value
from booth.disk import Disk, make_folder, put
from booth.errors import OutboxError
from booth.outbox.measured import visits_left
from booth.outbox.nights import Nights
from booth.outbox.places import OPEN, PENDING
from booth.outbox.shelf import Shelf
from booth.ports import Clock
from booth.section import written
from booth.settings.model import Settings, value_of
from booth.settings.sources import EVENING
from booth.ui.languages import LANGUAGES
from booth.units import Seconds

THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")
"""Where the kernel tells how hot the processor is, in thousandths of a degree Celsius."""

LOUDNESSES = (0, 25, 50, 75, 100)
"""What there is beside the volume of the settings, in per cent."""

DAYS = 8
"""Days, the newest, that are asked when something was confirmed."""

USUAL_LATEST = 6
"""Pictures that are shown where the settings show none."""


def dials(settings: Settings, beneath: Mapping[str, object]) -> tuple[Dial, ...]:
    """Return what can be changed: *settings* are as they stand, *beneath* is what was changed, as the file has it."""
    event, screen, form = settings.event, settings.screen, settings.form

    def filed(knob: Knob) -> object:
        return beneath[knob.value] if knob.value in beneath else value_of(settings, knob.value)

    def dial(knob: Knob, choices: tuple[Value, ...], of: Callable[[object], Value]) -> Dial:
        was, stands = of(filed(knob)), of(value_of(settings, knob.value))
        return Dial(knob, tuple(dict.fromkeys((*choices, was))), was, stands)

    found = [dial(Knob.PAUSED, (False, True), bool)]
    if event.others:
        found.append(dial(Knob.EVENT, (str(filed(Knob.EVENT)), *event.others), str))
    asked = filed(Knob.CONSENT)
    if isinstance(asked, str) and len(LANGUAGES) > 1:
        found.append(dial(Knob.LANGUAGE, tuple(screen.languages) or tuple(LANGUAGES), str))
    if settings.sound.enabled:
        found.append(dial(Knob.VOLUME, LOUDNESSES, _number))
    if asked:
        found.append(dial(Knob.CONSENT, (True, False), bool))
    if form.asks_to_show:
        found.append(dial(Knob.LATEST, (0, _number(filed(Knob.LATEST)) or USUAL_LATEST), _number))
    return tuple(found)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def keep(disk: Disk, folder: Path, standing: tuple[Dial, ...]) -> None:
    """Have the operator's *folder* hold which dials stand otherwise than filed, on the medium. Raises OSError."""
    sections: dict[str, list[str]] = {}
    for dial in standing:
        if dial.changed:
            section, _, key = dial.knob.value.partition(".")
            value = "" if dial.knob is Knob.CONSENT else dial.value
            sections.setdefault(section, []).append(f"{key} = {written(value)}\n")
    lines = [f"[{section}]\n{''.join(changed)}" for section, changed in sections.items()]
    make_folder(disk, folder)
    put(disk, folder / EVENING, "".join(["# What was changed on the operator's screen.\n", *lines]).encode())


# ---- hours


def schedule(settings: Settings) -> Schedule:
    """Return when the event opens and closes."""
    opens, closes = settings.event.opens, settings.event.closes
    return Schedule(moment(opens) if opens else None, moment(closes) if closes else None)


# ---- what is seen


def sight(
    disk: Disk,
    outbox: Path,
    clock: Clock,
    *,
    min_free_mb: int,
    waits: Callable[[], tuple[int, int]],
    troubles: Callable[[], tuple[str, ...]],
    thermal: Path = THERMAL,
) -> Sight:
    """Return what is to be seen of the booth. *waits* returns how many visits are to be sent, and how many failed.

    Reads the disk: slow. What cannot be read is not known; nothing is raised.
    """
    pending, failed = waits()
    room: int | None = None
    with suppress(OSError, OutboxError):
        shelf = Shelf(outbox, disk=disk)
        room = visits_left(
            disk,
            outbox,
            disk.free(outbox),
            opened=shelf.listed(OPEN),
            pending=shelf.listed(PENDING),
            min_free_mb=min_free_mb,
        )
    temperature: int | None = None
    with suppress(OSError, ValueError):
        temperature = round(int(thermal.read_text(encoding="ascii")) / 1000)
    confirmed = _confirmed(Nights(outbox, disk))
    ago = None if confirmed is None else Seconds(max(clock.wall() - confirmed, 0.0))
    return Sight(pending, failed, ago, room, temperature, troubles())


def _confirmed(nights: Nights) -> float | None:
    """Return when the bucket last confirmed a visit, in seconds since 1970; None if no day says so."""
    with suppress(OSError):
        for day in reversed(nights.days()[-DAYS:]):
            with suppress(ValueError):
                known = nights.read(day)
                if known is not None and known.delivered is not None:
                    return known.delivered
    return None
