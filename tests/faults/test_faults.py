"""Every fault over HTTP and HTTPS: what the uploader makes of it, what the operator reads, how it ends."""

import re

import pytest

from booth.errors import Remedy

WAIT, CLOCK, PERSON, NEVER = Remedy.WAIT, Remedy.CLOCK, Remedy.PERSON, Remedy.NEVER

REMEDIES = {
    "refuses": WAIT,
    "silent": WAIT,
    "mute": WAIT,
    "resets-in-body": WAIT,
    "resets-after-body": WAIT,
    "resets-in-answer": WAIT,
    "loses-answer": WAIT,
    "drips": WAIT,
    "slow-uplink": None,
    "500": WAIT,
    "502": WAIT,
    "503": WAIT,
    "503-SlowDown": WAIT,
    "503-early": WAIT,
    "429": WAIT,
    "InvalidAccessKeyId": PERSON,
    "SignatureDoesNotMatch": PERSON,
    "AccessDenied": PERSON,
    "AccessDenied-storage-limit": WAIT,
    "RequestTimeTooSkewed": CLOCK,
    "five-hours-ahead": CLOCK,
    "five-hours-behind": CLOCK,
    "not-s3": PERSON,
    "NoSuchBucket": PERSON,
    "InvalidURI": PERSON,
    "413": PERSON,
    "odd-refusal": PERSON,
    "path-style": PERSON,
    "405": PERSON,
    "quotes-guest": PERSON,
    "deep-xml": PERSON,
    "endless-answer": WAIT,
    "endless-head": WAIT,
    "MetadataTooLarge": NEVER,
    "kms": None,
    "weak-etag": None,
    "odd-etag": None,
    "stripped-etag": PERSON,
    "wrong-etag": WAIT,
    "no-etag": WAIT,
    "portal-page": WAIT,
    "portal-404": WAIT,
    "portal-redirect": WAIT,
    "redirect-loop": WAIT,
    "redirect-maze": WAIT,
    "expired": PERSON,
    "not-yet-valid": CLOCK,
    "unknown-authority": PERSON,
    "other-name": PERSON,
    "no-tls": PERSON,
    "wants-tls": PERSON,
    "wants-tls-page": PERSON,
    "dns-fails": WAIT,
    "dns-unknown": PERSON,
    "dns-hangs": WAIT,
    "proxy-away": WAIT,
    "proxy-refuses": PERSON,
    "proxy-password": PERSON,
    "proxy-fails": WAIT,
}
"""What each fault must be taken for; None: it is put up with."""

FAULT_ROW = re.compile(r"\| `([^`]+)`: ")


@pytest.fixture(scope="module")
def page(script):
    """Give the page's lines."""
    return script.PAGE.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def rows(page):
    """Give the cells of each fault's row, by its name."""
    found = [line for line in page if FAULT_ROW.match(line)][1:]
    return {FAULT_ROW.match(line)[1]: [cell.strip() for cell in line.strip("|").split(" | ")] for line in found}


def test_a_fault_loses_nothing_and_its_row_is_true(script, around, case, rows):
    """Two guests while it lasts, then the server recovers: two objects, each under one key, as they were meant to be.

    In between: the right remedy, backoff with jitter or the slow beat, one attempt for each new guest, no guest's name
    in the status; and the page says what was seen.
    """
    name, scheme = case
    proof = script.prove(name, scheme, around)
    assert proof.wrong == ()
    assert REMEDIES[name] is proof.remedy
    _, reads, does, ends = rows[name]
    told = dict(part.removeprefix("over ").split(": ", 1) for part in reads.split("<br>") if part.startswith("over "))
    assert told.get(scheme.upper(), reads) == (proof.words or "nothing")
    assert does == (script.REMEDIES[proof.remedy] if proof.remedy is not None else "does not mind")
    assert ends.startswith(script.ENDS[proof.remedy])
    assert ("put twice" in ends) is (proof.stored > 1)


def test_every_fault_is_judged_and_has_a_row(script, rows):
    """A fault that is added is added everywhere, and the rows stand in the order of the code."""
    assert list(REMEDIES) == list(script.DOES) == list(rows)


def test_the_rest_of_the_page_is_what_the_code_says(script, page):
    """Remedies, waits and the table of verdicts are written from the code: they are those of today."""
    expected = [line for line in script.page(()).splitlines() if not FAULT_ROW.match(line)]
    assert expected == [line for line in page if not FAULT_ROW.match(line)]


def test_every_verdict_says_what_to_do(script):
    """No row leaves the operator with a fact alone: behind a semicolon stands what to do, or what it does by itself."""
    for row in [*script.VERDICTS, script.UNKNOWN_ANSWER, script.UNKNOWN_TROUBLE]:
        what, semicolon, then = row.meaning.partition("; ")
        assert semicolon, what
        assert then
