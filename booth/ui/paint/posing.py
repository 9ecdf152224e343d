"""The scenes in front of the lens: the mirrored preview, the cue, the digits, and the flash.

The lens is above the screen. The arrow to it stands under it, the digits in the corner beside: faces stay free.
"""

from collections.abc import Iterator

from booth.core.scene import CountdownScene, FlashScene
from booth.ui.canvas import Canvas, Part
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.layout import Box
from booth.ui.paint.stage import Stage, ground
from booth.ui.playback import covering
from booth.ui.theme import VEIL, Colour


def get_ready(stage: Stage) -> Iterator[Part]:
    """Paint the preview, and where to look."""
    yield from _preview(stage)
    theme, px = stage.theme, stage.layout.px
    yield _cue(stage)
    below = stage.layout.posing().dots

    def paint_below(canvas: Canvas) -> None:
        _veil(canvas, below)
        line = below.inset(px(20), 0)
        canvas.text(stage.words.get_ready, line, size=30, smallest=18, colour=theme.on_dark, align="centre")

    yield Part("get ready", below, (), paint_below)


def countdown(scene: CountdownScene, stage: Stage) -> Iterator[Part]:
    """Paint the preview under a digit, in a ring that runs out."""
    yield from _preview(stage)
    theme, px = stage.theme, stage.layout.px
    places = stage.layout.posing()
    yield _cue(stage)
    box = places.digit

    def paint(canvas: Canvas) -> None:
        canvas.stamp(canvas.shapes.disc(box.width, theme.dark, VEIL), box.x, box.y)
        ring = canvas.shapes.ring(box.width - px(12), px(11), scene.fraction, theme.accent_bright)
        canvas.stamp(ring, box.x + px(6), box.y + px(6))
        inner = Box(box.x, box.y + px(4), box.width, box.height)
        canvas.text(str(scene.digit), inner, size=112, colour=theme.on_dark, weight=Weight.EXTRA, align="centre")

    yield Part("digit", box, (scene.digit, scene.fraction), paint)
    yield _dots(stage, places.dots, scene.shot, scene.shots, veiled=True)


def flash(scene: FlashScene, stage: Stage) -> Iterator[Part]:
    """Paint the screen white: it is the light for the picture."""
    yield ground(stage, "flash", stage.theme.flash)
    yield _dots(stage, stage.layout.posing().dots, scene.shot, scene.shots, veiled=False)


def _preview(stage: Stage) -> Iterator[Part]:
    theme, screen = stage.theme, stage.layout.screen
    picture = stage.preview()
    if picture is None:
        yield ground(stage, "no preview", theme.dark)
        box = Box(screen.x, screen.height // 2 - stage.layout.px(10), screen.width, stage.layout.px(90))

        def paint(canvas: Canvas) -> None:
            canvas.text(stage.words.no_preview, box, size=24, colour=theme.on_dark, weight=Weight.MEDIUM, align="centre")

        yield Part("no preview", box, (), paint)
        return

    def paint_picture(canvas: Canvas) -> None:
        canvas.surface.blit(covering(picture, screen, mirrored=True), (0, 0))

    # The picture itself is the key: two pictures are never equal, and one that is kept is never another.
    yield Part("preview", screen, ("preview", picture), paint_picture)


def _cue(stage: Stage) -> Part:
    """Return the sign under the lens, with an arrow that nods at it."""
    theme, px = stage.theme, stage.layout.px
    box = stage.layout.posing().cue
    nod = px((0, 3, 6, 3)[int(stage.elapsed / 0.15) % 4])

    def paint(canvas: Canvas) -> None:
        _veil(canvas, box)
        side = px(36)
        canvas.icon(Icon.UP, Box(box.x + px(22), box.y + px(15) - nod, side, side), theme.accent_bright)
        line = Box(box.x + px(70), box.y, box.width - px(90), box.height)
        canvas.text(stage.words.look_here, line, size=29, smallest=18, colour=theme.on_dark, weight=Weight.EXTRA)

    return Part("cue", box, (nod,), paint)


def _veil(canvas: Canvas, box: Box) -> None:
    """Darken what is under *box*, with round ends."""
    night = canvas.theme.dark
    key = ("veil", box.width, box.height, night)
    picture = canvas.shapes.make(
        key,
        (box.width, box.height),
        lambda pen: pen.box((0, 0, box.width, box.height), box.height / 2, (*night, VEIL)),
    )
    canvas.stamp(picture, box.x, box.y)


def _dots(stage: Stage, box: Box, shot: int, shots: int, *, veiled: bool) -> Part:
    """Return "1 of 4": in words, and a dot for each picture if there are few."""
    theme, px = stage.theme, stage.layout.px
    ink: Colour = theme.on_dark if veiled else theme.dark
    done: Colour = theme.accent_bright if veiled else theme.dark

    def paint(canvas: Canvas) -> None:
        if veiled:
            _veil(canvas, box)
        text = stage.words.shot_of(shot, shots)
        wide = canvas.fonts.width(text, Weight.EXTRA, px(28))
        across, gap = px(18), px(10)
        dots = shots if shots <= 6 else 0
        whole = wide + dots * (across + gap) + (px(8) if dots else 0)
        x = box.x + (box.width - whole) // 2
        line = Box(x, box.y, wide + 1, box.height)
        canvas.text(text, line, size=28, colour=ink, weight=Weight.EXTRA)
        x += wide + px(8) + gap
        for index in range(dots):
            y = box.y + (box.height - across) // 2
            ring = canvas.shapes.ring(across, px(3), 1.0, done)
            canvas.stamp(canvas.shapes.disc(across, done) if index < shot else ring, x, y)
            x += across + gap

    return Part("dots", box, (shot, shots, veiled), paint)
