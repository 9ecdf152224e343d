"""The embedded server as a child: always reaped, never left behind."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from booth.errors import BoothError
from booth.sim.bucket import EmbeddedS3, _line
from tests.waiting import PATIENCE

SERVER = [sys.executable, "-m", "booth.sim.s3server"]


def answers(url):
    """Return whether anybody answers at *url*."""
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return False
    return True


def test_it_serves_while_it_is_open_and_ends_when_it_is_closed():
    """Its address is on the loopback; after closing, twice if asked, nobody answers there."""
    server = EmbeddedS3()
    with server:
        assert server.endpoint_url.startswith("http://127.0.0.1:")
        assert answers(server.endpoint_url)
        child = server._child
    assert child.returncode == 0
    assert not answers(server.endpoint_url)
    server.close()


SURROUNDINGS = {
    "INITIAL_NO_AUTH_ACTION_COUNT": "0",
    "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": "much",
    "WERKZEUG_RUN_MAIN": "true",
    "MOTO_S3_CUSTOM_ENDPOINTS": "http://127.0.0.1",
    "AWS_PROFILE": "nobody",
    "AWS_CONFIG_FILE": "/dev/null/none",
}
"""What whoever develops for servers may have set."""


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_no_variable_of_the_desktop_s_reaches_it(monkeypatch, make_bucket, make_parcel, name):
    """Neither those of the library that it is made of, nor Amazon's."""
    monkeypatch.setenv(name, SURROUNDINGS[name])
    parcel = make_parcel()
    with EmbeddedS3() as server:
        bucket = make_bucket(endpoint_url=server.endpoint_url, bucket=server.bucket)
        assert parcel.md5 == bucket.put(parcel)


def test_a_bucket_that_cannot_be_made_is_told():
    """What the server complains of is what the operator reads; no child is left."""
    server = EmbeddedS3("No")
    with pytest.raises(BoothError, match="did not start: the bucket 'No' cannot be made"):
        server.open()
    assert server._child is None


def test_a_server_that_is_not_installed_is_told(monkeypatch):
    """Without moto there is one sentence that says what to install or to set."""
    monkeypatch.setitem(sys.modules, "moto", None)
    with pytest.raises(BoothError, match=r"install booth\[simulate\]"):
        EmbeddedS3().open()


def test_a_server_that_says_nothing_is_not_waited_for_for_ever():
    """What there is when the time is over has to do."""
    listening, saying = os.pipe()
    with open(listening, "rb") as stream, open(saying, "wb", buffering=0) as other:  # noqa: PTH123 descriptors
        other.write(b"half a li")
        assert _line(stream, 0.01) == b"half a li"


@pytest.fixture
def start():
    """Start servers by hand; all are reaped."""
    children = []

    def begin(*arguments, **parts):
        child = subprocess.Popen(
            [*SERVER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, **parts
        )  # fmt: skip
        children.append(child)
        return child

    yield begin
    for child in children:
        child.kill()
        child.wait()
        for end in (child.stdin, child.stdout):
            end.close()


def test_it_says_in_one_line_where_it_is(start):
    """One line of JSON: the address and the bucket."""
    told = json.loads(start("--bucket", "party").stdout.readline())
    assert {"endpoint_url", "bucket"} == set(told)
    assert told["bucket"] == "party"


@pytest.mark.parametrize("number", [signal.SIGTERM, None])
def test_it_ends_when_asked_and_when_its_parent_is_gone(start, number):
    """SIGTERM ends it, and so does the end of its standard input; Ctrl-C in the terminal is its parent's business."""
    child = start()
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    if number is None:
        child.stdin.close()
    else:
        child.send_signal(number)
    assert child.wait(PATIENCE) == 0


def test_it_does_not_outlive_a_parent_that_was_killed():
    """Whoever started it may die in any way: the pipe between them closes, and it ends."""
    code = (
        "import sys; from booth.sim.bucket import EmbeddedS3\n"
        "server = EmbeddedS3(); server.open()\n"
        "print(server._child.pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        child = os.pidfd_open(int(parent.stdout.readline()))
    finally:
        parent.kill()
        parent.wait()
        parent.stdin.close()
        parent.stdout.close()
    poll = select.poll()
    poll.register(child, select.POLLIN)
    assert poll.poll(PATIENCE * 1000)
    os.close(child)
