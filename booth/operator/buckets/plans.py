"""The calls that set a bucket up for this booth: one list, for what prints it and for what carries it out.

What CloudServer takes and refuses was tried against CloudServer 8.8.35 with Backbeat 8.6.49.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from booth.outbox.details import DETAILS
from booth.outbox.keys import sibling

AWS, CLOUDSERVER, GCS = "aws", "cloudserver", "gcs"

UNCONSTRAINED = "us-east-1"
"""The region of Amazon's that buckets are made in where no location is named; it is refused as a location."""

SIDS = frozenset({
    "TheBoothMayPutAnimationsAndNothingElse", "TheBoothMayPutObjects", "ItsLinksLeadToAnimations",
    "ItsLinksLeadToNobodysDetails",
})  # fmt: skip
"""The names of all statements that a policy of ours may have."""

ROLE = "arn:aws:iam::root:role/s3-replication-role"
"""The role that CloudServer wants for targets in clouds: exactly one, of this shape. It is not looked up."""


@dataclass(frozen=True)
class Wish:
    """What a bucket is to be: of the settings, and of the command line."""

    server: str
    """The kind of server: one of `SHAPES`."""

    bucket: str
    identity: str
    """Whom the booth's key belongs to, as this kind of server names accounts."""

    endpoint_url: str
    region: str
    keep_days: int
    """How long the booth keeps what it has sent, in days."""

    location: str = ""
    """Where the bucket lives, or nothing: where the server puts it."""

    sites: tuple[str, ...] = ()
    """The locations that pictures are replicated to, in order."""

    preferred_read: str = ""
    """The site that is read from once a transient source has dropped its copy; one of *sites*."""

    expire_days: int = 0
    """Days after which pictures are removed from the bucket; 0 for never."""

    pages: tuple[str, ...] = ()
    """The origins of pages whose scripts may read pictures, such as https://photos.example.com."""

    linked: str = ""
    """What the keys look like that links lead to which the booth signs, with ``*``; nothing if it signs none."""

    beside: tuple[str, ...] = ()
    """With what the keys of all else end that they lead to, in the place of the animation's ``.gif``."""


@dataclass(frozen=True)
class Call:
    """One call of the S3 interface."""

    operation: str
    """Its name, as `aws s3api` spells it."""

    arguments: Mapping[str, Any]
    """What it is told, by the names that S3 has."""

    why: str
    """What it is for, in a line or two."""


def calls(wish: Wish) -> list[Call]:
    """Return the calls that make a bucket what *wish* says, in the order in which they are taken.

    Each comes before what needs it: versioning before replication, and the key's policy last, for what is put before
    there is a rule is never replicated.
    """
    made: dict[str, Any] = {"Bucket": wish.bucket}
    if wish.location and not (wish.server == AWS and wish.location == UNCONSTRAINED):
        made["CreateBucketConfiguration"] = {"LocationConstraint": wish.location}
    planned = [
        Call(
            "create-bucket",
            made,
            f"The bucket, {f'in {wish.location}' if wish.location else 'where the server puts it'}.",
        ),
        Call(
            "put-bucket-versioning",
            {"Bucket": wish.bucket, "VersioningConfiguration": {"Status": "Enabled"}},
            "Versions: replication needs them, and what is overwritten is not lost at once.",
        ),
    ]
    if wish.sites:
        planned.append(
            Call(
                "put-bucket-replication",
                {"Bucket": wish.bucket, "ReplicationConfiguration": replication(wish)},
                f"Replication to {', '.join(wish.sites)}, read from {wish.preferred_read} when the first copy is gone. "
                "It is not\nretroactive: run this before the first picture.",
            )
        )
    planned.append(
        Call(
            "put-bucket-lifecycle-configuration",
            {"Bucket": wish.bucket, "LifecycleConfiguration": lifecycle(wish)},
            f"What was deleted or overwritten goes after {days(noncurrent(wish))} (outbox.keep_days); "
            + (f"pictures after {days(wish.expire_days)}." if wish.expire_days else "pictures stay."),
        )
    )
    if wish.pages:
        planned.append(
            Call(
                "put-bucket-cors",
                {"Bucket": wish.bucket, "CORSConfiguration": cors(wish)},
                f"Scripts of {', '.join(wish.pages)} may read what a link leads to.",
            )
        )
    planned.append(
        Call(
            "put-bucket-policy",
            {"Bucket": wish.bucket, "Policy": json.dumps(policy(wish), indent=2)},
            "The booth's key may put objects into this bucket"
            + ("; and read animations, for a link may what the key may that signed it." if _reads(wish) else "."),
        )
    )
    return planned


