"""Keeps the catalogs of what the screen says: extracts, updates, compiles, and checks them.

A catalog is ``assets/locale/<code>/LC_MESSAGES/booth.po``, for people, and ``booth.mo`` beside it, compiled, for the
booth. Both are committed: a fresh clone and an installed package speak every language without a tool. Nothing that a
catalog says is ever guessed: a new sentence is missing until somebody has translated it. ``config/booth.toml`` names
the languages, and ``docs/troubleshooting.md`` has a column for each, so they are written anew as well.

What else a language needs, a name and a keyboard, is looked for beside its catalog: the list of what is wrong is the
list of what is still to be done.
"""

import argparse
import gettext
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from booth.errors import ConfigError
from booth.settings import showing
from booth.ui.languages import ENGLISH, LANGUAGES
from booth.ui.typing import sheets
from lab import ROOT
from lab.pages import columns

SCREEN = ROOT / "booth" / "ui"
SOURCES = (
    SCREEN / "words.py",
    *sorted((SCREEN / "scenes").glob("*.py")),
    ROOT / "booth" / "page" / "said.py",
)
"""What guests read stands here, on the screen and on their page; the catalogs are in this order."""

CATALOGS = ROOT / "assets" / "locale"
SETTINGS = ROOT / "config" / "booth.toml"
"""Names the languages that there are; written from the settings themselves."""

TROUBLES = ROOT / "docs" / "troubleshooting.md"
"""Has the screen's words in all languages; these columns are written from the catalogs."""

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
HEADER = "# What the booth's screen says. scripts/words keeps this file; translate what is empty."

PLACEHOLDER = re.compile(r"\{[a-z]*\}")
ENDS = (".", "?", "!", "\u2026", ":", "")
"""How a sentence may end; its translation ends alike."""

NARROW = "\u202f"
"""The blank that French has before a question mark: narrow, and no place to break a line."""


class Bare(Catalog):
    """A catalog without dates and addresses: it is the same whenever and wherever it is written."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the header, as far as the booth has a use for it."""
        plurals = [("Plural-Forms", self.plural_forms)] if self.locale else []
        return [("Language", self.locale_identifier or ""), ("Content-Type", "text/plain; charset=utf-8"), *plurals]


def template(*sources: Path) -> Bare:
    """Return a catalog of everything that is said in *sources*, or else on the screen, untranslated."""
    found = Bare(charset="utf-8", header_comment=HEADER, fuzzy=False)
    for source in sources or SOURCES:
        with source.open("rb") as file:
            for _, messages, comments, context in extract(
                "python", file, KEYWORDS, ["Translators:"], strip_comment_tags=True
            ):
                found.add(messages, auto_comments=comments, context=context)
    return found


def path_of(code: str, ending: str = "po", folder: Path = CATALOGS) -> Path:
    """Return where the catalog of a language is."""
    return folder / code / "LC_MESSAGES" / f"booth.{ending}"


def codes(folder: Path = CATALOGS) -> list[str]:
    """Return the languages that have a catalog."""
    return sorted(path.parents[1].name for path in folder.glob("*/LC_MESSAGES/booth.po"))


def read(code: str, folder: Path = CATALOGS) -> Catalog:
    """Return the catalog of a language as it stands; an empty one if there is none yet."""
    path = path_of(code, folder=folder)
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def updated(code: str, old: Catalog, wanted: Catalog) -> Bare:
    """Return the catalog *wanted* with the translations of *old*. What nobody says any more is gone."""
    new = Bare(locale=code, charset="utf-8", header_comment=HEADER, fuzzy=False)
    for message in sentences(wanted):
        was = old.get(message.id, context=message.context)
        known = was.string if was is not None and not was.fuzzy else None
        added = new.add(message.id, known, auto_comments=message.auto_comments, context=message.context)
        if was is not None:
            added.user_comments = was.user_comments
    return new


def po(catalog: Catalog) -> bytes:
    """Return a catalog as people read it."""
    into = io.BytesIO()
    write_po(into, catalog, width=110, no_location=True)
    return into.getvalue().rstrip() + b"\n"


def mo(catalog: Catalog) -> bytes:
    """Return a catalog as the booth reads it."""
    into = io.BytesIO()
    write_mo(into, catalog)
    return into.getvalue()


def sentences(catalog: Catalog) -> list[Message]:
    """Return everything in a catalog but its header."""
    return [message for message in catalog if message.id]


