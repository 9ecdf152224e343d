"""From a scene to the patches it is made of; one file for each group of scenes."""

from collections.abc import Iterator

from booth.core.scene import (
    ApologyScene,
    AttractScene,
    CountdownScene,
    FarewellScene,
    FinishingScene,
    FlashScene,
    FormScene,
    GetReadyScene,
    MistakesScene,
    OutOfOrderScene,
    Scene,
    StartingScene,
)
from booth.ui.canvas import Patch
from booth.ui.paint import attract, farewell, form, mistakes, posing, quiet
from booth.ui.paint.stage import Stage


def patches(scene: Scene, stage: Stage) -> Iterator[Patch]:
    """Return what *scene* is made of, back to front."""
    match scene:
        case StartingScene():
            return quiet.starting(scene, stage)
        case AttractScene():
            return attract.attract(scene, stage)
        case GetReadyScene():
            return posing.get_ready(scene, stage)
        case CountdownScene():
            return posing.countdown(scene, stage)
        case FlashScene():
            return posing.flash(scene, stage)
        case FormScene():
            return form.form(scene, stage)
        case FinishingScene():
            return quiet.finishing(scene, stage)
        case FarewellScene():
            return farewell.farewell(scene, stage)
        case ApologyScene():
            return quiet.apology(scene, stage)
        case OutOfOrderScene():
            return quiet.out_of_order(scene, stage)
        case MistakesScene():
            return mistakes.mistakes(scene, stage)
