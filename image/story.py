"""The story of a card, from the first boot to the last update, played in an emulated machine: `boot-image --help`.

Each chapter begins where the one before it ended, on the same card. What a guest sees is photographed, what an operator
would look at is asked of the machine, and what has been sent is read back from a bucket on this machine's loopback.
"""

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import boto3
import pygame

from booth.sim.bucket import EmbeddedS3
from image import ROOT
from image.boot import FIRMWARE_AT, SIZE, BootError, Machine, insert, prepare, run
from image.build import CACHE, BuildError, mirrors
from image.fingers import Fingers, Point, fingers
from lab.screens.screens import contact_sheet

HOST = "10.0.2.2"
"""This machine, as the emulated one sees it."""
KEYS = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG")
GUEST = ("Zoe O'Neill", "zoe+booth@example.org")
VISIT = 45.0
"""Seconds that a visit takes here, from the press to the farewell."""
PATIENCE = 180.0
"""Seconds of the emulated machine's own (see `OwnTime`) after which what was waited for will not come. Emulated, all
takes ten times as long, or thirty."""
PAPER = (255, 244, 239)
"""What the booth's own screens are painted on, where nothing else is."""
INK = bytes((0x2B, 0x2B, 0x33))
"""What the recovery screen writes with."""
ZONE = "Europe/Paris"
"""Where the booth of this story stands."""


@dataclass
class Story:
    """What the chapters share."""

    machine: Machine
    bucket: EmbeddedS3
    pictures: Path
    cache: Path
    cuts: int
    seed: int
    event: str = ""
    """What the event is called, by the settings on the card."""
    figures: dict[str, Any] = field(default_factory=dict)
    _begun: float = field(default_factory=time.monotonic)
    _photographs: int = 0

    def say(self, text: str) -> None:
        """Say what was seen, with the time since the story began."""
        print(f"boot-image: {time.monotonic() - self._begun:7.1f} s  {text}", flush=True)

    # ---- the card, in somebody's computer

    def put(self, name: str, content: str) -> None:
        """Write a file onto the partition that any computer can read."""
        file = self.pictures / ".edited"
        file.write_text(content)
        run("mcopy", "-o", "-i", self.machine.firmware, file, f"::{name}")
        file.unlink()

    def on_card(self, name: str) -> str | None:
        """Return what is in a file of that partition; None if there is none."""
        try:
            return run("mtype", "-i", self.machine.firmware, f"::{name}")
        except BootError:
            return None

    def keys(self, access: str = KEYS[0], secret: str = KEYS[1]) -> None:
        """Put the keys of the bucket onto the card, as an owner does."""
        self.put("booth-secrets.toml", f'[zenko]\naccess_key_id = "{access}"\nsecret_access_key = "{secret}"\n')

    def edit(self, event: str, extra: str = "") -> None:
        """Put settings onto the card that lead to the bucket of this story, for an event of this name."""
        self.event = event
        self.put("booth.toml", self.settings(f'[event]\nname = "{event}"\n\n{extra}'))

    def settings(self, extra: str = "") -> str:
        """Return a ``booth.toml`` that leads to the bucket of this story."""
        port = self.bucket.endpoint_url.rpartition(":")[2]
        return f'[zenko]\nendpoint_url = "http://{HOST}:{port}"\n\n{extra}'

    # ---- the booth

    def boot(self) -> None:
        """Switch it on, and wait until it is ready for guests, as systemd and its lamp say."""
        self.machine.start()
        self.booted()
        self.ready()

    def booted(self) -> None:
        """Wait until all units have been started, without taking time from them by asking again and again."""
        self.ask("systemctl is-system-running --wait || true", 600.0)

    def ready(self, timeout: float = PATIENCE) -> None:
        """Wait until the booth is ready: READY=1, the invitation, the lamp."""
        self.until("the invitation is there", lambda: self.machine.states()[-1:] == ["Attract"], timeout)
        self.until("the booth is ready", lambda: self.ask("systemctl is-active booth || true") == "active", timeout)
        self.until("the lamp is on", self.machine.led)

    def ask(self, command: str, timeout: float = 120.0) -> str:
        """Run a command in the machine; return what it said."""
        return self.machine.shell.run(command, timeout)

    def until(self, what: str, holds: Callable[[], bool], timeout: float = PATIENCE) -> None:
        """Wait until something *holds*. Raises `BootError` that says *what* did not come in *timeout* own seconds."""
        own = self.machine.own
        end = own.now() + timeout
        while not holds():
            if own.now() > end:
                self.photograph("what-was-seen-last")
                words = self.machine.said()[-3000:]
                raise BootError(f"in {timeout:g} s it did not come about that {what}; the booth's last words:\n{words}")
            time.sleep(1.0)

    def photograph(self, name: str) -> Path:
        """Keep a picture of the screen, once what was told is painted."""
        time.sleep(1.5)
        self._photographs += 1
        picture = self.pictures / f"{self._photographs:02}-{name}.png"
        self.machine.picture(picture)
        return picture

    def see(self, name: str, colours: int, what: str) -> None:
        """Wait until the screen has more *colours* than so many; keep a picture. A state is told before it is painted.

        Raises `BootError` that says *what* was not to be seen.
        """
        self.until(what, lambda: light(self.look()) > colours)
        self.photograph(name)

    def photographed(self, number: int) -> None:
        """Say that so many pictures are there already."""
        self._photographs = number

    def look(self) -> Path:
        """Look at the screen, and keep nothing of it."""
        picture = self.pictures / ".now.png"
        self.machine.picture(picture)
        return picture

    def release(self) -> str:
        """Return the version of the release that runs."""
        return self.ask("cat /run/booth-release/VERSION")

    def outbox(self) -> int:
        """Return how many visits have not been sent yet, those that were cut short too."""
        return int(self.ask("ls -A /var/lib/booth/outbox/open /var/lib/booth/outbox/pending | grep -c ^2 || true"))

    # ---- the bucket

    def objects(self) -> dict[str, tuple[bytes, Mapping[str, str]]]:
        """Return all that is in the bucket: bytes and metadata, by key."""
        client = boto3.client(
            "s3", endpoint_url=self.bucket.endpoint_url, region_name="us-east-1", aws_access_key_id=KEYS[0],
            aws_secret_access_key=KEYS[1],
        )  # fmt: skip
        found: dict[str, tuple[bytes, Mapping[str, str]]] = {}
        for listed in client.list_objects_v2(Bucket=self.bucket.bucket).get("Contents", []):
            got = client.get_object(Bucket=self.bucket.bucket, Key=listed["Key"])
            found[listed["Key"]] = (got["Body"].read(), got["Metadata"])
        return found

    # ---- a guest

    def visit(self, point: Callable[[Point], None] | None = None, *, pictures: str = "") -> None:
        """Be a guest: press, pose, write name and address, send; until the farewell shows."""
        machine = self.machine
        told = len(machine.states())
        machine.press()
        for state in ("Countdown", "FillingIn"):
            machine.until_state(state, after=told)
            if pictures:
                self.photograph(f"{pictures}-{state.lower()}")
        with fingers(*SIZE) as hand:
            self._write(hand, point or machine.tap, pictures)
        machine.until_state("Farewell", after=told)
        if pictures:
            self.photograph(f"{pictures}-farewell")

    def _write(self, hand: Fingers, point: Callable[[Point], None], pictures: str) -> None:
        points = list(hand.fill_in(*GUEST))
        for at in points[:-1]:
            point(at)
            time.sleep(0.5)
        if pictures:
            time.sleep(2.0)
            self.photograph(f"{pictures}-written")
        point(points[-1])


