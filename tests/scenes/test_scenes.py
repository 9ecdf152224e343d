import itertools
import math
import sys

import pygame

from booth.core.scene import AttractScene, FormScene
from booth.ports import Size
from booth.ui.layout import unit
from lab.screens import scenes, screens

OVERHANG = 2
"""Steps of the grid that letters may reach out of their line: accents on capitals, tails."""

SMALLEST = 11
"""Steps of the grid: no type is smaller, which is 2 mm on a panel of 7 inches."""

THUMB = 52
"""Pixels: what can be touched is so wide and so high at least..."""

PER_MM = 1 / (7 * 25.4)
"""...and 9 mm on a panel of 7 inches, which has its diagonal's pixels times this a millimetre."""

NARROW = 33
"""Pixels: so wide is a key at least where the panel stands upright: 6 mm, as on a phone."""


def faults(gallery, look):
    """Return what *look* complains about, with the name of the screen: a whole panel is judged at once."""
    return [(name, fault) for name, painted in gallery.items() for fault in look(painted)]


def test_every_screen_is_painted(gallery):
    """A screen is more than its ground: it has words, and many colours, unless it rests or is the flash."""
    assert [] == [name for name, painted in gallery.items() if painted.colours < 3 or not painted.written]


def test_no_text_leaves_its_place_or_the_screen(gallery):
    """Every line of text lies inside the room it was given, and inside the screen."""

    def outside(painted):
        width, height = painted.size
        over = math.ceil(OVERHANG * unit(Size(width, height)))
        for line in painted.written:
            room = pygame.Rect(*line.room.tuple).inflate(2 * over, 2 * over).clip((0, 0, width, height))
            if not room.contains(line.box.tuple):
                yield line

    assert [] == faults(gallery, outside)


def test_no_two_texts_overlap(gallery):
    """What is written is not written over anything else that can be read."""

    def overlapping(painted):
        pairs = itertools.combinations(painted.written, 2)
        return [(one, other) for one, other in pairs if one.box.meets(other.box)]

    assert [] == faults(gallery, overlapping)


def test_our_own_words_are_not_cut(gallery):
    """Everything that the booth itself says fits; only what guests type may be longer than its place."""

    def cut(painted):
        scene = painted.shown.scene
        typed = {scene.form.name.text, scene.form.email.text} if isinstance(scene, FormScene) else set()
        return [line.wanted for line in painted.written if line.cut and line.wanted not in typed]

    assert [] == faults(gallery, cut), (
        "there is no room for these sentences: say them shorter, in the language's booth.po"
    )


def test_nothing_is_written_so_small_that_it_cannot_be_read(gallery):
    """Whatever has to fit, in whatever language."""

    def tiny(painted):
        return [line for line in painted.written if line.size < SMALLEST]

    assert [] == faults(gallery, tiny)


def test_what_can_be_touched_is_large_and_apart(gallery):
    """Spots lie on the screen, do not overlap, and are as large as a thumb; keys on an upright panel are narrower."""

    def small(painted):
        width, height = painted.size
        screen = pygame.Rect(0, 0, width, height)
        thumb = max(THUMB, round(9 * math.hypot(width, height) * PER_MM))
        for spot in painted.spots:
            narrow = spot.name.startswith("key:") and width < height
            wide = spot.width >= (NARROW if narrow else thumb)
            if not (wide and spot.height >= thumb and screen.contains(rectangle(spot))):
                yield spot

    def overlapping(painted):
        pairs = itertools.combinations(painted.spots, 2)
        return [(one, other) for one, other in pairs if rectangle(one).colliderect(rectangle(other))]

    assert [] == faults(gallery, small)
    assert [] == faults(gallery, overlapping)


def rectangle(spot):
    return pygame.Rect(spot.x, spot.y, spot.width, spot.height)


def test_painting_again_gives_the_same_picture(gallery):
    """What is painted in parts looks like what is painted at once: nothing is left over from the scene before."""
    assert [] == [name for name, painted in gallery.items() if not painted.same]


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
    screen._repainter.forget()
    screen._looked = ()
    screen.show(scene, now)
    return pygame.image.tobytes(screen._surface, "RGB")


def test_an_invitation_painted_in_parts_is_the_one_painted_at_once(easel):
    """After a while of small changes, the invitation looks as if it had been painted whole."""
    screen, scene = easel.screen, AttractScene(4)
    for frame in range(200):
        screen.show(scene, 2000.0 + frame / 10)
    in_parts = pygame.image.tobytes(screen._surface, "RGB")
    assert in_parts == anew(screen, scene, 2019.9)


def test_a_form_painted_in_parts_is_the_one_painted_at_once(easel):
    """Whatever a form comes from, and the darkening of a question included, only what it is now can be seen."""
    screen = easel.screen
    forms = [shown.scene for _, shown in scenes.screens() if isinstance(shown.scene, FormScene)]
    order = [*itertools.chain.from_iterable(itertools.combinations(range(len(forms)), 2)), 0]
    # To and fro between the first and each other, then between the second and those behind it: each pair, once.
    assert sorted(itertools.pairwise(order)) == sorted(itertools.permutations(range(len(forms)), 2))
    screen.show(forms[order[0]], 3000.0)
    for number, form in enumerate((forms[index] for index in order[1:]), 1):
        now = 3000.0 + number * 0.3
        screen.show(form, now)
        if number % 7 == 0:
            assert pygame.image.tobytes(screen._surface, "RGB") == anew(screen, form, now)
