"""``booth doctor`` as it is typed: what it prints, and with which status it ends."""

import json
import re

import pytest

from booth.cli import main
from booth.examining.findings import Finding, Sign
from booth.operator.examining import faces
from booth.operator.examining.table import CHECKS
from lab import ROOT


@pytest.fixture
def doctor(tmp_path, capsys, monkeypatch):
    """Type the command, about an outbox and settings of this test; return its status and what it said."""
    (tmp_path / "booth.toml").write_text("# nothing\n")
    monkeypatch.setenv("BOOTH_CONFIG", str(tmp_path / "booth.toml"))

    def run(*given):
        code = main(["doctor", "--outbox", str(tmp_path / "outbox"), *given])
        return code, capsys.readouterr().out

    return run


class TestTheCommand:
    def test_what_is_right_is_0(self, doctor):
        """A line a check, and how many are how."""
        assert (0, "ok       settings          no mistakes, no doubts\n1 ok\n") == doctor("--only", "settings")

    def test_wrong_settings_are_told_with_what_to_do_and_are_1(self, doctor):
        """They are what a booth would not start with, and no other check can be made then."""
        code, out = doctor("--set", "form.idle_s=soon", "--json")
        told = json.loads(out)
        assert (1, "bad", ["settings"]) == (code, told["worst"], [one["check"] for one in told["findings"]])

    def test_nothing_else_is_said_to_a_program(self, doctor):
        """What the oven logs of a GIF that it really bakes is no part of it."""
        told = json.loads(doctor("--only", "gm", "--json", "--set", "animation.width=160")[1])
        assert ["gm", "gm gif"] == [one["check"] for one in told["findings"]]

    def test_a_doubt_is_4(self, doctor):
        """Nothing is wrong, and a script can tell that from all being well."""
        endpoint = ("--set", "zenko.endpoint_url=http://s3.example.org")
        code, out = doctor(*endpoint, "--only", "settings", "--json")
        assert (4, "warn") == (code, json.loads(out)["worst"])

    def test_a_check_that_there_is_none_of_is_2(self, doctor):
        """It is no check that was passed."""
        assert (2, "") == doctor("--only", "weather")

    def test_names_are_each_one_checks(self):
        """Or --only would not say which."""
        names = [check.name for check in CHECKS]
        assert sorted(set(names)) == sorted(names)

    def test_the_page_tells_of_each_check(self):
        """In their order."""
        page = (ROOT / "docs" / "operating.md").read_text().partition("## The day before")[2]
        table = page.partition("| check |")[2].partition("\n\n")[0]
        assert [check.name for check in CHECKS] == re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)

    def test_quick_is_what_is_quick(self, doctor):
        """Each check that opens nothing and asks no network, in their order."""
        told = json.loads(doctor("--quick", "--json")[1])
        names = list(dict.fromkeys(one["check"].partition(" ")[0] for one in told["findings"]))
        assert (True, [check.name for check in CHECKS if check.quick]) == (told["quick"], names)

    def test_while_the_service_starts_no_part_is_opened(self, doctor, tmp_path, monkeypatch):
        """Nothing is told yet, and the booth wants its camera."""
        asked = tmp_path / "systemctl"
        asked.write_text("#!/bin/sh\necho activating\n")
        asked.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        code, out = doctor("--only", "camera", "--only", "button", "--json")
        told = json.loads(out)["findings"]
        assert (0, [("camera", "skipped"), ("button", "skipped")]) == (
            code, [(one["check"], one["sign"]) for one in told],
        )  # fmt: skip

    @pytest.mark.parametrize("hand", ["--press", "--touch"])
    def test_quick_waits_for_no_hand(self, doctor, hand):
        with pytest.raises(SystemExit) as end:
            doctor("--quick", hand)
        assert 2 == end.value.code


FOUND = [
    Finding("lamp", Sign.OK, "lit"),
    Finding("room", Sign.WARN, "12 visits", "100 visits", "make room on the disk"),
    Finding("camera", Sign.BAD, "no frame\033[2J", cure="look at its cable"),
    Finding("touch", Sign.SKIPPED, "nobody is here"),
]


class TestFaces:
    def test_a_table(self):
        """What to do is on a line of its own, and nothing in it moves a cursor."""
        assert [
            "ok       lamp              lit",
            "warn     room              12 visits (limit 100 visits)\n         -> make room on the disk",
            "bad      camera            no frame\\x1b[2J\n         -> look at its cable",
            "skipped  touch             nobody is here",
        ] == [faces.row(finding, colours=False) for finding in FOUND]

    def test_colours_change_no_word(self):
        """The sign alone is coloured."""
        assert (
            "\033[33mwarn     \033[0mroom              12 visits (limit 100 visits)"
            == faces.row(FOUND[1], colours=True).partition("\n")[0]
        )

    def test_a_summary_begins_with_the_worst(self):
        assert "1 bad, 1 warn, 1 ok, 1 skipped" == faces.summary(FOUND)

    def test_json_says_all_of_it(self):
        """With its schema, and when it was looked."""
        told = json.loads(faces.as_json(FOUND, at=0.0, quick=True))
        assert {"schema": 1, "at": "1970-01-01T00:00:00Z", "quick": True, "worst": "bad"} == {
            name: value for name, value in told.items() if name != "findings"
        }
        room = {
            "check": "room", "sign": "warn", "measured": "12 visits", "limit": "100 visits",
            "cure": "make room on the disk",
        }  # fmt: skip
        assert (4, room) == (len(told["findings"]), told["findings"][1])

    def test_each_name_is_told_on_the_page(self):
        """None is missing there, and none there is missing."""
        page = (ROOT / "docs" / "operating.md").read_text().partition("## The day before")[2]
        table = page.partition("| Name |")[2].partition("\n\n")[0]
        names = list(json.loads(faces.as_json(FOUND, at=0.0, quick=True)))
        assert names == re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
