"""Camera, button, lamp, screen: looked at by hand where no booth runs, else as that tells of them."""

import dataclasses
from types import SimpleNamespace

import pytest
from PIL import Image, ImageFilter

from booth.bulletin import Bulletin, Parts
from booth.drivers.clock import SystemClock
from booth.drivers.gpio import open_button, open_led
from booth.errors import CameraError
from booth.examining import camera, panel, screen
from booth.examining.findings import BUSY, Finding, Sign
from booth.examining.running import examine
from booth.imaging.judge import RIGHT
from booth.sim.camera import CameraFaults, Fault, SimCamera
from booth.sim.pins import SimPanel
from booth.units import Seconds, later
from lab import ROOT

TOLD = Bulletin(
    "0.3.0", 4711, "a boot", 100.0, 0.1, 1_795_367_112.0, 60.0, "/data/outbox", "Party", "Booth 1", "Attract", (), (),
    "up", "", parts=Parts("picamera2", RIGHT, "KMSDRM 800x480", 4, 12),
)  # fmt: skip


def told(missing=(), notices=(), **parts):
    """Return what a booth tells."""
    return dataclasses.replace(TOLD, missing=missing, notices=notices, parts=dataclasses.replace(TOLD.parts, **parts))


def brief(found):
    """Return what each finding is about, and its sign."""
    return [(finding.check, finding.sign) for finding in found]


class TestTheCamera:
    @pytest.fixture
    def look(self, make_premises, tmp_path):
        """Take frames with a camera that sees photographs, or a painted party, and may fail."""
        faults = CameraFaults()

        def look(photo=None):
            folder = None
            if photo is not None:
                folder = tmp_path / "photos"
                folder.mkdir(exist_ok=True)
                photo.save(folder / "frame.jpg", quality=92)

            def opened(options):
                asked = options.asked()
                return SimCamera(**asked, faults=faults, frames=folder, exposure=Seconds(0.0))

            world = SimpleNamespace(open_camera=opened)
            clock = SystemClock()
            premises = make_premises(
                {"camera": {"size": (320, 240)}}, reach=lambda _stack: world, clock=clock,
                deadline=later(clock.now(), Seconds(60.0)),
            )  # fmt: skip
            return list(examine([dataclasses.replace(camera.CHECKS[0], within=Seconds(60.0))], premises, within=60.0))

        return SimpleNamespace(take=look, faults=faults)

    @pytest.fixture
    def face(self):
        """Return a photograph of somebody, as sharp as a camera's."""
        with Image.open(ROOT / "tests/photos/astronaut/frame-1.jpg") as photo:
            return photo.convert("RGB").resize((640, 480))

    def test_a_frame_that_shows_something_is_right(self, look, face):
        """Taken with the driver of the settings, whose name is told; nothing of it stays."""
        (found,) = look.take(face)
        assert (Sign.OK, "camera, a frame of 320x240") == (found.sign, found.measured.partition(" in ")[0])

    def test_a_cap_on_the_lens(self, look):
        """It is asked for first; without it all is well."""
        look.faults.fail(Fault.BLACK, times=2)
        (found,) = look.take()
        assert (Sign.BAD, "is the cap on the lens? ") == (found.sign, found.cure[:24])
        assert [Sign.OK] == [finding.sign for finding in look.take()]

    @pytest.mark.parametrize(
        ("level", "said"),
        [(255, "pictures are burnt out"), (128, "pictures are of one colour"), (2, "pictures are black")],
    )
    def test_a_picture_that_shows_nothing(self, look, level, said):
        """As the booth itself would call it."""
        (found,) = look.take(Image.new("RGB", (640, 480), (level,) * 3))
        assert (Sign.BAD, said) == (found.sign, found.measured.rpartition(": ")[2])

    def test_a_lens_that_is_out_of_focus(self, look, face):
        """Wiped or turned, it is right again."""
        assert [Sign.WARN] == [finding.sign for finding in look.take(face.filter(ImageFilter.GaussianBlur(12)))]
        assert [Sign.OK] == [finding.sign for finding in look.take(face)]

    def test_a_camera_that_is_not_there(self, look):
        """Its driver says what to do."""
        look.faults.unplug()
        (found,) = look.take()
        assert ("camera", Sign.BAD, True) == (found.check, found.sign, bool(found.cure))

    @pytest.mark.parametrize(
        ("bulletin", "sign", "measured"),
        [
            (told(), Sign.OK, "picamera2 answers; the last frame was right"),
            (told(frame=""), Sign.OK, "picamera2 answers; no frame since the booth was started"),
            (told(frame="picture-black"), Sign.WARN, "picamera2: pictures are black"),
            (told(notices=("picture-soft",)), Sign.BAD, "picamera2: pictures are less sharp than before"),
            (told(missing=("camera",)), Sign.BAD, "it does not answer the booth that runs"),
            (told(camera=""), Sign.BAD, "it does not answer the booth that runs"),
        ],
    )
    def test_beside_a_booth_it_is_asked_for(self, make_premises, bulletin, sign, measured):
        """And never opened: there is none who could."""
        (found,) = camera.camera(make_premises(bulletin=bulletin))
        assert (sign, measured, sign is not Sign.OK) == (found.sign, found.measured, bool(found.cure))


