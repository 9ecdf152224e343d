"""What hands meant: fingers, a mouse and a physical keyboard in, the core's events out.

The on-screen keyboard's state lives here, and so does what is being touched. Nothing is painted.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import pygame

from booth.core.events import (
    CaretMoved,
    Confirmed,
    ConsentToggled,
    Declined,
    DeleteChosen,
    Erased,
    Event,
    FieldChosen,
    HintTaken,
    NextField,
    RetakeChosen,
    SendChosen,
    SkipChosen,
    Touched,
    Typed,
)
from booth.core.form import Field
from booth.core.scene import FormScene, Scene
from booth.core.session import SessionId
from booth.ports import Size, Spot
from booth.ui import keyboard as keys_of
from booth.ui.keyboard import Key, Keyboard
from booth.ui.languages import SPOT, Languages
from booth.ui.layout import Layout
from booth.ui.oven import Oven
from booth.ui.touch import Entered, Stroke, Struck, Tap, deed, spots
from booth.units import Instant, Seconds, later

PRESSED = Seconds(0.1)
"""A key or button is shown as pressed for at least this long."""

NUDGE = Seconds(2.5)
"""How long the invitation points at the real button after somebody touched the screen."""

FAR = 10_000
"""Characters: further than any text is long."""

HELD = Seconds(10.0)
"""A key that is down for longer is no guest's: something lies on it, or its keyboard was pulled out."""

NEVER = Instant(-math.inf)


