"""The invitation: alive from three metres away, and dark when nobody has come for long.

The law: nothing bright stays in one place for hours, and nobody is shown who is not in the gallery. What moves is small
enough, or seldom enough, for a machine that has other things to do.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

import pygame

from booth.core.scene import AttractScene
from booth.ui.drawing import mascot
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.drawing.mascot import Mood
from booth.ui.drawing.shapes import BLEND, Pen
from booth.ui.layout import TOWARDS, Box, Layout, Side, fitted, turned
from booth.ui.pieces import languages as choice
from booth.ui.pieces import strip
from booth.ui.pieces.ground import calm, ground
from booth.ui.pieces.prints import prints
from booth.ui.pieces.show import BEAT, MOODS, Pose, moment
from booth.ui.scenes.row import Offered, Row
from booth.ui.stage import Sketches, Stage
from booth.ui.text.fonts import Weight
from booth.ui.theme import Colour, blend
from booth.ui.widgets import Widget
from booth.ui.words import Words
from booth.units import Seconds

DRIFT = ((0, 0), (3, 1), (5, 0), (3, -2), (0, -3), (-3, -2), (-5, 0), (-3, 1))
"""Where everything is, a minute each, in steps of the grid: no edge burns in."""

LINE = 30
"""Steps of the grid that a line below the band takes."""

PACE = Seconds(0.25)
ACROSS, DOWN = Seconds(230.0), Seconds(170.0)
"""How often the sleepwalker takes a step, and how long it walks until it comes by the same column, or row, again."""


@dataclass(frozen=True)
class InvitationPlaces:
    """What this is, a microwave that hops, something that moves, and a band that says what to press."""

    title: Box
    first: Box
    second: Box
    drawing: Box
    show: Box
    """Room for pictures."""
    call: Box
    centred: bool
    """Whether the words stand in the middle of their boxes."""


@lru_cache(maxsize=4)
def places(layout: Layout, foot: int, *, logo: bool = False) -> InvitationPlaces:
    """Lay out the invitation, with *foot* pixels at the lower edge left for others, and room for a *logo*."""
    px, width, height = layout.px, layout.size.width, layout.size.height
    edge, tall = px(22), px(90)
    above = layout.housing.button is Side.TOP
    call = Box(edge, edge if above else height - max(foot, edge) - tall, width - 2 * edge, tall)
    top = call.bottom + px(10) if above else px(14)
    bottom = height - max(foot, edge) if above else call.y - px(16)
    heads = (px(64), px(62), px(40)) if logo else (px(34), px(70), px(44))
    if layout.upright:
        show_tall = px(124)
        x, wide = edge, width - 2 * edge
        show = Box(x, bottom - show_tall, wide, show_tall)
        tops = [top + sum(heads[:index]) for index in range(4)]
        drawing = _hopping(Box(x, tops[3], wide, show.y - px(8) - tops[3]))
    else:
        drawing = _hopping(Box(edge, top, px(334), bottom - top))
        x = drawing.right + px(30)
        wide = width - px(30) - x
        tops = [top + sum(heads[:index]) for index in range(4)]
        show = Box(x, tops[3] + px(10), wide, bottom - tops[3] - px(10))
    title, first, second = (Box(x, y, wide, high) for y, high in zip(tops, heads, strict=False))
    return InvitationPlaces(title, first, second, drawing, show, call, layout.upright)


def _hopping(room: Box) -> Box:
    """Return the largest box for the microwave that leaves it *room* to hop."""
    return fitted(100, 88, Box(room.x, room.y + room.height // 12, room.width, room.height - room.height // 12))


def widgets(scene: AttractScene, layout: Layout, languages: Offered) -> tuple[Widget, ...]:
    """Decide where the languages can be chosen."""
    return choice.widgets(layout, languages)


def painted(scene: AttractScene, stage: Stage) -> Iterator[Patch]:
    """Paint the invitation: what this is, and what to press."""
    if stage.resting:
        yield from _asleep(scene, stage)
        return
    drift = DRIFT[int(stage.elapsed / 60) % len(DRIFT)]
    # Most of it is as it was a beat ago, and what moves comes to where it was before: it is described once.
    again = stage.sketches.of((scene, drift, stage.language, stage.languages, stage.pressed, stage.nudged))
    at, before, after = again("still", lambda: _still(scene, stage, drift))
    yield from before
    beat = int(stage.motion / BEAT)
    doing = moment(scene.shots, beat)
    shown = stage.gallery.pictures()
    if shown:
        yield from prints(stage, at.show, shown, centred=at.centred)
    else:
        cards = doing.cards
        yield from again(("cards", cards), lambda: tuple(_cards(stage, again, at.show, *cards, centred=at.centred)))
    pose = doing.pose
    yield from again(("microwave", pose), lambda: tuple(_microwave(stage, again, at.drawing, pose)))
    lean, lit = doing.lean, doing.lit
    yield from again(("call", lean, lit), lambda: tuple(_call(stage, again, at.call, scene.shots, lean, lit)))
    yield from after


def _still(
    scene: AttractScene, stage: Stage, drift: tuple[int, int]
) -> tuple[InvitationPlaces, tuple[Patch, ...], tuple[Patch, ...]]:
    """Return where everything is, and what keeps still: the patches below what moves, and those above it."""
    px = stage.layout.px
    chips = stage.widgets
    lines = bool(scene.notices) + bool(scene.everywhere)
    foot = (stage.layout.size.height - chips[0].box.y + px(10) if chips else px(10)) + lines * px(LINE)
    logo = stage.dress.brand.logo is not None
    at = _drifted(places(stage.layout, foot, logo=logo), px(drift[0]), px(drift[1]))
    under = calm(stage, ("attract", drift), _said(at), *_foot(scene, stage))
    first, second, _ = stage.words.attract(scene.shots)
    above = (
        *choice.painted(stage),
        *strip.painted(scene.notices, stage, len(stage.languages)),
        *_everywhere(scene, stage),
    )
    return at, (under, _words(stage, at, first, second)), above


def alike(scene: AttractScene, beat: int) -> Hashable:
    """Return all that depends on the *beat* where no animation is shown: two beats that are alike look alike."""
    drift = int(beat * BEAT / 60 + 1e-9)
    return drift, moment(scene.shots, beat)


def _drifted(at: InvitationPlaces, dx: int, dy: int) -> InvitationPlaces:
    def moved(box: Box) -> Box:
        return Box(box.x + dx, box.y + dy, box.width, box.height)

    return InvitationPlaces(
        title=moved(at.title),
        first=moved(at.first),
        second=moved(at.second),
        drawing=moved(at.drawing),
        show=moved(at.show),
        call=moved(at.call),
        centred=at.centred,
    )


def _foot(scene: AttractScene, stage: Stage) -> Iterator[Box]:
    """Yield the boxes of what is read below the band: the languages, and the operator's strip."""
    if stage.widgets:
        top = stage.widgets[0].box.y - stage.layout.px(6)
        yield Box(0, top, stage.layout.size.width, stage.layout.size.height)
    if scene.notices:
        yield strip.place(stage.layout, len(stage.languages))
    if scene.everywhere:
        yield _line(scene, stage)


