"""The button and the LED, opened when they can be."""

import threading
from types import SimpleNamespace

import pytest
import structlog.testing

from booth.errors import PinError
from booth.ports import Presses
from booth.units import Seconds
from booth.workers import Console
from tests.waiting import PATIENCE


class Part:
    """A button or a lamp; `trouble` is raised by its next uses."""

    def __init__(self):
        self.opened = 0
        self.done = []
        self.missing = None
        self.trouble = None
        self.held = Seconds(0.0)
        self.heard = Presses(3, 8)

    def held_for(self):
        return self.held

    def presses(self):
        return self.heard

    def open(self):
        if self.missing is not None:
            raise self.missing
        self.opened += 1
        return self

    def set(self, *, on):
        if self.trouble is not None:
            raise self.trouble
        self.done.append(on)

    def close(self):
        self.done.append("close")
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def parts():
    parts = SimpleNamespace(button=Part(), led=Part())
    parts.console = Console(parts.button.open, parts.led.open)
    return parts


class TestConsole:
    def test_it_opens_both_once(self, parts):
        """However often the caretaker looks."""
        parts.console.check()
        parts.console.check()
        assert (1, 1) == (parts.button.opened, parts.led.opened)

    def test_a_button_that_is_held_for_long_is_told_once_and_heals(self, parts):
        """Nobody leans on it for so long: it is held down by something, or its cable is shorted."""
        told = [parts.console.held()]
        parts.console.check()
        with structlog.testing.capture_logs() as logs:
            for seconds in (0.0, 19.9, 20.0, 500.0, 0.0):
                parts.button.held = Seconds(seconds)
                told.append(parts.console.held())
        assert [False, False, False, True, True, False] == told
        assert [("button.held", "warning"), ("button.let_go", "info")] == [
            (line["event"], line["log_level"]) for line in logs
        ]

    def test_a_button_that_is_missing_is_looked_for_again(self, parts):
        """Until it is there; the caretaker is told every time."""
        parts.button.missing = PinError("the button cannot use pin GPIO18")
        for _ in range(2):
            with pytest.raises(PinError, match="GPIO18"):
                parts.console.check()
        parts.button.missing = None
        parts.console.check()
        assert (1, 1) == (parts.button.opened, parts.led.opened)

    def test_a_lamp_that_is_missing_does_not_open_the_button_twice(self, parts):
        """What is open stays open."""
        parts.led.missing = PinError("the LED cannot use pin GPIO7")
        with pytest.raises(PinError):
            parts.console.check()
        parts.led.missing = None
        parts.console.check()
        assert (1, 1) == (parts.button.opened, parts.led.opened)

    def test_a_lamp_that_comes_late_shows_what_it_should(self, parts):
        """The level outlives the lamp's absence."""
        parts.console.set(on=True)
        parts.console.check()
        parts.console.set(on=False)
        assert [True, False] == parts.led.done

    def test_a_lamp_that_fails_does_not_end_the_booth_and_is_opened_again(self, parts):
        """The loop goes on; the caretaker finds out, and brings the lamp back as it should be."""
        parts.console.check()
        parts.led.trouble = PinError("the LED does not answer")
        with structlog.testing.capture_logs() as logs:
            parts.console.set(on=True)
        assert ["led.lost"] == [line["event"] for line in logs]
        with pytest.raises(PinError):
            parts.console.check()
        parts.led.trouble = None
        parts.led.done.clear()
        parts.console.check()
        assert [True] == parts.led.done

    def test_closing_lets_both_go(self, parts):
        """Twice does no harm; nor does a lamp that cannot be put out."""
        parts.console.check()
        parts.led.trouble = PinError("the LED does not answer")
        parts.console.close()
        parts.console.close()
        assert (["close"], ["close"]) == (parts.button.done, parts.led.done[1:])

    def test_closing_does_not_wait_for_a_pin_that_hangs(self, parts):
        """A library that never comes back must not keep the booth from ending."""
        opening, go = threading.Event(), threading.Event()

        def hang():
            opening.set()
            assert go.wait(PATIENCE)
            return parts.button

        console = Console(hang, parts.led.open)
        caretaker = threading.Thread(target=console.check)
        caretaker.start()
        assert opening.wait(PATIENCE)
        console.close()
        assert caretaker.is_alive()
        go.set()
        caretaker.join(PATIENCE)
        console.close()


def test_what_the_button_was_heard_to_do_is_passed_on(parts):
    """Before it is open, nothing; and nobody waits for a pin that is being opened."""
    before = parts.console.presses()
    parts.console.check()
    assert (Presses(), Presses(3, 8)) == (before, parts.console.presses())
