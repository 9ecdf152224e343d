"""Plays a visit in the simulator's window, photographs it at steady steps, and bakes the photographs into a GIF.

Everything in it is real: the booth as ``booth --simulate`` puts it together, a finger that sends what a finger sends,
an object in a bucket; and the GIF is made by the recipe of the guests' GIFs. There need be no display.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pygame

from booth import logs, wiring
from booth.core.scene import FarewellScene, Scene
from booth.core.states import Attract, Booth, FillingIn, Outcome
from booth.imaging.recipe import Recipe, environment, joining, prepared_name
from booth.ports import Size
from booth.rehearsal import Onlooker
from booth.settings.loading import load
from booth.simulation import Simulation, simulated
from booth.ui.kitchen.oven import Oven
from booth.ui.screen import PygameScreen
from booth.units import Instant, Pixels, Seconds, later
from lab import ROOT

IMAGES = ROOT / "docs" / "images"

STEP = Seconds(0.2)
"""The time from one photograph to the next, and so the delay of the GIF's frames."""

WIDTH = 720
"""Pixels of the GIF."""

UNCHANGED = (255, 0, 255)
"""Stands for what is to stay as it is: a colour that is nowhere in the window."""

VISIBLE = (7, 7, 7)
"""Red, green and blue must differ by so much to be worth their bytes."""

SAMPLES = 24
"""The palette is made of about so many photographs."""

ROOM = 512_000_000
"""What gm may take to join all the frames."""

LARGEST = 2_500_000
"""Bytes: a README that takes longer to load is not looked at."""

SETTINGS = {
    "event.name": "Summer party",
    "screen.size": "[800, 480]",
    "countdown.get_ready_s": "1.0",
    "countdown.seconds": "1.2",
}
"""A name, and less waiting than guests have: all else is as the booth comes, so that nobody misses what was shown."""

NAME = ("key:Z", "key:o", "key:ë")
ADDRESS = (
    "key:z",
    "key:o",
    "key:e",
    "key:@",
    "key:e",
    "key:x",
    "key:a",
    "key:m",
    "key:p",
    "key:l",
    "key:e",
    "key:.org",
)

SERVER = Seconds(20.0)
"""How long the bucket may take to be there."""

PATIENCE = Seconds(60.0)
"""A visit that takes longer has failed."""


Place = tuple[int, int]


@dataclass(frozen=True)
class Deed:
    """What the guest does next."""

    after: Seconds
    """Since the deed before, or since the scene came."""
    spot: str


