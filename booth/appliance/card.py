"""``python3 -m booth.appliance.card``: at each start, have the machine be what its card says. Run as root.

The law: nothing here can keep the booth from starting. Each step is done whatever became of the others, and what is
wrong is told in words: in the journal, and in ``/run/booth-card/mistakes.txt`` for the booth's screen. No secret is in
either.
"""

import os
import re
import signal
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from booth.appliance import credentials, settings
from booth.appliance.machine import Machine, RealMachine
from booth.appliance.medium import Card, TextError, hand
from booth.appliance.strays import MISTAKES, strays
from booth.disk import Disk, RealDisk, beside, make_folder, take_name
from booth.reading import shown

CARD, DATA, RUN = Path("boot/firmware"), Path("data"), Path("run")
UPDATES = "update.pub"
"""Name of the card's file with the key whose updates the booth takes, in minisign's form."""

LONGEST = 400
"""Characters of a line that is told."""
MOST = 60
"""Lines that are told."""


def main() -> int:
    """Do it to this machine; return 0, for the booth is started whatever happened here."""
    # Whoever loses patience with us leaves time to make the card read-only again.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    listening = os.environ.get("BOOTH_MOUNTER")
    mounter = Path(listening) if listening else None
    for mistake in follow(Path("/"), RealMachine(mounter=mounter), RealDisk()):
        sys.stderr.write(f"card: {mistake}\n")
    return 0


def follow(root: Path, machine: Machine, disk: Disk) -> list[str]:
    """Have the machine at *root* be what its card says; return what is wrong with that, a line for each mistake."""
    mistakes: list[str] = []
    card = Card(disk, machine, root / CARD)
    run = root / RUN / "booth-card"
    run.mkdir(mode=0o755, parents=True, exist_ok=True)
    run.chmod(0o755)
    data = root / DATA if machine.mounted(root / DATA) else None
    private = data / "private" if data else None
    if data is None:
        mistakes.append("the third partition of the card could not be reached: nothing can be kept, visits neither")
    if not machine.mounted(root / CARD):
        mistakes.append("the first partition of the card could not be reached: what it said before is used")
    copied = settings.Copied(theirs=False)

    with _failing_alone("the settings", mistakes):
        copied = settings.copy(card, private, data / "settings" if data else None, run, mistakes)
    with _failing_alone("the keys", mistakes):
        credentials.hand_out(credentials.take(card, private, mistakes, copied.keys), root / RUN / "credstore")
    with _failing_alone("the key of updates", mistakes):
        _there_or_not(run / UPDATES, _trusted(card, mistakes), 0o644)
    with _failing_alone("the network", mistakes):
        _connect(card, private, root, mistakes)
    with _failing_alone("other files", mistakes):
        mistakes += strays(card)
    # Before what takes long, so that it is there also if that is cut short.
    told = _tell(mistakes, run)
    judged: Sequence[str] = ()
    if copied.theirs and data:
        with _failing_alone("the last good settings", mistakes):
            judged = settings.keep_good(card, data / "settings", run)
        told = _tell(mistakes, run)
    if machine.mounted(root / CARD):
        with _failing_alone(f"{MISTAKES} on the card", []):  # the booth's screen and the journal have it all the same
            # The screen has what the booth itself finds in its settings; whoever has the card at home has this file.
            card.tell(MISTAKES, _for_the_owner(_lines([*mistakes, *judged])))
    return told


def _for_the_owner(lines: Iterable[str]) -> bytes | None:
    """Return what is told of the card on the card itself, so that Windows' Notepad shows it, too."""
    listed = [f"- {line}" for line in lines]
    if not listed:
        return None
    head = "What the booth found on this card when it was last switched on, and what to do:"
    return "".join(f"{line}\r\n" for line in [head, "", *listed]).encode("utf-8-sig")


def _lines(mistakes: Iterable[str]) -> list[str]:
    """Return a line for each mistake.

    What people wrote, and how they called files, may hold anything: nothing of it breaks a line, moves a cursor or
    cannot be written.
    """
    lines = [shown(mistake, LONGEST) for mistake in mistakes]
    if len(lines) > MOST:
        lines = [*lines[: MOST - 1], f"and {len(lines) - MOST + 1} more: mend these first"]
    return lines


