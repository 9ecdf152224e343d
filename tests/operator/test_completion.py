"""What bash offers, by the very file that is installed."""

import subprocess
from pathlib import Path

import pytest

from booth.operator.commands import COMMANDS

SCRIPT = Path(__file__).parent.parent.parent / "assets" / "completions" / "booth.bash"


@pytest.fixture
def offered(tmp_path):
    """Have bash complete the last of some words, in a folder with a file and a folder; return what it offers."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "party.toml").touch()

    def complete(*words):
        asks = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _shtab_booth; printf "%s\\n" "${COMPREPLY[@]}"'
        ran = subprocess.run(
            ["bash", "--norc", "-c", asks, SCRIPT, *words], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return sorted(ran.stdout.split())

    return complete


def test_the_commands_are_offered(offered):
    """Whoever types the name and a blank sees what there is."""
    assert sorted(command.name for command in COMMANDS) == offered("booth", "")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("c",), ["config"]),
        (("--sim",), ["--simulate"]),
        (("config", "--"), ["--config", "--help", "--set"]),
        (("update", "--a"), ["--allow-older"]),
        (("simulate", "--s"), ["--screen", "--screenshots", "--set", "--skip", "--stick"]),
        (("update", "p"), ["party.toml", "photos"]),
        (("run", "--config", "p"), ["party.toml", "photos"]),
        (("--simulate", "--frames", "p"), ["photos"]),
        (("simulate", "--frames", "p"), ["photos"]),
    ],
    ids=" ".join,
)
def test_what_goes_on_is_offered(offered, words, expected):
    """A command, an option of it, a file where it wants one, a folder where only that will do."""
    assert expected == offered("booth", *words)


def test_it_is_for_the_booth():
    """Bash is told whose words these are."""
    said = subprocess.run(
        ["bash", "--norc", "-c", 'source "$0"; complete -p booth', SCRIPT], capture_output=True, text=True, check=True
    )
    assert "complete -o bashdefault -F _shtab_booth booth\n" == said.stdout
