"""What a survey comes to: figures, what is wrong with its cure, and whether the network will do. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from booth.drivers.probing import PHASES, RESET, SENDING, Trip
from booth.operator.surveying import hindrances
from booth.operator.surveying.survey import Seen

_PAGES = {"WebPage", "511", "301", "302", "303", "307", "308"}
"""What an upload is told by where a page to log in answers it."""

_STRANGERS = {"SSLError"}
"""What it is told by where somebody else's certificate is shown."""

MANY = 120
"""Guests an hour that no booth has: a visit takes a minute."""


@dataclass(frozen=True)
class Setting:
    """What is known besides: of the booth and the machine."""

    endpoint: str
    linked: bool
    """Whether guests are shown a code, for which two objects are sent."""
    shown: float
    """Seconds that the farewell waits for a code."""
    interface: str = ""
    mac: str = ""


@dataclass(frozen=True)
class Figures:
    """What a survey comes to."""

    size: int
    uploads: int
    delivered: int
    looks: int
    failures: dict[str, int]
    """How often what failed where: "reset in sending"."""
    p50: float | None
    """Seconds of an upload; None where none was delivered."""
    p99: float | None
    rate: float | None
    """Bytes a second, from the first byte that is sent to the answer, by the median upload."""
    look_p50: float | None
    look_p99: float | None
    naming: float | None
    """Seconds of name service, the median."""
    ahead: float | None
    """Seconds by which this machine's clock is ahead of the server's, the median."""
    code: float | None
    """Seconds after Send until a code appears, or the picture is in the bucket; the median."""
    code_late: float | None
    hourly: int | None
    """Pictures an hour, one after the other, failures among them."""


def percentile(values: Iterable[float], percent: int) -> float | None:
    """Return the smallest of *values* that *percent* of them do not exceed; None of none."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None


def figures_of(seen: Seen, stage: Setting) -> Figures:
    """Return what was seen, in figures."""
    delivered = [trip for trip in seen.trips if trip.delivered]
    good = [look for look in seen.looks if not look.phase]
    totals = [trip.total for trip in delivered]
    sending = [trip.size / (trip.total - trip.connecting) for trip in delivered if trip.total > trip.connecting]
    places = [(trip.kind, trip.phase) for trip in seen.trips] + [(look.kind, look.phase) for look in seen.looks]
    failures = Counter(f"{kind} in {phase}" for kind, phase in places if phase)
    p50, p99 = percentile(totals, 50), percentile(totals, 99)
    look_p50, look_p99 = percentile([look.total for look in good], 50), percentile([look.total for look in good], 99)
    second = (look_p50 or 0.0) if stage.linked else 0.0  # the details are an object of their own, and small
    ahead = [look.ahead for look in good if look.ahead is not None]
    spent = sum(trip.total for trip in seen.trips)
    return Figures(
        size=seen.size,
        uploads=len(seen.trips),
        delivered=len(delivered),
        looks=len(seen.looks),
        failures=dict(sorted(failures.items(), key=lambda item: PHASES.index(item[0].rpartition(" in ")[2]))),
        p50=p50,
        p99=p99,
        rate=median(sending) if sending else None,
        look_p50=look_p50,
        look_p99=look_p99,
        naming=percentile([look.naming for look in good], 50),
        ahead=median(ahead) if ahead else None,
        code=p50 + second if p50 is not None else None,
        code_late=p99 + second if p99 is not None else None,
        hourly=int(3600 * len(delivered) / spent) if delivered and spent > 0 else None,
    )


def wrong(seen: Seen, figures: Figures, stage: Setting) -> list[str]:
    """Return what is wrong, each with what to do, the most likely cause of the others first."""
    portal, intercepted, clock = _portal(seen, stage), _intercepted(seen, stage), _clock(figures)
    found = [*portal, *intercepted, *clock]
    told = (_PAGES if portal else set()) | (_STRANGERS if intercepted else set())
    found += _uploads([trip for trip in seen.trips if trip.sign not in told], seen)
    found += _ways(seen, stage)
    slow = hindrances.slow_names(figures.naming) if figures.naming is not None else None
    found += [str(slow)] if slow is not None else []
    if stage.linked and figures.code is not None and figures.code > stage.shown:
        found.append(
            f"guests leave before their code: the farewell waits {stage.shown:.0f} s (share.shown_s); raise that, or "
            "make animations smaller (animation.width)"
        )
    return found


def sentences(figures: Figures, stage: Setting) -> list[str]:
    """Return what it means for an evening."""
    if figures.code is None or figures.code_late is None or figures.hourly is None:
        return ["No upload arrived: pictures would be kept on the booth, and sent later."]
    what = "A code appears" if stage.linked else "A picture is in the bucket"
    late = f", {_seconds(figures.code_late)} at worst" if round(figures.code_late) > round(figures.code) else ""
    many = f"More than {MANY} guests" if figures.hourly > MANY else _guests(figures.hourly)
    return [f"{what} {_seconds(figures.code)} after Send{late}.", f"{many} an hour fit."]


def _guests(number: int) -> str:
    return f"{number} guest{'s' if number != 1 else ''}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds >= 1 else "less than a second"


def _portal(seen: Seen, stage: Setting) -> list[str]:
    pages = [look.login for look in seen.looks if look.login]
    if not pages:
        if any(trip.sign in _PAGES for trip in seen.trips):
            pages = [stage.endpoint]
        else:
            return []
    return [str(hindrances.log_in(pages[0], stage.interface, stage.mac))]


def _intercepted(seen: Seen, stage: Setting) -> list[str]:
    by = [look.issuer for look in seen.looks if look.issuer]
    if not by:
        return []
    return [str(hindrances.opened(stage.endpoint, by[0]))]


def _clock(figures: Figures) -> list[str]:
    found = hindrances.clock(figures.ahead) if figures.ahead is not None else None
    return [str(found)] if found is not None else []


def _uploads(trips: Iterable[Trip], seen: Seen) -> list[str]:
    """Return what is wrong with uploads, by where they failed and in the client's words."""
    failed = [trip for trip in trips if not trip.delivered]
    found = []
    for (phase, kind, why), times in Counter((trip.phase, trip.kind, trip.why) for trip in failed).items():
        found.append(f"{_times(times, len(seen.trips), 'upload')} failed ({kind} in {phase}): {why}")
        if (phase, kind) == (SENDING, RESET) and any(trip.delivered for trip in seen.small):
            found.append(
                "uploads break in the middle, and small ones arrive: a proxy's limit, or a router (kube-proxy's, too) "
                "that takes late packets for strange ones; have its owner raise the limit (nginx: "
                "client_max_body_size), or set net.netfilter.nf_conntrack_tcp_be_liberal=1 there"
            )
    return found


