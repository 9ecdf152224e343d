"""What is asked for: the options of ``booth bucket``, and the settings that say what they do not."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from booth.errors import ConfigError
from booth.operator import options as common
from booth.operator.buckets.plans import AWS, CLOUDSERVER, GCS, Wish, days
from booth.outbox import keys
from booth.ports import PAGE, Bench

PLAN, CREATE, CHECK = "plan", "create", "check"

IDENTITY = {CLOUDSERVER: "--canonical-id", AWS: "--principal", GCS: "--principal"}
"""The option that says whose key the booth has, by kind of server."""

SHAPES = {
    CLOUDSERVER: (
        r"[0-9a-z]{64}",
        (
            "expected the 64 letters and digits that booth bucket check, with the booth's keys, calls its account's "
            "canonical id"
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


def options(parser: argparse.ArgumentParser) -> None:
    """Have *parser* take what is asked for."""
    parser.add_argument("what", choices=(PLAN, CREATE, CHECK),
                        help="plan: print the calls; create: make them, with the owner's keys; check: look "
                        "whether all is right, with the booth's")  # fmt: skip
    parser.add_argument("--server", choices=(CLOUDSERVER, AWS, GCS), default=CLOUDSERVER,
                        help="kind of server: cloudserver (a Zenko; the default), aws or gcs")  # fmt: skip
    parser.add_argument("--canonical-id", metavar="ID", help="cloudserver: the account that the booth's key is of")
    parser.add_argument("--principal", metavar="NAME",
                        help="aws: the booth's user or role; gcs: its service account's address")  # fmt: skip
    parser.add_argument("--location", metavar="NAME",
                        help="where the bucket lives: a location of the Zenko's, or a cloud's region")  # fmt: skip
    parser.add_argument("--sites", type=_sites, metavar="NAMES", default=(),
                        help="cloudserver: the locations to replicate to, in order: aws,gcp,azure (check: "
                        "else those of zenko.sites)")  # fmt: skip
    parser.add_argument("--preferred-read", metavar="NAME",
                        help="the site that is read from when the first copy is gone (else the first)")  # fmt: skip
    parser.add_argument("--expire-days", type=_expiry, metavar="DAYS", default=0,
                        help="remove pictures from the bucket after so many days (else never)")  # fmt: skip
    parser.add_argument("--pages", type=_origins, metavar="ORIGINS", default=(),
                        help="pages whose scripts may read pictures: https://photos.example.com")  # fmt: skip
    parser.add_argument("--replace", action="store_true",
                        help="create: put the plan in the place of rules and policies that are there")  # fmt: skip
    parser.add_argument("--copy", action="store_true",
                        help="create: copy objects that are older than the rule onto themselves; they belong to the "
                        "owner then")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print for a program, not for people")
    common.settings(parser)


def _sites(text: str) -> tuple[str, ...]:
    """Take names of locations with commas between; blanks are refused by the server, so none are passed on."""
    names = tuple(name.strip() for name in text.split(","))
    if not all(re.fullmatch(_SITE, name) for name in names):
        raise argparse.ArgumentTypeError("expected the names of locations with commas between, such as aws,gcp,azure")
    if len(set(names)) < len(names):
        raise argparse.ArgumentTypeError("a location stands there twice: name each once")
    return names


def _origins(text: str) -> tuple[str, ...]:
    """Take origins with commas between."""
    origins = tuple(part.strip() for part in text.split(","))
    if not all(re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", origin) for origin in origins):
        raise argparse.ArgumentTypeError("expected https:// and a host, without a path: https://photos.example.com")
    return origins


def _expiry(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,4}", text):
        raise argparse.ArgumentTypeError("expected a number of days, from 1 to 99999")
    return int(text)


def wrong(arguments: argparse.Namespace) -> str:
    """Return what is wrong with options together; what could be a key is not repeated."""
    server, needed = arguments.server, IDENTITY[arguments.server]
    for option in ("replace", "copy"):
        if getattr(arguments, option) and arguments.what != CREATE:
            return f"--{option} goes with create"
    if arguments.what == CREATE and server == GCS:
        return "rights at gcs are roles, which the S3 interface cannot give: run what booth bucket plan prints"
    given = {"--canonical-id": arguments.canonical_id, "--principal": arguments.principal}
    shape, sentence = SHAPES[server]
    for option, value in given.items():
        if option != needed and value is not None:
            return f"with --server {server} the booth's account is named by {needed}; leave {option} out"
    if given[needed] is None and arguments.what != CHECK:
        return f"{needed} is needed: {sentence}"
    if given[needed] is not None and not re.fullmatch(shape, given[needed]):
        return f"{needed}: {sentence}"
    if arguments.location is not None and not re.fullmatch(_SITE, arguments.location):
        return "--location: expected the name of one location, such as us-east-1"
    if arguments.sites and server != CLOUDSERVER:
        return f"--sites goes with --server {CLOUDSERVER}: one rule for several clouds is Zenko's"
    if arguments.location in arguments.sites:
        return "the location that the bucket lives in cannot be one of --sites: it is what is replicated"
    if arguments.preferred_read is not None and arguments.preferred_read not in arguments.sites:
        return "--preferred-read: expected one of --sites"
    if arguments.pages and server == GCS:
        return "--pages goes with the S3 interface; at gcs it is gcloud storage buckets update --cors-file"
    if arguments.json and arguments.what == PLAN and server == GCS:
        return "--json goes with the S3 interface: rights at gcs are roles, which that cannot give; leave it out"
    return ""


def wish_of(arguments: argparse.Namespace, settings: Any) -> Wish:
    """Return what the bucket is to be. Raises `ConfigError` where the settings do not say enough, or other things."""
    zenko, keep_days = settings.zenko, settings.outbox.keep_days
    if not zenko.endpoint_url and (arguments.server != GCS or arguments.what == CHECK):
        raise ConfigError("zenko.endpoint_url is empty: set it to the server that the bucket is to be on")
    least = max(keep_days, settings.share.presigned_days)
    if 0 < arguments.expire_days < least:
        raise ConfigError(
            f"--expire-days: expected {least} or more: the booth keeps pictures for {days(keep_days)} "
            f"(outbox.keep_days), and its links last {days(settings.share.presigned_days)} (share.presigned_days)"
        )
    sites: Sequence[str] = arguments.sites
    if arguments.what == CHECK and arguments.server == CLOUDSERVER:
        sites = sites or tuple(zenko.sites)  # those that guests are shown lamps for
    return Wish(
        server=arguments.server,
        bucket=zenko.bucket,
        identity=arguments.canonical_id or arguments.principal or "",
        endpoint_url=zenko.endpoint_url,
        region=zenko.region,
        keep_days=keep_days,
        location=arguments.location or (zenko.region if arguments.server == AWS else ""),
        sites=tuple(sites),
        preferred_read=arguments.preferred_read or (sites[0] if sites else ""),
        expire_days=arguments.expire_days,
        pages=tuple(arguments.pages),
        linked=keys.pattern(zenko.key_template) if settings.share.presigned_days else "",
        beside=_beside(settings),
    )


def _beside(settings: Any) -> tuple[str, ...]:
    """Return with what the keys end of a guest's page, and of all that it leads to beside the animation."""
    if not settings.page.enabled:
        return ()
    from booth import choices  # the screen's library comes with it

    bench = Bench(Path(), choices.recipe_of(settings), settings.countdown.shots)  # nothing is made on it
    return (PAGE.ending, *(output.kind.ending for output in choices.outputs_of(settings, bench)))


def as_set(settings: Any) -> Wish:
    """Return what the bucket is to be as far as the settings alone say that. Raises `ConfigError`."""
    parser = argparse.ArgumentParser()
    options(parser)
    return wish_of(parser.parse_args([CHECK]), settings)
