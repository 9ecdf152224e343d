"""The machine: each limit turns red by its cause, and back."""

import pytest

from booth.examining import machine
from booth.examining.findings import Finding, Sign

COOL = "let air in and out of the housing, or give the processor a heat sink or a fan"


@pytest.mark.parametrize(
    ("degrees", "sign", "cure"),
    [(48.3, Sign.OK, ""), (69.9, Sign.OK, ""), (70, Sign.WARN, COOL), (80, Sign.BAD, COOL), (50, Sign.OK, "")],
)
def test_a_warm_processor(make_premises, put, degrees, sign, cure):
    """Before it slows down somebody hears of it."""
    put(machine.THERMAL, f"{degrees * 1000:.0f}\n")
    assert [Finding("temperature", sign, f"{degrees:.0f} °C", "70 °C", cure)] == list(
        machine.temperature(make_premises())
    )


def test_a_machine_that_tells_no_temperature_is_not_well(make_premises):
    """And not ill."""
    assert [Sign.SKIPPED] == [finding.sign for finding in machine.temperature(make_premises())]