Chapter = Callable[[Story], None]


def check(condition: object, what: str) -> None:
    """Raise `BootError` that says *what* is not so unless *condition* holds."""
    if not condition:
        raise BootError(f"it is not so that {what}")


def light(picture: Path) -> int:
    """Return how many different colours a picture of the screen has: a screen that is dead has one."""
    pixels = pygame.image.load(picture)
    return len({tuple(pixels.get_at((x, y))) for x in range(0, SIZE[0], 4) for y in range(0, SIZE[1], 4)})


def row_of_fields(picture: Path) -> bytes:
    """Return the pixels of the form's fields: all that is written, and nothing that moves."""
    pixels = pygame.image.load(picture)
    return pygame.image.tobytes(pixels.subsurface((0, 66, SIZE[0], 64)), "RGB")


def settle(story: Story) -> None:
    """Wait until what was typed is in its field.

    Keys and pointer are two devices. A booth that is emulated too slowly reads both at once, and takes a touch that
    came after the last key for one that came before it.
    """
    seen: list[bytes] = []

    def same() -> bool:
        seen.append(row_of_fields(story.look()))
        return seen[-1:] == seen[-2:-1]

    story.until("nothing more is written into the form", same)


# ---- the chapters


def as_its_owner(story: Story) -> None:
    """Edit the card as its owner does before the first boot: settings, keys, name, and where it stands."""
    story.edit("Launch party")
    story.keys()
    story.put("network.toml", f'[machine]\nhostname = "pink-one"\ntimezone = "{ZONE}"\n')


