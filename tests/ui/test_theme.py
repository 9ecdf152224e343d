import pytest

from booth.ui.theme import Theme, blend, contrast


@pytest.mark.parametrize(("name", "text", "ground"), Theme().pairs(), ids=str)
def test_text_can_be_read_on_what_it_is_written_on(name, text, ground):
    """Every pair of text and ground has the contrast that WCAG asks of small text."""
    assert contrast(text, ground) >= 4.5, name


def test_what_can_be_touched_stands_out_from_what_is_behind_it():
    """Borders of fields and boxes, and the accent, have the contrast that WCAG asks of controls."""
    theme = Theme()
    for border in (theme.line, theme.accent, theme.wrong):
        for ground in (theme.card, theme.paper):
            assert contrast(border, ground) >= 3.0


def test_contrast_is_what_the_standard_says():
    """Black on white is 21:1, a colour on itself 1:1, and the order does not matter."""
    black, white = (0, 0, 0), (255, 255, 255)
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, black) == pytest.approx(21)
    assert contrast((9, 8, 7), (9, 8, 7)) == 1


def test_a_blend_lies_between_its_colours():
    """Nothing mixed in leaves the colour, everything replaces it."""
    assert blend((0, 10, 20), (100, 110, 120), 0) == (0, 10, 20)
    assert blend((0, 10, 20), (100, 110, 120), 0.5) == (50, 60, 70)
    assert blend((0, 10, 20), (100, 110, 120), 1) == (100, 110, 120)
