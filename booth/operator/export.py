"""``booth export``: the morning after: pictures, tables, a report and a gallery of an event, into a folder."""

import argparse
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from booth.errors import BoothError
from booth.operator import options, owner, process
from booth.operator.command import Command
from booth.reading import shown

if TYPE_CHECKING:
    from booth.disk import Disk
    from booth.operator.exporting.ledger import Inventory
    from booth.operator.exporting.outboxes import Gathered
    from booth.operator.exporting.telling import ExportTeller
    from booth.operator.exporting.writing import Placed
    from booth.operator.finding.progress import Progress
    from booth.settings.loading import Loaded


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR",
                        help="an empty folder or a new one, or an earlier export, which is gone on with")  # fmt: skip
    parser.add_argument("--event", metavar="NAME", help="of this event (else of that in the settings)")
    parser.add_argument("--names", action="store_true", help="write the guests' names into the names of the files, too")
    parser.add_argument("--stick", metavar="LABEL",
                        help="onto the stick of that name, or that is mounted in that folder; DIR is a folder on it "
                        "(else the event's)")  # fmt: skip
    parser.add_argument("--outbox", action="append", type=Path, metavar="DIR", default=[],
                        help="this outbox, not that of the settings; several may be given")  # fmt: skip
    parser.add_argument("--from", dest="source", choices=("outbox", "bucket", "both"), default="outbox",
                        help="what is on the disk (without this), what is in the bucket, or all of it")  # fmt: skip
    parser.add_argument("--tell", type=Path, metavar="FILE",
                        help="have FILE say how far it is, in one line, as the booth's screen reads it")  # fmt: skip
    options.settings(parser)


def _wrong(arguments: argparse.Namespace) -> str:
    if arguments.folder is None and arguments.stick is None:
        return "name a folder: booth export DIR, or a stick: booth export --stick LABEL"
    if arguments.stick is not None and arguments.folder is not None and arguments.folder.is_absolute():
        return "with --stick, DIR is a folder on the stick: it does not begin with /"
    if arguments.source == "bucket" and arguments.outbox:
        return "--outbox is not read with --from bucket: say --from both"
    return ""


def _run(arguments: argparse.Namespace) -> int:
    """Gather, and write."""
    from booth.core.copying import CopyStage
    from booth.disk import RealDisk
    from booth.operator.exporting.telling import ExportTeller

    teller = ExportTeller(RealDisk(), arguments.tell)
    teller.begun()
    try:
        loaded = process.in_force(arguments)
        from booth import logs

        logs.configure("warning", "auto", sys.stderr)
        event = arguments.event or loaded.settings.event.name
        return export(arguments, loaded, event, _folder(arguments, event), teller)
    finally:
        if teller.goes_on:  # it has ended in a way that nobody told: Ctrl-C, say
            teller.stopped(CopyStage.BROKEN)


def of_outbox(arguments: argparse.Namespace, folder: Path) -> int:
    """Hand over what the outbox has of the event in the settings, for a command whose *arguments* name no more."""
    outbox = [arguments.outbox] if arguments.outbox is not None else []
    return _run(
        argparse.Namespace(
            folder=folder, event=None, names=False, stick=None, outbox=outbox, source="outbox", tell=None,
            config=arguments.config, set=arguments.set,
        )
    )  # fmt: skip


def _folder(arguments: argparse.Namespace, event: str) -> Path:
    from booth.operator.exporting import sticks
    from booth.outbox.keys import slug

    if arguments.stick is None:
        return Path(arguments.folder).absolute()
    return sticks.mounted(arguments.stick) / (arguments.folder or f"booth-{slug(event, 'event')}")


def export(arguments: argparse.Namespace, loaded: "Loaded", event: str, folder: Path, teller: "ExportTeller") -> int:
    """Write what there is of *event* into *folder*, and say what came of it; return the exit status."""
    from booth.core.copying import CopyStage
    from booth.operator.exporting import giving, handing, writing
    from booth.operator.finding.progress import Progress

    disk, progress = giving.disk(), Progress(sys.stderr)
    try:
        known = _known(disk, folder, event, teller)
        with ExitStack() as opened:  # a bucket is asked for its pictures when they are written
            found = _outboxes(arguments, loaded, event) if arguments.source != "bucket" else []
            if arguments.source != "outbox":
                found.append(_bucket(arguments, event, opened, progress))
            over = handing.over(event, found, known, people=arguments.names)
            if not over.ledger.visits:
                teller.stopped(CopyStage.NOTHING)
                others = ", ".join(sorted({shown(other) for one in found for other in one.others})) or "no other"
                raise BoothError(
                    f"there are no visits of {shown(event)}; name another event by --event ({others} is there)"
                )
            for above in reversed(folder.parents):
                if not disk.exists(above):
                    disk.mkdir(above, shared=True)
            done = writing.write(
                disk, folder, over.ledger, over.pictures, over.pages,
                partial(_tell, teller, progress, len(over.pictures)),
            )  # fmt: skip
            teller.ended(done, len(over.ledger.visits))
    except OSError as exc:
        teller.refused(exc)
        raise BoothError(
            f"{folder} takes no file ({exc.strerror}): make room, or name another; what is there already is whole"
        ) from None
    finally:
        progress.clear()
    print(said(done, len(over.ledger.visits), folder), file=sys.stderr)
    return 1 if done.missing else 0


