"""The site of the pages, built once, and opened in a real browser as wide as a telephone and as a desk."""

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from lab.pages import site
from tests.browser import DESKTOP, PHONE, Browser

OUTSIDE = re.compile(r"""(?:src|srcset)=["']?(?:https?:)?//|<link[^>]+href=["']?(?:https?:)?//""")
"""What a browser fetches from elsewhere as soon as it shows a page; a link that somebody follows is none of it."""

WIDER = "document.documentElement.scrollWidth-document.documentElement.clientWidth"
BROKEN = "[...document.images].filter(one=>one.complete&&!one.naturalWidth).map(one=>one.src)"
SEEN = ("index", "docs/operating", "docs/troubleshooting", "docs/parts", "docs/machine", "docs/adr/index")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the site."""
    folder = tmp_path_factory.mktemp("site")
    assert 0 == site.main(["--out", str(folder)])
    return folder


@pytest.fixture(scope="module")
def served(built):
    """Serve the site, and return its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=built)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Start the browser, once."""
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


def test_each_page_is_in_it(built):
    """A page that is on no list, and a link that leads nowhere, would have ended the build."""
    names = {page.with_name("index.html") if page.name == "README.md" else page.with_suffix(".html")
             for page in site.pages()}  # fmt: skip
    assert set() == {str(name) for name in names if not (built / name).is_file()}


def test_nothing_on_it_comes_from_elsewhere(built):
    """Whoever reads it tells nobody."""
    found = {page.name: OUTSIDE.findall(page.read_text(encoding="utf-8")) for page in built.rglob("*.html")}
    assert {} == {name: of for name, of in found.items() if of}


def test_no_chart_is_left_that_nobody_draws(built):
    """Its arrows are in a table, the first of the page."""
    page = (built / "docs" / "machine.html").read_text(encoding="utf-8")
    assert (0, ["From", "By", "To"]) == (page.count("stateDiagram"), re.findall(r"<th>(.*?)</th>", page)[:3])


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", SEEN)
def test_a_page_fits_a_telephone_and_a_desk(browser, served, name, size):
    """Nothing of it is wider than the screen, each picture is there, and no script stumbles."""
    browser.open(f"{served}/{name}.html", size)
    browser.picture(f"site-{name.replace('/', '-')}-{size[0]}")
    assert (0, [], []) == (browser.of(WIDER), browser.of(BROKEN), browser.faults())


def test_its_list_names_each_page_once():
    """What is on no list would be found by nobody; the decision records are listed by themselves."""
    listed = re.findall(r"(\S+\.md)$", site.CONFIG.read_text(encoding="utf-8"), re.MULTILINE)
    there = [str(page) for page in site.pages() if not page.match(site.RECORDS)]
    assert there == sorted(listed)
