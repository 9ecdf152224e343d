import pytest

from booth.errors import ScreenError
from booth.ui.assets import asset, assets
from booth.ui.text.fonts import Weight


@pytest.mark.parametrize("weight", Weight)
def test_the_fonts_are_there_with_their_licence(weight):
    """Each cut of the typeface is found, is small, and has its licence beside it."""
    path = asset(weight.value)
    assert path.stat().st_size < 350_000
    assert "SIL Open Font License" in (path.parent / "OFL.txt").read_text()


def test_what_is_missing_is_said_with_what_to_do():
    """An installation without its fonts says so in words."""
    with pytest.raises(ScreenError, match="install the booth again"):
        asset("fonts/nothing.ttf")


def test_a_folder_that_is_missing_is_said_with_what_to_do():
    """An installation without its themes says so in words, too."""
    with pytest.raises(ScreenError, match="install the booth again"):
        assets("nothing", ".toml")
