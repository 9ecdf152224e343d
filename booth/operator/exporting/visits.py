"""Visits that are handed over: what is known of each, from whichever source, and how two sources become one. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from booth.outbox.entry import moment
from booth.outbox.ids import stamp

_FARTHEST = 14 * 3600
"""Seconds by which a place's time may be ahead of UTC, or behind it."""

_QUARTER = 900
"""Seconds: all places' times differ by so much, or several times that."""


@dataclass(frozen=True)
class Handed:
    """A visit that was kept. The guest's."""

    session: str
    event: str
    booth: str
    taken: str
    """When it began, in UTC, as it stands in metadata: ``2026-11-22T17:05:12Z``; "" if nobody knows."""
    key: str
    """The animation's object."""
    size: int
    """Bytes of the animation."""
    md5: str
    """The animation's, in hex; "" if its server told no such thing."""
    east: int | None = None
    """Seconds by which the place's time was ahead of UTC; None if nobody noted it."""
    given: bool = False
    """Whether the guest typed a name or an address."""
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    consent: bool = False
    """Whether the guest agreed to be shown."""
    consents: Mapping[str, str] = field(default_factory=dict)
    """What the guest said to each consent, by its id, as it stands in metadata: yes or no, the purpose, when, in which
    language, and the SHA-256 of the text."""
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the guest answered to the event's own questions, by their ids."""
    language: str = ""
    """The language that the guest saw, as a code; "" if nobody noted it."""
    delivered: bool = False
    """Whether a bucket has it."""
    delivered_at: str = ""
    """When it was there, in UTC; "" if nobody knows."""
    copies: Mapping[str, str] = field(default_factory=dict)
    """How far the server's own copies are, by site: ``completed``, ``pending`` or ``failed``."""
    replicated: bool | None = None
    """Whether all of them are there; None if there are to be none, or nobody knows."""
    why: str = ""
    """Why it was set aside in failed/; "" if it was not."""
    beside: Mapping[str, list[Any]] = field(default_factory=dict)
    """What was made beside the animation, by its file in the outbox: bytes, and MD5 in hex."""

    @property
    def local(self) -> datetime:
        """When it began, by the time of the place; it says that it is UTC.

        Of a visit whose booth did not note how far that is ahead, its name tells: it is made of that time.
        """
        named = stamp(self.session) or datetime(1970, 1, 1, tzinfo=UTC)
        try:
            taken = moment(self.taken)
            ahead = self.east
            if ahead is None:
                ahead = round((named - taken).total_seconds() / _QUARTER) * _QUARTER
            return taken + timedelta(seconds=ahead) if abs(ahead) <= _FARTHEST else named
        except (ValueError, OverflowError):
            return named


def together(one: Handed, other: Handed) -> Handed:
    """Return what is known of a visit by two sources: *one* goes first, and where any says no, nobody agreed."""
    details = one if one.given else other
    return replace(
        one,
        taken=one.taken or other.taken,
        east=other.east if one.east is None else one.east,
        given=details.given,
        name=details.name,
        email=details.email,
        consents=details.consents,
        answers=details.answers,
        consent=details.given and all(each.consent for each in (one, other) if each.given),
        language=one.language or other.language,
        delivered=one.delivered or other.delivered,
        delivered_at=one.delivered_at or other.delivered_at,
        copies=one.copies or other.copies,
        beside={**other.beside, **one.beside},
        replicated=other.replicated if one.replicated is None else one.replicated,
    )


def merged(*sources: Iterable[Handed]) -> list[Handed]:
    """Return the visits of all *sources*, each once, by the time of their places; the first source goes first."""
    found: dict[str, Handed] = {}
    for source in sources:
        for each in source:
            found[each.session] = together(found[each.session], each) if each.session in found else each
    return sorted(found.values(), key=lambda each: (each.local, each.session))


def written(kept: Handed) -> dict[str, Any]:
    """Return what stands in JSON of a visit."""
    return asdict(kept)


def read(said: object) -> Handed:
    """Return the visit that *said* is, out of JSON. Raises ValueError if it is none."""
    if not isinstance(said, dict) or {*said, "consents", "answers"} != {each.name for each in fields(Handed)}:
        raise ValueError("it is no visit of this version")
    said = dict[str, Any](consents={}, answers={}) | said  # hand-overs of before there were any have none
    kinds: dict[str, tuple[type, ...]] = {"size": (int,), "given": (bool,), "consent": (bool,), "delivered": (bool,)}
    kinds |= {"east": (int, type(None)), "replicated": (bool, type(None)), "copies": (dict,), "beside": (dict,)}
    kinds |= {"consents": (dict,), "answers": (dict,)}
    if not all(type(value) in kinds.get(name, (str,)) for name, value in said.items()):
        raise ValueError("something of a visit is of another kind")
    if not all(isinstance(text, str) for key in ("consents", "answers") for text in said[key].values()):
        raise ValueError("a consent or an answer is no text")
    if not all(isinstance(state, str) for state in said["copies"].values()) or stamp(said["session"]) is None:
        raise ValueError("a visit has no name, or its copies no state")
    if not all(isinstance(one, list) and list(map(type, one)) == [int, str] for one in said["beside"].values()):
        raise ValueError("what is beside an animation has no size, or no sum")
    return Handed(**said)
