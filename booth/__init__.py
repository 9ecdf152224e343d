"""Booth: a photo booth appliance.

The booth is a pure function, ``step(booth, event, rules) -> (booth, effects)``, and a thin shell that feeds it and
obeys it. Everything that happens reaches the machine as an event: a press, a touch, a frame, a failure, and time
itself. Acts leave as effects; workers carry them out and answer with events. Levels (what the screen shows, how the
LED glows) are functions of the state, so no lamp can be left on. Nothing else decides anything.
"""

__version__ = "0.3.0"

RELEASED = 1_793_491_200.0
"""2026-11-01, in seconds since 1970: the month of this version. A wall clock that shows less than this is wrong."""
