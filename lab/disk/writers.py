"""Cuts the power at every moment of whatever the booth writes beside its visits.

The last good settings, what is taken off the card and what is told on it, SSH's key, what is counted of a camera that
is held and of a night's visits, what a guest wishes forgotten, a hand-over, and updates with the shell that chooses a
release: each is done by the booth's own code, on a disk that forgets. Every disk that a cut may leave is started from
again, and cut again, until nothing new comes up; besides, the booth is killed at every moment. Then the other way
round, as with visits (`lab.disk.cuts`): each sync and each rename is left out in turn, and has to be missed.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from errno import EIO, EROFS
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any, cast

from booth import disk as disks
from booth import evening
from booth.appliance import card as cards
from booth.appliance import credentials, passwords, settings, update
from booth.appliance.bundle import Bundle
from booth.appliance.medium import BLOCK, Card
from booth.appliance.update import Ledger, UpdateError
from booth.appliance.versions import Version
from booth.core.events import Pressed
from booth.core.night import Counted, Night
from booth.core.operating import Dial, Knob
from booth.core.states import Attract, Booth, GetReady
from booth.core.visit import SHOWN, Guest, Reply
from booth.door import PIN, TRIES, Door
from booth.drivers import restart
from booth.errors import BoothError
from booth.mistakes import Keeper
from booth.operator.exporting import handing
from booth.operator.exporting import ledger as ledgers
from booth.operator.exporting import writing as handovers
from booth.operator.exporting.outboxes import Gathered
from booth.operator.exporting.visits import Handed
from booth.outbox import lately
from booth.outbox.consents import ConsentTexts, stored
from booth.outbox.deleting import Deletion
from booth.outbox.entry import Entry, Product
from booth.outbox.folders import Folders
from booth.outbox.forgetting import FORGOTTEN, WISH, Forgetting, Stone
from booth.outbox.lately import Lately
from booth.outbox.nights import NIGHTS, Day, Nights
from booth.outbox.scribe import Scribe
from booth.ports import GIF, Uptime
from booth.settings.sources import EVENING
from booth.troubles import Troubles
from booth.units import Instant, Seconds
from lab.disk.cuts import FIRST, HOUSE, NOON, Sync, quiet, scratch, seldom_swept, site
from lab.disk.forgetful import MOST, ForgetfulDisk, Medium, State

CARD, DATA = Path("/card"), Path("/data")
PRIVATE, KEPT, RELEASES, STATE = DATA / "private", DATA / "settings", DATA / "releases", DATA / "state"
SYSTEMD = Path(__file__).resolve().parents[2] / "systemd"

Say = Callable[[str], None]
Said = tuple[str, ...]
"""What was said by then, each thing once."""
Lie = Callable[[Path], bool]


class Machine:
    """The machine that a card is in, as far as it is asked for something."""

    def __init__(self, *, chip: bool = False, key: bytes = b"") -> None:
        self.writable = False
        self._chip = chip
        self._key = key
        self.disk: ForgetfulDisk | None = None

    def mounted(self, folder: Path) -> bool:
        """Say that it is there."""
        return True

    def remount(self, folder: Path, *, writable: bool) -> None:
        """Let the card be written, or no more."""
        self.writable = writable

    def set_hostname(self, name: str) -> None:
        """Do nothing."""

    def make_host_key(self, file: Path) -> None:
        """Write a key, as ssh-keygen does: not durably."""
        if self.disk is not None:
            self.disk.write(file, self._key)

    def seal(self, name: str, secret: bytes) -> bytes | None:
        """Return *secret* backwards, if there is a chip."""
        return b"sealed:" + secret[::-1] if self._chip else None

    def unseal(self, name: str, sealed: bytes) -> bytes:
        """Return what was sealed."""
        if not self._chip:
            raise OSError(EIO, "systemd-creds failed with status 1")
        return sealed.removeprefix(b"sealed:")[::-1]


class Halves:
    """Two disks in one: what is below /card and /data forgets, all else is this machine's memory."""

    def __init__(self, forgetful: ForgetfulDisk) -> None:
        self._forgetful = forgetful
        self._real = disks.RealDisk()

    def __getattr__(self, operation: str) -> Any:
        def done(path: Path, *rest: Any, **more: Any) -> Any:
            half = self._forgetful if path.parts[1] in {"card", "data"} else self._real
            return getattr(half, operation)(path, *rest, **more)

        return done


# ---- what is written


class Writing:
    """Something that is written at each start, beginning with the medium *fresh*."""

    name = ""
    fresh: Medium = ()
    again = True
    """Whether recoveries are cut, too, and theirs, until nothing new comes up."""
    most = MOST
    """As many sets of lost changes are looked at for one cut; of more, a sample."""

    def machine(self, said: Said) -> Machine:
        """Return what it is written by."""
        return Machine()

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Do what a start does."""
        raise NotImplementedError

    def unseen(self, name: str) -> bool:
        """Return whether nobody looks at what is in a folder of that name."""
        return False

    def same(self, medium: Medium) -> Medium:
        """Return *medium* without what nobody looks at."""
        return medium

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say what does not hold of a medium that a cut left when *said* had been said."""
        raise NotImplementedError

    def betrayed(self, freed: Iterable[tuple[Path, bytes]]) -> Iterator[str]:
        """Say what does not hold of what a cut leaves of files that were taken away: each path, and a content."""
        return iter(())


def files(medium: Medium, under: str = "") -> Iterator[tuple[str, bytes | str]]:
    """Return all files and links of a medium, by their paths."""
    for name, held in medium:
        if isinstance(held, bytes | str):
            yield f"{under}/{name}", held
        else:
            yield from files(held, f"{under}/{name}")


