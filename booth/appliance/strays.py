"""Files on the card that nobody reads, although somebody meant them: nearly called so, in a folder, for other systems.

The law: each is told once, by its name and by what to do, and nothing of what is in it is repeated. What looks like a
key or a password in a file that nobody takes it from is told, too: there it stays in clear.
"""

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from booth.appliance.medium import Card, Text, TextError
from booth.reading import MOST, shown

SETTINGS, SECRETS, NETWORK, UPDATES = "booth.toml", "booth-secrets.toml", "network.toml", "update.pub"
READ = (SETTINGS, SECRETS, NETWORK, UPDATES)
EXAMPLE = "booth-secrets.toml.example"
MISTAKES = "mistakes.txt"
OURS = ("READ-ME.txt", EXAMPLE, MISTAKES, "config.txt", "cmdline.txt")
"""What else is there, and is as it should be."""

MOST_FILES = 400
"""Files of one folder that are looked at; the firmware's are a hundred."""
MOST_FOLDERS = 20
"""Folders that are looked into."""
MOST_TOLD = 20
"""Strays that are told one by one."""
LONGEST = 80
"""Characters of a file's name that are repeated."""

_NOISE = re.compile(
    r"toml|tml|tom|txt|text|rtfd?|docx?|odt|pages|conf|cnf|cfg|ini|json|ya?ml|xml|html?|md|pub|csv|pdf"
    r"|example|exemple|ejemplo|esempio|beispiel|sample|template|copy|[ck]opie|copia|von|of|de|di|neu|new|final|edited|edit"
    r"|my|mine|the|ex|settings|bak|backup|old|alt|orig|original|save|sav|tmp|temp|swp|download|crdownload|part|user"
)
"""Words of a name that say nothing about what is meant: endings, and what is added to copies."""

_MEANT = {
    "booth": SETTINGS, "photobooth": SETTINGS, "boothsettings": SETTINGS, "boothconfig": SETTINGS, "config": SETTINGS,
    "boothtoml": SETTINGS, "configuration": SETTINGS,
    "boothsecrets": SECRETS, "boothsecret": SECRETS, "secrets": SECRETS, "secret": SECRETS, "boothkeys": SECRETS,
    "keys": SECRETS, "accesskeys": SECRETS, "accesskey": SECRETS, "rootkey": SECRETS, "credentials": SECRETS,
    "secretkey": SECRETS, "secretkeys": SECRETS, "boothaccesskeys": SECRETS, "boothcredentials": SECRETS,
    "boothsecretstoml": SECRETS, "networktoml": NETWORK,
    "zenko": SECRETS, "passwords": SECRETS, "password": SECRETS,
    "network": NETWORK, "networks": NETWORK, "boothnetwork": NETWORK, "netzwerk": NETWORK, "reseau": NETWORK,
    "rete": NETWORK, "wifi": NETWORK, "wlan": NETWORK, "minisign": UPDATES, "update": UPDATES,
}  # fmt: skip
"""Files that are meant, by the words of a name that are left, run together."""
_TYPED = ("booth", "boothsecrets", "secrets", "network", "networks")
"""Which of them are known again with a letter too many, too few or wrong."""
_ALIKE = 0.8
"""0..1: how much; one letter of five is 0.8."""
_ENDINGS = re.compile(
    r"(?:\.(?:toml|tml|tom|txt|text|rtfd?|docx?|odt|pages|conf|cnf|cfg|ini|json|ya?ml|xml|html?|csv|pdf"
    r"|example|sample|pub|bak|backup|old|orig|save?|tmp|temp|part|download|[0-9]+))*"
)

_ELSEWHERE = {
    "wpa_supplicant.conf": f"Wi-Fi is written into {NETWORK}, as [[wifi]]",
    "ssh": f"a login needs a public key, written into {NETWORK} under [ssh]",
    "authorized_keys": f"public keys are written into {NETWORK} under [ssh]",
    "userconf": f"nobody logs in with a password: a public key is written into {NETWORK} under [ssh]",
    "firstrun.sh": f"the questions of Raspberry Pi Imager are answered in {NETWORK}",
    "custom.toml": f"the questions of Raspberry Pi Imager are answered in {NETWORK}",
    "user-data": f"the questions of Raspberry Pi Imager are answered in {NETWORK}",
    "network-config": f"the questions of Raspberry Pi Imager are answered in {NETWORK}",
}
"""What other systems on a Raspberry Pi read; some of it with .txt at its end, too."""

_ANY_TOML = re.compile(r"\.to?ml\b", re.IGNORECASE)
"""Nobody but the booth reads such files on a card; one that is packed, or on its way, has another ending, too."""

