"""Visits of an outbox, as lines and for programs. Nobody's name is among them unless it is asked for."""

from collections.abc import Iterator, Sequence
from typing import Any

from booth.outbox.entry import iso
from booth.outbox.places import FAILED, SENT
from booth.outbox.shelf import Shelf, Shelved
from booth.reading import shown

_LONGEST_WHY = 60


def table(visits: Sequence[Shelved]) -> str:
    """Return a line for each, under a line of headings."""
    rows = [("VISIT", "PLACE", "TAKEN", "GIF", "TRIED", ""), *map(_row, visits)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = (
        "  ".join([*(f"{text:<{width}}" for text, width in zip(row, widths, strict=False)), row[5]]) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _row(visit: Shelved) -> tuple[str, str, str, str, str, str]:
    why = visit.why if len(visit.why) <= _LONGEST_WHY else f"{visit.why[: _LONGEST_WHY - 3]}..."
    return visit.session, visit.place, _taken(visit), _size(visit), str(visit.attempts or ""), why


def fields(visit: Shelved) -> dict[str, Any]:
    """Return what a program is told of a visit."""
    return {
        "visit": visit.session,
        "place": visit.place,
        "event": visit.event,
        "taken": iso(visit.taken) if visit.taken else None,
        "gif_bytes": visit.size or None,
        "attempts": visit.attempts,
        "why": visit.why,
        "confirmed": iso(visit.confirmed) if visit.confirmed else None,
        "objects": [
            {"key": product.key, "type": product.media_type, "bytes": product.size, "md5": product.md5}
            for product in visit.products
        ],
    }


def details(visit: Shelved, shelf: Shelf, *, names: bool) -> dict[str, Any]:
    """Return what a program is told of one visit, and of its guest if *names* are asked for."""
    guest = shelf.guest(visit.session)
    said: dict[str, Any] = {"given": guest is not None, "consent": guest.consent if guest else None}
    if names and guest is not None:
        said |= {"name": guest.name, "email": guest.email}
    return {**fields(visit), "details": said}


def page(said: dict[str, Any], visit: Shelved) -> str:
    """Return the same in lines."""
    return "\n".join(f"{name:<11}{shown(text)}" for name, text in _lines(said, visit))


def _lines(said: dict[str, Any], visit: Shelved) -> Iterator[tuple[str, str]]:
    yield "visit", visit.session
    yield "place", f"{visit.place}/"
    yield "event", visit.event or "?"
    yield "taken", _taken(visit)
    yield "GIF", str(visit.animation) if visit.animation else "not made yet"
    if visit.place == FAILED:
        yield "why", visit.why or "nobody noted why"
    if visit.attempts:
        yield "tried", f"{visit.attempts} times without success"
    if visit.place == SENT:
        when = f"{visit.confirmed.astimezone():%Y-%m-%d %H:%M:%S}" if visit.confirmed else "at a time that nobody noted"
        yield "confirmed", when
    for number, product in enumerate(visit.products):
        yield "" if number else "objects", f"{product.key} ({product.media_type}, {product.size} bytes)"
    guest = said["details"]
    if not guest["given"]:
        yield "details", "none were given"
    else:
        yield "details", f"given, {'with' if guest['consent'] else 'without'} consent"
        if "name" in guest:
            yield "name", guest["name"]
            yield "email", guest["email"]


def _taken(visit: Shelved) -> str:
    return f"{visit.taken.astimezone():%Y-%m-%d %H:%M:%S}" if visit.taken else "?"


def _size(visit: Shelved) -> str:
    return f"{visit.size / 1e6:.1f} MB" if visit.animation else "none"