def _ways(seen: Seen, stage: Setting) -> list[str]:
    """Return what is wrong with the way, as looks found it; what has its own sentence is left out."""
    plain = [look for look in seen.looks if look.phase and not look.login and not look.issuer]
    found = []
    for (phase, kind, why), times in Counter((look.phase, look.kind, look.why) for look in plain).items():
        which = _times(times, len(seen.looks), "look")
        found.append(str(hindrances.barred(which, stage.endpoint, phase, kind, why)))
    return found


def _times(times: int, of: int, what: str) -> str:
    return f"{times} of {of} {what}s" if of != 1 else f"the one {what}"


def table(figures: Figures) -> str:
    """Return the figures for a terminal."""
    lines: Sequence[tuple[str, str]] = [
        ("uploads", f"{figures.delivered} of {figures.uploads} arrived, of {figures.size:,} bytes each"),
        ("an upload", _range(figures.p50, figures.p99)),
        ("throughput", "-" if figures.rate is None else f"{figures.rate * 8 / 1e6:.2f} Mbit/s"),
        ("a short question", f"{_range(figures.look_p50, figures.look_p99)} (asked {figures.looks} times)"),
        ("name service", "-" if figures.naming is None else f"{figures.naming:.3f} s"),
        ("the clock", "-" if figures.ahead is None else f"{figures.ahead:+.0f} s against the server's"),
        ("failures", ", ".join(f"{times} {what}" for what, times in figures.failures.items()) or "none"),
    ]
    return "\n".join(f"{name:<18}{said}" for name, said in lines)


def _range(p50: float | None, p99: float | None) -> str:
    return "-" if p50 is None or p99 is None else f"{p50:.2f} s by the median, {p99:.2f} s for 99 of 100"
