"""What a server has said of its copies, on a disk that forgets: the old word or the new one, and never a torn one."""

from booth.outbox.replication import Replication, known
from booth.ports import CopyState
from lab.disk.cuts import FIRST, OUTBOX, Conditions, Stage, animation, deliver, hand_over, pose
from lab.disk.forgetful import ForgetfulDisk

GIF = "animation.gif"
OLD = Replication().heard(GIF, {"aws": CopyState.PENDING, "gcp": CopyState.PENDING}, 1.0)
NEW = OLD.heard(GIF, {"aws": CopyState.COMPLETED, "gcp": CopyState.FAILED}, 2.0)


def left(stage):
    """Return what each disk that a cut may leave now knows of the copies."""
    folder = OUTBOX / "sent" / FIRST
    return [known(ForgetfulDisk(medium), folder) for medium in stage.disk.survivors().media]


def lived(unsynced=""):
    """Live to where the server has been heard twice; return what was left at each moment, and what had been said.

    By then what is called *unsynced* is not.
    """
    seen, following = [], []

    def lie(path):
        return bool(following) and path.name == unsynced

    def follow(stage):
        following.append(stage)
        sent = stage.spool.sent()
        for word, replication in (("old", OLD), ("new", NEW)):
            sent.note(FIRST, replication)
            stage.say(FIRST, word)

    def moment(stage):
        if stage.chapter == "follow":
            seen.append(([fact for _, fact in stage.facts][-1], left(stage)))

    Stage(Conditions(), moment, lie).live([pose, animation, hand_over, deliver, follow])
    return seen


def test_at_no_moment_a_cut_leaves_half_a_word():
    """Before the first it is nothing, or that; between the two the old one or the new one; then the new one."""
    seen = lived()
    allowed = {"sent": [None, OLD], "old": [OLD, NEW], "new": [NEW]}
    assert [] == [found for word, every in seen for found in every if found not in allowed[word]]
    assert {"sent", "old", "new"} == {word for word, _ in seen}
    assert [NEW] == seen[-1][1][:1]


def test_each_sync_of_it_is_missed():
    """On a disk that leaves one out, a cut takes back what was heard, or tears it."""
    names = ("replication.json.part", FIRST)
    for name in names:
        seen = lived(name)
        assert any(found != NEW for found in seen[-1][1]), f"nobody misses the sync of {name}"
