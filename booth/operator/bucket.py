"""``booth bucket plan``: the calls that set a bucket up for this booth, for its owner to run. It asks no server.

What CloudServer takes and refuses was tried against CloudServer 8.8.35 with Backbeat 8.6.49.
"""

import argparse
import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from booth.errors import ConfigError
from booth.operator import options, process
from booth.operator.command import Command

AWS, CLOUDSERVER, GCS = "aws", "cloudserver", "gcs"

UNCONSTRAINED = "us-east-1"
"""The region of Amazon's that buckets are made in where no location is named; it is refused as a location."""

ROLE = "arn:aws:iam::root:role/s3-replication-role"
"""The role that CloudServer wants for targets in clouds: exactly one, of this shape. It is not looked up."""

IDENTITY = {CLOUDSERVER: "--canonical-id", AWS: "--principal", GCS: "--principal"}
"""The option that says whose key the booth has, by kind of server."""

SHAPES = {
    CLOUDSERVER: (
        r"[0-9a-z]{64}",
        (
            "expected the 64 letters and digits that Owner.ID says when buckets are listed with the booth's key: "
            "aws s3api list-buckets --query Owner.ID --output text --endpoint-url ..."
        ),
    ),
    AWS: (
        r"arn:aws[a-z-]*:iam::[0-9]{12}:(user|role)/[A-Za-z0-9+=,.@_/-]+",
        "expected the booth's own user or role, such as arn:aws:iam::123456789012:user/booth",
    ),
    GCS: (
        r"[a-z0-9.-]+@[a-z0-9.-]+",
        (
            "expected the e-mail address of the booth's own service account, such as "
            "booth@my-project.iam.gserviceaccount.com"
        ),
    ),
}
"""What names the owner of the booth's key, by kind of server, and the sentence about what does not."""

