"""Makes each product with each title over each ground, as a visit would be made, and measures it."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pygame

from booth import choices, pictures, stills
from booth.branding.artist import Artist, Commission
from booth.branding.drawing import Occasion, Overlay
from booth.errors import CompositorError, ConfigError
from booth.imaging import playback
from booth.imaging.graphicsmagick import GraphicsMagick
from booth.operator.branding.finding import GROUNDS, Proof, measured, remarks
from booth.ports import Bench
from booth.settings.model import Settings
from booth.units import Seconds

TITLES = {
    "long": "Annual general meeting of the friends of historical steam engines and narrow-gauge railways",
    "cjk": "\u7d50\u5a5a\u304a\u3081\u3067\u3068\u3046 \u5c71\u7530\u5bb6\u30fb\u4f50\u85e4\u5bb6 \u62ab\u9732\u5bb4",
    "right-to-left": "\u062d\u0641\u0644 \u0632\u0641\u0627\u0641 \u0644\u064a\u0644\u0649 \u0648\u0639\u0645\u0631",
    "emoji": "Party \U0001f389 Luca & Ana \U0001f48d\u2764\ufe0f",
}
"""Titles that spoil layouts, by what they are; the event's own comes first."""

OWN, YOURS = "own", "yours"
WALLS = {"light": (246, 243, 236), "dark": (20, 18, 26)}
"""Pictures of one colour, by name: a wall in daylight, and a dim room."""

_FLAT = (640, 480)
ENDINGS = (".jpg", ".jpeg")


@dataclass(frozen=True)
class Ground:
    """The frames of one visit."""

    name: str
    frames: tuple[Path, ...]

    def surfaces(self, size: tuple[int, int]) -> list[pygame.Surface]:
        """Return them as an animation of this *size* has them."""
        return [pictures.covering(pictures.decoded(frame.read_bytes()), size) for frame in self.frames]


def grounds(folder: Path | None, shots: int, scratch: Path) -> Iterator[Ground]:
    """Yield the owner's frames in *folder*, if one is given, and those of one colour, made in *scratch*.

    Raises `ConfigError` for a folder without frames, and for a frame that cannot be used.
    """
    if folder is not None:
        try:
            found = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)[:shots]
        except OSError as exc:
            raise ConfigError(f"{folder} cannot be read ({exc.strerror}): name a folder with photographs") from exc
        if not found:
            raise ConfigError(f"{folder} has no photographs: put some there that end in .jpg")
        for path in found:
            try:
                stills.read(path, ("jpg",))
            except ValueError as exc:
                raise ConfigError(str(exc)) from exc
        yield Ground(YOURS, tuple(found))
    for name, shade in WALLS.items():
        flat = pygame.Surface(_FLAT, 0, 24)
        flat.fill(shade)
        path = scratch / f"{name}.jpg"
        path.write_bytes(pictures.encoded(flat))
        yield Ground(name, (path,) * shots)


@dataclass(frozen=True)
class Made:
    """One product of one visit."""

    product: str
    """Its name in a layout."""
    ending: str
    content: bytes


class Press:
    """Makes the pictures of a preview in *out*, as a booth with these *settings* would; *others* are further titles."""

    def __init__(
        self, settings: Settings, commission: Commission, out: Path, others: Mapping[str, str] = TITLES
    ) -> None:
        self._settings, self._commission, self._out = settings, commission, out
        self._titles = {OWN: commission.event, **others}

    def proofs(self, there: Sequence[Ground], day: date, tell: Callable[[str], None]) -> Iterator[Proof]:
        """Yield each picture when it is made. Slow. Raises `CompositorError` if one cannot be made."""
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="booth-brand-")))
            artist = Artist(self._commission)
            stack.callback(artist.close)
            plain = {ground.name: self._visit(ground, {}, scratch) for ground in there}
            for title, said in self._titles.items():
                overlays = {product: artist.drawn(product, Occasion(said, day)) for product in self._commission.sizes}
                for ground in there:
                    tell(f"{title} title, over {GROUNDS[ground.name]}")
                    yield from self._laid(title, overlays, ground, plain[ground.name], scratch)

    def _laid(
        self, title: str, overlays: Mapping[str, Overlay], ground: Ground, plain: Mapping[str, Made], scratch: Path
    ) -> Iterator[Proof]:
        """Yield the pictures of one visit with one title."""
        plates = {product: scratch / f"{product}.png" for product in overlays}
        for product, path in plates.items():
            pygame.image.save(overlays[product].whole(), path)
        for product, made in self._visit(ground, plates, scratch).items():
            name, size = f"{product}-{title}-{ground.name}{made.ending}", self._commission.sizes[product]
            (self._out / name).write_bytes(made.content)
            below = _below(plain[product], ground, size)
            without = len(plain[product].content)
            yield proof(name, product, title, ground.name, overlays[product], below, len(made.content), without)

    def _visit(self, ground: Ground, plates: Mapping[str, Path], scratch: Path) -> dict[str, Made]:
        """Return what is made of a visit, by its name in a layout."""
        frames = _named(ground, scratch)
        shots = self._settings.countdown.shots
        recipe = replace(choices.recipe_of(self._settings), overlay=plates.get("animation"))
        into = scratch / "animation.gif"
        made = {}
        with ExitStack() as stack:
            deadline = Seconds(self._settings.animation.deadline_s)
            maker = GraphicsMagick(recipe, scratch / "gm", deadline=deadline, read_back=playback.read)
            stack.callback(maker.close)
            maker.join(frames, into)
            made["animation"] = Made("animation", ".gif", into.read_bytes())
            for output in choices.outputs_of(self._settings, Bench(scratch / "beside", recipe, shots, plates)):
                stack.callback(output.close)
                product = Path(output.kind.file).stem
                if product in self._commission.sizes:
                    made[product] = Made(product, Path(output.kind.file).suffix, output.make(frames))
        return made


def _named(ground: Ground, scratch: Path) -> list[Path]:
    """Return the frames, each with a name of its own: what is prepared is known by that."""
    copies = []
    for shot, frame in enumerate(ground.frames):
        copy = scratch / f"{ground.name}-{shot}.jpg"
        if not copy.exists():
            try:
                copy.write_bytes(frame.read_bytes())
            except OSError as exc:
                raise CompositorError(f"{frame} cannot be copied: {exc.strerror}") from exc
        copies.append(copy)
    return copies


def _below(plain: Made, ground: Ground, size: tuple[int, int]) -> list[pygame.Surface]:
    """Return what is below a layout: the frames, or the whole product where all of them are on it."""
    if plain.ending != ".jpg":
        return ground.surfaces(size)
    whole = pictures.decoded(plain.content)
    return [whole.subsurface(pygame.Rect((0, 0), size).clip(whole.get_rect()))]


def proof(
    file: str,
    product: str,
    title: str,
    ground: str,
    overlay: Overlay,
    surfaces: Sequence[pygame.Surface],
    size: int,
    without: int,
) -> Proof:
    """Return what is found of a picture that was made."""
    from booth.branding import measuring

    legible, hidden = measured(overlay, surfaces), measuring.hidden(overlay)
    found = remarks(overlay, legible, hidden, own=title == OWN, ground=ground, faces=product != "strip")
    return Proof(file, product, title, ground, size, without, legible, hidden, tuple(found))
