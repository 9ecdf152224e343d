"""What hands mean over time: fingers that stay, slide, come in pairs, or never leave."""

from dataclasses import replace

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.core.events import CaretMoved, Erased, FieldChosen, NextField, Touched, Typed
from booth.core.form import NAME_LIMIT, Field, Form, Line
from booth.core.scene import AttractScene, FormScene
from booth.core.states import Animation, Ask
from booth.ports import Size
from booth.ui.feedback import PRESSED
from booth.ui.fingers import LINGER, LONG_PRESS, REPEAT_AFTER
from booth.ui.hands import Hands
from booth.ui.languages import LANGUAGES, Languages
from booth.ui.layout import Layout
from booth.ui.steady import AGAIN
from booth.ui.strokes import HELD
from booth.ui.text.fonts import Fonts
from booth.ui.tray import DOUBLE_TAP
from booth.ui.typing.keyboard import Shift
from booth.ui.typing.sheets import boards
from lab.taps import taps

SIZES = [Size(800, 480), Size(1024, 600), Size(1280, 800), Size(480, 800)]
FRAME = 1 / 30
BEGUN = FormScene(
    "visit",
    Form(),
    Animation.MAKING,
    consent_asked=True,
    name_required=False,
    email_required=True,
    ask=None,
    closing_in=None,
)


@pytest.fixture(autouse=True, scope="module")
def _letters():
    """Have text measured; nothing is shown."""
    pygame.font.init()
    yield
    pygame.font.quit()


class Hand:
    """Somebody at the form: fingers, and what becomes of the form; the clock goes on when it is told to."""

    def __init__(self, size=SIZES[0], language="en", scripts=(), **form):
        self.size = size
        self.layout = Layout(size)
        self.hands = Hands(self.layout, size, (0, 0), None, lambda: "fresh", Languages(language), Fonts(), scripts)
        self.now = 100.0
        self.scene = replace(BEGUN, form=Form(**form))
        self.done = []
        self.hands.watch(self.scene)

    @property
    def row(self):
        """Where the name is written."""
        return next(widget.inside.row for widget in self.hands.widgets(self.scene) if widget.name == "field:name")

    @property
    def form(self):
        return self.scene.form

    @property
    def text(self):
        return self.form.line.text

    def spot(self, name):
        found = next((spot for spot in self.hands.spots() if spot.name == name), None)
        assert found is not None, f"no {name}"
        return found

    def at(self, name):
        spot = self.spot(name)
        return spot.x + spot.width // 2, spot.y + spot.height // 2

    def down(self, where, finger=0):
        self._finger(pygame.FINGERDOWN, where, finger)

    def come(self, where, finger=0):
        """Put a finger down no sooner than a hand can be back."""
        self.wait(AGAIN + 0.001)
        self.down(where, finger)

    def slide(self, where, finger=0):
        self._finger(pygame.FINGERMOTION, where, finger)

    def up(self, where=(0, 0), finger=0):
        self._finger(pygame.FINGERUP, where, finger)

    def tap(self, name, finger=0):
        where = self.at(name)
        self.come(where, finger)
        self.up(where, finger)

    def hold(self, name, seconds=LONG_PRESS, finger=0):
        where = self.at(name)
        self.come(where, finger)
        self.wait(seconds)
        return where

    def wait(self, seconds):
        """Let *seconds* pass, a frame at a time, as the daemon does."""
        until = self.now + seconds
        while self.now < until - 1e-9:
            self.now = min(self.now + FRAME, until)
            self._take(self.hands.passed(self.now))

    def show(self, scene):
        self.scene = scene
        self.hands.watch(scene)

    def look(self):
        return self.hands.feedback(self.now)

    def _finger(self, kind, where, finger):
        x, y = self.at(where) if isinstance(where, str) else where
        raw = {"x": (x + 0.5) / self.size.width, "y": (y + 0.5) / self.size.height, "touch_id": 1, "finger_id": finger}
        self._take(self.hands.meant(pygame.Event(kind, raw), self.now))
        twin = {pygame.FINGERDOWN: pygame.MOUSEBUTTONDOWN, pygame.FINGERUP: pygame.MOUSEBUTTONUP}.get(kind)
        if twin:
            self._take(self.hands.meant(pygame.Event(twin, {"pos": (x, y), "button": 1, "touch": True}), self.now))
        self._take(self.hands.passed(self.now))

    def _take(self, events):
        for event in events:
            self.done.append(event)
            form = self.form
            match event:
                case Typed(text=text):
                    form = form.typed(text)
                case Erased():
                    form = form.erased()
                case CaretMoved(by=by):
                    form = form.moved(by)
                case FieldChosen(field=field, caret=caret):
                    form = form.focused(field, caret)
                case NextField():
                    form = form.next_field()
            self.show(replace(self.scene, form=form))


