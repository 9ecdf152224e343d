"""The picture on the screen while the booth is not up yet: systemd/splash on a file that is the framebuffer."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pygame
import pytest

from booth.ui.theme import USUAL, named
from lab.pages.splash import FACES, HIGH, WIDTHS, drawn, letters

ROOT = Path(__file__).parents[2]
SPLASH = ROOT / "systemd" / "splash"
PICTURES = ROOT / "assets" / "splash"

THEME = named(USUAL)

FINE, COARSE = 20, 24
"""0..255: how far a channel may be from what was drawn, by the palette, and on a screen of 16 bits besides."""


def apart(one, other):
    """Return how far the two colours are from each other, in the channel in which they are farthest."""
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True))


def farthest(one, other):
    """Return how far two pictures of one size are from each other, where they are farthest."""
    assert one.get_size() == other.get_size()
    first, second = (pygame.image.tobytes(picture, "RGB") for picture in (one, other))
    return max(abs(a - b) for a, b in set(zip(first, second, strict=True)))  # few pairs, of millions of them


@dataclass
class Display:
    """A framebuffer in a file, what the kernel says of it in a folder, and a release with the pictures."""

    folder: Path
    width: int
    height: int
    bits: int
    stride: int
    """Bytes from one row to the next."""

    def __post_init__(self):
        for name, said in (
            ("virtual_size", f"{self.width},{self.height}"),
            ("bits_per_pixel", self.bits),
            ("stride", self.stride),
        ):
            (self.folder / name).write_text(f"{said}\n")
        self.memory.write_bytes(b"\x55" * self.stride * self.height)

    @property
    def memory(self):
        return self.folder / "fb0"

    def splash(self, run):
        return run(
            SPLASH,
            BOOTH_FRAMEBUFFER=str(self.memory), BOOTH_GRAPHICS=str(self.folder),
            BOOTH_CONSOLE=str(self.folder / "tty1"), BOOTH_BUILT_IN=str(self.folder / "release"),
        )  # fmt: skip

    def seen(self):
        """Return what a screen shows of the memory: neither less nor more of it than there was."""
        memory = self.memory.read_bytes()
        assert self.stride * self.height == len(memory)
        masks = {16: (0xF800, 0x07E0, 0x001F, 0), 32: (0xFF0000, 0xFF00, 0xFF, 0)}[self.bits]
        shown = pygame.Surface((self.width, self.height), 0, 24)
        row = pygame.Surface((self.width, 1), 0, self.bits, masks)
        for y in range(self.height):
            at = y * self.stride
            row.get_buffer().write(memory[at : at + self.width * self.bits // 8])
            shown.blit(row, (0, y))
        return shown


@pytest.fixture
def display(tmp_path):
    """Make displays, with the pictures that a release has."""
    pictures = tmp_path / "release/site/booth/assets/splash"
    shutil.copytree(PICTURES, pictures)

    def make(width=800, height=480, bits=32, stride=None):
        return Display(tmp_path, width, height, bits, stride or width * bits // 8)

    return make


class TestScreens:
    @pytest.mark.parametrize(
        ("size", "wide"),
        [
            ((320, 240), 120), ((480, 320), 180), ((800, 480), 280), ((1024, 600), 340), ((1280, 800), 440),
            ((1920, 1080), 620), ((3840, 2160), 1240), ((480, 800), 280), ((801, 479), 280), ((333, 777), 180),
        ],
    )  # fmt: skip
    def test_the_microwave_is_in_the_middle_of_every_screen(self, run, display, size, wide):
        """As large as leaves a margin; all around it is paper."""
        screen = display(*size)
        assert 0 == screen.splash(run).status
        shown = screen.seen()
        wanted = drawn(wide)
        place = wanted.get_rect(topleft=((size[0] - wide) // 2, (size[1] - wanted.get_height()) // 2))
        assert farthest(wanted, shown.subsurface(place)) <= FINE
        shown.fill(THEME.paper, place)
        assert {bytes(THEME.paper)} == colours(shown)

    @pytest.mark.parametrize(("bits", "tolerance"), [(16, COARSE), (32, FINE)])
    @pytest.mark.parametrize("spare", [0, 64, 6])
    def test_a_row_may_be_longer_than_what_is_seen_of_it(self, run, display, bits, tolerance, spare):
        """The picture stands straight, whatever lies between the rows, and in whatever pixels."""
        screen = display(801, 481, bits, 801 * bits // 8 + spare)
        assert 0 == screen.splash(run).status
        shown = screen.seen()
        wanted = drawn(280)
        place = wanted.get_rect(topleft=((801 - 280) // 2, (481 - wanted.get_height()) // 2))
        assert farthest(wanted, shown.subsurface(place)) <= tolerance
        assert apart(THEME.paper, shown.get_at((0, 0))) <= 4
        assert shown.get_at((0, 0)) == shown.get_at((800, 480)) == shown.get_at((800, 0)) == shown.get_at((0, 480))

    @pytest.mark.parametrize("size", [(100, 60), (60, 200), (200, 60), (1, 1)])
    def test_a_screen_that_is_too_small_shows_the_middle(self, run, display, size):
        """The smallest picture, cut off on both sides alike."""
        screen = display(*size)
        assert 0 == screen.splash(run).status
        wanted = pygame.Surface(size, 0, 24)
        wanted.fill(THEME.paper)
        smallest = drawn(WIDTHS[0])
        places = [
            (space - side) // 2 if side <= space else -((side - space) // 2)
            for space, side in zip(size, smallest.get_size(), strict=True)
        ]
        wanted.blit(smallest, places)
        assert farthest(wanted, screen.seen()) <= FINE


class TestNoScreen:
    def test_a_machine_without_a_screen(self, run, display):
        """It says so and ends; it makes no file that would pass for one."""
        screen = display()
        screen.memory.unlink()
        said = screen.splash(run)
        assert (1, 1) == (said.status, len(said.err))
        assert "fb0" in said.err[0]
        assert not screen.memory.exists()

    def test_what_the_kernel_does_not_say(self, run, display):
        """A screen that goes while it is looked at is none."""
        screen = display()
        (screen.folder / "virtual_size").unlink()
        before = screen.memory.read_bytes()
        said = screen.splash(run)
        assert (1, 1, before) == (said.status, len(said.err), screen.memory.read_bytes())

    def test_a_screen_of_other_colours_is_left_alone(self, run, display):
        """Eight bits a pixel are a palette of the screen's own."""
        screen = display(bits=8)
        before = screen.memory.read_bytes()
        said = screen.splash(run)
        assert (1, ["splash: a screen of 8 bits per pixel is left as it is"]) == (said.status, said.err)
        assert before == screen.memory.read_bytes()

    def test_a_release_without_pictures(self, run, display):
        """It says what is missing, in a line."""
        screen = display()
        shutil.rmtree(screen.folder / "release")
        said = screen.splash(run)
        assert (1, 1) == (said.status, len(said.err))
        assert "assets/splash" in said.err[0]

    def test_a_console_that_cannot_be_hushed_is_no_reason(self, run, display):
        """The picture is there all the same."""
        screen = display()
        said = screen.splash(run)
        assert (0, 1) == (said.status, len(said.err))
        assert said.err[0].startswith("splash: the console may draw over the picture")
        assert apart(THEME.paper, screen.seen().get_at((0, 0))) == 0


