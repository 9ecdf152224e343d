"""The farewell: what is said, and a code that a phone reads off the screen."""

import itertools

import pygame
import pytest
import zxingcpp

from booth.core.scene import FarewellScene, StartingScene
from booth.core.states import Outcome
from booth.ports import Size
from booth.ui.drawing.qr import Coder, least
from booth.ui.scenes import farewell
from booth.ui.theme import named
from booth.ui.words import Texts, Words

SIZES = [Size(800, 480), Size(480, 800), Size(1024, 600), Size(1280, 800)]
THEMES = ["pink", "party", "night", "contrast"]
SESSION = "20261122-170512-k3v9q2m7xw"
LINKS = {
    "page": f"https://photos.example.com/{SESSION}",
    "signed": (
        f"https://zenko.example.com/booth/dockercon-2026/2026-11-22/{SESSION}.gif?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261122T170512Z"
        f"&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&X-Amz-Signature={'0f3a' * 16}"
    ),
    "longest": "https://zenko.example.com/".ljust(640, "x"),
}
NOW = 1000.0


@pytest.fixture
def at_once(open_screen):
    """Open screens whose codes are there at once, and show farewells on them."""

    def show(size, outcome, link=None, *, coming=False, elapsed=5.0, **options):
        screen = open_screen(size, coder=Coder(size, lambda job: job()), **options)
        screen.show(StartingScene(), NOW - 1.0)
        scene = FarewellScene(SESSION, outcome, link, coming)
        screen.show(scene, NOW)
        screen.show(scene, NOW + elapsed)
        return screen

    return show


def read(surface):
    """Return what a phone reads in a picture; None if it finds nothing."""
    width, height = surface.get_size()
    found = zxingcpp.read_barcode(memoryview(pygame.image.tobytes(surface, "RGB")).cast("B", (height, width, 3)))
    return None if found is None else found.text


def photographed(screen, path):
    """Return the screenshot of a screen."""
    screen.photograph(path)
    return pygame.image.load(path)


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width}x{size.height}")
def test_the_code_on_the_screen_is_the_link(at_once, tmp_path, size, kind):
    """Read off the screenshot it is equal, at every size, for short links and for long ones."""
    screen = at_once(size, Outcome.SENT, LINKS[kind])
    assert LINKS[kind] == read(photographed(screen, tmp_path / "screen.png"))


@pytest.mark.parametrize(("theme", "kind"), [*itertools.product(THEMES, ("page", "signed"))])
def test_the_code_is_read_in_every_theme(at_once, tmp_path, theme, kind):
    """However dark the screen around it, the code is black on white and keeps its quiet zone."""
    screen = at_once(SIZES[0], Outcome.SENT, LINKS[kind], theme=named(theme))
    assert LINKS[kind] == read(photographed(screen, tmp_path / "screen.png"))


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize(("turned", "scale", "blur"), [(7.0, 0.8, 0), (-12.0, 1.3, 2), (90.0, 1.0, 1), (3.0, 1.0, 1)])
def test_a_phone_that_is_held_askew_reads_it_too(at_once, kind, turned, scale, blur):
    """Turned, nearer or farther, a little out of focus: as a guest with a drink in the other hand sees it."""
    screen = at_once(SIZES[0], Outcome.SENT, LINKS[kind], theme=named("night"))
    seen = pygame.transform.rotozoom(screen._surface, turned, scale)
    if blur:
        seen = pygame.transform.gaussian_blur(seen, blur)
    assert LINKS[kind] == read(seen)


@pytest.mark.parametrize("age", [0.1, 0.4, 0.8, 1.2, 1.6, 2.0])
def test_what_sparkles_around_the_code_does_not_keep_it_from_being_read(at_once, age):
    """Joy is no excuse: from the first moment on, the code can be scanned."""
    screen = at_once(SIZES[0], Outcome.SENT, LINKS["signed"], elapsed=age)
    assert LINKS["signed"] == read(screen._surface)


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width}x{size.height}")
def test_the_code_is_large_enough_and_on_the_screen(at_once, size, kind):
    """At least five pixels a module at 800x480, whole pixels everywhere, and nothing of it is cut off."""
    screen = at_once(size, Outcome.SENT, LINKS[kind])
    code = screen._coder.code(LINKS[kind])
    places = farewell.places(screen._layout, code.side, least(size))
    module, rest = divmod(places.code.width, code.side)
    assert (rest, places.code.width) == (0, places.code.height)
    assert module >= least(size) >= 5
    assert places.code.x >= 0 <= places.code.y
    assert (places.code.right <= size.width, places.code.bottom <= size.height) == (True, True)
    for box in (places.picture, places.thanks, places.status, places.next):
        assert not box.meets(places.code)


@pytest.mark.parametrize(("outcome", "coming"), [(Outcome.SENDING, True), *((outcome, False) for outcome in Outcome)])
def test_there_is_no_code_before_there_is_a_link(at_once, outcome, coming):
    """What has not arrived cannot be scanned."""
    screen = at_once(SIZES[0], outcome, coming=coming)
    assert read(screen._surface) is None


