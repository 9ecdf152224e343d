"""The moving picture of the README: what is put into it, and that it is there and small."""

import re
from pathlib import Path

import pygame
import pytest

from booth.imaging import playback
from booth.ports import Size
from lab.pages import readme_gif

ROOT = Path(__file__).resolve().parents[2]
RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(colour, spot=None):
    """Return a picture of one colour, with a square in blue at *spot*."""
    surface = pygame.Surface((60, 40))
    surface.fill(colour)
    if spot is not None:
        surface.fill(BLUE, (*spot, 10, 10))
    return surface


def test_the_first_photograph_is_put_in_whole():
    """There is nothing yet that could stay as it is."""
    first = picture(RED)
    assert (first, (0, 0), first) == readme_gif.changed(first, None)


def test_of_the_others_only_what_has_changed():
    """Cut out, with its place; inside it what has not changed is left out."""
    photograph = picture(RED, (20, 10))
    photograph.set_at((22, 12), RED)
    change, place, shown = readme_gif.changed(photograph, picture(RED))
    assert ((10, 10), (20, 10)) == (change.get_size(), place)
    assert (BLUE, readme_gif.UNCHANGED) == (tuple(change.get_at((0, 0))[:3]), tuple(change.get_at((2, 2))[:3]))
    assert pygame.image.tobytes(photograph, "RGB") == pygame.image.tobytes(shown, "RGB")


def test_what_nobody_sees_is_left_as_it_was():
    """A colour that is a little off costs bytes; what is shown then is what was shown before."""
    almost = picture((RED[0] + 3, RED[1], RED[2]))
    change, _, shown = readme_gif.changed(almost, picture(RED))
    assert ((1, 1), RED) == (change.get_size(), tuple(shown.get_at((30, 20))[:3]))


def test_it_plays_what_was_photographed(tmp_path):
    """What was cut down comes out whole: each frame as it was, for as long as it was."""
    photographs = [tmp_path / f"{number}.bmp" for number in range(3)]
    for path, spot in zip(photographs, (None, (20, 10), (40, 10)), strict=True):
        pygame.image.save(picture(RED, spot), path)
    readme_gif.bake(photographs, Size(60, 40), tmp_path / "visit.gif", tmp_path)
    readme_gif.run_gm(("convert", "visit.gif", "-coalesce", "whole.gif"), tmp_path)
    played = playback.read(tmp_path / "whole.gif")
    seen = [tuple(shown.rgb[(15 * 60 + x) * 3 :][:3]) for shown in played.pictures for x in (25, 45)]
    assert [RED, RED, BLUE, RED, RED, BLUE] == seen
    assert (readme_gif.STEP,) * 3 == played.delays


@pytest.mark.parametrize("document", ["README.md", "docs/guide.md", "docs/design.md"])
def test_every_picture_of_a_document_is_there(document):
    """No document shows a broken picture."""
    path = ROOT / document
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", path.read_text())
    assert [] == [name for name in pictures if not (path.parent / name).is_file()]


def test_the_moving_picture_is_small():
    """Whoever reads the README on a telephone sees it, too."""
    assert (ROOT / "docs" / "images" / "visit.gif").stat().st_size <= readme_gif.LARGEST


def test_the_readme_shows_the_booth_as_it_comes():
    """Nothing is turned on for the picture but a name, a size of the screen and less waiting."""
    assert {"event.name", "screen.size", "countdown.get_ready_s", "countdown.seconds"} == set(readme_gif.SETTINGS)