def line(text, caret=None):
    return Line(text, len(text) if caret is None else caret)


# ---- a finger on a key


def test_a_key_enters_its_letter_when_the_finger_is_lifted():
    """Until then it pops: the letter shows large over the finger, and the key looks pressed."""
    guest = Hand()
    guest.down("key:Z")
    assert ("", {"key:Z"}) == (guest.text, set(guest.look().pressed))
    [balloon] = guest.look().balloons
    assert "Z" == balloon.text
    guest.up()
    assert "Z" == guest.text


def test_a_key_shows_for_a_tenth_of_a_second_however_short_the_tap_was():
    """Where it is counts: the key is called otherwise by then, for the capital has been used up."""
    guest = Hand()
    guest.tap("key:Z")
    assert {"key:z"} == set(guest.look().pressed)
    assert ["Z"] == [balloon.text for balloon in guest.look().balloons]
    guest.wait(PRESSED + 0.01)
    assert (frozenset(), ()) == (guest.look().pressed, guest.look().balloons)


def turned_to(layer, size, field):
    """Return a guest at an empty field whose keyboard shows *layer*; in an address the accents are beside the signs."""
    guest = Hand(size, focus=field)
    if layer == "key:accents" and field is Field.EMAIL:
        guest.tap("key:symbols")
    if layer:
        guest.tap(layer)
    return guest


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_pops_up_stays_on_the_screen(size):
    """Balloons and rows of variants of every key, on every layer of both fields."""
    for field in Field:
        for layer in (None, "key:symbols", "key:accents"):
            guest = turned_to(layer, size, field)
            for spot in guest.hands.spots():
                if not spot.name.startswith("key:") or spot.name in {"key:letters", "key:symbols", "key:accents"}:
                    continue
                guest.hold(spot.name)
                look = guest.look()
                boxes = [balloon.box for balloon in look.balloons] + ([look.variants.box] if look.variants else [])
                for box in boxes:
                    assert box.x >= 0 <= box.y
                    assert box.right <= size.width
                    assert box.bottom <= spot.y
                guest.show(AttractScene(4))
                guest = turned_to(layer, size, field)


def test_a_finger_that_slides_to_another_key_means_that_one():
    """As long as it is down nothing is entered; a thumb that only trembles stays on its key."""
    guest = Hand()
    x, y = guest.at("key:F")
    guest.down((x, y))
    guest.slide((x + 20, y + 6))
    guest.up()
    assert "F" == guest.text
    guest.come("key:f")
    guest.slide("key:h")
    assert ["h"] == [balloon.text for balloon in guest.look().balloons]
    guest.up()
    assert "Fh" == guest.text


def test_a_finger_that_slides_off_the_keys_means_nothing():
    """Lifted beside them, or on a key that enters no text, it is as if it had not been."""
    for end in ((400, 10), "key:backspace", "key:shift", "key:symbols"):
        guest = Hand(name=line("Zo"))
        guest.come("key:e")
        guest.slide(end)
        guest.up()
        assert ("Zo", Shift.OFF) == (guest.text, guest.hands.feedback(100.0).keyboard.shift)


def test_it_may_come_back():
    """A finger that slid off and onto a key again means that key."""
    guest = Hand(name=line("Zo"))
    guest.down("key:e")
    guest.slide((400, 10))
    guest.slide("key:w")
    guest.up()
    assert "Zow" == guest.text


