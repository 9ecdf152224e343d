"""The partition that any computer can read: what an owner put there is read with care, and secrets are taken off it.

The law: the partition is read-only but for the moment in which a secret is taken off it, or its owner is told there
what is wrong. What replaces a secret is written where the secret lay, so that nothing of it is left in blocks that are
merely free; and what is to be written is noted on the other partition first, so that a power cut in the middle is put
right by the next start.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from booth import reading
from booth.appliance.machine import Machine
from booth.disk import Disk, delete, keep, put
from booth.errors import BoothError

BLOCK = 512
"""Bytes that a medium writes at once; of what is larger a cut may leave some blocks old and some new."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
"""What editors of Windows put at the beginning of a file, and how the rest of it is written."""

_KINDS = (
    (b"{\\rtf", "RTF, as WordPad and TextEdit write"),
    (b"PK\x03\x04", "a document of an office program, or an archive"),
    (b"\xd0\xcf\x11\xe0", "a document of an office program"),
    (b"%PDF", "a PDF"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"bplist", "what a Mac writes for itself"),
)
"""What people's editors make of a text that is not asked to be plain."""


class TextError(BoothError):
    """A file that the owner wrote cannot be used. ``str()`` says why, and what to do; never what is in it."""


@dataclass(frozen=True)
class Text:
    """A file that the owner wrote, and how to write it so that their editor knows it again."""

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @classmethod
    def of(cls, raw: bytes) -> "Text":
        """Read the bytes of a file. Raises `TextError` if they are no text."""
        for beginning, kind in _KINDS:
            if raw.lstrip()[: len(beginning)].lower() == beginning.lower():
                raise TextError(f"this is {kind}: save it as plain text (UTF-8)")
        mark, encoding = next((known for known in _MARKS if raw.startswith(known[0])), (b"", _unmarked(raw)))
        once = mark
        while once and raw.startswith(mark + once):  # marked by one editor after the other
            mark += once
        try:
            text = raw[len(mark) :].decode(encoding)
        except UnicodeDecodeError as exc:
            line = raw[: exc.start].count(b"\n") + 1
            raise TextError(f"line {line}: a character is not UTF-8: save the file as UTF-8") from None
        if "\0" in text:
            raise TextError("this is no text: write it anew with a plain editor, or take the one that came on the card")
        return cls(text, encoding, mark)

    def to_bytes(self, text: str) -> bytes:
        """Return the file with *text* in it."""
        return self.mark + text.encode(self.encoding)

    def width(self, text: str) -> int:
        """Return how many bytes *text* takes in the file."""
        return len(text.encode(self.encoding))


def parse(text: str) -> Mapping[str, Any]:
    """Return what *text* means as TOML. Raises `TextError`, with the line and none of what stands there."""
    try:
        return reading.toml(text)
    except reading.ReadingError as exc:
        line, look = exc.line, exc.look
    where = f"line {line}" if line else "as a whole"
    written = text.split("\n")[line - 1 : line]
    quotes = " straight" if any(quote in "".join(written) for quote in reading.CURLY) else ""
    if look and not quotes:
        raise TextError(f"{where}: not TOML: {look}")
    raise TextError(f'{where}: not TOML: write key = value, text in{quotes} "quotes", sections as [name]')


def _unmarked(raw: bytes) -> str:
    """Return how a file without a mark is written: every second byte of UTF-16 that is mostly English is none."""
    odd, even = raw[1:400:2], raw[0:400:2]
    if odd and not len(raw) % 2:
        if odd.count(0) > len(odd) * 0.8 and even.count(0) == 0:
            return "utf-16-le"
        if even.count(0) > len(even) * 0.8 and odd.count(0) == 0:
            return "utf-16-be"
    return "utf-8"


