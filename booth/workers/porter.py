"""Who does what the operator's screen asks for: judges PINs, keeps what was changed, does what is to be done."""

from collections.abc import Callable
from typing import Protocol

from booth.core.operating import (
    Admitted,
    Deed,
    Dial,
    DialsKept,
    DoDeed,
    DoorFound,
    FindDoor,
    KeepDials,
    LookRound,
    Refused,
    Request,
    Sight,
    Sighted,
    TryPin,
)
from booth.units import Seconds
from booth.workers.worker import Hire, Now, Post, Worker, failed


class Knocked(Protocol):
    """What came of a try."""

    @property
    def right(self) -> bool:
        """Whether it was the PIN."""
        ...

    @property
    def wait(self) -> Seconds:
        """How long nobody may try another."""
        ...


class Doors(Protocol):
    """The door to the operator's screen. Every method blocks, and none raises."""

    def there(self) -> bool:
        """Return whether there is a PIN."""
        ...

    def wait(self) -> Seconds:
        """Return how long nobody may try one."""
        ...

    def knock(self, pin: str) -> Knocked:
        """Return what comes of trying *pin*."""
        ...


class Porter:
    """One thread: a PIN takes a while to be judged, and a disk to take what was changed."""

    def __init__(
        self,
        door: Doors,
        *,
        look: Callable[[], Sight],
        keep: Callable[[tuple[Dial, ...]], None],
        do: Callable[[Deed], None],
        post: Post,
        now: Now,
        hire: Hire = Worker,
    ) -> None:
        """*keep* has the medium hold how dials stand, and raises if it does not; *do* does something with the booth."""
        self._door = door
        self._look = look
        self._keep = keep
        self._do = do
        self._post = post
        self._now = now
        self.worker = hire("porter", now)

    def carry_out(self, request: Request) -> None:
        """Have it done, one after the other. Does not block."""
        self.worker.do(lambda: self._carry_out(request))

    def _carry_out(self, request: Request) -> None:
        match request:
            case FindDoor():
                if self._door.there():
                    self._post(DoorFound(self._now(), self._door.wait()))
            case TryPin(pin=pin):
                knocked = self._door.knock(pin)
                self._post(Admitted(self._now()) if knocked.right else Refused(self._now(), knocked.wait))
            case LookRound():
                self._post(Sighted(self._now(), self._look()))
            case KeepDials(dials=dials):
                try:
                    self._keep(dials)
                except Exception as exc:
                    failed("operator.not_kept", exc)
                    self._post(DialsKept(self._now(), kept=False))
                else:
                    self._post(DialsKept(self._now(), kept=True))
            case DoDeed(deed=deed):
                self._do(deed)
