"""Two products for two targets on a real S3 server: whenever the disk dies, each has exactly one object for each."""

import contextlib
import errno
import itertools
import os

import boto3
import pytest

from booth.core.events import Delivered
from booth.core.visit import Guest
from booth.disk import RealDisk
from booth.errors import OutboxError
from booth.outbox.ids import SessionIds
from booth.outbox.spool import Spool
from booth.outbox.uploads import Uploads
from booth.ports import GIF, Kind, Target
from booth.units import Instant, Seconds
from lab.rest import Rest
from tests.waiting import PATIENCE

STRIP = Kind("strip.jpg", "image/jpeg", "-strip.jpg")
TARGETS = ("bucket", "stick")
NOON = 1_795_367_112.0


class DyingDisk(RealDisk):
    """A disk that takes so many changes, and then none for ever: to what is on it, that is the power going."""

    def __init__(self, changes):
        self.left = changes

    def _change(self):
        if self.left <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self.left -= 1

    def mkdir(self, folder, *, shared=False):
        if not folder.exists():
            self._change()
        super().mkdir(folder, shared=shared)

    def write(self, file, content):
        self._change()
        super().write(file, content)

    def rename(self, old, new):
        self._change()
        super().rename(old, new)

    def unlink(self, file):
        self._change()
        super().unlink(file)

    def rmdir(self, folder):
        self._change()
        super().rmdir(folder)

    def sync(self, file):
        self._change()

    def sync_folder(self, folder):
        self._change()


class Lent:
    """A bucket that its borrower does not close: opening one takes longer than a put."""

    def __init__(self, bucket):
        self.put = bucket.put

    def close(self):
        pass


@pytest.fixture
def client(embedded):
    """Look at the server as somebody who has nothing to do with the booth."""
    with contextlib.closing(
        boto3.client("s3", endpoint_url=embedded.endpoint_url, region_name=embedded.region,
                     aws_access_key_id=embedded.access_key_id, aws_secret_access_key=embedded.secret_access_key)
    ) as opened:  # fmt: skip
        yield opened


@pytest.fixture
def buckets(make_bucket, client):
    """Make a bucket for each target, which keeps all that was ever put into it."""
    opened = {}
    for name in TARGETS:
        client.create_bucket(Bucket=f"two-{name}")
        client.put_bucket_versioning(Bucket=f"two-{name}", VersioningConfiguration={"Status": "Enabled"})
        opened[name] = make_bucket(bucket=f"two-{name}")
    return opened


def run(folder, disk, buckets):
    """Start the outbox on a disk, send what can be sent, and stop; return what the machine heard."""
    events = []
    try:
        spool = Spool(folder, event="Two", booth="b", key_template="{event}/{session}.gif", wall=lambda: NOON,
                      min_free_mb=0, keep_days=30, kinds=(GIF, STRIP), targets=TARGETS, disk=disk)  # fmt: skip
    except OutboxError:
        return events
    with spool:
        uploads = Uploads.to(
            [Target(name, lambda bucket=bucket: Lent(bucket), Seconds(9.0)) for name, bucket in buckets.items()],
            spool.queue,
            post=events.append,
            now=lambda: Instant(0.0),
            clock_wrong=lambda: False,
            patience=Seconds(60.0),
            bucket_set=True,
        )
        rests = [(Rest(PATIENCE), uploader) for uploader in uploads._all]
        for rest, uploader in rests:
            uploader._pause = rest.pause
        uploads.start()
        for rest, uploader in rests:
            rest.wait(uploader)
        assert uploads.close(Seconds(PATIENCE))
    return events


def stored(client, name, session):
    """Return the objects of a visit in a bucket: its content, and how many contents there ever were under its key."""
    etags = {}
    for version in client.list_object_versions(Bucket=name, Prefix=f"two/{session}").get("Versions", []):
        etags.setdefault(version["Key"], set()).add(version["ETag"])
    return {key: (client.get_object(Bucket=name, Key=key)["Body"].read(), len(found)) for key, found in etags.items()}


def test_each_target_has_one_object_for_each_product_whenever_the_disk_dies(tmp_path, buckets, client):
    """After any change that is made to the disk while it is sent; the next start sends what is lacking, and no more."""
    ids = SessionIds(lambda: NOON)
    for changes in itertools.count():
        folder, session = tmp_path / str(changes), ids()
        with Spool(folder, event="Two", booth="b", key_template="{event}/{session}.gif", wall=lambda: NOON,
                   min_free_mb=0, keep_days=30, kinds=(GIF, STRIP), targets=TARGETS) as spool:  # fmt: skip
            spool.open(session)
            spool.shot(session, 1).write_bytes(b"frame")
            spool.keep(session, 1)
            spool.note(session, Guest("Zoë", "zoe@example.org"))
            spool.animation(session).write_bytes(b"GIF89a" + session.encode())
            spool.add(session, STRIP, b"JPEG" + session.encode())
            spool.commit(session)
        disk = DyingDisk(changes)
        before = run(folder, disk, buckets)
        run(folder, RealDisk(), buckets)
        wanted = {
            f"two/{session}.gif": (b"GIF89a" + session.encode(), 1),
            f"two/{session}-strip.jpg": (b"JPEG" + session.encode(), 1),
        }
        assert [wanted, wanted] == [stored(client, f"two-{name}", session) for name in TARGETS]
        assert ["sent"] == [
            place for place in ("open", "pending", "sent", "failed") if (folder / place / session).exists()
        ]
        assert [] == list((folder / "sent" / session).glob("frame-*"))
        if disk.left:
            assert [session] == [event.session for event in before if isinstance(event, Delivered)]
            break
    assert changes > 15