class TestPictures:
    def test_the_files_are_what_the_script_makes(self):
        """One for each size, and nothing else; each is what the booth draws, but for the palette's few colours."""
        assert {f"{width}.png" for width in WIDTHS} == {path.name for path in PICTURES.iterdir()}
        for width in WIDTHS:
            kept = pygame.image.load(PICTURES / f"{width}.png")
            assert farthest(drawn(width), kept) <= FINE

    def test_the_script_writes_them(self, tmp_path):
        """Wherever it is told to; made twice they are the same bytes."""
        for folder in ("one", "other"):
            made = (sys.executable, "-m", "lab.pages.splash", "--out", tmp_path / folder)
            subprocess.run(made, check=True, capture_output=True)
        made = {str(path.relative_to(tmp_path / "one")) for path in (tmp_path / "one").rglob("*.png")}
        letters = {f"letters/{kind}-{size}.png" for kind, (_, sizes) in FACES.items() for size in sizes}
        assert letters | {f"splash/{width}.png" for width in WIDTHS} == made
        for name in made:
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()

    def test_the_letters_are_what_the_script_makes(self):
        """One picture for each size of each kind, and nothing else: the booth's own letters, to a shade."""
        pygame.font.init()
        kept = {f"{kind}-{size}.png": (font, size) for kind, (font, sizes) in FACES.items() for size in sizes}
        assert set(kept) == {path.name for path in (ROOT / "assets/letters").iterdir()}
        for name, (font, size) in kept.items():
            rows, widths = letters(pygame.font.Font(ROOT / "assets/fonts" / font, size))
            picture = pygame.image.load(ROOT / "assets/letters" / name)
            assert (sum(widths), len(rows)) == picture.get_size()

    @pytest.mark.parametrize("width", WIDTHS)
    def test_the_microwave_sleeps_over_three_dots(self, width):
        """Its body, its dark window and its dots are where they belong, in the colours of the usual theme."""
        picture, scale = pygame.image.load(PICTURES / f"{width}.png"), width / 100

        def at(x, y):
            return picture.get_at((round(x * scale), round(y * scale)))

        assert THEME.paper == picture.get_at((0, 0))[:3] == picture.get_at((width - 1, round(HIGH * scale) - 1))[:3]
        assert apart(THEME.accent_bright, at(71.5, 30)) <= FINE
        assert apart(THEME.dark, at(40, 62)) <= FINE
        # A closed eye is an arc: light at its lowest point, dark above.
        assert apart(THEME.on_dark, at(14 + 15, 20 + 17 - 2 + 4.6)) <= FINE
        assert apart(THEME.dark, at(14 + 15, 20 + 17 - 2)) <= FINE
        dots = [apart(THEME.paper, at(x, 96)) for x in (38, 50, 62)]
        assert dots == sorted(dots, reverse=True)
        assert dots[-1] > 16


