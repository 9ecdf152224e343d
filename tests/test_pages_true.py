"""What the pages say to type or to write is understood: commands, their options, and settings."""

import re

from booth.appliance.network import Ethernet, Identity, Ssh, Wifi
from booth.operator import options
from booth.operator.commands import COMMANDS
from booth.settings.model import Settings
from tests.sources import ROOT

PAGES = [*(ROOT / name for name in ("CONTRIBUTING.md", "README.md")), *sorted((ROOT / "docs").glob("*.md"))]

CARD = {"machine": Identity, "ethernet": Ethernet, "ssh": Ssh, "wifi": Wifi}
"""The sections of network.toml, beside those of booth.toml."""

SECTIONS = {
    name: set(section.model_fields)
    for name, section in (
        *((name, field.annotation) for name, field in Settings.model_fields.items()),
        *CARD.items(),
    )
}

KNOWN = {command.name: set(options.parser(command, "booth")._option_string_actions) for command in COMMANDS}
"""What each command takes, by its name."""

COMMAND = re.compile(r"^(?:\$ )?(?:sudo )?booth ([a-z]+)(?= |$)([^|#>;&\n]*)")


def code(text):
    """Yield what is code on a page: its spans, and the lines of its blocks, whole where they are broken."""
    block = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    for each in block.findall(text):
        yield from each.replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`]+)`", block.sub("", text))


def typed():
    """Yield each command that a page says to type: the page, the command's name, and its options."""
    for page in PAGES:
        for each in code(page.read_text(encoding="utf-8")):
            for name, rest in COMMAND.findall(each):
                yield page.name, name, re.findall(r"(?<= )--[a-z-]+", rest)


def unknown(name, given):
    """Return what of a command is not there."""
    return [name] if name not in KNOWN else [f"{name} {option}" for option in given if option not in KNOWN[name]]


def test_each_command_that_a_page_names_is_there_with_its_options():
    """Whoever copies it is not told that there is no such thing."""
    assert [] == [(page, what) for page, name, given in typed() for what in unknown(name, given)]


def test_each_command_is_on_a_page():
    """And that it is found there at all shows that pages are read."""
    assert sorted(KNOWN) == sorted({name for _, name, _ in typed()})


def test_each_setting_that_a_page_names_with_its_section_is_there():
    """In booth.toml, or in the card's network.toml."""
    named = [
        (page.name, section, name)
        for page in PAGES
        for section, name in re.findall(r"`\[([a-z]+)\] ([a-z_0-9]+)", page.read_text(encoding="utf-8"))
    ]
    assert len(named) > 100
    assert [] == [each for each in named if each[2] not in SECTIONS.get(each[1], ())]
