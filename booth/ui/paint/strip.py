"""The operator's strip: what the booth can work with, but somebody should know. Small and calm, a sign and words each.

Shown where no guest is being served, never over a visit.
"""

from collections.abc import Iterator

from booth.core.events import Notice
from booth.ui.canvas import Canvas, Part
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.layout import Box
from booth.ui.paint.stage import Stage

NOTICE_ICONS = {
    Notice.OFFLINE: Icon.CLOUD_OFF,
    Notice.HELD_UP: Icon.CLOUD_OFF,
    Notice.NOT_UPLOADING: Icon.ALERT,
    Notice.NO_BUCKET: Icon.CLOUD_OFF,
    Notice.DISK_LOW: Icon.DISK,
    Notice.CLOCK_UNKNOWN: Icon.CLOCK,
    Notice.BUTTON_HELD: Icon.BUTTON,
    Notice.UPDATE_DAMAGED: Icon.ALERT,
    Notice.UPDATE_FAILED: Icon.ALERT,
    Notice.UPDATE_HERE: Icon.CHECK,
    Notice.UPDATE_OLDER: Icon.ALERT,
    Notice.UPDATE_OTHER: Icon.ALERT,
    Notice.UPDATE_ROOM: Icon.DISK,
    Notice.UPDATE_UNTRUSTED: Icon.ALERT,
}

SIZE, LEAST = 17.0, 13.0
"""The type of the strip, in steps of the grid: as it should be, and as small as it may become."""


def strip(notices: tuple[Notice, ...], stage: Stage, languages: int = 0) -> Iterator[Part]:
    """Yield the strip at the foot of the screen, `Layout.strip`: nothing when there is nothing to tell.

    A notice that is alone says what follows from it, too; several are named. It lies above so many *languages*.
    """
    if not notices:
        return
    theme, px = stage.theme, stage.layout.px
    box = stage.layout.strip(languages)
    side, gap, apart = px(22), px(8), px(28)

    def paint(canvas: Canvas) -> None:
        def wide(texts: list[str], size: float) -> int:
            inked = sum(canvas.fonts.width(text, Weight.MEDIUM, px(size)) for text in texts)
            return inked + len(texts) * (side + gap) + (len(texts) - 1) * apart

        short = [stage.words.notice[notice][0] for notice in notices]
        long = [stage.words.notice[notice][1] for notice in notices]
        texts = long if len(notices) == 1 and wide(long, LEAST) <= box.width else short
        size = next((size for size in (SIZE, 16.0, 15.0, 14.0) if wide(texts, size) <= box.width), LEAST)
        x = box.x + max(box.width - wide(texts, size), 0) // 2
        for notice, text in zip(notices, texts, strict=True):
            canvas.icon(NOTICE_ICONS[notice], Box(x, box.y, side, box.height), theme.soft_ink)
            line = Box(x + side + gap, box.y, canvas.fonts.width(text, Weight.MEDIUM, px(size)) + 1, box.height)
            canvas.text(text, line, size=size, colour=theme.soft_ink, weight=Weight.MEDIUM)
            x = line.right - 1 + apart

    yield Part("strip", box, (notices, stage.words), paint)
