"""The bucket, for whoever looks for something in it: lists, searches, heads, reads. With keys that may do so.

The law: what a server says of an object counts only as far as its own headers say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import ZenkoBucket, _NotReadError
from booth.drivers.verdicts import verdict
from booth.errors import BucketError, Remedy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LISTING = 4_194_304
"""The most bytes of a page of a listing that are read; one of a thousand long keys has some two million."""

_NONSENSE = 'x-amz-meta-session="asks whether this server searches at all"'
"""A search that finds nothing, for no session is called so."""

DENIED = frozenset({"AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden", "401", "403"})
"""How servers say that a key may not do something, where they do not say that the key is wrong."""

_OF_REPLICATION = ("-replication-status", "-version-id")
"""How the metadata end that replication adds."""


@dataclass(frozen=True)
class Listed:
    """An object as a listing names it."""

    key: str
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Listing:
    """A part of a listing."""

    objects: tuple[Listed, ...]
    further: str
    """What the next part is asked for by; "" with the last."""


@dataclass(frozen=True)
class Head:
    """An object by its headers."""

    size: int
    modified: datetime | None
    """When it was put, in UTC; None where the server does not say."""
    etag: str
    """The ETag without quotes."""
    media_type: str
    metadata: Mapping[str, str]
    """The metadata as stored, without what replication adds; names in small letters, for some servers write them large.
    """
    status: str
    """The status of replication, "" for none."""
    sites: Mapping[str, str]
    """The statuses of replication, by site."""


class SoughtBucket(ZenkoBucket):
    """A bucket that is looked through. Used by one thread. Raises `BucketError` in the words of who looks."""

    _search = ""
    """What the listing under way searches for."""

    def searches(self) -> bool:
        """Return whether the server searches: some answer any search with all that there is, others refuse it."""
        try:
            return not self.page(search=_NONSENSE, most=1).objects
        except _NotReadError as exc:
            if exc.status in {400, 501}:
                return False
            raise

    def page(self, *, search: str = "", further: str = "", most: int = 1000) -> Listing:
        """Return a part of the listing, of what *search* finds (a WHERE clause) or of all, by key. Blocks."""
        self._search, self._most = search, LISTING
        options: dict[str, Any] = {"ContinuationToken": further} if further else {}
        try:
            with self._failures():
                answer = self._client().list_objects_v2(Bucket=self._bucket, MaxKeys=most, **options)
        finally:
            self._search = ""
        objects = tuple(Listed(each.get("Key", ""), each.get("Size", 0)) for each in answer.get("Contents", ()))
        onward = answer.get("NextContinuationToken", "") if answer.get("IsTruncated") else ""
        if onward and onward == further:
            raise BucketError(f"the listing of {self._bucket} at {self._where} goes in circles", Remedy.PERSON)
        return Listing(objects, onward)

    def head(self, key: str) -> Head | None:
        """Return what an object's headers say; None if there is no such object (any more). Blocks."""
        try:
            with self._failures():
                self._client().head_object(Bucket=self._bucket, Key=key)
        except _NotReadError as exc:
            if exc.status == 404:
                return None
            raise
        headers = self._answered.headers if self._answered is not None else {}
        metadata = {name.removeprefix("x-amz-meta-"): value for name, value in headers.items()
                    if name.startswith("x-amz-meta-")}  # fmt: skip
        return Head(
            size=int(length) if (length := headers.get("content-length", "")).isdecimal() else 0,
            modified=_moment(headers.get("last-modified", "")),
            etag=headers.get("etag", "").strip('"'),
            media_type=headers.get("content-type", ""),
            metadata={name: value for name, value in metadata.items() if not name.endswith(_OF_REPLICATION)},
            status=headers.get("x-amz-replication-status", ""),
            sites={
                name.removesuffix(_OF_REPLICATION[0]): value
                for name, value in metadata.items()
                if name.endswith(_OF_REPLICATION[0]) and name != f"scal{_OF_REPLICATION[0]}"  # of a copy in a cloud
            },
        )

    def _client(self) -> "S3Client":
        new = self._opened is None
        client = super()._client()
        if new:
            client.meta.events.register("before-call.s3.ListObjectsV2", self._ask)
        return client

    def _ask(self, params: dict[str, Any], **_: object) -> None:
        """Add the search to a request before it is signed; the library knows no such parameter."""
        if self._search:
            joint = "&" if "?" in params["url"] else "?"
            params["url"] += f"{joint}search={quote(self._search, safe='-_.~')}"

    def _error(self, signs: list[str], text: str, *, answered: bool) -> BucketError:
        told = super()._error(signs, text, answered=answered)
        sign = verdict(signs, text, answered=answered)[1]
        if sign in DENIED:
            bucket = f"the bucket {self._bucket} at {self._where}"
            may_not = (
                f"the access key may not look into {bucket}; use the keys of its owner, or allow s3:ListBucket and "
            )
            told.args = (f"{may_not}s3:GetObject there ({signs[0]})",)
        elif signs[0] in {"NoCredentialsError", "PartialCredentialsError"}:
            told.args = ("there is no access key; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",)
        return told


def sought(options: BucketOptions) -> SoughtBucket:
    """Open the bucket that *options* name, to look for something in it. Nothing is sent yet."""
    return SoughtBucket(options)


def _moment(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
