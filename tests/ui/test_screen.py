import itertools
import re
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pygame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booth.core.events import (
    CaretMoved,
    Confirmed,
    ConsentToggled,
    Declined,
    DeleteChosen,
    Erased,
    FieldChosen,
    HintTaken,
    NextField,
    RetakeChosen,
    Returned,
    SendChosen,
    SkipChosen,
    Touched,
    Typed,
)
from booth.core.form import Field, Form, Line
from booth.core.scene import AttractScene, CountdownScene, FarewellScene, FlashScene, FormScene, GetReadyScene
from booth.core.states import Animation, Ask, Outcome
from booth.errors import ConfigError, ScreenError
from booth.ports import Picture, Size
from booth.ui.assets import asset
from booth.ui.display import display_size
from booth.ui.feedback import NUDGE, PRESSED
from booth.ui.kitchen.oven import Oven
from booth.ui.languages import LANGUAGES, words_in
from booth.ui.pieces import posing
from booth.ui.pieces.show import BEAT as INVITING_BEAT
from booth.ui.scenes import painted
from booth.ui.screen import CALM
from booth.ui.steady import AGAIN
from booth.ui.text.fonts import Fonts, Weight
from booth.ui.touch import tap_events
from booth.ui.typing.keymaps import KEYMAPS
from booth.units import Instant
from tests.ui.touching import NOW, tap

ATTRACT = AttractScene(4)
EMPTY = FormScene(
    "visit",
    Form(),
    Animation.READY,
    consent_asked=True,
    name_required=False,
    email_required=True,
    ask=None,
    closing_in=None,
)
MISTYPED = replace(EMPTY, form=Form(email=Line("zoe@gmial.com", 13), focus=Field.EMAIL))
SMALL, LARGE = Size(800, 480), Size(1024, 600)


def test_whoever_measures_is_told_of_the_parts_of_a_frame(open_screen):
    """The preview is scaled once for each picture, while it is painted; then the display is updated."""
    told = []

    @contextmanager
    def probe(part):
        told.append(part)
        yield

    screen = open_screen(probe=probe)
    screen.show(GetReadyScene(4, 1.0), Instant(NOW))
    assert ["the preview, scaled", "update"] == told


def test_a_frame_can_be_painted_anew(open_screen):
    """What is on the display already counts for nothing then."""
    screen = open_screen()
    screen.show(EMPTY, Instant(NOW))
    screen.show(EMPTY, Instant(NOW))
    before = screen.show(EMPTY, Instant(NOW))
    screen.repaint()
    assert (False, True) == (before, screen.show(EMPTY, Instant(NOW)))


def spot(screen, name):
    """Return the spot of that name."""
    return next(spot for spot in screen.spots() if spot.name == name)


def pixel(screen, where):
    """Return the colour at a pixel of the screen."""
    return tuple(screen._surface.get_at(where))[:3]


def strike(key):
    """Strike a key of a physical keyboard."""
    pygame.event.post(pygame.Event(pygame.KEYDOWN, {"key": key, "mod": 0, "unicode": "", "scancode": 0}))


def american(char, *, scancode, mod=0):
    """Strike a key as SDL reports it of a display without a desktop: with the text that an American one would have."""
    pygame.event.post(
        pygame.Event(pygame.KEYDOWN, {"key": ord(char), "mod": mod, "unicode": char, "scancode": scancode})
    )
    pygame.event.post(pygame.Event(pygame.TEXTINPUT, {"text": char, "window": None}))


def entered(screen):
    """Return the text that has been entered since the last call."""
    return "".join(event.text for event in screen.events(NOW) if isinstance(event, Typed))


# ---- what a touch means


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("field:name", FieldChosen(NOW, Field.NAME)),
        ("field:email", FieldChosen(NOW, Field.EMAIL)),
        ("consent", ConsentToggled(NOW)),
        ("hint", HintTaken(NOW)),
        ("send", SendChosen(NOW, "en")),
        ("skip", SkipChosen(NOW)),
        ("retake", RetakeChosen(NOW)),
        ("delete", DeleteChosen(NOW)),
        ("key:a", Typed(NOW, "a")),
        ("key:backspace", Erased(NOW)),
        ("key:next", NextField(NOW)),
        ("key:shift", Touched(NOW)),
    ],
)
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
def test_each_spot_means_its_event(open_screen, size, name, meant):
    """A finger on a button, a field or a key is one event: the one that it promises."""
    screen = open_screen(size)
    screen.show(MISTYPED, NOW)
    assert [meant] == tap(screen, name)


def anew(screen, scene, layer):
    """Have the hands on a form that is shown be a new guest's, who turns to a layer; return the names of its keys.

    Nothing is painted: there are a hundred guests, and only what differs from one to the next is worth it.
    """
    screen._hands.watch(ATTRACT)
    screen._hands.watch(scene)
    if layer == "key:accents" and scene.form.focus is Field.EMAIL:
        tap(screen, "key:symbols")  # in an address they are beside the signs
    if layer:
        tap(screen, layer, NOW - AGAIN - 0.01)
    return [found.name for found in screen.spots() if found.name.startswith("key:")]


