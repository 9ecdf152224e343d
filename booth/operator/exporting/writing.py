"""Puts a hand-over into a folder: each file whole or not at all, and none that is right already.

The law: whatever moment a cut comes at, no half file bears a final name, and the next run goes on from there. A run
that finds everything right changes nothing. What is deleted stands in the ledger, or it stays.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from booth.disk import PART, Disk, delete, keep, make_folder, put
from booth.errors import BoothError, BucketError
from booth.operator.exporting import ledger as ledgers
from booth.operator.exporting import manifest
from booth.operator.exporting.ledger import Inventory
from booth.operator.exporting.naming import BESIDE, GALLERY, PICTURES

FOLDERS = (PICTURES, GALLERY)
OTHERS = tuple(folder for folder, _ in BESIDE.values())
"""Folders that are there if something belongs there."""

Source = Callable[[], bytes | None]
"""Gives an animation, or None where it is not; asked only if it is needed. May raise `BoothError`."""


@dataclass(frozen=True)
class Wanted:
    """An animation that is to be there."""

    session: str
    size: int
    md5: str
    sources: tuple[Source, ...] = field(default=(), repr=False)
    likes: tuple[str, ...] = ()
    """Other files of the hand-over that are the same if they are there, as paths."""
    beside: bool = False
    """Whether it is no animation, but was made beside one."""


@dataclass
class Placed:
    """What came of it."""

    pictures: int = 0
    """Animations that are there."""
    visits: int = 0
    """Visits that are there with theirs."""
    new: int = 0
    """Of these, what was not before."""
    size: int = 0
    """Bytes that were written of animations."""
    wrote: int = 0
    """Files that were written, of whatever kind."""
    removed: int = 0
    missing: int = 0
    """Animations that none of the sources has as it was delivered."""
    why: str = ""
    """Why the first of these is missing, if a source said so."""


HEAD = 10
"""Bytes at the beginning of a GIF that say how large it is."""

Pages = Callable[[Mapping[str, bytes]], Mapping[str, bytes]]
"""Gives the other files by their paths, for the sessions whose animations are there, each with its first bytes."""


def before(disk: Disk, folder: Path) -> Inventory | None:
    """Return what an earlier run knows of itself in *folder*; None in an empty one. Raises `BoothError` in others."""
    if not disk.exists(folder):
        return None
    if disk.is_file(folder / ledgers.FILE):
        return Inventory.read(disk.read(folder / ledgers.FILE))
    if not disk.is_folder(folder) or any(name not in _FIRST for name in disk.names(folder)):
        raise BoothError(f"{folder} has something else in it: name an empty folder, or an earlier hand-over")
    return None


_FIRST = frozenset({f"{ledgers.FILE}{PART}", *FOLDERS, *OTHERS})
"""What a run that was cut at once leaves."""


def write(
    disk: Disk,
    folder: Path,
    ledger: Inventory,
    pictures: Mapping[str, Wanted],
    pages: Pages,
    tell: Callable[[Placed], object] = lambda _: None,
) -> Placed:
    """Have *folder* hold the hand-over: *pictures* by their paths, and *pages*. Raises OSError, `BoothError`."""
    done, sums = Placed(), dict[str, str]()
    known = before(disk, folder)
    old = known.files if known is not None else frozenset()
    make_folder(disk, folder)
    needed = [folder for folder in OTHERS if any(path.startswith(f"{folder}/") for path in pictures)]
    for made in (*FOLDERS, *needed):  # what is put beside them brings their names on the medium, too
        disk.mkdir(folder / made)
    whole = replace(ledger, files=frozenset(pictures))
    # First of all: nothing is given a name that the next run would not know of.
    _page(disk, folder, ledgers.FILE, replace(whole, files=whole.files | old).written(), done)
    there = dict[str, bytes]()
    for path, picture in pictures.items():
        total = _picture(disk, folder, path, picture, done)
        if total:
            sums[path] = total
        if total and not picture.beside:
            there[picture.session] = disk.beginning(folder / path, HEAD)
            done.visits = len(there)
        tell(done)
    for path, content in pages(there).items():
        sums[path] = _page(disk, folder, path, content, done)
    wanted = {path.casefold() for path in whole.files}  # on a stick, large and small letters are one
    for path in sorted(old):
        if path.casefold() not in wanted and disk.is_file(folder / path):
            delete(disk, folder / path)
            done.removed += 1
    sums[ledgers.FILE] = _page(disk, folder, ledgers.FILE, whole.written(), done)
    _page(disk, folder, manifest.FILE, manifest.page(sums), done)
    return done


def _page(disk: Disk, folder: Path, path: str, content: bytes, done: Placed) -> str:
    """Have the file at *path* hold *content*, and return its sum."""
    done.wrote += keep(disk, folder / path, content)
    return manifest.total(content)


def _picture(disk: Disk, folder: Path, path: str, picture: Wanted, done: Placed) -> str:
    """Have the file at *path* be the animation, and return its sum; "" if none of the sources has it."""
    file = folder / path
    if disk.is_file(file) and disk.size(file) == picture.size and _is(content := disk.read(file), picture):
        disk.sync_folder(file.parent)  # whoever wrote it may have been killed before its name was on the medium
        done.pictures += 1
        return manifest.total(content)
    copied = [partial(disk.read, folder / like) for like in picture.likes if disk.is_file(folder / like)]
    for content in _found((*copied, *picture.sources), done):
        if _is(content, picture):
            put(disk, file, content)
            done.pictures += 1
            done.new += 1
            done.wrote += 1
            done.size += len(content)
            return manifest.total(content)
    done.missing += 1
    return ""


def _found(sources: Iterable[Source], done: Placed) -> Iterable[bytes]:
    for source in sources:
        try:
            content = source()
        except BucketError as exc:
            if exc.away:
                raise
            done.why = done.why or str(exc)
        except BoothError as exc:
            done.why = done.why or str(exc)
        else:
            if content is not None:
                yield content


def _is(content: bytes, picture: Wanted) -> bool:
    """Return whether *content* is the animation that was delivered: by its MD5; if nobody knows that, by its size."""
    if len(content) != picture.size:
        return False
    return not picture.md5 or hashlib.md5(content, usedforsecurity=False).hexdigest() == picture.md5
