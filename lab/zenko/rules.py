"""Which bucket is replicated where: the rule that was put, and which objects were put after it."""

import re
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree import ElementTree as ET

from lab.zenko.rooms import Answer, Request, Room


@dataclass(frozen=True)
class Rule:
    """Where objects of a bucket are copied to."""

    sites: tuple[str, ...]
    """Locations, in order."""
    preferred_read: str
    """The one that is read from once it has a copy; "" for none."""
    prefix: str
    """Only keys that begin so are copied."""


class Version(NamedTuple):
    """One version of one object."""

    bucket: str
    key: str
    number: str


class Rules(Room):
    """Keeps the rules of buckets, and which versions of objects they cover: those that were put after them."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        """By bucket."""
        self.covered: dict[Version, Rule] = {}
        """In the order in which they were put. A delete marker is one, too."""

    def after(self, request: Request, answer: Answer) -> Answer:
        """Note what was put."""
        if answer.status >= 300:
            return answer
        if request.about(key=False, query="replication"):
            if request.method == "PUT":
                self.rules[request.bucket] = read(request.body)
            elif request.method == "DELETE":
                self.rules.pop(request.bucket, None)
        elif request.method in {"PUT", "DELETE"} and request.about(key=True) and "versionId" not in request.query:
            rule = self.rules.get(request.bucket)
            if rule is not None and request.key.startswith(rule.prefix):
                number = answer.headers.get("x-amz-version-id", "null")
                self.covered[Version(request.bucket, request.key, number)] = rule
        return answer


def read(body: bytes) -> Rule:
    """Return what the XML of a replication says. Raises ValueError where it is no rule that CloudServer takes."""
    try:
        top = ET.fromstring(body)  # noqa: S314  the client is our own
    except ET.ParseError as exc:
        raise ValueError("no XML") from exc
    rules = top.findall("{*}Rule")
    if len(rules) != 1 or rules[0].find("{*}Filter") is not None:
        raise ValueError("one rule, of the older form, is what is taken")
    classes = (rules[0].findtext("{*}Destination/{*}StorageClass") or "").split(",")
    preferred = [name.removesuffix(PREFERRED) for name in classes if name.endswith(PREFERRED)]
    sites = tuple(name.removesuffix(PREFERRED) for name in classes)
    if len(preferred) > 1 or not all(re.fullmatch(r"[\w.-]+", site) for site in sites):
        raise ValueError("names of locations with commas between and no blanks, one of them preferred, are taken")
    return Rule(sites, preferred[0] if preferred else "", rules[0].findtext("{*}Prefix") or "")


PREFERRED = ":preferred_read"
"""What comes after the name of a site that is read from."""
