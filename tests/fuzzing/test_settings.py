"""Nonsense as settings: the short form of ``scripts/fuzz settings``."""

import pytest

from lab.fuzzing import Violation
from lab.fuzzing import settings as nonsense


def test_settings_are_taken_or_told_whatever_they_are(script):
    """A hundred cases: no traceback, no secret, no line that moves the cursor; and some that the booth starts with."""
    prepare = script.prepared("settings")
    figures = script.fuzz("settings", prepare, seed=1, seconds=300.0, cases=iter(range(100)))
    assert ([], 0, 100) == (figures.told, figures.violations, figures.cases)
    assert {"refused", "taken"} == set(figures.outcomes)


@pytest.mark.parametrize(
    "told", [nonsense.SECRET, f"https://me:{nonsense.PASSWORD}@x", "a\x1b[2J", "\u202ea", "a\n" * 1_000]
)
def test_what_may_not_be_told_is_found(told):
    """The watch itself: each of these would be counted."""
    with pytest.raises(Violation):
        nonsense._sentences(told)
