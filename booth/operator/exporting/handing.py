"""What a hand-over is made of: the visits of all sources in one, their files' names, the pages about them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from booth.core.night import Night
from booth.operator.exporting import consent, gallery, naming, report, tables, visits
from booth.operator.exporting.ledger import Inventory
from booth.operator.exporting.naming import BESIDE, GALLERY, PICTURES
from booth.operator.exporting.outboxes import Gathered
from booth.operator.exporting.writing import Pages, Wanted


@dataclass(frozen=True)
class Over:
    """What is handed over."""

    ledger: Inventory
    pictures: Mapping[str, Wanted]
    pages: Pages


def over(event: str, found: Sequence[Gathered], before: Inventory | None, *, people: bool = False) -> Over:
    """Return what is handed over of an *event* by what was *found*, and known *before*; *people* name their files."""
    nights: dict[tuple[str, str], Night] = {}
    for at, night in (pair for one in found for pair in one.nights.items()):
        nights[at] = nights.get(at, Night()) + night
    ledger = Inventory(
        event,
        tuple(visits.merged(*(one.visits for one in found))),
        nights,
        {booth: troubles for one in found for booth, troubles in one.troubles.items()},
        reduce(lambda all_of_them, one: consent.together(one.texts, all_of_them), found, dict[str, consent.Texts]()),
    ).after(before if before is not None else Inventory(event), {gone for one in found for gone in one.forgotten})
    plain, named = naming.names(ledger.visits), naming.names(ledger.visits, people=True)
    pictures: dict[str, Wanted] = {}
    files = {}
    for each in ledger.visits:
        ways = [f"{PICTURES}/{called[each.session]}" for called in ((named, plain) if people else (plain, named))]
        shown = f"{GALLERY}/{plain[each.session]}"
        sources = tuple(one.sources[each.session] for one in found if each.session in one.sources)
        files[each.session] = ways[0]
        pictures[ways[0]] = Wanted(each.session, each.size, each.md5, sources, (ways[1], shown))
        for file, (size, md5) in each.beside.items():
            name = f"{each.session}/{file}"
            sources = tuple(one.sources[name] for one in found if name in one.sources)
            first, *likes = (_beside(called, file) for called in ways)
            pictures[first] = Wanted(each.session, size, md5, sources, tuple(likes), beside=True)
        if each.consent:
            pictures[shown] = Wanted(each.session, each.size, each.md5, (), (ways[0],))
    return Over(ledger, pictures, _pages(ledger, files, plain))


def _beside(animation: str, file: str) -> str:
    """Return the path of what was made beside the *animation* at that path."""
    folder, ending = BESIDE[file]
    return f"{folder}/{animation.removeprefix(f'{PICTURES}/').removesuffix('.gif')}{ending}"


def _pages(ledger: Inventory, files: Mapping[str, str], plain: Mapping[str, str]) -> Pages:
    def pages(there: Mapping[str, bytes]) -> Mapping[str, bytes]:
        shown = {session: plain[session] for session in there}
        sizes = {session: size for session, first in there.items() if (size := gallery.size_of(first))}
        present = {session: path for session, path in files.items() if session in there}
        return {
            tables.GUESTS: tables.guests(ledger.visits, present),
            tables.REFUSED: tables.do_not_contact(ledger.visits),
            consent.FILE: consent.page(ledger.texts),
            report.FILE: report.page(ledger),
            gallery.FILE: gallery.page(ledger.event, ledger.visits, shown, sizes),
        }

    return pages
