"""What can happen to the booth.

Every event carries ``now``, the monotonic instant at which it happened. The answer of a worker names the session (and
the shot) that it answers, so that nothing late can land in the next guest's visit.
"""

from dataclasses import dataclass, field
from enum import Enum

from booth.core.form import Field
from booth.core.happening import Happening
from booth.core.operating import Operation
from booth.core.visit import SHOWN, SessionId


class Notice(Enum):
    """Something that an operator should know, though the booth can work. How far uploads get is told by `Reach`."""

    DISK_LOW = "disk-low"
    """There is room for the next visits, and not for many."""
    COPIES_FAILED = "copies-failed"
    """The server could not make copies of what was sent, until somebody has them tried again."""
    COPIES_LATE = "copies-late"
    """It has not made them for so long that it will hardly do so by itself."""
    CLOCK_UNKNOWN = "clock-unknown"
    """The machine does not know what time it is: nothing is sent before it does."""
    BUTTON_HELD = "button-held"
    """The start button is held down for so long that no guest's finger can be on it: nobody can begin."""
    PICTURE_BLACK = "picture-black"
    """The last pictures are black, or as good as black."""
    PICTURE_BURNT = "picture-burnt"
    """They are burnt out: white all over."""
    PICTURE_FLAT = "picture-flat"
    """They are of one colour."""
    PICTURE_FROZEN = "picture-frozen"
    """The camera gives the same picture again."""
    PICTURE_SOFT = "picture-soft"
    """They are out of focus, as what the camera gave before was not."""
    UPDATE_DAMAGED = "update-damaged"
    """The update on the stick that is plugged in is not whole, or no update."""
    UPDATE_FAILED = "update-failed"
    """It could not be installed, though it is right."""
    UPDATE_HERE = "update-here"
    """It is what runs already."""
    UPDATE_OLDER = "update-older"
    """It is older than what was here, or was here before and was taken back or replaced."""
    UPDATE_OTHER = "update-other"
    """It is for another kind of machine."""
    UPDATE_ROOM = "update-room"
    """There is no room for it."""
    UPDATE_UNTRUSTED = "update-untrusted"
    """It is not signed with the key that the booth trusts, or there is no such key."""


class Reach(Enum):
    """How far what a visit has put into the outbox gets now."""

    UP = "up"
    """Uploads reach the bucket, as far as anybody knows, while their guest is there."""
    SLOW = "slow"
    """Uploads reach the bucket, and not before their guest has left."""
    OFFLINE = "offline"
    """The bucket cannot be reached: visits are kept, and sent later."""
    LOGIN = "log-in"
    """The network lets nobody through who has not logged in to it: visits are kept, and sent later."""
    HELD_UP = "held-up"
    """The server answers, and has trouble of its own: visits are kept, and sent later."""
    REFUSED = "refused"
    """The server refuses, or is not to be trusted, until somebody puts a setting, or the clock, right."""
    NO_BUCKET = "no-bucket"
    """The settings name no bucket: visits are kept."""

    @property
    def online(self) -> bool:
        """Whether it gets into the bucket at all."""
        return self in {Reach.UP, Reach.SLOW}


Advice = Notice | Reach
"""What the operator's strip may say: a notice, or why uploads do not get into the bucket."""


class Part(Enum):
    """A part that the booth cannot work without. The value is the operator's word for it."""

    CAMERA = "camera"
    DISK = "disk"
    GM = "gm"
    BUTTON = "button"


# ---- time and the button


@dataclass(frozen=True)
class Tick(Happening):
    """Time has passed. The only way a deadline is ever met."""


@dataclass(frozen=True)
class Pressed(Happening):
    """The start button was pressed (debounced: one per press). *fresh* names the visit that this may begin."""

    fresh: SessionId


# ---- the touchscreen and the keyboard, already translated into what the guest meant


@dataclass(frozen=True)
class Typed(Happening):
    """Text was entered at the caret: one key of ours, or whatever a physical keyboard composed."""

    text: str

    def __repr__(self) -> str:
        """Keep what guests type out of logs and tracebacks."""
        return f"Typed(now={self.now}, text=...)"


@dataclass(frozen=True)
class Erased(Happening):
    """Backspace: the character before the caret goes."""


@dataclass(frozen=True)
class CaretMoved(Happening):
    """The caret moves by *by* characters (negative is left); large numbers mean home and end."""

    by: int


@dataclass(frozen=True)
class FieldChosen(Happening):
    """The guest touched a field, or slides through it."""

    field: Field
    caret: int | None = None
    """The character of its text before which the caret stands; None for the end."""


@dataclass(frozen=True)
class NextField(Happening):
    """The guest touched "next", or pressed Tab."""


@dataclass(frozen=True)
class Returned(Happening):
    """The guest pressed Return: on to the next field, and in the last one to Send.

    Which of the two only the form knows: in one slow frame a quick typist goes from field to field and returns.
    """

    language: str = ""
    """As for `SendChosen`."""


@dataclass(frozen=True)
class HintTaken(Happening):
    """The guest touched the hint under the address ("gmail.com?")."""


