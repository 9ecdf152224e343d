"""Text as pictures: the bundled typeface, and the system's fonts for what it has no letters for.

Nothing that a guest types makes this raise. Letters are joined and stacked as their script wants it, from right to left
where it does; what no font here has a letter for is shown as a box, one for each character. Fonts of the system are
looked for in a thread of its own: until they are found, a soft bar stands where a letter will be.
"""

import io
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from pathlib import Path

import pygame
import structlog

from booth.ports import Size
from booth.threads import Loop
from booth.ui.assets import asset
from booth.ui.keeping import Kept, weight_of
from booth.ui.text import bidi, faces
from booth.ui.text.characters import (
    AS_TEXT,
    JOINERS,
    boundaries,
    drawable,
    is_picture,
    latin,
    script,
    seen,
    selects,
    words,
)
from booth.ui.text.faces import FONT_FOLDERS, Face
from booth.ui.theme import Colour

log = structlog.get_logger()


class Weight(Enum):
    """The cuts of the typeface that are bundled. The value is the file's."""

    MEDIUM = "fonts/MPLUSRounded1c-Medium.ttf"
    BOLD = "fonts/MPLUSRounded1c-Bold.ttf"
    EXTRA = "fonts/MPLUSRounded1c-ExtraBold.ttf"

    __hash__ = object.__hash__  # each text is looked up by its weight, too; Enum's own hash takes a call in Python


ELLIPSIS = "\u2026"

PICTURE_SIZE = 109
"""Pixels of type size that coloured emoji are drawn at. They have no other; they are shrunk."""
PICTURE_SHARE = 0.94
"""How large they are shown, in shares of the letters beside them."""

PICTURES_KEPT = 8_000_000
"""Bytes of pictures of text that are kept at least; on a screen of 800x480 the booth's own take 3 MB to 4 MB."""
SCREENFULS = 4
"""Bytes that are kept on a large screen, as a factor of those that its pixels have: pictures of text grow with it."""
_LINES_KEPT = 2_000_000
"""Bytes of measured lines that are kept; they are small, and every cut and wrap measures many."""
_FACES_KEPT = 6000
"""Visible characters of which it is known what font has them."""
_FONTS_KEPT = 96
"""Open fonts, one for each size and script."""

_WIDEST = 16_384
"""Pixels: what is wider is not drawn. Nobody could read it, and the drawing library breaks when it is much wider."""


@dataclass(frozen=True)
class _Run:
    """Characters of a line that one font shows in one go: ``text[start:end]``."""

    start: int
    end: int
    face: Face | None
    """None for what no font has: a box for each character."""
    script: str
    level: int

    def like(self, other: "_Run") -> bool:
        """Whether both can be shown in one go."""
        return (self.face, self.level) == (other.face, other.level) and self.script in {other.script, ""}


@dataclass(frozen=True)
class _Piece:
    """A run where it stands: *x* pixels from the left, *width* wide."""

    run: _Run
    x: int
    width: int


@dataclass(frozen=True)
class _Laid:
    """A line as it stands on the screen, from the left to the right."""

    pieces: tuple[_Piece, ...]
    width: int

    @property
    def weight(self) -> int:
        """How many bytes it takes, its text counted, in round numbers."""
        letters = max((piece.run.end for piece in self.pieces), default=0)
        return 400 + 4 * letters + 400 * len(self.pieces)


