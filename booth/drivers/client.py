"""boto3's client for S3, set up as a booth needs it: nothing of the machine's own settings, no checksum trailers.

Imported when the bucket is first used, with botocore, which is what makes a client for boto3. What boto3 itself adds
(threads that send in parts, objects of S3 as objects of Python) a booth has no use for, and does without: 2 MiB.
"""

import functools
import logging
import os
import threading
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.configprovider import ConstantProvider
from botocore.loaders import Loader
from botocore.session import Session

from booth.drivers import amazon
from booth.drivers.bucket_options import BucketOptions

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MAKING = threading.Lock()
"""Held while a client is made: a session is for one thread at a time, and each target has a thread of its own."""


def client(options: BucketOptions, *, attempts: int, whole: bool = False) -> "S3Client":
    """Return a client that tries each request *attempts* times. Raises what boto3 raises.

    It knows the requests that a booth makes; a *whole* one all of S3's, and takes the memory for them.
    """
    for name in ("boto3", "botocore", "urllib3"):  # when they debug, they log headers: a guest's details
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("connection", "connectionpool", "response"):  # even then: headers that make no sense to it
        logging.getLogger(f"urllib3.{name}").setLevel(logging.CRITICAL)
    keys = bool(options.access_key_id or options.secret_access_key)
    config = Config(
        connect_timeout=options.connect_timeout,
        read_timeout=options.read_timeout,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=1,
        proxies={},  # what is between is the wire's business
        user_agent="booth",  # not the machine's particulars
        signature_version="s3v4",
        s3={"addressing_style": options.addressing},
        # Zenko refuses the checksum trailers that boto3 otherwise sends over TLS.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    with _MAKING:
        session = _lasting_session(whole=whole) if keys else _session(borrowing=True, whole=whole)
        made = session.create_client(
            "s3",
            region_name=options.region,
            endpoint_url=options.endpoint_url or None,
            aws_access_key_id=options.access_key_id if keys else None,
            aws_secret_access_key=options.secret_access_key if keys else None,
            config=config,
        )
    return cast("S3Client", made)


@functools.cache
def _known(*, whole: bool) -> Loader:
    """Return the one loader of all clients: what it has read of Amazon is kept once, however many there are."""
    return Loader() if whole else amazon.loader()


@functools.cache
def _lasting_session(*, whole: bool) -> Session:
    """Return the one session of all clients that have keys: to make one takes as long as to make a client.

    It knows no keys itself. One that borrows them would keep what it has found.
    """
    return _session(borrowing=False, whole=whole)


def _session(*, borrowing: bool, whole: bool) -> Session:
    """Return a session that reads neither variables nor files of AWS's; *borrowing* its keys from there.

    A desktop has plenty of them (a region, a profile, an accelerated endpoint, a proxy's certificates), meant for
    another server than the booth's. Of what boto3 knows of Amazon it holds what is of use to the booth, unless it is to
    be *whole*.
    """
    built_in = {name: (None, None, *rest) for name, (_, _, *rest) in Session.SESSION_VARIABLES.items()}
    built_in["config_file"] = built_in["credentials_file"] = (None, None, os.devnull, None)
    built_in["ignore_configured_endpoint_urls"] = (None, None, True, None)
    session = Session(session_vars=built_in)
    session.register_component("data_loader", _known(whole=whole))
    store = session.get_component("config_store")
    for section in ("s3", "proxies_config"):
        store.set_config_provider(section, ConstantProvider(None))
    if borrowing:
        others = Session().get_component("credential_provider")
        session.register_component("credential_provider", others)
    return session