def test_the_rim_of_the_keyboard_belongs_to_its_keys():
    """A finger on the very edge of the panel means the key there."""
    guest = Hand(name=line("Zo"))
    guest.down((0, guest.at("key:q")[1]))
    guest.up()
    guest.down((799, guest.at("key:p")[1]))
    guest.up()
    assert "Zoqp" == guest.text
    guest.come((799, 479))
    assert Field.EMAIL is guest.form.focus


# ---- two thumbs


def test_a_second_thumb_enters_what_the_first_is_on():
    """Fast typists put the next thumb down before the first is up: letters come in the order of touching."""
    guest = Hand(name=line("Zo"))
    guest.down("key:e", finger=0)
    guest.down("key:n", finger=1)
    assert "Zoe" == guest.text
    guest.up(finger=0)
    assert "Zoe" == guest.text
    guest.up(finger=1)
    assert "Zoen" == guest.text


def test_a_capital_is_for_the_first_of_two_thumbs():
    """The second key means what it says when it is touched: a small letter again."""
    guest = Hand()
    guest.down("key:Z", finger=0)
    x, y = guest.at("key:O")
    guest.down((x, y), finger=1)
    guest.up(finger=0)
    guest.up(finger=1)
    assert "Zo" == guest.text


def test_a_finger_whose_lifting_was_lost_is_taken_up_again():
    """The panel forgot to say that it left; when it comes again, what it was on is entered, once."""
    guest = Hand(name=line("Zo"))
    guest.down("key:e")
    guest.down("key:n")
    guest.up()
    assert "Zoen" == guest.text


@settings(max_examples=30, deadline=None)
@given(
    word=st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
    late=st.lists(st.integers(0, 9), min_size=1, max_size=12),
)
def test_fingers_that_overlap_type_in_the_order_in_which_they_came(word, late):
    """However long each of ten fingers stays, every letter is entered once, where it belongs."""
    guest = Hand(focus=Field.EMAIL)
    still = []
    for index, letter in enumerate(word):
        finger = index % 10
        while finger in still or len(still) > late[index % len(late)]:
            guest.up(finger=still.pop(0))
        if letter in word[:index]:  # no two fingers have room on one key, and none is back at once
            while still:
                guest.up(finger=still.pop(0))
            guest.wait(AGAIN + 0.001)
        guest.down(f"key:{letter}", finger=finger)
        still.append(finger)
    for finger in still:
        guest.up(finger=finger)
    assert word == guest.text


# ---- shift


def test_two_quick_taps_lock_shift_two_slow_ones_do_not():
    """Within 0.4 s it is a double tap."""
    for pause, shift in ((DOUBLE_TAP - 0.05, Shift.LOCKED), (DOUBLE_TAP + 0.05, Shift.OFF)):
        guest = Hand(focus=Field.EMAIL)
        guest.tap("key:shift")
        assert Shift.ONCE is guest.look().keyboard.shift
        guest.wait(pause - AGAIN)
        guest.tap("key:shift")
        assert shift is guest.look().keyboard.shift


def test_a_name_that_begins_small_needs_one_tap():
    """Shift is on by itself; a tap takes it away."""
    guest = Hand()
    guest.tap("key:shift")
    for letter in "van":
        guest.tap(f"key:{letter}")
    assert "van" == guest.text


# ---- backspace


def test_backspace_repeats_while_it_is_held_and_faster_after_a_while():
    """At once, after 0.4 s twelve times a second, after two seconds twice as often, and never again when let go."""
    guest = Hand(name=line("x" * 200))
    erased = []
    guest.down("key:backspace")
    for seconds in (REPEAT_AFTER - 0.01, 1.0, 0.6, 1.0):
        erased.append(guest.done.count(Erased) + sum(isinstance(event, Erased) for event in guest.done))
        guest.wait(seconds)
    erased.append(sum(isinstance(event, Erased) for event in guest.done))
    first, second, third, fourth, last = erased
    assert (1, 1) == (first, second)
    assert 11 <= third - second <= 13
    assert 22 <= last - fourth <= 26
    guest.up()
    guest.wait(2.0)
    assert last == sum(isinstance(event, Erased) for event in guest.done)