def first_boot(story: Story) -> None:
    """Write and edit a card, and put it into the machine: it is ready, and nobody has done anything."""
    as_its_owner(story)
    story.machine.start()
    story.until("the splash is on the screen", lambda: light(story.look()) > 4)
    story.photograph("splash")
    story.booted()
    story.ready()
    story.say(f"ready, the lamp is on, after {story.ask('cut -d. -f1 /proc/uptime')} emulated seconds")
    story.see("attract", 16, "the invitation is on the screen")
    check("ro" in story.ask("findmnt -no OPTIONS /").split(","), "the root is read-only")
    check(story.ask("touch /usr/x 2>&1 || true").endswith("Read-only file system"), "nobody can write to the root")
    story.until("all units have come up", lambda: story.ask("systemctl is-system-running || true") == "running")
    check(not story.ask("systemctl --failed --no-legend"), "no unit has failed")
    check(not story.ask("pgrep -x Xorg || pgrep -x agetty -a | grep tty1 || true"), "there is neither X nor a login")
    check(int(story.ask("df -BM --output=size /data | tail -1 | tr -dc 0-9")) > 2000, "/data has the rest of the card")
    check(story.ask("hostname") == "pink-one", "it is called as the card says")
    seconds, offset = story.ask("date '+%s %z'").split()
    check(offset == f"{datetime.fromtimestamp(int(seconds), ZoneInfo(ZONE)):%z}", "it is as late as the card says")
    secrets_are_gone(story)
    figures(story)


def secrets_are_gone(story: Story) -> None:
    """Check that the booth has its keys, and that they are nowhere on the first partition."""
    story.ask("sync")
    check(story.on_card("booth-secrets.toml") is None, "the file with the keys is gone")
    with story.machine.card.open("rb") as card:
        card.seek(4 << 20)
        check(KEYS[1].encode() not in card.read(256 << 20), "no byte of the keys is left on the first partition")
    check(story.ask("stat -c %a:%U /run/credstore/zenko.secret_access_key") == "600:root", "root alone has them")


def figures(story: Story) -> None:
    """Note what was measured at this boot."""
    said = story.ask("systemd-analyze time")
    shown = story.ask("systemctl show booth -p InactiveExitTimestampMonotonic --value")
    begun = int(shown) / 1e6
    ready = _first(story, "booth", '"state": "Attract"')
    share = (ready - begun) / ready
    story.figures |= {
        "boot (emulated)": said.splitlines()[0].removeprefix("Startup finished in ").strip(),
        "seconds from power to READY (emulated)": round(ready, 1),
        "seconds from the start of booth.service to READY": round(ready - begun, 1),
        "that share of the boot": round(share, 3),
        "seconds from power to the splash (emulated)": round(_first(story, "booth-splash", "Finished"), 1),
        "units": int(story.ask("systemctl list-units --no-legend --plain | wc -l")),
        "exposure": story.ask("systemd-analyze security --no-pager booth.service | tail -1").split(": ")[-1],
        "memory of the booth, MiB, with a screen that is drawn in software": int(
            story.ask("systemctl show booth -p MemoryCurrent --value")
        )
        >> 20,
    }
    for name, value in story.figures.items():
        story.say(f"    {name}: {value}")


def _first(story: Story, unit: str, words: str) -> float:
    """Return when the journal of a unit first had these words, in seconds since power came on."""
    said = story.ask(f"journalctl -b -u {unit} -o short-monotonic --no-pager | grep -m 1 '{words}'")
    return float(said.partition("[")[2].partition("]")[0])


def a_visit(story: Story) -> None:
    """Be a guest with the button and a pointer: what was typed and taken arrives in the bucket."""
    before = len(story.objects())
    story.visit(pictures="visit")
    story.until("the object has arrived", lambda: len(story.objects()) == before + 1)
    arrived(story, before + 1)
    story.ready()
    check(story.machine.led(), "the lamp is on again")


def arrived(story: Story, number: int) -> None:
    """Check that so many visits are in the bucket, each once and whole, with who it was in its metadata."""
    objects = story.objects()
    check(len(objects) == number, f"{number} objects are in the bucket, not {len(objects)}")
    for key, (content, metadata) in objects.items():
        check(content.startswith(b"GIF89a") and content.endswith(b";"), f"{key} is a whole GIF")
        check(metadata.get("name") == GUEST[0] and metadata.get("email") == GUEST[1], f"{key} says who it is")
        check(metadata.get("event") == story.event, f"{key} says at which event it was")
    story.say(f"{len(objects)} in the bucket, {sum(len(content) for content, _ in objects.values()) / 1e6:.1f} MB")


def a_finger(story: Story) -> None:
    """Be a guest with a touch panel instead of a pointer."""
    before = len(story.objects())
    with story.machine.touch_panel() as tap:
        story.visit(tap, pictures="finger")
    story.until("the object has arrived", lambda: len(story.objects()) == before + 1)
    arrived(story, before + 1)
    story.ready()


