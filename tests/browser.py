"""A browser without a window, in which tests open pages."""

import base64
import fcntl
import io
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path

from PIL import Image

from tests.waiting import PATIENCE

BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
PHONE, DESKTOP = (390, 844), (1280, 800)
PHONES = 500
"""Pixels: what is less wide is a phone."""


class Browser:
    """A browser without a window, told what to do through two pipes, as its own tools do."""

    def __init__(self, folder):
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        assert program is not None, f"none of {', '.join(BROWSERS)} is here: run scripts/setup --test"
        theirs, ours = os.pipe(), os.pipe()
        # It reads from 3 and writes to 4, and nothing of ours may be in the way of these.
        reads, writes = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (theirs[0], ours[1]))
        arguments = [
            program, "--headless", "--remote-debugging-pipe", f"--user-data-dir={folder}", "--no-first-run",
            "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
            "--disable-component-update", "--hide-scrollbars", "--font-render-hinting=none",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
        ]  # fmt: skip
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{reads} 4>&{writes}', "browser", *arguments],
            pass_fds=(reads, writes), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        for end in (theirs[0], ours[1], reads, writes):
            os.close(end)
        self._to, self._from = theirs[1], ours[0]
        self._came, self._number, self._tab = b"", 0, None
        self.told = []
        """What the page's browser told by itself since the page was opened: names, with what belongs to them."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._tab = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def close(self):
        """End it, and all that it started."""
        os.close(self._to)  # it ends when nobody can tell it anything any more
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._from)

    def ask(self, method, **what):
        """Have it do something, and return what it answers."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": what}
        if self._tab is not None:
            asked["sessionId"] = self._tab
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self.told.append((answer["method"], answer["params"]))
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def _next(self):
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self._came:
            ready, _, _ = select.select([self._from], [], [], max(deadline - time.monotonic(), 0))
            assert ready, f"the browser has said nothing for {PATIENCE} s"
            more = os.read(self._from, 1 << 20)
            assert more, f"the browser has ended with {self._process.wait(PATIENCE)}"
            self._came += more
        said, _, self._came = self._came.partition(b"\0")
        return json.loads(said)

    def open(self, page, size=DESKTOP, look="light"):
        """Show a page, a file or an address, and wait until all of it that is to be seen is there."""
        width, height = size
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=width < PHONES)  # fmt: skip
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": look}])
        self._go("about:blank")  # so that nothing of the page before is heard of later
        self._go(page.as_uri() if isinstance(page, Path) else page)

    def _go(self, url):
        self.told.clear()
        self.ask("Page.navigate", url=url)
        while not any(name == "Page.loadEventFired" for name, _ in self.told):
            said = self._next()
            self.told.append((said["method"], said["params"]))

    def of(self, script):
        """Return what *script* comes to in the page: an expression, or a promise of something."""
        said = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def key(self, name):
        """Press a key of a keyboard, and let go of it."""
        codes = {"Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39, "Tab": 9}
        text = {"text": "\r"} if name == "Enter" else {}
        for way in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=way, key=name, code=name, windowsVirtualKeyCode=codes[name],
                     **(text if way == "keyDown" else {}))  # fmt: skip

    def touch(self, what):
        """Touch the middle of *what*, an expression for an element, where it is in sight."""
        box = f"(one=>{{one.scrollIntoView();return one.getBoundingClientRect()}})({what})"
        x, y = self.of(f"(box=>[box.x+box.width/2,box.y+box.height/2])({box})")
        for way in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=way, x=x, y=y, button="left", clickCount=1)

    def picture(self, name):
        """Return what is to be seen; with BOOTH_SEEN, keep it in that folder under *name*, to be looked at."""
        content = base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])
        if "BOOTH_SEEN" in os.environ:
            Path(os.environ["BOOTH_SEEN"], f"{name}.png").write_bytes(content)
        return Image.open(io.BytesIO(content)).convert("RGB")

    def asked(self):
        """Return the addresses that the page has asked for, each once."""
        return sorted({what["request"]["url"] for name, what in self.told if name == "Network.requestWillBeSent"})

    def faults(self):
        """Return what went wrong in the page, by its own words."""
        return [what for name, what in self.told if name in {"Log.entryAdded", "Runtime.exceptionThrown"}]
