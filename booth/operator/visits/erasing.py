"""Deletes from the bucket what was forgotten, with the booth's own key, where that may: each object by its whole name.

The law: nothing is asked for but the objects that are named; nothing is listed, and nothing found by how it begins.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from booth.drivers.owning import OwnedBucket, RefusedError
from booth.errors import BucketError
from booth.units import Seconds

PATIENCE = Seconds(10.0)
"""How long a server is waited for, each time."""

_MOST = 64
"""Versions of one object that are deleted; an upload that is tried again makes one each time."""

_DENIED = frozenset({401, 403})


class Fate(Enum):
    """What became of an object. The value is its name for programs."""

    GONE = "deleted"
    """All its versions are."""
    NOT_THERE = "not-there"
    HIDDEN = "hidden"
    """Nobody sees it any more, and the bucket keeps its versions: the key may not delete those."""
    STAYS = "stays"
    """The key may not delete it."""
    UNKNOWN = "unknown"
    """The server could not be asked, or did not say."""

    @property
    def owed(self) -> bool:
        """Whether the bucket's owner has something to delete, as far as anybody knows."""
        return self not in {Fate.GONE, Fate.NOT_THERE}


@dataclass(frozen=True)
class Erasure:
    """What became of an object, and why."""

    fate: Fate
    why: str = ""


def erase(bucket: OwnedBucket, name: str, keys: Iterable[str]) -> dict[str, Erasure]:
    """Delete these objects of the bucket *name* with all their versions; return what became of each. Raises nothing.

    Blocks. A server that could not be asked once is not asked again.
    """
    fates: dict[str, Erasure] = {}
    away: Erasure | None = None
    for key in keys:
        fates[key] = away or _one(bucket, {"Bucket": name, "Key": key})
        if fates[key].fate is Fate.UNKNOWN:
            away = fates[key]
    return fates


def _one(bucket: OwnedBucket, target: dict[str, str]) -> Erasure:
    """Delete one object: what is seen of it, until nothing is."""
    deleted = False
    try:
        for _ in range(_MOST):
            version = _seen(bucket, target)
            if version is None:
                return Erasure(Fate.GONE if deleted else Fate.NOT_THERE)
            if version and not _deleted(bucket, {**target, "VersionId": version}):
                return _hidden(bucket, target)
            if not version and not _deleted(bucket, target):
                return Erasure(Fate.STAYS)
            deleted = True
    except _NotSeenError:
        return Erasure(Fate.GONE) if deleted else _hidden(bucket, target)
    except BucketError as exc:
        return Erasure(Fate.UNKNOWN, str(exc))
    return Erasure(Fate.HIDDEN)


class _NotSeenError(Exception):
    """The key may not look at what it has put."""


def _seen(bucket: OwnedBucket, target: dict[str, str]) -> str | None:
    """Return the version that is seen, or the mark that hides the others; "" where there are none, None for nothing."""
    try:
        bucket.ask("head-object", target)
    except RefusedError as exc:
        if exc.status in _DENIED:
            raise _NotSeenError from None
        if exc.status != 404:
            raise
        if bucket.headers.get("x-amz-delete-marker") != "true":
            return None
    return bucket.headers.get("x-amz-version-id", "")


def _deleted(bucket: OwnedBucket, target: dict[str, str]) -> bool:
    """Delete it; return whether the key may. Raises `BucketError` where that cannot be told."""
    try:
        bucket.ask("delete-object", target)
    except RefusedError as exc:
        if exc.status in _DENIED:
            return False
        raise
    return True


def _hidden(bucket: OwnedBucket, target: dict[str, str]) -> Erasure:
    """Delete it as somebody does who knows of no version; where the bucket keeps those, they stay."""
    try:
        if not _deleted(bucket, target):
            return Erasure(Fate.STAYS)
    except BucketError as exc:
        return Erasure(Fate.UNKNOWN, str(exc))
    kept = "x-amz-version-id" in bucket.headers or bucket.headers.get("x-amz-delete-marker") == "true"
    return Erasure(Fate.HIDDEN if kept else Fate.GONE)
