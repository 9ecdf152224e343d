"""A booth that starts looks at itself, and says so once."""

import pytest
from structlog.testing import capture_logs

from booth.examining import machine, starting
from booth.examining.checks import QUICK
from booth.examining.findings import Finding, Sign
from booth.units import Seconds

COUNTS = {"ok": 1, "warn": 0, "bad": 0, "skipped": 1}
OK, SKIPPED = Finding("room", Sign.OK, "500 visits"), Finding("wifi", Sign.SKIPPED, "none")


@pytest.mark.parametrize(
    ("more", "level", "wanted"),
    [
        ((), "info", {"worst": "ok", **COUNTS}),
        (
            (Finding("power", Sign.WARN, "was low", cure="take another"),),
            "info",
            {"worst": "warn", **COUNTS, "warn": 1, "checks": ["power"], "why": "power: was low; take another"},
        ),
        (
            (
                Finding("power", Sign.WARN, "was low", cure="take another"),
                Finding("medium", Sign.BAD, "read-only", cure="mend it"),
                Finding("screen", Sign.BAD, "none", cure="plug it in"),
            ),
            "warning",
            {
                "worst": "bad", **COUNTS, "warn": 1, "bad": 2, "checks": ["medium", "screen"],
                "why": "medium: read-only; mend it",
            },
        ),
    ],
)  # fmt: skip
def test_what_was_found_is_one_fact(more, level, wanted):
    """What is wrong is a warning, and so among the troubles that `booth status` tells; with what to do."""
    with capture_logs() as logs:
        starting.tell([OK, *more, SKIPPED])
    assert [{"event": "doctor.checked", "log_level": level, **wanted}] == logs


def test_the_quick_ones_are_made(make_premises, put):
    """A fault of the machine is found; mended, it is no more."""
    put(machine.THERMAL, "85000\n")
    with capture_logs() as hot:
        starting.look(make_premises(), within=Seconds(120.0))
    put(machine.THERMAL, "45000\n")
    with capture_logs() as cool:
        starting.look(make_premises(), within=Seconds(120.0))
    assert [["temperature"], None] == [logs[0].get("checks") for logs in (hot, cool)]


def test_no_quick_check_opens_a_part_or_asks_a_server():
    """The booth has its parts, and no network may be there."""
    assert [
        "settings", "screen", "room", "outbox", "medium", "temperature", "power", "wifi", "service", "updates",
    ] == [check.name for check in QUICK]  # fmt: skip
