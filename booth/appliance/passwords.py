"""Wi-Fi passwords: from ``network.toml`` on the card to safekeeping, and back into what it says at each start.

The law is that of all secrets: a password is on the card or in safekeeping at every moment, and once it is safe, the
card has ``(moved)`` in its place, and every other character as it was.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Any

from booth.appliance.medium import Card, Text, TextError, parse
from booth.appliance.network import MOVED, Network, judge
from booth.appliance.quoted import Place, places_of_passwords, replaced
from booth.disk import keep, make_folder

FILE = "network.toml"

_Table = Mapping[str, Any]


@dataclass(frozen=True)
class Taken:
    """What the file says, with the passwords in their places."""

    network: Network
    owners: Text | None = None
    """The file of the card; None if that cannot be used."""
    safe: bool = False
    """Whether all of it is in safekeeping."""


def take(card: Card, private: Path | None, zones: Path, mistakes: list[str]) -> Taken:
    """Return what the card says, with the passwords that were moved off it, and keep it below *private*.

    If the card says nothing that can be used, it is what it said last. What is wrong is added to *mistakes*.
    """
    kept = _kept(card, private, mistakes)
    try:
        if private is not None:
            card.resume(private / "moving")
        owners = card.text(FILE)
        if owners is None or not owners.text.strip():
            raise TextError("is empty, or not there: take the one that came on the card")
        written = parse(owners.text)
    except (TextError, OSError) as exc:
        words = exc.strerror if isinstance(exc, OSError) else str(exc)
        mistakes.append(f"{FILE}: {words}" + ("; what it said before is used until then" if kept else ""))
        network, _ = judge(parse(kept), zones)
        return Taken(network)
    filled = _filled(owners.text, written, _passwords(parse(kept)))
    network, wrong = judge(parse(filled), zones)
    mistakes += (f"{FILE}: {words}" for words in wrong)
    safe = False
    if private is not None:
        try:
            make_folder(card.disk, private)
            keep(card.disk, private / FILE, filled.encode())
            safe = True
        except OSError as exc:
            mistakes.append(f"{FILE}: could not be kept ({exc.strerror}): the next start tries again")
    return Taken(network, owners, safe)


def move(card: Card, private: Path | None, taken: Taken, mistakes: list[str]) -> None:
    """Put ``(moved)`` in place of the passwords on the card, if they are right and safe; once they are in use."""
    if taken.owners is None:
        return
    owners, written = taken.owners, parse(taken.owners.text)
    secrets = {
        index: wifi.password.get_secret_value()
        for index, wifi in taken.network.wifi.items()
        if wifi.password.get_secret_value() and _entries(written)[index]["password"] != MOVED
    }
    if not secrets:
        return
    if private is None or not taken.safe:
        mistakes.append(f"{FILE}: the passwords are used, and stay on the card: its third partition could not be used")
        return
    places = _places(owners.text)
    new: dict[Place, str] = {}
    wanted = deepcopy(dict(written))
    for index in secrets:
        _entries(wanted)[index]["password"] = MOVED
        if (place := places.get(index)) is not None:
            word = f'"{MOVED}"'
            room = owners.width(owners.text[place.start : place.end]) - owners.width(word)
            new[place] = word + " " * (room // owners.width(" "))
    text = replaced(owners.text, new)
    old, moved = owners.to_bytes(owners.text), owners.to_bytes(text)
    if parse(text) != wanted or len(old) != len(moved):
        mistakes.append(f'{FILE}: the passwords could not be moved off the card: write each as password = "..."')
        return
    try:
        card.replace(FILE, old, moved, private / "moving")
    except OSError as exc:
        mistakes.append(f"{FILE}: the passwords could not be moved off the card ({exc.strerror}): the next start tries")
    if any(secret in text for secret in secrets.values()):
        mistakes.append(f"{FILE}: a password stands elsewhere in it too, perhaps behind a #: remove it")


def _kept(card: Card, private: Path | None, mistakes: list[str]) -> str:
    """Return the text that is in safekeeping, empty if there is none."""
    if private is None or not card.disk.is_file(private / FILE):
        return ""
    try:
        text = card.disk.read(private / FILE).decode()
        parse(text)
    except (OSError, UnicodeDecodeError, TextError):
        mistakes.append(f"{FILE}: what was kept of it cannot be read: write the passwords again")
        return ""
    return text


def _entries(written: _Table) -> list[dict[str, Any]]:
    """Return the networks of the file, whatever is in them; one written as a single table counts as a list of one."""
    listed = written.get("wifi", [])
    entries = [listed] if isinstance(listed, dict) else listed
    return entries if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries) else []


def _passwords(written: _Table) -> dict[str, str]:
    """Return the passwords by the names of their networks; of one that is there twice, the first counts."""
    return {
        entry["ssid"]: entry["password"]
        for entry in reversed(_entries(written))
        if isinstance(entry.get("ssid"), str) and isinstance(entry.get("password"), str)
    }


def _places(text: str) -> dict[int, Place]:
    """Return where the password of each network stands in *text*, by its place in the list."""
    places = places_of_passwords(text)
    # Which is whose, the reader of TOML tells: it is given a number in place of each.
    numbered = parse(replaced(text, {place: f'"\\u0001{number}"' for number, place in enumerate(places)}))
    found: dict[int, Place] = {}
    for index, entry in enumerate(_entries(numbered)):
        password = entry.get("password")
        number = password[1:] if isinstance(password, str) and password.startswith("\x01") else ""
        if number.isdecimal() and int(number) < len(places):
            found[index] = places[int(number)]
    return found


def _filled(text: str, written: _Table, known: Mapping[str, str]) -> str:
    """Return *text* with the *known* passwords where it says that they were moved, and all of them written alike.

    So the file of the card says the same here before and after they were moved.
    """
    places = _places(text)
    new: dict[Place, str] = {}
    for index, entry in enumerate(_entries(written)):
        ssid, password = entry.get("ssid"), entry.get("password")
        if index in places and isinstance(password, str):
            if password == MOVED and isinstance(ssid, str):
                password = known.get(ssid, MOVED)
            end = places[index].end
            room = len(text[end:]) - len(text[end:].lstrip(" "))
            new[places[index]._replace(end=end + room)] = dumps(password, ensure_ascii=False).replace("\x7f", "\\u007f")
    return replaced(text, new)
