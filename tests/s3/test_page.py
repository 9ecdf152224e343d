"""A guest's page and the power: whenever it goes, there is one picture, and whoever comes after gets a page."""

import contextlib
from urllib.parse import urlsplit

import boto3
import pytest
from structlog.testing import capture_logs

from booth.core.events import Delivered
from booth.imaging.clip import CLIP
from booth.imaging.strip import STRIP
from booth.outbox.entry import Entry
from booth.outbox.ids import SessionIds
from booth.outbox.spool import Spool
from booth.outbox.uploader import Uploader
from booth.ports import GIF, PAGE, Size
from booth.sharing import links_of, pages_of
from booth.units import Seconds
from lab.rest import Rest
from lab.server.misbehaving import FaultServer
from tests.flows.party import settings_of
from tests.s3.test_whole_way import Posts
from tests.waiting import until

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


class Parting:
    """A bucket whose pages go another way than all else."""

    def __init__(self, bucket, pages):
        self.link, self.expiry, self.close = bucket.link, bucket.expiry, bucket.close
        self._bucket, self._pages = bucket, pages

    def put(self, parcel):
        return (self._pages if parcel.media_type == PAGE.media_type else self._bucket).put(parcel)


def sharing():
    """Return what makes the links of a booth with pages, and what puts these."""
    settings, size = settings_of(SHARE), Size(800, 480)
    return links_of(settings, size), pages_of(settings, size, lambda: NOW)


def listed(embedded, prefix):
    """Return the keys of all that is in the bucket, as somebody sees it who has nothing to do with the booth."""
    with contextlib.closing(
        boto3.client("s3", endpoint_url=embedded.endpoint_url, region_name="us-east-1", aws_access_key_id="owner",
                     aws_secret_access_key=embedded.secret_access_key)
    ) as client:  # fmt: skip
        return [each["Key"] for each in client.list_objects_v2(Bucket=embedded.bucket, Prefix=prefix)["Contents"]]


def commit(spool, kinds):
    """Commit two visits, of which all *kinds* were made; return them."""
    ids = SessionIds(lambda: NOW)
    sessions = sorted(ids() for _ in range(2))
    for session in sessions:
        spool.open(session)
        spool.animation(session).write_bytes(b"GIF89a of a guest")
        for kind in kinds[1:]:
            spool.add(session, kind, kind.file.encode())
        spool.commit(session)
    return sessions


def spool_in(folder, prefix, kinds=(GIF,)):
    """Open the outbox of a booth with pages."""
    return Spool(
        folder, event="Pages", booth="b", key_template=prefix + "/{session}.gif", wall=lambda: NOW, min_free_mb=0,
        keep_days=30, linked=True, paged=True, kinds=kinds,
    )  # fmt: skip


def test_a_cut_between_the_picture_and_the_page_costs_neither(tmp_path, bucket, embedded):
    """The picture was put and not noted: at the next start both are put, under the keys that they had."""
    (links, pages), session = sharing(), SessionIds(lambda: NOW)()
    with spool_in(tmp_path / "outbox", tmp_path.name) as spool:
        spool.open(session)
        spool.animation(session).write_bytes(b"GIF89a of a guest")
        spool.commit(session)
        due, dying = spool.queue().due(session), Dying(bucket)
        dying.put(due.parcel)
        with contextlib.suppress(CutError):
            pages(dying, due.linked)
    posts = Posts()
    with spool_in(tmp_path / "outbox", tmp_path.name) as spool:
        uploader = Uploader(spool.queue(), lambda: bucket, post=posts, now=lambda: 0.0, links=links, pages=pages)
        uploader.start()
        posts.wait_for(1)
        assert uploader.close(30)
        assert {"open": 0, "pending": 0, "sent": 1, "failed": 0} == spool.counts()
    (told,) = posts.events
    entry = Entry.read((tmp_path / "outbox" / "sent" / session / "entry.json").read_bytes())
    assert (Delivered, f"/{embedded.bucket}/{entry.page}") == (type(told), urlsplit(told.link).path)
    assert [entry.animation.key, entry.page] == listed(embedded, tmp_path.name)
    assert b"GIF89a of a guest" == bucket.get(entry.animation.key)[0]


@pytest.mark.parametrize("fault", ["AccessDenied", "500", "mute"])
def test_a_server_that_takes_no_page_holds_nobody_up(tmp_path, bucket, make_bucket, embedded, fault):
    """It refuses each page, has trouble with it, or hangs: all three products of both guests are sent all the same.

    The code leads to the GIF, and the log says once of each that there is no page.
    """
    kinds, posts = (GIF, CLIP, STRIP), Posts()
    links, put_page = sharing()
    with (
        FaultServer(embedded.endpoint_url) as server,
        spool_in(tmp_path / "outbox", tmp_path.name, kinds) as spool,
        capture_logs() as logs,
    ):
        server.become(fault)
        pages = make_bucket(endpoint_url=server.url, attempts=1, read_timeout=Seconds(0.2))
        sessions = commit(spool, kinds)
        uploader = Uploader(
            spool.queue(), lambda: Parting(bucket, pages), post=posts, now=lambda: 0.0, links=links, pages=put_page
        )
        uploader.start()
        assert until(lambda: spool.counts()["sent"] == 2)
        assert uploader.close(30)
        assert {"open": 0, "pending": 0, "sent": 2, "failed": 0} == spool.counts()
    shown = [f"/{embedded.bucket}/{tmp_path.name}/{session}.gif" for session in sessions]
    assert shown == sorted(urlsplit(told.link).path for told in posts.events if isinstance(told, Delivered))
    assert sessions == sorted(told["session"] for told in logs if told["event"] == "page.not_put")
    endings = [kind.ending or ".gif" for kind in kinds]
    made = sorted(f"{tmp_path.name}/{session}{ending}" for session in sessions for ending in endings)
    assert made == listed(embedded, tmp_path.name)


@pytest.mark.parametrize("fault", ["503-SlowDown", "loses-answer"])
def test_when_a_server_is_well_again_each_guest_has_a_page(tmp_path, make_bucket, embedded, fault):
    """It refused all, or took it without a word: each of three products is there once, and the code leads to a page."""
    kinds, posts, rest, clock = (GIF, CLIP, STRIP), Posts(), Rest(30.0), [0.0]
    links, pages = sharing()
    with FaultServer(embedded.endpoint_url) as server, spool_in(tmp_path / "outbox", tmp_path.name, kinds) as spool:
        server.become(fault)
        sessions = commit(spool, kinds)
        reached = make_bucket(endpoint_url=server.url, attempts=1)
        uploader = Uploader(
            spool.queue(),
            lambda: reached,
            post=posts,
            now=lambda: clock[0],
            links=links,
            pages=pages,
            pause=rest.pause,
        )
        uploader.start()
        rest.wait(uploader)
        assert {"open": 0, "pending": 2, "sent": 0, "failed": 0} == spool.counts()
        server.recover()
        clock[0] += 3600.0
        uploader.wake()
        rest.wait(uploader)
        assert uploader.close(30)
        assert {"open": 0, "pending": 0, "sent": 2, "failed": 0} == spool.counts()
    shown = [f"/{embedded.bucket}/{tmp_path.name}/{session}.html" for session in sessions]
    assert shown == sorted(urlsplit(told.link).path for told in posts.events if isinstance(told, Delivered))
    endings = [".gif", CLIP.ending, STRIP.ending, PAGE.ending]
    made = sorted(f"{tmp_path.name}/{session}{ending}" for session in sessions for ending in endings)
    assert made == listed(embedded, tmp_path.name)
