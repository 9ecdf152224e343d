"""How the booth looks: every colour, type size and distance, each named once.

One accent marks what can be touched next and nothing else. Text keeps a contrast of at least 4.5:1 on whatever
it is written on (`Theme.pairs` says what is written on what), and nothing is said by colour alone.
"""

from dataclasses import dataclass

Colour = tuple[int, int, int]
"""Red, green, blue; 0..255 each."""


@dataclass(frozen=True)
class Theme:
    """The colours of the booth. The defaults are the pink microwave's."""

    paper: Colour = (255, 244, 239)
    """Behind everything that is calm: a warm white."""
    card: Colour = (255, 255, 255)
    """Fields, keys, dialogs: what lies on the paper."""
    ink: Colour = (59, 18, 48)
    """Text, and the outlines of the drawings."""
    soft_ink: Colour = (116, 69, 98)
    """Text that can wait."""
    accent: Colour = (207, 23, 101)
    """The accent: the one thing to touch next."""
    accent_deep: Colour = (158, 12, 74)
    """The accent while it is held down, and small accented text."""
    accent_soft: Colour = (255, 214, 228)
    """Quiet buttons, chips, the halo around the accent."""
    accent_bright: Colour = (255, 133, 178)
    """The body of the microwave, and accents on the dark."""
    line: Colour = (168, 126, 152)
    """Borders of what can be touched: 3:1 on card and paper."""
    tray: Colour = (237, 208, 219)
    """Under the keys."""
    caution: Colour = (255, 205, 112)
    """Time is running out; always with words."""
    wrong: Colour = (168, 14, 44)
    """Something must be put right; always with a sign and words."""
    good: Colour = (22, 104, 71)
    """It has worked; always with a sign and words."""
    dark: Colour = (43, 14, 36)
    """Behind the preview and the window of the oven."""
    on_accent: Colour = (255, 255, 255)
    on_dark: Colour = (255, 244, 239)
    flash: Colour = (255, 255, 255)

    def pairs(self) -> tuple[tuple[str, Colour, Colour], ...]:
        """Return every pair of text colour and ground that the screens use, each with a name."""
        return (
            ("ink on paper", self.ink, self.paper),
            ("ink on card", self.ink, self.card),
            ("ink on accent soft", self.ink, self.accent_soft),
            ("ink on accent bright", self.ink, self.accent_bright),
            ("ink on tray", self.ink, self.tray),
            ("ink on caution", self.ink, self.caution),
            ("soft ink on paper", self.soft_ink, self.paper),
            ("soft ink on card", self.soft_ink, self.card),
            ("accent on paper", self.accent, self.paper),
            ("accent on flash", self.accent, self.flash),
            ("accent deep on accent soft", self.accent_deep, self.accent_soft),
            ("accent deep on paper", self.accent_deep, self.paper),
            ("wrong on card", self.wrong, self.card),
            ("good on paper", self.good, self.paper),
            ("on accent", self.on_accent, self.accent),
            ("on accent deep", self.on_accent, self.accent_deep),
            ("on dark", self.on_dark, self.dark),
        )


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours as WCAG defines it, 1..21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """Return *one* with *share* (0..1) of *other* mixed into it."""
    r, g, b = (round(a + (z - a) * share) for a, z in zip(one, other, strict=True))
    return r, g, b


def _luminance(colour: Colour) -> float:
    parts = [c / 255 for c in colour]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
