"""What is heard: a tick for each digit, the shutter, a bell when the animation is ready. Off unless switched on.

Nothing here blocks: the sound card is opened, and every sound is started, on a thread of its own. Without a sound card
the booth is silent, and says so once in its log.
"""

import contextlib
import queue
from enum import Enum
from typing import Protocol

import pygame
import structlog

from booth import later
from booth.errors import ScreenError
from booth.threads import Loop
from booth.ui.assets import asset
from booth.units import Seconds

log = structlog.get_logger()

RATE = 22_050
"""Samples a second, of all our sounds."""

BUFFER = 512
"""Samples that are given to the sound card at once: a sound begins after 23 ms at most."""

_WAITING = 8
"""Sounds that may wait for the card; what comes after them is not worth hearing any more."""


class Sound(Enum):
    """A sound, by the name of its file."""

    READY = "ready"
    """The press was felt."""
    TICK = "tick"
    LAST = "last"
    """The last tick before the shutter."""
    SHUTTER = "shutter"
    DING = "ding"
    """The animation is ready, as a microwave says it."""
    KEY = "key"


class Speaker(Protocol):
    """What makes a sound heard."""

    def play(self, sound: Sound) -> None:
        """Have *sound* heard at once. Never blocks, never raises."""
        ...

    def close(self) -> None:
        """Let the sound card go. May be called twice."""
        ...


class Silence:
    """A speaker that is switched off."""

    def play(self, sound: Sound) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Loudspeaker:
    """The sound card, through pygame's mixer. *volume* is 0..100."""

    def __init__(self, *, volume: int) -> None:
        self._volume = volume / 100
        self._wanted: queue.Queue[Sound | None] = queue.Queue(_WAITING)
        self._thread = Loop("speaker", self._run)
        self._thread.start()

    def play(self, sound: Sound) -> None:
        """Have *sound* heard at once. Never blocks, never raises."""
        if self._thread.alive:
            self._put(sound)

    def close(self) -> None:
        """Let the sound card go, after what is being heard; not longer than a moment. May be called twice."""
        self._put(None)
        self._thread.join(Seconds(1.0))

    def _put(self, sound: Sound | None) -> None:
        with contextlib.suppress(queue.Full):  # the card hangs: what is late is left out
            self._wanted.put_nowait(sound)

    def _run(self) -> None:
        try:
            later.mixer()
            pygame.mixer.init(RATE, -16, 1, BUFFER)
        except (ImportError, pygame.error) as exc:
            log.warning("sound.none", why=str(exc), what="the booth is silent: connect a sound card, or switch it off")
            return
        try:
            sounds = {sound: self._loaded(sound) for sound in Sound}
            while (wanted := self._wanted.get()) is not None:
                sounds[wanted].play()
        except (pygame.error, OSError, ScreenError) as exc:
            log.warning("sound.lost", why=str(exc), what="the booth is silent until it is started again")
        finally:
            pygame.mixer.quit()

    def _loaded(self, sound: Sound) -> "pygame.mixer.Sound":
        loaded = pygame.mixer.Sound(asset(f"sounds/{sound.value}.wav"))
        loaded.set_volume(self._volume)
        return loaded
