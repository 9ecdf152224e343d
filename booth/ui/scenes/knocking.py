"""The pad for the operator's PIN. It shows how many digits were typed, and never which."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from booth.core.events import Event
from booth.core.operating import DigitErased, DigitTyped, Left, PinGiven
from booth.core.pin import FEWEST
from booth.core.showing import KnockingScene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box, Layout
from booth.ui.pieces.buttons import Manner, button
from booth.ui.pieces.ground import ground
from booth.ui.scenes.row import Offered, Row
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.widgets import PushButton, Widget
from booth.ui.words import Words
from booth.units import Instant

DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "done")
"""The pad, as telephones have it, row by row."""


@dataclass(frozen=True)
class PadPlaces:
    """A title with a sentence, the digits as dots, the pad, and the way back."""

    title: Box
    told: Box
    dots: Box
    back: Box
    keys: tuple[Box, ...]


@lru_cache(maxsize=4)
def places(layout: Layout) -> PadPlaces:
    """Lay the pad out: each key is larger than a thumb."""
    px, width, height = layout.px, layout.size.width, layout.size.height
    edge, gap = px(24), px(12)
    if layout.upright:
        left, wide = edge, width - 2 * edge
        title = Box(left, px(28), wide, px(44))
        told = Box(left, title.bottom + px(4), wide, px(76))
        dots = Box(left, told.bottom + px(4), wide, px(44))
        back = Box(left, height - px(72) - edge, wide, px(72))
        pad = Box(left, dots.bottom + gap, wide, back.y - 2 * gap - dots.bottom)
    else:
        pad = Box(width - edge - px(372), edge, px(372), height - 2 * edge)
        left, wide = edge + px(8), pad.x - edge - px(8) - px(32)
        title = Box(left, px(64), wide, px(48))
        told = Box(left, title.bottom + px(8), wide, px(100))
        dots = Box(left, told.bottom + px(14), wide, px(48))
        back = Box(left, height - edge - px(84), px(190), px(84))
    across, down = (pad.width - 2 * gap) // 3, (pad.height - 3 * gap) // 4
    keys = tuple(
        Box(pad.x + index % 3 * (across + gap), pad.y + index // 3 * (down + gap), across, down)
        for index in range(len(DIGITS))
    )
    return PadPlaces(title, told, dots, back, keys)


def widgets(scene: KnockingScene, layout: Layout, languages: Offered) -> tuple[Widget, ...]:
    """Decide where the digits are."""
    at = places(layout)
    does: Mapping[str, Callable[[Instant], Event]] = {"erase": DigitErased, "done": PinGiven}
    keys = (
        PushButton(f"pin:{key}", box, does.get(key) or partial(DigitTyped, digit=key))
        for key, box in zip(DIGITS, at.keys, strict=True)
    )
    return PushButton("back", at.back, Left), *keys


def painted(scene: KnockingScene, stage: Stage) -> Iterator[Patch]:
    """Paint the pad."""
    at, words = places(stage.layout), stage.words
    yield ground(stage, "knocking", stage.theme.paper)
    # Translators: the team are the people who look after the booth; a PIN is a secret number.
    yield _words(stage, at, words.gettext("For the team: your PIN"), told(scene, words))
    yield _dots(stage, at.dots, scene)
    # Translators: a button: back to the invitation.
    yield button(stage, "back", words.pgettext("operator", "Back"), Icon.LEFT)
    dull = Manner.DULL if scene.shut or scene.judging else Manner.PLAIN
    for key in DIGITS:
        match key:
            case "erase":
                yield button(stage, "pin:erase", "", Icon.BACKSPACE, dull, 30)
            case "done":
                yield button(stage, "pin:done", "", Icon.CHECK, Manner.STRONG if scene.enough else Manner.DULL, 32)
            case digit:
                yield button(stage, f"pin:{digit}", digit, None, dull, 34)


def told(scene: KnockingScene, words: Words) -> str:
    """Return what is said about the PIN."""
    if scene.shut:
        minutes = -(-scene.shut // 60)
        # Translators: too many wrong PINs were typed; nobody may type another for so long.
        said = words.ngettext(
            "Too many wrong ones. Wait {count} minute.", "Too many wrong ones. Wait {count} minutes.", minutes
        )
        return said.format(count=minutes)
    if scene.judging:
        return words.gettext("One moment")
    if scene.wrong:
        # Translators: the PIN that was typed.
        return words.gettext("That is not it. Try again.")
    # Translators: guests have come to the pad for the PIN by accident; the button is the booth's start button.
    return words.gettext("A guest? Just press the button, or wait a moment.")


def _words(stage: Stage, at: PadPlaces, title: str, said: str) -> Patch:
    theme = stage.theme
    align = "centre" if stage.layout.upright else "left"

    def paint(canvas: Canvas) -> None:
        canvas.text(title, at.title, size=32, smallest=18, colour=theme.ink, weight=Weight.EXTRA, align=align)
        canvas.paragraph(said, at.told, size=22, smallest=15, colour=theme.soft_ink, align=align, balanced=True)

    return Patch("words", at.title.with_(at.told), (title, said), paint)


def _dots(stage: Stage, box: Box, scene: KnockingScene) -> Patch:
    """Return a dot for each digit that was typed, and rings for those that are still to come."""
    theme, px = stage.theme, stage.layout.px
    places_shown = max(scene.typed, FEWEST)

    def paint(canvas: Canvas) -> None:
        side, gap = px(20), px(12)
        whole = places_shown * side + (places_shown - 1) * gap
        if whole > box.width:
            side = gap = box.width // (2 * places_shown - 1)
            whole = box.width
        x = box.x + ((box.width - whole) // 2 if stage.layout.upright else 0)
        for index in range(places_shown):
            place = (x + index * (side + gap), box.y + (box.height - side) // 2)
            if index < scene.typed:
                canvas.stamp(canvas.shapes.disc(side, theme.accent), *place)
            else:
                canvas.stamp(canvas.shapes.ring(side, canvas.line(2.4), 1.0, theme.line), *place)

    return Patch("dots", box, (scene.typed,), paint)


ROW = Row(KnockingScene, painted, widgets)
