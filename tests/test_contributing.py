"""What CONTRIBUTING.md names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LINKS = sorted(set(re.findall(r"\]\(([\w./-]+)\)", TEXT)))
PATHS = sorted(set(re.findall(r"\b(?:booth|lab|image|scripts|tests|config|docs)/[\w./-]*\w", TEXT)))


@pytest.mark.parametrize("path", [*LINKS, *PATHS])
def test_each_file_that_is_named_is_there(path):
    """A guide that leads astray is worse than none."""
    assert (ROOT / path).exists()


@pytest.mark.parametrize("document", ["README.md", "docs/adr/README.md"])
def test_who_reads_on_finds_the_way(document):
    """The glossary is linked where somebody looks for what a word means."""
    assert 1 <= len(re.findall(r"\]\((?:\.\./|docs/)?glossary\.md\)", (ROOT / document).read_text(encoding="utf-8")))


def test_the_readme_leads_to_the_guide():
    """Whoever wants to change something begins there."""
    assert 1 == (ROOT / "README.md").read_text(encoding="utf-8").count("(CONTRIBUTING.md)")
