"""The seconds of an emulated machine: what it waited for a processor that others had does not count."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from image.boot import OwnTime

SECOND = 1_000_000_000
"""Nanoseconds, as the kernel counts here."""


class Threads:
    """The threads of a process, as the kernel tells of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = 100.0

    def live(self, thread: str, *, ran: int, waited: int) -> None:
        """Say how long a thread has run and waited in all, in seconds."""
        (self.folder / thread).mkdir(exist_ok=True)
        (self.folder / thread / "schedstat").write_text(f"{ran * SECOND} {waited * SECOND} 17\n")

    def end(self, thread: str) -> None:
        """Have a thread end."""
        (self.folder / thread / "schedstat").unlink()
        (self.folder / thread).rmdir()


@pytest.fixture
def threads(tmp_path):
    return Threads(tmp_path)


@pytest.fixture
def own(threads):
    threads.live("1", ran=5, waited=50)
    return OwnTime(threads.folder, lambda: threads.clock)


def test_what_was_before_does_not_count(own):
    """A process that waited for long before it was looked at begins at nothing."""
    assert 0.0 == own.now()


def test_time_passes_as_it_does_while_nobody_waits(threads, own):
    """A process that ran, and never waited, has lived as long as everybody."""
    threads.live("1", ran=8, waited=50)
    threads.clock += 10.0
    assert 10.0 == own.now()


def test_an_idle_process_grows_older_too(threads, own):
    """A process that wanted nothing has lived as long as everybody: what does not come is not waited for for ever."""
    threads.clock += 10.0
    assert 10.0 == own.now()


def test_what_it_waited_for_a_processor_does_not_count(threads, own):
    """Of ten seconds in which it ran for two and waited for six, it has lived a quarter."""
    threads.live("1", ran=7, waited=56)
    threads.clock += 10.0
    assert 2.5 == own.now()


def test_all_threads_count_together(threads, own):
    """One thread that ran alone and one that only waited make half of the time."""
    threads.live("2", ran=0, waited=0)
    own.now()
    threads.live("1", ran=9, waited=50)
    threads.live("2", ran=0, waited=4)
    threads.clock += 10.0
    assert 5.0 == own.now()


def test_a_thread_that_ends_takes_nothing_back(threads, own):
    """The end of a thread, and the beginning of another with its number, do not turn time back."""
    threads.live("1", ran=7, waited=56)
    threads.clock += 10.0
    assert 2.5 == own.now()
    threads.end("1")
    threads.clock += 1.0
    assert 3.5 == own.now()
    threads.live("1", ran=0, waited=0)
    threads.clock += 1.0
    assert 4.5 == own.now()


def test_a_real_process_is_read():
    """The kernel's own words are understood: a process that is stopped has lived as long as everybody."""
    clock = iter([0.0, 0.0, 3.0])
    with subprocess.Popen(["sleep", "60"]) as child:
        child.send_signal(signal.SIGSTOP)
        os.waitpid(child.pid, os.WUNTRACED)
        own = OwnTime(Path(f"/proc/{child.pid}/task"), lambda: next(clock))
        told = own.now()
        child.kill()
    assert 3.0 == told
