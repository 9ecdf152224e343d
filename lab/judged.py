"""Shows what the booth sees in pictures: good ones, and ones that were made bad. What each is, and what it costs.

The frames are JPEGs of 640x480 as a camera delivers them, read small by the booth itself. Whoever changes a limit in
`booth.imaging.judge` looks here first, and keeps the table in `docs/pictures.md`.
"""

import argparse
import io
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pygame
from PIL import Image, ImageFilter

from booth.core.visit import SessionId
from booth.imaging import judge, playback
from booth.ports import Picture, Size
from booth.sim.party import Party
from booth.units import Pixels
from booth.wiring import SMALL
from lab import ROOT

PAGE = ROOT / "docs" / "pictures.md"
PHOTOS = ROOT / "tests" / "photos"
FRAME = (640, 480)
"""Pixels of the frames."""

Pixel = npt.NDArray[np.uint8]
"""``(height, width, 3)`` RGB."""

SHARPEST = judge.SOFT * judge.SHARP
"""Of a picture that is called out of focus, whatever the camera gave before."""

RUNS = 50
"""Times that a picture is looked at when it is told how long that takes; the quickest counts."""

PACE = 0.5
"""Instructions that a Cortex-A53 is assumed to do in a cycle of this work: Python's own code waits for memory much of
the time. Nobody has measured it; from 0.3 to 0.8 would be no surprise."""
CLOCK = 1.2e9
"""Cycles a second of a Raspberry Pi 3B."""


@cache
def photographs() -> tuple[Image.Image, ...]:
    """Return the photographs of the tests, as frames."""
    return tuple(Image.open(path).convert("RGB").resize(FRAME) for path in sorted(PHOTOS.glob("*/*.jpg")))


def party(shot: int) -> Image.Image:
    """Return the party that the simulator paints, before frame *shot*."""
    canvas = pygame.Surface(FRAME, 0, 24)
    Party(*FRAME).paint(canvas, 1.7 * shot, shot)
    return Image.frombytes("RGB", FRAME, pygame.image.tobytes(canvas, "RGB"))


def lit(frame: Image.Image, light: float, noise: float = 0.0, seed: int = 0) -> Image.Image:
    """Return *frame* in so much of its *light*, with a sensor's *noise*: its deviation, 0..255."""
    grain = np.random.default_rng(seed).normal(0.0, noise, (FRAME[1], FRAME[0], 3)) if noise else 0.0
    return _image(np.asarray(frame) * light + grain)


def blurred(frame: Image.Image, pixels: float) -> Image.Image:
    """Return *frame* out of focus, by a bell curve of so many *pixels* in a frame of 640x480."""
    return frame.filter(ImageFilter.GaussianBlur(pixels))


def plain(red: int, green: int, blue: int) -> Image.Image:
    """Return a frame of one colour."""
    return Image.new("RGB", FRAME, (red, green, blue))


def leaking(light: float, wide: float) -> Image.Image:
    """Return what is seen with the cap on, and *light* (0..255) that comes in at an edge, *wide* pixels."""
    rows, columns = np.mgrid[0 : FRAME[1], 0 : FRAME[0]]
    glow = light * np.exp(-((columns - FRAME[0]) ** 2 + (rows - 150) ** 2) / (2 * wide**2))
    return lit(_image(glow[:, :, None] * np.array([1.0, 0.6, 0.5])), 1.0, noise=6.0)