def _tell(mistakes: Iterable[str], run: Path) -> list[str]:
    """Write the mistakes where the booth's screen finds them, a line each; return the lines."""
    lines = _lines(mistakes)
    hand(run / MISTAKES, "".join(f"{line}\n" for line in lines).encode(), 0o644)
    return lines


def _trusted(card: Card, mistakes: list[str]) -> bytes | None:
    """Return the key of those whose updates are taken, if it is on the card."""
    try:
        text = card.text(UPDATES)
    except TextError as exc:
        mistakes.append(f"{UPDATES}: {exc}; no update is taken by it")
        return None
    if text is None:
        return None
    key = re.search(r"^RW[A-Za-z0-9+/]{54}\s*$", text.text, re.MULTILINE)
    if key is None:
        mistakes.append(f"{UPDATES}: is not a public key: it is the file minisign.pub that minisign -G makes")
        return None
    return f"untrusted comment: from the card\n{key[0].strip()}\n".encode()


def _connect(card: Card, private: Path | None, root: Path, mistakes: list[str]) -> None:
    from booth.appliance import network, passwords

    run = root / RUN / "booth-card"
    taken = passwords.take(card, private, root / "usr/share/zoneinfo", mistakes)
    wanted = taken.network
    with _failing_alone("the host name", mistakes):
        if wanted.machine.hostname:
            card.machine.set_hostname(wanted.machine.hostname)
    with _failing_alone("the time zone", mistakes):
        zone = Path("/usr/share/zoneinfo") / (wanted.machine.timezone or "Etc/UTC")
        (aside := run / "localtime.part").unlink(missing_ok=True)
        aside.symlink_to(zone)
        aside.rename(run / "localtime")
    with _failing_alone("Wi-Fi", mistakes):
        wpa = network.wpa_supplicant(wanted).encode() if wanted.wifi else None
        _there_or_not(run / "wpa_supplicant-wlan0.conf", wpa, 0o600)
        passwords.move(card, private, taken, mistakes)
    with _failing_alone("the cable", mistakes):
        networkd = root / RUN / "systemd/network"
        networkd.mkdir(mode=0o755, parents=True, exist_ok=True)
        _there_or_not(networkd / "10-booth.network", network.networkd(wanted.ethernet).encode() or None, 0o644)
    with _failing_alone("SSH", mistakes):
        keys = wanted.ssh.authorized_keys
        if keys and not host_key(card, private):
            mistakes.append("SSH: stays off: the third partition of the card could not be reached")
            keys = ()
        _there_or_not(run / "authorized_keys", "".join(f"{key}\n" for key in keys).encode() if keys else None, 0o644)


def host_key(card: Card, private: Path | None) -> bool:
    """Have a key by which SSH knows this machine, the same one for ever; return whether there is one."""
    if private is None:
        return False
    file = private / "ssh" / "ssh_host_ed25519_key"
    if not card.disk.is_file(file):
        make_folder(card.disk, private)
        make_folder(card.disk, file.parent)
        card.machine.make_host_key(beside(file))
        take_name(card.disk, beside(file), file)
    else:
        # Whoever made it may have been killed before it was on the medium, and it is about to be used.
        card.disk.sync_folder(file.parent)
    return True


def _there_or_not(file: Path, content: bytes | None, mode: int) -> None:
    if content is None:
        file.unlink(missing_ok=True)
    else:
        hand(file, content, mode)


@contextmanager
def _failing_alone(what: str, mistakes: list[str]) -> Iterator[None]:
    """Let what fails inside be told, and end there: the rest goes on."""
    try:
        yield
    except OSError as exc:
        mistakes.append(
            f"{what}: {exc.strerror or type(exc).__name__}" + (f" ({exc.filename})" if exc.filename else "")
        )
    except Exception as exc:  # noqa: BLE001 - a fault in one step must not take the others, and the booth, with it
        # Not what it says: that could be anything that is on the card.
        *_, last = traceback.extract_tb(exc.__traceback__)
        mistakes.append(f"{what}: a fault of the booth's own: {type(exc).__name__} in {last.name}, line {last.lineno}")


if __name__ == "__main__":
    sys.exit(main())
