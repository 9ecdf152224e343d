"""What a check may look at: files below a root, and programs among some tools."""

import pytest

from booth.units import Instant


@pytest.mark.parametrize(("content", "number"), [("42\n", 42), ("0x50005\n", 0x50005), ("many\n", None), ("", None)])
def test_a_number_is_read_as_the_kernel_writes_it(make_premises, put, content, number):
    put("sys/number", content)
    assert number == make_premises().number("sys/number")


def test_what_is_not_there_is_none(make_premises):
    """Neither a file nor a program."""
    premises = make_premises()
    assert (None, None, None) == (premises.text("sys/none"), premises.number("sys/none"), premises.output("none"))


def test_a_program_is_asked_for_what_it_prints(make_premises, tool):
    """One that fails says nothing."""
    tool("say", 'echo "$1"')
    tool("fail", "echo nonsense; exit 3")
    premises = make_premises()
    assert ("hello", None) == (premises.output("say", "hello"), premises.output("fail"))


def test_a_program_that_hangs_says_nothing(make_premises, tool):
    """It is ended at the deadline of the check."""
    tool("hang", "exec /bin/sleep 600")
    assert None is make_premises(deadline=Instant(0.0)).output("hang")
