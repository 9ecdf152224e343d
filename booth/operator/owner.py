"""The keys of the bucket's owner: kept apart from the booth's, and never on the booth."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from booth.errors import ConfigError
from booth.operator import process

if TYPE_CHECKING:
    from booth.drivers.bucket_options import BucketOptions

SAID = (
    "The keys are those of the bucket's owner: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile (AWS_PROFILE) "
    "of ~/.aws. The booth's own may not look into its bucket."
)
"""Where they come from, for the help of a command."""


def refuse_the_appliance(environ: Mapping[str, str]) -> None:
    """Raise `ConfigError` where this is the booth's service: an owner's keys have no place there."""
    if "CREDENTIALS_DIRECTORY" in environ:
        raise ConfigError("this is booth.service, which has the booth's keys: do this elsewhere, with the owner's")


def bucket_of(arguments: argparse.Namespace) -> "BucketOptions":
    """Return the bucket of the settings, with the keys of its owner. Raises `ConfigError`; asks no server."""
    refuse_the_appliance(os.environ)
    loaded = process.in_force(arguments)
    from booth import choices

    options = choices.bucket_of(loaded.settings)
    if not options.endpoint_url:
        raise ConfigError("zenko.endpoint_url is empty: set it to the server that the bucket is on")
    given = [bool(os.environ.get(name, "").strip()) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    if any(given) and not all(given):
        raise ConfigError("of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY one is not set: set both")
    if all(given):
        key, secret = (os.environ[name].strip() for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
        if not os.environ.get("AWS_SESSION_TOKEN"):  # which the library alone knows how to send
            return replace(options, access_key_id=key, secret_access_key=secret)
    return replace(options, access_key_id="", secret_access_key="")
