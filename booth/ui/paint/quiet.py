"""The scenes in which the microwave speaks for the booth: warming up, please wait, sorry, and out of order.

The law: they are calm. What is going on is told in steps that are known to be done, never in a bar that guesses; every
step has a sign and words.
"""

from collections.abc import Iterator
from enum import Enum

from booth.core.events import Part
from booth.core.scene import ApologyScene, FinishingScene, OutOfOrderScene, StartingScene
from booth.core.states import Animation, Reason
from booth.ports import Picture
from booth.ui import mascot
from booth.ui.canvas import Canvas, Patch
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.layout import Box
from booth.ui.mascot import Mood
from booth.ui.paint.stage import Stage, calm, microwave
from booth.ui.paint.strip import strip
from booth.ui.playback import due
from booth.ui.theme import Colour

BEAT = 0.125
"""Seconds: nothing on a resting screen changes more often."""

PART_ICONS = {Part.CAMERA: Icon.CAMERA, Part.DISK: Icon.DISK, Part.GM: Icon.WAND, Part.BUTTON: Icon.BUTTON}

TURN = 0.75
"""Seconds that each frame is seen in the oven while the animation is made."""

WARMTH = (40, 64, 88, 64)
"""0..255: how strongly the oven's light lies on what is in it, one after the other..."""
WARMER = 4 * BEAT
"""...each for so many seconds."""

INSIDE = (12.0, 19.0, 54.0, 46.0)
"""The part of the oven's window in which pictures are seen, in the mascot's units: x, y, width, height."""


class Mark(Enum):
    """How far a step is."""

    DONE = "done"
    DOING = "doing"
    TO_DO = "to-do"
    LATER = "later"
    WRONG = "wrong"


def starting(scene: StartingScene, stage: Stage) -> Iterator[Patch]:
    """Paint the booth waking up, and which of its parts are there."""
    halves = stage.layout.halves(len(Part))
    rows = halves.rows(len(Part))
    yield calm(stage, "starting", halves.head.with_(halves.card(len(rows))))
    mood = Mood.ASLEEP if stage.motion % 3.0 < 2.0 else Mood.BLINK
    yield from microwave(stage, halves.drawing, mood, 0.0)
    yield _message(stage, halves.head, *(stage.words.starting_without if scene.missing else stage.words.starting))
    yield _card(stage, halves.card(len(rows)))
    for part, row in zip(Part, rows, strict=True):
        mark = Mark.WRONG if part in scene.missing else Mark.DOING if part in scene.silent else Mark.DONE
        yield _step(stage, row, mark, stage.words.part[part][0], PART_ICONS[part])


def finishing(scene: FinishingScene, stage: Stage) -> Iterator[Patch]:
    """Paint "please wait": the guest's own pictures in the oven, and the steps to the end."""
    count = 1 if scene.deleting else 3
    halves = stage.layout.halves(count)
    yield calm(stage, "finishing", halves.head.with_(halves.card(count)))
    words = stage.words
    pictures = () if scene.deleting else _in_the_oven(scene, stage)
    look = (Mood.LEFT, Mood.HAPPY, Mood.RIGHT, Mood.HAPPY)[int(stage.motion / 0.5) % 4]
    yield from microwave(stage, halves.drawing, Mood.ASLEEP if scene.deleting else look, 0.0 if scene.deleting else 1.0)
    if pictures:
        yield _baking(stage, halves.drawing, pictures)
    if scene.deleting:
        yield _message(stage, halves.head, *words.finishing_deleting)
        yield _card(stage, halves.card(1))
        yield _step(stage, halves.rows(1)[0], Mark.DOING, words.step_delete)
        return
    yield _message(stage, halves.head, *words.finishing[scene.animation])
    gif, box = {
        Animation.MAKING: (Mark.DOING, Mark.TO_DO),
        Animation.READY: (Mark.DONE, Mark.DOING),
        Animation.FAILED: (Mark.LATER, Mark.DOING),
    }[scene.animation]
    bake = {Mark.DOING: words.step_bake, Mark.DONE: words.step_baked, Mark.LATER: words.step_bake_later}[gif]
    steps = (Mark.DONE, words.step_posed), (gif, bake), (box, words.step_keep)
    yield _card(stage, halves.card(len(steps)))
    for row, (mark, text) in zip(halves.rows(len(steps)), steps, strict=True):
        yield _step(stage, row, mark, text)


