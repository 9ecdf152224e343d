"""The booth's screen: shows scenes, and tells what fingers and keys meant. Used from the main thread only."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

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
from booth.core.form import Field, Form
from booth.core.scene import (
    AttractScene,
    CountdownScene,
    FarewellScene,
    FinishingScene,
    FormScene,
    GetReadyScene,
    Scene,
)
from booth.core.session import SessionId
from booth.core.states import Animation
from booth.errors import ScreenError
from booth.ports import Album, Preview, Size, Spot
from booth.ui import keyboard as keys_of
from booth.ui.canvas import Canvas, Compositor
from booth.ui.fonts import Fonts
from booth.ui.keyboard import Key, Keyboard, Shift
from booth.ui.layout import Layout
from booth.ui.oven import Oven
from booth.ui.paint import parts
from booth.ui.paint.quiet import BEAT
from booth.ui.paint.stage import Stage
from booth.ui.playback import Projector
from booth.ui.shapes import Shapes
from booth.ui.theme import Theme
from booth.ui.touch import Closed, Entered, Exposed, Stroke, Struck, Tap, deed, spots, tap_events
from booth.ui.words import Words
from booth.units import Instant, Pixels, Seconds, later

PRESSED = Seconds(0.1)
"""A key or button is shown as pressed for at least this long."""

NUDGE = Seconds(2.5)
"""How long the invitation points at the real button after somebody touched the screen."""

FAR = 10_000
"""Characters: further than any text is long."""

HELD = Seconds(10.0)
"""A key that is down for longer is no guest's: something lies on it, or its keyboard was pulled out."""

NEVER = Instant(-math.inf)

_WATCHED = (
    pygame.QUIT,
    pygame.WINDOWEXPOSED,
    pygame.FINGERDOWN,
    pygame.FINGERUP,
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEBUTTONUP,
    pygame.KEYDOWN,
    pygame.KEYUP,
    pygame.TEXTINPUT,
)


_UNSEEN = frozenset({"dummy", "offscreen"})
"""SDL's drivers that draw where nobody looks."""


def _no_display(why: str) -> str:
    return (
        f"there is no display to draw on ({why}): connect the screen, or start inside a desktop; "
        "without either, SDL_VIDEODRIVER=dummy draws where nobody sees it"
    )


