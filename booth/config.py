"""The settings: what can be set, within which bounds, where each value came from, and what is wrong with it.

Built-in values are overridden by the TOML file, that by the environment, that by systemd's credentials, and that by the
command line. Whatever is wrong is told at once, a line for each mistake, and no line ever holds a secret.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, partial
from json import dumps
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from booth import reading as files
from booth import stills
from booth.core.form import shows_nothing, writable
from booth.errors import ConfigError
from booth.hosts import in_clear, numeric
from booth.imaging import recipe
from booth.outbox import keys, links
from booth.ports import Size
from booth.ui import theme
from booth.ui.languages import ENGLISH, LANGUAGES
from booth.ui.text import faces
from booth.ui.typing import sheets
from booth.units import Pixels

DEFAULT_CONFIG = Path("/etc/booth/booth.toml")
"""Read when no file is named, if it is there."""

CONFIG_VARIABLE = "BOOTH_CONFIG"
"""Names the file, unless the command line does."""

LAST_GOOD_VARIABLE = "BOOTH_LAST_GOOD"
"""Names the file in which the settings are kept that the booth was last ready with: see `booth.mistakes`."""

CARD_VARIABLE = "BOOTH_CARD_MISTAKES"
"""Names the file that says what else is wrong with the card, where the settings were copied from one."""

CREDENTIALS = ("zenko.access_key_id", "zenko.secret_access_key")
"""What booth.service asks systemd for."""

STORES = (Path("/etc/credstore"), Path("/run/credstore"), Path("/usr/local/lib/credstore"), Path("/usr/lib/credstore"))
"""Where systemd looks for it, in this order."""

PREFIX = "BOOTH_"
"""Every other environment variable that begins with this is a setting, or a mistake."""

_NO_SETTINGS = frozenset({CONFIG_VARIABLE, LAST_GOOD_VARIABLE, CARD_VARIABLE})

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
"""What a font for titles must have at the least."""

MOST_MISTAKES = 100
"""So many are told; more are counted. Whoever has as many named the wrong file."""

LONGEST_NAME = 60
"""Characters of a name that no setting has, as it is told; ours have at most 30."""

LONGEST_TEXT = 8192
"""Characters of one text, wherever it is set. Ours have some hundred; the path of a file may have 4,096."""

MOST_CONSENT = 200
"""Characters of a text that guests agree to."""

_BY_LANGUAGE = '{en="...", de="..."}'

_EACH = f"write text, or {_BY_LANGUAGE} with a text for each language that guests may choose"

SMALLEST = 64
"""Pixels of an animation's width, or height."""

SHUTTER_ROOM = 2.0
"""From the camera's own time-out to the booth's giving up on the frame: time for the disk, in seconds."""

BESIDE = "branding/"
"""A path in the file that begins with this is in the folder of that name beside the file, wherever that is."""

BUILT_IN = "built-in"
COMMAND_LINE = "command line"


# --- Pins: the 40 of the header -------------------------------------------------------------------------------------

# gpiozero knows this table too, but costs more to import than the rest of this file.
_GPIO_OF_BOARD = {
    3: 2, 5: 3, 7: 4, 8: 14, 10: 15, 11: 17, 12: 18, 13: 27, 15: 22, 16: 23, 18: 24, 19: 10, 21: 9, 22: 25, 23: 11,
    24: 8, 26: 7, 27: 0, 28: 1, 29: 5, 31: 6, 32: 12, 33: 13, 35: 19, 36: 16, 37: 26, 38: 20, 40: 21,
}  # fmt: skip
_VOLTS_OF_BOARD = {1: "3.3 V", 17: "3.3 V", 2: "5 V", 4: "5 V"}
_GROUNDS = frozenset({6, 9, 14, 20, 25, 30, 34, 39})
_HAT_GPIOS = frozenset({0, 1})


def gpio_of(pin: str) -> int:
    """Return the GPIO number behind *pin*, ``"GPIO18"`` and ``"BOARD12"`` being the same one.

    Raises `ValueError`, in words for the owner, if there is no such pin or it cannot carry a signal.
    """
    spelling = re.fullmatch(r"(GPIO|BOARD)(0|[1-9][0-9]?)", pin, re.ASCII)
    if spelling is None:
        number = re.fullmatch(r"(?i:BCM|GPIO|PIN)?\s*([0-9]{1,2})", pin, re.ASCII)
        if number is not None and not pin[0].isdigit():
            raise ValueError(f'{_toml(pin)} is not how a pin is spelled: write "GPIO{int(number[1])}"')
        if number is not None:
            raise ValueError(_bare_number(int(number[1])))
        raise ValueError(f'{_toml(pin)} is not a pin: write the chip\'s number ("GPIO18") or the header\'s ("BOARD12")')
    number_of = int(spelling[2])
    if spelling[1] == "BOARD":
        if number_of in _VOLTS_OF_BOARD:
            raise ValueError(f'{pin} is a {_VOLTS_OF_BOARD[number_of]} supply: choose a GPIO pin, such as "BOARD12"')
        if number_of in _GROUNDS:
            raise ValueError(f'{pin} is ground: choose a GPIO pin, such as "BOARD12"')
        if number_of not in _GPIO_OF_BOARD:
            raise ValueError(f'{pin} is not on the header, which has 40 pins: choose one such as "BOARD12"')
        gpio = _GPIO_OF_BOARD[number_of]
    else:
        gpio = number_of
    if gpio in _HAT_GPIOS:
        raise ValueError(f'{pin} is reserved for the memory of add-on boards: choose another, such as "GPIO18"')
    if gpio not in _GPIO_OF_BOARD.values():
        raise ValueError(f'{pin} is not on the header: choose one from "GPIO2" to "GPIO27"')
    return gpio


def _bare_number(number: int) -> str:
    """Say why a number alone is not a pin: the chip and the header count differently, and both are in use."""
    board = f' or "BOARD{number}"' if number in _GPIO_OF_BOARD else ""
    return f"{number} alone could be the chip's pin or the header's: write \"GPIO{number}\"{board}"


# --- What a value may be ---------------------------------------------------------------------------------------------


