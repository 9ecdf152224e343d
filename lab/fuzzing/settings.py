"""Settings from a file, variables and the command line: taken, or told in sentences; nothing else, and soon."""

import contextlib
import random
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from booth.errors import ConfigError
from booth.imaging import recipe
from booth.ports import Size
from booth.settings import loading, model, showing, sources
from booth.settings.start import Source
from booth.units import Pixels
from lab.fuzzing import REFUSED, Violation

TAKEN = "taken"

SOON = 10.0
"""Seconds of this process's own work for one case: a small Pi takes ten times as long."""

SECRET = "Kept/From+All+Eyes4711"  # noqa: S105  it opens nothing

PASSWORD = "for-nobody-but-the-server-0815"  # noqa: S105  the same
"""It is in addresses, where it does not belong."""

NASTY = (
    "", "\0", "\x1b[2J", "\x9b1A", "\u202e", "\u200b", "\u2028", "\n", "\r", "\udcff", "\ud800", "é", "\U0001f389", "'",
    '"', "\\", "%s", "{", "}", "{0}", "{session}", "[", "]", "#", "=", ".", "@", "://", "/", "../..", "-", "0x",
)  # fmt: skip

NEAR_SECRETS = ("access_key_id", "secret_access_key", "secret_acess_key", "bucket", "region", "endpoint_url")
"""Where a secret is written, rightly and by mistake."""

PATHS = (
    "/dev/zero",
    "/dev/null",
    "/dev/stdin",
    "/proc/kmsg",
    "/proc/self/mem",
    "/nowhere/x",
    "/",
    "branding/x.png",
    "~",
)

NUMBERS = (
    "0", "-1", "1", "4", "12", "0.5", "1e999", "-inf", "nan", "0x7f", "0b1", "0o17", "1_0", "9" * 30, "9" * 90, "07",
    "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "2026-02-30", "0x" + "f" * 90,
)  # fmt: skip


