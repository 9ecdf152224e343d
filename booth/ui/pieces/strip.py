"""The operator's strip: what the booth can work with, but somebody should know. Small and calm, a sign and words each.

Shown where no guest is being served, never over a visit.
"""

from collections.abc import Iterator
from functools import lru_cache

from booth.core.events import Advice, Notice, Reach
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box, Layout
from booth.ui.pieces import languages as choice
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight

ICONS = {
    Reach.OFFLINE: Icon.CLOUD_OFF,
    Reach.LOGIN: Icon.ALERT,
    Reach.HELD_UP: Icon.CLOUD_OFF,
    Reach.REFUSED: Icon.ALERT,
    Reach.NO_BUCKET: Icon.CLOUD_OFF,
    Notice.DISK_LOW: Icon.DISK,
    Notice.COPIES_FAILED: Icon.ALERT,
    Notice.COPIES_LATE: Icon.CLOUD_OFF,
    Notice.CLOCK_UNKNOWN: Icon.CLOCK,
    Notice.BUTTON_HELD: Icon.BUTTON,
    Notice.PICTURE_BLACK: Icon.CAMERA,
    Notice.PICTURE_BURNT: Icon.CAMERA,
    Notice.PICTURE_FLAT: Icon.CAMERA,
    Notice.PICTURE_FROZEN: Icon.CAMERA,
    Notice.PICTURE_SOFT: Icon.CAMERA,
    Notice.UPDATE_DAMAGED: Icon.ALERT,
    Notice.UPDATE_FAILED: Icon.ALERT,
    Notice.UPDATE_HERE: Icon.CHECK,
    Notice.UPDATE_OLDER: Icon.ALERT,
    Notice.UPDATE_OTHER: Icon.ALERT,
    Notice.UPDATE_ROOM: Icon.DISK,
    Notice.UPDATE_UNTRUSTED: Icon.ALERT,
}

LOOKS = ((17.0, 28), (16.0, 24), (15.0, 20), (14.0, 16), (13.0, 12))
"""The type of the strip, and the room between two notices, in steps of the grid: the first that fits."""
LEAST = 13.0
"""Smallest size that the type may become."""


@lru_cache(maxsize=8)
def place(layout: Layout, languages: int = 0) -> Box:
    """Return the line on which an operator is told what is worth knowing: at the foot, or above the *languages*."""
    px = layout.px
    bottom = choice.places(layout, languages)[0].y - px(2) if languages else layout.size.height - px(10)
    return Box(px(16), bottom - px(32), layout.size.width - 2 * px(16), px(32))


def painted(notices: tuple[Advice, ...], stage: Stage, languages: int = 0) -> Iterator[Patch]:
    """Yield the strip at the foot of the screen, `place`: nothing when there is nothing to tell.

    A notice that is alone says what follows from it, too; several are named, as many as there is room for, and the
    others are counted. It lies above so many *languages*.
    """
    if not notices:
        return
    theme, px = stage.theme, stage.layout.px
    box = place(stage.layout, languages)
    side, gap = px(22), px(8)

    def paint(canvas: Canvas) -> None:
        def wide(texts: list[str], size: float, apart: int) -> int:
            inked = sum(canvas.fonts.width(text, Weight.MEDIUM, px(size)) for text in texts)
            signs = len([text for text in texts if not text.startswith("+")])
            return inked + signs * (side + gap) + (len(texts) - 1) * apart

        long = [stage.words.notice[notice][1] for notice in notices]
        texts = [stage.words.notice[notice][0] for notice in notices]
        if len(notices) == 1 and wide(long, LEAST, 0) <= box.width:
            texts = long
        looks = [(size, px(apart)) for size, apart in LOOKS]
        size, apart = next((look for look in looks if wide(texts, *look) <= box.width), looks[-1])
        while len(texts) > 1 and wide(texts, size, apart) > box.width:
            named = [text for text in texts if not text.startswith("+")][:-1]
            texts = [*named, f"+{len(notices) - len(named)}"]
        x = box.x + max(box.width - wide(texts, size, apart), 0) // 2
        for index, text in enumerate(texts):
            if not text.startswith("+"):
                canvas.icon(ICONS[notices[index]], Box(x, box.y, side, box.height), theme.soft_ink)
                x += side + gap
            line = Box(x, box.y, canvas.fonts.width(text, Weight.MEDIUM, px(size)) + 1, box.height)
            canvas.text(text, line, size=size, colour=theme.soft_ink, weight=Weight.MEDIUM)
            x = line.right - 1 + apart

    yield Patch("strip", box, (notices, stage.words), paint)