def test_a_slow_frame_is_not_made_up_for():
    """After a second in which nothing was asked, backspace erases once, not twelve times."""
    guest = Hand(name=line("x" * 50))
    guest.down("key:backspace")
    guest.now += 3.0
    guest._take(guest.hands.passed(guest.now))
    assert 48 == len(guest.text)


@settings(max_examples=60, deadline=None)
@given(held=st.floats(0.0, 6.0), end=st.sampled_from(["up", "other", "slide", "scene", "ask", "sending", "next"]))
def test_backspace_never_outlives_its_finger(held, end):
    """However it ends: lifted, slid off, another finger, another scene, a question, another field."""
    guest = Hand(name=line("x" * 300), email=line("y" * 200))
    guest.hold("key:backspace", held)
    match end:
        case "up":
            guest.up()
        case "other":
            guest.down("key:e", finger=1)
        case "slide":
            guest.slide("key:m")
        case "scene":
            guest.show(AttractScene(4))
        case "ask":
            guest.show(replace(guest.scene, ask=Ask.DELETE))
        case "sending":
            guest.show(replace(guest.scene, sending=True))
        case "next":
            guest.show(replace(guest.scene, form=guest.form.next_field()))
    before = sum(isinstance(event, Erased) for event in guest.done)
    if isinstance(guest.scene, FormScene):
        guest.wait(2.0)
    else:
        assert () == tuple(guest.hands.passed(guest.now + 1.0))
    assert before == sum(isinstance(event, Erased) for event in guest.done)


def test_backspace_whose_finger_was_lost_stops_by_itself():
    """Nobody holds a key for longer than ten seconds."""
    guest = Hand(name=line("x" * 300))
    guest.hold("key:backspace", HELD + 0.2)
    left = len(guest.text)
    guest.wait(5.0)
    assert left == len(guest.text)


def test_a_key_on_which_something_lies_enters_nothing():
    """After ten seconds it is no guest's finger, and its variants go."""
    guest = Hand(name=line("Zo"))
    guest.hold("key:e", HELD + 0.2)
    guest.up()
    assert ("Zo", None) == (guest.text, guest.look().variants)


# ---- variants


def test_a_key_that_is_held_offers_its_variants():
    """After 0.35 s, above the key, and not before; a key without variants offers none."""
    guest = Hand(name=line("Zo"))
    guest.hold("key:e", LONG_PRESS - 0.05)
    assert guest.look().variants is None
    guest.wait(0.06)
    row = guest.look().variants
    assert ("é", "è", "ê", "ë") == tuple(text for text, _ in row.cells)[:4]
    assert row.box.bottom <= guest.spot("key:e").y
    guest.up()
    guest.hold("key:q")
    assert guest.look().variants is None


def test_a_variant_is_chosen_by_sliding_to_it():
    """The one under the finger is marked, and entered when the finger is lifted; the letter itself is not."""
    guest = Hand(name=line("Zo"))
    guest.hold("key:e")
    guest.slide("variant:ë")
    assert "ë" == guest.look().variants.chosen
    guest.up()
    assert ("Zoë", None) == (guest.text, guest.look().variants)


def test_the_finger_may_slide_along_the_key_instead():
    """Nobody has to reach up: what is straight above the finger is meant."""
    guest = Hand(name=line("Zo"))
    _, y = guest.hold("key:e")
    for text, box in guest.look().variants.cells[1:]:
        guest.slide((box.centre[0], y))
        assert text == guest.look().variants.chosen


def test_a_finger_that_stays_enters_the_letter_and_the_variants_can_be_tapped():
    """Who presses slowly gets what is on the key; who wants a variant taps it, and it takes the letter's place."""
    guest = Hand(name=line("Zo"))
    guest.hold("key:e")
    guest.up()
    assert "Zoe" == guest.text
    guest.tap("variant:ë")
    assert ("Zoë", None) == (guest.text, guest.look().variants)


