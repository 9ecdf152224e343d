"""``booth pin``: the PIN is set by whoever may write the operator's folder, and is seen by nobody."""

import getpass
import io
import sys

import pytest

from booth.cli import main
from booth.disk import RealDisk
from booth.door import PIN, Door
from booth.ports import Uptime


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self):
        return True


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "operator"


@pytest.fixture
def typed(folder, capsys, monkeypatch):
    """Type the command, with what a script says or a person answers; return its status and what it said."""

    def run(*given, script="", answers=None):
        asked = iter(answers or ())
        monkeypatch.setattr(sys, "stdin", Terminal() if answers else io.StringIO(script))
        monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(asked))
        try:
            code = main(["pin", "--folder", str(folder), *given])
        except SystemExit as end:
            code = end.code
        return code, capsys.readouterr().err

    return run


@pytest.fixture
def opens(folder):
    """Try a PIN at that door."""
    return lambda pin: Door(folder, RealDisk(), lambda: Uptime("boot", 1.0)).knock(pin).right


SET = "booth: the PIN is set: hold two opposite corners of the invitation for three seconds\n"


def test_whoever_types_it_twice_has_set_it(typed, opens):
    """And is told what to do next."""
    assert (0, SET) == typed(answers=("271828", "271828"))
    assert [True, False] == [opens(pin) for pin in ("271828", "314159")]


def test_a_script_says_it_in_a_line(typed, opens):
    """Nothing is asked, and a line end is no part of it."""
    assert (0, SET) == typed(script="271828\n")
    assert opens("271828")


def test_two_that_are_not_the_same_set_nothing(typed, folder):
    """Nobody is to be shut out by a slip."""
    assert (2, "booth: the two are not the same: nothing was changed; type it again\n") == typed(
        answers=("271828", "1")
    )
    assert not folder.exists()


def test_one_that_will_not_do_is_told_why(typed, folder):
    """Without being repeated."""
    assert (2, "booth: a PIN has 6 to 12 digits, not 4; type another one\n") == typed(script="2718\n")
    assert not (folder / PIN).exists()


def test_it_can_be_taken_away(typed, folder):
    """Then there is no way in."""
    typed(script="271828\n")
    assert (0, "booth: the PIN is gone: there is no way to the operator's screen\n") == typed("--remove")
    assert not (folder / PIN).exists()


def test_taking_none_away_is_no_mistake(typed):
    """A script may do it twice."""
    assert (0, "booth: there was no PIN\n") == typed("--remove")


def test_a_booth_that_was_never_started_has_no_place_for_it(typed, folder, tmp_path):
    """The service makes the folder above, for its own user."""
    code, said = typed("--folder", str(tmp_path / "none" / "operator"), script="271828\n")
    assert (
        2,
        f"booth: {tmp_path}/none is not there: start the booth once, or name another folder with --folder\n",
    ) == (
        code,
        said,
    )


def test_the_service_says_where_it_is(capsys, monkeypatch, folder):
    """Its variable names the folder."""
    monkeypatch.setenv("BOOTH_OPERATOR", str(folder))
    monkeypatch.setattr(sys, "stdin", io.StringIO("271828\n"))
    assert (0, SET) == (main(["pin"]), capsys.readouterr().err)
    assert (folder / PIN).exists()
