"""What hands meant: fingers, a mouse and a physical keyboard in, the core's events out.

What is being touched lives here; the keys that are typed on are the tray's. Nothing is painted. Fingers are told apart;
the one that was put down last is the one that means something: to put down another is to be done with the first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import pygame

from booth.core.events import Confirmed, Erased, Event, FieldChosen, Returned, SendChosen, Touched, Typed
from booth.core.form import Field
from booth.core.operating import CornersHeld
from booth.core.scene import AttractScene, FormScene, Scene
from booth.core.showing import ClosedScene
from booth.core.visit import SessionId
from booth.ports import Size, Spot
from booth.ui import scenes, strokes
from booth.ui.corners import Corners
from booth.ui.feedback import Feedback, Marks
from booth.ui.fingers import LINGER, Down, Offer, over
from booth.ui.languages import Languages
from booth.ui.layout import Box, Layout
from booth.ui.pieces.field import TextField
from booth.ui.pieces.languages import Choice
from booth.ui.steady import NEAR, Steady
from booth.ui.strokes import Strokes
from booth.ui.surroundings import Surroundings
from booth.ui.text.fonts import Fonts
from booth.ui.touch import Deed, Entered, Finger, Moved, Stroke, Struck, Tap, deed
from booth.ui.tray import Tray
from booth.ui.typing.fields import Fields
from booth.ui.typing.keyboard import Key, Keyboard
from booth.ui.typing.popup import Variants, balloon, variants
from booth.ui.widgets import Begin, Confirm, PushButton, Widget, spot
from booth.units import NEVER, Instant, later


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
        self._tray = Tray(layout, languages, scripts, domains)
        self._scene: Scene | None = None
        self._decided: tuple[Scene | None, tuple[Widget, ...]] = None, ()
        self._fields = Fields(layout, fonts)
        self._strokes = Strokes()
        self._steady = Steady(layout.px(NEAR))
        self._corners = Corners(layout, corner)
        self._marks = Marks()
        self._down: Down | None = None
        self._variants: Variants | None = None
        self._offer: Offer | None = None
        self._typed = NEVER

    # ---- what the screen has to know

    @property
    def typed(self) -> Instant:
        """When text was last entered or the caret moved."""
        return self._typed

    def feedback(self, now: Instant) -> Feedback:
        """Return what shows at *now* of what hands do."""
        pressed, popped = self._marks.pressed(now), self._marks.popped(now)
        down = self._down
        if down is not None:
            under = down.key or down.does
            if under is not None and under not in popped:
                popped.append(under)
            elif not (down.types or down.does):
                pressed.add(down.spot)
        if popped:
            places = {(key.x, key.y) for key in popped}
            pressed.update(key.name for key in self._tray.live if (key.x, key.y) in places)
        gap = self._layout.px(3)
        balloons = tuple(balloon(key, self._layout.screen, gap) for key in popped if key.kind == "char")
        return Feedback(
            self._tray.keyboard,
            frozenset(pressed),
            balloons if self._variants is None else (),
            self._variants,
            self._fields.views,
            self._marks.nudged(now),
        )

    def begun(self, field: Field) -> Keyboard:
        """Return the keyboard that a guest finds in an empty field."""
        return self._tray.begun(field)

    def painted_keys(self, scene: FormScene) -> tuple[Key, ...]:
        """Return the keys to paint on *scene*."""
        return self._tray.painted(scene)

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
        under += [spot(key.name, Box(key.x, key.y, key.width, key.height)) for key in self._tray.live]
        if self._variants is None:
            return tuple(under)
        row = self._variants.box
        over = [spot(f"variant:{text}", box) for text, box in self._variants.cells]
        return [*over, *(each for each in under if not row.meets(Box(each.x, each.y, each.width, each.height)))]

    def watch(self, scene: Scene) -> None:
        """Take note of what is on the screen: a scene of another kind, another visit, another field begins anew."""
        before = self._scene
        if type(scene) is not type(before) or _session(scene) != _session(before):
            self._marks.forget()
            self._lift_all()
            self._steady.forget()
            self._corners.forget()
        self._scene = scene
        begins = self._tray.watch(scene)
        if not isinstance(scene, FormScene):
            self._fields.forget()
            return
        turned = isinstance(before, FormScene) and _page(before) != _page(scene)
        if turned or (begins and (self._down is None or self._down.field is not scene.form.focus)):
            self._lift_all()
        entries = [widget for widget in self.widgets(scene) if isinstance(widget, TextField)]
        if not entries:  # something else is asked, and nothing can be typed
            return
        self._fields.watch(scene.form, {entry.field: entry.inside.row for entry in entries})

    def _lift_all(self) -> None:
        """Forget what fingers are on: it is no longer there."""
        self._down = self._variants = self._offer = None

    # ---- what time does

    def passed(self, now: Instant) -> Iterable[Event]:
        """Return what has happened because it is *now*: a key repeats or offers its variants, corners were held."""
        if self._corners.held(now) and isinstance(self._scene, AttractScene | ClosedScene):
            return (CornersHeld(now),)
        if self._offer is not None and now >= self._offer.until:
            self._variants = self._offer = None
        down = self._down
        if down is None:
            return ()
        if down.lies(now):
            self._lift_all()
        elif (again := down.again(now)) is not None:
            self._down, self._typed = again, now
            return (Erased(now),)
        elif self._variants is None and (key := down.offers(now)) is not None and key.variants:
            px = self._layout.px
            self._variants = variants(key, self._layout.screen, px(4), px(56))
        return ()

    # ---- what was done

    def held(self, raws: Sequence[pygame.Event]) -> list[pygame.Event]:
        """Return *raws*, all that was heard at one look, without repeats of a key that has been lifted by now."""
        return self._strokes.held(raws)

    def meant(self, raw: pygame.Event, now: Instant) -> Iterable[Event]:
        """Return what pygame's *raw* event means, as events that happened at *now*."""
        self._strokes.watch(raw, now)
        done = deed(raw, self._window)
        self._corners.watch(done, now)
        if self._oven is not None:
            self._corners.watch(self._oven.second(raw, done), now)
        return [self._spoken(event) for each in self._steady.taken(done, now) for event in self._done(each, now)]

    def _spoken(self, event: Event) -> Event:
        """Return *event* with the language of what the guest has read, where that is wanted."""
        if isinstance(event, SendChosen | Returned):
            return replace(event, language=self._languages.code)
        return event

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
            self._marks.nudge(now)
            yield Touched(now)
            return
        self._down = Down(finger, found.name, now, now, x)
        if isinstance(found, Widget):
            self._marks.press(found.name, now)
            yield self._touched(self._down, found, x, now)
            return
        self._marks.pop(found, now)
        self._down = self._down.on(found, now)
        if not self._down.types:
            yield self._tapped(found, now)

    def _touched(self, down: Down, widget: Widget, x: int, now: Instant) -> Event:
        """Return what a touch of a *widget* means."""
        match widget:
            case PushButton(does=does):
                return does(now)
            case Begin(does=does):
                return does(now, self._fresh())
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
            if down.does is None or not over(down.does, x, y):
                self._down = None
        elif down.types and not (down.key is not None and over(down.key, x, y)):
            self._marks.leave(down.key)
            self._down = down.slid(self._tray.at(x, y), x, now)

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
            self._typed = now
            yield self._tray.chosen(offered.chosen, down.key, now)
            return
        event = self._tapped(down.key, now)
        yield event
        if offered is not None and stays and isinstance(event, Typed):
            self._variants = replace(offered, chosen=None)
            self._offer = Offer(later(now, LINGER), event.text)

    def _replaced(self, variant: str, now: Instant) -> Iterator[Event]:
        """Yield what puts a variant in the place of what its key has just entered."""
        offered, offer = self._variants, self._offer
        self._down = self._variants = self._offer = None
        if offered is None or offer is None or not isinstance(self._scene, FormScene):
            return
        self._typed = now
        yield from self._tray.instead(variant, offered.key, offer.entered, now)

    def _under(self, x: int, y: int) -> Widget | Key | None:
        """Return what a finger at (*x*, *y*) means; between keys, the nearest one."""
        return next((widget for widget in self._live() if widget.box.holds(x, y)), None) or self._tray.at(x, y)

    def _tapped(self, key: Key, now: Instant) -> Event:
        """Return what a tap on *key* of the on-screen keyboard means."""
        self._typed = now
        return self._tray.tapped(key, now)

    def _struck(self, key: Stroke, now: Instant, *, down: bool) -> Iterable[Event]:
        """Translate a key of a physical keyboard. Space is the oven's button, except where it is a blank."""
        filling_in = isinstance(self._scene, FormScene)
        if key is Stroke.SPACE and self._oven is not None and not (filling_in and down):
            self._oven.key(down)
        if not down or not isinstance(self._scene, FormScene):
            return ()
        self._typed = now
        return strokes.meant(key, now)


def _page(scene: FormScene) -> tuple[object, ...]:
    return scene.ask, scene.question, scene.sending


def _session(scene: Scene | None) -> SessionId | None:
    return getattr(scene, "session", None)