def at_a_wall(frame: Image.Image, wall: int, wide: int) -> Image.Image:
    """Return somebody of *frame* before a wall that is as bright as *wall*, *wide* pixels of the frame."""
    before = plain(wall, wall, wall)
    high = wide * 5 // 4
    guest = frame.resize((wide, wide * FRAME[1] // FRAME[0] * 5 // 3)).crop((0, 0, wide, high))
    before.paste(guest, ((FRAME[0] - wide) // 2, FRAME[1] - high))
    return before


def spotlit(frame: Image.Image, wide: int) -> Image.Image:
    """Return a dark room in which there is light on *frame* alone, *wide* pixels of it."""
    room = lit(plain(3, 3, 3), 1.0, noise=3.0)
    room.paste(frame.resize((wide, wide * FRAME[1] // FRAME[0])), (200, 150))
    return room


def bars() -> Image.Image:
    """Return the colour bars of a test."""
    colours = [(191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191)]
    row = np.repeat(np.array(colours, np.uint8), FRAME[0] // 7 + 1, axis=0)[: FRAME[0]]
    return _image(np.broadcast_to(row, (FRAME[1], FRAME[0], 3)))


def _image(values: npt.NDArray[np.generic]) -> Image.Image:
    return Image.fromarray(np.clip(values.astype(np.float64), 0, 255).astype(np.uint8))


def good() -> Iterator[tuple[str, Image.Image]]:
    """Yield pictures of which an operator must not hear, with what they are."""
    for number, photo in enumerate(photographs(), 1):
        yield f"photograph {number}", photo
    for shot in range(4):
        yield f"painted party {shot + 1}", party(shot)
    photo = photographs()[0]
    for light in (0.5, 0.2, 2.0, 3.0):
        yield f"photograph, {light:g} of its light", lit(photo, light)
    yield "photograph, 0.2 of its light, noise 6", lit(photo, 0.2, 6.0)
    yield "dim party: 0.15 of its light, noise 6", lit(party(1), 0.15, 6.0)
    yield "a sixteenth of a dark room is lit", spotlit(photo, 160)
    yield "photograph, blurred by 1 pixel", blurred(photo, 1.0)
    yield "photograph, blurred by 1.5 pixels", blurred(photo, 1.5)
    for wall in (190, 235, 255):
        yield f"guest before a wall of {wall}", at_a_wall(photo, wall, 240)
    yield "colour bars", bars()


def bad() -> Iterator[tuple[str, Image.Image, str]]:
    """Yield pictures of which an operator must hear, with what they are, and what is told."""
    yield "black", plain(0, 0, 0), "black"
    for noise in (6.0, 12.0):
        yield f"black, noise {noise:g}", lit(plain(2, 2, 2), 1.0, noise), "black"
    yield "cap on, light leaks in: 80, 75 pixels", leaking(80.0, 75.0), "black"
    yield "cap on, light leaks in: 200, 30 pixels", leaking(200.0, 30.0), "black"
    yield "saturated", plain(255, 255, 255), "burnt"
    yield "saturated, noise 6", lit(plain(255, 255, 255), 1.0, 6.0), "burnt"
    yield "grey", plain(128, 128, 128), "flat"
    yield "grey, noise 6", lit(plain(128, 128, 128), 1.0, 6.0), "flat"
    yield "red", plain(180, 30, 30), "flat"
    for pixels in (4.0, 6.0, 8.0):
        yield f"photograph, blurred by {pixels:g} pixels", blurred(photographs()[0], pixels), "soft"
        yield f"painted party, blurred by {pixels:g} pixels", blurred(party(0), pixels), "soft"


def small(frame: Image.Image) -> Picture:
    """Return *frame* as the booth reads it for the screen, by way of a JPEG."""
    jpeg = io.BytesIO()
    frame.save(jpeg, "JPEG", quality=85)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "frame.jpg")
        path.write_bytes(jpeg.getvalue())
        return playback.thumbnail(path, SMALL)


def picture_of(pixels: Pixel) -> Picture:
    """Return *pixels* as a picture in memory."""
    height, width = pixels.shape[:2]
    return Picture(Size(Pixels(width), Pixels(height)), pixels.tobytes())


def told(measures: judge.Measures) -> str:
    """Return what is told of a picture with these *measures* of a camera that gave sharp ones: "" if nothing."""
    fault = judge.fault_of(measures)
    if fault is not None:
        return fault.value.removeprefix("picture-")
    return "soft" if measures.sharpness is not None and measures.sharpness < SHARPEST else ""


def rows() -> Iterator[tuple[str, judge.Measures, str]]:
    """Yield each picture: what it is, what was measured, and what must be told."""
    for name, frame, must in [*((name, frame, "") for name, frame in good()), *bad()]:
        measures = judge.measured(small(frame))
        if measures is None:
            raise ValueError(f"{name} is too small to be measured")
        yield name, measures, must


def table() -> tuple[str, int]:
    """Return the table as Markdown, and how many pictures were judged wrongly."""
    lines = [
        "| picture | brightest | darkest | spread | near | sharpness | told |",
        "|---|---|---|---|---|---|---|",
    ]
    wrong = 0
    for name, measures, must in rows():
        sharp = "" if measures.sharpness is None else f"{measures.sharpness:.3f}"
        found = told(measures)
        wrong += found != must
        said = found if found == must else f"{found or 'nothing'}, not {must or 'nothing'}"
        lines.append(
            f"| {name} | {measures.brightest} | {measures.darkest} | {measures.spread} | {measures.near:.1f} "
            f"| {sharp} | {said} |"
        )
    limits = f"below {judge.BLACK}", f"{judge.BURNT} and more", f"below {judge.FLAT}", f"below {judge.NOTHING_TO_SEE:g}"
    lines.append(f"| **told if** | {' | '.join(limits)} | below {SHARPEST:.3f} | |")
    return "\n".join(lines), wrong


def document(text: str, content: str) -> str:
    """Return the page with another table."""
    changed, number = re.subn(
        r"(?<=<!-- judged -->\n).*?(?=\n<!-- /judged -->)", lambda _: content, text, flags=re.DOTALL
    )
    if number != 1:
        raise ValueError(f"{PAGE} has no place for the table")
    return changed


def seconds() -> tuple[float, float]:
    """Return the processor's time that one look takes here, and what the longest single call in it takes."""
    picture = small(photographs()[0])
    whole = min(_timed(lambda: judge.Judge().look(SessionId("a"), picture)) for _ in range(RUNS))
    row = bytes(picture.rgb[: picture.size.width])
    return whole, min(_timed(lambda: judge._squares(row, row)) for _ in range(RUNS))  # noqa: SLF001  it is measured


def _timed(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def counted() -> float | None:
    """Return how many instructions one look takes here, by callgrind; None where there is no valgrind. A minute."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "picture")
        path.write_bytes(small(photographs()[0]).rgb)
        once, often = (_instructions(valgrind, path, looks) for looks in (1, 11))
    return (often - once) / 10


def _instructions(valgrind: str, picture: Path, looks: int) -> int:
    look = (
        "import sys; from pathlib import Path; from booth.imaging.judge import Judge;"
        "from booth.ports import Picture, Size;"
        f"p = Picture(Size({SMALL.width}, {SMALL.height}), Path(sys.argv[1]).read_bytes()); j = Judge();"
        f"[j.look(str(n), p) for n in range({looks})]"
    )
    call = (valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, "-c", look, str(picture))
    said = subprocess.run(call, capture_output=True, text=True, check=True, cwd=ROOT).stderr
    found = re.search(r"Collected : (\d+)", said)
    if found is None:
        raise ValueError("callgrind has counted nothing: try a look without --count")
    return int(found[1])


def main() -> None:
    """Print the table and what a look costs; with ``--write`` keep the table. Ends with 1 if one is judged wrongly."""
    parser = argparse.ArgumentParser(prog="scripts/judged", description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="keep the table in docs/pictures.md")
    parser.add_argument("--count", action="store_true", help="count instructions, too; needs valgrind, takes a minute")
    options = parser.parse_args()
    content, wrong = table()
    print(content)
    if options.write:
        PAGE.write_text(document(PAGE.read_text(encoding="utf-8"), content), encoding="utf-8")
    whole, row = seconds()
    print(f"\na look takes {whole * 1e3:.1f} ms of this processor, and no call in it more than {row * 1e6:.0f} us")
    if options.count and (instructions := counted()) is not None:
        there = instructions / PACE / CLOCK * 1e3
        print(f"that is {instructions / 1e6:.1f} million instructions, by callgrind on {platform.machine()}:")
        print(f"{there:.0f} ms of a Cortex-A53 at 1.2 GHz, if that does as many, and {PACE:g} in a cycle")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