@pytest.mark.parametrize("layer", [None, "key:symbols", "key:accents"])
@pytest.mark.parametrize("field", Field)
def test_every_key_enters_what_it_says(screen, album, field, layer):
    """On every layer of both fields, the event of a key is the text in its name, or what the key does."""
    album.held = None
    scene = replace(EMPTY, animation=Animation.FAILED, form=Form(focus=field))
    does = {"key:space": Typed(NOW, " "), "key:backspace": Erased(NOW), "key:next": NextField(NOW)}
    turns = dict.fromkeys(("key:shift", "key:symbols", "key:letters", "key:accents"), Touched(NOW))
    screen.show(scene, NOW)
    for name in anew(screen, scene, layer):
        anew(screen, scene, layer)
        assert [(does | turns).get(name, Typed(NOW, name.removeprefix("key:")))] == tap(screen, name)


def test_answers_to_the_question(screen):
    """While something is asked back only yes and no can be touched; yes names the next visit."""
    screen.show(replace(EMPTY, ask=Ask.RETAKE), NOW)
    assert {"yes", "no"} == {found.name for found in screen.spots()}
    assert [Confirmed(NOW, "fresh-1")] == tap(screen, "yes")
    assert [Declined(NOW)] == tap(screen, "no")
    screen.finger(5, 5)
    assert [Touched(NOW)] == list(screen.events(NOW))


def test_nothing_can_be_touched_while_it_is_being_sent(screen):
    """After Send the form is only a picture of itself."""
    screen.show(EMPTY, NOW)
    send = spot(screen, "send")
    screen.show(replace(EMPTY, sending=True), NOW)
    assert () == screen.spots()
    screen.finger(send.x + 5, send.y + 5)
    assert [Touched(NOW)] == list(screen.events(NOW))


def test_a_touch_where_nothing_is_shows_that_somebody_is_there(screen):
    """On the invitation, and beside the buttons of a form, a touch is a touch and no more."""
    for scene, where in ((ATTRACT, (400, 240)), (EMPTY, (300, 4))):
        screen.show(scene, NOW)
        screen.finger(*where)
        assert [Touched(NOW)] == list(screen.events(NOW))


def test_between_two_keys_the_nearer_one_is_meant(screen):
    """There is no gap between keys for a finger."""
    screen.show(EMPTY, NOW)
    keys = [found for found in screen.spots() if found.name.startswith("key:")]
    moments = itertools.count(NOW, 1.0)
    top, bottom = min(key.y for key in keys), max(key.y + key.height for key in keys)
    for x in range(10, 790, 23):
        for y in range(top, bottom, 13):
            screen.finger(x, y)
            [event] = screen.events(next(moments))
            assert isinstance(event, Typed | Erased | NextField | Touched)
            if isinstance(event, Touched):  # the keyboard has turned to another layer
                anew(screen, EMPTY, None)


def test_a_chip_completes_what_was_begun(screen):
    """A domain is not entered twice."""
    begun = replace(EMPTY, form=Form(email=Line("zoe@gm", 6), focus=Field.EMAIL))
    screen.show(begun, NOW)
    assert [Typed(NOW, "ail.com")] == tap(screen, "key:@gmail.com")
    done = replace(EMPTY, form=Form(email=Line("zoe@gmail.com", 13), focus=Field.EMAIL))
    screen.show(done, NOW)
    assert [Touched(NOW + 1.0)] == tap(screen, "key:@gmail.com", NOW + 1.0)


def test_a_name_begins_with_a_capital_and_goes_on_without(screen):
    """The first key of a name is a capital, the second is not, and an emptied field begins again."""
    screen.show(EMPTY, NOW)
    assert [Typed(NOW, "Z")] == tap(screen, "key:Z")
    typed = replace(EMPTY, form=Form(Line("Z", 1)))
    screen.show(typed, NOW)
    assert [Typed(NOW, "o")] == tap(screen, "key:o")
    screen.show(EMPTY, NOW)
    assert "key:Z" in {found.name for found in screen.spots()}


def test_the_next_guest_finds_the_keyboard_as_it_should_be(screen):
    """Layer and shift of one visit are not there in the next."""
    screen.show(EMPTY, NOW)
    tap(screen, "key:symbols")
    assert "key:letters" in {found.name for found in screen.spots()}
    screen.show(ATTRACT, NOW)
    screen.show(replace(EMPTY, session="another"), NOW)
    assert "key:symbols" in {found.name for found in screen.spots()}


# ---- a physical keyboard


def test_text_from_a_keyboard_is_entered_as_composed(screen):
    """Every character arrives, in order, whatever it is."""
    screen.show(EMPTY, NOW)
    screen.keyboard("李小龙 🎉")
    assert "李小龙 🎉" == "".join(event.text for event in screen.events(NOW))


