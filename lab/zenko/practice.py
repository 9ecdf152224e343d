"""A Zenko to practise on: the double by itself, for somebody at a desk. Nothing leaves the computer or stays."""

import argparse
import shlex
import signal
import sys
import time
from collections.abc import Sequence

from booth.errors import BoothError
from booth.sim.bucket import EmbeddedS3
from lab.zenko.accounts import BOOTHS_KEY, OWNERS_KEY, Key
from lab.zenko.buckets import SITES
from lab.zenko.replicating import PACE
from lab.zenko.server import ZenkoDouble
from lab.zenko.whole import Zenko

PORT = 8000
"""Where a CloudServer listens, too, if nobody says otherwise."""

CALLED = ("BOOTH_ZENKO__ACCESS_KEY_ID", "BOOTH_ZENKO__SECRET_ACCESS_KEY")
"""What the booth takes the halves of a key from."""

OWNER_CALLED = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
"""What `booth bucket create`, `booth find` and the owner's other tools take them from."""

SAID = """\
A Zenko to practise on, with nothing in it: locations transient, aws, gcp and azure, a copy at each of the last three
after {pace:g} seconds. Leave it running here.

In booth.toml:

    [zenko]
    endpoint_url = "{url}"

In a terminal that is the booth's:

    {booth}

In a terminal that is the owner's:

    {owner}

Then docs/zenko.md, from its first command on.
Ctrl-C ends this, and all that is in it is gone.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C, or SIGTERM; return the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/zenko --serve", description="A Zenko to practise on, until Ctrl-C.")
    parser.add_argument("--port", type=int, default=PORT, help="of 127.0.0.1 (%(default)s); 0 takes a free one")
    parser.add_argument("--blocked", action="store_true", help="refuse paths that begin with /_/, as an ingress should")
    parser.add_argument("--pace", type=float, default=PACE, metavar="S", help="seconds that a copy takes (%(default)s)")
    options = parser.parse_args(argv)
    zenko = Zenko()
    zenko.replicating.now = time.monotonic
    zenko.replicating.pace = dict.fromkeys(SITES, options.pace)
    zenko.administering.blocked = options.blocked
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with EmbeddedS3("behind") as behind, ZenkoDouble(behind.endpoint_url, zenko.rooms, port=options.port) as double:
            print(_said(double.url, options.pace), flush=True)
            signal.pause()
    except KeyboardInterrupt:
        pass
    except BoothError as exc:
        print(f"zenko: {exc}", file=sys.stderr)
        return 1
    except (OSError, OverflowError) as exc:
        print(f"zenko: port {options.port} is not to be had ({exc}): take another with --port", file=sys.stderr)
        return 1
    return 0


def _said(url: str, pace: float) -> str:
    return SAID.format(pace=pace, url=url, booth=_export(CALLED, BOOTHS_KEY), owner=_export(OWNER_CALLED, OWNERS_KEY))


def _export(names: tuple[str, str], key: Key) -> str:
    values = zip(names, (key.id, key.secret), strict=True)
    return "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in values)


if __name__ == "__main__":
    sys.exit(main())
