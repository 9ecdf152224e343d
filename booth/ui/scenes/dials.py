"""What an operator can change for an evening: a large button for each setting, which shows how it stands."""

from collections.abc import Iterator

from booth.core.operating import Dial, Knob
from booth.core.showing import OperatingScene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.languages import LANGUAGES
from booth.ui.layout import Box
from booth.ui.pieces.buttons import button
from booth.ui.pieces.lines import lines
from booth.ui.pieces.places import OperatorPlaces
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.words import Words


def painted(scene: OperatingScene, stage: Stage, at: OperatorPlaces) -> Iterator[Patch]:
    """Yield the settings, and what comes of changing them."""
    for dial in scene.dials:
        yield _dial(stage, stage.box(f"dial:{dial.knob.value}"), dial)
    changed = any(dial.changed for dial in scene.dials)
    room = at.foot if not changed else Box(at.foot.x, at.foot.y, at.put_back.x - at.gap - at.foot.x, at.foot.height)
    yield lines("told", room, told(scene, stage.words), size=18, colour=stage.theme.soft_ink, spacing=1.25)
    if changed:
        # Translators: a button: all that was changed here is to be as the booth's file of settings says.
        yield button(stage, "put back", stage.words.pgettext("operator", "As in the file"), None, size=18)


def told(scene: OperatingScene, words: Words) -> str:
    """Return what comes of what was changed."""
    if scene.unkept:
        return words.gettext("This could not be saved: the storage does not take it.")
    if scene.stale:
        # Translators: the operator has changed settings.
        return words.gettext("When you go back, the booth restarts for it. That takes a few seconds.")
    # Translators: settings that the operator changes on the screen; they outlast a power cut.
    return words.gettext("Touch to change. It stays so after a restart, too.")


def name(knob: Knob, words: Words) -> str:
    """Return what can be changed."""
    match knob:
        case Knob.PAUSED:
            # Translators: whether guests can begin a visit.
            return words.pgettext("operator", "Guests can begin")
        case Knob.EVENT:
            return words.pgettext("operator", "Event")
        case Knob.LANGUAGE:
            # Translators: the language in which the booth greets its guests.
            return words.pgettext("operator", "Language")
        case Knob.VOLUME:
            return words.pgettext("operator", "Volume")
        case Knob.CONSENT:
            # Translators: whether guests are asked for their agreement to show their pictures.
            return words.pgettext("operator", "Ask for consent")
        case Knob.LATEST:
            # Translators: whether the invitation shows the latest guests' pictures.
            return words.pgettext("operator", "Show latest pictures")


def value(dial: Dial, words: Words) -> str:
    """Return how it stands."""
    match dial.knob:
        case Knob.PAUSED:
            # Translators: nobody can begin a visit for a while; the team has said so.
            return words.pgettext("operator", "Paused") if dial.value else words.pgettext("operator", "Yes")
        case Knob.EVENT:
            return str(dial.value)
        case Knob.LANGUAGE:
            return LANGUAGES.get(str(dial.value), str(dial.value))
        case Knob.VOLUME:
            return f"{dial.value} %" if dial.value else words.pgettext("operator", "Silent")
        case Knob.CONSENT | Knob.LATEST:
            return words.pgettext("operator", "Yes") if dial.value else words.pgettext("operator", "No")


def _dial(stage: Stage, box: Box, dial: Dial) -> Patch:
    theme, px, words = stage.theme, stage.layout.px, stage.words
    spot = f"dial:{dial.knob.value}"
    held = spot in stage.pressed
    label, stands = name(dial.knob, words), value(dial, words)
    warns = dial.knob is Knob.PAUSED and bool(dial.value)

    def paint(canvas: Canvas) -> None:
        if held:
            canvas.box(box, 18, theme.accent_bright)
        elif warns:
            canvas.box(box, 18, theme.caution)
        else:
            canvas.box(box, 18, theme.card, theme.line, 1.6)
        ink = theme.on_bright if held else theme.on_caution if warns else theme.ink
        soft = ink if held or warns else theme.soft_ink
        edge, side = px(16), px(24)
        room = box.width - 2 * edge - side - px(8)
        half = box.height // 2
        top = Box(box.x + edge, box.y + px(6), room, half - px(6))
        canvas.text(label, top, size=18, smallest=13, colour=soft, weight=Weight.MEDIUM)
        low = Box(box.x + edge, top.bottom, room, half - px(4))
        canvas.text(stands, low, size=26, smallest=14, colour=ink, weight=Weight.EXTRA)
        sign = Icon.RETAKE if len(dial.choices) > 2 else Icon.NEXT
        canvas.icon(sign, Box(box.right - edge - side, box.y, side, box.height), soft)

    return Patch(spot, box, (dial, held, label), paint)
