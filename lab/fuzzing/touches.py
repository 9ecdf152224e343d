"""What panels, mice and keyboards say: nothing raises, and what a hand has typed is typed once, however it trembles."""

import contextlib
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pygame

from booth.core.events import Tick
from booth.core.form import EMAIL_LIMIT, NAME_LIMIT, Field, Form
from booth.core.machine import step
from booth.core.rules import Rules
from booth.core.scene import FormScene, scene
from booth.core.states import Animation, Booth, FillingIn
from booth.core.visit import SHOWN, SessionId
from booth.ports import Size
from booth.ui.hands import Hands
from booth.ui.languages import Languages
from booth.ui.layout import Layout
from booth.ui.text.fonts import Fonts
from booth.units import Instant, Pixels, Seconds, later
from lab.fuzzing import Violation

SIZES = tuple(Size(Pixels(width), Pixels(height)) for width, height in ((800, 480), (1024, 600), (480, 800)))
RULES = Rules(consents=(SHOWN,), form_idle=Seconds(1e9))
ODD = (float("nan"), float("inf"), float("-inf"), -0.01, 0.0, 1.0, 1.02, 1e30)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class _Form:
    """A form under hands; the real machine fills it in."""

    def __init__(self, rng: random.Random, fonts: Fonts, focus: Field) -> None:
        self.size = rng.choice(SIZES)
        self.now = Instant(100.0)
        self.hands = Hands(Layout(self.size), self.size, (0, 0), None, lambda: SessionId("new"), Languages("en"), fonts)
        visit = FillingIn(SessionId("visit"), Form(focus=focus), self.now, later(self.now, Seconds(1e9)))
        self.booth = Booth(visit, missing=frozenset())
        self._show()

    def _show(self) -> None:
        self.hands.watch(scene(self.booth, self.now, RULES))

    @property
    def form(self) -> Form | None:
        return getattr(self.booth.state, "form", None)

    def take(self, raw: pygame.Event) -> None:
        for event in self.hands.meant(raw, self.now):
            self.booth, _ = step(self.booth, event, RULES)
        self._show()

    def wait(self, seconds: float) -> None:
        self.now = later(self.now, Seconds(seconds))
        for event in self.hands.passed(self.now):
            self.booth, _ = step(self.booth, event, RULES)
        self.booth, _ = step(self.booth, Tick(self.now), RULES)
        self._show()
        self.hands.feedback(self.now)
        self.hands.spots()

    def finger(self, kind: int, x: float, y: float, device: int, number: int) -> None:
        where = {"x": (x + 0.5) / self.size.width, "y": (y + 0.5) / self.size.height, "dx": 0.0, "dy": 0.0}
        self.take(pygame.Event(kind, {"touch_id": device, "finger_id": number, "pressure": 1.0, **where}))


def _typed(rng: random.Random, fonts: Fonts) -> str:
    """Have a hand type small letters on a panel that trembles, by up to two devices; they are there, each once."""
    at = _Form(rng, fonts, Field.EMAIL)
    text = "".join(rng.choices(LETTERS[: rng.choice((2, 26))], k=rng.randrange(1, 12)))
    twin, number = rng.random() < 0.5, 0
    for letter in text:
        spot = next(spot for spot in at.hands.spots() if spot.name == f"key:{letter}")
        x, y = spot.x + spot.width / 2, spot.y + spot.height / 2
        for _ in range(rng.choice((1, 1, 2, 5, 20))):
            number += rng.random() < 0.3
            jitter_x, jitter_y = rng.uniform(-6, 6), rng.uniform(-6, 6)
            for kind in (pygame.FINGERDOWN, pygame.FINGERUP):
                at.finger(kind, x + jitter_x, y + jitter_y, 1, number)
                if twin:
                    at.finger(kind, x - jitter_x, y, 2, number)
                at.wait(rng.uniform(0.0, 0.04))
        at.wait(rng.uniform(0.08, 0.2))
    if at.form is None or at.form.email.text != text:
        raise Violation(f"{len(text)} letters were typed, and {len(at.form.email.text) if at.form else 0} are there")
    return "typed"


def _anything(rng: random.Random, fonts: Fonts) -> str:
    """Say anything at all; the form stays a form."""
    at = _Form(rng, fonts, rng.choice(list(Field)))
    for _ in range(rng.randrange(1, 80)):
        at.take(_raw(rng, at.size))
        if rng.random() < 0.5:
            at.wait(rng.choice((0.0, 0.017, 0.05, 0.4, 3.0, 11.0)))
        form = at.form
        if form is None:
            return "left"
        for line, most in ((form.name, NAME_LIMIT), (form.email, EMAIL_LIMIT)):
            if len(line.text) > most or not 0 <= line.caret <= len(line.text):
                raise Violation(f"a line of {len(line.text)} characters has its caret at {line.caret}")
    shown, state = scene(at.booth, at.now, RULES), at.booth.state
    if not (isinstance(shown, FormScene) and isinstance(state, FillingIn) and state.animation is Animation.MAKING):
        return "moved on"
    return "stayed"


def _raw(rng: random.Random, size: Size) -> pygame.Event:
    """Return something that SDL may say, or nearly."""
    kind = rng.choice(("finger", "finger", "mouse", "move", "key", "text"))
    facts: dict[str, Any]
    if kind == "finger":
        x, y = (rng.choice(ODD) if rng.random() < 0.2 else rng.random() for _ in range(2))
        facts = {"touch_id": rng.randrange(-1, 3), "finger_id": rng.randrange(3), "x": x, "y": y, "dx": 0.0, "dy": 0.0}
        return pygame.Event(rng.choice((pygame.FINGERDOWN, pygame.FINGERUP, pygame.FINGERMOTION)), facts)
    where = rng.randrange(-50, size.width + 50), rng.randrange(-50, size.height + 50)
    if kind == "mouse":
        facts = {"pos": where, "button": rng.randrange(1, 4), "touch": rng.random() < 0.3}
        return pygame.Event(rng.choice((pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)), facts)
    if kind == "move":
        return pygame.Event(pygame.MOUSEMOTION, {"pos": where, "buttons": (rng.randrange(2), 0, 0), "touch": False})
    if kind == "text":
        return pygame.Event(pygame.TEXTINPUT, {"text": "".join(chr(rng.randrange(1, 0x3000)) for _ in range(3))})
    keys = (pygame.K_BACKSPACE, pygame.K_LEFT, pygame.K_RIGHT, pygame.K_HOME, pygame.K_END, pygame.K_TAB, pygame.K_a)
    facts = {"key": rng.choice(keys), "mod": 0, "scancode": 4, "unicode": ""}
    return pygame.Event(rng.choice((pygame.KEYDOWN, pygame.KEYUP)), facts)


@contextlib.contextmanager
def prepared(_folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what has one hand at one form."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    pygame.font.init()
    fonts = Fonts(())
    try:
        yield lambda rng: rng.choice((_typed, _anything))(rng, fonts)
    finally:
        pygame.font.quit()
