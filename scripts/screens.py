"""Paints every screen there is, at both sizes, and a contact sheet of them, for people to look at."""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame  # noqa: E402 - the checkout's own package comes first

from booth.core.events import Part  # noqa: E402
from booth.core.form import Complaint, Field, Form, Line  # noqa: E402
from booth.core.scene import (  # noqa: E402
    ApologyScene,
    AttractScene,
    CountdownScene,
    FarewellScene,
    FinishingScene,
    FlashScene,
    FormScene,
    GetReadyScene,
    OutOfOrderScene,
    Scene,
    StartingScene,
)
from booth.core.session import SessionId  # noqa: E402
from booth.core.states import Animation, Ask, Outcome, Reason  # noqa: E402
from booth.ports import Picture, Playback, Size  # noqa: E402
from booth.ui.screen import PygameScreen  # noqa: E402
from booth.units import Instant, Pixels, Seconds  # noqa: E402

SIZES = (Size(Pixels(800), Pixels(480)), Size(Pixels(1024), Pixels(600)))
SESSION = SessionId("20261122-170512-k3v9q2m7xw")
TITLE = "DockerCon 2026"
CONSENT = "You may show my pictures on the big screen and on the web."
PHOTOS = ROOT / "tests" / "photos" / "astronaut"


@dataclass(frozen=True)
class Shown:
    """A screen worth looking at: a scene, the spots to touch before, and how long the scene has been there."""

    scene: Scene
    taps: tuple[str, ...] = ()
    elapsed: Seconds = Seconds(0.0)
    animation: bool = True
    """Whether the album has the animation."""


@dataclass
class Album:
    """An album of one animation."""

    held: Playback | None = field(default=None)

    def playback(self, session: SessionId) -> Playback | None:
        """Return the one animation."""
        return self.held


def form(name: str = "", email: str = "", focus: Field = Field.NAME) -> Form:
    """Return a form into which this was typed."""
    return replace(Form(Line(name, len(name)), Line(email, len(email))), focus=focus)


def form_scene(
    entered: Form,
    animation: Animation = Animation.READY,
    ask: Ask | None = None,
    closing_in: int | None = None,
    *,
    consent: bool = False,
    sending: bool = False,
    email_required: bool = True,
) -> FormScene:
    """Return a form's scene with most things as usual."""
    return FormScene(
        SESSION,
        entered,
        animation,
        consent_asked=consent,
        name_required=False,
        email_required=email_required,
        ask=ask,
        closing_in=closing_in,
        sending=sending,
    )


def screens() -> Iterator[tuple[str, Shown]]:
    """Yield every screen, with a name to file it under."""
    zoe = form("Zoë O'Néill", "zoe.oneill+booth@example.org", Field.EMAIL)
    yield "starting", Shown(StartingScene())
    yield "attract", Shown(AttractScene(4, online=True), elapsed=Seconds(0.6))
    yield "attract-offline", Shown(AttractScene(4, online=False), elapsed=Seconds(10.5))
    yield "get-ready", Shown(GetReadyScene(4, 2.1))
    yield "countdown-3", Shown(CountdownScene(1, 4, 3, 0.8))
    yield "countdown-1", Shown(CountdownScene(4, 4, 1, 0.35))
    yield "flash", Shown(FlashScene(2, 4))
    yield "form-empty", Shown(form_scene(Form(), Animation.MAKING), elapsed=Seconds(0.6))
    yield "form-name", Shown(form_scene(form("Zoë O'Né")), taps=("key:l",))
    yield "form-email", Shown(form_scene(zoe, consent=True))
    consenting = replace(form("李小龙 🎉", "bruce@gmial.com", Field.EMAIL), consent=True)
    yield "form-hint", Shown(form_scene(consenting, consent=True))
    missing = ((Field.NAME, Complaint.NAME_MISSING), (Field.EMAIL, Complaint.EMAIL_NO_AT))
    yield "form-wrong", Shown(form_scene(replace(form("", "zoe.example.org"), complaints=missing)))
    yield "form-long", Shown(form_scene(form("Wolfeschlegelsteinhausenbergerdorff " * 8, "z" * 200, Field.NAME)))
    yield "form-shift-lock", Shown(form_scene(form("Z")), taps=("key:shift", "key:shift"), elapsed=Seconds(0.3))
    yield "form-symbols", Shown(form_scene(zoe), taps=("key:symbols",))
    yield "form-accents", Shown(form_scene(form("Zo")), taps=("key:accents",))
    yield "form-closing", Shown(form_scene(zoe, closing_in=12))
    yield "form-failed", Shown(form_scene(form(), Animation.FAILED, email_required=False), animation=False)
    yield "form-sending", Shown(form_scene(zoe, sending=True))
    yield "form-ask-retake", Shown(form_scene(zoe, ask=Ask.RETAKE))
    yield "form-ask-delete", Shown(form_scene(zoe, ask=Ask.DELETE))
    yield "finishing", Shown(FinishingScene(Animation.MAKING, deleting=False), elapsed=Seconds(0.4))
    yield "finishing-deleting", Shown(FinishingScene(Animation.READY, deleting=True), elapsed=Seconds(0.8))
    for outcome in Outcome:
        made = outcome not in {Outcome.DELETED, Outcome.LATER}
        yield f"farewell-{outcome.value}", Shown(FarewellScene(SESSION, outcome), animation=made)
    for reason in Reason:
        yield f"apology-{reason.value}", Shown(ApologyScene(reason, kept=True))
    yield "apology-camera-nothing-kept", Shown(ApologyScene(Reason.CAMERA, kept=False))
    yield "out-of-order-camera", Shown(OutOfOrderScene((Part.CAMERA,)))
    yield "out-of-order-all", Shown(OutOfOrderScene((Part.BUTTON, Part.CAMERA, Part.DISK, Part.GM)))


