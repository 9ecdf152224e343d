"""The row above each page of the operator's screen: the pages, and the way back."""

from collections.abc import Iterator
from functools import partial

from booth.core.operating import Left, Tab, TabChosen
from booth.ui.drawing.canvas import Patch
from booth.ui.drawing.icons import Icon
from booth.ui.pieces.buttons import Manner, button
from booth.ui.pieces.places import OperatorPlaces
from booth.ui.stage import Stage
from booth.ui.widgets import PushButton, Widget
from booth.ui.words import Words

PAGE_ICONS = {Tab.NOW: Icon.CHECK, Tab.TRY: Icon.CAMERA, Tab.EVENING: Icon.CLOCK, Tab.HANDS: Icon.WAND}


def widgets(pages: tuple[Tab, ...], at: OperatorPlaces) -> tuple[Widget, ...]:
    """Decide where the *pages* and the way back are touched."""
    return (
        *(
            PushButton(f"page:{page.value}", box, partial(TabChosen, page=page))
            for page, box in zip(pages, at.tabs, strict=True)
        ),
        PushButton("leave", at.leave, Left),
    )


def painted(pages: tuple[Tab, ...], shown: Tab, stage: Stage, at: OperatorPlaces) -> Iterator[Patch]:
    """Yield the *pages*, with the one that is *shown* standing out, and the way back."""
    words = stage.words
    for page in pages:
        face = Manner.STRONG if page is shown else Manner.PLAIN
        icon = None if at.upright else PAGE_ICONS[page]
        yield button(stage, f"page:{page.value}", page_name(page, words), icon, face, 20)
    # Translators: a button: back to the invitation.
    back = words.pgettext("operator", "Back")
    if at.upright:  # the words of the pages need the room
        yield button(stage, "leave", "", Icon.LEFT, Manner.PLAIN, 20)
    else:
        yield button(stage, "leave", back, Icon.LEFT, Manner.PLAIN, 20)


def page_name(page: Tab, words: Words) -> str:
    """Return what a page is called."""
    match page:
        case Tab.NOW:
            # Translators: a page of the operator's screen: how the booth is now.
            return words.pgettext("operator", "Now")
        case Tab.TRY:
            # Translators: a page of the operator's screen: camera, button, lamp and sound are tried there.
            return words.pgettext("operator", "Try")
        case Tab.EVENING:
            # Translators: a page of the operator's screen: what can be changed for this evening.
            return words.pgettext("operator", "Evening")
        case Tab.HANDS:
            # Translators: a page of the operator's screen: what can be done with the booth: restart it, switch it off.
            return words.pgettext("operator", "Machine")
