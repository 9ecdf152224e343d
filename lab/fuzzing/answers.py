"""What a server answers to a put: the bucket confirms, or says in words why it does not, and repeats nothing.

A put ends within its time-outs, in a `BucketError` or in the animation's own MD5, which it returns only if the answer
confirmed the animation or could not have (see docs/uploads.md). Nothing that the server said, and nothing of the
guest's, is in the words but an error code; the log holds neither; and no more is read than the bound.
"""

import base64
import contextlib
import gzip
import hashlib
import logging
import random
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import structlog
from structlog.testing import capture_logs

from booth.drivers.bucket_options import REQUESTS, BucketOptions
from booth.drivers.refusals import ANSWER
from booth.drivers.s3 import ZenkoBucket
from booth.drivers.wire import HEAD
from booth.errors import BucketError
from booth.ports import Parcel
from booth.units import Seconds
from lab.fuzzing import REFUSED, Violation
from lab.server.talking import Talker

CONFIRMED = "confirmed"

GUEST = {"name": "Zelda%20Canaryname", "email": "zelda@canary.example"}
MARKS = ("zelda", "canary")
"""What is in everything that must not get out, in small letters."""

READ_TIMEOUT = Seconds(0.5)
LONGEST = 60.0
"""Seconds that a put may take: some twenty times its requests' time-outs, for a machine that is busy with others."""

MOST = 2 * (REQUESTS * (HEAD + ANSWER)) + 8_388_608
"""Bytes of which a server may get rid in a put: what is read, and what two kernels hold for it."""

STATUSES = (
    *(
        100,
        101,
        102,
        199,
        200,
        200,
        200,
        201,
        204,
        206,
        299,
        300,
        301,
        302,
        303,
        304,
        307,
        308,
        400,
        400,
        401,
        403,
        403,
    ),
    *(404, 405, 407, 408, 409, 411, 412, 413, 416, 418, 429, 431, 451, 499, 500, 501, 502, 503, 504, 511, 520, 599),
    *(0, 1, 99, 600, 999, 1000, 99999, -1),
)
CODES = (
    *(
        "AccessDenied",
        "SlowDown",
        "InternalError",
        "NoSuchBucket",
        "PermanentRedirect",
        "TemporaryRedirect",
        "BadDigest",
    ),
    *(
        "AuthorizationHeaderMalformed",
        "RequestTimeTooSkewed",
        "ZeldaCanaryname",
        "Zelda Canaryname",
        "A" * 64,
        "A" * 65,
    ),
    *(
        "zelda@canary.example",
        "Evil&#10;STOPPING=1",
        "\x1b[31mZelda",
        "{bucket}{endpoint}{0}",
        "%s%n",
        "",
        "<Code>",
        "\u202eadleZ",
    ),
)
NAMES = (
    *(
        "Content-Length",
        "Transfer-Encoding",
        "Content-Encoding",
        "Connection",
        "Location",
        "ETag",
        "Date",
        "Retry-After",
    ),
    *("x-amz-bucket-region", "x-amz-object-size", "x-amz-expiration", "x-amz-checksum-sha256", "x-amz-version-id"),
    *("x-amz-server-side-encryption", "x-amz-meta-name", "x-amz-request-id", "Last-Modified", "Content-Type", "Zelda"),
)
VALUES = (
    *("0", "5", "-5", "99999999999999999999", "1e9", "chunked", "identity, chunked", "gzip", "deflate", "br", "close"),
    *(
        "keep-alive",
        "file:///etc/passwd",
        "http://127.0.0.1:1/",
        "http://[",
        "//x",
        "127.0.0.1:1/#",
        "aws:kms",
        "Zelda",
    ),
    *("", " ", "\x00", "\x1b[31m", "a\r b", "Thu, 01 Jan 1970 00:00:00 GMT", "not a date", "9" * 5000, "a" * 70_000),
    *("\xff\xfe", "0x10", "+5", "5, 5", '"', "W/", "zelda@canary.example"),
)


