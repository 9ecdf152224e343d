import subprocess
import sys

import pytest

BEGUN = "import sys; from booth import later; later.put_off(); "


def said(program):
    """Return the words that *program* prints, in a process of its own."""
    ended = subprocess.run([sys.executable, "-c", program], timeout=240, check=True, capture_output=True, text=True)
    return ended.stdout.split()


def test_a_booth_is_put_together_without_them():
    """Neither asyncio nor the mixer is in memory when all of a booth has been imported."""
    program = (
        "import sys; from booth.operator import process; process.begin(); import booth.simulation, booth.wiring; "
        "names = ('asyncio.events', 'pygame.mixer', 'pygame.mixer_music'); "
        "print('pygame.display' in sys.modules, *(name for name in names if sys.modules.get(name)))"
    )
    assert ["True"] == said(program)


@pytest.mark.parametrize("words", ["import asyncio", "from asyncio import run", "import asyncio.runners"])
def test_whoever_asks_gets_all(words):
    """However it is asked for, what was put off works, and is one and the same module for all."""
    program = (
        "import asyncio as early; "
        f"{words}; import asyncio; print(asyncio.run(asyncio.sleep(0, 'slept')), early.run is asyncio.run)"
    )
    assert ["slept", "True"] == said(BEGUN + program)


def test_what_is_in_none_is_in_none_after_that():
    """A name that asyncio does not have is missed as it is in any module."""
    assert ["False", "True"] == said(
        BEGUN + "import asyncio as early; print(*(hasattr(early, n) for n in ('no', 'run')))"
    )


def test_what_is_there_already_stays():
    """Whoever has loaded them before goes on with them."""
    program = (
        "import sys, asyncio, pygame; mixer = pygame.mixer; from booth import later; later.put_off(); "
        "print(sys.modules['asyncio'] is asyncio, later.mixer() is mixer)"
    )
    assert ["True", "True"] == said("import os; os.environ['PYGAME_HIDE_SUPPORT_PROMPT'] = '1'; " + program)


def test_a_quick_look_does_without_them():
    """`booth doctor --quick` has a processor of a Pi to be quick on: what its checks bring along is put off, too."""
    program = (
        "import sys; from booth.cli import main; main(['doctor', '--quick', '--only', 'temperature', '--json']); "
        "print('structlog' in sys.modules, 'asyncio.events' in sys.modules)"
    )
    assert ["True", "False"] == said(program)[-2:]
