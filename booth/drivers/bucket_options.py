"""Where a bucket is and how it is spoken to: one value, from the settings to the library that sends."""

from dataclasses import dataclass, field

from booth.drivers.signed import Addressing
from booth.units import Seconds

ATTEMPTS = 2
"""Times that one request is tried, at once. More than that is the uploader's business."""

REQUESTS = 3
"""Requests that one put may take: the animation, the animation with a checksum, and reading it back."""


@dataclass(frozen=True)
class BucketOptions:
    """Where a bucket is, and how it is spoken to."""

    endpoint_url: str
    """Where the server is; "" if there is none."""
    bucket: str
    region: str
    access_key_id: str = field(repr=False)
    """"" for no key."""
    secret_access_key: str = field(repr=False)
    addressing: Addressing = "path"
    """Where the bucket's name stands."""
    ca_bundle: str = ""
    """A file of certificates to trust; "" for those that the system trusts."""
    connect_timeout: Seconds = Seconds(5.0)
    read_timeout: Seconds = Seconds(20.0)

    @property
    def longest(self) -> Seconds:
        """How long one put may take at most: each of its requests, as often as it is tried."""
        return Seconds(ATTEMPTS * REQUESTS * (self.connect_timeout + self.read_timeout))
