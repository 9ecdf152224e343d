"""Nonsense as pictures: the short form of ``scripts/fuzz pictures``."""


def test_pictures_are_whole_or_none_whatever_they_are(script):
    """Three hundred cases: in little memory, never for long; and some that are taken."""
    prepare = script.prepared("pictures")
    figures = script.fuzz("pictures", prepare, seed=1, seconds=300.0, cases=iter(range(300)))
    assert ([], 0, 300) == (figures.told, figures.violations, figures.cases)
    assert {"refused", "taken"} == set(figures.outcomes)