def test_keys_that_move_and_erase(screen):
    """Arrows, Home, End and Backspace act on the caret; Tab and Return go on; Escape does nothing."""
    screen.show(EMPTY, NOW)
    for key in (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_BACKSPACE, pygame.K_TAB, pygame.K_RETURN, pygame.K_ESCAPE):
        strike(key)
    expected = [CaretMoved(NOW, -1), CaretMoved(NOW, 1), Erased(NOW), NextField(NOW), Returned(NOW, "en")]
    assert expected == list(screen.events(NOW))
    strike(pygame.K_HOME)
    strike(pygame.K_END)
    home, end = screen.events(NOW)
    assert home.by < -300
    assert end.by > 300


def test_a_keyboard_without_a_keymap_is_as_the_system_says(screen):
    """Text comes as SDL composed it, once."""
    screen.show(EMPTY, NOW)
    american("y", scancode=pygame.KSCAN_Y)
    assert "y" == entered(screen)


def test_a_keymap_says_what_is_on_the_keys(open_screen):
    """Without a desktop SDL takes every keyboard for an American one; with a keymap what it says does not count."""
    screen = open_screen(keymap=KEYMAPS["de"])
    screen.show(EMPTY, NOW)
    american("y", scancode=pygame.KSCAN_Y)
    american("'", scancode=pygame.KSCAN_APOSTROPHE)
    american("q", scancode=pygame.KSCAN_Q, mod=pygame.KMOD_RALT)
    american("c", scancode=pygame.KSCAN_C, mod=pygame.KMOD_LCTRL)
    assert "zä@" == entered(screen)
    american("'", scancode=pygame.KSCAN_APOSTROPHE, mod=pygame.KMOD_CAPS)
    american("2", scancode=pygame.KSCAN_2, mod=pygame.KMOD_LSHIFT | pygame.KMOD_CAPS)
    assert 'Ä"' == entered(screen)


@pytest.mark.parametrize("together", [True, False])
def test_a_capital_is_the_first_that_a_new_keyboard_says(open_screen, together):
    """Shift and a letter, the very first keys there are: read at once or not, the capital is there."""
    screen = open_screen(keymap=KEYMAPS["de"])
    screen.show(EMPTY, NOW)
    shift = {"key": pygame.K_LSHIFT, "unicode": "", "scancode": pygame.KSCAN_LSHIFT}
    pygame.event.post(pygame.Event(pygame.KEYDOWN, shift | {"mod": pygame.KMOD_LSHIFT}))
    before = "" if together else entered(screen)
    american("Y", scancode=pygame.KSCAN_Y, mod=pygame.KMOD_LSHIFT)
    pygame.event.post(pygame.Event(pygame.KEYUP, shift | {"mod": 0}))
    assert ("", "Z") == (before, entered(screen))


def test_a_key_that_repeats_is_text_each_time(open_screen):
    """What repeats is the key that goes down; text follows each."""
    screen = open_screen(keymap=KEYMAPS["fr"])
    screen.show(EMPTY, NOW)
    for _ in range(3):
        american("q", scancode=pygame.KSCAN_Q)
    assert "aaa" == entered(screen)


def test_a_key_that_was_lifted_during_a_slow_frame_has_not_repeated(screen):
    """Nothing is heard while a frame is painted, and pygame repeats the key meanwhile: Tab is struck once."""
    screen.show(EMPTY, NOW)
    lift = pygame.Event(pygame.KEYUP, {"key": pygame.K_TAB, "mod": 0, "unicode": "", "scancode": 0})
    strike(pygame.K_TAB)
    first = list(screen.events(NOW))
    strike(pygame.K_TAB)
    strike(pygame.K_TAB)
    pygame.event.post(lift)
    slow = list(screen.events(NOW))
    strike(pygame.K_TAB)
    strike(pygame.K_TAB)
    pygame.event.post(lift)
    assert ([NextField(NOW)], [], [NextField(NOW)]) == (first, slow, list(screen.events(NOW)))


def test_keys_without_text_do_what_they_do_with_a_keymap_too(open_screen):
    """Backspace erases, but after a dead key it takes that back; a dead key is not left to the next guest."""
    screen = open_screen(keymap=KEYMAPS["de"])
    dead = {"char": "=", "scancode": pygame.KSCAN_EQUALS}
    backspace = pygame.Event(
        pygame.KEYDOWN, {"key": pygame.K_BACKSPACE, "mod": 0, "unicode": "", "scancode": pygame.KSCAN_BACKSPACE}
    )
    screen.show(EMPTY, NOW)
    american(**dead)
    pygame.event.post(backspace)
    assert [] == list(screen.events(NOW))
    pygame.event.post(backspace)
    assert [Erased(NOW)] == list(screen.events(NOW))
    american(**dead)
    assert [] == list(screen.events(NOW))
    screen.show(ATTRACT, NOW)
    screen.show(EMPTY, NOW)
    american("e", scancode=pygame.KSCAN_E)
    assert "e" == entered(screen)


