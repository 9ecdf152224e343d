"""The screen and its touch panel: what is plugged in, as the kernel tells, and what a booth that runs draws on.

The law: nothing is painted, and whoever stands before it is not disturbed, unless somebody asks for ``--touch``.
"""

import re
from collections.abc import Iterator

from booth.examining import touching
from booth.examining.findings import Check, Finding, Premises, Sign

NAME = "screen"

CARDS = "sys/class/drm"
"""A folder for each connector of each graphics chip: ``card1-HDMI-A-1``."""

INPUTS = "proc/bus/input/devices"
"""What can be touched or typed on; a panel that lies on the screen says so by its property 2, "direct"."""

CABLE = "plug it in before the power; a DSI panel wants its ribbon cable firm at both ends"


def screen(premises: Premises) -> Iterator[Finding]:
    """Look for a screen, and for a touch panel."""
    if premises.bulletin is not None:
        yield Finding(NAME, Sign.OK, f"the booth draws on {premises.bulletin.parts.screen}")
    else:
        yield _connected(premises)
    yield _touched(premises)
    if premises.touch:
        yield from touching.corners(premises)


def _touched(premises: Premises) -> Finding:
    devices = premises.text(INPUTS)
    if devices is None:
        return Finding(f"{NAME} touch", Sign.SKIPPED, "this machine does not tell its input devices")
    panels = [name for block in devices.split("\n\n") if (name := _panel(block))]
    if panels:
        return Finding(f"{NAME} touch", Sign.OK, ", ".join(panels))
    cure = "plug the panel's USB or ribbon cable in; without one guests need a keyboard or a mouse"
    return Finding(f"{NAME} touch", Sign.WARN, "there is no touch panel", cure=cure)


def _connected(premises: Premises) -> Finding:
    folder = premises.root / CARDS
    names = sorted(place.name for place in folder.glob("card*-*")) if folder.is_dir() else []
    states = {name: premises.text(f"{CARDS}/{name}/status") for name in names}
    there = [name for name in names if states[name] == "connected"]
    if there:
        sizes = [(premises.text(f"{CARDS}/{name}/modes") or "").partition("\n")[0] for name in there]
        said = ", ".join(f"{name.partition('-')[2]} {size}".strip() for name, size in zip(there, sizes, strict=True))
        return Finding(NAME, Sign.OK, said)
    if names and "unknown" not in states.values():  # some drivers cannot tell
        return Finding(NAME, Sign.BAD, f"nothing is plugged in ({len(names)} connectors)", cure=CABLE)
    return Finding(NAME, Sign.SKIPPED, "this machine does not tell what is plugged in")


def _panel(block: str) -> str:
    """Return the name of a device that is a touch panel; "" for others."""
    name = re.search(r'^N: Name="(.*)"$', block, re.MULTILINE)
    properties = re.search(r"^B: PROP=([0-9a-f]+)$", block, re.MULTILINE)
    touched = re.search(r"^B: ABS=(?!0$)", block, re.MULTILINE)
    direct = properties is not None and int(properties[1], 16) & 2
    return name[1] if name and direct and touched else ""


CHECKS = (Check(NAME, screen, quick=True),)
