import contextlib
import socket
import subprocess
import threading
from contextlib import ExitStack
from types import SimpleNamespace
from urllib.parse import urlsplit

import pygame
import pytest
import structlog.testing
from pydantic import SecretStr

from booth.config import (
    AnimationSection,
    AttractSection,
    CameraSection,
    CountdownSection,
    FarewellSection,
    FormSection,
    OutboxSection,
    ScreenSection,
    Settings,
    ZenkoSection,
)
from booth.core.events import Notice, Reach
from booth.core.form import Complaint
from booth.core.rules import Rules
from booth.core.visit import Guest, SessionId
from booth.errors import BucketError, CameraError, OutboxError, PinError, Remedy, ScreenError
from booth.outbox.spool import Spool
from booth.outbox.uploader import Status
from booth.ports import Parcel, Size
from booth.units import Seconds
from booth.wiring import (
    FAST,
    Console,
    Lookout,
    Seldom,
    Simulation,
    _camera_options,
    _embedded,
    _gallery,
    _Uploads,
    assemble,
    assemble_page,
    assemble_simulator,
    open_bucket,
    open_camera,
    pins,
    rules_of,
)
from lab.clock import HandClock

PATIENCE = 20.0


# ---- the button and the LED


class Device:
    """A button or a lamp; `trouble` is raised by its next uses."""

    def __init__(self):
        self.opened = 0
        self.done = []
        self.missing = None
        self.trouble = None
        self.held = Seconds(0.0)

    def held_for(self):
        return self.held

    def open(self):
        if self.missing is not None:
            raise self.missing
        self.opened += 1
        return self

    def set(self, *, on):
        if self.trouble is not None:
            raise self.trouble
        self.done.append(on)

    def close(self):
        self.done.append("close")
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def parts():
    parts = SimpleNamespace(button=Device(), led=Device())
    parts.console = Console(parts.button.open, parts.led.open)
    return parts


class TestConsole:
    def test_it_opens_both_once(self, parts):
        """However often the caretaker looks."""
        parts.console.check()
        parts.console.check()
        assert (1, 1) == (parts.button.opened, parts.led.opened)

    def test_a_button_that_is_held_for_long_is_told_once_and_heals(self, parts):
        """Nobody leans on it for so long: it is held down by something, or its cable is shorted."""
        told = [parts.console.held()]
        parts.console.check()
        with structlog.testing.capture_logs() as logs:
            for seconds in (0.0, 19.9, 20.0, 500.0, 0.0):
                parts.button.held = Seconds(seconds)
                told.append(parts.console.held())
        assert [False, False, False, True, True, False] == told
        assert [("button.held", "warning"), ("button.let_go", "info")] == [
            (line["event"], line["log_level"]) for line in logs
        ]

    def test_a_button_that_is_missing_is_looked_for_again(self, parts):
        """Until it is there; the caretaker is told every time."""
        parts.button.missing = PinError("the button cannot use pin GPIO18")
        for _ in range(2):
            with pytest.raises(PinError, match="GPIO18"):
                parts.console.check()
        parts.button.missing = None
        parts.console.check()
        assert (1, 1) == (parts.button.opened, parts.led.opened)

    def test_a_lamp_that_is_missing_does_not_open_the_button_twice(self, parts):
        """What is open stays open."""
        parts.led.missing = PinError("the LED cannot use pin GPIO7")
        with pytest.raises(PinError):
            parts.console.check()
        parts.led.missing = None
        parts.console.check()
        assert (1, 1) == (parts.button.opened, parts.led.opened)

    def test_a_lamp_that_comes_late_shows_what_it_should(self, parts):
        """The level outlives the lamp's absence."""
        parts.console.set(on=True)
        parts.console.check()
        parts.console.set(on=False)
        assert [True, False] == parts.led.done

    def test_a_lamp_that_fails_does_not_end_the_booth_and_is_opened_again(self, parts):
        """The loop goes on; the caretaker finds out, and brings the lamp back as it should be."""
        parts.console.check()
        parts.led.trouble = PinError("the LED does not answer")
        with structlog.testing.capture_logs() as logs:
            parts.console.set(on=True)
        assert ["led.lost"] == [line["event"] for line in logs]
        with pytest.raises(PinError):
            parts.console.check()
        parts.led.trouble = None
        parts.led.done.clear()
        parts.console.check()
        assert [True] == parts.led.done

    def test_closing_lets_both_go(self, parts):
        """Twice does no harm; nor does a lamp that cannot be put out."""
        parts.console.check()
        parts.led.trouble = PinError("the LED does not answer")
        parts.console.close()
        parts.console.close()
        assert (["close"], ["close"]) == (parts.button.done, parts.led.done[1:])

    def test_closing_does_not_wait_for_a_pin_that_hangs(self, parts):
        """A library that never comes back must not keep the booth from ending."""
        opening, go = threading.Event(), threading.Event()

        def hang():
            opening.set()
            assert go.wait(PATIENCE)
            return parts.button

        console = Console(hang, parts.led.open)
        caretaker = threading.Thread(target=console.check)
        caretaker.start()
        assert opening.wait(PATIENCE)
        console.close()
        assert caretaker.is_alive()
        go.set()
        caretaker.join(PATIENCE)
        console.close()


