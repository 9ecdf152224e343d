"""The real window on a virtual display, a real mouse and keyboard, a real S3 server: the booth as a child process."""

import contextlib
import json
import math
import os
import queue
import socket
import struct
import subprocess
import tempfile
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from booth.core.form import Field, Form
from booth.core.scene import AttractScene, FormScene
from booth.core.states import Animation
from booth.core.visit import SessionId
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import ZenkoBucket
from booth.outbox import metadata
from booth.ports import Size, Spot
from booth.sim.bucket import EmbeddedS3
from booth.ui.drawing.glass import fitted
from booth.ui.kitchen.oven import Oven
from booth.ui.languages import LANGUAGES, SPOT
from booth.ui.layout import Layout
from booth.ui.scenes import form, widgets
from booth.ui.theme import USUAL, Colour, named
from booth.ui.typing.keyboard import for_field
from booth.ui.typing.sheets import boards
from lab.child import BOOTH, Child
from lab.taps import taps
from tests.waiting import PATIENCE
from tests.waiting import until as wait_until

CHECKOUT = Path(__file__).parents[2]
ENDING = 600.0
"""Seconds after which a booth whose guests play has not come to its end."""

EDGE = 6
"""Pixels in which the frame of a field is."""
FOCUSED, IDLE = named(USUAL).accent, named(USUAL).line
"""The colours of that frame: of the field that is typed into, and of the others."""


@dataclass(frozen=True)
class Display:
    """A virtual display: its name, and the file in which the X server has its pixels."""

    name: str
    pixels: Path

    def row(self, x: int, y: int, count: int) -> list[Colour]:
        """Return *count* pixels as they are shown at this moment, from (x, y) to the right."""
        with self.pixels.open("rb") as file:
            # An X window dump: the size of its head is the first of 25 numbers, then come palette and rows.
            head = struct.unpack(">25I", file.read(100))
            to_a_row, colours = head[12], head[19]
            file.seek(head[0] + 12 * colours + y * to_a_row + 4 * x)
            return [(red, green, blue) for blue, green, red, _ in struct.iter_unpack("4B", file.read(4 * count))]


@contextlib.contextmanager
def x_server(size: str):
    """Give a virtual display of so many pixels."""
    read, write = os.pipe()
    with tempfile.TemporaryDirectory(prefix="display-") as folder:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-fbdir", folder],
            pass_fds=[write], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as number:
            name = f":{number.readline().strip()}"
        yield Display(name, Path(folder) / "Xvfb_screen0")
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def display():
    """Yield a virtual display that is large enough for the oven."""
    with x_server("1366x800") as name:
        yield name


@pytest.fixture(scope="session")
def small_display():
    """Yield a virtual display that is smaller than the oven: a 7" desktop."""
    with x_server("800x480") as name:
        yield name


@pytest.fixture(scope="session")
def television():
    """Yield a virtual display with more pixels than can be painted in time."""
    with x_server("2560x1600") as name:
        yield name


@pytest.fixture(scope="session")
def large_display():
    """Yield a virtual display that is large enough for the oven around any screen."""
    with x_server("1700x1040") as name:
        yield name


@pytest.fixture(scope="session")
def s3():
    with EmbeddedS3(bucket="booth") as server:
        yield server


