"""Proves what the booth's key can not do, by trying: a booth that is stolen takes its key along."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from booth.drivers.owning import RefusedError
from booth.errors import BucketError
from booth.operator.buckets.findings import Told, right, unknown, wrong

if TYPE_CHECKING:
    from booth.operator.buckets.checking import Walk

OWN_ACCOUNT = "give the booth the key of an account of its own, which may s3:PutObject and nothing else"


def rights(walk: "Walk") -> Iterator[Told]:
    """Try what the key should not be allowed. What was put for the check is deleted, if that can be done."""
    bucket = walk.wish.bucket
    if not walk.kind.has_rights:
        _deleting(walk)
        yield unknown("rights", f"{walk.kind.name} knows none: what this key may do elsewhere cannot be told here")
        return
    yield _listing(walk)
    yield _reading(walk)
    status = _status(walk, "get-bucket-versioning", {"Bucket": bucket})
    yield _denied("settings", status, "it may not see the bucket's settings",
                  "it may see the bucket's settings, as its owner may")  # fmt: skip
    yield _denied("delete", _deleting(walk), "it may not delete, not even what it has put",
                  "it may delete what is in the bucket")  # fmt: skip
    if walk.kind.administered:
        yield _administering(walk)


def _listing(walk: "Walk") -> Told:
    status = _status(walk, "list-objects-v2", {"Bucket": walk.wish.bucket, "MaxKeys": 1})
    return _denied("list", status, "it may not list what is in the bucket",
                   "it may list what is in the bucket: pictures, and where guests' details are")  # fmt: skip


def _reading(walk: "Walk") -> Told:
    """Try to read: of a Zenko what is not there, for a key may read its own there; of others what was put."""
    if walk.kind.administered:
        status = _status(walk, "get-object", {"Bucket": walk.wish.bucket, "Key": f"{walk.key}-of-somebody-else"})
        return _denied("read", 0 if status == 404 else status,
                       "asked for another's object it is refused; its own it may read, overwrite and publish, which "
                       "this kind of server cannot forbid",
                       "it may read what others have put")  # fmt: skip
    status = _status(walk, "get-object", {"Bucket": walk.wish.bucket, "Key": walk.key})
    if status == 0 and walk.linked:
        return right("read", "it may read what is in the bucket, which the links that it signs need")
    if status in {401, 403} and walk.linked:
        return wrong("read", "it may not read what it has put, so each link that it signs leads to an error",
                     "allow it s3:GetObject for them, as booth bucket plan with these settings says, or set "
                     "share.presigned_days = 0")  # fmt: skip
    return _denied("read", status, "it may not read, not even what it has put", "it may read what is in the bucket")


def _deleting(walk: "Walk") -> int:
    """Try to delete what was put; return with which status that was refused, 0 if it was not, -1 without an answer.

    A bucket with versions only hides what is deleted by its name: so the version goes, too, and then what hid it.
    """
    target = {"Bucket": walk.wish.bucket, "Key": walk.key}
    status = _status(walk, "delete-object", target)
    headers = walk.bucket.headers
    mark = headers.get("x-amz-version-id", "") if headers.get("x-amz-delete-marker") == "true" else ""
    if not walk.version:
        gone = status == 0
    else:
        gone = _status(walk, "delete-object", {**target, "VersionId": walk.version}) == 0
    if gone and status == 0 and mark:
        _status(walk, "delete-object", {**target, "VersionId": mark})
    if gone:
        walk.left = ""
    return 0 if gone else status


def _administering(walk: "Walk") -> Told:
    status = _status(walk, "get-object", {"Bucket": "_", "Key": "backbeat/api/crr/status"})
    if status in {0, 503}:
        return wrong("admin", "any account, so this key too, can stop replication by /_/backbeat/api",
                     "have the ingress refuse paths that begin with /_/")  # fmt: skip
    if status in {401, 403, 404, 405}:
        return right("admin", "paths that begin with /_/ are refused")
    return unknown("admin", "what is behind /_/ did not answer in a way that tells whether it is open")


def _denied(what: str, status: int, fine: str, harm: str) -> Told:
    if status == 0:
        return wrong(what, harm, OWN_ACCOUNT)
    if status in {401, 403}:
        return right(what, fine)
    return unknown(what, f"the server answered {status}, which does not tell" if status > 0 else "there was no answer")


def _status(walk: "Walk", operation: str, arguments: Mapping[str, Any]) -> int:
    """Return with which status something was refused; 0 if it was not, -1 without an answer."""
    try:
        walk.bucket.ask(operation, arguments)
    except RefusedError as exc:
        return exc.status
    except BucketError:
        return -1
    return 0
