"""The page about running an evening shows what the commands print."""

from lab.pages import operating


def test_the_page_shows_what_is_printed():
    """Word for word; and each mark is one that something is printed for."""
    page = operating.PAGE.read_text(encoding="utf-8")
    assert page == operating.written(page)
