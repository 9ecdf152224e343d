"""A guest's details as an object of their own, beside an animation that is handed to whoever has its link. Pure.

The law: what is written of a visit is the same whenever it is written, or two attempts would be two objects.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from booth.core.visit import Guest
from booth.outbox import answers
from booth.outbox.entry import Visit, json_written
from booth.outbox.metadata import LANGUAGE, TEST
from booth.ports import Kind

if TYPE_CHECKING:  # a logger is behind it, and whoever only judges settings does without
    from booth.outbox.consents import ConsentRecord

DETAILS = Kind("details.json", "application/json", ".json")
"""The object; it carries the metadata, too, by which a server finds it."""


def written(visit: Visit, guest: Guest, key: str, records: Sequence["ConsentRecord"] = ()) -> bytes:
    """Return the object's content: what the metadata say, by the same names, whole and not encoded.

    And the *key* of the animation, and the *records* of what was asked. Not when it was taken: that may be known better
    when it is sent.
    """
    said: dict[str, Any] = {
        "key": key,
        "event": visit.event,
        "booth": visit.booth,
        "session": visit.session,
        "name": guest.name,
        "email": guest.email,
        "consent": "yes" if guest.consent else "no",
    }
    said |= {LANGUAGE: guest.language} if guest.language else {}
    said |= {TEST: "yes"} if visit.test else {}
    said |= answers.written(guest.told)
    return json_written(said | ({"consents": [record.written() for record in records]} if records else {}))
