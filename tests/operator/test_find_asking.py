"""What a server is asked: nothing that is looked for is left out, and nothing of the user's becomes a pattern."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.operator.finding.asking import question
from booth.operator.finding.clauses import FIELDS, META, Both, Compare, Either, Facts, Like, Since, cases
from booth.outbox import metadata
from lab.zenko.where import matcher

ALPHABET = "aBzZ09 .+*?()[]{}|\\/^$\"'`%@_-<>=&;#\n\t\x7féÉßẞıİſKσςΣΩ\u2126жЖ字🎈\u0301"
OWN = f"{META}name"
TEXTS = st.text(ALPHABET, min_size=1, max_size=30) | st.sampled_from(["replication-status", "COMPLETED", "a AND b"])


def document(facts):
    """Return an object as a server's database has it."""
    fields = {name: facts.stands(name) for name in FIELDS if name != "replication-status"}
    mine = {f"{META}{name}": value for name, value in facts.metadata.items()}
    return {**fields, **mine, "content-length": facts.size, "replicationInfo.status": facts.status}


@st.composite
def cased(draw, text):
    """Draw *text* in letters of other sizes."""
    return "".join(draw(st.sampled_from([char, char.swapcase()[:1] if char.isascii() else char, *cases(char)]))
                   for char in text)  # fmt: skip


@st.composite
def likes(draw, field, text):
    """Draw patterns that *text* often is like."""
    begin, end = sorted(draw(st.tuples(*2 * [st.integers(0, len(text))])))
    cut = draw(st.integers(begin, end))
    any_case = draw(st.booleans())
    pieces = [piece for piece in (text[begin:cut], text[cut:end]) if piece] or [""]
    if any_case:
        pieces = [draw(cased(piece)) for piece in pieces]
    begins, ends = draw(st.booleans()) and begin == 0, draw(st.booleans()) and end == len(text)
    return Like(field, tuple(pieces), begins and bool(pieces[0]), ends and bool(pieces[-1]), any_case)


@st.composite
def searches(draw):
    """Draw an object and what is looked for, which often is this object."""
    name, event, key = draw(TEXTS), draw(TEXTS), draw(st.text("abÉ.'/\"", min_size=1, max_size=8))
    stored = metadata.encode({"name": name, "event": event, "taken": "2026-11-22T17:05:12Z"})
    status = draw(st.sampled_from(["", "PENDING", "COMPLETED"]))
    facts = Facts(key, 1234, "2026-11-22T18:00:00.000Z", "0" * 32, "image/gif", stored, status)
    operators = st.sampled_from(["=", "!=", "<", ">", "<=", ">="])
    leaves = st.one_of(
        likes(OWN, name),
        likes(f"{META}event", event),
        likes("key", key),
        st.builds(Compare, st.just(OWN), operators, st.just(name) | TEXTS),
        st.builds(Compare, st.just("key"), operators, st.just(key)),
        st.builds(Compare, st.just("content-length"), operators, st.sampled_from(["1234", "99"])),
        st.builds(Compare, st.just("replication-status"), operators, st.sampled_from(["COMPLETED", "PENDING"])),
        st.builds(Since, st.sampled_from(["2026-11-22T17:05:12.000Z", "2026-11-22T17:30:00.000Z"])),
    )
    clauses = st.recursive(leaves, lambda inner: st.builds(Both, inner, inner) | st.builds(Either, inner, inner),
                           max_leaves=4)  # fmt: skip
    return facts, draw(clauses)


@settings(max_examples=60)
@given(searches())
def test_a_server_that_searches_finds_all_that_is_looked_for(search):
    """And understands what it is asked. What it finds more is left out later; what it does not find would be lost."""
    facts, clause = search
    asked = question(clause)
    found = matcher(asked)(document(facts)) if asked else True
    assert clause.holds(facts) <= found


@settings(max_examples=50)
@given(searches())
def test_a_pattern_is_made_of_signs_that_mean_nothing_or_are_ours(search):
    """Letters, digits, dots; brackets around the codes of one letter, and a blank that may be encoded."""
    for pattern in re.findall(r'LIKE "/([^"]*)/i?"', question(search[1])):
        bare = re.sub(r"\((?:[A-Za-z0-9%@_ .]+\|)+[A-Za-z0-9%@_ .]+\)", "", pattern)
        assert "" == re.sub(r"^\^|\$$|\.\*|[A-Za-z0-9%@_ .]", "", bare)


@pytest.mark.parametrize(
    ("clause", "asked"),
    [
        (Compare(f"{META}event", "=", "dockercon"), 'x-amz-meta-event="dockercon"'),
        (Compare(f"{META}event", "=", "Zoë & 'co'"), 'x-amz-meta-event LIKE "/^Zo%C3%AB . .co.$/"'),
        (Compare(f"{META}event", "!=", 'a "b"'), ""),
        (Compare("content-length", ">", "5"), "content-length>5"),
        (Compare(f"{META}event", "=", "replication-status"), 'x-amz-meta-event LIKE "/^replication.status$/"'),
        (Like(OWN, ("zoë",), any_case=True), 'x-amz-meta-name LIKE "/zo(%C3%8B|%C3%AB)/i"'),
        (Like(OWN, ("zoë",)), 'x-amz-meta-name LIKE "/zo%C3%AB/"'),
        (Like(OWN, (" a b ",)), 'x-amz-meta-name LIKE "/( |%20)a b( |%20)/"'),
        (Like(f"{META}email", ("a+b@example.org",), begins=True, ends=True, any_case=True),
         'x-amz-meta-email LIKE "/^a.b@example.org$/i"'),
        (Like(OWN, ("a", "abc", "b"), begins=True, ends=True), 'x-amz-meta-name LIKE "/abc/"'),
        (Both(Compare("replication-status", "!=", "COMPLETED"), Compare(f"{META}event", "=", "x")),
         '(replication-status!="COMPLETED" AND x-amz-meta-event="x")'),
        (Both(Compare("replication-status", "!=", "COMPLETED"), Compare(OWN, "=", "x")), 'x-amz-meta-name="x"'),
        (Both(*2 * [Compare("replication-status", "!=", "COMPLETED")]), ""),
        (Either(Compare("key", "=", '"'), Like(OWN, ("",))), ""),
        (Since("2026-11-22T17:05:12.000Z"),
         '(x-amz-meta-taken>="2026-11-22T17:05:12.000Z" OR last-modified>="2026-11-22T17:05:12.000Z")'),
    ],
)  # fmt: skip
def test_what_is_asked(clause, asked):
    """As stored: percent codes, both for letters of any size; the name apart from what the details' object is not."""
    assert asked == question(clause)
