"""The voice and its child processes. Most of them write down what they were asked to say, where espeak-ng says it."""

import os
import subprocess
import sys
import wave
from array import array
from pathlib import Path

import pytest
import structlog.testing

from booth.drivers.espeak import PROGRAM, EspeakVoice
from booth.ui.languages import LANGUAGES
from tests.waiting import PATIENCE, until

CHILD = """#!{python}
import os, pathlib, sys, time
said = pathlib.Path({folder!r}) / str(time.monotonic_ns())
text = sys.stdin.read()
said.with_suffix(".part").write_text("\\n".join([*sys.argv[1:], text]), encoding="utf-8")
said.with_suffix(".part").rename(said)
{then}
"""


TALKS_ON = "__import__('signal').pause()"
"""What a sentence does that has no end: the child is there until somebody ends it."""


class Speaker:
    """A program in the place of espeak-ng, and what it was asked to say, in order."""

    def __init__(self, folder, then=""):
        self.program = folder / "speak"
        self.folder = folder / "said"
        self.folder.mkdir()
        self.program.write_text(CHILD.format(python=sys.executable, folder=str(self.folder), then=then))
        self.program.chmod(0o700)

    def heard(self):
        files = sorted(file for file in self.folder.iterdir() if not file.suffix)
        return [file.read_text(encoding="utf-8").split("\n") for file in files]

    def hears(self, count):
        """Return what was said, once there is *count* of it."""
        until(lambda: len(self.heard()) >= count)
        return self.heard()


@pytest.fixture
def voices():
    """Return what makes voices, and closes them in the end."""
    made = []

    def make(program):
        made.append(EspeakVoice(str(program)))
        return made[-1]

    yield make
    for voice in made:
        voice.close()


def test_a_cue_goes_to_a_child_in_its_language_and_over_its_standard_input(voices, tmp_path):
    """What is said can be anything, and is never taken for an option."""
    speaker = Speaker(tmp_path)
    voices(speaker.program).say("-w Zoë, dein GIF ist fertig", "de")
    assert [["-v", "de", "-s", "150", "--stdin", "-w Zoë, dein GIF ist fertig"]] == speaker.hears(1)


def test_the_next_cue_cuts_the_last_one_off(voices, tmp_path):
    """Who is told the next thing need not hear the end of the one before."""
    speaker = Speaker(tmp_path, then=TALKS_ON)
    voice = voices(speaker.program)
    voice.say("one", "en")
    speaker.hears(1)
    voice.say("two", "en")
    assert ["one", "two"] == [said[-1] for said in speaker.hears(2)]


def test_a_voice_that_is_closed_leaves_no_child_behind(tmp_path):
    """The booth's end is not waited for by a sentence."""
    speaker = Speaker(
        tmp_path, then=f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid())); {TALKS_ON}"
    )
    voice = EspeakVoice(str(speaker.program))
    voice.say("one", "en")
    until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    voice.close()
    voice.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_without_espeak_the_log_says_so_once_and_the_booth_goes_on(voices, tmp_path):
    """A booth that cannot speak serves guests all the same."""
    with structlog.testing.capture_logs() as logs:
        voice = voices(tmp_path / "nowhere")
        voice.say("one", "en")
        until(lambda: logs)
        voice.say("two", "en")
        voice.close()
    assert ["voice.silent"] == [line["event"] for line in logs]
    assert "apt install espeak-ng" in logs[0]["why"]


def test_a_language_without_a_voice_is_told_once(voices, tmp_path):
    """The operator hears which language is silent."""
    speaker = Speaker(tmp_path, then="sys.exit(1)")
    with structlog.testing.capture_logs() as logs:
        voice = voices(speaker.program)
        for number in (1, 2):
            voice.say("one", "xx")
            speaker.hears(number)
        until(lambda: logs)
        voice.close()
    assert [("voice.silent", True)] == [(line["event"], "'xx'" in line["why"]) for line in logs]


@pytest.mark.parametrize("language", LANGUAGES)
def test_espeak_has_a_voice_for_every_language_of_the_screen(tmp_path, language):
    """The real program, into a file instead of a loudspeaker: it is not silent, and as long as the words are."""
    file = Path(tmp_path / "said.wav")
    command = [PROGRAM, "-v", language, "-s", "150", "--stdin", "-w", str(file)]
    subprocess.run(command, input="3", text=True, check=True, timeout=PATIENCE)
    with wave.open(str(file)) as said:
        samples = array("h", said.readframes(said.getnframes()))
        seconds = said.getnframes() / said.getframerate()
    assert 0.2 < seconds < 3.0
    assert max(map(abs, samples)) > 3000
