"""What a hand-over knows of itself, so that it can be gone on with: at the next booth, or after a cut.

``visits.json`` has the visits, the record of the nights, and each file that was given a name: what has to go is taken
from there, and nothing else in the folder is ever deleted.

The law: whatever the file holds, reading it gives what could have been written, or `BoothError`.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from booth.core.night import Counted, Night
from booth.errors import BoothError
from booth.operator.exporting import visits
from booth.operator.exporting.consent import Texts, together
from booth.operator.exporting.visits import Handed
from booth.outbox.nights import Day

FILE = "visits.json"

_VERSION = 1
_NAME = r"[^./\\\x00-\x1f][^/\\\x00-\x1f]*"
_FILES = re.compile(rf"(gifs|gallery)/{_NAME}\.gif|clips/{_NAME}\.mp4|strips/{_NAME}\.jpg")


@dataclass(frozen=True)
class Mishap:
    """What went wrong in the evening."""

    at: str
    """When it was last so, by the time of the place; "" if nobody noted it."""
    what: str
    times: int


@dataclass(frozen=True)
class Inventory:
    """What is handed over of one event."""

    event: str
    visits: tuple[Handed, ...] = ()
    nights: Mapping[tuple[str, str], Night] = field(default_factory=dict)
    """What became of visits, by day and by booth."""
    troubles: Mapping[str, tuple[Mishap, ...]] = field(default_factory=dict)
    """By booth."""
    texts: Mapping[str, Texts] = field(default_factory=dict)
    """What guests were asked to agree to, by booth and by language."""
    files: frozenset[str] = frozenset()
    """The animations, clips and strips that may be there, as paths from the folder."""

    def after(self, before: "Inventory", forgotten: Iterable[str]) -> "Inventory":
        """Return this with what was known *before*, and without what is *forgotten*."""
        gone = set(forgotten)
        kept = visits.merged(self.visits, before.visits)
        nights = dict(before.nights)
        for at, night in self.nights.items():  # a record only grows, so the older of two has less in it
            known = nights.get(at)
            if known is None or known[Counted.BEGUN] <= night[Counted.BEGUN]:
                nights[at] = night
        return replace(
            self,
            visits=tuple(each for each in kept if each.session not in gone),
            nights=nights,
            troubles={**before.troubles, **self.troubles},
            texts=together(self.texts, before.texts),
        )

    def written(self) -> bytes:
        """Return the file's content."""
        said = {
            "version": _VERSION,
            "event": self.event,
            "visits": [visits.written(each) for each in self.visits],
            "nights": [
                {"day": day, "booth": booth, "record": json.loads(Day({self.event: night}).written())}
                for (day, booth), night in sorted(self.nights.items())
            ],
            "troubles": {
                booth: [{"at": one.at, "what": one.what, "times": one.times} for one in troubles]
                for booth, troubles in sorted(self.troubles.items())
            },
            "texts": {booth: dict(texts) for booth, texts in sorted(self.texts.items())},
            "files": sorted(self.files),
        }
        return json.dumps(said, indent=1).encode("ascii") + b"\n"

    @classmethod
    def read(cls, content: bytes) -> "Inventory":
        """Return the ledger in *content*. Raises `BoothError` if it is none of ours."""
        try:
            return _read(json.loads(content))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            raise BoothError(
                f"{FILE} there is not of a hand-over of this version: name an empty folder, or an earlier hand-over"
            ) from None


def _read(said: Any) -> Inventory:
    files = frozenset(said["files"])
    texts = {booth: dict(texts) for booth, texts in said["texts"].items()}
    if said["version"] != _VERSION or not isinstance(said["event"], str) or not all(map(_FILES.fullmatch, files)):
        raise ValueError("it is of another version, or has files that we do not write")
    if not all(isinstance(text, str) for one in texts.values() for text in one.values()):
        raise ValueError("a text is none")
    nights = {}
    for one in said["nights"]:
        day = date.fromisoformat(one["day"]).isoformat()
        record = Day.read(json.dumps(one["record"]).encode())
        nights[day, str(one["booth"])] = record.events[said["event"]]
    troubles = {
        booth: tuple(Mishap(str(one["at"]), str(one["what"]), int(one["times"])) for one in some)
        for booth, some in said["troubles"].items()
    }
    return Inventory(said["event"], tuple(map(visits.read, said["visits"])), nights, troubles, texts, files)
