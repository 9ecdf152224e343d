"""Nonsense in the outbox, a short while in every run of the tests."""


def test_whatever_lies_in_the_outbox_the_others_are_sent(brief):
    """Pipes, links, gigabytes, folders in folders, and files that nearly are ours: nothing raised, nothing touched."""
    figures = brief("outbox", 40)
    assert ([], 40) == (figures.told, figures.cases)
