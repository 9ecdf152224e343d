"""Plays docs/zenko.md and finding.md: each command there is carried out on the double; what it says is written below.

A page is its own script: in its blocks, lines that begin with ``$`` are commands, and some that begin with ``#`` are
what somebody does meanwhile. Nothing else in them was written by hand.
"""

import argparse
import contextlib
import hashlib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from booth.cli import main as booth
from booth.core.visit import Guest, SessionId
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import ZenkoBucket
from booth.ports import Parcel
from booth.sim.bucket import EmbeddedS3
from lab import ROOT
from lab.pages import objects
from lab.zenko.accounts import BOOTHS_KEY, OWNERS_KEY
from lab.zenko.server import ZenkoDouble
from lab.zenko.whole import Zenko

PAGES = tuple(ROOT / "docs" / page for page in ("zenko.md", "finding.md"))

ADDRESS = "https://zenko.example.com"
"""What the double is called on the page."""

KEY = "dockercon/2026-11-22/check-20261122-164200-3f9a2c.gif"
"""What stands for the key of a try, which has chance and the time in it."""

EVENT = "dockercon"

_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


class Play:
    """A Zenko with nothing in it, an operator, and guests. *upstream* is the S3 server behind."""

    def __init__(self, upstream: str, folder: Path) -> None:
        self._folder = folder
        self._now = 0.0
        self._zenko = Zenko()
        self._zenko.replicating.now = lambda: self._now
        self._double = ZenkoDouble(upstream, self._zenko.rooms)
        self._acts: dict[str, Callable[[], None]] = {
            "# the ingress refuses what begins with /_/ now": self._block,
            "# the first guest presses the button; ten seconds later": self._visit,
            "# a bucket after an evening": self._evening,
            "# the same bucket, where the server has no MongoDB": self._other_server,
            "# another bucket, with two pictures from before there was a rule": self._older,
        }

    def document(self, text: str) -> str:
        """Return the page *text* with what its commands say now."""
        with self._double:
            (self._folder / "booth.toml").write_text(
                f'[event]\nname = "dockercon"\n[zenko]\nendpoint_url = "{self._double.url}"\n'
                f'access_key_id = "{BOOTHS_KEY.id}"\nsecret_access_key = "{BOOTHS_KEY.secret}"\n'
            )
            (self._folder / "booth.toml").chmod(0o600)
            return _BLOCK.sub(lambda found: "".join(self._lines(found[0])), text)

    def _lines(self, block: str) -> Iterator[str]:
        for line in block.splitlines():
            if line in self._acts:
                self._acts[line]()
                yield f"{line}\n"
            elif line.startswith("$ "):
                yield f"{line}\n"
                said = self._run(line)
                yield said if said.endswith("\n") or not said else f"{said}\n"

    def _run(self, line: str) -> str:
        command, _, only = line.removeprefix("$ ").removeprefix("sudo ").partition(" | grep ")
        words = shlex.split(command)[1:]
        out = io.StringIO()
        with self._surroundings(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            booth(words)
        said = out.getvalue().replace(self._double.url, ADDRESS)
        said = re.sub(r"dockercon/[0-9-]{10}/check-[0-9]{8}-[0-9]{6}-[0-9a-f]{6}\.gif", KEY, said)
        lines = said.splitlines(keepends=True)
        return "".join(each for each in lines if each.startswith("#")) if only == "'^#'" else said

    @contextlib.contextmanager
    def _surroundings(self) -> Iterator[None]:
        """Have the owner's keys in the environment, as somebody at a desk has, and give it back as it was."""
        before = dict(os.environ)
        os.environ |= {
            "BOOTH_CONFIG": str(self._folder / "booth.toml"),
            "AWS_ACCESS_KEY_ID": OWNERS_KEY.id,
            "AWS_SECRET_ACCESS_KEY": OWNERS_KEY.secret,
        }
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    # ---- what somebody does meanwhile

    def _block(self) -> None:
        self._zenko.administering.blocked = True

    def _visit(self) -> None:
        self._send()
        self._now += 10.0

    def _evening(self) -> None:
        with self._surroundings(), contextlib.redirect_stdout(io.StringIO()):
            booth(["bucket", "create", "--canonical-id", BOOTHS_KEY.account.canonical_id])
        self._send()
        for letter, consent in (("q", False), ("v", True), ("x", False)):
            guest = Guest("Ada Example", "ada@example.org", consent=consent)
            event = "harvest-ball" if consent else EVENT
            self._send(event=event, session=SessionId(f"20261122-171{ord(letter) % 10}30-{letter * 10}"), guest=guest)

    def _other_server(self) -> None:
        self._zenko.searching.database = False

    def _send(self, **visit: Any) -> None:
        for parcel in objects.parcels(self._folder, **{"event": EVENT, **visit}):
            self._put("booth", parcel)

    def _older(self) -> None:
        with self._surroundings(), contextlib.redirect_stdout(io.StringIO()):
            booth(
                ["bucket", "create", "--canonical-id", BOOTHS_KEY.account.canonical_id, "--set", "zenko.bucket=older"]
            )
        for number in (1, 2):
            md5 = hashlib.md5(objects.PICTURE, usedforsecurity=False).hexdigest()
            self._put("older", Parcel(f"trial/{number}.gif", "image/gif", objects.PICTURE, md5, {"event": "trial"}))

    def _put(self, bucket: str, parcel: Parcel) -> None:
        opened = ZenkoBucket(BucketOptions(self._double.url, bucket, "us-east-1", BOOTHS_KEY.id, BOOTHS_KEY.secret))
        with contextlib.closing(opened):
            opened.put(parcel)


def played(text: str) -> str:
    """Return the page *text*, played before a server with nothing in it."""
    with EmbeddedS3("nothing") as server, tempfile.TemporaryDirectory() as folder:
        return Play(server.endpoint_url, Path(folder)).document(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pages again; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="scripts/zenko", description="Writes docs/zenko.md and docs/finding.md again."
    )
    parser.parse_args(argv)
    for page in PAGES:
        text = played(page.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8")
        print(f"{page.relative_to(ROOT)} is written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
