"""The settings: those that are wrong the booth does not start with; here is what is doubtful in the others."""

from collections.abc import Iterator

from booth.examining.findings import Check, Finding, Premises, Sign

NAME = "settings"


CURE = "correct it where it is set: sudo booth config tells where that is"
"""What to do about each; its own sentence says how."""


def wrong(mistakes: str) -> Iterator[Finding]:
    """Tell the mistakes of a `ConfigError`: with those no booth starts, and nothing else can be looked at."""
    for mistake in mistakes.splitlines():
        yield Finding(NAME, Sign.BAD, mistake, cure=CURE)


def look(premises: Premises) -> Iterator[Finding]:
    """Tell each doubt."""
    for warning in premises.warnings:
        yield Finding(NAME, Sign.WARN, warning, cure=CURE)
    if not premises.warnings:
        yield Finding(NAME, Sign.OK, "no mistakes, no doubts")


CHECK = Check(NAME, look, quick=True)
