"""The button and the LED, on gpiozero's pins.

The law: the pin factory is always given, never guessed; the library's own bounce filter stays off, for it loses
presses. Every raw edge goes to `booth.core.debounce`, which alone says what a press is.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from threading import Condition
from typing import Any, Literal

import structlog

from booth.core.debounce import Debouncer
from booth.errors import PinError
from booth.ports import Presses
from booth.threads import Loop
from booth.units import Instant, Seconds

FactoryName = Literal["lgpio", "rpigpio", "pigpio", "native"]
"""Which library reaches the pins. There is no default and no falling back."""

PinFactory = Any
"""A `gpiozero.Factory`: where pins come from. It outlives the devices on it, and has ``close()``."""

log = structlog.get_logger(__name__)

_NEEDS = {
    "lgpio": "install the package python3-lgpio, and let the user be in the group gpio",
    "rpigpio": "install the package python3-rpi-lgpio (or python3-rpi.gpio), and let the user be in the group gpio",
    "pigpio": "install the packages python3-pigpio and pigpio, and start the service pigpiod",
    "native": "let the user be in the group gpio; this factory needs /dev/gpiomem",
}
_SIMULATE = "`booth --simulate` runs without pins"


def open_factory(name: FactoryName) -> PinFactory:
    """Return the pin factory called *name*. The caller closes it, after the devices.

    Raises `PinError` if its library is not there, or does not reach the pins.
    """
    try:
        match name:
            case "lgpio":
                from gpiozero.pins.lgpio import LGPIOFactory as Factory
            case "rpigpio":
                from gpiozero.pins.rpigpio import RPiGPIOFactory as Factory
            case "pigpio":
                from gpiozero.pins.pigpio import PiGPIOFactory as Factory
            case "native":
                from gpiozero.pins.native import NativeFactory as Factory
        factory = Factory()
        factory.board_info  # noqa: B018  the first look at the board; a machine that is no Pi says so here
    except Exception as exc:  # each of the four libraries has errors of its own, without a common root
        raise PinError(
            f"the pin factory {name!r} cannot be opened ({_saying(exc)}): {_NEEDS[name]}; {_SIMULATE}"
        ) from exc
    return factory


@dataclass(frozen=True)
class PinOptions:
    """Where button and LED are, and how they are wired."""

    factory: FactoryName
    button: str
    """``"GPIO18"`` (Broadcom's number) or ``"BOARD12"`` (the header's)."""
    debounce: Seconds
    button_high: bool
    """Whether a pressed button is a high pin."""
    led: str
    """The LED's pin, named as the button's."""
    led_high: bool
    """Whether a lit LED is a high pin."""


def pins(open_pins: Callable[[FactoryName], PinFactory], stack: ExitStack) -> Callable[[FactoryName], PinFactory]:
    """Return what gives a pin factory by its name, opened as soon as it can be.

    Whenever that is, it is closed with the *stack*, after all that was put on the stack since: the devices on it.
    """
    opened = ExitStack()
    stack.callback(opened.close)

    @cache
    def factory(name: FactoryName) -> PinFactory:
        found = open_pins(name)
        opened.callback(found.close)
        return found

    return factory


def open_button(
    options: PinOptions, factory: PinFactory, on_press: Callable[[], None], now: Callable[[], Instant]
) -> "GpioButton":
    """Return the button where *options* say that it is. Raises `PinError` if the pin cannot be had."""
    return GpioButton(
        options.button,
        factory=factory,
        debounce=options.debounce,
        on_press=on_press,
        now=now,
        active_high=options.button_high,
    )


def open_led(options: PinOptions, factory: PinFactory) -> "GpioLed":
    """Return the LED where *options* say that it is. Raises `PinError` if the pin cannot be had."""
    return GpioLed(options.led, factory=factory, active_high=options.led_high)


def _cannot_open(what: str, pin: str, exc: Exception) -> PinError:
    """Return the error that says what to do about *what* on *pin*."""
    from gpiozero.exc import GPIOPinInUse, PinInvalidPin

    match exc:
        case GPIOPinInUse():
            advice = "something else in the booth has this pin; give the button and the LED a pin each"
        case PinInvalidPin():
            advice = "this board has no such pin, or it is no GPIO; name one like GPIO18 (Broadcom's number) or BOARD12"
        case _:
            advice = "see that no other program holds the pin, and that the user is in the group gpio"
    return PinError(f"the {what} cannot use pin {pin} ({_saying(exc)}): {advice}")


def _saying(exc: Exception) -> str:
    return str(exc) or type(exc).__name__


class GpioButton:
    """A button between a pin and ground; fulfils `booth.ports.Button`.

    The pin is pulled up, so pressed is low; with *active_high* the button is between the pin and 3.3 V, the pin is
    pulled down, and pressed is high. *pin* is ``"GPIO18"`` (Broadcom's number) or ``"BOARD12"`` (the header's).
    *on_press* is called once for each press, when the line has been pressed for *debounce* seconds longer than not,
    from a thread of the button's own; what it raises is logged, and the next press is reported all the same. *now* is
    asked from that thread, from the pin library's, and from whoever asks how long it is held. A button that is down
    from the start is no press.

    Raises `PinError` if the pin cannot be had.
    """

    def __init__(
        self,
        pin: str,
        *,
        factory: PinFactory,
        debounce: Seconds,
        on_press: Callable[[], None],
        now: Callable[[], Instant],
        active_high: bool = False,
    ) -> None:
        from gpiozero import InputDevice

        self._on_press = on_press
        self._now = now
        self._active_high = active_high
        self._news = Condition()
        self._presses = 0
        self._heard = self._edges = 0
        self._closed = False
        device = None
        try:
            device = InputDevice(pin, pull_up=not active_high, pin_factory=factory)
            device.pin.bounce = None
            device.pin.edges = "both"
            found = bool(device.is_active)
            since = now()
            self._line = Debouncer(debounce, pressed=found, level=found, since=since, held=since if found else None)
            # The pin, and not a `gpiozero.Button`: that one swallows an edge if it believes that it has seen it before.
            device.pin.when_changed = self._moved
            with self._news:  # it may have moved before anybody listened
                self._line, _ = self._line.look(bool(device.is_active), now())
        except Exception as exc:
            if device is not None:
                device.close()
            raise _cannot_open("button", pin, exc) from exc
        self._device = device
        self._thread = Loop("button", self._watch)
        self._thread.start()

    def held_for(self) -> Seconds:
        """Return how long the button has been held down; 0 if it is not. May be called from any thread."""
        with self._news:
            return self._line.held_for(self._now())

    def presses(self) -> Presses:
        """Return how many presses there were, and how often the line moved. May be called from any thread."""
        return Presses(self._heard, self._edges)

    def close(self) -> None:
        """Let the pin go. No call back after this. May be called twice."""
        with self._news:
            if self._closed:
                return
            self._closed = True
            self._news.notify()
        self._thread.join()
        try:
            self._device.pin.when_changed = None
            self._device.close()
        except Exception as exc:  # noqa: BLE001 a pin that is gone need not be let go, and nobody shall fail for it
            log.warning("button.close_failed", why=_saying(exc))

    def _moved(self, _ticks: float, state: float) -> None:
        """Take an edge. Called from the pin library's thread."""
        with self._news:
            self._line, press = self._line.edge(bool(state) is self._active_high, self._now())
            self._presses += press
            self._edges += 1
            self._news.notify()

    def _watch(self) -> None:
        """Report presses until the button is closed."""
        while self._waited_for_press():
            try:
                self._on_press()
            except Exception:  # the next press must be heard whatever this one led to
                log.exception("button.callback_failed")

    def _waited_for_press(self) -> bool:
        """Block until there is a press to report (True) or the button is closed (False)."""
        with self._news:
            while not self._closed:
                if self._presses:
                    self._presses -= 1
                    self._heard += 1
                    return True
                due, now = self._line.due, self._now()
                if due is None:
                    self._news.wait()
                elif now < due:
                    self._news.wait(max(due - now, 0.001))  # seconds; a clock moved by hand is looked at often enough
                else:
                    # Edges get lost when contacts chatter faster than the kernel's queue is emptied: read the line.
                    self._line, press = self._line.look(bool(self._device.is_active), now)
                    self._presses += press
            return False


class GpioLed:
    """A lamp from a pin over a resistor to ground, lit when the pin is high; fulfils `booth.ports.Led`.

    Not *active_high* is what is lit when the pin is low, such as a lamp behind a relay that a low pin pulls.

    Raises `PinError` if the pin cannot be had.
    """

    def __init__(self, pin: str, *, factory: PinFactory, active_high: bool = True) -> None:
        from gpiozero import LED

        try:
            self._led = LED(pin, active_high=active_high, initial_value=False, pin_factory=factory)
        except Exception as exc:
            raise _cannot_open("LED", pin, exc) from exc

    def set(self, *, on: bool) -> None:
        """Light it or put it out. Does not block. Nothing happens once it is closed.

        Raises `PinError` if the pin is gone.
        """
        if self._led.closed:
            return
        try:
            self._led.value = on
        except Exception as exc:
            raise PinError(f"the LED does not answer ({_saying(exc)}): look at its wires, then start again") from exc

    def close(self) -> None:
        """Put it out and let the pin go. May be called twice."""
        try:
            self.set(on=False)
        finally:
            self._led.close()
