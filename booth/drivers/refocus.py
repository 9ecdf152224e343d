"""A lens that follows the guests looks anew for what is sharp when one comes, and not only when something has moved.

A lens that is told to rest, and then to follow, begins with a search. What is set goes with a frame that is asked for,
and what is set before that takes its place; so the two are some frames apart.
"""

from collections.abc import Iterator

MANUAL, CONTINUOUS = 0, 2
"""Libcamera's numbers (AfMode) for a lens that rests, and for one that follows what is before it."""
APART = 4
"""Frames from one to the other: as many as are asked for at once."""


class Refocus:
    """Says with which frame what is to be set. *follows*: whether there is a motor, and nobody has set a distance."""

    def __init__(self, *, follows: bool) -> None:
        self._follows = follows
        self._steps: Iterator[int | None] = iter(())

    def ask(self) -> None:
        """Have the lens look anew from the next frame on."""
        if self._follows:
            # The last one twice: the library may lose what is set while it hands a frame back.
            self._steps = iter((MANUAL, *[None] * APART, CONTINUOUS, *[None] * APART, CONTINUOUS))

    def step(self) -> dict[str, int]:
        """Return what is to be set now. Called once for each frame, in the library's thread."""
        mode = next(self._steps, None)
        return {} if mode is None else {"AfMode": mode}
