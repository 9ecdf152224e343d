"""What takes wires out of the composition root: each is found, and taken out alone."""

import pytest

from lab.wires import MODULES, ROOT, wires, without

SOURCE = """
made = call(one, two=2, three=call(four=4))
table = {"five": 5, **more}
"""


def built(number):
    """Return what the source makes without one of its wires."""
    names = {"call": lambda *given, **words: {"given": given, **words}, "one": 1, "more": {"six": 6}}
    exec(without(SOURCE, number, "source.py"), names)  # noqa: S102 it is what the command does
    return names["made"], names["table"]


def test_words_of_calls_and_entries_of_tables_are_wires():
    """What stands at a place in a call is none: a call does not work without it."""
    said = [(wire.line, wire.says.split("(..., ")[-1]) for wire in wires("source.py", SOURCE)]
    assert [(2, "two=2)"), (2, "three=call(four=4))"), (3, "'five': 5"), (3, "**: more"), (2, "four=4)")] == said


@pytest.mark.parametrize(
    ("number", "left"),
    [
        (0, ({"given": (1,), "three": {"given": (), "four": 4}}, {"five": 5, "six": 6})),
        (1, ({"given": (1,), "two": 2}, {"five": 5, "six": 6})),
        (2, ({"given": (1,), "two": 2, "three": {"given": (), "four": 4}}, {"six": 6})),
        (3, ({"given": (1,), "two": 2, "three": {"given": (), "four": 4}}, {"five": 5})),
        (4, ({"given": (1,), "two": 2, "three": {"given": ()}}, {"five": 5, "six": 6})),
    ],
)
def test_one_is_taken_out_and_the_others_stay(number, left):
    """A mutant has one fault, or nobody knows which of them was noticed."""
    assert left == built(number)


def test_the_root_has_wires():
    """The modules are where they were, and what is in them is still a call."""
    assert all(len(wires(module, (ROOT / module).read_text(encoding="utf-8"))) > 50 for module in MODULES)
