"""A booth in a process of its own: what its log has said is known, and nothing is waited for without an end."""

import signal

import pytest

from lab.child import Child, ChildError, environment

SAYS = 'import sys; say = lambda line: print(line, file=sys.stderr, flush=True); say(\'{"event": "up", "at": 1}\')'
WAITS = "import signal; signal.pause()"


@pytest.fixture
def start(tmp_path):
    """Start programs, given as Python; whatever still runs at the end is killed."""
    children = []

    def started(*lines, **options):
        children.append(Child(("-c", "; ".join((SAYS, *lines))), environment(tmp_path), **options))
        return children[-1]

    yield started
    for child in children:
        child.kill()


def test_a_line_that_is_waited_for_comes_as_a_fact(start):
    """Lines before it are passed by; what is no JSON is no fact, and is kept as a line."""
    child = start("say('words for people')", 'say(\'{"event": "down", "at": 2}\')', WAITS)
    fact = child.wait_for(lambda fact: fact["event"] == "down")
    assert ({"event": "down", "at": 2}, "words for people") == (fact, child.lines[1])


def test_what_does_not_come_in_time_is_none(start):
    """Nobody waits for ever."""
    child = start(WAITS)
    child.wait_for(lambda fact: fact["event"] == "up")
    assert child.wait_for(lambda fact: True, patience=0.01) is None


def test_one_that_has_ended_is_told_with_its_last_words(start):
    """Whoever waits for more learns the status, and why; and so does whoever asks again."""
    child = start("say('out of paper')", "sys.exit(3)")
    for _ in range(2):
        with pytest.raises(ChildError, match=r"(?s)ended by itself, with status 3:.*out of paper"):
            child.wait_for(lambda fact: fact["event"] == "down")


def test_what_was_said_before_a_kill_is_known_after_it(start):
    """Each line was heard when it came; none is lost with the process."""
    heard = []
    child = start('say(\'{"event": "down"}\')', WAITS, heard=heard.append)
    child.wait_for(lambda fact: fact["event"] == "down")
    child.kill()
    assert [{"event": "up", "at": 1}, {"event": "down"}] == heard
    assert -signal.SIGKILL == child.process.returncode


def test_all_facts_are_given_until_the_end(start):
    """Then the loop is over, and status and output are there."""
    child = start("print('a summary')", "sys.exit(2)")
    assert [{"event": "up", "at": 1}] == list(child.facts(30.0))
    assert (2, "a summary\n") == child.whole()


def test_one_that_falls_silent_is_told(start):
    """With its last lines."""
    child = start(WAITS)
    child.wait_for(lambda fact: fact["event"] == "up")
    with pytest.raises(ChildError, match=r"(?s)said nothing any more:.*up"):
        list(child.facts(0.01))


def test_one_that_does_not_end_is_told(start):
    """It is not waited for beyond what was asked."""
    with pytest.raises(ChildError, match="did not end"):
        start(WAITS).whole(0.01)


def test_a_signal_ends_it_and_the_status_says_so(start):
    """SIGTERM, unless another is named."""
    child = start(WAITS)
    child.wait_for(lambda fact: fact["event"] == "up")
    assert -signal.SIGTERM == child.end()


def test_only_the_last_lines_are_kept_unless_all_are_wanted(start):
    """A thousand guests' log does not fill the memory."""
    says = "[say(f'line {number}') for number in range(5)]"
    few, every = start(says, keep=2), start(says, keep=None)
    few.whole()
    every.whole()
    assert (("line 3", "line 4"), 6) == (few.lines, len(every.lines))
