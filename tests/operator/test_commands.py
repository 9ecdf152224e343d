import importlib
import pkgutil
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import booth.operator
from booth.cli import front, main, understood
from booth.operator.command import Command
from booth.operator.commands import COMMANDS

CHECKOUT = Path(__file__).parent.parent.parent
EXAMPLES = [(command.name, line) for command in COMMANDS for line, _ in command.examples]

CHOICES = ", ".join(repr(command.name) for command in COMMANDS)


@pytest.fixture
def said(capsys):
    """Run a command line that ends by itself; return its status, standard output and standard error."""

    def run(*words):
        with pytest.raises(SystemExit) as end:
            main(words)
        return end.value.code, *capsys.readouterr()

    return run


def meant(*words):
    """Return the name of the command that a command line means, and all that it is told."""
    command, arguments = understood(words)
    return command.name, vars(arguments)


class TestTheList:
    def test_every_command_that_there_is_stands_in_it(self):
        """A file with a COMMAND in it that nobody lists would be a command that nobody can type."""
        files = [file.name for file in pkgutil.iter_modules(booth.operator.__path__)]
        modules = [importlib.import_module(f"booth.operator.{name}") for name in files]
        there = {
            file: module.COMMAND for file, module in zip(files, modules, strict=True) if hasattr(module, "COMMAND")
        }
        assert there == {command.name: command for command in COMMANDS}

    def test_the_words_and_the_old_options_are_each_one_commands(self):
        """Or one of two commands could not be reached."""
        words = [word for command in COMMANDS for word in (command.name, command.flag) if word]
        assert sorted(set(words)) == sorted(words)

    def test_a_command_is_a_file_and_a_line_in_the_list(self):
        """Nothing else has to know of it: it is understood, carried out, and told of."""
        juggle = Command(
            name="juggle",
            does="Juggle for the guests.",
            examples=(("booth juggle", "with three balls"),),
            run=lambda arguments: len(vars(arguments)) + 7,
        )
        listed = [*COMMANDS, juggle]
        assert 7 == main(["juggle"], listed)
        told = [line.split(maxsplit=1) for line in front(listed).format_help().splitlines()]
        assert 1 == told.count(["juggle", "Juggle for the guests."])


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
    def test_each_command_says_what_it_does_with_a_sentence_and_examples(self, said, command):
        """On standard output, with status 0: the sentence first, the examples with what comes of each last."""
        status, out, err = said(command.name, "--help")
        paragraphs = out.split("\n\n")
        assert (0, "") == (status, err)
        assert " ".join(paragraphs[1].split()).startswith(command.does)
        wanted = ["examples:", *(said for line, what in command.examples for said in (f"  {line}", f"      {what}"))]
        assert wanted == paragraphs[-1].splitlines()

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
    def test_a_sentence_is_one(self, command):
        """It begins large and ends with the only full stop."""
        assert (True, 1, ".") == (command.does[0].isupper(), command.does.count("."), command.does[-1])

    @pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
    def test_an_example_works_as_it_stands(self, name, line):
        """It is understood, and means the command that it is shown with."""
        words = shlex.split(line)
        program = words.index("booth")
        assert (["sudo"][:program], name) == (words[:program], meant(*words[program + 1 :])[0])

    def test_the_first_help_names_each_command_with_its_sentence(self, said):
        """Whoever knows nothing yet sees all that there is."""
        status, out, _ = said("--help")
        text = " ".join(out.split())
        assert (0, []) == (status, [each.name for each in COMMANDS if f"{each.name} {each.does}" not in text])

    @pytest.mark.parametrize("words", [("-h",), ("--simulate", "--help"), ("--help", "--fast"), ("--help", "party")])
    def test_help_without_a_command_is_the_first_one(self, said, words):
        """Wherever the word stands, and whatever else is there."""
        assert said("--help") == said(*words)

    def test_a_value_is_no_call_for_help(self, said):
        """What an option takes is that option's."""
        assert 2 == said("--config", "--help")[0]

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
    def test_every_command_tells_the_version(self, said, command):
        """As each did when there was one list of options."""
        assert said("--version") == said(command.name, "--version")


