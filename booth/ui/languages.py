"""Which language the screen speaks: the booth's own, or the one that whoever stands before it has chosen.

A choice is a visit's. It ends with the visit, and sooner when no visit follows.
"""

import gettext
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from booth.core.scene import AttractScene, OutOfOrderScene, Scene, StartingScene
from booth.ui.assets import asset
from booth.ui.words import Texts, Words
from booth.units import Instant, Seconds, later

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano"}
)
"""What each language that the screen speaks is called by those who speak it, by its ISO 639-1 code."""

ENGLISH = "en"
"""The language of the source: it needs no catalog."""

WAIT = Seconds(60.0)
"""A choice that no visit follows for this long is taken back: whoever made it has gone."""

SPOT = "language:"
"""How the names of the spots begin that choose a language; its code follows."""


def words_in(code: str, texts: Texts | None = None) -> Words:
    """Return what the screen says in the language *code*, but for the event's own *texts*. Reads its catalog, once.

    Raises `ScreenError` if the installation lacks it.
    """
    if code == ENGLISH:
        return Words(texts=texts)
    return Words(_catalog(asset(f"locale/{code}/LC_MESSAGES/booth.mo")), texts)


@cache  # each is read by whoever speaks its language, and is the same for all of them
def _catalog(path: Path) -> gettext.NullTranslations:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


class Languages:
    """The choice between the languages *offered*; *usual* is spoken until somebody chooses, and after the visit.

    Reads all their catalogs. Raises `ScreenError` if the installation lacks one: at the start, not before a guest.
    """

    def __init__(self, usual: str = ENGLISH, offered: Sequence[str] = (), texts: Texts | None = None) -> None:
        self._usual = usual
        self._offered = tuple(offered) if len(offered) > 1 else ()
        self._code = usual
        self._until = Instant(0.0)
        self._scene: Scene | None = None
        self.asleep = False
        """Whether the invitation rests: then it does not show the languages."""
        self._words = {code: words_in(code, texts) for code in (usual, *self._offered)}

    @property
    def spoken(self) -> tuple[str, ...]:
        """The languages that the screen may come to speak: the usual one, then the others that are offered."""
        return tuple(self._words)

    @property
    def offered(self) -> tuple[str, ...]:
        """The languages that a guest may choose from; none if there is no choice."""
        return self._offered

    @property
    def touchable(self) -> tuple[str, ...]:
        """Those that can be touched now: what cannot be seen cannot be chosen."""
        return () if self.asleep else self._offered

    @property
    def code(self) -> str:
        """The language that is spoken now."""
        return self._code

    @property
    def words(self) -> Words:
        """What the screen says now."""
        return self._words[self._code]

    def choose(self, code: str, now: Instant) -> None:
        """Speak *code*, one of those offered, from now on."""
        self._code = code
        self._until = later(now, WAIT)

    def watch(self, scene: Scene, now: Instant) -> None:
        """Take note of what is on the screen: the end of a visit, and a wait in vain, end the choice."""
        before, self._scene = self._scene, scene
        match scene:
            case AttractScene() if not isinstance(before, AttractScene) or now >= self._until:
                self._code = self._usual
            case StartingScene() | OutOfOrderScene():  # these are for the operator
                self._code = self._usual
            case _:
                pass
