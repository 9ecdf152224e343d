"""``booth find``: what is in the bucket, by what is known of it. Each that is shown was looked at by itself."""

import argparse
import io
import sys
import unicodedata
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from booth.operator import options, owner
from booth.operator.command import Command

if TYPE_CHECKING:
    from booth.operator.finding.clauses import Clause
    from booth.operator.finding.progress import Progress
    from booth.operator.finding.visits import Hit, Seeker


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="?", metavar="QUESTION",
                        help="in the language of Zenko's search: x-amz-meta-event=\"party\" AND ...")  # fmt: skip
    parser.add_argument("--name", type=_text, metavar="TEXT", help="whose name has this in it")
    parser.add_argument(
        "--email", type=_text, metavar="ADDRESS", help="whose address this is; @example.org: all addresses there"
    )
    parser.add_argument("--event", type=_text, metavar="NAME", help="at this event, named as in the settings")
    parser.add_argument("--booth", type=_text, metavar="NAME", help="taken by this booth (else by all)")
    parser.add_argument("--since", type=_since, metavar="TIME",
                        help="taken then or later, by this machine's time: 2026-11-22 or 2026-11-22T18:30")  # fmt: skip
    parser.add_argument("--consent", action="store_true", help="whose guest agreed")
    parser.add_argument("--not-replicated", action="store_true",
                        help="that is not, or not yet, wherever it was to be")  # fmt: skip
    parser.add_argument("--tests", action="store_true", help="also the trials that operators have begun")
    parser.add_argument("--first-names", action="store_true",
                        help="show no address, and of names the first word, where others look on")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--csv", action="store_true", help="print CSV, for a spreadsheet")
    parser.add_argument("--download", type=Path, metavar="DIR",
                        help="fetch the pictures, too; what is there already is not fetched again")  # fmt: skip
    options.settings(parser)


def _text(text: str) -> str:
    if not 1 <= len(text) <= 500:
        raise argparse.ArgumentTypeError("expected 1 to 500 characters")
    return unicodedata.normalize("NFC", text)


