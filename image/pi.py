"""Boot a card image as a Raspberry Pi 3B does, as far as QEMU has one: see ``scripts/boot-pi --help``.

The card's own kernel, its early file system, its device tree and its command line; no display, no camera, no firmware.
"""

import argparse
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from image import ROOT
from image.boot import BootError, Machine, Pi, from_card, insert
from image.build import CACHE
from image.story import check

PATIENCE = 900.0
"""Seconds that a boot, or an answer, may take: this machine is emulated to the last register."""


@contextmanager
def prodded(machine: Machine) -> Iterator[None]:
    """Press Enter in the machine's shell now and then: its emulated serial line forgets to send on without."""
    over = threading.Event()

    def prod() -> None:
        while not over.wait(3.0):
            with suppress(AttributeError, OSError):  # there is no shell yet, or no more
                machine.shell._say("")  # noqa: SLF001 - nobody else needs it

    thread = threading.Thread(target=prod, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def smoke(machine: Machine) -> dict[str, Any]:
    """Boot the card as a Raspberry Pi 3B does: its own kernel finds its root and its pins, and systemd starts.

    No more is asked of it. Emulated, it takes longer to find the other partitions than systemd waits for them.
    """

    def ask(command: str) -> str:
        """Return what the command says as soon as it does not fail: it is asked while the machine is still booting."""
        return machine.shell.run(f"for _ in $(seq 100); do {command} && break; sleep 2; done", PATIENCE)

    with prodded(machine):
        try:
            machine.start()
            seconds = float(ask("cut -d' ' -f1 /proc/uptime"))
            check("Raspberry Pi 3 Model B" in ask("tr -d '\\0' </proc/device-tree/model"), "it is a Raspberry Pi 3B")
            check("ro" in ask("findmnt -no OPTIONS /").split(","), "the root is read-only")
            check(ask('readlink -f "$(findmnt -no SOURCE /)"').startswith("/dev/mmcblk"), "the root is on the card")
            check("3f200000.gpio" in ask("ls /sys/bus/platform/drivers/pinctrl-bcm2835"), "it has its pins")
            return {
                "raspi3b: seconds from power to a shell (emulated)": round(seconds),
                "raspi3b: kernel": ask("uname -r"),
            }
        finally:
            machine.cut()


def main() -> int:
    """Boot; return the exit status."""
    parser = argparse.ArgumentParser(prog="boot-pi", description=__doc__)
    parser.add_argument("image", type=Path, nargs="?", help="the image (default: the newest in build/image)")
    parser.add_argument("--figures", type=Path, help="a file for what was measured")
    parser.add_argument("--cache", type=Path, default=CACHE, help="what is fetched once")
    given = parser.parse_args()
    try:
        image = given.image or max((ROOT / "build/image").glob("booth-*.img"), key=lambda path: path.stat().st_mtime)
        given.cache.mkdir(parents=True, exist_ok=True)
        card = insert(image, given.cache / "pi.img")
        measured = smoke(Pi(card, from_card(card, given.cache / "from-card"), given.cache / "pi-machine"))
    except ValueError:
        print("boot-pi: there is no image in build/image: make one with scripts/build-image", file=sys.stderr)
        return 1
    except (BootError, TimeoutError) as exc:
        print(f"boot-pi: {exc}", file=sys.stderr)
        return 1
    if given.figures:
        given.figures.parent.mkdir(parents=True, exist_ok=True)
        given.figures.write_text(json.dumps(measured, indent=2) + "\n")
    print(json.dumps(measured, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
