"""What an owner chooses of the screen: all of it, in one value that the screen carries whole."""

from dataclasses import fields

from booth.core.form import Form
from booth.core.scene import AttractScene, FarewellScene, FlashScene, FormScene, Lamp
from booth.core.states import Animation, Outcome
from booth.core.visit import SessionId
from booth.ports import Size
from booth.ui import theme
from booth.ui.dress import Dress, colours
from booth.ui.screen import PygameScreen
from booth.ui.stage import Stage


class Noted:
    """A dress that notes what was looked at."""

    def __init__(self, dress):
        self._dress = dress
        self.looked_at = set()

    def __getattr__(self, name):
        self.looked_at.add(name)
        return getattr(self._dress, name)


def test_a_screen_wears_all_of_its_dress(monkeypatch, album):
    """Nothing is in it that no screen looks at, and no painter."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    dress = Noted(Dress(Size(800, 480), title="The party", consent_text="You may show my pictures."))
    screen = PygameScreen(
        dress, album=album, preview=lambda: None, fresh=lambda: SessionId(""), gallery=None, voice=None, speaker=None
    )
    form = FormScene(
        SessionId(""),
        Form(),
        Animation.MAKING,
        True,
        name_required=True,
        email_required=True,
        ask=None,
        closing_in=None,
    )
    sent = FarewellScene(SessionId(""), Outcome.SENT, lamps=(Lamp("aws", True),))
    for at, scene in enumerate((AttractScene(4), AttractScene(4), FlashScene(1, 4), form, sent)):
        screen.show(scene, float(at))
        screen.still(100.0 * at)
    screen.close()
    assert {field.name for field in fields(Dress)} == dress.looked_at


def test_painters_find_what_is_set_on_the_dress_alone():
    """What stands on the stage beside it, by the same name, is another for each language that a guest may choose."""
    both = {field.name for field in fields(Stage)} & {field.name for field in fields(Dress)}
    assert {"consent_text", "consents", "email_purpose", "language", "languages", "questions"} == both


def test_high_contrast_leaves_nothing_of_other_colours():
    """It is for those who cannot read them."""
    assert theme.named(theme.CONTRAST) == colours("night", {"accent": "#166847"}, high_contrast=True)
