import pygame
import pytest

from booth.ui.drawing.canvas import FEW, TILE, Canvas, Patch, Repainter
from booth.ui.drawing.shapes import KEPT, Shapes
from booth.ui.layout import Box
from booth.ui.text.fonts import Fonts
from booth.ui.theme import USUAL, named

WHITE, RED, BLUE = (255, 255, 255), (255, 0, 0), (0, 0, 255)
WHOLE = Box(0, 0, 100, 100)


@pytest.fixture
def canvas():
    """Return a canvas that is no display."""
    pygame.font.init()
    yield Canvas(pygame.Surface((100, 100)), named(USUAL), Fonts(), Shapes(), 1.0)
    pygame.font.quit()


def patch(name, box, colour, key=()):
    """Return a patch that is a plain box."""
    return Patch(name, box, key, lambda canvas: canvas.fill(box, colour))


def test_the_first_time_all_is_painted_and_then_nothing(canvas):
    """The same patches again touch no pixel."""
    repainter = Repainter(canvas)
    patches = [patch("ground", WHOLE, WHITE), patch("a", Box(10, 10, 20, 20), RED)]
    assert [pygame.Rect(0, 0, 100, 100)] == repainter.show(patches)
    assert canvas.surface.get_at((15, 15))[:3] == RED
    assert [] == repainter.show(patches)


def test_only_what_has_changed_is_painted_again(canvas):
    """A patch with a new key is painted, with what lies over it there, and nothing else."""
    repainter = Repainter(canvas)
    ground, over = patch("ground", WHOLE, WHITE), patch("over", Box(20, 20, 5, 5), BLUE)
    repainter.show([ground, patch("a", Box(10, 10, 20, 20), RED), over])
    canvas.surface.set_at((90, 90), (1, 2, 3))
    dirty = repainter.show([ground, patch("a", Box(10, 10, 20, 20), (0, 99, 0), key=1), over])
    assert [pygame.Rect(10, 10, 20, 20)] == dirty
    assert canvas.surface.get_at((12, 12))[:3] == (0, 99, 0)
    assert canvas.surface.get_at((22, 22))[:3] == BLUE
    assert canvas.surface.get_at((90, 90))[:3] == (1, 2, 3)


def test_what_has_gone_leaves_the_ground(canvas):
    """A patch that is not there any more, or elsewhere, is painted over."""
    repainter = Repainter(canvas)
    ground = patch("ground", WHOLE, WHITE)
    repainter.show([ground, patch("a", Box(10, 10, 20, 20), RED)])
    repainter.show([ground, patch("a", Box(60, 60, 20, 20), RED)])
    assert canvas.surface.get_at((15, 15))[:3] == WHITE
    assert canvas.surface.get_at((65, 65))[:3] == RED
    assert [pygame.Rect(60, 60, 20, 20)] == repainter.show([ground])
    assert canvas.surface.get_at((65, 65))[:3] == WHITE


def test_another_ground_paints_all_anew(canvas):
    """A new kind of scene leaves nothing of the old one."""
    repainter = Repainter(canvas)
    repainter.show([patch("ground", WHOLE, WHITE, key=1), patch("a", Box(1, 1, 5, 5), RED)])
    repainter.show([patch("ground", WHOLE, BLUE, key=2)])
    assert canvas.surface.get_at((3, 3))[:3] == BLUE


def test_many_changes_are_painted_as_one(canvas):
    """When a whole keyboard changes, one large area is painted, not fifty."""
    repainter = Repainter(canvas)
    ground = patch("ground", WHOLE, WHITE)
    boxes = [Box(i * 9, i * 9, 5, 5) for i in range(FEW + 2)]
    repainter.show([ground, *(patch(str(i), box, RED) for i, box in enumerate(boxes))])
    dirty = repainter.show([ground, *(patch(str(i), box, BLUE, key=1) for i, box in enumerate(boxes))])
    assert len(dirty) == 1
    assert all(canvas.surface.get_at((box.x + 1, box.y + 1))[:3] == BLUE for box in boxes)


def test_text_gets_smaller_before_it_is_cut(canvas):
    """Text that is too wide shrinks to its smallest size; what is still too wide ends in an ellipsis."""
    canvas.written = []
    box = Box(0, 0, 90, 30)
    canvas.text("Send", box, size=20, smallest=8, colour=WHITE)
    canvas.text("A sentence that is far too long", box, size=20, smallest=8, colour=WHITE)
    short, long = canvas.written
    assert (short.text, short.cut) == ("Send", False)
    assert (long.text[-1], long.wanted, long.cut) == ("\u2026", "A sentence that is far too long", True)
    assert long.box.right <= box.right


def test_a_paragraph_stays_in_its_box(canvas):
    """A text of any length takes no more lines than there is room for."""
    canvas.written = []
    bottom = canvas.paragraph("so many words " * 50, Box(0, 0, 100, 60), size=16, smallest=9, colour=WHITE)
    assert bottom <= 60
    assert canvas.written[-1].text.endswith("\u2026")
    assert canvas.written[-1].cut


