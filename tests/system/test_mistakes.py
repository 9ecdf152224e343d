"""A booth whose settings are wrong, as a child process: what systemd hears, and what its owner can do."""

import os
import subprocess
import time

import pytest

WRONG = """
[event]
nam = "A party"
[zenko]
access_key_id = 4711081547110815
secret_access_key = ["hunter2hunter2", "hunter2"]
bukket = "correct-horse"
[outbox]
min_free_mb = 1
"""
SECRETS = ("4711081547110815", "hunter2", "correct-horse")

ENDS_WITHIN = 3.0
"""Seconds."""


@pytest.fixture
def files(tmp_path):
    """Return where the settings are, and where the last good ones."""
    settings, last_good = tmp_path / "booth.toml", tmp_path / "last-good.toml"
    settings.write_text(WRONG)
    return settings, last_good


@pytest.fixture
def wrong(booth, manager, files):
    """Start a booth with wrong settings on a machine without pins and camera."""

    def start(display=None):
        return booth(
            BOOTH_CONFIG=str(files[0]), BOOTH_LAST_GOOD=str(files[1]), NOTIFY_SOCKET=manager.name, display=display,
            BOOTH_CAMERA__DRIVER="webcam", BOOTH_CAMERA__DEVICE="/dev/no-camera", BOOTH_PINS__FACTORY="pigpio",
            SDL_VIDEODRIVER=None if display else "dummy", BOOTH_SCREEN__FULLSCREEN="false",
            BOOTH_ZENKO__ACCESS_KEY_ID=None, BOOTH_ZENKO__SECRET_ACCESS_KEY=None, BOOTH_OUTBOX__MIN_FREE_MB=None,
        )  # fmt: skip

    return start


def xdotool(display, *arguments):
    """Do something on a display; return what it says."""
    return subprocess.run(
        ["xdotool", *arguments], env=os.environ | {"DISPLAY": display.name}, capture_output=True, text=True, check=True
    ).stdout


def title(display):
    """Return what the window under the pointer is called: after the event."""
    found = dict(line.split("=") for line in xdotool(display, "getmouselocation", "--shell").split())
    return xdotool(display, "getwindowname", found["WINDOW"]).strip()


def test_systemd_is_told_what_is_wrong_and_asked_for_time(wrong, manager):
    """The status has the first mistake, and how many more there are; READY is not said; it ends at once when asked."""
    child = wrong()
    status = manager.until("STATUS=...")
    began = time.monotonic()
    assert 0 == child.end()
    assert ENDS_WITHIN > time.monotonic() - began
    said = manager.everything()
    assert "STATUS=The settings are wrong: booth.toml: event.nam: there is no such setting; " in status
    assert status.endswith("(and 4 more)")
    assert ("EXTEND_TIMEOUT_USEC=90000000", "STOPPING=1") == (said[0], said[-1])
    assert "READY=1" not in said
    assert [] == [line for line in child.lines if "Traceback" in line]


def test_each_mistake_is_told_and_no_secret_with_it(wrong, manager):
    """The journal has them all, one a line, as the screen does; whatever stands where keys do is in none."""
    child = wrong()
    child.until("settings.wrong", mistakes=5)
    manager.until("STATUS=...")
    child.end()
    assert 5 == len([line for line in child.lines if line.startswith("booth: ")])
    told = "".join(child.lines) + "".join(manager.everything())
    assert [] == [secret for secret in SECRETS if secret in told]


def test_it_starts_by_itself_when_the_settings_are_right(wrong, manager, files):
    """Somebody corrects the file, and has nothing else to do; there is time enough to start."""
    child = wrong()
    manager.until("STATUS=The settings are wrong...")
    files[0].write_text('[event]\nname = "The party"\n')
    manager.until("READY=1")
    assert 0 == child.end()
    said = manager.everything()
    asked = [index for index, message in enumerate(said) if message.startswith("EXTEND_TIMEOUT_USEC=")]
    assert asked[-1] > said.index(next(message for message in said if message.startswith("STATUS=The settings")))
    assert asked[-1] < said.index("READY=1")


def test_a_touch_goes_on_with_the_last_good_settings(wrong, manager, files, display):
    """The bar at the foot of the page starts the booth of the last evening; the log warns, the file stays as it is."""
    files[1].write_text('[event]\nname = "The last party"\n')
    before = files[0].read_bytes(), files[1].read_bytes()
    child = wrong(display)
    manager.until("STATUS=The settings are wrong...")
    deadline = time.monotonic() + 30
    while not any(line["event"] == "settings.last_good" for line in child.log):
        assert deadline > time.monotonic()
        xdotool(display, "mousemove", "400", "430", "click", "1")
    assert "warning" == child.until("settings.last_good", by="touch")["level"]
    manager.until("READY=1")
    assert "The last party" == title(display)
    assert 0 == child.end()
    assert before == (files[0].read_bytes(), files[1].read_bytes())


def test_by_hand_mistakes_end_it(booth, files):
    """Where nobody has said where the last good settings are, they are printed, and the status is 2."""
    status, out = booth(BOOTH_CONFIG=str(files[0]), SDL_VIDEODRIVER="dummy").whole()
    assert (2, "") == (status, out)
