"""What hands meant: fingers, a mouse and a physical keyboard in, the core's events out.

The on-screen keyboard's state lives here, and so does what is being touched. Nothing is painted. Fingers are told
apart; the one that was put down last is the one that means something: to put down another is to be done with the first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pygame

from booth.core.events import (
    Confirmed,
    Erased,
    Event,
    FieldChosen,
    NextField,
    Touched,
    Typed,
)
from booth.core.form import Field
from booth.core.scene import FormScene, Scene
from booth.core.visit import SessionId
from booth.ports import Size, Spot
from booth.ui import scenes, strokes
from booth.ui.languages import Languages
from booth.ui.layout import Box, Layout
from booth.ui.pieces.field import TextField
from booth.ui.pieces.languages import Choice
from booth.ui.scenes import form
from booth.ui.steady import NEAR, Steady
from booth.ui.strokes import HELD, Strokes
from booth.ui.surroundings import Surroundings
from booth.ui.text.fonts import Fonts
from booth.ui.text.lines import View
from booth.ui.touch import Deed, Entered, Finger, Moved, Stroke, Struck, Tap, deed
from booth.ui.typing import keyboard as keys_of
from booth.ui.typing.fields import Fields
from booth.ui.typing.keyboard import Key, Keyboard
from booth.ui.typing.popup import Balloon, Variants, balloon, variants
from booth.ui.typing.sheets import ENGLISH, Boards, boards
from booth.ui.widgets import Confirm, PushButton, Widget, spot
from booth.units import NEVER, Instant, Seconds, later

PRESSED = Seconds(0.1)
"""A key or button is shown as pressed for at least this long."""

NUDGE = Seconds(2.5)
"""How long the invitation points at the real button after somebody touched the screen."""

DOUBLE_TAP = Seconds(0.4)
"""Two taps on shift that follow each other sooner lock it."""

LONG_PRESS = Seconds(0.35)
"""A key that is held for so long offers its variants."""

LINGER = Seconds(3.0)
"""How long the variants can still be tapped after the finger was lifted from their key."""

REPEAT_AFTER = Seconds(0.4)
"""Backspace that is held for so long erases again, and again."""

REPEAT = Seconds(1 / 12)
"""How soon, at first."""

FAST_AFTER = Seconds(2.0)
"""Backspace that is held for so long is in earnest."""

REPEAT_FAST = Seconds(1 / 24)
"""How soon it erases again from then on."""

SLIDE = 0.35
"""A finger that leaves its key by more than this share of the key's size is on another; no thumb is quite still."""


@dataclass(frozen=True)
class Feedback:
    """What shows of what hands do: if it stays the same, nothing has to be painted anew for their sake."""

    keyboard: Keyboard
    pressed: frozenset[str]
    """The names of the spots under a finger, or just left by one."""
    balloons: tuple[Balloon, ...]
    variants: Variants | None
    views: Mapping[Field, View]
    """What of each line can be seen."""
    nudged: bool
    """Whether somebody has just touched a scene on which there is nothing to touch."""


@dataclass(frozen=True)
class _Down:
    """The finger that was put down last, as long as it is down and may still mean something."""

    finger: Finger
    spot: str
    """What it was put on."""
    began: Instant
    since: Instant
    """When it came onto the key that it is on."""
    landed: int
    """And at which x, in pixels of the screen."""
    key: Key | None = None
    """The key whose text it enters when it is lifted; None if there is none, or it has slid off."""
    types: bool = False
    """Whether it was put on a key that enters text."""
    does: Key | None = None
    """The key that it was put on, if that is one that does something at once."""
    erases: Instant | None = None
    """When it erases again, if it is on backspace."""
    field: Field | None = None
    """The field whose caret it moves."""


@dataclass(frozen=True)
class _Offer:
    """Variants that can be tapped after the finger was lifted: until when, and the text in whose place they come."""

    until: Instant
    entered: str


