"""The bucket: puts animations into S3, the way that a Zenko server takes them. boto3 lives here and only here.

boto3 is imported when the bucket is first used, by the thread that uses it: that takes a second on a Pi.
"""

import base64
import contextlib
import hashlib
import io
import logging
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from booth.errors import BucketError, Remedy
from booth.ports import Parcel
from booth.units import Seconds

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ATTEMPTS = 2
"""Times that one put is tried, at once. More than that is the uploader's business."""

PIECE = 16_384
"""Bytes of an animation that are handed to the kernel at a time. Each piece has `connect_timeout`."""

UNSENT = 16_384
"""Bytes that the kernel may hold back. Without a limit it takes a whole animation at once, and on a slow network
`read_timeout` is over before that has been sent: nothing would ever arrive."""


LASTING = Seconds(604_800.0)
"""The longest that a signed link may last: seven days, says SigV4."""


@dataclass(frozen=True)
class Verdict:
    """What a failure means: by the server's error codes or the library's exceptions, and by what they say."""

    signs: tuple[str, ...]
    """S3 error codes, HTTP status numbers, names of exception classes, and our own signs; a ``*`` ends in anything."""
    remedy: Remedy
    meaning: str
    """For an operator. May mention ``{bucket}`` and ``{endpoint}``."""
    says: tuple[str, ...] = ()
    """If there are any: one of these texts has to be in the message, in small letters."""

    def covers(self, sign: str, text: str) -> bool:
        """Return whether *sign* is one of ours and *text* (small letters) says what it has to."""
        known = any(sign.startswith(ours[:-1]) if ours.endswith("*") else sign == ours for ours in self.signs)
        return known and (not self.says or any(said in text for said in self.says))


_CERTIFICATES = "CertificateFile"
"""Our own sign: boto3 does not tell a missing file of certificates from a broken connection."""

_PAGE = "WebPage"
"""Our own sign: an answer in HTML. S3 speaks XML, so this comes from something else."""

_ETAG = "WrongETag"
"""Our own sign: a success that does not confirm the animation."""

_PORTAL = (
    "something else than {endpoint} answers in its place, perhaps the login page of a hotel or an event network; "
    "log the booth in there"
)

_HUNG_UP = "{endpoint} did not answer in time, or hung up; look at the network, then at the server"

