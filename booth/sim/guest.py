"""A scripted guest: presses the button, taps the keys with a finger, sends, and watches the farewell.

One who gives neither name nor address, and agrees to nothing, touches nothing but the button.

It sees what a guest sees (which spots can be touched) and does what a guest does (press, tap). What the on-screen
keyboard has no key for arrives as text from a physical keyboard.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import structlog

from booth.core.states import Ask, Attract, Booth, FillingIn
from booth.core.visit import Guest, SessionId
from booth.ports import Spot, TouchPanel
from booth.units import Instant, Pixels, Seconds, later

SHEETS = ("key:symbols", "key:accents", "key:letters", "key:symbols", "key:letters")
"""The keys that show another sheet of keys, in an order that comes by all of them, wherever one begins."""

SCRIPTS = 3
"""Times that the globe key, if there is one, is worth a try."""

SHIFTS = 3
"""Times that shift shows something new; then all is as before."""

TAP_AGAIN = Seconds(0.1)
"""The soonest that a finger is back at the same key; what comes sooner the booth takes for a panel that trembles."""

PRESS_AGAIN = Seconds(1.0)
"""How soon a guest presses again when nothing happens."""

ANSWER = "yes"
"""What a guest types below a question of the event's own; of choices they take the first."""

log = structlog.get_logger()


class Push(Protocol):
    """The start button under the guest's hand."""

    def press(self) -> None:
        """Push it down."""
        ...

    def release(self) -> None:
        """Let it go."""
        ...


class Typist:
    """Finds the keys for a text by looking at them, layer by layer, as somebody does who sees this keyboard first."""

    def __init__(self, look: Callable[[], Mapping[str, Spot]]) -> None:
        self._look = look
        self._seen: set[str] = set()
        self._seen_all = False

    def taps(self, text: str) -> Iterator[str | Spot]:
        """Yield, one at a time, the spot to touch next, or the piece of *text* that there are no keys for."""
        without_key = ""
        for char in text:
            wanted = "key:space" if char == " " else f"key:{char}"
            if self._seen_all and wanted not in self._seen:
                without_key += char
                continue
            if without_key:
                yield without_key
                without_key = ""
            yield from self._turn_to(wanted)
            yield self._spots().get(wanted, char)
        if without_key:
            yield without_key

    def _turn_to(self, wanted: str) -> Iterator[Spot]:
        """Touch the keys that show other keys until *wanted* shows, or all keys of all scripts have been seen."""
        for only_if_promising in (True, False):
            for script in range(SCRIPTS):
                if script > 0:
                    if "key:globe" not in self._spots():
                        break
                    yield self._spots()["key:globe"]
                for sheet in (None, *SHEETS):
                    yield from self._turn_sheet(sheet, wanted, only_if_promising=only_if_promising)
                    if wanted in self._spots():
                        return
        self._seen_all = True

    def _turn_sheet(self, sheet: str | None, wanted: str, *, only_if_promising: bool) -> Iterator[Spot]:
        """Turn to a sheet, if there is a key for it; and to capitals and back, as long as *wanted* does not show."""
        if sheet is not None and sheet in self._spots():
            yield self._spots()[sheet]
        for _ in range(SHIFTS):
            spots = self._spots()
            hopeless = "key:shift" not in spots or (only_if_promising and _other_case(wanted) not in spots)
            if wanted in spots or hopeless:
                return
            yield spots["key:shift"]

    def _spots(self) -> Mapping[str, Spot]:
        spots = self._look()
        self._seen.update(spots)
        return spots


def _other_case(key: str) -> str:
    """Return what the key of a capital is called while letters are small, and the other way round."""
    return f"key:{key.removeprefix('key:').swapcase()}"


def _beside(spot: Spot, other: Spot) -> bool:
    """Return whether the middle of *spot* is so near to that of the *other* that a finger on it could be the same."""
    across = abs(2 * (spot.x - other.x) + spot.width - other.width)
    down = abs(2 * (spot.y - other.y) + spot.height - other.height)
    return across < 2 * min(spot.width, other.width) and down < 2 * min(spot.height, other.height)