@contextlib.contextmanager
def prepared(folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what loads one set of settings."""
    file = folder / "booth.toml"
    keys = list(model.fields())

    def attempt(rng: random.Random) -> str:
        file.write_bytes(_file(rng, keys))
        environ = _environ(rng, keys)
        overrides = {_key(rng, keys): _text(rng) for _ in range(rng.choice((0, 0, 0, 1, 3)))}
        began = time.process_time()
        try:
            loaded = loading.load(config=file, environ=environ, overrides=overrides)
        except ConfigError as exc:
            _sentences(str(exc))
            outcome = REFUSED
        else:
            for warning in loaded.warnings:
                _sentences(warning)
            if SECRET in showing.describe(loaded):
                raise Violation("a secret is described")
            _can_be_made(loaded.settings)
            outcome = TAKEN
        source = Source(file, environ, overrides)
        source.usable()
        kept = showing.without_secrets(file.read_bytes())
        if outcome == TAKEN and kept is not None and SECRET.encode() in kept:
            raise Violation("the last good settings would be kept with a secret in them")
        if time.process_time() - began > SOON:
            raise Violation("it took too long")
        return outcome

    yield attempt


def _sentences(told: str, lines: int = sources.MOST_MISTAKES + 200) -> None:
    """Raise `Violation` unless *told* can be shown: printable lines, not too many, and no secret in them."""
    found = told.split("\n")
    if not all(line.isprintable() for line in found):
        raise Violation("a line has something in it that cannot be shown")
    if len(found) > lines:
        raise Violation(f"{len(found)} lines are told")
    if SECRET in told or PASSWORD in told:
        raise Violation("a secret is told")


def _can_be_made(settings: model.Settings) -> None:
    animation, camera = settings.animation, settings.camera
    size, frame = Size(Pixels(animation.width), Pixels(animation.height)), Size(*map(Pixels, camera.size))
    if recipe.room(size, frame, settings.countdown.shots) > recipe.ROOM:
        raise Violation("an animation is accepted that cannot be made")


# ---- the grammar of what is nearly right, and of what is meant ill


def _file(rng: random.Random, keys: list[str]) -> bytes:
    if rng.random() < 0.05:
        return rng.randbytes(rng.randrange(400))
    lines = [_line(rng, keys) for _ in range(rng.choice((0, 1, 2, 5, 20)))]
    if rng.random() < 0.5:
        rng.shuffle(lines)
    text = "\n".join(lines)
    if rng.random() < 0.1:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(NASTY) + text[at:]
    if rng.random() < 0.05:
        text *= rng.choice((2, 50))
    encoding = rng.choice(("utf-8",) * 12 + ("utf-8-sig", "utf-16", "latin-1"))
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf-8") else "replace")


def _line(rng: random.Random, keys: list[str]) -> str:
    dotted = _key(rng, keys)
    section, _, key = dotted.partition(".")
    match rng.randrange(8):
        case 0:
            return f"[{section}]"
        case 1:
            return f"[{section}]\n{key} = {_value(rng)}"
        case 2:
            return f"{section} = {{{key} = {_value(rng)}}}"
        case 3:
            return f"# {_text(rng)}"
        case 4:
            return rng.choice(
                (
                    f"[[{section}]]\n{key} = {_value(rng)}",
                    f"zenko.{rng.choice(NEAR_SECRETS)} = '{SECRET}'",
                )
            )
        case 5:
            return f"{rng.choice(('a.', '[', '{a=')) * rng.choice((1, 20, 3_000))}a = 1"
        case _:
            return f"{dotted} = {_value(rng)}"


def _key(rng: random.Random, keys: list[str]) -> str:
    dotted = rng.choice(keys)
    if rng.random() < 0.15:
        at = rng.randrange(len(dotted))
        dotted = dotted[:at] + rng.choice((*NASTY, "x", "e")) + dotted[at + 1 :]
    return dotted


def _value(rng: random.Random, depth: int = 0) -> str:
    match rng.randrange(9):
        case 0:
            return rng.choice(("true", "false", "True", "yes"))
        case 1:
            return rng.choice(NUMBERS)
        case 2:
            return str(rng.choice((rng.randrange(-10, 2_000), round(rng.uniform(0, 120), 2))))
        case 3 if depth < 3:
            return f"[{', '.join(_value(rng, depth + 1) for _ in range(rng.choice((0, 1, 2, 2, 30))))}]"
        case 4:
            return f"'{_text(rng)}'"
        case 5:
            return f'"""{_text(rng)}"""'
        case 6:
            return "[" * rng.choice((1, 9, 400))
        case _:
            return f'"{_text(rng)}"'


def _text(rng: random.Random) -> str:
    match rng.randrange(7):
        case 0:
            return rng.choice(PATHS)
        case 1:
            return f"https://me:{PASSWORD}@{rng.choice(NASTY)}example.com{rng.choice(NASTY)}/{{session}}"
        case 2:
            return "".join(rng.choice(NASTY) for _ in range(rng.randrange(6)))
        case 3:
            return rng.choice(
                ("en", "de", "GPIO18", "BOARD12", "18", "640x480", "auto", "#cf1765", "night", "a.example", "us")
            )
        case 4:
            return rng.choice(("x", "ü", "\U0001f389", "\\u0000", "\\x1b", "{a}")) * rng.choice((1, 30, 5_000))
        case 5:
            return rng.choice(NUMBERS)
        case _:
            return "Zoë & Tom"


def _environ(rng: random.Random, keys: list[str]) -> Mapping[str, str]:
    found = {}
    for _ in range(rng.choice((0, 0, 1, 4))):
        name = sources.PREFIX + _key(rng, keys).replace(".", "__").upper()
        # A variable holds no NUL, and bytes that are not UTF-8 come as halves of characters.
        found[name.replace("\0", "")] = _text(rng).replace("\0", "")
    if rng.random() < 0.3:
        found["BOOTH_ZENKO__SECRET_ACCESS_KEY"] = SECRET
    return found
