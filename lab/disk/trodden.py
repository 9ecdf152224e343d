"""Paths that are made once, however often they are asked for."""

from functools import cached_property
from pathlib import PosixPath


class Trodden(PosixPath):
    """A path that keeps each path that was made from it.

    A proof asks for the same few a million times, and to make a path takes longer than to find it on a disk in memory.
    """

    @cached_property
    def _below(self) -> "dict[str, Trodden]":
        return {}

    @cached_property
    def parent(self) -> "Trodden":
        """The folder that it is in."""
        return super().parent

    def __truediv__(self, name: object) -> "Trodden":
        path = self._below.get(str(name))
        if path is None:
            path = self._below[str(name)] = super().__truediv__(str(name))
        return path

    def with_name(self, name: str) -> "Trodden":
        """Return the path beside it that has *name*."""
        return self.parent / name
