import contextlib
import socket
import subprocess
import threading
from contextlib import ExitStack
from dataclasses import fields, replace
from pathlib import Path
from urllib.parse import urlsplit

import pygame
import pytest
from pydantic import SecretStr

from booth.choices import bucket_of
from booth.core.events import Notice
from booth.core.visit import Guest, SessionId
from booth.drivers.buckets import open_bucket
from booth.drivers.settings import CameraSection
from booth.drivers.stick import Stick
from booth.errors import BucketError, ConfigError, Remedy, ScreenError
from booth.outbox.settings import OutboxSection, ZenkoSection
from booth.outbox.spool import Spool
from booth.ports import Size
from booth.settings.loading import load
from booth.settings.model import Settings
from booth.simulation import Simulation, embedded, simulated
from booth.ui.dress import ScreenSection
from booth.ui.layout import Side
from booth.ui.settings import AttractSection, FormSection
from booth.units import Seconds
from booth.wiring import Appliance, _gallery, assemble, assemble_page
from booth.world import LeftAlone, real
from lab.clock import HandClock
from tests.parcels import parcel_of
from tests.waiting import PATIENCE, until

# ---- all of it


def test_a_booth_that_cannot_be_put_together_leaves_no_worker_behind(tmp_path, monkeypatch):
    """The parts are looked for while the screen is opened; where there is none, nobody goes on looking."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "nowhere")
    before = set(threading.enumerate())
    settings = Settings(outbox=OutboxSection(dir=tmp_path / "outbox"))
    with ExitStack() as stack, pytest.raises(ScreenError):
        assemble(settings, real({}, stack), stack)
    until(lambda: set(threading.enumerate()) <= before)  # all are told to end; a busy machine lets them end later


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
        assemble(settings, real({}, stack), stack)
        seen = pygame.display.get_surface().get_size()
    assert shown == seen


# ---- buckets


class TestBucket:
    def test_without_an_endpoint_there_is_none(self):
        """A person has to set it; what waits is sent then."""
        with pytest.raises(BucketError, match="endpoint_url is empty") as refused:
            open_bucket(bucket_of(Settings()))
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
        with contextlib.closing(open_bucket(bucket_of(Settings(zenko=zenko)))) as bucket:
            assert bucket.link("a.gif", Seconds(60.0)).startswith(where)


class TestEmbedded:
    options = bucket_of(Settings(zenko=ZenkoSection(bucket="rehearsal")))

    def test_it_is_started_when_it_is_asked_for_once_and_ends_with_the_rest(self, capsys):
        """No process before there is something to send, one for all who ask, none afterwards."""
        with ExitStack() as stack:
            opened = embedded(stack)
            assert "" == capsys.readouterr().err
            first, second = opened(self.options), opened(self.options)
            stack.callback(first.close)
            stack.callback(second.close)
            said = capsys.readouterr().err
            first.put(parcel_of("a.gif", b"GIF89a", {"name": "Zoe"}))
            assert (b"GIF89a", {"name": "Zoe"}) == second.get("a.gif")
        assert 1 == said.count("bucket rehearsal")
        endpoint = urlsplit(next(word for word in said.split() if word.startswith("http")).rstrip(","))
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((endpoint.hostname, endpoint.port), timeout=PATIENCE)

    def test_one_that_comes_up_after_the_end_is_ended(self, capsys):
        """The uploader's thread may still be at it when everything else is closed."""
        with ExitStack() as stack:
            opened = embedded(stack)
        with pytest.raises(BucketError, match="at its end") as refused:
            opened(self.options)
        assert (Remedy.WAIT, "") == (refused.value.remedy, capsys.readouterr().err)

    def test_one_that_does_not_start_is_a_matter_for_a_person(self, monkeypatch):
        """The reason is what the log says, not only that something was unexpected."""
        monkeypatch.setenv("PYTHONHOME", "/nonexistent")
        with ExitStack() as stack, pytest.raises(BucketError, match="did not start") as refused:
            embedded(stack)(self.options)
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
        with ExitStack() as stack:
            assert _gallery(settings, real({}, stack), spool) is None

    @pytest.mark.parametrize("text", ["You may show it.", {"en": "You may show it."}], ids=["one text", "by language"])
    def test_who_agreed_is_shown_small(self, spool, text):
        """From the outbox to the screen's memory, on a thread of its own."""
        settings = Settings(attract=AttractSection(latest=4), form=FormSection(consent_text=text))
        with ExitStack() as stack:
            gallery = _gallery(settings, replace(real({}, stack), clock=HandClock()), spool)
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
        settings = Settings(screen=ScreenSection(rotation=rotation))
        page = assemble_page(settings, real({}, stack), stack, lambda: None)
        seen = pygame.display.get_surface().get_size(), page.screen._surface.get_size()
    assert (shown, (800, 480)) == seen


