"""Every setting reaches the booth: it is read where a booth is assembled, and another value makes another booth.

The world writes down what it is asked for, and the booth is described part by part: what differs between the settings
must differ there. What needs another setting beside it, to mean anything, has it in `BESIDE`.
"""

from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from types import MethodType
from typing import Literal, get_args, get_origin

import pytest
from pydantic import SecretStr

from booth.core.rules import Rules
from booth.daemon import Daemon
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.cameras import CameraOptions
from booth.drivers.gpio import PinOptions
from booth.drivers.tuning import Tuning
from booth.errors import ConfigError
from booth.imaging.recipe import Recipe
from booth.outbox.couriers import Couriers
from booth.outbox.deleting import Deletion
from booth.outbox.entries import Entries
from booth.outbox.folders import Folders
from booth.outbox.room import Room
from booth.outbox.rounds import Rounds
from booth.outbox.spool import Spool
from booth.settings import model
from booth.settings.model import Settings
from booth.ui import theme
from booth.ui.dress import Dress
from booth.wiring import assemble
from booth.world import World
from lab.clock import HandClock
from lab.workers import PromptWorker
from tests.described import described
from tests.flows.party import NOON, Panel, RecordedNotifier, RecordedScreen, RoomyDisk, settings_of

ROOT = Path(__file__).parents[1]
KEYS = tuple(model.fields())
PICTURE = str(ROOT / "docs" / "images" / "form.png")

ELSEWHERE = {
    "log.level": "the log is set up before there is a booth: booth.operator.process, and tests/test_logs.py",
    "log.format": "the same",
}
"""Settings that are no part of a booth, and where they are read."""

DIALS = {"event.others", "event.paused"}
"""Settings that are what an operator turns a dial to: the machine obeys the dial."""

BESIDE = {
    "attract.latest": {"form.consent_text": "You may show it."},
    "clip.at_least_s": {"clip.enabled": True},
    "clip.deadline_s": {"clip.enabled": True},
    "strip.paper": {"strip.enabled": True},
    "strip.margin_mm": {"strip.enabled": True},
    "strip.foot_mm": {"strip.enabled": True},
    "strip.background": {"strip.enabled": True},
    "strip.deadline_s": {"strip.enabled": True},
    "share.shown_s": {"share.url_template": "https://example.org/{session}"},
    "page.enabled": {"share.presigned_days": 1},
    "page.responsible": {"page.enabled": True, "share.presigned_days": 1},
    "page.deleted_days": {"page.enabled": True, "share.presigned_days": 1},
    "sound.volume": {"sound.enabled": True},
}
"""What must be chosen for a setting to mean anything."""

OTHER = {
    "page.responsible": "Example Ltd.",
    "event.name": "Fest",
    "event.others": ("Brunch",),
    "event.opens": "18:00",
    "event.closes": "02:00",
    "booth.name": "hall-2",
    "button.pin": "GPIO17",
    "led.pin": "GPIO27",
    "countdown.seconds": 1.0,
    "camera.device": "1",
    "camera.focus": 0.67,
    "camera.gain": 4.0,
    "camera.size": (1920, 1080),
    "camera.preview_size": (320, 240),
    "animation.overlay": PICTURE,
    "layout.file": "plain",
    "form.consent_text": {"en": "You may show it."} | dict.fromkeys(Settings().screen.languages, "Ja."),
    "form.email_purpose": "For a letter.",
    "form.consents": (
        {"id": "wall", "purpose": "show", "text": dict.fromkeys(Settings().screen.languages, "You may show it.")},
    ),
    "form.questions": ({"id": "who", "text": dict.fromkeys(Settings().screen.languages, "Who invited you?")},),
    "form.domains": ("example.com",),
    "form.scripts": ("el",),
    "share.url_template": "https://example.org/{session}",
    "strip.background": "#000000",
    "outbox.keep_details_days": 7,
    "zenko.endpoint_url": "https://s3.example.com",
    "zenko.bucket": "fest",
    "zenko.region": "eu-west-1",
    "zenko.access_key_id": SecretStr("id"),
    "zenko.secret_access_key": SecretStr("secret"),
    "zenko.ca_bundle": "/etc/ssl/certs/fest.pem",
    "zenko.key_template": "{session}.gif",
    "zenko.sites": {"aws-archive": "AWS"},
    "zenko.connect_timeout_s": 60.0,
    "zenko.read_timeout_s": 60.0,
    "screen.size": (1024, 600),
    "screen.language": "de",
    "screen.languages": ("en", "de"),
    "theme.name": "night",
    "theme.logo": PICTURE,
    "theme.background": PICTURE,
    "theme.font": str(ROOT / "assets" / "fonts" / "MPLUSRounded1c-Medium.ttf"),
    "texts.headline": "Hello",
    "texts.subline": "Hello",
    "texts.call": "Hello",
    "texts.thanks": "Hello",
    "texts.take_home": "Hello",
}
"""Another value than the built-in one, where none can be worked out."""


