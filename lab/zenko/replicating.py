"""Each object's way to each site: what HEAD says of it, moved by hand."""

from lab.zenko.rooms import Room
from lab.zenko.rules import Rules


class Replicating(Room):
    """Tells of each object that a rule of *rules* covers how far it is."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
