"""Whose requests they are: keys and secrets, accounts with their canonical ids, and the clock that signatures go by."""

import calendar
import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from lab.zenko.rooms import Account, Answer, Request, Room, refusal

TOLERATED = 900.0
"""Seconds that a client's clock may be off."""

OWNER = Account("owner", "123456789012", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be")
BOOTH = Account("booth", "123456789013", "0123456789abcdef" * 4)


@dataclass(frozen=True)
class Key:
    """A key and whose it is."""

    id: str
    secret: str
    account: Account


OWNERS_KEY = Key("OWNERKEY000000000000", "the-owners-own", OWNER)
BOOTHS_KEY = Key("BOOTHKEY000000000000", "the-booths-own", BOOTH)


@dataclass(frozen=True)
class _Signed:
    """What a request says of its signature."""

    key: str
    day: str
    region: str
    headers: tuple[str, ...]
    signature: str
    time: str


class Accounts(Room):
    """Knows *keys*, and refuses what is signed otherwise than by one of them; what is not signed is nobody's.

    Who signs and asks for the buckets learns their own canonical id, whatever else they may.
    """

    def __init__(self, *keys: Key) -> None:
        self.keys = {key.id: key for key in keys or (OWNERS_KEY, BOOTHS_KEY)}
        self.buckets: dict[str, Account] = {}
        """Who owns each bucket that was made here. All others are of `OWNER`."""

    def before(self, request: Request) -> Answer | None:
        """Note who signed it; refuse what is signed wrong; answer who asks for the buckets."""
        try:
            signed = _said(request)
        except (KeyError, ValueError):
            return refusal(403, "AccessDenied", "Access Denied")
        if signed is not None:
            key = self.keys.get(signed.key)
            lasting = int(request.query.get("X-Amz-Expires", "0"))
            said = calendar.timegm(time.strptime(signed.time, "%Y%m%dT%H%M%SZ"))
            if not -TOLERATED <= request.now - said <= max(TOLERATED, lasting):
                return refusal(403, "RequestTimeTooSkewed", "The difference between the request time and the current "
                               "time is too large.")  # fmt: skip
            if key is None:
                return refusal(403, "InvalidAccessKeyId", "The AWS access key Id you provided does not exist in our "
                               "records.")  # fmt: skip
            if not hmac.compare_digest(_signature(request, signed, key.secret), signed.signature):
                return refusal(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the "
                               "signature you provided.")  # fmt: skip
            request.account = key.account
        if not request.bucket:
            return self._listed(request)
        return None

    def after(self, request: Request, answer: Answer) -> Answer:
        """Note who makes a bucket."""
        made = request.method == "PUT" and request.about(key=False)
        if made and answer.status == 200 and request.account is not None:
            self.buckets.setdefault(request.bucket, request.account)
        return answer

    def owner(self, bucket: str) -> Account:
        """Return whose a bucket is."""
        return self.buckets.get(bucket, OWNER)

    def _listed(self, request: Request) -> Answer:
        account = request.account
        if account is None or request.method != "GET":
            return refusal(403, "AccessDenied", "Access Denied")
        owned = sorted(name for name, owner in self.buckets.items() if owner == account)
        buckets = "".join(
            f"<Bucket><Name>{name}</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>"
            for name in owned
        )
        said = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Owner><ID>{account.canonical_id}</ID><DisplayName>{account.name}</DisplayName></Owner>"
            f"<Buckets>{buckets}</Buckets></ListAllMyBucketsResult>"
        )
        return Answer(200, {"content-type": "application/xml"}, said.encode())


def _said(request: Request) -> _Signed | None:
    """Return what a request says of its signature; None without one. Raises ValueError where it makes no sense."""
    query, said = request.query, request.headers.get("authorization", "")
    if "X-Amz-Signature" in query:
        key, day, region, *_ = query["X-Amz-Credential"].split("/")
        names = tuple(query["X-Amz-SignedHeaders"].split(";"))
        return _Signed(key, day, region, names, query["X-Amz-Signature"], query["X-Amz-Date"])
    if not said:
        return None
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=(.+)/(\d{8})/([\w-]+)/s3/aws4_request, *SignedHeaders=([^,]+), *Signature=(\w+)",
        said,
    )
    if found is None:
        raise ValueError("no signature of version 4")
    key, day, region, listed, signature = found.groups()
    return _Signed(key, day, region, tuple(listed.split(";")), signature, request.headers["x-amz-date"])


def _signature(request: Request, signed: _Signed, secret: str) -> str:
    """Return the signature of version 4 that *request* should have."""
    target = urlsplit(request.target)
    pairs = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(target.query, keep_blank_values=True)
        if name != "X-Amz-Signature"
    )
    in_query = "X-Amz-Signature" in request.query
    payload = "UNSIGNED-PAYLOAD" if in_query else request.headers["x-amz-content-sha256"]
    canonical = "\n".join([
        request.method,
        target.path,
        "&".join(f"{name}={value}" for name, value in pairs),
        *(f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signed.headers),
        "",
        ";".join(signed.headers),
        payload,
    ])  # fmt: skip
    scope = f"{signed.day}/{signed.region}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{signed.time}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    made = f"AWS4{secret}".encode()
    for part in (*scope.split("/"), text):
        made = hmac.digest(made, part.encode(), "sha256")
    return made.hex()