def names(kind, *but):
    """Return the names of the fields of a value, *but* of those that no owner may choose."""
    return {field.name for field in fields(kind)} - set(but)


CHOSEN = {
    Dress: names(Dress),
    CameraOptions: names(CameraOptions),
    Tuning: names(Tuning),
    PinOptions: names(PinOptions),
    BucketOptions: names(BucketOptions),
    Recipe: names(Recipe),
    # The others are the machine's own: how long something must be shown to be read.
    Rules: names(
        Rules,
        "knocking",
        "operator_idle",
        "operator_look",
        "deeds",
        "dials",
        "form_held",
        "finishing_shown",
        "finishing_quiet",
        "farewell_held",
        "starting",
        "judge",
    ),
    Spool: {"_event"},
    Folders: {"root"},
    Entries: {"_event", "_booth", "_template"},
    Room: {"_min_free"},
    Deletion: {"_keep"},
    Couriers: {"_deadline"},
    Rounds: {"_bucket_set", "_links", "_patience"},
    Daemon: {"_darkroom_limit"},
    RecordedScreen: {"dress", "gallery", "speaker", "voice"},
}
"""What of each part is an owner's."""


class Asked:
    """Whatever the world is asked for: knows what was wanted of it, and is always well."""

    def __init__(self, *wanted, **more):
        self.wanted = wanted
        self.more = more

    def check(self):
        pass

    def close(self):
        pass

    def watch(self, *, on):
        pass

    def preview(self):
        return None


class LonelyDisk(RoomyDisk):
    """A disk that nobody else uses: the number of a lock is no part of a booth."""

    def lock(self, file):
        return file.exists


class Quiet(PromptWorker):
    """A worker to whom no time passes."""


def described_booth(settings, noted=None):
    """Return what a booth with these *settings* is made of; *noted* looks over their shoulder."""
    panel = Panel()
    with ExitStack() as stack:
        world = World(
            clock=HandClock(wall=NOON),
            time_known=lambda: True,
            open_button=panel.open_button,
            open_led=lambda options: Led(panel, options),
            open_camera=Asked,
            make_compositor=Asked,
            open_bucket=Asked,
            measure=lambda wanted, **how: wanted,
            open_screen=RecordedScreen,
            open_speaker=Asked,
            open_voice=Asked,
            notify=RecordedNotifier(),
            disk=LonelyDisk(),
            operator=Path("operator"),
            hire=Quiet,
            at_rest=lambda: None,
        )
        booth = assemble(settings if noted is None else noted(settings), world, stack)
        return described(booth)


class Led(Asked):
    """A lamp; its pins are what the panel was asked for."""

    def set(self, *, on):
        pass


def other(key):
    """Return another value for a setting than the built-in one."""
    section, _, name = key.partition(".")
    if key in OTHER:
        return OTHER[key]
    if section == "theme":
        return shade(name)
    info = type(getattr(Settings(), section)).model_fields[name]
    if info.annotation is bool:
        return not info.default
    if get_origin(info.annotation) is Literal:
        return next(value for value in get_args(info.annotation) if value != info.default)
    most = next((bound.le for bound in info.metadata if hasattr(bound, "le")), None)
    if most is None:
        raise LookupError(f"another value of {key} cannot be guessed: write one into OTHER")
    more = info.default + type(info.default)(1)
    return more if more <= most else info.default / 2


