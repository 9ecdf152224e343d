"""When a server will delete an object, by its lifecycle: what its answer to a put says of that. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DATE = re.compile(r'expiry-date="([^"]{1,40})"')


def expiry(headers: Mapping[str, str]) -> datetime | None:
    """Return what an answer's *headers* (names in small letters) say: ``x-amz-expiration: expiry-date="...", ...``.

    In UTC; None if they say nothing that can be read.
    """
    found = _DATE.search(headers.get("x-amz-expiration", ""))
    if found is None:
        return None
    try:
        return parsedate_to_datetime(found[1]).replace(tzinfo=UTC)  # S3 says GMT
    except ValueError:
        return None
