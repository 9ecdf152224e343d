import shutil
import threading
from pathlib import Path

import pygame
import pytest

from booth.core.form import Form, Line
from booth.core.scene import AttractScene, FormScene
from booth.core.states import Animation
from booth.core.visit import SessionId
from booth.errors import ConfigError
from booth.ports import Size
from booth.ui.assets import asset
from booth.ui.drawing import brand
from booth.ui.drawing.brand import LOGO, load
from booth.ui.text.fonts import Fonts, Weight
from booth.ui.theme import USUAL, blend, named
from booth.ui.words import Texts, Words

SIZE = Size(800, 480)
THEME = named(USUAL)


@pytest.fixture
def picture(tmp_path):
    """Return a function that saves a picture of one colour, half of it transparent, and returns its path."""

    def saved(width, height, colour=(0, 0, 0)):
        surface = pygame.Surface((width, height), pygame.SRCALPHA)
        surface.fill(colour, (0, 0, width // 2, height))
        pygame.image.save(surface, tmp_path / "picture.png")
        return str(tmp_path / "picture.png")

    return saved


def test_an_event_may_bring_nothing():
    """Without files there is nothing to show, and the booth's own typeface."""
    plain = load(SIZE, THEME)
    assert (None, None, None) == (plain.logo, plain.backdrop, plain.titles)


@pytest.mark.parametrize(("width", "height"), [(4000, 100), (100, 4000), (2000, 2000)])
def test_a_logo_is_kept_no_larger_than_it_is_shown(picture, width, height):
    """A huge logo takes no more memory than a small one, and keeps its shape."""
    logo = load(SIZE, THEME, logo=picture(width, height)).logo
    assert logo.get_width() <= SIZE.width * LOGO[0]
    assert logo.get_height() <= SIZE.height * LOGO[1]
    assert logo.get_width() / logo.get_height() == pytest.approx(width / height, rel=0.1)


def test_a_small_logo_stays_as_it_is(picture):
    """Nothing is blown up when it is read; what is transparent stays so."""
    logo = load(SIZE, THEME, logo=picture(60, 20, (0, 0, 99))).logo
    assert (60, 20) == logo.get_size()
    assert [255, 0] == [logo.get_at((x, 10)).a for x in (5, 55)]


@pytest.mark.parametrize(
    ("theme", "colour", "plate"),
    [
        ("pink", (255, 255, 255), "dark"),
        ("pink", (20, 60, 40), None),
        ("night", (20, 60, 40), "on_dark"),
        ("night", (255, 220, 0), None),
        ("contrast", (10, 10, 10), "on_dark"),
    ],
)
def test_a_logo_that_would_be_lost_gets_a_plate(picture, theme, colour, plate):
    """A white logo on white paper, and a dark one at night, stand on a plate on which they are seen."""
    colours = named(theme)
    logo = load(SIZE, colours, logo=picture(60, 20, colour)).logo
    if plate is None:
        assert (60, 20) == logo.get_size()
    else:
        assert getattr(colours, plate) == tuple(logo.get_at((logo.get_width() // 2 + 5, 1)))[:3]
        assert colour == tuple(logo.get_at((20, logo.get_height() // 2)))[:3]


def test_the_picture_behind_is_calmed_by_the_paper(picture):
    """It fills the screen, mixed with the paper; what is transparent in it is paper."""
    backdrop = load(SIZE, THEME, background=picture(400, 240)).backdrop
    assert (SIZE.width, SIZE.height) == backdrop.get_size()
    dark, paper = (tuple(backdrop.get_at((x, 100)))[:3] for x in (100, 700))
    assert all(abs(a - b) <= 2 for a, b in zip(dark, blend((0, 0, 0), THEME.paper, brand.WASH), strict=True))
    assert THEME.paper == paper


@pytest.mark.parametrize("key", ["logo", "background"])
def test_a_picture_that_is_cut_off_stops_the_booth_at_its_start(tmp_path, picture, key):
    """A file that begins like a picture and ends too soon is found out before the first guest is."""
    (tmp_path / "torn.png").write_bytes(Path(picture(300, 300)).read_bytes()[:80])
    with pytest.raises(
        ConfigError, match=rf"theme.{key}: .*torn.png is cut off: save the picture again, or copy it again"
    ):
        load(SIZE, THEME, **{key: str(tmp_path / "torn.png")})


def test_a_font_that_cannot_be_drawn_with_stops_the_booth_at_its_start(tmp_path):
    """A font that is cut off is named."""
    (tmp_path / "torn.ttf").write_bytes(asset(Weight.BOLD.value).read_bytes()[:90_000])
    with pytest.raises(ConfigError, match=r"theme.font: .*torn.ttf cannot be drawn with .*: choose another font"):
        load(SIZE, THEME, font=str(tmp_path / "torn.ttf"))


def test_a_font_of_the_events_own_is_used_for_titles(open_screen):
    """What is written largest is written in it."""
    titles = asset(Weight.MEDIUM.value)
    screen = open_screen(brand=load(SIZE, THEME, font=str(titles)))
    fonts = screen._canvas.fonts
    assert fonts.width("Party", Weight.EXTRA, 60) == Fonts().width("Party", Weight.MEDIUM, 60)


def test_the_events_words_come_before_the_booths():
    """What is left empty is said in the guest's language."""
    words = Words(texts=Texts(headline="Say cheese!", thanks="Lovely!"))
    assert ("Say cheese!", "One GIF.", "Press the button") == words.attract(4)
    assert "Lovely!" == words.farewell


def test_a_name_is_painted_again_when_its_letters_are_found(open_screen, tmp_path):
    """The form does not wait for a font; when it is found, and nobody touches anything, the name appears."""
    shutil.copy(asset(Weight.MEDIUM.value), tmp_path / "DejaVuSans.ttf")
    asked_for = threading.Event()

    class Slow:
        """A folder that is looked through when the form has been shown, not before."""

        def rglob(self, pattern):
            assert asked_for.wait(20)
            return tmp_path.rglob(pattern)

    fonts = Fonts([Slow()])
    screen = open_screen(fonts=fonts)
    entered = Form(Line("龍", 1))
    scene = FormScene(
        SessionId("s"),
        entered,
        Animation.READY,
        consent_asked=False,
        name_required=False,
        email_required=False,
        ask=None,
        closing_in=None,
    )
    screen.show(AttractScene(4), 10.0)
    screen.show(scene, 20.0)
    asked_for.set()
    fonts.search(wait=True)
    assert screen.show(scene, 20.0)
    assert not screen.show(scene, 20.0)
