"""What guests agreed to, and exactly to what: the record that goes with a visit, and the texts beside the outbox.

::

    consents/SHA256.txt       a text as guests read it; its SHA-256 is its name, and what a record says
    consents/SHA256.TARGET    that this target has confirmed it; empty

The law: a text is on the medium before any record says that somebody has read it. It stays when the visit goes.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from booth.core.visit import Guest, Purpose
from booth.disk import Disk, make_folder
from booth.outbox import places
from booth.outbox.entry import iso
from booth.outbox.folders import Folders
from booth.outbox.metadata import KEY
from booth.ports import Parcel

FOLDER = "consents"
"""Of the outbox, and of the bucket."""

_SHA = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ID = re.compile(r"[a-z][a-z0-9]{0,15}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)
_LATEST = 10**9
"""Seconds after the beginning of a visit: no clock of ours has been up for longer."""

Wordings = Mapping[tuple[str, str], str]
"""What guests read, by the id of the consent and the code of the language; those of the usual language first."""

log = structlog.get_logger()


@dataclass(frozen=True)
class ConsentRecord:
    """What a guest said to one consent, and to which text."""

    id: str
    purpose: Purpose
    agreed: bool
    after: int
    """Seconds from the beginning of the visit: that is mended where the clock was wrong, and this with it."""
    language: str
    sha256: str
    """Of the text as it was read, in UTF-8, in hex."""

    def value(self, taken: datetime) -> str:
        """Return it as metadata have it, of a visit that began when it was *taken*."""
        said = "yes" if self.agreed else "no"
        at = iso(taken + timedelta(seconds=self.after))
        return f"{said} {self.purpose.value} {at} {self.language} {self.sha256}"

    def written(self) -> dict[str, str | bool | int]:
        """Return what a file of ours says of it."""
        return {
            "id": self.id,
            "purpose": self.purpose.value,
            "agreed": self.agreed,
            "after": self.after,
            "language": self.language,
            "sha256": self.sha256,
        }

    @classmethod
    def read(cls, fields: object) -> "ConsentRecord":
        """Return the record in *fields*. Raises ValueError if there is none."""
        said: dict[str, Any] = fields if isinstance(fields, dict) else {}
        name, language, sha = (str(said.get(key)) for key in ("id", "language", "sha256"))
        after, agreed = said.get("after"), said.get("agreed")
        if not (_ID.fullmatch(name) and _LANGUAGE.fullmatch(language) and _SHA.fullmatch(sha)):
            raise ValueError("it does not say what was asked")
        if not isinstance(agreed, bool) or isinstance(after, bool) or not isinstance(after, int):
            raise ValueError("it does not say what was answered, or when")  # noqa: TRY004 the content is wrong
        if not 0 <= after <= _LATEST:
            raise ValueError("nobody answers then")
        return cls(name, Purpose(said.get("purpose")), agreed, after, language, sha)


def metadata_of(records: Sequence[ConsentRecord], taken: datetime) -> dict[str, str]:
    """Return the metadata that say *records* of a visit that was *taken* then."""
    return {f"{KEY}{record.id}": record.value(taken) for record in records}


def records(said: Mapping[str, str]) -> dict[str, str]:
    """Return the records in metadata that are decoded, by the ids of the consents."""
    return {
        name: value
        for key, value in said.items()
        if (name := key.removeprefix(KEY)) != key and _ID.fullmatch(name) and value[:3] in {"yes", "no "}
    }


def agreed(record: str, purpose: Purpose | None = None) -> bool:
    """Return whether a *record*, as it stands in metadata, says yes; to that *purpose*, if there is one."""
    said, _, rest = record.partition(" ")
    return said == "yes" and (purpose is None or rest.partition(" ")[0] == purpose.value)


class ConsentTexts:
    """The texts of consents, beside the outbox. Those who write them take turns; a target's are its uploader's."""

    def __init__(self, folders: Folders, wordings: Wordings) -> None:
        """Nothing is asked of the disk yet. *wordings* are those that guests can be shown now."""
        self._folder = folders.root / FOLDER
        self._folders = folders
        self._disk: Disk = folders.disk
        self._wordings = wordings
        self._kept: set[str] = set()
        """Those that are known to be on the medium."""
        self._confirmed: dict[str, set[str]] = {}
        """Those that need not be sent any more, by target."""

    def records(self, guest: Guest, after: int) -> tuple[ConsentRecord, ...]:
        """Return what a *guest* said, *after* so many seconds; what they read of it is on the medium then.

        A consent of which nobody knows what was read is none. Raises OSError.
        """
        found = []
        language = guest.language or next((code for _, code in self._wordings), "")
        for answer in guest.answers:
            text = self._wordings.get((answer.consent.id, language))
            if text is None:
                log.warning("consent.no_text", consent=answer.consent.id, language=language)
                continue
            sha = self._keep(text.encode())
            found.append(ConsentRecord(answer.consent.id, answer.consent.purpose, answer.agreed, after, language, sha))
        return tuple(found)

    def _keep(self, content: bytes) -> str:
        """Put a text on the medium, if it is not there; return its SHA-256. Raises OSError."""
        sha = hashlib.sha256(content).hexdigest()
        if sha not in self._kept:
            make_folder(self._disk, self._folder)
            # Also if it is there: whoever wrote it may have been killed before it was on the medium.
            self._folders.put(self._folder / f"{sha}.txt", content)
            self._kept.add(sha)
        return sha

    def due(self, target: str) -> Parcel | None:
        """Return a text that *target* has not confirmed yet; None if it has all. Raises OSError."""
        if not self._disk.is_folder(self._folder):
            return None
        names = frozenset(self._disk.names(self._folder))
        done = self._confirmed.setdefault(target, set())
        for name in sorted(names):
            sha = name.removesuffix(".txt")
            if sha == name or sha in done or f"{sha}.{target}" in names or not _SHA.fullmatch(sha):
                continue
            content = _content(self._disk, self._folder / name)
            if content is not None and hashlib.sha256(content).hexdigest() == sha:
                md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
                return Parcel(key_of(sha), "text/plain; charset=utf-8", content, md5, {})
            done.add(sha)  # none of ours, or damaged: it says nothing about what anybody read
        return None

    def confirmed(self, target: str, parcel: Parcel) -> None:
        """Note that *target* has a text, or will never take it. Raises OSError; then it is remembered all the same."""
        sha = parcel.key.removeprefix(f"{FOLDER}/").removesuffix(".txt")
        self._confirmed.setdefault(target, set()).add(sha)
        self._folders.put(self._folder / f"{sha}.{target}", b"")


def key_of(sha: str) -> str:
    """Return the key of a text of that SHA-256, in each bucket."""
    return f"{FOLDER}/{sha}.txt"


def stored(disk: Disk, outbox: Path) -> dict[str, str]:
    """Return the texts beside an *outbox*, by their SHA-256; what is none of ours is left out. Raises OSError."""
    folder = outbox / FOLDER
    found = {}
    for name in disk.names(folder) if disk.is_folder(folder) else ():
        sha = name.removesuffix(".txt")
        content = _content(disk, folder / name) if sha != name else None
        if content is not None and hashlib.sha256(content).hexdigest() == sha:
            found[sha] = content.decode("utf-8", "replace")
    return found


def _content(disk: Disk, file: Path) -> bytes | None:
    try:
        return places.small(disk, file)
    except (FileNotFoundError, ValueError):
        return None
