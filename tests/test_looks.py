"""An event's own colours and pictures, on the way from the settings to the screen."""

from pathlib import Path

from booth.choices import brand_of, colours_of
from booth.ports import Size
from booth.settings.model import Settings
from booth.ui import theme
from booth.ui.dress import AccessibilitySection
from booth.ui.settings import ThemeSection

PICTURE = str(Path(__file__).parent.parent / "docs" / "images" / "form.png")


def test_the_owners_colours_are_laid_over_the_theme():
    """What is set is the owner's, the rest is the theme's."""
    colours = colours_of(Settings(theme=ThemeSection(name="night", accent="#ffc36b")))
    assert (0xFF, 0xC3, 0x6B) == colours.accent
    assert theme.named("night").paper == colours.paper


def test_an_event_without_looks_of_its_own_wears_pink():
    """The built-in settings are the booth's own looks."""
    settings = Settings()
    colours = colours_of(settings)
    assert theme.named("pink") == colours
    own = brand_of(settings, colours, Size(800, 480))
    assert (None, None, None) == (own.logo, own.backdrop, own.titles)


def test_high_contrast_comes_before_the_event():
    """Where it is switched on, neither the event's colours nor a picture behind the text weaken it."""
    settings = Settings(
        theme=ThemeSection(accent="#166847", background=PICTURE, logo=PICTURE),
        accessibility=AccessibilitySection(high_contrast=True),
    )
    colours = colours_of(settings)
    own = brand_of(settings, colours, Size(800, 480))
    assert theme.named(theme.CONTRAST) == colours
    assert own.backdrop is None
    assert own.logo is not None
