"""The language of `booth find`: what a question asks for, what makes no sense, and what is so of an object."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.errors import ConfigError
from booth.operator.finding import language
from booth.operator.finding.clauses import Both, Compare, Either, Facts, Like, Since, both, cases, folded

FIELDS = "key, content-length, content-type, content-md5, last-modified, replication-status, x-amz-meta-NAME"
PATTERNS = (
    "a pattern has plain text, .* or % for anything, ^ and $ at its ends and /.../i around it; before a sign that "
    r"means more in other patterns put a \, or use ="
)
LETTERS = "abAB éÉßẞσςΣ.*%K"


def facts(size=10, key="a.gif", modified="2026-11-22T17:05:12.000Z", status="", **metadata):
    return Facts(key, size, modified, "0" * 32, "image/gif", metadata, status)


def like(pattern, any_case=False, begins=False, ends=False):
    return Like("x-amz-meta-name", tuple(pattern), begins, ends, any_case)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ('x-amz-meta-event="dockercon"', Compare("x-amz-meta-event", "=", "dockercon")),
        ("X-Amz-Meta-Event='a \"b\"'", Compare("x-amz-meta-event", "=", 'a "b"')),
        ("x-amz-meta-event=party", Compare("x-amz-meta-event", "=", "party")),
        ("replication-status<>COMPLETED", Compare("replication-status", "!=", "COMPLETED")),
        ("content-length >= 010", Compare("content-length", ">=", "10")),
        ("key='a' OR key='b' and key='c'",
         Either(Compare("key", "=", "a"), Both(Compare("key", "=", "b"), Compare("key", "=", "c")))),
        ("(key='a' or key='b') AND key='c'",
         Both(Either(Compare("key", "=", "a"), Compare("key", "=", "b")), Compare("key", "=", "c"))),
        ('x-amz-meta-name LIKE "zo.*"', like(["zo"])),
        ('x-amz-meta-name like "/^ZO%ex$/i"', like(["ZO", "ex"], any_case=True, begins=True, ends=True)),
        ('x-amz-meta-name LIKE "a.b@example"', like(["a.b@example"])),
        (r'x-amz-meta-name LIKE "a\+b\$"', like(["a+b$"])),
        ('x-amz-meta-name LIKE "^.*x"', like(["x"])),
        ('x-amz-meta-name LIKE ".*"', like([""])),
    ],
)  # fmt: skip
def test_a_question_is_what_it_asks_for(question, wanted):
    """Terms and fields in any size; AND binds before OR; a pattern is its pieces."""
    assert wanted == language.read(question)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("", "the name of a field is missing"),
        ('x-amz-meta-event="dock', "a quote is open, or a sign makes no sense"),
        ("key='a' key='b'", "something stands behind its end: join tests by AND or OR"),
        ("(key='a'", "a bracket is open"),
        ("key IN ('a')", "there is no NOT and no IN: use = != < > <= >= or LIKE behind a field's name"),
        ("key=", "a value is missing behind an operator"),
        ("size>5", "size is called content-length"),
        ("content-length>big", "content-length is compared with a number of bytes"),
        ("tags.a='b'", "tags, locations and the inside of replication cannot be proved by an object's headers"),
        ("colour='red'", f"there is no such field as one that it names: there are {FIELDS}"),
        ("key LIKE '/a/x'", "behind the second / of a pattern stands i, for letters of any size, or nothing"),
        *((f"key LIKE '{pattern}'", PATTERNS)
          for pattern in ("(", "[a-z]", "a|b", "a+", "a?", "a*", r"\d", "\\", "a{3}", "a^b", "a$b")),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_what_can_be_written(question, why):
    """Among it each pattern that means more than text with anything between: it could never be answered."""
    with pytest.raises(ConfigError) as refused:
        language.read(question)
    assert f"the question makes no sense: {why}; such as {language.EXAMPLE}" == str(refused.value)


@pytest.mark.parametrize("question", ["(" * 3000, "key=a OR " * 60 + "key=a", f"key='{'x' * 501}'"])
def test_a_question_without_end_is_refused(question):
    """However it is nested: nothing is read for long."""
    with pytest.raises(
        ConfigError, match=r"the question (is too long|has too many parts): |a value of the question is too long: "
    ):
        language.read(question)


@given(st.text(max_size=40) | st.text(alphabet="()'\"=<>! ANDORLIKEkey%.*/\\^$", max_size=40))
def test_whatever_is_asked_is_understood_or_refused(question):
    """With a sentence, and no other error."""
    with contextlib.suppress(ConfigError):
        language.read(question)


@given(
    st.text(LETTERS, max_size=12), st.lists(st.text(LETTERS, min_size=1, max_size=3), min_size=1, max_size=3),
    st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
def test_a_pattern_holds_where_a_regular_expression_would(text, pieces, begins, ends, any_case):
    """Of its pieces as they are, with anything between; without trying each place with each other."""
    size = folded if any_case else str
    pattern = begins * r"\A" + ".*".join(re.escape(size(piece)) for piece in pieces) + ends * r"\Z"
    wanted = re.search(pattern, size(text), re.DOTALL)
    assert bool(wanted) == like(pieces, any_case, begins, ends).holds(facts(name=text.replace("%", "%25")))


@pytest.mark.parametrize(
    ("operator", "holds"),
    [("=", False), ("!=", True), ("<", True), ("<=", True), (">", False), (">=", False)],
)
def test_lengths_are_compared_as_numbers(operator, holds):
    """9 is less than 10."""
    assert holds == Compare("content-length", operator, "10").holds(facts(size=9))


def test_what_is_not_there_is_unequal_and_neither_before_nor_behind():
    """As the database has it."""
    holds = {each: Compare("x-amz-meta-name", each, "a").holds(facts()) for each in ("=", "!=", "<", ">", "<=", ">=")}
    assert ["!="] == [each for each, held in holds.items() if held]


@pytest.mark.parametrize(
    ("metadata", "holds"),
    [
        ({"taken": "2026-11-22T17:05:12Z"}, True),
        ({"taken": "2026-11-22T17:05:11Z"}, False),
        ({"modified": "2026-11-22T17:05:12.000Z"}, True),
        ({"modified": "2026-11-22T17:05:11.000Z"}, False),
        ({"taken": "2026-11-21T17:05:11Z", "modified": "2026-11-23T17:05:11.000Z"}, False),
    ],
)
def test_since_is_when_it_was_taken_and_else_when_it_was_put(metadata, holds):
    """To the second, its own included."""
    assert holds == Since("2026-11-22T17:05:12.000Z").holds(facts(**metadata))


def test_nothing_and_something_is_something():
    """And nothing and nothing asks for all."""
    one = Compare("key", "=", "a")
    assert (None, one, one, Both(one, one)) == (both(None, None), both(one, None), both(None, one), both(one, one))


@given(st.characters(exclude_categories=("Cs",)))
def test_the_cases_of_a_letter_are_those_that_fold_alike(char):
    """The letter itself among them; none outside ASCII is one of ASCII."""
    assert {folded(char)} == {folded(each) for each in cases(char)}
    assert char.isascii() == folded(char).isascii()