def replication(wish: Wish) -> dict[str, Any]:
    """Return the rule of CloudServer that copies each object to all sites.

    Whether a location is transient cannot be asked, and without a preferred read a transient one refuses the rule, so
    it is always there. The older form of rules (a prefix, no filter) is the only one that is taken.
    """
    classes = (f"{site}:preferred_read" if site == wish.preferred_read else site for site in wish.sites)
    destination = {"Bucket": f"arn:aws:s3:::{wish.bucket}", "StorageClass": ",".join(classes)}
    rule = {"ID": "every-picture-to-every-site", "Prefix": "", "Status": "Enabled", "Destination": destination}
    return {"Role": ROLE, "Rules": [rule]}


def lifecycle(wish: Wish) -> dict[str, Any]:
    """Return the rule by which the bucket forgets: older versions as the booth does, pictures only where wished."""
    rule: dict[str, Any] = {
        "ID": "forget-as-the-booth-does",
        "Filter": {"Prefix": ""},
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": noncurrent(wish)},
    }
    if wish.expire_days:
        rule["Expiration"] = {"Days": wish.expire_days}
    return {"Rules": [rule]}


def cors(wish: Wish) -> dict[str, Any]:
    """Return which pages' scripts may read what they have a link to; links, and pictures on pages, need none of it."""
    return {"CORSRules": [{"AllowedOrigins": list(wish.pages), "AllowedMethods": ["GET", "HEAD"]}]}


def policy(wish: Wish) -> dict[str, Any]:
    """Return the bucket's policy: the booth's key may put objects, and nobody is allowed anything else.

    A link may what the key may that signed it: where the booth signs some, its key may read what they lead to, and not
    the details of guests that lie beside. CloudServer lets whoever has put an object read it.

    CloudServer is given the canonical id: with the account's ARN an unsigned request ends a process of one that is
    older than February 2025, and accounts that do not exist are stored without a word.
    """
    who = {"CanonicalUser": wish.identity} if wish.server == CLOUDSERVER else {"AWS": wish.identity}
    partition = wish.identity.split(":")[1] if wish.server == AWS else "aws"  # aws-cn in China, and so on
    objects = f"arn:{partition}:s3:::{wish.bucket}/"

    def statement(sid: str, effect: str, action: str, which: str) -> dict[str, Any]:
        return {"Sid": sid, "Effect": effect, "Principal": who, "Action": action, "Resource": f"{objects}{which}"}

    if not _reads(wish):
        statements = [statement("TheBoothMayPutAnimationsAndNothingElse", "Allow", "s3:PutObject", "*")]
    else:
        statements = [
            statement("TheBoothMayPutObjects", "Allow", "s3:PutObject", "*"),
            statement("ItsLinksLeadToAnimations", "Allow", "s3:GetObject", wish.linked),
            *(
                statement(f"ItsLinksLeadTo{number}", "Allow", "s3:GetObject", sibling(wish.linked, ending))
                for number, ending in enumerate(wish.beside, 2)
            ),
        ]
        details = sibling(wish.linked, DETAILS.ending)
        if details.startswith(wish.linked):  # then what animations look like, details do, too
            statements.append(statement("ItsLinksLeadToNobodysDetails", "Deny", "s3:GetObject", details))
    return {"Version": "2012-10-17", "Statement": statements}


def _reads(wish: Wish) -> bool:
    """Return whether the policy has to let the booth's key read."""
    return bool(wish.linked) and wish.server == AWS


def noncurrent(wish: Wish) -> int:
    """Return after how many days older versions go: S3 takes no 0."""
    return max(1, wish.keep_days)


def days(number: int) -> str:
    """Return a number of days, in words."""
    return f"{number} day{'s' if number != 1 else ''}"
