"""Kinds of nonsense, a file each, for ``scripts/fuzz``."""

REFUSED = "refused"
"""What became of a case that the booth refused in words, as it promises to."""


class Violation(Exception):  # noqa: N818  it is no error of the program that raises it
    """A promise was broken; ``str()`` says which, and names no machine's path."""
