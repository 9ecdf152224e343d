from booth.examining import settings
from booth.examining.findings import Finding, Sign


def test_each_doubt_is_told_and_none_is_right(make_premises):
    """As its sentence has it, and where to look."""
    assert [Finding("settings", Sign.WARN, said, cure=settings.CURE) for said in ("one", "two")] == list(
        settings.look(make_premises(warnings=("one", "two")))
    )
    assert [Finding("settings", Sign.OK, "no mistakes, no doubts")] == list(settings.look(make_premises()))


def test_each_mistake_is_bad():
    """A line of the error is one."""
    assert [Finding("settings", Sign.BAD, said, cure=settings.CURE) for said in ("one", "two")] == list(
        settings.wrong("one\ntwo")
    )
