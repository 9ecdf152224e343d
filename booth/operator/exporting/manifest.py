"""The sums of all files of a hand-over, as ``sha256sum -c SHA256SUMS`` reads them. Pure."""

import hashlib
from collections.abc import Mapping

FILE = "SHA256SUMS"


def total(content: bytes) -> str:
    """Return the sum of *content*, in hex."""
    return hashlib.sha256(content).hexdigest()


def page(sums: Mapping[str, str]) -> bytes:
    """Return the file: a line for each path, in order."""
    return "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()
