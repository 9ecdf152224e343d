"""Where things are: rectangles worked out from the size of the screen, on a grid, without a pixel painted.

Everything is measured in steps of a unit, ``unit(size)`` pixels, which is 1 on the smallest screen (800x480, or upright
480x800).
"""

from dataclasses import dataclass
from enum import Enum

from booth.ports import Size
from booth.units import Pixels


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

    def with_(self, *others: "Box") -> "Box":
        """Return the smallest box that has it and *others* in it."""
        boxes = (self, *others)
        x, y = min(box.x for box in boxes), min(box.y for box in boxes)
        return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)

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
class FieldLayout:
    """The inside of a field: a sign, what the field is for or what is wrong with it, and the row of its text."""

    icon: Box
    inner: Box
    """All but the sign: an empty field says there what it is for."""
    label: Box
    row: Box


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
    """A drawing, a title with a sentence, and below these some rows."""

    drawing: Box
    head: Box
    row: int
    gap: int

    def rows(self, count: int) -> tuple[Box, ...]:
        """Return *count* rows below the head."""
        card = self.card(count)
        step = self.row + self.gap
        left, wide = card.x + 4 * self.gap, card.width - 8 * self.gap
        return tuple(Box(left, card.y + 3 * self.gap + index * step, wide, self.row) for index in range(count))

    def card(self, count: int) -> Box:
        """Return the card that *count* rows are on."""
        tall = count * (self.row + self.gap) + 5 * self.gap
        return Box(self.head.x, self.head.bottom + 5 * self.gap, self.head.width, tall)


@dataclass(frozen=True)
class RepairsLayout:
    """A drawing, a title with a sentence for guests; a line for the team, and a card for each part that is missing."""

    drawing: Box
    head: Box
    label: Box
    rows: tuple[Box, ...]


@dataclass(frozen=True)
class MistakesLayout:
    """A drawing and a title with a sentence, a card for all mistakes, and an answer to touch."""

    drawing: Box
    head: Box
    card: Box
    answer: Box
    """May have no height."""


@dataclass(frozen=True)
class FarewellLayout:
    """The animation, what became of it, and how to take it home."""

    picture: Box
    """Room for the animation on its card."""
    thanks: Box
    status: Box
    """One line, or a card with more words if there is no code."""
    card: Box | None
    """Under the code, or where it will be; None if there is none."""
    code: Box | None
    """Where the code is, on the card: whole pixels a module."""
    caption: Box
    next: Box
    spare: Box
    """Room for a drawing; may have no height."""


@dataclass(frozen=True)
class InvitationLayout:
    """What this is, a microwave that hops, something that moves, and a band that says what to press."""

    title: Box
    first: Box
    second: Box
    drawing: Box
    show: Box
    """For pictures."""
    call: Box
    centred: bool
    """Whether the words stand in the middle of their boxes."""


@dataclass(frozen=True)
class PosingLayout:
    """The preview, as the frames will be cut; the cue at the edge where the lens is; digits and frames beside it all.

    Nothing lies over the preview but the cue and, at the edge across, one line: faces stay free.
    """

    preview: Box
    cue: Box
    arrow: Box
    """The cue without its words."""
    greeting: Box
    """The line while nobody has to stand still yet."""
    line: Box
    digit: Box
    bar: Box
    film: Box
    """For the frames, one after the other along its longer side."""


LANGUAGE = 112.0
"""Steps of the grid: the name of a language has at least so much room, a tick beside it included."""


class Side(Enum):
    """Where something is, as a guest sees it from the screen."""

    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Housing:
    """How the booth is built around the screen."""

    lens: Side = Side.TOP
    button: Side = Side.BOTTOM


USUAL_ANIMATION = Size(Pixels(640), Pixels(480))