def test_a_balanced_paragraph_leaves_no_word_alone(canvas):
    """It has as many lines as it would have had, and they are about as long as each other."""
    text, box = "these pictures will be gone for ever", Box(0, 0, 160, 100)
    lines = {}
    for balanced in (False, True):
        canvas.written = []
        canvas.paragraph(text, box, size=10, colour=BLUE, balanced=balanced)
        lines[balanced] = [line.text for line in canvas.written]
    alone, together = ["these pictures will be gone for", "ever"], ["these pictures will", "be gone for ever"]
    assert {False: alone, True: together} == lines


def test_a_long_word_makes_a_paragraph_smaller_before_it_is_cut(canvas):
    """A word is shown whole as long as letters of the smallest size fit."""
    box = Box(0, 0, 100, 60)
    cut = []
    for word in ("Fotobox", "Animationswerkstatt", "Animationswerkstatt" * 3):
        canvas.written = []
        canvas.paragraph(f"a {word}", box, size=24, smallest=8, colour=WHITE)
        cut.append(any(line.cut for line in canvas.written))
    assert [False, False, True] == cut


def test_what_has_no_room_at_all_is_noted(canvas):
    """A place without room even for an ellipsis is no secret from the tests."""
    canvas.written = []
    canvas.text("Send", Box(0, 0, 2, 30), size=20, smallest=8, colour=WHITE)
    assert [("", "Send", True)] == [(line.text, line.wanted, line.cut) for line in canvas.written]


def test_boxes_have_smooth_round_corners(canvas):
    """The corner is empty, its edge half mixed, the middle full, and the border inside."""
    canvas.surface.fill(WHITE)
    canvas.box(Box(10, 10, 60, 40), 12, RED, BLUE, 3)
    at = canvas.surface.get_at
    assert at((10, 10))[:3] == WHITE
    assert at((40, 30))[:3] == RED
    assert at((40, 11))[:3] == BLUE
    mixed = {tuple(at((x, y)))[:3] for x in range(10, 18) for y in range(10, 18)}
    assert len(mixed - {WHITE, RED, BLUE}) > 3


def test_the_smallest_boxes_can_be_painted(canvas):
    """A box smaller than its corners is a box still."""
    for side in range(1, 12):
        canvas.box(Box(0, 0, side, side), 9, RED, BLUE, 2)
    canvas.box(Box(0, 0, 9, 9), 4, None, BLUE, 2)
    canvas.box(Box(0, 0, 9, 9), 4, None)


