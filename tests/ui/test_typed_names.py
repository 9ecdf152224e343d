"""Whatever name there are keys for is stored as it was typed, whenever the booth looks."""

from dataclasses import replace
from itertools import pairwise

import pygame
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booth.core.events import Erased, SendChosen, Typed
from booth.core.form import Field, Form
from booth.core.scene import FormScene
from booth.core.states import Animation, Booth, FillingIn
from booth.core.visit import Guest, SessionId
from booth.ports import Size
from booth.sim.guest import ScriptedGuests, Typist
from booth.ui.fingers import LONG_PRESS
from booth.ui.hands import Hands
from booth.ui.languages import LANGUAGES, Languages
from booth.ui.layout import Layout
from booth.ui.text.fonts import Fonts
from booth.ui.touch import tap_events, text_event
from booth.ui.typing.keyboard import Layer, Shift, for_field
from booth.ui.typing.sheets import boards
from booth.units import Instant, Seconds

SIZES = st.sampled_from([Size(800, 480), Size(1024, 600), Size(480, 800)])
VISIT = SessionId("20261122-170512-k3v9q2m7xw")
AREA = (0, 0, 800, 280)
BACK = 0.08
"""Seconds: no finger is sooner back, on a key."""
LOOKS = st.lists(st.integers(3, 60), min_size=1, max_size=8)
"""How long the booth takes to come round, each time, in ms."""
PROMPT = st.lists(st.integers(3, 29), min_size=1, max_size=8)
"""The same where it keeps its word: of a booth that is slower nobody knows whether a finger has come back to its key
after 0.08 s, or has trembled (`booth.ui.steady`)."""
STALLS = st.lists(st.sampled_from([5, 10, 33, 100, 400]), min_size=1, max_size=8)
"""The same on a bad day."""


def written(keyboard):
    """Return every character that a *keyboard* has a key for, on any of its sheets, and every variant."""
    sheets = [replace(keyboard, layer=layer, shift=shift) for layer in Layer for shift in Shift]
    keys = [key for sheet in sheets for key in sheet.keys(AREA, Field.NAME) if key.kind == "char"]
    texts = {text for key in keys for text in (key.name.removeprefix("key:"), *key.variants)}
    return sorted(text for text in texts if len(text) == 1)


LETTERS = {language: written(for_field(Field.NAME, "", boards(language))) for language in LANGUAGES}
KEYED = st.sampled_from(sorted(LETTERS)).flatmap(
    lambda language: st.tuples(
        st.just(language),
        st.lists(st.sampled_from([*LETTERS[language], " "]), min_size=1, max_size=8).map("".join),
    )
)
"""A language, and a name that its keyboard has keys for."""


@pytest.fixture(autouse=True, scope="module")
def _letters():
    """Have text measured; nothing is shown."""
    pygame.font.init()
    yield
    pygame.font.quit()


class Booths:
    """The form of a booth that looks at its panel now and then: what fingers do waits until it comes round."""

    def __init__(self, size, language):
        self.size = size
        self.hands = Hands(Layout(size), size, (0, 0), None, lambda: VISIT, Languages(language), Fonts())
        self.now = 100.0
        self.sent = False
        self.waiting = []
        self.scene = FormScene(
            VISIT,
            Form(),
            Animation.MAKING,
            consent_asked=False,
            name_required=False,
            email_required=False,
            ask=None,
            closing_in=None,
        )
        self.hands.watch(self.scene)

    @property
    def name(self):
        return self.scene.form.name.text

    def look(self, now):
        """Come round: hear of all that has been done since, and let time do its part."""
        self.now = now
        waiting, self.waiting = self.waiting, []
        for raw in waiting:
            self._take(self.hands.meant(raw, Instant(now)))
        self._take(self.hands.passed(Instant(now)))
        self.hands.watch(self.scene)

    def _take(self, events):
        for event in events:
            form = self.scene.form
            match event:
                case Typed(text=text):
                    form = form.typed(text)
                case Erased():
                    form = form.erased()
                case SendChosen():
                    self.sent = True
            self.scene = replace(self.scene, form=form)

    # ---- what a guest that is played sees and does

    def spots(self):
        return self.hands.spots()

    def finger(self, x, y):
        self.waiting += tap_events(x, y, self.size)

    def keyboard(self, text):
        """Only variants that keys are held for: nobody who is played waits for those."""
        self.waiting += [text_event(char) for char in text]


