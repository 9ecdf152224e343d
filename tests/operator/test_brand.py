"""``booth brand preview``: pictures, what is measured of them, and how it ends. Small ones: one frame, 160x120."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from booth.choices import layout_of
from booth.cli import main
from booth.operator.branding.making import TITLES, WALLS, Press, grounds
from tests.flows.party import settings_of

PHOTOGRAPH = Path(__file__).parents[1] / "photos/astronaut/frame-1.jpg"
SMALL = ("animation.width=160", "animation.height=120", "countdown.shots=1", "event.name=Fest <b>")


@pytest.fixture
def preview(tmp_path, capsys, monkeypatch):
    """Return what runs the command: status, output, folder of the pictures."""
    monkeypatch.setenv("BOOTH_CONFIG", "")
    monkeypatch.delenv("BOOTH_CONFIG")

    def run(*argv, layout="plain", more=()):
        chosen = [f"layout.file={layout}"] if layout else []
        chosen += [*SMALL, *more]
        said = [part for each in chosen for part in ("--set", each)]
        (tmp_path / "booth.toml").touch()
        status = main(
            ["brand", "preview", "--config", str(tmp_path / "booth.toml"), "--out", str(tmp_path / "out"), *argv, *said]
        )
        return status, capsys.readouterr(), tmp_path / "out"

    return run


def test_each_title_is_laid_over_each_ground(preview, tmp_path):
    """As pictures, as JSON and on a page that shows all of them; what is written there is no markup."""
    (tmp_path / "photographs").mkdir()
    shutil.copy(PHOTOGRAPH, tmp_path / "photographs/one.JPG")
    status, said, out = preview("--frames", str(tmp_path / "photographs"), "--json")
    told = json.loads(said.out)
    files = {f"animation-{title}-{ground}.gif" for title in ("own", *TITLES) for ground in ("yours", *WALLS)}
    assert files == {picture["file"] for picture in told["pictures"]}
    assert files | {"index.html"} == {path.name for path in out.iterdir()}
    assert {b"GIF89a"} == {(out / file).read_bytes()[:6] for file in files}
    page = (out / "index.html").read_text(encoding="utf-8")
    assert files == set(re.findall(r'src="([^"]*)"', page))
    assert 0 == page.count("Fest <b>")
    [own] = [picture for picture in told["pictures"] if picture["file"] == "animation-own-light.gif"]
    assert (out / own["file"]).stat().st_size == own["bytes"] > own["bytes_without"] > 0
    assert [("title", True)] == [(text["name"], text["contrast"] >= text["least"]) for text in own["texts"]]
    assert (own["remarks"], {"ok": 0, "warn": 4}[told["worst"]]) == ([], status)


@pytest.mark.parametrize(
    ("product", "ending", "begins"),
    [("clip", ".mp4", (4, b"ftyp")), ("strip", ".jpg", (0, b"\xff\xd8\xff"))],
)
def test_what_is_made_beside_the_animation_is_shown_too(tmp_path, product, ending, begins):
    """With the layout's picture for it, where the settings have the booth make it."""
    chosen = {"animation.width": 160, "animation.height": 120, "countdown.shots": 1, f"{product}.enabled": True}
    settings = settings_of(chosen | {"layout.file": "plain"})
    press = Press(settings, layout_of(settings), tmp_path, others={})
    found = [*press.proofs([*grounds(None, 1, tmp_path)], date(2026, 11, 28), lambda said: None)]
    files = {proof.file for proof in found if proof.product == product}
    assert {f"{product}-own-{ground}{ending}" for ground in WALLS} == files
    at, said = begins
    for proof in found:
        content = (tmp_path / proof.file).read_bytes()
        assert (len(content), ()) == (proof.size, proof.remarks)
        assert proof.product != product or said == content[at : at + len(said)]
        assert proof.size != proof.without


def test_what_cannot_be_read_is_bad(preview, tmp_path):
    """White letters without a plate over a light wall: the status says so, and a line says what to do."""
    (tmp_path / "layout.toml").write_text('[title]\ncolour = "#ffffff"\n')
    status, said, _ = preview(layout=tmp_path / "layout.toml")
    assert 1 == status
    lines = said.out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("animation-own-light.gif: title 1."))
    assert re.fullmatch(
        r"  bad: title: contrast 1\.\d\d:1 over a light wall, and 4.5:1 is needed: give it a plate, or another "
        "colour",
        lines[at + 1],
    )


def test_without_a_layout_there_is_nothing_to_preview(preview):
    """It says what to set."""
    status, said, _ = preview(layout="")
    assert (2, "booth: layout.file is empty: set one, such as --set layout.file=polaroid\n") == (status, said.err)


@pytest.mark.parametrize("content", [None, b"no photograph"])
def test_frames_that_are_none_are_told(preview, tmp_path, content):
    """An empty folder, and a file that only looks like a photograph."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    if content is not None:
        (folder / "a.jpg").write_bytes(content)
    status, said, _ = preview("--frames", str(folder))
    wanted = f"{folder} has no photographs: put some there that end in .jpg"
    told = f"{folder}/a.jpg is neither a PNG nor a JPEG: save the picture as one of these"
    assert (2, f"booth: {wanted if content is None else told}\n") == (status, said.err)