@dataclass(frozen=True)
class ConsentToggled(Happening):
    """The guest touched the box of a consent."""

    consent: str = SHOWN.id
    """Its id."""


@dataclass(frozen=True)
class ChoiceTouched(Happening):
    """The guest touched a choice below a question."""

    choice: str
    """Its id."""

    def __repr__(self) -> str:
        """Keep what guests answer out of logs and tracebacks."""
        return f"ChoiceTouched(now={self.now}, choice=...)"


@dataclass(frozen=True)
class SendChosen(Happening):
    """The guest touched Send: on the form, or where several consents are asked."""

    language: str = ""
    """The code of the language that the screen speaks: that of the visit, and of what the guest agrees to."""


@dataclass(frozen=True)
class SkipChosen(Happening):
    """The guest touched Skip: keep the animation, without personal data."""


@dataclass(frozen=True)
class RetakeChosen(Happening):
    """The guest wants to pose again. Asks back first."""


@dataclass(frozen=True)
class DeleteChosen(Happening):
    """The guest wants the pictures deleted. Asks back first."""


@dataclass(frozen=True)
class Confirmed(Happening):
    """Yes, to what was asked back. *fresh* names the new visit, should this be a retake."""

    fresh: SessionId


@dataclass(frozen=True)
class Declined(Happening):
    """No, to what was asked back."""


@dataclass(frozen=True)
class Touched(Happening):
    """The screen was touched where nothing is. Somebody is there: the idle deadline starts again."""


# ---- answers of the workers


@dataclass(frozen=True)
class VisitOpened(Happening):
    """The visit has its folder."""

    session: SessionId


@dataclass(frozen=True)
class VisitRefused(Happening):
    """The disk will not take a visit."""

    session: SessionId


@dataclass(frozen=True)
class FrameTaken(Happening):
    """Frame *shot* is on the medium."""

    session: SessionId
    shot: int


@dataclass(frozen=True)
class ShutterFailed(Happening):
    """Frame *shot* was not taken (*part* CAMERA) or could not be kept (*part* DISK)."""

    session: SessionId
    shot: int
    part: Part


@dataclass(frozen=True)
class AnimationReady(Happening):
    """The animation is made and verified."""

    session: SessionId


@dataclass(frozen=True)
class AnimationFailed(Happening):
    """The animation could not be made; the log says why. The frames stay; it will be made later."""

    session: SessionId


@dataclass(frozen=True)
class Committed(Happening):
    """The visit is in the outbox: animation and details survive a power cut."""

    session: SessionId


@dataclass(frozen=True)
class Deferred(Happening):
    """Frames and details are safe on disk; the animation will be made, and the visit sent, later."""

    session: SessionId


@dataclass(frozen=True)
class CommitFailed(Happening):
    """The disk would not take the guest's details or the move into the outbox."""

    session: SessionId


@dataclass(frozen=True)
class Discarded(Happening):
    """The visit's pictures are gone."""

    session: SessionId


@dataclass(frozen=True)
class DiscardFailed(Happening):
    """The visit's pictures could not all be deleted."""

    session: SessionId


# ---- the uploader, and the health of the parts


@dataclass(frozen=True)
class Delivered(Happening):
    """The bucket has confirmed the visit's animation; *link* leads to it, if guests are given links."""

    session: SessionId
    link: str | None = field(default=None, repr=False)
    """The guest's secret: whoever has it has the animation."""


@dataclass(frozen=True)
class Replicated(Happening):
    """The server has a copy of the visit's animation at *site*: it said so."""

    session: SessionId
    site: str
    """The site by the server's own name for it, in small letters."""


@dataclass(frozen=True)
class EverywhereChanged(Happening):
    """So many *visits* of this event are known to have their animation at each of the sites that the owner named."""

    visits: int


@dataclass(frozen=True)
class ReachChanged(Happening):
    """What is sent gets as far as *reach*, as the last attempt showed."""

    reach: Reach

    @property
    def online(self) -> bool:
        """Whether what is sent gets into the bucket."""
        return self.reach.online


@dataclass(frozen=True)
class NoticeChanged(Happening):
    """*notice* holds, or no longer does (*on*)."""

    notice: Notice
    on: bool


@dataclass(frozen=True)
class PartLost(Happening):
    """A part stopped answering."""

    part: Part


@dataclass(frozen=True)
class PartBack(Happening):
    """A part answers."""

    part: Part


Event = (
    Tick
    | Pressed
    | Typed
    | Erased
    | CaretMoved
    | FieldChosen
    | NextField
    | Returned
    | HintTaken
    | ConsentToggled
    | ChoiceTouched
    | SendChosen
    | SkipChosen
    | RetakeChosen
    | DeleteChosen
    | Confirmed
    | Declined
    | Touched
    | VisitOpened
    | VisitRefused
    | FrameTaken
    | ShutterFailed
    | AnimationReady
    | AnimationFailed
    | Committed
    | Deferred
    | CommitFailed
    | Discarded
    | DiscardFailed
    | Delivered
    | Replicated
    | EverywhereChanged
    | ReachChanged
    | NoticeChanged
    | PartLost
    | PartBack
    | Operation
)
