"""Please wait: the guest's own pictures in the oven, and the steps to the end."""

from collections.abc import Hashable, Iterator

from booth.core.scene import FinishingScene, Scene
from booth.core.states import Animation
from booth.ports import Picture
from booth.ui.drawing import mascot
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.mascot import Mood
from booth.ui.drawing.playback import due
from booth.ui.layout import Box
from booth.ui.pieces.ground import calm
from booth.ui.pieces.halves import Mark, card, halves, message, step
from booth.ui.pieces.microwave import microwave
from booth.ui.scenes.row import Row
from booth.ui.sound import Sound
from booth.ui.stage import BEAT, Stage
from booth.ui.words import Words

TURN = 0.75
"""Seconds that each frame is seen in the oven while the animation is made."""

WARMTH = (40, 64, 88, 64)
"""0..255: how strongly the oven's light lies on what is in it, one after the other..."""
WARMER = 4 * BEAT
"""...each for so many seconds."""

INSIDE = (12.0, 19.0, 54.0, 46.0)
"""The part of the oven's window in which pictures are seen, in the mascot's units: x, y, width, height."""


def painted(scene: FinishingScene, stage: Stage) -> Iterator[Patch]:
    """Paint "please wait": the guest's own pictures in the oven, and the steps to the end."""
    count = 1 if scene.deleting else 3
    at = halves(stage.layout, count)
    yield calm(stage, "finishing", at.head.with_(at.card(count)))
    words = stage.words
    pictures = () if scene.deleting else _in_the_oven(scene, stage)
    look = (Mood.LEFT, Mood.HAPPY, Mood.RIGHT, Mood.HAPPY)[int(stage.motion / 0.5) % 4]
    yield from microwave(stage, at.drawing, Mood.ASLEEP if scene.deleting else look, 0.0 if scene.deleting else 1.0)
    if pictures:
        yield _baking(stage, at.drawing, pictures)
    if scene.deleting:
        yield message(stage, at.head, *words.finishing_deleting)
        yield card(stage, at.card(1))
        yield step(stage, at.rows(1)[0], Mark.DOING, words.step_delete)
        return
    yield message(stage, at.head, *words.finishing[scene.animation])
    gif, box = {
        Animation.MAKING: (Mark.DOING, Mark.TO_DO),
        Animation.READY: (Mark.DONE, Mark.DOING),
        Animation.FAILED: (Mark.LATER, Mark.DOING),
    }[scene.animation]
    bake = {Mark.DOING: words.step_bake, Mark.DONE: words.step_baked, Mark.LATER: words.step_bake_later}[gif]
    steps = (Mark.DONE, words.step_posed), (gif, bake), (box, words.step_keep)
    yield card(stage, at.card(len(steps)))
    for row, (mark, text) in zip(at.rows(len(steps)), steps, strict=True):
        yield step(stage, row, mark, text)


def _in_the_oven(scene: FinishingScene, stage: Stage) -> tuple[Picture, ...]:
    """Return what is baked now: the picture of the animation that is due, or a frame; () if none is there."""
    playback = stage.album.playback(scene.session)
    if playback is not None and playback.pictures:
        return (playback.pictures[due(playback.delays, 0, stage.elapsed)],)
    frames = stage.album.frames(scene.session)
    taken = [frames[shot] for shot in sorted(frames)]
    return (taken[int(stage.motion / TURN) % len(taken)],) if taken else ()


def _baking(stage: Stage, drawing: Box, pictures: tuple[Picture, ...]) -> Patch:
    """Return the picture in the window of the oven, in its warm light."""
    inside = mascot.part_of(drawing, INSIDE)
    picture = pictures[0]
    warmth = WARMTH[int(stage.motion / WARMER) % len(WARMTH)]
    caution = stage.theme.caution

    def paint(canvas: Canvas) -> None:
        cut = stage.prints.cut(picture, (inside.width, inside.height))
        canvas.surface.blit(cut, (inside.x, inside.y))
        light = canvas.shapes.make(
            ("warmth", inside.width, inside.height, warmth, caution),
            (inside.width, inside.height),
            lambda pen: pen.box((0, 0, inside.width, inside.height), 0, (*caution, warmth)),
        )
        canvas.stamp(light, inside.x, inside.y)

    return Patch("baking", inside, (picture, warmth), paint)


def cue(scene: FinishingScene) -> Hashable:
    """Return the scene itself: whatever changes is worth a word."""
    return scene


def said(scene: FinishingScene, words: Words) -> str:
    """Return what is waited for."""
    return (words.finishing_deleting if scene.deleting else words.finishing[scene.animation])[0]


def heard(scene: FinishingScene, before: Scene | None) -> Sound | None:
    """Return the bell when the animation is ready, unless it is being deleted."""
    return Sound.DING if scene.animation is Animation.READY and not scene.deleting else None


ROW = Row(FinishingScene, painted, said=said, cue=cue, heard=heard)
