"""The latest animations, as prints that hang there and play."""

from collections.abc import Iterator

import pygame

from booth.pictures import covering
from booth.ports import Playback
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.playback import due, surface_of
from booth.ui.layout import Box, fitted, turned
from booth.ui.stage import Stage
from booth.units import Seconds

MOST_PRINTS = 3
"""Animations that hang there at once; if there are more, one after the other takes its turn."""
TURN = Seconds(6.0)
ANGLES = (4.0, -3.0, 2.5)
"""How a print hangs, in degrees."""


def prints(stage: Stage, box: Box, shown: tuple[Playback, ...], *, centred: bool) -> Iterator[Patch]:
    """Yield the latest animations as prints that hang there and play."""
    px = stage.layout.px
    count = min(len(shown), MOST_PRINTS)
    rim, gap = px(6), px(14)
    room = box.inset(px(4), px(6))
    wide = (room.width - (count - 1) * gap) // count - 2 * rim
    high = room.height - 3 * rim
    size = fitted(4, 3, Box(0, 0, wide - px(6), high - px(12)))
    card = Box(0, 0, size.width + 2 * rim, size.height + 3 * rim)
    whole = count * card.width + (count - 1) * gap
    left = room.x + ((room.width - whole) // 2 if centred else px(4))
    turn = int(stage.motion / TURN) if len(shown) > count else 0
    for place in range(count):
        playback = shown[whose(place, turn, count, len(shown))]
        where = Box(
            left + place * (card.width + gap), room.y + (room.height - card.height) // 2, card.width, card.height
        )
        yield _print(stage, place, where, playback)


def whose(place: int, turn: int, places: int, count: int) -> int:
    """Return which of *count* hangs at *place* after so many turns, in each of which the next place gets the next."""
    changed = turn - (turn - 1 - place) % places if turn > place else 0
    return (places - 1 + changed) % count if changed else place


def _print(stage: Stage, place: int, where: Box, playback: Playback) -> Patch:
    """Return an animation as a print, at the picture that is due."""
    theme, px = stage.theme, stage.layout.px
    picture = playback.pictures[due(playback.delays, 0, stage.motion)]
    angle = ANGLES[place % len(ANGLES)]
    room = turned(where.inset(-2), angle)
    rim = px(6)

    def made() -> pygame.Surface:
        # With a clear edge around it: what is turned is smooth only where there is something to mix with.
        card = pygame.Surface((where.width + 4, where.height + 4), pygame.SRCALPHA)
        card.fill((*theme.line, 0))
        face = pygame.Rect(2, 2, where.width, where.height)
        pygame.draw.rect(card, theme.line, face, border_radius=px(5))
        pygame.draw.rect(card, theme.flash, face.inflate(-2, -2), border_radius=px(5))
        size = where.width - 2 * rim, where.height - 3 * rim
        card.blit(covering(surface_of(picture), size), (2 + rim, 2 + rim))
        return pygame.transform.rotozoom(card, angle, 1.0)

    def paint(canvas: Canvas) -> None:
        hung = stage.prints.made(picture, ("print", where.width, where.height, angle, theme), made)
        x, y = room.centre
        canvas.surface.blit(hung, (x - hung.get_width() // 2, y - hung.get_height() // 2))

    return Patch(f"print {place}", room, (picture,), paint)
