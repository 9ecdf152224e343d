"""Every screen looks as it is kept in ``kept/``: to a person, not byte by byte. ``scripts/screens --keep`` renews them.

Where one does not, pictures of what was painted, of what is kept and of what differs are left in ``build/screens``.
"""

import shutil

import pygame
import pytest

from lab.screens import likeness, scenes, screens

LEFT = screens.ROOT / "build" / "screens"
MEANT = "if that is how it should look: scripts/screens --keep"


@pytest.fixture
def left(panel):
    """Return a folder of this panel's own, empty, for what differs."""
    folder = LEFT / panel[0]
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def leave(folder, name, painted, kept):
    """Put a picture of what was painted, and of how it differs, beside what is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    pygame.image.save(painted, folder / f"{name}.actual.png")
    if kept is None:
        return
    pygame.image.save(kept, folder / f"{name}.kept.png")
    if kept.get_size() == painted.get_size():
        pygame.image.save(likeness.painted(painted, kept), folder / f"{name}.difference.png")


def complaint(name, painted, kept):
    """Return what is wrong with a screen, None if nothing is."""
    if kept is None:
        return f"{name} is not kept yet"
    if kept.get_size() != painted.get_size():
        return f"{name} is kept in another size"
    found = likeness.difference(painted, kept)
    return None if found.alike else f"{name} differs by {found.worst:.1f} around {found.at}"


def test_every_screen_looks_as_it_is_kept(panel, gallery, left):
    """In each size and language: no word is missing, nothing has moved, and no colour is another."""
    wrong = []
    for name, painted in gallery.items():
        path = screens.KEPT / panel[0] / f"{name}.png"
        kept = pygame.image.load(path) if path.exists() else None
        if what := complaint(name, painted.small, kept):
            wrong.append(what)
            leave(left, name, painted.small, kept)
    assert not wrong, f"{'; '.join(wrong)}. See {left}; {MEANT}"


def test_nothing_else_is_kept():
    """A picture of a screen that is no more is deleted, and so is that of a size or a language."""
    names = {name for name, _ in scenes.screens()}
    panels = {screens.named(size, language) for size in scenes.SIZES for language in scenes.LANGUAGES}
    stale = [path for path in screens.KEPT.rglob("*.png") if path.stem not in names or path.parent.name not in panels]
    assert not stale, MEANT


def test_what_is_kept_is_small():
    """A screen in all sizes is less than 19 kB a language, all things considered: they are in every clone."""
    pictures = len(scenes.LANGUAGES) * len(list(scenes.screens()))
    assert sum(path.stat().st_size for path in screens.KEPT.rglob("*.png")) < 19_000 * pictures


def test_those_that_are_kept_anew_leave_the_others_as_they_are(tmp_path):
    """``--keep --only form-hint`` replaces one picture of the panel; without ``--only``, what is no screen goes."""
    size = scenes.SIZES[0]
    folder = tmp_path / screens.named(size, "de")
    folder.mkdir()
    for name in ("attract", "form-hint", "no-screen"):
        (folder / f"{name}.png").write_bytes(b"before")
    assert folder == screens.keep(size, "de", "form-hint", tmp_path)
    assert ({"attract", "form-hint", "no-screen"}, ["form-hint"]) == (
        {path.stem for path in folder.iterdir()},
        [path.stem for path in folder.iterdir() if path.read_bytes() != b"before"],
    )


def test_of_a_screen_that_is_none_nothing_is_kept(tmp_path):
    """A name with a typing error deletes nothing."""
    assert screens.keep(scenes.SIZES[0], "de", "fromm", tmp_path) is None
    assert [] == list(tmp_path.iterdir())
