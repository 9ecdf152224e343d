"""The scenes in front of the lens: the mirrored preview, the cue, the digits, the frames just taken, and the flash.

The preview is cut as the animation will be: what a guest sees is what it will hold. Everything else stands beside it,
nearest to the lens what is to be looked at; only the cue and one line lie over its edges.
"""

from collections.abc import Iterator

import pygame

from booth.core.scene import CountdownScene, FlashScene, GetReadyScene
from booth.core.visit import SessionId
from booth.ports import Picture, Size
from booth.ui import mascot
from booth.ui.canvas import Canvas, Patch
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.layout import USUAL_ANIMATION, Box, Side, fitted
from booth.ui.mascot import Mood
from booth.ui.paint.stage import Stage, ground
from booth.ui.theme import VEIL, blend

POP = {1.0: 0.66, 0.95: 0.88, 0.9: 1.0, 0.85: 1.0, 0.8: 0.97}
"""How large a digit is by what is left of its second; else `REST`."""
REST = 0.94

GROWN = (1.9, 1.5, 1.2, 0.94, 1.04)
"""How large a frame is that has just been taken, step by step; then it lies still."""
STEP = 0.06
"""Seconds of each of these steps."""

ARROWS = {Side.TOP: Icon.UP, Side.BOTTOM: Icon.DOWN, Side.LEFT: Icon.LEFT, Side.RIGHT: Icon.RIGHT}
TOWARDS = {Side.TOP: (0, -1), Side.BOTTOM: (0, 1), Side.LEFT: (-1, 0), Side.RIGHT: (1, 0)}
"""One step to each side: x to the right, y down."""


def get_ready(scene: GetReadyScene, stage: Stage) -> Iterator[Patch]:
    """Paint the preview, and where to look."""
    yield from _preview(stage)
    places = stage.layout.posing()
    yield _looking(stage, places.digit)
    yield from _film(stage, scene.session, 0, scene.shots)
    yield _line(stage, places.greeting, stage.words.get_ready)
    yield _cue(stage, said=True)


