"""The camera: a frame is taken with the driver that the settings name, and judged as the booth judges its own."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from booth.bulletin import Bulletin
from booth.core.events import Notice, Part
from booth.examining.findings import BUSY, Check, Finding, Premises, Sign
from booth.ports import Size
from booth.units import Pixels, Seconds

if TYPE_CHECKING:  # a quick look does without the library that reads pictures
    from booth.imaging.judge import Measures

NAME = "camera"

FRAMES = 2
"""Frames that are taken: the first may be exposed before the camera has found its light. The last is judged."""

SMALL = Size(Pixels(240), Pixels(180))
"""The size in which the booth judges its own frames."""

SOFT = 0.10
"""`Measures.sharpness` of a picture that is out of focus whatever it shows: what has no edges at all comes to 0.06, the
booth's own judge takes offence below 0.10 where it has seen sharp pictures before."""

CABLE = "look at its ribbon cable or its USB plug, and see that no other program has it"
FOCUS = "wipe the lens and look at its focus; hold something with letters where guests stand, and look again"


def camera(premises: Premises) -> Iterator[Finding]:
    """Take a frame and judge it; beside a booth that runs, ask that what its last frame was."""
    if premises.bulletin is not None:
        yield _by_bulletin(premises.bulletin)
    elif premises.reach is None:
        yield Finding(NAME, Sign.SKIPPED, BUSY)
    else:
        yield from _taken(premises)


def _by_bulletin(told: Bulletin) -> Finding:
    from booth.imaging.judge import RIGHT, WHY

    if Part.CAMERA.value in told.missing or not told.parts.camera:
        return Finding(NAME, Sign.BAD, "it does not answer the booth that runs", cure=CABLE)
    for notice, said in WHY.items():
        if notice.value in {*told.notices, told.parts.frame}:
            sure = notice.value in told.notices
            what, _, cure = said.partition(": ")
            return Finding(NAME, Sign.BAD if sure else Sign.WARN, f"{told.parts.camera}: {what}", cure=cure)
    last = "the last frame was right" if told.parts.frame == RIGHT else "no frame since the booth was started"
    return Finding(NAME, Sign.OK, f"{told.parts.camera} answers; {last}")


def _taken(premises: Premises) -> Iterator[Finding]:
    from booth import choices
    from booth.drivers.cameras import name_of
    from booth.imaging import playback
    from booth.imaging.judge import measured

    assert premises.reach is not None  # noqa: S101 - who calls has looked
    with ExitStack() as stack:
        world = premises.reach(stack)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="booth-doctor-")))
        opened = stack.enter_context(closing(world.open_camera(choices.camera_of(premises.settings))))
        began = premises.clock.now()
        for number in range(1, FRAMES + 1):
            opened.capture(folder / f"frame-{number}.jpg")
        took = (premises.clock.now() - began) / FRAMES
        size = premises.settings.camera.size
        seen = measured(playback.thumbnail(folder / f"frame-{FRAMES}.jpg", SMALL))
        yield judged(seen, f"{name_of(opened)}, a frame of {size[0]}x{size[1]} in {took:.1f} s")


def judged(seen: "Measures | None", said: str) -> Finding:
    """Return what a picture shows, of which *seen* was measured; *said* is where it comes from."""
    from booth.imaging.judge import WHY, fault_of

    if seen is None:
        return Finding(NAME, Sign.OK, f"{said}, too small to judge")
    fault = fault_of(seen)
    if fault is not None:
        what, _, cure = WHY[fault].partition(": ")
        lens = "is the cap on the lens? " if fault is Notice.PICTURE_BLACK else ""
        return Finding(NAME, Sign.BAD, f"{said}: {what}", cure=f"{lens}{cure}")
    if seen.sharpness is None:
        return Finding(NAME, Sign.OK, f"{said}: it shows something, and no edge to judge its focus by")
    if seen.sharpness < SOFT:
        return Finding(NAME, Sign.WARN, f"{said}: out of focus ({seen.sharpness:.2f})", f"{SOFT:.2f}", FOCUS)
    return Finding(NAME, Sign.OK, f"{said}: it shows something, in focus ({seen.sharpness:.2f})", f"{SOFT:.2f}")


CHECKS = (Check(NAME, camera, within=Seconds(15.0)),)