_SITE = r"[A-Za-z0-9][A-Za-z0-9._-]*"


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
    """After how many days pictures are removed from the bucket; 0 never."""


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
            f"What was deleted or overwritten goes after {_days(_noncurrent(wish))} (outbox.keep_days); "
            + (f"pictures after {_days(wish.expire_days)}." if wish.expire_days else "pictures stay."),
        )
    )
    planned.append(
        Call(
            "put-bucket-policy",
            {"Bucket": wish.bucket, "Policy": json.dumps(policy(wish), indent=2)},
            "The booth's key may put objects into this bucket.",
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
        "NoncurrentVersionExpiration": {"NoncurrentDays": _noncurrent(wish)},
    }
    if wish.expire_days:
        rule["Expiration"] = {"Days": wish.expire_days}
    return {"Rules": [rule]}


def policy(wish: Wish) -> dict[str, Any]:
    """Return the bucket's policy: the booth's key may put objects, and nobody is allowed anything else.

    CloudServer is given the canonical id: with the account's ARN an unsigned request ends a process of one that is
    older than February 2025, and accounts that do not exist are stored without a word.
    """
    who = {"CanonicalUser": wish.identity} if wish.server == CLOUDSERVER else {"AWS": wish.identity}
    partition = wish.identity.split(":")[1] if wish.server == AWS else "aws"  # aws-cn in China, and so on
    statement = {
        "Sid": "TheBoothMayPutAnimationsAndNothingElse",
        "Effect": "Allow",
        "Principal": who,
        "Action": "s3:PutObject",
        "Resource": f"arn:{partition}:s3:::{wish.bucket}/*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def script(wish: Wish) -> str:
    """Return the plan as lines for a shell, each call with what it is for."""
    lines = [
        f"# For the bucket {wish.bucket}. Nothing has been changed, and no server was asked.",
        "# Run it with the keys of the bucket's owner, not with the booth's; stop where a call is refused.",
    ]
    for number, (why, command) in enumerate(_google(wish) if wish.server == GCS else _amazon(wish), 1):
        lines += ["", *(f"# {line}" for line in f"{number}. {why}".splitlines()), command]
    return "\n".join([*lines, "", *(f"# {line}" for line in _cautions(wish))])


def as_json(wish: Wish) -> str:
    """Return the plan for a program: each call with what it is told, by the names of the S3 interface."""
    told = [
        {"operation": call.operation, "arguments": call.arguments, "why": " ".join(call.why.split())}
        for call in calls(wish)
    ]
    return json.dumps({"endpoint_url": wish.endpoint_url, "region": wish.region, "calls": told}, indent=2)


def _amazon(wish: Wish) -> Iterator[tuple[str, str]]:
    """Give what each call is for, and the line that makes it."""
    for call in calls(wish):
        words = [
            f"aws s3api {call.operation}",
            f"--endpoint-url {shlex.quote(wish.endpoint_url)} --region {wish.region}",
        ]
        for name, value in call.arguments.items():
            text = value if isinstance(value, str) else json.dumps(value, indent=2)
            words.append(f"--{re.sub('(?<!^)(?=[A-Z])', '-', name).lower()} {shlex.quote(text)}")
        yield call.why, " \\\n  ".join(words)


def _google(wish: Wish) -> Iterator[tuple[str, str]]:
    """Give what each step is for, and the line that does it, where rights are roles and not a policy of S3's."""
    where = f"gs://{wish.bucket}"
    place = f" --location={shlex.quote(wish.location)}" if wish.location else ""
    yield (
        "The bucket; rights are the bucket's and no object's.",
        (f"gcloud storage buckets create {where}{place} --uniform-bucket-level-access"),
    )
    yield "Versions: what is overwritten is not lost at once.", f"gcloud storage buckets update {where} --versioning"
    rules: list[dict[str, Any]] = [
        {"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": _noncurrent(wish)}}
    ]
    if wish.expire_days:
        rules.append({"action": {"type": "Delete"}, "condition": {"age": wish.expire_days, "isLive": True}})
    body = json.dumps({"rule": rules}, indent=2)
    yield (
        calls(wish)[-2].why,
        (
            f"cat > lifecycle.json <<'EOF'\n{body}\nEOF\n"
            f"gcloud storage buckets update {where} --lifecycle-file=lifecycle.json"
        ),
    )
    yield (
        "The booth's account may put objects into this bucket, and read, list and delete nothing.",
        (
            f"gcloud storage buckets add-iam-policy-binding {where} \\\n"
            f"  --member={shlex.quote(f'serviceAccount:{wish.identity}')} --role=roles/storage.objectCreator"
        ),
    )


def _cautions(wish: Wish) -> Iterator[str]:
    """Give the lines about what no call can do."""
    if wish.server == CLOUDSERVER:
        yield "On this kind of server the booth's key can also read, overwrite and publish what it has put itself, and"
        yield "any account can stop replication by /_/backbeat/api: have the ingress refuse paths that begin with /_/."
    if wish.server == CLOUDSERVER and not wish.sites:
        yield "There is no replication in this plan: name the sites with --sites before the first picture."
    if wish.server == GCS:
        yield "The booth's two keys are that account's HMAC keys: gcloud storage hmac create, and its address."
    if wish.server == AWS:
        yield "The user or role needs no policy of its own; one that it has counts as well."


def _noncurrent(wish: Wish) -> int:
    """Return after how many days older versions go: S3 takes no 0."""
    return max(1, wish.keep_days)


def _days(number: int) -> str:
    return f"{number} day{'s' if number != 1 else ''}"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("plan",), help="plan: print the calls and change nothing")
    parser.add_argument("--server", choices=(CLOUDSERVER, AWS, GCS), default=CLOUDSERVER,
                        help="kind of server: cloudserver (a Zenko; the default), aws or gcs")  # fmt: skip
    parser.add_argument("--canonical-id", metavar="ID", help="cloudserver: the account that the booth's key is of")
    parser.add_argument("--principal", metavar="NAME",
                        help="aws: the booth's user or role; gcs: its service account's address")  # fmt: skip
    parser.add_argument("--location", metavar="NAME",
                        help="where the bucket lives: a location of the Zenko's, or a cloud's region")  # fmt: skip
    parser.add_argument("--sites", type=_sites, metavar="NAMES", default=(),
                        help="cloudserver: the locations to replicate to, in order: aws,gcp,azure")  # fmt: skip
    parser.add_argument("--preferred-read", metavar="NAME",
                        help="the site that is read from when the first copy is gone (else the first)")  # fmt: skip
    parser.add_argument("--expire-days", type=_expiry, metavar="DAYS", default=0,
                        help="remove pictures from the bucket after so many days (else never)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the calls for a program, not for a shell")
    options.settings(parser)


