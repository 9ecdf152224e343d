"""Every check that ``booth doctor`` makes, in the order in which they are told."""

from booth.examining import checks
from booth.examining.findings import Check

CHECKS: tuple[Check, ...] = (*checks.CHECKS,)