class ScriptedGuests:
    """Plays guests one after the other, as a watcher of the daemon.

    The log says, by number, whose visit is which and who is about to send their details, or to skip them, before it
    happens: whoever reads it knows what a guest has done, whatever becomes of the booth after that.
    """

    def __init__(
        self,
        guests: Sequence[Guest],
        button: Push,
        panel: TouchPanel,
        *,
        tap_every: Seconds,
        pressed: Callable[[Instant], None],
    ) -> None:
        self._waiting = deque(enumerate(guests, 1))
        self._button = button
        self._panel = panel
        self._tap_every = tap_every
        self._pressed = pressed
        self._inside = False
        self._holding = False
        self._press_at = Instant(0.0)
        self._script: Iterator[str | Spot | None] | None = None
        self._button_alone = False
        """Whether the guest at the form touches nothing but the button."""
        self._tap_at = Instant(0.0)
        self._page: tuple[Ask | None, int] = None, 0
        """What is asked over the form, and which question of the event's own."""
        self._touch: Spot | None = None
        """What is to be touched as soon as a finger can be back."""
        self._touched: Spot | None = None
        self._touched_at = Instant(0.0)
        """When the booth heard of that touch."""
        self._heard = True
        """Whether it has: that may be long after the touch was made."""
        self._typist = Typist(self._look)

    @property
    def done(self) -> bool:
        """Whether all guests have been and gone."""
        return not self._waiting and not self._inside

    def act(self, booth: Booth, now: Instant) -> None:
        """Do what a guest would do now: one thing at a time, *tap_every* apart."""
        if self._holding:
            self._button.release()
            self._holding = False
        if not self._heard:
            self._heard, self._touched_at = True, now
        match booth.state:
            case Attract() if self._inside:
                self._inside = False
                self._script = None
            case Attract() if self._waiting and now >= self._press_at:
                self._press_at = Instant(now + PRESS_AGAIN)
                self._pressed(now)
                self._button.press()
                self._holding = True
            case Attract():
                pass  # the press is on its way
            case FillingIn(session=session, ask=None | Ask.AGREE | Ask.QUESTION as ask) if now >= self._tap_at:
                self._inside, self._page = True, (ask, booth.state.question)
                self._tap(session, now)
            case _:
                self._inside = True  # posing, waiting, watching

    def _tap(self, session: SessionId, now: Instant) -> None:
        if self._script is None:
            number, guest = self._waiting.popleft()
            self._button_alone = not (guest.name or guest.email or guest.consent)
            log.info("guest.skips" if self._button_alone else "guest.types", session=session, number=number)
            self._script = iter(()) if self._button_alone else self._fill_in(session, number, guest)
        if self._button_alone:
            self._button.press()
            self._holding = True
            self._tap_at = Instant(now + PRESS_AGAIN)
            return
        touch = next(self._script, None) if self._touch is None else self._touch
        self._touch = None
        if isinstance(touch, Spot):
            free = later(self._touched_at, TAP_AGAIN)
            if self._touched is not None and _beside(touch, self._touched) and now < free:
                self._touch, self._tap_at = touch, free
                return
            self._touched, self._heard = touch, False
            self._panel.finger(Pixels(touch.x + touch.width // 2), Pixels(touch.y + touch.height // 2))
        elif touch is not None:
            self._panel.keyboard(touch)
        self._tap_at = Instant(now + self._tap_every)

    def _fill_in(self, session: SessionId, number: int, guest: Guest) -> Iterator[str | Spot | None]:
        for field, text in (("name", guest.name), ("email", guest.email)):
            if text:
                yield self._look()[f"field:{field}"]
                yield from self._typist.taps(text)
        if guest.consent and "consent" in self._look():
            yield self._look()["consent"]
        log.info("guest.sends", session=session, number=number)
        yield self._look()["send"]
        yield from self._answer(guest)

    def _answer(self, guest: Guest) -> Iterator[str | Spot | None]:
        """Answer what is asked once the details were sent, page by page, as far as there is anything."""
        answered: tuple[Ask | None, int] = None, 0
        while True:
            page = self._page
            if page[0] is None or page == answered:  # Send, or what leads on, is on its way
                yield None
                continue
            yield None  # until the page can be seen, and touched
            answered, spots = page, self._look()
            for name, spot in spots.items():
                if guest.consent and name.startswith("consent:"):
                    yield spot
            choices = [spot for name, spot in spots.items() if name.startswith("choice:")]
            if choices:
                yield choices[0]
            elif "field:answer" in spots:
                yield from self._typist.taps(ANSWER)
            yield self._look()["done"]

    def _look(self) -> Mapping[str, Spot]:
        return {spot.name: spot for spot in self._panel.spots()}