def test_a_pretended_guest_types_with_a_keymap_too(open_screen):
    """Their text is entered as it is, whatever keys it would take."""
    screen = open_screen(keymap=KEYMAPS["fr"])
    screen.show(EMPTY, NOW)
    screen.keyboard("李@")
    assert "李@" == entered(screen)


def test_typing_without_a_form_is_nothing(screen):
    """A keyboard that somebody leans on disturbs no other scene."""
    screen.show(ATTRACT, NOW)
    screen.keyboard("hello")
    strike(pygame.K_RETURN)
    strike(pygame.K_SPACE)
    assert [] == list(screen.events(NOW))


# ---- what is painted, and when


def test_an_invitation_is_alive_and_paints_little(screen):
    """Something moves in every second, and nothing in every frame: most of the time nothing is painted."""
    screen.show(ATTRACT, NOW)
    seconds = []
    for second in range(60):
        painted = [screen.show(ATTRACT, NOW + second + (frame + 0.5) / 30) for frame in range(30)]
        seconds.append(sum(painted))
    assert all(0 < count <= 15 for count in seconds)


def test_a_touched_key_shows_at_once_and_lets_go(screen, album):
    """The frame after a tap differs from the one before; after the tenth of a second it is as before."""
    album.held = None
    screen.show(EMPTY, NOW)
    key = spot(screen, "key:symbols")
    where = (key.x + 12, key.y + 10)
    before = pixel(screen, where)
    send = spot(screen, "send")
    on_send = (send.x + 12, send.y + send.height // 2)
    idle = pixel(screen, on_send)
    tap(screen, "send")
    assert screen.show(EMPTY, NOW)
    assert pixel(screen, on_send) != idle
    screen.show(EMPTY, NOW + PRESSED + 0.01)
    assert pixel(screen, on_send) == idle
    assert pixel(screen, where) == before


@pytest.mark.parametrize("name", ["consent", "hint", "retake", "key:q", "key:next"])
def test_whatever_is_touched_shows_it(screen, album, name):
    """Not only keys: each spot looks different under a finger, and as before without one."""
    album.held = None
    scene = replace(MISTYPED, animation=Animation.FAILED)
    screen.show(scene, NOW)
    where = spot(screen, name)
    idle = pygame.image.tobytes(screen._surface.subsurface((where.x, where.y, where.width, where.height)), "RGB")
    tap(screen, name)
    screen.show(scene, NOW)
    held = pygame.image.tobytes(screen._surface.subsurface((where.x, where.y, where.width, where.height)), "RGB")
    screen.show(scene, NOW + PRESSED + 0.01)
    after = pygame.image.tobytes(screen._surface.subsurface((where.x, where.y, where.width, where.height)), "RGB")
    assert held != idle
    assert after == idle


@pytest.mark.parametrize("layer", [None, "key:symbols", "key:accents"])
@pytest.mark.parametrize("field", Field)
def test_every_key_shows_on_the_very_next_frame(screen, album, field, layer):
    """The finger is still down and nothing is entered yet; the key, or what it turns to, is painted already."""
    album.held = None
    scene = replace(EMPTY, animation=Animation.FAILED, form=Form(focus=field))
    screen.show(scene, NOW)
    for name in anew(screen, scene, layer):
        anew(screen, scene, layer)
        screen.show(scene, NOW + PRESSED + 0.01)
        where = spot(screen, name)
        area = screen._surface.subsurface((where.x, where.y, where.width, where.height))
        idle = pygame.image.tobytes(area, "RGB")
        finger = tap_events(where.x + where.width // 2, where.y + where.height // 2, SMALL)[0]
        pygame.event.post(finger)
        list(screen.events(NOW + PRESSED + 0.02))
        assert screen.show(scene, NOW + PRESSED + 0.02)
        assert pygame.image.tobytes(area, "RGB") != idle


def test_the_caret_blinks_and_stays_while_somebody_types(screen, album):
    """A form that nobody touches changes now and then; nothing but small parts of it."""
    album.held = None
    ready = replace(EMPTY, animation=Animation.FAILED)
    screen.show(ready, NOW)
    painted = [screen.show(ready, NOW + frame / 30) for frame in range(1, 91)]
    assert 3 <= sum(painted) <= 12


def test_the_farewell_plays_with_its_own_delays(screen):
    """The animation starts with its first picture when the scene appears, and each picture has its time."""
    scene = FarewellScene("visit", Outcome.SENDING)
    middle = (260, 200)
    seen = []
    for elapsed in (0.0, 0.4, 0.55, 0.7, 0.8, 1.2, 1.3, 2.2, 2.3):
        screen.show(scene, NOW + elapsed)
        seen.append(pixel(screen, middle))
    red, green, blue, yellow = (250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0)
    assert [red, red, green, green, blue, blue, yellow, yellow, red] == seen


def test_news_do_not_start_the_animation_again(screen):
    """When "Sending" becomes "Sent" the pictures go on."""
    screen.show(FarewellScene("visit", Outcome.SENDING), NOW)
    assert screen.show(FarewellScene("visit", Outcome.SENT), NOW + 0.6)
    assert pixel(screen, (260, 200)) == (0, 250, 0)


def test_a_farewell_shows_nothing_between_two_pictures(screen):
    """While a picture stays, no pixel changes."""
    scene = FarewellScene("visit", Outcome.SENT)
    screen.show(scene, NOW)
    assert not screen.show(scene, NOW + 0.1)
    assert screen.show(scene, NOW + 0.6)


def test_the_preview_is_a_mirror(screen, camera):
    """Who raises the right hand sees it rise on the right."""
    left, right = (200, 0, 0), (0, 0, 200)
    camera.append(Picture(Size(4, 3), (bytes(left) * 2 + bytes(right) * 2) * 3))
    screen.show(CountdownScene(1, 4, 3, 1.0), NOW)
    preview = posing.places(screen._layout).preview
    assert pixel(screen, (preview.x + 20, 300)) == right
    assert pixel(screen, (preview.right - 20, 300)) == left


def test_each_new_preview_picture_is_shown(screen, camera):
    """A new picture paints; the same picture again does not."""
    scene = CountdownScene(1, 4, 3, 1.0)
    screen.show(scene, NOW)
    assert not screen.show(scene, NOW)
    camera.append(Picture(Size(64, 48), bytes(64 * 48 * 3)))
    assert screen.show(scene, NOW)
    assert pixel(screen, (20, 300)) == (0, 0, 0)


def test_a_camera_without_a_picture_is_no_reason_to_stop(screen, camera):
    """Before the first preview picture the screen says that the camera is waking up."""
    camera.clear()
    assert screen.show(GetReadyScene(4, 2.0), NOW)
    assert screen.show(CountdownScene(1, 4, 3, 1.0), NOW)


def test_the_flash_is_white(screen):
    """Nearly the whole screen is light for the picture."""
    screen.show(FlashScene(1, 4), NOW)
    assert pixel(screen, (400, 200)) == (255, 255, 255)
    assert pixel(screen, (5, 5)) == (255, 255, 255)


def test_a_touch_on_the_invitation_points_at_the_real_button(open_screen):
    """Somebody who touches the drawn button is told of the real one, for a moment."""
    screen = open_screen(reduced_motion=True)
    screen.show(ATTRACT, NOW)
    before = pygame.image.tobytes(screen._surface, "RGB")
    screen.finger(400, 240)
    list(screen.events(NOW))
    assert screen.show(ATTRACT, NOW)
    assert pygame.image.tobytes(screen._surface, "RGB") != before
    screen.show(ATTRACT, NOW + NUDGE + 0.1)
    assert pygame.image.tobytes(screen._surface, "RGB") == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=60), email=st.text(max_size=60), data=st.data())
