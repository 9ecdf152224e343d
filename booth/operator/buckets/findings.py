"""What a look at the bucket finds, and how it is told."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum


class Judgement(Enum):
    """How something is."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """It cannot be told here, and why is said."""


@dataclass(frozen=True)
class Told:
    """One thing that was looked at."""

    what: str
    """The subject in a word or two."""
    state: Judgement
    says: str
    cure: str = ""
    """What to do, where it is wrong."""


def right(what: str, says: str) -> Told:
    """Return that something is as it should be."""
    return Told(what, Judgement.RIGHT, says)


def wrong(what: str, says: str, cure: str) -> Told:
    """Return that something needs a hand."""
    return Told(what, Judgement.WRONG, says, cure)


def unknown(what: str, says: str) -> Told:
    """Return that something cannot be told."""
    return Told(what, Judgement.UNKNOWN, says)


def meant(what: str, error: Exception) -> Told:
    """Return what an *error* of the bucket's says: what is so, then what to do, then a code."""
    found = re.fullmatch(r"(.*?); (.*?)(?: \(([A-Za-z0-9]+)\))?", str(error), re.DOTALL)
    if found is None:
        return wrong(what, str(error), "look it up in docs/uploads.md")
    says, cure, code = found.groups()
    return wrong(what, f"{says} ({code})" if code else says, cure)


def line(finding: Told) -> str:
    """Return a finding as it is printed: the cure on a line of its own."""
    told = f"{finding.state.value:9}{finding.what}: {finding.says}"
    return f"{told}\n{'':9}-> {finding.cure}" if finding.cure else told


def summary(found: Sequence[Told]) -> str:
    """Return how many things are how."""
    counts = {state: sum(each.state is state for each in found) for state in Judgement}
    said = [f"{counts[Judgement.RIGHT]} right", f"{counts[Judgement.WRONG]} wrong"]
    if counts[Judgement.UNKNOWN]:
        said.append(f"{counts[Judgement.UNKNOWN]} cannot be told")
    return ", ".join(said)


def as_json(found: Sequence[Told], *, left: str) -> str:
    """Return all for a program. *left*: the key of what was put and could not be deleted, or nothing."""
    told = [{name: value for name, value in asdict(each).items() if name != "state"} | {"state": each.state.value}
            for each in found]  # fmt: skip
    return json.dumps({"findings": told, "left": left}, indent=2)