class Booth(Child):
    """A booth in a process of its own; all of its log is kept."""

    def __init__(self, *arguments: str, environ: dict[str, str | None], cwd: Path = CHECKOUT):
        environ = {name: value for name, value in (os.environ | environ).items() if value is not None}
        super().__init__((*BOOTH, *arguments), environ, keep=None, cwd=cwd)

    def until(self, event: str, **facts):
        """Wait for a line of the log; return it."""
        fact = self.wait_for(lambda fact: fact["event"] == event and facts.items() <= fact.items())
        assert fact is not None, f"no {event} {facts}:\n{self.last}"
        return fact

    def until_sent(self, sessions):
        """Wait until all of *sessions* have been sent, in whatever order, lines that were read before among them."""
        while not set(sessions) <= {line["session"] for line in self.log if line["event"] == "entry.sent"}:
            self.until("entry.sent")

    @property
    def log(self) -> list[dict]:
        """All lines of the log so far, parsed."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def whole(self) -> tuple[int, str]:
        """Wait until it has ended by itself; return the exit status and standard output."""
        return super().whole(ENDING)


@contextlib.contextmanager
def starter(folder: Path, s3: EmbeddedS3):
    """Give what starts booths as child processes, without a display unless one is named, their outbox in *folder*.

    A variable that is None is taken away. Whatever still runs at the end is ended.
    """
    children = []

    def start(*arguments: str, display: Display | None = None, **environ: str | None):
        server = {
            "BOOTH_ZENKO__ENDPOINT_URL": s3.endpoint_url,
            "BOOTH_ZENKO__BUCKET": s3.bucket,
            "BOOTH_ZENKO__ACCESS_KEY_ID": s3.access_key_id,
            "BOOTH_ZENKO__SECRET_ACCESS_KEY": s3.secret_access_key,
            "BOOTH_LOG__FORMAT": "json",
            "BOOTH_OUTBOX__DIR": str(folder / "outbox"),
            "BOOTH_OUTBOX__MIN_FREE_MB": "50",
            "XDG_STATE_HOME": str(folder / "state"),
            "DISPLAY": display.name if display else "",
            "SDL_VIDEO_WINDOW_POS": "0,0",  # there is no window manager that would put it anywhere
            "WAYLAND_DISPLAY": "",
        }
        child = Booth(*arguments, environ=server | environ)
        children.append(child)
        return child

    try:
        yield start
    finally:
        for child in children:
            child.kill()


@pytest.fixture
def booth(tmp_path, s3):
    """Start booths whose outbox is this test's own."""
    with starter(tmp_path, s3) as start:
        yield start


@pytest.fixture(scope="module")
def booth_of_the_module(tmp_path_factory, s3):
    """Start booths that run while several tests do."""
    with starter(tmp_path_factory.mktemp("module"), s3) as start:
        yield start


@pytest.fixture
def stored(s3):
    """Return the objects in the bucket: bytes and metadata, decoded, by session."""
    keys = (s3.access_key_id, s3.secret_access_key)
    bucket = ZenkoBucket(BucketOptions(s3.endpoint_url, s3.bucket, "us-east-1", *keys))

    def read(sessions):
        objects = bucket._client().list_objects_v2(Bucket=s3.bucket).get("Contents", [])
        keys = [(session, item["Key"]) for item in objects for session in sessions if session in item["Key"]]
        assert len(keys) == len({session for session, _ in keys}), "a session has one object"
        found = {session: bucket.get(key) for session, key in keys}
        return {session: (body, metadata.decode(values)) for session, (body, values) in found.items()}

    yield read
    bucket.close()


class Manager:
    """The service manager's end of a real notification socket."""

    def __init__(self):
        self.name = f"@booth-{uuid.uuid4()}"  # abstract: a file's path may be too long for a socket
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + self.name[1:])
        self._came = queue.Queue()
        self.said = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while message := self._socket.recv(4096):
            self._came.put(message.decode())

    def until(self, message):
        """Wait for a message, or for one that begins so if it ends in dots; return it."""
        begins = message.removesuffix("...")
        while True:
            self.said.append(self._came.get(timeout=PATIENCE))
            if self.said[-1] == message or (begins != message and self.said[-1].startswith(begins)):
                return self.said[-1]

    def everything(self):
        """Return all that was said, when the service has ended."""
        self._stop()
        while not self._came.empty():
            self.said.append(self._came.get())
        return self.said

    def _stop(self):
        if self._reader.is_alive():
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
                last.sendto(b"", "\0" + self.name[1:])
            self._reader.join(PATIENCE)

    def close(self):
        self._stop()
        self._socket.close()


@pytest.fixture
def manager():
    manager = Manager()
    yield manager
    manager.close()


class Panel:
    def press(self):
        pass

    def release(self):
        pass

    lit = False