class TestUnit:
    UNIT = (ROOT / "systemd/booth-splash.service").read_text().splitlines()

    def test_the_screen_starts_it(self):
        """It is among the first that are started; each framebuffer that comes wants it anew; it waits for nothing."""
        (rule,) = [line for line in (ROOT / "systemd/70-booth.rules").read_text().splitlines() if "fb0" in line]
        assert 'TAG+="systemd"' in rule
        assert 'ENV{SYSTEMD_WANTS}+="booth-splash.service"' in rule
        assert {"DefaultDependencies=no", "Type=oneshot", "WantedBy=sysinit.target"} <= set(self.UNIT)
        assert not any(line.startswith(("RemainAfterExit", "After=", "PrivateTmp=")) for line in self.UNIT)

    def test_nothing_fails_with_it(self):
        """It may fail, it may not be slow, and the booth draws after it."""
        assert {"ExecStart=-/usr/bin/timeout 10 /usr/lib/booth/splash", "TimeoutStartSec=20"} <= set(self.UNIT)
        (before,) = [line for line in self.UNIT if line.startswith("Before=")]
        assert "booth.service" == before.removeprefix("Before=").split()[0]

    def test_an_honest_screen_is_not_painted_over(self):
        """While the recovery's words are on the console, there is a folder that keeps the picture away."""
        recovery = (ROOT / "systemd/booth-recovery.service").read_text().splitlines()
        assert {"RuntimeDirectory=booth-recovery", "TTYPath=/dev/tty1", "TTYReset=yes"} <= set(recovery)
        assert "ConditionPathExists=!/run/booth-recovery" in self.UNIT


def colours(picture):
    """Return the bytes of each colour that there is."""
    pixels = memoryview(pygame.image.tobytes(picture, "RGBX")).cast("I")
    return {pixel.to_bytes(4, sys.byteorder)[:3] for pixel in set(pixels)}