class LastGood(Writing):
    """The settings with which the booth was ready, kept by the booth itself."""

    name = "the last good settings"
    _old, _new = b'[event]\nname = "Before"\n', b'[event]\nname = "After"\n'
    fresh: Medium = (("data", (("settings", (("last-good.toml", _old),)),)),)

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Keep them."""
        Keeper(self._new, KEPT / "last-good.toml", disk).keep()
        say("kept")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless it is the old or the new, and when they are kept, the new."""
        there = dict(files(medium)).get("/data/settings/last-good.toml")
        if there not in {self._old, self._new}:
            yield "the last good settings are torn, or gone"
        if "kept" in said and there != self._new:
            yield "kept, and not on the medium"


SETTINGS = (
    b"#" * (BLOCK - 45)
    + b'\n[zenko]\naccess_key_id = "AKIAIOSFODNN7EXAMPLE"\nsecret_access_key = "wJalrXUtnFEMI/K7MDENG"\n'
    + b'[theme]\nlogo = "new.png"\n'
)
"""A key stands across the edge of a block."""
KEYS = {"zenko.access_key_id": b"AKIAIOSFODNN7EXAMPLE", "zenko.secret_access_key": b"wJalrXUtnFEMI/K7MDENG"}


OLD_SETTINGS = b'[theme]\nlogo = "old.png"\n'


class CardsSettings(Writing):
    """The settings of the card, with a picture, and with keys that do not belong there."""

    name = "the settings of the card"
    _pictures: Mapping[str, bytes] = {"old.png": b"the old picture", "new.png": b"the new picture"}
    fresh: Medium = (
        ("card", (("booth.toml", SETTINGS), ("branding", (("new.png", b"the new picture"),)))),
        ("data", ()),
    )

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Hand them on, and keep them."""
        mistakes: list[str] = []
        with scratch() as run:
            card = Card(cast("disks.Disk", Halves(disk)), machine, CARD)
            copied = settings.copy(card, PRIVATE, KEPT, run, mistakes)
            if credentials.take(card, PRIVATE, mistakes, copied.keys) != KEYS:
                say("lost")
            settings.keep_good(card, KEPT, run, lambda *_: ())
        say("kept")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless settings have the picture that they name, and the card no key when all is done."""
        found = dict(files(medium))
        kept = found.get("/data/settings/last-good.toml", b"")
        there = kept if isinstance(kept, bytes) else b""
        picture = re.search(rb'logo = "([a-z.]+)"', there)
        if "lost" in said:
            yield "a key is neither on the card nor in safekeeping"
        if there and (picture is None or not there.endswith(b'"\n')):
            yield "the settings that are kept are torn"
        if picture is not None:
            name = picture[1].decode()
            if found.get(f"/data/settings/branding/{name}") != self._pictures[name]:
                yield "the settings that are kept name a picture that is not there, or torn"
        if "kept" in said:
            if there == b"" or picture is None or picture[1] != b"new.png":
                yield "kept, and not on the medium"
            theirs = found["/card/booth.toml"]
            if isinstance(theirs, str) or any(key in theirs for key in KEYS.values()):
                yield "a key is on the card still"


class NewCardsSettings(CardsSettings):
    """The same, where there are older ones."""

    name = "the settings of the card, where there are older ones"
    fresh: Medium = (
        CardsSettings.fresh[0],
        (
            "data",
            (("settings", (("branding", (("old.png", b"the old picture"),)), ("last-good.toml", OLD_SETTINGS))),),
        ),
    )


WIFI = {"Venue": "correct horse battery", "Büro": 'quo"te#hash'}
SECRETS = (*KEYS.values(), b"correct horse battery", b'quo\\"te#hash', b'quo"te#hash')
_HEAD = '[machine]\ncountry = "FR"\n[[wifi]]\nssid = "Venue"\n'
NETWORK = (
    _HEAD + "#" * (BLOCK - len(_HEAD) - len('\npassword = "corre')) + '\npassword = "correct horse battery"\n'
    '[[wifi]]\nssid = "Büro"\npassword = "quo\\"te#hash"  # of the office\n'
).encode()  # fmt: skip
"""A password stands across the edge of a block."""
KEYS_FILE = (
    "# " + "a long explanation " * 40 + "\n[zenko]\n"
    + "".join(f'{name.partition(".")[2]} = "{key.decode()}"\n' for name, key in KEYS.items())
).encode()  # fmt: skip


