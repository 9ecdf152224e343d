"""The bucket: puts animations into S3, the way that a Zenko server takes them. boto3 lives here and only here.

boto3 is imported when the bucket is first used, by the thread that uses it: that takes a second on a Pi. What a server
says is read to a bound (`booth.drivers.wire`), its XML is never parsed, and nothing of it is repeated but an error code
that looks like one and holds nothing of the guest's.
"""

import base64
import contextlib
import errno
import hashlib
import io
import logging
import os
import re
import socket
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, unquote_plus, urlsplit

import structlog

from booth.errors import BucketError, Remedy
from booth.ports import Parcel
from booth.units import Seconds

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.session import Session
    from mypy_boto3_s3 import S3Client

    from booth.drivers.wire import Answer, Wire

ATTEMPTS = 2
"""Times that one request is tried, at once. More than that is the uploader's business."""

REQUESTS = 3
"""As many requests may one put take: the animation, the animation with a checksum, and reading it back."""

PUTS = 4
"""As often is one animation put while the server takes it and does not confirm it. After that it is only looked for:
in a bucket with versions each put is one more copy."""

MOST_PUTS = 2 * PUTS
"""As often at most, whatever gives hope meanwhile."""

ANSWER = 65_536
"""The most bytes of an answer that are read; S3's own have some hundred."""

LARGEST = 67_108_864
"""The most bytes of an object that are read back."""

REPEATED = 64
"""The most letters of an error code that are repeated."""

Addressing = Literal["path", "virtual"]
"""Where the bucket's name stands: ``https://s3.example.com/BUCKET/KEY`` or ``https://BUCKET.s3.example.com/KEY``."""

log = structlog.get_logger()

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
"""Our own sign: the file of certificates cannot be read, or holds none."""

_PAGE = "WebPage"
"""Our own sign: an answer in HTML. S3 speaks XML, so this comes from something else."""

_ENDLESS = "EndlessAnswer"
"""Our own sign: an answer that was not over when as much of it had come as is ever read."""

_STYLE = "PathStyle"
"""Our own sign: the server wants the bucket's name in the host."""

_SPEAKS_TLS = "SpeaksTLS"
"""Our own sign: an answer which says that TLS is spoken there."""

_NOT_S3 = "NotS3"
"""Our own sign: a refusal without a word of S3, by what has no such address or does not know such a request."""

_ETAG = "WrongETag"
"""Our own sign: a success that does not confirm the animation."""

_UNREAD, _CHANGED, _NOT_KEPT = "Unread", "Changed", "NotKept"
"""Our own signs: what was put and not confirmed may not be read back, is another thing, is not there."""

_VIRTUAL = "Virtual"
"""Before a sign: the bucket's name is in the host."""

_PROXY = "Proxy"
"""Before the number of an answer: a proxy gave it, not the server."""

_PORTAL = (
    "something else answers in the place of {endpoint}, perhaps the login page of a hotel or an event network; "
    "log the booth in there, or check that zenko.endpoint_url is no page for people"
)

_TLS_THERE = "{endpoint} speaks TLS, and nothing else at this port; write https:// in the settings (zenko.endpoint_url)"

_OFF = "wrong by more than a quarter of an hour"
"""How wrong a clock is, where the answer does not say."""

_HUNG_UP = "{endpoint} did not answer in time, or hung up; check the network, then the server"

_CLOCK_COMES = (
    "have the network let time servers through (NTP, port 123 of UDP), which set it, or set it by hand: "
    "sudo timedatectl set-time"
)

