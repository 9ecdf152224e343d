import array
import subprocess
import sys
import threading
import wave
from pathlib import Path

import pygame
import pytest
import structlog.testing

from booth.core.form import Form
from booth.core.scene import (
    AttractScene,
    CountdownScene,
    FarewellScene,
    FinishingScene,
    FlashScene,
    FormScene,
    GetReadyScene,
)
from booth.core.showing import TryingScene
from booth.core.states import Animation, Outcome
from booth.core.trying import Trying
from booth.core.visit import SessionId
from booth.errors import ScreenError
from booth.ui.assets import asset
from booth.ui.ear import Ear
from booth.ui.sound import RATE, Loudspeaker, Silence, Sound
from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
VISIT, NEXT = SessionId("visit"), SessionId("next")


def form(animation, session=VISIT):
    """Return a form's scene."""
    return FormScene(session, Form(), animation, False, False, True, None, None)


def heard(*scenes):
    """Return what is heard while *scenes* are shown one after the other, each twice."""
    ear = Ear()
    return [sound for scene in scenes for sound in (ear.heard(scene), ear.heard(scene)) if sound is not None]


# ---- what is to be heard


def test_a_countdown_ticks_once_a_digit_and_the_last_tick_is_another():
    """So a guest with closed eyes knows when."""
    scenes = [CountdownScene(1, 4, digit, part, VISIT) for digit in (3, 2, 1) for part in (1.0, 0.5)]
    assert [Sound.TICK, Sound.TICK, Sound.LAST] == heard(*scenes)


def test_the_shutter_is_heard_with_each_picture():
    """Once a frame."""
    scenes = [
        scene for shot in (1, 2) for scene in (CountdownScene(shot, 4, 1, 0.5, VISIT), FlashScene(shot, 4, VISIT))
    ]
    assert [Sound.LAST, Sound.SHUTTER, Sound.LAST, Sound.SHUTTER] == heard(*scenes)


def test_a_press_is_answered():
    """Whoever looks at the button hears that it worked."""
    assert [Sound.READY] == heard(AttractScene(4), GetReadyScene(4, 3.0, VISIT), GetReadyScene(4, 2.9, VISIT))


@pytest.mark.parametrize(
    "scenes",
    [
        (form(Animation.MAKING), form(Animation.READY), FarewellScene(VISIT, Outcome.SENT)),
        (form(Animation.MAKING), FinishingScene(VISIT, Animation.MAKING, deleting=False),
         FinishingScene(VISIT, Animation.READY, deleting=False), FarewellScene(VISIT, Outcome.SENDING)),
        (form(Animation.MAKING), FarewellScene(VISIT, Outcome.SAVED), FarewellScene(VISIT, Outcome.SENT)),
    ],
)  # fmt: skip
def test_the_bell_rings_once_when_the_animation_is_ready(scenes):
    """Wherever the guest is by then; and for the next guest again."""
    assert [Sound.DING] == heard(*scenes)
    assert [Sound.DING, Sound.DING] == heard(*scenes, form(Animation.MAKING, NEXT), form(Animation.READY, NEXT))


@pytest.mark.parametrize("outcome", [Outcome.DELETED, Outcome.LATER])
def test_no_bell_rings_for_what_is_not_there(outcome):
    """Nothing was made, or nothing is left."""
    gone = FinishingScene(VISIT, Animation.MAKING, deleting=True)
    assert [] == heard(form(Animation.MAKING), gone, FarewellScene(VISIT, outcome))


# ---- through the screen


class Recorder:
    """A speaker that writes down what it was asked for."""

    def __init__(self):
        self.played = []
        self.closed = False

    def play(self, sound):
        self.played.append(sound)

    def close(self):
        self.closed = True


def test_the_screen_has_it_heard_as_it_is_shown(open_screen):
    """Sound and picture come together; the speaker goes with the screen."""
    recorder = Recorder()
    screen = open_screen(speaker=recorder)
    screen.show(AttractScene(4), 100.0)
    screen.show(CountdownScene(1, 4, 2, 1.0, VISIT), 101.0)
    screen.show(CountdownScene(1, 4, 2, 0.5, VISIT), 101.5)
    screen.show(FlashScene(1, 4, VISIT), 102.0)
    assert [Sound.TICK, Sound.SHUTTER] == recorder.played
    screen.close()
    assert recorder.closed


def test_where_there_is_no_display_the_sound_card_is_let_go(open_screen, monkeypatch):
    """A booth that can show nothing keeps nothing open."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    recorder = Recorder()
    with pytest.raises(ScreenError):
        open_screen(speaker=recorder)
    assert recorder.closed


@pytest.mark.parametrize(("wanted", "played"), [(True, [Sound.KEY]), (False, [])])
def test_keys_click_if_that_is_wanted(open_screen, wanted, played):
    """Once for each touch, and only keys."""
    recorder = Recorder()
    screen = open_screen(speaker=recorder, key_clicks=wanted)
    screen.show(form(Animation.MAKING), 100.0)
    spot = next(spot for spot in screen.spots() if spot.name.startswith("key:"))
    screen.finger(spot.x + spot.width // 2, spot.y + spot.height // 2)
    list(screen.events(100.1))
    for frame in range(8):
        screen.show(form(Animation.MAKING), 100.1 + frame / 30)
    assert played == recorder.played


def test_a_silent_booth_does_not_open_the_mixer(open_screen):
    """It shall not take the sound card."""
    screen = open_screen()
    screen.show(CountdownScene(1, 4, 2, 1.0, VISIT), 101.0)
    assert pygame.mixer.get_init() is None
    Silence().close()


# ---- the sound card


@pytest.fixture
def card(monkeypatch):
    """Return a function that chooses SDL's driver of sound."""

    def choose(driver, **more):
        monkeypatch.setenv("SDL_AUDIODRIVER", driver)
        for name, value in more.items():
            monkeypatch.setenv(name, str(value))

    return choose


