"""Tells glibc's allocator to give memory back, and Python's collector what stays: a booth runs for days, in 1 GB.

Left alone, glibc keeps an arena for every thread and, after the first large picture was freed, takes pictures from the
heap, where they leave holes. With the two thresholds fixed, each picture is memory of its own and goes back at once:
the simulator's resident memory after six visits falls by a third (``scripts/bench`` prints the peak).
"""

import ctypes
import gc

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # malloc.h

LARGE = 32 * 1024
"""Bytes from which on an allocation is memory of its own. glibc starts with four times that, and raises it; a screen is
made of pictures of some 60 kB, and 12 guests then cost 7 MiB less at the end of the evening.
"""

ARENAS = 2


def settle() -> bool:
    """Set the allocator up, before threads start; return whether it understood. Other C libraries need no setting."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return all(
        mallopt(option, value) == 1
        for option, value in ((_ARENA_MAX, ARENAS), (_MMAP_THRESHOLD, LARGE), (_TRIM_THRESHOLD, LARGE))
    )


def hold() -> None:
    """Have no rounds of the garbage collector until `freeze`: in modules they find nothing, and take a tenth."""
    gc.disable()


def freeze() -> None:
    """Take what is there now out of the garbage collector's rounds: modules stay, and looking at them takes long.

    A full round stops every thread, for longer than a frame once boto3 is there. To be called, from any thread, when
    much has been imported.
    """
    gc.freeze()
    gc.enable()
