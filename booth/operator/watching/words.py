"""What is known of a booth, for people: a page of short lines, the worst first to be seen."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TextIO

from booth.core.night import ENDS, Counted, Night, Phase
from booth.operator.watching.findings import Findings, Life, since
from booth.operator.watching.keeping import KeptFor
from booth.outbox.places import FAILED, OPEN, PENDING, SENT
from booth.reading import shown

WIDTH = 13
"""Characters before a line says something."""

STATES = {
    "Starting": "starting: its parts are coming up",
    "Attract": "ready for guests",
    "GetReady": "a guest is posing",
    "Countdown": "a guest is posing",
    "Exposing": "a guest is posing",
    "FillingIn": "a guest is typing",
    "Finishing": "a guest waits for the GIF",
    "Farewell": "a guest looks at the GIF",
    "Apology": "apologising to a guest",
    "OutOfOrder": "out of order",
    "Closed": "closed: paused, or outside of its hours",
    "Knocking": "somebody types the operator's PIN",
    "Operating": "an operator is at its screen",
}
"""What the state of the machine means to somebody who is not there."""

_BOLD, _RED, _YELLOW, _GREEN, _PLAIN = "\033[1m", "\033[31m", "\033[33m", "\033[32m", "\033[0m"


def coloured(stream: TextIO) -> bool:
    """Return whether colours are for *stream*: it is a terminal, and nobody has asked for none."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def page(found: Findings, *, colours: bool) -> str:
    """Return all that is known, in lines."""
    return "\n".join(_lines(found, _Paint(on=colours)))


class _Paint:
    def __init__(self, *, on: bool) -> None:
        self._on = on

    def __call__(self, code: str, text: str) -> str:
        return f"{code}{text}{_PLAIN}" if self._on else text


def _lines(found: Findings, paint: _Paint) -> Iterator[str]:
    told = found.told
    yield _row("booth", *_state(found, paint))
    if told is not None and found.daemon is not Life.STOPPED:
        yield _row("", f"{told.booth}, event {told.event}; version {told.release}, up {span(told.up_s)}")
        for notice in told.notices:
            yield _row("notice", paint(_YELLOW, notice))
    yield from _visits(found)
    yield from _outbox(found, paint)
    if told is not None and found.daemon is not Life.STOPPED:
        yield _row("uploads", paint(_YELLOW, told.uploads) if told.uploads else f"{told.reach}")
    yield _row("confirmed", _ago(found.confirmed, found.at, "nothing yet, as far as the disk knows"))
    if found.kept is not None:
        yield _row("kept", _kept("pictures", found.kept.pictures, found), _kept("details", found.kept.details, found))
    if found.free_bytes is not None and found.visits_left is not None:
        left = f"room for {found.visits_left} more visits ({found.free_bytes / 1e9:.1f} GB free)"
        yield _row("disk", paint(_RED, left) if found.visits_left < 20 else left)
    if found.temperature_c is not None:
        yield _row("temperature", f"{found.temperature_c:.0f} °C")
    name = "troubles"
    for trouble in reversed(found.troubles):
        times = f" ({trouble.times} times)" if trouble.times > 1 else ""
        why = f": {trouble.why}" if trouble.why else ""
        yield _row(name, shown(f"{_clock(trouble.at, found.at)} {trouble.what}{times}{why}"))
        name = ""


def _state(found: Findings, paint: _Paint) -> Iterator[str]:
    told = found.told
    if found.daemon is Life.STOPPED:
        yield paint(_RED, "does not run") + "; what follows is what its disk knows"
        if told is not None:
            yield "it did not end in good order: journalctl -u booth tells more"
    elif found.daemon is Life.HUNG:
        yield paint(_RED, f"hangs: nothing was heard of it for {span(found.silent_s)}") + "; systemctl restart booth"
    elif told is not None and told.missing:
        yield paint(_RED, f"{STATES.get(told.state, told.state)}: {', '.join(told.missing)} missing")
    elif told is not None:
        yield paint(_GREEN, STATES.get(told.state, told.state))


def _visits(found: Findings) -> Iterator[str]:
    night = found.night
    yield _row("today", f"{night[Counted.BEGUN]} begun, {night[Counted.POSED]} posed ({found.day})")
    ends = [(tally, night[tally]) for tally in (*ENDS, Counted.BROKEN_OFF)]
    if any(number for _, number in ends):
        yield _row("", ", ".join(f"{number} {tally.value.replace('-', ' ')}" for tally, number in ends if number))
    times = [text for phase in Phase if (text := _times(night, phase))]
    for number, text in enumerate(times):
        yield _row("" if number else "took", text)


def _times(night: Night, phase: Phase) -> str:
    spans = night.of(phase)
    half, most = spans.within(0.5), spans.within(0.95)
    if half is None or most is None:
        return ""
    return f"{phase.value:<10} half within {_seconds(half)}, 95 % within {_seconds(most)}"


def _outbox(found: Findings, paint: _Paint) -> Iterator[str]:
    if found.places is None:
        yield _row("outbox", paint(_RED, shown(found.unread)))
        return
    there = found.places
    failed = f"{there[FAILED]} set aside in failed/"
    yield _row(
        "outbox",
        f"{there[PENDING]} to be sent, {there[SENT]} sent, {there[OPEN]} open, "
        + (paint(_RED, failed) if there[FAILED] else "none failed"),
    )
    for why, number in found.reasons:
        yield _row("", f"{number} failed: {shown(why)}")


def _kept(what: str, kept: KeptFor, found: Findings) -> str:
    if kept.days:
        days = f"{kept.days} {'day' if kept.days == 1 else 'days'} after they were sent"
    else:
        days = "until they are sent"
    oldest = _ago(kept.oldest, found.at, "")
    return f"{what:<8} {days}; {f'the oldest were sent {oldest}' if oldest else 'none are there'}"


def _row(name: str, *texts: str) -> str:
    return "\n".join(f"{name if not number else '':<{WIDTH}}{text}".rstrip() for number, text in enumerate(texts))


def _ago(moment: datetime | None, now: datetime, never: str) -> str:
    if moment is None:
        return never
    here = moment.astimezone()
    return f"{here:%Y-%m-%d %H:%M:%S}, {span(since(moment, now).total_seconds())} ago"


def _clock(at: float, now: datetime) -> str:
    """Return what a clock on the wall showed; with the day, where that was another."""
    try:
        then = datetime.fromtimestamp(at, UTC).astimezone()
        return f"{then:%H:%M:%S}" if then.date() == now.astimezone().date() else f"{then:%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return "?"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 100 else span(seconds)


def span(seconds: float) -> str:
    """Return a span of time in the two units that matter: ``3 h 5 min``."""
    whole = int(seconds)
    days, hours, minutes = whole // 86_400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"
