"""Nonsense from panels and keyboards, a short while in every run of the tests."""


def test_what_is_typed_is_typed_once_whatever_a_panel_says(brief):
    """A hand on a panel that trembles, and anything else that SDL may say: no letter too many, nothing raised."""
    figures = brief("touches", 40)
    assert ([], 40) == (figures.told, figures.cases)