def _body(rng: random.Random) -> bytes:
    """Return a body, more or less like S3's."""
    code = rng.choice(CODES)
    match rng.randrange(12):
        case 0:
            return b""
        case 1:
            return bytes(rng.choices(range(256), k=rng.randrange(3000)))
        case 2:
            return b"<Error>" + b"<a>" * rng.choice((10, 2000, 20_000, 300_000))
        case 3:
            depth = rng.choice((10, 2000, 10_000))
            return b"<Error>" + b"<a>" * depth + b"</a>" * depth + b"</Error>"
        case 4:
            return b"<Error>" + b"<Code>AccessDenied</Code>" * rng.choice((2, 2000, 200_000)) + b"</Error>"
        case 5:
            return b"\n <!DOCTYPE html><html>Zelda</html>" + b" " * rng.choice((0, 100_000))
        case 6:
            entities = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
            return (
                b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "l">' + entities + b"]><Error><Code>&j;</Code></Error>"
            )
        case 7:
            external = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            return b'<?xml version="1.0"?>' + external + b"<Error><Code>&a;</Code></Error>"
        case 8:
            return gzip.compress(b"<Error>" + b"A" * rng.choice((10, 3_000_000)) + b"</Error>", 9)
        case _:
            said = f"<Error><Code>{code}</Code><Message>Zelda {code}</Message><Endpoint>127.0.0.1:1</Endpoint></Error>"
            return said.encode("utf-8", "replace")


def _etag(rng: random.Random, md5: str) -> str | None:
    """Return an ETag; one of four is of the very animation."""
    shapes = ('"{}"', "{}", 'W/"{}"', '"{}-gzip"', '"{}-1"', "{}--br", "'{}'")
    digest = rng.choice((md5, md5, "0" * 32, "zelda@canary.example", "abc-1", rng.randbytes(16).hex()))
    return None if rng.randrange(6) == 0 else rng.choice(shapes).format(digest)


def _answer(rng: random.Random, md5: str) -> tuple[list[bytes], str | None]:
    """Return what is said, and the ETag within it."""
    nearly = rng.randrange(3) == 0  # right, but for a little
    status = 200 if nearly else rng.choice(STATUSES)
    first = "HTTP/1.1" if nearly else rng.choice((*["HTTP/1.1"] * 5, "HTTP/1.0", "HTTP/0.9", "HTTP/9.9", "ICY", ""))
    line = f"{first} {status} {rng.choice(('OK', 'OK', '', 'Zelda', 'a' * 70_000, chr(27) + '[31m'))}"
    headers = [(rng.choice(NAMES), rng.choice(VALUES)) for _ in range(rng.choice((0, 0, 1, 3, 120)))]
    etag = _etag(rng, md5)
    if etag is not None:
        headers.append(("ETag", etag))
    if rng.randrange(5) == 0:
        headers.append(("x-amz-request-id", "1"))
    body = _body(rng)
    framing = rng.randrange(6)
    if framing < 3:
        headers.append(("Content-Length", str(len(body))))
    elif framing == 3:
        headers.append(("Transfer-Encoding", "chunked"))
        size = rng.choice((b"%x" % len(body), b"ffffffffffffffff", b"-1", b"zelda", b""))
        body = size + b"\r\n" + body + rng.choice((b"\r\n0\r\n\r\n", b"", b"\r\n0\r\nX: y\r\n"))
    elif framing == 4:
        headers.append(("Content-Length", str(len(body) + rng.randrange(1, 1000))))
    rng.shuffle(headers)
    end = "\r\n\r\n" if nearly else rng.choice(("\r\n\r\n", "\r\n\r\n", "\r\n\r\n", "\n\n", "\r\n", ""))
    head = "\r\n".join((line, *(f"{name}: {value}" for name, value in headers))) + end
    continues = b"" if nearly else b"HTTP/1.1 100 Continue\r\n\r\n" * rng.choice((0, 0, 1, 3))
    if not nearly and rng.randrange(5) == 0:
        continues += rng.choice((b"\r\n", b"HTTP/1.1 100 Continue\r\n", b"HTTP/1.1 102 Zelda\r\nX: y\r\n\r\n"))
    said = continues + head.encode("latin-1", "replace") + body
    if rng.randrange(8) == 0:  # cut off somewhere, or broken somewhere
        said = said[: rng.randrange(len(said) + 1)]
    if rng.randrange(8) == 0:
        at = rng.randrange(len(said) + 1)
        said = said[:at] + rng.randbytes(rng.randrange(1, 20)) + said[at + rng.randrange(5) :]
    pieces = [said]
    if rng.randrange(20) == 0:
        pieces += [rng.choice((b"a", b"<a>", b"X: y\r\n", b"1\r\na\r\n")) * 20_000] * 400
    return pieces, etag


