"""Settings as they are shown: what is in force, what there is to be set, and a file without its secrets."""

import re
from textwrap import wrap
from typing import Any

from booth import reading as files
from booth.section import BESIDE, expected, written
from booth.settings.loading import Loaded
from booth.settings.model import fields, is_secret, sections, value_of


def describe(loaded: Loaded) -> str:
    """Return every setting in force as TOML, secrets masked, each with where it came from."""
    rows = [
        (dotted, f"{dotted.partition('.')[2]} = {written(value_of(loaded.settings, dotted))}") for dotted in fields()
    ]
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
    lines = [
        "# The settings of the booth. Each is commented out, at its built-in value: remove the # to change it.",
        "# This file is /etc/booth/booth.toml, or what --config or BOOTH_CONFIG names. It is overridden by environment",
        "# variables (BOOTH_ZENKO__BUCKET=...), those by systemd credentials (a file zenko.secret_access_key), and",
        "# those by the command line. `booth config` shows what is in force, and where it came from.",
        f"# A path to a file that begins with {BESIDE} is in the folder of that name, beside this file.",
    ]
    previous = ""
    for dotted, info in fields().items():
        section, _, key = dotted.partition(".")
        if section != previous:
            lines += ["", "", f"[{section}]  # {sections()[section].__doc__}"]
        previous = section
        about = [*wrap(str(info.description), 116, break_on_hyphens=False), f"Expected: {expected(info)}."]
        lines += ["", *(f"# {line}" for line in about)]
        lines.append(f"# {key} = {written(info.default)}")
    return "\n".join(lines) + "\n"


_SECRET_IN_TEXT = re.compile(
    r"""(?P<before>\b(?:access_key_id|secret_access_key)["']?[ \t]*=[ \t]*)"""
    r"""(?:\"{3}.*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')""",
    re.DOTALL,
)


def without_secrets(content: bytes) -> bytes | None:
    """Return the file of settings that *content* is with nothing in the place of its secrets; None if that fails."""

    def meaning(text: str) -> dict[str, Any]:
        return {key: dict(table) if isinstance(table, dict) else table for key, table in files.toml(text).items()}

    secrets = [tuple(dotted.split(".")) for dotted in fields() if is_secret(dotted)]
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
