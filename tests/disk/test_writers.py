"""Whatever the booth writes beside its visits: the power goes at every moment, and no sync is for nothing."""

import ast
import re
from pathlib import Path

import pytest

from lab.disk import writers

ROOT = Path(__file__).resolve().parents[2]
BOOTH = ROOT / "booth"


QUICK = (writers.LastGood, writers.Told, writers.ToldOtherwise, writers.ToldNoMore, writers.HostKey)
"""Those whose syncs are left out here; `scripts/cuts` does it with all, which takes a while."""


@pytest.mark.parametrize("writing", writers.WRITINGS, ids=lambda writing: writing.name)
def test_no_moment_is_a_bad_one(writing):
    """Cut, and cut again, until nothing new comes up; or killed: the next start finds the old or the new."""
    proof = writers.Proof(writing).run()
    assert {} == proof.broken
    assert not (proof.sampled and writing.again), "more might have been left than was looked at"
    assert proof.kills > 2


def test_each_sync_and_each_rename_is_missed():
    """A disk that leaves out any one of them breaks a promise."""
    syncs, _ = writers.syncs([writing for writing in writers.WRITINGS if type(writing) in QUICK])
    assert [] == [sync for sync, who in syncs.items() if writers.missed(sync, who) is None]
    assert 14 == len(syncs)


def test_nobody_else_writes_durably():
    """One file speaks to the medium: elsewhere a sync could be left out, and no disk that forgets would tell."""
    speaks = {
        f"{file.relative_to(BOOTH)}: {ast.unparse(node.func)}"
        for file in BOOTH.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and re.search(r"\bf(data)?sync$|^os\.(sync|replace|rename)$", ast.unparse(node.func))
    }
    assert {"disk.py: os.fsync", "disk.py: os.sync"} == speaks
