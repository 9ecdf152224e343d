from dataclasses import replace
from itertools import islice

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from booth.core.form import Field, Form
from booth.core.states import Ask, Attract, Booth, Farewell, FillingIn, GetReady, Outcome
from booth.core.visit import Guest, SessionId
from booth.ports import Spot
from booth.sim.guest import PRESS_AGAIN, ScriptedGuests, Typist
from booth.ui.typing.keyboard import Insert, Layer, Shift, for_field
from booth.units import Instant, Pixels, Seconds
from lab.taps import taps

AREA = (0, 0, 800, 280)
SESSION = SessionId("20261122-170512-k3v9q2m7xw")


class Board:
    """The real keyboard under a finger, and what arrives in the field."""

    def __init__(self, field):
        self.field = field
        self.keyboard = for_field(field, "")
        self.text = ""
        self.fingers = 0
        self.without_key = []

    def look(self):
        return {
            key.name: Spot(key.name, Pixels(key.x), Pixels(key.y), Pixels(key.width), Pixels(key.height))
            for key in self.keyboard.keys(AREA, self.field)
        }

    def touch(self, spot):
        if isinstance(spot, str):
            self.without_key.append(spot)
            self.text += spot
            return
        self.fingers += 1
        (key,) = [key for key in self.keyboard.keys(AREA, self.field) if key.name == spot.name]
        self.keyboard, stroke = self.keyboard.press(key)
        if isinstance(stroke, Insert):
            self.text += stroke.text


def typed(text, field):
    board = Board(field)
    for touch in islice(Typist(board.look).taps(text), 20_000):
        board.touch(touch)
    return board


def every_key(field):
    """Return each character that some sheet of the keyboard has a key for."""
    start = for_field(field, "")
    boards = [type(start)(layer, shift) for layer in Layer for shift in Shift]
    names = {key.name for board in boards for key in board.keys(AREA, field) if key.kind == "char"}
    return sorted(name.removeprefix("key:") for name in names)


KEYS = {field: every_key(field) for field in Field}


class TestTypist:
    @pytest.mark.parametrize("field", Field)
    def test_whatever_has_a_key_is_tapped_even_as_the_first_character(self, field):
        """Small letters while a capital is offered, accents of both cases, digits, signs: no physical keyboard."""
        needed = [char for char in KEYS[field] if typed(char, field).without_key]
        assert [] == needed

    @pytest.mark.parametrize(
        "name",
        ["d'Angelo", "van Beethoven", "ø", "Søren Ørsted", "McDONALD", "İpek Işık", "ẞtraße", "R2-D2", "zoe"],
    )
    def test_unusual_capitals_are_found(self, name):
        """Names that begin small, go on large, or have letters in places of their own arrive as they are."""
        board = typed(name, Field.NAME)
        assert (name, []) == (board.text, board.without_key)

    @given(st.lists(st.sampled_from([*KEYS[Field.NAME], " ", "李", "🦄"]), max_size=30).map("".join))
    def test_any_text_arrives_as_it_is(self, text):
        """Whatever mixture of keys and characters without one: the field reads as the guest meant it."""
        assert text == typed(text, Field.NAME).text

    def test_what_has_no_key_comes_from_a_physical_keyboard_in_pieces(self):
        """Once all sheets have been seen, nobody looks for the second character without a key."""
        board = typed("李小龙 Lee", Field.NAME)
        assert ("李小龙 Lee", "李小龙") == (board.text, "".join(board.without_key))
        assert typed("李", Field.NAME).fingers == typed("李小龙", Field.NAME).fingers

    @pytest.mark.parametrize(
        ("text", "field"),
        [("Zoë O'Néill", Field.NAME), ("Mary-Jane Smith", Field.NAME), ("zoe_2+booth@example.org", Field.EMAIL)],
    )
    def test_a_usual_text_takes_a_finger_for_each_character(self, text, field):
        """What needs no other sheet makes nobody look for one."""
        assert len(text) == typed(text, field).fingers

    @pytest.mark.parametrize("text", ["van Gogh", "søren", "o'neill", "R2"])
    def test_another_sheet_costs_a_few_fingers_more_than_there_must_be(self, text):
        """A guest who sees the keyboard first looks around, but not for long."""
        fewest = taps(text, Field.NAME, for_field(Field.NAME, ""))
        assert typed(text, Field.NAME).fingers <= len(fewest) + 3


