"""A booth that is led through a visit by hand."""

import pytest

from booth.core.effects import Effect
from booth.core.events import FieldChosen, FrameTaken, Part, PartBack, Pressed, Tick, Typed
from booth.core.form import Field
from booth.core.machine import start, step
from booth.core.rules import Rules
from booth.core.session import SessionId
from booth.core.states import Booth, Exposing, FillingIn
from booth.units import Instant


class Walk:
    """A booth, the time it is, and everything that the booth has asked for on the way."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.now = Instant(100.0)
        self.booth: Booth = start(self.now, rules)
        self.asked: list[Effect] = []
        self._visits = 0

    @property
    def visit(self):
        return self.booth.visit

    @property
    def session(self) -> SessionId:
        return self.booth.visit.session

    def fresh(self) -> SessionId:
        """Return the name of a visit that has not been yet: visit-1, visit-2, ..."""
        self._visits += 1
        return SessionId(f"visit-{self._visits}")

    def happen(self, kind, **facts) -> tuple[Effect, ...]:
        """Let an event of *kind* happen now; return what the booth asks for."""
        self.booth, effects = step(self.booth, kind(now=self.now, **facts), self.rules)
        self.asked.extend(effects)
        return effects

    def answer(self, kind, **facts) -> tuple[Effect, ...]:
        """Let a worker answer for the visit that there is."""
        return self.happen(kind, session=self.session, **facts)

    def wait(self, seconds: float) -> tuple[Effect, ...]:
        """Let time pass, and be noticed."""
        self.now = Instant(self.now + seconds)
        return self.happen(Tick)

    def sit_out(self) -> tuple[Effect, ...]:
        """Let time pass until the state's deadline."""
        return self.wait(self.visit.until - self.now)

    def press(self) -> tuple[Effect, ...]:
        """Press the start button."""
        return self.happen(Pressed, fresh=self.fresh())

    def come_up(self) -> "Walk":
        """Have all parts report."""
        for part in Part:
            self.happen(PartBack, part=part)
        return self

    def pose(self, shot: int = 1) -> "Walk":
        """Go on until shutter *shot* is open, frames coming as they should."""
        while not (isinstance(self.visit, Exposing) and self.visit.shot == shot):
            if isinstance(self.visit, Exposing):
                self.answer(FrameTaken, shot=self.visit.shot)
            else:
                self.sit_out()
        return self

    def to_form(self) -> "Walk":
        """Press, pose for all frames, and stand before the form."""
        self.press()
        self.pose(self.rules.shots)
        self.answer(FrameTaken, shot=self.rules.shots)
        assert isinstance(self.visit, FillingIn)
        return self

    def type_in(self, field: Field, text: str) -> "Walk":
        """Type into a field."""
        self.happen(FieldChosen, field=field)
        self.happen(Typed, text=text)
        return self


@pytest.fixture
def start_walk():
    """Return what begins a walk with rules of its own: the power has just come on."""
    return lambda **rules: Walk(Rules(**rules))


@pytest.fixture
def walk(start_walk):
    """Return a walk that has come to Attract: the booth is ready."""
    return start_walk().come_up()
