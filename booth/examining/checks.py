"""The checks of this machine, in the order in which they are told. Those of the network are the doctor's own."""

from booth.examining import machine, settings
from booth.examining.findings import Check

CHECKS: tuple[Check, ...] = (
    settings.CHECK,
    *machine.CHECKS,
)

QUICK = tuple(check for check in CHECKS if check.quick)
"""What a booth looks at when it starts."""
