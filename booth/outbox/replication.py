"""How far the server's own copies of a sent visit are: what is kept of it beside the visit, in ``replication.json``.

A server that replicates makes a copy of each object at each of its sites, by and by. What it says of them is kept by
product and by site, with the moment since when it says so.

The law: a copy that is there is there for good; of all others, what was said last counts. Nothing that was committed
depends on this file: without it, whoever follows a visit asks again.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from booth.disk import Disk
from booth.outbox import places
from booth.outbox.entry import json_written, note_read
from booth.outbox.places import REPLICATION
from booth.ports import CopyState

UNNAMED = "the bucket's copy"
"""What the copies are called of a server that says of all of them together how far they are."""

MOST_SITES = 32
"""The most sites that are taken from a server, for one object."""

_LONGEST = 100
"""Characters of a site's name."""


@dataclass(frozen=True)
class Copy:
    """One copy of one product."""

    state: CopyState
    since: float
    """Since when the server says so, as far as anybody knows: seconds since 1970."""


Copies = Mapping[str, Copy]
"""Those of one product, by site; none if the server makes none of it."""


@dataclass(frozen=True)
class Replication:
    """What is known of all copies of a visit: by its products' files."""

    products: Mapping[str, Copies] = field(default_factory=dict)

    def heard(self, file: str, said: Mapping[str, CopyState], at: float) -> "Replication":
        """Return what is known after the server has *said* of the product in *file*, *at* (seconds since 1970)."""
        before = self.products.get(file, {})
        copies = {site: copy for site, copy in before.items() if copy.state is CopyState.COMPLETED}
        for site, state in sorted(said.items())[:MOST_SITES]:
            known = before.get(site)
            if site not in copies and len(site) <= _LONGEST:
                copies[site] = known if known is not None and known.state is state else Copy(state, at)
        return replace(self, products={**self.products, file: copies})

    def complete(self, file: str) -> bool:
        """Return whether nothing is to be waited for of the product in *file*: each copy is there, or there are none.

        Not before the server was asked.
        """
        return file in self.products and all(copy.state is CopyState.COMPLETED for copy in self.products[file].values())

    def there(self, file: str) -> frozenset[str]:
        """Return the sites that have the product in *file*."""
        copies = self.products.get(file, {})
        return frozenset(site for site, copy in copies.items() if copy.state is CopyState.COMPLETED)

    def since(self) -> float:
        """Return since when all copies are there that are known of: seconds since 1970; -inf if there are to be none.

        Infinite as long as one of them is not.
        """
        copies = [copy for copies in self.products.values() for copy in copies.values()]
        if any(copy.state is not CopyState.COMPLETED for copy in copies):
            return math.inf
        return max((copy.since for copy in copies), default=-math.inf)

    def written(self) -> bytes:
        """Return the file's content."""
        products = {
            file: {site: {"state": copy.state.value, "since": copy.since} for site, copy in copies.items()}
            for file, copies in self.products.items()
        }
        return json_written({"products": products})

    @classmethod
    def read(cls, content: bytes) -> "Replication":
        """Return what *content* says; what makes no sense in it says nothing."""
        products = note_read(content).get("products")
        if not isinstance(products, dict):
            return cls()
        return cls({file: dict(_copies(said)) for file, said in products.items() if isinstance(said, dict)})


def _copies(said: Mapping[str, Any]) -> Iterator[tuple[str, Copy]]:
    states = {state.value: state for state in CopyState}
    for site, copy in said.items():
        fields = copy if isinstance(copy, dict) else {}
        state, since = states.get(str(fields.get("state"))), fields.get("since")
        if state is not None and isinstance(since, int | float) and not isinstance(since, bool):
            yield site, Copy(state, float(since))


def known(disk: Disk, folder: Path) -> Replication | None:
    """Return what is known of the copies of the visit in *folder*; None if nobody has asked. Raises OSError."""
    try:
        return Replication.read(places.small(disk, folder / REPLICATION))
    except (FileNotFoundError, ValueError):
        return None
