"""The page about the layout has each key, with what is built in, and what it may be."""

from booth.branding import keys
from booth.section import expected, written
from tests.sources import ROOT

PAGE = (ROOT / "docs/layout.md").read_text(encoding="utf-8")

TABLES = {
    "": keys.GroundKeys,
    "border": keys.BorderKeys,
    "artwork": keys.ArtworkKeys,
    "logo": keys.LogoKeys,
    "title": keys.TextKeys,
}


def rows():
    """Return the rows that the page should have, one for each key; date and caption have those of the title."""
    for table, model in TABLES.items():
        for name, info in model.model_fields.items():
            usual = keys.USUAL.get(table, {}).get(name, info.default)
            dotted = f"{table}.{name}" if table else name
            yield f"| `{dotted}` | `{written(usual)}` | {info.description} Expected: {expected(info)}. |"


def test_the_page_has_a_row_for_each_key():
    """In the order of the code, and no other."""
    assert [*rows()] == [line for line in PAGE.splitlines() if line.startswith("| `") and "Expected: " in line]
