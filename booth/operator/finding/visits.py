"""Visits in a bucket: what a listing or a search names is looked at, put together, and judged.

A guest's details may lie in an object beside the picture (``ID.json`` beside ``ID.gif``): the two are one visit, and
what is known of one holds of both.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, groupby, islice
from typing import Self

from booth.drivers.seeking import Head, SoughtBucket
from booth.operator.finding.clauses import Clause, Facts
from booth.outbox import metadata
from booth.outbox.details import DETAILS
from booth.ports import PAGE

LOOKERS = 6
"""Objects that are looked at at once: what takes long is the way there and back."""

ALONE = 24
"""Objects that are looked at one by one first: to open a bucket for each looker takes longer."""

_PICTURE = ".gif"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Hit:
    """A visit that was found. The guest's."""

    picture: Facts
    """What is shown and fetched: the animation; where there is none, what there is."""
    details: dict[str, str] = field(repr=False)
    """All that its objects' metadata say, as a person reads it."""
    objects: tuple[Facts, ...] = field(repr=False)
    """All its objects that were looked at."""


class Seeker:
    """Looks through a bucket, several objects at a time. To be entered; it ends its threads and connections."""

    def __init__(self, open_bucket: Callable[[], SoughtBucket], looked: Callable[[int], None]) -> None:
        """Take what opens a bucket for each thread; *looked* is told how many more objects were looked at."""
        self._open_bucket = open_bucket
        self._looked = looked
        self._own = threading.local()
        self._count = 0
        self._opened: list[SoughtBucket] = []
        self._pool = ThreadPoolExecutor(LOOKERS, thread_name_prefix="looker")
        self.bucket = self._bucket()
        """The calling thread's."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for bucket in self._opened:
            bucket.close()

    def visits(self, clause: Clause | None, search: str) -> Iterator[Hit]:
        """Give the visits that *clause* holds of, by key; the server is asked for *search*, or for all. Blocks.

        Raises `BucketError`.
        """
        for _, group in groupby(self._facts(search), key=lambda facts: _stem(facts.key)):
            objects = tuple(self._whole(tuple(group), searched=bool(search)))
            together = {name: value for each in objects for name, value in each.metadata.items()}
            merged = tuple(replace(each, metadata=together) for each in objects)
            if clause is None or any(clause.holds(each) for each in merged):
                pictures = [each for each in merged if not each.key.endswith((DETAILS.ending, PAGE.ending))]
                yield Hit((pictures or merged)[0], metadata.decode(together), objects)

    def _facts(self, search: str) -> Iterator[Facts]:
        further = ""
        while True:
            page = self.bucket.page(search=search, further=further)
            yield from self._looked_at(each.key for each in page.objects)
            if not page.further:
                return
            further = page.further

    def _whole(self, objects: tuple[Facts, ...], *, searched: bool) -> Iterable[Facts]:
        """Return a visit's objects with the one that a search did not find, if there is one."""
        if not searched or len(objects) != 1 or not (missing := _beside(objects[0])):
            return objects
        other = self._looked_at([missing])
        return sorted((*objects, *other), key=lambda facts: facts.key)

    def _looked_at(self, keys: Iterable[str]) -> Iterator[Facts]:
        """Give what the headers of objects say, in order; of those that are gone meanwhile, nothing."""
        left = iter(keys)
        first = list(islice(left, max(ALONE - self._count, 0)))
        self._count += len(first)
        for facts in chain(map(self._look, first), self._pool.map(self._look, left)):
            self._looked(1)
            if facts is not None:
                yield facts

    def _look(self, key: str) -> Facts | None:
        head = self._bucket().head(key)
        return None if head is None else facts_of(key, head)

    def _bucket(self) -> SoughtBucket:
        bucket: SoughtBucket | None = getattr(self._own, "bucket", None)
        if bucket is None:
            bucket = self._own.bucket = self._open_bucket()
            self._opened.append(bucket)
        return bucket


def facts_of(key: str, head: Head) -> Facts:
    """Return what an object's headers say, as it can be judged."""
    moment = (head.modified or _NEVER).replace(tzinfo=None)
    return Facts(
        key=key,
        size=head.size,
        modified=f"{moment.isoformat(timespec='milliseconds')}Z",
        md5=head.etag,
        media_type=head.media_type,
        metadata=head.metadata,
        status=head.status,
        sites=head.sites,
    )


def _stem(key: str) -> str:
    """Return what the keys of one visit have in common."""
    return key.removesuffix(DETAILS.ending).removesuffix(PAGE.ending).removesuffix(_PICTURE)


def _beside(facts: Facts) -> str:
    """Return the key of what may lie beside an object that was found alone; "" where nothing can."""
    stem = _stem(facts.key)
    if facts.key.endswith(DETAILS.ending):
        return stem + _PICTURE
    personal = set(facts.metadata) - set(metadata.nameless(facts.metadata))
    return "" if personal or "session" not in facts.metadata else stem + DETAILS.ending
