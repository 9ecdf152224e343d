"""Boot a card image as a Raspberry Pi 3B does, as far as QEMU has one: see ``scripts/boot-pi --help``.

The card's own kernel, its early file system, its device tree and its command line; no display, no camera, no firmware.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from scripts.boot_image import ROOT, BootError, Machine, Pi, from_card, insert
from scripts.boot_story import check

PATIENCE = 900.0
"""Seconds that a boot, or an answer, may take: this machine is emulated to the last register."""


def smoke(machine: Machine) -> dict[str, Any]:
    """Boot the card as a Raspberry Pi 3B does: its own kernel finds its card and its pins, and there is no display."""
    machine.start()
    try:
        shell = machine.shell
        end = time.monotonic() + 900.0
        # Without a display the booth comes to nothing, says so, and is tried again for ever: the boot never ends.
        while "display" not in (
            said := shell.run("journalctl -b -u booth -o cat --no-pager | grep '^booth: ' || true")
        ):
            check(time.monotonic() < end, f"the booth says that there is no display; it says {said[-800:]}")
            time.sleep(5.0)
        seconds = float(shell.run("cut -d' ' -f1 /proc/uptime"))
        check("Raspberry Pi 3 Model B" in shell.run("tr -d '\\0' </proc/device-tree/model"), "it is a Raspberry Pi 3B")
        check("ro" in shell.run("findmnt -no OPTIONS /").split(","), "the root is read-only")
        check(shell.run("findmnt -no SOURCE /data").startswith("/dev/mmcblk"), "visits are on the card")
        pins = "cat /sys/bus/gpio/devices/gpiochip0/of_node/compatible | tr '\\0' ' '"
        check("brcm,bcm2835-gpio" in shell.run(pins), "it has its pins")
        failed = shell.run("systemctl --failed --no-legend --plain | cut -d' ' -f1").split()
        check(set(failed) <= {"booth.service"}, f"nothing but the booth fails for that; failed have {failed}")
        return {
            "raspi3b: seconds from power to the booth's first word (emulated)": round(seconds),
            "raspi3b: kernel": shell.run("uname -r"),
        }
    finally:
        machine.cut()


def main() -> int:
    """Boot; return the exit status."""
    parser = argparse.ArgumentParser(prog="boot-pi", description=__doc__)
    parser.add_argument("image", type=Path, nargs="?", help="the image (default: the newest in build/image)")
    parser.add_argument("--figures", type=Path, help="a file for what was measured")
    parser.add_argument("--cache", type=Path, default=ROOT / "build/image-cache", help="what is fetched once")
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
