"""The old address of `booth.jpeg`, for those who still ask for it here."""

from booth.jpeg import deliver, size_of

__all__ = ["deliver", "size_of"]
