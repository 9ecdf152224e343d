"""What a Raspberry Pi 3B has to do in time, piece by piece: the work that ``scripts/bench pi`` has counted.

The law: all of it is the booth's own code. What a piece needs is made before its first round, and so is whatever is
drawn only once; from then on one round is like the next.
"""

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from typing import Any

from booth.core.events import Typed
from booth.core.form import Field, Form
from booth.core.scene import AttractScene, CountdownScene, FarewellScene, Scene
from booth.core.states import Animation, Outcome
from booth.core.visit import SessionId
from booth.disk import RealDisk
from booth.imaging import playback
from booth.imaging.judge import Judge
from booth.imaging.recipe import Recipe
from booth.jpeg import size_of
from booth.pictures import turned
from booth.ports import Picture, Size
from booth.rehearsal import Onlooker
from booth.ui.drawing.playback import surface_of
from booth.ui.touch import tap_events
from booth.units import Instant, Pixels, Seconds, later
from booth.wiring import SMALL
from booth.world import make_gif
from lab.bench import booths
from lab.screens import scenes, screens

PREVIEW = Size(Pixels(640), Pixels(480))
FRAME = Size(Pixels(1280), Pixels(960))
"""The size of a frame, as the camera's settings are built in."""
PANEL = scenes.SIZES[0]

PICTURES = 20
"""Pictures of the preview in a second: each is a frame of the countdown."""
FRAMES = 30
"""Frames of every other screen in a second: so often the booth looks at it."""
SHAPES = 400
"""Looks at a waiting booth after which it has drawn the coming screens."""
TYPED = "wolfeschlegel"
STROKE = 6
"""Frames from one letter to the next."""

Round = Callable[[], int]
"""Does the work of one round, and returns how much came out of it."""


@dataclass(frozen=True)
class Workload:
    """One piece of work, in rounds that are alike."""

    made: Callable[[ExitStack], Round]
    """Makes what is needed, until the stack is closed."""
    rounds: int
    """How many are counted; and twice as many, for the difference. 0: all is counted, once, from the first import."""
    parts: int = 1
    """A round is so many frames."""


