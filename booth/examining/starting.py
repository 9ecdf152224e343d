"""What a booth that starts finds out about itself: the quick checks, once, aside, and one fact in the log."""

from collections.abc import Sequence

import structlog

from booth.examining.checks import QUICK
from booth.examining.findings import Finding, Premises, Sign, worst
from booth.examining.running import QUICK as WITHIN
from booth.examining.running import examine
from booth.units import Seconds

log = structlog.get_logger()


def look(premises: Premises, within: Seconds = WITHIN) -> None:
    """Carry the quick checks out, and log what came of them. Blocks, *within* at most: not for the loop."""
    tell(list(examine(QUICK, premises, within=within)))


def tell(found: Sequence[Finding]) -> None:
    """Log what was found, as one fact: how many are how, and what is wrong, with what to do about the first."""
    counts = {str(sign): sum(finding.sign is sign for finding in found) for sign in Sign}
    sign = worst(found)
    if sign not in {Sign.BAD, Sign.WARN}:
        log.info("doctor.checked", worst=str(sign), **counts)
        return
    wrong = [finding for finding in found if finding.sign is sign]
    first = wrong[0]
    why = f"{first.check}: {first.measured}; {first.cure}"
    say = log.warning if sign is Sign.BAD else log.info
    say("doctor.checked", worst=str(sign), **counts, checks=[finding.check for finding in wrong], why=why)
