"""What an answer says of the copies that a server makes of an object: S3's own, and Zenko's of each site. Pure."""

import re
from collections.abc import Mapping

from booth.errors import BucketError, Remedy
from booth.ports import CopyState

_WHOLE = "x-amz-replication-status"
"""What S3 calls it: of all copies together."""

_SITE = re.compile(r"x-amz-meta-(.+)-replication-status")
"""What Zenko says beside that, of each site. The names of the booth's own metadata have no hyphens."""

_STATES = {"COMPLETED": CopyState.COMPLETED, "COMPLETE": CopyState.COMPLETED, "FAILED": CopyState.FAILED}
"""Both are finished words: AWS and Zenko write the first, AWS's older answers the second."""

_COPY = "REPLICA"
"""Said of what is a copy itself."""


def replication(headers: Mapping[str, str]) -> dict[str, CopyState]:
    """Return how far the copies are, by site, by an answer's *headers*, whose names are in small letters.

    None if the server makes none. Where the server speaks only of all of them together, the site is "".
    """
    sites = {match[1]: _state(said) for name, said in headers.items() if (match := _SITE.fullmatch(name))}
    whole = headers.get(_WHOLE, "").strip().upper()
    if sites or whole in {"", _COPY}:
        return sites
    return {"": _state(whole)}


def refused(status: int, bucket: str) -> BucketError | None:
    """Return what an answer to HEAD means that has only a number, and no words; None if others know.

    What else these numbers may mean, whoever puts is told.
    """
    if status == 404:
        why = f"an object that was put into the bucket {bucket} is not there; look who deletes there, or which rule"
        return BucketError(why, Remedy.NEVER)
    if status == 403:
        why = f"the access key may not ask after what it has put into the bucket {bucket}; allow it s3:GetObject there"
        return BucketError(why, Remedy.PERSON)
    return None


def _state(said: str) -> CopyState:
    """Return a status as one of ours: one that is not known is not known to be done."""
    return _STATES.get(said.strip().upper(), CopyState.PENDING)
