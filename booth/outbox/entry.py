"""What the outbox writes beside the pictures: small JSON files, and how they are read back with suspicion. Pure.

The law: whatever a file holds, reading it gives what we could have written, or ValueError.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from booth import RELEASED
from booth.core.visit import Guest
from booth.outbox import answers, keys
from booth.outbox.metadata import LANGUAGE, nameless, sound
from booth.ports import GIF, Uptime
from booth.units import Seconds

DRIFT = Seconds(60.0)
"""A wall clock that differs by no more than this from what it showed before was not set: quartz is no better."""

_DAY = 86_400

LONGEST = 1 << 16
"""Bytes that one of these files may have: several times what the longest details take."""

_DIGITS = 18
"""Digits of a number. Ours are seconds since 1970, bytes and counts."""

VERSION = 2
"""Version of the entry's file. One without a number is of version 1: its one product is the animation."""

MOST_PRODUCTS = 16
"""The most products that are made of a visit."""

MOST_CONSENTS = 3
"""The most that a guest is asked."""

_MD5 = re.compile(r"[0-9a-f]{32}", re.ASCII)
_FORGOTTEN = "0" * 32
"""The MD5 of what nobody knows any more: that of details would tell whoever guesses them that they were right."""
_FILE = re.compile(r"details\.json|(?!frame-)[a-z0-9-]{1,40}\.(?!json$|part$|damaged$)[a-z0-9]{1,8}", re.ASCII)
"""The file of a product: never a frame, nor one of those in which the booth keeps its facts for itself."""
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}", re.ASCII)
_CODE = re.compile(r"[a-z]{2}", re.ASCII)
"""A language's."""
_TAKEN = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Visit:
    """``visit.json``: what is known when a visit begins."""

    session: str
    event: str
    booth: str
    taken: datetime
    """When it began, in UTC, to the second; by the wall clock, which may have been wrong."""
    uptime: Uptime | None = None
    """When it began, by the clock that nobody sets; None if nobody knows."""
    east: int = 0
    """Seconds by which the place's time was ahead of UTC then."""
    test: bool = False
    """Whether it is an operator's trial, and no guest's."""

    @property
    def taken_here(self) -> datetime:
        """When it began, by the time of the place, as it was then: the same whatever the place's time is now."""
        return self.taken + timedelta(seconds=self.east)

    def written(self) -> bytes:
        """Return the file's content."""
        fields: dict[str, str | int | bool] = {
            "session": self.session,
            "event": self.event,
            "booth": self.booth,
            "taken": iso(self.taken),
        }
        if self.east:
            fields["east"] = self.east
        if self.test:
            fields["test"] = True
        if self.uptime is None or not self.uptime.boot:
            return json_written(fields)
        return json_written(fields | {"boot": self.uptime.boot, "uptime": float(self.uptime.seconds)})

    @classmethod
    def read(cls, content: bytes) -> "Visit":
        """Return the visit in *content*. Raises ValueError if there is none."""
        fields = _read(content)
        taken = moment(_text(fields, "taken"))
        names = _text(fields, "session"), _text(fields, "event"), _text(fields, "booth")
        east = fields.get("east", 0)
        if not isinstance(east, int) or abs(east) > _DAY:
            raise ValueError("no place is so far east or west")
        if not isinstance(test := fields.get("test", False), bool):
            raise ValueError("it does not say whether it is a trial")  # noqa: TRY004 the content is wrong, not the caller
        # Refused here, not where the key is made: the first and the last day that there are have no place's time.
        visit = cls(*names, taken, _uptime(fields.get("boot"), fields.get("uptime")), east, test)
        try:
            _ = visit.taken_here
        except OverflowError:
            raise ValueError("there is no such time at its place") from None
        return visit

    def truly_taken(self, wall: float, uptime: Uptime) -> datetime | None:
        """Return when it began, now that the wall clock shows *wall* (seconds since 1970) after *uptime*.

        That is `taken`, unless the wall clock was set since: then it is as long ago as the machine has been up since.
        None if it cannot be told: the machine was switched on again since, or the wall clock is wrong even now.
        """
        if self.uptime is None or not uptime.boot or uptime.boot != self.uptime.boot or wall < RELEASED:
            return None
        began = wall - (uptime.seconds - self.uptime.seconds)
        if abs(began - self.taken.timestamp()) <= DRIFT:
            return self.taken
        try:
            return datetime.fromtimestamp(int(began), UTC)
        except (ValueError, OverflowError, OSError):  # a clock that shows no year at all
            return None


