"""A layout, drawn: a picture with transparency, of exactly the size of what it is laid over.

Drawing never fails for any text: what does not fit is made smaller, then cut; what no font here has a letter for is a
box. Both are told, so that whoever prepares an event sees them before its guests do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pygame

from booth.branding import keys
from booth.branding.keys import TextKeys
from booth.branding.layout import Sheet, decoded
from booth.branding.lines import pitch, pixels, typeset
from booth.ports import Size
from booth.ui.text.fonts import Fonts
from booth.ui.theme import Colour, colour

_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""How small texts become that are too high together, in shares of what they should have."""

_FILLED = 0.94
"""How much of the lower part of a border texts fill at most."""

_PAD = (0.55, 0.3)
"""How far a plate reaches beyond its text, in shares of the type size of the first: at the sides, above and below."""


@dataclass(frozen=True)
class Occasion:
    """What the texts speak of."""

    event: str
    day: date | None = None
    """None while nobody knows the time: then texts with the date in them are left out."""


@dataclass(frozen=True)
class Inscription:
    """A text where it stands."""

    name: str
    box: pygame.Rect
    colour: Colour
    height: int
    """Type size, in pixels."""
    lines: tuple[str, ...]
    cut: bool = False
    """Whether it did not fit, and lost its end."""
    missing: str = ""
    """Characters that no font here has letters for."""


@dataclass(frozen=True, eq=False)
class Overlay:
    """A layout in a picture."""

    ground: pygame.Surface
    """All but the letters."""
    letters: pygame.Surface
    texts: tuple[Inscription, ...]
    logo: pygame.Rect | None = None
    safe: pygame.Rect | None = None
    """Where text and logo belong."""

    def whole(self) -> pygame.Surface:
        """Return all of it."""
        picture = self.ground.copy()
        picture.blit(self.letters, (0, 0))
        return picture


def draw(sheet: Sheet, size: Size, words: Occasion, fonts: Fonts, logo: pygame.Surface | None = None) -> Overlay:
    """Return a *sheet* drawn for a picture of *size*. *logo* is the event's own, for a sheet that wants that.

    Slow, above all where fonts of the system have to be looked for. Needs `pygame.font.init`.
    """
    whole = (size.width, size.height)
    drawn = _draw(sheet, pygame.Rect((0, 0), whole), words, fonts, logo)
    if fonts.lacked():
        fonts.search(wait=True)
        fonts.arrived()
        drawn = _draw(sheet, pygame.Rect((0, 0), whole), words, fonts, logo)
    return drawn


def said(text: str, words: Occasion, form: str) -> str:
    """Return what a *text* of a layout says; "" for one with a date that nobody knows."""
    if keys.DATE in text and words.day is None:
        return ""
    day = written(words.day, form) if words.day is not None else ""
    return re.sub("{event}|{date}", lambda found: words.event if found[0] == keys.EVENT else day, text).strip()


def written(day: date, form: str) -> str:
    """Return a *day* in a *form*: D, DD, M, MM, YY and YYYY stand for numbers, all else for itself."""
    parts = {
        "YYYY": f"{day.year:04}", "YY": f"{day.year % 100:02}", "MM": f"{day.month:02}", "M": f"{day.month}",
        "DD": f"{day.day:02}", "D": f"{day.day}",
    }  # fmt: skip
    return re.sub("YYYY|YY|MM|M|DD|D", lambda found: parts[found[0]], form)


# --- One picture -----------------------------------------------------------------------------------------------------


