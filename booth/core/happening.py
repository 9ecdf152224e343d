"""What all that happens has in common."""

from dataclasses import dataclass

from booth.units import Instant


@dataclass(frozen=True)
class Happening:
    """Something that happened at *now*."""

    now: Instant
