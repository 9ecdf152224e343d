"""An S3 server for a desktop, in a process of its own: ``python -m booth.sim.s3server``.

It listens on the loopback only, keeps everything in memory, makes one bucket and prints one line of JSON: its address
and the bucket's name. It ends when its standard input does, so that it never outlives the process that started it,
however that one ended; or on SIGTERM.
"""

import argparse
import json
import logging
import signal
import sys
from collections.abc import Sequence

from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import make_server
from werkzeug.test import Client

from booth.threads import aside


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until standard input closes; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m booth.sim.s3server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--bucket", default="booth", help="the bucket to make (default: booth)")
    given = parser.parse_args(argv)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # not a line for every request
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; whoever started us ends us
    application = create_backend_app("s3")  # without the library's dispatcher: it looks through 200 services each time
    made = Client(application).put(f"/{given.bucket}", base_url="http://127.0.0.1")
    made.close()
    if made.status_code != 200:
        print(f"the bucket {given.bucket!r} cannot be made: {made.status}", file=sys.stderr)  # noqa: T201 a program
        return 1
    server = make_server("127.0.0.1", given.port, application, threaded=True)
    aside("s3", server.serve_forever)
    told = {"endpoint_url": f"http://127.0.0.1:{server.server_port}", "bucket": given.bucket}
    print(json.dumps(told), flush=True)  # noqa: T201 this line is what it is started for
    sys.stdin.buffer.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
