"""The bucket, for whoever measures the way to it: each put over a connection of its own, tried once, and timed.

The client is the booth's own. What it sends is counted while it is sent, so that it is known where a failure happened.
"""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import ZenkoBucket
from booth.drivers.seeking import DENIED
from booth.drivers.verdicts import verdict
from booth.errors import BucketError
from booth.ports import Parcel

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

NAME, CONNECTION, TLS, SENDING, ANSWER = "name", "connection", "tls", "sending", "answer"
"""Where a failure happens: while name service is asked, TLS agreed on, the body sent, and so on."""

PHASES = (NAME, CONNECTION, TLS, SENDING, ANSWER)
"""The phases of a put, in their order."""

RESET, TIMEOUT, REFUSAL, OTHER = "reset", "time-out", "refusal", "other"
"""What happens there."""

MAY_NOT = "for this key may delete nothing"
"""Why what was put stays there, with a key as a booth has it."""

_TIMEOUTS = ("ConnectTimeoutError", "ReadTimeoutError")
_BROKEN = ("ConnectionClosedError", "ResponseStreamingError", "IncompleteReadError", "HTTPClientError")


@dataclass(frozen=True)
class Trip:
    """One put, and how it went. Times in seconds."""

    size: int
    """Bytes of the body."""
    total: float
    connecting: float
    """Seconds until the body was first asked for: name, connection, TLS, and the server's "go on"."""
    phase: str = ""
    """Where it failed, one of `PHASES`; "" where it did not."""
    kind: str = ""
    """What happened there: a reset, a time-out, a refusal, or else."""
    why: str = ""
    """The client's sentence, with what to do."""
    sign: str = ""
    """What it was told by: an error code, or the name of an exception."""

    @property
    def delivered(self) -> bool:
        """Whether the bucket has confirmed it."""
        return not self.phase


class _Counted(io.BytesIO):
    """A body that notes how far it has been read, and when."""

    def __init__(self, content: bytes, clock: Callable[[], float]) -> None:
        super().__init__(content)
        self._clock = clock
        self._size = len(content)
        self.first: float | None = None
        self.whole = False
        """Whether all has been read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.first is None:
            self.first = self._clock()
        got = super().read(size)
        self.whole = self.tell() >= self._size
        return got


class ProbedBucket(ZenkoBucket):
    """A bucket that is measured. Used by one thread."""

    _whole = True  # to delete what was put
    _clock: Callable[[], float] = staticmethod(time.monotonic)
    _body: _Counted | None = None
    _failed: tuple[list[str], str, bool] = ([], "", False)

    def probe(self, parcel: Parcel) -> tuple[Trip, str]:
        """Put *parcel* over a new connection, once; return how it went, and the version that the server made of it.

        The version is "" where there is none. Blocks, for no longer than the time-outs.
        """
        self._failed, self._body = ([], "", False), None
        began = self._clock()
        try:
            self._client()
            if self._wire is not None:
                self._wire.close()
            began = self._clock()  # what the client itself takes to be made is no matter of the network's
            etag_of = self.put(parcel)
        except BucketError as exc:
            return self._trip(parcel, began, str(exc)), ""
        assert etag_of == parcel.md5  # noqa: S101  that is what put promises
        headers = self._answered.headers if self._answered is not None else {}
        return self._trip(parcel, began), headers.get("x-amz-version-id", "")

    def forget(self, key: str, version: str = "") -> str:
        """Delete an object, or one *version* of it; return why it could not be, or nothing. Blocks."""
        options: dict[str, Any] = {"VersionId": version} if version else {}
        try:
            with self._failures():
                self._client().delete_object(Bucket=self._bucket, Key=key, **options)
        except BucketError:
            signs, text, answered = self._failed
            denied = verdict(signs, text, answered=answered)[1] in DENIED
            return MAY_NOT if denied else "for the bucket cannot be reached now"
        return ""

    def replicated(self, key: str) -> bool:
        """Return whether a rule takes the object *key* elsewhere, as far as its own key can see. Blocks."""
        try:
            with self._failures():
                self._client().head_object(Bucket=self._bucket, Key=key)
        except BucketError:
            return False
        return bool(self._answered and self._answered.headers.get("x-amz-replication-status"))

    def _send(self, request: "AWSPreparedRequest", **more: object) -> "AWSResponse":
        if request.method == "PUT" and isinstance(request.body, io.BytesIO):
            self._body = _Counted(request.body.getvalue(), self._clock)
            request.body = self._body
        return super()._send(request, **more)

    def _error(self, signs: list[str], text: str, *, answered: bool) -> BucketError:
        self._failed = (signs, text, answered)
        return super()._error(signs, text, answered=answered)

    def _trip(self, parcel: Parcel, began: float, why: str = "") -> Trip:
        now, body = self._clock(), self._body
        first = body.first if body is not None and body.first is not None else now
        signs, text, answered = self._failed
        phase = kind = ""
        if why:
            phase, kind = _where(signs, text, answered=answered)
            if phase in {TLS, ANSWER} and not answered and body is not None and body.first is not None:
                phase = ANSWER if body.whole else SENDING
            elif phase == ANSWER and not answered and self._where.startswith("https:"):
                phase = TLS  # had that been agreed on, the body had been begun, within a second
        return Trip(len(parcel.content), now - began, first - began, phase, kind, why, (signs or [""])[0])


def _where(signs: list[str], text: str, *, answered: bool) -> tuple[str, str]:
    """Return where a put failed, as far as its signs say that, and what happened there."""
    if answered:
        return ANSWER, REFUSAL
    sign, text = signs[0], text.lower()
    if sign == "EndpointConnectionError":
        named = any(f"[errno {number}]" in text for number in (-2, -3, -4, -5))
        return (NAME, OTHER) if named else (CONNECTION, REFUSAL if "[errno 111]" in text else OTHER)
    if sign == "ConnectTimeoutError":
        return CONNECTION, TIMEOUT
    if sign in {"SSLError", "CertificateFile"}:
        return TLS, RESET if "eof" in text or "reset" in text else TIMEOUT if "timed out" in text else OTHER
    kind = TIMEOUT if sign in _TIMEOUTS else RESET if any(each in _BROKEN for each in signs) else OTHER
    return ANSWER, kind


def probed(options: BucketOptions) -> ProbedBucket:
    """Open the bucket that *options* name, to measure the way to it. Nothing is sent yet."""
    return ProbedBucket(options, attempts=1)
