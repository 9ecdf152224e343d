"""Taking away who the guest of a sent visit is, and leaving what was made: the visit is *bare* from then on.

::

    entry.json                        has the metadata that name nobody, and says that it is bare
    guest.json, details.json          go, and what was found damaged of them
    confirmed-TARGET.json             go: each has a checksum of the details

What stays of a consent is its yes or no. The keys of all objects stay: by them a guest is forgotten in the bucket.

The law: the entry is bare, whole and on the medium before anything else goes. Whatever a power cut leaves beside a bare
entry goes later, by no clock; the visit is one that was sent at every moment.
"""

from dataclasses import replace
from pathlib import Path

from booth.disk import Disk
from booth.outbox.details import DETAILS
from booth.outbox.entry import Entry
from booth.outbox.folders import Folders
from booth.outbox.metadata import nameless
from booth.outbox.places import CONFIRMED_BY, DAMAGED, ENTRY, GUEST

_THEIRS = frozenset({GUEST, DETAILS.file, f"{DETAILS.file}{DAMAGED}"})


def has_details(disk: Disk, folder: Path) -> bool:
    """Return whether a file with details is in the *folder* of a sent visit: the quick way to who is not bare."""
    return any(disk.is_file(folder / name) for name in _THEIRS)


def bared(entry: Entry) -> Entry:
    """Return *entry* without who its guest is; itself if it is bare, or nothing in it tells that."""
    kept = nameless(entry.metadata)
    if entry.bare or (kept == entry.metadata and all(product.file != DETAILS.file for product in entry.products)):
        return entry
    products = tuple(product.forgotten() if product.file == DETAILS.file else product for product in entry.products)
    return replace(entry, metadata=kept, products=products, bare=True)


def bare(folders: Folders, folder: Path, entry: Entry) -> bool:
    """Make the visit in *folder*, which is in ``sent/``, bare; return whether anything had to go. Raises OSError."""
    left = bared(entry)
    theirs = [name for name in folders.disk.names(folder) if _is_theirs(name, left)]
    theirs = [name for name in theirs if folders.disk.is_file(folder / name)]
    if left is entry and not theirs:
        return False
    # Also if it is bare: whoever wrote it may have been killed before it was on the medium.
    folders.put(folder / ENTRY, left.written())
    for name in theirs:
        folders.disk.unlink(folder / name)
    if theirs:
        folders.disk.sync_folder(folder)
    return True


def _is_theirs(name: str, left: Entry) -> bool:
    """Return whether a file of that *name* tells who the guest is."""
    return name in _THEIRS or (left.bare and name.startswith(CONFIRMED_BY) and name.endswith(".json"))
