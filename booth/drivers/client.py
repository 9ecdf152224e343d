"""boto3's client for S3, set up as a booth needs it: nothing of the machine's own settings, no checksum trailers.

Imported when the bucket is first used, with botocore, which is what makes a client for boto3. What boto3 itself adds
(threads that send in parts, objects of S3 as objects of Python) a booth has no use for, and does without: 2 MiB.
"""

import functools
import logging
import os
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.configprovider import ConstantProvider
from botocore.loaders import Loader
from botocore.session import Session

from booth.drivers import amazon
from booth.drivers.bucket_options import BucketOptions

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def client(options: BucketOptions, *, attempts: int, whole: bool = False) -> "S3Client":
    """Return a client that tries each request *attempts* times. Raises what boto3 raises.

    It knows the requests that a booth makes; a *whole* one all of S3's, and takes the memory for them.
    """
    for name in ("boto3", "botocore", "urllib3"):  # when they debug, they log headers: a guest's details
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("connection", "connectionpool", "response"):  # even then: headers that make no sense to it
        logging.getLogger(f"urllib3.{name}").setLevel(logging.CRITICAL)
    keys = bool(options.access_key_id or options.secret_access_key)
    session = _session(borrowing=not keys, whole=whole)
    session.set_config_variable("region", options.region)
    if keys:
        session.set_credentials(options.access_key_id, options.secret_access_key)
    made = session.create_client(
        "s3",
        endpoint_url=options.endpoint_url or None,
        config=Config(
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
        ),
    )
    return cast("S3Client", made)


@functools.cache
def _known(*, whole: bool) -> Loader:
    """Return the one loader of all clients: what it has read of Amazon is kept once, however many there are."""
    return Loader() if whole else amazon.loader()


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
