"""How a plan is told: as lines for a shell, or for a program."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

from booth.operator.buckets.plans import AWS, CLOUDSERVER, GCS, Wish, calls, noncurrent


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
            words.append(
                f"--{re.sub('(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])', '-', name).lower()} {shlex.quote(text)}"
            )
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
        {"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": noncurrent(wish)}}
    ]
    if wish.expire_days:
        rules.append({"action": {"type": "Delete"}, "condition": {"age": wish.expire_days, "isLive": True}})
    body = json.dumps({"rule": rules}, indent=2)
    yield (
        next(call.why for call in calls(wish) if "lifecycle" in call.operation),
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
    if wish.server == CLOUDSERVER and wish.pages:
        yield "Some of these servers take put-bucket-cors only with Content-MD5 (else: BadDigest), which booth bucket"
        yield "create sends, and the program aws does not."
    if wish.server == GCS:
        yield "The booth's two keys are that account's HMAC keys: gcloud storage hmac create, and its address."
        yield "This role cannot replace an object: a picture whose first answer was lost would be refused until"
        yield "somebody looks. docs/clouds.md has a role that can, and what it may do besides."
    if wish.server == GCS and wish.linked:
        yield "The booth signs links (share.presigned_days), and a link may what its key may: with this role each leads"
        yield "to an error. The role of docs/clouds.md with storage.objects.get ends that, too."
    if wish.server == AWS:
        yield "The user or role needs no policy of its own; one that it has counts as well."
