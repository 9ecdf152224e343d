"""Where things are on the operator's screen: pages above, what belongs to the one that is shown below."""

from dataclasses import dataclass
from functools import lru_cache

from booth.ui.layout import Box, Layout


@dataclass(frozen=True)
class OperatorPlaces:
    """The pages and the way back in a row, or two, and everything that a page may have."""

    tabs: tuple[Box, ...]
    leave: Box
    body: Box
    """Room for the page."""
    tiles: tuple[Box, ...]
    """Six signs."""
    card: Box
    """What is to be told in words, below the signs."""
    foot: Box
    """A line or two below what is touched."""
    put_back: Box
    title: Box
    means: Box
    no: Box
    yes: Box
    upright: bool
    gap: int

    def dials(self, count: int) -> tuple[Box, ...]:
        """Return where *count* settings are turned, or deeds are chosen: two in a row, or one."""
        across = 1 if self.upright else 2
        rows = -(-count // across)
        room = self.put_back.y - self.gap - self.body.y
        tall = min((room - (rows - 1) * self.gap) // max(rows, 1), room // 3)
        wide = (self.body.width - (across - 1) * self.gap) // across
        return tuple(
            Box(
                self.body.x + index % across * (wide + self.gap),
                self.body.y + index // across * (tall + self.gap),
                wide,
                tall,
            )
            for index in range(count)
        )


@lru_cache(maxsize=4)
def places(layout: Layout, pages: int) -> OperatorPlaces:
    """Lay the operator's screen out, with so many *pages*."""
    px, width, height = layout.px, layout.size.width, layout.size.height
    edge, gap, tab = px(16), px(12), px(64)
    count = pages + 1
    # Upright, the way back is a sign, and the pages have the room for their words.
    between, back = (px(6), px(52)) if layout.upright else (gap, (width - 2 * edge - (count - 1) * gap) // count)
    across = (width - 2 * edge - pages * between - back) // max(pages, 1)
    row = (
        *(Box(edge + index * (across + between), edge, across, tab) for index in range(pages)),
        Box(width - edge - back, edge, back, tab),
    )
    body = Box(edge, edge + tab + gap, width - 2 * edge, height - 2 * edge - tab - gap)
    columns = 2 if layout.upright else 3
    lines = 6 // columns
    tall = px(118) if layout.upright else px(112)
    wide = (body.width - (columns - 1) * gap) // columns
    tiles = tuple(
        Box(body.x + index % columns * (wide + gap), body.y + index // columns * (tall + gap), wide, tall)
        for index in range(6)
    )
    below = body.y + lines * (tall + gap)
    card = Box(body.x, below, body.width, body.bottom - below)
    foot = Box(body.x, body.bottom - px(64), body.width, px(64))
    put_back = Box(body.right - px(200), foot.y, px(200), foot.height)
    asked = Box(px(40), height // 2 - px(150), width - 2 * px(40), px(300))
    title = Box(asked.x, asked.y, asked.width, px(56))
    means = Box(asked.x, title.bottom + px(6), asked.width, px(90))
    half, answer = (asked.width - gap) // 2, px(92)
    if layout.upright:
        no = Box(asked.x, means.bottom + gap, asked.width, answer)
        yes = Box(asked.x, no.bottom + gap, asked.width, answer)
    else:
        no = Box(asked.x, means.bottom + gap, half, answer)
        yes = Box(asked.right - half, no.y, half, answer)
    return OperatorPlaces(
        row[:-1], row[-1], body, tiles, card, foot, put_back, title, means, no, yes, layout.upright, gap
    )
