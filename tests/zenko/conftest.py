"""The double, before the embedded S3 server; and clients of it."""

import contextlib
import itertools
import ssl

import boto3
import pytest
import trustme
from botocore.config import Config

from booth.drivers.s3 import ZenkoBucket
from booth.sim.bucket import EmbeddedS3
from lab.zenko.server import ZenkoDouble

REGION = "us-east-1"


@pytest.fixture(scope="session")
def embedded():
    """Start the embedded S3 server, once for all tests."""
    with EmbeddedS3("party") as server:
        yield server


@pytest.fixture(scope="session")
def authority():
    """Make a certificate authority that nobody knows."""
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_bundle(authority, tmp_path_factory):
    """Write the authority's certificate down."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


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
    """Make ordinary clients of a server, as boto3 makes them; all are closed."""
    with contextlib.ExitStack() as ends:

        def make(url, key=None, **more):
            pair = (key.id, key.secret) if key is not None else (embedded.access_key_id, embedded.secret_access_key)
            session = boto3.session.Session(*pair, region_name=REGION)
            more.setdefault("config", Config(retries={"total_max_attempts": 1}))
            made = session.client("s3", endpoint_url=url, **more)
            ends.callback(made.close)
            return made

        yield make


@pytest.fixture
def booths_bucket(embedded):
    """Open the booth's own bucket on a server; all are closed."""
    with contextlib.ExitStack() as ends:

        def open_it(url, **changes):
            settings = {
                "endpoint_url": url,
                "bucket": embedded.bucket,
                "region": REGION,
                "access_key_id": embedded.access_key_id,
                "secret_access_key": embedded.secret_access_key,
                "ca_bundle": None,
            }
            made = ZenkoBucket(**(settings | changes))
            ends.callback(made.close)
            return made

        yield open_it


@pytest.fixture
def key(request):
    """Make keys that no other test has."""
    numbers = itertools.count()
    return lambda: f"{request.node.name}/{next(numbers)}.gif"
