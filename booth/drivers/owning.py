"""The bucket, for whoever owns it or looks whether it is right: any request of S3, and one without a signature."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from booth.drivers import refusals
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import _NotReadError
from booth.drivers.seeking import SoughtBucket
from booth.errors import BucketError
from booth.units import Seconds

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from booth.drivers.wire import Answer

RefusedError = _NotReadError
"""The server answered, and refused; ``code`` and ``status`` say how."""


class OwnedBucket(SoughtBucket):
    """A bucket of which anything may be asked. Used by one thread. Raises `BucketError`."""

    _whole = True

    def ask(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the server answers to *operation*, named as `aws s3api` spells it. Blocks.

        Of what was changed nothing is returned. Raises `RefusedError` where the server refuses.
        """
        try:
            with self._failures():
                return cast("dict[str, Any]", getattr(self._client(), operation.replace("-", "_"))(**arguments))
        except SyntaxError:  # of XML: the library parses one answer of S3's by itself, also where it was a refusal
            signs, text = self._refusal or (["ResponseParserError"], "")
            raise self._error(signs, text, answered=self._refusal is not None) from None

    def unsigned(self) -> "Answer":
        """Return what the server says to whoever has no key and asks for nothing. Blocks."""
        from botocore.awsrequest import AWSRequest

        with self._failures():
            self._client()
            assert self._wire is not None  # noqa: S101  it comes with the client
            request = AWSRequest(method="GET", url=f"{self._endpoint}/").prepare()
            self._answered = self._wire.send(request, refusals.ANSWER)
        return self._answered

    @property
    def headers(self) -> Mapping[str, str]:
        """Those of what was answered last, by their names in small letters."""
        return self._answered.headers if self._answered is not None else {}

    def meaning(self, answer: "Answer") -> BucketError:
        """Return what a refusal means."""
        self._answered = answer
        signs, text = self._read(answer)
        return self._error(signs, text, answered=True)

    def _client(self) -> "S3Client":
        new = self._opened is None
        client = super()._client()
        if new:
            client.meta.events.register("before-call.s3", _digested)
        return client

    def _error(self, signs: list[str], text: str, *, answered: bool) -> BucketError:
        return super(SoughtBucket, self)._error(signs, text, answered=answered)  # past those who only look


def _digested(params: dict[str, Any], **_: object) -> None:
    """Add Content-MD5 to a request before it is signed: CloudServer takes some with nothing else."""
    body, headers = params.get("body"), params["headers"]
    if isinstance(body, bytes) and body and "Content-MD5" not in headers:
        digest = hashlib.md5(body, usedforsecurity=False).digest()
        headers["Content-MD5"] = base64.b64encode(digest).decode("ascii")


def owned(options: BucketOptions, *, patience: Seconds | None = None) -> OwnedBucket:
    """Open the bucket that *options* name. Nothing is sent yet.

    With *patience* each thing is tried once, and waited for no longer than that: somebody stands there.
    """
    if patience is None:
        return OwnedBucket(options)
    hasty = replace(
        options,
        connect_timeout=min(options.connect_timeout, patience),
        read_timeout=min(options.read_timeout, patience),
    )
    return OwnedBucket(hasty, attempts=1)
