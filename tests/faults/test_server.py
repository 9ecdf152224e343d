"""The fault server itself."""

import contextlib
import json
import socket
import ssl
import subprocess
import sys

import pytest
import trustme

from booth.drivers.bucket_options import BucketOptions
from booth.errors import BucketError, Remedy
from lab.server.misbehaving import FAULTS, GOOD, HEALTHY, FaultServer, main
from tests.parcels import parcel_of


@pytest.fixture
def parcel(tmp_path):
    """Make something to put."""
    return parcel_of(f"{tmp_path.name}/a.gif", b"GIF89a" * 1000, {"name": "Zo%C3%AB"})


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_without_a_fault_everything_goes_through(around, parcel, scheme):
    """What is put through it can be got through it."""
    with contextlib.closing(around.bucket(scheme)) as bucket:
        bucket.put(parcel)
        assert (parcel.content, dict(parcel.metadata)) == bucket.get(parcel.key)


def test_a_server_that_refuses_keeps_its_port(around):
    """Nobody else gets it meanwhile, and it is the same afterwards."""
    server = around.servers["http"]
    url = server.url
    server.become("refuses")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", server.port))
    server.recover()
    socket.create_connection(("127.0.0.1", server.port)).close()
    assert url == server.url


def test_a_fault_can_be_for_some_requests_only(around, parcel):
    """By what is in the path, or for so many of them."""
    server = around.servers["http"]
    with contextlib.closing(around.bucket("http")) as bucket:
        server.become("500", only="another")
        bucket.put(parcel)
        server.become("500", times=1)
        with pytest.raises(BucketError):
            bucket.put(parcel)
        bucket.put(parcel)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("no-such-fault", {}, "there is no fault"),
        ("expired", {}, "needs TLS"),
        ("refuses", {"only": "a"}, "leave out"),
        ("silent", {"times": 1}, "leave out"),
    ],
)
def test_what_cannot_be_is_refused(around, name, options, words):
    """A typing error in a test is no passed test."""
    with pytest.raises(ValueError, match=words):
        around.servers["http"].become(name, **options)


def test_a_certificate_that_is_not_there_is_refused():
    """A TLS server shows only what it was given."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with FaultServer("http://127.0.0.1:9", {GOOD: context}) as server, pytest.raises(ValueError, match="certificate"):
        server.become("expired")


def test_it_is_opened_before_it_is_asked_and_may_be_closed_twice():
    """It has no address before."""
    server = FaultServer("http://127.0.0.1:9")
    with pytest.raises(ValueError, match="open the server first"):
        _ = server.url
    server.open()
    server.close()
    server.close()


def test_garbage_harms_nobody(around, parcel):
    """Not HTTP, no request at all, a body that never comes: the next request is answered."""
    server = around.servers["http"]
    for sent in (b"", b"what?\r\n\r\n", b"PUT /booth/x HTTP/1.1\r\nContent-Length: 9\r\n\r\n", b"x" * 70_000):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(sent)
    with contextlib.closing(around.bucket("http")) as bucket:
        bucket.put(parcel)


def test_each_fault_says_what_it_does():
    """In a few words, that begin small and end without a full stop: they stand in a table."""
    for name, fault in FAULTS.items():
        assert name == fault.name != HEALTHY
        assert fault.does
        assert not fault.does.endswith(".")


def test_the_faults_are_listed(capsys):
    """``--list`` prints them, one a line."""
    assert main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(FAULTS)


def test_a_server_behind_has_to_be_named(capsys):
    """Without one there is nothing to be in front of."""
    with pytest.raises(SystemExit):
        main([])
    assert "--upstream" in capsys.readouterr().err


@pytest.fixture
def start(around):
    """Start fault servers as processes of their own; all are ended."""
    children = []

    def started(*arguments):
        child = subprocess.Popen(
            [sys.executable, "-m", "lab.server.misbehaving", "--upstream", around.s3.endpoint_url, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        children.append(child)
        return child

    yield started
    for child in children:
        with child:
            child.kill()


def test_a_process_of_its_own_is_told_its_faults(start, around, parcel, script):
    """Its address comes first; each line names a fault, or is answered with what is wrong; it ends with its input."""
    child = start("--fault", "NoSuchBucket")
    told = json.loads(child.stdout.readline())
    assert told["fault"] == "NoSuchBucket"
    options = BucketOptions(told["endpoint_url"], around.s3.bucket, "us-east-1", "a", "b")
    bucket = script.ZenkoBucket(options)
    with contextlib.closing(bucket):
        with pytest.raises(BucketError) as caught:
            bucket.put(parcel)
        assert caught.value.remedy is Remedy.PERSON
        child.stdin.write("expired\nhealthy\n")
        child.stdin.flush()
        assert "needs TLS" in json.loads(child.stdout.readline())["error"]
        assert json.loads(child.stdout.readline()) == {"fault": "healthy"}
        bucket.put(parcel)
    child.stdin.close()
    assert child.wait(30) == 0


def test_a_process_of_its_own_speaks_tls(start, tmp_path):
    """Given a folder of certificates it shows those; SIGTERM ends it."""
    authority = trustme.CA()
    for name in (GOOD, "expired"):
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / f"{name}.pem")
    child = start("--certificates", str(tmp_path), "--fault", "expired")
    told = json.loads(child.stdout.readline())
    assert told["endpoint_url"].startswith("https://127.0.0.1:")
    context = ssl.create_default_context()
    authority.configure_trust(context)
    port = int(told["endpoint_url"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as line, context.wrap_socket(line, server_hostname="127.0.0.1"):
        pass
    child.terminate()
    assert child.wait(30) == 0
