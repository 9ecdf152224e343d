"""Parcels as the outbox makes them, for tests that have no outbox."""

import hashlib

from booth.ports import Parcel


def parcel_of(key, content, metadata, media_type="image/gif"):
    """Return *content* on its way, with its MD5."""
    return Parcel(key, media_type, content, hashlib.md5(content, usedforsecurity=False).hexdigest(), metadata)