def test_any_name_can_be_painted(screen, name, email, data):
    """Whatever was typed, and wherever the caret is, the form is painted."""
    at = data.draw(st.integers(0, len(name)))
    focus = data.draw(st.sampled_from(Field))
    form = Form(Line(name, at), Line(email, len(email)), focus)
    screen.show(replace(EMPTY, form=form), NOW)


@pytest.mark.parametrize("at", [0, 150, 299, 300])
def test_the_caret_of_a_long_name_can_be_seen(screen, at, album):
    """A name longer than its field scrolls so that the caret is in it."""
    album.held = None
    text = "W" * 300
    screen.show(replace(EMPTY, form=Form(Line(text, at), Line("x", 1), Field.NAME)), NOW)
    box = spot(screen, "field:name")
    pink = screen._dress.theme.accent
    inside = range(box.x + 46, box.x + box.width - 8)
    columns = [x for x in inside if pixel(screen, (x, box.y + box.height - 14)) == pink]
    assert 2 <= len(columns) <= 4


# ---- the window


def test_a_closed_window_says_so(screen):
    """Closing the window ends nothing by itself; it is told."""
    screen.show(ATTRACT, NOW)
    assert not screen.closed
    pygame.event.post(pygame.Event(pygame.QUIT))
    assert [] == list(screen.events(NOW))
    assert screen.closed


def test_a_window_that_was_covered_is_shown_again(screen):
    """An uncovered window is shown whole with the next frame, and then rests."""
    screen.show(ATTRACT, NOW)
    assert not screen.show(ATTRACT, NOW)
    pygame.event.post(pygame.Event(pygame.WINDOWEXPOSED))
    list(screen.events(NOW))
    assert screen.show(ATTRACT, NOW)
    assert not screen.show(ATTRACT, NOW)


