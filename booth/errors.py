"""What can go wrong, told apart by what to do next.

::

    BoothError
    ├── ConfigError       the owner reads it and edits a file; the booth does not start
    ├── PartError         a part of the booth is missing or broken: out of order until it is back
    │   ├── PinError          button or LED
    │   ├── CameraError       no frame: an apology, and the camera is opened again
    │   │   └── CameraHeldError   somebody has it; it may be this very process, which then has to end
    │   └── ScreenError       there is no display to draw on
    ├── CompositorError   no animation this time; the frames stay and it is made later
    │   └── StoppedError      the booth is stopping: it is made at the next start
    ├── OutboxError       the disk will not take it: full, read-only, broken
    └── BucketError       the upload did not happen; says whether to wait, to ask a person, or to give the entry up

Anything else is a bug that we want to see.
"""

from enum import Enum


class BoothError(Exception):
    """The root of all that the booth expects to go wrong."""


class ConfigError(BoothError):
    """The settings are wrong. ``str()`` is a message for the owner, every mistake on a line of its own."""


class PartError(BoothError):
    """A part of the booth does not answer."""


class PinError(PartError):
    """The button or the LED cannot be opened."""


class CameraError(PartError):
    """The camera did not deliver."""


class CameraHeldError(CameraError):
    """Somebody has the camera, and nobody else can have it."""


class ScreenError(PartError):
    """There is nothing to draw on."""


class CompositorError(BoothError):
    """The animation could not be made; the frames are untouched."""


class StoppedError(CompositorError):
    """What was being made is not, because the booth is stopping: it is made at the next start."""


class OutboxError(BoothError):
    """The disk refused. Nothing that was there before is harmed."""


class Remedy(Enum):
    """What an upload that failed needs before it can succeed."""

    WAIT = "wait"
    """Time: the network or the server is away. Try again later, all entries alike."""

    CLOCK = "clock"
    """The right time: signatures made with a wrong clock are refused."""

    PERSON = "person"
    """A person: keys, bucket or endpoint are wrong. Nothing is lost; trying again slowly is harmless."""

    NEVER = "never"
    """Nothing: the server will not take this entry as it is. It goes to ``failed/``; the others go on."""


class BucketError(BoothError):
    """An upload did not happen."""

    def __init__(self, message: str, remedy: Remedy, *, away: bool = False, login: bool = False) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.away = away
        """Whether the server was not even reached: it is the network, or something on the way."""
        self.login = login
        """Whether a page answered in the server's place: the network asks for a log-in, as far as can be told."""