class TestOldSpellings:
    """What was typed before there were commands with options of their own means what it meant."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("", "run"),
            ("--config a.toml", "run --config a.toml"),
            ("--set event.name=x run --set form.idle_s=3", "run --set event.name=x --set form.idle_s=3"),
            ("--simulate", "simulate"),
            ("run --simulate", "simulate"),
            ("--simulate run", "simulate"),
            ("--fast --simulate", "simulate --fast"),
            ("--guests 3 --simulate --skip", "simulate --guests 3 --skip"),
            ("--simulate --guests 3 --names config", "simulate --guests 3 --names config"),
            ("--names update --guests 3 --simulate", "simulate --guests 3 --names update"),
            ("--simulate --screen 800x480 --frames d --guests 1 --screenshots s --config c --set a=b",
             "simulate --set a=b --config c --screenshots s --guests 1 --frames d --screen 800x480"),
            ("--config a.toml config", "config --config a.toml"),
            ("--set a=b config --set c=d", "config --set a=b --set c=d"),
            ("-- config", "config"),
            ("config --", "config"),
            ("--allow-older update a.booth", "update a.booth --allow-older"),
            ("update --allow-older a.booth", "update a.booth --allow-older"),
            ("--config a.toml update a.booth --set b=c", "update a.booth --config a.toml --set b=c"),
            ("update -- a.booth", "update a.booth"),
        ],
    )  # fmt: skip
    def test_an_old_spelling_is_the_new_one(self, old, new):
        """The same command, told the same."""
        assert meant(*new.split()) == meant(*old.split())

    def test_without_a_word_it_is_the_booth(self):
        """With the settings of the machine, and nothing else."""
        assert ("run", {"config": None, "set": []}) == meant()
        assert "run" == COMMANDS[0].name

    def test_what_a_simulator_is_told(self):
        """Each option by its name: the pictures, the guests and the screen."""
        words = "--simulate --screen 1024x600 --frames d --guests 2 --names n --fast --screenshots s --set a=b"
        told = {"screen": (1024, 600), "frames": Path("d"), "guests": 2, "names": Path("n"), "skip": False,
                "fast": True, "stick": None, "screenshots": Path("s"), "config": None, "set": [("a", "b")]}  # fmt: skip
        assert ("simulate", told) == meant(*words.split())

    def test_the_module_is_the_command(self):
        """``python -m booth`` knows the same words."""
        ran = subprocess.run(
            [sys.executable, "-m", "booth", "simulate", "--names", "n"], cwd=CHECKOUT, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert (2, "booth simulate: error: --names goes with --guests") == (ran.returncode, ran.stderr.splitlines()[-1])


class TestMistakes:
    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            ("--fast", "booth: error: --fast goes with --simulate"),
            ("run --fast", "booth run: error: --fast goes with --simulate"),
            ("config --guests 3", "booth config: error: --guests goes with --simulate"),
            ("config --simulate", "booth config: error: config does not simulate; leave --simulate out"),
            ("--simulate update a.booth", "booth update: error: update does not simulate; leave --simulate out"),
            ("--allow-older", "booth: error: --allow-older goes with update"),
            ("simulate --allow-older", "booth simulate: error: --allow-older goes with update"),
            ("simulate --names n", "booth simulate: error: --names goes with --guests"),
            ("simulate --guests 1 --skip --names n",
             "booth simulate: error: --skip goes without --names: a line with nothing but a tab is a guest who skips"),
            ("update", "booth update: error: the following arguments are required: FILE"),
            ("config party", "booth config: error: unrecognized arguments: party"),
            ("--parties", "booth: error: unrecognized arguments: --parties"),
            ("party", f"booth: error: invalid choice: 'party' (choose from {CHOICES})"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused_with_a_sentence(self, said, line, sentence):
        """Status 2, nothing on standard output, how it is typed, and the sentence last."""
        status, out, err = said(*line.split())
        assert (2, "", "usage: booth", sentence) == (status, out, err[:12], err.splitlines()[-1])

    @pytest.mark.parametrize("command", [None, *COMMANDS], ids=lambda command: command.name if command else "no word")
    @pytest.mark.parametrize(
        "words",
        [
            ["zenko.secret_access_key=hunter2", "x", "y"],
            ["--set", "zenko.secret_access_key:hunter2"],
            ["--set", "zenko.secret_access_key", "hunter2", "hunter2"],
            ["--zet", "zenko.secret_access_key=hunter2", "x"],
            ["--simulate=zenko.secret_access_key=hunter2"],
            ["--secret_access_key=hunter2"],
            ["--allow-older=zenko.secret_access_key=hunter2"],
            ["--fast=hunter2"],
        ],
        ids=" ".join,
    )
    def test_no_command_repeats_a_secret_that_it_refuses(self, said, command, words):
        """What is refused may be read by whoever looks over a shoulder, or at a log."""
        status, out, err = said(*([command.name] if command else []), *words)
        assert (2, "", 0) == (status, out, err.count("hunter2"))
