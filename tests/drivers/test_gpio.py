"""The button and the LED, over gpiozero's mock pins and over its RPi.GPIO factory on a GPIO that is wired up here."""

import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event, Semaphore
from types import ModuleType
from typing import Any

import gpiozero
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from booth.drivers.gpio import GpioButton, GpioLed, open_factory, pins
from booth.errors import PinError
from booth.ports import Presses as Heard
from booth.units import Instant, Seconds
from lab.clock import HandClock
from tests.waiting import PATIENCE, until

SETTLE = Seconds(0.002)
"""Short, because the button's thread waits for so long in real time before it asks the clock that is moved by hand."""
BRIEF = 0.0019
LASTING = 0.0061
"""For so long a level need last to count, whatever was before."""

BUTTON, LED = 18, 7
"""Broadcom's numbers."""


class Presses:
    """Count what the button reports."""

    def __init__(self) -> None:
        self.count = 0
        self._news = Semaphore(0)

    def __call__(self) -> None:
        self.count += 1
        self._news.release()

    def wait(self) -> None:
        """Block until the next press."""
        assert self._news.acquire(timeout=PATIENCE), "no press was reported"


@dataclass
class Bench:
    """A button and a lamp on a table, and a clock in a hand."""

    factory: Any
    wire: Callable[[bool], None]
    """Puts the button's line to high or low, as contacts do."""
    lamp: Callable[[], bool]
    """Whether the LED's line is high."""
    clock: HandClock

    def button(self, on_press: Callable[[], None], pin: str = "GPIO18") -> GpioButton:
        return GpioButton(pin, factory=self.factory, debounce=SETTLE, on_press=on_press, now=self.clock.now)

    def hold(self, *, pressed: bool, seconds: float) -> None:
        """Put the line to a level and let time pass."""
        self.wire(not pressed)
        self.clock.advance(seconds)

    def settle(self, button: GpioButton, *, pressed: bool) -> None:
        """Put the line to a level, let it settle, and wait until the button's thread has looked at it."""
        self.hold(pressed=pressed, seconds=LASTING)
        until(lambda: button._line.due is None)

    def press(self, button: GpioButton, presses: Presses) -> None:
        """Press the button down for good and let it go."""
        self.settle(button, pressed=True)
        presses.wait()
        self.settle(button, pressed=False)


@contextlib.contextmanager
def mock_bench() -> Iterator[Bench]:
    """Lay out gpiozero's mock pins."""
    from gpiozero.pins.mock import MockFactory

    factory = MockFactory()
    button, led = factory.pin(BUTTON), factory.pin(LED)
    yield Bench(
        factory,
        lambda high: button.drive_high() if high else button.drive_low(),
        lambda: bool(led.state),
        HandClock(Instant(1000.0)),
    )
    factory.close()


def wired_gpio() -> Any:
    """Return fake-rpi's GPIO with wires: it keeps functions and levels, and calls back on edges as RPi.GPIO does."""
    with contextlib.redirect_stdout(io.StringIO()):  # it greets
        from fake_rpi.RPi import _GPIO

        class WiredGPIO(_GPIO):
            def __init__(self):
                super().__init__()
                self.functions = {}
                self.levels = {BUTTON: 1}
                self.callbacks = {}
                self.deaf = False

            def setmode(self, mode):
                assert mode == self.BCM

            def setwarnings(self, on):
                pass

            def setup(self, channel, direction, pull_up_down=None, initial=None):
                self.functions[channel] = direction
                if initial is not None:
                    self.levels[channel] = int(initial)

            def gpio_function(self, channel):
                return self.functions[channel]

            def input(self, channel):
                return self.levels.get(channel, 0)

            def output(self, channel, state):
                if self.functions[channel] != self.OUT:
                    raise RuntimeError("The GPIO channel has not been set up as an OUTPUT")
                self.levels[channel] = int(state)

            def add_event_detect(self, channel, edge, callback=None, bouncetime=None):
                assert (edge, bouncetime) == (self.BOTH, -666)  # both edges, and no bounce filter
                self.callbacks[channel] = callback

            def remove_event_detect(self, channel):
                self.callbacks.pop(channel, None)

            def cleanup(self, channel=None):
                for gone in [channel] if channel is not None else list(self.functions):
                    self.functions.pop(gone, None)

            def wire(self, high):
                moved = self.levels[BUTTON] != int(high)
                self.levels[BUTTON] = int(high)
                if moved and not self.deaf and BUTTON in self.callbacks:
                    self.callbacks[BUTTON](BUTTON)

        return WiredGPIO()