def apology(scene: ApologyScene, stage: Stage) -> Iterator[Patch]:
    """Paint what went wrong, and what has become of the pictures."""
    theme, px = stage.theme, stage.layout.px
    halves = stage.layout.halves(2)
    yield calm(stage, "apology", halves.head.with_(halves.card(2)))
    mood = Mood.HAPPY if scene.reason is Reason.SLOW else Mood.SORRY
    yield from microwave(stage, halves.drawing, mood, 0.0)
    yield _message(stage, halves.head, *stage.words.apology[scene.reason])
    kept = stage.words.kept_after_all[scene.reason] if scene.kept else stage.words.not_kept
    good = scene.kept and scene.reason is not Reason.NOT_DELETED
    icon = Icon.CHECK if good else Icon.ALERT
    colour = theme.good if good else theme.ink
    card = halves.card(2)

    def paint(canvas: Canvas) -> None:
        canvas.box(card, 18, theme.card)
        side = px(30)
        canvas.icon(icon, Box(card.x + px(18), card.y, side, card.height), colour)
        left = card.x + px(18) + side + px(14)
        room = Box(left, card.y + px(8), card.right - px(16) - left, card.height - px(16))
        _middle(canvas, kept, room, 21, 14, colour, Weight.BOLD)

    yield Patch("kept", card, (kept,), paint)


def out_of_order(scene: OutOfOrderScene, stage: Stage) -> Iterator[Patch]:
    """Paint which parts are missing, and what an operator can do."""
    places = stage.layout.repairs(len(scene.missing), notices=bool(scene.notices))
    notes = (stage.layout.strip(),) if scene.notices else ()
    yield calm(stage, "out of order", places.head.with_(places.label, *places.rows), *notes)
    yield from microwave(stage, places.drawing, Mood.ASLEEP, 0.0)
    yield _message(stage, places.head, *stage.words.out_of_order)
    yield _for_the_team(stage, places.label)
    for missing, row in zip(scene.missing, places.rows, strict=True):
        yield _missing(stage, row, missing)
    yield from strip(scene.notices, stage)


def _for_the_team(stage: Stage, box: Box) -> Patch:
    """Return the line under which there is nothing for guests."""
    theme, text = stage.theme, stage.words.for_the_team

    def paint(canvas: Canvas) -> None:
        canvas.paragraph(text, box, size=16, smallest=13, colour=theme.soft_ink, spacing=1.2)

    return Patch("for the team", box, (text,), paint)


def _card(stage: Stage, box: Box) -> Patch:
    """Return what steps are written on."""
    return Patch("card", box, (), lambda canvas: canvas.box(box, 18, stage.theme.card))


def _missing(stage: Stage, where: Box, missing: Part) -> Patch:
    """Return the card about one part that is missing: its name, and what can be done."""
    theme, px = stage.theme, stage.layout.px
    name, remedy = stage.words.part[missing]

    def paint(canvas: Canvas) -> None:
        canvas.box(where, 16, theme.card)
        side = px(32)
        canvas.icon(PART_ICONS[missing], Box(where.x + px(16), where.y, side, where.height), theme.accent_deep)
        left = where.x + px(62)
        wide = where.right - px(12) - left
        canvas.text(name, Box(left, where.y + px(6), wide, px(24)), size=19, smallest=15, colour=theme.ink)
        rest = Box(left, where.y + px(31), wide, where.height - px(34))
        canvas.paragraph(remedy, rest, size=17, smallest=13, colour=theme.soft_ink, spacing=1.2)

    return Patch(f"missing {missing.value}", where, (name,), paint)


def _in_the_oven(scene: FinishingScene, stage: Stage) -> tuple[Picture, ...]:
    """Return what is baked now: the picture of the animation that is due, or a frame; () if none is there."""
    playback = stage.album.playback(scene.session)
    if playback is not None and playback.pictures:
        return (playback.pictures[due(playback.delays, 0, stage.elapsed)],)
    frames = stage.album.frames(scene.session)
    taken = [frames[shot] for shot in sorted(frames)]
    return (taken[int(stage.motion / TURN) % len(taken)],) if taken else ()


def _baking(stage: Stage, drawing: Box, pictures: tuple[Picture, ...]) -> Patch:
    """Return the picture in the window of the oven, in its warm light."""
    inside = mascot.part_of(drawing, INSIDE)
    picture = pictures[0]
    warmth = WARMTH[int(stage.motion / WARMER) % len(WARMTH)]
    caution = stage.theme.caution

    def paint(canvas: Canvas) -> None:
        cut = stage.prints.cut(picture, (inside.width, inside.height))
        canvas.surface.blit(cut, (inside.x, inside.y))
        light = canvas.shapes.make(
            ("warmth", inside.width, inside.height, warmth, caution),
            (inside.width, inside.height),
            lambda pen: pen.box((0, 0, inside.width, inside.height), 0, (*caution, warmth)),
        )
        canvas.stamp(light, inside.x, inside.y)

    return Patch("baking", inside, (picture, warmth), paint)


