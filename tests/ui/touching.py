"""What a finger on a screen means, and what is read there in French. Not a test; tests of the screen share it."""

from booth.core.scene import AttractScene, GetReadyScene
from booth.units import Instant

NOW = Instant(100.0)


def tap(screen, name, now=NOW):
    """Touch the middle of a spot; return what it meant."""
    spot = next(spot for spot in screen.spots() if spot.name == name)
    screen.finger(spot.x + spot.width // 2, spot.y + spot.height // 2)
    return list(screen.events(now))


def in_french(open_screen, scene, **asked):
    """Return a screen that shows *scene* to a guest who chose French, and the lines that it has written of that."""
    screen = open_screen(consent_text="", language="en", languages=("en", "fr"), **asked)
    screen.show(AttractScene(4), NOW)
    tap(screen, "language:fr")
    screen.show(GetReadyScene(4, 1.0), NOW)
    screen._canvas.written = []
    screen.show(scene, NOW)
    return screen, [line.text for line in screen._canvas.written]
