"""What the booth says aloud: a few short cues, for guests who do not see the screen, or do not read it.

A cue belongs to what is on the screen, and says the same in the same words. It is said when that begins, and not again
while it lasts.
"""

from collections.abc import Hashable

from booth.core.scene import Scene
from booth.ports import Voice
from booth.ui import scenes
from booth.ui.words import Words


class Speech:
    """Has a voice say the cue of each scene as it begins."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._cue: Hashable = None

    def watch(self, scene: Scene, words: Words, language: str) -> None:
        """See what is on the screen now, in *words* of *language*; have its cue said if it is another one. Cheap."""
        row = scenes.row(scene)
        cue = row.cue(scene), language
        if cue == self._cue:
            return
        self._cue = cue
        text = row.said(scene, words)
        if text:
            self._voice.say(text, language)
