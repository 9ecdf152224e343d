"""Guests who hold the button, hammer it and the screen, use ten fingers, or pull the keyboard out."""

import itertools
import random

import pygame
import pytest
from gpiozero.pins.mock import MockFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.core.events import Erased, Pressed, Typed
from booth.core.form import Form
from booth.core.scene import FormScene
from booth.core.states import Animation, Attract, Farewell, FillingIn, GetReady
from booth.drivers.gpio import GpioButton
from booth.ports import Size
from booth.ui.dress import Dress
from booth.ui.screen import PygameScreen
from booth.ui.strokes import HELD
from booth.units import Seconds
from booth.workers import Contact
from tests.parts.breaking import QUICK, PlainCamera, PlainCompositor, RefusingDisk
from tests.waiting import until

MINUTES = 5
ASKED = {"form.consent_text": "You may show my pictures."}
SMALL = Size(800, 480)
FORM = FormScene(
    "visit", Form(), Animation.READY, consent_asked=True, name_required=False, email_required=True, ask=None,
    closing_in=None,
)  # fmt: skip


@pytest.fixture
def party(a_party):
    """Have a party whose parts cost nothing."""
    return a_party(disk=RefusingDisk(), camera=PlainCamera, compositor=PlainCompositor(), uploads=False)


def visits(party):
    """Return how many visits have begun."""
    return sum(
        isinstance(after.state, GetReady) and not isinstance(before.state, GetReady) for before, _, after in party.seen
    )


# ---- the button


@pytest.fixture
def button(party):
    """Wire the party's button to a pin; return what moves the line, and waits until the button has seen it."""
    factory = MockFactory()
    pin = factory.pin(18)
    made = GpioButton(
        "GPIO18", factory=factory, debounce=Seconds(0.002), now=party.clock.now,
        on_press=party.panel.press,
    )  # fmt: skip

    def move(*, down):
        if down:
            pin.drive_low()
        else:
            pin.drive_high()
        party.clock.advance(0.005)  # longer than chatter lasts, also when it is let go
        until(lambda: made._line.due is None and not made._presses)

    yield move
    made.close()
    factory.close()


def test_a_button_that_is_held_for_minutes_is_one_visit(party, button):
    """Pressed once is what it means; the visit goes its way, and letting go begins no other."""
    party.until(Attract)
    button(down=True)
    for _ in range(MINUTES * 60 * 10):
        party.turn(0.1)
    assert 1 == visits(party)
    assert isinstance(party.state, Attract), "the booth does not wait for the button"
    button(down=False)
    party.turn()
    assert 1 == visits(party)
    button(down=True)
    party.turn()
    assert 2 == visits(party)


def test_a_button_that_is_hammered_for_minutes_gives_one_visit_after_the_other(party):
    """Ten presses a second: each visit is whole, none begins in the middle of another, all are kept."""
    party.until(Attract)
    for _ in range(MINUTES * 60 * 10):
        party.inbox.put(Pressed(party.clock.now(), party.ids()))
        party.turn(0.1)
    party.until(Attract)
    assert 2 <= visits(party)
    assert visits(party) == len(party.spool.queue().pending())
    assert () == party.spool.unfinished()


# ---- the screen


@pytest.fixture
def screen(monkeypatch):
    """Open a screen that nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    made = a_screen()
    yield made
    made.close()


def a_screen():
    numbers = itertools.count()
    return PygameScreen(
        Dress(SMALL, title="The party", consent_text="You may show my pictures."),
        album=Contact(), preview=lambda: None, gallery=None, voice=None, speaker=None,
        fresh=lambda: f"fresh-{next(numbers)}",
    )  # fmt: skip


def test_a_screen_that_is_hammered_for_minutes_leaves_a_booth_that_works(a_party, monkeypatch):
    """Fingers all over the screen, and presses: nothing raises, every visit ends, and the next guest is served."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    party = a_party(
        rules=QUICK, disk=RefusingDisk(), camera=PlainCamera, compositor=PlainCompositor(), uploads=False,
        screen=PygameScreen, settings=ASKED,
    )  # fmt: skip
    dice = random.Random(2019)
    for number in range(600):
        for _ in range(dice.randrange(4)):
            party.screen.finger(dice.randrange(SMALL.width), dice.randrange(SMALL.height))
        if number % 3 == 0:
            party.inbox.put(Pressed(party.clock.now(), party.ids()))
        party.turn(0.2)
    party.until(Attract)
    assert visits(party) > 2
    assert () == party.spool.unfinished()
    before = visits(party)
    party.press()
    party.until(FillingIn)
    assert before + 1 == visits(party)


def finger(kind, number, x, y):
    """Return what SDL reports of finger *number*, and the synthetic mouse event that goes with it."""
    where = {"x": (x + 0.5) / SMALL.width, "y": (y + 0.5) / SMALL.height, "dx": 0.0, "dy": 0.0}
    mouse = pygame.MOUSEBUTTONDOWN if kind == pygame.FINGERDOWN else pygame.MOUSEBUTTONUP
    return (
        pygame.Event(kind, {"touch_id": 1, "finger_id": number, "pressure": 1.0, **where}),
        pygame.Event(mouse, {"pos": (x, y), "button": 1, "touch": True}),
    )