# ---- settings become numbers


class TestRules:
    def test_the_built_in_settings_are_the_machines_own_rules(self):
        """A booth without a file plays by what the machine documents; the judge is the library's."""
        rules, own = rules_of(Settings()), Rules()
        same = ("shots", "get_ready", "countdown", "shutter", "form_idle", "form_warning", "name_required",
                "email_required", "consent_asked")  # fmt: skip
        assert {name: getattr(own, name) for name in same} == {name: getattr(rules, name) for name in same}
        assert Complaint.EMAIL_NO_AT is rules.judge("zoe")

    def test_the_farewell_plays_the_animation_as_often_as_asked(self):
        """And never ends before there was time to read."""
        settings = Settings(
            countdown=CountdownSection(shots=6),
            animation=AnimationSection(delay_s=1.0),
            farewell=FarewellSection(plays=3),
        )
        assert 18.0 == rules_of(settings).farewell
        short = Settings(farewell=FarewellSection(plays=1, minimum_s=9.0), animation=AnimationSection(delay_s=0.1))
        assert 9.0 == rules_of(short).farewell

    def test_a_consent_text_makes_a_box(self):
        """Without one nobody is asked."""
        for text in ("You may show it.", {"en": "You may show it.", "de": "Ihr dürft es zeigen."}):
            assert rules_of(Settings(form=FormSection(consent_text=text))).consent_asked

    def test_fast_shortens_posing_and_nothing_a_guest_needs(self):
        """The form has its time; the shutter has its."""
        fast, usual = rules_of(Settings(), fast=True), rules_of(Settings())
        assert (usual.form_idle, usual.shutter) == (fast.form_idle, fast.shutter)
        assert {name: getattr(fast, name) for name in FAST} == FAST


# ---- cameras


class TestOpenCamera:
    def drivers(self, **there):
        """Return three drivers, of which *there* says which this machine has; each opens its own name."""
        return {
            name: (lambda name=name: there.get(name, False), lambda name=name: name)
            for name in ("picamera2", "picamera", "webcam")
        }

    @pytest.mark.parametrize(
        ("there", "first"),
        [
            ({"picamera2": True, "picamera": True, "webcam": True}, "picamera2"),
            ({"picamera": True, "webcam": True}, "picamera"),
            ({"webcam": True}, "webcam"),
        ],
    )
    def test_auto_takes_the_best_that_the_machine_has(self, there, first):
        """The current library before the legacy one, and a webcam last."""
        assert first == open_camera(Settings(), self.drivers(**there))

    def test_auto_goes_on_to_the_next_when_the_library_is_there_and_its_camera_is_not(self):
        """A Pi with picamera2 installed and a webcam plugged in; without any, the first one's reason is told."""

        def opened():
            raise CameraError("no camera number 0")

        only_the_library = self.drivers(webcam=True) | {"picamera2": (lambda: True, opened)}
        assert "webcam" == open_camera(Settings(), only_the_library)
        with pytest.raises(CameraError, match="number 0"):
            open_camera(Settings(), self.drivers() | {"picamera2": (lambda: True, opened)})

    def test_a_camera_that_was_named_is_opened_without_being_looked_for(self):
        """Then its own error says what is wrong with it."""
        assert "picamera" == open_camera(Settings(camera=CameraSection(driver="picamera")), self.drivers(webcam=True))

    def test_without_any_the_owner_is_told_what_was_looked_for(self):
        """And what to do."""
        with pytest.raises(CameraError, match="picamera2, picamera and a webcam"):
            open_camera(Settings(), self.drivers())

    @pytest.mark.parametrize("name", ["picamera2", "picamera"])
    def test_a_library_of_the_pi_is_missing_elsewhere(self, name):
        """The real drivers say what to install."""
        with pytest.raises(CameraError, match="cannot be loaded"):
            open_camera(Settings(camera=CameraSection(driver=name)))

    def test_a_webcam_that_is_not_there_is_named(self):
        """By its device, as the owner wrote it."""
        with pytest.raises(CameraError, match="/dev/video99"):
            open_camera(Settings(camera=CameraSection(driver="webcam", device="/dev/video99")))