class Shorted:
    """A button that is down."""

    def held_for(self):
        return Seconds(3.0)

    def close(self):
        pass


class TestTheButton:
    @pytest.fixture
    def pins(self, request):
        """Make a button and a lamp of no substance, whose contact chatters so often."""
        bounces = getattr(request, "param", 1)
        made = SimPanel("GPIO18", "GPIO7", travel=Seconds(0.02), bounces=bounces)
        yield made
        made.close()

    @pytest.fixture
    def world(self, pins):
        """Make what opens them."""
        return SimpleNamespace(
            open_button=lambda options, on_press: open_button(options, pins.factory, on_press, SystemClock().now),
            open_led=lambda options: open_led(options, pins.factory),
        )

    @pytest.fixture
    def look(self, make_premises, world):
        """Look at them; *hand* is called when somebody is asked to press."""
        clock = SystemClock()

        def look(hand=None, seconds=60.0):
            premises = make_premises(
                {"button": {"debounce_s": 0.001}},
                clock=clock, deadline=later(clock.now(), Seconds(seconds)), reach=lambda _stack: world,
                press=hand is not None, tell=lambda _said: hand() if hand is not None else None,
            )  # fmt: skip
            return list(panel.button(premises))

        return look

    def press(self, pins):
        """Push the button, and let go."""
        pins.press()
        pins.release()

    def test_without_a_hand_it_is_only_had(self, look):
        """And its lamp, which stays dark."""
        assert [
            Finding("button", Sign.OK, "GPIO18 can be had, and is not down; --press watches a press"),
            Finding("button lamp", Sign.OK, "GPIO7 can be had, and was not lit"),
        ] == look()

    def test_a_press_is_seen(self, look, pins):
        """The lamp is lit meanwhile, and dark again."""
        lit = []

        def hand():
            lit.append(pins.lit)
            self.press(pins)

        found = look(hand)
        assert ([("button", Sign.OK), ("button lamp", Sign.OK)], [True], False) == (brief(found), lit, pins.lit)
        assert "a press on GPIO18, " == found[0].measured[:19]

    @pytest.mark.parametrize(
        ("pins", "sign", "cure"), [(2, Sign.OK, ""), (20, Sign.WARN, panel.WORN)], indirect=["pins"]
    )
    def test_a_contact_that_chatters(self, look, pins, sign, cure):
        """A press all the same, and a button that will not last."""
        (found, _) = look(lambda: self.press(pins))
        assert (sign, cure) == (found.sign, found.cure)

    def test_a_button_that_nobody_hears(self, look):
        """Whoever pressed it looks at the wires."""
        (found, _) = look(lambda: None, seconds=1.05)
        assert (Sign.BAD, "no press on GPIO18; its line did not move") == (found.sign, found.measured)

    def test_a_button_that_is_down(self, look, world):
        """Its cable is shorted, or it is wired the other way round; mended, it is well."""
        whole, world.open_button = world.open_button, lambda _options, _on_press: Shorted()
        assert [("button", Sign.BAD), ("button lamp", Sign.OK)] == brief(look())
        world.open_button = whole
        assert [("button", Sign.OK), ("button lamp", Sign.OK)] == brief(look())

    @pytest.mark.parametrize(
        ("bulletin", "sign", "measured"),
        [
            (told(), Sign.OK, "4 presses since the booth was started, 12 moves of its line"),
            (told(presses=0, edges=0), Sign.OK, "0 presses since the booth was started"),
            (told(edges=144), Sign.WARN, "4 presses since the booth was started, 144 moves of its line"),
            (told(notices=("button-held",)), Sign.BAD, "it is held down, or its cable is shorted"),
            (told(missing=("button",)), Sign.BAD, "the booth that runs cannot have the pins of button and lamp"),
        ],
    )
    def test_beside_a_booth_it_is_asked_what_it_heard(self, make_premises, bulletin, sign, measured):
        (found,) = panel.button(make_premises(bulletin=bulletin))
        assert (sign, measured) == (found.sign, found.measured)

    def test_beside_a_booth_nobody_is_asked_to_press(self, make_premises):
        """It would begin a visit."""
        asked = []
        found = list(panel.button(make_premises(bulletin=told(), press=True, tell=asked.append)))
        assert ([("button", Sign.OK), ("button press", Sign.SKIPPED)], []) == (brief(found), asked)


