"""What pages show of commands, and of what is sent, is what is printed and sent."""

import pytest

from lab.pages import operating


@pytest.mark.parametrize("page", operating.PAGES, ids=lambda page: page.name)
def test_the_page_shows_what_is_printed(page):
    """Word for word; and each mark is one that something is printed for. If not, run ``scripts/operating``."""
    there = page.read_text(encoding="utf-8")
    assert there == operating.written(there)
    assert operating.MARK.search(there), "nothing of it is printed"
