"""Where to touch a booth's screen to write something: the booth's own screen and machine, painted here, tell."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from booth.choices import rules_of
from booth.core import machine
from booth.core.form import Form
from booth.core.scene import FormScene, Scene, scene
from booth.core.states import Animation, Booth, FillingIn
from booth.core.visit import SessionId
from booth.ports import Size, Spot
from booth.settings.model import Settings
from booth.sim.guest import Typist
from booth.ui.screen import PygameScreen
from booth.units import Instant, Pixels, Seconds, later
from lab.screens.screens import easel

Point = tuple[int, int]

BETWEEN = Seconds(1.0)
"""So long after one tap comes the next, here: slow enough that no two are a double tap."""


class Fingers:
    """A form on a screen that nobody sees, which is touched as the one that is seen shall be."""

    def __init__(self, screen: PygameScreen, size: Size) -> None:
        self._screen, self._size = screen, size
        self._rules = replace(rules_of(Settings()), form_idle=Seconds(1e6), judge=lambda _address: None)
        self._now = Instant(1000.0)
        visit = FillingIn(SessionId("visit"), Form(), self._now, later(self._now, Seconds(1e6)), Animation.READY)
        self._booth = Booth(visit, missing=frozenset())
        screen.show(self._scene, self._now)

    @property
    def _scene(self) -> Scene:
        return scene(self._booth, self._now, self._rules)

    def fill_in(self, name: str, address: str) -> Iterator[Point]:
        """Yield the pixel to touch next, until the form is filled in and sent."""
        typist = Typist(self._look)
        for field, text in (("field:name", name), ("field:email", address)):
            yield self._touch(self._look()[field])
            for spot in typist.taps(text):
                if isinstance(spot, str):
                    raise LookupError(f"there is no key for {spot!r}")  # noqa: TRY004 it is no wrong type
                yield self._touch(spot)
        yield self._touch(self._look()["send"])

    def at(self, name: str) -> Point:
        """Return the pixel to touch for what is called *name*."""
        return self._touch(self._look()[name])

    def _look(self) -> Mapping[str, Spot]:
        return {spot.name: spot for spot in self._screen.spots()}

    def _touch(self, spot: Spot) -> Point:
        x, y = spot.x + spot.width // 2, spot.y + spot.height // 2
        self._now = later(self._now, BETWEEN)
        self._screen.finger(Pixels(x), Pixels(y))
        for event in self._screen.events(self._now):
            self._booth, _ = machine.step(self._booth, event, self._rules)
        if isinstance(self._scene, FormScene):
            self._screen.show(self._scene, self._now)
        return x, y


@contextmanager
def fingers(width: int, height: int) -> Iterator[Fingers]:
    """Give the fingers for a screen of this size."""
    size = Size(Pixels(width), Pixels(height))
    with easel(size) as stage:
        yield Fingers(stage.screen, size)


if __name__ == "__main__":
    with fingers(800, 480) as these:
        print(list(these.fill_in(sys.argv[1], sys.argv[2])))
