"""Pretended video devices: files in a folder, over the kernel's own structures as the C compiler lays them out."""

import ctypes
import functools
import os
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import pygame

from booth.drivers.v4l2 import Kernel
from booth.pictures import encoded

SOURCE = Path(__file__).with_suffix(".c")
FAST = "1/250"
"""Seconds a picture: fast enough that no test waits, and slow enough that none is late."""


@functools.cache
def library():
    """Compile the floor, and return where it is."""
    return compiled(Path(tempfile.mkdtemp(prefix="booth-test-"), "floor.so"))


def compiled(into):
    """Compile the floor *into* a file, and return where it is."""
    compiler = os.environ.get("CC", "cc")
    subprocess.run([compiler, "-Wall", "-Werror", "-shared", "-fPIC", "-o", into, SOURCE, "-ldl"], check=True)
    return into


@functools.cache
def _floor():
    floor = ctypes.CDLL(str(library()), use_errno=True)
    floor.floor_ioctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p)
    floor.floor_open.argtypes = floor.floor_number.argtypes = (ctypes.c_char_p,)
    return floor


class Floor(Kernel):
    """Devices in *folder*, which stands for /dev; the driver is given this for the kernel."""

    def __init__(self, folder):
        self.devices = folder / "dev"
        self.jpegs = folder / "jpegs"
        for made in (self.devices, self.jpegs):
            made.mkdir(parents=True, exist_ok=True)
        self.asked = Counter()
        """How often each call was made."""

    def open(self, path):
        return self._answered(_floor().floor_open(os.fsencode(path)), path)

    def ioctl(self, descriptor, call, argument):
        self.asked[call] += 1
        self._answered(_floor().floor_ioctl(descriptor, call, ctypes.byref(argument)))

    def poll(self, descriptor, timeout):
        return _floor().floor_poll(descriptor, int(1000 * timeout)) != 0

    def _answered(self, result, path=None):
        if result < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), *([] if path is None else [str(path)]))
        return result

    def plug(self, name="video0", *lines, card="HD Webcam", bus="usb-0000:01:00.0-1.2", by_id=None):
        """Add a device with these *lines* beside its names; see the C file. Return where it is."""
        path = self.devices / name
        path.write_text("\n".join((f"card {card}", f"bus {bus}", f"jpegs {self.jpegs}", *lines)) + "\n")
        if by_id is not None:
            (self.devices / "v4l" / "by-id").mkdir(parents=True, exist_ok=True)
            (self.devices / "v4l" / "by-id" / by_id).symlink_to(Path("..", "..", name))
        return path

    def webcam(self, name="video0", *modes, **names):
        """Add a camera with *modes*, or one of 640x360 that has JPEGs; make those, too. Return where it is."""
        modes = modes or (f"MJPG 640x360 {FAST}",)
        for mode in modes:
            form, size, _ = mode.split()
            if form in {"MJPG", "JPEG"} and not (self.jpegs / f"{size}.jpg").exists():
                self.picture(size, encoded(half_red(*map(int, size.split("x")))))
        return self.plug(name, "caps capture", "input camera", *(f"mode {mode}" for mode in modes), **names)

    def picture(self, size, jpeg):
        """Have the cameras deliver *jpeg* whenever they are asked for *size*, such as "640x360"."""
        new = self.jpegs / "new"
        new.write_bytes(jpeg)
        new.replace(self.jpegs / f"{size}.jpg")

    def say(self, name, line, *, on=True):
        """Add a line to a device, or take it out."""
        path = self.devices / name
        lines = [kept for kept in path.read_text().splitlines() if kept != line]
        new = self.devices / "new"
        new.write_text("\n".join([*lines, line] if on else lines) + "\n")
        new.replace(path)

    def unplug(self, name="video0"):
        """Take a device away."""
        (self.devices / name).unlink()

    def number(self, name="video0"):
        """Return the number of the newest picture of a device that is running."""
        return _floor().floor_number(os.fsencode(self.devices / name))

    def agreed(self, name="video0"):
        """Return what a device was told to deliver, as in ``MJPG 640x480 30``."""
        agreed = (ctypes.c_uint * 4)()
        assert 0 == _floor().floor_agreed(os.fsencode(self.devices / name), agreed)
        width, height, rate, code = agreed
        return f"{code.to_bytes(4, 'little').decode()} {width}x{height} {rate / 1000:g}"


def half_red(width, height):
    """Return a picture whose left half is dark, with lines, and whose right half is red."""
    surface = pygame.Surface((width, height), 0, 24)
    surface.fill((230, 20, 20), (width // 2, 0, width - width // 2, height))
    for x in range(0, width // 2, 8):
        pygame.draw.line(surface, (0, 0, x % 96), (x, 0), (min(x + 40, width // 2 - 4), height), 3)
    return surface


def number_of(jpeg):
    """Return the number that a device has put into its picture."""
    assert b"\xff\xd8\xff\xfe\x00\x06" == jpeg[:6]
    return int.from_bytes(jpeg[6:10])
