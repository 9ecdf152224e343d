"""A person at the simulator's window: real pixels, a real mouse, and an object in a real bucket."""

import json
import signal

import pytest

from booth.core.form import Field
from booth.ports import Size

QUICK = (
    "--set", "countdown.get_ready_s=0.3", "--set", "countdown.seconds=0.3",
    "--set", "farewell.plays=1", "--set", "farewell.minimum_s=2.0",
)  # fmt: skip


def visit(child, person, name, email):
    """Press, type, send; return the session."""
    person.press_the_button()
    session = child.until("visit.state", state="FillingIn")["session"]
    person.choose(Field.NAME)
    person.tap(name)
    person.choose(Field.EMAIL)
    person.tap(email)
    person.touch("send")
    return session


@pytest.mark.parametrize("screen", ["800x480", "1024x600"])
def test_a_person_plays_a_visit_with_the_mouse(booth, display, hands, stored, screen):
    """Click the drawn button, tap name and address on the keys, send: the object is in the bucket, as tapped."""
    person = hands(display, Size(*(int(side) for side in screen.split("x"))))
    child = booth("--simulate", "--screen", screen, *QUICK, display=display)
    child.until("visit.state", state="Attract")
    session = visit(child, person, "Zoë O'Néill", "zoe+booth@example.org")
    child.until("visit.state", state="Attract")
    child.until_sent([session])

    assert 0 == child.end()
    body, details = stored([session])[session]
    assert ("Zoë O'Néill", "zoe+booth@example.org") == (details["name"], details["email"])
    assert body.startswith(b"GIF89a")


GUESTS = [
    ("800x480", "de", "Kay Größing", "kay_zoe@example.org"),
    ("1024x600", "fr", "Zoé Lefèvre-Aymé", "ayme.quiz@example.org"),
    ("1280x800", "es", "Íñigo Núñez", "inigo+fiesta@example.org"),
    ("480x800", "it", "Niccolò D'Alò", "niccolo@example.org"),
]
"""Of each language a guest, on a screen of another size; with letters that are elsewhere on their keyboard."""


@pytest.mark.parametrize(("screen", "language", "name", "email"), GUESTS, ids=[guest[1] for guest in GUESTS])
def test_a_visit_in_each_language(booth, large_display, hands, stored, screen, language, name, email):
    """One touch on the invitation, and the screen and its keys are that guest's: what is tapped is what is stored."""
    person = hands(large_display, Size(*(int(side) for side in screen.split("x"))))
    child = booth("--simulate", "--screen", screen, *QUICK, display=large_display)
    child.until("visit.state", state="Attract")
    person.speak(language)
    session = visit(child, person, name, email)
    child.until("entry.sent", session=session)

    assert 0 == child.end()
    body, details = stored([session])[session]
    assert (name, email) == (details["name"], details["email"])
    assert body.startswith(b"GIF89a")


def test_the_next_guest_finds_the_usual_keys(booth, display, hands, stored):
    """A language is chosen for one visit: after it, an A is where it always was."""
    person = hands(display, Size(800, 480))
    child = booth("--simulate", *QUICK, display=display)
    child.until("visit.state", state="Attract")
    person.speak("fr")
    sessions = [visit(child, person, "Aymé Quizac", "aq@example.org")]
    child.until("visit.state", state="Attract")
    person.expect("en")
    sessions.append(visit(child, person, "Amy Quiz", "amy.quiz@example.org"))
    child.until_sent(sessions)

    assert 0 == child.end()
    found = stored(sessions)
    assert ["Aymé Quizac", "Amy Quiz"] == [found[session][1]["name"] for session in sessions]


def test_a_tap_that_is_reported_as_finger_and_as_mouse_counts_once(booth, display, hands, stored):
    """SDL itself is told to report every click twice; the visit is the same, and no letter comes double."""
    person = hands(display, Size(800, 480))
    child = booth("--simulate", *QUICK, display=display, SDL_MOUSE_TOUCH_EVENTS="1")
    child.until("visit.state", state="Attract")
    session = visit(child, person, "Anna", "anna@example.org")
    child.until("entry.sent", session=session)

    assert 0 == child.end()
    _, details = stored([session])[session]
    assert ("Anna", "anna@example.org") == (details["name"], details["email"])


