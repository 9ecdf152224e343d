"""Makes each product with each title over each ground, as a visit would be made, and measures it."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pygame

from booth import pictures, stills
from booth.branding.artist import Artist, Commission
from booth.branding.drawing import Occasion, Overlay
from booth.errors import CompositorError, ConfigError
from booth.imaging import playback
from booth.imaging.graphicsmagick import GraphicsMagick
from booth.imaging.recipe import Recipe
from booth.operator.branding.finding import GROUNDS, Proof, measured, remarks
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


class Press:
    """Makes the pictures of a preview in *out*: *recipe* is the booth's, *commission* its layout."""

    def __init__(self, recipe: Recipe, commission: Commission, out: Path, deadline: Seconds) -> None:
        self._recipe, self._commission = recipe, commission
        self._out, self._deadline = out, deadline

    def proofs(self, there: Sequence[Ground], day: date, tell: Callable[[str], None]) -> Iterator[Proof]:
        """Yield each picture when it is made. Slow. Raises `CompositorError` if gm makes none."""
        titles = {OWN: self._commission.event, **TITLES}
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="booth-brand-")))
            artist = Artist(self._commission)
            stack.callback(artist.close)
            plain = {ground.name: self._animation(ground, None, scratch, scratch / "plain.gif") for ground in there}
            for title, said in titles.items():
                for ground in there:
                    tell(f"animation, {title} title, over {GROUNDS[ground.name]}")
                    yield self._proof(artist, title, Occasion(said, day), ground, scratch, plain)

    def _proof(
        self, artist: Artist, title: str, occasion: Occasion, ground: Ground, scratch: Path, plain: Mapping[str, int]
    ) -> Proof:
        overlay = artist.drawn("animation", occasion)
        name = f"animation-{title}-{ground.name}.gif"
        size = self._animation(ground, overlay, scratch, self._out / name)
        surfaces = ground.surfaces(self._commission.sizes["animation"])
        return proof(name, "animation", title, ground.name, overlay, surfaces, size, plain[ground.name])

    def _animation(self, ground: Ground, overlay: Overlay | None, scratch: Path, into: Path) -> int:
        """Make an animation as the booth does; return its bytes."""
        laid = None
        if overlay is not None:
            laid = scratch / "layout.png"
            pygame.image.save(overlay.whole(), laid)
        maker = GraphicsMagick(
            replace(self._recipe, overlay=laid), scratch / "gm", deadline=self._deadline, read_back=playback.read
        )
        try:
            maker.join(self._named(ground, scratch), into)
        finally:
            maker.close()
        return into.stat().st_size

    def _named(self, ground: Ground, scratch: Path) -> list[Path]:
        """Return the frames, each with a name of its own: what is prepared is known by that."""
        links = []
        for shot, frame in enumerate(ground.frames):
            link = scratch / f"{ground.name}-{shot}.jpg"
            if not link.exists():
                try:
                    link.write_bytes(frame.read_bytes())
                except OSError as exc:
                    raise CompositorError(f"{frame} cannot be copied: {exc.strerror}") from exc
            links.append(link)
        return links


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
