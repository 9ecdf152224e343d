"""The keys of the bucket: from ``booth-secrets.toml`` on the card to where systemd finds its credentials.

Keys that an owner wrote into ``booth.toml`` are taken from there, too: it is copied to where others may read it.

The law: a key is on the card or in safekeeping at every moment, and once it is safe, the card forgets it. What is wrong
is told without what was written there.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from re import fullmatch

from booth.appliance.medium import Card, Text, TextError, hand, parse
from booth.appliance.quoted import Place, places_of, places_of_comments, places_of_values, replaced
from booth.disk import delete, keep, make_folder

FILE = "booth-secrets.toml"
SECTION, KEYS = "zenko", ("access_key_id", "secret_access_key")
MOST = 512
"""Characters that a key may have."""

_SEALED = ".sealed"
_ELSEWHERE = f"write them into {FILE}, and delete them here"
_USUAL = f'write [{SECTION}] on a line of its own, and below it {" and ".join(KEYS)} = "..."'


def take(
    card: Card, private: Path | None, mistakes: list[str], lifted: Mapping[str, bytes] | None = None
) -> Mapping[str, bytes]:
    """Take what the card gives into safekeeping below *private*; return all keys, by their credentials' names.

    Without *private*, the keys are used and stay where they are. Those that were *lifted* out of the settings come
    after the card's own, and before what was kept. What is wrong is added to *mistakes*.
    """
    keys: dict[str, bytes] = {}
    if private is not None:
        keys |= _kept(card, private / "credentials", mistakes)
    keys |= lifted or {}
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
        hand(store / name, key, 0o600)


def lift(
    card: Card, private: Path | None, name: str, raw: bytes, mistakes: list[str]
) -> tuple[bytes, dict[str, bytes]]:
    """Take the keys out of the settings *raw*, which are in the file *name*; return what is left, and the keys.

    In what is left there is no key in any case, also where the settings are no TOML. On the card they are wiped once
    they are in safekeeping below *private*. What is wrong is added to *mistakes*.
    """
    try:
        owners = Text.of(raw)
    except TextError:
        # Whatever it is, each byte stays what it is; but in UTF-16 that is torn a key has a NUL after each letter.
        bare = raw.replace(b"\0", b"")
        torn = b"\0" in raw and any(key.encode() in bare for key in KEYS)
        owners = Text((bare if torn else raw).decode("latin-1"), "latin-1")
    text = owners.text
    places = _filled(text, KEYS.__contains__)
    secrets = places_of_values(text, lambda name: name in KEYS or _like_a_secret(name))
    misnamed = any(_says_something(text, place) for place in places_of_values(text, _like_a_secret))
    if misnamed:
        mistakes.append(
            f"{name}: what looks like a key or a password stands in it, in clear, under a name that nobody reads: "
            f"{_ELSEWHERE}"
        )
    try:
        written = parse(text)
    except TextError:
        left = _blanked(text, secrets)
        if left != text and not misnamed:
            mistakes.append(f"{name}: keys stand in it, in clear, and are not taken while it is not TOML: {_ELSEWHERE}")
        return owners.to_bytes(left), {}
    table = written.get(SECTION)
    given: dict[str, bytes] = {}
    there = {
        key: value for key, value in (table if isinstance(table, dict) else {}).items() if key in KEYS and value != ""
    }
    for key, value in there.items():
        if isinstance(value, str) and fullmatch(rf"[!-~]{{1,{MOST}}}", value.strip()):
            given[f"{SECTION}.{key}"] = value.strip().encode()
        else:
            mistakes.append(f"{name}: {SECTION}.{key}: expected a key in quotes, as you were given it: {_ELSEWHERE}")
    wiped = owners.to_bytes(replaced(text, {place: _nothing(owners, text, place) for _, place in places}))
    whole = owners.to_bytes(text)
    if given and private is None:
        mistakes.append(f"{name}: the keys are used, and stay on the card: its third partition could not be reached")
    elif given and private is not None:
        try:
            _store(card, private, given)
            if len(wiped) == len(whole) == len(raw) and _names_no_key(owners, wiped, given):
                card.replace(name, raw, wiped, private / "lifting")
                mistakes.append(f"{name}: the keys were moved off the card; they belong into {FILE}")
            else:
                mistakes.append(f"{name}: the keys are used, and stay on the card, in clear: {_ELSEWHERE}")
        except OSError as exc:
            mistakes.append(
                f"{name}: the keys could not be moved off the card ({exc.strerror}): the next start tries again"
            )
    elif places and not there:
        mistakes.append(
            f"{name}: keys stand in it, in clear, outside of [{SECTION}], and nobody reads them: {_ELSEWHERE}"
        )
    left = _blanked(text, secrets)
    for key in _texts(list(there.values())):
        if len(key) >= _LONG:
            left = left.replace(key, "*" * len(key))
    if _in_comments(text):
        mistakes.append(f"{name}: a key stands behind a #, in clear: {_ELSEWHERE}")
    return owners.to_bytes(left), given


def _filled(text: str, named: Callable[[str], bool]) -> list[tuple[str, Place]]:
    """Return where something stands as the value of keys that are *named* so."""
    return [(key, place) for key, place in places_of(text, named) if _says_something(text, place)]


def _says_something(text: str, place: Place) -> bool:
    """Return whether the value at *place* could be a secret."""
    return text[place.start : place.end].strip("\"'[]{} \t\r\n") not in {"", "true", "false"}


_SECRETS = (
    "secret", "password", "passwort", "passwd", "passphrase", "passcode", "kennwort", "motdepasse", "contrasena",
    "parola", "apikey", "privatekey", "token", "credential",
)  # fmt: skip
_ENDINGS = ("pwd", "psk", "pass", "pw", "mdp")


@cache
def _like_a_secret(name: str) -> bool:
    """Return whether *name* was meant for a key's or a password's, and is none that is taken: misspelled, say."""
    plain = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name).casefold())
    return name not in KEYS and (
        any(word in plain for word in _SECRETS)
        or plain.endswith(_ENDINGS)
        or plain == "key"
        or bool(get_close_matches(plain, ("accesskeyid", "awsaccesskeyid", "accesskey"), n=1, cutoff=0.8))
    )


def _names_no_key(owners: Text, wiped: bytes, given: Mapping[str, bytes]) -> bool:
    """Return whether settings without keys are still what they were, and hold none of them."""
    try:
        left = parse(wiped[len(owners.mark) :].decode(owners.encoding)).get(SECTION)
    except (TextError, UnicodeDecodeError):
        return False
    return isinstance(left, dict) and all(left.get(name.partition(".")[2]) == "" for name in given)


def _nothing(owners: Text, text: str, place: Place) -> str:
    """Return an empty text that takes as many bytes in the file as what stands at a place."""
    room = owners.width(text[place.start : place.end]) - owners.width('""')
    return '""' + " " * (room // owners.width(" "))


_SPELLED = rf"(?i:{'|'.join(key.replace('_', '[^a-z0-9=:#]{0,3}') for key in KEYS)})"
"""The name of a key as people write it: Secret Access Key, SECRET-ACCESS-KEY, secretAccessKey."""
_COMMENTED = re.compile(
    rf"""{_SPELLED}["'`]?(?:
        [ \t]*[=:][ \t]* (?!["'“”]{{2}}\s*$) \S
      | [ \t,;|>-]+ (?: ["'`“„«] \S | (?=\S*[A-Z0-9/+]) [A-Za-z0-9/+=_~.-]{{6}} ) )""",
    re.VERBOSE,
)
"""A key's name with something behind it: whatever it is after a = or a colon, else what no word looks like."""
_ANY_LINE = re.compile(
    rf"""^([^\n]*?(?:{_SPELLED}["'`]?[ \t]*[=:]?|(?i:{"|".join((*_SECRETS, *_ENDINGS))})["'`]?[ \t]*[=:])\s*)"""
    r"(\S[^\n]*)$",
    re.MULTILINE,
)
_LINE_OF_COMMENT = re.compile(r"^([ \t]*#)([^\n]*)$", re.MULTILINE)
_IN_ADDRESS = re.compile(r"""(?<=://)(?:[^/\s"'@:]*:(?![0-9]+/)[^\s"'@]*|[^/\s"'@]+)(?=@)""")
"""What stands before the host of an address: a name and a password, in which there may be a slash."""
_BEFORE_HOST = re.compile(r"""[^\s"'/][^\s"']*(?=@)""")
"""The same where there is no http:// before it: only an address of a server is searched for that."""
_LONG = 8
"""Characters from which on a key is looked for in the rest of the file: a shorter one is a word like any other."""


def _stars(found: re.Match[str]) -> str:
    return "*" * len(found[0])


def _blanked(text: str, places: list[Place]) -> str:
    """Return *text* without any key: what stands at *places*, behind a #, and where there are no quotes at all.

    Nothing that stands behind a # is left: a key may be called anything there, and nobody reads it where this goes.
    """
    left = replaced(text, {place: '""'.ljust(place.end - place.start) for place in places})
    left = replaced(left, {place: " " * (place.end - place.start) for place in places_of_comments(left)})
    addresses = [place for _, place in places_of(left, "endpoint_url".__eq__)]
    left = replaced(left, {place: _BEFORE_HOST.sub(_stars, left[place.start : place.end]) for place in addresses})
    left = _IN_ADDRESS.sub(_stars, left)
    try:
        parse(left)
    except TextError:
        # Neither is it known where a text ends: nothing is left of a line that names a key, or begins with a #.
        left = _LINE_OF_COMMENT.sub(lambda found: found[1] + " " * len(found[2]), left)
        return _ANY_LINE.sub(lambda found: found[1] + '""'.ljust(len(found[2])), left)
    return left


def _texts(value: object) -> Iterator[str]:
    """Return the texts in a value, however deep."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _in_comments(text: str) -> bool:
    return any(_COMMENTED.search(text[place.start : place.end]) for place in places_of_comments(text))


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
    make_folder(card.disk, private)
    make_folder(card.disk, safe)
    for name, key in keys.items():
        sealed = card.machine.seal(name, key)
        plain, closed = safe / name, safe / f"{name}{_SEALED}"
        keep(card.disk, plain if sealed is None else closed, key if sealed is None else sealed)
        if card.disk.is_file(other := closed if sealed is None else plain):
            delete(card.disk, other)


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