class Hands:
    """A mouse and a keyboard at the window. Knows where things are painted, from the layout that paints them."""

    def __init__(self, display: Display, screen: Size, language: str = "en", desktop: Size | None = None):
        """Use a mouse on a *display*; on a *desktop* that is smaller than the window, where this shows things."""
        self._desktop = desktop
        self._display = display
        self._environ = os.environ | {"DISPLAY": display.name}
        self._layout = Layout(screen)
        self._oven = Oven(screen, Panel())
        self._boards = boards(language)
        self._keyboard = for_field(Field.NAME, "", self._boards)
        self._field = Field.NAME

    def xdotool(self, *arguments: str) -> str:
        return subprocess.run(
            ["xdotool", *arguments], env=self._environ, check=True, capture_output=True, text=True, timeout=PATIENCE
        ).stdout

    def _shown(self, x: int, y: int) -> tuple[int, int]:
        """Return where a pixel of the window is to be seen."""
        window = self._oven.window
        shown = fitted(window, self._desktop) if self._desktop else window
        return x * shown.width // window.width, y * shown.height // window.height

    def speak(self, language: str):
        """Touch the name of a language on the invitation; from now on the keys are those of that language."""
        invitation = widgets(AttractScene(4), self._layout, tuple(LANGUAGES))
        spot = next(widget.spot for widget in invitation if widget.name == f"{SPOT}{language}")
        left, top = self._oven.screen_at
        x, y = left + spot.x + spot.width // 2, top + spot.y + spot.height // 2
        self.xdotool("mousemove", str(x), str(y), "click", "1")
        self.expect(language)

    def expect(self, language: str):
        """Take the keys for those of a language."""
        self._boards = boards(language)

    def press_the_button(self):
        x, y = self._shown(*self._oven.button[:2])
        self.xdotool("mousemove", str(x), str(y), "mousedown", "1", "sleep", "0.12", "mouseup", "1")

    def touch(self, name: str):
        self._click([name])

    def choose(self, field: Field):
        """Touch a field, and wait until it is shown that it has the caret: until then the keys may be another's."""
        self._field, self._keyboard = field, for_field(field, "", self._boards)
        self.touch(f"field:{field.value}")
        wait_until(lambda: self._has_the_caret(field))

    def _has_the_caret(self, field: Field) -> bool:
        """Return whether the frame of a field is in the colour of the one that is typed into."""
        spot = self._spots()[f"field:{field.value}"]
        left, top = self._oven.screen_at
        x, y = self._shown(left + spot.x, top + spot.y + spot.height // 2)
        edge = self._display.row(x - 1, y, EDGE)
        return any(math.dist(pixel, FOCUSED) < math.dist(IDLE, FOCUSED) / 3 for pixel in edge)

    def tap(self, text: str):
        """Tap *text* on the on-screen keyboard, on the keys that exist."""
        names = taps(text, self._field, self._keyboard)
        assert names is not None, "there is a key for each character of this text"
        self._click(names)

    def hold(self, name: str, seconds: float, *, up: int = 0):
        """Hold a key down for *seconds*, then slide *up* so many pixels, and let go."""
        x, y = self._find(name)
        self.xdotool("mousemove", str(x), str(y), "mousedown", "1", "sleep", str(seconds),
                     "mousemove", str(x), str(y - up), "sleep", "0.1", "mouseup", "1")  # fmt: skip

    def write(self, text: str):
        """Write *text* on the physical keyboard."""
        self.xdotool("type", "--delay", "30", text)

    def _click(self, names):
        clicks = []
        for name in names:
            x, y = self._find(name)
            clicks += ["mousemove", str(x), str(y), "click", "1"]
        self.xdotool(*clicks)

    def _spots(self) -> dict[str, Spot]:
        """Return where on the form is what, by name, but for the keys."""
        scene = FormScene(SessionId("any"), Form(focus=self._field), Animation.MAKING, consent_asked=True,
                         name_required=False, email_required=True, ask=None, closing_in=None)  # fmt: skip
        return {widget.name: widget.spot for widget in widgets(scene, self._layout)}

    def _find(self, name: str) -> tuple[int, int]:
        places = form.places(self._layout)
        keys = self._keyboard.keys(places.keyboard.tuple, self._field, places.key_gap)
        spot = (self._spots() | {key.name: key for key in keys})[name]
        key = next((key for key in keys if key.name == name), None)
        if key is not None:
            self._keyboard, _ = self._keyboard.press(key)
        left, top = self._oven.screen_at
        return self._shown(left + spot.x + spot.width // 2, top + spot.y + spot.height // 2)


@pytest.fixture
def hands():
    return Hands
