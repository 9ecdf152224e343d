"""Has a thousand guests of as many names visit one booth, and compares its needs at the end and at the beginning.

The booth is a process of its own, watched from outside: whenever a guest has left and it invites again, the kernel is
asked for its memory, its open files and its threads. What a guest felt, and what is in the bucket, the rehearsal says.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from lab import ROOT, products
from lab.bench.targets import machine
from lab.child import SIMULATE, Child, environment

GUESTS = 1000
SETTLED = 100
"""The number of guests after which, or a quarter of them if they are few, a booth has all that it needs."""
SPAN = 20
"""At the ends of so many visits, or half of those by which it settles, it is looked at, then and at the end."""

ENDS = 4
"""Visits at whose ends it is looked at what is open, at least: at some of them an upload is under way."""

GROWTH, SLOWER = 5.0, 20.0
"""Per cent that its memory may grow, and that its frames may take longer."""

PHOTOGRAPHS = "tests/photos/astronaut"
CAMERAS: Mapping[str, tuple[str, ...]] = {
    "painted": (),
    "photographs": (),
    "webcam": ("MJPG 1280x960 1/30", "MJPG 640x480 1/30"),
    "raw-webcam": ("YUYV 640x480 1/30",),
}
"""What takes the pictures: a camera that paints and compresses each; files as they are; or the webcam's own driver,
over a pretended device with these modes: one whose JPEGs are kept, and one whose every picture is compressed."""

SYLLABLES = (
    "ka", "lo", "mi", "né", "rü", "so", "tê", "vö", "zi", "ña", "ær",
    "ðo", "łu", "şe", "ğa", "my", "čo", "ři", "ωμ", "ηλ", "жа", "юк",
)  # fmt: skip
"""Names are made of these: short ones, and ones that fill the field, in letters of many languages."""
NAMES_SEED = 9

PROGRESS = 25
"""The number of guests after which comes a line that says how it goes."""

FONTS = (".ttf", ".ttc", ".otf")

NOTHING: Mapping[str, str] = {}

LINGERS = 10.0
"""Seconds that a file in /tmp may stay after the booth's end: it may be another program's, which is at work."""


class SoakError(Exception):
    """The booth could not be watched to its end. ``str()`` says why."""


@dataclass(frozen=True)
class Sample:
    """What a booth needs, as the kernel says, when a guest has left."""

    rss: float
    """Resident memory, in MiB."""
    files: int
    """Open files, pipes and sockets, but for fonts."""
    fonts: int
    """Open fonts: one for each face and size that a screen has needed so far, kept for good."""
    threads: int
    scratch: int
    """Files that are only on their way: prepared frames, and what is in the folder for temporary files."""


@dataclass(frozen=True)
class Finding:
    """One figure, and what it is held against."""

    name: str
    what: str
    before: str
    after: str
    limit: str
    holds: bool
    beside: str = ""
    """What else is known, to see the figure by."""


def people(guests: int) -> str:
    """Return so many guests with so many different names and addresses, as ``--names`` reads them. None is a person."""
    chance = random.Random(NAMES_SEED)  # noqa: S311  the same guests each time
    lines = []
    for number in range(1, guests + 1):
        syllables = chance.choices(SYLLABLES, k=chance.choice((2, 2, 3, 3, 12)))
        lines.append(f"{''.join(syllables).capitalize()} {number}\tguest{number}@example.org")
    return "\n".join(lines) + "\n"


def settled_by(guests: int) -> int:
    """Return after how many of so many guests the booth counts as settled."""
    return max(1, min(SETTLED, guests // 4))


def then_and_now(samples: Sequence[Sample]) -> tuple[Sequence[Sample], Sequence[Sample]]:
    """Return the samples of when the booth had settled, and those of the end."""
    settled = settled_by(len(samples))
    span = max(1, min(SPAN, settled // 2))
    return samples[settled - span : settled], samples[-span:]


def memory(samples: Sequence[Sample], limit: float) -> Finding:
    """Compare the resident memory: the middle of several visits' ends, for it breathes."""
    then, now = then_and_now(samples)
    before, after = (median(sample.rss for sample in some) for some in (then, now))
    grown = 100 * (after / before - 1)
    most = max(sample.rss for sample in samples)
    return Finding("memory", "resident memory at a guest's end, MiB", f"{before:.1f}", f"{after:.1f}",
                   f"< {limit:+g} %", grown < limit, f"{grown:+.1f} %; the most {most:.1f}")  # fmt: skip