class Layout:
    """The rectangles of every scene on a screen of *size*, in a *housing*; the preview has the animation's shape."""

    def __init__(self, size: Size, housing: Housing | None = None, animation: Size = USUAL_ANIMATION) -> None:
        self.size = size
        self.animation = animation
        self.housing = housing or Housing()
        self.upright = size.height > size.width
        self.unit = unit(size)
        self.screen = Box(0, 0, size.width, size.height)

    def px(self, steps: float) -> int:
        """Return *steps* of the grid in pixels."""
        return round(steps * self.unit)

    def languages(self, count: int) -> tuple[Box, ...]:
        """Lay *count* names of languages out at the lower edge, where a thumb finds them.

        As many rows as it takes to have each name readable with a tick beside it, of lengths as alike as can be.
        """
        if count == 0:
            return ()
        px = self.px
        edge, gap, tall = px(10), px(6), px(54)
        room = self.size.width - 2 * edge
        rows = -(-count // max((room + gap) // (px(LANGUAGE) + gap), 1))
        most = -(-count // rows)
        wide = min((room - (most - 1) * gap) // most, px(150))
        boxes: list[Box] = []
        top = self.size.height - rows * (tall + px(2)) - px(2)
        for row in range(rows):
            here = min(most, count - len(boxes))
            left = (self.size.width - here * wide - (here - 1) * gap) // 2
            boxes += [Box(left + index * (wide + gap), top + row * (tall + px(2)), wide, tall) for index in range(here)]
        return tuple(boxes)

    def form(self) -> FormLayout:
        """Lay the form out: about 200 of 480 rows for it, 280 for the keyboard."""
        if self.size.height > self.size.width:
            return self._form_upright()
        px, width, height = self.px, self.size.width, self.size.height
        edge, gap = px(12), px(8)
        tray_height = px(284) if height <= 480 else round(height * 0.59)
        tray = Box(0, height - tray_height, width, tray_height)
        room = tray.y
        row = min((room - 2 * px(6) - 2 * px(7)) // 3, px(64))
        between = (room - 3 * row) // 4
        tops = [between + (row + between) * i for i in range(3)]
        right = width - edge
        wide = px(106)
        skip = Box(right - px(140), tops[0], px(140), row)
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

    def _form_upright(self) -> FormLayout:
        """Lay the form out one below the other; the keyboard has a row more, for the chips."""
        px, width, height = self.px, self.size.width, self.size.height
        edge, gap = px(12), px(8)
        inner, right = width - 2 * edge, width - edge
        tray = Box(0, height - px(356), width, px(356))
        rows = (px(60), px(56), px(60), px(60), px(56), px(60))
        between = (tray.y - sum(rows)) // (len(rows) + 1)
        tops = [between + sum(rows[:index]) + between * index for index in range(len(rows))]
        thumb = Box(edge, tops[0], px(84), rows[0])
        title = Box(thumb.right + px(12), tops[0], right - thumb.right - px(12), rows[0])
        wide = (inner - 2 * gap) // 3
        retake, delete, skip = (Box(edge + (wide + gap) * index, tops[1], wide, rows[1]) for index in range(3))
        name = Box(edge, tops[2], inner, rows[2])
        email = Box(edge, tops[3], inner, rows[3])
        consent = Box(edge, tops[4], inner, rows[4])
        send = Box(right - px(156), tops[5], px(156), rows[5])
        hint = Box(edge, tops[5], send.x - gap - edge, rows[5])
        keyboard = tray.inset(px(4))
        warning = Box(edge, tops[0], inner, rows[0])
        return FormLayout(
            thumb, title, retake, delete, skip, name, email, consent, hint, send, tray, keyboard, px(5), warning
        )

    def field(self, box: Box) -> FieldLayout:
        """Lay the inside of a field out."""
        px = self.px
        icon = Box(box.x + px(13), box.y, px(24), box.height)
        left = box.x + px(48)
        inner = Box(left, box.y + px(4), box.right - px(14) - left, box.height - px(8))
        label = Box(inner.x, inner.y + px(1), inner.width, round(inner.height * 0.38))
        row = Box(inner.x, label.bottom - px(2), inner.width, inner.bottom - label.bottom + px(2))
        return FieldLayout(icon, inner, label, row)

    def dialog(self) -> DialogLayout:
        """Lay a question out. The answers do not lie under a finger that has just asked it."""
        px = self.px
        if self.size.height > self.size.width:
            return self._dialog_upright()
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

    def _dialog_upright(self) -> DialogLayout:
        """Lay a question out with its answers one below the other, each as wide as the card."""
        px = self.px
        card = Box(px(24), (self.size.height - px(400)) // 2 + px(40), self.size.width - 2 * px(24), px(400))
        inside = card.inset(px(28))
        gap, tall = px(14), px(80)
        yes = Box(inside.x, inside.bottom - tall, inside.width, tall)
        no = Box(inside.x, yes.y - gap - tall, inside.width, tall)
        title = Box(inside.x, inside.y, inside.width, px(48))
        body = Box(inside.x, title.bottom + px(8), inside.width, no.y - title.bottom - px(24))
        return DialogLayout(card, title, body, yes, no)

    def halves(self, rows: int) -> HalvesLayout:
        """Lay out a drawing, and words over a card of some *rows* beside it, or below it on an upright screen."""
        px, width, height = self.px, self.size.width, self.size.height
        wide = px(304)
        high = wide * 22 // 25
        row, gap = px(38), px(4)
        if height > width:
            edge = px(36)
            card = rows * (row + gap) + 5 * gap
            drawing = Box((width - wide) // 2, (height - high - px(20) - px(172) - 5 * gap - card) // 2, wide, high)
            head = Box(edge, drawing.bottom + px(20), width - 2 * edge, px(172))
            return HalvesLayout(drawing, head, row, gap)
        edge = px(36)
        drawing = Box(edge, (height - high) // 2, wide, high)
        left = drawing.right + px(34)
        # The words stand at the foot of their box: as long as most of them are, they and the card are in the middle.
        air = px(58)
        below = 5 * gap + rows * (row + gap) + 5 * gap
        top = max((height - px(192) + air - below) // 2 - air, px(8))
        return HalvesLayout(drawing, Box(left, top, width - left - edge, px(192)), row, gap)

    def repairs(self, parts: int, *, notices: bool) -> RepairsLayout:
        """Lay out a drawing, words, and a card for each of some *parts*; with *notices* the strip stays free."""
        px, width = self.px, self.size.width
        foot = self.strip().y - px(6) if notices else self.size.height - px(16)
        few = parts <= 2
        gap, label = px(6), px(44 if self.upright else 26)
        wide = px(216 if not few else 304 if self.upright else 250)
        high = wide * 22 // 25
        if self.upright:
            edge, tall, head_tall = px(24), px(78), px(124)
            whole = high + px(8) + head_tall + px(16) + label + parts * (tall + gap)
            drawing = Box((width - wide) // 2, max((foot - whole) // 2, px(12)), wide, high)
            head = Box(edge, drawing.bottom + px(8), width - 2 * edge, head_tall)
        else:
            edge, head_tall = px(36), px(88)
            drawing = Box(edge, (self.size.height - high) // 2, wide, high)
            left = drawing.right + px(34)
            room = foot - px(10) - head_tall - px(16) - label
            tall = max(min(room // max(parts, 1) - gap, px(78)), px(58))
            whole = head_tall + px(16) + label + parts * (tall + gap)
            head = Box(left, max((foot - whole) // 2, px(10)), width - left - edge, head_tall)
        said = Box(head.x, head.bottom + px(16), head.width, label)
        top = said.bottom + px(2)
        rows = tuple(Box(head.x, top + index * (tall + gap), head.width, tall) for index in range(parts))
        return RepairsLayout(drawing, head, said, rows)

    def mistakes(self, *, last_good: bool) -> MistakesLayout:
        """Lay out what is wrong with the settings: as much room as there is for that, and something to touch below."""
        px, width, height = self.px, self.size.width, self.size.height
        edge, gap = px(24), px(14)
        tall = px(84 if self.upright else 68) if last_good else 0
        answer = Box(edge, height - px(20) - tall, width - 2 * edge, tall)
        if self.upright:
            drawing = Box((width - px(175)) // 2, px(20), px(175), px(154))
            head = Box(edge, drawing.bottom + px(8), width - 2 * edge, px(136))
        else:
            drawing = Box(edge, px(16), px(125), px(110))
            left = drawing.right + px(22)
            head = Box(left, drawing.y, width - left - edge, drawing.height)
        top = head.bottom + gap
        card = Box(edge, top, width - 2 * edge, (answer.y - gap if last_good else height - px(20)) - top)
        return MistakesLayout(drawing, head, card, answer)

    def strip(self, languages: int = 0) -> Box:
        """Return the line on which an operator is told what is worth knowing: at the foot, or above the *languages*."""
        px = self.px
        bottom = self.languages(languages)[0].y - px(2) if languages else self.size.height - px(10)
        return Box(px(16), bottom - px(32), self.size.width - 2 * px(16), px(32))

    def farewell(self, modules: int | None, least: int, *, shown: bool = True) -> FarewellLayout:
        """Lay out the animation, what became of it, and a code of *modules* modules a side, its quiet zone counted.

        Where no animation is *shown*, and no code, the words stand in the middle beside the drawing.

        *modules* is 0 for a code that is yet to come, None if there is none. A module has at least *least* pixels. A
        code that is small enough stands beside the animation; a larger one takes the height of the screen.
        """
        upright = self.size.height > self.size.width
        if modules is None:
            if not shown:
                return self._farewell_without()
            return self._farewell_upright() if upright else self._farewell()
        beside = self.px(264)
        side = modules * max(beside // modules, least) if modules else self.px(246)
        if side <= self.px(290):
            return self._farewell_beside_upright(side) if upright else self._farewell_beside(side)
        # The whole of the shorter side if it must be, but no more than leaves room for the animation.
        short, long = sorted((self.size.width, self.size.height))
        side = modules * max(min((short - self.px(24)) // modules, round(long * 0.56) // modules), least)
        return self._farewell_below(side) if upright else self._farewell_large(side)

    def _farewell(self) -> FarewellLayout:
        """Lay out a farewell without a code: the animation large on the left."""
        px, size = self.px, self.size
        edge = px(20)
        wide = px(252)
        x = size.width - wide - edge
        picture = Box(edge, edge, x - 2 * edge, size.height - 2 * edge)
        thanks = Box(x, edge + px(16), wide, px(56))
        status = Box(x, thanks.bottom + px(12), wide, px(200))
        following = Box(x, size.height - edge - px(44), wide, px(36))
        spare = Box(x, status.bottom + px(14), wide, following.y - status.bottom - px(22))
        return FarewellLayout(picture, thanks, status, None, None, Box(0, 0, 0, 0), following, spare)

    def _farewell_without(self) -> FarewellLayout:
        """Lay out a farewell with neither animation nor code: a drawing, and the words beside or below it."""
        px, size = self.px, self.size
        edge, card, tall = px(20), px(176), px(56) + px(12) + px(176) + px(14) + px(36)
        if self.upright:
            wide, high = size.width - 2 * px(36), px(300)
            x, y = px(36), (size.height - high - px(16) - tall) // 2 + high + px(16)
            picture = Box(edge, y - px(16) - high, size.width - 2 * edge, high)
        else:
            wide = px(310)
            x, y = size.width - wide - px(36), (size.height - tall) // 2
            picture = Box(edge, edge, x - edge - px(10), size.height - 2 * edge)
        thanks = Box(x, y, wide, px(56))
        status = Box(x, thanks.bottom + px(12), wide, card)
        following = Box(x, status.bottom + px(14), wide, px(36))
        return FarewellLayout(picture, thanks, status, None, None, Box(0, 0, 0, 0), following, Box(0, 0, 0, 0))

    def _farewell_upright(self) -> FarewellLayout:
        px, size = self.px, self.size
        edge = px(20)
        wide = size.width - 2 * edge
        picture = Box(edge, edge, wide, px(386))
        thanks = Box(edge, picture.bottom + px(12), wide, px(56))
        status = Box(edge, thanks.bottom + px(8), wide, px(150))
        following = Box(edge, size.height - px(52), wide, px(36))
        spare = Box(edge, status.bottom + px(12), wide, max(following.y - status.bottom - px(24), 0))
        return FarewellLayout(picture, thanks, status, None, None, Box(0, 0, 0, 0), following, spare)

    def _farewell_beside(self, side: int) -> FarewellLayout:
        """Lay out a farewell with a small code: in a column on the right."""
        px, size = self.px, self.size
        edge, pad = px(16), px(6)
        wide = side + 2 * pad
        x = size.width - wide - edge
        picture = Box(edge, edge, x - 2 * edge, size.height - 2 * edge)
        high = side + pad + px(36)
        rows = size.height - high
        thanks = Box(x, px(10), wide, min(px(50), rows - px(112)))
        card = Box(x, thanks.bottom + px(6), wide, high)
        code = Box(card.x + pad, card.y + pad, side, side)
        caption = Box(x + px(8), code.bottom, wide - px(16), card.bottom - code.bottom)
        status = Box(x, card.bottom + px(6), wide, px(44))
        following = Box(x, size.height - px(42), wide, px(32))
        return FarewellLayout(picture, thanks, status, card, code, caption, following, Box(0, 0, 0, 0))

    def _farewell_beside_upright(self, side: int) -> FarewellLayout:
        """Lay out a farewell with a small code: below on the left, the words beside it."""
        px, size = self.px, self.size
        edge, pad = px(16), px(6)
        wide = side + 2 * pad
        following = Box(edge, size.height - px(46), size.width - 2 * edge, px(34))
        card = Box(edge, following.y - px(8) - wide, wide, wide)
        code = Box(card.x + pad, card.y + pad, side, side)
        thanks = Box(edge, card.y - px(62), size.width - 2 * edge, px(52))
        picture = Box(edge, edge, size.width - 2 * edge, thanks.y - px(8) - edge)
        x = card.right + px(14)
        status = Box(x, card.y + px(6), size.width - edge - x, px(44))
        caption = Box(x, status.bottom + px(10), status.width, px(98))
        spare = Box(x, caption.bottom + px(4), status.width, card.bottom - caption.bottom - px(8))
        return FarewellLayout(picture, thanks, status, card, code, caption, following, spare)

    def _farewell_large(self, side: int) -> FarewellLayout:
        """Lay out a farewell with a large code: it has the height of the screen, the rest is on the left."""
        px, size = self.px, self.size
        edge = px(12)
        pad = min(px(6), (size.height - side) // 2)
        card = Box(size.width - side - pad - edge, (size.height - side) // 2 - pad, side + 2 * pad, side + 2 * pad)
        code = card.inset(pad)
        wide = card.x - 2 * edge
        following = Box(edge + px(4), size.height - px(44), wide - px(4), px(32))
        status = Box(edge + px(4), following.y - px(50), wide - px(4), px(44))
        caption = Box(edge + px(4), status.y - px(52), wide - px(4), px(48))
        thanks = Box(edge + px(4), caption.y - px(52), wide - px(4), px(50))
        picture = Box(edge, edge, wide, thanks.y - px(8) - edge)
        return FarewellLayout(picture, thanks, status, card, code, caption, following, Box(0, 0, 0, 0))

    def _farewell_below(self, side: int) -> FarewellLayout:
        """Lay out a farewell with a large code, upright: it has the width of the screen, the rest is above."""
        px, size = self.px, self.size
        edge = px(12)
        pad = min(px(6), (size.width - side) // 2)
        following = Box(edge, size.height - px(38), size.width - 2 * edge, px(30))
        caption = Box(edge, following.y - px(40), size.width - 2 * edge, px(38))
        card = Box((size.width - side) // 2 - pad, caption.y - px(2) - side - 2 * pad, side + 2 * pad, side + 2 * pad)
        code = card.inset(pad)
        high = card.y - 2 * edge
        wide = round((size.width - 3 * edge) * 0.56)
        picture = Box(edge, edge, wide, high)
        x = picture.right + edge
        thanks = Box(x, edge + px(16), size.width - edge - x, px(48))
        status = Box(x, thanks.bottom + px(8), size.width - edge - x, px(44))
        return FarewellLayout(picture, thanks, status, card, code, caption, following, Box(0, 0, 0, 0))

    def invitation(self, foot: int, *, logo: bool = False) -> InvitationLayout:
        """Lay out the invitation, with *foot* pixels at the lower edge left for others, and room for a *logo*."""
        px, width, height = self.px, self.size.width, self.size.height
        edge, tall = px(22), px(90)
        above = self.housing.button is Side.TOP
        call = Box(edge, edge if above else height - max(foot, edge) - tall, width - 2 * edge, tall)
        top = call.bottom + px(10) if above else px(14)
        bottom = height - max(foot, edge) if above else call.y - px(16)
        heads = (px(64), px(62), px(40)) if logo else (px(34), px(70), px(44))
        if self.upright:
            show_tall = px(124)
            x, wide = edge, width - 2 * edge
            show = Box(x, bottom - show_tall, wide, show_tall)
            tops = [top + sum(heads[:index]) for index in range(4)]
            drawing = _hopping(Box(x, tops[3], wide, show.y - px(8) - tops[3]))
        else:
            drawing = _hopping(Box(edge, top, px(334), bottom - top))
            x = drawing.right + px(30)
            wide = width - px(30) - x
            tops = [top + sum(heads[:index]) for index in range(4)]
            show = Box(x, tops[3] + px(10), wide, bottom - tops[3] - px(10))
        title, first, second = (Box(x, y, wide, high) for y, high in zip(tops, heads, strict=False))
        return InvitationLayout(title, first, second, drawing, show, call, self.upright)

    def posing(self) -> PosingLayout:
        """Lay out the scenes in front of the lens."""
        px, lens = self.px, self.housing.lens
        width, height = self.size.width, self.size.height
        last = lens is Side.BOTTOM  # what is to be looked at is nearest to the lens
        across, down = self.animation.width, self.animation.height
        if self.upright:
            # However wide it is, the lines over it have room; however high, the digit can be read.
            high = min(max(width * down // across, px(220)), height - px(290))
            room = Box(0, height - high if last else 0, width, high)
            rest = Box(0, 0 if last else high, width, height - high)
            film_high = px(98)
            film = Box(px(8), rest.y + px(8) if last else rest.bottom - px(8) - film_high, width - px(16), film_high)
            top = film.bottom if last else rest.y
            spare = rest.height - film_high - px(8)
            digit = Box(px(16), top + px(4), width - px(32), spare - px(40))
        else:
            # However narrow the animation is, the lines over it have room.
            wide = max(width - max(height * across // down, px(324)), px(132))
            left = lens is Side.LEFT
            room = Box(wide if left else 0, 0, width - wide, height)
            panel = Box(0 if left else width - wide, 0, wide, height)
            high = px(178)
            digit = Box(panel.x + px(4), height - high - px(26) if last else px(4), wide - px(8), high)
            film_high = height - high - px(26) - px(16)
            film = Box(panel.x + px(10), px(8) if last else height - px(8) - film_high, wide - px(20), film_high)
        bar = Box(digit.centre[0] - px(60), digit.bottom + px(8), px(120), px(10))
        preview = fitted(across, down, room)
        cue, greeting = self._over(preview if preview.width >= px(324) and preview.height >= px(220) else room)
        line = greeting
        if last:  # not where the heads are: beside the arrow
            line = Box(room.x + px(12), cue.y, cue.centre[0] - px(52) - room.x, cue.height)
        return PosingLayout(preview, cue, self._arrow(cue), greeting, line, digit, bar, film)

    def _arrow(self, cue: Box) -> Box:
        """Return where the arrow of the *cue* is when it stands there alone: a flat tab at the edge by the lens.

        Where heads are, it takes half of the height that it has with words: no hair is under it.
        """
        px, (x, y) = self.px, cue.centre
        long, flat, near = px(64), px(30), px(6)
        match self.housing.lens:
            case Side.TOP:
                return Box(x - long // 2, cue.y - near, long, flat)
            case Side.BOTTOM:
                return Box(x - long // 2, cue.bottom + near - flat, long, flat)
            case Side.LEFT:
                return Box(cue.x - near, y - long // 2, flat, long)
            case Side.RIGHT:
                return Box(cue.right + near - flat, y - long // 2, flat, long)

    def _over(self, preview: Box) -> tuple[Box, Box]:
        """Return where the cue to the lens and the line across from it lie over the *preview*."""
        px, lens = self.px, self.housing.lens
        middle = preview.centre[0]
        wide, high = px(300), px(52)
        upper = Box(middle - wide // 2, preview.y + px(8), wide, high)
        lower = Box(middle - wide // 2, preview.bottom - px(8) - high, wide, high)
        half = preview.centre[1] - high // 2
        match lens:
            case Side.TOP:
                return upper, lower
            case Side.BOTTOM:
                return lower, upper
            case Side.LEFT:
                return Box(preview.x + px(12), half, px(250), high), lower
            case Side.RIGHT:
                return Box(preview.right - px(12) - px(250), half, px(250), high), lower


def _hopping(room: Box) -> Box:
    """Return the largest box for the microwave that leaves it *room* to hop."""
    return fitted(100, 88, Box(room.x, room.y + room.height // 12, room.width, room.height - room.height // 12))


def fitted(width: int, height: int, room: Box) -> Box:
    """Return the largest box of the shape *width* to *height* in the middle of *room*."""
    scale = min(room.width / width, room.height / height)
    wide, high = max(round(width * scale), 1), max(round(height * scale), 1)
    return Box(room.x + (room.width - wide) // 2, room.y + (room.height - high) // 2, wide, high)