def _uptime(boot: object, seconds: object) -> Uptime | None:
    if isinstance(boot, str) and isinstance(seconds, float):
        return Uptime(boot, Seconds(seconds))
    return None


@dataclass(frozen=True)
class Product:
    """One of the things that were made of a visit, as it was when the visit was committed: what will be put."""

    file: str
    """Its name in the visit's folder."""
    media_type: str
    key: str
    size: int
    """Bytes."""
    md5: str
    """Hex: the ETag that a bucket has to confirm."""
    nameless: bool = False
    """Whether its object carries nothing that tells who the guest is; where nothing says so, it carries all."""

    @property
    def is_forgotten(self) -> bool:
        """Whether it had a guest's details, and nobody knows any more how large it was, or its checksum."""
        return self.md5 == _FORGOTTEN

    def forgotten(self) -> "Product":
        """Return of it what tells nothing about its content: by its key the object is found."""
        return replace(self, size=1, md5=_FORGOTTEN)

    def written(self) -> dict[str, str | int]:
        """Return what the entry's file says of it."""
        said: dict[str, str | int] = {"file": self.file, "type": self.media_type, "key": self.key}
        said |= {"bytes": self.size, "md5": self.md5}
        return said | {"nameless": True} if self.nameless else said

    @classmethod
    def read(cls, fields: object) -> "Product":
        """Return the product that *fields* of an entry's file say. Raises ValueError if they say none."""
        if not isinstance(fields, dict):
            raise ValueError("one of its products is none")  # noqa: TRY004 the content is wrong, not the caller
        file, media_type = _text(fields, "file"), _text(fields, "type")
        if not _FILE.fullmatch(file) or not _MEDIA_TYPE.fullmatch(media_type):
            raise ValueError("one of its products has no file's name, or no type")
        size, md5 = fields.get("bytes"), _text(fields, "md5")
        if not isinstance(size, int) or isinstance(size, bool) or size < 1 or not _MD5.fullmatch(md5):
            raise ValueError(f"it does not say what {file} has to be")
        if not keys.sound(key := _text(fields, "key")):
            raise ValueError(f"it has no key that {file} can have")
        without = fields.get("nameless", False)
        if not isinstance(without, bool):
            raise ValueError(f"it does not say what goes with {file}")  # noqa: TRY004 the content is wrong, not the caller
        return cls(file, media_type, key, size, md5, without)


@dataclass(frozen=True)
class Entry:
    """``entry.json``: what will be put into the bucket, settled when the visit was committed."""

    session: str
    metadata: Mapping[str, str]
    """What is known of the visit, encoded: `carried` says what of it goes with each product."""
    products: tuple[Product, ...]
    """The animation is the first."""
    page: str = ""
    """The key of the guest's page, which its bucket may have beside them; "" if there is to be none."""
    bare: bool = False
    """Whether the guest's details were taken away here, their days being over; the bucket's objects are as they were.
    """

    @property
    def animation(self) -> Product:
        """What guests are shown, and told of."""
        return self.products[0]

    @property
    def linkable(self) -> bool:
        """Whether anybody may be led to the animation: its object carries nothing that tells who the guest is."""
        carried = self.carried(self.animation)
        # Of a bare one nobody knows what its object carries, unless it was apart.
        return nameless(carried) == carried and (self.animation.nameless or not self.bare)

    def carried(self, product: Product) -> dict[str, str]:
        """Return the metadata that the object of *product* carries, encoded."""
        return nameless(self.metadata) if product.nameless else dict(self.metadata)

    def written(self) -> bytes:
        """Return the file's content."""
        said: dict[str, Any] = {
            "version": VERSION,
            "session": self.session,
            "metadata": dict(self.metadata),
            "products": [product.written() for product in self.products],
        }
        said |= {"page": self.page} if self.page else {}
        return json_written(said | {"bare": True} if self.bare else said)

    @classmethod
    def read(cls, content: bytes) -> "Entry":
        """Return the entry in *content*, of either version. Raises ValueError if there is none."""
        fields = _read(content)
        metadata = fields.get("metadata")
        if not isinstance(metadata, dict) or not sound(metadata):
            raise ValueError("its metadata are not names and texts that can be sent")
        products = _products(fields)
        page = fields.get("page", "")
        if not isinstance(page, str) or (page and not keys.sound(page)) or page in {each.key for each in products}:
            raise ValueError("it has no key that a page can have")
        if not isinstance(bare := fields.get("bare", False), bool):
            raise ValueError("it does not say whether it has details")  # noqa: TRY004 the content is wrong, not the caller
        return cls(_text(fields, "session"), metadata, products, page, bare)


