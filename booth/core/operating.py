"""What an operator sees and does behind the PIN: pages, what can be changed for an evening, and what happens there.

The machine's way through it is in `booth.core.backstage`.
"""

from dataclasses import dataclass, field
from enum import Enum

from booth.core.copying import StickCopy
from booth.core.happening import Happening
from booth.core.trying import Trial
from booth.units import Seconds

Value = str | int | bool
"""What a dial can be turned to."""


class Tab(Enum):
    """A page of the operator's screen."""

    NOW = "now"
    """How the booth is."""
    TRY = "try"
    """What guests use is tried: camera, button, lamp, sound, and a whole visit."""
    EVENING = "evening"
    """What can be changed for this evening."""
    HANDS = "hands"
    """What can be done with the booth."""


class Knob(Enum):
    """What can be changed for an evening. The value is the setting that it changes."""

    PAUSED = "event.paused"
    EVENT = "event.name"
    LANGUAGE = "screen.language"
    VOLUME = "sound.volume"
    CONSENT = "form.consent_text"
    LATEST = "attract.latest"


@dataclass(frozen=True)
class Dial:
    """A setting that can be changed, how it stands, and what it can be turned to."""

    knob: Knob
    choices: tuple[Value, ...]
    """What there is, in the order in which it is turned; what is set in the file is among them."""
    filed: Value
    """The value that the file, or whatever else was set before the booth was started, gives it."""
    value: Value
    """How it stands."""

    def turned(self) -> "Dial":
        """Return it at the next of its choices; behind the last comes the first."""
        at = self.choices.index(self.value) if self.value in self.choices else -1
        return Dial(self.knob, self.choices, self.filed, self.choices[(at + 1) % len(self.choices)])

    @property
    def changed(self) -> bool:
        """Whether it stands otherwise than the file says."""
        return self.value != self.filed


class Deed(Enum):
    """What an operator can do with the booth: a button each on the page `Tab.HANDS`."""

    RETRY = "retry"
    """Have what was set aside, and what waits, be sent now."""
    COPY = "copy"
    """Copy the event to the stick that is plugged in."""
    RESTART = "restart"
    """End the program; the service manager starts it anew."""
    POWER_OFF = "power-off"
    """Switch the machine off, with nothing lost."""


class Opening(Enum):
    """Where the time of day is, beside the hours of the event."""

    BEFORE = "before"
    OPEN = "open"
    AFTER = "after"


@dataclass(frozen=True)
class Hours:
    """Whether guests are served now, by the clock."""

    opening: Opening = Opening.OPEN
    at: str = ""
    """When it opens, as guests read it: 18:00, or with a date if that is another day; "" if it does not again."""


ALWAYS = Hours()


class Closure(Enum):
    """Why nobody can begin, though nothing is missing."""

    PAUSED = "paused"
    """An operator has said so."""
    BEFORE = "before"
    """It has not opened yet."""
    AFTER = "after"
    """It is over."""


@dataclass(frozen=True)
class Sight:
    """What is to be seen of the booth where the machine does not look."""

    pending: int = 0
    """Visits that are still to be sent."""
    failed: int = 0
    """Visits that the bucket will never take as they are."""
    confirmed: Seconds | None = None
    """How long ago the bucket last confirmed a visit; None if it did not yet."""
    room: int | None = None
    """How many more visits the disk has room for; None if that is not known."""
    temperature: int | None = None
    """Degrees Celsius of the processor; None if the machine does not say."""
    troubles: tuple[str, ...] = ()
    """What went wrong last, in the log's words, the newest first."""
    copy: StickCopy | None = None
    """How far the copy to a stick is; None if nobody has asked for one."""


# ---- what happens


@dataclass(frozen=True)
class CornersHeld(Happening):
    """Two opposite corners of the invitation were held, and nothing else, for as long as that takes."""


@dataclass(frozen=True)
class DoorFound(Happening):
    """There is a PIN, and so a way in. Nobody may try one for *wait* seconds."""

    wait: Seconds = Seconds(0.0)


@dataclass(frozen=True)
class DigitTyped(Happening):
    """A digit of the PIN was touched."""

    digit: str = field(repr=False)


@dataclass(frozen=True)
class DigitErased(Happening):
    """The last digit was taken back."""


@dataclass(frozen=True)
class PinGiven(Happening):
    """The PIN is whole, says whoever typed it."""


@dataclass(frozen=True)
class Admitted(Happening):
    """It is right."""


@dataclass(frozen=True)
class Refused(Happening):
    """It is wrong; nobody may try another for *wait* seconds."""

    wait: Seconds = Seconds(0.0)


@dataclass(frozen=True)
class Left(Happening):
    """Whoever was there has had enough."""


@dataclass(frozen=True)
class TabChosen(Happening):
    """Another page is wanted."""

    page: Tab


@dataclass(frozen=True)
class Sighted(Happening):
    """Somebody has looked where the machine does not."""

    sight: Sight


@dataclass(frozen=True)
class DialTurned(Happening):
    """A setting is to be the next of its choices."""

    knob: Knob


@dataclass(frozen=True)
class PutBack(Happening):
    """All is to be as the file says."""


@dataclass(frozen=True)
class DialsKept(Happening):
    """What was changed is on the medium (*kept*), or could not be put there."""

    kept: bool


@dataclass(frozen=True)
class DeedChosen(Happening):
    """Something is to be done with the booth. Asks back first, where that ends it."""

    deed: Deed


@dataclass(frozen=True)
class DeedConfirmed(Happening):
    """Yes, to what was asked back."""


@dataclass(frozen=True)
class DeedDeclined(Happening):
    """No, to what was asked back."""


@dataclass(frozen=True)
class HoursChanged(Happening):
    """By the clock, the event is open now, or it is not."""

    hours: Hours


Operation = (
    CornersHeld
    | DoorFound
    | DigitTyped
    | DigitErased
    | PinGiven
    | Admitted
    | Refused
    | Left
    | TabChosen
    | Sighted
    | DialTurned
    | PutBack
    | DialsKept
    | DeedChosen
    | DeedConfirmed
    | DeedDeclined
    | Trial
    | HoursChanged
)


# ---- what is asked of the workers


@dataclass(frozen=True)
class FindDoor:
    """Look whether there is a PIN. Answered by `DoorFound`, or not at all."""


@dataclass(frozen=True)
class TryPin:
    """Judge a PIN. Answered by `Admitted` or `Refused`."""

    pin: str = field(repr=False)


@dataclass(frozen=True)
class LookRound:
    """Look at the booth for its operator. Answered by `Sighted`."""


@dataclass(frozen=True)
class KeepDials:
    """Have the medium hold what was changed. Answered by `DialsKept`."""

    dials: tuple[Dial, ...]


@dataclass(frozen=True)
class DoDeed:
    """Do something with the booth. Not answered: it is seen."""

    deed: Deed


Request = FindDoor | TryPin | LookRound | KeepDials | DoDeed
"""What the operator's screen asks of the workers: none of it is a visit's."""