def files(samples: Sequence[Sample]) -> Finding:
    """Compare the open files. A screen that is seldom shown may open its font late: those are told, and no leak."""
    found = held("files", "open files, pipes and sockets", samples, lambda one: one.files)
    then, now = then_and_now(samples)
    return replace(found, beside=f"{found.beside}; and fonts, one a face and size: {then[-1].fonts}, {now[-1].fonts}")


def held(name: str, what: str, samples: Sequence[Sample], of: Callable[[Sample], int]) -> Finding:
    """Compare what must stay the same: the least of several visits' ends, for an upload may be under way at others."""
    then, now = then_and_now(samples)
    now = samples[-max(len(now), ENDS) :]
    before, after = (min(of(sample) for sample in some) for some in (then, now))
    most = max(of(sample) for sample in samples)
    return Finding(name, what, str(before), str(after), "as many", after <= before, f"the most {most}")


def smoothness(lines: Sequence[Mapping[str, Any]], summary: Mapping[str, Any], limit: float) -> Finding:
    """Compare how long the slowest frames take.

    A machine that is shared is slow for a while, a booth that gets slower works more for every frame. So it is missed
    only if the loop spends more of the processor on its dearest frames, too: its own seconds, not those of the clock.
    """
    before, after = summary["frame_time_p99_first_s"], summary["frame_time_p99_last_s"]
    cost, costs = summary["frame_cpu_p99_first_s"], summary["frame_cpu_p99_last_s"]
    slower = [100 * (ratio - 1) for ratio in (after / before, costs / cost)]
    beside = f"{slower[0]:+.0f} %; of the processor's time {1e3 * cost:.1f} and {1e3 * costs:.1f}, {slower[1]:+.0f} %"
    lot = max(1, min(SETTLED, -(-len(lines) // 4)))
    return Finding("frames", f"p99 frame time of {lot} guests, 1/1000 s", f"{1e3 * before:.1f}", f"{1e3 * after:.1f}",
                   f"<= {limit:+g} %", min(slower) <= limit, beside)  # fmt: skip


def leftovers(names: Sequence[str]) -> Finding:
    """Say which temporary files are still there after the end."""
    return Finding("leftovers", "temporary files after the end", "", str(len(names)), "0", not names, ", ".join(names))


def keeping(guests: int, status: int, summary: Mapping[str, Any]) -> Finding:
    """Say whether all that the guests left with the booth is in the bucket, and nothing waits."""
    stored, outbox = summary["stored"], summary["outbox"]
    waits = sum(outbox[place] for place in ("open", "pending", "failed"))
    kept = status == 0 and stored == guests and not waits
    return Finding("lost", "guests not in the bucket, or waiting", "", str(guests - stored + waits), "0", kept,
                   f"{stored} read back, with their details")  # fmt: skip


# --- How it is watched -----------------------------------------------------------------------------------------------


def sample(pid: int, folders: Iterable[Path]) -> Sample:
    """Ask the kernel how process *pid* is, and count the files in *folders*. Raises OSError if it has ended."""
    process = Path("/proc") / str(pid)
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
    files = [_opened(descriptor) for descriptor in (process / "fd").iterdir()]
    fonts = sum(file.endswith(FONTS) for file in files)
    scratch = sum(len(names) for folder in folders for _, _, names in os.walk(folder))
    return Sample(int(status["VmRSS"].split()[0]) / 1024, len(files) - fonts, fonts, int(status["Threads"]), scratch)


def _opened(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:
        return "closed meanwhile"


@dataclass(frozen=True)
class Run:
    """What came of it."""

    samples: list[Sample]
    """At the end of each visit, in order."""
    lines: list[dict[str, Any]]
    """What the rehearsal said of each guest."""
    summary: dict[str, Any]
    status: int
    leftovers: list[str]


def soak(guests: int, place: Path, camera: str, besides: Mapping[str, str] = NOTHING) -> Run:
    """Have *guests* visit a booth that keeps everything in *place*, an empty folder. Raises `SoakError`.

    *besides* is what else is in the booth's environment.
    """
    outbox, temporary, names = place / "outbox", place / "tmp", place / "names"
    temporary.mkdir()
    names.write_text(people(guests), encoding="utf-8")
    strangers = set(_of_gm())
    program, pretended = before(camera, place)
    environ = environment(str(place / "state")) | pretended | dict(besides)
    argv = (
        *(*program, "--guests", str(guests), "--names", str(names)),
        *("--set", f"outbox.dir={outbox}", "--set", "log.format=json"),
    )
    samples: list[Sample] = []
    with Child(argv, environ | {"TMPDIR": str(temporary)}) as child:
        _watch(child, (outbox / "scratch", temporary), samples, guests)
        status, out = child.whole(None)
        told = [json.loads(line) for line in out.splitlines()]
        if len(told) != guests + 1 or len(samples) < guests:
            raise SoakError(f"the booth ended, with status {status}, after {len(samples)} guests:\n{child.last}")
    left = [str(path.relative_to(place)) for path in (*temporary.rglob("*"), *outbox.rglob("*.part"))]
    left += ["outbox/scratch"] if (outbox / "scratch").exists() else []
    return Run(samples, told[:-1], told[-1], status, [*left, *_lingering(strangers)])


def before(camera: str, place: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return what Python is to run for a booth before this *camera*, and what is to be in its environment.

    What a webcam takes is put into *place*. Raises `SoakError` if no device can be pretended here.
    """
    if camera == "photographs":
        return (*SIMULATE, "--fast", "--frames", PHOTOGRAPHS), {}
    if not CAMERAS[camera]:
        return (*SIMULATE, "--fast"), {}
    from booth.pictures import covering, decoded, encoded
    from lab.webcam.v4l2 import Floor, compiled, measures

    try:
        library = compiled(place / "floor.so")
    except (OSError, subprocess.SubprocessError) as exc:
        raise SoakError(f"a webcam is pretended by a library in C, and that cannot be compiled ({exc})") from None
    floor = Floor(place / "floor")
    photograph = decoded(next((ROOT / PHOTOGRAPHS).glob("*.jpg")).read_bytes())
    for mode in CAMERAS[camera]:
        size = mode.split()[1]
        floor.picture(size, encoded(covering(photograph, measures(size))))
    floor.webcam("video0", *CAMERAS[camera])
    pretended = {"LD_PRELOAD": str(library), "V4L2_FLOOR": str(floor.devices)}
    return ("-m", "lab.webcam.booth", str(floor.devices)), pretended


def _watch(child: Child, folders: Sequence[Path], samples: list[Sample], guests: int) -> None:
    """Follow the booth's log until it ends, and look at it at the end of each visit."""
    inside = False
    for fact in child.facts():
        state = fact["state"] if fact["event"] == "visit.state" else None
        if state == "Attract" and inside:
            try:
                samples.append(sample(child.pid, folders))
            except (OSError, KeyError):
                continue  # it has ended at this very moment; the lines say why
            _progress(samples, child.began, guests)
        inside = state == "Farewell" if state is not None else inside


def _progress(samples: Sequence[Sample], began: float, guests: int) -> None:
    count, last = len(samples), samples[-1]
    if count % PROGRESS == 0 or count == guests:
        print(f"guest {count:5}, {time.monotonic() - began:6.0f} s: {last.rss:6.1f} MiB, {last.files} files, "
              f"{last.threads} threads", file=sys.stderr, flush=True)  # fmt: skip


def _of_gm() -> Iterator[str]:
    return (str(path) for pattern in ("gm*", "magick*") for path in Path("/tmp").glob(pattern))  # noqa: S108  gm's own


def _lingering(strangers: set[str]) -> list[str]:
    """Return what gm has left in /tmp, beside *strangers*; what soon goes is of another gm, which is at work."""
    until = time.monotonic() + LINGERS
    while (found := set(_of_gm()) - strangers) and time.monotonic() < until:
        time.sleep(0.5)
    return sorted(found)


# --- What is printed -------------------------------------------------------------------------------------------------


def table(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the lines that say what was found, then and now."""
    yield f"{'':45}{'settled':>9}{'end':>9}{'target':>11}"
    for found in findings:
        verdict = "holds" if found.holds else "MISSED"
        yield f"{found.what:45}{found.before:>9}{found.after:>9}{found.limit:>11}  {verdict:8}{found.beside}".rstrip()


def judged(run: Run, growth: float, slower: float) -> list[Finding]:
    """Return what there is to say of a run."""
    return [
        memory(run.samples, growth),
        files(run.samples),
        held("threads", "threads", run.samples, lambda one: one.threads),
        held("scratch", "temporary files at a guest's end", run.samples, lambda one: one.scratch),
        leftovers(run.leftovers),
        smoothness(run.lines, run.summary, slower),
        keeping(len(run.lines), run.status, run.summary),
    ]


def verdict(findings: Sequence[Finding]) -> tuple[str, int]:
    """Return the last line, and the exit status."""
    missed = [found.name for found in findings if not found.holds]
    if missed:
        return f"soak: {len(missed)} of {len(findings)} figures MISSED: {', '.join(missed)}", 1
    return f"soak: all {len(findings)} figures hold", 0


def main(argv: Sequence[str] | None = None) -> int:
    """Watch a booth, print what was found, and return the exit status: 0 when every figure holds."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description="Have many guests visit one booth.")
    parser.add_argument("--guests", type=int, default=GUESTS, metavar="N", help=f"8 or more; {GUESTS} unless given")
    parser.add_argument("--growth", type=float, default=GROWTH, metavar="PERCENT",
                        help=f"what its memory may grow after it has settled; {GROWTH:g} unless given")  # fmt: skip
    parser.add_argument("--slower", type=float, default=SLOWER, metavar="PERCENT",
                        help=f"what its frames may take longer at the end; {SLOWER:g} unless given")  # fmt: skip
    parser.add_argument("--camera", choices=CAMERAS, default="painted",
                        help="what takes the pictures; one that paints unless given. A webcam's driver is the real one,"
                             " over a device that is pretended")  # fmt: skip
    parser.add_argument("--products", action="store_true",
                        help="of each visit all is made that guests can take home: clip, strip and page, too, and a"
                             " layout on them")  # fmt: skip
    given = parser.parse_args(argv)
    if given.guests < 8:
        parser.error("a booth that was visited by fewer than 8 guests has not settled")

    print(machine(), flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        try:
            besides = products.environment() if given.products else NOTHING
            run = soak(given.guests, Path(place), given.camera, besides)
        except SoakError as exc:
            print(exc)
            print("soak: MISSED: the booth did not come to its end")
            return 1
    findings = judged(run, given.growth, given.slower)
    print(f"{given.guests} guests in {time.monotonic() - began:.0f} s; settled after {settled_by(given.guests)}")
    for line in table(findings):
        print(line)
    last, status = verdict(findings)
    print(last)
    return status


if __name__ == "__main__":
    sys.exit(main())
