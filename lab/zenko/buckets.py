"""What buckets are: where they live, their versions, their rule, and what a rule does to what was there before it."""

import re
from collections.abc import Collection
from xml.etree import ElementTree as ET

from lab.zenko.accounts import Accounts
from lab.zenko.rooms import Answer, Request, Room, refusal
from lab.zenko.rules import Rules, Version, read

LOCATIONS = ("us-east-1", "transient", "aws", "gcp", "azure")
"""Where a bucket may live."""

SITES = ("aws", "gcp", "azure")
"""Where objects may be replicated to: the locations that are among the server's replicationEndpoints."""

_ROLE = re.compile(r"arn:aws:iam::[\w.-]+:role/[\w./-]+")


class Buckets(Room):
    """Makes buckets in *locations*, and takes rules that replicate to *sites*; those in *transient* keep no copy.

    *rules* is the room that keeps the rules; it stands after this one.
    """

    def __init__(
        self,
        accounts: Accounts,
        rules: Rules,
        locations: Collection[str] = LOCATIONS,
        sites: Collection[str] = SITES,
        transient: Collection[str] = ("transient",),
    ) -> None:
        self.accounts = accounts
        self.rules = rules
        self.locations = locations
        self.sites = sites
        self.transient = transient
        self.lives: dict[str, str] = {}
        """Where each bucket lives that was made here."""

    def before(self, request: Request) -> Answer | None:
        """Refuse what CloudServer refuses."""
        if request.method == "PUT" and request.about(key=False):
            return self._made(request)
        if request.method == "GET" and request.about(key=False, query="location") and request.bucket in self.lives:
            said = self.lives[request.bucket]
            inner = "" if said == "us-east-1" else said
            xml = f'<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{inner}</LocationConstraint>'
            return Answer(200, {"content-type": "application/xml"}, xml.encode())
        if request.method == "PUT" and request.about(key=False, query="replication"):
            return self._ruled(request)
        if request.method == "PUT" and request.about(key=False, query="versioning"):
            suspends = b"<Status>Suspended</Status>" in request.body
            if suspends and request.bucket in self.rules.rules:
                return refusal(409, "InvalidBucketState", "A replication configuration is present on this bucket.")
        if request.method == "GET" and request.about(key=True) and self._is_older(request):
            return refusal(400, "InvalidLocationConstraint", "The specified location constraint is not valid")
        return None

    def _made(self, request: Request) -> Answer | None:
        named = ET.fromstring(request.body).findtext("{*}LocationConstraint") if request.body else None  # noqa: S314  the client is our own
        location = named or "us-east-1"
        if location not in self.locations:
            return refusal(400, "InvalidLocationConstraint", "value of the location you are attempting to set - "
                           f"{location} - is not listed in the locationConstraint config")  # fmt: skip
        if request.behind("HEAD", f"/{request.bucket}", {}, b"").status == 200:
            if self.accounts.owner(request.bucket) != request.account:
                return refusal(409, "BucketAlreadyExists", "The requested bucket name is not available.")
            return refusal(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded "
                           "and you already own it.")  # fmt: skip
        self.lives[request.bucket] = location
        request.body = b""
        return None

    def _ruled(self, request: Request) -> Answer | None:
        malformed = refusal(400, "MalformedXML", "The XML you provided was not well-formed")
        versions = request.behind("GET", f"/{request.bucket}?versioning", {}, b"").body
        if b"<Status>Enabled</Status>" not in versions:
            return refusal(400, "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication "
                           "configuration")  # fmt: skip
        try:
            rule = read(request.body)
        except ValueError:
            return malformed
        top = ET.fromstring(request.body)  # noqa: S314  the same
        if not _ROLE.fullmatch(top.findtext("{*}Role") or ""):
            return refusal(400, "InvalidArgument", "Invalid Role specified in replication configuration")
        destination = top.findtext("{*}Rule/{*}Destination/{*}Bucket") or ""
        if not re.fullmatch(r"arn:aws:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", destination):
            return refusal(400, "InvalidArgument", "Invalid Destination specified in replication configuration")
        lives = self.lives.get(request.bucket, "us-east-1")
        if any(site not in self.sites or site == lives for site in rule.sites):
            return malformed
        if lives in self.transient and not rule.preferred_read:
            return refusal(400, "ValidationError", f"{lives} lacks a preferred read location")
        return None

    def _is_older(self, request: Request) -> bool:
        """Return whether an object that is asked for was put before the rule, and cannot be read since."""
        rule = self.rules.rules.get(request.bucket)
        if rule is None or not rule.preferred_read or not request.key.startswith(rule.prefix):
            return False
        head = request.behind("HEAD", request.target.partition("?")[0], {}, b"")
        number = request.query.get("versionId") or head.headers.get("x-amz-version-id", "null")
        return head.status == 200 and Version(request.bucket, request.key, number) not in self.rules.covered
