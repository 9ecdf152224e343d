"""The numbers that the machine plays by. Settings become rules in the composition root."""

from dataclasses import dataclass

from booth.core.form import Complaint, Judge
from booth.core.operating import Deed, Dial
from booth.core.visit import Consent, OwnQuestion
from booth.units import Seconds


def any_address(_address: str) -> Complaint | None:
    """Find nothing wrong with any address. The booth's own judge is passed in, finished."""
    return None


@dataclass(frozen=True)
class Rules:
    """What a visit is made of. Spans of time in seconds."""

    shots: int = 4
    """Frames in a visit, at least 1."""
    get_ready: Seconds = Seconds(3.0)
    countdown: Seconds = Seconds(3.0)
    """The time before each shutter; the digits count it down."""
    shutter: Seconds = Seconds(10.0)
    """The time after which a frame that has not come is not waited for any more."""
    form_idle: Seconds = Seconds(90.0)
    """A form that nobody touches for this long is closed..."""
    form_warning: Seconds = Seconds(15.0)
    """The time before that end at which the form says so."""
    form_held: Seconds = Seconds(1.5)
    """A press sooner than this after the form, or a question over it, appeared was meant for something else."""
    finishing: Seconds = Seconds(60.0)
    """The longest that a guest is kept waiting for the animation after Send."""
    finishing_shown: Seconds = Seconds(1.0)
    """A "please wait" that was seen at all stays this long, so that it can be read..."""
    finishing_quiet: Seconds = Seconds(0.3)
    """The time before which that is not shown."""
    farewell: Seconds = Seconds(8.0)
    share: Seconds = Seconds(0.0)
    """How long a link to the animation stays to be scanned, and is waited for while the animation is sent; with 0,
    guests are given no links."""
    farewell_held: Seconds = Seconds(2.0)
    """A press sooner than this after the farewell began was meant for something else, and is dropped."""
    apology: Seconds = Seconds(6.0)
    starting: Seconds = Seconds(15.0)
    """How long the parts may take to come up before the booth says which one is missing."""
    knocking: Seconds = Seconds(20.0)
    """A PIN pad that nobody touches for this long makes way for the invitation."""
    operator_idle: Seconds = Seconds(60.0)
    """The same for the operator's screen."""
    operator_look: Seconds = Seconds(5.0)
    """How often the booth is looked at for an operator."""
    dials: tuple[Dial, ...] = ()
    """What an operator can change for an evening, and how it stood when the booth was started."""
    deeds: tuple[Deed, ...] = ()
    """What an operator can do with this booth."""
    name_required: bool = False
    email_required: bool = False
    consents: tuple[Consent, ...] = ()
    """What guests are asked to agree to. Each has a box, which starts empty and may stay so: one alone is on the form,
    several come after Send."""
    questions: tuple[OwnQuestion, ...] = ()
    """The event's own, asked one after the other once the details were sent. None must be answered."""
    sites: tuple[str, ...] = ()
    """Where the server makes copies that guests are told of, by its own names in small letters; in order."""
    judge: Judge = any_address
    """Says what is wrong with an address. Pure: `step` calls it, and looks at nothing outside by that."""
