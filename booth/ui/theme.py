"""How the booth looks: every colour named once, after what it is for, and proof that it can be read.

A theme is a file of colours in ``assets/themes/``; the owner may change any of them. No theme leaves here in which a
text has less than 4.5:1 against what it is written on, or a control less than 3:1 (`PAIRS` says what meets what). One
accent marks what can be touched next and nothing else, and nothing is said by colour alone.
"""

import colorsys
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

from booth import reading
from booth.errors import ConfigError
from booth.ui.assets import asset, assets

Colour = tuple[int, int, int]
"""Red, green, blue; 0..255 each."""

WHITE: Colour = (255, 255, 255)

USUAL = "pink"
"""The theme of a booth whose owner has chosen none."""

CONTRAST = "contrast"
"""The theme of `accessibility.high_contrast`."""

TEXT = 4.5
"""The contrast that WCAG 2.2 asks of text..."""
CONTROL = 3.0
"""...and of large text and of what shows where a control is."""

VEIL = 176
"""0..255: how dark the veils over the preview are; enough for light text over a white wall."""


@dataclass(frozen=True)
class Theme:
    """The colours of the booth, by role. `named` reads one that the booth brings along."""

    paper: Colour
    """The ground of everything that is calm."""
    card: Colour
    """Fields, keys, dialogs: what lies on the paper."""
    ink: Colour
    """Text."""
    soft_ink: Colour
    """Text that can wait."""
    accent: Colour
    """The one thing to touch next."""
    accent_deep: Colour
    """The accent while it is held down, and small accented text."""
    accent_soft: Colour
    """Quiet buttons, chips, the halo around the accent."""
    accent_bright: Colour
    """The body of the microwave, quiet buttons while they are held down, and accents on the dark."""
    on_accent: Colour
    """Text on the accent, held down or not."""
    on_bright: Colour
    """Text on the bright accent."""
    line: Colour
    """Borders of what can be touched."""
    tray: Colour
    """The ground under the keys."""
    caution: Colour
    """Time is running out; always with words."""
    on_caution: Colour
    """Text on the caution."""
    wrong: Colour
    """Something must be put right; always with a sign and words."""
    good: Colour
    """It has worked; always with a sign and words."""
    dark: Colour
    """The ground of the preview and of the window of the microwave, and what is written on the flash."""
    on_dark: Colour
    """Text on the dark, and on the veil that it lays over the preview."""
    flash: Colour
    """The light for the picture."""

    @property
    def veil(self) -> Colour:
        """The lightest that the veil over the preview can look: over something white."""
        return blend(WHITE, self.dark, VEIL / 255)

    def faults(self) -> Iterator["Pair"]:
        """Yield every pair that cannot be told apart well enough."""
        return (pair for pair in PAIRS if pair.contrast(self) < pair.least)


ROLES = tuple(field.name for field in fields(Theme))


@dataclass(frozen=True)
class Pair:
    """Two roles that meet on the screen."""

    front: str
    ground: str
    """A role, or "veil"."""
    least: float = TEXT
    """The contrast that they need."""

    @property
    def name(self) -> str:
        """The pair in words: ``soft_ink on paper``."""
        return f"{self.front} on {self.ground}"

    def contrast(self, theme: Theme) -> float:
        """Return the contrast that they have in *theme*."""
        return contrast(getattr(theme, self.front), getattr(theme, self.ground))


PAIRS = (
    Pair("ink", "paper"),
    Pair("ink", "card"),
    Pair("ink", "accent_soft"),
    Pair("soft_ink", "paper"),
    Pair("soft_ink", "card"),
    Pair("accent", "paper"),
    Pair("accent", "card"),
    Pair("accent_deep", "paper"),
    Pair("accent_deep", "card"),
    Pair("accent_deep", "accent_soft"),
    Pair("on_accent", "accent"),
    Pair("on_accent", "accent_deep"),
    Pair("on_bright", "accent_bright"),
    Pair("on_caution", "caution"),
    Pair("wrong", "paper"),
    Pair("wrong", "card"),
    Pair("good", "paper"),
    Pair("good", "card"),
    Pair("on_dark", "dark"),
    Pair("on_dark", "veil"),
    Pair("dark", "flash"),
    Pair("line", "paper", CONTROL),
    Pair("line", "card", CONTROL),
    Pair("accent_bright", "dark", CONTROL),
)
"""Every text and the ground it is written on, and every border that shows where something can be touched."""


def names() -> tuple[str, ...]:
    """Return the names of the themes that the booth brings along. Looks into a folder."""
    return tuple(path.stem for path in assets("themes", ".toml"))


def named(name: str) -> Theme:
    """Return a theme that the booth brings along. Reads a file; raises `ConfigError` if there is none of that name."""
    here = names()
    if name not in here:
        raise ConfigError(f'there is no theme "{name}": choose {", ".join(here[:-1])} or {here[-1]}')
    return read(asset(f"themes/{name}.toml"))