class Hands:
    """Understands what hands do to a window of this size, with a screen of *layout* at *corner* of it.

    An *oven* around the screen gets its own touches first. *fresh* names the next visit. *languages* is told which one
    is chosen; the keyboard is of the language that is spoken, with the boards of *scripts* behind its globe key, and
    *domains* on its chips, if any are given. *fonts* measure what is written. Raises `ConfigError` if there is no such
    keyboard, or a file of one is broken.
    """

    def __init__(
        self,
        layout: Layout,
        window: Size,
        corner: tuple[int, int],
        oven: Surroundings | None,
        fresh: Callable[[], SessionId],
        languages: Languages,
        fonts: Fonts,
        scripts: Sequence[str] = (),
        domains: Sequence[str] = (),
    ) -> None:
        self._layout = layout
        self._window = window
        self._corner = corner
        self._oven = oven
        self._fresh = fresh
        self._languages = languages
        self._scripts, self._domains = tuple(scripts), tuple(domains)
        for language in {ENGLISH, languages.code, *languages.offered}:
            self._boards(language)  # a broken file is told at the start, not to a guest
        self._scene: Scene | None = None
        self._decided: tuple[Scene | None, tuple[Widget, ...]] = None, ()
        self._keyboard = keys_of.for_field(Field.NAME, "", self._boards(languages.code))
        self._typing: tuple[SessionId, Field, bool] | None = None
        self._fields = Fields(layout, fonts)
        self._strokes = Strokes()
        self._steady = Steady(layout.px(NEAR))
        self._down: _Down | None = None
        self._pressed: dict[str, Instant] = {}
        """Until when a spot, which is no key, looks pressed at least."""
        self._popped: dict[Key, Instant] = {}
        """The same for keys. What a key is called may have changed by then; where it is has not."""
        self._variants: Variants | None = None
        self._offer: _Offer | None = None
        self._tapped_at = NEVER
        self._typed = NEVER
        self._nudged = NEVER

    def _boards(self, language: str) -> Boards:
        return boards(language, self._scripts, self._domains)

    # ---- what the screen has to know

    @property
    def typed(self) -> Instant:
        """When text was last entered or the caret moved."""
        return self._typed

    def feedback(self, now: Instant) -> Feedback:
        """Return what shows at *now* of what hands do."""
        self._pressed = {name: until for name, until in self._pressed.items() if until > now}
        self._popped = {key: until for key, until in self._popped.items() if until > now}
        down = self._down
        popped = list(self._popped)
        pressed = set(self._pressed)
        if down is not None:
            under = down.key or down.does
            if under is not None and under not in popped:
                popped.append(under)
            elif not (down.types or down.does):
                pressed.add(down.spot)
        if popped:
            places = {(key.x, key.y) for key in popped}
            pressed.update(key.name for key in self._keys() if (key.x, key.y) in places)
        gap = self._layout.px(3)
        balloons = tuple(balloon(key, self._layout.screen, gap) for key in popped if key.kind == "char")
        return Feedback(
            self._keyboard,
            frozenset(pressed),
            balloons if self._variants is None else (),
            self._variants,
            self._fields.views,
            now - self._nudged < NUDGE,
        )

    def begun(self, field: Field) -> Keyboard:
        """Return the keyboard that a guest finds in an empty field."""
        return keys_of.for_field(field, "", self._boards(self._languages.code))

    def painted_keys(self, scene: FormScene) -> tuple[Key, ...]:
        """Return the keys to paint on *scene*."""
        places = form.places(self._layout)
        return self._keyboard.keys(places.keyboard.tuple, scene.form.focus, places.key_gap)

    def widgets(self, scene: Scene) -> tuple[Widget, ...]:
        """Return what can be touched on *scene*, keys aside, and what looks as if it could be."""
        # The one that was asked for last is kept, not more of them: in a form's scene is what a guest has typed.
        if scene is not self._decided[0]:
            self._decided = scene, scenes.widgets(scene, self._layout, self._languages.offered)
        return self._decided[1]

    def _live(self) -> Iterator[Widget]:
        """Yield what answers to a finger now, keys aside: what cannot be seen cannot be chosen."""
        for widget in self.widgets(self._scene) if self._scene is not None else ():
            asleep = isinstance(widget, Choice) and self._languages.asleep
            if widget.live and not asleep:
                yield widget

    def spots(self) -> Sequence[Spot]:
        """Return what can be touched on the scene that was watched last, in screen pixels; not what is covered."""
        under = [widget.spot for widget in self._live()]
        under += [spot(key.name, Box(key.x, key.y, key.width, key.height)) for key in self._keys()]
        if self._variants is None:
            return tuple(under)
        row = self._variants.box
        over = [spot(f"variant:{text}", box) for text, box in self._variants.cells]
        return [*over, *(each for each in under if not row.meets(Box(each.x, each.y, each.width, each.height)))]

    def watch(self, scene: Scene) -> None:
        """Take note of what is on the screen: a scene of another kind, another visit, another field begins anew."""
        before = self._scene
        if type(scene) is not type(before) or _session(scene) != _session(before):
            self._pressed.clear()
            self._popped.clear()
            self._nudged = NEVER
            self._lift_all()
            self._steady.forget()
        self._scene = scene
        if not isinstance(scene, FormScene):
            self._typing = None
            self._fields.forget()
            return
        if isinstance(before, FormScene) and (before.ask, before.sending) != (scene.ask, scene.sending):
            self._lift_all()
        line = scene.form.line
        typing = (scene.session, scene.form.focus, not line.text)
        if self._typing is None or typing[:2] != self._typing[:2]:
            if self._down is None or self._down.field is not scene.form.focus:
                self._lift_all()
            self._begin(scene)
        elif typing[2] and not self._typing[2]:
            self._begin(scene)
        self._typing = typing
        entries = [widget for widget in self.widgets(scene) if isinstance(widget, TextField)]
        self._fields.watch(scene.form, {entry.field: entry.inside.row for entry in entries})

    def _begin(self, scene: FormScene) -> None:
        """Begin with the keyboard as the field wants it; on the board that the guest has turned to, if it is a name."""
        line = scene.form.line
        board = keys_of.for_field(scene.form.focus, line.text[: line.caret], self._boards(self._languages.code))
        same = self._typing is not None and self._typing[:2] == (scene.session, scene.form.focus)
        self._keyboard = replace(board, script=self._keyboard.script) if same else board

    def _lift_all(self) -> None:
        """Forget what fingers are on: it is no longer there."""
        self._down = self._variants = self._offer = None

    # ---- what time does

    def passed(self, now: Instant) -> Iterable[Event]:
        """Return what has happened because it is *now*: a key that is held repeats, or offers its variants."""
        if self._offer is not None and now >= self._offer.until:
            self._variants = self._offer = None
        down = self._down
        if down is None:
            return ()
        if now - down.began > HELD:
            self._lift_all()
        elif down.erases is not None and now >= down.erases:
            every = REPEAT if now - down.began < FAST_AFTER else REPEAT_FAST
            # As often as promised, however the frames fall; but what a slow frame has missed is not made up for.
            again = max(later(down.erases, every), now)
            self._down = replace(down, erases=again)
            self._typed = now
            return (Erased(now),)
        elif down.key is not None and self._variants is None and now >= later(down.since, LONG_PRESS):
            px = self._layout.px
            self._variants = variants(down.key, self._layout.screen, px(4), px(56)) if down.key.variants else None
        return ()

    # ---- what was done

    def held(self, raws: Sequence[pygame.Event]) -> list[pygame.Event]:
        """Return *raws*, all that was heard at one look, without repeats of a key that has been lifted by now."""
        return self._strokes.held(raws)

    def meant(self, raw: pygame.Event, now: Instant) -> Iterable[Event]:
        """Return what pygame's *raw* event means, as events that happened at *now*."""
        self._strokes.watch(raw, now)
        return [event for done in self._steady.taken(deed(raw, self._window), now) for event in self._done(done, now)]

    def _done(self, done: Deed, now: Instant) -> Iterable[Event]:
        match done:
            case Entered() | Struck(down=True) if self._strokes.stuck(now):
                pass
            case Tap(x=x, y=y, down=True, finger=finger):
                return list(self._put_down(finger, x, y, now))
            case Tap(x=x, y=y, finger=finger):
                return list(self._lifted(finger, now, x, y))
            case Moved(x=x, y=y, finger=finger):
                return list(self._moved(finger, x, y, now))
            case Entered(text=text) if isinstance(self._scene, FormScene):
                self._typed = now
                return (Typed(now, text),)
            case Struck(key=key, down=down):
                return self._struck(key, now, down=down)
            case _:
                pass
        return ()

    def _put_down(self, finger: Finger, x: int, y: int, now: Instant) -> Iterator[Event]:
        if self._oven is not None and self._oven.touch(x, y, True):
            return
        x, y = x - self._corner[0], y - self._corner[1]
        if not self._layout.screen.holds(x, y):
            return
        variant = self._variants.at(x, y) if self._variants is not None and self._offer is not None else None
        if variant is not None:
            yield from self._replaced(variant, now)
            return
        yield from self._finish(now)
        found = self._under(x, y)
        if found is None:
            self._nudged = now
            yield Touched(now)
            return
        self._down = _Down(finger, found.name, now, now, x)
        if isinstance(found, Widget):
            self._pressed[found.name] = later(now, PRESSED)
            yield self._touched(self._down, found, x, now)
            return
        key = found
        self._popped = {other: until for other, until in self._popped.items() if (other.x, other.y) != (key.x, key.y)}
        self._popped[key] = later(now, PRESSED)
        if _enters(key):
            self._down = replace(self._down, key=key, types=True)
            return
        erases = later(now, REPEAT_AFTER) if key.name == "key:backspace" else None
        self._down = replace(self._down, does=key, erases=erases)
        yield from self._tapped(key, now)

    def _touched(self, down: _Down, widget: Widget, x: int, now: Instant) -> Event:
        """Return what a touch of a *widget* means."""
        match widget:
            case PushButton(does=does):
                return does(now)
            case Confirm():
                return Confirmed(now, self._fresh())
            case Choice(code=code):
                self._languages.choose(code, now)
                return Touched(now)
            case TextField(field=field):
                self._down = replace(down, field=field)
                self._typed = now
                return FieldChosen(now, field, self._fields.place(field, x))
            case _:
                return Touched(now)

    def _moved(self, finger: Finger, x: int, y: int, now: Instant) -> Iterator[Event]:
        """Yield what it means that a finger slides: to another key, along the variants, through a field."""
        down = self._down
        if down is None or down.finger != finger:
            return
        x, y = x - self._corner[0], y - self._corner[1]
        if self._variants is not None:
            self._variants = replace(self._variants, chosen=self._variants.under(x, y, down.landed))
            if self._variants.left_by(x, y):
                self._down = replace(down, key=None)
            elif down.key is None:
                self._down = replace(down, key=self._variants.key)
        elif down.field is not None:
            place = self._fields.place(down.field, x)
            line = self._fields.line(down.field)
            if (len(line.text) if place is None else place) != line.caret:
                self._typed = now
                yield FieldChosen(now, down.field, place)
        elif down.erases is not None:
            if down.does is None or not _on(down.does, x, y):
                self._down = None
        elif down.types and not (down.key is not None and _on(down.key, x, y)):
            key = self._key_at(x, y)
            self._popped = {popped: until for popped, until in self._popped.items() if popped != down.key}
            if key is None or not _enters(key):
                self._down = replace(down, key=None)
            elif key != down.key:
                self._down = replace(down, key=key, since=now, landed=x)

    def _lifted(self, finger: Finger, now: Instant, x: int, y: int) -> Iterator[Event]:
        if self._oven is not None and self._oven.touch(x, y, False):
            return
        if self._down is not None and self._down.finger == finger:
            yield from self._finish(now, stays=True)

    def _finish(self, now: Instant, *, stays: bool = False) -> Iterator[Event]:
        """Yield what the finger that was put down last enters, and be done with it.

        Variants that were offered and not chosen go, unless it *stays* possible to tap them.
        """
        down, offered = self._down, self._variants
        self._down = self._variants = self._offer = None
        if down is None or down.key is None:
            return
        if offered is not None and offered.chosen is not None:
            yield self._enters_text(offered.chosen, down.key, now)
            return
        event = self._enter(down.key, now)
        yield event
        if offered is not None and stays and isinstance(event, Typed):
            self._variants = replace(offered, chosen=None)
            self._offer = _Offer(later(now, LINGER), event.text)

    def _replaced(self, variant: str, now: Instant) -> Iterator[Event]:
        """Yield what puts a variant in the place of what its key has just entered."""
        offered, offer = self._variants, self._offer
        self._down = self._variants = self._offer = None
        if offered is None or offer is None or not isinstance(self._scene, FormScene):
            return
        line = self._scene.form.line
        before = line.text[: line.caret]
        self._typed = now
        if before.endswith(offer.entered):
            yield from (Erased(now) for _ in offer.entered)
            before = before.removesuffix(offer.entered)
        text = keys_of.chip_text(variant, before) if offered.key.kind == "chip" else variant
        if text:
            yield Typed(now, text)

    def _under(self, x: int, y: int) -> Widget | Key | None:
        """Return what a finger at (*x*, *y*) means; between keys, the nearest one."""
        return next((widget for widget in self._live() if widget.box.holds(x, y)), None) or self._key_at(x, y)

    def _key_at(self, x: int, y: int) -> Key | None:
        """Return the key that a finger on the tray means: also on its rim."""
        places = form.places(self._layout)
        if not places.tray.holds(x, y):
            return None
        area = places.keyboard
        inside = min(max(x, area.x), area.right - 1), min(max(y, area.y), area.bottom - 1)
        return keys_of.hit(self._keys(), *inside)

    def _keys(self) -> tuple[Key, ...]:
        """Return the keys that can be touched now."""
        scene = self._scene
        if not isinstance(scene, FormScene) or scene.ask is not None or scene.sending:
            return ()
        return self.painted_keys(scene)

    def _enter(self, key: Key, now: Instant) -> Event:
        """Return what it means that *key*, which enters text, was tapped."""
        return next(iter(self._tapped(key, now)))

    def _tapped(self, key: Key, now: Instant) -> Iterator[Event]:
        """Yield what a tap on *key* of the on-screen keyboard means."""
        quick = now - self._tapped_at <= DOUBLE_TAP
        self._tapped_at = self._typed = now
        self._keyboard, edit = self._keyboard.press(key, quick=quick)
        match edit:
            case keys_of.Insert(text=text):
                yield self._as_typed(text, key, now)
            case keys_of.Backspace():
                yield Erased(now)
            case keys_of.Next():
                yield NextField(now)
            case keys_of.Nothing():
                yield Touched(now)

    def _enters_text(self, text: str, key: Key, now: Instant) -> Event:
        """Return what it means that *text* was chosen from the variants of *key*."""
        self._tapped_at = self._typed = now
        self._keyboard, _ = self._keyboard.entered(text)
        return self._as_typed(text, key, now)

    def _as_typed(self, text: str, key: Key, now: Instant) -> Event:
        """Return the entering of *text*, of a chip only what is missing."""
        if key.kind == "chip" and isinstance(self._scene, FormScene):
            line = self._scene.form.line
            text = keys_of.chip_text(text, line.text[: line.caret])
        return Typed(now, text) if text else Touched(now)

    def _struck(self, key: Stroke, now: Instant, *, down: bool) -> Iterable[Event]:
        """Translate a key of a physical keyboard. Space is the oven's button, except where it is a blank."""
        filling_in = isinstance(self._scene, FormScene)
        if key is Stroke.SPACE and self._oven is not None and not (filling_in and down):
            self._oven.key(down)
        if not down or not isinstance(self._scene, FormScene):
            return ()
        self._typed = now
        return strokes.meant(key, self._scene.form.focus, now)


def _enters(key: Key) -> bool:
    """Return whether *key* enters text: when the finger is lifted. What else keys do they do at once."""
    return key.kind != "action" or key.name == "key:space"


def _on(key: Key, x: int, y: int) -> bool:
    """Return whether a finger that was put on *key* still means it at (*x*, *y*)."""
    left, top, width, height = key.cell
    across, down = key.width * SLIDE, key.height * SLIDE
    return left - across <= x < left + width + across and top - down <= y < top + height + down


def _session(scene: Scene | None) -> SessionId | None:
    return getattr(scene, "session", None)
