"""A surface to paint on, and the list of patches that a scene is made of.

A scene is painted as `Patch` s, back to front. A patch says what it depends on (its ``key``); only those whose key has
changed are painted again, together with what lies over them there. So a scene is described whole each time, and a booth
at rest paints almost nothing.
"""

import struct
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import is_

import pygame

from booth.ui.drawing.icons import Icon
from booth.ui.drawing.icons import picture as icon_picture
from booth.ui.drawing.shapes import BLEND, Shapes
from booth.ui.keeping import Kept, weight_of
from booth.ui.layout import Box, fitted
from booth.ui.text.fonts import Fonts, Weight
from booth.ui.theme import Colour, Theme, contrast

BOLDER = 1.6
"""Steps of the grid by which lines are wider on a bold canvas at most: what is beside them stays free."""

EDGE = 1.0
"""How wide the border is that a bold canvas gives to what has none; itself made bolder. In steps of the grid."""

TILE = 64
"""Rows of what a large area is filled with: a fifth of a megabyte at 800 pixels."""

FEW = 6
"""Areas that are painted one by one; more of them are painted as one."""

SMALL = 40
"""An area is small if so many of it have room on the screen: what it shows is kept, for it will come again..."""
SIGHTS = 2
"""...in as many bytes at most as this part of the screen takes."""

Paint = Callable[["Canvas"], None]


@dataclass(frozen=True)
class Patch:
    """Something on the screen that changes as one."""

    name: str
    box: Box
    """Where it paints; nothing of it is seen outside."""
    key: Hashable
    """What it depends on. As long as this stays the same the patch is not painted again."""
    paint: Paint


@dataclass(frozen=True)
class Written:
    """A line of text that was painted, for the tests: nothing may overflow or overlap."""

    text: str
    box: Box
    room: Box
    wanted: str
    """What was to be written; more than *text* if there was no room for all of it, even at its smallest."""
    colour: Colour
    ground: Colour
    """Most of what is under it."""
    contrast: float
    """The least that it has against anything that is under it."""
    size: float
    """Size of its type, in steps of the grid."""

    @property
    def cut(self) -> bool:
        """Whether something is missing."""
        return self.text != self.wanted


@dataclass(frozen=True)
class Drawn:
    """A sign that was painted, for the tests."""

    icon: Icon
    colour: Colour
    ground: Colour


