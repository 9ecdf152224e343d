"""The record of each night on disk: a file a day beside the visits, by event. Counts and times, and nobody's name.

::

    nights/2026-11-22.json    what became of the visits of that day, and how long their phases took

The law: whatever a file holds, reading it gives what could have been written, or says that there is nothing; what is
replaced is whole before it has its name. A day begins at six in the morning, by the time of the place: what happens
after midnight is still that evening's.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import structlog

from booth.core.night import Counted, Night, Phase, Spans
from booth.disk import Disk, make_folder, put
from booth.outbox import places
from booth.outbox.entry import note_read
from booth.outbox.ids import here
from booth.units import Seconds

NIGHTS = "nights"
"""The folder, in the outbox."""

MORNING = Seconds(6 * 3600.0)
"""Time after midnight for which a day goes on."""

MOST_EVENTS = 8
"""Events that are told apart in a day: a file is read whole, and has to stay small."""

_VERSION = 1
_FILE = re.compile(r"\d{4}-\d{2}-\d{2}\.json", re.ASCII)
_COUNTED = {counted.value: counted for counted in Counted}
_PHASES = {phase.value: phase for phase in Phase}
_LANGUAGE = re.compile("[a-z]{2}", re.ASCII)
_MOST = 10**9
"""Nothing is counted up to there."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Day:
    """What is known of a day."""

    events: Mapping[str, Night] = field(default_factory=dict)
    """What became of its visits, by the event's name in its owner's words."""
    delivered: float | None = None
    """When the bucket last confirmed a visit, in seconds since 1970; None if it did not."""

    def having(self, event: str, night: Night, delivered: float | None) -> "Day":
        """Return this page with what else became of visits of an *event*."""
        events = {**self.events, event: self.events.get(event, Night()) + night}
        if len(events) > MOST_EVENTS and event not in self.events:
            log.warning("night.full", most=MOST_EVENTS)
            events = dict(self.events)
        return Day(events, self.delivered if delivered is None else delivered)

    def written(self) -> bytes:
        """Return the file's content."""
        events = [
            {
                "event": event,
                "counts": {counted.value: count for counted, count in night.counts.items()},
                "phases": {
                    phase.value: {"total": round(spans.total, 3), "steps": {str(s): n for s, n in spans.steps.items()}}
                    for phase, spans in night.phases.items()
                },
                **({"languages": dict(night.languages)} if night.languages else {}),
            }
            for event, night in self.events.items()
        ]
        fields: dict[str, Any] = {"version": _VERSION, "events": events}
        if self.delivered is not None:
            fields["delivered"] = self.delivered
        return json.dumps(fields).encode("ascii") + b"\n"

    @classmethod
    def read(cls, content: bytes) -> "Day":
        """Return what is in *content*. Raises ValueError if it is nothing of ours."""
        fields = note_read(content)
        events, delivered = fields.get("events"), fields.get("delivered")
        if fields.get("version") != _VERSION or not isinstance(events, list) or len(events) > MOST_EVENTS:
            raise ValueError("it is no record of a night, or of a version that this booth does not know")
        if delivered is not None and (isinstance(delivered, bool) or not isinstance(delivered, int | float)):
            raise ValueError("it does not say when the bucket confirmed something")
        found = dict(map(_event, events))
        if len(found) != len(events):
            raise ValueError("it has an event twice")
        return cls(found, None if delivered is None else float(delivered))


class Nights:
    """The records in an outbox. Who only reads may do so while a booth writes."""

    def __init__(self, outbox: Path, disk: Disk) -> None:
        """Nothing is asked of the disk yet."""
        self._folder = outbox / NIGHTS
        self._disk = disk
        self._made = False

    def days(self) -> tuple[date, ...]:
        """Return the days of which there is a record, the oldest first. Raises OSError."""
        if not self._disk.is_folder(self._folder):
            return ()
        return tuple(day for name in self._disk.names(self._folder) if (day := _day(name)) is not None)

    def read(self, day: date) -> Day | None:
        """Return the record of a day; None if there is none. Raises ValueError if it cannot be read, and OSError."""
        try:
            return Day.read(places.small(self._disk, self._file(day)))
        except FileNotFoundError:
            return None

    def put(self, day: date, page: Day) -> None:
        """Have *page* be the record of *day*. On the medium when this returns. Raises OSError."""
        if not self._made:  # also if it is there: whoever made it may have been killed before it was on the medium
            make_folder(self._disk, self._folder)
            self._made = True
        put(self._disk, self._file(day), page.written())

    def displace(self, day: date) -> None:
        """Give what is no record, and lies where one belongs, another name. Raises OSError."""
        file = self._file(day)
        log.warning("night.not_read", file=file.name)
        self._disk.rename(file, file.with_name(f"{file.name}.{secrets.token_hex(4)}"))

    def _file(self, day: date) -> Path:
        return self._folder / f"{day.isoformat()}.json"


def day_of(wall: float) -> date:
    """Return the day that it is, *wall* seconds after 1970 began, where the booth is."""
    return here(wall - MORNING).date()


def together(nights: Mapping[str, Night]) -> Night:
    """Return what became of the visits of all events."""
    return sum(nights.values(), Night())


def _day(name: str) -> date | None:
    if not _FILE.fullmatch(name):
        return None
    try:
        return date.fromisoformat(name.removesuffix(".json"))
    except ValueError:
        return None


def _event(said: object) -> tuple[str, Night]:
    fields = _object(said)
    event = fields.get("event")
    if not isinstance(event, str):
        raise ValueError("one of its events has no name")  # noqa: TRY004 the content is wrong, not the caller
    counts, phases = _object(fields.get("counts")), _object(fields.get("phases"))
    if not (counts.keys() <= _COUNTED.keys() and phases.keys() <= _PHASES.keys()):
        raise ValueError("it counts what nobody counts")
    numbers = {_COUNTED[name]: _number(count) for name, count in counts.items()}
    timed = {_PHASES[name]: _spans(_object(spans)) for name, spans in phases.items()}
    languages = _object(fields.get("languages", {}))  # records from before version 0.3.0 have none
    if not all(map(_LANGUAGE.fullmatch, languages)):
        raise ValueError("it counts what is no language")
    return event, Night(numbers, timed, {code: _number(count) for code, count in languages.items()})


def _spans(fields: Mapping[str, Any]) -> Spans:
    total = fields.get("total")
    if isinstance(total, bool) or not isinstance(total, int | float) or total < 0:
        raise ValueError("it does not say how long something took")
    steps = {_step(step): _number(count) for step, count in _object(fields.get("steps")).items()}
    return Spans(steps, Seconds(float(total)))


def _step(said: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,2}", said, re.ASCII) or int(said) > Spans.LAST:
        raise ValueError("it counts in a step that there is none of")
    return int(said)


def _number(said: object) -> int:
    if isinstance(said, bool) or not isinstance(said, int) or not 0 < said <= _MOST:
        raise ValueError("it has a count that is none")
    return said


def _object(said: object) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise ValueError("it is no record of ours")  # noqa: TRY004 the content is wrong, not the caller
    return said