def test_variants_that_nobody_taps_go():
    """After a while, or with the next key, which means what it says."""
    guest = Hand(name=line("Zo"))
    guest.hold("key:e")
    guest.up()
    guest.wait(LINGER + 0.1)
    assert guest.look().variants is None
    guest.hold("key:e")
    guest.up()
    guest.tap("key:l")
    assert ("Zoeel", None) == (guest.text, guest.look().variants)


def test_a_finger_that_is_lifted_far_from_the_variants_enters_nothing():
    """Slid away, it cancels; what was typed stays as it was."""
    for end in ((790, 470), (10, 10), (700, 100)):
        guest = Hand(name=line("Zo"))
        guest.hold("key:e")
        guest.slide(end)
        assert guest.look().variants.chosen is None
        guest.up()
        assert ("Zo", None) == (guest.text, guest.look().variants)


def test_a_second_thumb_chooses_for_the_first():
    """With variants open, the next key enters what the first finger is on, and then itself."""
    guest = Hand(name=line("Zo"))
    guest.hold("key:e")
    guest.slide("variant:ë")
    guest.down("key:l", finger=1)
    guest.up(finger=1)
    assert "Zoël" == guest.text


def test_capitals_have_capital_variants():
    """É over E; the next letter is small."""
    guest = Hand()
    guest.hold("key:E")
    guest.slide("variant:É")
    guest.up()
    guest.tap("key:v")
    assert "Év" == guest.text


def test_in_a_full_field_a_variant_takes_nothing_away():
    """The letter was not taken; then its variant must not cost the last one."""
    full = "x" * NAME_LIMIT
    guest = Hand(name=line(full))
    guest.hold("key:e")
    guest.up()
    guest.tap("variant:ë")
    assert full == guest.text


def test_the_variants_of_an_ending_take_its_place():
    """.com held, .net tapped."""
    guest = Hand(email=line("zoe@example"), focus=Field.EMAIL)
    guest.hold("key:.com")
    guest.up()
    assert "zoe@example.com" == guest.text
    guest.tap("variant:.net")
    assert "zoe@example.net" == guest.text


@settings(max_examples=12, deadline=None)
@given(data=st.data(), size=st.sampled_from(SIZES), field=st.sampled_from(Field))
@pytest.mark.parametrize(("language", "scripts"), [(code, ()) for code in LANGUAGES] + [("en", ("el", "ru"))])
def test_whatever_is_touched_in_whatever_way_the_text_is_what_was_meant(language, scripts, data, size, field):
    """Taps off the middle, holds, slides, two thumbs: of any text, on any keyboard, every character as it was meant."""
    guest = Hand(size, language, scripts, focus=field)
    of = boards(language, scripts)
    keys = [k for k in guest.look().keyboard.keys((0, 0, 800, 280), field) if k.kind == "char"]
    letters = {char for k in keys for char in (k.label, *k.variants)}
    letters |= {word for row in of.boards[-1].letters[field] for word, _ in row if len(word) == 1}
    text = data.draw(st.text(sorted(letters), min_size=1, max_size=6))
    for char in text:
        names = taps(char, field, guest.look().keyboard, holds=True)
        for index, name in enumerate(names):
            finger = index % 3
            if name.startswith("hold:"):
                guest.hold(name.replace("hold:", "key:"), finger=finger)
                if data.draw(st.booleans()):
                    guest.slide(names[index + 1], finger=finger)
                guest.up(finger=finger)
            elif name.startswith("variant:"):
                if guest.look().variants is not None:
                    guest.tap(name, finger=finger)
            else:
                spot = guest.spot(name)
                x = spot.x + data.draw(st.integers(0, spot.width - 1))
                y = spot.y + data.draw(st.integers(0, spot.height - 1))
                guest.come((x, y), finger=finger)
                guest.slide((x + data.draw(st.integers(-8, 8)), y + data.draw(st.integers(-8, 8))), finger=finger)
                if data.draw(st.booleans()):
                    guest.wait(0.1)
                guest.up(finger=finger)
    assert text == guest.text


# ---- fields


