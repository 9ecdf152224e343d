"""Nonsense on a stick, a short while in every run of the tests."""


def test_an_update_keeps_its_promises_whatever_is_brought(brief):
    """Each is refused in words, or unpacked within its own folder."""
    figures = brief("bundles", 120)
    assert ([], 120) == (figures.told, figures.cases)