def photographs(width: int) -> tuple[Picture, ...]:
    """Return the four photographs of the tests, *width* pixels wide."""
    pictures = []
    for path in sorted(PHOTOS.glob("frame-*.jpg")):
        photo = pygame.image.load(path)
        size = (width, width * photo.get_height() // photo.get_width())
        small = pygame.transform.smoothscale(photo, size)
        pictures.append(Picture(Size(Pixels(size[0]), Pixels(size[1])), pygame.image.tobytes(small, "RGB")))
    return tuple(pictures)


def paint(screen: PygameScreen, album: Album, playback: Playback, shown: Shown) -> None:
    """Show one of the screens as it looks after its taps."""
    begun = Instant(1000.0)
    album.held = playback if shown.animation else None
    screen.show(StartingScene() if not isinstance(shown.scene, StartingScene) else FlashScene(1, 1), begun)
    screen.show(shown.scene, begun)
    for name in shown.taps:
        spot = next(spot for spot in screen.spots() if spot.name == name)
        screen.finger(Pixels(spot.x + spot.width // 2), Pixels(spot.y + spot.height // 2))
        list(screen.events(begun))
    screen.show(shown.scene, Instant(begun + shown.elapsed))


def contact_sheet(pictures: list[Path], into: Path, across: int = 4, width: int = 400) -> None:
    """Put small copies of *pictures* on one sheet."""
    first = pygame.image.load(pictures[0])
    height = width * first.get_height() // first.get_width()
    rows = -(-len(pictures) // across)
    sheet = pygame.Surface((across * (width + 10) + 10, rows * (height + 10) + 10))
    sheet.fill((90, 90, 90))
    for index, path in enumerate(pictures):
        small = pygame.transform.smoothscale(pygame.image.load(path), (width, height))
        sheet.blit(small, (10 + index % across * (width + 10), 10 + index // across * (height + 10)))
    pygame.image.save(sheet, into)


def main() -> None:
    """Paint all screens."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--size", help="one size only, such as 800x480")
    parser.add_argument("--only", default="", help="only screens whose name contains this")
    options = parser.parse_args()
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    for size in SIZES:
        name = f"{size.width}x{size.height}"
        if options.size not in {None, name}:
            continue
        folder: Path = options.out / name
        folder.mkdir(parents=True, exist_ok=True)
        preview, pictures = photographs(640)[0], photographs(480)
        playback = Playback(pictures, (Seconds(0.5),) * len(pictures), 0)
        album = Album()
        screen = PygameScreen(
            size,
            fullscreen=False,
            title=TITLE,
            consent_text=CONSENT,
            album=album,
            preview=lambda preview=preview: preview,
            fresh=lambda: SESSION,
        )
        painted = []
        for index, (called, shown) in enumerate(screens(), 1):
            if options.only not in called:
                continue
            paint(screen, album, playback, shown)
            painted.append(folder / f"{index:02}-{called}.png")
            screen.photograph(painted[-1])
        contact_sheet(painted, options.out / f"{name}.png")
        screen.close()
        print(options.out / f"{name}.png")


if __name__ == "__main__":
    main()
