"""``booth net``: whether this network is good enough for an evening, found out with pictures that show nothing."""

import argparse
import hashlib
import json
import os
import re
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Any

from booth.errors import ConfigError, OutboxError
from booth.operator import options, process
from booth.operator.command import Command

if TYPE_CHECKING:
    from booth.drivers.probing import ProbedBucket, Trip
    from booth.operator.surveying.figures import Setting
    from booth.operator.surveying.looks import Looker
    from booth.operator.surveying.survey import Seen

USUAL = 1_000_000
"""Bytes of an animation, where no visit says better: four frames of 640x480 have about as many."""

PREFIX = "booth-net/"
"""Where probes lie in the bucket while they are measured."""


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", type=_minutes, default=2.0, metavar="N",
                        help="how long to measure, 0.1 to 600 (else 2)")  # fmt: skip
    parser.add_argument("--most-mb", type=_megabytes, default=5.0, metavar="N",
                        help="send so many megabytes, and three pictures at least (else 5)")  # fmt: skip
    parser.add_argument("--size", type=_size, metavar="BYTES",
                        help="of a picture (else as the median of the outbox, else 1000000)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the figures for a program")
    options.settings(parser)


def _minutes(text: str) -> float:
    return _number(text, 0.1, 600.0, "a number of minutes, from 0.1 to 600")


def _megabytes(text: str) -> float:
    return _number(text, 0.1, 10_000.0, "a number of megabytes, from 0.1 to 10000")


def _size(text: str) -> int:
    return int(_number(text, 1.0, 60e6, "a number of bytes, from 1 to 60000000"))


