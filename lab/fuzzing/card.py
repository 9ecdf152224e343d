"""What lies on a card: the booth gets settings, the owner is told in words, and nobody's secret is in any of them."""

import contextlib
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from booth.appliance.card import LONGEST, MOST, follow
from booth.disk import RealDisk
from lab.fuzzing import REFUSED, Violation

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY"  # noqa: S105  nobody's
PASSWORD = "correct horse 7/battery"  # noqa: S105  nobody's

NAMES = (
    "booth.toml", "network.toml", "booth-secrets.toml", "update.pub", "booth-secrets.toml.example", "booth.toml.txt",
    "Network.TOML", "booth (1).toml", "wpa_supplicant.conf", "ssh", "secrets.toml", "old/network.toml", "notes.rtf",
    "booth\n- all is well.toml", "network\u202e.toml", "booth\udcff.toml", "branding/a.png", "branding/b/c", "x" * 200,
)  # fmt: skip
PARTS = (
    "[zenko]\n", f'secret_access_key = "{SECRET}"\n', "access_key_id = 'AKIAIOSFODNN7EXAMPLE'\n", "[machine]\n",
    'country = "UK"\n', 'country = "FR"\n', f'timezone = "{PASSWORD}"\n', "timezone = 'Europe/Paris'\n", "[[wifi]]\n",
    "[wifi]\n", 'ssid = "Venue"\n', f'password = "{PASSWORD}"\n', "password = '(moved)'\n", f"psk = '{PASSWORD}'\n",
    "[ethernet]\n", 'address = "fe80::1%eth0\\nDNS=1.2.3.4/64"\n', "address = '192.0.2.7/24'\n", "usb = true\n",
    'gateway = "fe80::1%\\n[Match]"\n', 'dns = ["192.0.2.1", "::1%x\\ny"]\n', "[ssh]\n",
    "authorized_keys = ['ssh-rsa']\n",
    "[event]\n", 'name = "Gala"\n', "x = 1\n", "# ", "'''", '"""', '"', "'", "{", "}", "[", "]", "=", "\n", "\r\n",
    "\0", "\ufeff", "\u201c", "\u2028", "\x1b[2J", "a.b.c.d", "[" * 300, "9" * 3000, "\xe9", "\U0001f389",
    f"# {SECRET}\n",
    f"secret_access_key = {SECRET}\n", "RW" + "Q" * 54 + "\n", "{\\rtf1 ", "PK\x03\x04",
)  # fmt: skip
ENCODINGS = ("utf-8",) * 8 + ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1")
LINES = re.compile(
    r"\[Match\]|Type=ether|Property=BOOTH_CABLE=1||\[Network\]|DHCP=yes|\[DHCPv4\]|RouteMetric=100"
    r"|Address=[0-9a-f.:]+/[0-9]+|(?:Gateway|DNS)=[0-9a-f.:]+(?:%[A-Za-z0-9._-]+)?"
)
WPA = re.compile(
    r"ctrl_interface=/run/wpa_supplicant|country=[A-Z]{2}|network=\{|\}|\tssid=[0-9a-f]+|\tpriority=[0-9]+|\tscan_ssid=1"
    r"|\tkey_mgmt=(?:NONE|WPA-PSK)|\tpsk=(?:\"[^\n]+\"|[0-9a-fA-F]{64})"
)


class _Disk(RealDisk):
    """The disk of this machine, without waiting for it."""

    def sync(self, file: Path) -> None:
        """Do nothing."""

    def sync_folder(self, folder: Path) -> None:
        """Do nothing."""


class _Machine:
    """A machine that does as it is told."""

    def __init__(self, absent: str, *, locked: bool) -> None:
        self.writable = False
        self._absent = absent
        self._locked = locked

    def mounted(self, folder: Path) -> bool:
        return folder.name != self._absent

    def remount(self, _folder: Path, *, writable: bool) -> None:
        if self._locked:
            raise OSError(30, "Read-only file system")
        self.writable = writable

    def set_hostname(self, name: str) -> None:
        if not re.fullmatch(r"[a-z0-9-]{1,63}", name):
            raise Violation(f"the machine is called {name!r}")

    def make_host_key(self, file: Path) -> None:
        file.write_text("key")

    def seal(self, _name: str, _secret: bytes) -> bytes | None:
        return None

    def unseal(self, _name: str, sealed: bytes) -> bytes:
        return sealed


def _content(rng: random.Random) -> bytes:
    text = "".join(rng.choices(PARTS, k=rng.randrange(14)))
    raw = text.encode(rng.choice(ENCODINGS), "replace")
    if rng.random() < 0.2:
        raw = raw[: rng.randrange(len(raw) + 1)]
    if raw and rng.random() < 0.2:
        at = rng.randrange(len(raw))
        raw = raw[:at] + rng.randbytes(1) + raw[at + 1 :]
    return raw


@contextlib.contextmanager
def prepared(folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what follows one card."""
    zones = folder / "zones"
    (zones / "Europe").mkdir(parents=True)
    (zones / "Europe/Paris").write_text("TZif")

    def attempt(rng: random.Random) -> str:
        root = folder / "root"
        shutil.rmtree(root, ignore_errors=True)
        card, run = root / "boot/firmware", root / "run/booth-card"
        (card / "branding").mkdir(parents=True)
        (root / "data").mkdir()
        (root / "usr/share").mkdir(parents=True)
        (root / "usr/share/zoneinfo").symlink_to(zones)
        (card / "booth.toml").write_text('[event]\nname = "Gala"\n')
        (card / "network.toml").write_text('[machine]\ntimezone = "Europe/Paris"\n')
        for name in sorted({*rng.sample(NAMES, k=rng.randrange(6)), *rng.sample(NAMES[:3], k=rng.randrange(4))}):
            (card / name).parent.mkdir(exist_ok=True)
            (card / name).write_bytes(_content(rng))
        machine = _Machine(rng.choice(["", "", "", "", "data", "firmware"]), locked=rng.random() < 0.1)
        told = follow(root, machine, _Disk())
        _judge(told, run, root)
        if machine.writable:
            raise Violation("the card was left writable")
        again = follow(root, machine, _Disk())
        _judge(again, run, root)
        return REFUSED if told else "followed"

    yield attempt


def _judge(told: list[str], run: Path, root: Path) -> None:
    if not (run / "booth.toml").is_file():
        raise Violation("there are no settings to start with")
    if (run / "mistakes.txt").read_text().splitlines() != told or len(told) > MOST:
        raise Violation("what is told is not what is written")
    for line in told:
        if not line.isprintable() or len(line) > LONGEST or SECRET in line or PASSWORD in line or "AKIAIOSF" in line:
            raise Violation(f"told: {line!r}")
        if "a fault of the booth's own" in line:
            raise Violation(line)
    for copy in (run / "booth.toml", root / "data/settings/last-good.toml"):
        text = copy.read_bytes().replace(b"\0", b"").decode("latin-1") if copy.exists() else ""
        if re.search(rf"secret_access_key\b[^\n]*{re.escape(SECRET)}", text):
            raise Violation(f"{copy.name} has a key in it")
    for file, lines in (
        (run / "wpa_supplicant-wlan0.conf", WPA),
        (root / "run/systemd/network/10-booth.network", LINES),
    ):
        for line in file.read_text().split("\n") if file.exists() else ():
            if line and not lines.fullmatch(line):
                raise Violation(f"{file.name}: {line!r}")