class Person:
    """A finger with a mind of its own about time; the booth looks whenever *looks* says, in ms."""

    def __init__(self, booth, looks):
        self.booth, self.looks = booth, looks
        self.now = booth.now
        self.due = booth.now
        self.round = 0

    def wait(self, seconds):
        """Let time pass: the booth comes round as often as it does."""
        self.now += seconds
        while self.due <= self.now:
            self.booth.look(self.due)
            self.due += self.looks[self.round % len(self.looks)] / 1000
            self.round += 1

    def see(self):
        """Wait until the booth has heard of all that was done, as whoever looks for the next key must."""
        while self.booth.waiting:
            self.wait(0.005)

    def touch(self, name, held):
        spot = next(spot for spot in self.booth.spots() if spot.name == name)
        deeds = list(tap_events(spot.x + spot.width // 2, spot.y + spot.height // 2, self.booth.size))
        self.booth.waiting += deeds[: len(deeds) // 2]
        self.wait(held)
        self.booth.waiting += deeds[len(deeds) // 2 :]


def typed(keyed, size, looks, quick, back):
    """Return what a booth that looks so often has of a name: each key is held for *quick* ms, and left for *back* s."""
    language, name = keyed
    booth = Booths(size, language)
    person = Person(booth, looks)
    for touch in Typist(lambda: {spot.name: spot for spot in booth.spots()}).taps(name):
        if isinstance(touch, str):
            booth.keyboard(touch)
        else:
            person.touch(touch.name, quick / 1000)
            person.wait(back)
        person.see()
    return booth.name


@settings(max_examples=12, deadline=None)
@given(keyed=KEYED, size=SIZES, looks=PROMPT, quick=st.integers(20, 90))
@example(("en", "Řičoým Aým"), Size(800, 480), [33], 20)
@example(("de", "!!"), Size(800, 480), [28, 29], 21)
def test_a_name_is_what_a_person_has_typed(keyed, size, looks, quick):
    """Fingers that look for their key, tap it, and are back after 0.08 s."""
    assert keyed[1] == typed(keyed, size, looks, quick, BACK)


@settings(max_examples=12, deadline=None)
@given(keyed=KEYED, size=SIZES, looks=LOOKS, quick=st.integers(20, 90))
@example(("de", "!!"), Size(800, 480), [40, 41], 21)
def test_a_name_is_what_a_person_has_typed_before_a_slow_booth(keyed, size, looks, quick):
    """The same, where fingers are away for as long as the booth takes to see that they are."""
    assert keyed[1] == typed(keyed, size, looks, quick, BACK + max(looks) / 1000)


@settings(max_examples=12, deadline=None)
@given(language=st.sampled_from(sorted(LETTERS)), size=SIZES, looks=LOOKS, data=st.data())
def test_a_name_is_what_a_key_was_held_for(language, size, looks, data):
    """A finger that stays until the variants show, is lifted, and taps one of them 0.08 s later."""
    booth = Booths(size, language)
    person = Person(booth, looks)
    keys = [key for key in booth.hands.painted_keys(booth.scene) if key.variants and key.kind == "char"]
    key = data.draw(st.sampled_from(keys))
    variant = data.draw(st.sampled_from(key.variants))
    person.touch(key.name, LONG_PRESS + 0.15)
    person.wait(BACK)
    person.see()
    person.touch(f"variant:{variant}", 0.05)
    person.see()
    assert variant == booth.name


@settings(max_examples=12, deadline=None)
@given(keyed=KEYED, size=SIZES, stalls=STALLS)
@example(("en", "Řičoým Aým"), Size(800, 480), [10])
@example(("en", "ana"), Size(800, 480), [10])
@example(("en", "Anna"), Size(800, 480), [400, 10])
def test_a_name_is_what_a_played_guest_has_typed(keyed, size, stalls):
    """One that loses no time between two keys, whatever time the booth takes to come round."""
    language, name = keyed
    booth = Booths(size, language)
    guests = ScriptedGuests(
        [Guest(name, "")], None, booth, tap_every=Seconds(0.0), pressed=lambda _: pytest.fail("nobody presses")
    )
    for rounds in range(3_000):
        visit = FillingIn(VISIT, booth.scene.form, since=Instant(0.0), until=Instant(1e9))
        guests.act(Booth(visit, frozenset()), Instant(booth.now))
        booth.look(booth.now + stalls[rounds % len(stalls)] / 1000)
        if booth.sent:
            break
    assert (True, name) == (booth.sent, booth.name)


@settings(max_examples=12, deadline=None)
@given(
    word=st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=10).filter(
        lambda word: all(a != b for a, b in pairwise(word))
    )
)
def test_what_is_typed_while_the_booth_does_not_look_is_all_there(word):
    """All fingers of a word heard of at one look: a letter that comes again after another one is another."""
    booth = Booths(Size(800, 480), "en")
    person = Person(booth, [10_000])
    person.wait(0.0)
    for letter in ("A", *word):
        person.touch(f"key:{letter}", 0.0)
        if letter == "A":
            booth.look(booth.now + 1.0)
    booth.look(booth.now + 1.0)
    assert f"A{word}" == booth.name
