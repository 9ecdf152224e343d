"""Writes what commands really print, and what the outbox really sends, into the pages: between marks in them.

The evening that they are about never was. Its visits are put into an outbox as the booth does it, on a clock that is
moved by hand; so each run prints the same.
"""

import argparse
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from booth import __version__, choices
from booth.bulletin import FILE, Bulletin, Parts, find
from booth.core.night import Counted, Night, Phase, Spans
from booth.core.visit import Guest, SessionId
from booth.disk import RealDisk
from booth.drivers.probing import Trip
from booth.examining import checks
from booth.examining.findings import Finding, Premises
from booth.examining.running import examine
from booth.operator import export
from booth.operator.examining import faces
from booth.operator.exporting import handing, outboxes, writing
from booth.operator.surveying import figures
from booth.operator.surveying.looks import Glance
from booth.operator.surveying.survey import Seen
from booth.operator.visits import acting, saying, showing
from booth.operator.visits.erasing import Erasure, Fate
from booth.operator.watching import forms, words
from booth.operator.watching.findings import Findings, gather
from booth.outbox.nights import Day, Nights, day_of
from booth.outbox.replication import Replication
from booth.outbox.shelf import Shelf
from booth.outbox.spool import Spool
from booth.ports import GIF, CopyState
from booth.settings.model import Settings
from booth.troubles import Trouble
from booth.units import Seconds
from lab import ROOT
from lab.clock import HandClock, placed
from lab.pages import machine, objects

PAGES = tuple(ROOT / "docs" / page for page in ("bucket.md", "network.md", "operating.md"))

EVENING = 1_795_381_200.0
"""2026-11-22 21:00:00 UTC, in seconds since 1970."""

UNSTEADY = {"gm", "fonts"}
"""Checks of what is installed here, which the page cannot know."""

GUESTS = (Guest("Zoë", "zoe@example.org", consent=True), None, Guest("Ada", "ada@example.org"), None, None)
MARK = re.compile(r"(<!-- ([a-z ]+) -->\n```[a-z]*\n).*?(```\n)", re.DOTALL)


class RoomyDisk(RealDisk):
    """A disk with as much room as that of the page, which syncs nothing."""

    def sync(self, file: Path) -> None:
        """Do nothing: no power is cut here."""

    def sync_folder(self, folder: Path) -> None:
        """Do nothing."""

    def free(self, folder: Path) -> int:
        """Return the room on a card of 32 GB."""
        return 21_400_000_000


@dataclass(frozen=True)
class Evening:
    """An outbox at an evening."""

    outbox: Path
    clock: HandClock
    sessions: tuple[SessionId, ...]

    def found(self, *, runs: bool) -> Findings:
        """Return what `booth status` finds, whether the booth runs or not."""
        if runs:
            self._tell()
        return gather(
            self.outbox,
            min_free_mb=500,
            keep_days=30,
            keep_details_days=7,
            disk=RoomyDisk(),
            clock=self.clock,
            runtime=(),
            thermal=self.outbox.parent / "temperature",
        )

    def examined(self) -> list[Finding]:
        """Return what `booth doctor` finds on a machine with two faults, but for what is installed here."""
        self._tell()
        disk = RoomyDisk()
        root, tools = machine.pretended(self.outbox.parent)
        settings = Settings()
        premises = Premises(
            settings=settings, outbox=self.outbox, disk=disk, clock=self.clock, deadline=self.clock.now(), root=root,
            tools=str(tools), bulletin=find(disk, [self.outbox], self.outbox),
        )  # fmt: skip
        shown = [check for check in checks.CHECKS if check.name not in UNSTEADY]
        return list(examine(shown, premises, within=Seconds(120.0)))

    def _tell(self) -> None:
        uptime = self.clock.uptime()
        bulletin = Bulletin(
            __version__, os.getpid(), uptime.boot, uptime.seconds - 2.0, 0.0, EVENING - 11_000.0, 10_998.0,
            str(self.outbox), "harvest-ball", "Booth 1", "Attract", (), (), "offline",
            "offline, 2 GIFs not sent yet, 1 set aside in failed/: https://s3.example.com does not answer; look at "
            "the network",
            (
                Trouble("camera lost", "no frame within 10 s; look at its cable", EVENING - 8000.0),
                Trouble("uploads", "https://s3.example.com does not answer; look at the network", EVENING - 95.0, 7),
            ),
            Parts("picamera2", "right", "KMSDRM 800x480", 61, 138, 10.0, 4.2),
        )  # fmt: skip
        (self.outbox / FILE).write_bytes(bulletin.written())


