"""Which bucket there is: one value of options, and what opens the bucket that they name."""

from dataclasses import dataclass, field

from booth import memory
from booth.drivers.s3 import ATTEMPTS, REQUESTS, ZenkoBucket
from booth.drivers.signed import Addressing
from booth.errors import BucketError, Remedy
from booth.units import Seconds


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


def open_bucket(options: BucketOptions) -> ZenkoBucket:
    """Open the bucket that *options* name. Raises `BucketError` if they name none."""
    if not options.endpoint_url:
        raise BucketError("zenko.endpoint_url is empty; set it, and everything that waits is sent", Remedy.PERSON)
    bucket = ZenkoBucket(
        endpoint_url=options.endpoint_url,
        bucket=options.bucket,
        region=options.region,
        access_key_id=options.access_key_id or None,
        secret_access_key=options.secret_access_key or None,
        ca_bundle=options.ca_bundle or None,
        addressing=options.addressing,
        connect_timeout=options.connect_timeout,
        read_timeout=options.read_timeout,
    )
    memory.freeze()
    return bucket
