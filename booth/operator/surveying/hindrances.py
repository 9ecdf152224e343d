"""What can be wrong with a way: what is so, and what to do. For whoever measures it, and for the doctor. Pure."""

from dataclasses import dataclass

from booth.drivers.probing import TLS

TOLERATED = 14 * 60.0
"""Seconds that clocks may differ for every S3 server."""

NOTED = 60.0
"""Seconds of a difference that are told of."""

SLOW_NAMES = 1.0
"""Seconds of name service that are told of."""


@dataclass(frozen=True)
class Hindrance:
    """Something that is wrong."""

    says: str
    cure: str

    def __str__(self) -> str:
        """Return what is so, and what to do."""
        return f"{self.says}; {self.cure}"


def log_in(page: str, interface: str, mac: str) -> Hindrance:
    """Return that a network asks for a log-in on *page*; a *mac* is what it knows this machine by ("": not known)."""
    let = f"let this machine through by its MAC, {mac} ({interface})" if mac else "let it through"
    return Hindrance(
        f"this network asks for a log-in ({page})",
        f"log this machine in there, or have the network's owner {let}",
    )


def opened(endpoint: str, by: str) -> Hindrance:
    """Return that a certificate is shown that was made out *by* somebody who is not trusted."""
    return Hindrance(
        f"what answers at {endpoint} shows a certificate made out by {by}, which this machine does not trust",
        "if that is the server's own authority, name its file (zenko.ca_bundle); if not, something on the way opens "
        "TLS: have the network's owner leave this server out of that",
    )


def clock(ahead: float) -> Hindrance | None:
    """Return that this machine's clock is so many seconds *ahead* of the server's; None if nobody needs to know."""
    if abs(ahead) < NOTED:
        return None
    refused = ", and uploads are refused" if abs(ahead) >= TOLERATED else ""
    return Hindrance(
        f"this machine's clock is {off(ahead)} the server's{refused}",
        "have the network let time servers through (NTP, port 123 of UDP), or set it by hand: sudo timedatectl "
        "set-time",
    )


def off(ahead: float) -> str:
    """Return by how much a clock is *ahead*, in seconds, and which way: ``5 hours behind``."""
    size, unit = next((size, unit) for size, unit in _UNITS if abs(ahead) >= 2 * size or size == 1)
    return f"{abs(ahead) / size:.0f} {unit} {'ahead of' if ahead > 0 else 'behind'}"


_UNITS = ((86_400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


def slow_names(seconds: float) -> Hindrance | None:
    """Return that name service takes so many *seconds*; None where that is no matter."""
    if seconds <= SLOW_NAMES:
        return None
    return Hindrance(
        f"name service takes {seconds:.1f} s",
        "have the network name another name server, or write the server's number into the settings "
        "(zenko.endpoint_url) where its certificate allows that",
    )


def barred(which: str, endpoint: str, phase: str, kind: str, why: str) -> Hindrance:
    """Return that looks at the way failed in a *phase*; *which* of them."""
    cure = _CURES.get(phase, "check the network, then the server")
    return Hindrance(f"{which} at {endpoint} failed ({kind} in {phase}: {why})", cure)


_CURES = {
    "name": "check zenko.endpoint_url letter by letter, and whether this network's name servers know and answer",
    "connection": "check that the server runs, and that the network lets this machine through to its port",
    TLS: "check that TLS is spoken at that port, and this machine's clock",
}
