"""Builds the site of the pages, to be read in a browser.

The pages are the repository's own, as they are but for the charts, which are tables there (`lab.pages.arrows`): each
lies in the site where it lies here, so a link that leads somewhere here leads there, too. What they link to that is no
page (a list of settings, a picture) goes with them. A page that is on no list (``docs/site.yml``), and a link that
leads nowhere, end the build.
"""

import argparse
import logging
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException

from lab import ROOT
from lab.pages import arrows

CONFIG = ROOT / "docs" / "site.yml"

STYLE = Path("docs", "site.css")
"""What its pages look like beside the theme."""

OUT = ROOT / "build" / "site"

PAGES = ("*.md", "docs/**/*.md", "lab/README.md", "assets/README.md")
"""The pages, from the top of the repository."""

RECORDS = "docs/adr/[0-9]*.md"
"""The decision records, which the list of pages takes in by their numbers."""


def pages() -> list[Path]:
    """Return all pages, from the top of the repository."""
    return sorted({path.relative_to(ROOT) for pattern in PAGES for path in ROOT.glob(pattern)})


def linked(page: Path) -> set[Path]:
    """Return the files that a *page* links to or shows, and that are no pages, from the top of the repository.

    What leads out of the repository, or nowhere, is left to the builder, who tells.
    """
    found = set()
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", text):
        path = (ROOT / page.parent / unquote(target)).resolve()
        if path.is_file() and path.suffix != ".md" and path.is_relative_to(ROOT):
            found.add(path.relative_to(ROOT))
    return found


def gather(into: Path) -> None:
    """Put the pages into a folder, and what goes with them, each where it lies in the repository.

    Raises `ChartError` if a chart has something that is no arrow.
    """
    wanted = pages()
    for path in {*wanted, STYLE, *(file for page in wanted for file in linked(page))}:
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        if path in wanted:
            page = (ROOT / path).read_text(encoding="utf-8")
            (into / path).write_text(arrows.tables(page), encoding="utf-8")
        else:
            shutil.copyfile(ROOT / path, into / path)


def make(out: Path) -> None:
    """Build the site into a folder, which is emptied before. Raises `MkDocsException` if a link leads nowhere.

    And `ChartError`, as `gather` does.
    """
    with tempfile.TemporaryDirectory() as folder:
        gather(Path(folder))
        config = load_config(str(CONFIG), docs_dir=folder, site_dir=str(out), strict=True)
        records = sorted(path.relative_to(ROOT) for path in ROOT.glob(RECORDS))
        for door in config.nav or ():
            door.get("Decisions", []).extend(str(record) for record in records)
        build(config)


def main(argv: Sequence[str] | None = None) -> int:
    """Build; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="site", description="Build the site of the pages. Its first page is index.html."
    )
    parser.add_argument("--out", type=Path, default=OUT, help="the folder it goes into, which is emptied (build/site)")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="site: %(message)s", stream=sys.stderr)
    try:
        make(arguments.out.resolve())
    except (Abort, MkDocsException, arrows.ChartError) as exc:
        print(f"site: {exc}", file=sys.stderr)
        return 1
    print(arguments.out / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
