"""Visits of an outbox, as lines and for programs. Nobody's name is among them unless it is asked for."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from booth.outbox import answers
from booth.outbox.entry import iso
from booth.outbox.places import FAILED, SENT
from booth.outbox.replication import UNNAMED, Replication
from booth.outbox.shelf import Shelf, Shelved
from booth.ports import GIF, CopyState
from booth.reading import shown

_LONGEST_WHY = 60

_SHOWN = "%Y-%m-%d %H:%M:%S"
"""How a time is shown, by the clock of the place."""


def table(visits: Sequence[Shelved]) -> str:
    """Return a line for each, under a line of headings."""
    rows = [("VISIT", "PLACE", "TAKEN", "GIF", "TRIED", "COPIES", ""), *map(_row, visits)]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = (
        "  ".join([*(f"{text:<{width}}" for text, width in zip(row, widths, strict=False)), row[6]]) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _row(visit: Shelved) -> tuple[str, str, str, str, str, str, str]:
    why = visit.why if len(visit.why) <= _LONGEST_WHY else f"{visit.why[: _LONGEST_WHY - 3]}..."
    said = ": ".join(filter(None, ["test" if visit.test else "", why]))
    return visit.session, visit.place, _taken(visit), _size(visit), str(visit.attempts or ""), _counted(visit), said


def fields(visit: Shelved) -> dict[str, Any]:
    """Return what a program is told of a visit."""
    return {
        "visit": visit.session,
        "place": visit.place,
        "event": visit.event,
        "test": visit.test,
        "taken": iso(visit.taken) if visit.taken else None,
        "gif_bytes": visit.size or None,
        "attempts": visit.attempts,
        "why": visit.why,
        "confirmed": iso(visit.confirmed) if visit.confirmed else None,
        "objects": [
            {
                "key": product.key,
                "type": product.media_type,
                "bytes": None if product.is_forgotten else product.size,
                "md5": None if product.is_forgotten else product.md5,
                "copies": _copies(visit.copies, product.file),
            }
            for product in visit.products
        ],
    }


def _copies(known: Replication | None, file: str) -> list[dict[str, Any]] | None:
    """Return what a program is told of the copies of the product in *file*; None if nobody has asked after it."""
    if known is None or file not in known.products:
        return None
    return [
        {"site": site, "state": copy.state.value, "since": iso(since) if (since := _time(copy.since)) else None}
        for site, copy in sorted(known.products[file].items())
    ]


def details(visit: Shelved, shelf: Shelf, *, names: bool) -> dict[str, Any]:
    """Return what a program is told of one visit, and of its guest if *names* are asked for."""
    guest = shelf.guest(visit.session)
    said: dict[str, Any] = {"given": guest is not None, "consent": guest.consent if guest else visit.consent}
    said |= {"deleted": True} if visit.bare else {}
    if names and guest is not None:
        said |= {"name": guest.name, "email": guest.email} | answers.written(guest.told)
    return {**fields(visit), "details": said}


def page(said: dict[str, Any], visit: Shelved) -> str:
    """Return the same in lines."""
    return "\n".join(f"{name:<11}{shown(text)}" for name, text in _lines(said, visit))


def _lines(said: dict[str, Any], visit: Shelved) -> Iterator[tuple[str, str]]:
    yield "visit", visit.session
    yield "place", f"{visit.place}/"
    yield "event", visit.event or "?"
    if visit.test:
        yield "test", "yes: an operator's trial, in no count, gallery or export"
    yield "taken", _taken(visit)
    yield "GIF", str(visit.animation) if visit.animation else "not made yet"
    if visit.place == FAILED:
        yield "why", visit.why or "nobody noted why"
    if visit.attempts:
        yield "tried", f"{visit.attempts} times without success"
    if visit.place == SENT:
        when = f"{visit.confirmed.astimezone():{_SHOWN}}" if visit.confirmed else "at a time that nobody noted"
        yield "confirmed", when
    for number, product in enumerate(visit.products):
        size = "the guest's details, deleted here" if product.is_forgotten else f"{product.size} bytes"
        yield "" if number else "objects", f"{product.key} ({product.media_type}, {size})"
    if visit.place == SENT:
        for number, product in enumerate(visit.products):
            yield "" if number else "copies", f"{product.key}: {_each_copy(visit.copies, product.file)}"
    guest = said["details"]
    if visit.bare:
        agreed = "with" if guest["consent"] else "without"
        yield "details", f"deleted here, for their days are over (outbox.keep_details_days); {agreed} consent"
    elif not guest["given"]:
        yield "details", "none were given"
    else:
        yield "details", f"given, {'with' if guest['consent'] else 'without'} consent"
        if "name" in guest:
            yield "name", guest["name"]
            yield "email", guest["email"]
            for number, (question, answer) in enumerate(guest.get(answers.KEY, {}).items()):
                yield "" if number else "answers", f"{question}: {answer}"


def _each_copy(known: Replication | None, file: str) -> str:
    """Return how far each copy of the product in *file* is."""
    if known is None or file not in known.products:
        return "nothing is known yet"
    told = []
    for site, copy in sorted(known.products[file].items()):
        since = _time(copy.since)
        told.append(f"{site or UNNAMED} {copy.state.value}{f' since {since.astimezone():{_SHOWN}}' if since else ''}")
    return ", ".join(told) or "the server makes none"


def _counted(visit: Shelved) -> str:
    """Return how many copies of the animation are there, of how many; nothing if none are known of."""
    copies = visit.copies.products.get(GIF.file, {}) if visit.copies is not None else {}
    if not copies:
        return ""
    states = [copy.state for copy in copies.values()]
    failed = states.count(CopyState.FAILED)
    return f"{states.count(CopyState.COMPLETED)} of {len(states)}" + (f", {failed} failed" if failed else "")


def _time(since: float) -> datetime | None:
    """Return a time from seconds since 1970; None if it is none: a clock may have shown no year at all."""
    with suppress(OSError, ValueError, OverflowError):
        return datetime.fromtimestamp(since, UTC)
    return None


def _taken(visit: Shelved) -> str:
    return f"{visit.taken.astimezone():{_SHOWN}}" if visit.taken else "?"


def _size(visit: Shelved) -> str:
    return f"{visit.size / 1e6:.1f} MB" if visit.animation else "none"
