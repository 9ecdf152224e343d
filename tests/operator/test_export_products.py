"""``booth export``: what was made beside the animations is handed over as they are; nothing of it is in the gallery."""

import pytest

from booth.cli import main
from booth.core.visit import Guest
from booth.imaging.clip import CLIP
from booth.imaging.strip import STRIP
from booth.outbox.spool import Spool
from booth.ports import GIF
from lab.clock import HandClock
from tests.disks import QuickDisk
from tests.posed import pose

ALL, FEW = "20261122-170500-aaaaaaaaaa", "20261122-170600-bbbbbbbbbb"
WHO = {ALL: Guest("Zoë", "zoe@example.org", consent=True), FEW: None}
STEMS = {ALL: "2026-11-22_17-05-00_aaaaaa", FEW: "2026-11-22_17-06-00_bbbbbb"}


@pytest.fixture
def outbox(tmp_path):
    """Make an outbox with a visit of three products, and one of which only the animation could be made."""
    clock = HandClock()
    with Spool(
        tmp_path / "outbox", event="Ball", booth="left", key_template="{event}/{session}.gif", wall=clock.wall,
        min_free_mb=0, keep_days=30, kinds=(GIF, CLIP, STRIP), disk=QuickDisk(),
    ) as spool:  # fmt: skip
        for session, guest in WHO.items():
            pose(spool, clock, session, guest, more=session == ALL)
    return tmp_path / "outbox"


@pytest.fixture
def export(outbox, tmp_path, capsys, monkeypatch):
    """Type the command; return its status, what it said, and the files that are there then, but for the pages."""
    (tmp_path / "booth.toml").write_text('[event]\nname = "Ball"\n[booth]\nname = "left"\n')
    monkeypatch.setenv("BOOTH_CONFIG", str(tmp_path / "booth.toml"))
    monkeypatch.setenv("TZ", "UTC")

    def run(*more):
        folder = tmp_path / "ball"
        status = main(["export", "--outbox", str(outbox), *more, str(folder)])
        there = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.*") if file.is_file()}
        made = {path: content for path, content in there.items() if path.count("/") and not path.endswith(".html")}
        return status, capsys.readouterr().err, made

    return run


def test_each_is_in_a_folder_of_its_kind_by_the_name_of_its_visit(export):
    """The one that agreed is in the gallery, by the animation alone."""
    status, _, made = export()
    assert (0, {
        f"gifs/{STEMS[ALL]}.gif": b"GIF89a" + ALL.encode(),
        f"gifs/{STEMS[FEW]}.gif": b"GIF89a" + FEW.encode(),
        f"gallery/{STEMS[ALL]}.gif": b"GIF89a" + ALL.encode(),
        f"clips/{STEMS[ALL]}.mp4": b"film",
        f"strips/{STEMS[ALL]}.jpg": b"paper",
    }) == (status, made)  # fmt: skip


def test_a_second_run_changes_nothing_and_names_are_added_when_asked(export):
    """What is there under another name is not left behind."""
    export()
    status, said, made = export()
    assert (0, True) == (status, "all was there, and nothing was written" in said)
    status, _, named = export("--names")
    assert (0, [b"film"]) == (status, [content for path, content in named.items() if path.startswith("clips/")])
    assert {f"clips/{STEMS[ALL]}_Zoë.mp4", f"strips/{STEMS[ALL]}_Zoë.jpg"} == named.keys() - made.keys() - {
        f"gifs/{STEMS[ALL]}_Zoë.gif"
    }


def test_what_is_not_as_it_was_committed_is_missing(export, outbox):
    """Nobody is handed a film that is another."""
    (outbox / "pending" / ALL / CLIP.file).write_bytes(b"mlif")
    status, said, made = export()
    assert (1, True) == (status, "1 pictures are in none of the sources as they were delivered" in said)
    assert [] == [path for path in made if path.startswith("clips/")]


def test_what_a_ledger_says_of_them_is_looked_at(export, tmp_path):
    """A hand-over whose ledger names what we do not write is not gone on with."""
    export()
    file = tmp_path / "ball" / "visits.json"
    file.write_text(file.read_text().replace('"clips/', '"../'))
    status, said, _ = export()
    assert (1, True) == (status, "is not of a hand-over of this version" in said)
