"""Every link that a booth shows, followed as anybody would follow it: a real server, over HTTP, without a key."""

import base64
import contextlib
import http.client
from urllib.parse import quote, urlsplit

import pytest

from booth.core.visit import Guest
from booth.outbox.ids import SessionIds
from booth.outbox.metadata import decode
from booth.outbox.spool import Spool
from booth.outbox.uploader import Uploader
from booth.ports import Size
from booth.sharing import links_of
from tests.flows.party import settings_of
from tests.s3.test_whole_way import Posts

ZOE = Guest("Zoë Ångström", "zoe.angstrom@example.org", consent=True)
NOW = 1_795_367_112.0


@pytest.fixture
def visited(tmp_path, bucket):
    """Have visits committed under some settings, and sent by others; return the link that each guest was shown."""
    ids = SessionIds(lambda: NOW)

    def spool_of(days):
        return Spool(
            tmp_path / "outbox",
            event="Links",
            booth="b",
            key_template=tmp_path.name + "/{session}.gif",
            wall=lambda: NOW,
            min_free_mb=0,
            keep_days=30,
            linked=settings_of({"share.presigned_days": days}).share.linked,
        )

    def visit(guests, committed=1, sent=1):
        with spool_of(committed) as spool:
            sessions = [ids() for _ in guests]
            for session, guest in zip(sessions, guests, strict=True):
                spool.open(session)
                spool.animation(session).write_bytes(b"GIF89a" + session.encode())
                spool.note(session, guest)
                spool.commit(session)
        posts = Posts()
        links = links_of(settings_of({"share.presigned_days": sent}), Size(800, 480))
        with spool_of(sent) as spool:
            uploader = Uploader(spool.queue(), lambda: bucket, post=posts, now=lambda: 0.0, links=links)
            uploader.start()
            posts.wait_for(len(guests))
            assert uploader.close(30)
        return {event.session: event.link for event in posts.events}

    return visit


def followed(link):
    """Return what anybody is answered who has *link*: the status, the headers as one text, and the content."""
    address = urlsplit(link)
    with contextlib.closing(http.client.HTTPConnection(address.hostname, address.port, timeout=20)) as connection:
        connection.request("GET", f"{address.path}?{address.query}")
        answer = connection.getresponse()
        said = "\n".join(f"{name.lower()}: {value}" for name, value in answer.getheaders())
        return answer.status, said, answer.read()


def told(text, guest):
    """Return what of the guest's details is in *text*, however it was written there."""
    ways = {
        "as it is": lambda word: word,
        "quoted": quote,
        "in bytes": lambda word: word.encode().decode("latin-1"),
        "Base64": lambda word: base64.b64encode(word.encode()).decode().rstrip("=")[:-1],
        "hex": lambda word: word.encode().hex(),
    }
    words = [*guest.name.split(), *guest.email.split("@")[:1]]
    return [(word, way) for word in words for way, write in ways.items() if write(word).lower() in text.lower()]


def test_no_link_tells_who_the_guest_is(visited):
    """Each leads to its animation; of the guest's details there is nothing in the answer, nor in the link itself."""
    links = visited([ZOE, None, ZOE])
    for session, link in links.items():
        status, headers, content = followed(link)
        assert (200, b"GIF89a" + session.encode()) == (status, content)
        assert ([], []) == (told(headers, ZOE), told(link, ZOE))
        assert "x-amz-meta-name" not in headers
        assert "x-amz-meta-email" not in headers
        assert f"x-amz-meta-session: {session}" in headers


def test_what_a_search_asks_for_is_on_the_details(visited, bucket, tmp_path):
    """By name, by address, by event."""
    (session,) = visited([ZOE])
    _, metadata = bucket.get(f"{tmp_path.name}/{session}.json")
    asked = {name: decode(metadata)[name] for name in ("name", "email", "event", "consent")}
    assert {"name": ZOE.name, "email": ZOE.email, "event": "Links", "consent": "yes"} == asked


def test_links_that_were_not_meant_when_it_was_committed_are_not_shown(visited, bucket, tmp_path):
    """Its animation has the details: whoever waits for a code gets none, whatever the settings say by now."""
    ((session, link),) = visited([ZOE], committed=0).items()
    _, metadata = bucket.get(f"{tmp_path.name}/{session}.gif")
    assert (None, ZOE.name) == (link, decode(metadata)["name"])
