"""The keys on the form's tray: which there are now, which one a finger means, and what it types."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from booth.core.events import Erased, Event, NextField, Touched, Typed
from booth.core.form import Field
from booth.core.scene import FormScene, Scene
from booth.core.visit import SessionId
from booth.ui.languages import Languages
from booth.ui.layout import Layout
from booth.ui.scenes import form
from booth.ui.typing import keyboard as keys_of
from booth.ui.typing.keyboard import Key, Keyboard
from booth.ui.typing.sheets import ENGLISH, Boards, boards
from booth.units import NEVER, Instant, Seconds

DOUBLE_TAP = Seconds(0.4)
"""Two taps on shift that follow each other sooner lock it."""


class Tray:
    """Has the keyboard of the language that is spoken, as it stands after all that was typed.

    The boards of *scripts* are behind its globe key, and *domains* on its chips, if any are given. Raises `ConfigError`
    if there is no such keyboard, or a file of one is broken.
    """

    def __init__(
        self, layout: Layout, languages: Languages, scripts: Sequence[str] = (), domains: Sequence[str] = ()
    ) -> None:
        self._layout = layout
        self._languages = languages
        self._scripts, self._domains = tuple(scripts), tuple(domains)
        for language in {ENGLISH, languages.code, *languages.offered}:
            self._boards(language)  # a broken file is told at the start, not to a guest
        self._keyboard = self.begun(Field.NAME)
        self._scene: FormScene | None = None
        self._at: tuple[SessionId, Field] | None = None
        """The visit, and which field of its form is typed into."""
        self._empty = True
        """Whether nothing was in it."""
        self._tapped_at = NEVER

    def _boards(self, language: str) -> Boards:
        return boards(language, self._scripts, self._domains)

    # ---- which keys there are

    @property
    def keyboard(self) -> Keyboard:
        """The keyboard as it is now."""
        return self._keyboard

    def begun(self, field: Field, before: str = "") -> Keyboard:
        """Return the keyboard that a guest finds in a *field*, with this text *before* the caret."""
        return keys_of.for_field(field, before, self._boards(self._languages.code))

    def watch(self, scene: Scene) -> bool:
        """Take note of what is on the screen; return whether that is another visit's form, or another field of it."""
        if not isinstance(scene, FormScene):
            self._scene = self._at = None
            return False
        self._scene = scene
        line, at = scene.form.line, (scene.session, scene.form.focus)
        same, emptied = at == self._at, not (line.text or self._empty)
        self._at, self._empty = at, not line.text
        if not same or emptied:
            board = self.begun(scene.form.focus, line.text[: line.caret])
            # As the field wants it; but a field that was emptied keeps the board that the guest has turned to.
            self._keyboard = replace(board, script=self._keyboard.script) if same else board
        return not same

    def painted(self, scene: FormScene) -> tuple[Key, ...]:
        """Return the keys to paint on *scene*."""
        places = form.places(self._layout)
        return self._keyboard.keys(places.keyboard.tuple, scene.form.focus, places.key_gap)

    @property
    def live(self) -> tuple[Key, ...]:
        """The keys that can be touched now."""
        scene = self._scene
        return self.painted(scene) if scene is not None and scene.typing else ()

    def at(self, x: int, y: int) -> Key | None:
        """Return the key that a finger on the tray means: between keys the nearest, also on the tray's rim."""
        places = form.places(self._layout)
        if not places.tray.holds(x, y):
            return None
        area = places.keyboard
        inside = min(max(x, area.x), area.right - 1), min(max(y, area.y), area.bottom - 1)
        return keys_of.hit(self.live, *inside)

    # ---- what they type

    def tapped(self, key: Key, now: Instant) -> Event:
        """Return what a tap on *key* means."""
        quick = now - self._tapped_at <= DOUBLE_TAP
        self._tapped_at = now
        self._keyboard, edit = self._keyboard.press(key, quick=quick)
        match edit:
            case keys_of.Insert(text=text):
                return self._as_typed(text, key, now)
            case keys_of.Backspace():
                return Erased(now)
            case keys_of.Next():
                return NextField(now)
            case keys_of.Nothing():
                return Touched(now)

    def chosen(self, text: str, key: Key, now: Instant) -> Event:
        """Return what it means that *text* was chosen from the variants of *key*."""
        self._tapped_at = now
        self._keyboard, _ = self._keyboard.entered(text)
        return self._as_typed(text, key, now)

    def instead(self, variant: str, key: Key, entered: str, now: Instant) -> Iterator[Event]:
        """Yield what puts a *variant* of *key* in the place of what that has just *entered*."""
        before = self._before
        if before.endswith(entered):
            yield from (Erased(now) for _ in entered)
            before = before.removesuffix(entered)
        text = keys_of.chip_text(variant, before) if key.kind == "chip" else variant
        if text:
            yield Typed(now, text)

    def _as_typed(self, text: str, key: Key, now: Instant) -> Event:
        """Return the entering of *text*, of a chip only what is missing."""
        if key.kind == "chip" and self._scene is not None:
            text = keys_of.chip_text(text, self._before)
        return Typed(now, text) if text else Touched(now)

    @property
    def _before(self) -> str:
        """What is written before the caret."""
        if self._scene is None:
            return ""
        line = self._scene.form.line
        return line.text[: line.caret]
