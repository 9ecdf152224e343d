"""The scenes in which the microwave speaks: warming up, the invitation, please wait, sorry, and out of order."""

from collections.abc import Iterator

from booth.core.events import Part as Missing
from booth.core.scene import ApologyScene, AttractScene, FinishingScene, OutOfOrderScene
from booth.core.states import Animation, Reason
from booth.ui import mascot
from booth.ui.canvas import Canvas, Part
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.layout import Box
from booth.ui.mascot import Mood
from booth.ui.paint.languages import languages
from booth.ui.paint.stage import Stage, ground, microwave
from booth.ui.paint.strip import strip

BEAT = 0.125
"""Seconds: nothing on a resting screen changes more often."""

PULSE = (0.0, 0.12, 0.4, 0.75, 1.0, 0.85, 0.55, 0.25)
"""How the start button of the invitation glows, beat by beat..."""
PULSE_BEATS = 16
"""...and how many beats there are from one glow to the next."""

MOST_CARDS = 6
CARD_MOODS = (Mood.HAPPY, Mood.WINK, Mood.GLAD, Mood.LEFT)

PART_ICONS = {Missing.CAMERA: Icon.CAMERA, Missing.DISK: Icon.DISK, Missing.GM: Icon.WAND, Missing.BUTTON: Icon.BUTTON}


def starting(stage: Stage) -> Iterator[Part]:
    """Paint the booth waking up."""
    yield ground(stage, "starting", stage.theme.paper)
    halves = stage.layout.halves()
    mood = Mood.ASLEEP if stage.motion % 3.0 < 2.0 else Mood.BLINK
    yield from microwave(stage, halves.drawing, mood, 0.0)
    yield _message(stage, halves.words, *stage.words.starting)
    yield from _waiting(stage, halves.words)


