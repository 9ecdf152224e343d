"""``booth.toml`` and ``branding/``: from the card to where the booth reads them, and, if they are right, kept.

The booth itself tells its owner what is wrong with its settings: it is given what the card has, whatever that is. Only
where there is nothing to be given, it is given the last that were right.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from booth.appliance import credentials
from booth.appliance.medium import Card, Text, TextError, hand
from booth.appliance.strays import named
from booth.disk import Disk, make_folder, put
from booth.errors import ConfigError

FILE, BRANDING = "booth.toml", "branding"
LAST_GOOD = "last-good.toml"

MOST_BRANDING = 16 << 20
"""Bytes of all files beside the settings: logo, background, font; they are copied into memory."""
MOST_FILES = 32


@dataclass(frozen=True)
class Copied:
    """What became of the settings."""

    theirs: bool
    """Whether those in use are the card's."""
    keys: Mapping[str, bytes] = field(default_factory=dict)
    """The keys of the bucket that stood in them, by their credentials' names."""


def copy(card: Card, private: Path | None, kept: Path | None, run: Path, mistakes: list[str]) -> Copied:
    """Put settings and branding into *run*, for all to read, and without the keys that stood in them.

    *kept* is where the last good ones are, and below *private* is what is for root alone. What is wrong with the files
    themselves is added to *mistakes*.
    """
    try:
        if private is not None:
            card.resume(private / "lifting")
    except OSError as exc:
        mistakes.append(f"{FILE}: keys could not be moved off the card ({exc.strerror}): the next start tries again")
    try:
        raw = card.read(FILE) or b""
        if not raw.strip(b"\0 \t\r\n"):
            raise TextError("is empty, or not there: take the one that came on the card")
    except TextError as exc:
        there = kept is not None and _put_last_good(card.disk, kept, run)
        if not there:
            hand(run / FILE, b"", 0o644)
        instead = "the last that were right" if there else "the built-in ones"
        mistakes.append(f"{FILE}: {exc}; until then the settings are {instead}")
        return Copied(theirs=False)
    raw, keys = credentials.lift(card, private, FILE, raw, mistakes)
    hand(run / FILE, _plain(raw, mistakes), 0o644)
    _put_branding(_files(card.disk, card.folder / BRANDING, mistakes), run)
    return Copied(theirs=True, keys=keys)


def _put_last_good(disk: Disk, kept: Path, run: Path) -> bool:
    try:
        hand(run / FILE, disk.read(kept / LAST_GOOD), 0o644)
        _put_branding(_files(disk, kept / BRANDING, []), run)
    except OSError:
        return False
    return True


def _put_branding(branding: Mapping[str, bytes], run: Path) -> None:
    folder = run / BRANDING
    folder.mkdir(mode=0o755, exist_ok=True)
    folder.chmod(0o755)
    for left in folder.iterdir():
        if left.name not in branding:
            left.unlink()
    for name, content in branding.items():
        hand(folder / name, content, 0o644)


def keep_good(
    card: Card, kept: Path, run: Path, judge: Callable[[Path, Path], Sequence[str]] | None = None
) -> Sequence[str]:
    """Keep what is in *run* below *kept* if the booth can be started with it; return what is wrong with it.

    That is for a *judge* to say, who is given the settings and the card; without one, for the booth's own. Raises
    OSError if it cannot be kept.
    """
    disk, judge = card.disk, judge or _wrong
    settings, branding = disk.read(run / FILE), _files(disk, run / BRANDING, [])
    if (
        disk.is_file(kept / LAST_GOOD)
        and settings == disk.read(kept / LAST_GOOD)
        and branding == _files(disk, kept / BRANDING, [])
    ):
        disk.sync_folder(kept)  # whoever kept them may have been killed before they were on the medium
        return ()  # judged before: the libraries that judge take seconds to be read from a card
    if wrong := judge(run / FILE, card.folder):
        return wrong
    for folder in (kept, kept / BRANDING):
        make_folder(disk, folder, shared=True)
    # First what is named, then what names it, then what is not named any more.
    for name, content in branding.items():
        put(disk, kept / BRANDING / name, content, shared=True)  # the booth reads it, and is not root
    put(disk, kept / LAST_GOOD, settings, shared=True)
    for name in disk.names(kept / BRANDING):
        if name not in branding:
            disk.unlink(kept / BRANDING / name)
    return ()


def _wrong(file: Path, card: Path) -> Sequence[str]:
    """Return what is wrong with the settings in a *file*, as the booth's screen says it; nothing of what is right."""
    from booth.settings.loading import load  # seconds on a small Pi, and seldom needed

    try:
        loaded = load(config=file, environ={}, overrides={})
    except ConfigError as exc:
        return [mistake.replace(str(file), FILE) for mistake in str(exc).splitlines()]
    # What is on the card can be read by root alone, who is asking here; the booth must have it in branding/.
    theme, layout = loaded.settings.theme, loaded.settings.layout.file
    rest = (loaded.settings.animation.overlay, loaded.settings.zenko.ca_bundle, layout)
    files = map(Path, (theme.logo, theme.background, theme.font, *rest))
    return [
        f"{FILE}: the booth may not read {path.name} there: put it into {BRANDING}/, and write {BRANDING}/{path.name}"
        for path in files
        if path.is_relative_to(card)
    ]


def _plain(raw: bytes, mistakes: list[str]) -> bytes:
    """Return settings as the booth reads them: without the marks of Windows' editors. What is no text stays so."""
    try:
        return Text.of(raw).text.encode()
    except TextError as exc:
        mistakes.append(f"{FILE}: {exc}")
        return raw


def _files(disk: Disk, folder: Path, mistakes: list[str]) -> Mapping[str, bytes]:
    """Return the files in a folder. Those that are none, or too many, are left out and told."""
    files: dict[str, bytes] = {}
    room = MOST_BRANDING
    for name in disk.names(folder) if disk.is_folder(folder) else ():
        if name.startswith("."):
            continue  # what macOS leaves everywhere
        if not disk.is_file(folder / name):
            mistakes.append(f"{BRANDING}/{named(name)}: is no file: put the files themselves into {BRANDING}")
            continue
        try:
            content = disk.beginning(folder / name, room + 1)
        except OSError as exc:
            mistakes.append(f"{BRANDING}/{named(name)}: cannot be read ({exc.strerror}): copy it onto the card again")
            continue
        if len(content) > room or len(files) == MOST_FILES:
            mistakes.append(
                f"{BRANDING}/{named(name)}: is left out: there is room for {MOST_FILES} files and "
                f"{MOST_BRANDING >> 20} MiB: make pictures smaller, and remove what is not needed"
            )
            continue
        files[name] = content
        room -= len(content)
    return files