@contextlib.contextmanager
def rpi_bench() -> Iterator[Bench]:
    """Lay out a Pi 3B whose RPi.GPIO is ours."""
    import gpiozero.pins.local

    gpio, package = wired_gpio(), ModuleType("RPi")
    package.GPIO = gpio
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "RPi", package)
        patch.setitem(sys.modules, "RPi.GPIO", gpio)
        patch.delitem(sys.modules, "gpiozero.pins.rpigpio", raising=False)
        patch.setattr(gpiozero.pins.local.LocalPiFactory, "_get_revision", lambda factory: 0xA02082)
        factory = open_factory("rpigpio")
        yield Bench(factory, gpio.wire, lambda: bool(gpio.levels.get(LED)), HandClock(Instant(1000.0)))
        factory.close()
        sys.modules.pop("gpiozero.pins.rpigpio")


BENCHES = {"mock": mock_bench, "rpigpio": rpi_bench}


@pytest.fixture(params=sorted(BENCHES))
def bench(request) -> Iterator[Bench]:
    """Lay out both benches, one after the other."""
    with BENCHES[request.param]() as laid_out:
        yield laid_out


@pytest.fixture
def rpi() -> Iterator[Bench]:
    """Lay out the bench whose wire can do what mock pins cannot."""
    with rpi_bench() as laid_out:
        yield laid_out


# ---- the button


@pytest.mark.parametrize("kind", sorted(BENCHES))
@settings(max_examples=15, deadline=None)
@given(
    trace=st.lists(
        st.tuples(
            st.lists(st.floats(0.0, BRIEF / 4), max_size=8).filter(lambda spans: len(spans) % 2 == 0),
            st.sampled_from(["press", "spike"]),
        ),
        max_size=4,
    )
)
def test_bouncing_contacts_are_one_press_each_and_spikes_are_none(kind, trace):
    """Whatever chatters on the way, the button reports the presses that lasted, each once."""
    presses, expected = Presses(), 0
    with BENCHES[kind]() as bench, contextlib.closing(bench.button(presses)) as button:
        for spans, what in trace:
            for index, span in enumerate(spans):
                bench.hold(pressed=index % 2 == 0, seconds=span)
            if what == "press":
                bench.press(button, presses)
                expected += 1
            bench.settle(button, pressed=False)
        bench.press(button, presses)
    assert expected + 1 == presses.count


def test_a_held_button_is_one_press(bench):
    """Chatter while the button is held is no second press, and none comes when it is let go."""
    presses = Presses()
    with contextlib.closing(bench.button(presses)) as button:
        bench.settle(button, pressed=True)
        presses.wait()
        for _ in range(5):
            bench.hold(pressed=False, seconds=BRIEF)
            bench.settle(button, pressed=True)
        bench.settle(button, pressed=False)
        bench.press(button, presses)
    assert 2 == presses.count


def test_a_press_through_hum_is_one_press(bench):
    """A line that a lamp hums into is never still; a button that is held meanwhile is heard, once."""
    presses = Presses()
    with contextlib.closing(bench.button(presses)) as button:
        for _ in range(30):
            bench.hold(pressed=True, seconds=0.0009)
            bench.hold(pressed=False, seconds=0.0001)
        presses.wait()
        bench.settle(button, pressed=False)
        for _ in range(30):
            bench.hold(pressed=True, seconds=0.0001)
            bench.hold(pressed=False, seconds=0.0009)
        bench.press(button, presses)
    assert 2 == presses.count


def test_what_was_heard_is_counted(bench):
    """Presses, and how often the line moved: a spike is no press, and a sign of noise."""
    presses = Presses()
    with contextlib.closing(bench.button(presses)) as button:
        before = button.presses()
        bench.press(button, presses)
        bench.wire(False)
        bench.wire(True)
        counted = button.presses()
    assert (Heard(0, 0), Heard(1, 4)) == (before, counted)


def test_how_long_a_button_is_held_is_told(bench):
    """From the press, or from the start if it was found down, until it is let go."""
    told = []
    for found in (False, True):
        bench.wire(not found)
        with contextlib.closing(bench.button(Presses())) as button:
            told.append(button.held_for())
            bench.settle(button, pressed=True)
            bench.clock.advance(30.0)
            told.append(button.held_for() >= 30.0)
            bench.settle(button, pressed=False)
            told.append(button.held_for())
    assert [0.0, True, 0.0, 0.0, True, 0.0] == told