class Fonts:
    """Loads each font once, and keeps the pictures of what was written lately. Needs ``pygame.font.init()``.

    Fonts of the system are looked for in *folders*, when `search` is called or a text first needs one; without any
    folder nothing is looked for. *titles* is a font that takes the place of the heaviest cut, as far as it has the
    letters.
    """

    def __init__(self, folders: Sequence[Path] = FONT_FOLDERS, titles: Path | None = None) -> None:
        self._folders = folders
        self._titles = titles
        self._own: dict[Weight, tuple[Face, ...]] = {}
        self._held: dict[str, bytes] = {}
        """The bundled files, by their paths: a letter is looked up in memory twice as fast as by seeking in a file."""
        self._others: tuple[Face, ...] = ()
        self._thread: Loop | None = None
        self._searched = False
        self._missed = False
        self._faces: dict[tuple[str, Weight], Face | None] = {}
        self._fonts: OrderedDict[tuple[str, int, str, bool], pygame.font.Font] = OrderedDict()
        self._lines: Kept[tuple[str, Weight, int], _Laid] = Kept(_LINES_KEPT, lambda laid: laid.weight)
        self._pictures: Kept[tuple[str, Weight, int, Colour], pygame.Surface] = Kept(PICTURES_KEPT, weight_of)

    # ---- the fonts of the system

    def search(self, *, wait: bool = False) -> None:
        """Look for the fonts of the system, once, in a thread of its own; *wait* for the end of that if asked to."""
        if not self._folders:
            return
        if self._thread is None:
            self._thread = Loop("fonts", self._search)
            self._thread.start()
        if wait:
            self._thread.join()

    def lacked(self) -> bool:
        """Return whether something was measured or shown without letters that are still looked for."""
        return self._missed and not self._searched

    def arrived(self) -> bool:
        """Return, once, that fonts were found which a text already shown had to do without: paint it again."""
        if self._searched or self._searching():
            return False
        self._searched = True
        if self._missed:
            self._forget()
        return self._missed

    def _search(self) -> None:
        self._others = tuple(faces.search(self._folders))
        if missing := faces.lacking(self._others):
            log.warning(
                "letters.missing",
                scripts=missing,
                why=f"names in these scripts are shown as boxes, and sent as they were typed; {faces.INSTALL}",
            )

    def _searching(self) -> bool:
        return bool(self._folders) and (self._thread is None or self._thread.alive)

    # ---- what is kept

    def allow(self, size: Size) -> None:
        """Keep as much as a screen of *size* needs."""
        self._pictures.allow(max(PICTURES_KEPT, SCREENFULS * 4 * size.width * size.height))

    def lend(self) -> None:
        """Keep what is written from now on, a guest's text among it, until `forget` only."""
        self._lines.lend()
        self._pictures.lend()

    def forget(self) -> None:
        """Let go of what was written since `lend`, and of what fonts were asked for by it."""
        self._lines.forget()
        self._pictures.forget()
        self._faces = {key: face for key, face in self._faces.items() if len(key[0]) == 1}

    def close(self) -> None:
        """Close the files of all fonts; what is written after that opens them again.

        Due before pygame's fonts are shut down: those that are let go later leave their files open for ever.
        """
        self._fonts.clear()

    def _forget(self) -> None:
        self._faces.clear()
        self._lines.clear()
        self._pictures.clear()

    # ---- what others ask

    def render(self, text: str, weight: Weight, height: int, colour: Colour) -> pygame.Surface:
        """Return *text* in one line, *height* pixels of type size, on nothing. Never raises for any text."""
        key = (text, weight, height, colour)
        return self._pictures.get(key, lambda: self._render(text, weight, height, colour))

    def width(self, text: str, weight: Weight, height: int) -> int:
        """Return how many pixels wide `render` makes *text*."""
        return self._laid(text, weight, height).width

    def lacking(self, text: str, weight: Weight) -> tuple[str, ...]:
        """Return the visible characters of *text* that no font here has a letter for: `render` makes boxes of them."""
        boxes = [run for run in self._runs(text, weight) if run.face is None]
        return tuple(text[a:b] for a, b in pairwise(boundaries(text)) if any(r.start <= a < r.end for r in boxes))

    def cut(self, text: str, weight: Weight, height: int, room: int) -> str:
        """Return *text*, or as many of its characters as fit into *room* pixels with an ellipsis behind, or ""."""
        if self.width(text, weight, height) <= room:
            return text
        ends = boundaries(text)
        low, high = 0, len(ends) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[: ends[middle]].rstrip() + ELLIPSIS, weight, height) <= room:
                low = middle
            else:
                high = middle - 1
        shown = text[: ends[low]].rstrip() + ELLIPSIS
        return shown if self.width(shown, weight, height) <= room else ""

    def wrap(self, text: str, weight: Weight, height: int, room: int) -> list[str]:
        """Return *text* in lines no wider than *room* pixels, broken at blanks and at line ends.

        Chinese and Japanese are broken anywhere; any other word that is too long is cut.
        """
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for word, blank in words(paragraph):
                longer = f"{line}{' ' if blank and line else ''}{word}"
                if self.width(longer, weight, height) <= room:
                    line = longer
                    continue
                if line:
                    lines.append(line)
                    longer = word
                line = self.cut(longer, weight, height, room)
            lines.append(line)
        return lines

    def caret_x(self, text: str, index: int, weight: Weight, height: int) -> int:
        """Return where a caret before ``text[index]`` stands, in pixels from the left end of what `render` shows.

        Where two directions meet, that is the end of what is before the caret: there the guest has just typed.
        """
        laid = self._laid(text, weight, height)
        index = min(max(index, 0), len(text))
        before = [piece for piece in laid.pieces if piece.run.start < index <= piece.run.end]
        piece = before[0] if before else next((p for p in laid.pieces if p.run.start <= index <= p.run.end), None)
        if piece is None:  # beside what is never seen
            piece = max((p for p in laid.pieces if p.run.end <= index), key=lambda p: p.run.end, default=None)
            if piece is None:
                return laid.width if bidi.base(text) else 0
        return self._x_in(text, piece, min(index, piece.run.end), height, weight)

    def index_at(self, text: str, x: int, weight: Weight, height: int) -> int:
        """Return the caret position, between two visible characters, that `caret_x` shows nearest to *x*."""
        # Every place is looked at: where letters are joined, one more can make a word narrower, so there is no order in
        # which to search. A full line takes some 2 ms of a desktop's processor, once a touch.
        if not self._laid(text, weight, height).pieces:
            return 0
        return min(boundaries(text), key=lambda end: abs(self.caret_x(text, end, weight, height) - x))

    # ---- how a line is laid out

    def _laid(self, text: str, weight: Weight, height: int) -> _Laid:
        return self._lines.get((text, weight, height), lambda: self._lay(text, weight, height))

    def _lay(self, text: str, weight: Weight, height: int) -> _Laid:
        while True:
            runs = list(self._runs(text, weight))
            try:
                pieces, x = [], 0
                for index in bidi.order([run.level for run in runs]):
                    width = self._advance(text[runs[index].start : runs[index].end], runs[index], height, weight)
                    pieces.append(_Piece(runs[index], x, width))
                    x += width
            except _BrokenFaceError as exc:
                self._others = tuple(face for face in self._others if face is not exc.face)
                self._forget()
                continue
            return _Laid(tuple(pieces), x)

    def _runs(self, text: str, weight: Weight) -> Iterator[_Run]:
        """Split *text* into runs that one font can show, in the order in which they are read."""
        own = self._own_faces(weight)
        if len(own) == 1 and latin(text):  # nearly everything that the booth says
            others = {char for char in text if not char.isascii()}
            if all(self._face(char, weight) is own[0] for char in others):
                yield _Run(0, len(text), own[0], max(map(script, others), default=""), 0)
                return
        yield from self._split(text, weight)

    def _split(self, text: str, weight: Weight) -> Iterator[_Run]:
        """Split *text*, of whatever scripts, as `_runs` does: character by character, which is slow."""
        levels = bidi.levels(text) if bidi.right_to_left(text) else [0] * len(text)
        held: _Run | None = None
        for start, end in pairwise(boundaries(text)):
            shown = seen(text[start:end])
            if not shown:
                continue
            sticks = held.face if held is not None and shown.isspace() else None
            face = sticks if sticks and not sticks.pictures and shown in sticks.coverage else self._face(shown, weight)
            run = _Run(start, end, face, script(shown), levels[start])
            if held is not None and held.end == start and run.like(held):
                held = _Run(held.start, end, face, held.script, held.level)
            elif held is not None and held.end == start and held.like(run):
                held = _Run(held.start, end, face, run.script, held.level)
            else:
                if held is not None:
                    yield held
                held = run
        if held is not None:
            yield held

    def _face(self, cluster: str, weight: Weight) -> Face | None:
        """Return the font for one visible character, which may be several for Unicode."""
        if cluster.isspace():
            return self._own_faces(weight)[-1]  # a blank that a font lacks is made of the one that it has
        key = (cluster, weight)
        if key not in self._faces:
            searching = self._searching()
            found = self._face_for(cluster, weight)
            if found is None and searching:
                self._missed = True
                self.search()
                return None
            if len(self._faces) > _FACES_KEPT:
                self._faces.clear()
            self._faces[key] = found
        return self._faces[key]

    def _face_for(self, cluster: str, weight: Weight) -> Face | None:
        letters = [char for char in cluster if char not in JOINERS and not selects(char)]
        pictures = [face for face in self._others if face.pictures]
        plain = [*self._own_faces(weight), *(face for face in self._others if not face.pictures)]
        ordered = [*pictures, *plain] if is_picture(cluster) else [*plain[: len(self._own_faces(weight))]]
        if not is_picture(cluster):
            ordered += [*([] if AS_TEXT in cluster else pictures), *plain[len(ordered) :]]
        whole = (face for face in ordered if all(char in face.coverage for char in letters))
        first = (face for face in ordered if letters and letters[0] in face.coverage)
        return next(whole, None) or next(first, None)

    def _own_faces(self, weight: Weight) -> tuple[Face, ...]:
        """Return the fonts that the booth brings along for a weight, and the owner's for titles."""
        if weight not in self._own:
            paths = [asset(weight.value)]
            self._held[str(paths[0])] = paths[0].read_bytes()
            if weight is Weight.EXTRA and self._titles is not None:
                paths.insert(0, self._titles)
            self._own[weight] = tuple(Face(str(path), faces.coverage(path), str(path)) for path in paths)
        return self._own[weight]

    # ---- measuring and drawing one run

    def _advance(self, text: str, run: _Run, height: int, weight: Weight) -> int:
        """Return how wide *text*, the whole of a run or its beginning, is."""
        if run.face is None:
            return len(boundaries(text)[1:]) * _box_width(height)
        try:
            wide = self._font(run, height, weight).size(drawable(text))[0]
        except (pygame.error, UnicodeError, ValueError):
            return 0
        return round(wide * _shrunk(height)) if run.face.pictures else wide

    def _x_in(self, text: str, piece: _Piece, index: int, height: int, weight: Weight) -> int:
        """Return where a caret before ``text[index]``, in or at the end of a piece, stands."""
        run = piece.run
        if index <= run.start:
            along = 0
        elif index >= run.end:
            along = piece.width
        else:
            along = min(self._advance(text[run.start : index], run, height, weight), piece.width)
        return piece.x + piece.width - along if run.level % 2 else piece.x + along

    def _render(self, text: str, weight: Weight, height: int, colour: Colour) -> pygame.Surface:
        laid = self._laid(text, weight, height)
        main = self._font(_Run(0, 0, self._own_faces(weight)[-1], "", 0), height, weight)
        up, tall = main.get_ascent(), main.get_height()
        pictures: list[tuple[pygame.Surface, int, int]] = []
        for piece in laid.pieces:
            drawn = self._drawn(text[piece.run.start : piece.run.end], piece.run, height, weight, colour)
            if drawn is not None:
                pictures.append((drawn[0], piece.x, drawn[1]))
        # What is taller than the typeface gets as much room above as below, so that lines stay where they are.
        more = max(
            (max(above - up, picture.get_height() - above - (tall - up)) for picture, _, above in pictures), default=0
        )
        more = max(more, 0)
        if len(pictures) == 1 and pictures[0][2] == up and pictures[0][0].get_height() == tall:
            return pictures[0][0]
        wide = max((x + picture.get_width() for picture, x, _ in pictures), default=1)
        whole = pygame.Surface((max(wide, 1), tall + 2 * more), pygame.SRCALPHA)
        for picture, x, above in pictures:
            whole.blit(picture, (x, more + up - above))
        return whole

    def _drawn(
        self, text: str, run: _Run, height: int, weight: Weight, colour: Colour
    ) -> tuple[pygame.Surface, int] | None:
        """Return the picture of a run and how far its letters stand above its base line."""
        if run.face is None:
            return self._boxes(len(boundaries(text)[1:]), height, colour)
        try:
            font = self._font(run, height, weight)
            if font.size(drawable(text))[0] > _WIDEST:
                return None
            picture = font.render(drawable(text), True, colour)
            if not run.face.pictures:
                return picture, font.get_ascent()
            scale = _shrunk(height)
            size = (max(round(picture.get_width() * scale), 1), max(round(picture.get_height() * scale), 1))
            return pygame.transform.smoothscale(picture, size), round(font.get_ascent() * scale)
        except (pygame.error, UnicodeError, ValueError):
            return None

    def _boxes(self, count: int, height: int, colour: Colour) -> tuple[pygame.Surface, int]:
        """Return a box for each of *count* characters that no font has; a soft bar while fonts are looked for."""
        wide, tall = _box_width(height), max(round(height * 0.74), 2)
        whole = pygame.Surface((min(wide * count, _WIDEST), tall), pygame.SRCALPHA)
        gap, line, radius = max(wide // 8, 1), max(height // 16, 1), max(height // 8, 1)
        for index in range(count):
            box = pygame.Rect(index * wide + gap, 0, wide - 2 * gap, tall)
            if self._missed and not self._searched:
                pygame.draw.rect(whole, (*colour, 70), box, border_radius=radius)
            else:
                pygame.draw.rect(whole, colour, box, line, border_radius=radius)
        return whole, tall

    def _font(self, run: _Run, height: int, weight: Weight) -> pygame.font.Font:
        """Return the open font for a run. Raises `_BrokenFaceError` if it cannot be opened."""
        face, rightwards = run.face, run.level % 2 == 0
        if face is None:
            raise ValueError("boxes have no font")
        path = face.path if weight is Weight.MEDIUM else face.bold
        size = PICTURE_SIZE if face.pictures else height

        def opened() -> pygame.font.Font:
            try:
                held = self._held.get(path)
                font = pygame.font.Font(path if held is None else io.BytesIO(held), size)
                font.size("a")  # a broken font opens; used in any other way than this it takes the booth down
                if run.script:
                    font.set_script(run.script)
                font.set_direction(pygame.DIRECTION_LTR if rightwards else pygame.DIRECTION_RTL)
            except (pygame.error, OSError) as exc:
                if face in self._others:
                    raise _BrokenFaceError(face) from exc
                raise
            return font

        key = (path, size, run.script, rightwards)
        font = self._fonts.get(key)
        if font is None:
            font = self._fonts[key] = opened()
            if len(self._fonts) > _FONTS_KEPT:
                self._fonts.popitem(last=False)
        self._fonts.move_to_end(key)
        return font


class _BrokenFaceError(Exception):
    """A font of the system that promised letters, and cannot be drawn with."""

    def __init__(self, face: Face) -> None:
        super().__init__(face.path)
        self.face = face


def _shrunk(height: int) -> float:
    return PICTURE_SHARE * height / PICTURE_SIZE


def _box_width(height: int) -> int:
    return max(round(height * 0.66), 4)
