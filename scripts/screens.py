"""Paints every screen there is, at every size and in every language, and sheets of them: for people and for the tests.

The clock stands, and the camera and the album hold the same pictures always. For people these are the photographs of
the tests, and names are written with the fonts of this machine. What is kept for the tests depends on nothing but the
program: the party that the simulator paints, in the fonts of this project.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame  # noqa: E402 - the checkout's own package comes first

from booth.core.scene import FlashScene, StartingScene  # noqa: E402
from booth.core.session import SessionId  # noqa: E402
from booth.ports import Picture, Playback, Size  # noqa: E402
from booth.sim.camera import PaintedView  # noqa: E402
from booth.ui.assets import asset  # noqa: E402
from booth.ui.fonts import Fonts  # noqa: E402
from booth.ui.screen import PygameScreen  # noqa: E402
from booth.ui.touch import tap_events  # noqa: E402
from booth.units import Instant, Pixels, Seconds, later  # noqa: E402
from scripts.scenes import CONSENT, LANGUAGES, SESSION, SIZES, TITLE, Shown, screens  # noqa: E402

PHOTOS = ROOT / "tests" / "photos" / "astronaut"
KEPT = ROOT / "tests" / "scenes" / "kept"

BEGUN = Instant(1000.0)
"""When every screen begins."""

ACROSS = 8
"""Screens side by side on a kept sheet."""

KEPT_PIXELS = 24_000
"""A kept picture of a screen has about so many."""

COLOURS = 255
"""A kept sheet has at most so many."""


@dataclass
class Album:
    """An album of one animation."""

    held: Playback | None = field(default=None)

    def playback(self, session: SessionId) -> Playback | None:
        """Return the one animation."""
        return self.held


def photographs(width: int) -> tuple[Picture, ...]:
    """Return the four photographs of the tests, *width* pixels wide."""
    pictures = []
    for path in sorted(PHOTOS.glob("frame-*.jpg")):
        photo = pygame.image.load(path)
        size = (width, width * photo.get_height() // photo.get_width())
        small = pygame.transform.smoothscale(photo, size)
        pictures.append(Picture(Size(Pixels(size[0]), Pixels(size[1])), pygame.image.tobytes(small, "RGB")))
    return tuple(pictures)


@dataclass
class Easel:
    """A screen that nobody sees, and what the world would give it."""

    size: Size
    screen: PygameScreen
    album: Album
    playback: Playback

    down: str | None = None
    """The spot on which a finger lies."""

    def paint(self, shown: Shown) -> pygame.Surface:
        """Paint one of the screens as it looks after it was touched; return its pixels, which the next one takes."""
        if self.down is not None:
            self._touch(self.down)
            self.down = None
        self.album.held = self.playback if shown.animation else None
        self.screen.show(StartingScene() if not isinstance(shown.scene, StartingScene) else FlashScene(1, 1), BEGUN)
        self.screen.show(shown.scene, BEGUN)
        for name in shown.taps:
            self._touch(name)
        if shown.held is not None:
            self._touch(shown.held, lifted=False)
        self.down = shown.held
        now = later(BEGUN, shown.elapsed)
        list(self.screen.events(now))
        self.screen.show(shown.scene, now)
        return self.screen._surface  # noqa: SLF001 - what is on a display is nobody's to take, but for these pictures

    def _touch(self, name: str, *, lifted: bool = True) -> None:
        spots = {spot.name: spot for spot in self.screen.spots()}
        if name not in spots:
            raise LookupError(f"there is no {name} to touch; there are {', '.join(spots)}")
        spot = spots[name]
        touched = tap_events(spot.x + spot.width // 2, spot.y + spot.height // 2, self.size)
        for event in touched if lifted else touched[:2]:
            pygame.event.post(event)
        list(self.screen.events(BEGUN))


@cache
def party() -> tuple[Picture, ...]:
    """Return four pictures of the simulator's party."""
    size = Size(Pixels(640), Pixels(480))
    view = PaintedView(size, size)
    poses = (view.still(3.0 + shot, shot) for shot in range(4))
    return tuple(Picture(size, pygame.image.tobytes(pose, "RGB")) for pose in poses)


@contextmanager
def easel(size: Size, language: str = LANGUAGES[0], *, theme: str | None = None, kept: bool = True) -> Iterator[Easel]:
    """Yield a screen of this size that speaks *language*, as it is kept or for people; there can be one at a time."""
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    pictures = party() if kept else photographs(640)
    preview = pictures[0]
    album = Album()
    screen = PygameScreen(
        size,
        fullscreen=False,
        title=TITLE,
        consent_text=CONSENT,
        album=album,
        preview=lambda: preview,
        fresh=lambda: SESSION,
        language=language,
        languages=LANGUAGES,
    )
    if kept:
        screen._canvas.fonts = Fonts(())  # noqa: SLF001 - as above
    try:
        yield Easel(size, screen, album, Playback(pictures, (Seconds(0.5),) * len(pictures), 0))
    finally:
        screen.close()
        if before is None:
            del os.environ["SDL_VIDEODRIVER"]
        else:
            os.environ["SDL_VIDEODRIVER"] = before


