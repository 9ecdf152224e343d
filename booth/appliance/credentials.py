"""The keys of the bucket: from ``booth-secrets.toml`` on the card to where systemd finds its credentials.

The law: a key is on the card or in safekeeping at every moment, and once it is safe, the card forgets it. What is wrong
is told without what was written there.
"""

from collections.abc import Mapping
from pathlib import Path
from re import fullmatch

from booth.appliance.medium import Card, Text, TextError, folder, keep, parse, put

FILE = "booth-secrets.toml"
SECTION, KEYS = "zenko", ("access_key_id", "secret_access_key")
MOST = 512
"""Characters that a key may have."""

_SEALED = ".sealed"
_USUAL = f'write [{SECTION}] on a line of its own, and below it {" and ".join(KEYS)} = "..."'


def take(card: Card, private: Path | None, mistakes: list[str]) -> Mapping[str, bytes]:
    """Take what the card gives into safekeeping below *private*; return all keys, by their credentials' names.

    Without *private*, the keys are used and stay where they are. What is wrong is added to *mistakes*.
    """
    keys: dict[str, bytes] = {}
    if private is not None:
        keys |= _kept(card, private / "credentials", mistakes)
    try:
        if private is not None:
            card.resume(private / "wiping")
        raw, given, wrong = _given(card)
        mistakes += (f"{FILE}: {words}" for words in wrong)
        keys |= given
        if given and private is None:
            mistakes.append(
                f"{FILE}: the keys are used, and stay on the card: its third partition could not be reached"
            )
        elif given and private is not None:
            _store(card, private, given)
            if not wrong:
                card.replace(FILE, raw, bytes(len(raw)), private / "wiping", remove=True)
    except TextError as exc:
        mistakes.append(f"{FILE}: {exc}")
    except OSError as exc:
        mistakes.append(f"{FILE}: could not be moved off the card ({exc.strerror}): the next start tries again")
    return keys


def hand_out(keys: Mapping[str, bytes], store: Path) -> None:
    """Put *keys* into *store*, in memory, where systemd finds them; for root alone."""
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    store.chmod(0o700)
    for name, key in keys.items():
        put(store / name, key, 0o600)


def _given(card: Card) -> tuple[bytes, dict[str, bytes], list[str]]:
    """Return the file of the card, the keys in it that are right, and what is wrong with the others."""
    raw = card.read(FILE)
    if raw is None:
        return b"", {}, []
    written = parse(Text.of(raw).text)
    given: dict[str, bytes] = {}
    wrong: list[str] = []
    for section, table in written.items():
        if section != SECTION or not isinstance(table, dict):
            wrong.append(f"{_named(section)} does not belong here: {_USUAL}")
            continue
        for key, value in table.items():
            if key not in KEYS:
                wrong.append(f"{SECTION}: {_named(key)} does not belong here: {_USUAL}")
            elif not isinstance(value, str) or not fullmatch(rf"[!-~]{{1,{MOST}}}", value.strip()):
                wrong.append(f'{SECTION}.{key}: expected a key in quotes: write {key} = "...", as you were given it')
            else:
                given[f"{SECTION}.{key}"] = value.strip().encode()
    missing = [key for key in KEYS if key not in written.get(SECTION, {})] if not wrong else []
    return raw, given, [*wrong, *(f"{SECTION}.{key}: is missing: {_USUAL}" for key in missing)]


def _named(name: str) -> str:
    """Return *name* if it looks like one, and not like a secret that ended up at the wrong place."""
    return f'"{name}"' if fullmatch(r"[a-z_]{1,24}", name) else "a name"


def _store(card: Card, private: Path, keys: Mapping[str, bytes]) -> None:
    safe = private / "credentials"
    folder(card.disk, private)
    folder(card.disk, safe)
    for name, key in keys.items():
        sealed = card.machine.seal(name, key)
        plain, closed = safe / name, safe / f"{name}{_SEALED}"
        keep(card.disk, plain if sealed is None else closed, key if sealed is None else sealed)
        if card.disk.is_file(other := closed if sealed is None else plain):
            card.disk.unlink(other)
            card.disk.sync_folder(safe)


def _kept(card: Card, safe: Path, mistakes: list[str]) -> Mapping[str, bytes]:
    """Return the keys in safekeeping."""
    kept: dict[str, bytes] = {}
    for name in (f"{SECTION}.{key}" for key in KEYS):
        plain, closed = safe / name, safe / f"{name}{_SEALED}"
        try:
            if card.disk.is_file(closed):
                kept[name] = card.machine.unseal(name, card.disk.read(closed))
            elif card.disk.is_file(plain):
                kept[name] = card.disk.read(plain)
        except OSError as exc:
            mistakes.append(f"{name}: what was kept cannot be read ({exc.strerror}): put {FILE} on the card again")
    return kept
