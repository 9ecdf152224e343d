"""How CloudServer speaks: which hosts it answers to, which uploads it takes, and which conditions it overlooks."""

from collections.abc import Collection

from lab.zenko.rooms import Answer, Request, Room, refusal


class RestEndpoints(Room):
    """Answers only to the *hosts* that the server's configuration lists; any address of the loopback is among them."""

    def __init__(self, hosts: Collection[str] = ("127.0.0.1",)) -> None:
        self.hosts = hosts

    def before(self, request: Request) -> Answer | None:
        """Refuse a host that is not listed, whoever asks for whatever."""
        if request.headers.get("host", "").rpartition(":")[0] in self.hosts:
            return None
        return refusal(400, "InvalidURI", "Could not parse the specified URI. Check your restEndpoints configuration.")


class Trailers(Room):
    """Takes no upload whose checksum comes behind it, as botocore sends them over TLS when nobody tells it not to."""

    def before(self, request: Request) -> Answer | None:
        """Refuse it."""
        trailing = request.headers.get("x-amz-content-sha256", "").endswith("-TRAILER")
        if trailing or "x-amz-trailer" in request.headers:
            return refusal(400, "BadRequest", "trailing checksum is not supported")
        return None


class Digests(Room):
    """Takes some calls only with Content-MD5, whatever other checksum they have."""

    def before(self, request: Request) -> Answer | None:
        """Refuse one without."""
        cors = request.method == "PUT" and request.about(key=False, query="cors")
        several = request.method == "POST" and request.about(key=False, query="delete")
        if (cors or several) and "content-md5" not in request.headers:
            return refusal(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
        return None


class Conditions(Room):
    """Takes conditions of a put and overlooks them: what is there is overwritten."""

    def before(self, request: Request) -> Answer | None:
        """Drop them."""
        if request.method == "PUT":
            for name in ("if-match", "if-none-match"):
                request.headers.pop(name, None)
        return None
