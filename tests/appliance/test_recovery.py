"""The screen that says that the booth cannot be started: on a file that is the framebuffer."""

import json
import shutil
from pathlib import Path

import pygame
import pytest

from booth.ui.theme import USUAL, named
from tests.appliance.test_splash import Display, apart

ROOT = Path(__file__).parents[2]
SYSTEMD = ROOT / "systemd"
PAPER = named(USUAL).paper

CRASH = json.dumps({
    "timestamp": "2026-11-29T20:00:00Z", "level": "error", "event": "bug",
    "exception": 'Traceback (most recent call last):\n  File "booth/x.py", line 7, in run\nValueError: no such frame\n',
})  # fmt: skip
PLAIN = ["Traceback (most recent call last):", '  File "booth/__main__.py", line 3, in <module>',
         "ModuleNotFoundError: No module named 'pygame'"]  # fmt: skip
WRONG = "booth: booth.toml:12:1: event.nam: there is no such setting; did you mean name?"
LOST = "booth: the third partition of the card, which keeps the visits, could not be opened"
NO_PLACE = [
    "Dependency failed for booth.service - Photo booth.",
    "booth.service: Job booth.service/start failed with result 'dependency'.",
    "booth.service: Triggering OnFailure= dependencies.",
]
"""What the manager says when the place of the visits cannot be mounted: the booth itself is not started at all."""
EXITED = [
    "booth.service: Main process exited, code=exited, status=1/FAILURE",
    "booth.service: Failed with result 'exit-code'.",
]


