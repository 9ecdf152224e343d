"""What a bucket is already, beside what it is to be: which calls are due, and what they would break."""

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from typing import Any

from booth.drivers.owning import OwnedBucket, RefusedError
from booth.operator.buckets.plans import SIDS, UNCONSTRAINED, Call, Wish, calls

NO_POLICIES = (
    "asked for the bucket's policy, the server answers with something else: it knows none, and any key may do anything "
    "there. Leave it as it is, or have --replace try"
)
"""What there is to say of a server that overlooks what it does not know, such as ``rclone serve s3``."""


class Standing(Enum):
    """How a bucket stands to a call."""

    DUE = "due"
    THERE = "was so already"
    OTHER = "is otherwise"
    """Something else is there, which the call would replace."""


@dataclass(frozen=True)
class Step:
    """A call, and how the bucket stands to it."""

    call: Call
    state: Standing
    obstacle: str = ""
    """Why it must not be made as it is; with what can be done."""


@dataclass(frozen=True)
class Older:
    """Objects that a new rule would not cover."""

    objects: int
    size: int
    """Bytes."""


def steps(bucket: OwnedBucket, wish: Wish) -> list[Step]:
    """Return how the bucket stands to each call, in order. Changes nothing. Raises `BucketError`."""
    planned = calls(wish)
    there = _is_there(bucket, wish)
    if not there:
        return [Step(call, Standing.DUE) for call in planned]
    return [_step(bucket, wish, call) for call in planned]


def older(bucket: OwnedBucket) -> Older:
    """Return what is in the bucket. Raises `BucketError`."""
    objects, size, further = 0, 0, ""
    while True:
        page = bucket.page(further=further)
        objects += len(page.objects)
        size += sum(each.size for each in page.objects)
        further = page.further
        if not further:
            return Older(objects, size)


def _is_there(bucket: OwnedBucket, wish: Wish) -> bool:
    try:
        bucket.ask("get-bucket-location", {"Bucket": wish.bucket})  # no HEAD: that says nothing of what is wrong
    except RefusedError as exc:
        if exc.code == "NoSuchBucket":
            return False
        raise
    return True


def _step(bucket: OwnedBucket, wish: Wish, call: Call) -> Step:
    match call.operation:
        case "create-bucket":
            return _lives(bucket, wish, call)
        case "put-bucket-versioning":
            said = bucket.ask("get-bucket-versioning", {"Bucket": wish.bucket})
            return Step(call, Standing.THERE if said.get("Status") == "Enabled" else Standing.DUE)
        case "put-bucket-replication":
            said = _asked(bucket, wish, "get-bucket-replication")
            return _compared(
                call,
                _rules(said.get("ReplicationConfiguration")),
                _rules(call.arguments["ReplicationConfiguration"]),
                "the bucket has another replication",
            )
        case "put-bucket-lifecycle-configuration":
            said = _asked(bucket, wish, "get-bucket-lifecycle-configuration")
            wanted = list(_forgotten(call.arguments["LifecycleConfiguration"]))
            ours = {rule["ID"] for rule in wanted}
            return _compared(
                call, _but(wanted, list(_forgotten(said)), "ID", ours), wanted,
                "the bucket has a lifecycle with other rules",
            )  # fmt: skip
        case "put-bucket-cors":
            said = _asked(bucket, wish, "get-bucket-cors")
            return _compared(
                call, said.get("CORSRules"), call.arguments["CORSConfiguration"]["CORSRules"],
                "other pages' scripts may read from the bucket",
            )  # fmt: skip
        case _:
            said = _asked(bucket, wish, "get-bucket-policy")
            wanted = json.loads(call.arguments["Policy"])["Statement"]
            kept = _statements(said.get("Policy", "")) if said else []
            if kept is None:
                return Step(call, Standing.OTHER, NO_POLICIES)
            return _compared(call, _but(wanted, kept, "Sid", SIDS), wanted, "the bucket has a policy that says more")


def _lives(bucket: OwnedBucket, wish: Wish, call: Call) -> Step:
    said = bucket.ask("get-bucket-location", {"Bucket": wish.bucket}).get("LocationConstraint") or UNCONSTRAINED
    if wish.location and said != wish.location:
        why = (
            f"the bucket {wish.bucket} is there, in {said} and not in {wish.location}, and buckets do not move: take "
            f"another name (zenko.bucket), or --location {said}"
        )
        return Step(call, Standing.OTHER, why)
    return Step(call, Standing.THERE)


def _compared(call: Call, kept: Any, wanted: Any, other: str) -> Step:
    if kept == wanted:
        return Step(call, Standing.THERE)
    if not kept:
        return Step(call, Standing.DUE)
    return Step(call, Standing.OTHER, f"{other}, which {call.operation} would replace; --replace does so")


def _asked(bucket: OwnedBucket, wish: Wish, operation: str) -> dict[str, Any]:
    """Return what is set; nothing where nothing is."""
    try:
        return bucket.ask(operation, {"Bucket": wish.bucket})
    except RefusedError as exc:
        if exc.status == 404:
            return {}
        raise


def _but(
    wanted: list[dict[str, Any]], kept: list[dict[str, Any]], name: str, ours: AbstractSet[str]
) -> list[dict[str, Any]]:
    """Return *kept*; nothing if all that it has are elder ones of the booth's own: their *name* is one of *ours*."""
    if kept != wanted and all(each.get(name) in ours for each in kept):
        return []
    return kept


def _statements(policy: str) -> list[dict[str, Any]] | None:
    """Return what a policy says; None if it is none."""
    try:
        said = json.loads(policy)["Statement"]
    except (ValueError, LookupError, TypeError):
        return None
    statements = said if isinstance(said, list) else [said]  # one may stand alone
    return [each if isinstance(each, dict) else {} for each in statements]


def _rules(said: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """Return of a replication what it does: prefix, status, and sites."""
    return [
        (
            rule.get("Filter", {}).get("Prefix", rule.get("Prefix", "")),
            rule.get("Status", ""),
            rule.get("Destination", {}).get("StorageClass", ""),
        )
        for rule in (said or {}).get("Rules", [])
    ]


def _forgotten(said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give of a lifecycle's rules what they do."""
    for rule in said.get("Rules", []):
        prefix = rule.get("Filter", {}).get("Prefix", rule.get("Prefix", ""))
        noncurrent = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")
        known = {
            "ID": rule.get("ID"),
            "Status": rule.get("Status"),
            "Prefix": prefix,
            "Noncurrent": noncurrent,
            "Days": rule.get("Expiration", {}).get("Days"),
        }
        more = set(rule) - {"ID", "Status", "Filter", "Prefix", "NoncurrentVersionExpiration", "Expiration"}
        yield known | {"More": sorted(more)} if more else known
