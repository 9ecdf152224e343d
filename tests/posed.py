"""A visit of some bytes, from its first file to its commit. Not a test; tests of exports share it."""

from booth.imaging.clip import CLIP
from booth.imaging.strip import STRIP
from booth.outbox.ids import east, stamp


def pose(spool, clock, session, guest, *, more=False):
    """Commit a visit at the moment that its name tells; with *more*, a clip and a strip beside the GIF."""
    shown = stamp(session).timestamp()
    clock.set_wall(shown - east(shown))
    spool.open(session)
    spool.shot(session, 1).write_bytes(b"\xff\xd8")
    spool.keep(session, 1)
    spool.animation(session).write_bytes(b"GIF89a" + session.encode())
    if more:
        spool.add(session, CLIP, b"film")
        spool.add(session, STRIP, b"paper")
    spool.note(session, guest)
    spool.commit(session)