VERDICTS = (
    # ---- what the server says, or something in its place
    Verdict((_PAGE, "3*", "511"), Remedy.WAIT, _PORTAL),
    Verdict(
        (_ETAG,),
        Remedy.WAIT,
        "{endpoint} did not confirm the animation: its ETag is not the animation's MD5, or there is none; "
        "see whether something on the way changes what is sent",
    ),
    Verdict(
        ("AccessDenied",),
        Remedy.WAIT,
        "the storage behind the bucket {bucket} is full; it takes more when its copies have been made",
        says=("storage space limit",),
    ),
    Verdict(
        ("RequestTimeTooSkewed",),
        Remedy.CLOCK,
        "the clock of the booth is wrong by more than a quarter of an hour; it is put right when the booth is online",
    ),
    Verdict(
        ("InvalidAccessKeyId",),
        Remedy.PERSON,
        "{endpoint} does not know the access key; put the right one into the settings (zenko.access_key_id)",
    ),
    Verdict(
        ("SignatureDoesNotMatch",),
        Remedy.PERSON,
        "the secret does not belong to the access key; put the right one into the settings (zenko.secret_access_key)",
    ),
    Verdict(
        ("AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden", "401", "403"),
        Remedy.PERSON,
        "the access key may not put objects into the bucket {bucket}; allow it s3:PutObject there",
    ),
    Verdict(
        ("NoSuchBucket", "InvalidBucketName", "404"),
        Remedy.PERSON,
        "there is no bucket {bucket} at {endpoint}; make it, or put the right name into the settings (zenko.bucket)",
    ),
    Verdict(
        ("InvalidURI",),
        Remedy.PERSON,
        "the server does not know itself as {endpoint}; add that name to the server's restEndpoints, "
        "or put the right one into the settings (zenko.endpoint_url)",
    ),
    Verdict(
        ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"),
        Remedy.PERSON,
        "the bucket {bucket} is in another region; put the right one into the settings (zenko.region)",
    ),
    Verdict(
        ("MetadataTooLarge", "HttpHeadersTooLarge", "431", "KeyTooLong", "KeyTooLongError", "EntityTooLarge"),
        Remedy.NEVER,
        "the server finds this visit's details, key or animation too large; raise the server's limit, "
        "then move its folder from failed/ back to pending/",
    ),
    Verdict(
        ("413",),
        Remedy.PERSON,
        "what stands before {endpoint} finds the animation too large; raise its limit (nginx: client_max_body_size)",
    ),
    Verdict(
        ("407",),
        Remedy.PERSON,
        "a proxy on the way to {endpoint} wants a password; let the booth through without one",
    ),
    Verdict(
        ("BadDigest", "InvalidDigest", "IncompleteBody", "RequestTimeout", "XAmzContentSHA256Mismatch", "408"),
        Remedy.WAIT,
        "the animation did not arrive whole at {endpoint}; look at the network",
    ),
    Verdict(
        ("SlowDown", "429", "QuotaExceeded", "TooManyRequests", "RequestLimitExceeded", "Throttl*"),
        Remedy.WAIT,
        "{endpoint} is asked too often or its quota is used up; raise the quota if it stays so",
    ),
    Verdict(
        ("5*", "InternalError", "ServiceUnavailable", "OperationAborted"),
        Remedy.WAIT,
        "{endpoint} has trouble of its own; tell whoever looks after it if it stays so",
    ),
    # ---- what never gets as far as the server
    Verdict(
        ("SSLError",),
        Remedy.CLOCK,
        "the certificate of {endpoint} is not valid yet by the clock of the booth, which must be wrong; "
        "it is put right when the booth is online",
        says=("not yet valid",),
    ),
    Verdict(
        ("SSLError",),
        Remedy.PERSON,
        "the certificate of {endpoint} has expired, or the clock of the booth is wrong; look at both",
        says=("expired",),
    ),
    Verdict(
        ("SSLError",),
        Remedy.PERSON,
        "the certificate of {endpoint} is made out to another name; put that name into the settings "
        "(zenko.endpoint_url), or log the booth in to the network",
        says=("mismatch", "doesn't match", "not valid for"),
    ),
    Verdict(
        ("SSLError",),
        Remedy.PERSON,
        "the certificate of {endpoint} is not to be trusted; name its authority in the settings (zenko.ca_bundle), "
        "or log the booth in to the network",
        says=("certificate",),
    ),
    Verdict(
        (_CERTIFICATES,),
        Remedy.PERSON,
        "the file of certificates cannot be read; put the right path into the settings (zenko.ca_bundle)",
    ),
    Verdict(
        ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound"),
        Remedy.PERSON,
        "there is no access key; put one into the settings (zenko.access_key_id, zenko.secret_access_key)",
    ),
    Verdict(
        ("ParamValidationError",),
        Remedy.PERSON,
        "{bucket} cannot be the name of a bucket; put the right one into the settings (zenko.bucket)",
        says=("bucket name",),
    ),
    Verdict(
        ("ParamValidationError",),
        Remedy.NEVER,
        "this visit's key or details cannot be sent as they are; look at entry.json in its folder in failed/",
    ),
    Verdict(
        ("ValueError", "InvalidRegionError", "EndpointProviderError", "NoRegionError"),
        Remedy.PERSON,
        "{endpoint} cannot be an address; put the right one into the settings (zenko.endpoint_url, zenko.region)",
    ),
    Verdict(("RecursionError",), Remedy.WAIT, _PORTAL),
    Verdict(
        ("EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError"),
        Remedy.WAIT,
        "{endpoint} cannot be reached; look at the network",
    ),
    Verdict(
        ("ReadTimeoutError", "ConnectionClosedError", "ResponseStreamingError", "IncompleteReadError"),
        Remedy.WAIT,
        _HUNG_UP,
    ),
    Verdict(("SSLError",), Remedy.WAIT, _HUNG_UP, says=("eof occurred",)),
    Verdict(
        ("SSLError", "HTTPClientError", "ResponseParserError", "OSError"),
        Remedy.WAIT,
        "the connection to {endpoint} does not work; look at the network",
    ),
)
"""The first that covers a failure is what it means."""