def faults(code: str, catalog: Catalog, wanted: Catalog, compiled: bytes | None) -> Iterator[str]:
    """Yield what is wrong with the catalog of a language, a sentence each."""
    for message in sentences(wanted):
        found = catalog.get(message.id, context=message.context)
        name = f"{code}: {_name(message)}"
        if found is None:
            yield f"{name} is not in the catalog: run scripts/words"
        elif found.fuzzy:
            yield f"{name} is marked as fuzzy: correct it, and remove the mark"
        else:
            yield from (f"{name} {fault}" for fault in _faults_of(code, message, found.string, catalog.num_plurals))
    for message in sentences(catalog):
        if wanted.get(message.id, context=message.context) is None:
            yield f"{code}: {_name(message)} is said nowhere: run scripts/words"
    if compiled is None or _spoken(compiled) != _spoken(mo(catalog)):
        yield f"{code}: booth.mo is not what booth.po says: run scripts/words"


def gaps(catalogs: Iterable[str], languages: Iterable[str], boards: Path) -> Iterator[str]:
    """Yield what lacks for the *languages* beside their *catalogs*, or is wrong in a keyboard; a sentence each."""
    begun, named = set(catalogs), set(languages)
    for code in sorted(begun | named):
        if code not in named:
            yield f"{code}: nobody can choose it: add it to LANGUAGES in booth/ui/languages.py"
        if code not in {*begun, ENGLISH}:
            yield f"{code}: there is no catalog: begin it with scripts/words --add {code}"
        path = boards / f"{code}.toml"
        if not path.exists():
            yield f"{code}: there is no assets/keyboards/{code}.toml: copy en.toml there, and change it"
            continue
        try:
            sheets.read(path)
        except ConfigError as exc:
            yield str(exc)


def _name(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f'"{text}"' + (f" ({message.context})" if message.context else "")


def _forms(said: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return what is said in all its forms: one, or one for each number of things."""
    return tuple(said) if isinstance(said, list | tuple) else (said or "",)


def _faults_of(
    code: str, message: Message, said: str | list[str] | tuple[str, ...] | None, plurals: int
) -> Iterator[str]:
    originals, forms = _forms(message.id), _forms(said)
    if not all(forms):
        yield "is not translated"
        return
    if len(originals) > 1 and len(forms) != plurals:
        yield f"has {len(forms)} plural forms, not {plurals}"
    original = originals[-1]
    for form in forms:
        if sorted(PLACEHOLDER.findall(form)) != sorted(PLACEHOLDER.findall(original)):
            yield f"has other placeholders: {form}"
        if _end(form) != _end(original):
            yield f"ends differently: {form}"
        if form != form.strip() or "  " in form:
            yield f"has a blank too many: {form}"
        if "'" in form or '"' in form:
            yield f"has a typewriter's quote: {form}"
        if code == "fr" and re.search(rf"(?<!{NARROW})[?!;:]|[ \u00a0][?!;:]", form):
            yield f"lacks a narrow blank (U+202F) before a mark: {form}"


def _end(text: str) -> str:
    return next(end for end in ENDS if text.endswith(end))


def _spoken(compiled: bytes) -> Mapping[object, object]:
    read = gettext.GNUTranslations(io.BytesIO(compiled))
    spoken: dict[object, object] = dict(vars(read)["_catalog"])  # there is no other way to list it
    spoken.pop("", None)
    return spoken


def main() -> None:
    """Update and compile every catalog, then check them; with ``--check`` only check."""
    parser = argparse.ArgumentParser(prog="scripts/words", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--add", metavar="CODE", help="begin the catalog of another language, such as nl")
    options = parser.parse_args()
    wanted = template()
    wrong: list[str] = []
    for code in sorted({*codes(), *([options.add] if options.add else [])}):
        path, compiled = path_of(code), path_of(code, "mo")
        if not options.check:
            new = updated(code, read(code), wanted)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(po(new))
            compiled.write_bytes(mo(new))
        wrong += faults(code, read(code), wanted, compiled.read_bytes() if compiled.exists() else None)
    settings = showing.template()
    if not options.check:
        SETTINGS.write_text(settings, encoding="utf-8")
    elif SETTINGS.read_text(encoding="utf-8") != settings:
        wrong.append("config/booth.toml is not what the settings say: run scripts/words")
    page = TROUBLES.read_text(encoding="utf-8")
    tables = columns.renewed(page, {code: read(code) for code in LANGUAGES if code != ENGLISH})
    if not options.check:
        TROUBLES.write_text(tables, encoding="utf-8")
    elif page != tables:
        wrong.append("docs/troubleshooting.md is not what the catalogs say: run scripts/words")
    wrong += gaps(codes(), LANGUAGES, ROOT / "assets" / "keyboards")
    for line in wrong:
        print(line)
    print(f"{len(sentences(wanted))} sentences, {len(codes())} catalogs, {len(wrong)} faults")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
