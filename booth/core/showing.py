"""What an operator should see, as data; and what guests see while nobody can begin."""

from dataclasses import dataclass

from booth.core.events import Advice, Part, Reach
from booth.core.operating import Closure, Deed, Dial, Knob, Sight, Tab
from booth.core.pin import FEWEST
from booth.core.states import Booth, Knocking, Operating
from booth.core.trying import UNTRIED, Trying
from booth.units import Instant


@dataclass(frozen=True)
class ClosedScene:
    """The invitation while nobody can begin: why, and when it opens."""

    why: Closure
    at: str = ""
    """When it opens, if that is known."""
    notices: tuple[Advice, ...] = ()
    """Notices for the operator, in alphabetical order."""


@dataclass(frozen=True)
class KnockingScene:
    """A pad for the operator's PIN. How many digits there are is shown, and never which."""

    typed: int = 0
    judging: bool = False
    wrong: bool = False
    shut: int = 0
    """Whole seconds for which nobody may try; 0 if one may."""
    enough: bool = False
    """Whether so many digits may be a PIN."""


@dataclass(frozen=True)
class OperatingScene:
    """A page of the operator's screen."""

    page: Tab
    missing: tuple[Part, ...] = ()
    notices: tuple[Advice, ...] = ()
    """What an operator should know, in alphabetical order."""
    reach: Reach = Reach.UP
    sight: Sight | None = None
    dials: tuple[Dial, ...] = ()
    deeds: tuple[Deed, ...] = ()
    """What can be done with this booth."""
    ask: Deed | None = None
    done: Deed | None = None
    unkept: bool = False
    stale: bool = False
    """Whether the booth is started anew when one leaves, so that what was changed holds."""

    @property
    def pages(self) -> tuple[Tab, ...]:
        """The pages that there are: none on which there is nothing."""
        return _pages(self.deeds)


@dataclass(frozen=True)
class TryingScene:
    """The page of the operator's screen on which one tries what guests use: the camera's picture is live."""

    pages: tuple[Tab, ...] = tuple(Tab)
    """The pages that there are."""
    missing: tuple[Part, ...] = ()
    tried: Trying = UNTRIED
    volume: int | None = None
    """How loud the booth is, in per cent; None if it makes no sounds."""


def _pages(deeds: tuple[Deed, ...]) -> tuple[Tab, ...]:
    return tuple(page for page in Tab if page is not Tab.HANDS or deeds)


def pad(state: Knocking, now: Instant) -> KnockingScene:
    """Return how the pad looks at *now*."""
    left = 0.0 if state.shut_until is None else max(state.shut_until - now, 0.0)
    shut = -int(-left // 1)
    typed = len(state.digits)
    return KnockingScene(typed, state.judging, state.wrong, shut, enough=typed >= FEWEST and not shut)


def trying(state: Operating, booth: Booth, deeds: tuple[Deed, ...], dials: tuple[Dial, ...]) -> TryingScene:
    """Return how the page looks on which things are tried; *dials* are as the booth was started with them."""
    volume = next((dial.value for dial in dials if dial.knob is Knob.VOLUME), None)
    missing = tuple(sorted(booth.missing, key=lambda part: part.value))
    return TryingScene(_pages(deeds), missing, state.tried, volume if isinstance(volume, int) else None)


def page(
    state: Operating, booth: Booth, notices: tuple[Advice, ...], deeds: tuple[Deed, ...], *, stale: bool
) -> OperatingScene:
    """Return how any other page looks."""
    return OperatingScene(
        state.page,
        tuple(sorted(booth.missing, key=lambda part: part.value)),
        notices,
        booth.reach,
        state.sight,
        booth.dials,
        deeds,
        state.ask,
        state.done,
        state.unkept,
        stale=stale,
    )