def countdown(scene: CountdownScene, stage: Stage) -> Iterator[Patch]:
    """Paint the preview beside a digit, over a bar that runs out."""
    yield from _preview(stage)
    theme = stage.theme
    places = stage.layout.posing()
    box, bar = places.digit, places.bar
    left = 1.0 if stage.reduced_motion else scene.fraction
    size = REST if stage.reduced_motion else POP.get(left, REST)

    def paint(canvas: Canvas) -> None:
        digit = _digits(canvas, str(scene.digit), box, size)
        x, y = box.centre
        canvas.surface.blit(digit, (x - digit.get_width() // 2, y - digit.get_height() // 2))

    yield Patch("digit", box, (scene.digit, size), paint)

    def paint_bar(canvas: Canvas) -> None:
        canvas.box(bar, 5, blend(theme.dark, theme.on_dark, 0.2))
        wide = max(round(bar.width * left), bar.height)
        canvas.box(Box(bar.x, bar.y, wide, bar.height), 5, theme.accent_bright)

    yield Patch("bar", bar, (left,), paint_bar)
    yield from _film(stage, scene.session, scene.shot, scene.shots)
    yield _line(stage, places.line, stage.words.shot_of(scene.shot, scene.shots))
    yield _cue(stage, said=False)


def flash(scene: FlashScene, stage: Stage) -> Iterator[Patch]:
    """Paint the screen white: it is the light for the picture. Without the flash, the preview says "hold it"."""
    theme, words = stage.theme, stage.words
    places = stage.layout.posing()
    if not stage.flash:
        yield from _preview(stage)
        side = min(places.digit.width, places.digit.height) * 3 // 4
        eye = Box(places.digit.centre[0] - side // 2, places.digit.centre[1] - side // 2, side, side)
        yield Patch("digit", places.digit, "lens", lambda canvas: canvas.icon(Icon.CAMERA, eye, theme.on_dark))
        yield from _film(stage, scene.session, scene.shot, scene.shots)
        yield _line(stage, places.line, words.flash)
        yield _cue(stage, said=False)
        return
    yield ground(stage, "flash", theme.flash)
    # In the middle of the screen: there is no preview to be in the middle of.
    box = Box(0, places.line.y, stage.layout.size.width, places.line.height)

    def paint(canvas: Canvas) -> None:
        text = f"{words.flash}  ·  {words.shot_of(scene.shot, scene.shots)}"
        canvas.text(text, box, size=28, smallest=16, colour=theme.dark, weight=Weight.EXTRA, align="centre")

    yield Patch("line", box, (scene.shot, scene.shots), paint)


def _preview(stage: Stage) -> Iterator[Patch]:
    theme, box = stage.theme, stage.layout.posing().preview
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


def _cue(stage: Stage, *, said: bool) -> Patch:
    """Return the arrow that nods at the lens: with words, or by itself, which leaves more of the guests to be seen."""
    theme, px, lens = stage.theme, stage.layout.px, stage.layout.housing.lens
    places = stage.layout.posing()
    box = places.cue if said else places.arrow
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


def _line(stage: Stage, box: Box, text: str) -> Patch:
    """Return the line over the edge of the preview."""
    theme, px = stage.theme, stage.layout.px

    def paint(canvas: Canvas) -> None:
        wide = min(canvas.fonts.width(text, Weight.EXTRA, px(30)) + 2 * px(30), box.width)
        pill = Box(box.centre[0] - wide // 2, box.y + px(4), wide, box.height - 2 * px(4))
        _veil(canvas, pill)
        line = pill.inset(px(20), 0)
        canvas.text(text, line, size=30, smallest=16, colour=theme.on_dark, weight=Weight.EXTRA, align="centre")

    return Patch("line", box, (text,), paint)


def _looking(stage: Stage, box: Box) -> Patch:
    """Return the microwave, which looks where the guest should."""
    theme, lens = stage.theme, stage.layout.housing.lens
    across = {Side.LEFT: Mood.LEFT, Side.RIGHT: Mood.RIGHT}.get(lens, Mood.HAPPY)
    mood = Mood.BLINK if 1.2 <= stage.motion % 2.4 < 1.35 else across
    drawn = fitted(mascot.WIDE, mascot.HIGH, box.inset(box.width // 20))
    face = mascot.part_of(drawn, mascot.FACE)
    button = mascot.part_of(drawn, mascot.BUTTON)

    def paint(canvas: Canvas) -> None:
        canvas.stamp(mascot.body(canvas.shapes, theme, drawn), drawn.x, drawn.y)
        canvas.stamp(mascot.face(canvas.shapes, theme, drawn, mood), face.x, face.y)
        canvas.stamp(mascot.button(canvas.shapes, theme, drawn, 0.0), button.x, button.y)

    return Patch("digit", box, (mood,), paint)


def _veil(canvas: Canvas, box: Box) -> None:
    """Darken what is under *box*, with round ends."""
    dark = canvas.theme.dark
    picture = canvas.shapes.make(
        ("veil", box.width, box.height, dark),
        (box.width, box.height),
        lambda pen: pen.box((0, 0, box.width, box.height), min(box.width, box.height) / 2, (*dark, VEIL)),
    )
    canvas.stamp(picture, box.x, box.y)


def _digits(canvas: Canvas, text: str, box: Box, share: float) -> pygame.Surface:
    """Return *text* so large that what is inked of it fills *share* (0..1) of the box's width or height."""
    fonts, colour = canvas.fonts, canvas.theme.on_dark
    inked = fonts.render(text, Weight.EXTRA, 100, colour).get_bounding_rect()
    scale = min(box.width / max(inked.width, 1), box.height / max(inked.height, 1)) * share

    def made() -> pygame.Surface:
        whole = fonts.render(text, Weight.EXTRA, max(int(100 * scale), 1), colour)
        return whole.subsurface(whole.get_bounding_rect()).copy()

    return canvas.shapes.kept(("digits", text, box.width, box.height, share, colour), made)


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


def _film(stage: Stage, session: SessionId, shot: int, shots: int) -> Iterator[Patch]:
    """Yield a place for each frame of the visit: taken, being taken (*shot*), or still to come."""
    px = stage.layout.px
    developed = stage.film.developed(session, stage.album.frames(session), stage.now)
    places = slots(stage.layout.posing().film, shots, px(8), stage.layout.animation)
    grown: list[Patch] = []
    for index, where in enumerate(places, 1):
        if index not in developed:
            yield _slot(stage, index, where, now=index == shot)
            continue
        picture, age = developed[index]
        step = int(age / STEP)
        share = 1.0 if stage.reduced_motion or step >= len(GROWN) else GROWN[step]
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