class Secrets(Writing):
    """Keys and passwords, taken off the card."""

    name = "keys and passwords"
    keys: Mapping[str, bytes] = KEYS
    fresh: Medium = (("card", (("booth-secrets.toml", KEYS_FILE), ("network.toml", NETWORK))), ("data", ()))

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Take them, and have them be used."""
        mistakes: list[str] = []
        card = Card(disk, machine, CARD)
        keys = credentials.take(card, PRIVATE, mistakes)
        taken = passwords.take(card, PRIVATE, Path("/usr/share/zoneinfo"), mistakes)
        passwords.move(card, PRIVATE, taken, mistakes)
        wifi = {one.ssid: one.password.get_secret_value() for one in taken.network.wifi.values()}
        if keys != self.keys or wifi != WIFI:
            say("lost")
        say("safe")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """They are in use at every start, and when they are safe, the card has none of them."""
        found = dict(files(medium))
        if "lost" in said:
            yield "a key or a password is neither on the card nor in safekeeping"
        if "safe" in said:
            theirs = [held for path, held in found.items() if path.startswith("/card/") and isinstance(held, bytes)]
            if any(secret in held for held in theirs for secret in SECRETS):
                yield "a key or a password is on the card still"
            if {"/card/network.toml"} != {path for path in found if path.startswith("/card/")}:
                yield "the card has other files than it had"

    def betrayed(self, freed: Iterable[tuple[Path, bytes]]) -> Iterator[str]:
        """Say so of a key or a password: it is overwritten on the medium before the name of its file goes."""
        if any(secret in content for path, content in freed if path.is_relative_to(CARD) for secret in SECRETS):
            yield "a key is on the card still, in blocks that no file has"


class SecretsUnsealed(Secrets):
    """The same, where there are older keys that a chip sealed which is not there any more."""

    name = "keys and passwords, a chip is gone"
    fresh: Medium = (
        Secrets.fresh[0],
        ("data", (("private", (("credentials", tuple((f"{name}.sealed", b"sealed:dlo") for name in KEYS)),)),)),
    )


class Passwords(Secrets):
    """The same, where there are no keys: nothing has made a folder for them."""

    name = "passwords, and no keys"
    keys: Mapping[str, bytes] = {}
    fresh: Medium = (("card", (("network.toml", NETWORK),)), ("data", ()))


class Told(Writing):
    """What is wrong, told on the card."""

    name = "what is told on the card"
    _old: bytes | None = None
    _new: bytes | None = b"- booth.toml: is empty\r\n"
    fresh: Medium = (("card", (("start.elf", b"firmware"),)),)

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Tell it."""
        file = CARD / "mistakes.txt"
        there = disk.read(file) if disk.is_file(file) else None
        Card(disk, machine, CARD).tell(file.name, self._new)
        if there != self._new:  # else it had been told before; that it may not be any more, the next start puts right
            say("told")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless it is the old or the new, and when it is told, the new."""
        there = dict(files(medium)).get("/card/mistakes.txt")
        if there not in {self._old, self._new}:
            yield "what is told on the card is torn"
        if "told" in said and there != self._new:
            yield "told, and not on the medium"


class ToldOtherwise(Told):
    """The same, where something else was told before."""

    name = "what is told on the card, after something else"
    _old = b"- network.toml: no network has a name\r\n"
    fresh: Medium = (("card", (("mistakes.txt", _old),)),)


class ToldNoMore(Told):
    """Nothing is wrong any more."""

    name = "what is told no more on the card"
    _old = b"- booth.toml: is empty\r\n"
    _new = None
    fresh: Medium = (("card", (("mistakes.txt", _old),)),)


class HostKey(Writing):
    """The key by which SSH knows the machine."""

    name = "the key of SSH"
    fresh: Medium = (("card", ()), ("data", ()))

    def machine(self, said: Said) -> Machine:
        """Return one that makes another key each time."""
        return Machine(key=b"a key, the %d." % len(said))

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Have one, and let SSH use it."""
        machine.disk = disk
        cards.host_key(Card(disk, machine, CARD), PRIVATE)
        say(disk.read(PRIVATE / "ssh" / "ssh_host_ed25519_key").decode("latin-1"))

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless it is the same for ever."""
        if any(not re.fullmatch(r"a key, the [0-9]\.", key) for key in said):
            yield "the key is torn"
        if len(said) > 1:
            yield "the machine is known by another key than before"


# ---- updates


def release(version: str) -> Medium:
    """Return a release."""
    main = f"booth {version}".encode()
    return (("VERSION", f"{version}\n".encode()), ("site", (("booth", (("__main__.py", main),)),)))


def numbered(version: str) -> Version:
    """Return a version that is one."""
    found = Version.of(version)
    if found is None:
        raise ValueError(version)
    return found


def machine_with(**releases: "Medium | bytes | str") -> Medium:
    """Return the medium of a machine with *releases* beside the one that is built in."""
    there = tuple(sorted((name.lstrip("v").replace("_", "."), held) for name, held in releases.items()))
    return (("built-in", release("1.0")), ("data", (("releases", there),)))


class Opener:
    """Opens a bundle: puts a release on the disk, as unpacking does, and nothing of it is on the medium."""

    def __init__(self, disk: ForgetfulDisk, version: str) -> None:
        self._disk = disk
        self._version = version

    def take(self, bundle: Path, work: Path, keys: Sequence[Path]) -> Bundle:
        """Say what it is."""
        return Bundle(numbered(self._version), "any", "digest")

    def unpack(self, work: Path, release: Path, version: str) -> None:
        """Write the release."""
        for folder in (release, release / "site", release / "site" / "booth"):
            self._disk.mkdir(folder)
        self._disk.write(release / "VERSION", f"{version}\n".encode())
        self._disk.write(release / "site" / "booth" / "__main__.py", f"booth {version}".encode())


@cache
def chosen(releases: Medium, starts: str) -> str:
    """Return which release systemd/choose takes, "built-in" for that; trials have had so many *starts*, "" for theirs.

    What it writes is written to this machine's memory, and is not cut here.
    """
    with scratch() as folder:
        shutil.rmtree(folder / "releases", ignore_errors=True)
        (folder / "chosen").unlink(missing_ok=True)
        _laid_out(folder / "releases", releases, starts)
        (quick := folder / "bin").mkdir(exist_ok=True)
        (quick / "sync").write_text("#!/bin/sh\n")
        (quick / "sync").chmod(0o755)
        subprocess.run(
            [SYSTEMD / "choose"],
            env={
                "PATH": f"{quick}:/usr/bin:/bin", "BOOTH_RELEASES": str(folder / "releases"),
                "BOOTH_BUILT_IN": str(folder / "built-in"), "BOOTH_CHOSEN": str(folder / "chosen"),
                "BOOTH_DISK": "/bin/true",
            },
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        return (folder / "chosen").readlink().name


def _laid_out(folder: Path, medium: Medium, starts: str) -> None:
    folder.mkdir()
    for name, held in medium:
        if isinstance(held, str):
            (folder / name).symlink_to(held)
        elif isinstance(held, bytes):
            (folder / name).write_bytes(starts.encode() if starts and name.endswith(".trial") else held)
        else:
            _laid_out(folder / name, held, "")


class Update(Writing):
    """An update, where a trusted release runs."""

    name = "an update"
    again = False
    most = 200
    version = "1.2"
    before: frozenset[str] = frozenset({"1.1"})
    """What may be started until it is there."""
    back: frozenset[str] = frozenset({"1.1"})
    """What is started again if it is never ready."""
    fresh: Medium = machine_with(v1_1=release("1.1"), current="1.1")

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Install it, unless it is there."""
        try:
            update.install(
                Path("stick.booth"), releases=RELEASES, keys=(), built_in=Path("/built-in"), allow_older=True,
                disk=disk, opener=Opener(disk, self.version),
            )  # fmt: skip
        except UpdateError as exc:
            if "is what runs already" not in str(exc):
                raise
        else:
            say("noted")
        say("installed")

    def unseen(self, name: str) -> bool:
        """Say so of the folder of an update that goes on: what is in it is deleted unseen."""
        return name.startswith(".incoming-")

    def same(self, medium: Medium) -> Medium:
        """Leave out what is in such a folder, and what chance has called it."""
        return tuple(
            ((".incoming-0", ()) if self.unseen(name) else (name, self.same(held)))
            if isinstance(held, tuple)
            else (name, held)
            for name, held in medium
        )

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless a whole release is started, the old one or the new one, and there is a way back."""
        releases = _below(_below(medium, "data"), "releases")
        links = {name: held for name, held in releases if isinstance(held, str) and not name.endswith(".part")}
        looked_at = {*links, *links.values(), *(f"{version}.trial" for version in links.values())}
        seen = tuple((name, held) for name, held in releases if name in looked_at)
        allowed = {self.version} if "installed" in said else {self.version, *self.before}
        started, again = chosen(seen, ""), chosen(seen, "2\n")
        if started not in allowed:
            yield "another release is started than the old one or the new one"
        if started == self.version and again not in self.back | {self.version}:
            yield "the way back from a release that is never ready leads elsewhere"
        if started == self.version and f"{self.version}.trial" not in dict(seen) and self.version not in self.before:
            yield "the new release is trusted before it was ready"
        for name in {started, again} - {"built-in"}:
            if dict(_below(seen, name)).get("site") != release(name)[-1][-1]:
                yield "a release is started that is not whole"
        noted = dict(releases).get("installed.json", b"")
        ledger = Ledger.of(noted if isinstance(noted, bytes) else b"")
        if noted and ledger == Ledger():
            yield "the ledger is torn"
        if noted and dict(links).get("current") != self.version:
            yield "the update is known as one that was taken back, and was never there"
        if "noted" in said and (ledger.digests != ("digest",) or (ledger.newest or numbered("0")) < self._newest):
            yield "installed, and not noted"

    @property
    def _newest(self) -> Version:
        return max(numbered(version) for version in {self.version, *self.before} - {"built-in"})


def _below(medium: Medium, name: str) -> Medium:
    """Return what is in a folder of a medium; nothing if there is none."""
    held = dict(medium).get(name)
    return held if isinstance(held, tuple) else ()


class UpdateTakenBack(Update):
    """An older release by hand, where the one that runs is on trial and would go back to it."""

    name = "an update to what the way back leads to"
    before = frozenset({"1.3"})
    back = frozenset({"built-in"})
    fresh: Medium = machine_with(
        v1_2=release("1.2"), v1_3=release("1.3"), v1_3_trial=b"1\n", current="1.3", previous="1.2"
    )


class UpdateAgain(Update):
    """The same release once more, which was never ready and was gone back from."""

    name = "an update to what was taken back"
    fresh: Medium = machine_with(v1_1=release("1.1"), v1_2=release("1.2"), v1_2_trial=b"2\n", current="1.1")


class UpdateOfTorn(Update):
    """An update to the release that runs, whose version cannot be read."""

    name = "an update to what is there, and not as it should be"
    before = frozenset({"1.2", "built-in"})
    back = frozenset({"built-in"})
    fresh: Medium = machine_with(v1_2=(("VERSION", b"\xff"), release("1.2")[1]), current="1.2")


class FirstUpdate(Update):
    """The first update of a machine: there is no folder of releases yet."""

    name = "the first update"
    before: frozenset[str] = frozenset({"built-in"})
    back: frozenset[str] = frozenset({"built-in"})
    fresh: Medium = (("built-in", release("1.0")), ("data", ()))


class CameraHeld(Writing):
    """A booth that ends because it cannot have its camera; the third in a row asks for the machine to be restarted."""

    name = "a camera that nobody can have"
    fresh: Medium = (("data", (("state", ((restart.COUNTED, b'{"boot": "1", "booths": 1, "restarted": false}'),)),)),)

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Count one more."""
        before = json.loads(disk.read(STATE / restart.COUNTED))
        restart.Restart(STATE, partial(Uptime, "1", Seconds(60.0)), wanted=True, disk=disk).camera_held()
        if not before["restarted"]:
            say(f"counted {before['booths'] + 1}")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless all that were counted are on the medium, and a restart is remembered that is asked for."""
        found = dict(files(medium))
        try:
            count = json.loads(found[f"{STATE}/{restart.COUNTED}"])
        except (LookupError, ValueError):
            yield "the count is torn, or gone"
            return
        if any(int(fact.removeprefix("counted ")) > count["booths"] for fact in said if fact.startswith("counted ")):
            yield "counted, and not on the medium"
        if f"{STATE}/{restart.ASKED}" in found and not count["restarted"]:
            yield "the machine would be restarted again"


class CameraHad(Writing):
    """A booth that has its camera, after one that the machine was restarted for."""

    name = "a camera that could be had again"
    fresh: Medium = (("data", (("state", ((restart.COUNTED, b'{"boot": "1", "booths": 3, "restarted": true}'),)),)),)

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Forget what was counted."""
        restart.Restart(STATE, partial(Uptime, "2", Seconds(60.0)), wanted=True, disk=disk).camera_opened()
        say("forgotten")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless it is forgotten."""
        if "forgotten" in said and f"{STATE}/{restart.COUNTED}" in dict(files(medium)):
            yield "the next camera that is held would not have the machine restarted"


class NightsKept(Writing):
    """What became of visits: one is counted at each start, until there are enough."""

    name = "the record of a night"
    fresh: Medium = (("data", (("outbox", ()),)),)
    _file = f"/data/outbox/{NIGHTS}/2026-11-22.json"
    _most = 2

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Begin one, and keep that."""
        record = Scribe(Nights(DATA / "outbox", disk), event="Party", wall=lambda: NOON)
        begun = record.today().events.get("Party", Night())[Counted.BEGUN]
        if begun < self._most:
            record.stepped(Booth(Attract()), Pressed(Instant(0.0), FIRST), Booth(GetReady(FIRST, Instant(1.0))))
            record.keep()
            say(f"counted {begun + 1}")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless all visits that were counted are on the medium, and none that was not."""
        there = dict(files(medium)).get(self._file, b"")
        counted = max((int(fact.removeprefix("counted ")) for fact in said), default=0)
        try:
            page = Day.read(there) if isinstance(there, bytes) and there else Day()
        except ValueError:
            yield "the record is torn"
            return
        begun = page.events.get("Party", Night())[Counted.BEGUN]
        if begun < counted:
            yield "counted, and not on the medium"
        if begun > self._most:
            yield "counted twice"


class TroublesKept(Writing):
    """What went wrong last: another trouble at each start, until there are enough."""

    name = "what went wrong last"
    fresh: Medium = (("data", (("outbox", ()),)),)
    _file = f"/data/outbox/{NIGHTS}/{lately.FILE}"
    _most = 2

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Have something go wrong, and keep that."""
        troubles = Troubles()
        keeping = Lately(DATA / "outbox", disk, troubles, lambda: Instant(0.0))
        keeping.keep()
        known = len(troubles.last())
        if known < self._most:
            troubles.note("part.lost", {"why": str(known)}, NOON)
            keeping.keep()
            say(f"kept {known + 1}")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless whatever was kept is on the medium, and in its order."""
        disk = ForgetfulDisk(medium)
        there = [trouble.why for trouble in lately.read(disk, DATA / "outbox")]
        kept = max((int(fact.removeprefix("kept ")) for fact in said), default=0)
        if len(there) < kept:
            yield "kept, and not on the medium"
        if there != [str(number) for number in range(len(there))]:
            yield "an earlier booth's was written over"


class TextKept(Writing):
    """What a guest read before agreeing: on the medium before anything says so, also if a killed booth wrote it."""

    name = "what a guest agreed to"
    fresh: Medium = (("data", (("outbox", ()),)),)
    _text = "You may show my picture."

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Have a guest agree."""
        texts = ConsentTexts(Folders(DATA / "outbox", disk, lambda: NOON), {(SHOWN.id, "en"): self._text})
        texts.records(Guest("", "", answers=(Reply(SHOWN, agreed=True),)), 0)
        say("agreed")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless it is there as it was read, if anybody agreed; and whole, or not at all."""
        there = list(stored(ForgetfulDisk(medium), DATA / "outbox").values())
        if "agreed" in said and there != [self._text]:
            yield "somebody agreed, and nobody knows to what"
        if any(path.endswith(".txt") and held != self._text.encode() for path, held in files(medium)):
            yield "half a text is kept"


class VisitForgotten(Writing):
    """A visit that waits to be sent, and that its guest wishes to be forgotten."""

    name = "a visit that is forgotten"
    _key = "party/a.gif"
    _entry = Entry(FIRST, {"name": "Zoe"}, (Product(GIF.file, GIF.media_type, _key, 1, "0" * 32),)).written()
    _visit: Medium = ((GIF.file, b"GIF"), ("entry.json", _entry), ("guest.json", b"Zoe"))
    fresh: Medium = (
        (
            "data",
            (
                (
                    "outbox",
                    (
                        (f"{WISH}{FIRST}", b""),
                        *((place, ()) for place in ("failed", "open")),
                        (
                            "pending",
                            ((str(FIRST), ((GIF.file, b"GIF"), ("entry.json", _entry), ("guest.json", b"Zoe"))),),
                        ),
                        ("sent", ()),
                    ),
                ),
            ),
        ),
    )

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Finish what a cut interrupted, and grant the wish at two looks."""
        folders, turns = Folders(DATA / "outbox", disk, lambda: NOON), threading.Lock()
        deleting = Deletion(
            folders, keep_days=30.0, uptime=lambda: Uptime("", Seconds(0.0)), time_known=lambda: False, turns=turns
        )
        forgetting = Forgetting(folders, deleting, turns, threading.Lock())
        forgetting.recall()
        cut = disk.names(DATA / "outbox" / "sent")
        deleting.finish_deleting()
        if cut:
            say("finished")
        for _ in range(2):
            forgetting.grant(lambda _: False)
        say("forgotten")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless there is either all of the visit, to be sent, or a stone, and when it is forgotten, no more."""
        found = dict(files(medium))
        where = f"/data/outbox/pending/{FIRST}/"
        left = {path.removeprefix(where) for path in found if path.startswith(where)}
        theirs = [path for path in found if str(FIRST) in path and "/forgotten/" not in path and WISH not in path]
        stone = found.get(f"/data/outbox/{FORGOTTEN}/{FIRST}.json", b"")
        try:
            stands = isinstance(stone, bytes) and Stone.read(stone).keys == (self._key,)
        except ValueError:
            stands = False
        if left not in (set(), {GIF.file, "entry.json", "guest.json"}):
            yield "half a visit is to be sent"
        if not left and not stands:
            yield "it went before its stone stood"
        if "finished" in said and theirs:
            yield "deleted at the start, and on the medium"
        if "forgotten" in said and theirs:
            yield "forgotten, and on the medium"


OPERATOR = STATE / "operator"
RIGHT, WRONG = "271828", "314159"


def door(disk: "ForgetfulDisk | None" = None) -> Door:
    """Return the door to the operator's screen, with a hash that costs nothing: it is on a disk that forgets."""
    up = Uptime("1", Seconds(60.0))
    return Door(OPERATOR, disk or ForgetfulDisk(), lambda: up, salt=bytes, cost=2)


