"""All rooms together: a Zenko with an owner's account and a booth's."""

from dataclasses import dataclass, field

from lab.zenko.accounts import Accounts
from lab.zenko.administering import Administering
from lab.zenko.buckets import Buckets
from lab.zenko.policies import Policies
from lab.zenko.replicating import Replicating
from lab.zenko.rooms import Room
from lab.zenko.rules import Rules
from lab.zenko.searching import Searching
from lab.zenko.speaking import Conditions, Digests, RestEndpoints, Trailers


@dataclass
class Zenko:
    """The rooms, each to be changed and asked by whoever tries something."""

    endpoints: RestEndpoints = field(default_factory=RestEndpoints)
    accounts: Accounts = field(default_factory=Accounts)
    administering: Administering = field(default_factory=Administering)
    rules: Rules = field(default_factory=Rules)
    searching: Searching = field(default_factory=Searching)

    def __post_init__(self) -> None:
        """Make those that need others."""
        self.policies = Policies(self.accounts)
        self.buckets = Buckets(self.accounts, self.rules)
        self.replicating = Replicating(self.rules)

    @property
    def rooms(self) -> list[Room]:
        """In the order in which they are asked."""
        return [self.endpoints, self.accounts, self.administering, Trailers(), Digests(), self.policies, Conditions(),
                self.buckets, self.searching, self.replicating, self.rules]  # fmt: skip
