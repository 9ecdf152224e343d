"""Nonsense on a card, a short while in every run of the tests."""


def test_whatever_is_on_a_card_is_followed_or_told(brief):
    """Files of any name and content: settings to start with, words for the owner, and no secret in any of them."""
    figures = brief("card", 60)
    assert ([], 60) == (figures.told, figures.cases)
