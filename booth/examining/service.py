"""The service: whether it starts with the machine, whether it is watched, and which updates it takes."""

from collections.abc import Iterator

from booth import __version__
from booth.bulletin import LATE
from booth.examining.findings import Check, Finding, Premises, Sign
from booth.systemd import SERVICE

KEYS = ("run/booth-card/update.pub", "etc/booth/update.pub")
"""Keys whose updates are taken: the one on the card, or else the one that was built in."""

_ASKED = ("LoadState", "UnitFileState", "MainPID", "NRestarts")


def service(premises: Premises) -> Iterator[Finding]:
    """Look whether the service manager starts the booth, and whether that feeds its watchdog."""
    said = premises.output("systemctl", "show", SERVICE, *(f"--property={name}" for name in _ASKED))
    told = dict(line.split("=", 1) for line in (said or "").splitlines() if "=" in line)
    if told.get("LoadState") != "loaded":
        yield Finding("service", Sign.SKIPPED, f"there is no {SERVICE} here")
    elif told.get("UnitFileState") == "enabled":
        yield Finding("service", Sign.OK, f"{SERVICE} starts with the machine")
    else:
        cure = "sudo systemctl enable booth"
        yield Finding("service", Sign.WARN, f"{SERVICE} does not start with the machine", cure=cure)
    if (restarts := told.get("NRestarts", "")).isdecimal() and int(restarts):
        cure = "journalctl -u booth tells why it ended; sudo systemctl reset-failed booth counts anew"
        yield Finding("service restarts", Sign.WARN, f"started anew {restarts} times by itself", "0", cure)
    if premises.bulletin is not None:
        yield _watchdog(premises, by_systemd=told.get("MainPID") == str(premises.bulletin.pid))


def _watchdog(premises: Premises, *, by_systemd: bool) -> Finding:
    """Return whether the booth that runs has told in good time that it lives."""
    assert premises.bulletin is not None  # noqa: S101 - who calls has looked
    told = premises.bulletin
    silent = max(premises.clock.uptime().seconds - told.told_s, told.loop_age_s)
    if silent > LATE:
        cure = "sudo systemctl restart booth; journalctl -u booth tells what it did last"
        return Finding("service watchdog", Sign.BAD, f"the booth is silent for {silent:.0f} s", f"{LATE:g} s", cure)
    every = told.parts.watchdog_s
    if every <= 0:
        if not by_systemd:
            return Finding("service watchdog", Sign.SKIPPED, f"the booth that runs was not started by {SERVICE}")
        cure = f"set WatchdogSec=20 in {SERVICE} (systemctl edit booth), then restart it"
        return Finding("service watchdog", Sign.BAD, "nobody watches the booth", cure=cure)
    limit = 2 * every
    measured = f"fed {told.parts.fed_s:.0f} s before the booth last told of itself"
    if told.parts.fed_s > limit:
        cure = "a worker hangs, and systemd will end the booth: journalctl -u booth tells which"
        return Finding("service watchdog", Sign.BAD, measured, f"{limit:g} s", cure)
    return Finding("service watchdog", Sign.OK, measured, f"{limit:g} s")


def updates(premises: Premises) -> Iterator[Finding]:
    """Look which release runs, and whether updates by stick are taken."""
    runs = premises.bulletin.release if premises.bulletin is not None else __version__
    if runs != __version__:
        cure = "sudo systemctl restart booth, while no guest is there"
        yield Finding("updates", Sign.WARN, f"{runs} runs, and {__version__} is installed", cure=cure)
        return
    key = next((place for place in KEYS if premises.text(place)), None)
    if key is None:
        yield Finding("updates", Sign.OK, f"release {runs}; no key is here, so no update by stick is taken")
    else:
        yield Finding("updates", Sign.OK, f"release {runs}; sticks signed for /{key} are taken")


CHECKS = (
    Check("service", service, quick=True),
    Check("updates", updates, quick=True),
)
