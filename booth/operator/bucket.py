"""``booth bucket``: plans the bucket for this booth, makes it, and looks whether it is right."""

import argparse
import os
import sys
from typing import TYPE_CHECKING

from booth.errors import ConfigError
from booth.operator import owner, process
from booth.operator.buckets import asking
from booth.operator.command import Command

if TYPE_CHECKING:
    from booth.operator.buckets.plans import Wish
    from booth.settings.loading import Loaded


def _run(arguments: argparse.Namespace) -> int:
    """Print the plan, carry it out, or look whether it holds."""
    if arguments.what != asking.CHECK:  # which needs no keys but the booth's
        owner.refuse_the_appliance(os.environ)
    loaded = process.in_force(arguments)
    wish = asking.wish_of(arguments, loaded.settings)
    if arguments.what == asking.CREATE:
        return _create(arguments, loaded, wish)
    if arguments.what == asking.CHECK:
        return _check(loaded, wish, told_to_a_program=arguments.json)
    from booth.operator.buckets import telling

    print(telling.as_json(wish) if arguments.json else telling.script(wish), flush=True)
    return 0


def _check(loaded: "Loaded", wish: "Wish", *, told_to_a_program: bool) -> int:
    """Look whether all is right, with the booth's key."""
    from booth import choices
    from booth.drivers.owning import owned
    from booth.operator.buckets import findings
    from booth.operator.buckets.checking import Walk
    from booth.operator.buckets.probes import key_of

    bucket = owned(choices.bucket_of(loaded.settings))
    check = Walk(bucket, wish, key_of(loaded.settings), linked=loaded.settings.share.presigned_days > 0)
    found: list[findings.Told] = []
    stopped = False
    try:
        for finding in check.findings():
            found.append(finding)
            if not told_to_a_program:
                print(findings.line(finding), flush=True)
    except KeyboardInterrupt:
        stopped = True
    finally:
        bucket.close()
    if told_to_a_program:
        print(findings.as_json(found, left=check.left), flush=True)
    else:
        print(findings.summary(found), flush=True)
        if check.left:
            print(f"The picture of one pixel is still there: {check.left}", flush=True)
    if stopped:
        print("booth: stopped before the end", file=sys.stderr)
        return 130
    return 1 if any(each.state is findings.Judgement.WRONG for each in found) else 0


def _create(arguments: argparse.Namespace, loaded: "Loaded", wish: "Wish") -> int:
    """Make the calls of the plan that are due."""
    _refuse_a_booth()
    options = owner.bucket_of(arguments)
    if options.access_key_id and options.access_key_id == loaded.settings.zenko.access_key_id.get_secret_value():
        raise ConfigError(
            "AWS_ACCESS_KEY_ID is the booth's own key (zenko.access_key_id): take the owner's, and give the booth one "
            "of an account of its own"
        )
    from booth.drivers.owning import owned
    from booth.operator.buckets import creating
    from booth.operator.finding.progress import Progress

    progress = Progress(sys.stderr)
    bucket = owned(options)
    try:
        steps = creating.prepare(bucket, wish, creating.Order(replace=arguments.replace, copy=arguments.copy))
        creating.carry_out(bucket, steps, print)
        if arguments.copy:
            copies = creating.copy(bucket, wish, lambda done: progress.tell(f"booth: {done} objects copied"))
            progress.clear()
            print(f"{copies} object{'s' if copies != 1 else ''} copied onto themselves")
    except creating.InTheWayError as exc:
        for reason in exc.reasons:
            print(f"booth: {reason}", file=sys.stderr)
        print("booth: nothing was changed", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        progress.clear()
        print("booth: stopped; what was done is kept, and the same command goes on from there", file=sys.stderr)
        return 130
    finally:
        bucket.close()
    print("Now look whether it is right, with the booth's keys: booth bucket check", flush=True)
    return 0


def _refuse_a_booth() -> None:
    """Raise `ConfigError` on a machine that is a booth: an owner's keys may change and delete all that there is."""
    from booth import systemd
    from booth.settings import sources

    if systemd.environment_of_service(sources.PREFIX) or _keys_of_a_booth():
        raise ConfigError(
            "this machine is a booth, and whoever takes it would have the owner's keys: set the bucket up from another"
        )


def _keys_of_a_booth() -> bool:
    from booth.settings import sources

    return any((store / name).exists() for store in sources.STORES for name in sources.CREDENTIALS)


COMMAND = Command(
    name="bucket",
    does="Set the bucket up for this booth: print the calls, make them, or look whether all is right.",
    more="The bucket's name, the server and how long pictures are kept are those of the settings. plan asks no server, "
    "and changes nothing. create makes the calls of plan that are due, with the keys of the bucket's owner "
    "(AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile), never on a machine that is a booth, and stops before "
    "it would harm what is there. check walks from the host to the rights with the booth's own keys, puts a picture of "
    "one pixel, says what to do where something is wrong, and tries what that key should not be allowed; --sites names "
    "where pictures should go. Status 0: done, or all is right; 1: something is wrong or in the way, or the server "
    "refuses; 2: something is missing or makes no sense; 130: stopped.",
    examples=(
        (f"booth bucket plan --canonical-id {'0123456789abcdef' * 4}", "a bucket on a Zenko that keeps its pictures"),
        (f"booth bucket create --canonical-id {'0123456789abcdef' * 4} --location transient --sites aws,gcp,azure",
         "make one from which they travel on to three clouds, and are read from the first"),
        ("sudo booth bucket check --sites aws,gcp,azure", "on a booth: whether key, rule and rights are right"),
        ("booth bucket plan --server aws --principal arn:aws:iam::123456789012:user/booth", "a bucket of Amazon's"),
        ("booth bucket plan --server gcs --principal booth@my-project.iam.gserviceaccount.com", "one of Google's"),
    ),
    options=asking.options,
    wrong=asking.wrong,
    run=_run,
)  # fmt: skip
