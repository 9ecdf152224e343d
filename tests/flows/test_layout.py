"""Whole visits at a booth with a layout: guests take home pictures with the event's name."""

from booth.core.events import SkipChosen
from booth.core.states import Attract
from booth.imaging import playback

LAYOUT = """
[title]
plate = "#0000ff"
plate_opacity = 100
plate_shape = "band"
"""


def pixel(picture, x, y):
    at = 3 * (y * picture.size.width + x)
    return tuple(picture.rgb[at : at + 3])


def test_each_picture_of_the_animation_has_the_layout(a_party, tmp_path):
    """From the first visit on, of the size that the settings give the animation."""
    (tmp_path / "layout.toml").write_text(LAYOUT)
    party = a_party(settings={"layout.file": str(tmp_path / "layout.toml")})
    party.to_form()
    party.do(SkipChosen)
    party.until(Attract)
    party.in_real_time(lambda: party.spool.counts()["sent"] == 1)
    [made] = tmp_path.rglob("animation.gif")
    pictures = playback.read(made).pictures
    assert [(0, 0, 255)] * 4 == [pixel(picture, 1, 118) for picture in pictures]
    assert [(160, 120)] * 4 == [(picture.size.width, picture.size.height) for picture in pictures]


def test_nothing_of_a_layout_is_left_behind(a_party, tmp_path):
    """What was drawn goes with the booth."""
    party = a_party(settings={"layout.file": "polaroid"})
    assert 1 == len([*(tmp_path / "outbox").rglob("layout/animation.png")])
    party.close()
    assert [] == [*(tmp_path / "outbox").rglob("layout*")]
