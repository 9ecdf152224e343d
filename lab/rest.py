"""An uploader's pause in which no time passes: it rests until it is woken, and whoever tries it can wait for that."""

import threading

from booth.outbox.uploader import Uploader
from booth.units import Seconds


class Rest:
    """Where an uploader waits: its *pause* is `pause`. *patience*, in seconds, is how long `wait` waits for it."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._calm = threading.Condition()
        self._resting = False
        self.asked: list[float] = []
        """How long it wanted to wait, in seconds, each time."""

    def pause(self, condition: threading.Condition, seconds: Seconds) -> None:
        """Wait until *condition* is notified, however long that takes."""
        with self._calm:
            self.asked.append(seconds)
            self._resting = True
            self._calm.notify_all()
        condition.wait()
        with self._calm:
            self._resting = False

    def wait(self, uploader: Uploader, *, under_way: bool = False) -> None:
        """Wait until it has done what is due; with *under_way*, until it waits for an answer. Raises `TimeoutError`."""

        def resting() -> bool:
            following = uploader._following  # noqa: SLF001  from outside, it only waits
            away = uploader.under_way or (following is not None and following.asking)
            done = under_way or not away
            return self._resting and not uploader._woken and done  # noqa: SLF001  the same

        with self._calm:
            if not self._calm.wait_for(resting, self._patience):
                raise TimeoutError("the uploader does not come to rest")
