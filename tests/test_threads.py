"""Threads begin, end when they are told to, and are waited for; a look is taken until it has seen enough."""

import ast
import threading
from pathlib import Path
from threading import Event

import pytest

from booth.threads import Look, Loop, Stoppable, aside

PATIENCE = 30.0
"""Seconds after which a thread of these tests hangs."""
BOOTH = Path(__file__).parents[1] / "booth"


def test_it_runs_from_its_start_to_its_end_under_its_name():
    """Before and afterwards it is not alive; it cannot keep the process from ending."""
    ran, go = [], Event()

    def run():
        current = threading.current_thread()
        ran.append((current.name, current.daemon))
        go.wait(PATIENCE)

    loop = Loop("a loop", run)
    before = loop.alive
    loop.start()
    meanwhile = loop.alive
    go.set()
    assert [True, False, True, False] == [loop.join(PATIENCE), before, meanwhile, loop.alive]
    assert [("a loop", True)] == ran


def test_one_that_was_not_started_has_ended():
    """Nobody waits for what never was."""
    assert Loop("never", lambda: None).join() is True


def test_whoever_waits_has_no_more_patience_than_was_said():
    """What hangs is left behind, and that is said."""
    go = Event()
    loop = Loop("hangs", lambda: go.wait(PATIENCE))
    loop.start()
    left = loop.join(0.0)
    go.set()
    assert [False, True] == [left, loop.join(PATIENCE)]


def test_what_it_does_not_catch_ends_it_and_is_told(monkeypatch):
    """To the hook of all threads, which the booth's log sets."""
    told = []
    monkeypatch.setattr(threading, "excepthook", lambda met: told.append((met.exc_type, met.thread.name)))

    def run():
        raise RuntimeError

    loop = Loop("faulty", run)
    loop.start()
    assert loop.join(PATIENCE) is True
    assert [(RuntimeError, "faulty")] == told


def test_one_that_can_be_stopped_waits_on_what_it_is_given():
    """And ends as soon as it is told; twice is once."""
    stopped = []
    thread = Stoppable("produces", lambda stop: stopped.append(stop.wait(PATIENCE)))
    thread.start()
    assert [True, True] == [thread.end(PATIENCE), thread.end(PATIENCE)]
    assert [True] == stopped


def test_one_that_is_stopped_before_it_starts_finds_that_out_at_once():
    """Whoever is quicker than the start loses nothing by it."""
    looked = []
    look = Look("late", lambda: bool(looked.append("looked")), 0.0)
    look.end()
    look.start()
    assert look.join(PATIENCE) is True
    assert [] == looked


@pytest.mark.parametrize("enough", [1, 2, 5])
def test_a_look_is_taken_until_it_has_seen_enough(enough):
    """Not once more."""
    looked = []

    def look():
        looked.append("looked")
        return len(looked) == enough

    looking = Look("looks", look, 0.0)
    looking.start()
    assert looking.join(PATIENCE) is True
    assert enough == len(looked)


def test_between_two_looks_it_can_be_stopped():
    """However long it would have waited."""
    seen = Event()
    looking = Look("waits", lambda: bool(seen.set()), PATIENCE * 1000)
    looking.start()
    assert seen.wait(PATIENCE)
    assert looking.end(PATIENCE) is True


def test_what_is_done_aside_is_done():
    """On another thread than the caller's."""
    done, names = Event(), []

    def job():
        names.append(threading.current_thread().name)
        done.set()

    aside("a job", job)
    assert done.wait(PATIENCE)
    assert ["a job"] == names


def test_nobody_else_makes_a_thread():
    """One file knows how: what has no name, or keeps the booth from ending, cannot come about elsewhere."""
    made = {
        str(file.relative_to(BOOTH))
        for file in BOOTH.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Thread"
    }
    assert {"threads.py"} == made
