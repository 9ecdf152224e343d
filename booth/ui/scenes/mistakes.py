"""What is wrong with the settings, for the owner: each mistake in its own words, what to do, and how to go on.

The law: whoever reads it has a party to open. It is calm, it says where to look, and it never shows half a mistake
without saying that there is more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from booth.core.scene import MistakesScene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.drawing.mascot import Mood
from booth.ui.layout import Box, Layout
from booth.ui.pieces.ground import calm
from booth.ui.pieces.microwave import microwave
from booth.ui.scenes.row import Offered, Row
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.widgets import Confirm, Widget
from booth.ui.words import Words

LARGE, LEAST = 26, 16
"""The type of the mistakes, in steps of the grid: as it should be, and as small as it may become."""

SPACING = 1.25
"""Distance from line to line, in heights of the type."""

APART = 0.4
"""Distance between two mistakes, in heights of the type."""

MOST = 40
"""Mistakes that are measured: no screen has room for as many, a line each."""

BEGUN = 2
"""Lines: less of a mistake than this is not worth beginning."""

WEIGHT = Weight.MEDIUM


@dataclass(frozen=True)
class MistakesPlaces:
    """A drawing and a title with a sentence, a card for all mistakes, and an answer to touch."""

    drawing: Box
    head: Box
    card: Box
    answer: Box
    """May have no height."""


@lru_cache(maxsize=4)
def places(layout: Layout, *, last_good: bool) -> MistakesPlaces:
    """Lay out what is wrong with the settings: as much room as there is for that, and something to touch below."""
    px, width, height = layout.px, layout.size.width, layout.size.height
    edge, gap = px(24), px(14)
    tall = px(84 if layout.upright else 68) if last_good else 0
    answer = Box(edge, height - px(20) - tall, width - 2 * edge, tall)
    if layout.upright:
        drawing = Box((width - px(175)) // 2, px(20), px(175), px(154))
        head = Box(edge, drawing.bottom + px(8), width - 2 * edge, px(136))
    else:
        drawing = Box(edge, px(16), px(125), px(110))
        left = drawing.right + px(22)
        head = Box(left, drawing.y, width - left - edge, drawing.height)
    top = head.bottom + gap
    card = Box(edge, top, width - 2 * edge, (answer.y - gap if last_good else height - px(20)) - top)
    return MistakesPlaces(drawing, head, card, answer)


def widgets(scene: MistakesScene, layout: Layout, languages: Offered) -> tuple[Widget, ...]:
    """Decide where to touch to go on, if there are settings to go on with."""
    return (Confirm("yes", places(layout, last_good=True).answer),) if scene.last_good else ()


def painted(scene: MistakesScene, stage: Stage) -> Iterator[Patch]:
    """Paint what is wrong, as much of it as there is room for, and what can be done."""
    at = places(stage.layout, last_good=scene.last_good)
    yield calm(stage, "mistakes", at.head)
    yield from microwave(stage, at.drawing, Mood.ASLEEP, 1.0 if scene.last_good else 0.0)
    words = stage.words
    # Translators: there are mistakes in the file in which the owner of the booth sets it up.
    yield _head(stage, at.head, words.gettext("The settings need correcting"), mend(words, scene))
    yield _list(stage, at.card, scene)
    if scene.last_good:
        yield _answer(stage, stage.box("yes"), go_on(words, scene.since))


def _head(stage: Stage, box: Box, title: str, body: str) -> Patch:
    """Return what this is about, and below it what to do."""
    theme, upright = stage.theme, stage.layout.upright
    align = "centre" if upright else "left"

    def paint(canvas: Canvas) -> None:
        first = Box(box.x, box.y, box.width, canvas.px(50))
        canvas.text(title, first, size=34, smallest=22, colour=theme.ink, weight=Weight.EXTRA, align=align)
        rest = Box(box.x, first.bottom + canvas.px(2), box.width, box.bottom - first.bottom - canvas.px(2))
        (lines,), size = fitted(canvas, (body,), rest.width, rest.height, (20, 14))
        step = round(size * SPACING)
        for index, line in enumerate(_even(canvas, lines, rest.width, size, WEIGHT)):
            row = Box(rest.x, rest.y + index * step, rest.width, step)
            canvas.text(line, row, size=size / canvas.unit, colour=theme.soft_ink, weight=WEIGHT, align=align)

    return Patch("message", box, (title, body), paint)


def placed(mistake: str) -> str:
    """Return *mistake* with its place as people say it: ``booth.toml:12:8:``, to which editors jump, is line 12."""
    return re.sub(r"^(\S+?):([0-9]+):[0-9]+: ", r"\1, line \2: ", mistake)


def _list(stage: Stage, card: Box, scene: MistakesScene) -> Patch:
    """Return the card with the mistakes on it, and how many there was no room for, with where they are."""
    theme, words = stage.theme, stage.words
    found = tuple(placed(mistake) for mistake in scene.mistakes)

    def paint(canvas: Canvas) -> None:
        room = card.inset(canvas.px(18), canvas.px(14))
        sign = canvas.px(22)
        left = room.x + sign + canvas.px(12)
        wide = room.right - left
        wrapped, size = fitted(canvas, found[:MOST], wide, room.height, (LARGE, LEAST))
        step, apart = round(size * SPACING), round(size * APART)
        shown = _as_many_as_fit(wrapped, room.height, step, apart, more=len(found) > MOST)
        left_out = len(found) - len(shown)
        high = sum(len(lines) * step + apart for lines in shown) - apart
        if left_out:
            high += apart + step
        canvas.box(card, 18, theme.card)
        y = room.y + (max(room.height - high, 0) // 2 if len(found) == 1 else 0)
        for lines in shown:
            canvas.icon(Icon.ALERT, Box(room.x, y + (step - sign) // 2, sign, sign), theme.wrong)
            for line in lines:
                row = Box(left, y, wide, step)
                canvas.text(line, row, size=size / canvas.unit, colour=theme.ink, weight=WEIGHT)
                y += step
            y += apart
        if left_out:
            row = Box(left, y, wide, step)
            more = more_mistakes(words, left_out, on_card=scene.on_card)
            canvas.text(more, row, size=size / canvas.unit, smallest=13, colour=theme.soft_ink, weight=Weight.BOLD)

    return Patch("mistakes", card, (found, words), paint)


def _as_many_as_fit(wrapped: Sequence[list[str]], room: int, step: int, apart: int, *, more: bool) -> list[list[str]]:
    """Return the mistakes that are shown in *room* pixels of height: the last of them cut, if that fills the room.

    If that is not all of them, or there are *more* anyway, a line is left free for saying so. One is shown at least.
    """
    if not more and sum(len(lines) * step + apart for lines in wrapped) - apart <= room:
        return list(wrapped)
    shown: list[list[str]] = []
    spare = room - (step + apart if more or len(wrapped) > 1 else 0)
    for lines in wrapped:
        fitting = spare // step
        if len(lines) > fitting and shown and fitting < BEGUN:
            break
        whole = len(lines) <= fitting
        fitting = max(fitting, 1)
        shown.append(lines if whole else [*lines[: fitting - 1], f"{lines[fitting - 1]}\N{HORIZONTAL ELLIPSIS}"])
        if not whole:
            break
        spare -= len(lines) * step + apart
    return shown


def _answer(stage: Stage, box: Box, text: str) -> Patch:
    """Return what can be touched to go on."""
    theme = stage.theme
    down = "yes" in stage.pressed

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 16, theme.accent_deep if down else theme.accent)
        side = canvas.px(30)
        sign = Box(box.x + canvas.px(20), box.y, side, box.height)
        canvas.icon(Icon.BUTTON, sign, theme.on_accent)
        left = sign.right + canvas.px(16)
        wide = box.right - canvas.px(20) - left
        (lines,), size = fitted(canvas, (text,), wide, box.height - canvas.px(12), (21, 14), Weight.BOLD)
        step = round(size * SPACING)
        y = box.y + (box.height - len(lines) * step) // 2
        for index, line in enumerate(_even(canvas, lines, wide, size, Weight.BOLD)):
            row = Box(left, y + index * step, wide, step)
            canvas.text(line, row, size=size / canvas.unit, colour=theme.on_accent, weight=Weight.BOLD)

    return Patch("answer", box, (text, down), paint)


def fitted(
    canvas: Canvas, texts: Sequence[str], wide: int, room: int, sizes: tuple[int, int], weight: Weight = WEIGHT
) -> tuple[list[list[str]], int]:
    """Return *texts* in lines *wide* pixels wide, and the height of their type in pixels.

    That is the first of *sizes*, in steps of the grid, or as much less as it takes to have all of them in *room* pixels
    of height; but not less than the second.
    """
    size, least = canvas.px(sizes[0]), canvas.px(sizes[1])
    while True:
        step, apart = round(size * SPACING), round(size * APART)
        wrapped: list[list[str]] = []
        high = -apart
        for text in texts:
            wrapped.append(_wrapped(canvas, text, wide, size, weight))
            high += len(wrapped[-1]) * step + apart
            if high > room and size > least:
                break  # what comes behind has no room at this size, either, and to measure it takes a while
        else:
            return wrapped, size
        size -= 1


def _wrapped(canvas: Canvas, text: str, wide: int, size: int, weight: Weight) -> list[str]:
    """Return *text* in lines; a word that is wider than a line, such as a path, is broken where it must be."""
    pieces: list[str] = []
    for word in text.split():
        rest = word
        while canvas.fonts.width(rest, weight, size) > wide and len(rest) > 1:
            fits, too_many = 1, len(rest)
            while too_many - fits > 1:
                half = (fits + too_many) // 2
                if canvas.fonts.width(rest[:half], weight, size) <= wide:
                    fits = half
                else:
                    too_many = half
            pieces.append(rest[:fits])
            rest = rest[fits:]
        pieces.append(rest)
    return canvas.fonts.wrap(" ".join(pieces), weight, size, wide)


def _even(canvas: Canvas, lines: list[str], wide: int, size: int, weight: Weight) -> list[str]:
    """Return *lines*, no more than they are, of lengths as alike as can be: no word is left alone on the last."""
    text = " ".join(lines)
    while wide > size:
        narrower = _wrapped(canvas, text, wide - size, size, weight)
        if len(narrower) > len(lines):
            return lines
        wide, lines = wide - size, narrower
    return lines


# ---- what it says


def mend(words: Words, scene: MistakesScene) -> str:
    """Return what to do about the mistakes in the file."""
    if scene.on_card:
        # Translators: the card is the memory card of the booth's computer.
        todo = words.gettext("Switch off, correct {file} on the card with any computer, and switch on again.")
    else:
        todo = words.gettext("Correct {file}. The booth starts by itself when it is right.")
    return todo.format(file=scene.file)


def more_mistakes(words: Words, number: int, *, on_card: bool) -> str:
    """Return how many mistakes there are beside those that are shown, and where they are to be read."""
    if on_card:
        # Translators: below a list of mistakes, as many as there was room for.
        more = words.ngettext(
            "and {number} more, shown once these are corrected",
            "and {number} more, shown once these are corrected",
            number,
        )
    else:
        # Translators: the same; "booth config" is what one types to read them.
        more = words.ngettext(
            "and {number} more: booth config lists all of them",
            "and {number} more: booth config lists all of them",
            number,
        )
    return more.format(number=number)


def go_on(words: Words, since: str | None) -> str:
    """Return how to go on with the last good settings, which have been good *since* a day, if that is known."""
    if since is None:
        return words.gettext("Press the button or touch here to go on with the last good settings")
    # Translators: the date is written as 2026-11-22.
    said = words.gettext("Press the button or touch here to go on with the last good settings of {date}")
    return said.format(date=since)


ROW = Row(MistakesScene, painted, widgets)