def behind_a_pin(*beside: tuple[str, bytes]) -> Medium:
    """Return a machine whose operator's screen has a PIN, and what is *beside* that."""
    disk = ForgetfulDisk((("data", (("state", ()),)),))
    door(disk).lock(RIGHT)
    pin = disk.read(OPERATOR / PIN)
    return (("data", (("state", (("operator", ((PIN, pin), *beside)),)),)),)


class PinSet(Writing):
    """A PIN that is set for the first time, or the booth has forgotten; whoever was wrong before may try again."""

    name = "a PIN that is set"
    fresh: Medium = (("data", (("state", (("operator", ((TRIES, b'{"wrong": 9, "boot": "1", "at": 5.0}'),)),)),)),)

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Set it."""
        door(disk).lock(RIGHT)
        say("set")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless it is there when that was said, and whole if it is there."""
        found = dict(files(medium))
        whole = dict(files(behind_a_pin()))[f"{OPERATOR}/{PIN}"]
        there = found.get(f"{OPERATOR}/{PIN}")
        if there is not None and there != whole:
            yield "the PIN is torn"
        if "set" in said and there is None:
            yield "set, and not on the medium"
        if "set" in said and f"{OPERATOR}/{TRIES}" in found:
            yield "set, and whoever set it is shut out"


