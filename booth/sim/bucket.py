"""The embedded S3 server, as seen by the process that starts it: a child that is always reaped."""

import contextlib
import importlib.util
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from typing import IO, Self

from booth.errors import BoothError
from booth.units import Seconds

START = Seconds(30.0)
"""The longest that the server may take to come up: a Pi is slow at importing it."""

NEEDED = frozenset({"PATH", "HOME", "LANG", "LANGUAGE", "TMPDIR", "TZ", "VIRTUAL_ENV"})
NEEDED_ALL = ("PYTHON", "LC_", "LD_", "DYLD_", "COVERAGE_")
"""Variables, and how the names of others begin: what a Python program runs with, wherever it is installed."""

END = Seconds(2.0)
"""The longest that it may take to end by itself."""


class EmbeddedS3:
    """Starts an S3 server on the loopback, with one bucket, and ends it.

    After the context is entered, `endpoint_url`, `bucket` and the keys say how to reach it; any keys would do.
    Raises `BoothError` if the server is not installed or does not come up.
    """

    access_key_id = "booth"
    secret_access_key = "simulated"  # noqa: S105 the server asks for a secret, and takes any
    region = "us-east-1"

    def __init__(self, bucket: str = "booth") -> None:
        self.bucket = bucket
        self.endpoint_url = ""
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Start the server and wait until it serves."""
        if importlib.util.find_spec("moto") is None:
            raise BoothError("the embedded S3 server is not installed; install booth[simulate], or set an endpoint")
        with tempfile.TemporaryFile() as complaints:
            child = subprocess.Popen(
                [sys.executable, "-m", "booth.sim.s3server", "--port", "0", "--bucket", self.bucket],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=_surroundings(os.environ),
            )
            self._child = child
            assert child.stdout is not None  # noqa: S101 it was asked for, two lines above
            try:
                self.endpoint_url = json.loads(_line(child.stdout, START))["endpoint_url"]
            except (ValueError, KeyError) as exc:
                self.close()
                complaints.seek(0)
                last = complaints.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
                raise BoothError(f"the embedded S3 server did not start: {last or 'it said nothing'}") from exc

    def close(self) -> None:
        """End the server and all that is in it. May be called twice."""
        child, self._child = self._child, None
        if child is None:
            return
        for end in (child.stdin, child.stdout):
            if end is not None:
                with contextlib.suppress(BrokenPipeError):
                    end.close()
        for persuade in (child.terminate, child.kill):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(END)
                return
            persuade()
        child.wait()


def _surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what of *environ* the server gets: what a program needs, and nothing that means something to a server."""
    return {name: value for name, value in environ.items() if name in NEEDED or name.startswith(NEEDED_ALL)}


def _line(stream: IO[bytes], patience: Seconds) -> bytes:
    """Return the first line of *stream*; what there is of it when *patience* or the stream ends."""
    until = time.monotonic() + patience
    line = b""
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([stream], [], [], max(0.0, until - time.monotonic()))
        got = stream.read1(4096) if ready else b""  # type: ignore[attr-defined]  # a pipe is buffered
        if not got:
            break
        line += got
    return line
