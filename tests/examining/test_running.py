"""Checks side by side: each is told, in its order, whatever becomes of the others."""

import threading

import pytest
from structlog.testing import capture_logs

from booth.errors import BoothError
from booth.examining.findings import Check, Finding, Sign, only, worst
from booth.examining.running import examine
from booth.units import Seconds


def check(name, *signs, **others):
    """Make a check that finds these signs."""
    return Check(name, lambda _premises: [Finding(name, sign, "measured") for sign in signs], **others)


def raising(error):
    def look(_premises):
        yield Finding("broken", Sign.OK, "so far")
        raise error

    return Check("broken", look)


def test_all_are_told_in_their_order(make_premises):
    """Also one that waits until another, behind it, is done."""
    done = threading.Event()

    def first(_premises):
        assert done.wait(60)
        yield Finding("first", Sign.OK, "1")

    def last(_premises):
        done.set()
        yield Finding("last", Sign.WARN, "2")
        yield Finding("last", Sign.OK, "3")

    found = examine([Check("first", first, within=Seconds(60.0)), Check("last", last)], make_premises())
    assert ["1", "2", "3"] == [finding.measured for finding in found]


def test_one_that_hangs_is_bad_and_the_others_are_told(make_premises):
    """At its own deadline, with what it found until then."""
    never = threading.Event()

    def look(_premises):
        yield Finding("hangs", Sign.OK, "so far")
        never.wait()

    found = list(
        examine([Check("hangs", look, within=Seconds(0.05)), check("other", Sign.OK, within=Seconds(60.0))],
                make_premises(), within=Seconds(60.0))
    )  # fmt: skip
    never.set()
    assert found[-2:] == [
        Finding(
            "hangs", Sign.BAD, "no answer", "0.05 s",
            "something that it asks hangs: booth doctor --only hangs tries it alone, else restart the machine",
        ),
        Finding("other", Sign.OK, "measured"),
    ]  # fmt: skip


def test_all_of_them_end_when_the_time_for_all_is_over(make_premises):
    """However long each may take."""
    never = threading.Event()

    def look(_premises):
        never.wait()
        return ()

    found = list(examine([Check("hangs", look, within=Seconds(600.0))], make_premises(), within=Seconds(0.05)))
    never.set()
    assert [("hangs", Sign.BAD)] == [(finding.check, finding.sign) for finding in found]


@pytest.mark.parametrize(
    ("said", "measured", "cure"),
    [
        ("gm cannot be run: install it", "gm cannot be run", "install it"),
        ("the disk refuses; look at it", "the disk refuses", "look at it"),
        ("no", "no", "look into the log: journalctl -u booth"),
    ],
)
def test_an_error_of_ours_is_what_it_says(make_premises, said, measured, cure):
    """What is so, and what to do, behind what was found before."""
    found = list(examine([raising(BoothError(said))], make_premises()))
    assert [Finding("broken", Sign.OK, "so far"), Finding("broken", Sign.BAD, measured, cure=cure)] == found


def test_a_mistake_in_a_check_is_told_and_logged(make_premises):
    """Without a traceback on the terminal, and without what the error holds: that may be anybody's."""
    with capture_logs() as logs:
        found = list(examine([raising(KeyError("zoe@example.org")), check("other", Sign.OK)], make_premises()))
    wanted = [("broken", Sign.OK, "so far"), ("broken", Sign.BAD, "the check itself failed (KeyError)"),
              ("other", Sign.OK, "measured")]  # fmt: skip
    assert wanted == [(finding.check, finding.sign, finding.measured) for finding in found]
    assert [("doctor.check_failed", "broken")] == [(entry["event"], entry["check"]) for entry in logs]


def test_the_worst_counts():
    """Nothing that was looked at is worse than something that is right."""
    assert [Sign.SKIPPED, Sign.OK, Sign.WARN, Sign.BAD] == [
        worst(Finding("one", sign, "") for sign in signs)
        for signs in [(), (Sign.SKIPPED, Sign.OK), (Sign.WARN, Sign.OK), (Sign.OK, Sign.BAD, Sign.WARN)]
    ]


def test_some_are_chosen_by_name():
    """In the order of the table, and a name that there is none of is no check that was passed."""
    checks = [check("one"), check("two"), check("three")]
    assert ["one", "three"] == [each.name for each in only(checks, ["three", "one"])]
    with pytest.raises(KeyError, match="four"):
        only(checks, ["one", "four"])