_FIRMWARE = re.compile(
    r"(?:bootcode|start|fixup|kernel|vmlinuz|initrd|initramfs|bcm27|bcm28|sysconf|armstub|cmdline|config)\b.*"
    r"|.*\.(?:elf|dat|dtbo?|bin|img|broadcom)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"[.~$].*|System Volume Information|FOUND\.[0-9]{3}|lost\+found|\$RECYCLE\.BIN", re.IGNORECASE)
"""What computers leave everywhere."""
_FIRMWARES_FOLDERS = ("overlays",)

_QUOTE = r"""["'\u201c\u2018\u201e\u00ab]?"""
_KEY_IN_IT = re.compile(
    rf"""(?ix)
      (?: secret_?access_?key | access_?key_?id | secret\ (?: access\ )? key )
        ["']? \s* [=:,] \s* {_QUOTE} [^\s"'\u201d\u2019\#,]
      | (?<![a-z]) (?: psk | password | passwort | passphrase | passwd | pwd | kennwort )
        ["']? \s* [=:] \s* {_QUOTE} [^\s"'\u201d\u2019\#,]{{4}}
      | (?<![a-z0-9]) A[KS]IA[0-9A-Z]{{12}} | PRIVATE\ KEY-----
    """
)
"""A key or a password with something behind it. The place-holder of the templates has a blank in its fourth letters."""


def strays(card: Card) -> Iterator[str]:
    """Tell of the files on *card* that somebody may have meant."""
    told = 0
    for name in _files(card):
        for words in _of(card, name):
            told += 1
            if told > MOST_TOLD:
                yield "and more files that nobody reads: remove what you put there, but for those named in READ-ME.txt"
                return
            yield f"{named(name)}: {words}"


def named(name: str) -> str:
    """Return a file's name so that it can stand on a line of a file, a journal, a screen."""
    return shown(name, LONGEST)


def meant(name: str) -> str | None:
    """Return the name that a file should have that is called *name*; None if it is none of the booth's."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    if name in READ:
        return name
    words = [word for word in re.findall(r"[a-z]+", plain) if not _NOISE.fullmatch(word)]
    joined = "".join(words)
    stem = re.sub(r"\.[^.]*$", "", plain)
    if not joined:
        return None
    # A file called config.txt is the firmware's; without any ending it is nobody's.
    if joined == "config" and not plain.endswith("toml"):
        return None
    if joined in _MEANT:
        # A public key has an ending of its own, and what is called update otherwise is an update.
        return None if _MEANT[joined] == UPDATES and not re.search(r"pub\b", plain) else _MEANT[joined]
    ending = plain[len(stem) :]
    near = get_close_matches(joined, _TYPED, n=1, cutoff=_ALIKE) if _ENDINGS.fullmatch(ending) else []
    return _MEANT[near[0]] if near else None


def _files(card: Card) -> Iterator[str]:
    """Return the files that a person may have put there, and then those in folders that a person may have put there.

    However many there are in one folder, there is room for those of the next.
    """
    beside, folders = [], []
    for name in _names(card, card.folder):
        if card.disk.is_folder(card.folder / name):
            folders.append(name)
        elif card.disk.is_file(card.folder / name):
            beside.append(name)
    yield from beside[:MOST_FILES]
    for folder in folders[:MOST_FOLDERS]:
        if folder.casefold() not in _FIRMWARES_FOLDERS:
            for below in _names(card, card.folder / folder)[:MOST_FILES]:
                if card.disk.is_file(card.folder / folder / below):
                    yield f"{folder}/{below}"


def _names(card: Card, folder: Path) -> list[str]:
    try:
        return [name for name in sorted(card.disk.names(folder)) if not _HIDDEN.fullmatch(name)]
    except OSError:
        return []


def _of(card: Card, name: str) -> Iterator[str]:
    """Tell what is wrong with one file."""
    folder, _, last = name.rpartition("/")
    if not folder and (last in READ or last in OURS):
        if last == EXAMPLE and _holds_keys(card, name):
            yield f"the keys in it are in clear, and nobody takes them from here: call it {SECRETS}"
        return
    if not folder and _same_in_capitals(card, last):
        return
    target = meant(last)
    plain = last.casefold()
    if (elsewhere := _ELSEWHERE.get(plain) or _ELSEWHERE.get(plain.removesuffix(".txt"))) is not None:
        yield f"nobody reads this here: {elsewhere}"
    elif target is not None and not (folder and _FIRMWARE.fullmatch(last)):
        if folder:
            yield f"nobody looks into this folder: put it beside READ-ME.txt, as {target}"
        else:
            yield f"nobody reads a file of this name: call it {target}, or remove it"
            if (kind := _kind(card, name)) is not None:
                yield kind
    elif not folder and _ANY_TOML.search(last):
        yield f"nobody reads a file of this name: there are {SETTINGS}, {SECRETS} and {NETWORK}; rename or remove it"
    if not _FIRMWARE.fullmatch(last) and _holds_keys(card, name):
        right = target if target in {SECRETS, NETWORK} else f"{SECRETS} or {NETWORK}"
        yield (
            "what looks like a key or a password is in it, in clear, and nobody takes it from here: "
            f"write it into {right}, and delete this file"
        )


def _same_in_capitals(card: Card, name: str) -> bool:
    """Return whether *name* is one that is read, but for its capitals, which are no difference on a card."""
    right = next((right for right in (*READ, *OURS) if right.casefold() == name.casefold()), None)
    return right is not None and right not in _names(card, card.folder) and card.disk.exists(card.folder / right)


def _kind(card: Card, name: str) -> str | None:
    try:
        card.text(name)
    except TextError as exc:
        return str(exc)
    return None


def _holds_keys(card: Card, name: str) -> bool:
    try:
        raw = card.disk.beginning(card.folder / name, MOST)
    except OSError:
        return False
    try:
        text = Text.of(raw).text
    except TextError:
        text = raw.replace(b"\0", b"").decode("latin-1")
    return any("(moved)" not in text[found.start() : found.end() + 8] for found in _KEY_IN_IT.finditer(text))