def _message(stage: Stage, box: Box, title: str, body: str) -> Patch:
    """Return a title and a sentence, at the foot of *box*; in its middle on an upright screen."""
    theme = stage.theme
    upright = stage.layout.size.height > stage.layout.size.width
    align = "centre" if upright else "left"

    def paint(canvas: Canvas) -> None:
        width = box.width
        title_lines, title_step = _lines(canvas, title, width, round(box.height * 0.62), 40, 24, 1.15, Weight.EXTRA)
        gap = canvas.px(8)
        room = box.height - len(title_lines) * title_step - gap
        body_lines, body_step = _lines(canvas, body, width, room, 23, 15, 1.3, Weight.MEDIUM)
        spare = box.height - len(body_lines) * body_step - gap - len(title_lines) * title_step
        y = box.y + (spare // 2 if upright else spare)
        for line in title_lines:
            row = Box(box.x, y, width, title_step)
            size = title_step / 1.15 / canvas.unit
            canvas.text(line, row, size=size, colour=theme.ink, weight=Weight.EXTRA, align=align)
            y += title_step
        y += gap
        for line in body_lines:
            row = Box(box.x, y, width, body_step)
            size = body_step / 1.3 / canvas.unit
            canvas.text(line, row, size=size, colour=theme.soft_ink, weight=Weight.MEDIUM, align=align)
            y += body_step

    return Patch("message", box, (title, body), paint)


def _lines(
    canvas: Canvas, text: str, width: int, room: int, size: float, least: float, spacing: float, weight: Weight
) -> tuple[list[str], int]:
    """Return *text* in lines *width* wide, and the pixels from one to the next: as large as *room* pixels allow."""
    height = canvas.px(size)
    lines = canvas.fonts.wrap(text, weight, height, width)
    while height > canvas.px(least) and round(height * spacing) * len(lines) > room:
        height -= 1
        lines = canvas.fonts.wrap(text, weight, height, width)
    return canvas.balanced(text, lines, width, height, weight), round(height * spacing)


def _middle(canvas: Canvas, text: str, box: Box, size: float, least: float, colour: Colour, weight: Weight) -> None:
    """Write a sentence in the middle of the height of *box*, from its left."""
    lines, step = _lines(canvas, text, box.width, box.height, size, least, 1.25, weight)
    y = box.y + (box.height - len(lines) * step) // 2
    for index, line in enumerate(lines):
        row = Box(box.x, y + index * step, box.width, step)
        canvas.text(line, row, size=step / 1.25 / canvas.unit, colour=colour, weight=weight)


def _step(stage: Stage, where: Box, mark: Mark, text: str, icon: Icon | None = None) -> Patch:
    """Return one step of something: a sign that tells how far it is, and what it is."""
    theme, px = stage.theme, stage.layout.px
    large = mark is Mark.DOING and int(stage.motion / (3 * BEAT)) % 2 == 0
    quiet = mark in {Mark.TO_DO, Mark.LATER}

    def paint(canvas: Canvas) -> None:
        side = px(26)
        sign = Box(where.x + px(2), where.y + (where.height - side) // 2, side, side)
        match mark:
            case Mark.DONE:
                canvas.stamp(canvas.shapes.disc(side, theme.good), sign.x, sign.y)
                canvas.icon(Icon.CHECK, sign.inset(px(5)), theme.card)
            case Mark.WRONG:
                canvas.icon(Icon.ALERT, sign, theme.wrong)
            case Mark.LATER:
                canvas.icon(Icon.CLOCK, sign, theme.soft_ink)
            case Mark.TO_DO | Mark.DOING:
                colour = theme.accent if mark is Mark.DOING else theme.line
                canvas.stamp(canvas.shapes.ring(side, canvas.line(2.4), 1.0, colour), sign.x, sign.y)
                if mark is Mark.DOING:
                    across = px(14 if large else 8)
                    spare = (side - across) // 2
                    canvas.stamp(canvas.shapes.disc(across, theme.accent), sign.x + spare, sign.y + spare)
        left = sign.right + px(14)
        ink = theme.soft_ink if quiet else theme.ink
        if icon is not None:
            canvas.icon(icon, Box(left, where.y, side, where.height), ink)
            left += side + px(10)
        line = Box(left, where.y, where.right - left, where.height)
        weight = Weight.BOLD if mark is Mark.DOING else Weight.MEDIUM
        canvas.text(text, line, size=21, smallest=13, colour=ink, weight=weight)

    return Patch(f"step {text}", where, (mark, large), paint)
