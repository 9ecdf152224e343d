"""What is handed over of an outbox: read from its shelf, without a lock, whether or not a booth works there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from booth import bulletin
from booth.core.night import Night
from booth.core.visit import SessionId
from booth.disk import Disk
from booth.operator.exporting.consent import Texts
from booth.operator.exporting.ledger import Mishap
from booth.operator.exporting.naming import BESIDE
from booth.operator.exporting.visits import Handed
from booth.operator.exporting.writing import Source
from booth.outbox import metadata
from booth.outbox.answers import answers
from booth.outbox.consents import records, stored
from booth.outbox.entry import iso
from booth.outbox.forgetting import FORGOTTEN, WISH
from booth.outbox.ids import here, stamp
from booth.outbox.nights import Nights
from booth.outbox.places import FAILED, PENDING, SENT
from booth.outbox.replication import Replication
from booth.outbox.shelf import Papers, Shelf, Shelved
from booth.ports import CopyState


@dataclass
class Gathered:
    """What one source knows of an event."""

    visits: list[Handed] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    """What gives a visit's animation, by its session; and what is beside it, by session and file: ``.../clip.mp4``."""
    nights: dict[tuple[str, str], Night] = field(default_factory=dict)
    troubles: dict[str, tuple[Mishap, ...]] = field(default_factory=dict)
    texts: dict[str, Texts] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    """Sessions whose guests wished to be forgotten."""
    others: set[str] = field(default_factory=set)
    """Other events that there are visits of."""
    booth: str = ""
    """Whose it is; "" if it is several booths'."""


def gathered(outbox: Path, event: str, *, disk: Disk, runtime: Sequence[Path] = (), booth: str = "") -> Gathered:
    """Return what the *outbox* has of an *event*; *booth* is whose it is if no visit tells. Raises OutboxError.

    A visit that goes on is not among them, nor one that was cut short: there is nothing of it that could be sent.
    """
    shelf, found = Shelf(outbox, disk=disk), Gathered(booth=booth)
    for visit in shelf.visits(PENDING, SENT, FAILED):
        papers = shelf.papers(visit.session)
        kept = _kept(visit, papers, shelf) if papers is not None else None
        if kept is not None and kept.event == event:
            found.visits.append(kept)
            found.sources[kept.session] = partial(shelf.content, visit.session)
            for file in kept.beside:
                found.sources[f"{kept.session}/{file}"] = partial(shelf.content, visit.session, file)
        elif kept is not None:
            found.others.add(kept.event)
    found.booth = _most((each.booth for each in found.visits), booth)
    found.forgotten = _forgotten(disk, outbox)
    with suppress(OSError):
        if texts := stored(disk, outbox):
            found.texts[found.booth] = texts
    found.nights = {(day, found.booth): night for day, night in _nights(Nights(outbox, disk), event).items()}
    if troubles := _troubles(bulletin.find(disk, (*runtime, outbox), outbox), event):
        found.troubles[found.booth] = troubles
    return found


def _kept(visit: Shelved, papers: Papers, shelf: Shelf) -> Handed | None:
    """Return what is handed over of a visit; None for one without an animation, and for a trial."""
    entry, began = papers.entry, papers.began
    details = metadata.decode(entry.metadata) if entry is not None else {}
    if entry is None or papers.test:
        return None
    guest = shelf.guest(visit.session)
    animation = entry.animation
    copies = _copies(visit.copies, animation.file)
    return Handed(
        session=visit.session,
        event=began.event if began is not None else details.get("event", ""),
        booth=began.booth if began is not None else details.get("booth", ""),
        taken=iso(visit.taken) if visit.taken is not None else "",
        key=animation.key,
        size=animation.size,
        md5=animation.md5,
        east=began.east if began is not None else None,
        given=guest is not None or "email" in details or "name" in details,
        name=guest.name if guest is not None else details.get("name", ""),
        email=guest.email if guest is not None else details.get("email", ""),
        consent=guest.consent if guest is not None else details.get("consent") == "yes",
        consents=records(details),
        answers={each.question: each.text for each in guest.told} if guest is not None else answers(details),
        language=details.get("language", ""),
        delivered=visit.place == SENT,
        delivered_at=iso(visit.confirmed) if visit.confirmed is not None else "",
        copies=copies,
        replicated=all(state == CopyState.COMPLETED.value for state in copies.values()) if copies else None,
        why=visit.why,
        beside={each.file: [each.size, each.md5] for each in entry.products if each.file in BESIDE},
    )


def _copies(known: Replication | None, file: str) -> Mapping[str, str]:
    return {site: copy.state.value for site, copy in known.products.get(file, {}).items()} if known is not None else {}


def _most(booths: Iterable[str], otherwise: str) -> str:
    ((booth, _),) = Counter(booths).most_common(1) or [(otherwise, 0)]
    return booth


def _forgotten(disk: Disk, outbox: Path) -> set[str]:
    """Return the sessions that are forgotten, and those that somebody wishes to be."""
    found = set[str]()
    with suppress(OSError):
        found |= {name.removeprefix(WISH) for name in disk.names(outbox) if name.startswith(WISH)}
    with suppress(OSError):
        found |= {name.removesuffix(".json") for name in disk.names(outbox / FORGOTTEN)}
    return {SessionId(name) for name in found if stamp(name) is not None}


def _nights(nights: Nights, event: str) -> dict[str, Night]:
    found = {}
    with suppress(OSError):
        for day in nights.days():
            with suppress(ValueError):
                record = nights.read(day)
                if record is not None and event in record.events:
                    found[day.isoformat()] = record.events[event]
    return found


def _troubles(told: bulletin.Bulletin | None, event: str) -> tuple[Mishap, ...]:
    if told is None or told.event != event:
        return ()
    return tuple(
        Mishap(f"{here(one.at):%Y-%m-%d %H:%M}", f"{one.what}: {one.why}" if one.why else one.what, one.times)
        for one in told.troubles
    )
