"""The bucket: puts animations into S3, the way that a Zenko server takes them. boto3 is spoken to from here alone.

boto3 is imported when the bucket is first used, by the thread that uses it: that takes a second on a Pi. It is set up
in `booth.drivers.client`, and its connections are those of `booth.drivers.wire`. Whether a put is confirmed is judged
in `booth.drivers.confirming`; what a failure says and means, in `booth.drivers.refusals` and `booth.drivers.verdicts`.
"""

import base64
import contextlib
import hashlib
import io
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from booth.drivers import expiring, refusals, replicating
from booth.drivers.bucket_options import ATTEMPTS, BucketOptions
from booth.drivers.confirming import Doubt, like, md5s, sealed
from booth.drivers.refusals import ANSWER
from booth.drivers.verdicts import (
    CERTIFICATES,
    CHANGED,
    ENDLESS,
    ETAG,
    NOT_KEPT,
    OFF,
    PAGE,
    PORTAL,
    PROXY,
    UNREAD,
    verdict,
)
from booth.errors import BucketError, Remedy
from booth.ports import CopyState, Parcel
from booth.units import Seconds

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from mypy_boto3_s3 import S3Client

    from booth.drivers.wire import Answer, Wire

LARGEST = 67_108_864
"""The most bytes of an object that are read back."""

REMEMBERED = 64
"""Objects of which it is remembered when the server deletes them: more than all products of a visit."""

log = structlog.get_logger()


