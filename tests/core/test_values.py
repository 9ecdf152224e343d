"""What the core hands about cannot be changed under anybody's hands."""

import dataclasses
from typing import get_args

import pytest

from booth.core.debounce import Debouncer
from booth.core.effects import Effect
from booth.core.events import Event, Part, Typed
from booth.core.form import Complaint, Field, Form, Line
from booth.core.rules import Rules
from booth.core.scene import FRAME_INTERVAL, Glow, Scene
from booth.core.states import Animation, Ask, Booth, Outcome, Reason, State
from booth.core.visit import Guest
from booth.units import Instant

VALUES = (
    *get_args(State),
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


def test_a_booth_that_nobody_has_set_up_plays_by_these_rules():
    """Four frames, no detail that must be given, no consent to give; and times that guests are used to, in seconds."""
    rules = Rules()
    assert (4, 3.0, 3.0, 10.0) == (rules.shots, rules.get_ready, rules.countdown, rules.shutter)
    assert (90.0, 15.0, 1.5) == (rules.form_idle, rules.form_warning, rules.form_held)
    assert (60.0, 1.0, 0.3) == (rules.finishing, rules.finishing_shown, rules.finishing_quiet)
    assert (8.0, 0.0, 2.0, 6.0, 15.0) == (
        rules.farewell, rules.share, rules.farewell_held, rules.apology, rules.starting,
    )  # fmt: skip
    assert (False, False, ()) == (rules.name_required, rules.email_required, rules.consents)
    assert rules.judge("anything") is None


def test_what_is_typed_does_not_show_in_the_event_either():
    """When it happened may be told."""
    assert "Typed(now=2.0, text=...)" == repr(Typed(Instant(2.0), "Zoë"))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Part, "camera disk gm button"),
        (Field, "name email answer"),
        (Complaint, "name-missing email-missing email-no-at email-no-domain email-invalid email-unusual"),
        (Animation, "making ready failed"),
        (Outcome, "sending sent saved later deleted"),
        (Ask, "retake delete skip agree question"),
        (Reason, "camera disk slow not-deleted"),
        (Glow, "off steady blink slow-blink double-blink"),
    ],
)
def test_logs_and_scripts_know_each_kind_by_these_words(kind, words):
    """The log says them, and what reads the log depends on them."""
    assert words.split() == [each.value for each in kind]


def test_the_booth_looks_around_thirty_times_a_second():
    """At its inbox, its screen and its clock."""
    assert 1 / 30 == FRAME_INTERVAL
