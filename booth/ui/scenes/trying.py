"""What guests use, tried by the operator: the camera's picture, the button, its lamp, the sound, and a whole visit."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from booth.core.events import Part
from booth.core.operating import Tab
from booth.core.scene import Scene
from booth.core.showing import TryingScene
from booth.core.trying import LightTurned, Shine, SoundWanted, TrialBegun
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box, Layout, fitted
from booth.ui.pieces.buttons import Manner, button
from booth.ui.pieces.ground import ground
from booth.ui.pieces.places import places
from booth.ui.scenes import pages
from booth.ui.scenes.row import Offered, Row
from booth.ui.sound import Sound
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.widgets import Begin, PushButton, Widget
from booth.ui.words import Words


@dataclass(frozen=True)
class TryPlaces:
    """The picture, what it means that the page is shown, and what is tried."""

    picture: Box
    foot: Box
    press: Box
    light: Box
    sound: Box
    visit: Box


@lru_cache(maxsize=4)
def tried_at(layout: Layout, count: int) -> TryPlaces:
    """Lay the page out, below a row of *count* pages."""
    px, at = layout.px, places(layout, count)
    body, gap, across, down = at.body, at.gap, layout.animation.width, layout.animation.height
    row, tell = px(72), px(58)
    if layout.upright:
        picture = fitted(across, down, Box(body.x, body.y, body.width, body.height - tell - 3 * (row + gap) - gap))
        picture = Box(picture.x, body.y, picture.width, picture.height)
        foot = Box(body.x, picture.bottom + gap, body.width, tell)
        press = Box(body.x, foot.bottom + gap, body.width, row)
        half = (body.width - gap) // 2
        light = Box(body.x, press.bottom + gap, half, row)
        sound = Box(body.right - half, light.y, half, row)
        visit = Box(body.x, light.bottom + gap, body.width, row)
        return TryPlaces(picture, foot, press, light, sound, visit)
    left = px(404)
    picture = fitted(across, down, Box(body.x, body.y, left, body.height - tell - gap))
    picture = Box(picture.x, body.y, picture.width, picture.height)
    foot = Box(body.x, body.bottom - tell, left, tell)
    x, wide = body.x + left + px(16), body.width - left - px(16)
    press = Box(x, body.y, wide, row + px(12))
    light = Box(x, press.bottom + gap, wide, row)
    sound = Box(x, light.bottom + gap, wide, row)
    visit = Box(x, sound.bottom + gap, wide, body.bottom - sound.bottom - gap)
    return TryPlaces(picture, foot, press, light, sound, visit)


def widgets(scene: TryingScene, layout: Layout, languages: Offered) -> tuple[Widget, ...]:
    """Decide where the pages are, and what is touched on this one."""
    at = tried_at(layout, len(scene.pages))
    return (
        *pages.widgets(scene.pages, places(layout, len(scene.pages))),
        PushButton("light", at.light, LightTurned),
        PushButton("sound", at.sound, SoundWanted, live=scene.volume is not None),
        Begin("trial", at.visit, TrialBegun, live=not scene.missing),
    )


def painted(scene: TryingScene, stage: Stage) -> Iterator[Patch]:
    """Paint the page."""
    words, theme = stage.words, stage.theme
    at = tried_at(stage.layout, len(scene.pages))
    yield ground(stage, "trying", theme.paper)
    yield from pages.painted(scene.pages, Tab.TRY, stage, places(stage.layout, len(scene.pages)))
    yield _picture(scene, stage, at.picture)
    yield _foot(scene, stage, at.foot)
    yield _press(scene, stage, at.press)
    yield button(stage, "light", light_name(scene.tried.light, words), Icon.BUTTON, Manner.PLAIN, 22)
    loud = Manner.DULL if scene.volume is None else Manner.PLAIN
    yield button(stage, "sound", sound_name(scene.volume, words), None, loud, 22)
    begun = Manner.DULL if scene.missing else Manner.STRONG
    # Translators: a button: the operator goes through a visit as a guest would; it is marked as a test.
    yield button(stage, "trial", words.pgettext("operator", "Begin a test visit"), None, begun, 24)


def light_name(light: Shine, words: Words) -> str:
    """Return how the lamp is, as the button says it that changes it."""
    match light:
        case Shine.OFF:
            # Translators: the lamp in the start button, while an operator tries it.
            return words.pgettext("operator", "Lamp: off")
        case Shine.ON:
            return words.pgettext("operator", "Lamp: on")
        case Shine.BLINK:
            return words.pgettext("operator", "Lamp: blinks")


def sound_name(volume: int | None, words: Words) -> str:
    """Return what a touch has heard, and how loud."""
    if volume is None:
        # Translators: the booth is set up to make no sounds.
        return words.pgettext("operator", "Sound is off")
    # Translators: a button: a sound is heard, at the volume that is set.
    return words.pgettext("operator", "Sound: {volume} %").format(volume=volume)


def _picture(scene: TryingScene, stage: Stage, box: Box) -> Patch:
    """Return what the camera sees, mirrored and cut as guests see it."""
    theme, picture = stage.theme, stage.preview()
    if picture is not None and Part.CAMERA not in scene.missing:

        def paint_picture(canvas: Canvas) -> None:
            canvas.surface.blit(stage.projector.mirrored(picture, box, stage.layout.animation), (box.x, box.y))

        return Patch("preview", box, ("preview", picture), paint_picture)
    said = stage.words.part[Part.CAMERA][0] if Part.CAMERA in scene.missing else stage.words.no_preview

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 18, theme.dark)
        canvas.text(said, box, size=24, smallest=16, colour=theme.on_dark, weight=Weight.MEDIUM, align="centre")

    return Patch("preview", box, (said,), paint)


def _foot(scene: TryingScene, stage: Stage, box: Box) -> Patch:
    """Return what it means for guests that the page is shown; with a part missing, what is to be done about that."""
    theme, words = stage.theme, stage.words
    # Translators: on the page on which the operator tries the start button.
    said = words.gettext("On this page a press of the button is only counted: no guest can begin.")
    colour = theme.soft_ink
    if scene.missing:
        said, colour = ": ".join(words.part[scene.missing[0]]), theme.wrong

    def paint(canvas: Canvas) -> None:
        canvas.paragraph(said, box, size=18, smallest=14, colour=colour, spacing=1.2)

    return Patch("told", box, (said,), paint)


def _press(scene: TryingScene, stage: Stage, box: Box) -> Patch:
    """Return how often the start button was pressed: what has to be pressed is not on the screen."""
    theme, px, count = stage.theme, stage.layout.px, scene.tried.presses
    words = stage.words
    # Translators: the operator is to press the real button, to try it.
    label = words.pgettext("operator", "Press the start button")
    # Translators: so many presses of the start button were seen.
    seen = words.ngettext("{count} press seen", "{count} presses seen", count).format(count=count)

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 18, theme.card)
        edge, side = px(16), px(34)
        mark = Box(box.right - edge - side, box.centre[1] - side // 2, side, side)
        if count:
            canvas.stamp(canvas.shapes.disc(side, theme.good), mark.x, mark.y)
            canvas.icon(Icon.CHECK, mark.inset(px(7)), theme.card)
        else:
            canvas.icon(Icon.BUTTON, mark, theme.soft_ink)
        half, room = box.height // 2, mark.x - px(8) - box.x - edge
        top = Box(box.x + edge, box.y + px(6), room, half - px(6))
        canvas.text(label, top, size=18, smallest=13, colour=theme.soft_ink, weight=Weight.MEDIUM)
        low = Box(box.x + edge, top.bottom, room, half - px(4))
        canvas.text(seen, low, size=26, smallest=14, colour=theme.ink, weight=Weight.EXTRA)

    return Patch("presses", box, (count, label), paint)


def heard(scene: TryingScene, before: Scene | None) -> Sound | None:
    """Return the shutter for each sound that was wanted."""
    known = before.tried.sounds if isinstance(before, TryingScene) else 0
    return Sound.SHUTTER if scene.tried.sounds > known else None


ROW = Row(TryingScene, painted, widgets, heard=heard, beat=None)
