"""Search by metadata: what a listing with ``?search=`` answers, with MongoDB and without."""

from lab.zenko.rooms import Room


class Searching(Room):
    """Answers listings that search."""