def named(size: Size, language: str) -> str:
    """Return what pictures of this size and language are filed under."""
    return f"{size.width}x{size.height}-{language}"


# --- For people ------------------------------------------------------------------------------------------------------


def contact_sheet(pictures: Sequence[Path], into: Path, width: int = 400) -> None:
    """Put small copies of *pictures* on one sheet, with their names."""
    pygame.font.init()
    font = pygame.font.Font(asset("fonts/MPLUSRounded1c-Medium.ttf"), 15)
    first = pygame.image.load(pictures[0])
    if first.get_width() < first.get_height():
        width = width * 5 // 8
    height = width * first.get_height() // first.get_width()
    across = 1600 // width
    gap, line = 12, 22
    rows = -(-len(pictures) // across)
    sheet = pygame.Surface((across * (width + gap) + gap, rows * (height + line + gap) + gap))
    sheet.fill((90, 90, 90))
    for index, path in enumerate(pictures):
        x, y = gap + index % across * (width + gap), gap + index // across * (height + line + gap)
        sheet.blit(font.render(path.stem, antialias=True, color=(255, 255, 255)), (x, y))
        sheet.blit(pygame.transform.smoothscale(pygame.image.load(path), (width, height)), (x, y + line))
    pygame.image.save(sheet, into)


def write(out: Path, size: Size, language: str, theme: str | None, only: str) -> Path | None:
    """Paint the screens whose name contains *only* into a folder in *out*; return their sheet, None without any."""
    folder = out / named(size, language)
    painted = []
    with easel(size, language, theme=theme, kept=False) as stage:
        for index, (name, shown) in enumerate(screens(), 1):
            if only in name:
                folder.mkdir(parents=True, exist_ok=True)
                painted.append(folder / f"{index:02}-{name}.png")
                pygame.image.save(stage.paint(shown), painted[-1])
    if not painted:
        return None
    sheet = out / f"{named(size, language)}.png"
    contact_sheet(painted, sheet)
    return sheet


# --- For the tests ---------------------------------------------------------------------------------------------------


def reduced(picture: pygame.Surface) -> pygame.Surface:
    """Return *picture* as small as it is kept."""
    width, height = picture.get_size()
    times = round((width * height / KEPT_PIXELS) ** 0.5)
    before = pygame.transform.get_smoothscale_backend()
    pygame.transform.set_smoothscale_backend("GENERIC")  # the others round as their processor does
    small = pygame.transform.smoothscale(picture, (width // times, height // times))
    pygame.transform.set_smoothscale_backend(before)
    return small


def place(index: int, size: tuple[int, int]) -> pygame.Rect:
    """Return where on a kept sheet the screen with this *index* is, each being of *size* pixels."""
    return pygame.Rect(index % ACROSS * size[0], index // ACROSS * size[1], *size)


def keep(size: Size, language: str) -> Path:
    """Paint all screens, small, on the sheet that the tests compare with; return it."""
    with easel(size, language) as stage:
        small = [reduced(stage.paint(shown)) for _, shown in screens()]
    each = small[0].get_size()
    sheet = pygame.Surface((ACROSS * each[0], -(-len(small) // ACROSS) * each[1]))
    for index, picture in enumerate(small):
        sheet.blit(picture, place(index, each))
    into = KEPT / f"{named(size, language)}.png"
    with tempfile.TemporaryDirectory(prefix="screens-") as folder:
        whole = Path(folder) / "sheet.png"
        pygame.image.save(sheet, whole)
        argv = ("gm", "convert", whole, "+dither", "-colors", str(COLOURS), "-strip", "-quality", "99", f"PNG8:{into}")
        subprocess.run(argv, check=True)
    return into


def keep_all() -> Iterator[Path]:
    """Keep every sheet, and the list of what is on them."""
    KEPT.mkdir(exist_ok=True)
    for stale in KEPT.glob("*.png"):
        stale.unlink()
    for size in SIZES:
        for language in LANGUAGES:
            yield keep(size, language)
    names = KEPT / "screens.txt"
    names.write_text("".join(f"{name}\n" for name, _ in screens()))
    yield names


def main() -> None:
    """Paint all screens."""
    parser = argparse.ArgumentParser(prog="scripts/screens", description=__doc__)
    sizes = {f"{size.width}x{size.height}": size for size in SIZES}
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, help="folder for the pictures")
    what.add_argument("--keep", action="store_true", help="replace the pictures that the tests compare with")
    parser.add_argument("--size", choices=sizes, help="one size only")
    parser.add_argument("--language", choices=LANGUAGES, help="one language only")
    parser.add_argument("--theme", help="in another theme")
    parser.add_argument("--only", default="", help="only screens whose name contains this")
    options = parser.parse_args()
    if options.keep:
        for path in keep_all():
            print(path)
        return
    for size in [sizes[options.size]] if options.size else SIZES:
        for language in [options.language] if options.language else LANGUAGES:
            sheet = write(options.out, size, language, options.theme, options.only)
            if sheet is None:
                parser.error(f"no screen's name contains {options.only!r}")
            print(sheet)


if __name__ == "__main__":
    main()
