"""Each object's way to each site: what HEAD says of it, moved by a clock in somebody's hand.

As CloudServer says it and Backbeat does it: PENDING from the put on, for each site by itself; COMPLETED after a while,
and then for good; FAILED where a site refuses, until somebody asks for the failed ones to be tried again. A site that
is away leaves what is for it PENDING. Where the location is transient, the first copy goes when all are there, and
then the object must not be touched any more.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass

from lab.zenko.rooms import Answer, HungUpError, Request, Room, refusal
from lab.zenko.rules import Rules, Version

PENDING, PROCESSING, COMPLETED, FAILED = "PENDING", "PROCESSING", "COMPLETED", "FAILED"

PACE = 5.0
"""Seconds from a put to its copy, where all is well: 4.2 to 7.7 were seen."""

_FAILED = "/_/backbeat/api/crr/failed"


@dataclass(frozen=True)
class Fact:
    """A line of the ledger: when what became true."""

    at: float
    """By the clock that is given."""
    key: str
    site: str
    status: str


@dataclass
class _Copy:
    status: str
    due: float


class Replicating(Room):
    """Tells of each object that a rule of *rules* covers how far it is, by a clock that says *now* in seconds."""

    def __init__(self, rules: Rules, now: Callable[[], float] = lambda: 0.0, *, transient: bool = True) -> None:
        self.rules = rules
        self.now = now
        self.transient = transient
        """Whether the bucket is in a transient location: a copy there goes when it is at all sites."""
        self.pace: dict[str, float] = {}
        """By site: seconds that a copy takes, if not `PACE`."""
        self.away: set[str] = set()
        """Sites that do not answer: for very long, nothing fails for that."""
        self.refusing: set[str] = set()
        """Sites that answer, and refuse."""
        self.ledger: list[Fact] = []
        self._copies: dict[Version, dict[str, _Copy]] = {}

    # ---- by hand

    def catch_up(self) -> None:
        """Let all happen that is due by now."""
        for version, copies in self._copies.items():
            for site, copy in copies.items():
                if copy.status == PENDING and copy.due <= self.now() and site not in self.away:
                    self._become(version, site, copy, FAILED if site in self.refusing else COMPLETED)

    def move(self, version: Version, site: str, status: str) -> None:
        """Have *version* be so far at *site*: `PENDING`, `COMPLETED` or `FAILED`, which is not final."""
        self._become(version, site, self._copies[version][site], status)

    def retry(self, site: str) -> list[Version]:
        """Have what failed at *site* tried again, as an operator of Zenko does; return what that is."""
        failed = [version for version, copies in self._copies.items() if _failed(copies, site)]
        for version in failed:
            copy = self._copies[version][site]
            self._become(version, site, copy, PENDING)
            copy.due = self.now() + self.pace.get(site, PACE)
        return failed

    def statuses(self, key: str) -> dict[str, str]:
        """Return how far the newest version of *key* is, by site."""
        self.catch_up()
        newest = [copies for version, copies in self._copies.items() if version.key == key]
        return {site: copy.status for site, copy in newest[-1].items()} if newest else {}

    # ---- as a room

    def before(self, request: Request) -> Answer | None:
        """Answer for Backbeat, and refuse what a transient location cannot do any more."""
        self.catch_up()
        if request.target.partition("?")[0] == _FAILED:
            return self._backbeat(request)
        copies = self._newest(request)
        if copies is None:
            return None
        where = request.headers.get("x-amz-location-constraint", "")
        if request.method == "GET" and where and where not in copies:
            return refusal(400, "InvalidLocationConstraint")
        onto_itself = request.method == "PUT" and self._of_itself(request)
        return refusal(503, "ServiceUnavailable") if onto_itself and self._collected(copies) else None

    def after(self, request: Request, answer: Answer) -> Answer:
        """Tell of an object's copies; begin them where it was put, and anew where its tags were."""
        if not request.about(key=True) and not request.about(key=True, query="tagging"):
            return answer
        version = Version(request.bucket, request.key, answer.headers.get("x-amz-version-id", "null"))
        if request.method == "PUT" and answer.status < 300:
            if request.about(key=True, query="tagging"):
                for site, copy in (self._newest(request) or {}).items():
                    self._become(version, site, copy, PENDING)
            elif (rule := self.rules.covered.get(version)) is not None:
                self._copies[version] = {}
                for site in rule.sites:
                    due = self.now() + self.pace.get(site, PACE)
                    copy = self._copies[version][site] = _Copy("", due)
                    self._become(version, site, copy, PENDING)
        if request.method not in {"GET", "HEAD"} or answer.status >= 300:
            return answer
        copies = self._copies.get(version)
        if copies is None:
            rule = self.rules.rules.get(request.bucket)
            if request.method == "GET" and rule is not None and rule.preferred_read:
                return refusal(400, "InvalidLocationConstraint")  # it is older than the rule, and is nowhere else
            return answer
        for site, copy in copies.items():
            answer.headers[f"x-amz-meta-{site}-replication-status"] = copy.status
        answer.headers["x-amz-replication-status"] = overall({copy.status for copy in copies.values()})
        return answer

    # ---- inside

    def _become(self, version: Version, site: str, copy: _Copy, status: str) -> None:
        copy.status = status
        self.ledger.append(Fact(self.now(), version.key, site, status))

    def _newest(self, request: Request) -> dict[str, _Copy] | None:
        ours = [v for v in self._copies if (v.bucket, v.key) == (request.bucket, request.key)]
        return self._copies[ours[-1]] if ours else None

    def _collected(self, copies: dict[str, _Copy]) -> bool:
        return self.transient and all(copy.status == COMPLETED for copy in copies.values())

    def _of_itself(self, request: Request) -> bool:
        source = request.headers.get("x-amz-copy-source", "").partition("?")[0]
        return source.strip("/") == f"{request.bucket}/{request.key}"

    def _backbeat(self, request: Request) -> Answer:
        """List what failed at one site (without its name, nothing), or have what is listed tried again."""
        if request.method == "POST":
            said = json.loads(request.body)
            for site in sorted({one["StorageClass"] for one in said}):
                self.retry(site)
            return _json(said)
        if request.method != "GET":
            raise HungUpError
        site = request.query.get("sitename", "")
        failed = [version for version, copies in self._copies.items() if _failed(copies, site)]
        versions = [{"Bucket": v.bucket, "Key": v.key, "VersionId": v.number, "StorageClass": site} for v in failed]
        return _json({"IsTruncated": False, "Versions": versions})


def _failed(copies: dict[str, _Copy], site: str) -> bool:
    return site in copies and copies[site].status == FAILED


def overall(statuses: Collection[str]) -> str:
    """Return what CloudServer makes of the sites' statuses."""
    if FAILED in statuses:
        return FAILED
    if PENDING not in statuses:
        return COMPLETED
    return PENDING if set(statuses) == {PENDING} else PROCESSING


def _json(said: object) -> Answer:
    return Answer(200, {"content-type": "application/json"}, json.dumps(said).encode())
