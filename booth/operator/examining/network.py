"""The network: the way to the server, looked at once, as ``booth net`` does. No key is used."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from booth import choices
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.owning import owned
from booth.drivers.probing import NAME, TIMEOUT, TLS
from booth.drivers.wire import proxy_for, without_password
from booth.errors import BucketError
from booth.examining.findings import Finding, Premises, Sign
from booth.hosts import loopback, numeric
from booth.operator.buckets.findings import meant
from booth.operator.surveying import here, hindrances
from booth.operator.surveying.hindrances import NOTED, SLOW_NAMES, TOLERATED, Hindrance
from booth.operator.surveying.looks import Glance, Looker, looker_of
from booth.threads import aside
from booth.units import Seconds

PATIENCE = Seconds(4.0)
"""A connection, and an answer, are waited for so long."""

WHOLE = Seconds(12.0)
"""A look is: name service, which knows no time-out of ours, may have the most of it."""

SOON = 14
"""Days that a certificate should be good for: who renews it by itself does so a month before its end."""

_DAY = 86_400.0


@dataclass(frozen=True)
class Route:
    """What was looked at, and from where."""

    endpoint: str
    wall: float
    """This machine's clock, in seconds since 1970."""
    client: Callable[[], Hindrance | None] = lambda: None
    """Asks the booth's own client what is wrong; it knows more than a look."""
    interface: str = ""
    mac: str = ""


def look(premises: Premises) -> Iterator[Finding]:
    """Look at the way to the server. Raises `ConfigError` where the authorities to trust cannot be read."""
    options = choices.bucket_of(premises.settings)
    if not options.endpoint_url:
        yield Finding("network", Sign.SKIPPED, "no server is named (zenko.endpoint_url)")
        return
    if (proxy := proxy_for(options.endpoint_url)) is not None:
        said = f"by the proxy {without_password(proxy)}, which goes the way for the booth"
        yield Finding("network", Sign.SKIPPED, said)
        return
    looker = looker_of(options, timeout=PATIENCE, wall=premises.clock.wall)
    assert looker is not None  # noqa: S101  there is no proxy
    yield from looked(looker, options, premises)


def looked(looker: Looker, options: BucketOptions, premises: Premises) -> Iterator[Finding]:
    """Look with *looker*; give what is found."""
    patience = min(WHOLE, premises.left)
    glance = _within(patience, looker.look)
    if glance is None and looker.phase == NAME:
        said = f"name service has not answered for {patience:.0f} s"
        cure = "look whether this network leads out at all, and have it name another name server"
        yield Finding("network name", Sign.BAD, said, f"{SLOW_NAMES:.0f} s", cure)
        return
    if glance is None:
        glance = Glance(patience, phase=looker.phase, kind=TIMEOUT, why="nothing came")
    interface = here.interface_of(glance.address)
    route = Route(
        options.endpoint_url, premises.clock.wall(), partial(_client, options), interface, here.mac_of(interface)
    )
    yield from findings(glance, route)


def findings(glance: Glance, route: Route) -> Iterator[Finding]:
    """Give what was seen at one glance, in the order in which one thing hides the next; what is hidden is left out."""
    if glance.phase == NAME:
        cure = hindrances.barred("", route.endpoint, NAME, glance.kind, glance.why).cure
        yield Finding("network name", Sign.BAD, f"the name in {route.endpoint} is not found ({glance.why})", cure=cure)
        return
    yield _named(glance, route)
    if glance.login:
        wrong = hindrances.log_in(glance.login, route.interface, route.mac)
        yield Finding("network log-in", Sign.BAD, wrong.says, cure=wrong.cure)
        return
    if glance.issuer:
        wrong = hindrances.opened(route.endpoint, glance.issuer)
        yield Finding("network TLS", Sign.BAD, wrong.says, cure=wrong.cure)
        return
    if glance.phase:
        yield _barred("network TLS" if glance.phase == TLS else "network way", glance, route)
        return
    yield Finding("network log-in", Sign.OK, "none is asked for")
    yield Finding("network way", Sign.OK, f"a connection within {glance.connecting:.2f} s")
    yield _secured(glance, route)
    yield _clock(glance)


def _named(glance: Glance, route: Route) -> Finding:
    if numeric(route.endpoint):
        return Finding("network name", Sign.OK, "none is needed: the server has a number")
    slow = hindrances.slow_names(glance.naming)
    sign, cure = (Sign.WARN, slow.cure) if slow is not None else (Sign.OK, "")
    return Finding("network name", sign, f"found within {glance.naming:.2f} s", f"{SLOW_NAMES:.0f} s", cure)


def _barred(check: str, glance: Glance, route: Route) -> Finding:
    wrong = route.client() or hindrances.barred("the one look", route.endpoint, glance.phase, glance.kind, glance.why)
    return Finding(check, Sign.BAD, wrong.says, cure=wrong.cure)


def _secured(glance: Glance, route: Route) -> Finding:
    if glance.expires is None:
        if loopback(route.endpoint):
            return Finding("network TLS", Sign.SKIPPED, "none is needed: the server is this very machine")
        return Finding("network TLS", Sign.WARN, "there is none: what is sent can be read by everybody on the way",
                       cure="have the server speak it, and write https:// (zenko.endpoint_url)")  # fmt: skip
    days = (glance.expires - (route.wall - (glance.ahead or 0.0))) / _DAY  # by the server's clock
    said, limit = f"the certificate is trusted, and good for {days:.0f} more days", f"{SOON} days"
    if days >= SOON:
        return Finding("network TLS", Sign.OK, said, limit)
    return Finding("network TLS", Sign.BAD if days < 1 else Sign.WARN, said, limit,
                   "have the server's owner renew it: once it is over nothing is sent")  # fmt: skip


def _clock(glance: Glance) -> Finding:
    if glance.ahead is None:
        return Finding("network clock", Sign.SKIPPED, "the server does not say what time it is")
    wrong = hindrances.clock(glance.ahead)
    said = f"{hindrances.off(glance.ahead)} the server's" if abs(glance.ahead) >= 1 else "as the server's"
    if wrong is None:
        return Finding("network clock", Sign.OK, said, f"{NOTED:.0f} s")
    sign = Sign.BAD if abs(glance.ahead) >= TOLERATED else Sign.WARN
    return Finding("network clock", sign, said, f"{NOTED:.0f} s", wrong.cure)


def _client(options: BucketOptions) -> Hindrance | None:
    """Ask the server for nothing, without a key; return what the client says is wrong."""
    bucket = owned(options, patience=PATIENCE)
    try:
        bucket.unsigned()
    except BucketError as exc:
        said = meant("", exc)
        return Hindrance(said.says, said.cure)
    finally:
        bucket.close()
    return None


def _within(patience: Seconds, ask: Callable[[], Glance]) -> Glance | None:
    """Return what *ask* does; None if it has not within *patience*: then it is left behind."""
    came: queue.SimpleQueue[Glance] = queue.SimpleQueue()
    aside("doctor's look", lambda: came.put(ask()))
    try:
        return came.get(timeout=patience)
    except queue.Empty:
        return None
