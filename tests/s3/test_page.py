"""A guest's page and the power: whenever it goes, there is one picture, and whoever comes after gets a page."""

import contextlib
from urllib.parse import urlsplit

import boto3

from booth.core.events import Delivered
from booth.outbox.entry import Entry
from booth.outbox.ids import SessionIds
from booth.outbox.spool import Spool
from booth.outbox.uploader import Uploader
from booth.ports import Size
from booth.sharing import links_of
from tests.flows.party import settings_of
from tests.s3.test_whole_way import Posts

NOW = 1_795_367_112.0
SHARE = {"share.presigned_days": 1, "page.enabled": True}


class CutError(BaseException):
    """The power has gone: nothing catches it."""


class Dying:
    """A bucket whose booth dies before a page is put."""

    def __init__(self, bucket):
        self.link, self.expiry, self._put = bucket.link, bucket.expiry, bucket.put

    def put(self, parcel):
        if parcel.media_type != "image/gif":
            raise CutError
        return self._put(parcel)


def spool_in(folder, prefix):
    """Open the outbox of a booth with pages."""
    return Spool(
        folder, event="Pages", booth="b", key_template=prefix + "/{session}.gif", wall=lambda: NOW, min_free_mb=0,
        keep_days=30, linked=True, paged=True,
    )  # fmt: skip


def test_a_cut_between_the_picture_and_the_page_costs_neither(tmp_path, bucket, embedded):
    """The picture was put and not noted: at the next start both are put, under the keys that they had."""
    links, session = links_of(settings_of(SHARE), Size(800, 480), lambda: NOW), SessionIds(lambda: NOW)()
    with spool_in(tmp_path / "outbox", tmp_path.name) as spool:
        spool.open(session)
        spool.animation(session).write_bytes(b"GIF89a of a guest")
        spool.commit(session)
        due, dying = spool.queue().due(session), Dying(bucket)
        dying.put(due.parcel)
        with contextlib.suppress(CutError):
            links(dying, due.linked)
    posts = Posts()
    with spool_in(tmp_path / "outbox", tmp_path.name) as spool:
        uploader = Uploader(spool.queue(), lambda: bucket, post=posts, now=lambda: 0.0, links=links)
        uploader.start()
        posts.wait_for(1)
        assert uploader.close(30)
        assert {"open": 0, "pending": 0, "sent": 1, "failed": 0} == spool.counts()
    (told,) = posts.events
    entry = Entry.read((tmp_path / "outbox" / "sent" / session / "entry.json").read_bytes())
    assert (Delivered, f"/{embedded.bucket}/{entry.page}") == (type(told), urlsplit(told.link).path)
    with contextlib.closing(
        boto3.client("s3", endpoint_url=embedded.endpoint_url, region_name="us-east-1", aws_access_key_id="owner",
                     aws_secret_access_key=embedded.secret_access_key)
    ) as client:  # fmt: skip
        listed = client.list_objects_v2(Bucket=embedded.bucket, Prefix=tmp_path.name)["Contents"]
    assert [entry.animation.key, entry.page] == [each["Key"] for each in listed]
    assert b"GIF89a of a guest" == bucket.get(entry.animation.key)[0]