class Canvas:
    """Paints text, signs and boxes in a theme's colours."""

    def __init__(self, surface: pygame.Surface, theme: Theme, fonts: Fonts, shapes: Shapes, unit: float) -> None:
        self.surface = surface
        self.theme = theme
        self.fonts = fonts
        self.shapes = shapes
        self.unit = unit
        self.bold = False
        """Whether borders and carets are wider, and what has no border gets one."""
        self.written: list[Written] | None = None
        """Lines of text that were written, if it was set to a list; that costs time."""
        self.drawn: list[Drawn] | None = None
        """The same for signs."""

    def px(self, steps: float) -> int:
        """Return *steps* of the layout's grid in pixels."""
        return round(steps * self.unit)

    def line(self, steps: float) -> int:
        """Return how many pixels wide a line is that marks something."""
        return self.px(min(2 * steps, steps + BOLDER) if self.bold else steps)

    def fill(self, box: Box, colour: Colour) -> None:
        """Fill a box with square corners.

        With a tile of that colour: SDL fills around the processor's cache, and a row that does not begin and end with a
        line of that takes it five times as long; then what is painted over it waits for the memory.
        """
        area = self.surface.get_clip().clip(box.tuple)
        across = self.surface.get_width()
        if area.width == across:
            self.surface.fill(colour, area)
            return
        tile = self.shapes.kept(("plain", across, colour), lambda: _plain(self.surface, colour))
        for top in range(area.top, area.bottom, TILE):
            self.surface.blit(tile, (area.left, top), (0, 0, area.width, min(TILE, area.bottom - top)))

    def box(self, box: Box, radius: float, fill: Colour | None, border: Colour | None = None, line: float = 0) -> None:
        """Paint a box with round corners; *radius* and *line* in steps of the grid. A bold canvas borders every one."""
        if self.bold and border is None and fill is not None:
            border, line = self.theme.line, EDGE
        picture = self.shapes.box((box.width, box.height), self.px(radius), fill, border, self.line(line))
        self.stamp(picture, box.x, box.y)

    def stamp(self, picture: pygame.Surface, x: int, y: int) -> None:
        """Put a smooth shape on the surface."""
        self.surface.blit(picture, (x, y), special_flags=BLEND)

    def picture(self, picture: pygame.Surface, box: Box, align: str = "centre") -> None:
        """Put a picture, its colours multiplied by its alpha, into a box: as large as fits, halfway down."""
        place = fitted(*picture.get_size(), box)
        size = (place.width, place.height)
        scaled = self.shapes.kept(("picture", picture, size), lambda: pygame.transform.smoothscale(picture, size))
        x = {"left": box.x, "centre": place.x, "right": box.right - place.width}[align]
        self.stamp(scaled, x, place.y)

    def icon(self, icon: Icon, box: Box, colour: Colour) -> None:
        """Paint a sign as large as fits in the middle of *box*."""
        side = min(box.width, box.height)
        picture = self.shapes.kept(("icon", icon, side, colour), lambda: icon_picture(icon, side, colour))
        if self.drawn is not None:
            place = pygame.Rect(box.x + (box.width - side) // 2, box.y + (box.height - side) // 2, side, side)
            self.drawn.append(Drawn(icon, colour, self._under(colour, place)[0]))
        self.stamp(picture, box.x + (box.width - side) // 2, box.y + (box.height - side) // 2)

    def text(
        self,
        text: str,
        box: Box,
        *,
        size: float,
        colour: Colour,
        weight: Weight = Weight.BOLD,
        align: str = "left",
        smallest: float | None = None,
    ) -> Box:
        """Write *text* on one line in the middle of the box's height; return where it is.

        *size* in steps of the grid. Text that is too wide becomes smaller, down to *smallest*, and is then cut.
        """
        height = self.px(size)
        least = self.px(smallest if smallest is not None else size)
        while height > least and (wide := self.fonts.width(text, weight, height)) > box.width:
            # Letters grow in proportion, but for rounding: this is never far from the size that fits.
            height = max(min(height - 1, height * box.width // wide + 1), least)
        shown = self.fonts.cut(text, weight, height, box.width)
        picture = self.fonts.render(shown, weight, height, colour)
        width, tall = picture.get_size()
        spare = box.width - width
        x = box.x + {"left": 0, "centre": spare // 2, "right": spare}[align]
        y = box.y + (box.height - tall) // 2
        if self.written is not None and text.strip():
            # What is inked is lower than the line: ascent and descent leave air that may hang over.
            inked = picture.get_bounding_rect().move(x, y)
            ground, lowest = self._under(colour, inked)
            self.written.append(Written(shown, Box(*inked), box, text, colour, ground, lowest, height / self.unit))
        self.surface.blit(picture, (x, y))
        return Box(x, y, width, tall)

    def _under(self, colour: Colour, area: pygame.Rect) -> tuple[Colour, float]:
        """Return what most of *area* is painted in, and the least contrast of *colour* against anything there."""
        seen = area.clip(self.surface.get_rect())
        width, height = seen.size
        if not (width and height):
            return colour, 21.0
        painted = pygame.image.tobytes(self.surface.subsurface(seen), "RGBX")
        pixels = memoryview(painted).cast("I")  # numbers, for they are many: a colour for each is slow
        counted: Counter[int] = Counter()
        for row in range(0, height, 3):
            counted.update(pixels[row * width : (row + 1) * width : 3])
        most = _colour(counted.most_common(1)[0][0])
        return most, min(contrast(colour, _colour(other)) for other in counted)

    def paragraph(
        self,
        text: str,
        box: Box,
        *,
        size: float,
        colour: Colour,
        weight: Weight = Weight.MEDIUM,
        align: str = "left",
        spacing: float = 1.3,
        smallest: float | None = None,
        balanced: bool = False,
    ) -> int:
        """Write *text* in as many lines as it needs, from the top of the box; return the y below the last one.

        Text that needs more than the box's height, or has a word that is wider than the box, becomes smaller, down to
        *smallest*; what is still too long is cut. *balanced* has no word left alone on the last line.
        """
        height = self.px(size)
        least = self.px(smallest if smallest is not None else size)
        lines = self.fonts.wrap(text, weight, height, box.width)
        while height > least and (round(height * spacing) * len(lines) > box.height or _lost(text, lines)):
            height -= 1
            lines = self.fonts.wrap(text, weight, height, box.width)
        step = round(height * spacing)
        fitting = max(box.height // step, 1)
        if len(lines) > fitting:
            rest = " ".join(lines[fitting - 1 :])
            lines = [*lines[: fitting - 1], self.fonts.cut(rest, weight, height, box.width)]
        elif balanced:
            lines = self.balanced(text, lines, box.width, height, weight)
        for index, line in enumerate(lines):
            row = Box(box.x, box.y + index * step, box.width, step)
            self.text(line, row, size=height / self.unit, colour=colour, weight=weight, align=align)
        if self.written and _lost(text, lines):
            self.written[-1] = replace(self.written[-1], wanted=text)
        return box.y + len(lines) * step

    def balanced(self, text: str, lines: Sequence[str], width: int, height: int, weight: Weight) -> list[str]:
        """Return *text* in as many lines as *lines*, of lengths as alike as can be: no word is left alone on the last.

        *width* and *height*, of the type, are in pixels.
        """
        longest = max((self.fonts.width(word, weight, height) for word in text.split()), default=width)
        narrow, wide = max(width // max(len(lines), 1), longest - 1), width
        while wide - narrow > 4:
            middle = (narrow + wide) // 2
            if len(self.fonts.wrap(text, weight, height, middle)) > len(lines):
                narrow = middle
            else:
                wide = middle
        return self.fonts.wrap(text, weight, height, wide)


def _changed(before: Sequence[Patch], patches: Sequence[Patch]) -> Iterator[Box]:
    """Yield the boxes in which something is otherwise than before."""
    others = [(was, patch) for was, patch in zip(before, patches, strict=False) if was is not patch]
    if len(before) == len(patches) and all(was.name == patch.name for was, patch in others):
        # As at most beats of an invitation: what has changed is one patch of many, and nothing has come or gone.
        for was, patch in others:
            if was.box != patch.box:
                yield was.box
                yield patch.box
            elif was.key != patch.key:
                yield patch.box
        return
    old = {patch.name: patch for patch in before}
    for patch in patches:
        had = old.get(patch.name)
        if had is patch:
            continue
        if had is not None and had.box == patch.box:
            if had.key != patch.key:
                yield patch.box
            continue
        if had is not None:
            yield had.box
        yield patch.box
    for name in old.keys() - {patch.name for patch in patches}:
        yield old[name].box


def _plain(like: pygame.Surface, colour: Colour) -> pygame.Surface:
    """Return a tile as wide as a surface, in its format."""
    tile = pygame.Surface((like.get_width(), TILE), 0, like)
    tile.fill(colour)
    return tile


def _colour(pixel: int) -> Colour:
    """Return the colour of a pixel that was four bytes in memory: red, green, blue, and what does not matter."""
    red, green, blue, _ = struct.pack("I", pixel)
    return red, green, blue


def _lost(text: str, lines: Sequence[str]) -> bool:
    """Return whether *lines* are not all of *text*, blanks aside."""
    return "".join(text.split()) != "".join("".join(lines).split())


@dataclass(frozen=True)
class _Sight:
    """What a small area shows."""

    patches: tuple[Patch, ...]
    """Patches that were painted there. Kept beside it, so that nothing else has their ids as long as it is here."""
    picture: pygame.Surface


class Repainter:
    """Paints lists of patches, each time only what has changed since the last.

    Where a scene keeps its patches, as the very same ground shows, what a small area showed is kept as well: a light
    that goes on and off is painted once, and then put there.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._shown: tuple[Patch, ...] = ()
        width, height = canvas.surface.get_size()
        self._small = width * height // SMALL
        self._sights: Kept[Hashable, _Sight] = Kept(
            width * height * 4 // SIGHTS, lambda sight: weight_of(sight.picture)
        )

    def forget(self) -> None:
        """Paint everything the next time."""
        self._shown = ()

    def show(self, patches: Sequence[Patch]) -> list[pygame.Rect]:
        """Paint what has changed; return the rectangles that were touched, [] if none."""
        before, self._shown = self._shown, tuple(patches)
        if len(before) == len(patches) and all(map(is_, before, patches)):
            return []
        lasts = bool(before) and before[0] is patches[0]
        if not lasts:
            self._sights.clear()
        stale = self._stale(before, self._shown)
        boxes = [patch.box.tuple for patch in patches]
        for area in stale:
            over = tuple(patches[index] for index in area.collidelistall(boxes))
            if lasts and area.width * area.height <= self._small:
                self._put(area, over)
            else:
                self._paint(area, over)
        return stale

    def _paint(self, area: pygame.Rect, patches: tuple[Patch, ...]) -> None:
        """Paint what all *patches* are in an area."""
        surface = self._canvas.surface
        for patch in patches:
            surface.set_clip(area.clip(patch.box.tuple))
            patch.paint(self._canvas)
        surface.set_clip(None)

    def _put(self, area: pygame.Rect, patches: tuple[Patch, ...]) -> None:
        """Put what *patches* are into a small area: painted the first time, and then as it was."""
        canvas = self._canvas
        if canvas.written is not None or canvas.drawn is not None:
            self._paint(area, patches)  # somebody takes note of what is painted
            return

        def painted() -> _Sight:
            self._paint(area, patches)
            return _Sight(patches, canvas.surface.subsurface(area).copy())

        sight = self._sights.get((*area, *map(id, patches)), painted)
        canvas.surface.blit(sight.picture, area)

    def _stale(self, before: tuple[Patch, ...], patches: tuple[Patch, ...]) -> list[pygame.Rect]:
        screen = self._canvas.surface.get_rect()
        if not before or before[0].key != patches[0].key:
            return [screen]
        areas: list[pygame.Rect] = []
        for box in _changed(before, patches):
            area = pygame.Rect(box.tuple).clip(screen)
            # Areas that overlap are painted as one, or what is half transparent in both would be painted twice.
            while (index := area.collidelist(areas)) >= 0:
                area = area.union(areas.pop(index))
            if area.width and area.height:
                areas.append(area)
        # Every area walks through all patches: when a whole keyboard changes, one large area is the cheaper way.
        return areas if len(areas) <= FEW else [areas[0].unionall(areas[1:])]
