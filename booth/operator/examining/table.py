"""Every check that ``booth doctor`` makes, in the order in which they are told."""

from collections.abc import Iterable

from booth.examining import checks
from booth.examining.findings import Check, Finding, Premises
from booth.units import Seconds


def _network(premises: Premises) -> Iterable[Finding]:
    from booth.operator.examining import network  # the client comes with it, which a quick look does without

    return network.look(premises)


def _bucket(premises: Premises) -> Iterable[Finding]:
    from booth.operator.examining import bucket

    return bucket.look(premises)


NETWORK = Check("network", _network, within=Seconds(16.0))
BUCKET = Check("bucket", _bucket, within=Seconds(16.0))

CHECKS: tuple[Check, ...] = (*checks.CHECKS, NETWORK, BUCKET)
