"""What went wrong last: a handful, in words, and nobody's name in them."""

import io

import structlog

from booth import logs
from booth.troubles import LONGEST, MOST, Trouble, Troubles
from tests.test_logs import as_it_was  # noqa: F401 - logging is one for the whole process


def test_a_part_that_is_lost_is_told_with_what_to_do():
    """By its name, and as the log says."""
    troubles = Troubles()
    troubles.note("part.lost", {"part": "camera", "why": "no camera answers; look at its cable"}, 5.0)
    assert (Trouble("camera lost", "no camera answers; look at its cable", 5.0),) == troubles.last()


def test_what_comes_again_is_told_once():
    """With the newest time, as the last, and how often it came."""
    troubles = Troubles()
    for at, why in ((1.0, "a"), (2.0, "b"), (3.0, "a")):
        troubles.note("uploader.trouble", {"why": why}, at)
    assert (Trouble("uploads", "b", 2.0), Trouble("uploads", "a", 3.0, 2)) == troubles.last()


def test_only_the_last_are_remembered():
    """The oldest goes."""
    troubles = Troubles()
    for number in range(MOST + 2):
        troubles.note("part.lost", {"why": str(number)}, float(number))
    assert [str(number) for number in range(2, MOST + 2)] == [trouble.why for trouble in troubles.last()]


def test_a_fact_that_has_no_words_has_its_name():
    """Better than nothing."""
    troubles = Troubles()
    troubles.note("share.no_link", {}, 0.0)
    assert (Trouble("share no link", "", 0.0),) == troubles.last()


def test_no_visit_can_be_found_by_it():
    """Its name is left out, in whatever sentence it stands; and what is long is cut."""
    troubles = Troubles()
    troubles.note("entry.damaged", {"why": "pending/20261122-170512-k3v9q2m7xw is\ntorn"}, 0.0)
    troubles.note("bug", {"why": "x" * 2 * LONGEST}, 0.0)
    torn, long = troubles.last()
    assert ("pending/... is torn", f"{'x' * (LONGEST - 3)}...") == (torn.why, long.why)


def test_the_log_tells_of_warnings_and_worse_after_it_has_been_cleaned():
    """What is only news is none; nobody's address is in one."""
    logs.troubles.clear()
    logs.configure("debug", "json", io.StringIO())
    log = structlog.get_logger()
    log.info("entry.sent", session="20261122-170512-k3v9q2m7xw")
    log.warning("entry.refused", why="zoe@example.org is not welcome")
    told = [(trouble.what, trouble.why) for trouble in logs.troubles.last()]
    logs.troubles.clear()
    assert [("a visit was not taken", "<private> is not welcome")] == told
