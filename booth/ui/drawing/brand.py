"""What an event brings along beside its colours: a logo, a picture behind the calm screens, a font for titles.

All of it is read once, at the start: a file that cannot be used stops the booth then, with a sentence for its owner,
and never in front of a guest.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import pygame

from booth import stills
from booth.errors import ConfigError
from booth.pictures import covering
from booth.ports import Size
from booth.ui.theme import Colour, Theme, contrast

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:!?-"
"""What every title is made of."""

LOGO = (0.5, 0.25)
"""How much of the screen a logo can ever fill, in shares of its width and height: it is kept no larger."""

VISIBLE, FAINT = 3.0, 0.3
"""A logo of which a larger share than the second has less contrast than the first is put on a plate."""

WASH = 0.5
"""0..1: how much of the paper's colour lies over the picture behind the calm screens."""


@dataclass(frozen=True, eq=False)
class Brand:
    """The event's pictures, ready to be shown, and its font. All may be missing."""

    logo: pygame.Surface | None = None
    backdrop: pygame.Surface | None = None
    """A picture as large as the screen. No text is written on it: there is paper under all that is read."""
    titles: Path | None = None


def load(size: Size, theme: Theme, *, logo: str = "", background: str = "", font: str = "") -> Brand:
    """Return what these files hold, for a screen of *size* in *theme*; "" for none. Reads and decodes: slow.

    Raises `ConfigError`, which says what to do, for the first file that cannot be used.
    """
    return Brand(
        _plated(_shrunk(_decoded(logo, "theme.logo"), size), theme) if logo else None,
        _washed(_decoded(background, "theme.background"), size, theme) if background else None,
        _tried(font) if font else None,
    )


def _decoded(path: str, setting: str) -> pygame.Surface:
    try:
        still = stills.read(Path(path))
    except ValueError as exc:
        raise ConfigError(f"{setting}: {exc}") from exc
    try:
        # By its kind, not by the name of the file: there are decoders that believe any name.
        return pygame.image.load(io.BytesIO(still.content), f"picture.{still.kind}")
    except (pygame.error, OSError) as exc:
        raise ConfigError(f"{setting}: {path} cannot be decoded ({exc}): save the picture again") from exc


def _shrunk(picture: pygame.Surface, size: Size) -> pygame.Surface:
    """Return *picture* with a channel for transparency, no larger than it will ever be shown."""
    scale = min(size.width * LOGO[0] / picture.get_width(), size.height * LOGO[1] / picture.get_height(), 1.0)
    small = (max(round(picture.get_width() * scale), 1), max(round(picture.get_height() * scale), 1))
    whole = pygame.Surface(picture.get_size(), pygame.SRCALPHA)
    whole.blit(picture, (0, 0))
    whole.premul_alpha_ip()  # what is transparent has a colour, too; it must not bleed in when the picture is shrunk
    return pygame.transform.smoothscale(whole, small)


def _plated(logo: pygame.Surface, theme: Theme) -> pygame.Surface:
    """Return *logo*, on a plate if much of it would be lost on the paper or on a card."""
    if max(_lost(logo, theme.paper), _lost(logo, theme.card)) <= FAINT:
        return logo
    plate = min((theme.on_dark, theme.dark), key=lambda ground: _lost(logo, ground))
    wide, tall = logo.get_size()
    edge = max(tall // 6, 1)
    whole = pygame.Surface((wide + 4 * edge, tall + 2 * edge), pygame.SRCALPHA)
    pygame.draw.rect(whole, plate, whole.get_rect(), border_radius=2 * edge)
    whole.blit(logo, (2 * edge, edge), special_flags=pygame.BLEND_PREMULTIPLIED)
    return whole


def _lost(logo: pygame.Surface, ground: Colour) -> float:
    """Return which share of what is opaque in *logo* cannot be told from *ground*."""
    small = pygame.transform.scale(logo, (64, 32))
    solid = [at for at in (small.get_at((x, y)) for x in range(64) for y in range(32)) if at.a > 200]
    return sum(contrast((at.r, at.g, at.b), ground) < VISIBLE for at in solid) / max(len(solid), 1)


def _washed(picture: pygame.Surface, size: Size, theme: Theme) -> pygame.Surface:
    """Return *picture* filling the screen, calmed by the colour of the paper."""
    whole = pygame.Surface((size.width, size.height), 0, 32)
    whole.fill(theme.paper)
    flat = pygame.Surface(picture.get_size(), 0, 32)
    flat.fill(theme.paper)
    flat.blit(picture, (0, 0))
    shown = covering(flat, (size.width, size.height))
    shown.set_alpha(round(255 * (1 - WASH)))
    whole.blit(shown, (0, 0))
    return whole


def _tried(path: str) -> Path:
    """Return the path of a font that was opened and measured with."""
    pygame.font.init()
    try:
        font = pygame.font.Font(path, 40)
        for char in (*LETTERS, LETTERS):  # a damaged letter is found by drawing it, and not in front of a guest
            font.render(char, True, (0, 0, 0))
    except (pygame.error, OSError) as exc:
        raise ConfigError(f"theme.font: {path} cannot be drawn with ({exc}): choose another font") from exc
    return Path(path)
