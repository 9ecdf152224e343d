"""What the core hands about cannot be changed under anybody's hands."""

import dataclasses
from typing import get_args

import pytest

from booth.core.debounce import Debouncer
from booth.core.effects import Effect
from booth.core.events import Event
from booth.core.form import Form, Line
from booth.core.rules import Rules
from booth.core.scene import Scene
from booth.core.session import Guest
from booth.core.states import Booth, Visit

VALUES = (
    *get_args(Visit),
    *get_args(Event),
    *get_args(Effect),
    *get_args(Scene),
    Booth,
    Rules,
    Form,
    Line,
    Guest,
    Debouncer,
)


@pytest.mark.parametrize("kind", VALUES)
def test_values_are_frozen(kind):
    """A state that a worker or a painter has got hold of is the same state for ever."""
    value = object.__new__(kind)
    field = dataclasses.fields(kind)[0].name if dataclasses.fields(kind) else "anything"
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, None)