def test_only_the_latest_shapes_are_kept(canvas):
    """However many and however large the shapes of a night are, memory stays as it is."""
    for across in range(1, 450):
        canvas.shapes.disc(200, (across % 256, across // 256, 0))
    assert KEPT // (200 * 200 * 4) == len(canvas.shapes._kept)
    assert canvas.shapes._kept.weight == len(canvas.shapes._kept) * 200 * 200 * 4


def test_what_is_written_is_noted_with_its_contrast(canvas):
    """For the tests: the least contrast of a text with anything that is under it."""
    canvas.written = []
    canvas.fill(Box(0, 0, 50, 100), (255, 255, 255))
    canvas.fill(Box(50, 0, 50, 100), (0, 0, 0))
    canvas.text("ab", Box(0, 0, 40, 40), size=20, colour=(0, 0, 0))
    canvas.text("ab ab ab", Box(0, 0, 100, 40), size=20, colour=(0, 0, 0))
    clear, lost = canvas.written
    assert (21, 1) == (round(clear.contrast), round(lost.contrast))


def test_a_text_becomes_no_smaller_than_it_must(canvas):
    """A text that is too wide gets the largest size that fits."""
    box = canvas.text("Wide words", Box(0, 0, 90, 40), size=60, colour=(0, 0, 0), smallest=5)
    assert 80 < box.width <= 90


def test_a_bold_canvas_borders_what_has_no_border_and_widens_what_has(canvas):
    """Every control has an outline that can be seen, in whatever colours."""
    seen = []
    for bold in (False, True):
        canvas.bold = bold
        canvas.box(Box(0, 10, 40, 40), 0, canvas.theme.card)
        canvas.box(Box(50, 10, 40, 40), 0, canvas.theme.card, canvas.theme.accent, 2)
        seen.append([canvas.surface.get_at((x, 30))[:3] for x in (0, 5, 50, 52, 55)])
    card, line, accent = canvas.theme.card, canvas.theme.line, canvas.theme.accent
    assert [[card, card, accent, card, card], [line, card, accent, accent, card]] == seen


@pytest.mark.parametrize("alpha", [0, pygame.SRCALPHA])
def test_a_box_is_filled_to_its_edges_and_no_further(canvas, alpha):
    """Also where it is taller than a tile, or only a part of it may be painted."""
    surface = canvas.surface = pygame.Surface((100, 3 * TILE), alpha)
    expected = pygame.Surface((100, 3 * TILE), alpha)
    for clip, box in (
        (None, Box(0, 0, 100, 3 * TILE)), (None, Box(7, 5, 33, 2 * TILE + 9)), ((3, 1, 50, 70), Box(-5, -5, 300, 400)),
        ((90, 150, 50, 90), Box(80, 100, 300, 400)), ((0, 0, 10, 10), Box(20, 20, 5, 5)),
    ):  # fmt: skip
        for colour in (RED, BLUE):
            for target in (surface, expected):
                target.fill(WHITE)
                target.set_clip(clip)
            canvas.fill(box, colour)
            expected.fill(colour, box.tuple)
            for target in (surface, expected):
                target.set_clip(None)
            assert expected.get_buffer().raw == surface.get_buffer().raw


class TestWhatComesAgain:
    """A scene that keeps its parts shows some of them again and again."""

    SCREEN = Box(0, 0, 200, 100)
    LIGHT = Box(10, 10, 10, 10)

    @pytest.fixture
    def painted(self):
        """Return the names of the parts that were painted, to be cleared between two looks."""
        return []

    @pytest.fixture
    def parts(self, painted):
        """Return a ground, a light that is off or on, and what lies over it: parts that are kept."""

        def kept(name, box, colour, key):
            def paint(canvas):
                painted.append(name)
                canvas.fill(box, colour)

            return Patch(name, box, key, paint)

        return {
            "ground": kept("ground", self.SCREEN, WHITE, ()),
            "off": kept("light", self.LIGHT, BLUE, 0),
            "on": kept("light", self.LIGHT, RED, 1),
            "over": kept("over", Box(15, 15, 30, 30), (0, 99, 0), ()),
        }

    @pytest.fixture
    def canvas(self):
        """Return a canvas on which the light is a small part."""
        pygame.font.init()
        yield Canvas(pygame.Surface((200, 100)), named(USUAL), Fonts(), Shapes(), 1.0)
        pygame.font.quit()

    def shown(self, repainter, parts, *names):
        """Show parts by their names, and return what was touched."""
        return [tuple(rect) for rect in repainter.show([parts[name] for name in names])]

    def test_a_light_that_goes_on_and_off_is_painted_once(self, canvas, parts, painted):
        """From then on it is put there as it was, with what lies over it."""
        repainter = Repainter(canvas)
        self.shown(repainter, parts, "ground", "off", "over")
        looks = []
        for light in ("on", "off", "on", "off"):
            painted.clear()
            assert [self.LIGHT.tuple] == self.shown(repainter, parts, "ground", light, "over")
            looks.append((tuple(painted), *(tuple(canvas.surface.get_at(at))[:3] for at in ((12, 12), (17, 17)))))
        first, green = ("ground", "light", "over"), (0, 99, 0)
        assert [(first, RED, green), (first, BLUE, green), ((), RED, green), ((), BLUE, green)] == looks

    def test_a_step_touches_nothing_but_its_own_part(self, canvas, parts):
        """What is beside it keeps its pixels."""
        repainter = Repainter(canvas)
        self.shown(repainter, parts, "ground", "off", "over")
        canvas.surface.set_at((9, 9), (1, 2, 3))
        canvas.surface.set_at((20, 20), (4, 5, 6))
        for light in ("on", "off", "on"):
            self.shown(repainter, parts, "ground", light, "over")
        assert [(1, 2, 3), (4, 5, 6)] == [tuple(canvas.surface.get_at(at))[:3] for at in ((9, 9), (20, 20))]

    def test_between_two_steps_nothing_is_painted(self, canvas, parts, painted):
        """The same parts, in another list, are no change."""
        repainter = Repainter(canvas)
        self.shown(repainter, parts, "ground", "on", "over")
        painted.clear()
        assert [] == self.shown(repainter, parts, "ground", "on", "over")
        assert [] == painted

    def test_what_has_gone_from_over_it_is_not_put_there(self, canvas, parts):
        """What an area showed comes again only with all that was in it."""
        repainter = Repainter(canvas)
        for light in ("off", "on", "off"):
            self.shown(repainter, parts, "ground", light, "over")
        self.shown(repainter, parts, "ground", "off")
        self.shown(repainter, parts, "ground", "on")
        assert tuple(canvas.surface.get_at((17, 17)))[:3] == RED

    def test_after_it_was_told_to_forget_all_is_painted(self, canvas, parts, painted):
        """Letters that were looked for are there now: nothing that was kept is believed."""
        repainter = Repainter(canvas)
        for light in ("off", "on", "off"):
            self.shown(repainter, parts, "ground", light, "over")
        repainter.forget()
        self.shown(repainter, parts, "ground", "off", "over")
        painted.clear()
        self.shown(repainter, parts, "ground", "on", "over")
        assert ["ground", "light", "over"] == painted

    def test_what_is_kept_is_less_than_the_screen(self, canvas, parts):
        """However many lights there are."""
        repainter = Repainter(canvas)
        self.shown(repainter, parts, "ground", "off")
        for colour in range(255):
            part = Patch("light", self.LIGHT, colour, lambda canvas: canvas.fill(self.LIGHT, RED))
            repainter.show([parts["ground"], part])
        assert 0 < repainter._sights.weight <= 200 * 100 * 4 // 2
