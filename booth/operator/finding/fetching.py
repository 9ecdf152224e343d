"""Pictures that were found, into a folder: whole or not at all, and none twice.

The law: where a file bears a picture's name, it is the picture. A key comes from a server, and leads nowhere else.
"""

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from booth.disk import RealDisk, put
from booth.drivers.seeking import SoughtBucket
from booth.errors import BoothError, BucketError
from booth.operator.finding.clauses import Facts
from booth.outbox import keys

_LONGEST_NAME = 255
"""Bytes in a file's name."""

_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass
class Fetched:
    """What became of it."""

    new: int = 0
    there: int = 0
    """Visits that had been fetched before."""
    size: int = 0
    """Bytes that came."""
    failed: int = 0
    why: str = ""
    """The reason of the first that failed."""


def fetch(bucket: SoughtBucket, pictures: Iterable[Facts], folder: Path, tell: Callable[[Fetched], None]) -> Fetched:
    """Fetch the *pictures* into *folder*, each under its key; return what became of them.

    One that is refused or comes broken is left out, and the others are fetched. Raises `BoothError` where the folder
    takes nothing, `BucketError` where the server cannot be reached.
    """
    done, disk = Fetched(), RealDisk()
    for picture in pictures:
        file = place(folder, picture.key)
        try:
            if _is_there(file, picture):
                done.there += 1
            else:
                content, _ = bucket.get(picture.key)
                if not _is(content, picture):
                    raise BoothError("a picture came broken; fetch again")
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                put(disk, file, content)
                done.new += 1
                done.size += len(content)
        except BucketError as exc:
            if exc.away:
                raise
            _note(done, exc)
        except OSError as exc:
            raise BoothError(f"the folder takes no file ({exc.strerror}): name another, or make room") from None
        except BoothError as exc:
            _note(done, exc)
        tell(done)
    return done


def place(folder: Path, key: str) -> Path:
    """Return where a picture is put: under its key; where that is no path below *folder*, under a number made of it."""
    parts = key.split("/")
    if keys.sound(key) and all(len(part.encode()) <= _LONGEST_NAME - 8 for part in parts) and "\\" not in key:
        return folder.joinpath(*parts)
    return folder / f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}.gif"


def _note(done: Fetched, exc: BoothError) -> None:
    done.failed += 1
    done.why = done.why or str(exc)


def _is_there(file: Path, picture: Facts) -> bool:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return file.stat().st_size == picture.size and _is(file.read_bytes(), picture)
    return False


def _is(content: bytes, picture: Facts) -> bool:
    """Return whether *content* is the picture: by its MD5, or where the ETag is none, by its size."""
    if len(content) != picture.size:
        return False
    if not _MD5.fullmatch(picture.md5):
        return True
    return hashlib.md5(content, usedforsecurity=False).hexdigest() == picture.md5
