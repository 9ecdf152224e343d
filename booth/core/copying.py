"""How far the copy of an event onto a stick is, as its operator sees it, and the one line in which it is told.

Whoever copies is another process (see docs/adr): it writes the line, and the booth reads it.
"""

from dataclasses import dataclass
from enum import Enum


class CopyStage(Enum):
    """Where a copy is, or why there is none."""

    ASKED = "asked"
    """Somebody looks for a stick, and gathers what there is."""
    COPYING = "copying"
    CLOSING = "closing"
    """All is copied; the stick is still held."""
    COPIED = "copied"
    """All is on the stick, and nobody holds it any more."""
    NO_STICK = "no-stick"
    SEVERAL = "several"
    """There are more sticks than one."""
    READ_ONLY = "read-only"
    FULL = "full"
    NOTHING = "nothing"
    """There is no visit of this event."""
    REFUSED = "refused"
    """The stick has something else where the copy would go."""
    BROKEN = "broken"
    """It broke off: the stick was pulled, say."""


GOING_ON = frozenset({CopyStage.ASKED, CopyStage.COPYING, CopyStage.CLOSING})


@dataclass(frozen=True)
class StickCopy:
    """How far it is."""

    stage: CopyStage
    done: int = 0
    """What is there: files of pictures while it goes on, visits at its end."""
    of: int = 0
    """How many there are to be."""

    @property
    def goes_on(self) -> bool:
        """Whether the stick must stay where it is."""
        return self.stage in GOING_ON

    def written(self) -> bytes:
        """Return the line: a word and two numbers."""
        return f"{self.stage.value} {self.done} {self.of}\n".encode("ascii")

    @classmethod
    def read(cls, line: bytes) -> "StickCopy | None":
        """Return what *line* says; None if it is no such line."""
        try:
            stage, done, of = line.decode("ascii").split()
            found = cls(CopyStage(stage), int(done), int(of))
        except ValueError:
            return None
        return found if found.written() == line else None