class Booth:
    """A booth that could not be started, on a display, with a journal."""

    def __init__(self, folder, run):
        self.folder, self._run = folder, run
        self.release = folder / "release"
        for kind in ("splash", "letters"):
            shutil.copytree(ROOT / "assets" / kind, self.release / "site/booth/assets" / kind)
        (folder / "bin").mkdir()
        self.display = None
        self.says([])

    def shown_on(self, width, height, bits=32):
        self.display = Display(self.folder, width, height, bits, width * bits // 8)
        return self.display

    def says(self, lines):
        """Have the journal end with these lines."""
        (self.folder / "journal").write_text("".join(f"{line}\n" for line in lines))
        (fake := self.folder / "bin/journalctl").write_text(f"#!/bin/sh\ncat {self.folder}/journal\n")
        fake.chmod(0o755)

    def tell(self, program="recovery-screen", **environ):
        """Run it; return the outcome."""
        usual = {
            "BOOTH_FRAMEBUFFER": str(self.folder / "fb0"), "BOOTH_GRAPHICS": str(self.folder),
            "BOOTH_CONSOLE": str(self.folder / "tty1"), "BOOTH_BUILT_IN": str(self.release),
            "BOOTH_RECOVERY_WAIT": "0", "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
        }  # fmt: skip
        return self._run(SYSTEMD / program, **usual | environ)

    def words(self, *lines):
        """Return the words for such a journal, what is told of it last of all."""
        self.says(lines)
        said = [line.strip() for line in self.tell().out]
        help_at = (
            said.index("For whoever is asked for help:") if "For whoever is asked for help:" in said else len(said)
        )
        return " ".join(said[:help_at]), said[help_at + 1 :]


@pytest.fixture
def booth(tmp_path, run):
    return Booth(tmp_path, run)


def inked(picture):
    """Return the smallest box around what is not paper."""
    mask = pygame.mask.from_threshold(picture, PAPER, (12, 12, 12, 255))
    mask.invert()
    boxes = mask.get_bounding_rects()
    return boxes[0].unionall(boxes[1:])


class TestWords:
    def test_a_crash_in_the_log_is_read(self, booth):
        """The log's lines are JSON: the last line of what was raised is what helps."""
        assert ["bug: ValueError: no such frame"] == booth.words(CRASH, *EXITED)[1]

    def test_what_python_says_itself_is_read(self, booth):
        """Before there is a log: the line of the error, and none of the traceback."""
        assert [PLAIN[-1]] == booth.words(*PLAIN, *EXITED)[1]

    def test_if_nobody_says_more_the_manager_s_own_words_are_told(self, booth):
        assert ["Main process exited, code=exited, status=1/FAILURE", "Failed with result 'exit-code'."] == booth.words(
            *EXITED
        )[1]

    def test_what_was_before_it_was_last_ready_is_not_told(self, booth):
        """It was killed by the watchdog an hour ago, and came back: what ends it now is something else."""
        hung = ["booth.service: Watchdog timeout (limit 20s)!", "Started booth.service - Photo booth."]
        said, told = booth.words(*hung, CRASH, *EXITED)
        assert (1, ["bug: ValueError: no such frame"]) == (said.count("The booth was started several times"), told)

    def test_without_a_journal_there_are_words_all_the_same(self, booth):
        (booth.folder / "bin/journalctl").write_text("#!/bin/sh\nexit 1\n")
        said = [line.strip() for line in booth.tell().out]
        assert "Back soon." in said
        assert "For whoever is asked for help:" not in said

    def test_each_is_told_once_and_the_newest_stay(self, booth):
        """Five starts fail in the same way: that is one fact."""
        many = [f"booth: mistake {number}" for number in range(9)]
        assert [f"mistake {number}" for number in (6, 7, 8, 5)] == booth.words(*many, *many, many[5])[1]

    def test_they_are_bounded(self, booth):
        """Whatever is in the journal: a line of a megabyte, nested JSON, bytes that are no text."""
        nested = '{"level":"error","event":' + "[" * 100_000
        _, told = booth.words(
            nested, "booth: " + "x " * 500_000, "booth: \x1b[31mred\x07", '{"level":"error","event":7}', "{}"
        )
        assert ["[31mred", "7"] == told[-2:]
        assert sum(map(len, told)) < 240

    def test_a_word_without_an_end_is_not_searched_to_its_end(self, booth):
        """What looks for addresses in it would take minutes; and what may be the half of one is not told."""
        endless = "wJalr.ann." * 19_000
        assert ["cannot be used:"] == booth.words(f"booth: cannot be used: {endless}@example.com")[1]
        assert ["(something that has no end)"] == booth.words(f"booth: {endless}")[1]

    @pytest.mark.parametrize(
        "private",
        ["ann@example.com", "name='Ann'", 'name: "Ann Smith"', "email=ann%40example.com", "password = hunter2",
         "secret_access_key: wJalrXUtnFEMI", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "guest=Ann"],
    )  # fmt: skip
    def test_nothing_of_anybody_s_is_told(self, booth, private):
        """The log has none of it; a foreign library's last words might."""
        [told] = booth.words(f"ValueError: cannot use {private}")[1]
        assert "ValueError: cannot use (private)" == told

    @pytest.mark.parametrize(
        ("lines", "happened"),
        [
            ([LOST, *EXITED], "The card does not give the place where visits are kept"),
            (NO_PLACE, "The card does not give the place where visits are kept"),
            ([WRONG], "There is something in booth.toml that the booth cannot use."),
            (
                ["booth.service: Main process exited, code=exited, status=2/INVALIDARGUMENT"],
                "There is something in booth.toml",
            ),
            (PLAIN, "The booth's own program is not whole."),
            (["SyntaxError: invalid syntax"], "The booth's own program is not whole."),
            (
                ["booth.service: A process of this unit has been killed by the OOM killer."],
                "The booth had more to do than fits",
            ),
            (["pygame.error: No available video device"], "The booth could not draw on this screen."),
            (["booth.service: Watchdog timeout (limit 20s)!"], "The booth stood still again and again"),
            ([CRASH], "The booth was started several times, and stopped each time."),
            ([], "The booth was started several times, and stopped each time."),
        ],
    )
    def test_it_is_said_what_happened(self, booth, lines, happened):
        """In the words of whoever owns the booth; what can be done is for somebody without a login."""
        said, _ = booth.words(*lines)
        assert 1 == said.count(happened)
        assert all(step in said for step in ("1. Wait a little", "2. Pull the plug", "3. "))
        assert not any(word in said for word in ("journalctl", "SSH", "systemctl", "serial"))

    def test_pictures_are_called_safe_unless_their_place_is_lost(self, booth):
        assert [1, 0, 0] == [
            booth.words(*lines)[0].count("Pictures that were taken are safe.") for lines in ([CRASH], [LOST], NO_PLACE)
        ]


class TestScreen:
    @pytest.mark.parametrize(
        ("size", "bits"),
        [((800, 480), 32), ((800, 480), 16), ((1024, 600), 32), ((480, 800), 16), ((600, 1024), 32), ((480, 320), 32)],
    )
    @pytest.mark.parametrize("lines", [[CRASH], [WRONG, LOST, *PLAIN, "booth: " + "long words " * 40]])
    def test_it_is_the_booth_s_own_and_nothing_is_cut(self, booth, size, bits, lines):
        """The microwave asleep, and words within the margins, on the paper of the booth."""
        display = booth.shown_on(*size, bits)
        booth.says(lines)
        assert 0 == booth.tell().status
        seen = display.seen()
        assert apart(PAPER, seen.get_at((0, 0))) <= 4
        box = inked(seen)
        assert box.left >= 8
        assert box.top >= 8
        assert box.right <= size[0] - 8
        assert box.bottom <= size[1]
        assert box.width >= size[0] * 0.8
        assert box.height >= size[1] * 0.6

    def test_letters_can_be_read(self, booth):
        """On the smallest panel that is common, the tallest line of the steps has 15 pixels and more of ink."""
        display = booth.shown_on(800, 480)
        booth.says([CRASH])
        booth.tell()
        seen = display.seen()
        ink = (0x2B, 0x2B, 0x33)
        dark = [any(apart(ink, seen.get_at((x, y))) < 40 for x in range(50, 500)) for y in range(180, 400)]
        tall = max(len(run) for run in "".join("#" if row else " " for row in dark).split())
        assert 15 <= tall <= 30

    def test_it_needs_nothing_of_the_booth_s_own_code(self, booth):
        """A release without a line of Python in it, and one in which every module is broken."""
        display = booth.shown_on(800, 480)
        (booth.release / "site/json.py").write_text("raise SystemExit(9)\n")
        (booth.release / "site/booth/__init__.py").write_text("(\n")
        assert 0 == booth.tell(PYTHONPATH=str(booth.release / "site")).status
        assert inked(display.seen()).width > 600

    def test_without_a_screen_the_words_are_on_the_console(self, booth):
        """And it says so to whoever started it."""
        outcome = booth.tell()
        assert (1, True) == (outcome.status, "Back soon." in [line.strip() for line in outcome.out])
        assert outcome.err[-1].startswith("recovery: ")

    @pytest.mark.parametrize("broken", ["exit 1", "kill -9 $$", "exec /nowhere"])
    def test_without_python_the_shell_has_words(self, booth, broken):
        (program := booth.folder / "broken").write_text(f"#!/bin/sh\n{broken}\n")
        program.chmod(0o755)
        outcome = booth.tell("recovery", BOOTH_RECOVERY_SCREEN=str(program))
        assert 0 == outcome.status
        assert "    Back soon." in outcome.out

    def test_it_is_drawn_again_while_it_waits(self, booth):
        """A screen that comes later shows it, too."""
        (program := booth.folder / "counting").write_text(f"#!/bin/sh\necho x >>{booth.folder}/count\n")
        program.chmod(0o755)
        environ = {"BOOTH_RECOVERY_SCREEN": str(program), "BOOTH_RECOVERY_AGAIN": "1", "BOOTH_RECOVERY_WAIT": "2"}
        (quick := booth.folder / "bin/sleep").write_text("#!/bin/sh\n")
        quick.chmod(0o755)
        assert 0 == booth.tell("recovery", **environ).status
        assert 2 == len((booth.folder / "count").read_text().split())


class TestTheThirdPartition:
    @pytest.fixture
    def kept(self, run, tmp_path):
        def check(*, mounted, ours):
            (bin_ := tmp_path / "bin").mkdir()
            for name, status in (("mountpoint", 0 if mounted else 1), ("disk", 0 if ours else 1)):
                (bin_ / name).write_text(f"#!/bin/sh\nexit {status}\n")
                (bin_ / name).chmod(0o755)
            outcome = run(SYSTEMD / "kept", PATH=f"{bin_}:/usr/bin:/bin", BOOTH_DISK=str(bin_ / "disk"))
            return outcome.status, outcome.err

        return check

    def test_a_card_that_keeps_visits_is_started(self, kept):
        assert (0, []) == kept(mounted=True, ours=True)

    @pytest.mark.parametrize(("mounted", "ours"), [(False, True), (True, False)])
    def test_one_that_does_not_is_told_and_not_started(self, kept, mounted, ours):
        """The words are those that the screen knows."""
        assert (1, [LOST]) == kept(mounted=mounted, ours=ours)

    def test_nothing_that_may_be_lost_is_required(self):
        """What is required and missing has the unit not started, without a word: the check would not be reached."""
        lines = (SYSTEMD / "card.conf").read_text().splitlines()
        assert [] == [line for line in lines if line.startswith(("Requires", "BindsTo", "Requisite"))]
        assert {"ExecStartPre=+/usr/lib/booth/kept", "After=data.mount var-lib-booth.mount booth-card.service"} <= set(
            lines
        )
