"""Which bucket there is: one value of options, and what opens the bucket that they name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from booth import memory
from booth.drivers.s3 import ATTEMPTS, REQUESTS, ZenkoBucket
from booth.drivers.signed import Addressing
from booth.errors import BucketError, Remedy
from booth.units import Seconds

B = TypeVar("B")


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
    addressing: Addressing
    ca_bundle: str
    """A file of certificates to trust; "" for those that the system trusts."""
    connect_timeout: Seconds
    read_timeout: Seconds

    @property
    def longest(self) -> Seconds:
        """How long one put may take at most: each of its requests, as often as it is tried."""
        return Seconds(ATTEMPTS * REQUESTS * (self.connect_timeout + self.read_timeout))

    def opened(self, kind: Callable[..., B], **more: Any) -> B:
        """Return a bucket of that *kind*, made of these options and of *more*. Nothing is sent yet."""
        return kind(
            endpoint_url=self.endpoint_url or None,
            bucket=self.bucket,
            region=self.region,
            access_key_id=self.access_key_id or None,
            secret_access_key=self.secret_access_key or None,
            ca_bundle=self.ca_bundle or None,
            addressing=self.addressing,
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            **more,
        )


def open_bucket(options: BucketOptions) -> ZenkoBucket:
    """Open the bucket that *options* name. Raises `BucketError` if they name none."""
    if not options.endpoint_url:
        raise BucketError("zenko.endpoint_url is empty; set it, and everything that waits is sent", Remedy.PERSON)
    bucket = options.opened(ZenkoBucket)
    memory.freeze()
    return bucket
