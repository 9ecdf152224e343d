"""The scenes: a file for each kind, with what is painted, what can be touched, what is said and what is heard.

The one table of them is here. Pieces that several scenes share are in `booth.ui.pieces`.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from booth.core.scene import Scene, VisitScene
from booth.ui.drawing.canvas import Patch
from booth.ui.layout import Layout
from booth.ui.scenes import (
    apology,
    attract,
    closed,
    countdown,
    farewell,
    finishing,
    flash,
    form,
    get_ready,
    knocking,
    mistakes,
    operating,
    out_of_order,
    starting,
    trying,
)
from booth.ui.scenes.mark import mark
from booth.ui.scenes.row import Row
from booth.ui.stage import Stage
from booth.ui.widgets import Widget

ROWS: Mapping[type[Scene], Row[Any]] = MappingProxyType(
    {
        row.scene: row
        for row in (
            starting.ROW,
            attract.ROW,
            get_ready.ROW,
            countdown.ROW,
            flash.ROW,
            form.ROW,
            finishing.ROW,
            farewell.ROW,
            apology.ROW,
            out_of_order.ROW,
            mistakes.ROW,
            closed.ROW,
            knocking.ROW,
            operating.ROW,
            trying.ROW,
        )
    }
)
"""Every kind of scene that the screen can show."""


def row(scene: Scene) -> Row[Any]:
    """Return the row of a *scene*. Raises `LookupError` for a kind of scene that the table has no row for."""
    try:
        return ROWS[type(scene)]
    except KeyError:
        raise LookupError(
            f"{type(scene).__name__} has no row: make its ROW in a file in booth/ui/scenes/, and list it in ROWS there"
        ) from None


def painted(scene: Scene, stage: Stage) -> Iterator[Patch]:
    """Return what *scene* is made of, back to front."""
    yield from row(scene).painted(scene, stage)
    if isinstance(scene, VisitScene) and scene.test:
        yield mark(stage)


def widgets(scene: Scene, layout: Layout, languages: tuple[str, ...] = ()) -> tuple[Widget, ...]:
    """Return what can be touched on *scene*, and what looks as if it could be; the *languages* on the invitation."""
    found: tuple[Widget, ...] = row(scene).widgets(scene, layout, languages)
    return found