def _handed(height: int = 480) -> Any:
    """Return planes of a preview picture, 640 wide, as the camera hands them out."""
    import numpy as np

    rows = height * 3 // 2
    return (np.arange(rows * 640, dtype=np.uint32) // 7 % 256).astype(np.uint8).reshape(rows, 640)


def planes(_stack: ExitStack) -> Round:
    """Make a preview picture of what the camera hands out: the driver's own way, with Camera Module 2 opened before."""
    from booth.drivers.picamera2 import Picamera2Camera
    from lab.rig.floor import Floor
    from lab.rig.plugging import library

    floor = Floor("imx219")
    camera = Picamera2Camera(library=library(floor), size=FRAME, preview_size=PREVIEW, timeout=Seconds(300.0))
    camera.close()  # what is pretended below it takes no instructions any more
    floor.rest()
    handed = _handed()
    return lambda: len(camera._picture(handed).rgb)  # noqa: SLF001 - what the library's thread calls for each frame


def strip(_stack: ExitStack) -> Round:
    """Make as much of a preview picture as is made at once: some thirty calls of numpy, each of which is shorter."""
    from booth.drivers.yuv import ROWS, bgra_of

    handed = _handed(ROWS)
    return lambda: int(bgra_of(handed, PREVIEW.width, ROWS).size)


def _saved(stack: ExitStack, rotation: int) -> Round:
    from booth.drivers.picamera2 import Picamera2Camera
    from lab.rig.floor import Floor
    from lab.rig.plugging import library

    floor = Floor("imx219")
    size = turned(FRAME, rotation)
    camera = Picamera2Camera(
        library=library(floor), size=size, preview_size=turned(PREVIEW, rotation), rotation=rotation,
        timeout=Seconds(300.0),
    )  # fmt: skip
    stack.callback(camera.close)
    request = camera._next()  # noqa: SLF001 - as a capture takes it
    stack.callback(request.release)
    floor.rest()  # what is pretended below it takes no instructions any more

    def save() -> int:
        jpeg = io.BytesIO()
        camera._save(request, jpeg)  # noqa: SLF001 - and as it makes a file of it
        said = size_of(jpeg.getvalue())
        return int(said == size)

    return save


def saved(stack: ExitStack) -> Round:
    """Make a JPEG of a frame."""
    return _saved(stack, 0)


def turned_by_90(stack: ExitStack) -> Round:
    """Make a JPEG of a frame that has to be turned by 90 degrees."""
    return _saved(stack, 90)


def _ready(stack: ExitStack, preview: Callable[[], Picture] | None = None) -> screens.Easel:
    """Return a screen that has waited for long enough to have drawn what comes."""
    easel = stack.enter_context(screens.easel(PANEL, preview=preview))
    for _ in range(SHAPES):
        easel.screen.show(AttractScene(4), screens.BEGUN)
    return easel


def _shown(easel: screens.Easel, moments: Iterator[tuple[Scene, Instant]], frames: int) -> int:
    """Show so many frames; return how many of them changed a pixel."""
    return sum(easel.screen.show(*next(moments)) for _ in range(frames))


def _moments(scene: Scene) -> Iterator[tuple[Scene, Instant]]:
    return ((scene, later(screens.BEGUN, Seconds(number / FRAMES))) for number in count(1))


def _as_handed_out(picture: Picture) -> bytes:
    """Return the pixels of *picture* as a Pi's camera has them."""
    import pygame

    return pygame.image.tobytes(surface_of(picture), "BGRA")


def countdown(stack: ExitStack) -> Round:
    """Show a second of a countdown, with a new picture in each frame."""
    several = cycle([_as_handed_out(each) for each in screens.photographs(640)[:2]])
    fresh = (Picture(PREVIEW, bytes(pixels), order="BGRA", mirrored=True) for pixels in several)
    newest = [next(fresh)]
    easel = _ready(stack, lambda: newest[0])

    def frames() -> Iterator[tuple[Scene, Instant]]:
        for number in count(1):
            newest[0] = next(fresh)
            left = 60 - number % 60
            scene = CountdownScene(1, 4, -(-left // PICTURES), ((left - 1) % PICTURES + 1) / PICTURES, scenes.SESSION)
            yield scene, later(screens.BEGUN, Seconds(number / PICTURES))

    moments = frames()
    _shown(easel, moments, 60)
    return lambda: _shown(easel, moments, PICTURES)


def attract(stack: ExitStack) -> Round:
    """Show four seconds of the invitation, with earlier guests."""
    easel = _ready(stack)
    easel.paint(scenes.Shown(AttractScene(4), gallery=True))
    moments = _moments(AttractScene(4))
    _shown(easel, moments, 8 * FRAMES)
    return lambda: _shown(easel, moments, 4 * FRAMES)


def farewell(stack: ExitStack) -> Round:
    """Show two seconds of a farewell, in which the animation plays once, beside a link to it."""
    easel = _ready(stack)
    scene = FarewellScene(scenes.SESSION, Outcome.SENT, scenes.LINK)
    easel.paint(scenes.Shown(scene))
    moments = _moments(scene)
    _shown(easel, moments, 4 * FRAMES)
    return lambda: _shown(easel, moments, 2 * FRAMES)


def form(stack: ExitStack) -> Round:
    """Show a second of a form, in which a finger types five letters, beside the animation."""
    import pygame

    easel = _ready(stack)
    screen = easel.screen
    easel.paint(scenes.Shown(scenes.form_scene(Form())))
    letters, times = cycle(TYPED), count(1)
    entered = [Form(focus=Field.NAME)]

    def typed() -> int:
        letter = next(letters)
        key = {spot.name.lower(): spot for spot in screen.spots()}[f"key:{letter}"]
        touched = tap_events(key.x + key.width // 2, key.y + key.height // 2, PANEL)
        changed = 0
        for frame in range(STROKE):
            now = later(screens.BEGUN, Seconds(next(times) / FRAMES))
            for raw in {0: touched[:2], 2: touched[2:]}.get(frame, ()):
                pygame.event.post(raw)
            for event in screen.events(now):
                if isinstance(event, Typed):
                    entered[0] = entered[0].typed(event.text)
            changed += screen.show(scenes.form_scene(entered[0], Animation.READY), now)
        if len(entered[0].name.text) >= len(TYPED):
            entered[0] = Form(focus=Field.NAME)
        return changed

    for _ in TYPED:
        typed()
    return lambda: sum(typed() for _ in range(FRAMES // STROKE))


def _frames(folder: Path) -> list[Path]:
    """Return photographs of the tests, as large as the camera's frames are."""
    made = []
    for number, photo in enumerate(sorted(booths.FRAMES.glob("frame-*.jpg")), 1):
        made.append(folder / f"frame-{number}.jpg")
        size = f"{FRAME.width}x{FRAME.height}!"
        subprocess.run(["gm", "convert", "-resize", size, "-quality", "90", str(photo), str(made[-1])], check=True)
    return made


def prepared(stack: ExitStack) -> Round:
    """Prepare one frame for the GIF, gm included."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
    frame = _frames(folder)[0]
    gm = make_gif(RECIPE, folder / "scratch", DEADLINE, RealDisk())

    def prepare() -> int:
        gm.prepare(frame, frame)
        gm.forget([frame])  # or the next round would find it there
        return 1

    return prepare


def looked(stack: ExitStack) -> Round:
    """Do what the booth's own process does to a frame while the guest poses for the next one: small, and looked at."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
    frame = _frames(folder)[0]
    judge, visits = Judge(), count(1)

    def look() -> int:
        small = playback.thumbnail(frame, SMALL)
        judge.look(SessionId(f"visit {next(visits)}"), small)
        return small.size.width

    look()
    return look


def gif(stack: ExitStack) -> Round:
    """Make a GIF of three frames that are prepared and one that is not, and read it back, gm included."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
    frames = _frames(folder)
    playback.check()
    waiting = []
    for visit in range(2 * WORKLOADS["gif"].rounds):  # as many, however many of them are joined
        gm = make_gif(RECIPE, folder / f"scratch-{visit}", DEADLINE, RealDisk())
        for frame in frames[:-1]:
            gm.prepare(frame, frames[0])
        waiting.append(gm)
    return lambda: len(waiting.pop().join(frames, folder / "booth.gif").pictures)


class _Leaver(Onlooker):
    """A watcher that stops the booth when it has invited."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self.invited = 0

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """See the invitation."""
        if changed and isinstance(shown, AttractScene):
            self.invited = 1
            self._stop()


def start(stack: ExitStack) -> Round:
    """Start a whole booth that pretends its camera, until it has painted its invitation, and stop it."""
    appliance = booths.assemble(booths.settings_of({}), None, stack)
    leaver = _Leaver(appliance.daemon.stop)
    appliance.daemon.watch(leaver)

    def run() -> int:
        appliance.run()
        return leaver.invited

    return run


RECIPE = Recipe(Size(Pixels(640), Pixels(480)), delay=Seconds(0.5), loops=0)
DEADLINE = Seconds(600.0)
"""The time for one run of gm: it is some fifty times as slow while it is counted."""

WORKLOADS = {
    "planes": Workload(planes, 20),
    "countdown": Workload(countdown, 1, PICTURES),
    "strip": Workload(strip, 40),
    "turned": Workload(turned_by_90, 4),
    "saved": Workload(saved, 4),
    "attract": Workload(attract, 1, 4 * FRAMES),
    "form": Workload(form, 1, FRAMES),
    "farewell": Workload(farewell, 1, 2 * FRAMES),
    "looked": Workload(looked, 2),
    "prepared": Workload(prepared, 1),
    "gif": Workload(gif, 1),
    "start": Workload(start, 0),
}
"""By the name that ``python -m lab.bench.workloads NAME ROUNDS`` knows them by."""


def main(name: str, rounds: int) -> int:
    """Do a workload so many times; return the exit status: 0 when something came out of each round."""
    with ExitStack() as stack:
        turn = WORKLOADS[name].made(stack)
        return 0 if all(turn() for _ in range(rounds)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
