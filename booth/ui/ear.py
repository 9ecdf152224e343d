"""What is to be heard of the scenes, from one to the next."""

from booth.core.scene import Scene
from booth.core.visit import SessionId
from booth.ui import scenes
from booth.ui.sound import Sound


class Ear:
    """Tells from one scene to the next what is to be heard."""

    def __init__(self) -> None:
        self._before: Scene | None = None
        self._visit: SessionId | None = None
        self._rung: SessionId | None = None
        """The visit whose bell has rung."""

    def heard(self, scene: Scene) -> Sound | None:
        """Return what is to be heard now that *scene* is shown, or None."""
        before, self._before = self._before, scene
        self._visit = getattr(scene, "session", self._visit)
        sound: Sound | None = scenes.row(scene).heard(scene, before)
        if sound is not Sound.DING:
            return sound
        return self._ding()

    def _ding(self) -> Sound | None:
        """Ring once for each visit."""
        if self._visit == self._rung:
            return None
        self._rung = self._visit
        return Sound.DING
