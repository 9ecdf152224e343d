"""The button and its lamp: beside a booth that runs by what that has heard, else by hand."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from booth.core.events import Notice, Part
from booth.examining.findings import BUSY, Check, Finding, Premises, Sign
from booth.ports import Presses

if TYPE_CHECKING:
    from booth.ports import Button

NAME = "button"

CHATTER = 30
"""Moves of the line for each press: two are a press and a release, and a good contact adds some at either end."""

LOOK = 0.05
"""How often it is looked whether the button was let go, in seconds."""

WORN = "take another button, or a shorter cable, away from the lamp's and from mains"
WIRES = "look at both wires (one to the pin, one to ground), and at [button] pin and active_high"


def button(premises: Premises) -> Iterator[Finding]:
    """Look whether button and lamp can be had; with ``--press``, watch a press while the lamp is lit."""
    if premises.bulletin is not None:
        told = premises.bulletin
        heard = Presses(told.parts.presses, told.parts.edges)
        if Part.BUTTON.value in told.missing:
            why = "the booth that runs cannot have the pins of button and lamp"
            yield Finding(NAME, Sign.BAD, why, cure="journalctl -u booth tells why; " + WIRES)
        elif Notice.BUTTON_HELD.value in told.notices:
            yield Finding(NAME, Sign.BAD, "it is held down, or its cable is shorted", cure=WIRES)
        else:
            yield _chatter(heard, f"{heard.heard} presses since the booth was started")
        if premises.press:
            cure = "sudo systemctl stop booth, then again; a press now would begin a visit"
            yield Finding(f"{NAME} press", Sign.SKIPPED, "the booth runs, and listens itself", cure=cure)
    elif premises.reach is None:
        yield Finding(NAME, Sign.SKIPPED, BUSY)
    else:
        yield from _by_hand(premises)


def _by_hand(premises: Premises) -> Iterator[Finding]:
    from booth import choices

    assert premises.reach is not None  # noqa: S101 - who calls has looked
    pins = choices.pins_of(premises.settings)
    pressed = threading.Event()
    with ExitStack() as stack:
        world = premises.reach(stack)
        opened = stack.enter_context(closing(world.open_button(pins, pressed.set)))
        lamp = stack.enter_context(closing(world.open_led(pins)))
        if opened.held_for() > 0:
            yield Finding(NAME, Sign.BAD, f"{pins.button} is down, and nobody asked for that", cure=WIRES)
        elif not premises.press:
            yield Finding(NAME, Sign.OK, f"{pins.button} can be had, and is not down; --press watches a press")
        else:
            lamp.set(on=True)
            premises.tell(f"press the button now, and look at its lamp ({pins.led}): it is lit")
            yield _pressed(premises, opened, pressed, pins.button)
        yield Finding(
            f"{NAME} lamp", Sign.OK, f"{pins.led} can be had, and was " + ("lit" if premises.press else "not lit")
        )


def _pressed(premises: Premises, opened: "Button", pressed: threading.Event, pin: str) -> Finding:
    """Wait for a press, and until it is let go; return what it was like."""
    if not pressed.wait(max(premises.left - 1.0, 0.0)):
        moved = opened.presses().edges
        seen = f"its line moved {moved} times" if moved else "its line did not move"
        return Finding(NAME, Sign.BAD, f"no press on {pin}; {seen}", cure=WORN if moved else WIRES)
    rest = threading.Event()
    while opened.held_for() > 0 and premises.left > 0:
        rest.wait(LOOK)
    heard = opened.presses()
    return _chatter(heard, f"a press on {pin}")


def _chatter(heard: Presses, said: str) -> Finding:
    if not heard.edges:
        return Finding(NAME, Sign.OK, said)
    moves = heard.edges / max(heard.heard, 1)
    measured = f"{said}, {heard.edges} moves of its line"
    if moves > CHATTER:
        return Finding(NAME, Sign.WARN, measured, f"{CHATTER} a press", WORN)
    return Finding(NAME, Sign.OK, measured, f"{CHATTER} a press")


CHECKS = (Check(NAME, button),)
