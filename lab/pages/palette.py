"""Writes down what the themes are: their colours and contrasts into docs/design.md, and pictures of them beside it.

Nothing of it is written by hand: it comes from ``assets/themes`` and from the list of what meets on the screens. A test
compares the tables with what this file writes; the pictures are for people.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from math import cos, sin, tau
from pathlib import Path

import pygame

from booth.settings.model import Settings
from booth.ui.assets import asset
from booth.ui.drawing import brand
from booth.ui.text.fonts import Weight
from booth.ui.theme import PAIRS, ROLES, USUAL, Theme, changed, contrast, named, names, written
from booth.ui.words import Texts
from lab import ROOT
from lab.screens import scenes, screens

DOCUMENT = ROOT / "docs" / "design.md"
IMAGES = ROOT / "docs" / "images"
BEGIN, END = "<!-- scripts/palette writes from here -->", "<!-- to here -->"

ORDER = (USUAL, *(name for name in names() if name != USUAL))

SHOWN = ("attract", "form-email", "farewell-sent", "apology-camera")
"""What is shown of each theme."""

TILE = (400, 240)
"""The size of one screen in the pictures, in pixels."""

GREEN, ORANGE, SUN = (22, 104, 71), (196, 76, 20), (255, 190, 60)
"""The colours of the festival that does not exist."""


def tables() -> str:
    """Return the palette and its contrasts as Markdown."""
    themes = {name: named(name) for name in ORDER}
    fields = type(Settings().theme).model_fields
    lines = ["| Role | What it is for |" + "".join(f" {name} |" for name in ORDER)]
    lines.append("|---|---|" + "---|" * len(ORDER))
    for role in ROLES:
        about = str(fields[role].description).removesuffix(" Empty: the theme's own.").removesuffix(".")
        cells = "".join(f" `{written(getattr(theme, role))}` |" for theme in themes.values())
        lines.append(f"| `{role}` | {about} |{cells}")
    lines += ["", "| What meets | needs |" + "".join(f" {name} |" for name in ORDER)]
    lines.append("|---|---:|" + "---:|" * len(ORDER))
    for pair in PAIRS:
        cells = "".join(f" {pair.contrast(theme):.1f} |" for theme in themes.values())
        lines.append(f"| {pair.name.replace('_', ' ')} | {pair.least:g} |{cells}")
    return "\n".join(lines)


def document(before: str) -> str:
    """Return the text of docs/design.md with the tables as they are now."""
    head, _, rest = before.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{tables()}\n\n{END}{tail}"


def swatches() -> pygame.Surface:
    """Return a picture of all colours: a column for each theme."""
    pygame.font.init()
    font = pygame.font.Font(asset(Weight.BOLD.value), 17)
    wide, tall, gap = 300, 34, 8
    sheet = pygame.Surface((len(ORDER) * (wide + gap) + gap, (len(ROLES) + 1) * tall + gap))
    sheet.fill((255, 255, 255))
    for column, name in enumerate(ORDER):
        x, theme = gap + column * (wide + gap), named(name)
        sheet.blit(font.render(name, antialias=True, color=(0, 0, 0)), (x + 8, 8))
        for row, role in enumerate(ROLES, 1):
            colour = getattr(theme, role)
            ink = max(((0, 0, 0), (255, 255, 255)), key=partial(contrast, colour))
            sheet.fill(colour, (x, row * tall, wide, tall))
            said = font.render(f"{role.replace('_', ' ')}  {written(colour)}", antialias=True, color=ink)
            sheet.blit(said, (x + 8, row * tall + (tall - said.get_height()) // 2))
        pygame.draw.rect(sheet, (120, 120, 120), (x - 1, tall - 1, wide + 2, len(ROLES) * tall + 2), 1)
    return sheet


def tiled(pictures: Sequence[pygame.Surface], across: int) -> pygame.Surface:
    """Return pictures of one size beside and below each other."""
    gap, (wide, tall) = 8, pictures[0].get_size()
    rows = -(-len(pictures) // across)
    sheet = pygame.Surface((across * (wide + gap) + gap, rows * (tall + gap) + gap))
    sheet.fill((255, 255, 255))
    for index, picture in enumerate(pictures):
        sheet.blit(picture, (gap + index % across * (wide + gap), gap + index // across * (tall + gap)))
    return sheet


def in_theme(name: str) -> Iterator[pygame.Surface]:
    """Yield small pictures of a few screens in a theme."""
    shown = dict(scenes.screens())
    with screens.easel(scenes.SIZES[0], theme=name) as easel:
        for screen in SHOWN:
            yield pygame.transform.smoothscale(easel.paint(shown[screen]), TILE)


def at_the_event(folder: Path) -> Iterator[pygame.Surface]:
    """Yield pictures of the booth at a festival: the settings of docs/design.md."""
    size, theme = scenes.SIZES[0], festival()
    logo, background = folder / "logo.png", folder / "meadow.png"
    pygame.image.save(_logo(), logo)
    pygame.image.save(_meadow(), background)
    texts = Texts(headline="Say cheese!", thanks="Lovely!")
    with screens.easel(
        size,
        theme=theme,
        brand=brand.load(size, theme, logo=str(logo), background=str(background)),
        texts=texts,
    ) as easel:
        shown = dict(scenes.screens())
        for name in SHOWN:
            yield easel.paint(shown[name]).copy()


def festival() -> Theme:
    """Return the colours of the example in docs/design.md."""
    return changed(
        named(USUAL), {"accent": "#166847", "accent_deep": "#0d4a32", "accent_soft": "#d3efdf", "tray": "#dceadf"}
    )


def _logo() -> pygame.Surface:
    pygame.font.init()
    font = pygame.font.Font(asset(Weight.EXTRA.value), 90)
    words = [font.render(text, antialias=True, color=ink) for text, ink in (("garden", GREEN), ("fest", ORANGE))]
    logo = pygame.Surface((130 + sum(word.get_width() for word in words), 150), pygame.SRCALPHA)
    for petal in range(9):
        pygame.draw.circle(logo, ORANGE, (62 + 44 * cos(tau * petal / 9), 75 + 44 * sin(tau * petal / 9)), 16)
    pygame.draw.circle(logo, SUN, (62, 75), 40)
    logo.blit(words[0], (125, 8))
    logo.blit(words[1], (125 + words[0].get_width(), 8))
    return logo


def _meadow() -> pygame.Surface:
    """Return flowers on a meadow under the sky, drawn large."""
    meadow = pygame.Surface((1600, 960))
    meadow.fill((150, 205, 245))
    pygame.draw.circle(meadow, (255, 235, 150), (1330, 190), 120)
    for height, colour in ((520, (120, 190, 110)), (640, (90, 165, 85)), (780, (60, 140, 65))):
        for x in range(-200, 1900, 350):
            pygame.draw.ellipse(meadow, colour, (x - height // 3, height, 700, 900))
    for index in range(70):
        x, y = index * 397 % 1600, 660 + index * 211 % 300
        petals = ((250, 110, 150), (255, 255, 255), (255, 190, 60))[index % 3]
        for petal in range(6):
            pygame.draw.circle(meadow, petals, (x + 15 * cos(tau * petal / 6), y + 15 * sin(tau * petal / 6)), 10)
        pygame.draw.circle(meadow, (250, 215, 90), (x, y), 10)
    return meadow


def save(picture: pygame.Surface, name: str) -> None:
    """Save a picture for the document, with a palette of its own: that takes a third of the room."""
    path = IMAGES / f"{name}.png"
    pygame.image.save(picture, path)
    fewer = ("+dither", "-colors", "255", "-type", "Palette", "-strip", "-quality", "95")
    subprocess.run(["gm", "mogrify", *fewer, path], check=True)


def main() -> None:
    """Print the tables, or write all of it."""
    parser = argparse.ArgumentParser(prog="scripts/palette", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/, with the pictures; else the tables are shown")
    if not parser.parse_args().write:
        print(tables())
        return
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    save(swatches(), "palette")
    save(tiled([picture for name in ORDER for picture in in_theme(name)], len(SHOWN)), "themes")
    with tempfile.TemporaryDirectory() as folder:
        save(tiled(list(at_the_event(Path(folder))), 2), "event")
    print(DOCUMENT)


if __name__ == "__main__":
    main()
