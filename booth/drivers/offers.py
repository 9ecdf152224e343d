"""How it is told that a camera cannot do what an owner has set of lens and light."""

from dataclasses import fields

import structlog

from booth.drivers.tuning import Tuning

log = structlog.get_logger()


def between(least: float, most: float) -> str:
    """Return in words what may be set from *least* to *most*."""
    return f"{least:.4g} to {most:.4g}"


def not_offered(tuning: Tuning, setting: str, offers: str = "nothing", **more: object) -> None:
    """Log that this camera cannot do what *setting* says, and what it *offers* in its place.

    It is a warning where the owner has chosen it, for then it was meant; and never a reason not to go on.
    """
    wanted = getattr(tuning, setting)
    chosen = wanted != next(field.default for field in fields(Tuning) if field.name == setting)
    tell = log.warning if chosen else log.info
    tell("camera.not_offered", setting=f"camera.{setting}", wanted=wanted, offers=offers, **more)
