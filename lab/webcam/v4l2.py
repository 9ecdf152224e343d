"""Pretended video devices: files in a folder, over the kernel's own structures as the C compiler lays them out."""

import atexit
import ctypes
import functools
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pygame

from booth.drivers.v4l2 import Kernel
from booth.pictures import encoded
from booth.units import Seconds

SOURCE = Path(__file__).with_suffix(".c")
FAST = "1/250"
"""Seconds a picture: fast enough that no test waits, and slow enough that none is late."""


@functools.cache
def library() -> Path:
    """Compile the floor, and return where it is until this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="booth-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return compiled(folder / "floor.so")


def compiled(into: Path) -> Path:
    """Compile the floor *into* a file, and return where it is."""
    compiler = os.environ.get("CC", "cc")
    subprocess.run([compiler, "-Wall", "-Werror", "-shared", "-fPIC", "-o", into, SOURCE, "-ldl"], check=True)
    return into


@functools.cache
def _floor() -> ctypes.CDLL:
    floor = ctypes.CDLL(str(library()), use_errno=True)
    floor.floor_ioctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p)
    floor.floor_open.argtypes = floor.floor_number.argtypes = (ctypes.c_char_p,)
    return floor


class Floor(Kernel):
    """Devices in *folder*, which stands for /dev; the driver is given this for the kernel."""

    def __init__(self, folder: Path) -> None:
        self.devices = folder / "dev"
        self.jpegs = folder / "jpegs"
        for made in (self.devices, self.jpegs):
            made.mkdir(parents=True, exist_ok=True)
        self.asked: Counter[int] = Counter()
        """How often each call was made."""

    def open(self, path: Path) -> int:
        """Open a device."""
        return self._answered(_floor().floor_open(os.fsencode(path)), path)

    def ioctl(self, descriptor: int, call: int, argument: Any) -> None:
        """Read and write *argument*, as the kernel would."""
        self.asked[call] += 1
        self._answered(_floor().floor_ioctl(descriptor, call, ctypes.byref(argument)))

    def poll(self, descriptor: int, timeout: Seconds) -> bool:
        """Return whether a picture is there within *timeout*, or something is wrong."""
        return bool(_floor().floor_poll(descriptor, int(1000 * timeout)) != 0)

    def _answered(self, result: int, path: Path | None = None) -> int:
        if result < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), *([] if path is None else [str(path)]))
        return result

    def plug(
        self,
        name: str = "video0",
        *lines: str,
        card: str = "HD Webcam",
        bus: str = "usb-0000:01:00.0-1.2",
        by_id: str | None = None,
    ) -> Path:
        """Add a device with these *lines* beside its names; see the C file. Return where it is."""
        path = self.devices / name
        path.write_text("\n".join((f"card {card}", f"bus {bus}", f"jpegs {self.jpegs}", *lines)) + "\n")
        if by_id is not None:
            (self.devices / "v4l" / "by-id").mkdir(parents=True, exist_ok=True)
            (self.devices / "v4l" / "by-id" / by_id).symlink_to(Path("..", "..", name))
        return path

    def webcam(self, name: str = "video0", *modes: str, **names: str) -> Path:
        """Add a camera with *modes*, or one of 640x360 that has JPEGs; make those, too. Return where it is."""
        modes = modes or (f"MJPG 640x360 {FAST}",)
        for mode in modes:
            form, size, _ = mode.split()
            if form in {"MJPG", "JPEG"} and not (self.jpegs / f"{size}.jpg").exists():
                self.picture(size, encoded(half_red(*measures(size))))
        return self.plug(name, "caps capture", "input camera", *(f"mode {mode}" for mode in modes), **names)

    def picture(self, size: str, jpeg: bytes) -> None:
        """Have the cameras deliver *jpeg* whenever they are asked for *size*, such as "640x360"."""
        new = self.jpegs / "new"
        new.write_bytes(jpeg)
        new.replace(self.jpegs / f"{size}.jpg")

    def say(self, name: str, line: str, *, on: bool = True) -> None:
        """Add a line to a device, or take it out."""
        path = self.devices / name
        lines = [kept for kept in path.read_text().splitlines() if kept != line]
        new = self.devices / "new"
        new.write_text("\n".join([*lines, line] if on else lines) + "\n")
        new.replace(path)

    def unplug(self, name: str = "video0") -> None:
        """Take a device away."""
        (self.devices / name).unlink()

    def number(self, name: str = "video0") -> int:
        """Return the number of the newest picture of a device that is running."""
        return int(_floor().floor_number(os.fsencode(self.devices / name)))

    def agreed(self, name: str = "video0") -> str:
        """Return what a device was told to deliver, as in ``MJPG 640x480 30``."""
        agreed = (ctypes.c_uint * 4)()
        if _floor().floor_agreed(os.fsencode(self.devices / name), agreed) != 0:
            raise LookupError(f"{name} was not told what to deliver")
        width, height, rate, code = agreed
        return f"{code.to_bytes(4, 'little').decode()} {width}x{height} {rate / 1000:g}"

    def held(self, name: str = "video0") -> dict[int, int]:
        """Return what a device was set to, by the numbers of its controls."""
        value, held = ctypes.c_int(), {}
        for line in (self.devices / name).read_text().splitlines():
            if line.startswith("control "):
                number = int(line.split()[1], 16)
                if _floor().floor_held(os.fsencode(self.devices / name), number, ctypes.byref(value)) == 0:
                    held[number] = value.value
        return held


def measures(size: str) -> tuple[int, int]:
    """Return width and height of a size as the kernel's tools write it, such as "640x360"."""
    width, height = size.split("x")
    return int(width), int(height)


def half_red(width: int, height: int) -> pygame.Surface:
    """Return a picture whose left half is dark, with lines, and whose right half is red."""
    surface = pygame.Surface((width, height), 0, 24)
    surface.fill((230, 20, 20), (width // 2, 0, width - width // 2, height))
    for x in range(0, width // 2, 8):
        pygame.draw.line(surface, (0, 0, x % 96), (x, 0), (min(x + 40, width // 2 - 4), height), 3)
    return surface


def number_of(jpeg: bytes) -> int:
    """Return the number that a device has put into its picture."""
    if jpeg[:6] != b"\xff\xd8\xff\xfe\x00\x06":
        raise ValueError("no device has put a number into this picture")
    return int.from_bytes(jpeg[6:10])
