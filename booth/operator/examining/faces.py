"""What was found, as it is told: a table for people, JSON for programs. The operator's screen has a face of its own."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from booth.examining.findings import Finding, Sign, worst
from booth.reading import shown

SCHEMA = 1
"""A name of the JSON keeps its meaning as long as this is the same."""

_COLOURS = {Sign.OK: "\033[32m", Sign.WARN: "\033[33m", Sign.BAD: "\033[31m", Sign.SKIPPED: "\033[2m"}
_PLAIN = "\033[0m"

_SIGN, _CHECK = 9, 17
"""Characters of the first two columns."""


def row(finding: Finding, *, colours: bool) -> str:
    """Return a finding as it stands in the table; what to do is on a line of its own."""
    sign = f"{finding.sign:{_SIGN}}"
    if colours:
        sign = f"{_COLOURS[finding.sign]}{sign}{_PLAIN}"
    limit = f" (limit {finding.limit})" if finding.limit else ""
    said = f"{sign}{finding.check:{_CHECK}} {shown(finding.measured)}{limit}"
    return f"{said}\n{'':{_SIGN}}-> {shown(finding.cure)}" if finding.cure else said


def summary(found: Iterable[Finding]) -> str:
    """Return how many are how, the worst first."""
    signs = [finding.sign for finding in found]
    counts = [f"{signs.count(sign)} {sign}" for sign in (Sign.BAD, Sign.WARN, Sign.OK, Sign.SKIPPED) if sign in signs]
    return ", ".join(counts)


def as_json(found: Sequence[Finding], *, at: float, quick: bool) -> str:
    """Return all for a program; *at* is when, in seconds since 1970. docs/operating.md tells what each name is."""
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    told = {
        "schema": SCHEMA,
        "at": moment,
        "quick": quick,
        "worst": worst(found),
        "findings": [asdict(finding) for finding in found],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)
