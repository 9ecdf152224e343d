"""The button and the LED, as the booth holds them: opened when they can be, looked for again when they cannot."""

import contextlib
import threading
from collections.abc import Callable

import structlog

from booth.errors import PinError
from booth.ports import Button, Led, Presses
from booth.units import Seconds

HELD = Seconds(20.0)
"""A button that is down for longer is told to the operator: no guest begins a visit by leaning on it."""

PIN = Seconds(0.5)
"""How long a pin that is being opened is waited for at the end."""

log = structlog.get_logger()


class Console:
    """The button and the LED: opened when they can be, looked for again when they cannot."""

    def __init__(self, open_button: Callable[[], Button], open_led: Callable[[], Led]) -> None:
        self._open_button = open_button
        self._open_led = open_led
        self._opening = threading.Lock()
        self._lamp = threading.Lock()  # never held for long: the loop takes it
        self._on = False
        self._held = False  # asked by one thread only
        self._button: Button | None = None
        self._led: Led | None = None

    def check(self) -> None:
        """Open what is not open. Raises `PinError`."""
        with self._opening:
            if self._button is None:
                self._button = self._open_button()
            if self._led is None:
                led = self._open_led()
                with self._lamp:
                    self._led = led
                    self._light()

    def held(self) -> bool:
        """Return whether the button is held down for longer than a finger is on it. Its line may be shorted."""
        with self._opening:
            held = self._button is not None and self._button.held_for() >= HELD
        if held is not self._held:
            self._held = held
            if held:
                log.warning("button.held", why="the button is held down, or its cable is shorted: look at both")
            else:
                log.info("button.let_go")
        return held

    def presses(self) -> Presses:
        """Return what the button was heard to do since it was opened. Does not block, whatever pin is being opened."""
        button = self._button
        return button.presses() if button is not None else Presses()

    def set(self, *, on: bool) -> None:
        """Light the LED or put it out, as soon as there is one. One that does not answer is opened again by `check`."""
        with self._lamp:
            self._on = on
            try:
                self._light()
            except PinError as exc:
                log.warning("led.lost", why=str(exc))

    def close(self) -> None:
        """Let the pins go. May be called twice."""
        if not self._opening.acquire(timeout=PIN):
            return  # a pin that hangs while it is being opened goes with the process
        with self._lamp:
            button, self._button = self._button, None
            if button is not None:
                button.close()
            self._let_go()
        self._opening.release()

    def _light(self) -> None:
        try:
            if self._led is not None:
                self._led.set(on=self._on)
        except PinError:
            self._let_go()
            raise

    def _let_go(self) -> None:
        led, self._led = self._led, None
        if led is not None:
            with contextlib.suppress(PinError):  # it cannot be put out; its pin is free all the same
                led.close()
