"""What an owner sets of the visits on disk, of the bucket that they go to, and of how guests take theirs home."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from booth import reading
from booth.outbox import keys, links
from booth.section import Section, Text, Trait, printable, rooted, setting, to_be_read, written

# --- What a value may be ---------------------------------------------------------------------------------------------


def _path(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value.startswith("/"):
        raise ValueError("expected a path from the root, such as /var/lib/booth/outbox: begin it with /")
    return Path(printable(value))


def _bucket_key(key: SecretStr) -> SecretStr:
    # Anything else would be refused by every server, or could not be sent at all: each guest would read "later".
    if not re.fullmatch(r"[!-~]{0,512}", key.get_secret_value()):
        raise ValueError("expected a key without blanks, line breaks and accents: write it as you were given it")
    return key


_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+(?:%[a-z0-9._~-]+)?")
"""A name, or a number, with the scope that some of IPv6 have. What is written with % could be a password."""


_PAGES = frozenset(
    {"ui", "shell-ui", "console", "admin", "portal", "management", "keycloak", "iam", "sts", "backbeat-api"}
)
"""How hosts begin that are no S3 server's: pages for people, log-ins, and what else stands beside a Zenko."""

_CONSOLES = (".console.aws.amazon.com",)
"""How hosts end that have pages for people."""

_OTHER_PORTS = {8383: "the pages of Zenko", 8900: "Backbeat, which replicates"}
"""What listens on these ports of a Zenko, and is not the S3 server."""


def _beside_the_server(host: str, port: int | None) -> str:
    """Return what an address leads to that is known to be no S3 server; "" for all others."""
    first, dot, _ = host.rstrip(".").partition(".")
    if (dot and first in _PAGES) or host.rstrip(".").endswith(_CONSOLES):
        return "a console with pages for people, or a log-in"
    return _OTHER_PORTS.get(port or 0, "")


def _endpoint(url: str) -> str:
    # An address may hold a password, so no complaint repeats it.
    fix = 'write it like "https://s3.example.com" or "http://192.0.2.7:8000"'
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"this is not the address of a server: {fix}") from None
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or port == 0):
        raise ValueError(f"expected an address that begins with http:// or https://: {fix}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("keys do not belong into the address: use zenko.access_key_id and zenko.secret_access_key")
    if parts.path.strip("/") or parts.query or parts.fragment or not url.isascii() or re.search(r"\s", url):
        raise ValueError(
            f"expected nothing after the host and the port: {fix}; the bucket's name belongs into zenko.bucket, and a "
            "page of a console is not the server"
        )
    if url and not _HOST.fullmatch(parts.hostname or ""):
        raise ValueError(f"this is not the address of a server: {fix}")
    if other := _beside_the_server(parts.hostname or "", port):
        raise ValueError(
            f"this leads to {other}, and not to the S3 server: {fix}; where Zenko has pages, they tell the address of "
            "its S3 service"
        )
    return url.rstrip("/")


def _pem(text: str) -> str:
    """Take the path of a file that can be read, and is no larger than all the world's authorities."""
    if rooted(text):
        try:
            reading.whole(Path(text), 1 << 20)
        except reading.ReadingError as exc:
            # The path itself only if there is something: whoever mixes up two lines has a key here.
            raise ValueError(str(exc) if isinstance(exc, reading.MissingError) else f"{text}: {exc}") from None
    return text


MOST_SITES, LONGEST_SITE = 6, 12
"""Lamps that have room on the smallest screen, and characters under each."""

_SITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)


def _sites(value: object) -> object:
    """Judge a table of names, as guests read them, by the sites that a server makes copies at."""
    fix = 'write it like {aws-archive="AWS", gcp-web="Google"}'
    if isinstance(value, str):
        raise ValueError(f"expected a table of names by sites: {fix}")  # noqa: TRY004 the content is wrong
    if not isinstance(value, Mapping):
        return value
    if len(value) > MOST_SITES:
        raise ValueError(f"a farewell has room for {MOST_SITES} lamps: name the sites that guests know")
    for site, name in value.items():
        if not _SITE.fullmatch(site):
            raise ValueError(f"a site is named as the server names its location, in letters, digits, - and .: {fix}")
        if not isinstance(name, str) or not 1 <= len(name.strip()) <= LONGEST_SITE:
            raise ValueError(f"{written(site)}: expected a name of 1 to {LONGEST_SITE} characters for guests: {fix}")
    sites = {site.lower(): to_be_read(name.strip()) for site, name in value.items()}
    if len({*sites.values()}) != len(value):
        raise ValueError("two sites are one, or have one name: a guest could not tell their lamps apart")
    return sites


Folder = Annotated[Path, BeforeValidator(_path)]
Sites = Annotated[dict[str, str], BeforeValidator(_sites), Trait.TABLE]
CertificateFile = Annotated[str, AfterValidator(_pem), Trait.FILE]


# --- The sections ----------------------------------------------------------------------------------------------------