HEARD = """
import os, pathlib, sys, time
from booth import later
later.put_off()  # as whoever runs a booth does
import pygame
from booth.ui.sound import RATE, Loudspeaker, Sound
speaker = Loudspeaker(volume=int(sys.argv[1]))
speaker.play(Sound.TICK)
until = time.monotonic() + 20
# A sound card tells nobody when it begins or ends, and has its own pace: this child of the test looks now and then.
# A tick is short, and may have been and gone between two looks: four seconds of samples have it in them for sure.
card, enough = pathlib.Path(os.environ["SDL_DISKAUDIOFILE"]), 4 * 2 * RATE
later.mixer()
while not pygame.mixer.get_init() or not (pygame.mixer.get_busy() or card.stat().st_size > enough):
    assert time.monotonic() < until
    time.sleep(0.01)
while pygame.mixer.get_busy():
    assert time.monotonic() < until
    time.sleep(0.01)
speaker.close()
"""


def samples_at(volume, tmp_path):
    """Return what a sound card was given for one tick at *volume*."""
    out = tmp_path / f"{volume}.raw"
    driver = {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(out)}
    subprocess.run((sys.executable, "-c", HEARD, str(volume)), check=True, cwd=ROOT, env=driver, timeout=240)
    return array.array("h", out.read_bytes()[: out.stat().st_size // 2 * 2])


def test_samples_really_come_out(tmp_path):
    """A driver that writes to a file gets the tick, as loud as it was asked for."""
    loudest = {volume: max(map(abs, samples_at(volume, tmp_path)), default=0) for volume in (100, 50, 0)}
    with wave.open(str(asset("sounds/tick.wav"))) as file:
        whole = max(map(abs, array.array("h", file.readframes(file.getnframes()))))
    assert loudest[100] == pytest.approx(whole, rel=0.02)
    assert loudest[50] == pytest.approx(whole / 2, rel=0.05)
    assert 0 == loudest[0]


def test_without_a_sound_card_it_is_silent_and_says_so_once(card):
    """A booth without a loudspeaker is a booth all the same."""
    card("no-such-driver")
    with structlog.testing.capture_logs() as logs:
        speaker = Loudspeaker(volume=70)
        speaker._thread.join(PATIENCE)
        for sound in Sound:
            speaker.play(sound)
        speaker.close()
        speaker.close()
    assert ["sound.none"] == [line["event"] for line in logs]


class NoMixer:
    """Finds that pygame came without its mixer."""

    def find_spec(self, name, *_):
        """Return nothing for all else."""
        if name == "pygame.mixer":
            raise ImportError("libSDL2_mixer: cannot open shared object file")


def test_without_a_mixer_it_is_silent_too(monkeypatch):
    """A machine that lacks a library of sound says so once, and shows all the same."""
    monkeypatch.setitem(sys.modules, "pygame.mixer", None)
    monkeypatch.setattr(sys, "meta_path", [NoMixer(), *sys.meta_path])
    with structlog.testing.capture_logs() as logs:
        speaker = Loudspeaker(volume=70)
        speaker._thread.join(PATIENCE)
        speaker.close()
    assert ["sound.none"] == [line["event"] for line in logs]


def test_playing_never_waits_for_the_card():
    """A card that hangs keeps nobody waiting: what it does not take is left out."""
    go = threading.Event()

    class Hanging(Loudspeaker):
        def _run(self):
            go.wait(PATIENCE)

    speaker = Hanging(volume=70)
    for _ in range(1000):
        speaker.play(Sound.TICK)
    assert speaker._wanted.full()
    go.set()
    speaker.close()


# ---- the files


@pytest.mark.parametrize("sound", Sound)
def test_each_sound_is_a_short_quiet_file_of_ours(sound):
    """Mono, 16 bits, at the rate that the card is opened with; it begins and ends without a click."""
    path = asset(f"sounds/{sound.value}.wav")
    with wave.open(str(path)) as file:
        assert (1, 2, RATE) == (file.getnchannels(), file.getsampwidth(), file.getframerate())
        heard = array.array("h", file.readframes(file.getnframes()))
    assert len(heard) < 2 * RATE
    assert 2000 < max(map(abs, heard)) < 24_000
    assert abs(heard[-1]) < 200


def test_the_files_are_what_the_script_makes(tmp_path):
    """The same lines make the same bytes."""
    subprocess.run((sys.executable, "-m", "lab.pages.sounds", "--out", tmp_path), check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in (ROOT / "assets" / "sounds").glob("*.wav")}
    assert {f"{sound.value}.wav" for sound in Sound} == set(made)


def test_an_operator_hears_the_shutter_each_time_it_is_wanted():
    """Once for each touch, and not when the page is opened or the lamp is changed."""
    pages = [TryingScene(tried=tried, volume=50) for tried in (Trying(), Trying(sounds=1), Trying(presses=1, sounds=1))]
    assert [Sound.SHUTTER, Sound.SHUTTER] == heard(*pages, TryingScene(tried=Trying(sounds=2), volume=50))
