"""What it means when a put fails: a table of verdicts, by what the server says or what never gets as far as that.

A failure is known by its signs: S3's error codes, HTTP's numbers, names of exception classes, and a few of our own for
what is recognised in `booth.drivers.refusals`.
"""

import errno
import socket
from dataclasses import dataclass

from booth.errors import Remedy


@dataclass(frozen=True)
class Verdict:
    """What a failure means: by the server's error codes or the library's exceptions, and by what they say."""

    signs: tuple[str, ...]
    """S3 error codes, HTTP status numbers, names of exception classes, and our own signs; a ``*`` ends in anything."""
    remedy: Remedy
    meaning: str
    """Sentence for an operator. May mention ``{bucket}`` and ``{endpoint}``."""
    says: tuple[str, ...] = ()
    """Texts of which one has to be in the message, in small letters, if there are any."""

    def covers(self, sign: str, text: str) -> bool:
        """Return whether *sign* is one of ours and *text* (small letters) says what it has to."""
        known = any(sign.startswith(ours[:-1]) if ours.endswith("*") else sign == ours for ours in self.signs)
        return known and (not self.says or any(said in text for said in self.says))


CERTIFICATES = "CertificateFile"
"""A sign of our own: the file of certificates cannot be read, or holds none."""

PAGE = "WebPage"
"""A sign of our own: an answer in HTML. S3 speaks XML, so this comes from something else."""

ENDLESS = "EndlessAnswer"
"""A sign of our own: an answer that was not over when as much of it had come as is ever read."""

STYLE = "PathStyle"
"""A sign of our own: the server wants the bucket's name in the host."""

SPEAKS_TLS = "SpeaksTLS"
"""A sign of our own: an answer which says that TLS is spoken there."""

NOT_S3 = "NotS3"
"""A sign of our own: a refusal without a word of S3, by what has no such address or does not know such a request."""

ETAG = "WrongETag"
"""A sign of our own: a success that does not confirm the animation."""

UNREAD, CHANGED, NOT_KEPT = "Unread", "Changed", "NotKept"
"""Signs of our own: what was put and not confirmed may not be read back, is another thing, is not there."""

VIRTUAL = "Virtual"
"""Prefix of a sign: the bucket's name is in the host."""

PROXY = "Proxy"
"""Prefix of an answer's number: a proxy gave it, not the server."""

PORTAL = (
    "something else answers in the place of {endpoint}, perhaps the login page of a hotel or an event network; "
    "log the booth in there, or check that zenko.endpoint_url is no page for people"
)

_TLS_THERE = "{endpoint} speaks TLS, and nothing else at this port; write https:// in the settings (zenko.endpoint_url)"

OFF = "wrong by more than a quarter of an hour"
"""How wrong a clock is, where the answer does not say."""

_HUNG_UP = "{endpoint} did not answer in time, or hung up; check the network, then the server"

_CLOCK_COMES = (
    "have the network let time servers through (NTP, port 123 of UDP), which set it, or set it by hand: "
    "sudo timedatectl set-time"
)

