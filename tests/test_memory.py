import ctypes
import gc
import subprocess
import sys

from booth import memory


def test_glibc_understands():
    """On Debian and Raspberry Pi OS the allocator takes all three settings. In a process of its own: it keeps them."""
    program = "from booth import memory; import sys; sys.exit(0 if memory.settle() else 1)"
    assert 0 == subprocess.run([sys.executable, "-c", program], timeout=240, check=False).returncode


def test_it_may_be_asked_twice():
    """The second time changes nothing."""
    assert memory.settle()
    assert memory.settle()


def test_another_c_library_needs_no_setting(monkeypatch):
    """Where there is no mallopt, nothing is set and nothing is raised."""
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    assert not memory.settle()


def test_what_is_there_is_taken_out_of_the_collectors_rounds():
    """Frozen objects are not looked at any more; thawed here, for the tests after this one."""
    before = gc.get_freeze_count()
    memory.freeze()
    frozen = gc.get_freeze_count()
    gc.unfreeze()

    assert frozen > before


def test_there_are_no_rounds_while_modules_are_imported():
    """From `hold` to `freeze`."""
    memory.hold()
    held = gc.isenabled()
    memory.freeze()
    gc.unfreeze()
    assert (False, True) == (held, gc.isenabled())