class ShareSection(Section):
    """How guests take their animation home: a QR code on the farewell, once the bucket has the animation."""

    url_template: Annotated[str, AfterValidator(links.page)] = setting(
        "",
        "The page of yours that the code leads to. {session}, {key}, {event} and {booth} are filled in, quoted as "
        "addresses are. Guests' names and addresses are then on an object beside the GIF (.json for .gif). Empty: "
        "none.",
        'an address such as "https://photos.example.com/{session}", or empty',
        max_length=500,
    )
    presigned_days: int = setting(
        0,
        "Instead of a page: the code leads to the object itself, by a link that is signed with the booth's key and "
        "lasts so many days. Whoever has the link has the animation, and is not told whose it is: names and addresses "
        "are then on an object beside it (.json for .gif). 0: none.",
        ge=0,
        le=7,
    )
    shown_s: float = setting(
        25.0,
        "The farewell stays so long after its code has come, and waits so long for it; a press ends it. In seconds.",
        ge=5.0,
        le=120.0,
    )

    @property
    def linked(self) -> bool:
        """Whether guests are shown links: then their details must not be where these lead.

        A page counts as well: nobody here knows what it hands on of what it finds, or whether it is the object itself.
        """
        return bool(self.url_template or self.presigned_days)


class PageSection(Section):
    """A page for each guest, in the bucket: it saves and shares the pictures, and says what becomes of them."""

    enabled: bool = setting(
        False,
        "Whether the code leads to such a page, instead of to the GIF itself. It lasts as long as the links that it "
        "has (share.presigned_days, which must be set).",
    )
    responsible: Text = setting(
        "",
        "Who answers for the pictures, and how to reach them, as guests read it on the page. Empty: nothing is said.",
        "text of at most 200 characters, or empty",
        max_length=200,
    )
    deleted_days: int = setting(
        0,
        "After so many days you delete the pictures from the bucket: the page tells the day. What the bucket's own "
        "rule says counts more. 0: the page tells no day of yours.",
        ge=0,
        le=3650,
    )


class OutboxSection(Section):
    """The visits on disk."""

    dir: Folder = setting(
        Path("/var/lib/booth/outbox"),
        "Where visits are kept, sent or not. The folder is made, those above it are not: on a stick that is not in, "
        "visits would fill the card instead.",
        "a path that begins with /",
    )
    min_free_mb: int = setting(
        500, "With less room than this on the disk no visit is begun, in megabytes.", ge=50, le=1_000_000
    )
    keep_days: int = setting(
        30, "How long GIFs and details are kept after they were sent, in days, by a clock that is known to be right; 0 "
        "deletes them as soon as they are sent. The photographs are never sent: they go when their GIF has arrived.",
        ge=0, le=36_500,
    )  # fmt: skip
    keep_details_days: int = setting(
        36_500, "How long names, addresses, languages and what was asked of consents are kept after they were sent, in "
        "days, where that is less than keep_days: the pictures stay, with a yes or no. 0 deletes them as soon as they "
        "are sent.",
        ge=0, le=36_500,
    )  # fmt: skip


class ZenkoSection(Section):
    """The bucket."""

    endpoint_url: Annotated[str, AfterValidator(_endpoint)] = setting(
        "",
        "The address of the Zenko (or other S3) server. Empty: visits stay in the outbox.",
        'an address such as "https://s3.example.com", or empty',
    )
    bucket: str = setting(
        "booth",
        "The bucket that animations are put into. It must exist.",
        "the name of a bucket: 3 to 63 small letters, digits, dots and hyphens",
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    )
    region: str = setting(
        "us-east-1",
        "The region that requests are signed for. Zenko takes any.",
        "a region, such as us-east-1",
        pattern=r"^[a-z0-9-]{1,32}$",
    )
    access_key_id: Annotated[SecretStr, AfterValidator(_bucket_key)] = setting(
        SecretStr(""), "The key that may put objects. Better kept in a systemd credential than here.", "text"
    )
    secret_access_key: Annotated[SecretStr, AfterValidator(_bucket_key)] = setting(
        SecretStr(""), "The secret of that key. Better kept in a systemd credential than here.", "text"
    )
    addressing: Literal["path", "virtual"] = setting(
        "path",
        "Where the bucket's name stands in addresses: path (https://s3.example.com/BUCKET), as Zenko takes it, or "
        "virtual (https://BUCKET.s3.example.com), for servers that take nothing else.",
    )
    ca_bundle: CertificateFile = setting(
        "",
        "A file of certificates to trust, in PEM, and no others. Empty: those that the system trusts; where it has "
        "none, those that come with the library (certifi).",
        "the path of a file, or empty",
    )
    key_template: Annotated[str, AfterValidator(keys.unique)] = setting(
        "{event}/{date}/{session}.gif",
        "The key of each object. {event}, {booth}, {date}, {time} and {session} are filled in; date and time are those "
        "of the place. Without {session} it is put before the ending: no two visits share a key.",
        "text, such as {date}/{session}.gif",
        min_length=1,
        max_length=300,
    )
    sites: Sites = setting(
        {},
        "Where the server makes copies of what is sent (Zenko's locations, by the names in the bucket's replication "
        "rule), and what guests call each: the farewell has a lamp for each that lights when their picture is there, "
        "and the invitation tells how many are in all of them. Empty: guests are told nothing of copies.",
        f'a table of up to {MOST_SITES} sites with a name each, such as {{aws-archive="AWS", gcp-web="Google"}}',
    )
    connect_timeout_s: float = setting(
        5.0, "After this a server that does not answer counts as away, in seconds.", ge=0.5, le=60.0
    )
    read_timeout_s: float = setting(
        20.0, "After this an answer that does not come is not waited for, in seconds.", ge=1.0, le=300.0
    )