def read(path: Path) -> Theme:
    """Return the theme in a file. Raises `ConfigError` if it is none, or one that cannot be read by people."""
    try:
        told = reading.toml_file(path)["colours"]
        theme = Theme(**{role: colour(text) for role, text in told.items()})
    except reading.ReadingError as exc:
        where = f"line {exc.line}: " if exc.line else ""
        raise ConfigError(f"{path} is not a theme ({where}{exc}): install the booth again") from exc
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        why = reading.shown(str(exc), 100)
        raise ConfigError(f"{path} is not a theme ({why}): install the booth again") from exc
    spoilt = [pair.name for pair in theme.faults()]
    if spoilt:
        raise ConfigError(f"{path}: {', '.join(spoilt)} cannot be read: install the booth again")
    return theme


def changed(theme: Theme, own: Mapping[str, str]) -> Theme:
    """Return *theme* with some colours of the owner's own, ``#rrggbb`` by role; what is empty stays as it is.

    Raises `ConfigError`, a line for every pair that could not be read, with colours that would do.
    """
    complaints = [complaint for _, complaint in complaints_about(theme, own)]
    if complaints:
        raise ConfigError("\n".join(complaints))
    return _mixed(theme, own)


def complaints_about(theme: Theme, own: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what cannot be read in *theme* with the owner's *own* colours: those of them to blame, and a sentence."""
    mine = {role for role, text in own.items() if text}
    theme = _mixed(theme, own)
    for pair in theme.faults():
        front, ground = getattr(theme, pair.front), getattr(theme, pair.ground)
        blamed = tuple(role for role in (pair.front, "dark" if pair.ground == "veil" else pair.ground) if role in mine)
        culprit = blamed[0] if blamed else pair.front
        better = _nearest(theme, culprit, pair)
        advice = f'; {culprit} = "{written(better)}" would do' if better else ""
        said = (
            f"{pair.front} {written(front)} on {pair.ground} {written(ground)} has a contrast of "
            f"{_down(pair.contrast(theme))}:1, and needs {pair.least:g}:1 to be seen by everybody{advice}"
        )
        yield blamed, said


def _mixed(theme: Theme, own: Mapping[str, str]) -> Theme:
    return replace(theme, **{role: colour(text) for role, text in own.items() if text})


def colour(text: str) -> Colour:
    """Return the colour that is written ``#rrggbb``. Raises `ValueError`."""
    if not isinstance(text, str) or re.fullmatch(r"#[0-9a-fA-F]{6}", text, re.ASCII) is None:
        raise ValueError('expected a colour as #rrggbb, such as "#cf1765"')
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def written(one: Colour) -> str:
    """Return a colour as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*one)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours as WCAG defines it, 1..21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """Return *one* with *share* (0..1) of *other* mixed into it."""
    r, g, b = (round(a + (z - a) * share) for a, z in zip(one, other, strict=True))
    return r, g, b


def _nearest(theme: Theme, role: str, failing: Pair) -> Colour | None:
    """Return the colour for *role* nearest to what it is with which all its pairs can be read, or at least this one."""
    mine = tuple(pair for pair in PAIRS if role in {pair.front, "dark" if pair.ground == "veil" else pair.ground})
    return _lighter_or_darker(theme, role, mine) or _lighter_or_darker(theme, role, (failing,))


@lru_cache(maxsize=32)  # a colour that goes with nothing is asked for with all its pairs by each that fails
def _lighter_or_darker(theme: Theme, role: str, pairs: tuple[Pair, ...]) -> Colour | None:
    """Return what is least lighter or darker than *role* is, of the same hue, and good for *pairs*; or None."""
    colours = {each: getattr(theme, each) for each in ROLES}
    start: Colour = colours[role]
    hue, light, depth = colorsys.rgb_to_hls(*(part / 255 for part in start))
    judged = set()  # black and white come up again and again: nothing is darker, or lighter
    for step in range(257):
        for new in (light - step / 256, light + step / 256):
            r, g, b = (round(255 * part) for part in colorsys.hls_to_rgb(hue, min(max(new, 0.0), 1.0), depth))
            if (r, g, b) in judged:
                continue
            judged.add((r, g, b))
            changed_so = Theme(**colours | {role: (r, g, b)})
            if all(pair.contrast(changed_so) >= pair.least for pair in pairs):
                return r, g, b
    return None


def _down(ratio: float) -> str:
    """Return a ratio with two digits behind the point, never rounded up to what it does not reach."""
    return f"{int(ratio * 100) / 100:.2f}"


@lru_cache(maxsize=1024)
def _luminance(one: Colour) -> float:
    parts = [c / 255 for c in one]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