def a_copy(story: Story) -> None:
    """Copy the event to a stick, as the operator's screen asks for it: all of it is there, and the stick is let go."""
    folder = story.cache / "copied"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    image = folder / "copy.stick"
    _blank(image, 64 << 20)
    story.machine.plug_stick(image)
    story.until("the stick is seen", lambda: story.ask("ls /dev/booth-stick 2>/dev/null || true") != "")
    story.ask("runuser -u booth -- touch /run/booth/copy-to-stick")
    copied = f"copied {len(story.objects())} "
    state = "cat /run/booth-copy/state /run/booth-stick/why 2>/dev/null || true"
    ends = ("copied", "broken", "full", "read-only", "no-stick", "several")
    story.until("the copy has ended", lambda: story.ask(state).startswith(ends), 400.0)
    said = story.ask("journalctl --no-pager -o cat -u booth-copy | tail -n 8")
    check(story.ask(state).startswith(copied), f"the event has been copied:\n{said}")
    story.until("the stick is let go", lambda: story.ask("grep -c /run/booth-stick /proc/mounts || true") == "0")
    story.machine.unplug_stick()
    run("mcopy", "-s", "-n", "-i", image, "::*", folder)
    sums = next(folder.rglob("SHA256SUMS"))
    run("sha256sum", "--check", "--strict", sums.name, cwd=sums.parent)
    gifs = list(sums.parent.rglob("*.gif"))
    check(len(gifs) == len(story.objects()), f"{len(gifs)} GIFs are on the stick")
    story.say(f"{len(gifs)} GIFs are on the stick, and each file is what its sum says")


def no_network(story: Story) -> None:
    """Take the network away while a guest is there, then the power: the visit is kept, and arrives once."""
    before = len(story.objects())
    story.machine.link(up=False)
    story.visit(pictures="offline")
    story.machine.cut()
    story.say("the power went, with a visit in the outbox")
    story.machine.network = False
    story.boot()
    check(story.outbox() >= 1, "the visit is in the outbox after the power cut")
    check(len(story.objects()) == before, "nothing has arrived without a network")
    story.machine.network = True
    story.machine.link(up=True)
    story.until("the visit has arrived", lambda: len(story.objects()) == before + 1, 400.0)
    arrived(story, before + 1)
    story.until("the outbox is empty", lambda: story.outbox() == 0)


def power_cuts(story: Story) -> None:
    """Take the power at random moments of visits: what was kept arrives once, and the booth is ready each time."""
    chance = random.Random(story.seed)  # noqa: S311 the same moments each time
    posed: list[str] = []
    for number in range(1, story.cuts + 1):
        told = len(story.machine.states())
        known = len(story.objects())
        moment = chance.uniform(0.0, VISIT)
        story.machine.press()
        begun = time.monotonic()
        guest = iter(_as_a_guest(story, told))
        while time.monotonic() - begun < moment:
            next(guest, None)
            time.sleep(0.2)
        states = story.machine.states()[told:]
        taken = _frames(story)
        story.machine.cut()
        story.boot()
        story.until("what was kept has been sent", lambda: story.outbox() == 0, 400.0)
        objects = story.objects()
        came = len(objects) - known
        last = states[-1] if states else "Attract"
        story.say(f"cut {number} of {story.cuts}, after {moment:.0f} s, in {last}, {taken} frames: {came} arrived")
        posed.append(last)
        check(came <= 1, "a visit arrives once")
        check(came == 1 or not taken, "a visit of which a frame was kept arrives")
    objects = story.objects()
    for key, (content, _metadata) in objects.items():
        check(content.startswith(b"GIF89a") and content.endswith(b";"), f"{key} is a whole GIF")
    check(not story.ask("systemctl --failed --no-legend"), "no unit has failed")
    story.figures["power cuts"] = f"{story.cuts}, in {', '.join(posed)}"


def _frames(story: Story) -> int:
    """Return how many frames of visits are on the card that have not been sent."""
    return int(story.ask("find /var/lib/booth/outbox/open /var/lib/booth/outbox/pending -name 'frame-*.jpg' | wc -l"))


def _as_a_guest(story: Story, told: int) -> Iterator[None]:
    """Do what a guest does in a visit, a step at a time."""
    while "FillingIn" not in story.machine.states()[told:]:
        yield
    with fingers(*SIZE) as hand:
        for at in hand.fill_in(*GUEST):
            story.machine.tap(at)
            yield


def edited_card(story: Story) -> None:
    """Edit the card: another event, other colours; then a mistake; then other keys."""
    story.machine.cut()
    story.edit("Night shift", '[theme]\nname = "night"\n')
    story.boot()
    story.until("the night has come", lambda: _dark(story))
    story.see("edited", 16, "the invitation is on the screen")
    story.machine.cut()
    story.put("booth.toml", story.settings('[event]\nnam = "Gala"\n\n[theme]\nname = "nihgt"\n'))
    story.machine.start()
    story.until("the booth says that its settings are wrong", lambda: "settings.wrong" in facts(story))
    story.until("the mistakes are on the screen", lambda: light(story.look()) > 4)
    story.photograph("mistakes")
    story.machine.press()
    story.ready()
    story.see("last-good", 16, "a press goes on with the last good settings")
    story.machine.cut()
    other = [f"{key}X" for key in KEYS]
    story.edit("Gala")
    story.keys(*other)
    story.boot()
    check(
        story.ask("cat /run/credstore/zenko.secret_access_key") == other[1], "new keys have taken the place of the old"
    )
    secrets_are_gone(story)