class TestThePreview:
    @pytest.mark.parametrize(
        ("size", "preview"),
        [((1280, 960), (640, 480)), ((1920, 1080), (640, 360)), ((960, 1280), (360, 480)), ((640, 640), (480, 480))],
    )
    def test_it_has_the_shape_of_the_frames(self, size, preview):
        """Else it would show guests whom the frame has not, or hide some whom it has."""
        options = _camera_options(Settings(camera=CameraSection(size=size)))
        assert (Size(*size), Size(*preview)) == (options["size"], options["preview_size"])


# ---- all of it


def test_a_booth_that_cannot_be_put_together_leaves_no_worker_behind(tmp_path, monkeypatch):
    """The parts are looked for while the screen is opened; where there is none, nobody goes on looking."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "nowhere")
    before = set(threading.enumerate())
    settings = Settings(outbox=OutboxSection(dir=tmp_path / "outbox"))
    with ExitStack() as stack, pytest.raises(ScreenError):
        assemble(settings, stack, {})
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize(("rotation", "shown"), [(0, (800, 480)), (90, (480, 800)), (270, (480, 800))])
def test_a_booth_turns_what_its_guests_see(tmp_path, monkeypatch, rotation, shown):
    """What is painted is as wide as ever; the display has it on its side."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    settings = Settings(
        outbox=OutboxSection(dir=tmp_path / "outbox"),
        camera=CameraSection(driver="webcam", device="/dev/none"),
        screen=ScreenSection(rotation=rotation),
    )
    with ExitStack() as stack:
        assemble(settings, stack, {})
        seen = pygame.display.get_surface().get_size()
    assert shown == seen


# ---- the pins


class TestPins:
    def test_they_are_let_go_after_the_devices_on_them_however_late_they_were_found(self):
        """A device on pins that are gone already cannot be closed: the real library fails there."""
        closed = []

        class Factory:
            def close(self):
                closed.append("pins")

        with ExitStack() as stack:
            factory = pins(Factory, stack)
            stack.callback(closed.append, "button")
            assert factory() is factory()
        assert ["button", "pins"] == closed

    def test_pins_that_were_never_found_are_not_let_go(self):
        """A booth ends that never had any."""
        with ExitStack() as stack:
            pins(lambda: pytest.fail("nobody asked for them"), stack)


# ---- checks