VERDICTS = (
    # ---- what stands between the booth and the server
    Verdict(
        (_PROXY + "407",),
        Remedy.PERSON,
        "the proxy {proxy} wants a password; let the booth through to {endpoint} without one, or put the password "
        "into the proxy's address (HTTP_PROXY, HTTPS_PROXY)",
    ),
    Verdict(
        (_PROXY + "5*",),
        Remedy.WAIT,
        "the proxy {proxy} does not reach {endpoint}; check the proxy, then the server",
    ),
    Verdict(
        (_PROXY + "2*", _PROXY + "3*", _PROXY + "4*"),
        Remedy.PERSON,
        "the proxy {proxy} does not let the booth through to {endpoint}; allow it there, or name the server in "
        "NO_PROXY",
    ),
    Verdict((_PAGE,), Remedy.WAIT, _PORTAL),
    Verdict((_SPEAKS_TLS,), Remedy.PERSON, _TLS_THERE),
    Verdict(
        (_NOT_S3,),
        Remedy.PERSON,
        "what answers at {endpoint} does not speak S3: a web server, or an ingress that does not know this host; check "
        "host and port in the settings (zenko.endpoint_url)",
    ),
    Verdict(
        (_ENDLESS,),
        Remedy.WAIT,
        "{endpoint} answers with more than any S3 server says, and the booth hung up; "
        "check what answers there (zenko.endpoint_url)",
    ),
    # ---- what the server says, or something in its place
    Verdict(
        (
            _STYLE,
            "SecondLevelDomainForbidden",
            "PathStyleDomainForbidden",
            "VirtualHostDomainRequired",
            "InvalidPathAccess",
        ),
        Remedy.PERSON,
        '{endpoint} does not take the bucket\'s name in the path; put addressing = "virtual" into the settings '
        "(zenko.addressing)",
    ),
    Verdict(
        ("MethodNotAllowed", "405"),
        Remedy.PERSON,
        "{endpoint} takes no animation at this address; check zenko.endpoint_url, and whether the server wants the "
        "bucket's name in the host (zenko.addressing)",
    ),
    Verdict(
        (_VIRTUAL + "EndpointConnectionError", _VIRTUAL + "ConnectTimeoutError"),
        Remedy.WAIT,
        "the bucket's own host ({bucket}, then a dot, then the host of {endpoint}) cannot be reached; check the "
        'network, or put addressing = "path" into the settings (zenko.addressing)',
    ),
    Verdict(
        (_VIRTUAL + "SSLError",),
        Remedy.PERSON,
        "the certificate of {endpoint} is not made out to the bucket's own host ({bucket}, then a dot, then the "
        'server\'s); put addressing = "path" into the settings (zenko.addressing), or log the booth in to the network',
        says=("mismatch", "doesn't match", "not valid for"),
    ),
    Verdict(
        (_ETAG,),
        Remedy.WAIT,
        "{endpoint} did not confirm the animation: its ETag is not the animation's MD5, or there is none; "
        "check whether something on the way changes what is sent",
    ),
    Verdict(
        (_UNREAD,),
        Remedy.PERSON,
        "{endpoint} took the animation and does not confirm it: its ETag is not the animation's MD5 (encryption by "
        "KMS, or a proxy that changes ETags). The booth does not send it again; allow the access key to read it back "
        "(s3:GetObject), or have ETags passed on unchanged",
    ),
    Verdict(
        (_CHANGED,),
        Remedy.PERSON,
        "{endpoint} gives back something else than the animation, and the booth does not send it again; "
        "look for a proxy or a cache on the way that changes what is sent",
    ),
    Verdict(
        (_NOT_KEPT,),
        Remedy.PERSON,
        "{endpoint} says that it took the animation and does not have it, and the booth does not send it again; "
        "check the server",
    ),
    Verdict(
        ("AccessDenied",),
        Remedy.WAIT,
        "the storage behind the bucket {bucket} is full; free some of it, or wait until its copies have been made",
        says=("storage space limit",),
    ),
    Verdict(
        ("RequestTimeTooSkewed",),
        Remedy.CLOCK,
        f"the booth is online, and reaches {{endpoint}}, but its clock is {_OFF}; {_CLOCK_COMES}",
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
        ("AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden", "401"),
        Remedy.PERSON,
        "the access key may not put objects into the bucket {bucket}; allow it s3:PutObject there",
    ),
    Verdict(
        ("403",),
        Remedy.PERSON,
        "{endpoint} refuses the booth and does not say why; allow the access key s3:PutObject in the bucket {bucket}, "
        "and check whether the server wants the bucket's name in the host (zenko.addressing)",
    ),
    Verdict(
        ("NoSuchKey",),
        Remedy.WAIT,
        "the bucket {bucket} has no such object; look for it under another name",
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
        (
            "PermanentRedirect",
            "TemporaryRedirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
        ),
        Remedy.PERSON,
        "the bucket {bucket} is in another region; put the right one into the settings (zenko.region, and the "
        "region's own server in zenko.endpoint_url)",
    ),
    Verdict(("3*", "511"), Remedy.WAIT, _PORTAL),
    Verdict(
        ("1*",),
        Remedy.WAIT,
        "{endpoint}, or a proxy before it, announces an answer in the place of one; have it send none of the numbers "
        "102 and 103 (Processing, Early Hints), and do not have it change protocols (101)",
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
        "a proxy before {endpoint} takes no animation of this size; raise its limit (nginx: client_max_body_size)",
    ),
    Verdict(
        ("407",),
        Remedy.PERSON,
        "a proxy before {endpoint} wants a password; let the booth through without one",
    ),
    Verdict(
        ("BadDigest", "InvalidDigest", "IncompleteBody", "RequestTimeout", "XAmzContentSHA256Mismatch", "408"),
        Remedy.WAIT,
        "{endpoint} did not receive the whole animation; check the network",
    ),
    Verdict(
        ("SlowDown", "429", "QuotaExceeded", "TooManyRequests", "RequestLimitExceeded", "Throttl*"),
        Remedy.WAIT,
        "{endpoint} is asked too often, or its quota is used up; if this lasts, raise the quota",
    ),
    Verdict(
        ("5*", "InternalError", "ServiceUnavailable", "OperationAborted"),
        Remedy.WAIT,
        "{endpoint} reports an error of its own; if this lasts, tell the server's administrator",
    ),
    # ---- what never gets as far as the server
    Verdict(
        ("SSLError",),
        Remedy.CLOCK,
        "by the clock of the booth the certificate of {endpoint} is not valid yet, so the clock must be wrong; "
        + _CLOCK_COMES,
        says=("not yet valid",),
    ),
    Verdict(
        ("SSLError",),
        Remedy.PERSON,
        "the certificate of {endpoint} has expired, or the clock of the booth is wrong; check both",
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
        "the booth does not trust the certificate of {endpoint}; name its authority in the settings "
        "(zenko.ca_bundle), or log the booth in to the network",
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
        "this visit's key or details cannot be sent as they are; correct entry.json in its folder in failed/, "
        "then move the folder back to pending/",
    ),
    Verdict(
        ("ValueError", "InvalidRegionError", "EndpointProviderError", "NoRegionError"),
        Remedy.PERSON,
        "{endpoint} cannot be an address; put the right one into the settings (zenko.endpoint_url, zenko.region)",
    ),
    Verdict(
        ("ProxyConnectionError",),
        Remedy.WAIT,
        "the proxy {proxy} cannot be reached, so {endpoint} cannot; check the network and the proxy's address "
        "(HTTP_PROXY, HTTPS_PROXY), or name the server in NO_PROXY",
    ),
    Verdict(
        ("ProxySchemeUnknown", "LocationValueError", "LocationParseError"),
        Remedy.PERSON,
        "{proxy} cannot be the address of a proxy; put one that begins with http:// into HTTP_PROXY and HTTPS_PROXY, "
        "or name the server in NO_PROXY",
    ),
    Verdict(
        ("EndpointConnectionError",),
        Remedy.PERSON,
        "there is no host of the name in {endpoint}, says name service; check it letter by letter "
        "(zenko.endpoint_url), and whether this network knows it",
        says=tuple(f"[errno {number}]" for number in (socket.EAI_NONAME, socket.EAI_NODATA)),
    ),
    Verdict(
        ("EndpointConnectionError",),
        Remedy.WAIT,
        "nobody listens at {endpoint}; check that the server runs, and its port (zenko.endpoint_url)",
        says=(f"[errno {errno.ECONNREFUSED}]",),
    ),
    Verdict(
        ("EndpointConnectionError", "ConnectTimeoutError"),
        Remedy.WAIT,
        "{endpoint} cannot be reached; check the network",
    ),
    Verdict(("ConnectionClosedError", "HTTPClientError"), Remedy.PERSON, _TLS_THERE, says=(r"\x15\x03",)),
    Verdict(
        ("ReadTimeoutError", "ConnectionClosedError", "ResponseStreamingError", "IncompleteReadError"),
        Remedy.WAIT,
        _HUNG_UP,
    ),
    Verdict(("SSLError",), Remedy.WAIT, _HUNG_UP, says=("eof occurred",)),
    Verdict(
        ("SSLError",),
        Remedy.PERSON,
        "no TLS is spoken at {endpoint}; put the port that speaks it into the settings (zenko.endpoint_url; with "
        "http:// everybody on the way can read what is sent), or log the booth in to the network",
        says=("wrong version number", "record layer failure", "packet length too long", "unknown protocol"),
    ),
    Verdict(
        ("SSLError", "HTTPClientError", "ResponseParserError", "RecursionError", "OSError"),
        Remedy.WAIT,
        "the connection to {endpoint} does not work; check the network",
    ),
)
"""The first that covers a failure is what it means."""

