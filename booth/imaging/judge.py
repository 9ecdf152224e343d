"""Is that a picture? Every frame that was taken is looked at once, small, so that an operator hears of a covered lens.

The law: a false alarm is worse than a miss. A hand before the lens, a white wall, a dim party are true pictures: what
is told has held for several frames, and is told once. Nothing is refused, and no guest hears of it.

What is looked at is the frame as the screen has it, 240x180 at most: it was read for the guest anyway. Of every third
row a few hundred numbers are taken, and after each row whatever thread waits for the interpreter goes first.
"""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from operator import sub
from statistics import median

import structlog

from booth.core.events import Notice
from booth.core.visit import SessionId
from booth.ports import Picture

ROWS = 60
"""Rows of a picture that are looked at, or a few more."""

FAR = 4
"""Pixels: how far two places are apart whose difference tells how much there is to see."""

SMALLEST = 16
"""Pixels of either side; of less nothing is said."""

BLACK = 14
"""0..255: eight of ten pixels of a black picture are darker, in every colour. Black with much noise comes to 10, the
bundled photographs with a fifth of their light to 30."""
NOTHING_TO_SEE = 24.0
"""The most structure of so dark a picture in which nothing is to be seen: the mean square of what two neighbours differ
by. Noise, and light that leaks in, which is smooth, come to 12; a lit face that fills a twentieth of it, to 30."""

BURNT = 245
"""0..255: nine of ten pixels of a picture that is burnt out are brighter, in every colour."""

FLAT = 12
"""0..255: so far apart are the darkest and the brightest of a picture of one colour, in every colour, but for two of
a hundred pixels at either end. Noise comes to 8; a bare wall is lit unevenly by more than this."""

CONTRAST = 25.0
"""The mean square of what two places `FAR` apart differ by, across or down: with less nothing could be sharp there."""
SHARP = 0.18
"""The sharpness that is enough for any picture, see `Measures.sharpness`: the noise of a dim room makes it more, and is
no merit."""
SOFT = 0.55
"""A picture is out of focus if it is only so sharp, as a part of what the camera gave before."""
KNOWN = 12
"""Pictures that must have been sharp before one can be less so."""
REMEMBERED = 48
"""Pictures, the last ones, whose median counts then."""

IN_A_ROW = 3
"""Pictures in a row that have to show what is told, and to lack it before it is taken back: no guest's hand lies on the
lens for all of a visit.
"""
SOFT_IN_A_ROW = 8
"""The same, of a focus that is lost: two visits, in most booths, for one guest may come too near."""

_SQUARES = [number * number for number in (*range(256), *range(-255, 0))]
"""Squares of what two bytes differ by: a negative index counts from the end."""

WHY = {
    Notice.PICTURE_BLACK: "pictures are black: take the cap off the lens, look at what covers it, switch a light on",
    Notice.PICTURE_BURNT: "pictures are burnt out: take the light away from the lens, or turn the camera away from it",
    Notice.PICTURE_FLAT: "pictures are of one colour: look at what covers the lens, then at the camera's cable",
    Notice.PICTURE_FROZEN: "the camera gives the same picture again: look at its cable, then restart the booth",
    Notice.PICTURE_SOFT: "pictures are less sharp than before: wipe the lens, then look at its focus",
}

"""What an operator reads of each: what is so, and what to do."""

PICTURES = tuple(WHY)
"""What can be wrong with pictures, the surest first."""