def _products(fields: Mapping[str, Any]) -> tuple[Product, ...]:
    version = fields.get("version", 1)
    if version == 1 and not isinstance(version, bool):
        return (Product.read({**fields, "file": GIF.file, "type": GIF.media_type}),)
    said = fields.get("products")
    if version != VERSION or not isinstance(said, list) or not 1 <= len(said) <= MOST_PRODUCTS:
        raise ValueError("it is of a version that this booth does not know, or lists no products")
    products = tuple(map(Product.read, said))
    files, places = {product.file for product in products}, {product.key for product in products}
    if not len(files) == len(places) == len(products) or products[0].file != GIF.file:
        raise ValueError("it lists something twice, or no animation first")
    return products


def guest_written(guest: Guest, consents: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Return the content of ``guest.json``: the details, and records of what was asked. Who skips has no such file."""
    said: dict[str, Any] = {"name": guest.name, "email": guest.email, "consent": guest.consent}
    said |= {LANGUAGE: guest.language} if guest.language else {}
    said |= answers.written(guest.told)
    if consents:
        said["consents"] = list(consents)
    return json_written({"guest": said})


def consents_read(content: bytes) -> list[Any]:
    """Return what ``guest.json`` says of consents, unread. Raises ValueError if it says nothing at all."""
    fields = _read(content).get("guest")
    said = fields.get("consents", []) if isinstance(fields, dict) else []
    if not isinstance(said, list) or len(said) > MOST_CONSENTS:
        raise ValueError("it does not list what was asked")
    return said


def guest_read(content: bytes) -> Guest | None:
    """Return the details in *content*, or None if it says that there are none. Raises ValueError if it says nothing.

    A language that is no code is none: for its sake nobody's details are lost.
    """
    fields = _read(content).get("guest", False)
    if fields is None:
        return None
    if not isinstance(fields, dict) or not isinstance(consent := fields.get("consent"), bool):
        raise ValueError("it names no guest, and does not say that there is none")  # noqa: TRY004 the content is wrong
    language = fields.get(LANGUAGE)
    known = isinstance(language, str) and _CODE.fullmatch(language) is not None
    told = answers.read(fields.get(answers.KEY, {}))
    name, email = _text(fields, "name"), _text(fields, "email")
    return Guest(name, email, consent, language=str(language) if known else "", told=told)


def note_written(fields: Mapping[str, str | int | float]) -> bytes:
    """Return the content of a small file of facts: attempts, the confirmation, the reason of a failure."""
    return json_written(fields)


def note_read(content: bytes) -> dict[str, Any]:
    """Return the facts in *content*; none at all if it cannot be read. Nothing may depend on such a file."""
    try:
        return _read(content)
    except ValueError:
        return {}


def moment(said: str) -> datetime:
    """Return the moment that `iso` writes so. Raises ValueError if there is none."""
    return datetime.strptime(said, _TAKEN).replace(tzinfo=UTC)


def iso(moment: datetime) -> str:
    """Return *moment*, which is in UTC, as ISO 8601 to the second: ``2026-11-22T17:05:12Z``."""
    # Not strftime: %Y drops leading zeros on some platforms.
    return f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z"


def json_written(fields: Mapping[str, Any]) -> bytes:
    """Return the content of a file that says *fields*, in ASCII."""
    return json.dumps(fields, indent=2).encode("ascii") + b"\n"


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > LONGEST:
        raise ValueError("it is no JSON of ours: it is too long")
    try:
        fields = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except RecursionError:
        raise ValueError("it is no JSON of ours") from None
    if not isinstance(fields, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 the content is wrong, not the caller
    return fields


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("it says something twice")
    return fields


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise ValueError("a number has too many digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number has no end")
    return number


def _text(fields: Mapping[str, Any], name: str) -> str:
    text = fields.get(name)
    if not isinstance(text, str):
        raise ValueError(f"its {name} is no text")  # noqa: TRY004 the content is wrong, not the caller
    return text