def _line(scene: AttractScene, stage: Stage) -> Box:
    """Return where it is told how many pictures are in every cloud: above what an operator is told."""
    line = strip.place(stage.layout, len(stage.languages))
    return Box(line.x, line.y - (stage.layout.px(LINE) if scene.notices else 0), line.width, line.height)


def _everywhere(scene: AttractScene, stage: Stage) -> Iterator[Patch]:
    """Yield how many pictures are in every cloud; nothing as long as none is."""
    if not scene.everywhere:
        return
    theme, px, box = stage.theme, stage.layout.px, _line(scene, stage)
    # Translators: on the invitation: so many guests' GIFs are in each of the clouds ("127 GIFs in 3 clouds").
    clouds = stage.words.ngettext("{count} cloud", "{count} clouds", scene.clouds).format(count=scene.clouds)
    # Translators: "{clouds}" is "3 clouds".
    gifs = stage.words.ngettext("{count} GIF in {clouds}", "{count} GIFs in {clouds}", scene.everywhere)
    told = gifs.format(count=scene.everywhere, clouds=clouds)
    side, gap = px(26), px(8)

    def paint(canvas: Canvas) -> None:
        wide = canvas.fonts.width(told, Weight.BOLD, px(20))
        x = box.x + max(box.width - wide - side - gap, 0) // 2
        canvas.icon(Icon.CLOUD, Box(x, box.y + (box.height - side) // 2, side, side), theme.accent)
        line = Box(x + side + gap, box.y, box.right - x - side - gap, box.height)
        canvas.text(told, line, size=20, smallest=13, colour=theme.ink, weight=Weight.BOLD)

    yield Patch("everywhere", box, (told,), paint)


def _said(at: InvitationPlaces) -> Box:
    """Return the box that has the words in it."""
    return Box(at.title.x, at.title.y, at.title.width, at.second.bottom - at.title.y)


def _words(stage: Stage, at: InvitationPlaces, first: str, second: str) -> Patch:
    theme = stage.theme
    align = "centre" if at.centred else "left"

    logo = stage.dress.brand.logo

    def paint(canvas: Canvas) -> None:
        if logo is not None:
            canvas.picture(logo, at.title, align)
        else:
            canvas.text(stage.dress.title, at.title, size=24, smallest=14, colour=theme.accent_deep, align=align)
        canvas.text(
            first, at.first, size=62, smallest=28, colour=theme.ink, weight=Weight.EXTRA, align=align
        )  # fmt: skip
        canvas.text(second, at.second, size=34, smallest=18, colour=theme.ink, align=align)

    return Patch("words", _said(at), (first, second, stage.dress.title), paint)


# ---- the microwave


def _microwave(stage: Stage, again: Sketches, box: Box, pose: Pose) -> Iterator[Patch]:
    """Yield the microwave in a *pose*."""
    theme, px = stage.theme, stage.layout.px
    mood, glow, tilt, down, flash = pose
    lifted = Box(box.x, box.y + px(down), box.width, box.height)
    if tilt:
        room = turned(box, tilt)

        def paint_turned(canvas: Canvas) -> None:
            canvas.stamp(_whole(canvas, box, mood, 1.0, tilt), room.x, room.y)

        yield Patch("microwave", room, (tilt, mood), paint_turned)
        return
    face, button = mascot.part_of(lifted, mascot.FACE), mascot.part_of(lifted, mascot.BUTTON)

    def body(canvas: Canvas) -> None:
        canvas.stamp(mascot.body(canvas.shapes, theme, box), lifted.x, lifted.y)

    def paint_face(canvas: Canvas) -> None:
        if flash:
            canvas.box(face, 8, theme.flash)
        else:
            canvas.stamp(mascot.face(canvas.shapes, theme, box, mood), face.x, face.y)

    def paint_button(canvas: Canvas) -> None:
        canvas.stamp(mascot.button(canvas.shapes, theme, box, glow), button.x, button.y)

    yield again(("microwave", down), lambda: Patch("microwave", lifted, (), body))
    yield again(("face", down, mood, flash), lambda: Patch("face", face, (mood, flash), paint_face))
    yield again(("button", down, glow), lambda: Patch("button", button, (glow,), paint_button))


def _whole(canvas: Canvas, box: Box, mood: Mood, glow: float, degrees: float) -> pygame.Surface:
    """Return the microwave as one picture, turned, in the size of `layout.turned`."""
    theme, shapes = canvas.theme, canvas.shapes
    origin = Box(0, 0, box.width, box.height)

    def made() -> pygame.Surface:
        whole = mascot.body(shapes, theme, origin).copy()
        for part, picture in (
            (mascot.FACE, mascot.face(shapes, theme, origin, mood)),
            (mascot.BUTTON, mascot.button(shapes, theme, origin, glow)),
        ):
            where = mascot.part_of(origin, part)
            whole.blit(picture, (where.x, where.y), special_flags=BLEND)
        room = turned(origin, degrees)
        picture = pygame.Surface((room.width, room.height), pygame.SRCALPHA)
        tilted = pygame.transform.rotozoom(whole, degrees, 1.0) if degrees else whole
        picture.blit(tilted, ((room.width - tilted.get_width()) // 2, (room.height - tilted.get_height()) // 2))
        return picture

    return shapes.kept(("whole mascot", box.width, mood, glow, degrees, theme), made)


# ---- what to press


def _call(stage: Stage, again: Sketches, box: Box, shots: int, lean: int, lit: int) -> Iterator[Patch]:
    """Yield the band that says what to press, with arrowheads that run to where the button is.

    It leans there by so many steps of the grid; the arrowhead of the number *lit* shines.
    """
    theme, px, side = stage.theme, stage.layout.px, stage.layout.housing.button
    act = stage.words.attract_nudge if stage.nudged else stage.words.attract(shots)[2]
    dx, dy = TOWARDS[side]
    where = Box(box.x + dx * px(lean), box.y + dy * px(lean), box.width, box.height)
    colour = theme.accent_deep if stage.nudged else theme.accent
    edge, wide = px(20), px(64 if stage.layout.upright else 96)

    def paint(canvas: Canvas) -> None:
        canvas.box(where, where.height / canvas.unit / 2, colour)
        line = where.inset(edge + wide + px(4), 0)
        if not canvas.surface.get_clip().colliderect(line.tuple):
            return  # an arrowhead beside it has changed, eight times as often
        canvas.text(act, line, size=48, smallest=20, colour=theme.on_accent, weight=Weight.EXTRA, align="centre")

    yield again(("call", lean), lambda: Patch("call", where, (act, colour), paint))
    for end, left in (("left", where.x + edge), ("right", where.right - edge - wide)):
        heads = _heads(stage.layout, Box(left, where.y, wide, where.height), side)
        paint_heads = partial(_arrowheads, heads=heads, side=side, lit=lit, on=colour)
        yield Patch(f"call {end}", heads[0].with_(*heads), (lit, colour), paint_heads)


def _heads(layout: Layout, box: Box, side: Side) -> tuple[Box, ...]:
    """Return where three arrowheads are that point to *side*, in the middle of *box*."""
    (dx, dy), px = TOWARDS[side], layout.px
    long, short = px(48), px(22)
    width, height = (short, long) if dx else (long, short)
    x, y = box.centre[0] - width // 2, box.centre[1] - height // 2
    return tuple(Box(x + dx * place * px(24), y + dy * place * px(22), width, height) for place in (-1, 0, 1))


def _arrowheads(canvas: Canvas, *, heads: tuple[Box, ...], side: Side, lit: int, on: Colour) -> None:
    """Paint the arrowheads, of which number *lit* shines; 3 is none."""
    for index, head in enumerate(heads):
        size = (head.width, head.height)
        colour = canvas.theme.on_accent if index == lit else blend(on, canvas.theme.on_accent, 0.35)
        draw = partial(_arrowhead, size=size, towards=TOWARDS[side], colour=colour)
        picture = canvas.shapes.make(("arrowhead", side, size, colour), size, draw)
        canvas.stamp(picture, head.x, head.y)


def _arrowhead(pen: Pen, *, size: tuple[int, int], towards: tuple[int, int], colour: Colour) -> None:
    (wide, high), (dx, dy) = size, towards
    line = min(size) * 0.3
    half = line / 2
    tip = (wide / 2 + dx * (wide / 2 - half), high / 2 + dy * (high / 2 - half))
    if dx:
        ends = [(wide / 2 - dx * (wide / 2 - half), y) for y in (half, high - half)]
    else:
        ends = [(x, high / 2 - dy * (high / 2 - half)) for x in (half, wide - half)]
    pen.stroke([ends[0], tip, ends[1]], line, colour)


# ---- what becomes of it


def _cards(
    stage: Stage, again: Sketches, box: Box, shown: int, taken: int, waving: int, *, centred: bool
) -> Iterator[Patch]:
    """Yield a small picture for each shot: empty until the microwave has posed for it, then waving one by one."""
    px = stage.layout.px
    gap = px(10)
    wide = min((box.width - (shown - 1) * gap) // shown, (box.height - px(10)) * 4 // 3, px(120))
    high = wide * 3 // 4
    left = box.x + ((box.width - shown * wide - (shown - 1) * gap) // 2 if centred else 0)
    top = box.y + px(8) + (box.height - px(8) - high) // 2
    for index in range(shown):
        where = Box(left + index * (wide + gap), top - (px(8) if index == waving else 0), wide, high)
        mood = MOODS[index % len(MOODS)] if index <= taken else None
        yield again(("card", index, where, mood), partial(_card, stage, index, where, mood))


def _card(stage: Stage, index: int, where: Box, mood: Mood | None) -> Patch:
    """Return a small picture of the microwave in a *mood*; without one, the place for it."""
    theme, px = stage.theme, stage.layout.px

    def paint(canvas: Canvas) -> None:
        if mood is None:
            canvas.box(where, 12, theme.accent_soft, theme.accent_bright, 3)
            return
        canvas.box(where, 12, theme.dark, theme.accent_bright, 4)
        inner = where.inset(px(10), px(7))
        scale = min(inner.width / mascot.FACE[2], inner.height / mascot.FACE[3])
        drawn = Box(0, 0, round(scale * mascot.WIDE), round(scale * mascot.HIGH))
        face = mascot.face(canvas.shapes, theme, drawn, mood)
        x = where.x + (where.width - face.get_width()) // 2
        canvas.stamp(face, x, where.y + (where.height - face.get_height()) // 2)

    return Patch(f"card {index}", where, (mood,), paint)


# ---- at rest


def _asleep(scene: AttractScene, stage: Stage) -> Iterator[Patch]:
    """Yield the night: the microwave walks in its sleep, and still says what to press."""
    theme, px, screen = stage.theme, stage.layout.px, stage.layout.screen
    night = blend(theme.dark, (0, 0, 0), 0.6)
    yield ground(stage, "asleep", night)
    wide = px(150)
    size = Box(0, 0, px(260), wide * 88 // 100 + px(44))
    pace = Seconds(60.0) if stage.dress.reduced_motion else PACE
    walked = int(stage.elapsed / pace) * pace
    x = round((screen.width - size.width) * _to_and_fro(walked / ACROSS))
    y = round((screen.height - size.height) * _to_and_fro(walked / DOWN))
    box = Box(x, y, size.width, size.height)
    drawn = Box(box.centre[0] - wide // 2, box.y, wide, wide * 88 // 100)
    act = stage.words.attract(scene.shots)[2]

    def made(canvas: Canvas) -> pygame.Surface:
        dim = _whole(canvas, drawn, Mood.ASLEEP, 0.0, 0.0).copy()
        dim.fill((110, 110, 110), special_flags=pygame.BLEND_RGB_MULT)
        return dim

    def paint(canvas: Canvas) -> None:
        canvas.stamp(canvas.shapes.kept(("asleep", wide, theme), lambda: made(canvas)), drawn.x, drawn.y)
        line = Box(box.x, box.bottom - px(40), box.width, px(40))
        colour = blend(night, theme.on_dark, 0.6)
        canvas.text(act, line, size=24, smallest=14, colour=colour, weight=Weight.BOLD, align="centre")

    yield Patch("asleep", box, (stage.words,), paint)


def _to_and_fro(turns: float) -> float:
    """Return 0..1..0 for each whole turn."""
    return 1.0 - abs(turns % 1.0 * 2.0 - 1.0)


# ---- what is said


def said(scene: AttractScene, words: Words) -> str:
    """Return what this is, and what to press."""
    return " ".join(words.attract(scene.shots))


ROW = Row(AttractScene, painted, widgets, said=said, beat=BEAT, alike=alike)