def test_without_a_display_it_says_what_to_do(open_screen, monkeypatch):
    """A booth without a screen does not start, and says how it would."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    with pytest.raises(ScreenError, match="connect the screen"):
        open_screen()


def test_a_screen_that_is_closed_leaves_no_file_open(open_screen, tmp_path):
    """An owner's font, and the system's, that are let go after pygame's are shut down would stay open for ever."""
    titles = tmp_path / "titles.ttf"
    titles.write_bytes(asset(Weight.EXTRA.value).read_bytes())

    def fonts():
        files = (file.readlink() for file in Path("/proc/self/fd").iterdir() if file.is_symlink())
        return sum(file.suffix in {".ttf", ".otf", ".ttc"} for file in files)

    before = fonts()
    screen = open_screen(fonts=Fonts(titles=titles))  # its own, which have written nothing yet
    screen.show(ATTRACT, NOW)
    assert fonts() > before
    screen.close()
    assert before == fonts()


def test_close_can_be_called_twice(screen):
    """Closing what is closed is no error."""
    screen.close()
    screen.close()


def test_photographs(screen, tmp_path):
    """The screen can be kept as a picture of its own size."""
    screen.show(ATTRACT, NOW)
    screen.photograph(tmp_path / "screen.png")
    assert pygame.image.load(tmp_path / "screen.png").get_size() == (800, 480)


# ---- in the oven


class Panel:
    """A panel that writes down what the hand does."""

    def __init__(self):
        self.lit = True
        self.heard = []

    def press(self):
        self.heard.append("press")

    def release(self):
        self.heard.append("release")


@pytest.fixture
def panel():
    """Return a panel that listens."""
    return Panel()


@pytest.fixture
def oven(panel):
    """Return an oven around a screen of the usual size."""
    return Oven(SMALL, panel)


def test_in_the_oven_a_finger_is_where_the_screen_is(open_screen, oven, panel):
    """Spots and fingers are in pixels of the screen, wherever it is in the window."""
    screen = open_screen(oven=oven)
    screen.show(EMPTY, NOW)
    assert [SendChosen(NOW, "en")] == tap(screen, "send")
    assert [] == panel.heard


def test_the_drawn_button_is_the_ovens(open_screen, oven, panel):
    """A click on the button goes to the panel and is no touch of the screen; beside both it is nothing."""
    screen = open_screen(oven=oven)
    screen.show(ATTRACT, NOW)
    x, y, _ = oven.button
    screen.finger(x - oven.screen_at[0], y - oven.screen_at[1])
    assert [] == list(screen.events(NOW))
    assert ["press", "release"] == panel.heard
    screen.finger(-oven.screen_at[0] + 1, -oven.screen_at[1] + 1)
    assert [] == list(screen.events(NOW))


def test_space_is_the_button_but_in_a_form_a_blank(open_screen, oven, panel):
    """SPACE presses the drawn button, except where somebody is typing."""
    screen = open_screen(oven=oven)
    screen.show(ATTRACT, NOW)
    strike(pygame.K_SPACE)
    pygame.event.post(pygame.Event(pygame.KEYUP, {"key": pygame.K_SPACE, "mod": 0, "scancode": 0}))
    list(screen.events(NOW))
    assert ["press", "release"] == panel.heard
    screen.show(EMPTY, NOW)
    strike(pygame.K_SPACE)
    screen.keyboard(" ")
    assert [Typed(NOW, " ")] == list(screen.events(NOW))
    assert ["press", "release"] == panel.heard


def test_the_window_is_photographed_with_the_oven(open_screen, oven, tmp_path):
    """The window's picture has the oven around the screen; the screen's has not."""
    screen = open_screen(oven=oven)
    screen.show(ATTRACT, NOW)
    screen.photograph(tmp_path / "screen.png")
    screen.photograph_window(tmp_path / "window.png")
    assert pygame.image.load(tmp_path / "screen.png").get_size() == (800, 480)
    assert pygame.image.load(tmp_path / "window.png").get_size() == (oven.window.width, oven.window.height)


def test_a_screen_that_nobody_sees_has_the_size_that_was_asked_for(open_screen, tmp_path):
    """Filled or not: what has no pixels of its own does not say how many there are."""
    picture = tmp_path / "screen.png"
    screen = open_screen(fullscreen=True)
    screen.show(AttractScene(4), 0.0)
    screen.photograph(picture)
    assert (800, 480) == pygame.image.load(picture).get_size()
    assert Size(800, 480) == display_size(Size(800, 480))


# ---- what guests agree to

SENTENCES = {
    "en": "I agree that my pictures may be shown on the wall of the hall tonight, and that you may write to me. " * 2,
    "de": "Ich bin einverstanden, dass meine Bilder auf der Leinwand im Festsaal gezeigt werden. Schreibt mir! " * 2,
    "caps": "I AGREE THAT MY PICTURES MAY BE SHOWN TONIGHT ON THE BIG WALL OF THE HALL, AND BE SENT TO ME, TOO. " * 2,
    "zh": "我同意今晚在大厅的墙上展示我的照片。" * 11,
    "one word": "Donaudampfschifffahrtsgesellschaftskapitän" * 4,
}