class FirstPin(PinSet):
    """The same on a booth that has no folder for it yet."""

    name = "the first PIN"
    fresh: Medium = (("data", (("state", ()),)),)


class PinGone(Writing):
    """A PIN that is taken away."""

    name = "a PIN that is taken away"
    fresh: Medium = behind_a_pin()

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Take it away."""
        door(disk).wall_up()
        say("gone")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless there is no way in any more."""
        if "gone" in said and f"{OPERATOR}/{PIN}" in dict(files(medium)):
            yield "taken away, and on the medium"


class PinWrong(Writing):
    """Somebody who does not know the PIN: a try at each start."""

    name = "a PIN that is guessed"
    fresh: Medium = behind_a_pin()

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Try another one."""
        try:
            before = int(json.loads(disk.read(OPERATOR / TRIES))["wrong"])
        except FileNotFoundError:
            before = 0
        if before < 2:
            door(disk).knock(WRONG)
            say(f"refused {before + 1}")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless every try is counted that was answered."""
        told = dict(files(medium)).get(f"{OPERATOR}/{TRIES}", b'{"wrong": 0}')
        try:
            counted = int(json.loads(told)["wrong"])
        except (ValueError, LookupError):
            yield "the count is torn"
            return
        if any(int(fact.removeprefix("refused ")) > counted for fact in said):
            yield "a try was answered that is not counted"