@contextlib.contextmanager
def prepared(_folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what puts one animation before one answer."""
    content = b"GIF89a" + bytes(range(256)) * 8
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    heard = _Heard()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(contextlib.closing(Talker(tuple, last=True, timeout=3.0)))
        options = BucketOptions(
            endpoint_url=f"http://127.0.0.1:{server.port}",
            bucket="booth",
            region="us-east-1",
            access_key_id="id",
            secret_access_key="secret",  # noqa: S106  nobody checks it
            connect_timeout=READ_TIMEOUT,
            read_timeout=READ_TIMEOUT,
        )
        bucket = ZenkoBucket(options, attempts=1)
        stack.callback(bucket.close)
        bucket.link("party/0.gif", Seconds(60.0))  # loads the library, which is no part of a put
        logging.getLogger().addHandler(heard)
        stack.callback(logging.getLogger().removeHandler, heard)

        def attempt(rng: random.Random) -> str:
            said, etag = _answer(rng, md5)
            server.asks = rng.randrange(4) != 0
            server.pause = 0.02 if rng.randrange(20) == 0 and len(said) == 1 else 0.0
            if server.pause:  # it drips
                said = [said[0][at : at + 97] for at in range(0, min(len(said[0]), 4000), 97)]
            server.pieces, server.said = partial(iter, said), 0
            heard.lines.clear()
            key = f"party/{rng.randrange(10**12)}.gif"
            began = time.monotonic()
            words, outcome = "", CONFIRMED
            with capture_logs() as logged:
                try:
                    bucket.put(Parcel(key, "image/gif", content, md5, GUEST))
                except BucketError as exc:
                    words, outcome = str(exc), REFUSED
            took = time.monotonic() - began
            _judge(words, [*map(str, logged), *heard.lines], took, server.said)
            if outcome == CONFIRMED and not _might_confirm(said[0], etag, content):
                raise Violation("an animation counts as confirmed that nothing has confirmed")
            return outcome

        yield attempt
    structlog.reset_defaults()


def _judge(words: str, logged: list[str], took: float, got_rid: int) -> None:
    said = " ".join((words, *logged)).lower()
    if any(mark in said for mark in MARKS):
        raise Violation("something of the guest's, or of what the server said, is repeated")
    if not words.isprintable() or len(words) > 1000:
        raise Violation("the words are no sentence for an operator")
    if words and not re.search(r" \([A-Za-z0-9.]{1,64}\)$", words):
        raise Violation("the words do not end in a sign")
    if took > LONGEST:
        raise Violation(f"the put took {took:.1f} s")
    if got_rid > MOST:
        raise Violation(f"the server got rid of {got_rid} bytes")


def _might_confirm(said: bytes, etag: str | None, content: bytes) -> bool:
    """Return whether anything in an answer could confirm the animation; more is not asked of nonsense."""
    sums = (hashlib.sha256(content).digest(), hashlib.md5(content, usedforsecurity=False).digest())
    lowered = said.lower()
    return (
        b"aws:kms" in lowered
        or any(digest.hex().encode() in lowered or base64.b64encode(digest).lower() in lowered for digest in sums)
        or (etag is not None or b"etag" in lowered)
    )


class _Heard(logging.Handler):
    """Remembers what libraries log."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember a line."""
        self.lines.append(record.getMessage())