def evening(folder: Path) -> Evening:
    """Make an evening below *folder*: a visit that was sent, two that wait, one that failed, and one that goes on."""
    clock = HandClock(wall=EVENING - 11_000.0, boot="a boot")
    outbox = folder / "outbox"
    (folder / "temperature").write_text("51300\n")
    sessions = tuple(SessionId(f"20261122-20{10 * n:02}12-{letter * 10}") for n, letter in enumerate("kqvxz"))
    with Spool(
        outbox, event="harvest-ball", booth="Booth 1", key_template="{event}/{date}/{session}.gif", wall=clock.wall,
        min_free_mb=0, keep_days=30, disk=RoomyDisk(),
    ) as spool:  # fmt: skip
        for number, (session, guest) in enumerate(zip(sessions, GUESTS, strict=True)):
            clock.advance(600.0)
            spool.open(session)
            for shot in range(1, 5):
                spool.shot(session, shot).write_bytes(b"\xff\xd8" + bytes(610_000))
                spool.keep(session, shot)
            if number < len(sessions) - 1:
                spool.animation(session).write_bytes(b"GIF89a" + session.encode() + bytes(900_000))
                spool.note(session, guest)
                spool.commit(session)
        parcel = spool.queue().parcel(sessions[0])
        spool.queue().confirm(sessions[0], parcel.key, parcel.md5)
        clock.advance(8.0)
        said = {"aws-archive": CopyState.COMPLETED, "gcp-web": CopyState.COMPLETED, "azure-dr": CopyState.PENDING}
        spool.sent().note(sessions[0], Replication().heard(GIF.file, said, clock.wall()))
        spool.queue().refuse(sessions[1], "the bucket does not take it: EntityTooLarge; raise its limit, then retry it")
        spool.queue().attempted(sessions[2])
    night = Night(
        {
            Counted.BEGUN: 61, Counted.POSED: 60, Counted.SENT: 41, Counted.SKIPPED: 12, Counted.WALKED_AWAY: 3,
            Counted.RETAKEN: 3, Counted.DELETED: 1, Counted.BROKEN_OFF: 1,
        },
        {
            Phase.POSING: _spans(17.0, 18.5), Phase.FRAME: _spans(0.4, 0.6), Phase.ANIMATION: _spans(0.9, 1.4),
            Phase.FORM: _spans(24.0, 63.0), Phase.SAVING: _spans(0.1, 0.3), Phase.DELIVERY: _spans(2.1, 94.0),
        },
    )  # fmt: skip
    Nights(outbox, RoomyDisk()).put(day_of(EVENING), Day({"harvest-ball": night}, EVENING - 4000.0))
    clock.advance(EVENING - clock.wall())
    return Evening(outbox, clock, sessions)


def _spans(half: float, most: float) -> Spans:
    spans = Spans()
    for seconds in (*(half,) * 17, *(most,) * 3):
        spans = spans.having(Seconds(seconds))
    return spans


def printed(here: Evening) -> Mapping[str, Callable[[], str]]:
    """Return what is printed behind each mark that is about the evening *here*, or about no visit."""
    return {
        "status": lambda: words.page(here.found(runs=True), colours=False),
        "status json": lambda: forms.as_json(here.found(runs=True)).replace(str(here.outbox), "/var/lib/booth/outbox"),
        "status without a booth": lambda: words.page(here.found(runs=False), colours=False),
        "doctor": lambda: _doctor(here),
        "outbox list": lambda: showing.table(list(Shelf(here.outbox).visits())),
        "outbox show": lambda: _shown(here, here.sessions[1]),
        "outbox show copies": lambda: _shown(here, here.sessions[0]),
        "outbox forget": lambda: _forgotten(here),
        "export": lambda: _exported(here),
        "net": _surveyed,
    }


def _doctor(here: Evening) -> str:
    found = here.examined()
    return "\n".join([*(faces.row(finding, colours=False) for finding in found), faces.summary(found)])


def _exported(here: Evening) -> str:
    folder = here.outbox.parent / "harvest-ball"
    found = outboxes.gathered(here.outbox, "harvest-ball", disk=RoomyDisk())
    over = handing.over("harvest-ball", [found], None)
    done = writing.write(RoomyDisk(), folder, over.ledger, over.pictures, over.pages)
    return export.said(done, len(over.ledger.visits), Path("/home/pi/harvest-ball"))


def _shown(here: Evening, session: SessionId) -> str:
    shelf = Shelf(here.outbox)
    visit = next(visit for visit in shelf.visits() if visit.session == session)
    page = showing.page(showing.details(visit, shelf, names=False), visit)
    return page.replace(str(here.outbox), "/var/lib/booth/outbox")


def _forgotten(here: Evening) -> str:
    bucket = replace(choices.bucket_of(Settings()), endpoint_url="https://s3.example.com", bucket="booth")
    done = acting.forget(RoomyDisk(), here.outbox, here.sessions[:1], wall=here.clock.wall)
    refused = {key: Erasure(Fate.STAYS) for one in done if one.stone is not None for key in one.stone.keys}
    return saying.Forgotten(done, bucket, (), refused).page()


def _surveyed() -> str:
    """Return what `booth net` prints of a network that stutters."""
    uploads = [Trip(412_034, total, 0.21) for total in (2.96, 3.12, 3.05, 9.80, 3.31)]
    looks = [Glance(0.41 if number == 7 else 0.18, naming=0.021, ahead=0.0) for number in range(24)]
    seen = Seen(412_034, trips=uploads, looks=looks)
    stage = figures.Setting("https://s3.example.com", linked=True, shown=25.0)
    came = figures.figures_of(seen, stage)
    return "\n".join([figures.table(came), "", *figures.sentences(came, stage)])


def written(page: str) -> str:
    """Return *page* with what is printed between its marks. Raises KeyError for a mark that nothing is printed for."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    try:
        with placed("UTC"), tempfile.TemporaryDirectory() as folder:

            def filled(found: re.Match[str]) -> str:
                with tempfile.TemporaryDirectory(dir=folder) as one:
                    print_it = {**printed(evening(Path(one))), **objects.printed(Path(one))}[found[2]]
                    return f"{found[1]}{print_it()}\n{found[3]}"

            return MARK.sub(filled, page)
    finally:
        structlog.reset_defaults()


def main(argv: list[str] | None = None) -> int:
    """Write the pages, or say which of them are not as they would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; status 1 if a page is not as printed")
    arguments = parser.parse_args(argv)
    wrong = 0
    for path in PAGES:
        there = path.read_text(encoding="utf-8")
        page = written(there)
        if not arguments.check:
            path.write_text(page, encoding="utf-8")
        elif page != there:
            wrong = 1
            print(f"{shlex.quote(str(path.relative_to(ROOT)))} is not what is printed: run scripts/operating")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