@pytest.mark.parametrize(("size", "would_do"), [((6000, 1000), False), ((1280, 960), True)])
def test_an_animation_that_photographs_are_too_large_for_is_refused(monkeypatch, tmp_path, size, would_do):
    """They are served as they are: what the camera of the settings would need says nothing about them."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    wanted = load(config=None, environ={}, overrides={"animation.width": "1920", "animation.height": "1080"},
                  default=tmp_path / "none.toml").settings  # fmt: skip
    (tmp_path / "frames").mkdir()
    pygame.image.save(pygame.Surface(size), tmp_path / "frames" / "1.jpg")
    told = None
    with ExitStack() as stack:
        try:
            simulated(wanted, Simulation(headless=True, frames=tmp_path / "frames", outbox=tmp_path / "outbox"), stack)
        except ConfigError as exc:
            told = str(exc).partition(", needs more")[0]
    frames = "an animation of 1920x1080 pixels, of 4 frames from a camera of 6000x1000"
    assert (None if would_do else f"{tmp_path / 'frames' / '1.jpg'}: {frames}") == told


def test_a_button_that_is_held_is_told_on_the_screen(monkeypatch, tmp_path):
    """What the console finds is a notice of the booth's: here no button is held for too short."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr("booth.workers.console.HELD", Seconds(0.0))
    with ExitStack() as stack:
        world = simulated(Settings(), Simulation(headless=True, outbox=tmp_path), stack)
        booth = assemble(Settings(), world, stack).daemon
        for _ in range(200):
            if Notice.BUTTON_HELD in booth.booth.notices:
                break
            booth.turn(booth._inbox.take(Seconds(0.1)), booth._clock.now())
        assert Notice.BUTTON_HELD in booth.booth.notices


# ---- the worlds


def test_in_its_window_the_simulator_s_screen_is_upright_and_the_button_beside_it(monkeypatch, tmp_path):
    """Wherever the real ones are: a hand with a mouse has neither a lens nor a screen that hangs sideways."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    settings = Settings(screen=ScreenSection(rotation=90, fullscreen=True))
    with ExitStack() as stack:
        screen = assemble(settings, simulated(settings, Simulation(outbox=tmp_path), stack), stack).screen
        dress, window = screen._dress, pygame.display.get_surface().get_size()
    assert (False, 0, Side.RIGHT) == (dress.fullscreen, dress.rotation, dress.housing.button)
    assert (dress.size.width, dress.size.height) < window


def test_a_booth_that_runs_sends_what_waits_and_tells_of_itself():
    """Both before its loop begins, which ends only with the booth."""
    done = []

    class Begins:
        def __init__(self, name):
            self.start = self.run = lambda: done.append(name)

    parts = {field.name: Begins(field.name) for field in fields(Appliance)}
    Appliance(**parts).run()
    assert (["telling", "uploads"], "daemon") == (sorted(done[:2]), done[2])


def test_what_is_on_its_way_is_in_the_memory_that_systemd_gives():
    """So that it does not wear the card; without, it is beside the outbox."""
    with ExitStack() as stack:
        given = real({"RUNTIME_DIRECTORY": "/run/booth:/run/other"}, stack).scratch
        none = real({}, stack).scratch
    assert (Path("/run/booth"), None) == (given, none)


def test_a_real_booth_counts_in_the_folder_that_systemd_gives_it(tmp_path):
    """How many booths in a row could not have the camera, if the owner lets the machine be started anew for that."""
    with ExitStack() as stack:
        rebooter = real({"STATE_DIRECTORY": f"{tmp_path}:/var/lib/other"}, stack).rebooter
        rebooter(False).camera_held()
        assert [] == list(tmp_path.iterdir())
        rebooter(True).camera_held()
        assert ["camera-held.json"] == [path.name for path in tmp_path.iterdir()]


def test_a_booth_that_nobody_gives_a_folder_leaves_its_machine_alone():
    """It was started by hand."""
    with ExitStack() as stack:
        assert LeftAlone(wanted=True) == real({}, stack).rebooter(True)


def test_a_real_booth_is_told_of_updates_by_its_stick():
    """A simulated one gets none."""
    with ExitStack() as stack:
        assert Stick is type(real({}, stack).updates.__self__)
