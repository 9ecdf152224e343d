"""A guest's page: one HTML object with the picture, what saves and shares it, and what becomes of it. Pure.

The law: the page asks nobody but the bucket that it came from, and what it may load is written at its head for the
browser to hold it to; nothing in it tells who the guest is; and without its script it does all but share.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from html import escape
from urllib.parse import urlsplit

from booth.page.looks import SCRIPT, PageLook, style
from booth.page.said import Said
from booth.ports import Size


@dataclass(frozen=True)
class Keepsake:
    """Something that the guest may save."""

    media_type: str
    link: str = field(repr=False)
    """An address that anybody can get it from."""
    name: str
    """What it is called when it has been saved."""


@dataclass(frozen=True)
class Logo:
    """The event's picture, which the page holds in itself."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class GuestPage:
    """What a page is made of."""

    event: str
    picture: Keepsake
    """The animation."""
    size: Size
    """Its width and height, or others in that proportion: so nothing moves while it comes."""
    said: tuple[Said, ...]
    """What it says, in each language that it can be read in. The first is what is read where no script runs."""
    look: PageLook
    others: tuple[Keepsake, ...] = ()
    """What else was made of the visit."""
    logo: Logo | None = None
    responsible: str = ""
    """Who answers for the pictures, as the owner wrote it; "" says nothing."""
    deleted: date | None = None
    """The day on which the pictures will be deleted; None says nothing."""
    until: date | None = None
    """The last day on which the page can be opened; None says nothing."""


def written(page: GuestPage) -> bytes:
    """Return the page, in UTF-8."""
    looks = style(page.look)
    title = escape(page.event)
    logo = f'<img class="logo" src="{_data(page.logo)}" alt="">' if page.logo is not None else ""
    files = (page.picture, *page.others)
    kinds = " ".join(dict.fromkeys(map(_origin, (file.link for file in files))))
    images = f"data: {kinds}" if page.logo is not None else kinds
    saves = "\n".join(_save(page, file, primary=file is page.picture) for file in files)
    return f"""<!doctype html>
<html lang="{page.said[0].language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(looks, images=images, asks=kinds)}">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{looks}</style>
</head>
<body>
<header>{logo}<h1>{title}</h1></header>
<main>
<img class="shot" src="{escape(page.picture.link)}" alt="GIF" width="{page.size.width}" height="{page.size.height}">
{saves}
{_soon(page)}<button hidden>{_in_all(page.said, lambda said: said.share)}</button>
<p class="hint">{_in_all(page.said, lambda said: said.hold)}</p>
</main>
<footer>
{_notes(page)}
</footer>
<script>{SCRIPT}</script>
</body>
</html>
""".encode("utf-8", "replace")


def _save(page: GuestPage, file: Keepsake, *, primary: bool) -> str:
    words = _in_all(page.said, lambda said: said.save(file.media_type))
    kind = ' class="first"' if primary else ""
    saved = f'download="{escape(file.name)}" type="{escape(file.media_type)}"'
    return f'<a{kind} href="{escape(file.link)}" {saved}>{words}</a>'


def _soon(page: GuestPage) -> str:
    """Return what is said of the files that come behind the picture: always, for not every phone runs the script."""
    words = _in_all(page.said, lambda said: said.soon)
    return f'<p class="hint soon">{words}</p>\n' if page.others else ""


def _notes(page: GuestPage) -> str:
    """Return what is said below the picture, a paragraph each."""
    notes: list[Callable[[Said], str]] = []
    if page.deleted is not None:
        deleted = _day(page.deleted)
        notes.append(lambda said: escape(said.deleted).format(day=deleted))
    if page.until is not None:
        until = _day(page.until)
        notes.append(lambda said: escape(said.until).format(day=until))
    if page.responsible:
        notes.append(lambda said: escape(said.responsible).format(who=escape(page.responsible)))
    return "\n".join(f"<p>{_in_all(page.said, note, marked=True)}</p>" for note in notes)


def _day(day: date) -> str:
    """Return a day as everybody reads it; the script writes it as its reader does."""
    return f'<time datetime="{day.isoformat()}">{day.isoformat()}</time>'


def _in_all(said: Iterable[Said], words: Callable[[Said], str], *, marked: bool = False) -> str:
    """Return *words* in each language, all but the first of them hidden; those that are *marked* up are HTML."""
    texts = ((one.language, words(one) if marked else escape(words(one))) for one in said)
    return "".join(
        f'<span lang="{language}"{" hidden" if number else ""}>{text}</span>'
        for number, (language, text) in enumerate(texts)
    )


def _policy(looks: str, *, images: str, asks: str) -> str:
    return (
        f"default-src 'none'; img-src {images}; connect-src {asks}; style-src 'sha256-{_hash(looks)}'; "
        f"script-src 'sha256-{_hash(SCRIPT)}'; base-uri 'none'; form-action 'none'"
    )


def _origin(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}"


def _data(logo: Logo) -> str:
    return f"data:{logo.media_type};base64,{base64.b64encode(logo.content).decode('ascii')}"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