class TestChecks:
    def test_what_went_well_is_not_asked_again_for_a_while(self):
        """To ask gm takes a process; it need not be started every five seconds."""
        clock, asked = HandClock(), []
        check = Lookout([lambda: asked.append(clock.now())], clock, Seconds(60.0)).check
        for _ in range(26):
            check()
            clock.advance(5.0)
        assert [0.0, 60.0, 120.0] == asked

    def test_what_nobody_has_to_wait_for_comes_afterwards(self):
        """The booth is ready when its parts are; what the first guest will need is fetched then."""
        clock, done = HandClock(), []
        lookout = Lookout([lambda: done.append("gm")], clock, Seconds(60.0), afterwards=lambda: done.append("judge"))
        lookout.check()
        assert ["gm"] == done
        clock.advance(5.0)
        lookout.check()
        assert ["gm", "judge"] == done

    def test_what_failed_is_asked_again_at_once(self):
        """The booth is ready as soon as the part is back; and all checks are asked again then."""
        clock, asked = HandClock(), []

        def failing():
            asked.append("failing")
            if asked.count("failing") < 3:
                raise OutboxError("not yet")

        check = Lookout([lambda: asked.append("fine"), failing], clock, Seconds(60.0)).check
        for _ in range(2):
            with pytest.raises(OutboxError):
                check()
        check()
        check()
        assert 3 * ["fine", "failing"] == asked

    def test_a_costly_question_is_answered_as_before_for_a_while(self):
        """How much of a full disk may be deleted is counted once a minute."""
        clock, answers = HandClock(), [True, False]
        ask = Seldom(lambda: answers.pop(0), clock, Seconds(60.0)).ask
        heard = []
        for _ in range(3):
            heard.append(ask())
            clock.advance(30.0)
        assert [True, True, False] == heard

    def test_what_is_in_doubt_is_asked_again_at_once(self):
        """A visit that the disk refused says more than a check that went well a minute ago."""
        clock, asked = HandClock(), []
        lookout = Lookout([lambda: asked.append("disk")], clock, Seconds(60.0))
        lookout.check()
        lookout.check()
        lookout.doubt()
        lookout.check()
        assert ["disk", "disk"] == asked


# ---- what an operator reads about the uploads


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status(), ""),
        (Status(pending=3), ""),
        (Status(pending=3, reach=Reach.SLOW), ""),
        (Status(pending=3, reach=Reach.OFFLINE, error="look there"), "offline, 3 GIFs not sent yet: look there"),
        (Status(pending=1, reach=Reach.HELD_UP, error="503"), "uploads held up, 1 GIF not sent yet: 503"),
        (Status(pending=1, reach=Reach.REFUSED, error="the key"), "not uploading, 1 GIF not sent yet: the key"),
        (Status(reach=Reach.NO_BUCKET), "no bucket set"),
        (Status(pending=2, reach=Reach.NO_BUCKET), "no bucket set, 2 GIFs not sent yet"),
        (Status(failed=2), "2 set aside in failed/"),
        (Status(pending=1, failed=2, error="worn"), "1 GIF not sent yet, 2 set aside in failed/: worn"),
        (Status(error="the disk does not read"), "the disk does not read"),
    ],
)
def test_the_uploads_are_worth_a_word_when_something_is_wrong(status, words):
    """A queue that moves is no news."""
    assert words == _Uploads(SimpleNamespace(status=lambda: status)).words()


# ---- buckets


class TestBucket:
    def test_without_an_endpoint_there_is_none(self):
        """A person has to set it; what waits is sent then."""
        with pytest.raises(BucketError, match="endpoint_url is empty") as refused:
            open_bucket(Settings())
        assert Remedy.PERSON is refused.value.remedy

    @pytest.mark.parametrize(
        ("addressing", "where"),
        [("path", "https://s3.example.com/booth/a.gif?"), ("virtual", "https://booth.s3.example.com/a.gif?")],
    )
    def test_the_bucket_s_name_stands_where_the_settings_say(self, addressing, where):
        """In the path or in the host, in what a guest's phone opens too."""
        zenko = ZenkoSection(
            endpoint_url="https://s3.example.com",
            access_key_id=SecretStr("id"),
            secret_access_key=SecretStr("secret"),
            addressing=addressing,
        )
        with contextlib.closing(open_bucket(Settings(zenko=zenko))) as bucket:
            assert bucket.link("a.gif", Seconds(60.0)).startswith(where)


