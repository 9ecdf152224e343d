"""How long tests wait for what must happen, and how: the one place for both.

No test sleeps, and none waits for the clock to be right: a wait ends at once when its condition holds. Only what never
happens takes the whole of `PATIENCE`.
"""

import os
import select
import threading
import time

PATIENCE = 240.0
"""Seconds after which something that must happen has not happened, on however busy a machine."""

BETWEEN = 0.002
"""Seconds between two questions, where nothing tells that the answer may have changed."""


def until(condition, patience=PATIENCE):
    """Return the first true value of *condition*, asked again and again; fail when *patience* seconds are over."""
    deadline = time.monotonic() + patience
    pause = threading.Event()
    while not (value := condition()):
        assert time.monotonic() < deadline, f"it has not happened in {patience} s"
        pause.wait(BETWEEN)
    return value


def assert_gone(pid: int) -> None:
    """Wait until process *pid* has ended: killed is not yet gone."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([handle], [], [], 10)[0], f"process {pid} is still there"
    finally:
        os.close(handle)
