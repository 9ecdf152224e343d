"""The booth's screen: shows scenes, and asks `Hands` what was done to it. Used from the main thread only."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

import pygame

from booth.core.events import Event
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
from booth.core.states import Animation, Ask
from booth.core.visit import OwnQuestion, SessionId
from booth.errors import ConfigError, ScreenError
from booth.ports import Album, Gallery, Preview, Probe, Spot, Voice, unmeasured
from booth.ui import consent
from booth.ui.display import american, open_display
from booth.ui.drawing.canvas import Canvas, Repainter
from booth.ui.drawing.playback import Film, Nobody, Prints, Projector
from booth.ui.drawing.qr import Coder
from booth.ui.drawing.shapes import Shapes
from booth.ui.dress import Dress
from booth.ui.ear import Ear
from booth.ui.feedback import Feedback
from booth.ui.hands import Hands
from booth.ui.languages import Languages
from booth.ui.layout import Layout
from booth.ui.pieces import agreeing, answering
from booth.ui.scenes import form as form_scene
from booth.ui.scenes import painted, row
from booth.ui.sound import Silence, Sound, Speaker
from booth.ui.speech import Speech
from booth.ui.stage import BEAT, Sketches, Stage
from booth.ui.surroundings import Surroundings
from booth.ui.text.fonts import Fonts
from booth.ui.touch import tap_events, text_event, translated
from booth.ui.typing.keymaps import Composer
from booth.units import NEVER, Instant, Pixels, Seconds

CALM = Seconds(5.0)
"""Time without a finger or a key after which nothing on the invitation moves but by the beat."""


class Sources(TypedDict):
    """What a screen shows beside its scene, and who is heard with it."""

    album: Album
    preview: Preview
    fresh: Callable[[], SessionId]
    """Names the visit that a touch begins."""
    gallery: Gallery | None
    """What the invitation shows of earlier guests; None for nothing."""
    voice: Voice | None
    """Says the cues."""
    speaker: Speaker | None
    """Plays the sounds. Closed with the screen."""


class PygameScreen:
    """A display, or a window with the simulator's oven around the screen; and its touch panel.

    Fulfils `booth.ports.Screen` and `booth.ports.TouchPanel`. What it looks like is its *dress*, whose size is the
    screen's, without the oven; what it shows and who is heard are its *sources*. *fonts* are this system's. The *probe*
    is told where the time of a frame goes. Raises `ScreenError` when there is nothing to draw on, and `ConfigError`
    when there is no room for a text that guests agree to.
    """

    def __init__(
        self,
        dress: Dress,
        *,
        oven: Surroundings | None = None,
        fonts: Fonts | None = None,
        coder: Coder | None = None,
        probe: Probe = unmeasured,
        **sources: Unpack[Sources],
    ) -> None:
        self._dress = dress
        self._album = sources["album"]
        self._preview = sources["preview"]
        self._fonts = fonts or Fonts(titles=dress.brand.titles)
        self._languages = Languages(dress.language, dress.languages, dress.texts)
        self._consent_texts = self._spoken_in(dress.consent_text)
        self._purposes = self._spoken_in(dress.email_purpose)
        self._spoken = dress.language
        self._speech = Speech(sources["voice"]) if sources["voice"] else None
        self._oven = oven
        self._window = oven.window if oven else dress.size
        self._corner = oven.screen_at if oven else (0, 0)
        self._layout = Layout(dress.size, dress.housing, dress.animation)
        # Before the display is opened: where there is none, these are closed again.
        self._speaker, self._ear = sources["speaker"] or Silence(), Ear()
        try:
            self._glass = open_display(dress, self._window)
        except ScreenError:
            self.close()
            raise
        self._composer = Composer(dress.keymap) if dress.keymap and american() else None
        corner = (*self._corner, dress.size.width, dress.size.height)
        self._surface = self._glass.surface.subsurface(corner) if oven else self._glass.surface
        shapes = Shapes()
        shapes.allow(dress.size)
        self._fonts.allow(dress.size)
        self._canvas = Canvas(self._surface, dress.theme, self._fonts, shapes, self._layout.unit)
        self._canvas.bold = dress.bold
        self._repainter = Repainter(self._canvas)
        self._probe = probe
        self._projector = Projector(probe)
        self._prints, self._film, self._sketches = Prints(), Film(), Sketches()
        self._gallery = sources["gallery"] or Nobody()
        self._roused = NEVER
        self._clicked: frozenset[str] = frozenset()
        self._coder = coder or Coder(dress.size)
        self._closed = False
        self._exposed = True
        self._scene: Scene | None = None
        self._since = NEVER
        self._said_at = NEVER
        self._looked: tuple[Scene, int, Feedback, Instant] | None = None
        self._hands = Hands(
            self._layout,
            self._window,
            self._corner,
            oven,
            sources["fresh"],
            self._languages,
            self._fonts,
            dress.scripts,
            dress.domains,
        )
        self._rehearsal: Iterator[None] | None = self._rehearse()
        self._touched = NEVER
        """When anything was last heard of a finger or a key, whether or not it meant something."""
        self._have_room()

    def _spoken_in(self, text: str | Mapping[str, str]) -> Mapping[str, str]:
        """Return a *text* by the languages that the screen may come to speak."""
        return {code: text if isinstance(text, str) else text[code] for code in self._languages.spoken}

    def _have_room(self) -> None:
        """Raise `ConfigError` if a text that guests must be able to read is, in any language, longer than its room."""
        *_, form, _ = self._coming()
        if not isinstance(form, FormScene):
            raise TypeError("the form comes last but one")
        # While the button skips there is least room for what an address is for.
        form = form if len(self._dress.consents) == 1 else replace(form, consents=())
        untouched = replace(form, button_skips=True)
        several = replace(form, ask=Ask.AGREE, consents=tuple(self._dress.consents))
        asked = form if len(self._dress.consents) == 1 else several
        lines = [
            *self._lines(
                "form.consent_text", self._dress.consent_text, "consent", form,
                lambda stage, text: replace(stage, consent_text=text),
            ),
            *self._lines(
                "form.email_purpose", self._dress.email_purpose, "purpose", untouched,
                lambda stage, text: replace(stage, email_purpose=text),
            ),
        ]  # fmt: skip
        for name, texts in self._dress.consents.items():

            def on(stage: Stage, text: str, name: str = name) -> Stage:
                return replace(stage, consents={**stage.consents, name: text})

            patch = "consent" if asked is form else f"{agreeing.ROW}{name}"
            lines += self._lines(f"form.consents: {name}", texts, patch, asked, on)
        pages = tuple(self._questions(form))
        for page in pages:
            lines += self._asked_on(page)
        began = Instant(0.0)
        stage = self._stage(untouched, began, self._hands.feedback(began))
        stages = {
            id(scene): replace(stage, since=began, widgets=self._hands.widgets(scene))
            for scene in (form, untouched, asked, *pages)
        }
        try:
            consent.check(lines, lambda scene: stages[id(scene)], self._fonts)
        except ConfigError:
            self.close()
            raise

    def _questions(self, form: FormScene) -> Iterator[FormScene]:
        """Yield a scene of each of the event's own questions."""
        for name in self._dress.questions:
            if ":" not in name:
                below = tuple(
                    each.removeprefix(f"{name}:") for each in self._dress.questions if each.startswith(f"{name}:")
                )
                yield replace(form, ask=Ask.QUESTION, question=OwnQuestion(name, below))

    def _asked_on(self, page: FormScene) -> Iterator[consent.Wording]:
        """Yield what is written of a question and its choices."""
        question = page.question or OwnQuestion("")
        places = {question.id: answering.HEAD}
        places |= {f"{question.id}:{choice}": f"{answering.ROW}{choice}" for choice in question.choices}
        for name, patch in places.items():

            def on(stage: Stage, text: str, name: str = name) -> Stage:
                return replace(stage, questions={**stage.questions, name: text})

            yield from self._lines(f"form.questions: {name}", self._dress.questions[name], patch, page, on)

    def _lines(
        self, key: str, text: str | Mapping[str, str], patch: str, scene: Scene, on: Callable[[Stage, str], Stage]
    ) -> list[consent.Wording]:
        """Return a *text* of the owner's in each language, by the keys of its settings."""
        if isinstance(text, str):
            return [consent.Wording(key, text, patch, scene, on)] if text else []
        said = self._spoken_in(text)
        return [consent.Wording(f"{key}.{code}", words, patch, scene, on) for code, words in said.items()]

    # ---- what the guest did

    def events(self, now: Instant) -> Iterable[Event]:
        """Return what the guest has done since the last call, as events that happened at *now*. Does not block."""
        raws = self._hands.held([self._glass.meant(raw) for raw in pygame.event.get()])
        if raws:
            self._touched = now
        if self._composer is not None:
            raws = [each for raw in raws for each in translated(raw, self._composer)]
        meant = [event for raw in raws for event in self._meant(raw, now)]
        if meant:
            self._roused = now
        return [*meant, *self._hands.passed(now)]

    def _meant(self, raw: pygame.Event, now: Instant) -> Iterable[Event]:
        match raw.type:
            case pygame.WINDOWEXPOSED:
                self._exposed = True
            case pygame.QUIT:
                self._closed = True
            case _:
                return self._hands.meant(raw, now)
        return ()

    # ---- what the guest sees

    def show(self, scene: Scene, now: Instant) -> bool:
        """Paint *scene* as it looks at *now*; return whether a pixel changed. Does not wait."""
        self._enter(scene, now)
        feedback = self._hands.feedback(now)
        self._sound(scene, feedback)
        if self._fonts.arrived():
            self._looked = None
            self._repainter.forget()
        dirty: list[pygame.Rect] = []
        if self._may_have_changed(scene, now, feedback):
            stage = self._stage(scene, now, feedback)
            self._languages.asleep = stage.resting
            dirty = self._repainter.show(list(painted(scene, stage)))
        elif row(scene).alike is not None and self._rehearsal is not None:
            self._rehearsal = None if next(self._rehearsal, self) is self else self._rehearsal
        dirty = [rect.move(self._corner) for rect in dirty]
        if self._oven is not None:
            dirty += [pygame.Rect(box) for box in self._oven.paint(self._glass.surface, now, scene)]
        if self._exposed:
            self._exposed = False
            with self._probe("update"):
                self._glass.show(None)
            return True
        if dirty:
            with self._probe("update"):
                self._glass.show(dirty)
        return bool(dirty)

    def repaint(self) -> None:
        """Have all of the next frame painted anew, as if nothing of it were on the screen yet."""
        self._looked = None
        self._repainter.forget()

    def still(self, now: Instant) -> bool:
        """Return whether what was shown last looks the same at *now*, if nothing has happened. If in doubt, False.

        The invitation changes beat by beat, and what a finger has done to it is over soon.
        """
        if self._scene is None or self._oven is not None or self._exposed:
            return False
        alike = row(self._scene).alike
        if alike is None:
            return False
        if self._rehearsal is not None or now - self._touched < CALM or self._looked is None:
            return False
        shown, beat = self._looked[1], self._beat(self._scene, now)
        if shown == beat:
            return True
        resting = 0.0 < self._dress.rest_after <= now - max(self._since, self._roused)
        if resting or self._dress.reduced_motion or not isinstance(self._gallery, Nobody):
            return False
        return bool(alike(self._scene, shown) == alike(self._scene, beat))

    def still_until(self, now: Instant) -> Instant:
        """Return when the next beat of an invitation begins that nobody touches; *now* if anything else is shown.

        A finger on it is seen then at the latest: within a fifteenth of a second, and from then on as soon as ever.
        """
        if not self.still(now) or self._scene is None:
            return now
        return Instant(self._since + (self._beat(self._scene, now) + 1) * (row(self._scene).beat or BEAT))

    def _beat(self, scene: Scene, now: Instant) -> int:
        return int((now - self._since) / (row(scene).beat or BEAT))

    def _enter(self, scene: Scene, now: Instant) -> None:
        """Take note of what *scene* begins: a scene of another kind, or another visit."""
        before = self._scene
        if type(scene) is not type(before) or _session(scene) != _session(before):
            self._since = now
            if self._composer is not None:
                self._composer.forget()
            if not isinstance(scene, FormScene | FarewellScene):
                self._projector.forget()
            if isinstance(scene, AttractScene | GetReadyScene):
                self._prints.forget()
            # What a guest types is drawn letter by letter: it shall not fill the memory, nor outlast the form.
            self._fonts.forget()
            if isinstance(scene, FormScene):
                self._fonts.lend()
        if scene != before:
            self._said_at = now
        self._scene = scene
        self._hands.watch(scene)
        self._languages.watch(scene, now)
        if self._languages.code != self._spoken:
            self._spoken = self._languages.code
            self._looked = None
            self._repainter.forget()
            self._rehearsal = self._rehearse()  # the next guest's words have not been drawn yet
        if self._speech is not None:
            self._speech.watch(scene, self._languages.words, self._languages.code)

    def _may_have_changed(self, scene: Scene, now: Instant, feedback: Feedback) -> bool:
        """Return False for sure only: the same scene in the same beat, untouched. Moving pictures have no beat."""
        if row(scene).beat is None:
            self._looked = None
            return True
        look = (scene, self._beat(scene, now), feedback, self._roused)
        if look == self._looked:
            return False
        self._looked = look
        return True

    def _stage(self, scene: Scene, now: Instant, feedback: Feedback) -> Stage:
        return Stage(
            now=now,
            since=self._since,
            told=self._said_at,
            layout=self._layout,
            dress=self._dress,
            words=self._languages.words,
            language=self._languages.code,
            languages=self._languages.offered,
            consent_text=self._consent_texts[self._languages.code],
            consents={asked: texts[self._languages.code] for asked, texts in self._dress.consents.items()},
            questions={asked: texts[self._languages.code] for asked, texts in self._dress.questions.items()},
            email_purpose=self._purposes[self._languages.code],
            album=self._album,
            preview=self._preview,
            projector=self._projector,
            coder=self._coder,
            widgets=self._hands.widgets(scene),
            keys=self._hands.painted_keys(scene) if isinstance(scene, FormScene) else (),
            shift=feedback.keyboard.shift,
            pressed=feedback.pressed,
            balloons=feedback.balloons,
            variants=feedback.variants,
            views=feedback.views,
            typed=self._hands.typed,
            nudged=feedback.nudged,
            gallery=self._gallery,
            prints=self._prints,
            film=self._film,
            sketches=self._sketches,
            roused=self._roused,
        )

    def _sound(self, scene: Scene, feedback: Feedback) -> None:
        """Have heard what is to be heard of a new *scene*, and of a key that went down."""
        heard = self._ear.heard(scene)
        if heard is not None:
            self._speaker.play(heard)
        if self._dress.key_clicks:
            keys = frozenset(name for name in feedback.pressed if name.startswith("key:"))
            if keys - self._clicked:
                self._speaker.play(Sound.KEY)
            self._clicked = keys

    def _rehearse(self) -> Iterator[None]:
        """Draw what the first guest will see, one patch for each call, where nobody sees it.

        A shape takes a while the first time. While the booth waits there is time for that; in a countdown there is not.
        """
        canvas = Canvas(pygame.Surface((1, 1)), self._dress.theme, self._fonts, self._canvas.shapes, self._layout.unit)
        places = form_scene.places(self._layout)
        for scene in self._coming():
            stage = replace(self._stage(scene, self._since, self._hands.feedback(self._since)), preview=_no_picture)
            if isinstance(scene, FormScene):
                board = self._hands.begun(scene.form.focus)
                keys = board.keys(places.keyboard.tuple, scene.form.focus, places.key_gap)
                stage = replace(stage, keys=keys, shift=board.shift)
            for patch in painted(scene, stage):
                patch.paint(canvas)
                yield
        self._fonts.search()  # for names that the typeface has no letters for

    def _coming(self) -> Iterator[Scene]:
        """Yield scenes of a visit that have shapes of their own; the form last but one."""
        asked = tuple(self._dress.consents)
        yield GetReadyScene(4, 1.0)
        for twentieth in range(20, 0, -1):
            yield CountdownScene(1, 4, twentieth % 3 + 1, round(twentieth / 20, 2))
        for focus in (Field.NAME, Field.EMAIL):
            yield FormScene(
                SessionId(""),
                Form(focus=focus),
                Animation.MAKING,
                any(self._consent_texts.values()) or len(asked) == 1,
                name_required=True,
                email_required=True,
                ask=None,
                closing_in=None,
                consents=asked,
            )
        yield FinishingScene(SessionId(""), Animation.MAKING, deleting=False)

    @property
    def language(self) -> str:
        """The code of the language that it speaks now (ISO 639-1)."""
        return self._languages.code

    @property
    def closed(self) -> bool:
        """Whether the window was closed by the person in front of it."""
        return self._closed

    def close(self) -> None:
        """Give the display back. May be called twice."""
        self._speaker.close()
        self._fonts.close()
        pygame.display.quit()
        pygame.font.quit()

    # ---- what a finger can do

    def spots(self) -> Sequence[Spot]:
        """Return what can be touched on the scene that was shown last, in screen pixels."""
        return self._hands.spots()

    def finger(self, x: Pixels, y: Pixels) -> None:
        """Put a finger on the panel and lift it: the same touch events that the driver sends."""
        for event in tap_events(x + self._corner[0], y + self._corner[1], self._window):
            pygame.event.post(event)

    def keyboard(self, text: str) -> None:
        """Enter *text* on a physical keyboard, a character at a time."""
        for char in text:
            pygame.event.post(text_event(char))

    def photograph(self, into: Path) -> None:
        """Save what the screen shows as a PNG."""
        pygame.image.save(self._surface, into)

    def photograph_window(self, into: Path) -> None:
        """Save what the window shows as a PNG: the screen, and the oven if there is one."""
        pygame.image.save(self._glass.surface, into)


def _no_picture() -> None:
    """Be the preview of a scene that nobody sees."""


def _session(scene: Scene | None) -> SessionId | None:
    return getattr(scene, "session", None)