UNKNOWN_ANSWER = Verdict(
    (), Remedy.PERSON, "{endpoint} refuses the upload; look up its error code, then check the settings under zenko"
)
"""What an answer means that no row covers."""

UNKNOWN_TROUBLE = Verdict(
    (), Remedy.WAIT, "the upload to {endpoint} failed in an unexpected way; check the network, then the settings"
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


@dataclass
class _Doubt:
    """An animation that the server took and did not confirm."""

    md5: str
    puts: int = 0
    allowed: int = PUTS
    look: str | None = None
    """What was found when it was last looked for: one of `_UNREAD`, `_CHANGED`, `_NOT_KEPT`; None before."""

    def hope(self) -> None:
        """Allow one more put, because something has changed for the better."""
        if self.puts >= self.allowed:
            self.allowed = min(self.puts + 1, MOST_PUTS)


class ZenkoBucket:
    """A bucket on a Zenko server, or on any other that speaks S3. Used by one thread.

    Nothing of AWS's own variables and files (``AWS_*``, ``~/.aws``) counts; only without keys, boto3 looks there for
    some. *addressing* is where the bucket's name stands. *connect_timeout* and *read_timeout* in seconds: a request
    takes as long as both of them together at most, *attempts* times, if nothing moves meanwhile, and a put is up to
    `REQUESTS` of them. They start again with every byte that comes and every piece that goes: a server that drips can
    hold a put for as long as it likes. *wall* is the booth's clock, in seconds of Unix time, which a server's is
    compared with where that refuses it.
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
        addressing: Addressing = "path",
        connect_timeout: float = 5.0,
        read_timeout: float = 20.0,
        attempts: int = ATTEMPTS,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._endpoint = endpoint_url
        self._wall = wall
        self._bucket = bucket
        self._region = region
        self._access_key_id = access_key_id
        self._secret_access_key = secret_access_key
        self._ca_bundle = str(ca_bundle) if ca_bundle else None
        self._addressing = addressing
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._attempts = attempts
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
        self._doubts: dict[str, _Doubt] = {}
        """By key: what this server took and did not confirm."""

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
        self._private = _words(parcel.metadata)
        try:
            self._deliver(parcel)
        finally:
            self._private = frozenset()
        return parcel.md5

    def _deliver(self, parcel: Parcel) -> None:
        doubt = self._doubts.get(parcel.key)
        if doubt is None or doubt.md5 != parcel.md5:
            doubt = _Doubt(parcel.md5)
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
            if self._found(parcel, doubt) or (doubt.look == _UNREAD and etag == "odd"):
                # Content-MD5 went with it: a server that found other bytes had to refuse them.
                self._note("this server's ETags are no MD5s; what it took counts all the same")
                self._settle(parcel.key)
                return
        if doubt.look == _UNREAD and not self._checksums and doubt.puts < doubt.allowed:
            self._checksums = True
            if not self._put(parcel, doubt):
                self._settle(parcel.key)
                return
            self._checksums = False
        waits = doubt.puts < doubt.allowed and not (doubt.look == _UNREAD and self._speaks_s3)
        if not waits:
            doubt.allowed = doubt.puts
        raise self._error([_ETAG if waits else doubt.look or _ETAG], "", answered=True)

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

    def _put(self, parcel: Parcel, doubt: _Doubt) -> str:
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
        etag = like(headers.get("etag"), parcel)
        if etag == "same" or (checksum and headers.get("x-amz-checksum-sha256") == checksum):
            return ""
        if base64.b64encode(digest).decode("ascii") in _md5s(headers):
            return ""
        if _sealed(headers):
            self._note("the bucket encrypts what it is given, so that its ETags are no MD5s")
            return ""
        return etag

    def _found(self, parcel: Parcel, doubt: _Doubt) -> bool:
        """Read it back; return whether it is what was put, and note what else was found. Raises `BucketError`."""
        try:
            found, _ = self._get(parcel.key, len(parcel.content) + 1)
        except _NotReadError as exc:
            if not (400 <= exc.status < 500 or exc.status == 501) or exc.status in {408, 429}:
                raise
            look = _NOT_KEPT if exc.status == 404 else _UNREAD
        else:
            if found == parcel.content:
                return True
            look = _CHANGED
        if doubt.look not in {None, look}:
            doubt.hope()
        doubt.look = look
        return False

    @property
    def _speaks_s3(self) -> bool:
        """Whether the last answer was an S3 server's own."""
        return self._answered is not None and any(name.startswith("x-amz-") for name in self._answered.headers)

    def get(self, key: str) -> tuple[bytes, dict[str, str]]:
        """Return an object's content and its metadata as they were sent, without what replication adds to them.

        Blocks. Raises `BucketError`, also for an object of more than `LARGEST` bytes.
        """
        content, metadata = self._get(key, LARGEST + 1)
        if len(content) > LARGEST:
            raise self._error([_ENDLESS], "", answered=True)
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
        return self._endpoint or f"AWS in {self._region}"

    def _client(self) -> "S3Client":
        if self._opened is None:
            from boto3.session import Session
            from botocore.config import Config

            self._wire = self._connected()
            for name in ("boto3", "botocore", "urllib3"):  # when they debug, they log headers: a guest's details
                logging.getLogger(name).setLevel(logging.WARNING)
            for name in ("connection", "connectionpool", "response"):  # even then: headers that make no sense to it
                logging.getLogger(f"urllib3.{name}").setLevel(logging.CRITICAL)
            keys = bool(self._access_key_id or self._secret_access_key)
            session = Session(
                aws_access_key_id=self._access_key_id,
                aws_secret_access_key=self._secret_access_key,
                region_name=self._region,
                botocore_session=_session_of_our_own(borrowing=not keys),
            )
            self._opened = session.client(
                "s3",
                endpoint_url=self._endpoint,
                config=Config(
                    connect_timeout=self._connect_timeout,
                    read_timeout=self._read_timeout,
                    retries={"mode": "standard", "total_max_attempts": self._attempts},
                    max_pool_connections=1,
                    proxies={},  # what is between is the wire's business
                    user_agent="booth",  # not the machine's particulars
                    signature_version="s3v4",
                    s3={"addressing_style": self._addressing},
                    # Zenko refuses the checksum trailers that boto3 otherwise sends over TLS.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
            self._opened.meta.events.register("before-send.s3", self._send)  # type: ignore[arg-type]  # it counts
        return self._opened

    def _connected(self) -> "Wire":
        from booth.drivers import wire

        try:
            trusted = wire.trust(self._ca_bundle)
        except OSError:
            raise self._error([_CERTIFICATES], "", answered=False) from None
        self._proxy = wire.proxy_for(self._endpoint) if self._endpoint else wire.proxy_for("https://s3.amazonaws.com")
        return wire.Wire(
            connect_timeout=self._connect_timeout,
            read_timeout=self._read_timeout,
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
        error = 200 <= answer.status < 300 and puts and _CODE.search(answer.body)  # a success that is none
        if _is_page(answer) or error or not 200 <= answer.status < 300:
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
        """Return the signs of a refusal, and its text in small letters. The text must not be shown to anybody."""
        status = str(answer.status) if 100 <= answer.status <= 999 else "Status"
        text = answer.body[:ANSWER].decode("utf-8", "replace").lower()
        found = _CODE.search(answer.body[:ANSWER])
        code = found[1].decode("ascii") if found else ""
        if code and not self._may_be_shown(code):
            code = ""
        said = bool(found) or any(name.startswith("x-amz-") for name in answer.headers)
        refuses = answer.status >= 400
        forwarded = self._proxy is not None and self._where.startswith("http:")
        if refuses and ((forwarded and not said) or (self._proxy is not None and answer.status == 407)):
            return [_PROXY + status], text
        if refuses and not said and self._where.startswith("http:") and _WANTS_TLS.search(text):
            return [_SPEAKS_TLS], text
        of_a_proxy = answer.status in {408, 413, 429} or (answer.status >= 500 and answer.status != 511)
        if _is_page(answer) and not of_a_proxy:
            return [_PAGE], text
        if refuses and not said and answer.status in {404, 501}:
            return [_NOT_S3], text
        signs = [sign for sign in (code, status) if sign]
        if self._addressing == "path" and self._wants_virtual(answer, text):
            return [_STYLE], text
        return signs, text

    def _wants_virtual(self, answer: "Answer", text: str) -> bool:
        """Return whether a refusal says that the bucket's name belongs into the host, in whatever words."""
        if answer.status < 300 or answer.status >= 500:
            return False
        if _WANTS_VIRTUAL.search(text):
            return True
        host = urlsplit(self._endpoint or "").hostname or ""
        own = f"{self._bucket}.{host}".lower()
        elsewhere = urlsplit(answer.headers.get("location", "")).netloc.partition(":")[0].lower()
        named = _ENDPOINT.search(text)
        return own in {elsewhere, named[1].partition(":")[0] if named else ""}

    def _may_be_shown(self, code: str) -> bool:
        """Return whether an error code is one, and holds nothing of the guest's."""
        if any(code == sign for known in VERDICTS for sign in known.signs):
            return True
        small = code.lower()
        return not any(word in small or small in word for word in self._private)

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Turn what boto3 raises into a `BucketError`. What a server said is not repeated: it may quote the guest."""
        from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError, SSLError  # noqa: A004
        from botocore.parsers import ResponseParserError

        from booth.drivers.wire import TooMuchError, refused_by_proxy

        try:
            yield
        except ClientError:
            signs, text = self._refusal or (["ClientError"], "")
            raise self._error(signs, text, answered=True) from None
        except (BotoCoreError, ResponseParserError, OSError, ValueError, RecursionError) as exc:
            signs = [kind.__name__ for kind in type(exc).__mro__]
            # What boto3 says around the reason holds the object's key, and that the name of the event.
            reason = getattr(exc, "kwargs", {}).get("error", exc)
            if type(exc) is HTTPClientError and isinstance(reason, BaseException):
                signs[:0] = [kind.__name__ for kind in type(reason).__mro__ if kind.__module__.startswith("urllib3")]
            if isinstance(reason, TooMuchError):
                signs = [_ENDLESS]
            elif number := refused_by_proxy(str(reason)):
                signs.insert(0, _PROXY + number)
            elif self._addressing == "virtual" and isinstance(exc, ConnectionError | SSLError):
                signs.insert(0, _VIRTUAL + signs[0])
            raise self._error(signs, str(reason), answered=False) from None

    def _error(self, signs: list[str], text: str, *, answered: bool) -> BucketError:
        found, _ = verdict(signs, text, answered=answered)
        from booth.drivers.wire import without_password

        proxy = without_password(self._proxy) if self._proxy else "on the way"
        meaning = found.meaning.format(bucket=self._bucket, endpoint=self._where, proxy=proxy)
        if _OFF in meaning and self._answered is not None:
            meaning = meaning.replace(_OFF, off_by(self._answered.headers.get("date", ""), self._wall()))
        by_proxy = signs[0].startswith(_PROXY) and self._proxy is not None
        away = found.remedy is Remedy.WAIT and (not answered or by_proxy or found.meaning == _PORTAL)
        error = _NotReadError if answered and self._answered is not None else BucketError
        told = error(f"{meaning} ({signs[0]})", found.remedy, away=away)
        if isinstance(told, _NotReadError) and self._answered is not None:
            told.status = self._answered.status
        return told


def off_by(date: str, wall: float) -> str:
    """Return how wrong a clock is that says *wall* (seconds of Unix time), by a server's header *date*, in words."""
    try:
        ahead = wall - parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return _OFF
    if abs(ahead) < _TOLERATED:
        return _OFF  # then the server means something else than its own clock
    seconds, unit = next((size, unit) for size, unit in _UNITS if abs(ahead) >= 2 * size)
    return f"{round(abs(ahead) / seconds)} {unit} {'ahead of' if ahead > 0 else 'behind'} the server's"


_TOLERATED = 14 * 60.0
"""As many seconds may clocks differ for every S3 server; from a quarter of an hour on requests are refused."""

_UNITS = ((86_400, "days"), (3600, "hours"), (60, "minutes"))
"""Seconds in a unit, and its name; there are at least two of it."""


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


class _NotReadError(BucketError):
    """The server answered, and refused."""

    status = 0


class _Body(io.BytesIO):
    """The body of an answer, as botocore reads it."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()


_CODE = re.compile(rb"<Code>\s*([A-Za-z0-9.]{1,%d})\s*</Code>" % REPEATED)
"""An error code, in the XML in which a server says what is wrong. Anything else there is none."""

_ENDPOINT = re.compile(r"<endpoint>\s*([a-z0-9.:-]{1,255})\s*</endpoint>")
"""Where a server says that the bucket is, in small letters."""

_WANTS_TLS = re.compile(r"plain http (?:request was sent )?to (?:an )?(?:https|ssl)|http request to an https server")
"""How what speaks TLS says that it was not spoken to so, in small letters: nginx, Apache, Go."""

_WANTS_VIRTUAL = re.compile(r"virtual[- ]?(?:host|style|hosted)|path[- ]?style|virtualhostdomain|secondleveldomain")
"""How servers say that the bucket's name belongs into the host, in small letters."""


def _is_page(answer: "Answer") -> bool:
    """Return whether *answer* is HTML."""
    return answer.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


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


_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"})
"""How letters are written where there are only those of English."""


def _words(metadata: Mapping[str, str]) -> frozenset[str]:
    """Return the words of metadata's values, in small letters, with what the values become without blanks.

    Also as they are written where there are no accents: a code has none.
    """
    words: set[str] = set()
    for value in metadata.values():
        plain = unquote_plus(value).lower()
        for spelled in (plain, plain.translate(_SPELLED_OUT)):
            bare = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
            for text in (spelled, bare):
                words.update((*re.findall(r"\w+", text), re.sub(r"\W", "", text)))
    return frozenset(word for word in words if len(word) >= 3)  # shorter ones are parts of too many codes


def _sealed(headers: Mapping[str, str]) -> bool:
    """Return whether an answer says that the object was encrypted so that its ETag cannot be an MD5: KMS, SSE-C."""
    return any(
        "encryption" in name and ("kms" in name or "customer" in name or re.match("aws:|.*kms", value.lower()))
        for name, value in headers.items()
    )


def _md5s(headers: Mapping[str, str]) -> list[str]:
    """Return the MD5s, in Base64, that an answer speaks of beside its ETag: in Content-MD5, and as Google does."""
    google = (part.strip().partition("=") for part in headers.get("x-goog-hash", "").split(","))
    return [headers.get("content-md5", "").strip(), *(value for name, _, value in google if name == "md5")]


Like = Literal["same", "other", "odd", "none"]


def like(etag: str | None, parcel: Parcel) -> Like:
    """Return what *etag* says of the content of *parcel*.

    "same": it is made of a digest of these very bytes, however it is written: quoted or not, weak, in capitals, with
    what a proxy hangs on it (``-gzip``, ``--br``), in Base64, as one part of one. "other": it is an MD5, of something
    else. "odd": it is none, and says nothing. "none": there is no ETag.
    """
    bare = re.sub(r"^(?:w/)?|[\"'\s]", "", (etag or "").strip(), flags=re.IGNORECASE)
    if not bare:
        return "none"
    if bare.lower() == parcel.md5:  # nearly always, and then nothing more has to be reckoned
        return "same"
    digests = [bytes.fromhex(parcel.md5)]
    digests += [hashlib.new(name, parcel.content, usedforsecurity=False).digest() for name in ("sha1", "sha256")]
    in_hex = [digest.hex() for digest in digests]
    in_hex.append(hashlib.md5(digests[0], usedforsecurity=False).hexdigest() + "-1")  # an upload in one part
    if any(re.search(rf"(?<![0-9a-f]){digest}(?![0-9a-f])", bare.lower()) for digest in in_hex):
        return "same"
    if bare.rstrip("=") in {base64.b64encode(digest).decode("ascii").rstrip("=") for digest in digests}:
        return "same"
    return "other" if re.fullmatch(r"[0-9a-f]{32}(?:-{0,2}[a-z]+|;[a-z]+)?", bare.lower()) else "odd"


def _session_of_our_own(*, borrowing: bool) -> "Session":
    """Return a session that reads neither variables nor files of AWS's; *borrowing* its keys from there.

    A desktop has plenty of them (a region, a profile, an accelerated endpoint, a proxy's certificates), meant for
    another server than the booth's. Of what boto3 knows of Amazon it holds what is of use to the booth.
    """
    import botocore.session
    from botocore.configprovider import ConstantProvider

    from booth.drivers import amazon

    built_in = {name: (None, None, *rest) for name, (_, _, *rest) in botocore.session.Session.SESSION_VARIABLES.items()}
    built_in["config_file"] = built_in["credentials_file"] = (None, None, os.devnull, None)
    built_in["ignore_configured_endpoint_urls"] = (None, None, True, None)
    session = botocore.session.Session(session_vars=built_in)
    session.register_component("data_loader", amazon.loader())
    store = session.get_component("config_store")
    for section in ("s3", "proxies_config"):
        store.set_config_provider(section, ConstantProvider(None))
    if borrowing:
        others = botocore.session.Session().get_component("credential_provider")
        session.register_component("credential_provider", others)
    return session
