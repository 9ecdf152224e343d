"""A booth with ten faults at once: the doctor leads from red to green, when nothing is done but what it says."""

import shlex
import shutil
import socket
import time

import pytest

from booth.disk import RealDisk
from booth.examining.findings import Premises, Sign, only
from booth.examining.machine import THERMAL, THROTTLED
from booth.examining.running import examine
from booth.operator.examining.table import CHECKS
from booth.settings.model import Settings
from booth.units import Instant
from lab.clock import HandClock
from lab.zenko.accounts import BOOTH, BOOTHS_KEY
from lab.zenko.whole import Zenko

LOOKED_AT = ("screen", "gm", "medium", "temperature", "power", "network", "bucket")
MOUNTED = "36 1 179:2 / / {} - ext4 /dev/mmcblk0p2 rw"
CREATE = f"booth bucket create --canonical-id {BOOTH.canonical_id}"
SET_TIME = "or set it by hand: sudo timedatectl set-time"

SENTENCES = {
    "screen": "plug it in before the power; a DSI panel wants its ribbon cable firm at both ends",
    "gm": "sudo apt install graphicsmagick",
    "medium": "run `dmesg` to see why, then `sudo mount -o remount,rw` it; where the kernel refuses, export the "
    "visits, then write the image to another card",
    "temperature": "let air in and out of the housing, or give the processor a heat sink or a fan",
    "power": "take the power supply that belongs to this Pi, with a short cable of its own, and nothing else on its "
    "USB ports",
    "port": "check that the server runs, and its port (zenko.endpoint_url)",
    "clock": f"have the network let time servers through (NTP, port 123 of UDP), {SET_TIME}",
    "key": "put the right one into the settings (zenko.access_key_id)",
    "secret": "put the right one into the settings (zenko.secret_access_key)",
    "bucket": f"correct zenko.bucket, or make it with the owner's keys: {CREATE}",
}
"""What is wrong, and what is said to do about it."""


class Place:
    """A booth at a place where all is wrong: its machine, its network, its server."""

    def __init__(self, tmp_path, double, command):
        self.folder = tmp_path
        self.off = 3 * 3600.0
        zenko = Zenko()
        zenko.administering.blocked = True
        self.server = double(*zenko.rooms, wall=lambda: time.time() + self.off)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        self.zenko = {"endpoint_url": nobody, "bucket": "walked", "access_key_id": "NOBODYS",
                      "secret_access_key": "wrong"}  # fmt: skip
        self._command = command
        (tmp_path / "tools").mkdir()
        self.put(THERMAL, "85000")
        self.put(THROTTLED, "1")
        self.put("proc/self/mountinfo", MOUNTED.format("ro"))
        self.put("sys/class/drm/card1-HDMI-A-1/status", "disconnected")

    def put(self, place, content):
        file = self.folder / "root" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def examined(self, names=LOOKED_AT):
        """Return what `booth doctor` finds, or `--only` so much of it."""
        clock = HandClock(now=Instant(100.0), wall=time.time())
        premises = Premises(
            settings=Settings(zenko=self.zenko, animation={"width": 160, "height": 120}),
            outbox=self.folder / "outbox", disk=RealDisk(), clock=clock,
            deadline=clock.now(), root=self.folder / "root", tools=str(self.folder / "tools"),
        )  # fmt: skip
        return list(examine(only(CHECKS, names), premises))

    def follow(self, sentence):
        """Do what a sentence says, and nothing else; return which it was."""
        if ", which set it, " in sentence:  # the bucket's about the same clock
            sentence = sentence.replace(", which set it, ", ", ")
        (name,) = [name for name, said in SENTENCES.items() if said == sentence]
        match name:
            case "screen":
                self.put("sys/class/drm/card1-HDMI-A-1/status", "connected")
            case "gm":
                if not (self.folder / "tools" / "gm").exists():
                    (self.folder / "tools" / "gm").symlink_to(shutil.which("gm"))
            case "medium":
                self.put("proc/self/mountinfo", MOUNTED.format("rw"))
            case "temperature":
                self.put(THERMAL, "48000")
            case "power":
                self.put(THROTTLED, "0")
            case "port":
                self.zenko["endpoint_url"] = self.server.url
            case "clock":
                self.off = 0.0
            case "key":
                self.zenko["access_key_id"] = BOOTHS_KEY.id
            case "secret":
                self.zenko["secret_access_key"] = BOOTHS_KEY.secret
            case "bucket":
                words = shlex.split(sentence.partition(": ")[2])
                status, _, err = self._command(self.server.url, *words[2:], bucket=self.zenko["bucket"])
                assert (0, "") == (status, err)
        return name


@pytest.fixture
def place(tmp_path, double, command):
    return Place(tmp_path, double, command)


def test_ten_faults_are_mended_by_following_the_doctors_own_sentences(place):
    """What hides another is told first; each is told until it is mended, and in the end nothing is left to do."""
    rounds, names = [], LOOKED_AT
    while wrong := [found for found in place.examined(names) if found.sign is Sign.BAD]:
        rounds.append(list(dict.fromkeys(place.follow(found.cure) for found in wrong)))
        names = list(dict.fromkeys(found.check.partition(" ")[0] for found in wrong))
    assert [
        ["screen", "gm", "medium", "temperature", "power", "port"],
        ["clock"],
        ["key"],
        ["secret"],
        ["bucket"],
    ] == rounds
    found = place.examined()
    assert ([], 7) == (
        [each for each in found if each.sign is Sign.BAD], len({each.check.partition(" ")[0] for each in found}),
    )  # fmt: skip