class TestEmbedded:
    settings = Settings(zenko=ZenkoSection(bucket="rehearsal"))

    def test_it_is_started_when_it_is_asked_for_once_and_ends_with_the_rest(self, capsys, tmp_path):
        """No process before there is something to send, one for all who ask, none afterwards."""
        animation = tmp_path / "animation.gif"
        animation.write_bytes(b"GIF89a")
        with ExitStack() as stack:
            opened = _embedded(self.settings, stack)
            assert "" == capsys.readouterr().err
            first, second = opened(), opened()
            stack.callback(first.close)
            stack.callback(second.close)
            said = capsys.readouterr().err
            first.put(Parcel("a.gif", animation, {"name": "Zoe"}))
            assert (b"GIF89a", {"name": "Zoe"}) == second.get("a.gif")
        assert 1 == said.count("bucket rehearsal")
        endpoint = urlsplit(next(word for word in said.split() if word.startswith("http")).rstrip(","))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((endpoint.hostname, endpoint.port), timeout=PATIENCE)

    def test_one_that_comes_up_after_the_end_is_ended(self, capsys):
        """The uploader's thread may still be at it when everything else is closed."""
        with ExitStack() as stack:
            opened = _embedded(self.settings, stack)
        with pytest.raises(BucketError, match="at its end") as refused:
            opened()
        assert (Remedy.WAIT, "") == (refused.value.remedy, capsys.readouterr().err)

    def test_one_that_does_not_start_is_a_matter_for_a_person(self, monkeypatch):
        """The reason is what the log says, not only that something was unexpected."""
        monkeypatch.setenv("PYTHONHOME", "/nonexistent")
        with ExitStack() as stack, pytest.raises(BucketError, match="did not start") as refused:
            _embedded(self.settings, stack)()
        assert Remedy.PERSON is refused.value.remedy


# ---- what the invitation shows


@pytest.fixture
def spool(tmp_path):
    """Return an outbox in which the one visit is of a guest who agreed."""
    made = Spool(
        tmp_path, event="party", booth="booth", key_template="{session}.gif", wall=lambda: 1_795_367_112.0,
        min_free_mb=0, keep_days=30,
    )  # fmt: skip
    session = SessionId("20261122-170512-k3v9q2m7xw")
    made.open(session)
    gif = made.animation(session)
    subprocess.run(("gm", "convert", "-size", "64x48", "-delay", "50", "xc:red", "xc:blue", f"gif:{gif}"), check=True)
    made.note(session, Guest("Zoë", "zoe@example.org", consent=True))
    made.commit(session)
    yield made
    made.close()


class TestGallery:
    @pytest.mark.parametrize(("latest", "text"), [(0, "You may show it."), (4, ""), (0, "")])
    def test_nobody_is_shown_unless_the_owner_wants_it_and_guests_are_asked(self, spool, latest, text):
        """Privacy is how it comes."""
        settings = Settings(attract=AttractSection(latest=latest), form=FormSection(consent_text=text))
        assert _gallery(settings, spool, HandClock()) is None

    @pytest.mark.parametrize("text", ["You may show it.", {"en": "You may show it."}], ids=["one text", "by language"])
    def test_who_agreed_is_shown_small(self, spool, text):
        """From the outbox to the screen's memory, on a thread of its own."""
        settings = Settings(attract=AttractSection(latest=4), form=FormSection(consent_text=text))
        gallery = _gallery(settings, spool, HandClock())
        gallery.start()
        gallery.look()
        gallery.close(Seconds(PATIENCE))
        (shown,) = gallery.pictures()
        assert (Size(64, 48), (0.5, 0.5)) == (shown.pictures[0].size, shown.delays)


@pytest.mark.parametrize(("rotation", "shown"), [(0, (800, 480)), (90, (480, 800)), (180, (800, 480))])
def test_a_screen_is_turned_as_the_settings_say(monkeypatch, rotation, shown):
    """What is painted is as wide as ever; on a display that hangs sideways it is as high as that is wide."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with ExitStack() as stack:
        page = assemble_page(Settings(screen=ScreenSection(rotation=rotation)), stack, {}, lambda: None)
        seen = pygame.display.get_surface().get_size(), page.screen._surface.get_size()
    assert (shown, (800, 480)) == seen


def test_a_button_that_is_held_is_told_on_the_screen(monkeypatch, tmp_path):
    """What the console finds is a notice of the booth's: here no button is held for too short."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr("booth.wiring.HELD", Seconds(0.0))
    with ExitStack() as stack:
        booth = assemble_simulator(Settings(), Simulation(headless=True, outbox=tmp_path), stack).daemon
        for _ in range(200):
            if Notice.BUTTON_HELD in booth.booth.notices:
                break
            booth.turn(booth._inbox.take(Seconds(0.1)), booth._clock.now())
        assert Notice.BUTTON_HELD in booth.booth.notices
