"""The preview loop of pibooth 2.1, as it is, for ``scripts/bench frame`` to compare with.

Run by a Python that has pibooth and OpenCV, which this project has not: `pip install pibooth opencv-python-headless` in
a virtual environment of its own. The window, the OpenCV camera and the countdown are pibooth's; only the camera's
device is not there, and what stands for it hands over a photograph at once. Prints the seconds of each frame, by the
clock and of the processor, as JSON.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

import cv2
from pibooth import language
from pibooth.camera.opencv import CvCamera
from pibooth.view import PiWindow

PHOTO = Path(__file__).resolve().parents[2] / "tests" / "photos" / "astronaut" / "frame-1.jpg"
PREVIEW = (640, 480)
SECONDS = 10


class Device:
    """A capture device that always has its next picture ready, and takes the time from one to the next."""

    def __init__(self) -> None:
        self._picture = cv2.resize(cv2.imread(str(PHOTO)), PREVIEW)
        self._wall, self._cpu = 0.0, 0.0
        self.took: list[tuple[float, float]] = []

    def get(self, what: int) -> float:
        """Return what OpenCV asks of the device: its size."""
        return float(PREVIEW[0] if what == cv2.CAP_PROP_FRAME_WIDTH else PREVIEW[1])

    def set(self, *_: Any) -> None:
        """Take a setting."""

    def read(self) -> tuple[bool, Any]:
        """Hand the next picture over: the frame before it is on the screen."""
        wall, cpu = perf_counter(), thread_time()
        if self._wall:
            self.took.append((wall - self._wall, cpu - self._cpu))
        self._wall, self._cpu = wall, cpu
        return True, self._picture.copy()


def main() -> int:
    """Run the countdown, and print what each frame took."""
    with tempfile.TemporaryDirectory() as folder:
        language.init(str(Path(folder) / "translations.cfg"))
    device = Device()
    camera = CvCamera(device)
    camera.initialize((100, 100), (1640, 1232))
    window = PiWindow("pibooth", size=(800, 480))
    window.set_capture_number(1, 4)
    camera.preview(window)
    camera.preview_countdown(SECONDS)
    print(json.dumps({"frames": device.took[1:]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