def a_keyboard(story: Story) -> None:
    """Plug a German keyboard in, and write on it: what stands on its keys is what is written."""
    before = set(story.objects())
    story.machine.cut()
    story.edit("Gala", '[keyboard]\nlayout = "de"\n')
    story.keys()
    story.boot()
    machine = story.machine
    told = len(machine.states())
    machine.press()
    machine.until_state("FillingIn", after=told)
    machine.plug_keyboard()
    awake = "cat $(dirname $(grep -l 'QEMU USB Keyboard' /sys/bus/usb/devices/*/product))/power/control"
    check(story.ask(awake) == "on", "a keyboard does not fall asleep: the first key would only wake it")
    time.sleep(3.0)  # longer than it takes to fall asleep
    with fingers(*SIZE) as hand:
        machine.keys("shift-y", "o", "e", "spc", "apostrophe")
        settle(story)
        machine.tap(hand.at("field:email"))
        settle(story)
        machine.keys(*"yoe", "alt_r-q", *"example", "dot", *"org")
        settle(story)
        story.photograph("keyboard")
        machine.tap(hand.at("send"))
    machine.until_state("Farewell", after=told)
    story.until("the object has arrived", lambda: len(story.objects()) == len(before) + 1)
    [(_, metadata)] = [found for key, found in story.objects().items() if key not in before]
    check(metadata["email"] == "zoe@example.org", "z and @ are where a German keyboard has them")
    check(unquote(metadata["name"]) == "Zoe ä", f"{metadata['name']} is what was typed, the first letter too")
    story.ready()
    stays_on(story)


def stays_on(story: Story) -> None:
    """Press what stops, restarts or opens other machines: a booth goes on as if nothing had been pressed."""
    machine = story.machine
    boot = story.ask("cat /proc/sys/kernel/random/boot_id")
    booth = story.ask("systemctl show booth -p MainPID --value")
    for chord in ("ctrl-alt-delete", "power", "sleep", "alt-sysrq-b", "ctrl-alt-f2", "alt-f3"):
        machine.keys(*[chord] * (8 if chord == "ctrl-alt-delete" else 1))  # systemd reboots at once at the seventh
        story.until("it answers", lambda: story.ask("echo yes") == "yes")
        check(story.ask("cat /proc/sys/kernel/random/boot_id") == boot, f"{chord} does not restart the machine")
        check(story.ask("systemctl show booth -p MainPID --value") == booth, f"{chord} does not end the booth")
        check(story.ask("systemctl list-jobs --no-legend") == "", f"{chord} starts nothing")
        check(story.ask("ps -C agetty,login -o tty= | grep -v ttyAMA0 || true") == "", f"{chord} opens no login")
    check(story.ask("cat /sys/class/tty/tty0/active") == "tty1", "the booth's console is still the one that is shown")
    story.ready()


def a_twin(story: Story) -> None:
    """Leave a disk in it that is called as the card is, to the last number: the booth goes by its own card alone."""
    machine = story.machine
    machine.cut()
    twin = story.cache / "twin.img"
    run("cp", "--sparse=always", machine.card, twin)
    firmware = f"{twin}@@{FIRMWARE_AT}"
    for name, content in (
        ("booth.toml", '[event]\nname = "A stranger\'s"\n'),
        ("network.toml", '[machine]\nhostname = "strangers"\n'),
        ("update.pub", "untrusted comment: a stranger's\n"),
    ):
        (story.pictures / ".edited").write_text(content)
        run("mcopy", "-o", "-i", firmware, story.pictures / ".edited", f"::{name}")
    (story.pictures / ".edited").unlink()
    before = digest(twin)
    machine.beside = twin
    try:
        story.boot()
        story.until("the twin is there", lambda: story.ask("ls /dev/sda3 || true") == "/dev/sda3")
        for place, device in (("/", "vda2"), ("/data", "vda3")):
            # By number: a mount goes by the name that it was made with, and the root's is a link.
            there = story.ask(f"basename $(readlink -f /sys/dev/block/$(findmnt -no MAJ:MIN {place}))")
            check(there == device, f"{place} is on {device}: it is on {there}")
        strange = set(story.ask("cat /sys/class/block/sda*/dev").split())
        mounted = set(story.ask("findmnt -rno MAJ:MIN").split())
        check(len(strange) == 4 and not strange & mounted, "the twin is let be")
        check(story.ask("hostname") == "pink-one", "it is called as its own card says")
        known = len(story.objects())
        story.visit()
        story.until("the object has arrived", lambda: len(story.objects()) == known + 1)
        events = {metadata["event"] for _, metadata in story.objects().values()}
        check(story.event in events and "A stranger's" not in events, "the event is that of its own card")
        story.ready()
    finally:
        machine.cut()
        machine.beside = None
    check(digest(twin) == before, "not a byte of the twin has changed")
    twin.unlink()
    story.boot()


