"""What holds the pretence to the real libcamera sees each way in which they can differ."""

import enum
from types import ModuleType

from lab.rig import binding
from lab.rig.floor import Floor
from lab.rig.truth import compared, unlike


def module(**names):
    """Return a module of these names."""
    made = ModuleType("m")
    vars(made).update(names)
    return made


def test_the_pretence_is_like_itself():
    """And something is compared."""
    pretended = binding.modules(Floor())["libcamera"]
    assert [] == list(unlike(pretended, pretended))
    assert compared(pretended) > 100


def test_a_name_that_is_not_there_is_told():
    """In modules and in classes."""
    had, has = type("C", (), {"a": 1}), type("C", (), {})
    assert ["b is not there", "C.a is not there"] == list(unlike(module(b=1, C=had), module(C=has)))


def test_another_number_is_told():
    """Settings are sent by number."""
    ours, theirs = enum.IntEnum("E", {"A": 1}), enum.IntEnum("E", {"A": 2})
    assert ["E.A is 2, not 1"] == list(unlike(module(E=ours), module(E=theirs)))