def _pin(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(_bare_number(value))  # noqa: TRY004 - pydantic collects ValueErrors only
    if isinstance(value, str):
        gpio_of(value)
    return value


def _pair(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _language(code: str) -> str:
    if code not in LANGUAGES:
        spoken = ", ".join(_toml(known) for known in LANGUAGES)
        raise ValueError(f"{_toml(code)} is not a language that the screen speaks: choose from {spoken}")
    return code


def _once_each(codes: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((code for index, code in enumerate(codes) if code in codes[:index]), None)
    if twice is not None:
        raise ValueError(f"{_toml(twice)} is there twice: name each once")
    return codes


def _script(code: str) -> str:
    if code not in sheets.known():
        there = ", ".join(_toml(known) for known in sheets.known())
        raise ValueError(f"{_toml(code)} is no keyboard: choose from {there}")
    return code


def _mail_domain(domain: str) -> str:
    if not re.fullmatch(r"(?=.{4,24}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", domain):
        raise ValueError(
            f"{_toml(domain)} is no domain that fits on a key: write what is behind the @ in small letters, "
            "at most 24 of them"
        )
    return domain


def _path(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value.startswith("/"):
        raise ValueError("expected a path from the root, such as /var/lib/booth/outbox: begin it with /")
    return Path(_printable(value))


def _rooted(text: str) -> str:
    # Under systemd the working directory is none that the owner knows.
    if text and not text.startswith("/"):
        raise ValueError(
            "expected a path from the root, such as /etc/booth/logo.png, or a file in the folder branding beside the "
            f"settings, such as {BESIDE}logo.png: begin it with / or {BESIDE}"
        )
    return _printable(text)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("expected text without line breaks or control characters: remove them")
    return text


def _to_be_read(text: str) -> str:
    """Take a text that people read by the rule for guests' names: joiners belong to it, and something must be seen."""
    if not _all_writable(text):
        raise ValueError(
            "expected text without line breaks, control characters, and others that cannot be seen: remove them"
        )
    if text and shows_nothing(text):
        raise ValueError("expected text of which something can be seen: write some, or leave the line out")
    return writable(text)


def _in_words(value: object) -> object:
    """Judge a text, or a table of texts by the languages that they are in."""
    if isinstance(value, str):
        if value.startswith("{"):
            raise ValueError(f"what is there is neither a text nor a table: {_EACH}")
        return _to_be_read(value)
    if not isinstance(value, Mapping):
        return value
    if not value:
        raise ValueError(f'the table is empty: {_EACH}; "" alone asks nothing')
    for code, text in value.items():
        if code not in LANGUAGES:
            called, spoken = files.shown(_toml(code), LONGEST_NAME), ", ".join(map(_toml, LANGUAGES))
            raise ValueError(f"{called} is not a language that the screen speaks: choose from {spoken}")
        if not isinstance(text, str) or shows_nothing(text) or len(text) > MOST_CONSENT or not _all_writable(text):
            raise ValueError(
                f"{_toml(code)}: expected text of at most {MOST_CONSENT} characters, on one line, and not empty, for "
                f"guests are asked in each language or in none: {_EACH}"
            )
    return {code: writable(text) for code, text in value.items()}


def _all_writable(text: str) -> bool:
    return len(writable(text)) == len(text)


def _bucket_key(key: SecretStr) -> SecretStr:
    # Anything else would be refused by every server, or could not be sent at all: each guest would read "later".
    if not re.fullmatch(r"[!-~]{0,512}", key.get_secret_value()):
        raise ValueError("expected a key without blanks, line breaks and accents: write it as you were given it")
    return key


_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+(?:%[a-z0-9._~-]+)?")
"""A name, or a number, with the scope that some of IPv6 have. What is written with % could be a password."""


def _endpoint(url: str) -> str:
    # An address may hold a password, so no complaint repeats it.
    fix = 'write it like "https://s3.example.com" or "http://192.0.2.7:8000"'
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"this is not the address of a server: {fix}") from None
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or port == 0):
        raise ValueError(f"expected an address that begins with http:// or https://: {fix}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("keys do not belong into the address: use zenko.access_key_id and zenko.secret_access_key")
    if parts.path.strip("/") or parts.query or parts.fragment or not url.isascii() or re.search(r"\s", url):
        raise ValueError(f"expected nothing after the host and the port: {fix}")
    if url and not _HOST.fullmatch(parts.hostname or ""):
        raise ValueError(f"this is not the address of a server: {fix}")
    return url.rstrip("/")


def _theme_name(name: str) -> str:
    try:
        theme.named(name)
    except ConfigError as exc:
        raise ValueError(str(exc)) from None
    return name


def _shade(text: str) -> str:
    if text:
        theme.colour(text)
    return text


def _picture(text: str) -> str:
    """Take the path of a picture, if there is one that the booth can decode in good time."""
    if _rooted(text):
        stills.read(Path(text))
    return text


def _overlay(text: str) -> str:
    """Take the path of a PNG, if there is one that gm can decode in good time."""
    if _rooted(text):
        stills.read(Path(text), ("png",))
    return text


def _pem(text: str) -> str:
    """Take the path of a file that can be read, and is no larger than all the world's authorities."""
    if _rooted(text):
        try:
            files.whole(Path(text), 1 << 20)
        except files.ReadingError as exc:
            # The path itself only if there is something: whoever mixes up two lines has a key here.
            raise ValueError(str(exc) if isinstance(exc, files.MissingError) else f"{text}: {exc}") from None
    return text


def _font(text: str) -> str:
    """Take the path of a font, if it has the letters that every event has."""
    if not _rooted(text):
        return text
    try:
        covered = faces.coverage(Path(text))
    except files.ReadingError as exc:
        raise ValueError(f"{text}: {exc}") from None
    except (OSError, ValueError) as exc:
        raise ValueError(f"{text} is no font that the booth can use ({exc}): name a .ttf or .otf file") from None
    missing = "".join(char for char in LETTERS if char not in covered)
    if missing:
        raise ValueError(f"{text} has no letters for {missing}: choose a font that has at least A to Z and 0 to 9")
    return text


Pin = Annotated[str, BeforeValidator(_pin)]
Side = Literal["top", "bottom", "left", "right"]
Edge = Annotated[int, Field(ge=16, le=8192, multiple_of=2)]
Pair = Annotated[tuple[Edge, Edge], BeforeValidator(_pair)]
Language = Annotated[str, AfterValidator(_language)]
Languages = Annotated[tuple[Language, ...], BeforeValidator(_pair), AfterValidator(_once_each)]
Scripts = Annotated[
    tuple[Annotated[str, AfterValidator(_script)], ...], BeforeValidator(_pair), AfterValidator(_once_each)
]
Domains = Annotated[
    tuple[Annotated[str, AfterValidator(_mail_domain)], ...], BeforeValidator(_pair), AfterValidator(_once_each)
]
Folder = Annotated[Path, BeforeValidator(_path)]
Text = Annotated[str, AfterValidator(_to_be_read)]
CertificateFile = Annotated[str, AfterValidator(_pem)]
Consent = Annotated[Annotated[str, Field(max_length=MOST_CONSENT)] | dict[str, str], BeforeValidator(_in_words)]
OverlayFile = Annotated[str, AfterValidator(_overlay)]
Shade = Annotated[str, AfterValidator(_shade)]
PictureFile = Annotated[str, AfterValidator(_picture)]
FontFile = Annotated[str, AfterValidator(_font)]


def _setting(default: object, about: str, expected: str = "", **bounds: Any) -> Any:
    """Describe a setting: its built-in value, what it does, what it may be (worked out from type and bounds if "")."""
    return Field(default, description=about, json_schema_extra={"expected": expected}, validate_default=False, **bounds)


# --- The settings ----------------------------------------------------------------------------------------------------


class Section(BaseModel):
    """A table of the file."""

    # strict: a number in quotes is a mistake that somebody made, and may have made elsewhere too.
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True, defer_build=True
    )


class EventSection(Section):
    """What the booth is used for today."""

    name: Text = _setting(
        "party",
        "The event, as it appears in each object's key and metadata.",
        "text of 1 to 100 characters",
        min_length=1,
        max_length=100,
    )


class BoothSection(Section):
    """Which booth this is."""

    name: str = _setting(
        "booth",
        "Which booth this is, when there are several. Appears in each object's metadata.",
        "1 to 63 small letters, digits and inner hyphens, as in a host name",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    )


class ButtonSection(Section):
    """The start button, between its pin and ground."""

    pin: Pin = _setting(
        "GPIO18",
        "The pin of the button, as the chip counts (GPIO18) or as the header counts (BOARD12 is the same pin).",
        'a pin, such as "GPIO18" or "BOARD12"',
    )
    debounce_s: float = _setting(
        0.02,
        "By how much longer the button's line must be pressed than released to count, in seconds.",
        ge=0.001,
        le=0.2,
    )
    active_high: bool = _setting(
        False, "Whether a pressed button pulls its pin to 3.3 V, and not to ground: the pin is then pulled down."
    )
    side: Side = _setting(
        "bottom", "Where the button is, as a guest sees it from the screen: the invitation points there."
    )


class LedSection(Section):
    """The lamp in or beside the button."""

    pin: Pin = _setting(
        "GPIO7",
        "The pin of the LED, as the chip counts (GPIO7) or as the header counts (BOARD26 is the same pin).",
        'a pin, such as "GPIO7" or "BOARD26"',
    )
    active_high: bool = _setting(
        True, "Whether the LED is lit when its pin is high; false for a relay that a low pin pulls."
    )


class PinsSection(Section):
    """How pins are driven."""

    factory: Literal["lgpio", "rpigpio", "pigpio", "native"] = _setting(
        "lgpio", "The library that drives the pins. Nothing else is tried when it fails."
    )


class CameraSection(Section):
    """The camera."""

    driver: Literal["auto", "picamera2", "picamera", "webcam"] = _setting(
        "auto",
        "What drives the camera: picamera2 (current Raspberry Pi OS), picamera (old 32-bit ones), webcam (USB), "
        "or auto: what the machine has.",
    )
    device: Text = _setting(
        "",
        "Which camera, if there are several: a number for the Pi's; for a webcam its name under /dev/v4l/by-id, which "
        "stays its own wherever it is plugged in, or /dev/video0. Empty: the first that is a camera and delivers.",
    )
    size: Pair = _setting(
        (1280, 960),
        "Width and height of a frame, in pixels. 1280x960 is twice 640x480 each way: the JPEG decoder halves it "
        "almost for free. Larger frames cost time on every shot and are not seen in the animation.",
        "[width, height], even numbers of pixels from 16 to 8192",
    )
    preview_size: Pair = _setting(
        (640, 480),
        "Width and height of the live preview, in pixels; not more than size. It has the shape of the frames: the "
        "largest that fits into this.",
        "[width, height], even numbers of pixels from 16 to 8192",
    )
    flip: bool = _setting(False, "Whether preview and frames are turned upside down, for a camera behind a mirror.")
    mirror: bool = _setting(
        False, "Whether the frames are mirrored too. The preview always is: guests expect to see themselves so."
    )
    rotation: Literal[0, 90, 180, 270] = _setting(
        0, "How far preview and frames are turned clockwise, in degrees, for a camera that is built in differently."
    )
    quality: int = _setting(
        90,
        "JPEG quality of the frames, in per cent. Webcam and simulated camera ignore it: a webcam's JPEGs stay as "
        "they come, and what is made of other pictures is always 85.",
        ge=50,
        le=100,
    )
    timeout_s: float = _setting(5.0, "After this the camera is given up and opened again, in seconds.", ge=0.5, le=60.0)
    lens: Side = _setting(
        "top",
        "Where the lens is, as a guest sees it from the screen. The arrow that says where to look points there, and "
        "the digits of the countdown are beside it.",
    )


class AttractSection(Section):
    """The invitation."""

    latest: int = _setting(
        0,
        "How many of the latest animations play on the invitation; 0 shows none. Only those of guests who ticked the "
        "box beside form.consent_text are shown, so that must ask for it; and only those of this event.",
        ge=0,
        le=8,
    )
    rest_after_min: float = _setting(
        30.0,
        "After so long without a guest the invitation rests, in minutes: it is dark, and the microwave walks in its "
        "sleep, so that nothing burns in. A press or a touch wakes it. 0: never.",
        ge=0.0,
        le=1440.0,
    )


class CountdownSection(Section):
    """Posing."""

    get_ready_s: float = _setting(3.0, "From the press to the first countdown, in seconds.", ge=0.0, le=30.0)
    seconds: float = _setting(3.0, "The countdown before each shutter, in seconds.", ge=0.0, le=30.0)
    shots: int = _setting(4, "Frames in a visit.", ge=1, le=12)
    shutter_timeout_s: float = _setting(
        10.0, "After this a frame that has not come is not waited for any more, in seconds.", ge=1.0, le=60.0
    )


class AnimationSection(Section):
    """The GIF."""

    width: int = _setting(640, "Width of the animation, in pixels.", ge=SMALLEST, le=1920)
    height: int = _setting(480, "Height of the animation, in pixels.", ge=SMALLEST, le=1920)
    delay_s: float = _setting(
        0.5, "How long each frame is shown, in seconds; a GIF counts in hundredths.", ge=0.02, le=10.0
    )
    loops: int = _setting(0, "How often the animation plays; 0 is for ever.", ge=0, le=1000)
    overlay: OverlayFile = _setting(
        "", "A PNG with transparency that is laid over each frame. Empty: none.", "the path of a PNG, or empty"
    )
    deadline_s: float = _setting(
        60.0, "After this the making of an animation is given up; the frames are kept, in seconds.", ge=5.0, le=600.0
    )


class FormSection(Section):
    """The guest's details."""

    name_required: bool = _setting(False, "Whether Send needs a name.")
    email_required: bool = _setting(True, "Whether Send needs an e-mail address.")
    idle_s: float = _setting(
        90.0, "A form that nobody touches for this long is closed, and the visit kept without details, in seconds.",
        ge=20.0, le=600.0,
    )  # fmt: skip
    warning_s: float = _setting(
        15.0, "How long before that the form says so, in seconds; less than idle_s.", ge=5.0, le=60.0
    )
    consent_text: Consent = _setting(
        "",
        "What guests may agree to: one text for all, or a table with one for each language that guests may choose, "
        "which they read in theirs. Empty: nothing is asked. The box beside it starts empty, and may stay so. A text "
        "that the screen has no room for is refused at the start, with the number of characters that fit.",
        f"text of at most {MOST_CONSENT} characters, or empty; or such texts by language, {_BY_LANGUAGE}",
    )
    domains: Domains = _setting(
        (),
        "The domains on the keys beside an address, such as your company's, in this order. None: those that most "
        "guests have who speak the language that was chosen.",
        f'at most {sheets.MOST_DOMAINS} domains in brackets, such as ["example.com", "gmail.com"]',
        max_length=sheets.MOST_DOMAINS,
    )
    scripts: Scripts = _setting(
        (),
        'Further keyboards that a globe key turns to, such as "el" (Greek) and "ru" (Cyrillic); the first is always '
        "that of the language.",
        'at most 2 keyboards in brackets, such as ["el"]',
        max_length=2,
    )


class FarewellSection(Section):
    """The animation, played to the guest."""

    plays: int = _setting(4, "How often the animation plays before the booth is ready again.", ge=1, le=20)
    minimum_s: float = _setting(8.0, "The farewell stays at least this long, in seconds.", ge=2.0, le=120.0)


class ShareSection(Section):
    """How guests take their animation home: a QR code on the farewell, once the bucket has the animation."""

    url_template: Annotated[str, AfterValidator(links.page)] = _setting(
        "",
        "The page of yours that the code leads to. {session}, {key}, {event} and {booth} are filled in, quoted as "
        "addresses are. Empty: none.",
        'an address such as "https://photos.example.com/{session}", or empty',
        max_length=500,
    )
    presigned_days: int = _setting(
        0,
        "Instead of a page: the code leads to the object itself, by a link that is signed with the booth's key and "
        "lasts so many days. Whoever has the link has the animation. 0: none.",
        ge=0,
        le=7,
    )
    shown_s: float = _setting(
        25.0,
        "The farewell stays so long after its code has come, and waits so long for it; a press ends it. In seconds.",
        ge=5.0,
        le=120.0,
    )


class ApologySection(Section):
    """When something went wrong for a guest."""

    seconds: float = _setting(6.0, "How long an apology stays, in seconds.", ge=2.0, le=60.0)


class OutboxSection(Section):
    """The visits on disk."""

    dir: Folder = _setting(
        Path("/var/lib/booth/outbox"),
        "Where visits are kept, sent or not. The folder is made, those above it are not: on a stick that is not in, "
        "visits would fill the card instead.",
        "a path that begins with /",
    )
    min_free_mb: int = _setting(
        500, "With less room than this on the disk no visit is begun, in megabytes.", ge=50, le=1_000_000
    )
    keep_days: int = _setting(
        30, "How long GIFs and details are kept after they were sent, in days, by a clock that is known to be right; 0 "
        "deletes them as soon as they are sent. The photographs are never sent: they go when their GIF has arrived.",
        ge=0, le=36_500,
    )  # fmt: skip


class ZenkoSection(Section):
    """The bucket."""

    endpoint_url: Annotated[str, AfterValidator(_endpoint)] = _setting(
        "",
        "The address of the Zenko (or other S3) server. Empty: visits stay in the outbox.",
        'an address such as "https://s3.example.com", or empty',
    )
    bucket: str = _setting(
        "booth",
        "The bucket that animations are put into. It must exist.",
        "the name of a bucket: 3 to 63 small letters, digits, dots and hyphens",
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    )
    region: str = _setting(
        "us-east-1",
        "The region that requests are signed for. Zenko takes any.",
        "a region, such as us-east-1",
        pattern=r"^[a-z0-9-]{1,32}$",
    )
    access_key_id: Annotated[SecretStr, AfterValidator(_bucket_key)] = _setting(
        SecretStr(""), "The key that may put objects. Better kept in a systemd credential than here.", "text"
    )
    secret_access_key: Annotated[SecretStr, AfterValidator(_bucket_key)] = _setting(
        SecretStr(""), "The secret of that key. Better kept in a systemd credential than here.", "text"
    )
    addressing: Literal["path", "virtual"] = _setting(
        "path",
        "Where the bucket's name stands in addresses: path (https://s3.example.com/BUCKET), as Zenko takes it, or "
        "virtual (https://BUCKET.s3.example.com), for servers that take nothing else.",
    )
    ca_bundle: CertificateFile = _setting(
        "",
        "A file of certificates to trust, in PEM, and no others. Empty: those that the system trusts; where it has "
        "none, those that come with the library (certifi).",
        "the path of a file, or empty",
    )
    key_template: Annotated[str, AfterValidator(keys.unique)] = _setting(
        "{event}/{date}/{session}.gif",
        "The key of each object. {event}, {booth}, {date}, {time} and {session} are filled in; date and time are those "
        "of the place. Without {session} it is put before the ending: no two visits share a key.",
        "text, such as {date}/{session}.gif",
        min_length=1,
        max_length=300,
    )
    connect_timeout_s: float = _setting(
        5.0, "After this a server that does not answer counts as away, in seconds.", ge=0.5, le=60.0
    )
    read_timeout_s: float = _setting(
        20.0, "After this an answer that does not come is not waited for, in seconds.", ge=1.0, le=300.0
    )


class ScreenSection(Section):
    """The display."""

    size: Pair = _setting(
        (800, 480),
        "Width and height of the booth's window, in pixels. A screen that the booth fills has the size that it has.",
        "[width, height], even numbers of pixels from 16 to 8192",
    )
    rotation: Literal[0, 90, 180, 270] = _setting(
        0,
        "By how many degrees the picture is turned, clockwise, on a screen that hangs sideways or upside down; touches "
        "are turned with it. The simulator's is upright.",
    )
    fullscreen: bool = _setting(True, "Whether the booth fills the screen. The simulator has a window of its own.")
    language: Language = _setting(
        ENGLISH,
        "What the screen speaks until a guest chooses another language, and to the operator.",
        f"one of {', '.join(LANGUAGES)}",
    )
    languages: Languages = _setting(
        tuple(LANGUAGES),
        "The languages that guests may choose from, in this order; with one or none there is no choice. A choice is "
        "for one visit.",
        f'languages in brackets, such as ["en", "de"], from {", ".join(LANGUAGES)}',
    )
    flash: bool = _setting(
        True,
        "Whether the screen turns white for each picture: it is the light for it. Off for guests whom a flash harms.",
    )


class KeyboardSection(Section):
    """A keyboard that is plugged in. The booth needs none."""

    layout: Literal["us", "gb", "de", "fr", "es", "it", "ch"] = _setting(
        "us",
        "What stands on its keys: us, gb, de, fr, es, it, or ch (Swiss German). For a booth without a desktop; on one "
        "the desktop's own layout is used, whatever is said here.",
    )


def _shade_of(what: str) -> Any:
    """Describe the setting of a colour: what it is for."""
    return _setting("", f"{what} Empty: the theme's own.", 'a colour such as "#cf1765", or empty')


class ThemeSection(Section):
    """The look of the event. Colours that cannot be read are refused at the start, with some that can."""

    name: Annotated[str, AfterValidator(_theme_name)] = _setting(
        theme.USUAL,
        "The theme: pink, night (dark and warm), party (violet and sunshine) or contrast (black, white and yellow).",
        "the name of a theme",
    )
    logo: PictureFile = _setting(
        "",
        "A picture with the event's logo, best with transparency, shown in place of its name. Empty: none.",
        "the path of a PNG or JPEG, or empty",
    )
    background: PictureFile = _setting(
        "",
        "A picture behind the calm screens, washed with the colour of the paper so that all text can be read. "
        "Empty: none.",
        "the path of a PNG or JPEG, or empty",
    )
    font: FontFile = _setting(
        "",
        "A font for titles and large buttons. What it has no letters for is shown in the booth's own. Empty: that.",
        "the path of a .ttf or .otf, or empty",
    )
    paper: Shade = _shade_of("Behind everything that is calm.")
    card: Shade = _shade_of("Fields, keys and dialogs.")
    ink: Shade = _shade_of("Text.")
    soft_ink: Shade = _shade_of("Text that can wait.")
    accent: Shade = _shade_of("The one thing to touch next.")
    accent_deep: Shade = _shade_of("The accent while it is held down, and small accented text.")
    accent_soft: Shade = _shade_of("Quiet buttons and chips.")
    accent_bright: Shade = _shade_of("The microwave, and accents on the dark.")
    on_accent: Shade = _shade_of("Text on the accent.")
    on_bright: Shade = _shade_of("Text on the bright accent.")
    line: Shade = _shade_of("Borders of what can be touched.")
    tray: Shade = _shade_of("Under the keys.")
    caution: Shade = _shade_of("Time is running out.")
    on_caution: Shade = _shade_of("Text on the caution colour.")
    wrong: Shade = _shade_of("Something must be put right.")
    good: Shade = _shade_of("It has worked.")
    dark: Shade = _shade_of("Behind the preview, and in the window of the microwave.")
    on_dark: Shade = _shade_of("Text on the dark.")
    flash: Shade = _shade_of("The light for the picture.")


class TextsSection(Section):
    """The event's own words, the same in every language. Empty: the booth's, in the guest's language."""

    headline: Text = _setting("", "The large words of the invitation.", "text of at most 28 characters, or empty",
                              max_length=28)  # fmt: skip
    subline: Text = _setting("", "What is below them.", "text of at most 40 characters, or empty", max_length=40)
    call: Text = _setting("", "What to do: press the button.", "text of at most 24 characters, or empty", max_length=24)
    thanks: Text = _setting("", "The title over the finished animation.", "text of at most 24 characters, or empty",
                            max_length=24)  # fmt: skip
    take_home: Text = _setting(
        "",
        "How guests get their GIF, on the farewell where no code leads to it. The booth itself sends no e-mail, and "
        "says so; should somebody else send one, or hand the GIFs out, say it here. It is read by guests without an "
        "address, too.",
        "text of at most 60 characters, or empty",
        max_length=60,
    )


class AccessibilitySection(Section):
    """For guests who see, hear or move in their own way."""

    high_contrast: bool = _setting(
        False, "Whether the screen is black, white and yellow with strong outlines, instead of in the event's theme."
    )
    reduced_motion: bool = _setting(
        False,
        "Whether nothing moves on the screen but what must: the preview, the animation, the digits and the caret.",
    )
    spoken: bool = _setting(
        False,
        "Whether the booth says aloud what to do next, in the guest's language. Needs espeak-ng and a loudspeaker.",
    )


class SoundSection(Section):
    """What is heard."""

    enabled: bool = _setting(
        False, "Whether the countdown ticks, the shutter clicks, and a bell rings when the GIF is ready."
    )
    volume: int = _setting(70, "How loud, in per cent of what the sound card is set to.", ge=0, le=100)
    key_clicks: bool = _setting(False, "Whether the keys on the screen click, too.")


class LogSection(Section):
    """The log: what the booth writes about itself to standard error, and so to the journal."""

    level: Literal["debug", "info", "warning", "error"] = _setting(
        "info", "The least important messages that are logged; debug logs everything, error next to nothing."
    )
    format: Literal["auto", "console", "json"] = _setting(
        "auto",
        "Their form: console is for people, json for the journal; auto is console on a terminal, else json.",
    )


class Settings(BaseSettings):
    """Every setting of the booth. ``Settings()`` is the built-in values; `load` is the way to all others."""

    # Decoding is off because the library's stops at the first value that is not JSON; `_from_text` reads all of them.
    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        enable_decoding=False,
        env_prefix="",
        env_nested_delimiter="__",
    )

    event: EventSection = EventSection()
    booth: BoothSection = BoothSection()
    button: ButtonSection = ButtonSection()
    led: LedSection = LedSection()
    pins: PinsSection = PinsSection()
    camera: CameraSection = CameraSection()
    attract: AttractSection = AttractSection()
    countdown: CountdownSection = CountdownSection()
    animation: AnimationSection = AnimationSection()
    form: FormSection = FormSection()
    farewell: FarewellSection = FarewellSection()
    share: ShareSection = ShareSection()
    apology: ApologySection = ApologySection()
    outbox: OutboxSection = OutboxSection()
    zenko: ZenkoSection = ZenkoSection()
    screen: ScreenSection = ScreenSection()
    keyboard: KeyboardSection = KeyboardSection()
    theme: ThemeSection = ThemeSection()
    texts: TextsSection = TextsSection()
    accessibility: AccessibilitySection = AccessibilitySection()
    sound: SoundSection = SoundSection()
    log: LogSection = LogSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library calls with these
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is passed and look nowhere else: `load` reads each place itself, to know where a value is from."""
        return (init_settings,)


@dataclass(frozen=True)
class Loaded:
    """The settings in force."""

    settings: Settings
    origins: Mapping[str, str]
    """Where each came from, by dotted key: "built-in", a file's path, a variable, a credential, "command line"."""
    warnings: tuple[str, ...] = ()
    """What the owner should know, though the booth can work."""


# --- Looking at the settings -----------------------------------------------------------------------------------------


@cache
def _sections() -> Mapping[str, type[BaseModel]]:
    return {name: type(info.default) for name, info in Settings.model_fields.items()}


@cache
def _fields() -> Mapping[str, FieldInfo]:
    """Return every setting by its dotted key, in the order in which they are written down."""
    return {
        f"{section}.{name}": info for section, model in _sections().items() for name, info in model.model_fields.items()
    }


def all_keys() -> tuple[str, ...]:
    """Return the dotted key of every setting."""
    return tuple(_fields())


def _is_secret(dotted: str) -> bool:
    return _fields()[dotted].annotation is SecretStr


def _expected(info: FieldInfo) -> str:
    """Say what a value may be, in words."""
    extra = info.json_schema_extra
    if isinstance(extra, dict) and extra.get("expected"):
        return str(extra["expected"])
    if get_origin(info.annotation) is Literal:
        *most, last = (_toml(choice) for choice in get_args(info.annotation))
        return f"{', '.join(most)} or {last}"
    if info.annotation is bool:
        return "true or false"
    if info.annotation is str:
        return "text"
    kind = "a whole number" if info.annotation is int else "a number"
    low = next(bound.ge for bound in info.metadata if hasattr(bound, "ge"))
    high = next(bound.le for bound in info.metadata if hasattr(bound, "le"))
    return f"{kind} from {low:g} to {high:g}" if high < 1_000_000 else f"{kind} from {low} to {high}"


def _toml(value: object) -> str:
    """Write *value* as TOML would have it."""
    match value:
        case SecretStr():
            return '"********"' if value.get_secret_value() else '""'
        case bool():
            return "true" if value else "false"
        case tuple() | list():
            return f"[{', '.join(_toml(part) for part in value)}]"
        case dict():
            return f"{{{', '.join(f'{_key(key)} = {_toml(part)}' for key, part in value.items())}}}"
        case int() | float():
            return repr(value)
        case str() | Path():
            return dumps(str(value), ensure_ascii=False)
        case _:
            return f"a {type(value).__name__}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def describe(loaded: Loaded) -> str:
    """Return every setting in force as TOML, secrets masked, each with where it came from."""
    rows = [(dotted, f"{dotted.partition('.')[2]} = {_toml(_value(loaded.settings, dotted))}") for dotted in _fields()]
    width = max(len(text) for _, text in rows if len(text) <= 60)
    lines: list[str] = []
    for dotted, text in rows:
        section = f"[{dotted.partition('.')[0]}]"
        if section not in lines:
            lines += ["", section] if lines else [section]
        lines.append(f"{text:<{width}}  # {loaded.origins[dotted]}")
    return "\n".join(lines)


def template() -> str:
    """Return what ``config/booth.toml`` is: every setting, commented out, at its built-in value."""
    from textwrap import wrap

    lines = [
        "# The settings of the booth. Each is commented out, at its built-in value: remove the # to change it.",
        "# This file is /etc/booth/booth.toml, or what --config or BOOTH_CONFIG names. It is overridden by environment",
        "# variables (BOOTH_ZENKO__BUCKET=...), those by systemd credentials (a file zenko.secret_access_key), and",
        "# those by the command line. `booth config` shows what is in force, and where it came from.",
        f"# A path to a file that begins with {BESIDE} is in the folder of that name, beside this file.",
    ]
    previous = ""
    for dotted, info in _fields().items():
        section, _, key = dotted.partition(".")
        if section != previous:
            lines += ["", "", f"[{section}]  # {_sections()[section].__doc__}"]
        previous = section
        about = [*wrap(str(info.description), 116, break_on_hyphens=False), f"Expected: {_expected(info)}."]
        lines += ["", *(f"# {line}" for line in about)]
        lines.append(f"# {key} = {_toml(info.default)}")
    return "\n".join(lines) + "\n"


def _value(settings: Settings, dotted: str) -> object:
    section, _, key = dotted.partition(".")
    return getattr(getattr(settings, section), key)


# --- Reading each place ----------------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """A value, and what to call the place where it was found."""

    value: object
    origin: str


@dataclass
class _Reading:
    """What has been read so far; later places override earlier ones."""

    found: dict[str, _Found] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    """At most `MOST_MISTAKES` of them."""
    more: int = 0
    """How many there are beside these."""
    warnings: list[str] = field(default_factory=list)
    hidden: list[Path] = field(default_factory=list)
    """Where there may be credentials that we are not allowed to see."""
    whole: bool = True
    """False when a place could not be read, so that what follows from its values cannot be judged."""

    def complain(self, mistake: Callable[[], str]) -> None:
        """Add a *mistake*, which is put into words only if it will be told: looking for what was meant takes long."""
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(mistake())
        else:
            self.more += 1

    def values(self, nested: Mapping[str, Any], origin: str) -> None:
        """Take the values of a file."""
        for section, table in nested.items():
            if section not in _sections():
                self.complain(partial(_unknown, origin, section, is_section=isinstance(table, dict)))
            elif not isinstance(table, dict):
                self.complain(partial(_no_table, origin, section))
            else:
                for key, value in table.items():
                    self._take(f"{section}.{key}", value, origin)

    def texts(self, texts: Mapping[str, _Found]) -> None:
        """Take values that are texts, by dotted key, as variables, credentials and arguments are."""
        known = {dotted: found for dotted, found in texts.items() if dotted in _fields()}
        for dotted, found in texts.items():
            if dotted not in known:
                self.complain(partial(_unknown, found.origin, dotted))
        for dotted, found in list(known.items()):
            if not _is_text(str(found.value)):
                del known[dotted]
                self.complain(partial(_no_text, found.origin, dotted))
            elif _longest(found.value) > LONGEST_TEXT:
                del known[dotted]
                self.complain(partial(_endless, found.origin, dotted))
        for dotted, text in _read_texts({dotted: str(found.value) for dotted, found in known.items()}):
            self.found[dotted] = _Found(_from_text(_fields()[dotted], text), known[dotted].origin)

    def _take(self, dotted: str, value: object, origin: str) -> None:
        if dotted not in _fields():
            self.complain(partial(_unknown, origin, dotted))
        elif _longest(value) > LONGEST_TEXT:
            self.complain(partial(_endless, origin, dotted))
        else:
            self.found[dotted] = _Found(value, origin)


def _no_table(origin: str, section: str) -> str:
    return (
        f"{origin}: {section}: expected a table, not a value: write [{section}] on a line of its own, "
        "and its settings below"
    )


def _is_text(text: str) -> bool:
    """Whether *text* is one: Python keeps the bytes of a variable that are not UTF-8 as halves of characters."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _no_text(origin: str, dotted: str) -> str:
    return f"{origin}: {dotted}: what is there is not UTF-8, or no text at all: write it again, as UTF-8"


def _longest(value: object) -> int:
    """Return how long the longest text in *value* is."""
    match value:
        case str():
            return len(value)
        case list() | dict():
            inner = (*value, *value.values()) if isinstance(value, dict) else value
            return max(map(_longest, inner), default=0)
        case _:
            return 0


def _endless(origin: str, dotted: str) -> str:
    return f"{origin}: {dotted}: has more than {LONGEST_TEXT:,} characters: no setting has as many; write it again"


def _unknown(origin: str, dotted: str, *, is_section: bool = False) -> str:
    """Say that there is no such setting, and which was probably meant. Not its value, which may be a secret."""
    dotted, rest = _without_value(dotted)
    called = (
        f"(what looks like a key){rest}" if _LIKE_A_KEY.search(dotted) else files.shown(dotted, LONGEST_NAME) + rest
    )
    section = dotted.partition(".")[0]
    meant = get_close_matches(dotted, _sections(), n=1, cutoff=0.7) if is_section else _meant(dotted)
    if meant:
        fix = f"did you mean {' or '.join(meant)}?"
    elif section in _sections():
        fix = f"{section} has {', '.join(_sections()[section].model_fields)}"
    else:
        fix = f"the sections are {', '.join(_sections())}"
    return f"{origin}: {called}: there is no such {'section' if is_section else 'setting'}; {fix}"


_LIKE_A_KEY = re.compile(r"(?<![\w/+=-])(?=[A-Za-z_/+=-]*[0-9])(?=[0-9_/+=-]*[A-Za-z])[\w/+=-]{12,}")
"""What no setting is called: letters and digits in a row, as keys of a bucket have them."""


def _without_value(dotted: str) -> tuple[str, str]:
    """Return a name, and what stands for the value behind it if that may be a secret: of ``KEY:VALUE``, say."""
    name = re.match(r"[\w.-]*", dotted)
    bare = name[0] if name else ""
    secret = any(word in bare.lower() for word in ("key", "secret", "passw", "token"))
    return (bare, "...") if secret and bare != dotted else (dotted, "")


def _meant(dotted: str) -> list[str]:
    """Return the settings that *dotted* may be a slip of: in its own section first, then of that name in another."""
    section, _, key = dotted.partition(".")
    for near in [section] if section in _sections() else get_close_matches(section, _sections(), n=1, cutoff=0.7):
        names = list(_sections()[near].model_fields)
        slips = get_close_matches(key, names, n=1, cutoff=0.7) or [name for name in names if key and key in name]
        if slips:
            return [f"{near}.{name}" for name in slips]
    return [other for other in _fields() if other.partition(".")[2] == (key or section)]


def _read_texts(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Let the library read texts as it reads an environment; give them back by dotted key."""
    source = EnvSettingsSource(Settings)
    # Set, not read: the environment is an argument here, and what comes from elsewhere is read in the same way.
    source.env_vars = {dotted.replace(".", "__"): text for dotted, text in texts.items()}
    for section, table in source().items():
        for key, text in table.items():
            yield f"{section}.{key}", text


def _from_text(info: FieldInfo, text: str) -> object:
    """Return what *text* means for a setting, or the text itself if it means nothing; the model then says so."""
    try:
        if info.annotation is bool:
            return {"true": True, "false": False}.get(text, text)
        if info.annotation is int or (get_origin(info.annotation) is Literal and text.isdecimal()):
            return int(text)
        if info.annotation is float:
            return float(text)
        if get_origin(info.annotation) is tuple and get_args(info.annotation)[-1] is Ellipsis:
            return tuple(part.strip(" \"'") for part in text.strip(" []").split(",") if part.strip())
        if get_origin(info.annotation) is tuple:
            size = re.fullmatch(r"\s*+\[?\s*+([0-9]{1,5})\s*+[x,]\s*+([0-9]{1,5})\s*+\]?\s*+", text, re.ASCII)
            return text if size is None else (int(size[1]), int(size[2]))
        if _in_words in (getattr(part, "func", None) for part in info.metadata) and text.startswith("{"):
            said = files.toml(f"table = {text}")
            return said["table"] if len(said) == 1 else text
    except (ValueError, files.ReadingError):
        pass
    return text


def _read_file(reading: _Reading, path: Path, named_by: str) -> None:
    """Read the TOML file. One that nobody named may be missing."""
    try:
        nested = files.toml_file(path)
        mode = path.stat().st_mode
    except files.MissingError:
        if named_by:
            reading.whole = False
            reading.mistakes.append(f"{files.called(path)}: there is no such file: correct {named_by}, or create it")
        return
    except files.ReadingError as exc:
        reading.whole = False
        reading.mistakes.append(files.told(path, exc))
        return
    except OSError:  # it was taken away under our eyes
        reading.whole = False
        reading.mistakes.append(f"{files.called(path)}: there is no such file any more: look again")
        return
    reading.values(_from_beside(nested, path), str(path))
    secret = [key for key, found in reading.found.items() if _is_secret(key) and found.value]
    if secret and mode & 0o077:
        reading.warnings.append(
            f"{path}: {' and '.join(secret)} can be read by other users of this machine: "
            f"use systemd credentials, or run: chmod 600 {path}"
        )


def _from_beside(nested: Mapping[str, Any], file: Path) -> Mapping[str, Any]:
    """Return what *file* holds, with whole paths to the files that it names beside itself."""

    def whole(dotted: str, value: object) -> object:
        if isinstance(value, str) and value.startswith(BESIDE) and dotted in _fields() and _is_file(_fields()[dotted]):
            return str(file.resolve().parent / value)
        return value

    return {
        section: {key: whole(f"{section}.{key}", value) for key, value in table.items()}
        if isinstance(table, dict)
        else table
        for section, table in nested.items()
    }


def _is_file(info: FieldInfo) -> bool:
    return any(
        isinstance(part, AfterValidator) and part.func in {_pem, _overlay, _picture, _font} for part in info.metadata
    )


def _read_environment(reading: _Reading, environ: Mapping[str, str]) -> None:
    reading.texts(
        {
            name.removeprefix(PREFIX).lower().replace("__", "."): _Found(text, files.shown(name, LONGEST_NAME))
            for name, text in sorted(environ.items())
            if name.startswith(PREFIX) and name not in _NO_SETTINGS
        }
    )


def _read_credentials(reading: _Reading, directory: Path) -> None:
    """Read systemd's credentials: a file for each, named as the setting, ``zenko.bucket`` or ``zenko__bucket``."""
    texts: dict[str, _Found] = {}
    try:
        # A dot is the usual spelling, and counts if both are there.
        names = sorted((path.name for path in directory.iterdir()), key=lambda name: ("." in name, name))
    except (OSError, ValueError) as exc:
        reading.whole = False
        why = exc.strerror if isinstance(exc, OSError) else type(exc).__name__
        reading.mistakes.append(f"{directory}: the credentials cannot be read ({why}): see LoadCredential= in the unit")
        return
    for name in names:
        dotted = name.replace("__", ".")
        try:
            text = files.text(files.whole(directory / name)).strip() if dotted in _fields() else ""
        except files.ReadingError as exc:
            reading.whole = False
            reading.complain(partial("{}: {}".format, f"credential {name}", exc))
        else:
            texts[dotted] = _Found(text, f"credential {name}")
    reading.texts(texts)


def _read_stores(reading: _Reading, stores: Iterable[Path]) -> None:
    """Read the keys of the bucket from where systemd takes credentials; note where one may not look."""
    for name in CREDENTIALS:
        for store in stores:
            if store.is_dir() and not os.access(store, os.X_OK):
                reading.hidden.append(store)
                continue
            try:
                text = files.text(files.whole(store / name)).strip()
            except files.MissingError:
                continue
            except files.ReadingError:
                reading.hidden.append(store / name)
            else:
                reading.texts({name: _Found(text, f"credential {store / name}")})
                break


def _read_command_line(reading: _Reading, overrides: Mapping[str, str]) -> None:
    reading.texts({dotted: _Found(text, COMMAND_LINE) for dotted, text in overrides.items()})


# --- Judging what was read -------------------------------------------------------------------------------------------


def load(
    *,
    config: Path | None,
    environ: Mapping[str, str],
    overrides: Mapping[str, str],
    default: Path = DEFAULT_CONFIG,
    stores: Sequence[Path] = (),
) -> Loaded:
    """Return the settings in force.

    *config* is the file that the command line names, *overrides* what it sets: dotted key to text. *default* is read
    when neither the command line nor ``$BOOTH_CONFIG`` names a file, if it exists. Text settings are taken as they
    are, others as TOML writes them; a size may be ``800x480``. *stores* are looked through for the keys of the bucket
    where systemd hands out none: by somebody who wants to know what the service will get.

    Raises `ConfigError` with every mistake on a line of its own.
    """
    reading = _read(config, environ, overrides, default, stores)
    settings, wrong = _judge(reading)
    mistakes = [*reading.mistakes, *wrong.values()]
    if reading.whole:
        mistakes += _contradictions(reading, settings, wrong.keys())
    if mistakes:
        more = [f"and {reading.more:,} more mistakes: mend these first"] if reading.more else []
        raise ConfigError("\n".join(_tellable(mistake) for mistake in (*mistakes, *more)))
    origins = {dotted: found.origin for dotted, found in reading.found.items()}
    return Loaded(
        settings,
        MappingProxyType({dotted: origins.get(dotted, BUILT_IN) for dotted in _fields()}),
        tuple(_tellable(warning) for warning in (*reading.warnings, *_doubts(settings, reading.hidden))),
    )


_BEFORE_AT = re.compile(r"""(:/+)[^\s"'/][^\s"']*@""")

_SECRET_IN_TEXT = re.compile(
    r"""(?P<before>\b(?:access_key_id|secret_access_key)["']?[ \t]*=[ \t]*)"""
    r"""(?:\"{3}.*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')""",
    re.DOTALL,
)


def without_secrets(content: bytes) -> bytes | None:
    """Return the file of settings that *content* is with nothing in the place of its secrets; None if that fails."""

    def meaning(text: str) -> dict[str, Any]:
        return {key: dict(table) if isinstance(table, dict) else table for key, table in files.toml(text).items()}

    secrets = [tuple(dotted.split(".")) for dotted in _fields() if _is_secret(dotted)]
    try:
        text = files.text(content)
        wanted = meaning(text)
        there = [(section, key) for section, key in secrets if isinstance(wanted.get(section), dict)]
        there = [(section, key) for section, key in there if wanted[section].get(key)]
        if not there:
            return content
        for section, key in there:
            wanted[section][key] = ""
        text = _SECRET_IN_TEXT.sub(lambda found: f'{found["before"]}""', text)
        return text.encode() if meaning(text) == wanted else None
    except files.ReadingError:
        return None


def file_of(config: Path | None, environ: Mapping[str, str], default: Path = DEFAULT_CONFIG) -> Path:
    """Return the file that `load` reads; the last of the three need not be there."""
    return config or Path(environ.get(CONFIG_VARIABLE) or default)


def as_far_as_right(
    sections: Collection[str],
    *,
    config: Path | None,
    environ: Mapping[str, str],
    overrides: Mapping[str, str],
    default: Path = DEFAULT_CONFIG,
) -> Settings:
    """Return the settings of these *sections* that `load` would find nothing wrong with by themselves; else built-in.

    For what must be said to the owner of wrong settings. They may still contradict each other.
    """
    settings, _ = _judge(_read(config, environ, overrides, default))
    return Settings(**{section: getattr(settings, section) for section in sections})


def _tellable(mistake: str) -> str:
    """Return *mistake* as one line that moves no cursor, without what may be a password in an address."""
    return files.shown(_BEFORE_AT.sub(r"\1...@", mistake))


def _read(
    config: Path | None,
    environ: Mapping[str, str],
    overrides: Mapping[str, str],
    default: Path,
    stores: Sequence[Path] = (),
) -> _Reading:
    reading = _Reading()
    if config is not None:
        _read_file(reading, config, "--config")
    elif environ.get(CONFIG_VARIABLE):
        _read_file(reading, Path(environ[CONFIG_VARIABLE]), f"${CONFIG_VARIABLE}")
    else:
        _read_file(reading, default, "")
    _read_environment(reading, environ)
    if environ.get("CREDENTIALS_DIRECTORY"):
        _read_credentials(reading, Path(environ["CREDENTIALS_DIRECTORY"]))
    _read_stores(reading, stores)
    _read_command_line(reading, overrides)
    return reading


def _judge(reading: _Reading) -> tuple[Settings, Mapping[str, str]]:
    """Return the settings, built-in where what was read will not do, and what is wrong with that, by dotted key."""
    nested: dict[str, dict[str, object]] = {}
    for dotted, found in reading.found.items():
        section, _, key = dotted.partition(".")
        nested.setdefault(section, {})[key] = found.value
    try:
        return Settings(**nested), {}  # type: ignore[arg-type]  # the model is what checks them
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_input=False)
    wrong: dict[str, str] = {}
    for error in errors:
        dotted = ".".join(str(part) for part in error["loc"][:2])
        wrong.setdefault(dotted, _mistake(dotted, reading.found[dotted], error.get("ctx", {}).get("error")))
        nested[str(error["loc"][0])].pop(str(error["loc"][1]), None)
    return Settings(**nested), wrong  # type: ignore[arg-type]  # the same


