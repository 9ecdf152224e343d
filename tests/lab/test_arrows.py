"""A chart of a page becomes a table of its arrows: the site draws none."""

import re

import pytest

from lab.pages import arrows, site

FLOW = """Before.

```mermaid
flowchart TD
    guest(["guest"]) -->|press, touch| hands["button<br/>booth/drivers/gpio.py"]
    hands -->|event| machine{{"machine: decides<br/>booth/core/machine.py"}}
    machine --> open[("open/")]
    open -->|"put: booth/drivers/s3.py"| hands
    hands -.->|event| machine
```

After.
"""


def test_what_flows_is_a_row_an_arrow():
    """A node says all that stands in it where it is drawn first, and then what it is called."""
    table = """Before.

| From | By | To |
|---|---|---|
| guest | press, touch | button<br>booth/drivers/gpio.py |
| button | event | machine: decides<br>booth/core/machine.py |
| machine |  | open/ |
| open/ | put: booth/drivers/s3.py | button |
| button | event | machine |

After.
"""
    assert table == arrows.tables(FLOW)


def test_a_move_between_states_has_its_events():
    """A line each; where it begins is no state."""
    chart = "```mermaid\nstateDiagram-v2\n    [*] --> One\n    One --> Two: Tick [if a]<br/>Pressed\n```\n"
    rows = "| *the start* |  | One |\n| One | Tick [if a]<br>Pressed | Two |\n"
    assert f"| From | By | To |\n|---|---|---|\n{rows}" == arrows.tables(chart)


def test_what_is_no_arrow_ends_the_build():
    """Or it would be gone from the site, and nobody told."""
    with pytest.raises(arrows.ChartError, match=r"^no arrow, so the site would lose it: note right of One$"):
        arrows.tables("```mermaid\nstateDiagram-v2\n    note right of One\n```\n")


def test_each_arrow_of_the_pages_has_its_row():
    """The chart of the machine, and the way of a picture."""
    texts = [(site.ROOT / page).read_text(encoding="utf-8") for page in site.pages()]
    charts = [chart[0] for text in texts for chart in arrows.CHART.finditer(text)]
    counted = [len(re.findall(r" -(?:-|\.-)> ?", chart)) for chart in charts]
    assert 2 == len(charts)
    assert counted == [len(arrows.tables(chart).splitlines()) - 2 for chart in charts]


def test_a_page_without_a_chart_is_as_it_was():
    """Its other blocks, too."""
    page = "```\nbooth status\n```\n\n| a | b |\n|---|---|\n"
    assert page == arrows.tables(page)
