"""What CloudServer has beside S3: the way to Backbeat, open to every account unless an ingress blocks it."""

import json

from lab.zenko.rooms import Answer, Request, Room, refusal


class Administering(Room):
    """Hands what is under ``/_/`` to Backbeat, whoever signed it; *blocked*: an ingress before it does not."""

    def __init__(self, *, blocked: bool = False) -> None:
        self.blocked = blocked
        self.paused: set[str] = set()
        """Sites whose replication somebody has stopped."""

    def before(self, request: Request) -> Answer | None:
        """Answer what is about replication as a whole."""
        if request.bucket != "_":
            return None
        if self.blocked:
            return Answer(404, {"content-type": "text/plain", "server": "ingress"}, b"not found\n")
        if request.account is None:
            return refusal(403, "AccessDenied", "Access Denied")
        said = request.key.removeprefix("backbeat/api/crr/").split("/")
        if request.method == "POST" and said[0] in {"pause", "resume"}:
            sites = {said[1]} if len(said) > 1 else {"all"}
            self.paused = self.paused | sites if said[0] == "pause" else self.paused - sites
            return Answer(200, {"content-type": "application/json"}, b"{}")
        if request.method == "GET" and said[0] == "status":
            return Answer(200, {"content-type": "application/json"}, json.dumps({"all": "enabled"}).encode())
        return None
