"""What a room of the double is: it may answer a request before the server behind does, or amend what that answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape


@dataclass
class Answer:
    """What is answered."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    """By name, in small letters. How long the body is need not be among them."""
    body: bytes = b""


Behind = Callable[[str, str, Mapping[str, str], bytes], Answer]
"""Asks the server behind, which judges nobody: a method, a target as it stands in a request, headers, a body."""


@dataclass(frozen=True)
class Account:
    """Whom a key is of."""

    name: str
    number: str
    """Twelve digits, as they stand in an ARN."""
    canonical_id: str
    """64 digits and letters from a to f."""


@dataclass
class Request:
    """What was asked. Rooms may change it: the server behind is asked what it says then."""

    method: str
    target: str
    """Path and query, as they were sent."""
    bucket: str
    """ "" for the list of buckets."""
    key: str
    """Decoded; "" for the bucket itself."""
    query: dict[str, str]
    """Decoded, by name; a sub-resource such as ``replication`` is "" ."""
    headers: dict[str, str]
    """By name, in small letters."""
    body: bytes
    secure: bool
    """Whether it came over TLS."""
    behind: Behind
    now: float = 0.0
    """The double's clock, in seconds of Unix time."""
    account: Account | None = None
    """Who signed it, once the room of accounts has seen it; None for nobody."""

    def about(self, *, key: bool, query: str = "") -> bool:
        """Return whether it is about an object (*key*) or a bucket, and about its sub-resource *query*, if any."""
        asked = [name for name in self.query if name in SUB_RESOURCES]
        return bool(self.bucket) and bool(self.key) == key and asked == ([query] if query else [])


SUB_RESOURCES = frozenset({
    "acl", "cors", "delete", "encryption", "lifecycle", "location", "object-lock", "policy", "replication",
    "tagging", "uploadId", "uploads", "versioning", "versions", "website",
})  # fmt: skip
"""What a bucket or an object has beside itself, as queries name it."""


class Room:
    """One of CloudServer's ways. This one does nothing."""

    def before(self, request: Request) -> Answer | None:
        """Answer *request* in the place of the server behind; None to leave it to others. May change the request."""
        return None

    def after(self, request: Request, answer: Answer) -> Answer:
        """Return what is answered where the server behind said *answer*. Asked of rooms in the opposite order."""
        return answer


class NeverAnsweredError(Exception):
    """Raised by a room: the request is never answered, and its connection stays open until the double ends."""


class HungUpError(Exception):
    """Raised by a room: the connection is closed without an answer."""


def refusal(status: int, code: str, message: str = "") -> Answer:
    """Return the XML in which an S3 server says what is wrong."""
    said = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message><Resource/></Error>"
    return Answer(status, {"content-type": "application/xml"}, f'<?xml version="1.0"?>{said}'.encode())
