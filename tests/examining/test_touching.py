"""The corners of the touch panel: felt where the finger was, elsewhere, or not at all."""

from types import SimpleNamespace

import pygame
import pytest

from booth.bulletin import Bulletin
from booth.drivers.clock import SystemClock
from booth.examining import screen, touching
from booth.examining.findings import Finding, Sign
from booth.ports import Size
from booth.ui.touch import tap_events
from booth.units import Pixels, Seconds, later

SIZE = Size(Pixels(800), Pixels(480))
RINGS = touching.places(SIZE)
TOLD = Bulletin(
    "0.3.0", 4711, "a boot", 100.0, 0.1, 1_795_367_112.0, 60.0, "/data/outbox", "Party", "Booth 1", "Attract", (), (),
    "up", "",
)  # fmt: skip


@pytest.fixture
def touch(make_premises, monkeypatch):
    """Touch each ring on a display that nobody sees; *felt* is where the panel feels that, None for nowhere."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    world = SimpleNamespace(measure=lambda wanted, **_: wanted)
    asked = []

    def touch(felt, seconds=60.0):
        fingers = iter(felt)

        def tell(said):
            asked.append(said)
            place = next(fingers)
            for event in tap_events(*place, SIZE) if place else ():
                pygame.event.post(event)

        clock = SystemClock()
        premises = make_premises(
            clock=clock, deadline=later(clock.now(), Seconds(seconds)), reach=lambda _stack: world, touch=True,
            tell=tell,
        )  # fmt: skip
        (found,) = touching.corners(premises)
        return found, asked

    return touch


def test_each_corner_is_asked_for_and_felt(touch):
    """On the display as the booth opens it; it is closed again."""
    found, asked = touch(RINGS)
    assert Finding("screen corners", Sign.OK, "felt within 0 pixels of each", "38 pixels") == found
    assert [f"touch the ring at the {corner} of the screen" for corner in touching.CORNERS] == asked
    assert not pygame.display.get_init()


def test_a_finger_that_is_not_felt(touch):
    """The corner is told."""
    found, asked = touch([RINGS[0], None], seconds=1.3)
    assert (Sign.BAD, "no finger was felt at the top right", 2) == (found.sign, found.measured, len(asked))


@pytest.mark.parametrize(
    ("felt", "sign", "measured", "cure"),
    [
        ([RINGS[2], RINGS[3], RINGS[0], RINGS[1]], Sign.BAD,
         "a finger at the top left was felt at the bottom right", touching.TURNED),
        ([RINGS[1], RINGS[0], RINGS[3], RINGS[2]], Sign.BAD,
         "a finger at the top left was felt at the top right", touching.TURNED),
        ([*RINGS[:3], (38 + 50, 441)], Sign.WARN, "felt within 50 pixels of each", touching.CALIBRATE),
        ([(38 + 20, 38), *RINGS[1:]], Sign.OK, "felt within 20 pixels of each", ""),
    ],
)  # fmt: skip
def test_where_it_was_felt(felt, sign, measured, cure):
    """A panel that is turned against the picture, one that is not exact, and one that is."""
    found = touching.judged(felt, SIZE)
    assert (sign, measured, cure) == (found.sign, found.measured, found.cure)


def test_beside_a_booth_nobody_touches_anything(make_premises):
    """The screen is the booth's, and a touch may begin a visit."""
    found = list(screen.screen(make_premises(bulletin=TOLD, touch=True)))
    assert ("screen corners", Sign.SKIPPED) == (found[2].check, found[2].sign)
