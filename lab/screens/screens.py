"""Paints every screen there is, at every size and in every language, and sheets of them: for people and for the tests.

The clock stands, and the camera and the album hold the same pictures always. For people these are the photographs of
the tests, and names are written with the fonts of this machine. What is kept for the tests depends on nothing but the
program: somebody who is drawn in a few colours, and the fonts of this project.
"""

import argparse
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pygame

from booth.core.scene import FlashScene
from booth.core.visit import SessionId
from booth.ports import Picture, Playback, Preview, Size
from booth.ui import theme as themes
from booth.ui.assets import asset
from booth.ui.drawing.brand import Brand
from booth.ui.drawing.qr import Coder
from booth.ui.dress import Dress
from booth.ui.screen import PygameScreen
from booth.ui.text.fonts import Fonts
from booth.ui.touch import tap_events
from booth.ui.words import Texts
from booth.units import Instant, Pixels, Seconds, later
from lab import ROOT
from lab.screens.scenes import (
    CLOUDS,
    CONSENT,
    CONSENTS,
    LANGUAGES,
    QUESTIONS,
    RESTS,
    SESSION,
    SIZES,
    TITLE,
    Shown,
    screens,
)

PHOTOS = ROOT / "tests" / "photos" / "astronaut"
KEPT = ROOT / "tests" / "scenes" / "kept"

BEGUN = Instant(1000.0)
"""When every screen begins."""

TAP_EVERY = Seconds(0.15)
"""A finger is not back sooner; what is, the booth takes for a panel that trembles."""

KEPT_PIXELS = 26_000
"""A kept picture of a screen has about so many."""

COLOURS = 255
"""A kept picture has at most so many."""


@dataclass
class Album:
    """An album of one animation, the frames of one visit, and a gallery of animations."""

    held: Playback | None = None
    taken: tuple[Picture, ...] = ()
    shown: tuple[Playback, ...] = ()

    def playback(self, session: SessionId) -> Playback | None:
        """Return the one animation."""
        return self.held

    def frames(self, session: SessionId) -> Mapping[int, Picture]:
        """Return the frames that were kept so far."""
        return dict(enumerate(self.taken, 1))

    def pictures(self) -> tuple[Playback, ...]:
        """Return what may be shown on the invitation."""
        return self.shown


@cache
def photographs(width: int) -> tuple[Picture, ...]:
    """Return the four photographs of the tests, *width* pixels wide."""
    pictures = []
    for path in sorted(PHOTOS.glob("frame-*.jpg")):
        photo = pygame.image.load(path)
        size = Size(Pixels(photo.get_width()), Pixels(photo.get_height()))
        pictures.append(shrunk(Picture(size, pygame.image.tobytes(photo, "RGB")), width))
    return tuple(pictures)


