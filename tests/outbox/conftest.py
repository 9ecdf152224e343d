"""A spool on a real disk, a clock that is moved by hand, and visits to put through it."""

import collections
import errno
import hashlib
import json
import os

import pytest

from booth.core.visit import SessionId
from booth.disk import RealDisk
from booth.outbox.spool import Spool
from tests.disks import QuickDisk

NOON = 1_795_367_112.0
"""2026-11-22 17:05:12 UTC, in seconds since 1970."""


class Wall:
    """A wall clock that is moved by hand, in seconds."""

    def __init__(self):
        self.seconds = NOON

    def __call__(self):
        return self.seconds


@pytest.fixture
def wall():
    """Hold a wall clock still until it is moved by hand."""
    return Wall()


@pytest.fixture
def outbox(tmp_path):
    """Where the outbox is."""
    return tmp_path / "outbox"


@pytest.fixture
def make_spool(outbox, wall):
    """Make spools in the same folder; all of them are closed in the end."""
    made = []

    def make(**changes):
        settings = {
            "event": "DockerCon 2019",
            "booth": "Booth 1",
            "key_template": "{event}/{date}/{session}.gif",
            "wall": wall,
            "min_free_mb": 0,
            "keep_days": 30,
            "time_known": lambda: True,
        }
        made.append(Spool(outbox, **(settings | changes)))
        return made[-1]

    yield make
    for spool in made:
        spool.close()


@pytest.fixture
def spool(make_spool):
    """Open a spool in a fresh folder."""
    return make_spool()


class Visits:
    """Puts visits into a spool, as the workers do."""

    def __init__(self):
        self.count = 0

    def fresh(self):
        """Return an id; each sorts after the one before."""
        self.count += 1
        return SessionId(f"20261122-17{5 + self.count // 60:02}{self.count % 60:02}-aaaaaaaaaa")

    def pose(self, spool, session, shots=4, *, test=False):
        """Open a visit and take its frames."""
        spool.open(session, test=test)
        for shot in range(1, shots + 1):
            spool.shot(session, shot).write_bytes(b"\xff\xd8 frame %d" % shot)
            spool.keep(session, shot)

    def gif(self, session, gif=b"GIF89a"):
        """Return the animation of a visit."""
        return gif + session.encode()

    def key(self, session):
        """Return the key of a visit's animation."""
        return f"dockercon-2019/2026-11-22/{session}.gif"

    def finish(self, spool, session, guest=None, gif=b"GIF89a"):
        """Make the animation, note the guest, and commit."""
        spool.animation(session).write_bytes(self.gif(session, gif))
        spool.note(session, guest)
        spool.commit(session)

    def pending(self, spool, guest=None, *, test=False):
        """Put a whole visit into ``pending/`` and return its id."""
        session = self.fresh()
        self.pose(spool, session, test=test)
        self.finish(spool, session, guest)
        return session

    def sent(self, spool):
        """Put a whole visit into ``sent/`` and return its id."""
        session = self.pending(spool)
        parcel = spool.queue().parcel(session)
        spool.queue().confirm(session, parcel.key, self.etag(spool, session))
        return session

    def say(self, file, change, version=2):
        """Have an entry's *file*, of a *version*, say something else: of the visit, or of its animation."""
        entry = json.loads(file.read_bytes())
        (product,) = entry.pop("products")
        about = {name: value for name, value in change.items() if name in {*product, "md5", "key"}}
        entry, product = entry | {name: change[name] for name in change.keys() - about.keys()}, product | about
        old = {name: value for name, value in (entry | product).items() if name not in {"version", "file", "type"}}
        file.write_text(json.dumps(old if version == 1 else entry | {"products": [product]}))

    def etag(self, spool, session):
        """Return what the bucket would confirm of a pending visit."""
        return hashlib.md5(spool.queue().parcel(session).content, usedforsecurity=False).hexdigest()


@pytest.fixture
def visits():
    """Visits to put into a spool."""
    return Visits()


class CountingDisk(QuickDisk):
    """A disk that counts what is asked of it."""

    def __init__(self):
        self.asked = collections.Counter()

    def names(self, folder):
        self.asked["names"] += 1
        return super().names(folder)

    def _is(self, path, kind):
        self.asked["looks"] += 1
        return super()._is(path, kind)

    def read(self, file):
        self.asked["reads"] += 1
        return super().read(file)

    def write(self, file, content):
        self.asked["writes"] += 1
        super().write(file, content)

    def rename(self, old, new):
        self.asked["renames"] += 1
        super().rename(old, new)


@pytest.fixture
def counting_disk():
    """Make a disk that counts what is asked of it, under `asked`."""
    return CountingDisk()


class NotingDisk(QuickDisk):
    """A disk that notes what it is to sync, in order, by the path below the outbox's own folder."""

    def __init__(self, outbox):
        self.below = outbox.parent
        self.synced = []

    def sync(self, file):
        self.synced.append(str(file.relative_to(self.below)))

    def sync_folder(self, folder):
        self.synced.append(str(folder.relative_to(self.below)))


@pytest.fixture
def noting_disk(outbox):
    """Make a disk that notes what is synced."""
    return NotingDisk(outbox)


class RefusingDisk(RealDisk):
    """A disk that refuses some operations with one error."""

    def __init__(self, operations, number):
        self.operations = set(operations)
        self.number = number

    def _refuse(self, operation):
        if operation in self.operations:
            raise OSError(self.number, os.strerror(self.number))

    def mkdir(self, folder, *, shared=False):
        self._refuse("mkdir")
        super().mkdir(folder, shared=shared)

    def write(self, file, content):
        self._refuse("write")
        super().write(file, content)

    def sync(self, file):
        self._refuse("sync")
        super().sync(file)

    def sync_folder(self, folder):
        self._refuse("sync_folder")
        super().sync_folder(folder)

    def free(self, folder):
        self._refuse("free")
        return super().free(folder)

    def rename(self, old, new):
        self._refuse("rename")
        super().rename(old, new)

    def unlink(self, file):
        self._refuse("unlink")
        super().unlink(file)

    def names(self, folder):
        self._refuse("names")
        return super().names(folder)

    def read(self, file):
        self._refuse("read")
        return super().read(file)


@pytest.fixture
def quick_disk():
    """Make a disk that does not wait for the medium."""
    return QuickDisk()


class BarredDisk(QuickDisk):
    """A disk on which nobody may look into some folders, as into those of another user: a test may be root's."""

    def __init__(self):
        self.barred = set()

    def _ask(self, path):
        if not self.barred.isdisjoint(path.parents):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    def exists(self, path):
        self._ask(path)
        return super().exists(path)

    def _is(self, path, kind):
        self._ask(path)
        return super()._is(path, kind)

    def names(self, folder):
        self._ask(folder / "any")
        return super().names(folder)


@pytest.fixture
def barred_disk():
    """Make a disk that lets nobody look into the folders that are added to `barred`."""
    return BarredDisk()


@pytest.fixture
def refusing_disk():
    """Make disks that refuse some operations."""
    return RefusingDisk