def _draw(sheet: Sheet, whole: pygame.Rect, words: Occasion, fonts: Fonts, logo: pygame.Surface | None) -> Overlay:
    ground, letters = (pygame.Surface(whole.size, pygame.SRCALPHA, 32) for _ in range(2))
    if sheet.artwork is not None:
        ground.blit(scaled(decoded(sheet.artwork), whole.size), (0, 0))
    short = min(whole.size)
    safe = whole.inflate(*(-2 * round(short * sheet.ground.safe_area / 100),) * 2)
    footer = _border(ground, sheet, whole, short)
    picture = decoded(sheet.logo_picture) if sheet.logo_picture is not None else logo
    mark = _mark(sheet, picture, whole, safe) if sheet.logo.shown and picture is not None else None
    if mark is not None and footer is not None and sheet.logo.place.startswith("bottom"):
        mark.centery = min(footer.centery, safe.bottom - mark.height // 2)
    texts: list[Inscription] = []
    groups = _groups(sheet, words)
    for place, group in groups.items():
        room = _room(place, safe, [other for other in groups if other != place], mark, sheet)
        texts += _write(ground, letters, place, group, _Room(room, whole, safe, footer, short), fonts)
    if mark is not None and picture is not None:
        ground.blit(scaled(picture, mark.size), mark)
    return Overlay(ground, letters, tuple(texts), mark, safe)


def _border(ground: pygame.Surface, sheet: Sheet, whole: pygame.Rect, short: int) -> pygame.Rect | None:
    """Paint the border; return its lower part, if texts are to stand in that."""
    side = round(short * sheet.border.width / 100)
    below = max(round(short * sheet.border.bottom / 100), side)
    shade = colour(sheet.border.colour)
    for edge in (
        pygame.Rect(0, 0, whole.width, side),
        pygame.Rect(0, 0, side, whole.height),
        pygame.Rect(whole.width - side, 0, side, whole.height),
        pygame.Rect(0, whole.height - below, whole.width, below),
    ):
        ground.fill(shade, edge)
    return pygame.Rect(side, whole.height - below, whole.width - 2 * side, below) if below > side else None


def _mark(sheet: Sheet, picture: pygame.Surface, whole: pygame.Rect, safe: pygame.Rect) -> pygame.Rect:
    share = sheet.logo.size / 100
    scale = min(
        whole.width * share / picture.get_width(),
        whole.height * share / picture.get_height(),
        safe.width / picture.get_width(),
        safe.height / picture.get_height(),
    )
    mark = pygame.Rect(0, 0, max(round(picture.get_width() * scale), 1), max(round(picture.get_height() * scale), 1))
    return _placed(mark, sheet.logo.place, safe)


def _placed(box: pygame.Rect, place: str, within: pygame.Rect) -> pygame.Rect:
    """Return *box* at its place."""
    box.center = within.center
    for edge in ("left", "right", "top", "bottom"):
        if edge in place.split("-"):
            setattr(box, edge, getattr(within, edge))
    return box


def _row(place: str) -> str:
    return next((edge for edge in ("top", "bottom") if place.startswith(edge)), "middle")


def _groups(sheet: Sheet, words: Occasion) -> Mapping[str, list[tuple[str, str, TextKeys]]]:
    """Return what is said at each place: name, words, keys."""
    groups: dict[str, list[tuple[str, str, TextKeys]]] = {}
    for name in keys.TEXTS:
        text = sheet.texts[name]
        if what := said(text.text, words, sheet.ground.date_form):
            groups.setdefault(text.place, []).append((name, what, text))
    return groups


def _room(place: str, safe: pygame.Rect, others: Sequence[str], mark: pygame.Rect | None, sheet: Sheet) -> int:
    """Return how wide texts at a place may be, beside what else is in that row."""
    beside = [other for other in others if _row(other) == _row(place)]
    room = safe.width
    if mark is not None and _row(sheet.logo.place) == _row(place) and sheet.logo.place != place:
        centred = place in {"top", "middle", "bottom"}
        room -= (mark.width + safe.width // 40) * (2 if centred and sheet.logo.place != _row(place) else 1)
    room = room // (len(beside) + 1) - (safe.width // 40 if beside else 0)
    return max(room, safe.width // 6)


@dataclass(frozen=True)
class _Room:
    """Where a group of texts may be."""

    width: int
    whole: pygame.Rect
    safe: pygame.Rect
    footer: pygame.Rect | None
    short: int


def _write(
    ground: pygame.Surface,
    letters: pygame.Surface,
    place: str,
    group: Sequence[tuple[str, str, TextKeys]],
    room: _Room,
    fonts: Fonts,
) -> list[Inscription]:
    """Write the texts of one place, on their plate; return where they stand."""
    first = next((text for _, _, text in group if text.plate), group[0][2])
    height = pixels(first.size, room.short)
    across, along = (round(height * share) for share in _PAD) if first.plate else (0, 0)
    inset = across if first.plate and first.plate_shape == "box" else 0
    bound = room.width - 2 * inset
    if room.footer is not None and place.startswith("bottom"):
        bound = min(bound, room.footer.width - height)
    high = room.safe.height
    if room.footer is not None and place.startswith("bottom") and not first.plate:
        high = min(round(room.footer.height * _FILLED), 2 * (room.safe.bottom - room.footer.centery))
    gap = round(height * 0.1)
    for share in _SHARES:  # together they may be too high for where they stand, each by itself is not
        parts = [typeset(name, what, text, bound, room.short * share, fonts) for name, what, text in group]
        pictures = [[fonts.render(line, part.weight, part.height, part.ink) for line in part.lines] for part in parts]
        pitches = [[pitch(line, part.height) for line in lines] for part, lines in zip(parts, pictures, strict=True)]
        tall = sum(sum(each) for each in pitches) + gap * (len(parts) - 1)
        if tall <= high:
            break
    wide = max(picture.get_width() for lines in pictures for picture in lines)
    block = pygame.Rect(0, 0, min(wide, bound), tall)
    plate = _plated(ground, first, block, place, room, (across, along))
    if plate is None and room.footer is not None and place.startswith("bottom"):
        _placed(block, place, room.safe)
        block.centery = room.footer.centery
    found, y = [], block.top
    for part, lines, heights in zip(parts, pictures, pitches, strict=True):
        top, left, right = y, block.right, block.left
        for picture, high in zip(lines, heights, strict=True):
            x = _aligned(block, picture.get_width(), place)
            letters.blit(picture, (x, y + (high - picture.get_height()) // 2))
            left, right = min(left, x), max(right, x + picture.get_width())
            y += high
        box = pygame.Rect(left, top, right - left, y - top)
        found.append(Inscription(part.name, box, part.ink, part.height, part.lines, part.cut, part.missing))
        y += gap
    return found


def _aligned(block: pygame.Rect, wide: int, place: str) -> int:
    if "left" in place:
        return block.left
    return block.right - wide if "right" in place else block.left + (block.width - wide) // 2


def _plated(
    ground: pygame.Surface, first: TextKeys, block: pygame.Rect, place: str, room: _Room, pad: tuple[int, int]
) -> pygame.Rect | None:
    """Put *block* where it stands and paint its plate; return that, if there is one."""
    if not first.plate:
        _placed(block, place, room.safe)
        return None
    across, along = pad
    shade = (*colour(first.plate), round(first.plate_opacity * 2.55))
    if first.plate_shape == "box":
        plate = _placed(block.inflate(2 * across, 2 * along), place, room.safe)
        block.center = plate.center
        painted = pygame.Surface(plate.size, pygame.SRCALPHA, 32)
        pygame.draw.rect(painted, shade, painted.get_rect(), border_radius=min(plate.height // 4, 2 * along))
        ground.blit(painted, plate)
        return plate
    _placed(block, place, room.safe)
    plate = pygame.Rect(0, block.top - along, room.whole.width, block.height + 2 * along)
    if place.startswith("bottom"):
        plate.height = room.whole.bottom - plate.top
    elif place.startswith("top"):
        plate.height, plate.top = plate.bottom, 0
    painted = pygame.Surface(plate.size, pygame.SRCALPHA, 32)
    painted.fill(shade)
    ground.blit(painted, plate)
    return plate


# --- Pictures with transparency --------------------------------------------------------------------------------------


def scaled(picture: pygame.Surface, size: tuple[int, int]) -> pygame.Surface:
    """Return *picture*, which has a channel for transparency, in another *size*; nothing bleeds in at its edges."""
    if picture.get_size() == size:
        return picture
    # What is transparent has a colour, too: weighed by how much of it is seen, it cannot be seen afterwards.
    small = pygame.transform.smoothscale(picture.premul_alpha(), size)
    raw = bytearray(pygame.image.tobytes(small, "RGBA"))
    for found in re.finditer(rb"[\x01-\xfe]", raw[3::4]):
        at, alpha = 4 * found.start(), raw[4 * found.start() + 3]
        for part in range(at, at + 3):
            raw[part] = min(raw[part] * 255 // alpha, 255)
    return pygame.image.frombytes(bytes(raw), size, "RGBA")
