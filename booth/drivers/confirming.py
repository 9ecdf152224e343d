"""Whether a server has confirmed what it took: its ETag, its checksums, and the doubt while there is neither."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from booth.ports import Parcel

PUTS = 4
"""Times that one animation is put while the server takes it and does not confirm it. After that it is only looked for:
in a bucket with versions each put is one more copy.
"""

MOST_PUTS = 2 * PUTS
"""Times that it is put at most, whatever gives hope meanwhile."""


@dataclass
class Doubt:
    """An animation that the server took and did not confirm."""

    md5: str
    puts: int = 0
    allowed: int = PUTS
    look: str | None = None
    """What was found when it was last looked for: a sign of `booth.drivers.verdicts`, None before."""

    def hope(self) -> None:
        """Allow one more put, because something has changed for the better."""
        if self.puts >= self.allowed:
            self.allowed = min(self.puts + 1, MOST_PUTS)


Like = Literal["same", "other", "odd", "none"]


def like(etag: str | None, parcel: Parcel) -> Like:
    """Return what *etag* says of the content of *parcel*.

    "same": it is made of a digest of these very bytes, however it is written: quoted or not, weak, in capitals, with
    what a proxy hangs on it (``-gzip``, ``--br``), in Base64, as one part of one. "other": it is an MD5, of something
    else. "odd": it is none, and says nothing. "none": there is no ETag.
    """
    bare = re.sub(r"^(?:w/)?|[\"'\s]", "", (etag or "").strip(), flags=re.IGNORECASE)
    if not bare:
        return "none"
    if bare.lower() == parcel.md5:  # nearly always, and then nothing more has to be reckoned
        return "same"
    digests = [bytes.fromhex(parcel.md5)]
    digests += [hashlib.new(name, parcel.content, usedforsecurity=False).digest() for name in ("sha1", "sha256")]
    in_hex = [digest.hex() for digest in digests]
    in_hex.append(hashlib.md5(digests[0], usedforsecurity=False).hexdigest() + "-1")  # an upload in one part
    if any(re.search(rf"(?<![0-9a-f]){digest}(?![0-9a-f])", bare.lower()) for digest in in_hex):
        return "same"
    if bare.rstrip("=") in {base64.b64encode(digest).decode("ascii").rstrip("=") for digest in digests}:
        return "same"
    return "other" if re.fullmatch(r"[0-9a-f]{32}(?:-{0,2}[a-z]+|;[a-z]+)?", bare.lower()) else "odd"


def sealed(headers: Mapping[str, str]) -> bool:
    """Return whether an answer says that the object was encrypted so that its ETag cannot be an MD5: KMS, SSE-C."""
    return any(
        "encryption" in name and ("kms" in name or "customer" in name or re.match("aws:|.*kms", value.lower()))
        for name, value in headers.items()
    )


def md5s(headers: Mapping[str, str]) -> list[str]:
    """Return the MD5s, in Base64, that an answer speaks of beside its ETag: in Content-MD5, and as Google does."""
    google = (part.strip().partition("=") for part in headers.get("x-goog-hash", "").split(","))
    return [headers.get("content-md5", "").strip(), *(value for name, _, value in google if name == "md5")]
