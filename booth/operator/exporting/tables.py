"""Who was there, for a spreadsheet: the guests, and whom nobody may write to. Pure.

The law: who refused once is written to by nobody, also where the same address agreed at another visit: anybody can type
an address, and a letter too few does no harm.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from booth.core.visit import SHOWN, Purpose
from booth.operator import cells
from booth.operator.exporting.visits import Handed
from booth.outbox.consents import agreed
from booth.outbox.metadata import ANSWER

GUESTS = "guests.csv"
REFUSED = "do-not-contact.csv"

COLUMNS = (
    "consent", "do_not_contact", "name", "email", "event", "booth", "local_time", "taken", "file", "key", "delivered",
    "delivered_at", "replicated", "copies", "bytes", "session",
)  # fmt: skip
"""What is told of a visit, in this order: first of all whether its guest agreed."""

BOM = b"\xef\xbb\xbf"
"""Bytes at the beginning: without them a double click in Excel takes UTF-8 for something else, and Zoë for ZoÃ«."""


def guests(visits: Iterable[Handed], files: Mapping[str, str]) -> bytes:
    """Return the table of all visits; *files* are those that are there, by session."""
    visits = list(visits)
    never = refused(visits)
    asked = sorted({name for each in visits for name in each.consents})
    told = sorted({name for each in visits for name in each.answers})
    rows = (
        _row(each, files.get(each.session, ""), never) | _consents(each, asked) | _answers(each, told)
        for each in visits
    )
    first, *others = COLUMNS
    columns = (first, *(f"{first}_{name}" for name in asked), *others, *(f"{ANSWER}_{name}" for name in told))
    return _encoded(cells.table(columns, rows))


def do_not_contact(visits: Iterable[Handed]) -> bytes:
    """Return the table of the addresses that nobody may write to."""
    spelled: dict[str, str] = {}
    never = refused(visits := list(visits))
    for each in visits:
        if same(each.email) in never:
            spelled.setdefault(same(each.email), each.email.strip())
    return _encoded(cells.table(("email",), ({"email": spelled[one]} for one in sorted(spelled))))


def refused(visits: Iterable[Handed]) -> frozenset[str]:
    """Return the addresses that did not agree, each as `same` has it."""
    return frozenset(same(each.email) for each in visits if each.given and not _may_write(each) and each.email.strip())


def _may_write(kept: Handed) -> bool:
    """Return whether a guest agreed to be written to.

    Where several things are asked, that is one of them; with one box the answer to it stands for all.
    """
    if kept.consents.keys() - {SHOWN.id}:
        return any(agreed(record, Purpose.MARKETING) for record in kept.consents.values())
    return kept.consent


def _consents(kept: Handed, asked: Sequence[str]) -> dict[str, str]:
    """Return what a guest said to each consent that anybody was *asked*; nothing to what this one was not."""
    return {
        f"{COLUMNS[0]}_{name}": _yes(agreed(kept.consents[name])) if name in kept.consents else "" for name in asked
    }


def _answers(kept: Handed, told: Sequence[str]) -> dict[str, str]:
    """Return what a guest answered to each question that anybody answered."""
    return {f"{ANSWER}_{name}": kept.answers.get(name, "") for name in told}


def same(address: str) -> str:
    """Return *address* as it is the same in letters of any size."""
    return unicodedata.normalize("NFC", address).strip().casefold()


def _row(kept: Handed, file: str, never: frozenset[str]) -> dict[str, str]:
    contactable = _may_write(kept) and bool(kept.email.strip()) and same(kept.email) not in never
    return {
        "consent": _yes(kept.consent) if kept.given else "",
        "do_not_contact": "" if not kept.email.strip() else _yes(not contactable),
        "name": kept.name,
        "email": kept.email,
        "event": kept.event,
        "booth": kept.booth,
        "local_time": f"{kept.local:%Y-%m-%d %H:%M:%S}",
        "taken": kept.taken,
        "file": file,
        "key": kept.key,
        "delivered": _yes(kept.delivered),
        "delivered_at": kept.delivered_at,
        "replicated": "" if kept.replicated is None else _yes(kept.replicated),
        "copies": ", ".join(f"{site} {state}" for site, state in sorted(kept.copies.items())),
        "bytes": str(kept.size),
        "session": kept.session,
    }


def _yes(so: bool) -> str:  # noqa: FBT001  what is said is the value itself
    return "yes" if so else "no"


def _encoded(table: str) -> bytes:
    return BOM + table.encode("utf-8", "replace")
