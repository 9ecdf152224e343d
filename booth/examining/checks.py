"""The checks of this machine, in the order in which they are told. Those of the network are the doctor's own."""

from booth.examining import baking, camera, filming, letters, machine, medium, panel, screen, service, settings, visits
from booth.examining.findings import Check

CHECKS: tuple[Check, ...] = (
    settings.CHECK,
    *camera.CHECKS,
    *panel.CHECKS,
    *screen.CHECKS,
    *baking.CHECKS,
    *filming.CHECKS,
    *letters.CHECKS,
    *visits.CHECKS,
    *medium.CHECKS,
    *machine.CHECKS,
    *service.CHECKS,
)

QUICK = tuple(check for check in CHECKS if check.quick)
"""What a booth looks at when it starts."""
