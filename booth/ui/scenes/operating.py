"""The operator's screen: how the booth is, what can be changed for the evening, what can be done with it.

The law: what is read here is read from an arm's length in a hurry. A sign and a value each, and what to do in words;
every button is larger than a thumb.
"""

from collections.abc import Iterator
from functools import partial

from booth.core.operating import (
    Deed,
    DeedChosen,
    DeedConfirmed,
    DeedDeclined,
    DialTurned,
    PutBack,
    Tab,
)
from booth.core.showing import OperatingScene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Layout
from booth.ui.pieces.buttons import Manner, button
from booth.ui.pieces.ground import ground
from booth.ui.pieces.lines import lines
from booth.ui.pieces.places import OperatorPlaces, places
from booth.ui.scenes import cockpit, copied, dials, pages
from booth.ui.scenes.row import Offered, Row
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.widgets import PushButton, Widget
from booth.ui.words import Words

DEED_ICONS = {Deed.RETRY: Icon.SEND, Deed.COPY: Icon.DISK, Deed.RESTART: Icon.RETAKE, Deed.POWER_OFF: Icon.ALERT}


def widgets(scene: OperatingScene, layout: Layout, languages: Offered) -> tuple[Widget, ...]:
    """Decide where the pages are, and what is touched on the one that is shown."""
    at = places(layout, len(scene.pages))
    if scene.ask is not None:
        return PushButton("no", at.no, DeedDeclined), PushButton("yes", at.yes, DeedConfirmed)
    tabs = pages.widgets(scene.pages, at)
    match scene.page:
        case Tab.EVENING:
            turned = (
                PushButton(f"dial:{dial.knob.value}", box, partial(DialTurned, knob=dial.knob))
                for dial, box in zip(scene.dials, at.dials(len(scene.dials)), strict=False)
            )
            changed = any(dial.changed for dial in scene.dials)
            return (*tabs, *turned, *((PushButton("put back", at.put_back, PutBack),) if changed else ()))
        case Tab.HANDS:
            deeds = zip(scene.deeds, at.dials(len(scene.deeds)), strict=True)
            return (
                *tabs,
                *(PushButton(f"deed:{deed.value}", box, partial(DeedChosen, deed=deed)) for deed, box in deeds),
            )
        case _:
            return tabs


def painted(scene: OperatingScene, stage: Stage) -> Iterator[Patch]:
    """Paint the page."""
    at, words = places(stage.layout, len(scene.pages)), stage.words
    yield ground(stage, ("operating", scene.page, scene.ask), stage.theme.paper)
    if scene.ask is not None:
        yield from _question(scene.ask, stage, at)
        return
    yield from pages.painted(scene.pages, scene.page, stage, at)
    match scene.page:
        case Tab.NOW:
            yield from cockpit.painted(scene, stage, at)
        case Tab.EVENING:
            yield from dials.painted(scene, stage, at)
        case Tab.HANDS:
            for deed in scene.deeds:
                yield button(stage, f"deed:{deed.value}", deed_name(deed, words), DEED_ICONS[deed], Manner.PLAIN, 26)
            said = done(scene, words)
            yield lines("done", at.foot, said, size=24, colour=stage.theme.ink, align="centre")
        case Tab.TRY:
            pass  # it has a scene of its own


def deed_name(deed: Deed, words: Words) -> str:
    """Return what can be done, as a button says it."""
    match deed:
        case Deed.RETRY:
            # Translators: GIFs that could not be uploaded are to be uploaded now.
            return words.pgettext("operator", "Send what waits now")
        case Deed.COPY:
            # Translators: a button: the evening's GIFs and lists are copied to the USB stick that is plugged in.
            return words.pgettext("operator", "Copy to the stick")
        case Deed.RESTART:
            return words.pgettext("operator", "Restart the booth")
        case Deed.POWER_OFF:
            return words.pgettext("operator", "Switch off")


def _question(deed: Deed, stage: Stage, at: OperatorPlaces) -> Iterator[Patch]:
    """Yield what is asked back before the booth is gone for a while."""
    theme, words = stage.theme, stage.words
    if deed is Deed.POWER_OFF:
        title = words.gettext("Switch off now?")
        means = words.gettext("Nothing is lost. Pull the plug once the screen is dark.")
    else:
        title = words.gettext("Restart the booth now?")
        means = words.gettext("It is back within a minute. Nothing is lost.")

    def paint(canvas: Canvas) -> None:
        canvas.text(title, at.title, size=34, smallest=18, colour=theme.ink, weight=Weight.EXTRA, align="centre")
        canvas.paragraph(means, at.means, size=22, smallest=15, colour=theme.soft_ink, align="centre", balanced=True)

    yield Patch("question", at.title.with_(at.means), (title,), paint)
    yield button(stage, "no", words.pgettext("operator", "No"), None, Manner.STRONG, 26)
    yield button(stage, "yes", deed_name(deed, words), DEED_ICONS[deed], Manner.PLAIN, 24)


def done(scene: OperatingScene, words: Words) -> str:
    """Return what came of what was done last: a copy is told of as long as there is one."""
    copy = scene.sight.copy if scene.sight is not None else None
    if scene.done is Deed.RETRY and (copy is None or not copy.goes_on):
        # Translators: the booth tries again to send what could not be sent.
        return words.gettext("The booth is trying it now.")
    return copied.told(copy, words) if copy is not None else ""


ROW = Row(OperatingScene, painted, widgets)
