"""What became of visits that were to be forgotten: on this disk, in the bucket, and where copies may still be."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from booth.drivers.bucket_options import BucketOptions
from booth.operator.visits import acting
from booth.operator.visits.acting import Done
from booth.operator.visits.erasing import PATIENCE, Erasure, Fate, erase
from booth.outbox.forgetting import Stone
from booth.outbox.replication import UNNAMED
from booth.reading import shown


def erased(done: Sequence[Done], options: BucketOptions) -> dict[str, Erasure]:
    """Delete from the bucket what was forgotten here, by the booth's own key; return what became of each object.

    Blocks. Where the settings name no server, nothing is asked.
    """
    keys = [key for one in done if one.stone is not None for key in one.stone.keys]
    if not options.endpoint_url or not keys:
        return {}
    from booth.drivers.owning import owned  # the library comes with it

    bucket = owned(options, patience=PATIENCE)
    try:
        return erase(bucket, options.bucket, keys)
    finally:
        bucket.close()


@dataclass(frozen=True)
class Forgotten:
    """What became of it."""

    done: Sequence[Done]
    options: BucketOptions
    sites: tuple[str, ...]
    """Where the server makes copies, as its owner has said: of what nothing was heard yet, it is believed."""
    fates: Mapping[str, Erasure]
    """What became of each object, by its key."""

    @property
    def complete(self) -> bool:
        """Whether nothing is to be tried again."""
        unknown = any(one.fate is Fate.UNKNOWN for one in self.fates.values())
        return not unknown and all(one.stone is not None and one.settled for one in self.done)

    def calls(self, stone: Stone) -> list[str]:
        """Return the calls by which the bucket's owner deletes what stays of a visit there."""
        owed = [key for key in stone.keys if key in self.fates and self.fates[key].fate.owed]
        return [acting.call(self.options, key) for key in owed]

    def as_json(self) -> str:
        """Return all of it, for a program."""
        return json.dumps([self._fields(one) for one in self.done], indent=2)

    def _fields(self, one: Done) -> dict[str, object]:
        stone = one.stone
        fates = {key: self.fates[key] for key in stone.keys if key in self.fates} if stone else {}
        return {
            "visit": one.session,
            "forgotten": stone is not None,
            "settled": one.settled,
            "objects": list(stone.keys) if stone else [],
            "confirmed": list(stone.confirmed) if stone else [],
            "bucket": [{"key": key, "state": each.fate.value, "why": each.why} for key, each in fates.items()],
            "sites": list(self._sites(stone)) if stone else [],
            "copied": list(stone.there) if stone else [],
            "calls": self.calls(stone) if stone else [],
        }

    def page(self) -> str:
        """Return all of it, in lines."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        stones = [one.stone for one in self.done if one.stone is not None]
        for one in self.done:
            yield from self._visit(one)
        calls = [call for stone in stones for call in self.calls(stone)]
        if calls:
            yield "What the booth's key could not delete the bucket's owner does, with all its versions, by:"
            yield from calls
        if any(self._sites(stone) for stone in stones):
            yield (
                "A copy at a site does not go when the bucket's does, nor does what is at another target of the booth: "
                "ask there for the same keys."
            )

    def _visit(self, one: Done) -> Iterator[str]:
        if one.stone is None:
            yield (
                f"{one.session}: not forgotten yet: its guest may be there, or the disk refuses. The wish stays, and "
                "the booth that runs carries it out"
            )
            return
        going = "" if one.settled else "; an upload of it was on its way: look at the bucket again in a few minutes"
        yield f"{one.session}: forgotten on this disk{going}"
        for key in one.stone.keys:
            yield f"  {self._object(key, known=key in one.stone.confirmed)}: {key}"
        there = one.stone.there
        maybe = [site for site in self._sites(one.stone) if site not in there]
        for sites, are in ((there, "are"), (maybe, "may be")):
            if sites:
                yield f"  copies of it {are} at {shown(', '.join(site or UNNAMED for site in sites))}"

    def _object(self, key: str, *, known: bool) -> str:
        name = self.options.bucket
        has = "has it" if known else "may have it, if an upload was begun"
        found = self.fates.get(key)
        match found.fate if found is not None else None:
            case Fate.GONE:
                return f"deleted from the bucket {name}, with all its versions"
            case Fate.NOT_THERE:
                return f"the bucket {name} does not have it"
            case Fate.HIDDEN:
                return f"hidden in the bucket {name}, which keeps its versions"
            case Fate.UNKNOWN if found is not None:
                return (
                    f"the bucket {name} {has}, and could not be asked ({found.why}); try again: booth outbox forget ID"
                )
            case _:
                return f"the bucket {name} {has}"

    def _sites(self, stone: Stone) -> tuple[str, ...]:
        """Return where copies may be: nowhere but where they were heard of, if nothing ever was in the bucket."""
        was_there = any(self.fates[key].fate in {Fate.GONE, Fate.HIDDEN} for key in stone.keys if key in self.fates)
        believed = [site.lower() for site in self.sites] if stone.confirmed or was_there else []
        return tuple(sorted({*stone.sites, *believed}))