class Finger:
    """The button, and the panel with what can be touched on it; remembers what was done to them."""

    def __init__(self, *spots):
        self.done = []
        self.show(*spots)

    def show(self, *spots):
        self._spots = [
            Spot(name, Pixels(100 * at), Pixels(10), Pixels(80), Pixels(40)) for at, name in enumerate(spots)
        ]

    def press(self):
        self.done.append("press")

    def release(self):
        self.done.append("release")

    def spots(self):
        return self._spots

    def finger(self, x, y):
        (spot,) = [s for s in self._spots if s.x <= x < s.x + s.width and s.y <= y < s.y + s.height]
        self.done.append(spot.name)

    def keyboard(self, text):
        self.done.append(f"text {text}")

    def photograph(self, into):
        raise AssertionError("guests take no pictures of the screen")


FORM = ("field:name", "field:email", "consent", "send", "key:a", "key:b", "key:space")
READY = Booth(Attract(), frozenset())


def at(visit):
    return Booth(visit, frozenset())


def form(ask=None):
    return at(FillingIn(SESSION, Form(), since=Instant(0.0), until=Instant(99.0), ask=ask))


def played(*guests, spots=FORM, tap_every=0.0):
    finger = Finger(*spots)
    pressed = []
    scripted = ScriptedGuests(guests, finger, finger, tap_every=Seconds(tap_every), pressed=pressed.append)
    return scripted, finger, pressed