RIGHT = "right"
"""The verdict on a picture of which there is nothing to say."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Measures:
    """What was measured of a picture."""

    brightest: int
    """0..255: eight of ten pixels are darker, in the colour in which this is the most."""
    darkest: int
    """0..255: nine of ten pixels are brighter, in the colour in which this is the least."""
    spread: int
    """0..255: from the darkest to the brightest, but for two of a hundred at either end, in the colour with the most;
    what follows is of this colour."""
    near: float
    """The mean square of what a pixel and the next one differ by, across and down together."""
    far: float
    """The same, of two places that are `FAR` apart."""
    sharpness: float | None
    """The *near* as a part of the *far*, across or down, whichever is more; None where there is not enough to see.

    An edge makes it 1/4; what is smooth, 1/16: the more a picture is blurred, the nearer it is to that. Noise makes it
    more. Brightness and contrast leave it as it is, and who moves is blurred in one direction only.
    """


def _others_first() -> None:
    """Let whatever thread waits for the interpreter have it."""
    time.sleep(0)


def measured(picture: Picture, rest: Callable[[], None] = _others_first) -> Measures | None:
    """Return what can be measured of *picture*; None if it is too small for that. Calls *rest* after each row."""
    width, height = picture.size.width, picture.size.height
    if min(width, height) < SMALLEST:
        return None
    rgb, row = picture.rgb, 3 * width
    step = max(height // ROWS, 1)
    tops = range(0, height - FAR, step)
    counts = [Counter[int]() for _ in range(3)]
    for top in tops:
        for colour in range(3):
            counts[colour].update(rgb[top * row + colour : (top + 1) * row : 3])
        rest()
    pixels = len(tops) * width
    levels = [_levels(count, (0.02, 0.1, 0.8, 0.98), pixels) for count in counts]
    spreads = [most - least for least, _, _, most in levels]
    colour = spreads.index(max(spreads))
    across = down = across_far = down_far = 0
    for top in tops:
        here, below, far_below = (
            bytes(rgb[at * row + colour : (at + 1) * row : 3]) for at in (top, top + 1, top + FAR)
        )
        across += _squares(here, here[1:])
        across_far += _squares(here, here[FAR:])
        down += _squares(here, below)
        down_far += _squares(here, far_below)
        rest()
    beside, beside_far = len(tops) * (width - 1), len(tops) * (width - FAR)
    near = across / beside, down / pixels
    far = across_far / beside_far, down_far / pixels
    seen = [one / other for one, other in zip(near, far, strict=True) if other >= CONTRAST]
    return Measures(
        brightest=max(bright for _, _, bright, _ in levels),
        darkest=min(dark for _, dark, _, _ in levels),
        spread=spreads[colour],
        near=sum(near),
        far=sum(far),
        sharpness=max(seen) if seen else None,
    )


def fault_of(measures: Measures) -> Notice | None:
    """Return what a picture is that shows nothing; None if it shows something."""
    if measures.brightest < BLACK and measures.near < NOTHING_TO_SEE:
        return Notice.PICTURE_BLACK
    if measures.darkest >= BURNT:
        return Notice.PICTURE_BURNT
    if measures.spread < FLAT:
        return Notice.PICTURE_FLAT
    return None


class Judge:
    """Looks at one frame after the other, and remembers what an operator should know of them.

    One thread looks; from any thread it can be asked what `holds`. What it remembers are numbers: no picture.
    """

    def __init__(self) -> None:
        self._visit: tuple[SessionId, frozenset[bytes]] = (SessionId(""), frozenset())
        """What a hash makes of the pictures of this visit..."""
        self._last = b""
        """...and of the last one of all."""
        self._sharp: deque[float] = deque(maxlen=REMEMBERED)
        self._seen: Counter[Notice] = Counter()
        """How many pictures in a row have shown it..."""
        self._lacking: Counter[Notice] = Counter()
        """...and have not."""
        self._holding: frozenset[Notice] = frozenset()
        self._verdict = ""

    def holds(self, notice: Notice) -> bool:
        """Return whether *notice* holds."""
        return notice in self._holding

    @property
    def verdict(self) -> str:
        """What the last picture was: `RIGHT`, or the value of the notice that it would be; "" before the first."""
        return self._verdict

    def look(self, session: SessionId, picture: Picture) -> None:
        """Look at the next frame of a visit, and log what has begun or is over."""
        measures = measured(picture)
        if measures is None:
            return
        fault = fault_of(measures)
        clear: set[Notice] = set(PICTURES)
        if fault is None:
            fault = self._repeated(session, picture)
        else:
            clear -= {Notice.PICTURE_FROZEN, Notice.PICTURE_SOFT}  # nothing can be said of that
        if fault is None:
            sharp = measures.sharpness
            if sharp is None:
                clear.remove(Notice.PICTURE_SOFT)
            elif self._soft(sharp):
                fault = Notice.PICTURE_SOFT
            else:
                self._sharp.append(sharp)
        elif fault is Notice.PICTURE_FROZEN:
            clear.remove(Notice.PICTURE_SOFT)  # it is no other picture than the one before
        self._verdict = fault.value if fault is not None else RIGHT
        self._note(session, fault, clear - {fault})

    def _repeated(self, session: SessionId, picture: Picture) -> Notice | None:
        """Return that the camera is frozen, if it gave just this picture earlier in this visit, or last."""
        mark = blake2b(picture.rgb, digest_size=16).digest()
        visit, marks = self._visit
        if visit != session:
            marks = frozenset()
        known = mark == self._last or mark in marks
        self._visit, self._last = (session, marks | {mark}), mark
        return Notice.PICTURE_FROZEN if known else None

    def _soft(self, sharp: float) -> bool:
        return len(self._sharp) >= KNOWN and sharp < SOFT * min(median(self._sharp), SHARP)

    def _note(self, session: SessionId, fault: Notice | None, clear: set[Notice]) -> None:
        for notice in clear:
            self._seen[notice] = 0
            self._lacking[notice] += 1
            if notice in self._holding and self._lacking[notice] >= IN_A_ROW:
                self._holding -= {notice}
                log.info("pictures.right", session=session, was=notice.value)
        if fault is None:
            return
        self._lacking[fault] = 0
        self._seen[fault] += 1
        # One look is enough to know that a picture is the same as another: no two of a sensor's ever are.
        most = {Notice.PICTURE_SOFT: SOFT_IN_A_ROW, Notice.PICTURE_FROZEN: 1}.get(fault, IN_A_ROW)
        if fault not in self._holding and self._seen[fault] >= most:
            self._holding |= {fault}
            log.warning("pictures.wrong", session=session, what=fault.value, why=WHY[fault])


def _levels(count: Counter[int], parts: tuple[float, ...], pixels: int) -> list[int]:
    """Return the level below which, or at which, each of these *parts* of the *pixels* is; the parts grow."""
    found: list[int] = []
    below = 0
    for level in range(256):
        below += count[level]
        while len(found) < len(parts) and below >= parts[len(found)] * pixels:
            found.append(level)
    return found


def _squares(some: bytes, others: bytes) -> int:
    """Return the sum of the squares of what they differ by, as far as the shorter one goes."""
    return sum(map(_SQUARES.__getitem__, map(sub, some, others)))
