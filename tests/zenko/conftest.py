"""The double, before the embedded S3 server; and clients of it."""

import contextlib
import itertools
import json
import signal
import ssl

import boto3
import pytest
from botocore.config import Config

from booth.cli import main
from lab.zenko.accounts import BOOTHS_KEY, OWNERS_KEY
from lab.zenko.server import ZenkoDouble
from lab.zenko.whole import Zenko
from tests.servers import authority, ca_bundle, embedded, few_authorities, make_bucket, strangers

__all__ = ["authority", "ca_bundle", "embedded", "few_authorities", "make_bucket", "strangers"]

REGION = "us-east-1"
_NAMES = itertools.count()


@pytest.fixture(autouse=True)
def ctrl_c():
    """Have Ctrl-C be heard: what a shell without a terminal starts in the background does not hear it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def double(embedded, authority):
    """Start doubles with rooms of the test's, speaking TLS if wanted; all are ended."""
    with contextlib.ExitStack() as ends:

        def start(*rooms, tls=False, **more):
            context = None
            if tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                authority.issue_cert("127.0.0.1").configure_cert(context)
            return ends.enter_context(ZenkoDouble(embedded.endpoint_url, rooms, context, **more))

        yield start


@pytest.fixture
def client(embedded):
    """Make ordinary clients of a server, as boto3 makes them; all are closed.

    They are of boto3's own session, so that what it reads of Amazon is read once for all tests.
    """
    with contextlib.ExitStack() as ends:

        def make(url, key=None, **more):
            key_id, secret = (
                (key.id, key.secret) if key is not None else (embedded.access_key_id, embedded.secret_access_key)
            )
            more.setdefault("config", Config(retries={"total_max_attempts": 1}))
            made = boto3.client(
                "s3", endpoint_url=url, region_name=REGION, aws_access_key_id=key_id, aws_secret_access_key=secret,
                **more,
            )  # fmt: skip
            ends.callback(made.close)
            return made

        yield make


@pytest.fixture
def booths_bucket(make_bucket):
    """Open the booth's own bucket on a server; all are closed."""
    return lambda url, **changes: make_bucket(endpoint_url=url, **changes)


@pytest.fixture
def zenko():
    """Return the rooms of a Zenko."""
    return Zenko()


@pytest.fixture
def server(double, zenko):
    """Start it."""
    return double(*zenko.rooms)


@pytest.fixture
def owner(client, server):
    """Give an ordinary client with the owner's key."""
    return client(server.url, key=OWNERS_KEY)


@pytest.fixture
def name():
    """Return the name of a bucket that there is not."""
    return f"fresh-{next(_NAMES)}"


@pytest.fixture
def key(request):
    """Make keys that no other test has."""
    numbers = itertools.count()
    return lambda: f"{request.node.name}/{next(numbers)}.gif"


ADDRESS = "http://zenko.example.com:8000"
"""What stands for the double's address in what is compared."""


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Run ``booth bucket`` for a server, with the owner's keys and the booth's; return what it says, and its status."""
    for name in ("CREDENTIALS_DIRECTORY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOOTH_CONFIG", str(tmp_path / "booth.toml"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", OWNERS_KEY.id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", OWNERS_KEY.secret)

    def run(url, *words, **settings):
        zenko = {
            "endpoint_url": url,
            "bucket": "party",
            "access_key_id": BOOTHS_KEY.id,
            "secret_access_key": BOOTHS_KEY.secret,
        } | settings
        lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in zenko.items())
        file = tmp_path / "booth.toml"
        file.write_text(f"[zenko]\n{lines}")
        file.chmod(0o600)
        try:
            status = main(["bucket", *words])
        except SystemExit as end:
            status = end.code
        said = capsys.readouterr()
        return status, said.out.replace(url, ADDRESS), said.err.replace(url, ADDRESS)

    return run
