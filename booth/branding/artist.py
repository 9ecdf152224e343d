"""Who draws a layout: for each product one PNG, which appears whole or not at all.

At the start that is the booth itself. Later, when another day has begun, it is a child of its own: the fonts of this
process belong to the thread that paints the screen, and no frame waits for a date.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pygame

from booth import stills
from booth.branding import drawing, layout
from booth.branding.drawing import Occasion, Overlay
from booth.branding.layout import Branding
from booth.errors import ConfigError
from booth.ports import Size
from booth.ui.text.fonts import Fonts
from booth.units import Pixels, Seconds

NICE = 10
"""How much a child gives way: whoever stands before the booth comes first."""

DEADLINE = Seconds(120.0)
"""How long a child may take: it looks through the fonts of the system, on a card that is busy."""


@dataclass(frozen=True)
class Commission:
    """What is to be drawn."""

    file: str
    """The layout: a path, or the name of one that the booth brings along."""
    event: str
    sizes: Mapping[str, tuple[int, int]]
    """Width and height of each product that is made, in pixels."""
    logo: str = ""
    """The event's own logo."""
    titles: str = ""
    """The event's own font."""


class Artist:
    """Draws what an *order* says, as often as it is asked to: layout, logo and fonts are read once."""

    def __init__(self, order: Commission) -> None:
        """Read all that is needed: slow. Raises `ConfigError` for what cannot be used."""
        pygame.font.init()
        self._order = order
        try:
            self._layout = layout.read(layout.place_of(order.file))
            self._logo = layout.decoded(stills.read(Path(order.logo))) if order.logo else None
        except ValueError as exc:
            raise ConfigError(f"layout.file: {exc}") from exc
        self._fonts = Fonts(titles=Path(order.titles) if order.titles else None)

    @property
    def layout(self) -> Branding:
        """The layout that was read."""
        return self._layout

    def drawn(self, product: str, words: Occasion) -> Overlay:
        """Return the layout as it lies over *product*."""
        size = Size(*map(Pixels, self._order.sizes[product]))
        return drawing.draw(self._layout.sheets[product], size, words, self._fonts, self._logo)

    def put(self, folder: Path, day: date | None) -> tuple[str, ...]:
        """Draw for the evening of *day* into *folder*, a PNG for each product; return what is wrong with what is seen.

        Raises OSError if the folder will not take it: then each PNG is the old or the new one.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        flaws: dict[str, None] = {}
        for product in self._order.sizes:
            drawn = self.drawn(product, Occasion(self._order.event, day))
            flaws |= dict.fromkeys(flawed(drawn))
            into = file_of(folder, product)
            aside = into.with_name(f".{into.name}")  # pygame goes by the ending
            try:
                pygame.image.save(drawn.whole(), aside)
            except pygame.error as exc:
                raise OSError(None, str(exc)) from exc
            aside.replace(into)
        return tuple(flaws)

    def close(self) -> None:
        """Close the files of the fonts."""
        self._fonts.close()


def file_of(folder: Path, product: str) -> Path:
    """Return where what lies over *product* is drawn."""
    return folder / f"{product}.png"


def flawed(drawn: Overlay) -> Iterator[str]:
    """Yield what guests would see that nobody wanted."""
    for text in drawn.texts:
        if text.missing:
            points = " ".join(f"U+{ord(char):04X}" for char in text.missing[:5])
            yield f"the {text.name} has letters that no font here has ({points}), and boxes stand there"
        if text.cut:
            yield f"the {text.name} is too long, and its end is lost"


def in_child(order: Commission, folder: Path, day: date | None) -> tuple[str, ...]:
    """Do the same as `Artist.put` in another process. Blocks; raises OSError if that does not do it."""
    # Our own environment stays here: it may hold the bucket's keys.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    told = {**asdict(order), "folder": str(folder), "day": day.isoformat() if day is not None else ""}
    child = subprocess.Popen(
        (sys.executable, "-m", "booth.branding.artist"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
        start_new_session=True,
    )
    with child:
        try:
            os.setpriority(os.PRIO_PROCESS, child.pid, NICE)
            answer, _ = child.communicate(json.dumps(told).encode(), timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            raise OSError(None, f"it was not drawn within {DEADLINE:g} s: see what keeps the machine busy") from None
        finally:
            child.kill()
    if child.returncode:
        raise OSError(None, f"who draws it ended with status {child.returncode}: look at the layout and the disk")
    return tuple(json.loads(answer))


def main() -> None:
    """Draw what standard input says; tell on standard output what is wrong with what is seen."""
    told = json.load(sys.stdin)
    folder, day = Path(told.pop("folder")), told.pop("day")
    artist = Artist(Commission(**told))
    flaws = artist.put(folder, date.fromisoformat(day) if day else None)
    sys.stdout.write(json.dumps(flaws))


if __name__ == "__main__":
    main()