def test_a_button_to_the_supply_is_pressed_when_its_pin_is_high(bench):
    """Wired the other way round, and told so: the pin is pulled down, and a press is a high level."""
    presses = Presses()
    button = GpioButton(
        "GPIO18", factory=bench.factory, debounce=SETTLE, on_press=presses, now=bench.clock.now, active_high=True
    )
    with contextlib.closing(button):
        pull = bench.factory.pin(BUTTON).pull
        bench.settle(button, pressed=True)  # a low pin
        bench.settle(button, pressed=False)  # a high one
        presses.wait()
        held = button.held_for() > 0.0
        bench.settle(button, pressed=True)
    assert ("down", True, 1) == (pull, held, presses.count)


def test_a_button_that_is_down_at_the_start_is_no_press(rpi):
    """A jammed or leant-on button starts nothing until it was let go and pressed again."""
    presses = Presses()
    rpi.wire(False)
    with contextlib.closing(rpi.button(presses)) as button:
        rpi.settle(button, pressed=True)
        rpi.settle(button, pressed=False)
        rpi.press(button, presses)
    assert 1 == presses.count


def test_an_edge_that_the_kernel_lost_is_found_by_reading_the_line(rpi):
    """When only the first edge of a bouncing press or release is heard, the line itself says how it ended."""
    presses, gpio = Presses(), sys.modules["RPi.GPIO"]
    with contextlib.closing(rpi.button(presses)) as button:
        for pressed in (True, False):
            rpi.hold(pressed=pressed, seconds=0.0)
            rpi.hold(pressed=not pressed, seconds=0.0)
            gpio.deaf = True
            rpi.hold(pressed=pressed, seconds=LASTING)
            gpio.deaf = False
            looking = Event()
            while button._line.level is not pressed:
                assert not looking.wait(0.001)
            rpi.settle(button, pressed=pressed)
        presses.wait()
        rpi.press(button, presses)
    assert 2 == presses.count


def test_a_callback_that_fails_is_logged_and_the_next_press_is_heard(bench):
    """What goes wrong after a press does not make the button deaf, and does not go unseen."""
    presses = Presses()

    def fail_once() -> None:
        presses()
        if presses.count == 1:
            raise ValueError("a bug further on")

    with capture_logs() as logs, contextlib.closing(bench.button(fail_once)) as button:
        bench.press(button, presses)
        bench.press(button, presses)
    assert 2 == presses.count
    assert [("button.callback_failed", "error")] == [(entry["event"], entry["log_level"]) for entry in logs]


def test_a_closed_button_is_silent_and_its_pin_is_free(bench):
    """After `close`, twice if asked, its thread has ended, presses go nowhere, and the pin can be opened again."""
    presses, again = Presses(), Presses()
    button = bench.button(presses)
    bench.hold(pressed=True, seconds=0.0)
    button.close()
    button.close()
    bench.clock.advance(LASTING)
    assert not button._thread.alive
    bench.wire(True)
    with contextlib.closing(bench.button(again, pin="BOARD12")) as button:
        bench.press(button, again)
    assert (0, 1) == (presses.count, again.count)


def test_a_button_whose_pins_are_gone_can_be_closed(bench):
    """Nobody fails for it; where the library complains, the log says so."""
    button = bench.button(Presses())
    bench.factory.close()
    with capture_logs() as logs:
        button.close()
    assert not button._thread.alive
    assert {entry["event"] for entry in logs} <= {"button.close_failed"}


def test_a_pin_that_is_taken_says_so(bench):
    """The same hole in the header cannot be both button and LED, however it is called."""
    with (
        contextlib.closing(bench.button(Presses(), pin="BOARD12")),
        pytest.raises(PinError, match=r"LED cannot use pin GPIO18 .* a pin each"),
    ):
        GpioLed("GPIO18", factory=bench.factory)


@pytest.mark.parametrize("pin", ["BOARD2", "GPIO99", "start"])
def test_a_pin_that_does_not_exist_says_how_pins_are_called(bench, pin):
    """5 V, a number beyond the header and a word are refused with an example of what is meant."""
    with pytest.raises(PinError, match=rf"button cannot use pin {pin} .*GPIO18"):
        bench.button(Presses(), pin=pin)