def digest(file: Path) -> str:
    """Return what tells two files apart."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def told_of(story: Story, timeout: float = PATIENCE) -> None:
    """Wait until the recovery screen is there, *timeout* in own seconds: the splash is on such paper, too."""
    story.until(
        "the recovery screen is shown",
        lambda: story.ask("systemctl is-active booth-recovery || true") == "activating",
        timeout,
    )
    story.until("the recovery screen is painted", lambda: _corner(story) == PAPER and _inked(story) > 200)


def _inked(story: Story) -> int:
    """Return how many pixels are of the ink that the recovery screen's words have."""
    return pygame.image.tobytes(pygame.image.load(story.look()), "RGB").count(INK)


def _corner(story: Story) -> tuple[int, int, int]:
    red, green, blue, _ = pygame.image.load(story.look()).get_at((4, 4))
    return red, green, blue


def _dark(story: Story) -> bool:
    return sum(_corner(story)) < 200


def facts(story: Story) -> set[str]:
    """Return what the booth has logged in this boot: the names of the events, not their words."""
    found = set()
    for line in story.machine.said().splitlines():
        with suppress(ValueError):  # what is written before there is a log
            match json.loads(line):
                case {"event": str(name)}:
                    found.add(name)
    return found


def cameras(story: Story) -> list[str]:
    """Return which devices the booth has opened in this boot, in their order, as its log tells."""
    opened = []
    for line in story.machine.said().splitlines():
        with suppress(ValueError):  # what is written before there is a log
            match json.loads(line):
                case {"event": "webcam.open", "device": str(device)}:
                    opened.append(device)
    return opened


def faults(story: Story) -> None:
    """Kill the booth, have it hang, take its camera: it is back each time, and nobody was called."""
    for what, how in (("killed", "KILL"), ("hung", "STOP")):
        old = story.ask("systemctl show booth -p MainPID --value")
        story.ask(f"kill -{how} {old}")
        story.until(
            f"it has been started again after it was {what}",
            lambda old=old: story.ask("systemctl show booth -p MainPID --value") not in {old, "0"},  # type: ignore[misc]
        )
        story.ready()
        check(
            story.ask("systemctl is-active booth-recovery || true") == "inactive",
            "nobody was told that it needs a hand",
        )
        story.say(f"{what}: started again, and ready")
    check(cameras(story)[-1:] == ["/dev/video0"], "of two cameras it has the first")
    device = story.ask("basename $(readlink -f /sys/class/video4linux/video0/device)")
    held = story.ask("(sleep 3600 </dev/video0 >/dev/null 2>&1 & echo $!)")  # a number is free when nobody has it
    story.ask(f"echo {device} >/sys/bus/platform/drivers/vivid/unbind")
    story.until("it says that it is out of order", lambda: story.machine.states()[-1:] == ["OutOfOrder"])
    story.see("camera-lost", 16, "it says so on its screen, too")
    story.ask(f"echo {device} >/sys/bus/platform/drivers/vivid/bind")
    story.until("the camera is back", lambda: story.machine.states()[-1:] == ["Attract"])
    story.ready()
    check(cameras(story)[-1:] == ["/dev/video1"], "the camera is found under its new number, before the second one")
    story.ask(f"kill {held}")
    story.say("the camera was taken away, and is back under another number")


def recovery(story: Story) -> None:
    """Have the booth come to nothing, again and again: an honest screen, another try, and it is back."""
    dropin = "/run/systemd/system/booth.service.d/broken.conf"
    story.ask(
        f"systemctl set-environment BOOTH_RECOVERY_WAIT=30; mkdir -p $(dirname {dropin}); "
        f"printf '[Service]\\nExecStart=\\nExecStart=/bin/false\\nRestartSec=1\\n' >{dropin}; "
        "systemctl daemon-reload; systemctl --no-block restart booth"
    )
    told_of(story)
    story.see("recovery", 4, "there are words on it")
    story.ask(f"rm {dropin}; systemctl daemon-reload; systemctl unset-environment BOOTH_RECOVERY_WAIT")
    told = len(story.machine.states())
    story.until("it has been tried again", lambda: "Attract" in story.machine.states()[told:])
    story.ready()
    story.see("recovered", 16, "the invitation is on the screen again")


def updates(story: Story) -> None:
    """Bring updates on a stick: a torn one, a stranger's, a good one, and one that crashes."""
    folder = story.cache / "updates"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    built_in = story.release()
    bundles = _bundles(folder)
    story.machine.cut()
    story.put("update.pub", (folder / "own.pub").read_text())
    story.boot()
    settings = story.ask("sha256sum /run/booth-card/booth.toml /data/settings/last-good.toml")
    refused(story, bundles["torn"], "update-damaged", built_in)
    refused(story, bundles["strangers"], "update-untrusted", built_in)
    story.photograph("update-refused")
    old = story.ask("systemctl show booth -p MainPID --value")
    stick(story, bundles["good"])
    story.until(
        "the good update runs", lambda: story.ask("systemctl show booth -p MainPID --value") not in {old, "0"}, 1500.0
    )
    story.ready()
    check(story.release() == "9.9.1", "the good update runs")
    check(not story.ask("ls /data/releases | grep trial || true"), "its trial is over")
    story.photograph("updated")
    story.say("good: it runs")
    refused(story, bundles["older"], "update-older", "9.9.1")
    refused(story, bundles["good"], "update-here", "9.9.1")
    stick(story, bundles["crashing"])
    story.until("the crashing update was tried", lambda: story.ask("readlink /data/releases/current") == "9.9.2", 900.0)
    story.until("it was taken back", lambda: story.ask("readlink /data/releases/current") == "9.9.1", 400.0)
    story.ready(400.0)
    check(story.release() == "9.9.1", "the last good one runs again")
    check(settings == story.ask("sha256sum /run/booth-card/booth.toml /data/settings/last-good.toml"), "settings stay")
    story.say("crashing: taken back by itself")
    story.machine.cut()
    story.boot()
    check(story.release() == "9.9.1", "after a power cut the update runs")


