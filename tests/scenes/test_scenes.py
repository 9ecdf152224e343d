import itertools
import sys

import pygame

from booth.core.scene import AttractScene, FormScene
from booth.ui.languages import words_in
from scripts import scenes, screens

OVERHANG = 2
"""Pixels that letters may reach out of their line: accents on capitals, tails."""

THUMB = 52
"""Pixels: what can be touched is so wide and so high at least."""

NARROW = 40
"""Pixels: so wide is a key at least where the panel stands upright, and ten of them share 480 pixels."""


def test_every_screen_is_painted(painted):
    """A screen is more than its ground: it has many colours, or it is the flash."""
    assert painted.colours >= 3
    assert painted.written


def test_no_text_leaves_its_place_or_the_screen(painted):
    """Every line of text lies inside the room it was given, and inside the screen."""
    width, height = painted.size
    for line in painted.written:
        box, room = line.box, line.room
        assert room.x - OVERHANG <= box.x, line
        assert box.right <= room.right + OVERHANG, line
        assert room.y - OVERHANG <= box.y, line
        assert box.bottom <= room.bottom + OVERHANG, line
        assert box.x >= 0, line
        assert box.y >= 0, line
        assert box.right <= width, line
        assert box.bottom <= height, line


def test_no_two_texts_overlap(painted, panel):
    """What is written is not written over anything else (but the question over the darkened form)."""
    _, _, language = panel
    written, scene = painted.written, painted.shown.scene
    if isinstance(scene, FormScene) and scene.ask is not None:
        first = next(i for i, line in enumerate(written) if line.text == words_in(language).ask[scene.ask][0])
        written = written[first:]
    for one, other in itertools.combinations(written, 2):
        assert not one.box.meets(other.box), (one, other)


def test_our_own_words_are_not_cut(painted):
    """Everything that the booth itself says fits; only what guests type may be longer than its place."""
    scene = painted.shown.scene
    typed = {scene.form.name.text, scene.form.email.text} if isinstance(scene, FormScene) else set()
    assert not [line for line in painted.written if line.cut and line.wanted not in typed]


def test_what_can_be_touched_is_large_and_apart(painted):
    """Spots lie on the screen, do not overlap, and are as large as a thumb; the keys of an upright panel are narrower."""
    width, height = painted.size
    for spot in painted.spots:
        assert spot.x >= 0 <= spot.y
        assert spot.x + spot.width <= width
        assert spot.y + spot.height <= height
        assert spot.height >= THUMB, spot
        assert spot.width >= (NARROW if spot.name.startswith("key:") and width < height else THUMB), spot
    for one, other in itertools.combinations(painted.spots, 2):
        apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert apart, (one, other)


def test_painting_again_gives_the_same_picture(painted):
    """What is painted in parts looks like what is painted at once: nothing is left over from the scene before."""
    assert painted.same


def test_the_script_writes_the_pictures_and_a_contact_sheet(tmp_path, monkeypatch, capsys):
    """``scripts/screens --out DIR`` leaves a PNG a screen, and one of them all, in the size and language asked for."""
    asked = ("--size", "480x800", "--language", "en", "--only", "apology")
    monkeypatch.setattr(sys, "argv", ["screens", "--out", str(tmp_path), *asked])
    screens.main()
    assert pygame.image.load(tmp_path / "480x800-en.png").get_width() > 800
    names = [name for name, _ in scenes.screens() if "apology" in name]
    written = sorted(path.stem.partition("-")[2] for path in (tmp_path / "480x800-en").glob("*.png"))
    assert sorted(names) == written
    assert f"{tmp_path / '480x800-en.png'}\n" == capsys.readouterr().out


def anew(screen, scene, now):
    """Paint a scene at once, and return the picture."""
    screen._compositor.forget()
    screen._looked = ()
    screen.show(scene, now)
    return pygame.image.tobytes(screen._surface, "RGB")


def test_an_invitation_painted_in_parts_is_the_one_painted_at_once(stage):
    """After a while of small changes, the invitation looks as if it had been painted whole."""
    screen, _ = stage
    scene = AttractScene(4)
    for frame in range(60):
        screen.show(scene, 2000.0 + frame / 10)
    in_parts = pygame.image.tobytes(screen._surface, "RGB")
    assert in_parts == anew(screen, scene, 2005.9)


def test_a_form_painted_in_parts_is_the_one_painted_at_once(stage, pictures):
    """Whatever a form comes from, and the darkening of a question included, only what it is now can be seen."""
    screen, album = stage
    album.held = pictures[1]
    forms = [shown.scene for _, shown in scenes.screens() if isinstance(shown.scene, FormScene)]
    for number, (before, after) in enumerate(itertools.permutations(forms, 2)):
        now = 3000.0 + number
        screen.show(before, now)
        screen.show(after, now + 0.3)
        if number % 7 == 0:
            assert pygame.image.tobytes(screen._surface, "RGB") == anew(screen, after, now + 0.3)
