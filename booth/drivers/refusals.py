"""What a failure says, as signs for `booth.drivers.verdicts`: an answer that refuses, or what is raised without one.

Of an answer nothing is repeated but an error code that looks like one and holds nothing of the guest's. Its XML is
searched, and never parsed.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus, urlsplit

from booth.drivers.signed import Addressing
from booth.drivers.verdicts import ENDLESS, NOT_S3, OFF, PAGE, PROXY, SPEAKS_TLS, STYLE, VERDICTS, VIRTUAL

if TYPE_CHECKING:
    from booth.drivers.wire import Answer

ANSWER = 65_536
"""The most bytes of an answer that are read; S3's own have some hundred."""

REPEATED = 64
"""The most letters of an error code that are repeated."""

_CODE = re.compile(rb"<Code>\s*([A-Za-z0-9.]{1,%d})\s*</Code>" % REPEATED)
"""An error code, in the XML in which a server says what is wrong. Anything else there is none."""

_ENDPOINT = re.compile(r"<endpoint>\s*([a-z0-9.:-]{1,255})\s*</endpoint>")
"""Where a server says that the bucket is, in small letters."""

_WANTS_TLS = re.compile(r"plain http (?:request was sent )?to (?:an )?(?:https|ssl)|http request to an https server")
"""How what speaks TLS says that it was not spoken to so, in small letters: nginx, Apache, Go."""

_WANTS_VIRTUAL = re.compile(r"virtual[- ]?(?:host|style|hosted)|path[- ]?style|virtualhostdomain|secondleveldomain")
"""How servers say that the bucket's name belongs into the host, in small letters."""


@dataclass(frozen=True)
class Asked:
    """Who was asked for what was refused, and which way."""

    bucket: str
    endpoint: str
    """Where the server is; "" for Amazon's own."""
    addressing: Addressing
    proxied: bool
    """Whether a proxy is on the way."""


def read(answer: "Answer", asked: Asked, private: frozenset[str]) -> tuple[list[str], str]:
    """Return the signs of a refusal, and its text in small letters. The text must not be shown to anybody.

    *private* are words of the guest's (see `words`): no code that is repeated holds one.
    """
    status = str(answer.status) if 100 <= answer.status <= 999 else "Status"
    text = answer.body[:ANSWER].decode("utf-8", "replace").lower()
    found = _CODE.search(answer.body[:ANSWER])
    code = found[1].decode("ascii") if found else ""
    if code and not _may_be_shown(code, private):
        code = ""
    said = bool(found) or speaks_s3(answer)
    refuses = answer.status >= 400
    forwarded = asked.proxied and asked.endpoint.startswith("http:")
    if refuses and ((forwarded and not said) or (asked.proxied and answer.status == 407)):
        return [PROXY + status], text
    if refuses and not said and asked.endpoint.startswith("http:") and _WANTS_TLS.search(text):
        return [SPEAKS_TLS], text
    of_a_proxy = answer.status in {408, 413, 429} or (answer.status >= 500 and answer.status != 511)
    if is_page(answer) and not of_a_proxy:
        return [PAGE], text
    if refuses and not said and answer.status in {404, 501}:
        return [NOT_S3], text
    signs = [sign for sign in (code, status) if sign]
    if asked.addressing == "path" and _wants_virtual(answer, text, asked):
        return [STYLE], text
    return signs, text


def _wants_virtual(answer: "Answer", text: str, asked: Asked) -> bool:
    """Return whether a refusal says that the bucket's name belongs into the host, in whatever words."""
    if answer.status < 300 or answer.status >= 500:
        return False
    if _WANTS_VIRTUAL.search(text):
        return True
    host = urlsplit(asked.endpoint).hostname or ""
    own = f"{asked.bucket}.{host}".lower()
    elsewhere = urlsplit(answer.headers.get("location", "")).netloc.partition(":")[0].lower()
    named = _ENDPOINT.search(text)
    return own in {elsewhere, named[1].partition(":")[0] if named else ""}


def _may_be_shown(code: str, private: frozenset[str]) -> bool:
    """Return whether an error code is one, and holds nothing of the guest's."""
    if any(code == sign for known in VERDICTS for sign in known.signs):
        return True
    small = code.lower()
    return not any(word in small or small in word for word in private)


def unanswered(exc: Exception, addressing: Addressing) -> tuple[list[str], str]:
    """Return the signs of *exc*, which a request raised in the place of an answer, and its text.

    What boto3 says around the reason is left out: it holds the object's key, and that the name of the event.
    """
    from botocore.exceptions import ConnectionError, HTTPClientError, SSLError  # noqa: A004  the library's names

    from booth.drivers.wire import TooMuchError, refused_by_proxy

    signs = [kind.__name__ for kind in type(exc).__mro__]
    reason = getattr(exc, "kwargs", {}).get("error", exc)
    if type(exc) is HTTPClientError and isinstance(reason, BaseException):
        signs[:0] = [kind.__name__ for kind in type(reason).__mro__ if kind.__module__.startswith("urllib3")]
    if isinstance(reason, TooMuchError):
        signs = [ENDLESS]
    elif number := refused_by_proxy(str(reason)):
        signs.insert(0, PROXY + number)
    elif addressing == "virtual" and isinstance(exc, ConnectionError | SSLError):
        signs.insert(0, VIRTUAL + signs[0])
    return signs, str(reason)


def speaks_s3(answer: "Answer") -> bool:
    """Return whether *answer* is an S3 server's own."""
    return any(name.startswith("x-amz-") for name in answer.headers)


def holds_error(answer: "Answer") -> bool:
    """Return whether *answer* speaks of an error, whatever its status says."""
    return _CODE.search(answer.body) is not None


def is_page(answer: "Answer") -> bool:
    """Return whether *answer* is HTML."""
    return answer.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"})
"""How letters are written where there are only those of English."""


def words(metadata: Mapping[str, str]) -> frozenset[str]:
    """Return the words of metadata's values, in small letters, with what the values become without blanks.

    Also as they are written where there are no accents: a code has none.
    """
    found: set[str] = set()
    for value in metadata.values():
        plain = unquote_plus(value).lower()
        for spelled in (plain, plain.translate(_SPELLED_OUT)):
            bare = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
            for text in (spelled, bare):
                found.update((*re.findall(r"\w+", text), re.sub(r"\W", "", text)))
    return frozenset(word for word in found if len(word) >= 3)  # shorter ones are parts of too many codes


def off_by(date: str, wall: float) -> str:
    """Return how wrong a clock is that says *wall* (seconds of Unix time), by a server's header *date*, in words."""
    try:
        ahead = wall - parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return OFF
    if abs(ahead) < _TOLERATED:
        return OFF  # then the server means something else than its own clock
    seconds, unit = next((size, unit) for size, unit in _UNITS if abs(ahead) >= 2 * size)
    return f"{round(abs(ahead) / seconds)} {unit} {'ahead of' if ahead > 0 else 'behind'} the server's"


_TOLERATED = 14 * 60.0
"""Seconds by which clocks may differ for every S3 server; from a quarter of an hour on requests are refused."""

_UNITS = ((86_400, "days"), (3600, "hours"), (60, "minutes"))
"""Seconds in a unit, and its name; there are at least two of it."""