def _tell(teller: "ExportTeller", progress: "Progress", of: int, done: "Placed") -> None:
    teller.placed(done, of)
    progress.tell(_bar(done, of))


def _known(disk: "Disk", folder: Path, event: str, teller: "ExportTeller") -> "Inventory | None":
    """Return what an earlier run knows of itself in *folder*. Raises `BoothError` where something else is."""
    from booth.core.copying import CopyStage
    from booth.operator.exporting import writing

    try:
        known = writing.before(disk, folder)
        if known is not None and known.event != event:
            raise BoothError(f"{folder} has an export of another event: name another folder, or that event")
    except BoothError:
        teller.stopped(CopyStage.REFUSED)
        raise
    return known


def _bucket(arguments: argparse.Namespace, event: str, opened: ExitStack, progress: "Progress") -> "Gathered":
    bucket = owner.bucket_of(arguments)
    from booth.drivers.seeking import sought
    from booth.operator.exporting import buckets
    from booth.operator.finding.visits import Seeker

    looked = 0

    def look(more: int) -> None:
        nonlocal looked
        looked += more
        progress.tell(f"booth: {looked} objects looked at")

    return buckets.gathered(opened.enter_context(Seeker(lambda: sought(bucket), look)), event)


def _outboxes(arguments: argparse.Namespace, loaded: "Loaded", event: str) -> "list[Gathered]":
    from booth.disk import RealDisk
    from booth.operator.exporting import outboxes
    from booth.operator.watching.findings import RUNTIME

    settings, found = loaded.settings, []
    for outbox in arguments.outbox or [settings.outbox.dir]:
        one = outboxes.gathered(
            outbox.absolute(), event, disk=RealDisk(), runtime=(RUNTIME,), booth=settings.booth.name
        )
        if one.booth == settings.booth.name:  # what other booths ask is in their own settings
            text = settings.form.consent_text
            kept = one.texts.get(one.booth, {})
            said = {"": text} if isinstance(text, str) else dict(text)
            one.texts = {
                one.booth: {**kept, **{code: each for code, each in said.items() if each not in kept.values()}}
            }
        found.append(one)
    return found


def _bar(done: "Placed", of: int) -> str:
    ready, width = done.pictures + done.missing, 24
    full = width * ready // max(of, 1)
    return f"booth: [{'#' * full}{' ' * (width - full)}] {ready} of {of} pictures, {done.size / 1e6:.1f} MB written"


def said(done: "Placed", visits: int, folder: Path) -> str:
    """Return what came of it, in lines."""
    many = f"{visits} visit{'s' if visits != 1 else ''}"
    lines = [f"booth: {many} in {folder}: {done.wrote} files written ({done.size / 1e6:.1f} MB of pictures)"]
    if not done.wrote and not done.removed:
        lines = [f"booth: {many} in {folder}: all was there, and nothing was written"]
    if done.removed:
        lines.append(f"booth: {done.removed} files went that are not of it any more")
    if done.missing:
        why = f" ({done.why})" if done.why else ""
        lines.append(f"booth: {done.missing} pictures are in none of the sources as they were delivered{why}")
    return "\n".join(lines)


COMMAND = Command(
    name="export",
    does="Hand an event over: pictures, tables, a report and a gallery, in a folder or on a stick.",
    more="Works while the booth runs, and changes nothing of what it has. With sudo, what is written belongs to you. "
    "What is in the folder already is not written again, and is gone on with: run it again after a cut, or at the next "
    "booth, and the visits of all are there once. "
    "Status 0: all is there; 1: something is not; 2: something makes no sense; 130: Ctrl-C.\n\nOf a bucket: "
    + owner.SAID,
    examples=(
        ("sudo booth export --event harvest-ball /home/pi/harvest-ball", "what is on this disk"),
        ("sudo booth export --stick PARTY", "the same onto a stick of that name, of the event in the settings"),
        ("booth export --outbox outbox-1 --outbox outbox-2 harvest-ball", "copies of two booths' outboxes"),
        ("booth export --from bucket --event harvest-ball harvest-ball", "what is in the bucket, at a desk"),
    ),
    options=_options,
    wrong=_wrong,
    run=_run,
)