def refused(story: Story, bundle: Path, why: str, runs: str) -> None:
    """Bring an update that must not be taken: why is told as long as the stick is in, and what runs goes on."""
    booth = story.ask("systemctl show booth -p MainPID --value")
    stick(story, bundle)
    told = "cat /run/booth-update/*/refused 2>/dev/null || true"
    story.until(f"{bundle.name} is refused, {why}", lambda: story.ask(told) == why, 600.0)
    check(story.release() == runs, f"{runs} still runs")
    check(story.ask("systemctl show booth -p MainPID --value") == booth, "the booth was not started again")
    story.machine.unplug_stick()
    story.until("what was told goes with the stick", lambda: story.ask(told) == "")
    story.say(f"{bundle.stem}: refused, {why}")


def _bundles(folder: Path) -> dict[str, Path]:
    """Make the updates: of the release that is on the card, under other names."""
    for name in ("own", "strangers"):
        run("minisign", "-G", "-W", "-p", folder / f"{name}.pub", "-s", folder / f"{name}.key")
    extra = next((folder.parent).glob("pins-*"))
    run(
        ROOT / "scripts/release",
        "--out",
        folder / "release",
        "--target",
        f"{extra.name.split('-')[1]}-aarch64",
        "--with",
        extra,
    )
    (folder / "crash/site/booth").mkdir(parents=True)
    (folder / "crash/VERSION").write_text("9.9.2\n")
    (folder / "crash/site/booth/__main__.py").write_text("raise SystemExit('booth: this one crashes')\n")
    (folder / "release/VERSION").write_text("9.9.1\n")
    (folder / "past/site/booth").mkdir(parents=True)
    (folder / "past/VERSION").write_text("9.9.0\n")
    (folder / "past/site/booth/__main__.py").write_text("raise SystemExit('booth: this one is old')\n")
    made = {}
    for name, release, key in (
        ("good", "release", "own"), ("crashing", "crash", "own"), ("strangers", "crash", "strangers"),
        ("older", "past", "own"),
    ):  # fmt: skip
        made[name] = folder / f"{name}.booth"
        run(
            ROOT / "scripts/bundle", "--release", folder / release, "--machine", "aarch64",
            "--key", folder / f"{key}.key", "--out", made[name],
        )  # fmt: skip
    made["torn"] = folder / "torn.booth"
    made["torn"].write_bytes(made["crashing"].read_bytes()[:900])
    return made


def stick(story: Story, bundle: Path) -> None:
    """Pull the stick that may be there, and plug one in that has *bundle* on it."""
    image = bundle.with_suffix(".stick")
    _blank(image, max(64 << 20, bundle.stat().st_size * 2))
    run("mcopy", "-i", image, bundle, "::")
    story.machine.unplug_stick()
    story.machine.plug_stick(image)


def _blank(stick: Path, size: int) -> None:
    """Make a stick of so many bytes, with nothing on it."""
    with stick.open("wb") as file:
        file.truncate(size)
    run("mkfs.vfat", "-n", "STICK", stick)


def no_place(story: Story) -> None:
    """Take a card whose third partition is lost: the screen says so, and no guest is invited to lose a picture."""
    machine = story.machine
    machine.cut()
    whole, machine.card = machine.card, story.cache / "no-place.img"
    run("cp", "--sparse=always", whole, machine.card)
    run("sfdisk", "--delete", machine.card, "3")
    try:
        machine.start()
        told_of(story, 900.0)
        story.photograph("no-place")
        check("Attract" not in machine.states(), "nobody is invited")
        # The manager mounts the place of a service's state before it, and says that it could not.
        told = story.ask(
            "journalctl -b -u booth -o cat --no-pager | grep -c \"failed with result 'dependency'\" || true"
        )
        check(int(told) > 0, "the journal says why")
    finally:
        machine.cut()
        machine.card.unlink()
        machine.card = whole
    story.boot()


