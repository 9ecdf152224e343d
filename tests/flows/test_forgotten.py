"""What a guest has typed is the outbox's and the bucket's when the visit is over, and nobody's in memory."""

import pytest

from booth.core.states import Attract, Farewell, FillingIn
from booth.ui.screen import PygameScreen
from tests.remembered import remembered


def _mark(number):
    """Return letters that nothing else has; put together here, so that no constant of the code has them."""
    return "".join(chr(ord("q") + (number * 7 + step * 3) % 9) for step in range(9))


@pytest.fixture
def party(a_party, monkeypatch):
    """Return a party at a real screen, which nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    soon = {"form.consent_text": "Yes.", "form.idle_s": 30.0}
    return a_party(settings=soon, screen=PygameScreen)


def _touch(party, name):
    spot = next(spot for spot in party.screen.spots() if spot.name == name)
    party.screen.finger(spot.x + spot.width // 2, spot.y + spot.height // 2)
    party.turn()


def _fill_in(party, mark):
    """Type a name on a keyboard, and begin one more letter on the screen; then an address."""
    party.to_form()
    party.turn()
    party.screen.keyboard(f"{mark} D'Été")
    party.turn()
    _touch(party, "key:X")
    _touch(party, "field:email")
    party.screen.keyboard(f"{mark}@example.org")
    for _ in range(4):
        party.turn()


def test_a_visit_that_was_sent_is_forgotten(party):
    """When the farewell is over and the bucket has the visit, the guest's name and address are nowhere in memory."""
    mark = _mark(1)
    _fill_in(party, mark)
    assert [] != remembered(mark)
    _touch(party, "send")
    party.until(Farewell)
    party.delivered(1)
    (details,) = party.details()
    assert (f"{mark} D'ÉtéX", f"{mark}@example.org") == (details["name"], details["email"])
    party.until(Attract)
    party.turn()

    del details
    party.seen.clear()  # what the test itself has kept
    party.bucket.objects.clear()
    assert [] == remembered(mark)


def test_a_form_that_nobody_sent_is_forgotten(party):
    """A guest who goes away in the middle of a word leaves nothing of it in memory."""
    mark = _mark(2)
    _fill_in(party, mark)
    party.until(Attract)
    party.turn()

    party.seen.clear()
    assert [] == remembered(mark)


def test_the_third_guest_weighs_what_the_second_did(party):
    """What was drawn for guests of other names is not kept: the caches are as heavy as they were."""
    fonts = party.screen._fonts
    weights = []
    for number in range(3):
        _fill_in(party, f"{_mark(3)}{number}")
        assert isinstance(party.state, FillingIn)
        party.until(Attract)
        party.turn()
        weights.append((fonts._pictures.weight, fonts._lines.weight))
    assert weights[1] == weights[-1]
