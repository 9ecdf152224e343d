"""The budget of a Raspberry Pi 3B: its arithmetic, its report, and that its work is work. Nothing is counted here."""

import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

from lab.bench import pi, targets, workloads

COUNTS = {
    "planes": 24e6, "countdown": 9.6e6, "attract": 1e6, "form": 2e6, "farewell": 3e6, "prepared": 960e6, "gif": 720e6,
    "start": 4.8e9, "strip": 2e6, "saved": 96e6, "turned": 192e6, "looked": 48e6,
}  # fmt: skip


def test_instructions_become_seconds_of_the_core():
    """1.2 GHz at 0.8 instructions a cycle are 960 million instructions a second."""
    assert 0.5 == pi.seconds(480e6)


def test_the_share_is_of_twenty_pictures_a_second():
    """A picture of 24 ms, twenty times a second, is nearly half a core."""
    assert pytest.approx(0.48) == pi.share(23.04e6)


def test_the_counts_of_all_processes_are_added():
    """A child of the booth's is work of the Pi's; callgrind says much else beside."""
    assert 1331097700 == pi.collected(
        "==1== Events    : Ir\n==1== Collected : 1331097694\n==2== Collected : 6\n==2== \n"
    )


def test_no_count_is_an_error_and_not_nothing():
    """A tool that failed must not look like a program that takes no time."""
    with pytest.raises(pi.CountError, match="counted nothing"):
        pi.collected("==1== Collected : \n")


def test_what_comes_before_the_first_round_is_not_counted():
    """Imports and preparations are in both counts alike; what is left is told for each frame of a round."""
    assert 5.0 == pi.count_of("countdown", lambda name, rounds: 1_000_000 + rounds * 5 * workloads.PICTURES)


def test_all_of_the_start_is_counted():
    """Its imports are what it takes."""
    assert 4000.0 == pi.count_of("start", lambda name, rounds: 4000 * rounds)


def test_without_valgrind_it_says_what_to_install(monkeypatch):
    """Whoever asks for the budget may not have it."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(targets.BenchError, match="apt install valgrind"):
        targets.pi()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("planes", 640 * 480 * 4),
        ("strip", 640 * 48),
        ("saved", 1),
        ("turned", 1),
        ("countdown", workloads.PICTURES),
        ("farewell", 4),
    ],
)
def test_a_round_does_all_of_its_work(name, expected):
    """A round that does nothing would hold every target: a whole picture, each frame new, the animation once."""
    with ExitStack() as stack:
        assert expected == workloads.WORKLOADS[name].made(stack)()


def test_a_finger_types_five_letters_a_second():
    """The key lights up, goes out, and the letter is there: no stroke goes by unseen."""
    with ExitStack() as stack:
        typed = workloads.form(stack)
        assert 16 == typed()
        assert 16 == typed()


def test_the_report_has_every_budget_and_says_that_it_is_no_pi():
    """Whoever reads a figure sees its target, what was assumed, and how far off it may be."""
    found = targets.budget(COUNTS)
    assert (pytest.approx(0.70 / 0.60), False) == (found.reached, found.holds)
    assert (
        "preview, 20 pictures a second: 33.6 M instructions, 0.7 of a core, at most 0.6: missed, within the error"
        == (found.beside[0])
    )
    assert (
        "the GIL in one go, less than: 9.6 M instructions, 10 ms, at most 10: holds, within the error"
        == found.beside[1]
    )
    assert "the same, turned by 90 degrees: 192.0 M instructions, 0.2 s: no target" == found.beside[9]
    assert "last shutter to the GIF, read back: 720.0 M instructions, 0.75 s, at most 1.5: holds" == found.beside[12]
    assert "start to the invitation, with a pretended camera: 4800.0 M instructions, 5 s: no target" == found.beside[13]
    assert "not on a Pi: 0.8 a cycle at 1.2 GHz, assumed" in found.beside[14]
    assert "each may be 2 times as much, or as little" == found.beside[15]


def test_numpy_takes_no_more_at_once_than_an_a53():
    """What it would take 32 bytes of at once is counted as half; numpy says what it was told to leave."""
    code = (
        "from numpy._core._multiarray_umath import __cpu_features__ as takes; print(takes['X86_V3'], takes['X86_V4'])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | pi.PLAIN, capture_output=True, text=True, check=True
    )
    assert "False False\n" == told.stdout
