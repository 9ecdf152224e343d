"""Carries the plan out, call by call, and stops before it would break what is there."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from booth.drivers.owning import OwnedBucket, RefusedError
from booth.errors import BoothError, BucketError
from booth.operator.buckets import present
from booth.operator.buckets.plans import CLOUDSERVER, Wish, days, noncurrent
from booth.operator.buckets.present import Older, Standing, Step

RULE = "put-bucket-replication"

_MEANINGS = {
    "InvalidAccessKeyId": "the server does not know the owner's access key; check AWS_ACCESS_KEY_ID, or the profile",
    "SignatureDoesNotMatch": "the secret is not that of the owner's key; check AWS_SECRET_ACCESS_KEY, or the profile",
    "BucketAlreadyExists": "another account has a bucket of that name; take another name (zenko.bucket)",
    "InvalidLocationConstraint": "this server has no location of that name; take one that it has for --location",
    "MalformedXML": "one of --sites is no location that this Zenko replicates to; name those that it has (its console "
    "lists them; on a CloudServer alone they are its replicationEndpoints)",
    "MalformedPolicy": "the server takes no such policy; check the account that is named",
    "BadDigest": "something on the way changes what is sent; look for a proxy",
}
"""What refusals mean to whoever has the owner's keys, by code."""


@dataclass(frozen=True)
class Order:
    """What is wanted beside the plan."""

    replace: bool
    """Whether other rules and policies may be replaced."""
    copy: bool
    """Whether objects that are older than the rule are copied onto themselves."""


class InTheWayError(BoothError):
    """Something there would be broken. Nothing was changed."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons
        """Sentences, each with what can be done."""


def prepare(bucket: OwnedBucket, wish: Wish, order: Order) -> list[Step]:
    """Return what is due. Changes nothing. Raises `InTheWayError` with all that is, and `BoothError`."""
    with _explained("look at the bucket"):
        steps = present.steps(bucket, wish)
    wrong = [
        step.obstacle
        for step in steps
        if step.state is Standing.OTHER and not (order.replace and step.call.operation != "create-bucket")
    ]
    rule = next((step for step in steps if step.call.operation == RULE), None)
    made = steps[0].state is Standing.DUE
    if rule is not None and rule.state is not Standing.THERE and not made and not order.copy:
        with _explained("list the bucket"):
            there = present.older(bucket)
        if there.objects:
            wrong.append(cost(wish, there))
    if wrong:
        raise InTheWayError(wrong)
    return steps


def cost(wish: Wish, older: Older) -> str:
    """Return what a rule would do to *older* objects, and what a copy of each onto itself costs."""
    several = older.objects != 1
    them = "they" if several else "it"
    what = f"{older.objects:,} object{'s' if several else ''} ({_size(older.size)})"
    harm = f"{them} would never be replicated"
    if wish.server == CLOUDSERVER:
        harm += ", and could not be read any more, by signed links neither"
    sites = len(wish.sites)
    return (
        f"the bucket {wish.bucket} has {what} from before the rule: {harm}. With --copy each is copied onto itself "
        f"behind the rule. That sends {_size(older.size * sites)} to {sites} site{'s' if sites != 1 else ''}, keeps "
        f"the first version for {days(noncurrent(wish))} more, and the copies belong to the owner: the booth's key "
        "cannot read them, and the links that it has signed to them end. Or take another bucket (zenko.bucket)"
    )


def carry_out(bucket: OwnedBucket, steps: list[Step], tell: Callable[[str], None]) -> None:
    """Make the calls that are due, in order; *tell* of each. Raises `BoothError`; what was made is kept."""
    for number, step in enumerate(steps, 1):
        operation = step.call.operation
        if step.state is Standing.THERE:
            tell(f"{number}. {operation}: {Standing.THERE.value}")
            continue
        with _explained(operation):
            bucket.ask(operation, step.call.arguments)
        tell(f"{number}. {operation}: done")


def copy(bucket: OwnedBucket, wish: Wish, tell: Callable[[int], None]) -> int:
    """Copy onto itself what no rule covers, or one for fewer sites; *tell* how many so far, and return how many.

    Raises `BoothError`.
    """
    done, further = 0, ""
    while True:
        with _explained("list the bucket"):
            page = bucket.page(further=further)
        for each in page.objects:
            with _explained("copy-object"):
                if not _copied(bucket, wish, each.key):
                    continue
            done += 1
            tell(done)
        further = page.further
        if not further:
            return done


def _copied(bucket: OwnedBucket, wish: Wish, key: str) -> bool:
    """Copy an object onto itself, unless it goes to all sites already; return whether it was copied."""
    head = bucket.head(key)
    if head is None:
        return False
    lacking = [site for site in wish.sites if site.lower() not in head.sites]  # as names of headers are
    if head.status and not (head.sites and lacking):
        return False
    arguments = {
        "Bucket": wish.bucket,
        "Key": key,
        "CopySource": {"Bucket": wish.bucket, "Key": key},
        "MetadataDirective": "REPLACE",
        "Metadata": dict(head.metadata),
        "ContentType": head.media_type,
    }
    bucket.ask("copy-object", arguments)
    return True


@contextlib.contextmanager
def _explained(what: str) -> Iterator[None]:
    """Say what a refusal means to an owner."""
    try:
        yield
    except RefusedError as exc:
        meaning = _MEANINGS.get(exc.code)
        if exc.code in {"AccessDenied", "AllAccessDisabled", "403"}:
            meaning = "the keys may not do that: use those of the account that the bucket belongs to"
        raise BoothError(f"{what}: {meaning} ({exc.code})" if meaning else f"{what}: {exc}") from None
    except BucketError as exc:
        raise BoothError(f"{what}: {exc}") from None


def _size(size: int) -> str:
    if size < 1e6:
        return f"{size / 1e3:,.1f} kB"
    return f"{size / 1e6:,.1f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"
