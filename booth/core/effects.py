"""What the booth can do about it: acts that leave the machine and are carried out by workers.

Each is answered by one of the events named in its docstring, always, even if the worker fails.
"""

from dataclasses import dataclass

from booth.core.operating import Request
from booth.core.visit import Guest, SessionId


@dataclass(frozen=True)
class OpenVisit:
    """Make the visit's folder on disk. Answered by `VisitOpened` or `VisitRefused`."""

    session: SessionId
    test: bool = False
    """Whether it is an operator's trial: it is marked, and no guest's."""


@dataclass(frozen=True)
class FireShutter:
    """Expose frame *shot* (1 is the first) and put it on the medium. Answered by `FrameTaken` or `ShutterFailed`."""

    session: SessionId
    shot: int


@dataclass(frozen=True)
class PrepareFrame:
    """Scale and reduce a frame while the guest poses for the next one. Not answered: a failure shows in the join."""

    session: SessionId
    shot: int


@dataclass(frozen=True)
class JoinFrames:
    """Make the animation of frames 1 to *shots*. Answered by `AnimationReady` or `AnimationFailed`."""

    session: SessionId
    shots: int


@dataclass(frozen=True)
class Commit:
    """Hand the visit to the outbox, with the guest's details or (None) without any.

    Carried out after the visit's `JoinFrames`. Answered by `Committed`; by `Deferred` when there is no animation yet
    and everything else is safe on disk; by `CommitFailed` when the disk will not take it.
    """

    session: SessionId
    guest: Guest | None


@dataclass(frozen=True)
class Salvage:
    """End a visit that was cut short before the form: an animation of the frames there are, without personal data.

    A visit without a frame leaves nothing behind. Not answered: the guest has gone.
    """

    session: SessionId


@dataclass(frozen=True)
class Discard:
    """Delete a visit's pictures, because the guest said so. Answered by `Discarded` or `DiscardFailed`."""

    session: SessionId


VisitEffect = OpenVisit | FireShutter | PrepareFrame | JoinFrames | Commit | Salvage | Discard
"""What is done for a visit: each names its session."""

Effect = VisitEffect | Request
