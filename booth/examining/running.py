"""Carries checks out, side by side, each until its deadline: what hangs or breaks is a finding, and never the end.

A check mostly waits, so each has a thread of its own. One that does not come back is left behind, on a thread that ends
with the process.
"""

import queue
from collections.abc import Iterator, Sequence
from dataclasses import replace

import structlog

from booth.errors import BoothError
from booth.examining.findings import Check, Finding, Premises, Sign
from booth.threads import Loop
from booth.units import Seconds, later

ALL = Seconds(18.0)
"""How long all of them together may take, but for those that wait for somebody's hand."""

QUICK = Seconds(1.5)
"""The same, of the quick ones."""

HAND = Seconds(30.0)
"""How long a hand is waited for, at the button and on the screen."""

log = structlog.get_logger()


class _Run:
    """One check, on its thread."""

    def __init__(self, check: Check, premises: Premises) -> None:
        self.check = check
        self.premises = premises
        self._found: queue.SimpleQueue[Finding | None] = queue.SimpleQueue()
        Loop(f"check {check.name}", self._look).start()

    def findings(self) -> Iterator[Finding]:
        """Give what is found, as soon as it is, and at the deadline that there was none."""
        while True:
            try:
                finding = self._found.get(timeout=self.premises.left)
            except queue.Empty:
                yield self._late()
                return
            if finding is None:
                return
            yield finding

    def _look(self) -> None:
        try:
            for finding in self.check.look(self.premises):
                self._found.put(finding)
        except BoothError as exc:
            self._found.put(_broken(self.check.name, str(exc)))
        except Exception as exc:
            log.warning("doctor.check_failed", check=self.check.name, exc_info=True)
            self._found.put(
                Finding(
                    self.check.name,
                    Sign.BAD,
                    f"the check itself failed ({type(exc).__name__})",
                    cure="this is a mistake in the booth's program: report it with what booth doctor says",
                )
            )
        finally:
            self._found.put(None)

    def _late(self) -> Finding:
        return Finding(
            self.check.name,
            Sign.BAD,
            "no answer",
            f"{self.check.within:g} s",
            f"something that it asks hangs: booth doctor --only {self.check.name} tries it alone, else restart "
            "the machine",
        )


def _broken(name: str, said: str) -> Finding:
    """Return what an error says: what is so, then what to do, behind the first colon or semicolon that tells it."""
    what, sign, cure = said.partition(": ")
    if not sign:
        what, sign, cure = said.partition("; ")
    return Finding(name, Sign.BAD, what, cure=cure or "look into the log: journalctl -u booth")


def examine(checks: Sequence[Check], premises: Premises, *, within: Seconds = ALL) -> Iterator[Finding]:
    """Carry the checks out, all at once, and give what they find in their order, each as soon as it is its turn.

    Blocks until the last is done, *within* at most (and `HAND` for a hand). Raises nothing.
    """
    hand = HAND if premises.press or premises.touch else Seconds(0.0)
    end = later(premises.clock.now(), Seconds(within + hand))
    runs = [
        _Run(check, replace(premises, deadline=min(end, later(premises.clock.now(), Seconds(check.within + hand)))))
        for check in checks
    ]
    for run in runs:
        yield from run.findings()
