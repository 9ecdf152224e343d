"""The panel that is only drawn, under the real drivers."""

import contextlib
from threading import Semaphore

import pytest

from booth.drivers.gpio import GpioButton, GpioLed
from booth.sim.pins import SimPanel
from booth.units import Seconds
from lab.clock import HandClock
from tests.waiting import PATIENCE


@pytest.fixture
def panel():
    """Open a panel whose button takes its time."""
    with contextlib.closing(SimPanel("GPIO18", "GPIO7", travel=Seconds(0.01))) as opened:
        yield opened


def edges(panel):
    """Return the levels that the button's line went through, from released."""
    return [bool(state.state) for state in panel._button.states]


def test_the_lamp_is_what_the_driver_says(panel):
    """`lit` is the level of the LED's pin, and a closed LED is dark."""
    led = GpioLed("GPIO7", factory=panel.factory)
    seen = [panel.lit]
    led.set(on=True)
    seen.append(panel.lit)
    led.close()
    assert [False, True, False] == [*seen, panel.lit]


def test_the_quickest_click_is_one_press(panel):
    """A press and a release without any time between reach the booth as one press, chatter and all."""
    clock, presses = HandClock(), Semaphore(0)
    button = GpioButton(
        "GPIO18", factory=panel.factory, debounce=Seconds(0.001), on_press=presses.release, now=clock.now
    )
    with contextlib.closing(button):
        panel.press()
        panel.release()
        clock.advance(0.002)
        assert presses.acquire(timeout=PATIENCE)
    assert not presses.acquire(blocking=False)


def test_the_contacts_chatter():
    """The line goes up and down before it stays, at both ends of the button's way."""
    with contextlib.closing(SimPanel("GPIO18", "GPIO7", travel=Seconds(0), bounces=2)) as panel:
        panel._button.states.clear()
        panel.press()
        panel.release()
        assert [False, True, False, True, False, True, False, True, False, True] == edges(panel)


def test_a_button_held_again_before_it_came_up_stays_down(panel):
    """A second click that is faster than a finger melts into the first; the button is not left hanging."""
    panel.press()
    spring = panel._spring
    panel.release()
    panel.press()
    panel.press()
    spring.join(PATIENCE)
    assert not panel._button.state
    panel.release()
    panel.release()
    assert panel._button.state


def test_a_quick_release_comes_by_itself(panel):
    """The button comes up after its travel, though nobody touches it any more."""
    panel.press()
    spring = panel._spring
    panel.release()
    spring.join(PATIENCE)
    assert panel._button.state


def test_a_closed_panel_is_dead(panel):
    """After `close`, twice if asked, nothing moves, and no thread is left."""
    panel.press()
    spring = panel._spring
    panel.close()
    panel.close()
    panel.release()
    panel.press()
    assert not spring.is_alive()
    assert panel._spring is None


def test_the_pins_do_not_remember_for_ever(panel):
    """A night of blinking takes no memory."""
    with contextlib.closing(GpioLed("GPIO7", factory=panel.factory)) as led:
        for _ in range(500):
            led.set(on=True)
            led.set(on=False)
    assert 100 == len(panel._led.states)


def test_a_panel_that_is_wired_the_other_way_round():
    """With a button to 3.3 V and a lamp that a low pin lights, the drivers that are told so hear and light the same."""
    clock, presses = HandClock(), Semaphore(0)
    panel = SimPanel("GPIO18", "GPIO7", travel=Seconds(0), button_high=True, led_high=False)
    with contextlib.closing(panel):
        button = GpioButton(
            "GPIO18",
            factory=panel.factory,
            debounce=Seconds(0.001),
            on_press=presses.release,
            now=clock.now,
            active_high=True,
        )
        led = GpioLed("GPIO7", factory=panel.factory, active_high=False)
        with contextlib.closing(button), contextlib.closing(led):
            seen = [panel.lit]
            led.set(on=True)
            seen.append(panel.lit)
            panel.press()
            clock.advance(0.002)
            assert presses.acquire(timeout=PATIENCE)
    assert [False, True] == seen