def test_keys_can_be_held(booth, display, hands, stored):
    """Backspace that is held empties the field; a letter that is held offers its accents, and one is slid to."""
    person = hands(display, Size(800, 480))
    child = booth("--simulate", *QUICK, display=display)
    child.until("visit.state", state="Attract")
    person.press_the_button()
    session = child.until("visit.state", state="FillingIn")["session"]
    person.choose(Field.NAME)
    person.tap("Nobody")
    person.hold("key:backspace", 2.5)
    person.choose(Field.NAME)
    person.tap("Zo")
    person.hold("key:e", 0.8, up=55)
    person.choose(Field.EMAIL)
    person.tap("zoe@gmail.com")
    person.touch("send")
    child.until("entry.sent", session=session)

    assert 0 == child.end()
    _, details = stored([session])[session]
    assert ("Zoé", "zoe@gmail.com") == (details["name"], details["email"])


def test_space_is_the_button_and_a_physical_keyboard_types(booth, display, hands, stored):
    """SPACE begins the visit; in the form it is a blank; Tab changes the field, Return in the address sends."""
    person = hands(display, Size(800, 480))
    child = booth("--simulate", *QUICK, display=display)
    child.until("visit.state", state="Attract")
    person.xdotool("keydown", "space", "sleep", "0.12", "keyup", "space")
    session = child.until("visit.state", state="FillingIn")["session"]
    person.write("Pat Example")
    person.xdotool("key", "Tab")
    person.write("pat@example.org")
    person.xdotool("key", "Return")
    child.until("entry.sent", session=session)

    assert 0 == child.end()
    _, details = stored([session])[session]
    assert ("Pat Example", "pat@example.org") == (details["name"], details["email"])


def test_ctrl_c_ends_the_booth(booth, display):
    """Ctrl-C is a clean end, too."""
    child = booth("--simulate", display=display)
    child.until("visit.state", state="Attract")

    assert 0 == child.end(signal.SIGINT)


def test_scripted_guests_play_on_a_display_as_well(booth, display):
    """On a display the guests play in the window, and are as well stored."""
    child = booth("--simulate", "--guests", "1", "--fast", display=display)
    status, out = child.whole()

    assert 0 == status
    summary = json.loads(out.splitlines()[-1])
    assert (1, 1) == (summary["guests"], summary["stored"])


def test_a_booth_that_fills_the_screen_takes_the_size_that_this_has(booth, display, s3):
    """Whatever the settings say: no edge is left, and nothing is painted where nobody sees it."""
    child = booth(SDL_VIDEODRIVER="x11", BOOTH_CAMERA__DRIVER="webcam", BOOTH_CAMERA__DEVICE="/dev/no", display=display)
    size = child.until("screen.size")
    assert ("800x480", "1366x800") == (size["wanted"], size["there"])
    child.until("visit.state")
    assert 0 == child.end()


def test_the_window_fits_a_desktop_that_is_smaller(booth, small_display, hands, stored):
    """On a 7" desktop the whole oven is to be seen, and what a mouse points at there is what is meant."""
    person = hands(small_display, Size(800, 480), desktop=Size(800, 480))
    child = booth("--simulate", *QUICK, display=small_display)
    child.until("visit.state", state="Attract")
    session = visit(child, person, "Zoe Quill", "zoe.quill@example.org")
    child.until("entry.sent", session=session)

    assert 0 == child.end()
    _, details = stored([session])[session]
    assert ("Zoe Quill", "zoe.quill@example.org") == (details["name"], details["email"])


def test_a_television_is_not_painted_pixel_by_pixel(booth, television, s3):
    """With more pixels than can be painted in time, a whole part of them is."""
    child = booth(
        SDL_VIDEODRIVER="x11", BOOTH_CAMERA__DRIVER="webcam", BOOTH_CAMERA__DEVICE="/dev/no", display=television
    )
    size = child.until("screen.size")
    assert ("800x480", "1280x800") == (size["wanted"], size["there"])
    child.until("visit.state")
    assert 0 == child.end()
