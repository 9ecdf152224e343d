"""From the outbox to the bucket and back, with every real part between them."""

import hashlib
import threading

from booth.core.events import Delivered
from booth.core.visit import Guest
from booth.disk import RealDisk
from booth.outbox.ids import SessionIds
from booth.outbox.metadata import decode
from booth.outbox.spool import Spool
from booth.outbox.uploader import Uploader


class Posts:
    """Collects what the uploader posts, and waits for so many of it."""

    def __init__(self):
        self.events = []
        self._changed = threading.Condition()

    def __call__(self, event):
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait_for(self, number):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.events) >= number, 30)


def test_what_is_committed_is_in_the_bucket(tmp_path, make_bucket, zenko, ca_bundle):
    """Three guests, over TLS: three objects with the right bytes and details, three folders in sent/."""
    ids, posts = SessionIds(lambda: 1_795_367_112.0), Posts()
    bucket = make_bucket(endpoint_url=zenko.url, ca_bundle=str(ca_bundle))
    with Spool(
        tmp_path / "outbox",
        event="Whole way",
        booth="b",
        key_template="{event}/{session}.gif",
        wall=lambda: 1_795_367_112.0,
        min_free_mb=0,
        keep_days=30,
    ) as spool:
        uploader = Uploader(spool.queue(), lambda: bucket, post=posts, now=lambda: 0.0)
        uploader.start()
        sessions = [ids() for _ in range(3)]
        for session in sessions:
            spool.open(session)
            spool.animation(session).write_bytes(b"GIF89a" + session.encode())
            spool.note(session, Guest("李小龙", "lee@example.org"))
            spool.commit(session)
            uploader.wake()
        posts.wait_for(3)
        assert uploader.close(30)
        assert [Delivered(0.0, session) for session in sessions] == posts.events
        assert {"open": 0, "pending": 0, "sent": 3, "failed": 0} == spool.counts()
    for session in sessions:
        content, metadata = bucket.get(f"whole-way/{session}.gif")
        assert b"GIF89a" + session.encode() == content
        assert decode(metadata) == {
            "event": "Whole way",
            "booth": "b",
            "session": session,
            "taken": "2026-11-22T17:05:12Z",
            "name": "李小龙",
            "email": "lee@example.org",
            "consent": "no",
        }


class ReadingDisk(RealDisk):
    """A disk that counts how often an animation is read."""

    def __init__(self):
        self.reads = 0

    def read(self, file):
        self.reads += file.name == "animation.gif"
        return super().read(file)


def test_what_is_sent_is_read_once_and_hashed_once(tmp_path, bucket, monkeypatch):
    """When it is settled, and again when it is sent, for it may have rotted since; nobody on its way does it again."""
    content, hashed = b"GIF89a" + tmp_path.name.encode() * 1000, []
    md5 = hashlib.md5

    def counted(given=b"", **options):
        hashed.append(bytes(given))
        return md5(given, **options)

    monkeypatch.setattr(hashlib, "md5", counted)
    disk = ReadingDisk()
    session = SessionIds(lambda: 1_795_367_112.0)()
    with Spool(
        tmp_path / "outbox",
        event="Whole way",
        booth="b",
        key_template="{event}/{session}.gif",
        wall=lambda: 1_795_367_112.0,
        min_free_mb=0,
        keep_days=30,
        disk=disk,
    ) as spool:
        spool.open(session)
        spool.animation(session).write_bytes(content)
        spool.commit(session)
        assert (1, 1) == (disk.reads, hashed.count(content))
        parcel = spool.queue().parcel(session)
        spool.queue().confirm(session, parcel.key, bucket.put(parcel))
    assert (2, 2) == (disk.reads, hashed.count(content))
