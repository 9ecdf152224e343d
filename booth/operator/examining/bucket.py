"""The bucket, as ``booth bucket check`` walks through it with the booth's own key. One picture of one pixel is put."""

from collections.abc import Iterable, Iterator

from booth import choices
from booth.drivers.owning import owned
from booth.drivers.wire import proxy_for
from booth.examining.findings import Finding, Premises, Sign
from booth.operator.buckets import asking, checking
from booth.operator.buckets.findings import Judgement, Told
from booth.operator.buckets.probes import key_of
from booth.operator.buckets.rights import OWN_ACCOUNT
from booth.operator.examining.network import PATIENCE
from booth.units import Seconds

_SIGNS = {Judgement.RIGHT: Sign.OK, Judgement.WRONG: Sign.BAD, Judgement.UNKNOWN: Sign.SKIPPED}

_NO_HARM_TONIGHT = {"versions", "admin"}
"""What is wrong with these keeps no picture from arriving."""

_LEAST = Seconds(3.0)
"""The least time that must be left for anything else to be asked."""


def look(premises: Premises) -> Iterator[Finding]:
    """Walk from the host to the rights, and say what stays of what was put."""
    settings = premises.settings
    options = choices.bucket_of(settings)
    if not options.endpoint_url:
        yield Finding("bucket", Sign.WARN, "no server is named: pictures stay on this booth",
                      cure="set zenko.endpoint_url to the server that pictures go to")  # fmt: skip
        return
    bucket = owned(options, patience=PATIENCE)
    check = checking.Walk(
        bucket,
        asking.as_set(settings),
        key_of(settings),
        linked=settings.share.presigned_days > 0,
        wall=premises.clock.wall,
    )
    proxied = proxy_for(options.endpoint_url) is not None
    try:
        yield from walked(check.findings(), premises, clock_told=not proxied)
    finally:
        bucket.close()
    yield from _stays(check)


def walked(found: Iterable[Told], premises: Premises, *, clock_told: bool) -> Iterator[Finding]:
    """Give what the walk finds, until there is no time for more.

    *clock_told*: a clock that is right is told of already, by the look at the network.
    """
    for told in found:
        if not (clock_told and told.what == "clock" and told.state is not Judgement.WRONG):
            yield finding(told)
        if premises.left < _LEAST:
            yield Finding("bucket", Sign.WARN, "the server is too slow for the rest to be looked at",
                          cure="measure the network: booth net")  # fmt: skip
            return


def finding(told: Told) -> Finding:
    """Return what a walk through the bucket found, with a sign for tonight."""
    sign = _SIGNS[told.state]
    if sign is Sign.BAD and (told.what in _NO_HARM_TONIGHT or told.cure == OWN_ACCOUNT):
        sign = Sign.WARN
    return Finding(f"bucket {told.what}", sign, told.says, cure=told.cure)


def _stays(check: checking.Walk) -> Iterator[Finding]:
    if check.left:
        yield Finding(
            "bucket probe", Sign.OK, f"{check.left} stays ({len(checking.GIF)} bytes): its owner may delete it"
        )
    elif check.tried:
        yield Finding("bucket probe", Sign.OK, "what was put for trying is deleted again")