def test_a_pin_that_another_program_holds_says_so(rpi):
    """What a pin library raises of its own becomes ours, with something to do, and the pin is let go."""

    def busy(channel, edge, **options):
        raise RuntimeError("GPIO busy")

    gpio = sys.modules["RPi.GPIO"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gpio, "add_event_detect", busy)
        with pytest.raises(PinError, match=r"button cannot use pin GPIO18 \(GPIO busy\): .* other program"):
            rpi.button(Presses())
    rpi.button(Presses()).close()


# ---- the lamp


def test_the_lamp_follows(bench):
    """On is high, off is low, and it starts dark."""
    with contextlib.closing(GpioLed("GPIO7", factory=bench.factory)) as led:
        seen = [bench.lamp()]
        for on in (True, True, False):
            led.set(on=on)
            seen.append(bench.lamp())
    assert [False, True, True, False] == seen


def test_a_lamp_behind_a_relay_that_a_low_pin_pulls(bench):
    """Told that it is lit by a low pin, it is: dark is high, from the first moment on."""
    with contextlib.closing(GpioLed("GPIO7", factory=bench.factory, active_high=False)) as led:
        seen = [bench.lamp()]
        for on in (True, False):
            led.set(on=on)
            seen.append(bench.lamp())
    assert [True, False, True] == seen


def test_a_closed_lamp_is_dark_and_stays_so(bench):
    """`close` puts it out, twice if asked; after it nothing lights it, and the pin is free."""
    led = GpioLed("GPIO7", factory=bench.factory)
    led.set(on=True)
    led.close()
    led.close()
    led.set(on=True)
    assert not bench.lamp()
    GpioLed("BOARD26", factory=bench.factory).close()


def test_a_lamp_whose_pin_is_gone_says_so(bench):
    """A pin that stops being an output is a `PinError`, and the lamp can still be closed."""
    led = GpioLed("GPIO7", factory=bench.factory)
    bench.factory.pin(LED).function = "input"
    with pytest.raises(PinError, match="look at its wires"):
        led.set(on=True)
    with pytest.raises(PinError):
        led.close()
    assert led._led.closed


# ---- the factories


@pytest.mark.parametrize(
    ("name", "library", "remedy"),
    [
        ("lgpio", "lgpio", "python3-lgpio"),
        ("rpigpio", "RPi", "python3-rpi-lgpio"),
        ("pigpio", "pigpio", "pigpiod"),
    ],
)
def test_a_pin_library_that_is_not_installed_says_what_to_install(monkeypatch, name, library, remedy):
    """No other library is tried in its place."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"gpiozero.pins.{name}", raising=False)
    with pytest.raises(PinError, match=rf"'{name}' cannot be opened .*{remedy}.*--simulate"):
        open_factory(name)


def test_a_machine_that_is_no_pi_says_so(monkeypatch):
    """The native factory needs no library, so it gets as far as asking which board this is."""
    import gpiozero.pins.local

    def unknown(_factory):
        raise gpiozero.PinUnknownPi("unable to locate Pi revision")

    monkeypatch.setattr(gpiozero.pins.local.LocalPiFactory, "_get_revision", unknown)
    with pytest.raises(PinError, match=r"unable to locate Pi revision.*group gpio"):
        open_factory("native")


def test_the_process_wide_factory_is_never_set(bench):
    """Devices are given their pins; gpiozero's own guess is not asked for."""
    with (
        contextlib.closing(bench.button(Presses())),
        contextlib.closing(GpioLed("GPIO7", factory=bench.factory)),
    ):
        assert gpiozero.Device.pin_factory is None


# ---- the pins of both


class TestPins:
    def test_they_are_let_go_after_the_devices_on_them_however_late_they_were_found(self):
        """A device on pins that are gone already cannot be closed: the real library fails there."""
        closed = []

        class Factory:
            def close(self):
                closed.append("pins")

        with ExitStack() as stack:
            factory = pins(lambda name: Factory(), stack)
            stack.callback(closed.append, "button")
            assert factory("lgpio") is factory("lgpio")
        assert ["button", "pins"] == closed

    def test_pins_that_were_never_found_are_not_let_go(self):
        """A booth ends that never had any."""
        with ExitStack() as stack:
            pins(lambda name: pytest.fail("nobody asked for them"), stack)