class Visitor(Onlooker):
    """A guest who knows what they want, and a photographer behind them.

    It watches, and so it is called by the booth's loop, between two frames.
    """

    def __init__(self, appliance: wiring.Appliance, folder: Path) -> None:
        if not isinstance(appliance.screen, PygameScreen):
            raise TypeError("only a screen that is painted can be photographed")
        self._daemon, self._screen = appliance.daemon, appliance.screen
        self._folder = folder
        self._deeds = self._form()
        self._deed: Deed | None = None
        self._since: Instant | None = None
        self._begun: Instant | None = None
        self._due: Instant | None = None
        self._released: Instant | None = None
        self._ends: Instant | None = None
        self.photographs: list[Path] = []
        self.stills: list[Path] = []
        window = self._oven.window
        self.size = Size(Pixels(WIDTH), Pixels(WIDTH * window.height // window.width))

    def _form(self) -> Iterator[Deed]:
        """Yield what is touched on the form."""
        yield from (Deed(Seconds(0.7 if key == NAME[0] else 0.24), key) for key in NAME)
        yield Deed(Seconds(0.5), "field:email")
        yield from (Deed(Seconds(0.2), key) for key in ADDRESS)
        yield Deed(Seconds(0.6), "send")

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """See what has become of the GIF; look at it for a while, and go."""
        if isinstance(shown, FarewellScene) and shown.outcome is Outcome.SENT and self._ends is None:
            self._ends = later(ended, Seconds(3.2))

    def looped(self, booth: Booth, now: Instant) -> None:
        """Do what a guest does now, and take a photograph if one is due."""
        state = booth.state
        if self._begun is None:
            if not isinstance(state, Attract):
                return
            self._begun = self._due = now
        if now - self._begun > PATIENCE or (self._ends is not None and now >= self._ends):
            self._daemon.stop()
        if self._released is None and now - self._begun >= 1.8:
            self._released = later(now, Seconds(0.35))
            self._keep("attract")
            self._hand(pygame.MOUSEBUTTONDOWN)
        elif self._released is not None and now >= self._released:
            self._released = Instant(float("inf"))
            self._hand(pygame.MOUSEBUTTONUP)
        if isinstance(state, FillingIn):
            self._fill_in(now)
        if self._due is not None and now >= self._due:
            self._due = later(self._due, STEP)
            self._photograph()

    def _hand(self, what: int) -> None:
        """Put a mouse on the drawn button, or lift it."""
        x, y, _ = self._oven.button
        pygame.event.post(pygame.Event(what, {"pos": (x, y), "button": 1, "touch": False}))

    @property
    def _oven(self) -> Oven:
        oven = self._screen._oven  # noqa: SLF001 - where the drawn button is, is only the oven's to know
        if not isinstance(oven, Oven):
            raise TypeError("the simulator's window has an oven")
        return oven

    def _fill_in(self, now: Instant) -> None:
        """Touch what comes next on the form, when it is time."""
        if self._since is None:
            self._since = now
        if self._deed is None:
            self._deed = next(self._deeds, None)
        if self._deed is None or now - self._since < self._deed.after:
            return
        if self._deed.spot == "send":
            self._keep("form")
        spots = {spot.name: spot for spot in self._screen.spots()}
        if self._deed.spot not in spots:
            raise LookupError(f"there is no {self._deed.spot} to touch; there are {', '.join(spots)}")
        spot = spots[self._deed.spot]
        self._screen.finger(Pixels(spot.x + spot.width // 2), Pixels(spot.y + spot.height // 2))
        self._since, self._deed = now, None

    def _keep(self, name: str) -> None:
        """Photograph the screen as it is, for a picture that stands still."""
        self.stills.append(self._folder / f"{name}.png")
        self._screen.photograph(self.stills[-1])

    def _photograph(self) -> None:
        """Put what the window shows on disk, as small as it will be; that is quick, and the booth goes on."""
        path = self._folder / f"window-{len(self.photographs):03}.bmp"
        window = pygame.display.get_surface()
        if window is None:
            raise RuntimeError("there is no window to photograph")
        small = pygame.transform.smoothscale(window, (self.size.width, self.size.height))
        pygame.image.save(small, path)
        self.photographs.append(path)


def play(folder: Path) -> Visitor:
    """Play a visit; return who photographed it."""
    settings = load(config=ROOT / "config" / "booth.toml", environ={}, overrides=SETTINGS).settings
    logs.configure("warning", "json", sys.stderr)
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    with ExitStack() as stack:
        world = simulated(settings, Simulation(outbox=folder / "outbox"), stack)
        appliance = wiring.assemble(settings, world, stack)
        began = monotonic()
        appliance.open_bucket().close()  # the server takes a second or two to start: not while somebody poses
        if monotonic() - began > SERVER:
            raise TimeoutError("the S3 server took too long to start; try again when the machine has time")
        visitor = Visitor(appliance, folder)
        appliance.daemon.watch(visitor)
        appliance.run()
        if visitor._ends is None:  # noqa: SLF001 - its own file
            raise TimeoutError("the visit did not come to its end; try again when the machine has time")
        return visitor


def bake(photographs: list[Path], size: Size, into: Path, folder: Path) -> None:
    """Make *photographs* into the GIF at *into*.

    They are joined by the recipe of the guests' GIFs. Before that they are cut down to what has changed since the
    photograph before, and get one palette for all of them and no dither: a drawing can do without what a face needs.
    """
    recipe = Recipe(size, delay=STEP, loops=0)
    some = photographs[:: 1 + len(photographs) // SAMPLES]
    run_gm(("convert", *map(str, some), "-append", "-colors", "255", "palette.png"), folder)
    colours = pygame.image.load(folder / "palette.png")
    palette = pygame.Surface((colours.get_width() + 1, colours.get_height()))
    palette.fill(UNCHANGED)
    palette.blit(colours, (1, 0))
    pygame.image.save(palette, folder / "palette.png")
    shown: pygame.Surface | None = None
    for number, path in enumerate(photographs):
        photograph = pygame.image.load(path)
        change, (x, y), shown = changed(photograph, shown)
        pygame.image.save(change, folder / "change.png")
        page = ("-page", f"{size.width}x{size.height}+{x}+{y}")
        clear = ("-transparent", "#{:02x}{:02x}{:02x}".format(*UNCHANGED))
        run_gm(
            ("convert", *page, "change.png", "+dither", "-map", "palette.png", *clear, prepared_name(number)), folder
        )
    run_gm(joining(recipe, range(len(photographs))), folder, into)


def changed(photograph: pygame.Surface, shown: pygame.Surface | None) -> tuple[pygame.Surface, Place, pygame.Surface]:
    """Return what differs from what is *shown*, where that is, and what is shown then.

    What does not differ visibly is painted in `UNCHANGED`, to be made transparent.
    """
    if shown is None:
        return photograph, (0, 0), photograph
    same = pygame.mask.from_threshold(photograph, (0, 0, 0), VISIBLE, shown)
    different = same.copy()
    different.invert()
    boxes = different.get_bounding_rects()
    box = boxes[0].unionall(boxes[1:]) if boxes else pygame.Rect(0, 0, 1, 1)
    change, after = photograph.copy(), photograph.copy()
    same.to_surface(change, setcolor=UNCHANGED, unsetcolor=None)
    same.to_surface(after, setsurface=shown, unsetcolor=None)
    return change.subsurface(box), box.topleft, after


def run_gm(argv: Sequence[str], folder: Path, into: Path = Path(os.devnull)) -> None:
    """Run gm in *folder*, with *into* on its standard output."""
    with into.open("wb") as result:
        subprocess.run(["gm", *argv], cwd=folder, env=os.environ | environment(ROOM), stdout=result, check=True)


def main() -> int:
    """Play, bake, and say what it became; return 0 if it is small enough."""
    parser = argparse.ArgumentParser(prog="scripts/readme-gif", description=__doc__)
    parser.add_argument("--out", type=Path, default=IMAGES, help="folder for the pictures; docs/images if not given")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="readme-gif-") as name:
        folder = Path(name)
        visitor = play(folder)
        bake(visitor.photographs, visitor.size, out / "visit.gif", folder)
        for still in visitor.stills:
            run_gm(("convert", str(still), "+dither", "-colors", "255", "-strip", f"png:{out / still.name}"), folder)
    large = (out / "visit.gif").stat().st_size
    print(f"{out / 'visit.gif'}: {len(visitor.photographs)} frames, {large / 1e6:.2f} MB")
    if large > LARGEST:
        print(f"that is more than {LARGEST / 1e6:.1f} MB: make it smaller (WIDTH, STEP)", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
