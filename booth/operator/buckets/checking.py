"""Looks with the booth's own key whether the bucket is right, in the order in which mistakes are made.

The law: nothing is asked that could harm. Without a signature the server alone is asked, and never its bucket: of an
older CloudServer each such request for a bucket may end a process.
"""

import hashlib
import re
import shlex
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from booth.drivers import refusals
from booth.drivers.owning import OwnedBucket, RefusedError
from booth.errors import BucketError, Remedy
from booth.operator.buckets.findings import Told, meant, right, unknown, wrong
from booth.operator.buckets.kinds import UNKNOWN, ServerKind, kind_of
from booth.operator.buckets.plans import AWS, CLOUDSERVER, GCS, Wish
from booth.operator.buckets.rights import rights
from booth.ports import Parcel

GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")
"""What is put: an animation of one pixel."""

COPIED = "and --copy, for this picture of one pixel is older than the rule (without it, what a copy costs is told)"
"""What goes with a rule that is made after something was put: a rule is for what comes after it alone."""

TOLERATED = 840.0
"""Seconds that the clock may be off; a server refuses some more."""

NOTICED = 60.0
"""Seconds from which on it is told."""


@dataclass
class Walk:
    """What is to be looked at, and what was learnt on the way."""

    bucket: OwnedBucket
    """With the booth's key."""
    wish: Wish
    """What it should be, as far as that was said."""
    key: str
    """Where something may be put: like a visit's."""
    linked: bool = False
    """Whether the booth signs links to what it has put."""
    wall: Callable[[], float] = time.time
    """The clock, in seconds of Unix time."""
    kind: ServerKind = UNKNOWN
    identity: str = ""
    """The canonical id of the account that the key is of."""
    version: str = ""
    """The version that the server made of what was put; "" where it makes none."""
    left: str = ""
    """The key of what was put and is still there, be it hidden."""
    tried: bool = False
    """Whether something was put."""

    def findings(self) -> Iterator[Told]:
        """Look at one thing after the other; what hides all that follows is the last. Blocks; raises nothing."""
        for look in (self._host, self._clock, self._key, self._put):
            for finding in look():
                yield finding
                if finding.cure:
                    return
        yield from self._head()
        yield from rights(self)

    def _host(self) -> Iterator[Told]:
        try:
            answer = self.bucket.unsigned()
        except BucketError as exc:
            yield meant("server", exc)
            return
        self.kind = kind_of(answer.headers, answer.body)
        s3 = refusals.speaks_s3(answer) or refusals.holds_error(answer) or b"<ListAllMyBucketsResult" in answer.body
        if refusals.is_page(answer) or b"<Code>InvalidURI<" in answer.body or not s3 or answer.status >= 500:
            yield meant("server", self.bucket.meaning(answer))
            return
        honest = f" ({self.kind.honest})" if self.kind.honest else ""
        yield right("server", f"{self.kind.name} answers at {self.wish.endpoint_url}, and knows that name{honest}")

    def _clock(self) -> Iterator[Told]:
        date = self.bucket.headers.get("date", "")
        try:
            off = self.wall() - parsedate_to_datetime(date).timestamp()
        except (ValueError, OverflowError):
            yield unknown("clock", "the server does not say what time it is")
            return
        if abs(off) > TOLERATED:
            yield wrong(
                "clock",
                f"this machine's is {refusals.off_by(date, self.wall())}, and what it signs is refused",
                "have the network let time servers through (NTP, port 123 of UDP), which set it, or set it by hand: "
                "sudo timedatectl set-time",
            )
        elif abs(off) > NOTICED:
            yield right("clock", f"{abs(off):.0f} s off the server's; from a quarter of an hour on it is refused")
        else:
            yield right("clock", "as the server's")

    def _key(self) -> Iterator[Told]:
        try:
            owner = self.bucket.ask("list-buckets", {}).get("Owner", {})
        except RefusedError as exc:
            if exc.code == "AccessDenied":
                yield right("key", "the server knows it, and the secret is its own; it may not list buckets")
            else:
                yield meant("key", exc)
            return
        except BucketError as exc:
            yield meant("key", exc)
            return
        self.identity = str(owner.get("ID", ""))
        if self.wish.identity and self.kind.administered and self.wish.identity != self.identity:
            yield wrong(
                "key",
                "the key is of another account than --canonical-id says",
                f"its account is {self.identity}: run this again with that, and create, too",
            )
            return
        if self.kind.believes_any:
            yield unknown("key", f"{self.kind.name} takes any")
            return
        said = f"; its account's canonical id is {self.identity}" if self.kind.administered else ""
        yield right("key", f"the server knows it, and the secret is its own{said}")

    def _put(self) -> Iterator[Told]:
        parcel = Parcel(self.key, "image/gif", GIF, hashlib.md5(GIF, usedforsecurity=False).hexdigest(),
                        {"purpose": "booth-bucket-check"})  # fmt: skip
        try:
            self.bucket.put(parcel)
        except RefusedError as exc:
            found = meant("put", exc)
            if exc.code == "NoSuchBucket":
                found = wrong(
                    "put", found.says, f"correct zenko.bucket, or make it with the owner's keys: {self.create()}"
                )
            elif exc.code in {"AccessDenied", "403"} and exc.remedy is Remedy.PERSON:
                found = wrong("put", found.says, f"allow it with the owner's keys: {self.create()}")
            yield found
        except BucketError as exc:
            yield meant("put", exc)
        else:
            self.left, self.tried = self.key, True
            version = self.bucket.headers.get("x-amz-version-id", "")
            self.version = version if version != "null" else ""
            yield right("put", f"a picture of one pixel was put, and confirmed: {self.key}")

    def _head(self) -> Iterator[Told]:
        try:
            head = self.bucket.head(self.key)
        except BucketError:
            head = None
        if head is None:
            yield unknown("versions", "the key may not look at what it has put, so this cannot be told")
            yield unknown("replication", "the key may not look at what it has put, so this cannot be told")
            return
        versioned = self.bucket.headers.get("x-amz-version-id", "null") != "null"
        if not self.kind.has_versions:
            yield unknown("versions", f"{self.kind.name} does not tell of them")
        elif versioned:
            yield right("versions", "what is overwritten is kept")
        else:
            copy = bool(self.wish.sites)  # the rule is made with the versions, and is missing, too
            owners = f"owner's keys, {COPIED}" if copy else "owner's keys"
            yield wrong("versions", "what is overwritten is lost, and nothing can be replicated",
                        f"switch them on with the {owners}: {self.create(copy=copy)}")  # fmt: skip
        yield self._replication(head.status, tuple(head.sites))

    def _replication(self, status: str, sites: tuple[str, ...]) -> Told:
        wanted = self.wish.sites
        lacking = [site for site in wanted if site.lower() not in sites]  # as names of headers are
        if status == "FAILED":
            return wrong("replication", f"it failed at once ({', '.join(sites)})",
                         "look into Zenko's console, at the location's credentials and its bucket")  # fmt: skip
        if not status and wanted:
            return wrong("replication", "no rule covers what was put: not in this bucket, or not under this prefix",
                         f"make one with the owner's keys, {COPIED}: {self.create(copy=True)}")  # fmt: skip
        if not status:
            return unknown("replication", "nothing says that there is any; if there should be, name the --sites")
        if lacking and sites:
            create = self.create(copy=True, replace=True)
            return wrong("replication", f"what was put goes to {', '.join(sites)}, and not to {', '.join(lacking)}",
                         f"put another rule with the owner's keys, {COPIED}: {create}")  # fmt: skip
        if not sites:
            return right("replication", f"what was put is on its way ({status}); where to is not told")
        return right("replication", f"what was put is on its way to {', '.join(sites)} ({status})")

    def create(self, *, copy: bool = False, replace: bool = False) -> str:
        """Return the command that makes the bucket as it should be.

        *copy*: what is there already goes by the rule as well; *replace*: other rules make way.
        """
        words = ["booth", "bucket", "create"]
        learnt = self.identity if re.fullmatch("[0-9a-z]{64}", self.identity) else "ID"
        if self.wish.server in {AWS, GCS}:
            words += ["--server", self.wish.server, "--principal", self.wish.identity or "NAME"]
        elif self.wish.server == CLOUDSERVER:
            words += ["--canonical-id", self.wish.identity or learnt]
        if self.wish.location and self.wish.server == CLOUDSERVER:
            words += ["--location", self.wish.location]
        if self.wish.sites:
            words += ["--sites", ",".join(self.wish.sites)]
            if self.wish.preferred_read != self.wish.sites[0]:
                words += ["--preferred-read", self.wish.preferred_read]
        words += ["--replace"] * replace + ["--copy"] * copy
        return shlex.join(words)