def shade(role):
    """Return a colour for *role* that is nearly its own, and can be read as well."""
    usual = theme.named(theme.USUAL)
    for blue in (1, -1, 2, -2, 4, -4):
        red, green, before = getattr(usual, role)
        if 0 <= before + blue <= 255:
            text = theme.written((red, green, before + blue))
            try:
                theme.changed(usual, {role: text})
            except ConfigError:
                continue
            return text
    raise AssertionError(f"there is no other colour for {role}")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("booths")


@pytest.fixture(scope="module")
def built(place):
    """Return what describes a booth with some settings that differ from the built-in ones; the same ones only once."""
    known = {}

    def described_with(chosen):
        if repr(chosen) not in known:
            known[repr(chosen)] = described_booth(settings_of({"outbox.dir": place / "outbox"} | chosen))
        return known[repr(chosen)]

    return described_with


@pytest.fixture(scope="module")
def moved(built, place):
    """Return what says which parts of a booth are others with another value of a setting, by the way to them.

    The dials of the operator's screen show what is set: that is no effect, but for what is theirs alone.
    """

    def differing(key):
        beside = BESIDE.get(key, {})
        value = place / "elsewhere" if key == "outbox.dir" else other(key)
        before, after = built(beside), built(beside | {key: value})
        paths = {path for path in before.keys() | after.keys() if key in DIALS or ".dials." not in path}
        return {path for path in paths if before.get(path) != after.get(path)}

    return differing


class Noted:
    """Settings that note which of them were read; to whoever asks, they are of the kind of those that are there."""

    __class__ = property(lambda self: type(self._there))

    def __init__(self, there, read, within=""):
        self._there, self._read, self._within = there, read, within

    def __getattr__(self, name):
        value = getattr(self._there, name)
        dotted = f"{self._within}{name}"
        if dotted in KEYS:
            self._read.add(dotted)
            return value
        if self._within and isinstance(value, MethodType):  # a section that says itself what comes of it
            return MethodType(value.__func__, self)
        return Noted(value, self._read, f"{name}.") if not self._within and name in Settings.model_fields else value

    def __iter__(self):
        return ((name, getattr(self, name)) for name, _ in self._there)


def test_each_setting_is_read_when_a_booth_is_assembled(place):
    """But for those that are no part of a booth; the table says where these are read."""
    read = set()
    chosen = {"outbox.dir": place / "outbox"}
    for beside in BESIDE.values():
        chosen |= beside
    for links in ({}, {"share.url_template": ""}):  # guests get a page only where links lead to no other
        described_booth(settings_of(chosen | links), lambda settings: Noted(settings, read))
    assert set(ELSEWHERE) == set(KEYS) - read


def test_two_booths_of_the_same_settings_are_described_alike(built, place):
    """Or every difference would be one."""
    again = described_booth(settings_of({"outbox.dir": place / "outbox"}))
    assert again == built({})
    assert len(again) > 500


@pytest.mark.parametrize("key", [key for key in KEYS if key not in ELSEWHERE])
def test_another_value_makes_another_booth(moved, key):
    """Whatever an owner sets has an effect."""
    assert moved(key) != set()


@pytest.mark.parametrize("kind", CHOSEN, ids=lambda kind: kind.__name__)
def test_each_part_of_what_is_chosen_is_some_settings(built, moved, kind):
    """A value of options has nothing that no owner can change: one that was left out would always be as it comes."""
    (place,) = [path for path, said in built({}).items() if said == kind.__qualname__]
    reached = set()
    for key in KEYS:
        if key not in ELSEWHERE:
            reached |= {path.removeprefix(f"{place}.").split(".")[0] for path in moved(key) if path.startswith(place)}
    assert CHOSEN[kind] == reached & CHOSEN[kind]
