from datetime import UTC, date, datetime

import pygame
import pytest
from structlog.testing import capture_logs

from booth.branding import artist
from booth.branding.artist import Commission
from booth.branding.plates import Plates, evening_of
from booth.errors import ConfigError

DATED = '[title]\ntext = "{date}"\n'
SATURDAY, SUNDAY = date(2026, 11, 28), date(2026, 11, 29)


class Later:
    """Draws in this process what a child would, and remembers it; or cannot."""

    def __init__(self):
        self.days, self.fails = [], False

    def __call__(self, order, folder, day):
        self.days.append(day)
        if self.fails:
            raise OSError(28, "No space left on device")
        return artist.Artist(order).put(folder, day)


@pytest.fixture
def log():
    """Return what is logged."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def later():
    return Later()


@pytest.fixture
def kept(write, tmp_path, later):
    """Return what keeps a layout up to date, and what says which evening it is."""

    def made(text=DATED, event="Fest"):
        days = [SATURDAY]
        order = Commission(str(write(text)), event, {"animation": (160, 120), "strip": (60, 180)})
        return Plates(order, tmp_path / "drawn", lambda: days[-1], later=later), days

    return made


def test_each_product_has_its_picture_from_the_start_on(kept, tmp_path):
    """Of exactly its size, and nothing half made is beside it."""
    there, _ = kept()
    there.start()
    paths = {product: there.path(product) for product in ("animation", "strip", "clip")}
    assert {"animation": (160, 120), "strip": (60, 180)} == {
        product: pygame.image.load(path).get_size() for product, path in paths.items() if path
    }
    assert paths["clip"] is None
    assert ["animation.png", "strip.png"] == sorted(path.name for path in (tmp_path / "drawn").iterdir())


def test_a_new_evening_has_its_own_date(kept, later):
    """It is drawn when it has begun, once."""
    there, days = kept()
    there.start()
    before = there.path("animation").read_bytes()
    there.look()
    assert [] == later.days
    days.append(SUNDAY)
    assert (False, False) == (there.look(), there.look())
    assert [SUNDAY] == later.days
    assert before != there.path("animation").read_bytes()


def test_a_layout_without_a_date_is_drawn_once(kept, later):
    """Whatever day it is."""
    there, days = kept("")
    there.start()
    days.append(SUNDAY)
    there.look()
    assert [] == later.days


def test_a_clock_that_is_set_later_brings_the_date(kept, later):
    """Until then there is none; and when nobody knows the time any more, the last stays."""
    there, days = kept()
    days.append(None)
    there.start()
    empty = there.path("animation").read_bytes()
    days.append(SATURDAY)
    there.look()
    assert empty != there.path("animation").read_bytes()
    days.append(None)
    there.look()
    assert [SATURDAY] == later.days


def test_what_was_taken_away_is_drawn_again(kept, later):
    """A folder in memory may be wiped."""
    there, _ = kept()
    there.start()
    there.path("strip").unlink()
    there.look()
    assert (True, [SATURDAY]) == (there.path("strip").is_file(), later.days)


def test_what_cannot_be_drawn_leaves_the_old_and_is_told_once(kept, later, log):
    """And is tried again."""
    there, days = kept()
    there.start()
    before = there.path("animation").read_bytes()
    later.fails = True
    days.append(SUNDAY)
    there.look()
    there.look()
    assert before == there.path("animation").read_bytes()
    assert ["No space left on device"] == [entry["why"] for entry in log if entry["event"] == "layout.not_drawn"]
    later.fails = False
    there.look()
    assert [SUNDAY] * 3 == later.days
    assert before != there.path("animation").read_bytes()


def test_a_name_that_guests_would_see_spoilt_is_told(kept, log):
    """With what to do."""
    there, _ = kept("", event="W" * 100)
    there.start()
    assert ["the title is too long, and its end is lost: see it with booth brand preview"] == [
        entry["why"] for entry in log if entry["event"] == "layout.flawed"
    ]


def test_what_cannot_be_written_leaves_the_old_whole(kept, later, write, tmp_path):
    """A picture appears by its name when all of it is there: gm never sees half of one."""
    there, _ = kept()
    there.start()
    before = there.path("animation").read_bytes()
    (tmp_path / "drawn" / ".animation.png").mkdir()
    order = Commission(str(write(DATED)), "Fest", {"animation": (160, 120)})
    with pytest.raises(OSError, match="animation"):
        later(order, tmp_path / "drawn", SUNDAY)
    assert before == there.path("animation").read_bytes()


def test_a_child_draws_the_same(write, tmp_path):
    """Byte for byte; and what is wrong is told."""
    order = Commission(str(write(DATED + '[caption]\ntext = "{event}"\n')), "W" * 100, {"animation": (160, 120)})
    told = artist.in_child(order, tmp_path / "child", SUNDAY)
    assert artist.Artist(order).put(tmp_path / "here", SUNDAY) == told
    assert ("the caption is too long, and its end is lost",) == told
    assert (tmp_path / "here/animation.png").read_bytes() == (tmp_path / "child/animation.png").read_bytes()


def test_a_child_that_cannot_draw_is_told(tmp_path):
    """As what a disk refuses."""
    order = Commission(str(tmp_path / "gone.toml"), "Fest", {"animation": (160, 120)})
    with pytest.raises(OSError, match="look at the layout and the disk"):
        artist.in_child(order, tmp_path / "child", SUNDAY)


def test_a_layout_that_cannot_be_used_is_the_owners_mistake(tmp_path):
    """It stops the booth at the start, in words."""
    with pytest.raises(ConfigError, match=r"^layout.file: .*gone.toml: there is no such file$"):
        artist.Artist(Commission(str(tmp_path / "gone.toml"), "Fest", {}))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 28, 18, 0, tzinfo=UTC), SATURDAY),
        (datetime(2026, 11, 29, 5, 59, tzinfo=UTC), SATURDAY),
        (datetime(2026, 11, 29, 6, 0, tzinfo=UTC), SUNDAY),
    ],
)
def test_what_is_after_midnight_is_still_that_evenings(moment, day):
    """Two guests of one party have one date."""
    assert day == evening_of(moment)
