"""The scenes in front of the lens: the mirrored preview, the cue, the digits, the frames just taken, and the flash.

The preview is cut as the animation will be: what a guest sees is what it will hold. Everything else stands beside it,
nearest to the lens what is to be looked at; only the cue and one line lie over its edges.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from booth.core.visit import SessionId
from booth.ports import Picture, Size
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import TOWARDS, USUAL_ANIMATION, Box, Layout, Side, fitted
from booth.ui.pieces.ground import ground
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.theme import VEIL, blend

GROWN = (1.9, 1.5, 1.2, 0.94, 1.04)
"""How large a frame is that has just been taken, step by step; then it lies still."""
STEP = 0.06
"""Seconds of each of these steps."""

ARROWS = {Side.TOP: Icon.UP, Side.BOTTOM: Icon.DOWN, Side.LEFT: Icon.LEFT, Side.RIGHT: Icon.RIGHT}


@dataclass(frozen=True)
class PosingPlaces:
    """The preview, as the frames will be cut; the cue at the edge where the lens is; digits and frames beside it all.

    Nothing lies over the preview but the cue and, at the edge across, one line: faces stay free.
    """

    preview: Box
    cue: Box
    arrow: Box
    """The cue without its words."""
    greeting: Box
    """The line while nobody has to stand still yet."""
    line: Box
    digit: Box
    bar: Box
    film: Box
    """Room for the frames, one after the other along its longer side."""


@lru_cache(maxsize=4)
def places(layout: Layout) -> PosingPlaces:
    """Lay out the scenes in front of the lens."""
    px, lens = layout.px, layout.housing.lens
    width, height = layout.size.width, layout.size.height
    last = lens is Side.BOTTOM  # what is to be looked at is nearest to the lens
    across, down = layout.animation.width, layout.animation.height
    if layout.upright:
        # However wide it is, the lines over it have room; however high, the digit can be read.
        high = min(max(width * down // across, px(220)), height - px(290))
        room = Box(0, height - high if last else 0, width, high)
        rest = Box(0, 0 if last else high, width, height - high)
        film_high = px(98)
        film = Box(px(8), rest.y + px(8) if last else rest.bottom - px(8) - film_high, width - px(16), film_high)
        top = film.bottom if last else rest.y
        spare = rest.height - film_high - px(8)
        digit = Box(px(16), top + px(4), width - px(32), spare - px(40))
    else:
        # However narrow the animation is, the lines over it have room.
        wide = max(width - max(height * across // down, px(324)), px(132))
        left = lens is Side.LEFT
        room = Box(wide if left else 0, 0, width - wide, height)
        panel = Box(0 if left else width - wide, 0, wide, height)
        high = px(178)
        digit = Box(panel.x + px(4), height - high - px(26) if last else px(4), wide - px(8), high)
        film_high = height - high - px(26) - px(16)
        film = Box(panel.x + px(10), px(8) if last else height - px(8) - film_high, wide - px(20), film_high)
    bar = Box(digit.centre[0] - px(60), digit.bottom + px(8), px(120), px(10))
    preview = fitted(across, down, room)
    cue, greeting = _over(layout, preview if preview.width >= px(324) and preview.height >= px(220) else room)
    line = greeting
    if last:  # not where the heads are: beside the arrow
        line = Box(room.x + px(12), cue.y, cue.centre[0] - px(52) - room.x, cue.height)
    return PosingPlaces(preview, cue, _arrow(layout, cue), greeting, line, digit, bar, film)


def _arrow(layout: Layout, cue: Box) -> Box:
    """Return where the arrow of the *cue* is when it stands there alone: a flat tab at the edge by the lens.

    Where heads are, it takes half of the height that it has with words: no hair is under it.
    """
    px, (x, y) = layout.px, cue.centre
    long, flat, near = px(64), px(30), px(6)
    match layout.housing.lens:
        case Side.TOP:
            return Box(x - long // 2, cue.y - near, long, flat)
        case Side.BOTTOM:
            return Box(x - long // 2, cue.bottom + near - flat, long, flat)
        case Side.LEFT:
            return Box(cue.x - near, y - long // 2, flat, long)
        case Side.RIGHT:
            return Box(cue.right + near - flat, y - long // 2, flat, long)


def _over(layout: Layout, preview: Box) -> tuple[Box, Box]:
    """Return where the cue to the lens and the line across from it lie over the *preview*."""
    px, lens = layout.px, layout.housing.lens
    middle = preview.centre[0]
    wide, high = px(300), px(52)
    upper = Box(middle - wide // 2, preview.y + px(8), wide, high)
    lower = Box(middle - wide // 2, preview.bottom - px(8) - high, wide, high)
    half = preview.centre[1] - high // 2
    match lens:
        case Side.TOP:
            return upper, lower
        case Side.BOTTOM:
            return lower, upper
        case Side.LEFT:
            return Box(preview.x + px(12), half, px(250), high), lower
        case Side.RIGHT:
            return Box(preview.right - px(12) - px(250), half, px(250), high), lower


def preview(stage: Stage) -> Iterator[Patch]:
    """Yield the mirrored picture, or that there is none yet."""
    theme, box = stage.theme, places(stage.layout).preview
    yield ground(stage, "posing", theme.dark)
    picture = stage.preview()
    if picture is None:
        line = Box(box.x, box.centre[1] - stage.layout.px(12), box.width, stage.layout.px(90))

        def paint(canvas: Canvas) -> None:
            words = stage.words.no_preview
            canvas.text(words, line, size=24, smallest=16, colour=theme.on_dark, weight=Weight.MEDIUM, align="centre")

        yield Patch("no preview", line, (stage.words,), paint)
        return

    def paint_picture(canvas: Canvas) -> None:
        canvas.surface.blit(stage.projector.mirrored(picture, box, stage.layout.animation), (box.x, box.y))

    # The picture itself is the key: two pictures are never equal, and one that is kept is never another.
    yield Patch("preview", box, ("preview", picture), paint_picture)


def cue(stage: Stage, *, said: bool) -> Patch:
    """Return the arrow that nods at the lens: with words, or by itself, which leaves more of the guests to be seen."""
    theme, px, lens = stage.theme, stage.layout.px, stage.layout.housing.lens
    at = places(stage.layout)
    box = at.cue if said else at.arrow
    far, side = (px(8), px(36)) if said else (px(4), px(26))
    nod = round(far * (-0.5, 0, 0.5, 0)[int(stage.motion / 0.15) % 4])
    dx, dy = TOWARDS[lens]

    def paint(canvas: Canvas) -> None:
        _veil(canvas, box)
        spare = px(22) if said else (box.width - side) // 2
        x = box.right - spare - side if lens is Side.RIGHT else box.x + spare
        arrow = Box(x + dx * nod, box.centre[1] - side // 2 + dy * nod, side, side)
        canvas.icon(ARROWS[lens], arrow, theme.accent_bright)
        if said:
            left = box.x + px(22) if lens is Side.RIGHT else box.x + px(76)
            line = Box(left, box.y, box.width - px(98), box.height)
            words = stage.words.look[lens.value]
            canvas.text(words, line, size=28, smallest=16, colour=theme.on_dark, weight=Weight.EXTRA)

    return Patch("cue", box, (nod, said, stage.words), paint)


def line(stage: Stage, box: Box, text: str) -> Patch:
    """Return the line over the edge of the preview."""
    theme, px = stage.theme, stage.layout.px

    def paint(canvas: Canvas) -> None:
        wide = min(canvas.fonts.width(text, Weight.EXTRA, px(30)) + 2 * px(30), box.width)
        pill = Box(box.centre[0] - wide // 2, box.y + px(4), wide, box.height - 2 * px(4))
        _veil(canvas, pill)
        line = pill.inset(px(20), 0)
        canvas.text(text, line, size=30, smallest=16, colour=theme.on_dark, weight=Weight.EXTRA, align="centre")

    return Patch("line", box, (text,), paint)


def _veil(canvas: Canvas, box: Box) -> None:
    """Darken what is under *box*, with round ends."""
    dark = canvas.theme.dark
    picture = canvas.shapes.make(
        ("veil", box.width, box.height, dark),
        (box.width, box.height),
        lambda pen: pen.box((0, 0, box.width, box.height), min(box.width, box.height) / 2, (*dark, VEIL)),
    )
    canvas.stamp(picture, box.x, box.y)


# ---- the frames just taken


def slots(box: Box, shots: int, gap: int, shape: Size = USUAL_ANIMATION) -> tuple[Box, ...]:
    """Return a place of the *shape* of the animation for each of *shots* frames, in reading order.

    Each is as large as *box* has room for.
    """

    def sized(across: int) -> tuple[int, int]:
        down = -(-shots // across)
        tall = (box.height - (down - 1) * gap) // down
        wide = min((box.width - (across - 1) * gap) // across, tall * shape.width // shape.height)
        return wide, across

    # One row or one column reads best: more of them only if the places become much larger.
    straight = max(sized(1), sized(shots))
    wide, across = max(sized(across) for across in range(1, shots + 1))
    if wide < 1.25 * straight[0]:
        wide, across = straight
    wide = max(wide, 4)
    high, down = max(wide * shape.height // shape.width, 3), -(-shots // across)
    left = box.x + (box.width - across * wide - (across - 1) * gap) // 2
    top = box.y + (box.height - down * high - (down - 1) * gap) // 2
    return tuple(
        Box(left + index % across * (wide + gap), top + index // across * (high + gap), wide, high)
        for index in range(shots)
    )


def film(stage: Stage, session: SessionId, shot: int, shots: int) -> Iterator[Patch]:
    """Yield a place for each frame of the visit: taken, being taken (*shot*), or still to come."""
    px = stage.layout.px
    developed = stage.film.developed(session, stage.album.frames(session), stage.now)
    where_each = slots(places(stage.layout).film, shots, px(8), stage.layout.animation)
    grown: list[Patch] = []
    for index, where in enumerate(where_each, 1):
        if index not in developed:
            yield _slot(stage, index, where, now=index == shot)
            continue
        picture, age = developed[index]
        step = int(age / STEP)
        share = 1.0 if stage.dress.reduced_motion or step >= len(GROWN) else GROWN[step]
        wide, high = round(where.width * share), round(where.height * share)
        box = Box(where.centre[0] - wide // 2, where.centre[1] - high // 2, wide, high)
        screen = stage.layout.screen
        box = Box(
            min(max(box.x, 0), screen.width - box.width), min(max(box.y, 0), screen.height - box.height), wide, high
        )

        patch = _frame(stage, index, box, picture)
        if share == 1.0:
            yield patch
        else:
            grown.append(patch)  # over its neighbours
    yield from grown


def _frame(stage: Stage, index: int, box: Box, picture: Picture) -> Patch:
    """Return a frame as a small print with a white border."""

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 5, canvas.theme.flash)
        inner = box.inset(stage.layout.px(3))
        canvas.surface.blit(stage.prints.cut(picture, (inner.width, inner.height)), (inner.x, inner.y))

    return Patch(f"frame {index}", box, (picture,), paint)


def _slot(stage: Stage, index: int, where: Box, *, now: bool) -> Patch:
    """Return the empty place of a frame, with its number; it is lit while the frame is being taken."""
    theme = stage.theme
    ground_of = blend(theme.dark, theme.on_dark, 0.1)

    def paint(canvas: Canvas) -> None:
        border = theme.accent_bright if now else blend(theme.dark, theme.on_dark, 0.3)
        canvas.box(where, 6, ground_of, border, 4 if now else 2)
        colour = theme.on_dark if now else blend(theme.dark, theme.on_dark, 0.65)
        size = min(where.height / canvas.unit * 0.5, 30)
        canvas.text(str(index), where, size=size, smallest=8, colour=colour, weight=Weight.EXTRA, align="centre")

    return Patch(f"frame {index}", where, (now,), paint)
