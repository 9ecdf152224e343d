"""Opens the bucket that the settings name."""

from booth import memory
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import ZenkoBucket
from booth.errors import BucketError, Remedy


def open_bucket(options: BucketOptions) -> ZenkoBucket:
    """Open the bucket that *options* name. Raises `BucketError` if they name none."""
    if not options.endpoint_url:
        raise BucketError("zenko.endpoint_url is empty; set it, and everything that waits is sent", Remedy.PERSON)
    bucket = ZenkoBucket(options)
    memory.freeze()
    return bucket