def _mistake(dotted: str, found: _Found, complaint: object) -> str:
    """Word one wrong value. A validator of ours has its own words; all else is told what was expected."""
    info = _fields()[dotted]
    if isinstance(complaint, ValueError):
        return f"{found.origin}: {dotted}: {complaint}"
    # Whoever mixes up two lines of [zenko] has a key where something else belongs.
    got = "" if dotted.startswith("zenko.") else f", not {_short(found.value)}"
    if _is_secret(dotted):
        fix = "put it in quotes"
    elif found.origin.startswith(PREFIX):
        fix = f"write for example {found.origin}={_toml(info.default).strip(chr(34))}"
    elif found.origin == COMMAND_LINE:
        fix = f"write for example {dotted}={_toml(info.default).strip(chr(34))}"
    else:
        fix = f"write for example {dotted.partition('.')[2]} = {_toml(info.default)}"
    return f"{found.origin}: {dotted}: expected {_expected(info)}{got}: {fix}"


def _short(value: object) -> str:
    if isinstance(value, int) and abs(value) > 10**30:
        return "a number that is far too large"
    text = _toml(value)
    if "@" in text:
        return "what is there"  # an address may hold a password
    return files.shown(text if len(text) <= 40 else f"{text[:36]}...")


def _contradictions(reading: _Reading, settings: Settings, wrong: Iterable[str]) -> list[str]:
    """Find settings that are right by themselves and wrong together, among those that are right by themselves."""
    spoilt = set(wrong)

    def told(*keys: str) -> str:
        return " and ".join(
            dict.fromkeys(f"{reading.found[key].origin if key in reading.found else BUILT_IN}: {key}" for key in keys)
        )

    button, led, camera, form = settings.button, settings.led, settings.camera, settings.form
    shutter = settings.countdown.shutter_timeout_s
    mistakes = []
    if not spoilt & {"button.pin", "led.pin"} and gpio_of(button.pin) == gpio_of(led.pin):
        same = button.pin if button.pin == led.pin else f"{button.pin} and {led.pin}, the same pin"
        mistakes.append(f"{told('button.pin', 'led.pin')}: both are {same}: give one of them another, and wire it so")
    if not spoilt & {"camera.size", "camera.preview_size"} and (
        camera.preview_size[0] > camera.size[0] or camera.preview_size[1] > camera.size[1]
    ):
        mistakes.append(
            f"{told('camera.preview_size', 'camera.size')}: expected a preview of at most {_toml(camera.size)}, "
            f"not {_toml(camera.preview_size)}: make preview_size smaller or size larger"
        )
    if not spoilt & {"countdown.shutter_timeout_s", "camera.timeout_s"} and shutter < camera.timeout_s + SHUTTER_ROOM:
        mistakes.append(
            f"{told('countdown.shutter_timeout_s', 'camera.timeout_s')}: expected a shutter_timeout_s of at least "
            f"{camera.timeout_s + SHUTTER_ROOM:g} s, not {shutter:g} s: a frame that the camera may still deliver, and "
            "the disk has to take, must not be given up; make shutter_timeout_s larger or timeout_s smaller"
        )
    zenko = settings.zenko
    if not spoilt & {"zenko.addressing", "zenko.endpoint_url"} and (
        zenko.addressing == "virtual" and numeric(zenko.endpoint_url)
    ):
        mistakes.append(
            f"{told('zenko.addressing', 'zenko.endpoint_url')}: the bucket's name cannot stand before a number: "
            'give the server\'s name in endpoint_url, or set addressing to "path"'
        )
    screen = settings.screen
    if not spoilt & {"screen.language", "screen.languages"} and screen.language not in (screen.languages or LANGUAGES):
        mistakes.append(
            f"{told('screen.language', 'screen.languages')}: {_toml(screen.language)} is not among the languages that "
            f"guests may choose from, {_toml(screen.languages)}: add it there, or make language one of them"
        )
    spoken = dict.fromkeys((screen.language, *screen.languages))
    asked = form.consent_text if isinstance(form.consent_text, dict) else spoken
    if not spoilt & {"form.consent_text", "screen.language", "screen.languages"} and (
        silent := [code for code in spoken if code not in asked]
    ):
        mistakes.append(
            f"{told('form.consent_text', 'screen.languages')}: there is no text in "
            f"{', '.join(map(_toml, silent))}, which guests may choose: write one there, or take the language out of "
            "screen.languages"
        )
    if not spoilt & {"form.idle_s", "form.warning_s"} and form.warning_s >= form.idle_s:
        mistakes.append(
            f"{told('form.warning_s', 'form.idle_s')}: expected a warning of less than {form.idle_s:g} s, "
            f"not {form.warning_s:g} s: make warning_s smaller or idle_s larger"
        )
    if not spoilt & {"share.url_template", "share.presigned_days"} and (
        settings.share.url_template and settings.share.presigned_days
    ):
        mistakes.append(
            f"{told('share.url_template', 'share.presigned_days')}: expected one of them, not both: a code leads to "
            "one place; set url_template to empty or presigned_days to 0"
        )
    makers = ("animation.width", "animation.height", "countdown.shots", "camera.size", "animation.overlay")
    if not spoilt & set(makers) and (complaint := too_large(settings, Size(*map(Pixels, camera.size)))):
        said = [key for key in makers if key in reading.found] or makers[:2]
        mistakes.append(f"{told(*said)}: {complaint}")
    roles = {role: f"theme.{role}" for role in theme.ROLES}
    if not spoilt & {"theme.name", *roles.values()}:
        own = {role: getattr(settings.theme, role) for role in roles}
        looks = theme.named(settings.theme.name)
        for blamed, complaint in theme.complaints_about(looks, own):
            mistakes.append(f"{told(*(roles[role] for role in blamed))}: {complaint}")
    return mistakes


