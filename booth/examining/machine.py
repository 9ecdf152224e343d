"""The machine itself: how warm it is."""

from collections.abc import Iterator

from booth.examining.findings import Check, Finding, Premises, Sign

WARM, HOT = 70.0, 80.0
"""Degrees Celsius: a Raspberry Pi slows down from 80 on (a 3B+ a little from 60 or 70 on). A booth is closed, and a
hall full of people is warmer than the room in which somebody looks."""

THERMAL = "sys/class/thermal/thermal_zone0/temp"
"""Thousandths of a degree Celsius: the processor's on a Raspberry Pi."""


def temperature(premises: Premises) -> Iterator[Finding]:
    """Look how warm the processor is."""
    said = premises.number(THERMAL)
    if said is None:
        yield Finding("temperature", Sign.SKIPPED, "this machine does not tell it")
        return
    degrees = said / 1000
    sign = Sign.BAD if degrees >= HOT else Sign.WARN if degrees >= WARM else Sign.OK
    cure = (
        "let air in and out of the housing, or give the processor a heat sink or a fan" if sign is not Sign.OK else ""
    )
    yield Finding("temperature", sign, f"{degrees:.0f} °C", f"{WARM:.0f} °C", cure)


CHECKS = (Check("temperature", temperature, quick=True),)