def attract(scene: AttractScene, stage: Stage) -> Iterator[Part]:
    """Paint the invitation: what this is, and what to press."""
    theme, layout = stage.theme, stage.layout
    px = layout.px
    yield ground(stage, "attract", theme.paper)
    halves = layout.halves()
    beat = int(stage.motion / BEAT)
    step = beat % PULSE_BEATS
    glow = PULSE[step] if step < len(PULSE) else 0.0
    yield from microwave(stage, halves.drawing, _attract_mood(beat), glow)

    box = halves.words
    first, second, act = stage.words.attract(scene.shots)
    nudged = stage.nudged
    act = stage.words.attract_nudge if nudged else act
    title = Box(box.x, box.y - px(16), box.width, px(40))
    head = Box(box.x, title.bottom + px(16), box.width, px(72))
    sub = Box(box.x, head.bottom, box.width, px(44))
    call = Box(box.x, sub.bottom + px(24), box.width, px(72))
    cards = Box(box.x, call.bottom + px(28), box.width, px(72))

    def paint(canvas: Canvas) -> None:
        canvas.text(stage.title, title, size=24, smallest=16, colour=theme.accent_deep)
        canvas.text(first, head, size=64, smallest=30, colour=theme.ink, weight=Weight.EXTRA)
        canvas.text(second, sub, size=32, smallest=20, colour=theme.ink)

    yield Part("words", Box(box.x, title.y, box.width, call.y - title.y), (first, second, stage.title), paint)

    def paint_call(canvas: Canvas) -> None:
        side = px(58)
        mark = Box(call.x, call.y + (call.height - side) // 2, side, side)
        canvas.stamp(canvas.shapes.disc(side, theme.accent_soft), mark.x, mark.y)
        inner = mark.inset(px(9))
        canvas.stamp(canvas.shapes.disc(inner.width, theme.accent), inner.x, inner.y)
        line = Box(mark.right + px(14), call.y, call.right - mark.right - px(14), call.height)
        canvas.text(act, line, size=38, smallest=20, colour=theme.accent, weight=Weight.EXTRA)

    yield Part("call", call, (act,), paint_call)
    yield from _cards(stage, cards, scene.shots, beat)
    yield from languages(stage)
    yield from strip(scene.notices, stage, len(stage.languages))


def finishing(scene: FinishingScene, stage: Stage) -> Iterator[Part]:
    """Paint "please wait"."""
    yield ground(stage, "finishing", stage.theme.paper)
    halves = stage.layout.halves()
    look = (Mood.LEFT, Mood.HAPPY, Mood.RIGHT, Mood.HAPPY)[int(stage.motion / 0.5) % 4]
    yield from microwave(stage, halves.drawing, look, 1.0)
    told = {
        Animation.MAKING: stage.words.finishing,
        Animation.READY: stage.words.finishing_ready,
        Animation.FAILED: stage.words.finishing_failed,
    }[scene.animation]
    yield _message(stage, halves.words, *(stage.words.finishing_deleting if scene.deleting else told))
    yield from _waiting(stage, halves.words)


def apology(scene: ApologyScene, stage: Stage) -> Iterator[Part]:
    """Paint what went wrong, and what has become of the pictures."""
    theme, px = stage.theme, stage.layout.px
    yield ground(stage, "apology", theme.paper)
    halves = stage.layout.halves()
    mood = Mood.HAPPY if scene.reason is Reason.SLOW else Mood.SORRY
    yield from microwave(stage, halves.drawing, mood, 0.0)
    yield _message(stage, halves.words, *stage.words.apology[scene.reason])
    kept = stage.words.kept_after_all[scene.reason] if scene.kept else stage.words.not_kept
    good = scene.kept and scene.reason is not Reason.NOT_DELETED
    icon = Icon.CHECK if good else Icon.ALERT
    colour = theme.good if good else theme.soft_ink
    line = Box(halves.words.x, halves.words.bottom - px(96), halves.words.width, px(64))

    def paint(canvas: Canvas) -> None:
        side = px(28)
        canvas.icon(icon, Box(line.x, line.y + px(2), side, side), colour)
        text = Box(line.x + side + px(12), line.y, line.width - side - px(12), line.height)
        canvas.paragraph(kept, text, size=22, smallest=16, colour=colour, weight=Weight.BOLD)

    yield Part("kept", line, (kept,), paint)


def out_of_order(scene: OutOfOrderScene, stage: Stage) -> Iterator[Part]:
    """Paint which parts are missing, and what an operator can do."""
    theme, px = stage.theme, stage.layout.px
    yield ground(stage, "out of order", theme.paper)
    halves = stage.layout.halves()
    yield from microwave(stage, halves.drawing, Mood.ASLEEP, 0.0)
    row, gap = px(62), px(6)
    whole = px(134) + len(scene.missing) * (row + gap)
    box = halves.words
    head = Box(box.x, (stage.layout.size.height - whole) // 2, box.width, px(134))
    yield _message(stage, head, *stage.words.out_of_order, centred=False)
    for index, missing in enumerate(scene.missing):
        where = Box(box.x, head.bottom + index * (row + gap), box.width, row)
        yield _missing(stage, where, missing)
    yield from strip(scene.notices, stage)


def _missing(stage: Stage, where: Box, missing: Missing) -> Part:
    """Return the line about one part that is missing."""
    theme, px = stage.theme, stage.layout.px
    name, remedy = stage.words.part[missing]

    def paint(canvas: Canvas) -> None:
        canvas.box(where, 16, theme.card)
        side = px(32)
        canvas.icon(PART_ICONS[missing], Box(where.x + px(16), where.y + px(16), side, side), theme.accent_deep)
        left = where.x + px(62)
        wide = where.right - px(12) - left
        canvas.text(name, Box(left, where.y + px(7), wide, px(26)), size=19, smallest=15, colour=theme.ink)
        line = Box(left, where.y + px(31), wide, px(24))
        canvas.text(remedy, line, size=17, smallest=12, colour=theme.soft_ink, weight=Weight.MEDIUM)

    return Part(f"missing {missing.value}", where, (), paint)


def _attract_mood(beat: int) -> Mood:
    """Return the face of a beat: it blinks now and then, and winks less often."""
    turn = beat % 96
    if turn in {30, 60}:
        return Mood.BLINK
    if 84 <= turn < 89:
        return Mood.WINK
    return Mood.HAPPY


def _message(stage: Stage, box: Box, title: str, body: str, *, centred: bool = True) -> Part:
    """Return a title and a sentence; *centred* in the height of *box*."""
    theme, px = stage.theme, stage.layout.px

    def paint(canvas: Canvas) -> None:
        top = box.y + (px(72) if centred else 0)
        room = Box(box.x, top, box.width, px(100))
        end = canvas.paragraph(title, room, size=40, smallest=24, colour=theme.ink, weight=Weight.EXTRA, spacing=1.2)
        rest = Box(box.x, end + px(10), box.width, box.bottom - end - px(10))
        canvas.paragraph(body, rest, size=24, smallest=16, colour=theme.soft_ink)

    return Part("message", box, (title, body), paint)


def _waiting(stage: Stage, box: Box) -> Iterator[Part]:
    """Yield three dots of which one is large, in turn."""
    px = stage.layout.px
    large = int(stage.motion / (3 * BEAT)) % 3
    for index in range(3):
        where = Box(box.x + index * px(34), box.bottom - px(120), px(28), px(28))
        yield _dot(stage, f"dot {index}", where, large=index == large)


def _dot(stage: Stage, name: str, where: Box, *, large: bool) -> Part:
    theme, px = stage.theme, stage.layout.px

    def paint(canvas: Canvas) -> None:
        across = px(24 if large else 14)
        disc = canvas.shapes.disc(across, theme.accent if large else theme.accent_bright)
        canvas.stamp(disc, where.x + (where.width - across) // 2, where.y + (where.height - across) // 2)

    return Part(name, where, (large,), paint)


def _cards(stage: Stage, box: Box, shots: int, beat: int) -> Iterator[Part]:
    """Yield a small picture for each shot; one after the other lights up, then none for a while."""
    shown = min(shots, MOST_CARDS)
    gap = stage.layout.px(10)
    wide = min((box.width - (shown - 1) * gap) // shown, stage.layout.px(90))
    lit = (beat // 5) % (shown + 2)
    for index in range(shown):
        where = Box(box.x + index * (wide + gap), box.y, wide, box.height)
        yield _card(stage, f"card {index}", where, CARD_MOODS[index % len(CARD_MOODS)] if index == lit else None)


def _card(stage: Stage, name: str, where: Box, mood: Mood | None) -> Part:
    """Return a small picture of the microwave: in a *mood* with the light on it, else waiting with closed eyes."""
    theme, px = stage.theme, stage.layout.px

    def paint(canvas: Canvas) -> None:
        canvas.box(where, 12, theme.dark, theme.accent if mood else theme.accent_bright, 4)
        inner = where.inset(px(10), px(7))
        scale = min(inner.width / mascot.FACE[2], inner.height / mascot.FACE[3])
        drawn = Box(0, 0, round(scale * mascot.WIDE), round(scale * mascot.HIGH))
        face = mascot.face(canvas.shapes, theme, drawn, mood or Mood.BLINK)
        x = where.x + (where.width - face.get_width()) // 2
        canvas.stamp(face, x, where.y + (where.height - face.get_height()) // 2)

    return Part(name, where, (mood,), paint)