def test_a_touch_in_a_text_puts_the_caret_there():
    """Between the two letters that are nearest; behind the end, it is the end; and typing goes on there."""
    guest = Hand(name=line("Zo O'Neill"), email=line("z"), focus=Field.EMAIL)
    row = guest.row
    before = guest.hands._fields.wide("Zo")
    guest.tap_at = (row.x + before, row.centre[1])
    guest.down(guest.tap_at)
    guest.up()
    assert (Field.NAME, 2) == (guest.form.focus, guest.form.name.caret)
    guest.tap("key:e")
    assert "Zoe O'Neill" == guest.text
    guest.come((row.right - 2, row.centre[1]))
    guest.up()
    assert FieldChosen(guest.now, Field.NAME) == guest.done[-1]
    assert len(guest.text) == guest.form.name.caret


def test_a_finger_in_a_text_takes_the_caret_along():
    """From one letter to the next, for as long as it is down."""
    guest = Hand(name=line("abcdefgh"))
    row = guest.row
    seen = []
    guest.down((row.x, row.centre[1]))
    for text in ("", "ab", "abcd", "abcdefgh"):
        guest.slide((row.x + guest.hands._fields.wide(text), row.centre[1]))
        seen.append(guest.form.name.caret)
    guest.up()
    guest.slide((row.x, row.centre[1]))
    assert [0, 2, 4, 8] == seen
    assert 8 == guest.form.name.caret


@pytest.mark.parametrize("text", ["e\u0301a\u0308o", "👩‍👩‍👧‍👧z🇫🇷🇩🇪", "नमस्ते", "Zoë"])
def test_the_caret_is_never_inside_a_visible_character(text):
    """Wherever a finger lands: families, flags, letters with their accents are one."""
    guest = Hand(name=line(text))
    row = guest.row
    places = set()
    for x in range(row.x, row.right, 2):
        guest.come((x, row.centre[1]))
        guest.up()
        places.add(guest.form.name.caret)
        assert guest.form.name == guest.form.name.placed(guest.form.name.caret)
    assert {0, len(text)} <= places


def test_in_a_name_from_right_to_left_the_caret_follows_the_finger():
    """A finger on the left end of a Hebrew name is behind its last letter, on the right end before its first."""
    guest = Hand(name=line("דוד כהן"))
    row = guest.row
    seen = []
    for x in (row.x, row.x + guest.hands._fields.wide("דוד כהן")):
        guest.come((x, row.centre[1]))
        guest.up()
        seen.append(guest.form.name.caret)
    assert [7, 0] == seen


def test_a_long_text_stays_where_it_is_when_it_is_touched():
    """What can be seen does not jump away under the finger; the caret goes to the letter that was touched."""
    guest = Hand(name=line("".join(chr(97 + index % 26) for index in range(250))))
    row = guest.row
    shown = guest.look().views[Field.NAME]
    assert shown.last == 250
    middle = row.x + row.width // 2
    guest.down((middle, row.centre[1]))
    assert shown == guest.look().views[Field.NAME]
    assert shown.first + 3 < guest.form.name.caret < shown.last - 3


def test_a_touch_beside_everything_shows_that_somebody_is_there():
    """And sliding on from there means nothing."""
    guest = Hand()
    guest.down((300, 2))
    guest.slide("key:E")
    guest.up()
    assert [Touched(100.0)] == guest.done


# ---- scripts


def test_the_globe_turns_to_the_other_script_and_back():
    """And an emptied name goes on in the script that the guest has turned to."""
    guest = Hand(scripts=("el",))
    guest.tap("key:globe")
    guest.tap("key:Α")
    assert "Α" == guest.text
    guest.tap("key:backspace")
    guest.tap("key:Α")
    guest.tap("key:globe")
    guest.tap("key:b")
    assert "Αb" == guest.text


def test_an_address_begins_with_latin_whatever_was_there_before():
    """Greek in the name, Latin in the address."""
    guest = Hand(scripts=("el",))
    guest.tap("key:globe")
    guest.tap("key:next")
    guest.tap("key:a")
    assert (Field.EMAIL, "a") == (guest.form.focus, guest.text)


def test_one_script_needs_no_globe():
    """There is no key that does nothing."""
    assert "key:globe" not in {spot.name for spot in Hand().hands.spots()}