def agreed(screen):
    """Return what is painted of the text that a guest agrees to, and whether all of it is there."""
    screen._canvas.written = []
    screen.show(EMPTY, NOW)
    agreed_to = screen._consent_texts[screen._languages.code]
    lines = [line for line in screen._canvas.written if line.wanted in agreed_to]
    text = "".join("".join(line.text for line in lines).split())
    return "".join(agreed_to.split()) in text, [line for line in screen._canvas.written if line.cut]


@pytest.mark.parametrize("size", [SMALL, LARGE, Size(480, 800), Size(1280, 720)], ids=str)
@pytest.mark.parametrize("text", SENTENCES.values(), ids=SENTENCES)
def test_a_text_that_is_accepted_is_there_to_be_read(open_screen, size, text):
    """It is shown whole, or refused with the number of characters that can be: so many are shown whole."""
    text = text[:200].strip()
    try:
        screen = open_screen(size, consent_text=text)
    except ConfigError as exc:
        refused = (
            rf"form.consent_text: its {len(text)} characters .* {size.width}x{size.height}, .* the first (\d+): .*"
        )
        fits = int(re.fullmatch(refused, str(exc))[1])
        screen = open_screen(size, consent_text=text[:fits])
    assert (True, []) == agreed(screen)


class Late(Fonts):
    """The fonts of a system that are found no sooner than somebody waits for them."""

    def __init__(self):
        self.awaited = threading.Event()
        super().__init__()

    def search(self, *, wait=False):
        if wait:
            self.awaited.set()
        super().search(wait=wait)

    def _search(self):
        self.awaited.wait()
        super()._search()


@pytest.mark.parametrize("word", ["\u79c1\u306f\u540c\u610f", "\u0623\u0648\u0627\u0641\u0642 "], ids=["CJK", "Arabic"])
def test_the_room_of_a_text_is_that_of_its_own_letters(open_screen, word):
    """It is measured when the fonts that have them were found, not by the boxes that stand for them until then."""
    found = Fonts()
    found.search(wait=True)
    told = []
    for fonts in (found, Late()):
        with pytest.raises(ConfigError) as refused:
            open_screen(consent_text=word * 100, fonts=fonts)
        told.append(str(refused.value))
    assert told[0] == told[1]


BY_LANGUAGE = {
    "en": "You may show my pictures.",
    "de": "Ihr dürft meine Bilder zeigen.",
    "fr": "Vous pouvez montrer mes photos.",
}


def written(screen, scene):
    """Return which of the texts of `BY_LANGUAGE` stand on *scene*, by their codes."""
    screen._repainter.forget()
    screen._looked = None
    screen._canvas.written = []
    screen.show(scene, NOW)
    said = " ".join(line.text for line in screen._canvas.written)
    return [code for code, text in BY_LANGUAGE.items() if text in said]


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
@pytest.mark.parametrize("code", BY_LANGUAGE)
def test_what_is_agreed_to_is_in_the_language_of_the_booth(open_screen, size, code):
    """Of the texts by language the form shows its own, and no other."""
    screen = open_screen(size, consent_text=BY_LANGUAGE, language=code, languages=tuple(BY_LANGUAGE))
    assert [code] == written(screen, EMPTY)


def test_a_guest_who_chooses_a_language_agrees_to_its_text(open_screen):
    """The choice on the invitation holds for the box, too; after the visit it is the usual text again."""
    screen = open_screen(consent_text=BY_LANGUAGE, languages=tuple(BY_LANGUAGE))
    screen.show(AttractScene(4), NOW)
    tap(screen, "language:fr")
    screen.show(GetReadyScene(4, 1.0), NOW)
    chosen = written(screen, EMPTY)
    screen.show(AttractScene(4), NOW)
    assert (["fr"], ["en"]) == (chosen, written(screen, EMPTY))


def test_one_text_is_the_same_in_every_language(open_screen):
    """As it was before there were texts by language."""
    screen = open_screen(consent_text=BY_LANGUAGE["en"], language="de", languages=tuple(BY_LANGUAGE))
    assert ["en"] == written(screen, EMPTY)


def test_every_text_that_has_no_room_is_told_with_its_language(open_screen):
    """Not only that of the language that the booth speaks first; a text in a language that nobody can choose may be."""
    long = ("ICH BIN MIT ALLEM EINVERSTANDEN, WAS HIER GESCHIEHT. " * 4)[:200].strip()
    with pytest.raises(ConfigError) as caught:
        open_screen(
            SMALL, consent_text=BY_LANGUAGE | {"de": long, "fr": long, "it": long}, languages=("en", "de", "fr")
        )
    began = [line.partition(" do not fit")[0] for line in str(caught.value).splitlines()]
    assert [f"form.consent_text.{code}: its {len(long)} characters" for code in ("de", "fr")] == began