class Hands:
    """Understands what hands do to a window of this size, with a screen of *layout* at *corner* of it.

    An *oven* around the screen gets its own touches first. *fresh* names the next visit. *languages* is told which one
    is chosen.
    """

    def __init__(
        self,
        layout: Layout,
        window: Size,
        corner: tuple[int, int],
        oven: Oven | None,
        fresh: Callable[[], SessionId],
        languages: Languages,
    ) -> None:
        self._layout = layout
        self._window = window
        self._corner = corner
        self._oven = oven
        self._fresh = fresh
        self._languages = languages
        self._scene: Scene | None = None
        self._keyboard = Keyboard()
        self._typing: tuple[SessionId, Field, bool] | None = None
        self._held: str | None = None
        self._pressed: dict[str, Instant] = {}
        self._keys_down: dict[int, Instant] = {}
        """Since when each key of a physical keyboard has been down."""
        self._last_key: int | None = None
        self._typed = NEVER
        self._nudged = NEVER

    # ---- what the screen has to know

    @property
    def keyboard(self) -> Keyboard:
        """The on-screen keyboard as it stands."""
        return self._keyboard

    @property
    def typed(self) -> Instant:
        """When text was last entered or the caret moved."""
        return self._typed

    def nudged(self, now: Instant) -> bool:
        """Return whether somebody has just touched a scene on which there is nothing to touch."""
        return now - self._nudged < NUDGE

    def pressed(self, now: Instant) -> frozenset[str]:
        """Return the names of the spots under a finger, or just left by one."""
        self._pressed = {name: until for name, until in self._pressed.items() if until > now}
        return frozenset(self._pressed) | ({self._held} if self._held else frozenset())

    def painted_keys(self, scene: FormScene) -> tuple[Key, ...]:
        """Return the keys to paint on *scene*."""
        places = self._layout.form()
        return self._keyboard.keys(places.keyboard.tuple, scene.form.focus, places.key_gap)

    def spots(self) -> Sequence[Spot]:
        """Return what can be touched on the scene that was watched last, in screen pixels."""
        return spots(self._scene, self._layout, self._keys(), self._languages.offered)

    def watch(self, scene: Scene) -> None:
        """Take note of what is on the screen: a scene of another kind, another visit, another field begins anew."""
        before = self._scene
        if type(scene) is not type(before) or _session(scene) != _session(before):
            self._held = None
            self._pressed.clear()
            self._nudged = NEVER
        self._scene = scene
        if not isinstance(scene, FormScene):
            self._typing = None
            return
        line = scene.form.line
        typing = (scene.session, scene.form.focus, not line.text)
        if self._typing is None or typing[:2] != self._typing[:2] or (typing[2] and not self._typing[2]):
            self._keyboard = keys_of.for_field(scene.form.focus, line.text[: line.caret])
        self._typing = typing

    # ---- what was done

    def meant(self, raw: pygame.Event, now: Instant) -> Iterable[Event]:
        """Return what pygame's *raw* event means, as events that happened at *now*."""
        self._watch_key(raw, now)
        match deed(raw, self._window):
            case Entered() | Struck(down=True) if self._stuck(now):
                pass
            case Tap(x=x, y=y, down=down):
                return self._tapped(x, y, now, down=down)
            case Entered(text=text) if isinstance(self._scene, FormScene):
                self._typed = now
                return (Typed(now, text),)
            case Struck(key=key, down=down):
                return self._struck(key, now, down=down)
            case _:
                pass
        return ()

    def _watch_key(self, raw: pygame.Event, now: Instant) -> None:
        if raw.type == pygame.KEYDOWN:
            self._keys_down.setdefault(raw.key, now)
            self._last_key = raw.key
        elif raw.type == pygame.KEYUP:
            self._keys_down.pop(raw.key, None)

    def _stuck(self, now: Instant) -> bool:
        """Return whether what a keyboard says is only a key that repeats itself: there need be nobody there."""
        return self._last_key is not None and now - self._keys_down.get(self._last_key, now) > HELD

    def _tapped(self, x: int, y: int, now: Instant, *, down: bool) -> Iterable[Event]:
        if self._oven is not None and self._oven.touch(x, y, down):
            return ()
        if not down:
            self._held = None
            return ()
        x, y = x - self._corner[0], y - self._corner[1]
        if not self._layout.screen.holds(x, y):
            return ()
        spot = self._spot_at(x, y)
        if spot is None:
            self._nudged = now
            return (Touched(now),)
        self._held = spot
        self._pressed[spot] = later(now, PRESSED)
        key = next((key for key in self._keys() if key.name == spot), None)
        return (self._typed_on(key, now),) if key else (self._chosen(spot, now),)

    def _spot_at(self, x: int, y: int) -> str | None:
        """Return the name of what is at (*x*, *y*); between keys, the nearest key."""
        found = spots(self._scene, self._layout, (), self._languages.offered)
        name = next((s.name for s in found if s.x <= x < s.x + s.width and s.y <= y < s.y + s.height), None)
        if name is not None:
            return name
        key = keys_of.hit(self._keys(), x, y)
        return key.name if key else None

    def _keys(self) -> tuple[Key, ...]:
        """Return the keys that can be touched now."""
        scene = self._scene
        if not isinstance(scene, FormScene) or scene.ask is not None or scene.sending:
            return ()
        return self.painted_keys(scene)

    def _typed_on(self, key: Key, now: Instant) -> Event:
        """Return what a tap on *key* of the on-screen keyboard means."""
        self._keyboard, stroke = self._keyboard.press(key)
        self._typed = now
        match stroke:
            case keys_of.Text(text=text):
                if key.kind == "chip" and isinstance(self._scene, FormScene):
                    line = self._scene.form.line
                    text = keys_of.chip_text(text, line.text[: line.caret])
                return Typed(now, text) if text else Touched(now)
            case keys_of.Backspace():
                return Erased(now)
            case keys_of.Next():
                return NextField(now)
            case keys_of.Nothing():
                return Touched(now)

    def _chosen(self, spot: str, now: Instant) -> Event:
        """Return what a tap on *spot* means."""
        match spot:
            case "field:name":
                return FieldChosen(now, Field.NAME)
            case "field:email":
                return FieldChosen(now, Field.EMAIL)
            case "consent":
                return ConsentToggled(now)
            case "hint":
                return HintTaken(now)
            case "send":
                return SendChosen(now)
            case "skip":
                return SkipChosen(now)
            case "retake":
                return RetakeChosen(now)
            case "delete":
                return DeleteChosen(now)
            case "yes":
                return Confirmed(now, self._fresh())
            case str() if spot.startswith(SPOT):
                self._languages.choose(spot.removeprefix(SPOT), now)
                return Touched(now)
            case _:
                return Declined(now)

    def _struck(self, key: Stroke, now: Instant, *, down: bool) -> Iterable[Event]:
        """Translate a key of a physical keyboard. Space is the oven's button, except where it is a blank."""
        filling_in = isinstance(self._scene, FormScene)
        if key is Stroke.SPACE and self._oven is not None and not (filling_in and down):
            self._oven.key(down)
        if not down or not isinstance(self._scene, FormScene):
            return ()
        self._typed = now
        in_email = self._scene.form.focus is Field.EMAIL
        match key:
            case Stroke.BACKSPACE:
                return (Erased(now),)
            case Stroke.LEFT:
                return (CaretMoved(now, -1),)
            case Stroke.RIGHT:
                return (CaretMoved(now, 1),)
            case Stroke.HOME:
                return (CaretMoved(now, -FAR),)
            case Stroke.END:
                return (CaretMoved(now, FAR),)
            case Stroke.RETURN if in_email:
                return (SendChosen(now),)
            case Stroke.TAB | Stroke.RETURN:
                return (NextField(now),)
            case Stroke.SPACE:
                return ()  # it comes as text, too


def _session(scene: Scene | None) -> SessionId | None:
    return getattr(scene, "session", None)
