"""The machine itself: how warm it is, whether it has enough power, and its Wi-Fi."""

import re
from collections.abc import Iterator

from booth.examining.findings import Check, Finding, Premises, Sign

WARM, HOT = 70.0, 80.0
"""Degrees Celsius: a Raspberry Pi slows down from 80 on (a 3B+ a little from 60 or 70 on). A booth is closed, and a
hall full of people is warmer than the room in which somebody looks."""

THERMAL = "sys/class/thermal/thermal_zone0/temp"
"""Thousandths of a degree Celsius: the processor's on a Raspberry Pi."""

THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"
"""What a Raspberry Pi's firmware has noticed, in hexadecimal: what is so now, and, 16 bits higher, what was."""

_FIRMWARES = "sys/devices/platform/soc*/soc*:firmware/get_throttled"
"""The same on all of them: on some the chip's address is part of both names."""

ALARMS = "sys/class/hwmon/hwmon*"
"""One of these may be the kernel's own look at the voltage: its name is ``rpi_volt``."""

_UNDER_VOLTAGE, _CAPPED, _THROTTLED, _SOFT_LIMIT = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_SLOWED = _CAPPED | _THROTTLED | _SOFT_LIMIT
_EARLIER = 16
"""Bits by which what was is higher than what is."""

POWER = (
    "take the power supply that belongs to this Pi, with a short cable of its own, and nothing else on its USB ports"
)
AIR = "let air in and out of the housing, or give the processor a heat sink or a fan"

GOOD, WEAK = -67, -75
"""dBm: above the first, pictures go as fast as the network lets them; below the second, a hall full of people and their
phones is too much for it."""

WIRELESS = "proc/net/wireless"
"""A line for each wireless interface that is in use; the fourth number is the signal in dBm."""


def temperature(premises: Premises) -> Iterator[Finding]:
    """Look how warm the processor is."""
    said = premises.number(THERMAL)
    if said is None:
        yield Finding("temperature", Sign.SKIPPED, "this machine does not tell it")
        return
    degrees = said / 1000
    sign = Sign.BAD if degrees >= HOT else Sign.WARN if degrees >= WARM else Sign.OK
    yield Finding("temperature", sign, f"{degrees:.0f} °C", f"{WARM:.0f} °C", AIR if sign is not Sign.OK else "")


def power(premises: Premises) -> Iterator[Finding]:
    """Look whether the voltage has been too low since the machine was switched on, and whether it was slowed down."""
    flags = _flags(premises)
    if flags is None:
        yield Finding("power", Sign.SKIPPED, "this machine does not tell whether it has enough")
        return
    if flags & _UNDER_VOLTAGE:
        yield Finding("power", Sign.BAD, "the voltage is too low now", "4.63 V", POWER)
    elif flags >> _EARLIER & _UNDER_VOLTAGE:
        yield Finding("power", Sign.WARN, "the voltage was too low since the start", "4.63 V", POWER)
    else:
        yield Finding("power", Sign.OK, "enough since the start", "4.63 V")
    if flags & _SLOWED:
        yield Finding("power speed", Sign.BAD, "the processor is slowed down now", cure=f"mend the power; {AIR}")
    elif flags >> _EARLIER & _SLOWED:
        yield Finding(
            "power speed", Sign.WARN, "the processor was slowed down since the start", cure=f"mend the power; {AIR}"
        )
    else:
        yield Finding("power speed", Sign.OK, "full since the start")


def _flags(premises: Premises) -> int | None:
    """Return what the firmware has noticed, by all who tell it: whoever reads it may clear it for others."""
    said = [premises.text(place) or "" for place in premises.places(_FIRMWARES)]
    said.append(premises.output("vcgencmd", "get_throttled") or "")
    found = [re.fullmatch(r"(?:throttled=)?(?:0x)?([0-9a-fA-F]{1,8})", text) for text in said]
    known = [int(match[1], 16) for match in found if match]
    known += [
        _UNDER_VOLTAGE if premises.number(f"{place}/in0_lcrit_alarm") else 0
        for place in premises.places(ALARMS)
        if premises.text(f"{place}/name") == "rpi_volt"
    ]
    flags = 0
    for each in known:
        flags |= each
    return flags if known else None


def wifi(premises: Premises) -> Iterator[Finding]:
    """Look how strong the signal is, and whether the chip sleeps between packets."""
    lines = [re.split(r"[:\s]+", line.strip()) for line in (premises.text(WIRELESS) or "").splitlines()[2:]]
    used = [fields for fields in lines if premises.text(f"sys/class/net/{fields[0]}/operstate") == "up"]
    if not used:
        yield Finding("wifi", Sign.SKIPPED, "none is in use")
        return
    for name, _, _, level, *_ in used:
        yield _signal(name, level)
        yield _sleep(name, premises.output("iw", "dev", name, "get", "power_save"))


def _signal(name: str, level: str) -> Finding:
    said = re.fullmatch(r"(-?[0-9]{1,3})\.?", level)
    if said is None:
        return Finding("wifi", Sign.SKIPPED, f"{name} does not tell how strong the signal is")
    signal = int(said[1])
    sign = Sign.BAD if signal < WEAK else Sign.WARN if signal < GOOD else Sign.OK
    cure = "bring the access point nearer, turn the booth's metal away from it, or lay a cable"
    return Finding("wifi", sign, f"{name}: {signal} dBm", f"{GOOD} dBm", cure if sign is not Sign.OK else "")


def _sleep(name: str, said: str | None) -> Finding:
    match re.fullmatch(r"Power save: (on|off)", said or ""):
        case None:
            return Finding("wifi sleep", Sign.SKIPPED, f"nobody tells whether {name} sleeps: apt install iw")
        case match if match[1] == "on":
            cure = f"sudo iw dev {name} set power_save off; for good, wifi.powersave=2 in NetworkManager's connection"
            return Finding("wifi sleep", Sign.WARN, f"{name} sleeps between packets", cure=cure)
    return Finding("wifi sleep", Sign.OK, f"{name} does not sleep")


CHECKS = (
    Check("temperature", temperature, quick=True),
    Check("power", power, quick=True),
    Check("wifi", wifi, quick=True),
)
