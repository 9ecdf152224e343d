"""Text as pictures: the bundled typeface, and other fonts for what it has no letters for.

Nothing that a guest types makes this raise: a character that no font here knows is shown as an empty box.
"""

import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path

import pygame

from booth.ui.assets import asset
from booth.ui.theme import Colour


class Weight(Enum):
    """The cuts of the typeface that are bundled. The value is the file's."""

    MEDIUM = "fonts/MPLUSRounded1c-Medium.ttf"
    BOLD = "fonts/MPLUSRounded1c-Bold.ttf"
    EXTRA = "fonts/MPLUSRounded1c-ExtraBold.ttf"


FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
FALLBACKS = (
    "notosanscjk",
    "wqyzenhei",
    "wqymicrohei",
    "droidsansfallback",
    "ipag",
    "notoemoji",
    "symbola",
    "notosansarabic",
    "notosanshebrew",
    "notosansdevanagari",
    "notosansthai",
    "dejavusans.",
    "freesans.",
    "unifont",
)
"""How the files of fonts that a system may have begin, small letters only, in the order they are asked."""

_KEPT = 1500
"""Pictures of text that are kept; a form full of keys needs about 150."""

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

ELLIPSIS = "\u2026"


class Fonts:
    """Loads each font once, and keeps the pictures of what was written lately. Needs ``pygame.font.init()``.

    Fonts of the system are looked for in *folders* when a text first needs one.
    """

    def __init__(self, folders: Sequence[Path] = FONT_FOLDERS) -> None:
        self._folders = folders
        self._fonts: dict[tuple[str, int], pygame.font.Font] = {}
        self._missing: dict[str, bytes] = {}
        self._knows: dict[tuple[str, str], bool] = {}
        self._kept: OrderedDict[tuple[str, Weight, int, Colour], pygame.Surface] = OrderedDict()
        self._others: tuple[str, ...] | None = None

    def render(self, text: str, weight: Weight, height: int, colour: Colour) -> pygame.Surface:
        """Return *text* in one line, *height* pixels of type size, on nothing. Never raises for any text."""
        key = (text, weight, height, colour)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        picture = self._render(text, weight, height, colour)
        self._kept[key] = picture
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return picture

    def width(self, text: str, weight: Weight, height: int) -> int:
        """Return how many pixels wide `render` makes *text*."""
        return sum(font.size(run)[0] for run, font in self._runs(text, weight, height))

    def cut(self, text: str, weight: Weight, height: int, room: int) -> str:
        """Return *text*, or as much of it as fits into *room* pixels with an ellipsis behind."""
        if self.width(text, weight, height) <= room:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle].rstrip() + ELLIPSIS, weight, height) <= room:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + ELLIPSIS

    def wrap(self, text: str, weight: Weight, height: int, room: int) -> list[str]:
        """Return *text* in lines no wider than *room* pixels, broken at blanks and at line ends; a long word is cut."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for word in filter(None, paragraph.split(" ")):  # at blanks only: there are spaces that hold together
                longer = f"{line} {word}" if line else word
                if line and self.width(longer, weight, height) > room:
                    lines.append(line)
                    longer = word
                line = self.cut(longer, weight, height, room)
            lines.append(line)
        return lines

    def _render(self, text: str, weight: Weight, height: int, colour: Colour) -> pygame.Surface:
        main = self._font(weight.value, height)
        pieces: list[tuple[pygame.Surface, int]] = []
        for run, font in self._runs(text, weight, height):
            try:
                pieces.append((font.render(run, True, colour), font.get_ascent()))
            except (pygame.error, UnicodeError, ValueError):
                continue  # a text too long for any picture is left out; nobody could read it
        ascent = max((up for _, up in pieces), default=0)
        ascent = max(ascent, main.get_ascent())
        below = max((picture.get_height() - up for picture, up in pieces), default=0)
        below = max(below, main.get_height() - main.get_ascent())
        if len(pieces) == 1 and pieces[0][1] == ascent and pieces[0][0].get_height() == ascent + below:
            return pieces[0][0]
        wide = sum(picture.get_width() for picture, _ in pieces)
        whole = pygame.Surface((max(wide, 1), ascent + below), pygame.SRCALPHA)
        x = 0
        for picture, up in pieces:
            whole.blit(picture, (x, ascent - up))
            x += picture.get_width()
        return whole

    def _runs(self, text: str, weight: Weight, height: int) -> Iterator[tuple[str, pygame.font.Font]]:
        """Split *text* into runs that one font can show."""
        run, path = "", weight.value
        for char in text:
            if unicodedata.category(char) in _INVISIBLE:
                continue
            wanted = path if unicodedata.combining(char) and run else self._path_for(char, weight)
            if wanted != path and run:
                yield run, self._font(path, height)
                run = ""
            path = wanted
            run += char
        if run:
            yield run, self._font(path, height)

    def _path_for(self, char: str, weight: Weight) -> str:
        if char.isspace() or self._has(weight.value, char):
            return weight.value
        return next((path for path in self._fallbacks() if self._has(path, char)), weight.value)

    def _has(self, path: str, char: str) -> bool:
        """Whether the font has a letter of its own for *char*.

        pygame's ``metrics`` does not say, so the drawing is compared with that of U+FFFF, which no font has.
        """
        known = self._knows.get((path, char))
        if known is None:
            known = self._drawn(path, char) != self._missing_in(path)
            self._knows[path, char] = known
        return known

    def _missing_in(self, path: str) -> bytes:
        if path not in self._missing:
            self._missing[path] = self._drawn(path, "\uffff")
        return self._missing[path]

    def _drawn(self, path: str, char: str) -> bytes:
        picture = self._font(path, 16).render(char, False, (255, 255, 255), (0, 0, 0))
        return bytes((picture.get_width() % 256,)) + pygame.image.tobytes(picture, "RGB")

    def _font(self, path: str, height: int) -> pygame.font.Font:
        key = (path, height)
        if key not in self._fonts:
            self._fonts[key] = pygame.font.Font(asset(path) if path.startswith("fonts/") else path, height)
        return self._fonts[key]

    def _fallbacks(self) -> tuple[str, ...]:
        if self._others is None:
            self._others = tuple(self._usable())
        return self._others

    def _usable(self) -> Iterator[str]:
        """Yield the fallback fonts that are here. Asked only when a guest needs one: looking takes a moment."""
        files = {
            path.name.lower().replace("-", "").replace("_", ""): path
            for folder in self._folders
            for path in sorted(folder.rglob("*"))
            if path.suffix.lower() in {".ttf", ".ttc", ".otf"}
        }
        for start in FALLBACKS:
            for path in (path for name, path in files.items() if name.startswith(start)):
                try:
                    self._missing_in(str(path))  # a broken font opens, and fails when it is drawn with
                except (pygame.error, OSError):
                    continue  # a format that SDL cannot draw, such as bitmap emoji
                yield str(path)
                break
