"""A signed link to an object: how its address is built, how long it may last, and how long it is. Without boto3."""

from typing import Literal
from urllib.parse import quote

from booth.units import Seconds

Addressing = Literal["path", "virtual"]
"""Where the bucket's name stands: ``https://s3.example.com/BUCKET/KEY`` or ``https://BUCKET.s3.example.com/KEY``."""

LASTING = Seconds(604_800.0)
"""The longest that a signed link may last: seven days, says SigV4."""


def link_like(
    *, endpoint_url: str, bucket: str, key: str, region: str, access_key_id: str, addressing: Addressing = "path"
) -> str:
    """Return an address as long as the one that `ZenkoBucket.link` signs, without boto3. It opens nothing.

    Keys that come with a session token make longer ones.
    """
    scope = quote(f"{access_key_id}/20261122/{region}/s3/aws4_request", safe="")
    where = f"{endpoint_url}/{bucket}"
    if addressing == "virtual":
        scheme, _, host = endpoint_url.partition("://")
        where = f"{scheme}://{bucket}.{host}"
    return (
        f"{where}/{quote(key, safe='/~')}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}"
        f"&X-Amz-Date=20261122T170512Z&X-Amz-Expires={LASTING:.0f}&X-Amz-SignedHeaders=host"
        f"&X-Amz-Signature={'0' * 64}"
    )