UNKNOWN_ANSWER = Verdict(
    (), Remedy.PERSON, "{endpoint} refuses the upload; look up its error code, then look at the settings under zenko"
)
"""What an answer means that no row covers."""

UNKNOWN_TROUBLE = Verdict(
    (), Remedy.WAIT, "the upload to {endpoint} failed in an unexpected way; look at the network, then at the settings"
)
"""What a failure without an answer means that no row covers."""


def verdict(signs: list[str], text: str, *, answered: bool) -> tuple[Verdict, str]:
    """Return what a failure means, and the sign it was told by.

    *signs* from the most particular to the most general; *answered* if a server said so.
    """
    for sign in signs:
        for candidate in VERDICTS:
            if candidate.covers(sign, text.lower()):
                return candidate, sign
    return UNKNOWN_ANSWER if answered else UNKNOWN_TROUBLE, signs[0]


class ZenkoBucket:
    """A bucket on a Zenko server, or on any other that speaks S3. Used by one thread.

    Without keys, boto3 looks for some in the environment. *connect_timeout* and *read_timeout* in seconds: a put takes
    as long as both of them together at most, *attempts* times, if nothing moves meanwhile. They start again with every
    byte that comes and every piece that goes: a server that drips can hold a put for as long as it likes.
    """

    def __init__(
        self,
        *,
        endpoint_url: str | None,
        bucket: str,
        region: str,
        access_key_id: str | None,
        secret_access_key: str | None,
        ca_bundle: Path | str | None,
        connect_timeout: float = 5.0,
        read_timeout: float = 20.0,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._endpoint = endpoint_url
        self._bucket = bucket
        self._region = region
        self._access_key_id = access_key_id
        self._secret_access_key = secret_access_key
        self._ca_bundle = str(ca_bundle) if ca_bundle else None
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._attempts = attempts
        self._opened: S3Client | None = None

    def __repr__(self) -> str:
        """Keep the keys out of logs and tracebacks."""
        return f"ZenkoBucket({self._bucket!r} at {self._where})"

    def put(self, parcel: Parcel) -> str:
        """Put it, and return the confirmed ETag (the MD5 of the file, hex, without quotes).

        Blocks, for no longer than its time-outs. Raises `BucketError` when it is not certain that the object is there.
        """
        try:
            content = parcel.path.read_bytes()
        except OSError as exc:
            raise BucketError(f"{parcel.path} cannot be read ({exc.strerror}); look at the disk", Remedy.WAIT) from None
        digest = hashlib.md5(content, usedforsecurity=False)
        with self._failures():
            answer = self._client().put_object(
                Bucket=self._bucket,
                Key=parcel.key,
                Body=_Pieces(content),
                ContentLength=len(content),
                ContentMD5=base64.b64encode(digest.digest()).decode("ascii"),
                ContentType="image/gif",
                Metadata=dict(parcel.metadata),
            )
        etag = answer.get("ETag", "").strip('"').lower()
        if etag != digest.hexdigest():
            raise self._error([_ETAG], "", answered=True)
        return etag

    def get(self, key: str) -> tuple[bytes, dict[str, str]]:
        """Return an object's content and its metadata as they were sent, without what replication adds to them.

        Blocks. Raises `BucketError`.
        """
        with self._failures():
            answer = self._client().get_object(Bucket=self._bucket, Key=key)
            with contextlib.closing(answer["Body"]) as body:
                content = body.read()
        metadata = {
            name: value
            for name, value in answer["Metadata"].items()
            if not name.endswith(("-replication-status", "-version-id"))
        }
        return content, metadata

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
        if opened is not None:
            opened.close()

    @property
    def _where(self) -> str:
        return self._endpoint or f"AWS in {self._region}"

    def _client(self) -> "S3Client":
        if self._opened is None:
            from boto3.session import Session
            from botocore.config import Config

            self._check_certificates()
            for name in ("boto3", "botocore", "urllib3"):  # when they debug, they log headers: a guest's details
                logging.getLogger(name).setLevel(logging.WARNING)
            session = Session(
                aws_access_key_id=self._access_key_id,
                aws_secret_access_key=self._secret_access_key,
                region_name=self._region,
            )
            self._opened = session.client(
                "s3",
                endpoint_url=self._endpoint,
                verify=self._ca_bundle,
                config=Config(
                    connect_timeout=self._connect_timeout,
                    read_timeout=self._read_timeout,
                    retries={"mode": "standard", "total_max_attempts": self._attempts},
                    tcp_keepalive=True,
                    max_pool_connections=1,
                    signature_version="s3v4",
                    s3={"addressing_style": "path"},
                    # Zenko refuses the checksum trailers that boto3 otherwise sends over TLS.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
            self._opened.meta.events.register("response-received.s3", self._look_at)
            _hold_back_little(self._opened)
        return self._opened

    def _look_at(self, response_dict: dict[str, Any] | None, **_: object) -> None:
        """Refuse what is no answer of S3, before its number is taken for one: hotels say 200, 302, 403, 404, 405."""
        if response_dict is None:
            return
        status = response_dict["status_code"]
        of_a_proxy = status in {408, 413, 429} or (status >= 500 and status != 511)
        if not of_a_proxy and _is_page(response_dict["body"]):
            raise self._error([_PAGE], "", answered=True)

    def _check_certificates(self) -> None:
        if self._ca_bundle is None:
            return
        try:
            ssl.create_default_context(cafile=self._ca_bundle)
        except OSError:
            raise self._error([_CERTIFICATES], "", answered=False) from None

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Turn what boto3 raises into a `BucketError`. What a server said is not repeated: it may quote the guest."""
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            yield
        except ClientError as exc:
            code = str(exc.response.get("Error", {}).get("Code", ""))
            status = str(exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
            raise self._error([code or status, status], str(exc), answered=True) from None
        except (BotoCoreError, ResponseParserError, OSError, ValueError, RecursionError) as exc:
            signs = [kind.__name__ for kind in type(exc).__mro__]
            # What boto3 says around the reason holds the object's key, and that the name of the event.
            reason = getattr(exc, "kwargs", {}).get("error", exc)
            raise self._error(signs, str(reason), answered=False) from None

    def _error(self, signs: list[str], text: str, *, answered: bool) -> BucketError:
        found, _ = verdict(signs, text, answered=answered)
        meaning = found.meaning.format(bucket=self._bucket, endpoint=self._where)
        away = found.remedy is Remedy.WAIT and (not answered or found.meaning == _PORTAL)
        return BucketError(f"{meaning} ({signs[0]})", found.remedy, away=away)


def link_like(*, endpoint_url: str, bucket: str, key: str, region: str, access_key_id: str) -> str:
    """Return an address as long as the one that `ZenkoBucket.link` signs, without boto3. It opens nothing.

    Keys that come with a session token make longer ones.
    """
    scope = quote(f"{access_key_id}/20261122/{region}/s3/aws4_request", safe="")
    return (
        f"{endpoint_url}/{bucket}/{quote(key, safe='/~')}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}"
        f"&X-Amz-Date=20261122T170512Z&X-Amz-Expires={LASTING:.0f}&X-Amz-SignedHeaders=host"
        f"&X-Amz-Signature={'0' * 64}"
    )


class _Pieces(io.BytesIO):
    """An animation that is read in small pieces."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size if size is None or size < 0 else min(size, PIECE))


def _hold_back_little(client: "S3Client") -> None:
    """Limit what the kernel holds back on each connection to come. If the library has changed, it stays as it was."""
    with contextlib.suppress(AttributeError, KeyError):
        manager = client._endpoint.http_session._manager  # type: ignore[attr-defined]  # noqa: SLF001 no other way
        limit = (socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        manager.connection_pool_kw["socket_options"] = [*manager.connection_pool_kw["socket_options"], limit]


def _is_page(body: object) -> bool:
    """Return whether *body* is HTML. One that is not read yet is none."""
    return isinstance(body, bytes) and body[:1000].lstrip().lower().startswith((b"<!doctype html", b"<html"))
