"""Whole visits with clip and strip, in an S3 server's bucket; and visits that go without, as one cannot be made."""

import os
import shutil

import boto3
import pytest
from structlog.testing import capture_logs

from booth import jpeg
from booth.core.states import Attract
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.buckets import open_bucket
from booth.errors import ConfigError
from booth.imaging import mp4
from booth.outbox import metadata
from booth.ports import Size
from booth.sim.bucket import EmbeddedS3
from booth.units import Pixels

BOTH = {"clip.enabled": True, "strip.enabled": True}
FFMPEG = shutil.which("ffmpeg")


@pytest.fixture(scope="module")
def server():
    """Run an S3 server, with a bucket of its own."""
    with EmbeddedS3("clips") as embedded:
        yield embedded


@pytest.fixture
def pretend_ffmpeg(tmp_path, monkeypatch):
    """Put shell lines where ffmpeg is; they are run when a film is asked for, and the rest is the real one's."""

    def made(lines: str) -> None:
        folder = tmp_path / "pretended"
        folder.mkdir()
        script = folder / "ffmpeg"
        script.write_text(f'#!/bin/sh\ncase "$*" in *clip.mp4*) {lines};; *) exec {FFMPEG} "$@";; esac\n')
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return made


def test_they_are_in_the_bucket_beside_the_gif(a_party, server):
    """Three objects of their types, whole, with the guest's details on each; they go from the outbox together."""
    options = BucketOptions(
        endpoint_url=server.endpoint_url, bucket=server.bucket, region="us-east-1",
        access_key_id=server.access_key_id, secret_access_key=server.secret_access_key,
    )  # fmt: skip
    party = a_party(settings=BOTH, world={"open_bucket": lambda _: open_bucket(options)})
    party.to_form()
    party.send("Zoë", "zoe@example.org")
    party.until(Attract)
    party.in_real_time(lambda: party.spool.counts()["sent"] == 1)
    client = boto3.client(
        "s3", endpoint_url=server.endpoint_url, region_name="us-east-1",
        aws_access_key_id=server.access_key_id, aws_secret_access_key=server.secret_access_key,
    )  # fmt: skip
    keys = [each["Key"] for each in client.list_objects_v2(Bucket=server.bucket)["Contents"]]
    stem = next(key for key in keys if key.endswith(".gif")).removesuffix(".gif")
    assert {f"{stem}.gif", f"{stem}.mp4", f"{stem}-strip.jpg"} == set(keys)
    found = {key.removeprefix(stem): client.get_object(Bucket=server.bucket, Key=key) for key in keys}
    assert {".gif": "image/gif", ".mp4": "video/mp4", "-strip.jpg": "image/jpeg"} == {
        ending: answer["ContentType"] for ending, answer in found.items()
    }
    assert ["Zoë"] * 3 == [metadata.decode(answer["Metadata"])["name"] for answer in found.values()]
    assert 96 == mp4.read(found[".mp4"]["Body"].read()).pictures
    strip = found["-strip.jpg"]["Body"].read()
    assert (Size(Pixels(600), Pixels(1800)), strip) == (jpeg.size_of(strip), jpeg.whole(strip))


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("exec sleep 1000", "did not finish within"),
        ("kill -9 $$", "ffmpeg was stopped by signal 9"),
    ],
    ids=["hangs", "killed"],
)
def test_a_visit_goes_without_the_clip(a_party, pretend_ffmpeg, lines, why):
    """Whatever ffmpeg does: the GIF goes, the strip goes, the guest hears nothing of it, and the log says why."""
    pretend_ffmpeg(lines)
    deadline = {"clip.deadline_s": 2.0} if "sleep" in lines else {}
    with capture_logs() as logs:
        party = a_party(settings=BOTH | deadline)
        party.to_form()
        party.send("Zoë", "zoe@example.org")
        party.until(Attract)
        party.in_real_time(lambda: party.spool.counts()["sent"] == 1)
    stems = {key.removesuffix(".gif").removesuffix("-strip.jpg") for key in party.bucket.objects}
    assert {f"{stem}{end}" for stem in stems for end in (".gif", "-strip.jpg")} == party.bucket.objects.keys()
    told = [each for each in logs if each["event"] == "product.not_made"]
    assert [("clip.mp4", True)] == [(each["file"], why in each["why"]) for each in told]


def test_without_an_ffmpeg_a_booth_that_is_to_make_clips_does_not_start(a_party, tmp_path, monkeypatch):
    """That is told in words: at the party it would be too late."""
    (tmp_path / "few").mkdir()
    for program in ("gm", "sh"):
        (tmp_path / "few" / program).symlink_to(shutil.which(program))
    monkeypatch.setenv("PATH", str(tmp_path / "few"))
    with pytest.raises(ConfigError, match=r"sudo apt install ffmpeg`, or set clip\.enabled to false"):
        a_party(settings=BOTH)
