"""Search by metadata: what a listing with ``?search=`` answers, with MongoDB and without."""

from collections.abc import Callable, Iterator
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from lab.zenko.rooms import Answer, NeverAnsweredError, Request, Room, refusal
from lab.zenko.where import Document, PatternError, matcher

_PAGE = 1000
"""Objects in a part of a listing, at most."""

_NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"

Statuses = Callable[[str, str], str]
"""Returns the status of an object's replication, by bucket and key; "" for none."""


def nowhere(_bucket: str, _key: str) -> str:
    """Replicate nothing."""
    return ""


class Searching(Room):
    """Answers listings that search: with a *database* by what objects are, and without one by all that there are.

    A pattern that the database does not understand is never answered.
    """

    def __init__(self, *, database: bool = True, statuses: Statuses = nowhere) -> None:
        self.database = database
        self.statuses = statuses
        self.searches: list[str] = []
        """What was searched for, in order."""

    def before(self, request: Request) -> Answer | None:
        """Search, if that is what is asked and if there is a database."""
        search = request.query.get("search")
        if request.method != "GET" or not request.bucket or request.key or search is None:
            return None
        self.searches.append(search)
        try:
            finds = matcher(search)
        except ValueError:
            return refusal(400, "InvalidArgument", "Invalid sql where clause sent as search query")
        except PatternError:
            if self.database:
                raise NeverAnsweredError from None
            return None
        if not self.database:
            return None
        behind = request.query.get("continuation-token") or request.query.get("start-after", "")
        most = min(int(request.query.get("max-keys", _PAGE)), _PAGE)
        listed = [each for each in self._listed(request) if each[0] > behind]
        found = [each for each in listed if finds(self._document(request, *each))]
        return _page(request.bucket, found[:most], further=len(found) > most)

    def _listed(self, request: Request) -> Iterator[tuple[str, str, str, int]]:
        """Give key, time, ETag and size of all that is in the bucket."""
        after = ""
        while True:
            target = f"/{request.bucket}?list-type=2&start-after={quote(after, safe='')}"
            if prefix := request.query.get("prefix"):
                target += f"&prefix={quote(prefix, safe='')}"
            listing = ET.fromstring(request.behind("GET", target, request.headers, b"").body)  # noqa: S314  our own server's
            for each in listing.iter(f"{_NAMESPACE}Contents"):
                said = {part.tag.removeprefix(_NAMESPACE): part.text or "" for part in each}
                after = said["Key"]
                yield after, said["LastModified"], said["ETag"].strip('"'), int(said["Size"])
            if listing.findtext(f"{_NAMESPACE}IsTruncated") != "true":
                return

    def _document(self, request: Request, key: str, modified: str, etag: str, size: int) -> Document:
        """Return an object as the database has it."""
        head = request.behind("HEAD", f"/{request.bucket}/{quote(key)}", request.headers, b"").headers
        kept = {name: value for name, value in head.items() if name.startswith("x-amz-meta-")}
        return {
            **kept,
            "key": key,
            "content-length": size,
            "content-type": head.get("content-type", ""),
            "content-md5": etag,
            "last-modified": modified,
            "replicationInfo.status": self.statuses(request.bucket, key),
        }


def _page(bucket: str, found: list[tuple[str, str, str, int]], *, further: bool) -> Answer:
    contents = "".join(
        f"<Contents><Key>{quote(key)}</Key><LastModified>{modified}</LastModified><ETag>&quot;{etag}&quot;</ETag>"
        f"<Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        for key, modified, etag, size in found
    )
    token = f"<NextContinuationToken>{escape(found[-1][0])}</NextContinuationToken>" if further else ""
    said = (
        f'<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="{_NAMESPACE[1:-1]}"><Name>{bucket}</Name>'
        f"<EncodingType>url</EncodingType><KeyCount>{len(found)}</KeyCount>"
        f"<IsTruncated>{'true' if further else 'false'}</IsTruncated>{token}{contents}</ListBucketResult>"
    )
    return Answer(200, {"content-type": "application/xml"}, said.encode())
