"""A layout: a file of TOML, read with limits, and judged before the booth starts.

The law: whatever is wrong is told with the table and the key, and with what is expected there; and what could not be
read by guests is wrong, too.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from booth import reading, stills
from booth.branding import keys
from booth.branding.keys import ArtworkKeys, BorderKeys, GroundKeys, LogoKeys, TextKeys
from booth.reading import shown
from booth.section import Section, expected, written
from booth.ui.assets import asset, assets
from booth.ui.theme import CONTROL, TEXT, Colour, blend, colour, contrast

if TYPE_CHECKING:
    import pygame

MOST = 1 << 14
"""Bytes of a layout; ours have one thousand."""

LARGE = 5.0
"""Per cent of the shorter side: text from this size on is large, 24 pixels of 480, and needs less contrast."""

TOLD = 3
"""Mistakes of one layout that are told at once."""

_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


@dataclass(frozen=True)
class Sheet:
    """A layout as it is for one product."""

    ground: GroundKeys
    border: BorderKeys
    logo: LogoKeys
    texts: Mapping[str, TextKeys]
    """Title, date and caption, by these names."""
    artwork: stills.Still | None = None
    logo_picture: stills.Still | None = None
    """None: the event's own, if there is one."""

    @property
    def dated(self) -> bool:
        """Whether the day stands in it."""
        return any(keys.DATE in text.text for text in self.texts.values())


@dataclass(frozen=True)
class Branding:
    """A layout that can be used."""

    name: str
    sheets: Mapping[str, Sheet]
    """By product."""

    @property
    def dated(self) -> bool:
        """Whether the day stands in it, for any product."""
        return any(sheet.dated for sheet in self.sheets.values())


class LayoutError(ValueError):
    """A layout cannot be used. ``str()`` is a sentence for its owner; *mistakes* are all there are."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        more = len(mistakes) - TOLD
        super().__init__("; ".join(mistakes[:TOLD]) + (f"; and {more} more mistakes in it" if more > 0 else ""))
        self.mistakes = mistakes


def names() -> tuple[str, ...]:
    """Return the names of the layouts that the booth brings along. Looks into a folder."""
    return tuple(path.stem for path in assets("layouts", ".toml"))


def place_of(file: str) -> Path:
    """Return where a layout is: at a path from the root, or, by its name, among those that the booth brings along.

    Raises `ValueError` if the booth brings none of that name along.
    """
    if "/" in file:
        return Path(file)
    if file not in names():
        raise ValueError(
            f'there is no layout "{shown(file, 60)}": write {" or ".join(map(written, names()))}, '
            "or the path of one of yours, such as branding/layout.toml"
        )
    return asset(f"layouts/{file}.toml")


def read(path: Path) -> Branding:
    """Return the layout in a file. Reads it and its pictures, and decodes these: slow. Raises `LayoutError`."""
    try:
        said = reading.toml_file(path, MOST)
    except reading.ReadingError as exc:
        raise LayoutError((reading.told(path, exc),)) from None
    mistakes = tuple(f"{path.name}: {mistake}" for mistake in _mistakes(said))
    if mistakes:
        raise LayoutError(mistakes)
    sheets, wrong = {}, dict[str, None]()
    for product in keys.PRODUCTS:
        try:
            sheets[product] = _sheet(said, product, path.parent)
        except ValueError as exc:
            wrong[f"{path.name}: {exc}"] = None
    if wrong:
        raise LayoutError(tuple(wrong))
    return Branding(path.name, sheets)


# --- What each key may be --------------------------------------------------------------------------------------------


def _mistakes(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with tables and keys by themselves."""
    yield from _of_ground(said, "", (*keys.TABLES, *keys.PRODUCTS))
    for product in keys.PRODUCTS:
        if isinstance(own := said.get(product), dict):
            yield from _of_ground(own, f"{product}.", tuple(keys.TABLES))


def _of_ground(said: Mapping[str, Any], within: str, tables: tuple[str, ...]) -> Iterator[str]:
    ground = {name: value for name, value in said.items() if name not in tables}
    yield from _of(GroundKeys, ground, within, tables)
    for name in tables:
        if name not in said:
            continue
        if not isinstance(said[name], dict):
            yield f"{within}{name}: expected a table: write [{within}{name}] on a line of its own, and its keys below"
        elif name in keys.TABLES:
            yield from _of(keys.TABLES[name], said[name], f"{within}{name}.")


def _of(model: type[Section], table: Mapping[str, Any], within: str, tables: tuple[str, ...] = ()) -> Iterator[str]:
    known = (*model.model_fields, *tables)
    for name, value in table.items():
        if name not in model.model_fields:
            near = get_close_matches(name.lower(), known, n=1, cutoff=0.7)
            meant = f"did you mean {within}{near[0]}?" if near else f"there can be {', '.join(known)}"
            yield f"{within}{shown(name, 60)}: there is no such key; {meant}"
            continue
        try:
            model(**{name: value})
        except ValidationError as exc:
            error = exc.errors(include_url=False, include_input=False)[0]
            own = error.get("ctx", {}).get("error")
            got = shown(written(value), 40)
            wanted = str(own) if isinstance(own, ValueError) else f"expected {expected(model.model_fields[name])}"
            yield f"{within}{name}: {wanted}" + ("" if isinstance(own, ValueError) else f", not {got}")