def shrunk(picture: Picture, width: int) -> Picture:
    """Return *picture* as the album has it: small."""
    photo = pygame.image.frombuffer(picture.rgb, (picture.size.width, picture.size.height), "RGB")
    size = (width, width * photo.get_height() // photo.get_width())
    small = pygame.transform.smoothscale(photo, size)
    return Picture(Size(Pixels(size[0]), Pixels(size[1])), pygame.image.tobytes(small, "RGB"))


@dataclass
class Easel:
    """A screen that nobody sees, and what the world would give it."""

    size: Size
    screen: PygameScreen
    album: Album
    pictures: tuple[Picture, ...]
    """Of the animation, and of its frames."""

    down: str | None = None
    """The spot on which a finger lies."""

    def __post_init__(self) -> None:
        """Make the pictures that are shown small: once, as the album does."""
        self._animation = Playback(self.pictures, (Seconds(0.5),) * len(self.pictures), 0)
        self._frames = tuple(shrunk(picture, 240) for picture in self.pictures)
        others = (self._frames[turn:] + self._frames[:turn] for turn in range(len(self._frames)))
        self._gallery = tuple(Playback(frames, (Seconds(0.5),) * len(frames), 0) for frames in others)

    def paint(self, shown: Shown) -> pygame.Surface:
        """Paint one of the screens as it looks after it was touched; return its pixels, which the next one takes.

        It comes after the flash of another visit, so that nothing of the screen that was painted before is in it.
        """
        if self.down is not None:
            self._touch(self.down, BEGUN)
            self.down = None
        self.album.held, self.album.taken, self.album.shown = None, (), ()
        self.screen.show(FlashScene(1, 4, SessionId("another")), BEGUN)
        self.album.held = self._animation if shown.animation else None
        self.album.taken = self._frames[: shown.frames]
        self.album.shown = self._gallery if shown.gallery else ()
        self.screen.show(shown.scene, BEGUN)
        for number, name in enumerate(shown.taps):
            self._touch(name, later(BEGUN, Seconds(number * TAP_EVERY)))
        if shown.held is not None:
            self._touch(shown.held, later(BEGUN, Seconds(len(shown.taps) * TAP_EVERY)), lifted=False)
        self.down = shown.held
        now = later(BEGUN, shown.elapsed)
        list(self.screen.events(now))
        self.screen.show(shown.scene, now)
        return self.screen._surface  # noqa: SLF001 - what is on a display is nobody's to take, but for these pictures

    def _touch(self, name: str, now: Instant, *, lifted: bool = True) -> None:
        spots = {spot.name: spot for spot in self.screen.spots()}
        if name not in spots:
            raise LookupError(f"there is no {name} to touch; there are {', '.join(spots)}")
        spot = spots[name]
        touched = tap_events(spot.x + spot.width // 2, spot.y + spot.height // 2, self.size)
        for event in touched if lifted else touched[:2]:
            pygame.event.post(event)
        list(self.screen.events(now))


@cache
def party() -> tuple[Picture, ...]:
    """Return four pictures of somebody who poses: in few colours, so that they are small to keep."""
    size = Size(Pixels(640), Pixels(480))
    pictures = []
    grounds = ((70, 150, 168), (226, 150, 62), (120, 104, 190), (96, 160, 96))
    for ground, (hand, elbow) in zip(
        grounds,
        (((150, 90), (190, 230)), ((100, 250), (170, 330)), ((290, 60), (210, 170)), ((230, 390), (170, 390))),
        strict=True,
    ):
        picture = pygame.Surface((size.width, size.height))
        picture.fill(ground)
        pygame.draw.rect(picture, (40, 44, 74), (0, 400, 640, 80))
        pygame.draw.circle(picture, (250, 214, 90), (540, 90), 50)
        for joint, next_joint in (((270, 330), elbow), (elbow, hand)):
            pygame.draw.line(picture, (176, 60, 70), joint, next_joint, 44)
            pygame.draw.circle(picture, (176, 60, 70), next_joint, 22)
        pygame.draw.rect(picture, (176, 60, 70), (240, 300, 180, 180), border_radius=60)
        pygame.draw.circle(picture, (240, 200, 170), hand, 28)
        pygame.draw.circle(picture, (240, 200, 170), (330, 210), 92)
        pygame.draw.arc(picture, (60, 30, 30), (280, 190, 100, 80), 3.4, 6.0, 8)
        for eye in (298, 362):
            pygame.draw.circle(picture, (60, 30, 30), (eye, 196), 10)
        pictures.append(Picture(size, pygame.image.tobytes(picture, "RGB")))
    return tuple(pictures)


@contextmanager
def easel(
    size: Size,
    language: str = LANGUAGES[0],
    *,
    theme: str | themes.Theme = themes.USUAL,
    brand: Brand | None = None,
    texts: Texts | None = None,
    kept: bool = True,
    preview: Preview | None = None,
) -> Iterator[Easel]:
    """Yield a screen of this size that speaks *language*, as it is kept or for people; there can be one at a time.

    *brand* and *texts* are an event's own. Without a *preview* the camera sees the last of the pictures.
    """
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    pictures = party() if kept else photographs(640)
    album = Album()
    fonts = Fonts(()) if kept else Fonts()
    fonts.search(wait=True)
    screen = PygameScreen(
        Dress(
            size,
            title=TITLE,
            consent_text=CONSENT,
            consents={name: dict.fromkeys(LANGUAGES, text) for name, text in CONSENTS.items()},
            questions={name: dict.fromkeys(LANGUAGES, text) for name, text in QUESTIONS.items()},
            theme=themes.named(theme) if isinstance(theme, str) else theme,
            brand=brand or Brand(),
            texts=texts or Texts(),
            language=language,
            languages=LANGUAGES,
            rest_after=RESTS,
            clouds=CLOUDS,
        ),
        album=album,
        preview=preview or (lambda: pictures[-1]),
        fresh=lambda: SESSION,
        coder=Coder(size, aside=lambda job: job()),
        fonts=fonts,
        gallery=album,
        voice=None,
        speaker=None,
    )
    try:
        yield Easel(size, screen, album, pictures)
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


def write(out: Path, size: Size, language: str, theme: str, only: str) -> Path | None:
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


def keep(size: Size, language: str, only: str = "", kept: Path = KEPT) -> Path | None:
    """Paint the screens whose name contains *only*, small, into the folder that the tests compare with; return it.

    What is kept of the others stays; if it is all of them, so does nothing. None if there is no such screen.
    """
    chosen = [(name, shown) for name, shown in screens() if only in name]
    if not chosen:
        return None
    folder = kept / named(size, language)
    if not only:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    painted = []
    with easel(size, language) as stage:
        for name, shown in chosen:
            painted.append(folder / f"{name}.png")
            pygame.image.save(reduced(stage.paint(shown)), painted[-1])
    save_colours(painted)
    return folder


def save_colours(pictures: Sequence[Path]) -> None:
    """Give each of these PNGs a palette: that takes a third of the room, and nobody sees it."""
    fewer = ("+dither", "-colors", str(COLOURS), "-type", "Palette", "-strip", "-quality", "90")
    subprocess.run(["gm", "mogrify", *fewer, *sorted(pictures)], check=True)


def main() -> None:
    """Paint all screens."""
    parser = argparse.ArgumentParser(prog="scripts/screens", description=__doc__)
    sizes = {f"{size.width}x{size.height}": size for size in SIZES}
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, help="folder for the pictures")
    what.add_argument("--keep", action="store_true", help="replace the pictures that the tests compare with")
    parser.add_argument("--size", choices=sizes, help="one size only")
    parser.add_argument("--language", choices=LANGUAGES, help="one language only")
    parser.add_argument("--theme", choices=themes.names(), default=themes.USUAL, help="in another theme")
    parser.add_argument("--only", default="", help="only screens whose name contains this")
    options = parser.parse_args()
    if options.keep and not (options.size or options.language or options.only):
        shutil.rmtree(KEPT, ignore_errors=True)
    for size in [sizes[options.size]] if options.size else SIZES:
        for language in [options.language] if options.language else LANGUAGES:
            if options.keep:
                painted = keep(size, language, options.only)
            else:
                painted = write(options.out, size, language, options.theme, options.only)
            if painted is None:
                parser.error(f"no screen's name contains {options.only!r}")
            print(painted, flush=True)


if __name__ == "__main__":
    main()
