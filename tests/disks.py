"""Disks for tests in which the power never goes: they do not wait for their medium."""

from booth.disk import RealDisk


class Unsynced:
    """What makes a quick disk of another: it syncs nothing."""

    def sync(self, file):
        """Do nothing."""

    def sync_folder(self, folder):
        """Do nothing."""


class QuickDisk(Unsynced, RealDisk):
    """The disk of this machine, that syncs nothing."""
