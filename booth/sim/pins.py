"""The pins of a booth that has none: gpiozero's mock ones, and the finger and the eye at them.

The drivers on top are the real ones, `booth.drivers.gpio`, with ``factory=panel.factory``.
"""

from collections import deque
from threading import Lock, Timer
from typing import Any

from booth.units import Seconds

TRAVEL = Seconds(0.1)
"""How long a finger takes to push a button down and let it up again, at least."""


class SimPanel:
    """A button and a lamp that are only drawn. Opened before the drivers, closed after them.

    `press` and `release` may be called from any thread and do not block. However fast they follow each other, the
    button is down for *travel* seconds, as under a finger: a click of some microseconds would be taken for a spike.
    The contact chatters *bounces* times at each end of its way, as contacts do. Button and lamp are wired as
    *button_high* and *led_high* say: pressed, and lit, is a high pin, or a low one.
    """

    def __init__(
        self,
        button_pin: str,
        led_pin: str,
        *,
        travel: Seconds = TRAVEL,
        bounces: int = 3,
        button_high: bool = False,
        led_high: bool = True,
    ) -> None:
        from gpiozero.pins.mock import MockFactory

        self.factory = MockFactory()
        """The pin factory for the drivers."""
        self._button = _forgetful(self.factory.pin(button_pin))
        self._led = _forgetful(self.factory.pin(led_pin))
        self._button.pull = "down" if button_high else "up"
        self._button_high, self._led_high = button_high, led_high
        self._travel = travel
        self._bounces = bounces
        self._finger = Lock()  # mock pins take no care of threads
        self._spring: Timer | None = None
        self._let_go = True
        self._closed = False

    def press(self) -> None:
        """Push the button down; it stays down until `release`."""
        with self._finger:
            if self._closed or not self._let_go:
                return
            self._let_go = False
            if self._spring is not None:
                return  # it is still on its way up, and goes down again
            self._drive(pressed=True)
            if self._travel > 0:
                self._spring = Timer(self._travel, self._sprung)
                self._spring.daemon = True
                self._spring.start()

    def release(self) -> None:
        """Let the button go; it comes up as soon as it has been down long enough."""
        with self._finger:
            if self._closed or self._let_go:
                return
            self._let_go = True
            if self._spring is None:
                self._drive(pressed=False)

    @property
    def lit(self) -> bool:
        """Whether the lamp is on."""
        return bool(self._led.function == "output" and bool(self._led.state) is self._led_high)

    def close(self) -> None:
        """Take the finger off. May be called twice."""
        with self._finger:
            self._closed = True
            spring, self._spring = self._spring, None
        if spring is not None:
            spring.cancel()
            spring.join()
        self.factory.close()

    def _sprung(self) -> None:
        with self._finger:
            self._spring = None
            if self._let_go and not self._closed:
                self._drive(pressed=False)

    def _drive(self, *, pressed: bool) -> None:
        """Move the line, with some chatter before it stays."""
        high = pressed is self._button_high
        for _ in range(self._bounces):
            self._move(high=high)
            self._move(high=not high)
        self._move(high=high)

    def _move(self, *, high: bool) -> None:
        if high:
            self._button.drive_high()
        else:
            self._button.drive_low()


def _forgetful(pin: Any) -> Any:
    """Let a mock pin forget: it would keep every change for ever, and the lamp blinks all night."""
    pin.states = deque(pin.states, maxlen=100)
    return pin