class PinRight(Writing):
    """Somebody who knows the PIN, after wrong tries."""

    name = "a PIN that is right"
    fresh: Medium = behind_a_pin((TRIES, b'{"wrong": 3, "boot": "1", "at": 5.0}'))

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Come in, if there is something to forget."""
        if disk.exists(OPERATOR / TRIES) and door(disk).knock(RIGHT).right:
            say("let in")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless what was wrong is forgotten, for whoever was let in."""
        if "let in" in said and f"{OPERATOR}/{TRIES}" in dict(files(medium)):
            yield "let in, and not forgotten"


PAUSED = Dial(Knob.PAUSED, (False, True), filed=False, value=True)
LOUD = Dial(Knob.VOLUME, (50, 100), filed=50, value=100)


class EveningChanged(Writing):
    """What an operator changes on the booth's screen: a pause, and then how loud it is, too."""

    name = "what an operator has changed"
    fresh: Medium = (("data", (("state", ()),)),)
    _file = f"{OPERATOR}/{EVENING}"

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Change one, and then the other."""
        for dials in ((PAUSED,), (PAUSED, LOUD)):
            evening.keep(disk, OPERATOR, dials)
            say(f"kept {len(dials)}")

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless what was kept is on the medium, and whole."""
        there = dict(files(medium)).get(self._file, b"")
        text = there.decode() if isinstance(there, bytes) else ""
        if there and not text.endswith(("paused = true\n", "volume = 100\n")):
            yield "what was changed is torn"
        if said and not text.count("paused = true\n"):
            yield "kept, and not on the medium"