def too_large(settings: Settings, frame: Size) -> str | None:
    """Return why no animation can be made of frames of this size, and of what size one could be; None if one can."""
    animation, shots = settings.animation, settings.countdown.shots
    try:
        overlay = stills.read(Path(animation.overlay), ("png",)).size if animation.overlay else None
    except ValueError:
        return None  # told already, or gone since

    def fits(width: int, height: int) -> bool:
        return recipe.room(Size(Pixels(width), Pixels(height)), frame, shots, overlay) <= recipe.ROOM

    if fits(animation.width, animation.height):
        return None
    smaller = (
        (animation.width * part // 40 // 2 * 2, animation.height * part // 40 // 2 * 2) for part in range(39, 0, -1)
    )
    would_do = next(((w, h) for w, h in smaller if min(w, h) >= SMALLEST and fits(w, h)), None)
    advice = (
        f"animation.width = {would_do[0]} and animation.height = {would_do[1]} would do"
        if would_do
        else "take a camera.size of a shape more like the animation's, or a smaller overlay"
    )
    return (
        f"an animation of {animation.width}x{animation.height} pixels, of {shots} frames from a camera of "
        f"{frame.width}x{frame.height}, needs more memory than there is for it: {advice}"
    )


def _doubts(settings: Settings, hidden: Sequence[Path]) -> Iterator[str]:
    """Say what will not stop the booth, but will disappoint its owner."""
    # Not a mistake: the keys may be credentials, which only the service gets to see.
    zenko = settings.zenko
    missing = [
        f"zenko.{key}"
        for key, value in (("access_key_id", zenko.access_key_id), ("secret_access_key", zenko.secret_access_key))
        if not value.get_secret_value()
    ]
    if zenko.endpoint_url and missing:
        verb = "are" if len(missing) > 1 else "is"
        if hidden:
            places = " and ".join(dict.fromkeys(map(str, hidden)))
            yield (
                f"{' and '.join(missing)} {verb} empty as far as you may see, but {places} can be read by root alone, "
                "and the service gets its keys from there: say sudo to know"
            )
        else:
            yield f"zenko.endpoint_url is set, but {' and '.join(missing)} {verb} empty: nothing is sent until then"
    if in_clear(zenko.endpoint_url):
        yield (
            "zenko.endpoint_url begins with http://: guests' names, addresses and pictures can be read by everybody on "
            "the way to it; use https:// unless that network is your own"
        )
    if settings.attract.latest and not settings.form.consent_text:
        yield (
            f"attract.latest is {settings.attract.latest}, but form.consent_text is empty: no guest can agree, so the "
            "invitation shows nobody's pictures; write what they agree to, or set attract.latest to 0"
        )