def test_a_code_is_promised_only_where_one_will_come(at_once):
    """The calm place says so while the animation is sent, and nothing is said of codes otherwise."""

    def told(outcome, *, coming):
        screen = at_once(SIZES[0], outcome, coming=coming)
        screen._repainter.forget()
        screen._canvas.written = []
        screen.show(FarewellScene(SESSION, outcome, None, coming), NOW + 6.0)
        return " ".join(line.text for line in screen._canvas.written)

    promise = "A QR code will appear here as soon as your GIF has arrived."
    assert promise in told(Outcome.SENDING, coming=True)
    for outcome in Outcome:
        assert "code" not in told(outcome, coming=False).lower()


def test_while_the_code_is_worked_out_the_place_is_kept(open_screen):
    """The link is there and its code not yet: nothing is promised any more, and then the code is there."""
    jobs = []
    screen = open_screen(coder=Coder(SIZES[0], jobs.append))
    scene = FarewellScene(SESSION, Outcome.SENT, LINKS["page"])
    screen.show(scene, NOW)
    assert read(screen._surface) is None
    for job in jobs:
        job()
    screen.show(scene, NOW + 5.0)
    assert LINKS["page"] == read(screen._surface)


def test_a_link_that_cannot_be_a_code_leaves_the_farewell_as_it_is_without(at_once):
    """Too long is left out; what is said of the animation stays true."""
    with_link = at_once(SIZES[0], Outcome.SENT, "https://photos.example.com/" + "x" * 900)
    without = at_once(SIZES[0], Outcome.SENT)
    assert pygame.image.tobytes(without._surface, "RGB") == pygame.image.tobytes(with_link._surface, "RGB")


def test_the_code_of_a_guest_is_gone_with_the_next_scene(at_once):
    """The next guest finds nothing of the one before."""
    screen = at_once(SIZES[0], Outcome.SENT, LINKS["page"])
    screen.show(FarewellScene("another", Outcome.SENDING), NOW + 9.0)
    assert read(screen._surface) is None


def pictures(screen, scene, seconds):
    """Return how many different pictures a scene shows in so many seconds."""
    shown = set()
    for frame in range(int(seconds * 20)):
        screen.show(scene, NOW + frame / 20)
        shown.add(pygame.image.tobytes(screen._surface, "RGB"))
    return len(shown)


def test_the_arrival_sparkles_once_and_not_at_all_with_reduced_motion(open_screen, album):
    """A moment of joy, that is over before the code is scanned, and that nobody has to bear."""
    album.held = None
    scene = FarewellScene(SESSION, Outcome.SENT, LINKS["page"])
    lively = open_screen(coder=Coder(SIZES[0], lambda job: job()))
    lively.show(StartingScene(), NOW - 1.0)
    assert pictures(lively, scene, 3.0) > 10
    before = pygame.image.tobytes(lively._surface, "RGB")
    assert not lively.show(scene, NOW + 4.0)
    calm = open_screen(coder=Coder(SIZES[0], lambda job: job()), reduced_motion=True)
    calm.show(StartingScene(), NOW - 1.0)
    assert pictures(calm, scene, 3.0) == 1
    assert before == pygame.image.tobytes(calm._surface, "RGB")


def test_nothing_sparkles_before_it_has_arrived(open_screen, album):
    """There is nothing to be joyful about yet."""
    album.held = None
    screen = open_screen()
    for outcome in set(Outcome) - {Outcome.SENT}:
        screen.show(StartingScene(), NOW - 1.0)
        assert pictures(screen, FarewellScene(SESSION, outcome), 2.0) == 1


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("link", [None, "https://photos.example.com/1"])
def test_no_star_lies_over_the_title(open_screen, size, link):
    """For the whole of their twinkling they are beside what is to be read."""
    screen = open_screen(size)
    over = []
    for tenth in range(40):
        screen.show(FarewellScene(SESSION, Outcome.SENT, link), NOW + tenth / 10)
        patches = {patch.name: patch for patch in screen._repainter._shown}
        title = patches["thanks"].box
        over += [name for name, patch in patches.items() if name.startswith("sparkle") and patch.box.meets(title)]
    assert [] == over


def test_where_no_code_leads_to_it_guests_are_told_how_they_get_it(open_screen):
    """The booth sends no e-mail, and does not let anybody wait for one; the owner's own sentence comes first."""
    said = {}
    for own in ("", "It comes by post."):
        screen = open_screen(texts=Texts(take_home=own))
        screen._canvas.written = lines = []
        screen.show(FarewellScene(SESSION, Outcome.SENT), NOW)
        said[own] = " ".join(line.text for line in lines)
    assert "The team has your GIF. Ask the team how you get it: the booth sends no e-mail." in said[""]
    assert "The team has your GIF. It comes by post." in said["It comes by post."]


def test_nobody_is_sent_away_while_a_code_is_to_come(open_screen):
    """As long as it is awaited a guest is asked to stay; then they may go."""
    said = []
    for scene in (
        FarewellScene(SESSION, Outcome.SENDING, link_coming=True),
        FarewellScene(SESSION, Outcome.SENDING),
    ):
        screen = open_screen()
        screen._canvas.written = lines = []
        screen.show(scene, NOW)
        said.append([line.text for line in lines])
    words = Words()
    assert [(True, False), (False, True)] == [
        (words.farewell_stay in lines, words.farewell_next in lines) for lines in said
    ]
