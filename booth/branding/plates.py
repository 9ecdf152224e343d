"""What was drawn of a layout, where gm finds it: one PNG for each product, of this evening.

The law: from the start on, each of them is there and whole. A new one takes the place of the old between two moments;
what cannot be drawn leaves the old, is told once, and tried again.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog

from booth.branding.artist import Artist, Commission, file_of, in_child
from booth.core.hours import MORNING
from booth.units import Seconds

EVERY = Seconds(60.0)
"""How often is looked whether another evening has begun."""

log = structlog.get_logger()

Draw = Callable[[Commission, Path, date | None], tuple[str, ...]]


class Plates:
    """Keeps in *folder* what *order* says, for the evening that *evening* says: None while nobody knows."""

    def __init__(
        self, order: Commission, folder: Path, evening: Callable[[], date | None], *, later: Draw = in_child
    ) -> None:
        """Nothing is drawn yet. *later* draws what is drawn while the booth works."""
        self._order = order
        self._folder = folder
        self._evening = evening
        self._later = later
        self._dated = False
        self._of: date | None = None
        self._complained = False

    def path(self, product: str) -> Path | None:
        """Return where what lies over *product* is; None for a product that is not made."""
        return file_of(self._folder, product) if product in self._order.sizes else None

    def paths(self) -> dict[str, Path]:
        """Return where what lies over each product that is made is, by its name."""
        return {product: file_of(self._folder, product) for product in self._order.sizes}

    def start(self) -> None:
        """Draw all, here and now. Raises `ConfigError` for a layout that cannot be used."""
        artist = Artist(self._order)
        try:
            self._dated = artist.layout.dated
            self._draw(lambda order, folder, day: artist.put(folder, day), self._evening())  # noqa: ARG005
        finally:
            artist.close()

    def look(self) -> bool:
        """Draw anew, in a child, if another evening has begun or something is gone. Blocks; never raises."""
        day = self._evening()
        turned = self._dated and day is not None and day != self._of
        if turned or not all(file_of(self._folder, product).is_file() for product in self._order.sizes):
            self._draw(self._later, day if day is not None else self._of)
        return False  # there will be other days

    def _draw(self, draw: Draw, day: date | None) -> None:
        try:
            flaws = draw(self._order, self._folder, day)
        except OSError as exc:
            if not self._complained:
                log.warning("layout.not_drawn", why=exc.strerror or str(exc))
            self._complained = True
            return
        self._of, self._complained = day, False
        log.info("layout.drawn", day=day.isoformat() if day is not None else "")
        if flaws:
            log.warning("layout.flawed", why=f"{'; '.join(flaws)}: see it with booth brand preview")


def evening_of(moment: datetime) -> date:
    """Return the day of an evening by the clock of the place: what is after midnight is still that evening's."""
    return (moment - timedelta(hours=MORNING.hour)).date()