def as_it_is(story: Story) -> None:
    """Boot a card with the settings that are on it, be a guest without a name, and tell how the booth sees itself."""
    machine = story.machine
    story.boot()
    story.photograph("own-attract")
    story.say(f"it is called {story.ask('hostname')}")
    told = len(machine.states())
    machine.press()
    machine.until_state("FillingIn", after=told)
    story.photograph("own-form")
    machine.press()
    machine.until_state("Farewell", after=told)
    story.photograph("own-farewell")
    story.ready()
    story.say(story.ask("booth status || true"))
    machine.cut()


CHAPTERS: Mapping[str, Chapter] = {
    "first-boot": first_boot,
    "visit": a_visit,
    "finger": a_finger,
    "copy": a_copy,
    "no-network": no_network,
    "power-cuts": power_cuts,
    "edited-card": edited_card,
    "keyboard": a_keyboard,
    "twin": a_twin,
    "no-place": no_place,
    "faults": faults,
    "recovery": recovery,
    "updates": updates,
}


@contextmanager
def bucket() -> Iterator[EmbeddedS3]:
    """Serve a bucket on this machine's loopback."""
    with EmbeddedS3() as server:
        yield server


def tell(story: Story, only: Sequence[str], keep: Callable[[Mapping[str, Any]], None]) -> None:
    """Play the chapters, all or *only* some of them; *keep* what was measured after each. Raises `BootError`."""
    machine = story.machine
    try:
        for name, chapter in CHAPTERS.items():
            if name not in only:
                continue
            if chapter is not first_boot and not machine.running:
                as_its_owner(story)  # nobody has been at this card yet, or its bucket is another one now
                story.boot()
                story.until("what an earlier chapter left has been sent", lambda: story.outbox() == 0, 400.0)
            began = time.monotonic()
            story.say(f"-- {name}: {(chapter.__doc__ or '').splitlines()[0]}")
            chapter(story)
            story.figures[f"seconds for {name}"] = round(time.monotonic() - began)
            keep(story.figures)
    finally:
        with suppress(BootError, OSError, subprocess.SubprocessError):
            machine.cut()
        (story.pictures / ".now.png").unlink(missing_ok=True)
    contact_sheet(sorted(story.pictures.glob("[0-9]*.png")), story.pictures / "sheet.png")


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="boot-image", description=__doc__)
    parser.add_argument("image", type=Path, nargs="?", help="the image (default: the newest in build/image)")
    parser.add_argument("--only", action="append", choices=tuple(CHAPTERS), default=[], help="play this chapter only")
    parser.add_argument("--as-it-is", action="store_true", help="write nothing onto the card: try one of your own")
    parser.add_argument(
        "--from",
        dest="start",
        choices=tuple(CHAPTERS),
        help="go on with this chapter, on the card of a story that broke off",
    )
    parser.add_argument("--cuts", type=int, default=10, help="how often the power goes in the middle of a visit")
    parser.add_argument("--seed", type=int, default=20190430, help="of what is left to chance")
    parser.add_argument("--pictures", type=Path, default=ROOT / "build/boot", help="where pictures of the screen go")
    parser.add_argument("--figures", type=Path, help="a file for what was measured; with --from it is gone on with")
    parser.add_argument("--cache", type=Path, default=CACHE, help="what is fetched once")
    parser.add_argument("--mirror", default="", help="the address of Debian; else this machine's own")
    return parser.parse_args()


def main() -> int:
    """Play the story of an image; return the exit status."""
    given = arguments()
    names = tuple(CHAPTERS)
    chapters = given.only or (names[names.index(given.start) :] if given.start else names)
    measured: dict[str, Any] = {}
    if given.start and given.figures and given.figures.exists():
        measured = json.loads(given.figures.read_text())

    def keep(figures: Mapping[str, Any]) -> None:
        measured.update(figures)
        if given.figures:
            given.figures.parent.mkdir(parents=True, exist_ok=True)
            given.figures.write_text(json.dumps(measured, indent=2) + "\n")

    try:
        image = given.image or max((ROOT / "build/image").glob("booth-*.img"), key=lambda path: path.stat().st_mtime)
        given.cache.mkdir(parents=True, exist_ok=True)
        card = given.cache / "virt.img"
        if not given.start:
            insert(image, card)
        outside = prepare(image, given.cache, given.mirror or mirrors()[0])
        machine = Machine(card, outside, given.cache / "virt-machine")
        given.pictures.mkdir(parents=True, exist_ok=True)
        pictures = sorted(given.pictures.glob("[0-9]*.png"))
        if not given.start:
            for old in pictures:
                old.unlink()
        with bucket() as server:
            story = Story(machine, server, given.pictures, given.cache, given.cuts, given.seed)
            if given.start and pictures:
                story.photographed(int(pictures[-1].name[:2]))
            if given.as_it_is:
                as_it_is(story)
            else:
                tell(story, chapters, keep)
    except ValueError:
        print("boot-image: there is no image in build/image: make one with scripts/build-image", file=sys.stderr)
        return 1
    except (BootError, BuildError, TimeoutError) as exc:
        print(f"boot-image: {exc}", file=sys.stderr)
        return 1
    print(json.dumps(measured, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
