"""Nonsense from a server, a short while in every run of the tests."""


def test_the_bucket_keeps_its_promises_whatever_a_server_answers(brief):
    """Each answer confirms the very animation, or is refused in words that repeat nothing."""
    figures = brief("answers", 60)
    assert ([], 60) == (figures.told, figures.cases)
