"""The operator's screen in the simulator's window, with nothing but a mouse and Shift: real events, the real oven."""

from contextlib import ExitStack

import pygame

from booth.core.operating import Tab
from booth.core.states import Attract, Knocking, Operating
from booth.door import Door
from booth.ports import Size
from booth.simulation import Simulation, simulated
from booth.ui.corners import HELD
from booth.ui.kitchen.plan import Plan
from booth.ui.layout import Side
from tests.flows.party import settings_of

PIN = "271828"


class Mouse:
    """A mouse and a Shift key before the window of a party's booth; places are pixels of its screen."""

    def __init__(self, party, screen_at):
        self.party, self.at = party, screen_at

    def button(self, kind, x, y):
        pygame.event.post(pygame.Event(kind, {"pos": (x + self.at[0], y + self.at[1]), "button": 1, "touch": False}))
        self.party.turn()

    def shift(self, kind):
        pygame.event.post(pygame.Event(kind, {"key": pygame.K_LSHIFT, "mod": 0, "scancode": 225, "unicode": ""}))
        self.party.turn()

    def click(self, name):
        """Click what can be touched and has this name."""
        (spot,) = (spot for spot in self.party.screen.spots() if spot.name == name)
        at = spot.x + spot.width // 2, spot.y + spot.height // 2
        self.button(pygame.MOUSEBUTTONDOWN, *at)
        self.button(pygame.MOUSEBUTTONUP, *at)
        self.party.turn(0.5)


def test_the_way_in_with_a_mouse(tmp_path, a_party, monkeypatch):
    """A corner held with Shift, the PIN on its pad, a page of the operator's screen, and back to the invitation."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with ExitStack() as stack:
        settings = settings_of({})
        world = simulated(settings, Simulation(outbox=tmp_path / "none"), stack)
        party = a_party(uploads=False, screen=world.open_screen, world={"operator": tmp_path / "operator"})
        Door(tmp_path / "operator", party.disk, party.clock.uptime, cost=2).lock(PIN)
        party.until(Attract)
        mouse = Mouse(party, Plan(Size(*settings.screen.size), Side(settings.camera.lens)).screen_at)
        mouse.button(pygame.MOUSEBUTTONDOWN, 5, 5)
        party.turn(HELD + 0.1)
        party.turn()
        assert Attract() == party.state
        mouse.shift(pygame.KEYDOWN)
        party.turn(HELD + 0.1)
        party.until(Knocking)
        mouse.shift(pygame.KEYUP)
        mouse.button(pygame.MOUSEBUTTONUP, 5, 5)
        for digit in PIN:
            mouse.click(f"pin:{digit}")
        mouse.click("pin:done")
        party.until(Operating)
        mouse.click("page:hands")
        assert Tab.HANDS == party.state.page
        mouse.click("leave")
        assert Attract() == party.state
