"""Where things are: rectangles worked out from the size of the screen, on a grid, without a pixel painted.

Everything is measured in steps of a unit, ``unit(size)`` pixels, which is 1 on the smallest screen (800x480, or upright
480x800).
"""

from dataclasses import dataclass

from booth.ports import Size


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, origin top left."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column that is not in it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row that is not in it."""
        return self.y + self.height

    @property
    def centre(self) -> tuple[int, int]:
        """The pixel in its middle."""
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def tuple(self) -> tuple[int, int, int, int]:
        """The same as x, y, width, height."""
        return self.x, self.y, self.width, self.height

    def inset(self, dx: int, dy: int | None = None) -> "Box":
        """Return the box *dx* pixels smaller on the left and right, *dy* (or *dx*) at top and bottom."""
        down = dx if dy is None else dy
        return Box(self.x + dx, self.y + down, self.width - 2 * dx, self.height - 2 * down)

    def holds(self, x: int, y: int) -> bool:
        """Return whether the pixel is in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def meets(self, other: "Box") -> bool:
        """Return whether the two share a pixel."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


def unit(size: Size) -> float:
    """Return how many pixels one step of the grid is: 1.0 on 800x480 and on 480x800."""
    return min(max(size.width, size.height) / 800, min(size.width, size.height) / 480)


@dataclass(frozen=True)
class FormLayout:
    """The form: a head with the quiet buttons, two fields, a row that ends in Send, and the keyboard below."""

    thumb: Box
    title: Box
    retake: Box
    delete: Box
    skip: Box
    name: Box
    email: Box
    consent: Box
    hint: Box
    send: Box
    tray: Box
    keyboard: Box
    key_gap: int
    warning: Box


@dataclass(frozen=True)
class DialogLayout:
    """A question with two answers, in the middle of the screen."""

    card: Box
    title: Box
    body: Box
    yes: Box
    no: Box


@dataclass(frozen=True)
class HalvesLayout:
    """A drawing on the left, words on the right."""

    drawing: Box
    words: Box


@dataclass(frozen=True)
class FarewellLayout:
    """The animation large on the left; on the right what became of it. The right has room for a square of 49 dots."""

    picture: Box
    panel: Box


@dataclass(frozen=True)
class PosingLayout:
    """What lies over the preview. The lens is above the screen: the cue is under it, the digit beside, faces free."""

    cue: Box
    digit: Box
    dots: Box


class Layout:
    """The rectangles of every scene on a screen of *size*."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.unit = unit(size)
        self.screen = Box(0, 0, size.width, size.height)

    def px(self, steps: float) -> int:
        """Return *steps* of the grid in pixels."""
        return round(steps * self.unit)

    def languages(self, count: int) -> tuple[Box, ...]:
        """Lay *count* names of languages out: a row along the lower edge, where a thumb finds it."""
        if count == 0:
            return ()
        px = self.px
        edge, gap = px(8), px(4)
        wide = min((self.size.width - 2 * edge - (count - 1) * gap) // count, px(150))
        left = (self.size.width - count * wide - (count - 1) * gap) // 2
        top = self.size.height - px(58)
        return tuple(Box(left + index * (wide + gap), top, wide, px(54)) for index in range(count))

    def form(self) -> FormLayout:
        """Lay the form out: about 200 of 480 rows for it, 280 for the keyboard."""
        px, width, height = self.px, self.size.width, self.size.height
        edge, gap = px(12), px(8)
        tray_height = px(284) if height <= 480 else round(height * 0.59)
        tray = Box(0, height - tray_height, width, tray_height)
        room = tray.y
        row = min((room - 2 * px(6) - 2 * px(7)) // 3, px(64))
        between = (room - 3 * row) // 4
        tops = [between + (row + between) * i for i in range(3)]
        right = width - edge
        wide = px(112)
        skip = Box(right - px(96), tops[0], px(96), row)
        delete = Box(skip.x - gap - wide, tops[0], wide, row)
        retake = Box(delete.x - gap - wide, tops[0], wide, row)
        thumb_width = row * 4 // 3
        thumb = Box(edge, tops[0], thumb_width, row)
        title = Box(thumb.right + gap, tops[0], retake.x - gap - thumb.right - gap, row)
        inner = width - 2 * edge
        name = Box(edge, tops[1], round((inner - gap) * 0.4), row)
        email = Box(name.right + gap, tops[1], right - name.right - gap, row)
        send = Box(right - px(160), tops[2], px(160), row)
        consent = Box(edge, tops[2], name.width, row)
        hint = Box(email.x, tops[2], send.x - gap - email.x, row)
        keyboard = Box(px(4), tray.y + px(4), width - 2 * px(4), tray.height - px(8))
        warning = Box(edge, tops[0], retake.x - gap - edge, row)
        return FormLayout(
            thumb, title, retake, delete, skip, name, email, consent, hint, send, tray, keyboard, px(5), warning
        )

    def dialog(self) -> DialogLayout:
        """Lay a question out. The answers do not lie under a finger that has just asked it."""
        px = self.px
        width, height = px(560), px(300)
        card = Box((self.size.width - width) // 2, (self.size.height - height) // 2 + px(36), width, height)
        inside = card.inset(px(32))
        gap = px(16)
        half = (inside.width - gap) // 2
        tall = px(84)
        no = Box(inside.x, inside.bottom - tall, half, tall)
        yes = Box(inside.right - half, no.y, half, tall)
        title = Box(inside.x, inside.y, inside.width, px(48))
        body = Box(inside.x, title.bottom + px(8), inside.width, no.y - title.bottom - px(24))
        return DialogLayout(card, title, body, yes, no)

    def halves(self) -> HalvesLayout:
        """Lay out a drawing and the words beside it."""
        px = self.px
        edge, gap = px(36), px(34)
        wide = px(304)
        high = wide * 22 // 25
        drawing = Box(edge, (self.size.height - high) // 2, wide, high)
        words = Box(
            drawing.right + gap, px(40), self.size.width - drawing.right - gap - edge, self.size.height - px(80)
        )
        return HalvesLayout(drawing, words)

    def strip(self, languages: int = 0) -> Box:
        """Return the line on which an operator is told what is worth knowing: at the foot, or above the *languages*."""
        px = self.px
        bottom = self.languages(languages)[0].y - px(2) if languages else self.size.height - px(10)
        return Box(px(16), bottom - px(32), self.size.width - 2 * px(16), px(32))

    def farewell(self) -> FarewellLayout:
        """Lay out the animation and the panel beside it."""
        px = self.px
        edge = px(20)
        panel = px(252)
        left = self.size.width - panel - 3 * edge
        return FarewellLayout(
            Box(edge, edge, left, self.size.height - 2 * edge),
            Box(left + 2 * edge, edge, panel, self.size.height - 2 * edge),
        )

    def posing(self) -> PosingLayout:
        """Lay out what is over the preview."""
        px, middle = self.px, self.size.width // 2
        cue = Box(middle - px(140), px(16), px(280), px(60))
        across = px(172)
        digit = Box(self.size.width - px(20) - across, px(20), across, across)
        dots = Box(middle - px(130), self.size.height - px(72), px(260), px(56))
        return PosingLayout(cue, digit, dots)


def fitted(width: int, height: int, room: Box) -> Box:
    """Return the largest box of the shape *width* to *height* in the middle of *room*."""
    scale = min(room.width / width, room.height / height)
    wide, high = max(round(width * scale), 1), max(round(height * scale), 1)
    return Box(room.x + (room.width - wide) // 2, room.y + (room.height - high) // 2, wide, high)