class TestScriptedGuests:
    def test_a_guest_presses_and_lets_go(self):
        """The button is pushed in one round and let go in the next; the time of the push is told."""
        scripted, finger, pressed = played(Guest("a", "b"))
        scripted.act(READY, Instant(5.0))
        scripted.act(READY, Instant(5.1))
        assert (["press", "release"], [5.0]) == (finger.done, pressed)

    def test_a_guest_presses_again_when_nothing_happens(self):
        """After a second without a reaction; not before."""
        scripted, _, pressed = played(Guest("a", "b"))
        for tenth in range(12):
            scripted.act(READY, Instant(5.0 + tenth * PRESS_AGAIN / 10))
        assert [5.0, 6.0] == pressed

    def test_nobody_presses_a_booth_that_is_out_of_order_or_busy(self):
        """Guests press only where they are invited."""
        scripted, finger, _ = played(Guest("a", "b"))
        scripted.act(at(GetReady(SESSION, Instant(9.0))), Instant(5.0))
        assert [] == finger.done

    def test_the_form_is_filled_in_and_sent(self):
        """The name, the address, Send: each with a finger on its spot."""
        scripted, finger, _ = played(Guest("a b", "ba"))
        for moment in range(12):
            scripted.act(form(), Instant(moment))
        order = ["field:name", "key:a", "key:space", "key:b", "field:email", "key:b", "key:a", "send"]
        assert order == finger.done

    def test_the_log_tells_whose_visit_it_is_and_who_sends_before_it_happens(self):
        """By number; the details stay with the guest."""
        scripted, finger, _ = played(Guest("a", "b"))
        with structlog.testing.capture_logs() as said:
            for moment in range(4):
                scripted.act(form(), Instant(moment))
            assert ["guest.types"] == [fact["event"] for fact in said]
            scripted.act(form(), Instant(9.0))
        assert "send" == finger.done[-1]
        facts = [(fact["event"], fact["session"], fact["number"]) for fact in said]
        assert [("guest.types", SESSION, 1), ("guest.sends", SESSION, 1)] == facts

    def test_a_guest_who_only_agrees_touches_no_field(self):
        """The box, and Send: nothing else is needed."""
        scripted, finger, _ = played(Guest("", "", consent=True))
        for moment in range(3):
            scripted.act(form(), Instant(moment))
        assert ["consent", "send"] == finger.done

    def test_a_guest_who_gives_no_details_uses_nothing_but_the_button(self):
        """On the form they press it, and again after a while, until the form is gone; nothing is touched or typed."""
        scripted, finger, _ = played(Guest("", ""))
        with structlog.testing.capture_logs() as said:
            for tenth in range(12):
                scripted.act(form(), Instant(5.0 + tenth * PRESS_AGAIN / 10))
        assert ["press", "release", "press", "release"] == finger.done
        assert ["guest.skips"] == [fact["event"] for fact in said]

    def test_a_guest_who_consents_ticks_the_box_if_there_is_one(self):
        """Without a consent text there is no box, and nothing to tick."""
        for spots, ticks in ((FORM, 1), ([spot for spot in FORM if spot != "consent"], 0)):
            scripted, finger, _ = played(Guest("a", "b", consent=True), spots=spots)
            for moment in range(12):
                scripted.act(form(), Instant(moment))
            assert (ticks, "send") == (finger.done.count("consent"), finger.done[-1])

    def test_taps_are_as_far_apart_as_a_guest_is_fast(self):
        """Nothing is touched before the next tap is due."""
        scripted, finger, _ = played(Guest("ab", "ab"), tap_every=0.5)
        for tenth in range(11):
            scripted.act(form(), Instant(tenth / 10))
        assert ["field:name", "key:a", "key:b"] == finger.done

    def test_what_has_no_key_is_written(self):
        """Text from a physical keyboard, where the on-screen one has no key."""
        scripted, finger, _ = played(Guest("李小龙", "a"))
        for moment in range(12):
            scripted.act(form(), Instant(moment))
        assert ["field:name", "text 李", "text 小龙", "field:email", "key:a", "send"] == finger.done

    def test_nothing_is_touched_while_the_form_asks_back(self):
        """A scripted guest neither retakes nor deletes, and does not answer what was not asked of it."""
        scripted, finger, _ = played(Guest("a", "b"))
        scripted.act(form(Ask.RETAKE), Instant(1.0))
        assert [] == finger.done

    def test_what_is_asked_after_send_is_answered_page_by_page(self):
        """The first of choices, a word where one types; each once, however long the next page takes."""
        scripted, finger, _ = played(
            Guest("a", ""), spots=("field:name", "key:a", "send", "choice:x", "choice:y", "done")
        )
        for moment in range(4):
            scripted.act(form(), Instant(moment))
        for moment in range(4, 9):
            scripted.act(form(Ask.QUESTION), Instant(moment))
        finger.show("field:answer", "key:y", "key:e", "key:s", "done")
        second = at(replace(form(Ask.QUESTION).state, question=1))
        for moment in range(9, 20):
            scripted.act(second, Instant(moment))
        typed = ["key:y", "key:e", "key:s"]
        assert ["field:name", "key:a", "send", "choice:x", "done", *typed, "done"] == finger.done

    def test_the_next_guest_comes_when_the_last_one_has_gone(self):
        """Done means: all have filled in a form, and the booth invites again."""
        scripted, finger, pressed = played(Guest("a", "b"), Guest("b", "a"))
        moment = 0.0
        for _ in range(2):
            scripted.act(READY, Instant(moment))
            assert not scripted.done
            for _ in range(8):
                moment += 1.0
                scripted.act(form(), Instant(moment))
            scripted.act(at(Farewell(SESSION, Instant(90.0), Instant(99.0), Outcome.SENT)), Instant(moment))
            assert not scripted.done
            scripted.act(READY, Instant(moment))
        assert scripted.done
        assert (2, 2) == (len(pressed), finger.done.count("send"))

    def test_a_guest_whose_visit_failed_comes_back(self):
        """An apology before the form: the same guest presses again."""
        scripted, finger, _ = played(Guest("a", "b"))
        scripted.act(READY, Instant(0.0))
        scripted.act(at(GetReady(SESSION, Instant(9.0))), Instant(0.5))
        scripted.act(READY, Instant(9.0))
        scripted.act(READY, Instant(9.1))
        assert ["press", "release", "press"] == finger.done
        assert not scripted.done
