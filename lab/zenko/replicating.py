"""Each object's way to each site: what HEAD says of it, moved by hand."""

from collections.abc import Iterable

from lab.zenko.rooms import Answer, Request, Room
from lab.zenko.rules import Rules, Version

PENDING, COMPLETED, FAILED = "PENDING", "COMPLETED", "FAILED"


class Replicating(Room):
    """Tells of each object that a rule of *rules* covers how far it is: pending everywhere, until it is moved."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.sites: dict[tuple[Version, str], str] = {}
        """How far a version is at a site, where that is not `PENDING`."""

    def move(self, version: Version, site: str, status: str) -> None:
        """Have *version* be so far at *site*: `PENDING`, `COMPLETED` or `FAILED`, which is not final."""
        self.sites[version, site] = status

    def after(self, request: Request, answer: Answer) -> Answer:
        """Tell it with the object's other headers."""
        if request.method not in {"HEAD", "GET"} or not request.about(key=True) or answer.status != 200:
            return answer
        version = Version(request.bucket, request.key, answer.headers.get("x-amz-version-id", "null"))
        rule = self.rules.covered.get(version)
        if rule is not None:
            said = {site: self.sites.get((version, site), PENDING) for site in rule.sites}
            answer.headers |= {f"x-amz-meta-{site}-replication-status": status for site, status in said.items()}
            answer.headers["x-amz-replication-status"] = overall(said.values())
        return answer


def overall(said: Iterable[str]) -> str:
    """Return what CloudServer makes of the sites' statuses."""
    found = set(said)
    if FAILED in found:
        return FAILED
    if PENDING not in found:
        return COMPLETED
    return PENDING if found == {PENDING} else "PROCESSING"
