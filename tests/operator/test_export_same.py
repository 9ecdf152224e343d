"""``booth export``: what is on the disk and what is in a real server's bucket make the same folder."""

import hashlib
import json

import boto3
import pytest

from booth.cli import main
from booth.core.visit import SHOWN, Guest, Reply
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import ZenkoBucket
from booth.imaging.clip import CLIP
from booth.imaging.strip import STRIP
from booth.outbox.spool import Spool
from booth.ports import GIF
from booth.sim.bucket import EmbeddedS3
from lab.clock import HandClock
from tests.disks import QuickDisk
from tests.posed import pose

ALL, FEW = "20261122-170500-aaaaaaaaaa", "20261122-170600-bbbbbbbbbb"
TEXT = "You may show my pictures: Zo\u00eb's own words."
SHA = hashlib.sha256(TEXT.encode()).hexdigest()
WHO = {ALL: Guest("Zo\u00eb", "zoe@example.org", True, (Reply(SHOWN, True),), "en"), FEW: None}
STEM = "2026-11-22_17-05-00_aaaaaa"


@pytest.fixture(scope="module")
def server():
    """Run an S3 server."""
    with EmbeddedS3("party") as embedded:
        yield embedded


@pytest.fixture(scope="module")
def owner(server):
    """Speak to the server as the bucket's owner."""
    client = boto3.client(
        "s3", endpoint_url=server.endpoint_url, region_name="us-east-1", aws_access_key_id="owner",
        aws_secret_access_key=server.secret_access_key,
    )  # fmt: skip
    yield client
    client.close()


@pytest.fixture
def outbox(request, tmp_path, server, owner):
    """Have two visits sent, one of three products and with a text that was read; return the outbox."""
    for each in owner.list_objects_v2(Bucket="party").get("Contents", ()):
        owner.delete_object(Bucket="party", Key=each["Key"])
    clock = HandClock()
    bucket = ZenkoBucket(BucketOptions(
        server.endpoint_url, "party", "us-east-1", server.access_key_id, server.secret_access_key
    ))  # fmt: skip
    with Spool(
        tmp_path / "outbox", event="Ball", booth="left", key_template="{event}/{session}.gif", wall=clock.wall,
        min_free_mb=0, keep_days=30, kinds=(GIF, CLIP, STRIP), linked=getattr(request, "param", True), disk=QuickDisk(),
        wordings={("show", "en"): TEXT},
    ) as spool:  # fmt: skip
        for session, guest in WHO.items():
            pose(spool, clock, session, guest, more=session == ALL)
            queue = spool.queue()
            while (text := queue.text()) is not None:
                bucket.put(text)
                queue.text_confirmed(text)
            while queue.waits(session):
                parcel = queue.parcel(session)
                queue.confirm(session, parcel.key, bucket.put(parcel))
    bucket.close()
    return tmp_path / "outbox"


@pytest.fixture
def export(outbox, server, tmp_path, monkeypatch, capsys):
    """Export from a source into a folder of that name; return the status, and the files that are there then."""
    (tmp_path / "booth.toml").write_text(
        f'[event]\nname = "Ball"\n[booth]\nname = "left"\n[zenko]\nendpoint_url = "{server.endpoint_url}"\n'
        f'bucket = "party"\n[outbox]\ndir = "{outbox}"\n'
    )
    (tmp_path / "booth.toml").chmod(0o600)
    monkeypatch.setenv("BOOTH_CONFIG", str(tmp_path / "booth.toml"))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "owner")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    def run(source, folder="", *more):
        folder = tmp_path / (folder or f"of-{source}")
        status = main(["export", "--from", source, *more, str(folder)])
        files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
        return status, capsys.readouterr().err, files

    return run


def handed(files):
    """Return of a hand-over what guests took home, and what they agreed to."""
    return {path: content for path, content in files.items() if "/" in path or path == "consent-texts.txt"}


@pytest.mark.parametrize("outbox", [True, False], indirect=True, ids=["linked", "not linked"])
def test_disk_and_bucket_make_the_same_folder(export):
    """GIFs, clips, strips, the gallery, and the texts that guests read, by the same names; all of it has its sum."""
    (disk, _, of_disk), (bucket, _, of_bucket) = export("outbox"), export("bucket")
    assert (0, 0, handed(of_disk)) == (disk, bucket, handed(of_bucket))
    assert of_disk.keys() == of_bucket.keys()
    assert (b"film", b"paper") == (of_bucket[f"clips/{STEM}.mp4"], of_bucket[f"strips/{STEM}.jpg"])
    assert f"SHA-256 {SHA}:\n\n{TEXT}\n" in of_bucket["consent-texts.txt"].decode()
    sums = dict(reversed(line.split("  ", 1)) for line in of_bucket.pop("SHA256SUMS").decode().splitlines())
    assert {path: hashlib.sha256(content).hexdigest() for path, content in of_bucket.items()} == sums


def test_each_source_goes_on_with_what_the_other_has_written(export):
    """Nothing that is there is written again, nor lost: not even what the bucket does not know, what is asked now."""
    asked = ("--set", "form.consent_text=May we?")
    _, _, of_disk = export("outbox", "ball", *asked)
    status, _, there = export("bucket", "ball", *asked)
    assert (0, handed(of_disk)) == (status, handed(there))
    assert "in all languages:\n\nMay we?" in there["consent-texts.txt"].decode()
    status, said, _ = export("bucket", "ball", *asked)
    assert (0, True) == (status, "all was there, and nothing was written" in said)
    status, _, both = export("both", "afresh", *asked)
    assert (0, handed(there)) == (status, handed(both))


def test_what_is_gone_on_the_disk_comes_from_the_bucket(export, outbox):
    """A clip that rotted, a strip and a text that somebody deleted."""
    whole = handed(export("outbox")[2])
    (outbox / "sent" / ALL / CLIP.file).write_bytes(b"mlif")
    (outbox / "sent" / ALL / STRIP.file).unlink()
    (outbox / "consents" / f"{SHA}.txt").unlink()
    status, _, files = export("both")
    assert (0, whole) == (status, handed(files))


def test_what_is_not_its_own_is_not_handed_over(export, owner):
    """A film under a visit's key that is another visit's, and a text that is not what its name says."""
    owner.put_object(Bucket="party", Key=f"ball/{FEW}.mp4", Body=b"other", Metadata={
        "event": "Ball", "session": ALL, "booth": "left",
    })  # fmt: skip
    owner.put_object(Bucket="party", Key=f"consents/{SHA}.txt", Body=b"You have won.")
    status, _, files = export("bucket")
    assert (0, [f"clips/{STEM}.mp4"]) == (status, [path for path in files if path.startswith("clips/")])
    assert b"won" not in files["consent-texts.txt"]
    (visit,) = (each for each in json.loads(files["visits.json"])["visits"] if each["session"] == FEW)
    assert {} == visit["beside"]