# --- What a product gets ---------------------------------------------------------------------------------------------


def _sheet(said: Mapping[str, Any], product: str, folder: Path) -> Sheet:
    own = said.get(product, {})

    def table(name: str) -> dict[str, Any]:
        return {**keys.USUAL.get(name, {}), **said.get(name, {}), **own.get(name, {})}

    def where(name: str, key: str) -> str:
        return f"{product}.{name}.{key}" if key in own.get(name, {}) else f"{name}.{key}"

    ground = {name: own.get(name, said.get(name)) for name in GroundKeys.model_fields if name in said or name in own}
    border, artwork, logo = BorderKeys(**table("border")), ArtworkKeys(**table("artwork")), LogoKeys(**table("logo"))
    texts = {name: TextKeys(**table(name)) for name in keys.TEXTS}
    for name, text in texts.items():
        plated = [other for other in texts.values() if other.text and other.place == text.place and other.plate]
        if text.text and (complaint := _unreadable(text, (*plated, text)[0], border, artwork)):
            raise ValueError(f"{where(name, 'colour')}: {complaint}")
    return Sheet(
        GroundKeys(**ground),
        border,
        logo,
        texts,
        artwork=_picture(artwork.file, where("artwork", "file"), folder),
        logo_picture=_picture(logo.file, where("logo", "file"), folder) if logo.shown else None,
    )


def _unreadable(text: TextKeys, first: TextKeys, border: BorderKeys, artwork: ArtworkKeys) -> str:
    """Return why a text could not be read on its ground, whatever the picture shows; "" if it can, or nobody knows.

    Its plate is that of the *first* text at its place that has one.
    """
    ink = colour(text.colour)
    least = CONTROL if text.size >= LARGE else TEXT
    if first.plate:
        grounds = _plated(first.plate, first.plate_opacity)
        what = f"a plate of {first.plate} and {first.plate_opacity} per cent"
    elif not artwork.file and border.bottom > border.width and text.place.startswith("bottom"):
        grounds, what = [colour(border.colour)], f"a border of {border.colour}"
    else:
        return ""
    if (worst := _worst(ink, grounds)) >= least:
        return ""
    return (
        f"{text.colour} on {what} has a contrast of {int(worst * 100) / 100:.2f}:1 at worst, and needs {least:g}:1 to "
        f"be read by everybody: write {_cure(text, first, grounds, least)}"
    )


def _cure(text: TextKeys, first: TextKeys, grounds: Sequence[Colour], least: float) -> str:
    """Return the keys with which it could be read: another colour, or a plate that hides more; both only if needed."""
    cures = _inks(grounds, least)[:1]
    denser = range(first.plate_opacity + 1, 101) if first.plate else ()
    whose = "" if first is text else " beside that plate"
    plated = [(f"plate_opacity = {opacity}{whose}", _plated(first.plate, opacity)) for opacity in denser]
    cures += [plate for plate, seen in plated if _worst(colour(text.colour), seen) >= least][:1]
    return " or ".join(cures) or next(f"{ink}, and {plate}" for plate, seen in plated for ink in _inks(seen, least))


def _inks(grounds: Sequence[Colour], least: float) -> list[str]:
    """Return which of black and white could be read on all *grounds*; on one ground there is always one."""
    return [f'colour = "{name}"' for name in ("#000000", "#ffffff") if _worst(colour(name), grounds) >= least]


def _plated(plate: str, opacity: int) -> list[Colour]:
    """Return what is seen where a plate of *opacity* per cent is over the darkest and over the lightest picture."""
    return [blend(picture, colour(plate), opacity / 100) for picture in (_BLACK, _WHITE)]


def _worst(ink: Colour, grounds: Sequence[Colour]) -> float:
    return min(contrast(ink, ground) for ground in grounds)


def _picture(file: str, where: str, folder: Path) -> stills.Still | None:
    """Return the PNG in a file beside the layout. Raises `ValueError`."""
    if not file:
        return None
    if "/" in file and not file.startswith("/"):
        raise ValueError(f"{where}: expected the name of a file beside the layout, such as logo.png, without folders")
    try:
        still = stills.read(folder / file, ("png",))
        decoded(still)
    except ValueError as exc:
        raise ValueError(f"{where}: {exc}") from None
    return still


def decoded(still: stills.Still) -> "pygame.Surface":
    """Return a picture with a channel for transparency. Slow. Raises `ValueError`."""
    import pygame  # only where there is a picture: settings are read without it

    try:
        picture = pygame.image.load(io.BytesIO(still.content), f"picture.{still.kind}")
    except (pygame.error, OSError) as exc:
        raise ValueError(f"the picture cannot be decoded ({exc}): save it again") from None
    whole = pygame.Surface(picture.get_size(), pygame.SRCALPHA, 32)
    whole.blit(picture, (0, 0))
    return whole