VERDICTS = (
    # ---- what stands between the booth and the server
    Verdict(
        (PROXY + "407",),
        Remedy.PERSON,
        "the proxy {proxy} wants a password; let the booth through to {endpoint} without one, or put the password "
        "into the proxy's address (HTTP_PROXY, HTTPS_PROXY)",
    ),
    Verdict(
        (PROXY + "5*",),
        Remedy.WAIT,
        "the proxy {proxy} does not reach {endpoint}; check the proxy, then the server",
    ),
    Verdict(
        (PROXY + "2*", PROXY + "3*", PROXY + "4*"),
        Remedy.PERSON,
        "the proxy {proxy} does not let the booth through to {endpoint}; allow it there, or name the server in "
        "NO_PROXY",
    ),
    Verdict((PAGE,), Remedy.WAIT, PORTAL),
    Verdict((SPEAKS_TLS,), Remedy.PERSON, _TLS_THERE),
    Verdict(
        (NOT_S3,),
        Remedy.PERSON,
        "what answers at {endpoint} does not speak S3: a web server, or an ingress that does not know this host; check "
        "host and port in the settings (zenko.endpoint_url)",
    ),
    Verdict(
        (ENDLESS,),
        Remedy.WAIT,
        "{endpoint} answers with more than any S3 server says, and the booth hung up; "
        "check what answers there (zenko.endpoint_url)",
    ),
    # ---- what the server says, or something in its place
    Verdict(
        (
            STYLE,
            "SecondLevelDomainForbidden",
            "PathStyleDomainForbidden",
            "VirtualHostDomainRequired",
            "InvalidPathAccess",
        ),
        Remedy.PERSON,
        '{endpoint} does not take the bucket\'s name in the path; put addressing = "virtual" into the settings '
        "(zenko.addressing)",
    ),
    Verdict(
        ("MethodNotAllowed", "405"),
        Remedy.PERSON,
        "{endpoint} takes no animation at this address; check zenko.endpoint_url, and whether the server wants the "
        "bucket's name in the host (zenko.addressing)",
    ),
    Verdict(
        (VIRTUAL + "EndpointConnectionError", VIRTUAL + "ConnectTimeoutError"),
        Remedy.WAIT,
        "the bucket's own host ({bucket}, then a dot, then the host of {endpoint}) cannot be reached; check the "
        'network, or put addressing = "path" into the settings (zenko.addressing)',
    ),
    Verdict(
        (VIRTUAL + "SSLError",),
        Remedy.PERSON,
        "the certificate of {endpoint} is not made out to the bucket's own host ({bucket}, then a dot, then the "
        'server\'s); put addressing = "path" into the settings (zenko.addressing), or log the booth in to the network',
        says=("mismatch", "doesn't match", "not valid for"),
    ),
    Verdict(
        (ETAG,),
        Remedy.WAIT,
        "{endpoint} did not confirm the animation: its ETag is not the animation's MD5, or there is none; "
        "check whether something on the way changes what is sent",
    ),
    Verdict(
        (UNREAD,),
        Remedy.PERSON,
        "{endpoint} took the animation and does not confirm it: its ETag is not the animation's MD5 (encryption by "
        "KMS, or a proxy that changes ETags). The booth does not send it again; allow the access key to read it back "
        "(s3:GetObject), or have ETags passed on unchanged",
    ),
    Verdict(
        (CHANGED,),
        Remedy.PERSON,
        "{endpoint} gives back something else than the animation, and the booth does not send it again; "
        "look for a proxy or a cache on the way that changes what is sent",
    ),
    Verdict(
        (NOT_KEPT,),
        Remedy.PERSON,
        "{endpoint} says that it took the animation and does not have it, and the booth does not send it again; "
        "check the server",
    ),
    Verdict(
        ("AccessDenied",),
        Remedy.WAIT,
        "the storage behind the bucket {bucket} is full; free some of it, or wait until its copies have been made",
        says=("storage space limit",),
    ),
    Verdict(
        ("RequestTimeTooSkewed",),
        Remedy.CLOCK,
        f"the booth is online, and reaches {{endpoint}}, but its clock is {OFF}; {_CLOCK_COMES}",
    ),
    Verdict(
        ("InvalidAccessKeyId",),
        Remedy.PERSON,
        "{endpoint} does not know the access key; put the right one into the settings (zenko.access_key_id)",
    ),
    Verdict(
        ("SignatureDoesNotMatch",),
        Remedy.PERSON,
        "the secret does not belong to the access key; put the right one into the settings (zenko.secret_access_key)",
    ),
    Verdict(
        ("AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden", "401"),
        Remedy.PERSON,
        "the access key may not put objects into the bucket {bucket}; allow it s3:PutObject there",
    ),
    Verdict(
        ("403",),
        Remedy.PERSON,
        "{endpoint} refuses the booth and does not say why; allow the access key s3:PutObject in the bucket {bucket}, "
        "and check whether the server wants the bucket's name in the host (zenko.addressing)",
    ),
    Verdict(
        ("NoSuchKey",),
        Remedy.WAIT,
        "the bucket {bucket} has no such object; look for it under another name",
    ),
    Verdict(
        ("NoSuchBucket", "InvalidBucketName", "404"),
        Remedy.PERSON,
        "there is no bucket {bucket} at {endpoint}; make it, or put the right name into the settings (zenko.bucket)",
    ),
    Verdict(
        ("InvalidURI",),
        Remedy.PERSON,
        "the server does not know itself as {endpoint}; add that name to the server's restEndpoints, "
        "or put the right one into the settings (zenko.endpoint_url)",
    ),
    Verdict(
        (
            "PermanentRedirect",
            "TemporaryRedirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
        ),
        Remedy.PERSON,
        "the bucket {bucket} is in another region; put the right one into the settings (zenko.region, and the "
        "region's own server in zenko.endpoint_url)",
    ),
    Verdict(("3*", "511"), Remedy.WAIT, PORTAL),
    Verdict(
        ("1*",),
        Remedy.WAIT,
        "{endpoint}, or a proxy before it, announces an answer in the place of one; have it send none of the numbers "
        "102 and 103 (Processing, Early Hints), and do not have it change protocols (101)",
    ),
    Verdict(
        ("MetadataTooLarge", "HttpHeadersTooLarge", "431", "KeyTooLong", "KeyTooLongError", "EntityTooLarge"),
        Remedy.NEVER,
        "the server finds this visit's details, key or animation too large; raise the server's limit, "
        "then move its folder from failed/ back to pending/",
    ),
    Verdict(
        ("413",),
        Remedy.PERSON,
        "a proxy before {endpoint} takes no animation of this size; raise its limit (nginx: client_max_body_size)",
    ),
    Verdict(
        ("407",),
        Remedy.PERSON,
        "a proxy before {endpoint} wants a password; let the booth through without one",
    ),
    Verdict(
        ("BadDigest", "InvalidDigest", "IncompleteBody", "RequestTimeout", "XAmzContentSHA256Mismatch", "408"),
        Remedy.WAIT,
        "{endpoint} did not receive the whole animation; check the network",
    ),
    Verdict(
        ("SlowDown", "429", "QuotaExceeded", "TooManyRequests", "RequestLimitExceeded", "Throttl*"),
        Remedy.WAIT,
        "{endpoint} is asked too often, or its quota is used up; if this lasts, raise the quota",
    ),
    Verdict(
        ("5*", "InternalError", "ServiceUnavailable", "OperationAborted"),
        Remedy.WAIT,
        "{endpoint} reports an error of its own; if this lasts, tell the server's administrator",
    ),
    # ---- what never gets as far as the server
    Verdict(
        ("SSLError",),
        Remedy.CLOCK,
        "by the clock of the booth the certificate of {endpoint} is not valid yet, so the clock must be wrong; "
        + _CLOCK_COMES,
        says=("not yet valid",),
    ),
    Verdict(
        ("SSLError",),
        Remedy.PERSON,
        "the certificate of {endpoint} has expired, or the clock of the booth is wrong; check both",
        says=("expired",),
    ),
    Verdict(
        ("SSLError",),
        Remedy.PERSON,
        "the certificate of {endpoint} is made out to another name; put that name into the settings "
        "(zenko.endpoint_url), or log the booth in to the network",
        says=("mismatch", "doesn't match", "not valid for"),
    ),
    Verdict(
        ("SSLError",),
        Remedy.PERSON,
        "the booth does not trust the certificate of {endpoint}; name its authority in the settings "
        "(zenko.ca_bundle), or log the booth in to the network",
        says=("certificate",),
    ),
    Verdict(
        (CERTIFICATES,),
        Remedy.PERSON,
        "the file of certificates cannot be read; put the right path into the settings (zenko.ca_bundle)",
    ),
    Verdict(
        ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound"),
        Remedy.PERSON,
        "there is no access key; put one into the settings (zenko.access_key_id, zenko.secret_access_key)",
    ),
    Verdict(
        ("ParamValidationError",),
        Remedy.PERSON,
        "{bucket} cannot be the name of a bucket; put the right one into the settings (zenko.bucket)",
        says=("bucket name",),
    ),
    Verdict(
        ("ParamValidationError",),
        Remedy.NEVER,
        "this visit's key or details cannot be sent as they are; correct entry.json in its folder in failed/, "
        "then move the folder back to pending/",
    ),
    Verdict(
        ("ValueError", "InvalidRegionError", "EndpointProviderError", "NoRegionError"),
        Remedy.PERSON,
        "{endpoint} cannot be an address; put the right one into the settings (zenko.endpoint_url, zenko.region)",
    ),
    Verdict(
        ("ProxyConnectionError",),
        Remedy.WAIT,
        "the proxy {proxy} cannot be reached, so {endpoint} cannot; check the network and the proxy's address "
        "(HTTP_PROXY, HTTPS_PROXY), or name the server in NO_PROXY",
    ),
    Verdict(
        ("ProxySchemeUnknown", "LocationValueError", "LocationParseError"),
        Remedy.PERSON,
        "{proxy} cannot be the address of a proxy; put one that begins with http:// into HTTP_PROXY and HTTPS_PROXY, "
        "or name the server in NO_PROXY",
    ),
    Verdict(
        ("EndpointConnectionError",),
        Remedy.PERSON,
        "there is no host of the name in {endpoint}, says name service; check it letter by letter "
        "(zenko.endpoint_url), and whether this network knows it",
        says=tuple(f"[errno {number}]" for number in (socket.EAI_NONAME, socket.EAI_NODATA)),
    ),
    Verdict(
        ("EndpointConnectionError",),
        Remedy.WAIT,
        "nobody listens at {endpoint}; check that the server runs, and its port (zenko.endpoint_url)",
        says=(f"[errno {errno.ECONNREFUSED}]",),
    ),
    Verdict(
        ("EndpointConnectionError", "ConnectTimeoutError"),
        Remedy.WAIT,
        "{endpoint} cannot be reached; check the network",
    ),
    Verdict(("ConnectionClosedError", "HTTPClientError"), Remedy.PERSON, _TLS_THERE, says=(r"\x15\x03",)),
    Verdict(
        ("ReadTimeoutError", "ConnectionClosedError", "ResponseStreamingError", "IncompleteReadError"),
        Remedy.WAIT,
        _HUNG_UP,
    ),
    Verdict(("SSLError",), Remedy.WAIT, _HUNG_UP, says=("eof occurred",)),
    Verdict(
        ("SSLError",),
        Remedy.PERSON,
        "no TLS is spoken at {endpoint}; put the port that speaks it into the settings (zenko.endpoint_url; with "
        "http:// everybody on the way can read what is sent), or log the booth in to the network",
        says=("wrong version number", "record layer failure", "packet length too long", "unknown protocol"),
    ),
    Verdict(
        ("SSLError", "HTTPClientError", "ResponseParserError", "RecursionError", "OSError"),
        Remedy.WAIT,
        "the connection to {endpoint} does not work; check the network",
    ),
)
"""The first that covers a failure is what it means."""

UNKNOWN_ANSWER = Verdict(
    (), Remedy.PERSON, "{endpoint} refuses the upload; look up its error code, then check the settings under zenko"
)
"""What an answer means that no row covers."""

UNKNOWN_TROUBLE = Verdict(
    (), Remedy.WAIT, "the upload to {endpoint} failed in an unexpected way; check the network, then the settings"
)
"""What a failure without an answer means that no row covers."""


def verdict(signs: list[str], text: str, *, answered: bool) -> tuple[Verdict, str]:
    """Return what a failure means, and the sign it was told by.

    *signs* from the most particular to the most general; *answered* if a server said so.
    """
    for sign in signs:
        for candidate in VERDICTS:
            if candidate.covers(sign, text.lower()):
                return candidate, sign
    return UNKNOWN_ANSWER if answered else UNKNOWN_TROUBLE, signs[0]