class HandedOver(Writing):
    """A visit that is handed over into a new folder, with one page for all."""

    name = "a hand-over"
    fresh: Medium = (("data", ()),)
    again = False
    _gif = b"GIF89a of somebody"
    _kept = Handed(
        "20261122-170512-aaaaaaaaaa", "Ball", "left", "2026-11-22T17:05:12Z", "a.gif", len(_gif),
        hashlib.md5(_gif, usedforsecurity=False).hexdigest(), 0, given=True, name="Zoe", email="z@example.org",
    )  # fmt: skip
    _forgotten: frozenset[str] = frozenset()

    def live(self, disk: ForgetfulDisk, machine: Machine, say: Say) -> None:
        """Hand it over, or go on with that."""
        source = Gathered([self._kept], {self._kept.session: lambda: self._gif}, forgotten=set(self._forgotten))
        over = handing.over("Ball", [source], handovers.before(disk, DATA / "ball"))
        done = handovers.write(disk, DATA / "ball", over.ledger, over.pictures, self._pages)
        say("missing" if done.missing else "handed over")

    def _pages(self, there: Mapping[str, bytes]) -> Mapping[str, bytes]:
        return {"gallery/index.html": f"{sorted(there)}\n".encode()}

    def broken(self, medium: Medium, said: Said) -> Iterator[str]:
        """Say unless each file with a final name is whole, and known; and when it is done, all are there."""
        found = {
            path.removeprefix("/data/ball/"): held
            for path, held in files(medium)
            if isinstance(held, bytes) and not path.endswith(disks.PART)
        }
        try:
            known = ledgers.Inventory.read(found["visits.json"]).files if "visits.json" in found else frozenset()
        except BoothError:
            yield "the ledger is torn"
            return
        for path, held in found.items():
            if path.endswith(".gif") and (held not in {self._gif, b"GIF89a old"} or path not in known):
                yield "a picture is torn, or unknown to the next run"
            if path.endswith((".csv", ".txt", ".html", "SHA256SUMS")) and not (
                held.endswith(b"\n") and held.count(b"\n")
            ):
                yield "a page is torn"
        if "handed over" in said:
            lines = found.get("SHA256SUMS", b"").decode().splitlines()
            sums = {path: hashlib.sha256(held).hexdigest() for path, held in found.items() if path != "SHA256SUMS"}
            if (
                not sums
                or sums != {line[66:]: line[:64] for line in lines}
                or known != {path for path in sums if ".gif" in path}
            ):
                yield "handed over, and not on the medium"


class HandedOverAgain(HandedOver):
    """The same, where there is an earlier one, with the picture of a guest who is forgotten since."""

    name = "a hand-over, after an earlier one"
    _forgotten = frozenset({"20261122-160000-oooooooooo"})
    _old = "gifs/2026-11-22_16-00-00_oooooo.gif"
    fresh: Medium = (
        (
            "data",
            (
                (
                    "ball",
                    (
                        ("gifs", ((_old.removeprefix("gifs/"), b"GIF89a old"),)),
                        ("visits.json", ledgers.Inventory("Ball", files=frozenset({_old})).written()),
                    ),
                ),
            ),
        ),
    )


WRITINGS: tuple[Writing, ...] = tuple(
    kind()
    for kind in (
        LastGood, CardsSettings, NewCardsSettings, Secrets, SecretsUnsealed, Passwords, Told, ToldOtherwise, ToldNoMore,
        HostKey, Update, UpdateTakenBack, UpdateAgain, UpdateOfTorn, FirstUpdate, CameraHeld, CameraHad, TextKept,
        NightsKept, TroublesKept, VisitForgotten, PinSet, FirstPin, PinGone, PinWrong, PinRight, EveningChanged,
        HandedOver, HandedOverAgain,
    )
)  # fmt: skip


# ---- the proof


class Killed(BaseException):
    """The booth is no more. No error that anybody could catch."""


class Missed(BaseException):
    """Something does not hold, and one such thing is enough. No error that the booth could catch."""


@dataclass
class Proof:
    """One writing, cut everywhere, and everywhere again, until nothing new comes up."""

    writing: Writing
    lie: Lie = lambda _: False
    skip: Lie = lambda _: False
    enough: bool = False
    """Whether one thing that does not hold is enough."""
    cuts: int = 0
    kills: int = 0
    sampled: int = 0
    broken: dict[str, Said] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seen: set[tuple[Medium, Said]] = set()
        self.left: dict[tuple[State, Said], bool] = {}
        """The states of a disk whose every survivor was met, with what was said by then, and whether these were all."""
        self._waiting: list[tuple[Medium, Said]] = []

    def run(self) -> "Proof":
        """Cut the power at every moment, and kill the booth at every moment of its first start."""
        with quiet(), seldom_swept():
            try:
                self._meet(self.writing.fresh, ())
                while self._waiting:
                    self._start(*self._waiting.pop(0))
                for moment in count():
                    if not self._killed(moment):
                        break
                    while self._waiting:
                        self._start(*self._waiting.pop(0))
            except Missed:
                pass
        return self

    def _meet(self, medium: Medium, said: Said) -> None:
        state = self.writing.same(medium), said
        if state in self.seen:
            return
        self.seen.add(state)
        self._waiting.append(state)
        self.hold(self.writing.broken(*state), said)

    def hold(self, broken: Iterable[str], said: Said) -> None:
        """Take down what does not hold."""
        for what in broken:
            self.broken.setdefault(what, said)
            if self.enough:
                raise Missed

    def _start(self, medium: Medium, said: Said) -> None:
        life = _Start(self, medium, said)
        if self.writing.again or (medium, said) == (self.writing.fresh, ()):
            life.watch = life.cut
        life.live()
        life.end()

    def _killed(self, moment: int) -> bool:
        """Kill the booth at *moment* of its first start, and start again on what it had written; False if it ended."""
        life = _Start(self, self.writing.fresh, ())
        left = iter(range(moment, -1, -1))

        def pass_by() -> None:
            if next(left) == 0:
                life.dead = True
                raise Killed

        life.watch = pass_by
        try:
            life.live()
        except Killed:
            self.kills += 1
            life.dead, life.watch = False, life.cut
            life.disk.hand_on(life.moment)
            life.live()
            return True
        return False


