"""``booth outbox``: the visits on the disk: which there are, trying them again, and forgetting a guest."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from booth.errors import BoothError, ConfigError
from booth.operator import export, options, process, status
from booth.operator.command import Command

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from booth.core.visit import SessionId
    from booth.disk import Disk
    from booth.operator.visits.acting import Done
    from booth.outbox.shelf import Shelf, Shelved
    from booth.settings.model import Settings

LIST, SHOW, RETRY, EXPORT, FORGET = "list", "show", "retry", "export", "forget"

_ID = r"\d{8}-\d{6}-[a-z0-9]{10}"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=(LIST, SHOW, RETRY, EXPORT, FORGET),
                        help="list the visits; show one; retry what failed; export the event to DIR; forget what is a "
                        "guest's")  # fmt: skip
    parser.add_argument(
        "visits", nargs="*", metavar="ID|DIR", help="which, by the names that list prints; export: the folder"
    )
    parser.add_argument("--place", choices=("open", "pending", "sent", "failed"), help="list: only those in it")
    parser.add_argument("--guest", action="store_true", help="show: also the name and the address")
    parser.add_argument("--all", action="store_true", help="retry: all that failed")
    parser.add_argument("--email", metavar="ADDRESS", help="forget: all visits of whoever typed this address")
    parser.add_argument("--yes", action="store_true", help="retry, forget: do not ask")
    parser.add_argument("--json", action="store_true", help="print JSON")
    status.outbox(parser)
    options.settings(parser)


def _wrong(arguments: argparse.Namespace) -> str:
    what, visits = arguments.what, arguments.visits
    for name, goes in (("place", LIST), ("guest", SHOW), ("all", RETRY), ("email", FORGET)):
        if getattr(arguments, name) and what != goes:
            return f"--{name} goes with {goes}"
    if arguments.yes and what not in {RETRY, FORGET}:
        return "--yes goes with retry and forget: nothing else asks"
    if what == LIST and visits:
        return "list takes no ID: booth outbox show ID"
    if what == SHOW and len(visits) != 1:
        return "show takes one ID, as booth outbox list prints it"
    other = arguments.all or arguments.email is not None
    if what in {RETRY, FORGET} and bool(visits) == bool(other):
        return f"{what} takes IDs, or {'--all' if what == RETRY else '--email ADDRESS'}"
    if what == EXPORT:
        if len(visits) != 1 or not visits[0]:
            return "export takes one folder: booth outbox export DIR"
        return "export prints no JSON: visits.json in the folder has what there is" if arguments.json else ""
    if not all(re.fullmatch(_ID, visit, re.ASCII) for visit in visits):
        return "expected the names of visits, such as 20261122-170512-k3v9q2m7xw, as booth outbox list prints them"
    if arguments.email is not None and not arguments.email.strip():
        return "--email: expected an address"
    return ""


def _run(arguments: argparse.Namespace) -> int:
    """Do what is asked for."""
    if arguments.what == EXPORT:
        return export.of_outbox(arguments, Path(arguments.visits[0]))
    loaded = process.in_force(arguments)
    from booth import logs
    from booth.disk import RealDisk
    from booth.outbox.shelf import Shelf

    logs.configure("warning", "auto", sys.stderr)

    outbox, disk = (arguments.outbox or loaded.settings.outbox.dir).absolute(), RealDisk()
    shelf = Shelf(outbox, disk=disk)
    match arguments.what:
        case "list":
            return _list(arguments, shelf)
        case "show":
            return _show(arguments, shelf)
        case "retry":
            return _retry(arguments, outbox, disk, shelf)
        case _:
            return _forget(arguments, loaded.settings, outbox, disk, shelf)


def _list(arguments: argparse.Namespace, shelf: "Shelf") -> int:
    from booth.operator.visits import showing

    visits = list(shelf.visits(*([arguments.place] if arguments.place else [])))
    if arguments.json:
        print(json.dumps([showing.fields(visit) for visit in visits], indent=2), flush=True)
    elif visits:
        print(showing.table(visits), flush=True)
    else:
        print("booth: there are no visits there", file=sys.stderr)
    return 0


def _show(arguments: argparse.Namespace, shelf: "Shelf") -> int:
    from booth.operator.visits import showing

    (visit,) = _named(arguments, shelf)
    said = showing.details(visit, shelf, names=arguments.guest)
    print(json.dumps(said, indent=2, ensure_ascii=False) if arguments.json else showing.page(said, visit), flush=True)
    return 0


def _retry(arguments: argparse.Namespace, outbox: Path, disk: "Disk", shelf: "Shelf") -> int:
    from booth.operator.visits import acting

    chosen = list(shelf.visits("failed")) if arguments.all else _named(arguments, shelf)
    for visit in chosen:
        if visit.place != "failed":
            raise BoothError(f"{visit.session} is in {visit.place}/: only what is in failed/ is tried again")
    if not chosen:
        print("booth: nothing has failed", file=sys.stderr)
        return 0
    _list_to_ask(chosen)
    if not _agreed(arguments, f"Try {_many(chosen)} again?"):
        return 1
    acting.become_owner(outbox)
    code, done = 0, list[str]()
    for visit in chosen:
        try:
            acting.retry(disk, outbox, visit)
            done.append(visit.session)
        except BoothError as exc:
            print(f"booth: {exc}", file=sys.stderr)
            code = 1
    if arguments.json:
        print(json.dumps({"retried": done}, indent=2), flush=True)
    print(f"booth: {len(done)} will be tried again: the booth finds them within seconds", file=sys.stderr)
    return code


def _forget(arguments: argparse.Namespace, settings: "Settings", outbox: Path, disk: "Disk", shelf: "Shelf") -> int:
    from booth import choices
    from booth.drivers.clock import SystemClock
    from booth.operator.visits import acting, saying

    stones: list[Done] = []
    if arguments.email is not None:
        chosen = list(acting.of_address(disk, outbox, shelf, arguments.email))
    else:
        stones = acting.forgotten(disk, outbox, arguments.visits)
        chosen = _named(arguments, shelf, but={one.session for one in stones})
    if not chosen and not stones:
        print("booth: nobody here has typed that address; in the bucket: booth find --email", file=sys.stderr)
        return 1
    if chosen:
        _list_to_ask(chosen)
    for one in stones:
        print(f"booth: {one.session} is forgotten on this disk already; the bucket is asked again", file=sys.stderr)
    print(
        "booth: their pictures and details go for good, from this disk, and from the bucket where the booth's key may "
        "delete; a stone without a name stays",
        file=sys.stderr,
    )
    if not _agreed(arguments, f"Forget {_many([*chosen, *stones])}?"):
        return 1
    acting.become_owner(outbox)
    done = [*stones, *acting.forget(disk, outbox, [visit.session for visit in chosen], wall=SystemClock().wall)]
    bucket = choices.bucket_of(settings)
    outcome = saying.Forgotten(done, bucket, tuple(settings.zenko.sites), saying.erased(done, bucket))
    print(outcome.as_json() if arguments.json else outcome.page(), flush=True)
    return 0 if outcome.complete else 1


def _named(
    arguments: argparse.Namespace, shelf: "Shelf", but: "Collection[SessionId]" = frozenset()
) -> "list[Shelved]":
    """Return the visits that are named, *but* for some. Raises BoothError unless each is there."""
    from booth.core.visit import SessionId as Name

    found = {session: shelf.visit(Name(session)) for session in dict.fromkeys(arguments.visits) if session not in but}
    missing = [session for session, visit in found.items() if visit is None]
    if missing:
        raise BoothError(f"there is no visit {', '.join(missing)} in the outbox; booth outbox list prints all")
    return [visit for visit in found.values() if visit is not None]


def _list_to_ask(chosen: "list[Shelved]") -> None:
    from booth.operator.visits import showing

    print(showing.table(chosen), file=sys.stderr, flush=True)


def _many(chosen: "Sequence[object]") -> str:
    return f"these {len(chosen)} visits" if len(chosen) > 1 else "this visit"


def _agreed(arguments: argparse.Namespace, question: str) -> bool:
    """Ask whoever typed the command, unless they said yes before. Raises `ConfigError` where nobody can answer."""
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        raise ConfigError("nothing was done: nobody is there to be asked; say --yes")
    print(f"{question} Type yes: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() == "yes":
        return True
    print("booth: nothing was done", file=sys.stderr)
    return False


COMMAND = Command(
    name="outbox",
    does="List the visits on the disk, have what failed be tried again, hand them over, and forget a guest.",
    more="Works while the booth runs, and when it does not. retry and forget show what they would do, and ask. forget "
    "deletes from the bucket, too, where the booth's key may; what it cannot reach it names, with the calls for the "
    "bucket's owner. Of what is forgotten already it asks the bucket again. export is short for booth export --from "
    "outbox, which can do more. Status 0: done; 1: not "
    "all of it, or there is no such visit; 2: something makes no sense; 130: Ctrl-C.",
    examples=(
        ("sudo booth outbox list", "every visit on the disk, oldest first"),
        ("sudo booth outbox show 20261122-170512-k3v9q2m7xw", "one of them"),
        ("sudo booth outbox retry --all", "whatever failed, once its reason is mended"),
        ("sudo booth outbox export /home/pi/harvest-ball", "the event, for whoever owns it: see booth export --help"),
        ("sudo booth outbox forget --email zoe@example.org", "all visits of a guest who asks for it"),
    ),
    options=_options,
    wrong=_wrong,
    run=_run,
)
