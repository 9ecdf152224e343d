"""What is the same on all pages of an event, made of the settings when the booth starts."""

from collections.abc import Callable
from pathlib import Path

import structlog

from booth import stills
from booth.errors import ConfigError
from booth.page.html import Logo
from booth.page.looks import look_of
from booth.page.making import Pages
from booth.page.said import said_in
from booth.ports import Size
from booth.settings.model import Settings
from booth.ui import theme
from booth.ui.dress import colours
from booth.ui.languages import words_in
from booth.units import Pixels

LOGO = 65_536
"""Bytes of the largest logo that pages have in them: each guest's phone loads it over the network of a party."""

log = structlog.get_logger()


def pages_of(settings: Settings, wall: Callable[[], float]) -> Pages:
    """Return what makes the pages. Reads the catalogs, and the logo.

    Raises `ConfigError` if the colours cannot be read.
    """
    screen, animation = settings.screen, settings.animation
    own = {role: getattr(settings.theme, role) for role in theme.ROLES}
    worn = colours(settings.theme.name, own, high_contrast=settings.accessibility.high_contrast)
    return Pages(
        said=tuple(said_in(code, words_in(code)) for code in dict.fromkeys((screen.language, *screen.languages))),
        look=look_of(worn),
        size=Size(Pixels(animation.width), Pixels(animation.height)),
        logo=_logo(settings.theme.logo),
        responsible=settings.page.responsible,
        deleted_days=settings.page.deleted_days,
        wall=wall,
    )


def _logo(path: str) -> Logo | None:
    """Return the event's logo; None if there is none, or one that is too large for a page."""
    if not path:
        return None
    try:
        still = stills.read(Path(path))
    except ValueError as exc:
        raise ConfigError(f"theme.logo: {exc}") from exc
    if len(still.content) > LOGO:
        log.warning(
            "page.no_logo",
            bytes=len(still.content),
            at_most=LOGO,
            why="theme.logo is too large for guests' pages, which have the event's name alone; save it smaller",
        )
        return None
    return Logo({"png": "image/png", "jpg": "image/jpeg"}[still.kind], still.content)