@dataclass(frozen=True)
class Card:
    """The first partition, read-only as it comes."""

    disk: Disk
    machine: Machine
    folder: Path

    def read(self, name: str) -> bytes | None:
        """Return what is in the file *name*; None if there is none. Raises `TextError` if it cannot be had."""
        file = self.folder / name
        if not self.disk.exists(file):
            return None
        if not self.disk.is_file(file):
            raise TextError("this is no file: remove it, and put a file of this name there")
        try:
            raw = self.disk.beginning(file, reading.MOST + 1)
        except OSError as exc:
            raise TextError(f"cannot be read ({exc.strerror}): check the card on a computer, or take another") from None
        if len(raw) > reading.MOST:
            raise TextError(
                f"has more than {reading.MOST >> 10} KiB: write it anew, or take the one that came on the card"
            )
        return raw

    def text(self, name: str) -> Text | None:
        """Return the file *name*; None if there is none. Raises `TextError` if it is no text."""
        raw = self.read(name)
        return None if raw is None else Text.of(raw)

    def replace(self, name: str, old: bytes, new: bytes, note: Path, *, remove: bool = False) -> None:
        """Write *new*, as many bytes, where *old* lies in the file *name*, and then take it away if it is to *remove*.

        *note* is a file on the other partition. Raises OSError; with a power cut, `resume` ends what was begun.
        """
        assert len(old) == len(new), "other blocks would be written than those that hold the old"  # noqa: S101
        keep(self.disk, note, _Note(name, tuple(_blocks(old)), new, remove).to_json())
        self._carry_out(name, new, note, remove=remove)

    def tell(self, name: str, content: bytes | None) -> None:
        """Have the file *name* hold *content*, or not be there; the card is written only if it is otherwise.

        Raises OSError. A cut leaves the old or the new.
        """
        file = self.folder / name
        there = self.disk.beginning(file, reading.MOST) if self.disk.is_file(file) else None
        if there == content:
            return
        with self._writable():
            if content is None:
                delete(self.disk, file)
            else:
                put(self.disk, file, content, aside=file.with_name("mistakes.new"))

    def resume(self, note: Path) -> None:
        """End a replacement that *note* tells of, unless the owner has changed the file since. Raises OSError."""
        if not self.disk.is_file(note):
            return
        # Whoever wrote it may have been killed before its name was on the medium.
        self.disk.sync_folder(note.parent)
        left = _Note.of(self.disk.read(note))
        file = self.folder / left.name if left else None
        if left and file and self.disk.is_file(file):
            there = self.disk.beginning(file, reading.MOST + 1)
            if len(there) == len(left.new) and all(
                block in {old, new} for block, old, new in zip(_blocks(there), left.old, _blocks(left.new), strict=True)
            ):
                self._carry_out(left.name, left.new, note, remove=left.remove)
                return
        # It may have been taken away by a process that was killed before that was on the medium.
        self.disk.sync_folder(self.folder)
        self.disk.unlink(note)

    def _carry_out(self, name: str, new: bytes, note: Path, *, remove: bool) -> None:
        file = self.folder / name
        with self._writable():
            self.disk.overwrite(file, new)
            self.disk.sync(file)
            if remove:
                delete(self.disk, file)
        # If this is undone by a cut, it is found to be done already, or to be about another file.
        self.disk.unlink(note)

    @contextmanager
    def _writable(self) -> Iterator[None]:
        self.machine.remount(self.folder, writable=True)
        try:
            yield
        finally:
            self.machine.remount(self.folder, writable=False)


@dataclass(frozen=True)
class _Note:
    """What is to be written over a file. Of what it held there are only digests."""

    name: str
    old: tuple[str, ...]
    new: bytes
    remove: bool

    def to_json(self) -> bytes:
        note = {"name": self.name, "old": self.old, "new": b64encode(self.new).decode(), "remove": self.remove}
        return json.dumps(note).encode()

    @classmethod
    def of(cls, raw: bytes) -> "_Note | None":
        """Read it; None if it is no note of ours."""
        try:
            note = json.loads(raw)
            new = b64decode(note["new"])
            read = cls(str(note["name"]), tuple(note["old"]), new, bool(note["remove"]))
        except (ValueError, KeyError, TypeError):
            return None
        return read if len(read.old) == len(list(_blocks(new))) and "/" not in read.name else None


def _blocks(content: bytes) -> Iterator[str]:
    """Return a digest of each block of *content*."""
    for start in range(0, len(content), BLOCK):
        yield sha256(content[start : start + BLOCK]).hexdigest()


def hand(file: Path, content: bytes, mode: int) -> None:
    """Have *file*, in memory, hold *content*: at once, for whoever may be reading it, and never with another mode."""
    aside = file.with_name(f"{file.name}.part")
    aside.unlink(missing_ok=True)
    number = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(number, "wb") as opened:  # noqa: PTH123 a descriptor has no path
        opened.write(content)
        os.fchmod(number, mode)
    aside.rename(file)
