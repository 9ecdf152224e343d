"""Throws seeded nonsense at a part of the booth, case after case, and counts what came of it.

A kind of nonsense is a module in ``lab/fuzzing``: its docstring says what must hold, and its one function is ::

    @contextlib.contextmanager
    def prepared(folder: Path) -> Iterator[Callable[[random.Random], str]]: ...

It yields what tries one case: everything by chance comes from the generator that it is given, so that a case can be had
again by its number alone. It returns a word for what became of the case, `REFUSED` where the booth refused it in words,
and raises `Violation` where a promise was broken. Any other exception is a violation too.
"""

import argparse
import contextlib
import importlib
import itertools
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab import fuzzing
from lab.fuzzing import Violation

SECONDS = 60.0
"""How long it goes on, if nobody says."""

SEED = 1

TOLD = 10
"""How many violations are told in words. All are counted."""

Try = Callable[[random.Random], str]
"""Tries one case; returns what became of it, or raises."""


@dataclass
class Figures:
    """What came of it."""

    kind: str
    seed: int
    seconds: float = 0.0
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    violations: int = 0
    told: list[str] = field(default_factory=list)
    """The first few violations: the number of the case, and what was broken."""

    def as_json(self) -> str:
        """Return them in one line."""
        facts: dict[str, Any] = {
            "kind": self.kind,
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "cases": self.cases,
            "refused": self.outcomes["refused"],
            "violations": self.violations,
            "outcomes": dict(sorted(self.outcomes.items())),
        }
        return json.dumps(facts)


def kinds() -> dict[str, str]:
    """Return the kinds of nonsense there are, and the first sentence of each."""
    found = {}
    for path in sorted(Path(fuzzing.__file__).parent.glob("*.py")):
        if not path.stem.startswith("_"):
            found[path.stem] = path.read_text(encoding="utf-8").partition("\n")[0].strip('"')
    return found


def prepared(kind: str) -> Callable[[Path], AbstractContextManager[Try]]:
    """Return what prepares *kind*."""
    made: Callable[[Path], AbstractContextManager[Try]] = importlib.import_module(f"lab.fuzzing.{kind}").prepared
    return made


def generator(seed: int, case: int) -> random.Random:
    """Return where chance comes from in a *case*: the same on every machine."""
    return random.Random(f"{seed}-{case}")  # noqa: S311  to be had again is what it is for


def fuzz(
    kind: str,
    prepare: Callable[[Path], AbstractContextManager[Try]],
    *,
    seed: int,
    seconds: float,
    cases: Iterator[int],
) -> Figures:
    """Try *cases* of *kind* for *seconds*, one after the other; return what came of it."""
    figures = Figures(kind, seed)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"booth-fuzz-{kind}-") as folder, prepare(Path(folder)) as attempt:
        for case in cases:
            try:
                figures.outcomes[attempt(generator(seed, case))] += 1
            except Violation as exc:
                _count(figures, case, str(exc))
            except Exception:  # noqa: BLE001  whatever was raised was not to be
                _count(figures, case, traceback.format_exc(limit=-6).strip())
            figures.cases += 1
            figures.seconds = time.monotonic() - began
            if figures.seconds >= seconds:
                break
    return figures


def _count(figures: Figures, case: int, what: str) -> None:
    figures.violations += 1
    if len(figures.told) < TOLD:
        figures.told.append(f"case {case}: {what}")


def main() -> int:
    """Run what was asked for; return 0 if nothing was violated."""
    offered = kinds()
    parser = argparse.ArgumentParser(
        prog="scripts/fuzz",
        description="Throws seeded nonsense at a part of the booth. Prints its figures as JSON.",
        epilog="\n".join(f"{kind:12}{says}" for kind, says in offered.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", metavar="KIND", choices=offered, help=f"one of {', '.join(offered)}")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"how long it goes on ({SECONDS:.0f})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"which nonsense ({SEED})")
    parser.add_argument("--case", type=int, help="only this case")
    given = parser.parse_args()
    cases = itertools.count() if given.case is None else iter((given.case,))
    figures = fuzz(given.kind, prepared(given.kind), seed=given.seed, seconds=given.seconds, cases=cases)
    for what in figures.told:
        print(f"fuzz: seed {given.seed}, {what}", file=sys.stderr)
    print(figures.as_json())
    if figures.violations:
        again = f"scripts/fuzz {given.kind} --seed {given.seed} --case N"
        print(f"fuzz: {figures.violations} violations; to have one of them again: {again}", file=sys.stderr)
    return 1 if figures.violations else 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