class PygameScreen:
    """A display, or a window with the simulator's oven around the screen; and its touch panel.

    Fulfils `booth.ports.Screen` and `booth.ports.TouchPanel`. *size* is the screen's, without the oven. *title* is the
    event's name. Raises `ScreenError` when there is nothing to draw on.
    """

    def __init__(
        self,
        size: Size,
        *,
        fullscreen: bool,
        title: str,
        consent_text: str,
        album: Album,
        preview: Preview,
        fresh: Callable[[], SessionId],
        theme: Theme | None = None,
        oven: Oven | None = None,
    ) -> None:
        self._title = title
        self._consent_text = consent_text
        self._album = album
        self._preview = preview
        self._fresh = fresh
        self._theme = theme or Theme()
        self._words = Words()
        self._oven = oven
        self._window = oven.window if oven else size
        self._corner = oven.screen_at if oven else (0, 0)
        self._layout = Layout(size)
        self._open(fullscreen=fullscreen)
        corner = (*self._corner, size.width, size.height)
        self._surface = self._display.subsurface(corner) if oven else self._display
        self._canvas = Canvas(self._surface, self._theme, Fonts(), Shapes(), self._layout.unit)
        self._compositor = Compositor(self._canvas)
        self._projector = Projector()
        self._closed = False
        self._exposed = True
        self._scene: Scene | None = None
        self._since = NEVER
        self._looked: tuple[object, ...] = ()
        self._keyboard = Keyboard()
        self._typing: tuple[SessionId, Field, bool] | None = None
        self._held: str | None = None
        self._pressed: dict[str, Instant] = {}
        self._keys_down: dict[int, Instant] = {}
        """Since when each key of a physical keyboard has been down."""
        self._last_key: int | None = None
        self._typed = NEVER
        self._nudged = NEVER
        self._rehearsal = self._rehearse()

    def _open(self, *, fullscreen: bool) -> None:
        """Open the display. Only pygame's display and font are started: it shall not take the sound card."""
        try:
            pygame.display.init()
            pygame.font.init()
            if pygame.display.get_driver() == "x11":
                # Otherwise SDL draws the window with OpenGL: 90 MB more, and 3 % of a core where that is software.
                os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
            pygame.display.set_caption(self._title)
            self._display = pygame.display.set_mode(
                (self._window.width, self._window.height), pygame.FULLSCREEN if fullscreen else 0
            )
        except pygame.error as exc:
            raise ScreenError(_no_display(str(exc))) from exc
        driver = pygame.display.get_driver()
        if driver in _UNSEEN and os.environ.get("SDL_VIDEODRIVER") != driver:
            # SDL draws into memory when nothing else will do. A booth that nobody sees must not say that it is ready.
            self.close()
            raise ScreenError(_no_display("nothing but memory"))
        pygame.event.set_blocked(None)
        pygame.event.set_allowed(_WATCHED)
        pygame.key.start_text_input()
        pygame.key.set_repeat(400, 45)
        pygame.mouse.set_visible(not fullscreen)

    # ---- what the guest did

    def events(self, now: Instant) -> Iterable[Event]:
        """Return what the guest has done since the last call, as events that happened at *now*. Does not block."""
        return [event for raw in pygame.event.get() for event in self._meant(raw, now)]

    def _meant(self, raw: pygame.Event, now: Instant) -> Iterable[Event]:
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
            case Exposed():
                self._exposed = True
            case Closed():
                self._closed = True
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
        found = spots(self._scene, self._layout, ())
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
        return self._painted_keys(scene)

    def _painted_keys(self, scene: FormScene) -> tuple[Key, ...]:
        places = self._layout.form()
        return self._keyboard.keys(places.keyboard.tuple, scene.form.focus, places.key_gap)

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

    # ---- what the guest sees

    def show(self, scene: Scene, now: Instant) -> bool:
        """Paint *scene* as it looks at *now*; return whether a pixel changed. Does not wait."""
        self._enter(scene, now)
        pressed = self._pressed_at(now)
        dirty: list[pygame.Rect] = []
        if self._may_have_changed(scene, now, pressed):
            dirty = self._compositor.show(list(parts(scene, self._stage(scene, now, pressed))))
        elif isinstance(scene, AttractScene):
            next(self._rehearsal, None)
        dirty = [rect.move(self._corner) for rect in dirty]
        if self._oven is not None:
            dirty += [pygame.Rect(box) for box in self._oven.paint(self._display, now)]
        if self._exposed:
            self._exposed = False
            pygame.display.flip()
            return True
        if dirty:
            pygame.display.update(dirty)
        return bool(dirty)

    def _enter(self, scene: Scene, now: Instant) -> None:
        """Take note of what *scene* begins: a scene of another kind, another visit, another field."""
        before = self._scene
        if type(scene) is not type(before) or _session(scene) != _session(before):
            self._since = now
            self._held = None
            self._pressed.clear()
            self._nudged = NEVER
            if not isinstance(scene, FormScene | FarewellScene):
                self._projector.forget()
        self._scene = scene
        if not isinstance(scene, FormScene):
            self._typing = None
            return
        line = scene.form.line
        typing = (scene.session, scene.form.focus, not line.text)
        if self._typing is None or typing[:2] != self._typing[:2] or (typing[2] and not self._typing[2]):
            self._keyboard = keys_of.for_field(scene.form.focus, line.text[: line.caret])
        self._typing = typing

    def _pressed_at(self, now: Instant) -> frozenset[str]:
        self._pressed = {name: until for name, until in self._pressed.items() if until > now}
        return frozenset(self._pressed) | ({self._held} if self._held else frozenset())

    def _may_have_changed(self, scene: Scene, now: Instant, pressed: frozenset[str]) -> bool:
        """Return False for sure only: the same scene in the same beat, untouched. Moving pictures have no beat."""
        if isinstance(scene, GetReadyScene | CountdownScene | FarewellScene):
            self._looked = ()
            return True
        beat = int((now - self._since) / BEAT)
        look = (scene, beat, pressed, self._keyboard, now - self._nudged < NUDGE)
        if look == self._looked:
            return False
        self._looked = look
        return True

    def _stage(self, scene: Scene, now: Instant, pressed: frozenset[str]) -> Stage:
        return Stage(
            now=now,
            since=self._since,
            layout=self._layout,
            theme=self._theme,
            words=self._words,
            title=self._title,
            consent_text=self._consent_text,
            album=self._album,
            preview=self._preview,
            projector=self._projector,
            keys=self._painted_keys(scene) if isinstance(scene, FormScene) else (),
            shift_locked=self._keyboard.shift is Shift.LOCKED,
            shifted=self._keyboard.shift is not Shift.OFF,
            pressed=pressed,
            typed=self._typed,
            nudged=now - self._nudged < NUDGE,
        )

    def _rehearse(self) -> Iterator[None]:
        """Draw what the first guest will see, one part for each call, where nobody sees it.

        A shape takes a while the first time. While the booth waits there is time for that; in a countdown there is not.
        """
        canvas = Canvas(pygame.Surface((1, 1)), self._theme, self._canvas.fonts, self._canvas.shapes, self._layout.unit)
        places = self._layout.form()
        for scene in _coming(consent_asked=bool(self._consent_text)):
            stage = replace(self._stage(scene, self._since, frozenset()), preview=_no_picture)
            if isinstance(scene, FormScene):
                board = keys_of.for_field(scene.form.focus, "")
                keys = board.keys(places.keyboard.tuple, scene.form.focus, places.key_gap)
                stage = replace(stage, keys=keys, shifted=board.shift is not Shift.OFF)
            for part in parts(scene, stage):
                part.paint(canvas)
                yield

    @property
    def closed(self) -> bool:
        """Whether the window was closed by the person in front of it."""
        return self._closed

    def close(self) -> None:
        """Give the display back. May be called twice."""
        pygame.display.quit()
        pygame.font.quit()

    # ---- what a finger can do

    def spots(self) -> Sequence[Spot]:
        """Return what can be touched on the scene that was shown last, in screen pixels."""
        return spots(self._scene, self._layout, self._keys())

    def finger(self, x: Pixels, y: Pixels) -> None:
        """Put a finger on the panel and lift it: the same touch events that the driver sends."""
        for event in tap_events(x + self._corner[0], y + self._corner[1], self._window):
            pygame.event.post(event)

    def keyboard(self, text: str) -> None:
        """Enter *text* on a physical keyboard, a character at a time."""
        for char in text:
            pygame.event.post(pygame.Event(pygame.TEXTINPUT, {"text": char}))

    def photograph(self, into: Path) -> None:
        """Save what the screen shows as a PNG."""
        pygame.image.save(self._surface, into)

    def photograph_window(self, into: Path) -> None:
        """Save what the window shows as a PNG: the screen, and the oven if there is one."""
        pygame.image.save(self._display, into)


def _coming(*, consent_asked: bool) -> Iterator[Scene]:
    """Yield scenes of a visit that have shapes of their own."""
    yield GetReadyScene(4, 1.0)
    for twentieth in range(20, 0, -1):
        yield CountdownScene(1, 4, twentieth % 3 + 1, round(twentieth / 20, 2))
    for focus in Field:
        form = Form(focus=focus)
        yield FormScene(
            SessionId(""),
            form,
            Animation.MAKING,
            consent_asked,
            name_required=True,
            email_required=True,
            ask=None,
            closing_in=None,
        )
    yield FinishingScene(Animation.MAKING, deleting=False)


def _no_picture() -> None:
    """Be the preview of a scene that nobody sees."""


def _session(scene: Scene | None) -> SessionId | None:
    return getattr(scene, "session", None)