@settings(max_examples=25, deadline=None)
@given(
    data=st.data(),
    fingers=st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=10, unique=True),
)
def test_each_of_ten_fingers_counts_once_whatever_order_they_come_in(data, fingers):
    """Each on its own key, down and up, with its synthetic twin, mixed in any way: every finger enters one letter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SDL_VIDEODRIVER", "dummy")
        screen = a_screen()
    try:
        screen.show(FORM, 100.0)
        spots = {spot.name.lower(): spot for spot in screen.spots()}
        lanes = []
        for number, letter in enumerate(fingers):
            spot = spots[f"key:{letter}"]
            x, y = spot.x + spot.width // 2, spot.y + spot.height // 2
            down, twin_down = finger(pygame.FINGERDOWN, number, x, y)
            up, twin_up = finger(pygame.FINGERUP, number, x, y)
            lanes += [[down, up], [twin_down, twin_up]]
        order = data.draw(st.permutations([lane for lane, events in enumerate(lanes) for _ in events]))
        for lane in order:
            pygame.event.post(lanes[lane].pop(0))
        entered = [event.text.lower() for event in screen.events(100.0) if isinstance(event, Typed)]
        assert sorted(fingers) == sorted(entered)
        screen.show(FORM, 100.1)
        assert screen._hands._down is None or screen._hands._down.spot.lower() in spots
    finally:
        screen.close()


# ---- the keyboard


def key(kind, code, scancode=4):
    return pygame.Event(kind, {"key": code, "mod": 0, "unicode": "", "scancode": scancode})


REPEATED = {
    "backspace": lambda: [key(pygame.KEYDOWN, pygame.K_BACKSPACE)],
    "return": lambda: [key(pygame.KEYDOWN, pygame.K_RETURN)],
    "tab": lambda: [key(pygame.KEYDOWN, pygame.K_TAB)],
    "a letter": lambda: [key(pygame.KEYDOWN, pygame.K_a), pygame.Event(pygame.TEXTINPUT, {"text": "a"})],
}
"""What comes again and again, 22 times a second, of a key that is never let go."""


@pytest.mark.parametrize("repeated", REPEATED.values(), ids=REPEATED)
def test_a_keyboard_that_is_pulled_out_with_a_key_down_keeps_no_form_open(a_party, monkeypatch, repeated):
    """The key goes on for ever, for nobody lets it go: after a while it is not believed, and the form closes."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    party = a_party(
        disk=RefusingDisk(),
        camera=PlainCamera,
        compositor=PlainCompositor(),
        uploads=False,
        screen=PygameScreen,
        settings=ASKED | {"form.email_required": True},
    )
    party.to_form()
    began = party.clock.now()
    while isinstance(party.state, FillingIn):
        for event in repeated():
            pygame.event.post(event)
        party.turn(0.2)
        assert party.clock.now() - began < HELD + party.rules.form_idle + 10.0
    assert isinstance(party.state, Attract)
    assert 1 == len(party.spool.queue().pending())


def test_a_key_that_is_held_repeats_as_long_as_a_guest_needs(screen):
    """A guest may hold backspace; when the key was let go and is struck again, it counts again."""
    screen.show(FORM, 0.0)
    for now in (0.0, 5.0, HELD):
        pygame.event.post(key(pygame.KEYDOWN, pygame.K_BACKSPACE))
        assert [Erased(now)] == list(screen.events(now))
    pygame.event.post(key(pygame.KEYDOWN, pygame.K_BACKSPACE))
    assert [] == list(screen.events(HELD + 0.1))
    pygame.event.post(key(pygame.KEYUP, pygame.K_BACKSPACE))
    pygame.event.post(key(pygame.KEYDOWN, pygame.K_BACKSPACE))
    assert [Erased(HELD + 0.2)] == list(screen.events(HELD + 0.2))


def test_another_key_counts_while_one_is_stuck(screen):
    """Something lies on a corner of the keyboard; whoever types on the rest of it is heard."""
    screen.show(FORM, 0.0)
    pygame.event.post(key(pygame.KEYDOWN, pygame.K_TAB))
    list(screen.events(0.0))
    pygame.event.post(key(pygame.KEYDOWN, pygame.K_z))
    screen.keyboard("z")
    assert [Typed(100.0, "z")] == list(screen.events(100.0))


def test_without_a_keyboard_the_screen_has_one(a_party, monkeypatch):
    """What was begun on the keyboard that was pulled out is finished on the screen."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    party = a_party(
        rules=QUICK, disk=RefusingDisk(), camera=PlainCamera, compositor=PlainCompositor(), uploads=False,
        screen=PygameScreen, settings=ASKED,
    )  # fmt: skip
    party.to_form()
    party.screen.keyboard("Zo")
    party.turn()
    spot = next(spot for spot in party.screen.spots() if spot.name.lower() == "key:e")
    party.screen.finger(spot.x + 5, spot.y + 5)
    party.turn()
    assert "zoe" == party.state.form.name.text.lower()
    spot = next(spot for spot in party.screen.spots() if spot.name == "skip")
    party.screen.finger(spot.x + 5, spot.y + 5)
    party.turn()
    party.until(Farewell)
