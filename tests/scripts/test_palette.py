"""What is written about the themes is what they are."""

import re
import tomllib

import pytest

from booth.settings.loading import load
from booth.ui.theme import names
from lab.pages import palette


def test_the_palette_is_written_down_as_it_is():
    """docs/design.md has every colour and every contrast; if not, run ``scripts/palette --write``."""
    text = palette.DOCUMENT.read_text(encoding="utf-8")
    assert palette.document(text) == text
    assert palette.tables() in text


def test_every_theme_is_among_them():
    """The booth's own comes first, and none is left out."""
    assert "pink" == palette.ORDER[0]
    assert set(names()) == set(palette.ORDER)


@pytest.mark.parametrize("name", ["palette", "themes", "event"])
def test_the_pictures_are_there_and_small(name):
    """The document's pictures exist, and do not weigh the repository down."""
    assert 10_000 < (palette.IMAGES / f"{name}.png").stat().st_size < 300_000


def test_the_example_is_one_that_the_booth_takes(tmp_path):
    """Whoever copies the settings from the document, and has the files, has the picture below them."""
    [example] = re.findall(r"```toml\n(.*?)```", palette.DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    told = tomllib.loads(example)
    files = {key: told["theme"].pop(key) for key in ("logo", "background", "font")}
    assert all(path.startswith("branding/") for path in files.values())
    lines = [line for line in example.splitlines() if line.partition(" ")[0] not in files]
    (tmp_path / "booth.toml").write_text("\n".join(lines))
    settings = load(config=tmp_path / "booth.toml", environ={}, overrides={}).settings
    assert "Say cheese!" == settings.texts.headline
    own = {role: shade for role, shade in told["theme"].items() if role != "name"}
    assert palette.festival() == palette.changed(palette.named(settings.theme.name), own)
