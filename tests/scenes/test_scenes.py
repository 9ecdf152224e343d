import itertools
import sys

import pygame

from booth.core.scene import FormScene
from booth.ui.words import Words

OVERHANG = 2
"""Pixels that letters may reach out of their line: accents on capitals, tails."""


def test_every_screen_is_painted(painted):
    """A screen is more than its ground: it has many colours, or it is the flash."""
    screen, written = painted
    small = pygame.transform.scale(screen._surface, (80, 48))
    colours = {tuple(small.get_at((x, y))) for x in range(80) for y in range(48)}
    assert len(colours) >= 3
    assert written


def test_no_text_leaves_its_place_or_the_screen(painted):
    """Every line of text lies inside the room it was given, and inside the screen."""
    screen, written = painted
    size = screen._layout.size
    for line in written:
        box, room = line.box, line.room
        assert room.x - OVERHANG <= box.x, line
        assert box.right <= room.right + OVERHANG, line
        assert room.y - OVERHANG <= box.y, line
        assert box.bottom <= room.bottom + OVERHANG, line
        assert box.x >= 0, line
        assert box.y >= 0, line
        assert box.right <= size.width, line
        assert box.bottom <= size.height, line


def test_no_two_texts_overlap(painted, shown):
    """What is written is not written over anything else (but the question over the darkened form)."""
    _, written = painted
    if isinstance(shown.scene, FormScene) and shown.scene.ask is not None:
        first = next(i for i, line in enumerate(written) if line.text == Words().ask[shown.scene.ask][0])
        written = written[first:]
    for one, other in itertools.combinations(written, 2):
        assert not one.box.meets(other.box), (one, other)


def test_our_own_words_are_not_cut(painted, shown_name):
    """Everything that the booth itself says fits; only what guests type may be longer than its place."""
    _, written = painted
    assert not [line.text for line in written if line.text.endswith("\u2026")], shown_name


def test_what_can_be_touched_is_large_and_apart(painted):
    """Spots lie on the screen, do not overlap, and are at least 52 pixels high."""
    screen, _ = painted
    size, spots = screen._layout.size, screen.spots()
    for spot in spots:
        assert spot.x >= 0 <= spot.y
        assert spot.x + spot.width <= size.width
        assert spot.y + spot.height <= size.height
        assert spot.height >= 52, spot
        assert spot.width >= 52, spot
    for one, other in itertools.combinations(spots, 2):
        apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert apart, (one, other)


def test_painting_again_gives_the_same_picture(painted, shown):
    """What is painted in parts looks like what is painted at once: nothing is left over from the scene before."""
    screen, _ = painted
    whole = pygame.image.tobytes(screen._surface, "RGB")
    screen._surface.fill((0, 255, 0))
    screen._compositor.forget()
    screen._looked = ()
    screen.show(shown.scene, 1000.0 + shown.elapsed)
    assert pygame.image.tobytes(screen._surface, "RGB") == whole


def test_the_script_writes_the_pictures_and_a_contact_sheet(script, tmp_path, monkeypatch, capsys):
    """``scripts/screens --out DIR`` leaves a PNG a screen, and one of them all."""
    arguments = ["screens", "--out", str(tmp_path), "--size", "800x480", "--only", "farewell"]
    monkeypatch.setattr(sys, "argv", arguments)
    script.main()
    assert pygame.image.load(tmp_path / "800x480.png").get_width() > 800
    assert len(list((tmp_path / "800x480").glob("*.png"))) == 5
    assert "800x480.png" in capsys.readouterr().out


def anew(screen, scene, now):
    """Paint a scene at once, and return the picture."""
    screen._compositor.forget()
    screen._looked = ()
    screen.show(scene, now)
    return pygame.image.tobytes(screen._surface, "RGB")


def test_an_invitation_painted_in_parts_is_the_one_painted_at_once(stage, script):
    """After a while of small changes, the invitation looks as if it had been painted whole."""
    screen, _ = stage
    scene = script.AttractScene(4)
    for frame in range(60):
        screen.show(scene, 2000.0 + frame / 10)
    in_parts = pygame.image.tobytes(screen._surface, "RGB")
    assert in_parts == anew(screen, scene, 2005.9)


def test_a_form_painted_in_parts_is_the_one_painted_at_once(stage, script, pictures):
    """Whatever a form comes from, and the darkening of a question included, only what it is now can be seen."""
    screen, album = stage
    album.held = pictures[1]
    forms = [shown.scene for _, shown in script.screens() if isinstance(shown.scene, FormScene)]
    for number, (before, after) in enumerate(itertools.permutations(forms, 2)):
        now = 3000.0 + number
        screen.show(before, now)
        screen.show(after, now + 0.3)
        if number % 7 == 0:
            assert pygame.image.tobytes(screen._surface, "RGB") == anew(screen, after, now + 0.3)
