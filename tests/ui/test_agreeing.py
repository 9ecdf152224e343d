"""Several consents are asked on a screen of their own: what is touched there, and in which language it is read."""

from dataclasses import replace

import pytest

from booth.core.events import ConsentToggled, Declined, SendChosen
from booth.core.form import Form
from booth.core.scene import FormScene
from booth.core.states import Animation, Ask
from booth.core.visit import SHOWN, SessionId
from booth.errors import ConfigError
from booth.ports import Size
from booth.units import Instant
from tests.ui.touching import NOW, in_french, tap

TEXTS = {
    "wall": {"en": "You may show it.", "fr": "Vous pouvez le montrer."},
    "news": {"en": "You may write to me.", "fr": "Vous pouvez m’écrire."},
}
AGREEING = FormScene(
    SessionId("20261122-170512-k3v9q2m7xw"), Form(), Animation.READY, False, name_required=False,
    email_required=False, ask=Ask.AGREE, closing_in=None, consents=tuple(TEXTS),
)  # fmt: skip


def asked(open_screen):
    """Return a screen that asks several things, of a guest who chose French, and what it has written."""
    return in_french(open_screen, AGREEING, consents=TEXTS)


def test_each_row_ticks_its_consent(open_screen):
    """The whole row is its box; the keyboard and the form below cannot be touched."""
    screen, _ = asked(open_screen)
    assert ["consent:wall", "consent:news", "back", "done"] == [spot.name for spot in screen.spots()]
    touched = [tap(screen, f"consent:{name}", Instant(NOW + at)) for at, name in enumerate(TEXTS)]
    assert [[ConsentToggled(Instant(NOW + at), name)] for at, name in enumerate(TEXTS)] == touched


def test_what_is_read_is_in_the_language_that_goes_with_it(open_screen):
    """The guest chose French: the rows are French, and Done says so."""
    screen, lines = asked(open_screen)
    assert [True, True] == [TEXTS[name]["fr"] in " ".join(lines) for name in TEXTS]
    assert [SendChosen(NOW, "fr")] == tap(screen, "done")


def test_back_changes_nothing(open_screen):
    """It takes the question away."""
    screen, _ = asked(open_screen)
    assert [Declined(NOW)] == tap(screen, "back")


LONG = ("ICH BIN MIT ALLEM EINVERSTANDEN, WAS HIER GESCHIEHT. " * 4)[:200].strip()


@pytest.mark.parametrize("size", [Size(800, 480), Size(480, 800)], ids=str)
def test_three_rows_have_room_for_the_longest_texts(open_screen, size):
    """On the smallest screens that there are."""
    consents = {name: {"en": LONG} for name in ("one", "two", "three")}
    screen = open_screen(size, consent_text="", consents=consents, language="en")
    screen._canvas.written = []
    screen.show(replace(AGREEING, consents=tuple(consents)), NOW)
    assert [] == [line.text for line in screen._canvas.written if line.cut]


def test_one_alone_must_have_room_on_the_form(open_screen):
    """Or the booth does not start, and the owner is told which one, in which language."""
    with pytest.raises(ConfigError) as caught:
        open_screen(consent_text="", consents={"wall": {"en": LONG, "fr": "Oui."}}, languages=("en", "fr"))
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"form.consents: wall.en: its {len(LONG)} characters do not fit on a screen of 800x480, ")


def test_the_one_text_of_the_settings_is_read_beside_its_box(open_screen):
    """The machine calls it `show`, as one of several; the screen has it by no name."""
    screen = open_screen(consent_text="You may show it.", consents={})
    screen._canvas.written = []
    screen.show(replace(AGREEING, ask=None, consent_asked=True, consents=(SHOWN.id,)), NOW)
    assert "You may show it." in " ".join(line.text for line in screen._canvas.written)
