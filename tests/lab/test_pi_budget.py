"""The budget of a Raspberry Pi 3B: its arithmetic, its report, and that its work is work. Nothing is counted here."""

import pytest

from lab.bench import pi, targets


def test_instructions_become_seconds_of_the_core():
    """1.2 GHz at 0.8 instructions a cycle are 960 million instructions a second."""
    assert 0.5 == pi.seconds(480e6)


def test_the_share_is_of_twenty_pictures_a_second():
    """A picture of 24 ms, twenty times a second, is nearly half a core."""
    assert pytest.approx(0.48) == pi.share(23.04e6)


def test_the_count_is_read_from_callgrinds_last_words():
    """It says much else on the same stream."""
    assert 1331097694 == pi.collected("==1== Events    : Ir\n==1== Collected : 1331097694\n==1== \n")


def test_no_count_is_an_error_and_not_nothing():
    """A tool that failed must not look like a program that takes no time."""
    with pytest.raises(pi.CountError, match="counted nothing"):
        pi.collected("==1== Collected : \n")


@pytest.mark.parametrize(("work", "expected"), [("planes", 640 * 480 * 3), ("screen", 800 * 480)])
def test_each_work_does_a_whole_picture(work, expected):
    """A round that does nothing would hold every target."""
    assert expected == pi.WORK[work]()()


def test_the_report_adds_all_steps_and_says_that_it_is_no_pi():
    """Whoever reads the figure sees what was assumed, and how far off it may be."""
    found = targets.budget({"planes": 24e6, "screen": 9.6e6})
    assert pytest.approx(0.70) == found.reached
    assert not found.holds
    assert "planes: 24.0 M instructions, 25 ms" == found.beside[0]
    assert "not on a Pi" in found.beside[2]
    assert "it may be 1.5 times as much, or as little" == found.beside[3]