def _number(text: str, least: float, most: float, said: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", text) or not least <= float(text) <= most:
        raise argparse.ArgumentTypeError(f"expected {said}")
    return float(text)


def _run(arguments: argparse.Namespace) -> int:
    """Measure, tell, and take away what was put."""
    loaded = process.in_force(arguments)
    settings = loaded.settings
    from booth import choices
    from booth.drivers import probing, wire
    from booth.operator.surveying.figures import Setting
    from booth.operator.surveying.looks import looker_of
    from booth.operator.surveying.survey import Seen

    bucket = choices.bucket_of(settings)
    if not bucket.endpoint_url:
        raise ConfigError("zenko.endpoint_url is empty: set it to the server that pictures go to")
    size, of_what = _of_the_night(arguments.size, settings)
    proxy = wire.proxy_for(bucket.endpoint_url)
    looker = looker_of(bucket)
    print(
        f"booth: pictures of {size:,} bytes ({of_what}) to the bucket {bucket.bucket} at {bucket.endpoint_url}",
        file=sys.stderr,
    )
    if proxy is not None:
        print(f"booth: by the proxy {wire.without_password(proxy)}: only uploads are measured", file=sys.stderr)
    stage = Setting(bucket.endpoint_url, settings.share.linked, settings.share.shown_s)
    return measured(arguments, Seen(size), probing.probed(bucket), looker, stage)


def _of_the_night(given: int | None, settings: Any) -> tuple[int, str]:
    """Return how large a picture is, and how that is known."""
    if given is not None:
        return given, "as you say"
    from booth.outbox.shelf import Shelf

    try:
        sizes = [visit.size for visit in Shelf(settings.outbox.dir).visits("pending", "sent") if visit.size]
    except OutboxError as exc:
        return USUAL, f"a usual one; {exc}"
    if not sizes:
        return USUAL, "a usual one, for there are none in the outbox"
    return int(median(sizes)), f"the median of {len(sizes)} in the outbox"


def measured(
    arguments: argparse.Namespace,
    seen: "Seen",
    bucket: "ProbedBucket",
    looker: "Looker | None",
    stage: "Setting",
    *,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Measure, take away what was put, and tell; return the status. Ctrl-C ends it with what there is."""
    from booth.operator.finding.progress import Progress
    from booth.operator.surveying.survey import probes_of, survey

    progress, stopped = Progress(sys.stderr), False
    probes = probes_of(seen.size, arguments.minutes, int(arguments.most_mb * 1e6))
    trail = Trail(bucket)
    try:
        look = looker.look if looker is not None else None
        for said in survey(seen, minutes=arguments.minutes, probes=probes, look=look, probe=trail.probe, clock=clock,
                           pause=pause):  # fmt: skip
            progress.tell(f"booth: {said}")
    except KeyboardInterrupt:
        stopped = True
    progress.clear()
    left = trail.sweep()
    bucket.close()
    status = _tell(arguments, seen, stage, left)
    if stopped:
        print("booth: stopped before the end; the figures are those so far", file=sys.stderr)
        return 130
    return status


class Trail:
    """What is put while it is measured: one object, again and again."""

    def __init__(self, bucket: "ProbedBucket") -> None:
        self._bucket = bucket
        self._key = f"{PREFIX}{secrets.token_hex(8)}.bin"
        self._versions: list[str] = []
        self._put = 0

    def probe(self, size: int) -> "Trip":
        """Put an object of *size* bytes that show nothing."""
        from booth.drivers.probing import CONNECTION, NAME, REFUSAL, TLS
        from booth.ports import Parcel

        content = os.urandom(size)  # nothing on the way can make it smaller, as with a GIF
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        trip, version = self._bucket.probe(Parcel(self._key, "application/octet-stream", content, md5, {}))
        refused = trip.kind == REFUSAL or trip.phase in {NAME, CONNECTION, TLS}
        self._put += not refused  # else it may lie there, whatever was heard of it
        if version:
            self._versions.append(version)
        return trip

    def sweep(self) -> str:
        """Delete what was put; return the sentence about what stays, or nothing."""
        if not self._put:
            return ""
        replicated = self._bucket.replicated(self._key)
        stays = [why for version in self._versions or [""] if (why := self._bucket.forget(self._key, version))]
        where = f"what was sent for measuring stays in the bucket under {PREFIX}"
        if stays:
            return f"{where}, {stays[0]}; have the bucket's owner delete it, all versions"
        if replicated:
            return "what was sent for measuring is deleted here; its copies stay in the clouds that a rule sends it to"
        return ""


def _tell(arguments: argparse.Namespace, seen: "Seen", stage: "Setting", left: str) -> int:
    from dataclasses import replace

    from booth.operator.surveying import figures as reckoning
    from booth.operator.surveying import here

    address = next((look.address for look in seen.looks if look.address), "")
    interface = here.interface_of(address)
    stage = replace(stage, interface=interface, mac=here.mac_of(interface))
    figures = reckoning.figures_of(seen, stage)
    wrong = reckoning.wrong(seen, figures, stage)
    means = reckoning.sentences(figures, stage)
    if arguments.json:
        told = {**asdict(figures), "wrong": wrong, "means": means, "left_in_bucket": left}
        print(json.dumps(told, indent=2), flush=True)
    else:
        lines = [reckoning.table(figures), "", *(f"- {each}" for each in wrong), *([""] if wrong else []), *means]
        print("\n".join(lines), flush=True)
    if left:
        print(f"booth: {left}", file=sys.stderr)
    return 0 if figures.uploads and figures.delivered == figures.uploads and not wrong else 1


COMMAND = Command(
    name="net",
    does="Measure whether this network is good enough for an evening.",
    more="It sends pictures that show nothing, as large as those in the outbox, with the booth's own client and key, "
    "each over a new connection, and asks short questions between them. It tells what fails where (name, connection, "
    "TLS, sending, answer), whether the network asks for a log-in or opens TLS, how wrong the clock is, how long an "
    "upload takes, and what that means for guests. What it sent is deleted where the key may do so; else it says where "
    "it is. Status 0: good enough; 1: something is wrong, and told with what to do; 2: something makes no sense; 130: "
    "stopped, with the figures so far.",
    examples=(
        ("sudo booth net", "two minutes and at most 5 MB, with the settings of the service"),
        ("sudo booth net --minutes 30 --most-mb 100", "an evening's rush, on the evening's network"),
        ("booth net --config booth.toml --size 2500000", "at a desk, for pictures of that size"),
    ),
    options=_options,
    run=_run,
)
