"""Who may do what: bucket policies as CloudServer takes and judges them, and objects that are whoever's put them."""

import fnmatch
import json
from typing import Any

from lab.zenko.accounts import Accounts
from lab.zenko.rooms import Account, Answer, HungUpError, Request, Room, refusal

DENIED = "Access Denied"

ACTIONS = {
    ("PUT", ""): "s3:PutObject",
    ("GET", ""): "s3:GetObject",
    ("HEAD", ""): "s3:GetObject",
    ("DELETE", ""): "s3:DeleteObject",
    ("PUT", "acl"): "s3:PutObjectAcl",
}
"""What is done to an object, by method and sub-resource, as policies name it."""

OWN = frozenset({"s3:GetObject", "s3:PutObjectAcl"})
"""What whoever put an object may do with it, whatever a policy says: read it, and show it to everybody."""


class Policies(Room):
    """Keeps buckets' policies and judges by them. Accounts are those of *accounts*.

    An *old* CloudServer (before February 2025) loses a worker to each unsigned request for a bucket whose policy names
    an account by its ARN; a newer one refuses it.
    """

    def __init__(self, accounts: Accounts, *, old: bool = True) -> None:
        self.accounts = accounts
        self.old = old
        self.policies: dict[str, dict[str, Any]] = {}
        """By bucket."""
        self.texts: dict[str, bytes] = {}
        """As they were put."""
        self.put_by: dict[tuple[str, str], Account] = {}
        """Whose each object is: bucket and key."""
        self.killed = 0
        """Workers that an unsigned request has ended."""

    def before(self, request: Request) -> Answer | None:
        """Refuse what is not allowed; keep and tell policies."""
        if not request.bucket or (request.method == "PUT" and request.about(key=False)):
            return None if request.account is not None else refusal(403, "AccessDenied", DENIED)
        if request.behind("HEAD", f"/{request.bucket}", {}, b"").status == 404:
            return None  # there is no such bucket, as the server behind says
        if request.account is None:
            if self.old and self._names_an_account(request.bucket):
                self.killed += 1
                raise HungUpError
            return None if self._shown(request) else refusal(403, "AccessDenied", DENIED)
        if request.account == self.accounts.owner(request.bucket):
            return self._policy(request) if request.about(key=False, query="policy") else None
        if request.method == "GET" and request.about(key=False, query="policy"):
            return refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
        return None if self._may(request, request.account) else refusal(403, "AccessDenied", DENIED)

    def after(self, request: Request, answer: Answer) -> Answer:
        """Note whose an object is."""
        if request.method == "PUT" and request.about(key=True) and answer.status == 200 and request.account is not None:
            self.put_by[request.bucket, request.key] = request.account
        return answer

    def _may(self, request: Request, account: Account) -> bool:
        asked = next((name for name in ("acl", "tagging") if name in request.query), "")
        action = ACTIONS.get((request.method, asked))
        if not request.key or action is None or "uploads" in request.query:
            return False
        if action in OWN and self.put_by.get((request.bucket, request.key)) == account:
            return True
        statements = self.policies.get(request.bucket, {}).get("Statement", [])
        names = {("CanonicalUser", account.canonical_id), ("AWS", f"arn:aws:iam::{account.number}:root")}
        return any(
            statement["Effect"] == "Allow"
            and not names.isdisjoint(_principals(statement))
            and action in _listed(statement["Action"])
            and any(fnmatch.fnmatchcase(f"arn:aws:s3:::{request.bucket}/{request.key}", resource)
                    for resource in _listed(statement["Resource"]))
            for statement in statements
        )  # fmt: skip

    def _names_an_account(self, bucket: str) -> bool:
        statements = self.policies.get(bucket, {}).get("Statement", [])
        return any(kind == "AWS" and name != "*" for statement in statements for kind, name in _principals(statement))

    def _shown(self, request: Request) -> bool:
        statements = self.policies.get(request.bucket, {}).get("Statement", [])
        action = ACTIONS.get((request.method, ""))
        return any(
            ("AWS", "*") in _principals(statement) and action in _listed(statement["Action"])
            for statement in statements
            if request.key
        )

    def _policy(self, request: Request) -> Answer | None:
        kept = self.texts.get(request.bucket)
        if request.method == "PUT":
            try:
                policy = json.loads(request.body)
                if isinstance(policy["Statement"], dict):  # one may stand alone
                    policy = {**policy, "Statement": [policy["Statement"]]}
                taken = all(_fits(statement, request.bucket) for statement in policy["Statement"])
            except (ValueError, KeyError, TypeError):
                taken = False
            if not taken:
                return refusal(400, "MalformedPolicy", "Policy has invalid resource")
            self.policies[request.bucket] = policy
            self.texts[request.bucket] = request.body
            return Answer(204)
        if request.method == "DELETE":
            self.policies.pop(request.bucket, None)
            self.texts.pop(request.bucket, None)
            return Answer(204)
        if kept is None:
            return refusal(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
        return Answer(200, {"content-type": "application/json"}, kept)


def _fits(statement: dict[str, Any], bucket: str) -> bool:
    """Return whether a statement is about this bucket: its objects, where it allows something with objects."""
    return bool(_principals(statement)) and all(
        resource.startswith(f"arn:aws:s3:::{bucket}/") for resource in _listed(statement["Resource"])
    )


def _principals(statement: dict[str, Any]) -> set[tuple[str, str]]:
    said = statement["Principal"]
    if said == "*":
        return {("AWS", "*")}
    return {(kind, name) for kind, names in said.items() for name in _listed(names)}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
