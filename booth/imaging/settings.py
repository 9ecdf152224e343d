"""What an owner sets of the animation."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator

from booth import stills
from booth.section import Section, Trait, rooted, setting

SMALLEST = 64
"""Pixels of an animation's width, or height."""


def _overlay(text: str) -> str:
    """Take the path of a PNG, if there is one that gm can decode in good time."""
    if rooted(text):
        stills.read(Path(text), ("png",))
    return text


OverlayFile = Annotated[str, AfterValidator(_overlay), Trait.FILE]


class AnimationSection(Section):
    """The GIF."""

    width: int = setting(640, "Width of the animation, in pixels.", ge=SMALLEST, le=1920)
    height: int = setting(480, "Height of the animation, in pixels.", ge=SMALLEST, le=1920)
    delay_s: float = setting(
        0.5, "How long each frame is shown, in seconds; a GIF counts in hundredths.", ge=0.02, le=10.0
    )
    mode: Literal["loop", "boomerang"] = setting(
        "loop",
        "How it plays: loop, then from the first frame again; boomerang, there and back. How fast it does is delay_s.",
    )
    effect: Literal["none", "black-and-white", "warm", "comic"] = setting(
        "none", "What is done to the colours of the animation; the frames stay as they are."
    )
    loops: int = setting(0, "How often the animation plays; 0 is for ever.", ge=0, le=1000)
    overlay: OverlayFile = setting(
        "", "A PNG with transparency that is laid over each frame. Empty: none.", "the path of a PNG, or empty"
    )
    max_kb: int = setting(
        1000,
        "How many kB (1000 bytes) an animation has at most; its pictures are made smaller until it has no more.",
        ge=100,
        le=20_000,
    )
    deadline_s: float = setting(
        60.0, "After this the making of an animation is given up; the frames are kept, in seconds.", ge=5.0, le=600.0
    )