class ZenkoBucket:
    """A bucket on a Zenko server, or on any other that speaks S3. Used by one thread.

    Nothing of AWS's own variables and files (``AWS_*``, ``~/.aws``) counts; only without keys, boto3 looks there for
    some. A request takes as long as both time-outs together at most, *attempts* times, if nothing moves meanwhile, and
    a put is up to `REQUESTS` of them. They start again with every byte that comes and every piece that goes: a server
    that drips can hold a put for as long as it likes. *wall* is the booth's clock, in seconds of Unix time, which a
    server's is compared with where that refuses it.
    """

    _whole = False
    """Whether all requests of S3 are wanted, and not only those that a booth makes."""

    def __init__(
        self, options: BucketOptions, *, attempts: int = ATTEMPTS, wall: Callable[[], float] = time.time
    ) -> None:
        self._options = options
        self._endpoint = options.endpoint_url
        self._bucket = options.bucket
        self._attempts = attempts
        self._wall = wall
        self._opened: S3Client | None = None
        self._wire: Wire | None = None
        self._proxy: str | None = None
        self._private: frozenset[str] = frozenset()
        """Words of the guest whose animation is being put, in small letters: no error code may hold one."""
        self._answered: Answer | None = None
        """What came last."""
        self._refusal: tuple[list[str], str] | None = None
        """The signs and the text of an answer that the library may ask again for."""
        self._noted = ""
        self._checksums = False
        """Whether this server confirms by checksums instead of ETags."""
        self._most = LARGEST
        """The most bytes of an object that are wanted."""
        self._expiry: OrderedDict[str, datetime] = OrderedDict()
        """When the server deletes what was put last, by key."""
        self._doubts: dict[str, Doubt] = {}
        """Doubts by key: what this server took and did not confirm."""

    def __repr__(self) -> str:
        """Keep the keys out of logs and tracebacks."""
        return f"ZenkoBucket({self._bucket!r} at {self._where})"

    def put(self, parcel: Parcel) -> str:
        """Put it, and return the MD5 of what is in the bucket now (hex): that of the parcel.

        Blocks, for no longer than its time-outs. Raises `BucketError` when it is not certain that the object is there.
        What the server took and did not confirm is looked for before it is put again, and not put more than `PUTS`
        times.
        """
        if not _sendable(parcel):  # the library would take some of it for a broken connection, and have all others wait
            raise self._error(["ParamValidationError"], "", answered=False)
        self._private = refusals.words(parcel.metadata)
        try:
            self._deliver(parcel)
        finally:
            self._private = frozenset()
        return parcel.md5

    def _deliver(self, parcel: Parcel) -> None:
        doubt = self._doubts.get(parcel.key)
        if doubt is None or doubt.md5 != parcel.md5:
            doubt = Doubt(parcel.md5)
        elif self._found(parcel, doubt):
            self._settle(parcel.key)
            return
        etag = ""
        if doubt.puts < doubt.allowed:
            etag = self._put(parcel, doubt)
            if not etag:
                self._settle(parcel.key)
                return
            self._doubts[parcel.key] = doubt
            if self._found(parcel, doubt) or (doubt.look == UNREAD and etag == "odd"):
                # Content-MD5 went with it: a server that found other bytes had to refuse them.
                self._note("this server's ETags are no MD5s; what it took counts all the same")
                self._settle(parcel.key)
                return
        if doubt.look == UNREAD and not self._checksums and doubt.puts < doubt.allowed:
            self._checksums = True
            if not self._put(parcel, doubt):
                self._settle(parcel.key)
                return
            self._checksums = False
        waits = doubt.puts < doubt.allowed and not (doubt.look == UNREAD and self._speaks_s3)
        if not waits:
            doubt.allowed = doubt.puts
        raise self._error([ETAG if waits else doubt.look or ETAG], "", answered=True)

    def _note(self, why: str) -> None:
        """Log why no ETag is an MD5 here, once."""
        if why != self._noted:
            self._noted = why
            log.info("bucket.no_md5", why=why)

    def _settle(self, key: str) -> None:
        """Note that *key* is confirmed. What this server did not confirm before may be put once more."""
        self._doubts.pop(key, None)
        for doubt in self._doubts.values():
            doubt.hope()

    def _put(self, parcel: Parcel, doubt: Doubt) -> str:
        """Put it once; return "" if the server confirmed it, and else what its ETag is like (see `like`)."""
        digest = bytes.fromhex(parcel.md5)
        checksum = ""
        options: dict[str, Any] = {}
        if self._checksums:
            checksum = base64.b64encode(hashlib.sha256(parcel.content).digest()).decode("ascii")
            options["ChecksumSHA256"] = checksum
        with self._failures():
            self._client().put_object(
                Bucket=self._bucket,
                Key=parcel.key,
                Body=io.BytesIO(parcel.content),
                ContentLength=len(parcel.content),
                ContentMD5=base64.b64encode(digest).decode("ascii"),
                ContentType=parcel.media_type,
                Metadata=dict(parcel.metadata),
                **options,
            )
        doubt.puts += 1
        headers = self._answered.headers if self._answered is not None else {}
        self._note_expiry(parcel.key, headers)
        etag = like(headers.get("etag"), parcel)
        if etag == "same" or (checksum and headers.get("x-amz-checksum-sha256") == checksum):
            return ""
        if base64.b64encode(digest).decode("ascii") in md5s(headers):
            return ""
        if sealed(headers):
            self._note("the bucket encrypts what it is given, so that its ETags are no MD5s")
            return ""
        return etag

    def expiry(self, key: str) -> datetime | None:
        """Return when the server will delete the object *key*, as it said when it was put; None if it has not said.

        Asks no server. Of what was put long ago, or by another process, nothing is known.
        """
        return self._expiry.get(key)

    def _note_expiry(self, key: str, headers: Mapping[str, str]) -> None:
        self._expiry.pop(key, None)
        if (when := expiring.expiry(headers)) is not None:
            self._expiry[key] = when
            while len(self._expiry) > REMEMBERED:
                self._expiry.popitem(last=False)

    def _found(self, parcel: Parcel, doubt: Doubt) -> bool:
        """Read it back; return whether it is what was put, and note what else was found. Raises `BucketError`."""
        try:
            found, _ = self._get(parcel.key, len(parcel.content) + 1)
        except _NotReadError as exc:
            if not (400 <= exc.status < 500 or exc.status == 501) or exc.status in {408, 429}:
                raise
            look = NOT_KEPT if exc.status == 404 else UNREAD
        else:
            if found == parcel.content:
                return True
            look = CHANGED
        if doubt.look not in {None, look}:
            doubt.hope()
        doubt.look = look
        return False

    @property
    def _speaks_s3(self) -> bool:
        """Whether the last answer was an S3 server's own."""
        return self._answered is not None and refusals.speaks_s3(self._answered)

    def get(self, key: str) -> tuple[bytes, dict[str, str]]:
        """Return an object's content and its metadata as they were sent, without what replication adds to them.

        Blocks. Raises `BucketError`, also for an object of more than `LARGEST` bytes.
        """
        content, metadata = self._get(key, LARGEST + 1)
        if len(content) > LARGEST:
            raise self._error([ENDLESS], "", answered=True)
        return content, metadata

    def _get(self, key: str, most: int) -> tuple[bytes, dict[str, str]]:
        """Return up to *most* bytes of an object, and its metadata. Raises `BucketError`."""
        self._most = most
        try:
            with self._failures():
                answer = self._client().get_object(Bucket=self._bucket, Key=key)
                with contextlib.closing(answer["Body"]) as body:
                    content = body.read()
        finally:
            self._most = LARGEST
        metadata = {
            name: value
            for name, value in answer["Metadata"].items()
            if not name.endswith(("-replication-status", "-version-id"))
        }
        return content, metadata

    def replication(self, key: str) -> dict[str, CopyState]:
        """Return how far the server's copies of the object *key* are, by site: `booth.drivers.replicating`.

        Blocks. Raises `BucketError`, with `Remedy.NEVER` if there is no such object.
        """
        try:
            with self._failures():
                self._client().head_object(Bucket=self._bucket, Key=key)
        except _NotReadError as exc:
            if (error := replicating.refused(exc.status, self._bucket)) is not None:
                raise error from None
            raise
        if self._answered is None or not ("etag" in self._answered.headers or self._speaks_s3):
            raise self._error([PAGE], "", answered=True)  # an answer to HEAD has no body by which a page would be known
        return replicating.replication(self._answered.headers)

    def link(self, key: str, lasting: Seconds) -> str:
        """Return an address from which anybody can get the object *key* for *lasting* seconds, up to `LASTING`.

        It is signed here (SigV4), for the endpoint as it is in the settings, and right only if the clock is.
        Raises `BucketError`.
        """
        with self._failures():
            return self._client().generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=int(lasting)
            )

    def close(self) -> None:
        """Close the connections. May be called twice; the next put opens new ones."""
        opened, self._opened = self._opened, None
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()
        if opened is not None:
            opened.close()

    @property
    def _where(self) -> str:
        return self._endpoint or f"AWS in {self._options.region}"

    def _client(self) -> "S3Client":
        if self._opened is None:
            from booth.drivers.client import client

            self._wire = self._connected()
            self._opened = client(self._options, attempts=self._attempts, whole=self._whole)
            self._opened.meta.events.register("before-send.s3", self._send)  # type: ignore[arg-type]  # it counts
        return self._opened

    def _connected(self) -> "Wire":
        from booth.drivers import wire

        try:
            trusted = wire.trust(self._options.ca_bundle or None)
        except OSError:
            raise self._error([CERTIFICATES], "", answered=False) from None
        self._proxy = wire.proxy_for(self._endpoint) if self._endpoint else wire.proxy_for("https://s3.amazonaws.com")
        return wire.Wire(
            connect_timeout=self._options.connect_timeout,
            read_timeout=self._options.read_timeout,
            trust=trusted,
            proxy=self._proxy,
        )

    # ---- an answer

    def _send(self, request: "AWSPreparedRequest", **_: object) -> "AWSResponse":
        """Send *request* in the library's stead; return what it may know of the answer.

        It parses what it is given, and follows what it is told, wherever that leads. So it is given the head's few
        lines that mean something, and a body only if that is an object. What was refused for good is raised from here.
        """
        from botocore.awsrequest import AWSResponse

        assert self._wire is not None  # noqa: S101  there is no client without one
        self._answered = None
        puts = request.method == "PUT"
        answer = self._wire.send(request, ANSWER if puts else self._most)
        self._answered = answer
        self._refusal = None
        body = b"" if puts else answer.body
        error = 200 <= answer.status < 300 and puts and refusals.holds_error(answer)  # a success that is none
        if refusals.is_page(answer) or error or not 200 <= answer.status < 300:
            signs, text = self._read(answer)
            if not (answer.status >= 500 or answer.status == 429):
                raise self._error(signs, text, answered=True)
            self._refusal = (signs, text)
            body = b""
        headers = {name: value for name, value in answer.headers.items() if name.startswith("x-amz-meta-")}
        for name in ("etag", "content-type"):
            if name in answer.headers:
                headers[name] = answer.headers[name]
        headers["content-length"] = str(len(body))
        return AWSResponse(request.url, answer.status, headers, _Body(body))  # type: ignore[arg-type]  # any mapping

    def _read(self, answer: "Answer") -> tuple[list[str], str]:
        """Return the signs of a refusal, and its text, which must not be shown to anybody."""
        asked = refusals.Asked(self._bucket, self._endpoint, self._options.addressing, proxied=self._proxy is not None)
        return refusals.read(answer, asked, self._private)

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Turn what boto3 raises into a `BucketError`. What a server said is not repeated: it may quote the guest."""
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            yield
        except ClientError:
            signs, text = self._refusal or (["ClientError"], "")
            raise self._error(signs, text, answered=True) from None
        except (BotoCoreError, ResponseParserError, OSError, ValueError, RecursionError) as exc:
            signs, text = refusals.unanswered(exc, self._options.addressing)
            raise self._error(signs, text, answered=False) from None

    def _error(self, signs: list[str], text: str, *, answered: bool) -> BucketError:
        found, _ = verdict(signs, text, answered=answered)
        from booth.drivers.wire import without_password

        proxy = without_password(self._proxy) if self._proxy else "on the way"
        meaning = found.meaning.format(bucket=self._bucket, endpoint=self._where, proxy=proxy)
        if OFF in meaning and self._answered is not None:
            meaning = meaning.replace(OFF, refusals.off_by(self._answered.headers.get("date", ""), self._wall()))
        by_proxy = signs[0].startswith(PROXY) and self._proxy is not None
        away = found.remedy is Remedy.WAIT and (not answered or by_proxy or found.meaning == PORTAL)
        error = _NotReadError if answered and self._answered is not None else BucketError
        told = error(f"{meaning} ({signs[0]})", found.remedy, away=away, login=found.meaning == PORTAL)
        if isinstance(told, _NotReadError) and self._answered is not None:
            told.status, told.code = self._answered.status, signs[0]
        return told


class _NotReadError(BucketError):
    """The server answered, and refused."""

    status = 0
    code = ""
    """The error code of S3, the status as text where there is none, or a sign of ours: see `verdicts`."""


class _Body(io.BytesIO):
    """The body of an answer, as botocore reads it."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()


def _sendable(parcel: Parcel) -> bool:
    """Return whether a parcel's key can be in an address, and its metadata in headers."""
    try:
        parcel.key.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return all(
        re.fullmatch(r"[A-Za-z0-9_.-]+", name) and value.isascii() and value.isprintable()
        for name, value in parcel.metadata.items()
    )