PANEL = 'N: Name="raspberrypi-ts"\nB: PROP=2\nB: EV=b\nB: ABS=2608000 3'
MOUSE = 'N: Name="Mouse"\nB: PROP=0\nB: EV=17'
PAD = 'N: Name="Pad"\nB: PROP=5\nB: ABS=2608000 3'


class TestTheScreen:
    @pytest.mark.parametrize(
        ("plugged", "wanted"),
        [
            ({"HDMI-A-1": "connected", "HDMI-A-2": "disconnected"}, (Sign.OK, "HDMI-A-1 1280x800", "")),
            ({"HDMI-A-1": "disconnected"}, (Sign.BAD, "nothing is plugged in (1 connectors)", screen.CABLE)),
            ({"DSI-1": "connected"}, (Sign.OK, "DSI-1 1280x800", "")),
            ({"DSI-1": "unknown"}, (Sign.SKIPPED, "this machine does not tell what is plugged in", "")),
            ({}, (Sign.SKIPPED, "this machine does not tell what is plugged in", "")),
        ],
    )
    def test_what_is_plugged_in(self, make_premises, put, plugged, wanted):
        """As the kernel sees it; a booth need not run."""
        for name, status in plugged.items():
            put(f"sys/class/drm/card1-{name}/status", f"{status}\n")
            put(f"sys/class/drm/card1-{name}/modes", "1280x800\n1024x768\n" if status == "connected" else "")
        found = next(iter(screen.screen(make_premises())))
        assert wanted == (found.sign, found.measured, found.cure)

    def test_beside_a_booth_it_is_what_that_draws_on(self, make_premises):
        assert Finding("screen", Sign.OK, "the booth draws on KMSDRM 800x480") == next(
            iter(screen.screen(make_premises(bulletin=told())))
        )

    @pytest.mark.parametrize(
        ("devices", "sign", "measured"),
        [
            ((MOUSE, PANEL), Sign.OK, "raspberrypi-ts"),
            ((MOUSE,), Sign.WARN, "there is no touch panel"),
            ((PAD, MOUSE), Sign.WARN, "there is no touch panel"),
            ((MOUSE, PANEL, PAD), Sign.OK, "raspberrypi-ts"),
        ],
    )
    def test_a_touch_panel(self, make_premises, put, devices, sign, measured):
        """What lies on the screen is one; a pad beside a keyboard is not."""
        put("proc/bus/input/devices", "\n\n".join(devices))
        found = list(screen.screen(make_premises()))[1]
        assert ("screen touch", sign, measured) == (found.check, found.sign, found.measured)


def test_an_error_of_the_driver_is_what_it_says(make_premises):
    """Somebody else has the camera, for one."""

    def opened(_options):
        raise CameraError("the camera is held: end the other program")

    premises = make_premises(reach=lambda _stack: SimpleNamespace(open_camera=opened))
    assert [Finding("camera", Sign.BAD, "the camera is held", cure="end the other program")] == list(
        examine(camera.CHECKS, premises)
    )


@pytest.mark.parametrize("check", [*camera.CHECKS, *panel.CHECKS], ids=lambda check: check.name)
def test_a_booth_that_starts_is_not_fought_with(make_premises, check):
    """It tells nothing yet, and may be opening the part."""
    assert [Finding(check.name, Sign.SKIPPED, BUSY)] == list(check.look(make_premises()))
