"""Whatever the booth writes beside its visits: the power goes at every moment, and no sync is for nothing."""

import ast
import re
from pathlib import Path

import pytest

from lab.disk import cuts, writers

ROOT = Path(__file__).resolve().parents[2]
BOOTH = ROOT / "booth"


DURABLE = {"put", "keep", "take_name", "point", "make_folder", "delete"}
"""What booth/disk.py does for others, with syncs in it."""

UNCUT = {
    "bulletin.py: self._disk.rename(aside, self._file)": "what is told of now; there will be another in a moment",
    "outbox/retrying.py: disk.rename(folder, target)": "what somebody asked for, who looks whether it was done",
    "outbox/retrying.py: disk.sync_folder(target.parent)": "the same",
    "operator/visits/acting.py: disk.sync_folder(outbox)": "a wish that nobody waits for any more after a cut",
    "operator/exporting/telling.py: self._disk.rename(beside(self._file), self._file)":
        "what is told of now, in memory; there will be another in a moment",
    "operator/status.py: put(RealDisk(), file.absolute(), forms.as_metrics(found).encode(), shared=True)":
        "what node_exporter reads; there will be another in a moment",
    "appliance/medium.py: aside.rename(file)": "what the other partition's copy is made of lies in /run",
    "appliance/card.py: aside.rename(run / 'localtime')": "it lies in /run",
    "imaging/files.py: disk.rename(unproven, into)": "a part of an animation, which no cut need leave",
    "operator/finding/fetching.py: put(disk, file, content)":
        "a picture that an owner fetches, whole or not there, and once more the next time; tests/operator holds that",
    "outbox/folders.py: self.disk.rename(foreign, foreign.with_name(f'{foreign.name}.{secrets.token_hex(4)}'))":
        "what somebody else put there; tests/outbox holds that it makes way",
    "outbox/deleting.py: self._disk.rename(inner / name, waiting[-1])":
        "what somebody else put into a folder that is doomed; tests/outbox holds that it goes",
    "outbox/nights.py: self._disk.rename(file, file.with_name(f'{file.name}.{secrets.token_hex(4)}'))":
        "what somebody else put there; tests/outbox/test_nights.py holds that it makes way",
    "outbox/queue.py: self._disk.sync_folder(self._folders.root / SENT)":
        "after a sync that was refused, which no life has; tests/outbox/test_steps.py holds it",
}  # fmt: skip
"""Of what no cut need leave in one way or another."""

a_writing = pytest.mark.parametrize("writing", writers.WRITINGS, ids=lambda writing: writing.name)


@a_writing
def test_no_moment_is_a_bad_one(writing):
    """Cut, and cut again, until nothing new comes up; or killed: the next start finds the old or the new."""
    proof, _ = writers.noted(writing)
    assert {} == proof.broken
    assert not (proof.sampled and writing.again), "more might have been left than was looked at"
    assert proof.kills > 2


@a_writing
def test_each_sync_and_each_rename_is_missed(writing):
    """A disk that leaves out any one of them breaks a promise; each is looked at with the first that comes by there."""
    syncs = {sync: who for sync, who in writers.syncs().items() if who[0] is writing}
    assert [] == [sync for sync, who in syncs.items() if writers.missed(sync, who) is None]


def test_no_place_that_writes_durably_is_forgotten():
    """Each line of the booth that syncs or renames is one that a writing or a visit comes by."""
    visited = {sync.at for sync in (*writers.syncs(), *cuts.syncs())}
    assert UNCUT.keys() == {
        f"{name}: {ast.unparse(node)}"
        for name, node in durable()
        if not visited & {f"{name}:{line}" for line in range(node.lineno, node.end_lineno + 1)}
    }


def durable():
    """Return all calls of the booth that sync or rename, each with the name of its file."""
    for file in BOOTH.rglob("*.py"):
        name = str(file.relative_to(BOOTH))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if name != "disk.py" else ():
            called = node.func if isinstance(node, ast.Call) else None
            if (isinstance(called, ast.Name) and called.id in DURABLE) or (
                isinstance(called, ast.Attribute) and called.attr in {"sync", "sync_folder", "sync_all", "rename"}
            ):
                yield name, node


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