def _sites(text: str) -> tuple[str, ...]:
    """Take names of locations with commas between; blanks are refused by the server, so none are passed on."""
    names = tuple(name.strip() for name in text.split(","))
    if not all(re.fullmatch(_SITE, name) for name in names):
        raise argparse.ArgumentTypeError("expected the names of locations with commas between, such as aws,gcp,azure")
    if len(set(names)) < len(names):
        raise argparse.ArgumentTypeError("a location stands there twice: name each once")
    return names


def _expiry(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,4}", text):
        raise argparse.ArgumentTypeError("expected a number of days, from 1 to 99999")
    return int(text)


def _wrong(arguments: argparse.Namespace) -> str:
    """Return what is wrong with options together; what could be a key is not repeated."""
    server, needed = arguments.server, IDENTITY[arguments.server]
    given = {"--canonical-id": arguments.canonical_id, "--principal": arguments.principal}
    shape, sentence = SHAPES[server]
    for option, value in given.items():
        if option != needed and value is not None:
            return f"with --server {server} the booth's account is named by {needed}; leave {option} out"
    if given[needed] is None:
        return f"{needed} is needed: {sentence}"
    if not re.fullmatch(shape, given[needed]):
        return f"{needed}: {sentence}"
    if arguments.location is not None and not re.fullmatch(_SITE, arguments.location):
        return "--location: expected the name of one location, such as us-east-1"
    if arguments.sites and server != CLOUDSERVER:
        return f"--sites goes with --server {CLOUDSERVER}: one rule for several clouds is Zenko's"
    if arguments.location in arguments.sites:
        return "the location that the bucket lives in cannot be one of --sites: it is what is replicated"
    if arguments.preferred_read is not None and arguments.preferred_read not in arguments.sites:
        return "--preferred-read: expected one of --sites"
    if arguments.json and server == GCS:
        return "--json goes with the S3 interface: rights at gcs are roles, which that cannot give; leave it out"
    return ""


def wish_of(arguments: argparse.Namespace, settings: Any) -> Wish:
    """Return what the bucket is to be. Raises `ConfigError` where the settings do not say enough, or other things."""
    zenko, keep_days = settings.zenko, settings.outbox.keep_days
    if not zenko.endpoint_url and arguments.server != GCS:
        raise ConfigError("zenko.endpoint_url is empty: set it to the server that the bucket is to be on")
    least = max(keep_days, settings.share.presigned_days)
    if 0 < arguments.expire_days < least:
        raise ConfigError(
            f"--expire-days: expected {least} or more: the booth keeps pictures for {_days(keep_days)} "
            f"(outbox.keep_days), and its links last {_days(settings.share.presigned_days)} (share.presigned_days)"
        )
    sites: Sequence[str] = arguments.sites
    return Wish(
        server=arguments.server,
        bucket=zenko.bucket,
        identity=arguments.canonical_id or arguments.principal,
        endpoint_url=zenko.endpoint_url,
        region=zenko.region,
        keep_days=keep_days,
        location=arguments.location or (zenko.region if arguments.server == AWS else ""),
        sites=tuple(sites),
        preferred_read=arguments.preferred_read or (sites[0] if sites else ""),
        expire_days=arguments.expire_days,
    )


def _run(arguments: argparse.Namespace) -> int:
    """Print the plan."""
    if "CREDENTIALS_DIRECTORY" in os.environ:
        raise ConfigError("this is booth.service, which has the booth's keys: set buckets up from elsewhere")
    loaded = process.in_force(arguments)
    wish = wish_of(arguments, loaded.settings)
    print(as_json(wish) if arguments.json else script(wish), flush=True)
    return 0


COMMAND = Command(
    name="bucket",
    does="Print the calls that set the bucket up for this booth; nothing is changed.",
    more="The bucket's name, the server and how long pictures are kept are those of the settings. No server is asked. "
    "Status 0: printed; 2: something is missing or makes no sense.",
    examples=(
        (f"booth bucket plan --canonical-id {'0123456789abcdef' * 4}", "a bucket on a Zenko that keeps its pictures"),
        (f"booth bucket plan --canonical-id {'0123456789abcdef' * 4} --location transient --sites aws,gcp,azure",
         "one from which they travel on to three clouds, and are read from the first"),
        ("booth bucket plan --server aws --principal arn:aws:iam::123456789012:user/booth", "a bucket of Amazon's"),
        ("booth bucket plan --server gcs --principal booth@my-project.iam.gserviceaccount.com", "one of Google's"),
    ),
    options=_options,
    wrong=_wrong,
    run=_run,
)  # fmt: skip