def purposes(screen, scene=EMPTY):
    """Return what stands under the address, and whether any of it is cut."""
    screen._canvas.written = []
    [patch] = [each for each in painted(scene, screen._stage(scene, NOW, screen._hands.feedback(NOW)))
               if each.name == "purpose"]  # fmt: skip
    patch.paint(screen._canvas)
    lines = screen._canvas.written
    return " ".join(line.text for line in lines), [line for line in lines if line.cut]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_line_under_the_address_says_what_it_is_for(open_screen, code):
    """In each language, whole, also where there is least room: beside a box to tick, while the button skips."""
    screen = open_screen(SMALL, language=code)
    scene = replace(EMPTY, consent_asked=True, button_skips=True)
    screen.show(scene, NOW)
    assert (words_in(code).email_purpose, []) == purposes(screen, scene)


def test_an_owner_says_what_an_address_is_for(open_screen):
    """In the guest's language, in place of the booth's own words."""
    screen = open_screen(email_purpose=BY_LANGUAGE, language="fr", languages=tuple(BY_LANGUAGE))
    screen.show(EMPTY, NOW)
    assert (BY_LANGUAGE["fr"], []) == purposes(screen)


def test_a_purpose_that_has_no_room_is_refused(open_screen):
    """With the number of characters that fit while the button skips, too; so many are shown whole."""
    text = ("W" * 12 + " ") * 7
    with pytest.raises(ConfigError) as caught:
        open_screen(SMALL, email_purpose=text)
    fits = int(re.fullmatch(r"form.email_purpose: its 91 characters .* the first (\d+): .*", str(caught.value))[1])
    screen = open_screen(SMALL, email_purpose=text[:fits])
    screen.show(EMPTY, NOW)
    assert [] == purposes(screen)[1]


class TestStill:
    """The daemon asks thirty times a second whether anything would be seen."""

    FRAMES = 30 * 61
    """A minute at the rate of the loop, and beyond: the drift is in it."""

    def drawn(self, screen):
        """Wait until the shapes of the coming screens are drawn; return when that was."""
        now = NOW
        while screen._rehearsal is not None:
            screen.show(ATTRACT, now := now + 1 / 30)
        return now

    @pytest.mark.parametrize("more", [{}, {"reduced_motion": True}, {"rest_after": 30.0}, {"languages": ("en", "de")}])
    def test_what_is_said_to_be_still_is_so(self, open_screen, more):
        """Not a pixel would have changed."""
        screen = open_screen(**more)
        now = self.drawn(screen)
        said = []
        for _ in range(self.FRAMES):
            now += 1 / 30
            still = screen.still(now)
            said.append((still, still and screen.show(ATTRACT, now)))
            if not still:
                screen.show(ATTRACT, now)
        assert {(True, False), (False, False)} == set(said)
        assert self.FRAMES // 2 <= said.count((True, False))

    @pytest.mark.parametrize("more", [{}, {"reduced_motion": True}, {"rest_after": 30.0}])
    def test_nothing_moves_before_it_is_to_be_asked_again(self, open_screen, more):
        """Whoever sleeps until then has missed nothing, and sleeps for no longer than a beat."""
        screen = open_screen(**more)
        now = began = self.drawn(screen)
        screen.show(ATTRACT, now := now + CALM)
        slept = []
        while now - began < 61:
            until = screen.still_until(now)
            if until > now:
                slept.append((screen.still(now + 0.99 * (until - now)), until - now <= INVITING_BEAT + 1e-6))
                now = until
            else:
                screen.show(ATTRACT, now)
                now += 1 / 300
        assert {(True, True)} == set(slept)
        assert len(slept) > 15 * 50

    def test_a_screen_that_is_not_still_is_to_be_asked_now(self, open_screen):
        """Under a finger, above all."""
        screen = open_screen()
        now = self.drawn(screen)
        screen.finger(400, 200)
        list(screen.events(now))
        assert now == screen.still_until(now)

    def test_nothing_is_still_under_a_finger(self, open_screen):
        """Nor for a while after it."""
        screen = open_screen()
        now = self.drawn(screen)
        assert screen.still(now)
        screen.finger(400, 200)
        list(screen.events(now))
        assert not screen.still(now)
        assert not screen.still(now + CALM - 0.01)

    def test_no_other_scene_is_ever_still(self, open_screen):
        """They have pictures, bars and digits that move."""
        screen = open_screen()
        now = self.drawn(screen)
        screen.show(EMPTY, now)
        assert not screen.still(now)

    def test_a_window_that_was_covered_is_painted(self, open_screen):
        """At once, not at the next beat."""
        screen = open_screen()
        now = self.drawn(screen)
        pygame.event.post(pygame.Event(pygame.WINDOWEXPOSED))
        list(screen.events(now))
        assert not screen.still(now)
