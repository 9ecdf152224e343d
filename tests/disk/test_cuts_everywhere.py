"""The power goes at every moment, the disk forgets what it may, and nothing is lost; and no sync is for nothing."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "reliability.md"


def test_no_moment_is_a_bad_one(cuts, count, life):
    """The power goes after any operation: on every disk that may be left, the next start keeps all promises.

    And the second start changes nothing.
    """
    figures = cuts.Proof(life).cut().figures
    count(figures)
    assert ({}, 0) == (figures.broken, figures.sampled)
    assert figures.cuts > 50
    assert figures.disks > figures.cuts


def test_no_moment_is_a_bad_one_to_be_killed_at(cuts, count, brief):
    """The booth is killed at any moment, and the power goes at any moment of the next start: the same holds."""
    figures = cuts.Proof(brief).kill().figures
    count(figures)
    assert ({}, 0) == (figures.broken, figures.sampled)
    assert figures.kills > 50


def test_an_animation_that_a_cut_has_left_alone_is_kept_alone(cuts):
    """The booth is killed before a guest has seen a frame taken, and a cut in the next start leaves the animation."""
    figures = cuts.Proof(cuts.Life("posing", (cuts.pose,), cuts.TWO)).kill().figures
    assert ({}, 0) == (figures.broken, figures.sampled)
    assert figures.kills > 30


def test_a_cut_of_any_recovery_breaks_no_promise(cuts, count):
    """The same, with the power going again at every moment of every recovery, and of that one's, for ever."""
    life = next(life for life in cuts.LIVES if life.conditions.refused)
    figures = cuts.Proof(life, cuts.Knowledge(life.conditions, again=True)).cut().figures
    count(figures)
    assert ({}, 0) == (figures.broken, figures.sampled)
    assert figures.disks > 500


def test_each_sync_is_missed(cuts, sync, lives):
    """A disk that lies at one place in the code breaks a promise, or a docstring's word: none is for nothing.

    docs/reliability.md says which; if it does not, put there what scripts/cuts prints.
    """
    missed = cuts.ASKED.get((sync.by, sync.what)) or sync.missed(lives)
    assert missed is not None
    assert sync.row(missed) in DOCUMENT.read_text(encoding="utf-8").splitlines()


def test_each_rename_is_missed(cuts):
    """The same where a rename is left out."""
    renames = {sync: lives for sync, lives in cuts.syncs().items() if sync.rename}
    assert [] == [sync for sync, lives in renames.items() if sync.missed(lives) is None]


def test_a_life_without_a_cut_is_as_it_should_be(cuts, life):
    """Undisturbed, everything that was promised holds, too."""
    with cuts.quiet():
        stage = cuts.Stage(life.conditions, lambda _: None)
        stage.live(life.chapters)
        stage.disk.hand_on(lambda: None)
        ending = cuts.recover(life.conditions, stage.disk, cuts.Counter(stage.bucket.frozen()))
    said = {session: [fact for whose, fact in stage.facts if whose == session] for session, _ in stage.facts}
    assert [] == list(cuts.broken_promises(life.conditions, said, ending))


def test_the_document_has_no_sync_that_is_not_there(cuts):
    """Nothing is left in docs/reliability.md of a sync that the code does not have any more."""
    ours = {(sync.by, f"`{sync.what}`") for sync in cuts.syncs() if not sync.rename}
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    told = {tuple(line.strip("| ").split(" | ")[:2]) for line in lines if "| `outbox" in line or "| `.`" in line}
    assert ours == told


def test_a_trial_that_is_cut_is_never_sent_as_a_guests(cuts):
    """The mark is there before any frame is: whatever the disk forgets, what is sent of a trial bears it."""
    life = cuts.Life("an operator's trial", (*cuts.POSED, cuts.deliver), cuts.Conditions(test=True))
    figures = cuts.Proof(life).cut().figures
    assert ({}, 0) == (figures.broken, figures.sampled)
    assert figures.disks > figures.cuts
