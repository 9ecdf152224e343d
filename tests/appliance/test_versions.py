"""Versions: of any two, which is the newer."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.version import Version as Python

from booth.appliance.versions import LONGEST, Version

ORDERED = (
    # As PEP 440 has it...
    "0.9", "1.0.dev1", "1.0a1.dev2", "1.0a1", "1.0a2", "1.0b1", "1.0rc1", "1.0rc2", "1.0rc10", "1.0", "1.0.post1",
    # ...and as Semantic Versioning has it.
    "1.0.1-alpha.1", "1.0.1-alpha.beta", "1.0.1-beta.2", "1.0.1-beta.11", "1.0.1-rc.1", "1.0.1",
    "1.0.2-0.3.7", "1.0.2-rc.1", "1.0.2", "1.0.10", "1.1", "1.10", "2.0.0-1", "2", "10.0.0",
)  # fmt: skip


def test_of_two_the_newer_is_the_one_that_the_standards_say():
    """Each is older than all that come after it."""
    versions = [Version.of(text) for text in ORDERED]
    assert [] == [(one.text, two.text) for one, two in itertools.combinations(versions, 2) if not one < two]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("1.0", "1.0.0"), ("1", "1.0"), ("1.0a1", "1.0-alpha.1"), ("1.0rc2", "1.0-rc.2"), ("1.0RC1", "1.0rc1"),
        ("0.2.0+4f5e6d7c8b", "0.2.0+a1b2c3d4e5.changed"), ("0.2.0", "0.2.0+a1b2c3d4e5"), ("1.0-rc.1+a", "1.0rc1"),
    ],
)  # fmt: skip
def test_neither_is_newer(one, two):
    """Two spellings, or two builds, of one number."""
    assert Version.of(one) == Version.of(two)


PYTHONS = st.from_regex(
    r"[0-9]{1,3}(\.[0-9]{1,2}){0,3}([._-]?(a|b|rc|alpha|beta|c)[0-9]{0,2})?([._-]?post[0-9]{0,2})?([._-]?dev[0-9]{0,2})?(\+[a-z0-9]{1,4})?",
    fullmatch=True,
)


@given(PYTHONS, PYTHONS)
@example("1.0.dev1", "1.0.post1.dev1")
def test_it_orders_as_packaging_does(one, two):
    """But for the builds of one number, of which neither is newer."""
    ours, theirs = (Version.of(one), Version.of(two)), (Python(Python(one).public), Python(Python(two).public))
    assert (theirs[0] < theirs[1], theirs[0] == theirs[1]) == (ours[0] < ours[1], ours[0] == ours[1])


ANY = st.one_of(
    PYTHONS, st.from_regex(r"[0-9]{1,2}(\.[0-9]){0,2}-[0-9a-z-]{1,4}(\.[0-9a-z-]{1,4}){0,2}", fullmatch=True)
)


@given(st.lists(ANY, min_size=3, max_size=3))
def test_any_three_are_in_some_order(texts):
    """Whatever the words in them: nothing raises, and nobody is older than somebody older."""
    one, two, three = sorted(map(Version.of, texts))
    assert (True, True, True) == (one <= two, two <= three, one <= three)


@pytest.mark.parametrize(
    "text",
    [
        "", "booth", "current", "v1.0", ".", "..", "../1.0", "1.0/2", "1..0", "1.", "-1", "1.0\n", " 1.0", "1.0 ",
        "1!1.0", "1.0+", "1.0-", "1.0+a/b", "\u0661.0", "1.0\0", "1" * 10, "1.0.0.0.0.0.0", "1." + "0" * LONGEST,
        "1.0_x", "1.0,",
    ],
)  # fmt: skip
def test_what_is_no_version(text):
    """Such as what would be a path, or a name that is taken, in the folder of releases."""
    assert None is Version.of(text)
