"""What boto3 knows of Amazon, as much of it as the booth needs: S3, its regions, and some of its requests.

boto3 describes all services in files, reads them whole, and keeps them: the regions of 300 services, and 116 requests
of S3 with their documentation. Here they are read piece by piece, and what nobody asks for is never made: what is read
whole and then let go leaves holes between what is kept, and the process keeps those as well. Imported when the bucket
is first used, with boto3.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from botocore.loaders import JSONFileLoader, Loader

REQUESTS = (
    "PutObject",
    "GetObject",
    "HeadBucket",  # boto3 itself asks, where a bucket's region is another
    "CreateSession",  # so it does for Amazon's directory buckets
    "HeadObject",  # this one and the next are for rehearsals and tests, which look after the booth
    "ListObjectsV2",
)
"""The requests that are kept."""

Reading = tuple[Any, int]
"""What was read, and the index after it."""

Reader = Callable[[str, int], Reading]
"""Reads what begins in a JSON text at an index."""


def loader() -> Loader:
    """Return a loader for botocore's session (its component ``data_loader``) that keeps what the booth needs."""
    return Loader(file_loader=_Files())


def endpoints(text: str) -> Any:
    """Return what *text*, boto3's list of partitions and regions, says of S3: of every partition and region."""
    only_s3 = _object(lambda service: _whole if service == "s3" else _nothing)
    partition = _object(lambda name: only_s3 if name == "services" else _whole)
    return _object(lambda name: _array(partition) if name == "partitions" else _whole)(text, 0)[0]


def service(text: str) -> Any:
    """Return what *text*, boto3's description of S3, says of `REQUESTS` and of all errors, without documentation."""
    requests = _object(lambda name: _terse if name in REQUESTS else _nothing)
    parts = {"operations": requests, "shapes": _object(lambda _: _place), "documentation": _nothing}
    model = _object(lambda name: parts.get(name, _whole))(text, 0)[0]
    places: Mapping[str, _Place] = model["shapes"]
    shapes: dict[str, Any] = {}
    wanted = [*_named(model["operations"]), *(name for name, place in places.items() if place.error)]
    while wanted:
        name = wanted.pop()
        if name not in shapes:
            shapes[name] = _terse(text, places[name].at)[0]
            wanted += _named(shapes[name])
    return model | {"shapes": {name: shapes[name] for name in places if name in shapes}}


class _Place(NamedTuple):
    """Where the description of a shape begins in the text, and whether it is an error's."""

    at: int
    error: bool


class _Files(JSONFileLoader):
    """Reads two of botocore's files in part, and all others whole."""

    def load_file(self, file_path: str) -> Any:
        """Return what a file holds; None if there is none. *file_path* comes without its ending."""
        path = Path(file_path)
        part: Callable[[str], Any] = json.loads
        if path.name == "endpoints":
            part = endpoints
        elif path.name == "service-2" and path.parent.parent.name == "s3":
            part = service
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return part(plain.read_text("utf-8"))
        if packed.is_file():
            return part(gzip.decompress(packed.read_bytes()).decode("utf-8"))
        return None


_DROPPED = object()
"""Stands for what was read over."""


def _silent(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if not name.startswith("documentation")}


_whole: Reader = json.JSONDecoder().raw_decode
_terse: Reader = json.JSONDecoder(object_pairs_hook=_silent).raw_decode
_over: Reader = json.JSONDecoder(object_pairs_hook=lambda _: None).raw_decode


def _nothing(text: str, at: int) -> Reading:
    return _DROPPED, _over(text, at)[1]


def _place(text: str, at: int) -> Reading:
    shape, end = _terse(text, at)
    return _Place(at, error="exception" in shape), end


def _object(reader_of: Callable[[str], Reader]) -> Reader:
    """Return a reader of an object that leaves each member to the reader that *reader_of* its name returns."""

    def read(text: str, at: int) -> Reading:
        found: dict[str, Any] = {}
        at = _blanks(text, at + 1)
        while text[at] != "}":
            name, at = _whole(text, at)
            colon = _blanks(text, at)
            value, at = reader_of(name)(text, _blanks(text, colon + 1))
            if value is not _DROPPED:
                found[name] = value
            at = _next(text, at)
        return found, at + 1

    return read


def _array(each: Reader) -> Reader:
    """Return a reader of an array whose elements *each* reads."""

    def read(text: str, at: int) -> Reading:
        found: list[Any] = []
        at = _blanks(text, at + 1)
        while text[at] != "]":
            value, at = each(text, at)
            found.append(value)
            at = _next(text, at)
        return found, at + 1

    return read


def _next(text: str, at: int) -> int:
    """Return where the next member or the end is, past a comma if there is one."""
    at = _blanks(text, at)
    return _blanks(text, at + 1) if text[at] == "," else at


def _blanks(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at


def _named(value: Any) -> Iterator[str]:
    """Yield the names of shapes that *value*, a part of a service's description, refers to."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "shape" and isinstance(inner, str):
                yield inner
            else:
                yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)