class _Start:
    """One start of the machine, on one medium."""

    def __init__(self, proof: Proof, medium: Medium, said: Said) -> None:
        self.proof, self.said, self.dead = proof, said, False
        self.watch: Callable[[], None] = lambda: None
        self.disk = ForgetfulDisk(medium, watch=self.moment, refuse=self._refuse, lie=proof.lie, skip=proof.skip)
        self._machine = Machine()

    def live(self) -> None:
        self._machine = self.proof.writing.machine(self.said)
        try:
            self.proof.writing.live(self.disk, self._machine, self._say)
        except (OSError, UpdateError) as exc:
            self._say(f"failed: {type(exc).__name__}")
            self.proof.hold([f"it fails: {exc}"], self.said)

    def end(self) -> None:
        """See that what has come of it is as it should be, and is not started from again."""
        writing = self.proof.writing
        self.proof.hold(writing.broken(writing.same(self.disk.medium()), self.said), self.said)

    def moment(self) -> None:
        self.watch()

    def cut(self) -> None:
        self.proof.cuts += 1
        self.proof.hold(self.proof.writing.betrayed(self.disk.freed()), self.said)
        state = self.disk.state(), self.said
        if state not in self.proof.left:
            survivors = self.disk.survivors(self.proof.writing.most, self.proof.writing.unseen)
            for medium in survivors.media:
                self.proof._meet(medium, self.said)  # noqa: SLF001  the same thing, for one start
            self.proof.left[state] = survivors.whole
        self.proof.sampled += not self.proof.left[state]

    def _say(self, fact: str) -> None:
        if fact not in self.said:
            self.said = (*self.said, fact)
        self.watch()

    def _refuse(self, _: ForgetfulDisk, operation: str, path: Path) -> int | None:
        if self.dead:
            raise Killed
        sync = operation in {"sync", "sync_folder"}  # which are no matter of what may be written
        return EROFS if path.is_relative_to(CARD) and not (self._machine.writable or sync) else None


# ---- the other way round


def caller() -> str:
    """Return which functions of the booth lead here."""
    frame = sys._getframe()  # noqa: SLF001  the only way to look at one's callers
    names: list[str] = []
    while (back := frame.f_back) is not None:
        frame = back
        where = frame.f_code.co_filename
        if where.startswith(HOUSE) and not where.startswith(f"{HOUSE}sim/"):
            names.insert(0, frame.f_code.co_name.lstrip("_"))
    return " > ".join(dict.fromkeys(names))


def here(path: Path, *, rename: bool = False) -> Sync:
    """Return the sync of *path*, or the *rename* to it, that goes on now."""
    return Sync(caller(), named(path), site(), rename)


def named(path: Path) -> str:
    """Return what a sync or a rename is of, the same every time."""
    return re.sub(r"\.incoming-[0-9a-f]+", ".incoming-ID", str(path)).lstrip("/") or "all"


@cache
def noted(writing: Writing) -> tuple[Proof, tuple[Sync, ...]]:
    """Return the proof of *writing*, and all syncs and renames that it comes by."""
    found: dict[Sync, None] = {}

    def note(path: Path, *, rename: bool = False) -> bool:
        found[here(path, rename=rename)] = None
        return False

    return Proof(writing, note, partial(note, rename=True)).run(), tuple(found)


def syncs(writings: Sequence[Writing] = WRITINGS) -> dict[Sync, list[Writing]]:
    """Return all syncs and renames of *writings*, and which of these come by there."""
    found: dict[Sync, list[Writing]] = {}
    for writing in writings:
        for sync in noted(writing)[1]:
            found.setdefault(sync, []).append(writing)
    return found


def missed(sync: Sync, writings: Iterable[Writing]) -> str | None:
    """Return what does not hold without *sync*; None if all does."""

    def lies(path: Path) -> bool:  # who asks is looked for last: that takes the time
        return not sync.rename and sync.what == named(path) and sync == here(path)

    def skips(path: Path) -> bool:
        return sync.rename and sync.what == named(path) and sync == here(path, rename=True)

    for writing in writings:
        proof = Proof(writing, lies, skips, enough=True).run()
        for what in proof.broken:
            return what
    return None


def report() -> bool:
    """Print what was done and found; return whether all is well."""
    well = True
    for writing in WRITINGS:
        proof, _ = noted(writing)
        well = well and not proof.broken and not (proof.sampled and writing.again)
        print(
            f"{writing.name:52}{proof.cuts:7}{proof.kills:5}{len(proof.seen):7}  {json.dumps(proof.broken)}", flush=True
        )
    for sync, writings in syncs().items():
        what = missed(sync, writings)
        well = well and what is not None
        print(sync.row(what or "NOTHING IS AMISS"), flush=True)
    return well


if __name__ == "__main__":
    sys.exit(0 if report() else 1)
