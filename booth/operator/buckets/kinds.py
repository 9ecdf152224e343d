"""What answers: which kind of S3 server it is, by its own headers, and what cannot be asked of such a one."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ServerKind:
    """A kind of server."""

    name: str
    """The name with its article, as a sentence has it."""
    signs: tuple[str, ...]
    """What its header ``server`` has in it, any of them, in small letters."""
    honest: str = ""
    """What cannot be told there, or is otherwise."""
    has_rights: bool = True
    """Whether it may refuse a key anything."""
    has_versions: bool = True
    """Whether it tells of versions as S3 does."""
    believes_any: bool = False
    """Whether it takes every key."""
    administered: bool = False
    """Whether it has Backbeat's routes beside S3."""


KINDS = (
    ServerKind("a Zenko's CloudServer", ("s3 server",), administered=True),
    ServerKind(
        "Amazon S3", ("amazons3",), "where objects are replicated to is not told; rights that IAM gives count as well"
    ),
    ServerKind(
        "Google Cloud Storage", ("uploadserver",), "versions and copies are not told over S3", has_versions=False
    ),
    ServerKind("MinIO", ("minio",), "where objects are replicated to is not told"),
    ServerKind(
        "moto",
        ("werkzeug", "amazon.com"),
        "it is for trials: it believes any key, and allows it everything",
        believes_any=True,
        has_rights=False,
    ),
    ServerKind(
        "rclone", ("rclone",), "it has no versions, no replication and no rights", has_rights=False, has_versions=False
    ),
)
"""Those that say who they are."""

_RCLONES = b"<Code>UnsupportedAlgorithm<"
"""What ``rclone serve s3`` says to who does not sign: it has no header ``server``."""

CEPH = ServerKind(
    "Ceph's radosgw", (), "the bucket's owner may not read what another account, such as the booth's, has put"
)
"""It says so in the numbers of its answers alone."""

UNKNOWN = ServerKind("an S3 server", (), "it does not say of which kind")


def kind_of(headers: Mapping[str, str], body: bytes) -> ServerKind:
    """Return which kind answered a request without a signature; *headers* by their names in small letters."""
    server = headers.get("server", "").lower()
    if "x-guploader-uploadid" in headers:
        server = "uploadserver"
    elif _RCLONES in body:
        server = "rclone"
    for kind in KINDS:
        if any(sign in server for sign in kind.signs):
            return kind
    return CEPH if headers.get("x-amz-request-id", "").startswith("tx0") else UNKNOWN