def _since(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError("expected a day or a time, such as 2026-11-22 or 2026-11-22T18:30") from None
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _wrong(arguments: argparse.Namespace) -> str:
    return "--json and --csv are two ways to print: leave one out" if arguments.json and arguments.csv else ""


def clause_of(arguments: argparse.Namespace) -> "Clause | None":
    """Return what is looked for; None for all. Raises `ConfigError` where the question makes no sense."""
    from booth.operator.finding import language
    from booth.operator.finding.clauses import COMPLETED, META, STATUS, Compare, Like, Since, both

    def whole(name: str, text: str) -> Like:
        return Like(META + name, (text,), begins=True, ends=True, any_case=True)

    wanted: list[Clause] = []
    if arguments.question is not None:
        wanted.append(language.read(arguments.question))
    if arguments.name is not None:
        wanted.append(Like(f"{META}name", (arguments.name,), any_case=True))
    if arguments.email is not None:
        domain = arguments.email.startswith("@")
        wanted.append(Like(f"{META}email", (arguments.email,), begins=not domain, ends=True, any_case=True))
    wanted += [whole(name, text) for name in ("event", "booth") if (text := getattr(arguments, name)) is not None]
    if arguments.since is not None:
        wanted.append(Since(arguments.since))
    if arguments.consent:
        wanted.append(Compare(f"{META}consent", "=", "yes"))
    if arguments.not_replicated:
        wanted.append(Compare(STATUS, "!=", COMPLETED))
    return reduce(both, wanted, None)


def _trials_asked(arguments: argparse.Namespace) -> bool:
    """Return whether operators' trials are looked for, too: by the option, or because the question is about them."""
    from booth.operator.finding.clauses import META
    from booth.outbox.metadata import TEST

    return arguments.tests or META + TEST in (arguments.question or "").lower()


def _run(arguments: argparse.Namespace) -> int:
    """Find, show, and fetch."""
    clause, trials = clause_of(arguments), _trials_asked(arguments)
    bucket = owner.bucket_of(arguments)
    from booth.drivers.seeking import sought
    from booth.operator.finding import asking
    from booth.operator.finding.progress import Progress
    from booth.operator.finding.visits import Seeker
    from booth.outbox.metadata import is_test

    progress, looked = Progress(sys.stderr), 0

    def look(more: int) -> None:
        nonlocal looked
        looked += more
        progress.tell(f"booth: {looked} objects looked at")

    found: list[Hit] = []
    stopped = False
    with Seeker(lambda: sought(bucket), look) as seeker:
        question = asking.question(clause) if clause is not None else ""
        searched = bool(question) and seeker.bucket.searches()
        try:
            for each in seeker.visits(clause, question if searched else ""):
                if trials or not is_test(each.details):
                    found.append(each)  # noqa: PERF401 - one by one: whoever stops it sees those until then
        except KeyboardInterrupt:  # what was found so far is shown
            stopped = True
        progress.clear()
        _show(arguments, found, bucket=bucket.bucket, searched=searched)
        print(f"booth: {_summary(found, looked, asked=bool(question), searched=searched)}", file=sys.stderr)
        if stopped:
            print("booth: stopped before the end of the bucket", file=sys.stderr)
            return 130
        return _fetch(arguments.download, seeker, found, progress) if arguments.download is not None else 0


def _show(arguments: argparse.Namespace, found: "list[Hit]", *, bucket: str, searched: bool) -> None:
    from booth.operator.finding import showing

    rows = [showing.row(each, first_names=arguments.first_names) for each in found]
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal need not have letters for all names
        sys.stdout.reconfigure(errors="backslashreplace")
    if arguments.json:
        print(showing.as_json(rows, found, bucket=bucket, searched=searched), flush=True)
    elif arguments.csv:
        sys.stdout.flush()
        sys.stdout.buffer.write(showing.as_csv(rows).encode("utf-8", "replace"))  # its line ends are its own
        sys.stdout.buffer.flush()
    elif rows:
        print(showing.table(rows), flush=True)


def _summary(found: "list[Hit]", looked: int, *, asked: bool, searched: bool) -> str:
    """Return what was done, in a sentence."""
    visits = f"{len(found)} visit{'s' if len(found) != 1 else ''} found"
    if searched:
        return f"{visits}; the server searched, and each of its {looked} answers was looked at"
    if not asked:
        return f"{visits}; all {looked} objects of the bucket were looked at"
    return (
        f"{visits}; this server does not search (a Zenko does with MongoDB behind it), so all {looked} objects of the "
        "bucket were looked at"
    )


def _fetch(folder: Path, seeker: "Seeker", found: "list[Hit]", progress: "Progress") -> int:
    from booth.operator.finding import fetching

    of = f"of {len(found)} pictures"
    try:
        done = fetching.fetch(
            seeker.bucket,
            [each.picture for each in found],
            folder,
            lambda done: progress.tell(f"booth: {done.new + done.there} {of} are there, {done.size / 1e6:.1f} MB came"),
        )
    finally:
        progress.clear()
    print(
        f"booth: {done.new + done.there} {of} are there: {done.new} came ({done.size / 1e6:.1f} MB), {done.there} had "
        "come before",
        file=sys.stderr,
    )
    if done.failed:
        print(f"booth: {done.failed} did not come: {done.why}", file=sys.stderr)
        return 1
    return 0


COMMAND = Command(
    name="find",
    does="Find visits in the bucket by what is known of them, and fetch their pictures.",
    more=f"{owner.SAID} Where the server searches (a Zenko with MongoDB), it is asked, and each of its answers is "
    "looked at; elsewhere each object of the bucket is. A pattern of LIKE has plain text, .* or % for anything, ^ and "
    "$ at its ends and /.../i around it for letters of any size; it is never passed on as it is. Status 0: looked "
    "through, whatever was found; 1: the server refused, or a picture did not come; 2: something makes no sense; 130: "
    "stopped, with what was found so far.",
    examples=(
        ("booth find --event dockercon --consent", "who agreed at that event"),
        ("booth find --email zoe@example.org --download zoe", "all that there is of one guest, who asks for it"),
        ("booth find --not-replicated --since 2026-11-22", "what has not arrived everywhere since that day"),
        ("booth find --name zoë --first-names", "on a stage: no address, no family name"),
        ("booth find 'x-amz-meta-event=\"party\" AND content-length>2000000' --csv", "in Zenko's language"),
    ),
    options=_options,
    wrong=_wrong,
    run=_run,
)
