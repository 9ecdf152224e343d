"""What the bench computes and prints. How fast anything is, is for the bench to judge, and not for a test."""

import os
import signal
import subprocess
import time

import pytest

from booth.settings.loading import load
from lab import products
from lab.bench import booths, targets


@pytest.fixture(scope="module")
def bench():
    """Return what ``scripts/bench`` starts."""
    return targets


@pytest.fixture(scope="module")
def bench_booth():
    """Return the booths that it looks at."""
    return booths


@pytest.fixture
def finding(bench):
    """Make findings of a figure with a target of 10 s."""
    return lambda reached, *beside: bench.Finding("a figure", reached, 10.0, "s", beside)


def test_a_target_that_is_just_reached_holds(finding):
    """At most means at most."""
    assert (True, False) == (finding(10.0).holds, finding(10.001).holds)


def test_the_table_says_target_reached_and_what_is_known_beside(bench, finding):
    """Whoever reads a figure sees what it is held against."""
    heading, holds, beside, missed = bench.table([finding(2.5, "of three"), finding(11.0)])
    assert ["target", "reached", "of", "it"] == heading.split()
    assert ["a", "figure", "<=", "10", "s", "2.5", "s", "25", "%", "holds"] == holds.split()
    assert "    of three" == beside
    assert ["11", "s", "110", "%", "MISSED"] == missed.split()[-5:]


def test_the_last_line_says_that_all_targets_hold(bench, finding):
    """And the exit status is 0."""
    assert ("bench: all 2 targets hold", 0) == bench.verdict({"a": finding(1.0), "b": finding(2.0)}, ["a", "b"])


def test_the_last_line_says_which_targets_were_missed(bench, finding):
    """What could not be measured does not hold either."""
    found = {"a": finding(1.0), "b": finding(11.0), "c": bench.BenchError("it ended")}
    assert ("bench: 2 of 3 targets MISSED: b, c", 1) == bench.verdict(found, ["a", "b", "c"])


def test_the_last_line_says_what_was_not_looked_at(bench, finding):
    """Two targets that hold are not five."""
    last, status = bench.verdict({"a": finding(1.0)}, ["a", "b", "c"])
    assert ("bench: all 1 targets hold (not looked at: b, c)", 0) == (last, status)


def test_a_figure_that_holds_is_measured_once(bench, finding):
    """There is nothing to say about it."""
    first = finding(9.0)
    assert first == bench.patiently(iter([first]).__next__)


def test_a_figure_that_misses_is_measured_again(bench, finding):
    """The one that holds counts, and the output tells of the others."""
    found = bench.patiently(iter([finding(12.0), finding(9.0, "calm")]).__next__)
    said = ("calm", "measured 2 times, for the machine is shared; the other times: 12 s")
    assert (9.0, said) == (found.reached, found.beside)


def test_a_figure_that_misses_three_times_is_missed(bench, finding):
    """By the best of the three."""
    found = bench.patiently(iter([finding(12.0), finding(11.0), finding(13.0)]).__next__)
    assert (11.0, False) == (found.reached, found.holds)


def test_cpu_seconds_are_read_behind_the_name(bench):
    """A process may be called anything, with brackets and blanks; its CPU is in ticks of the kernel's."""
    stat = f"42 (a ) b) S {' '.join(['0'] * 10)} {3 * bench.TICK} {bench.TICK} {bench.TICK // 2} 0 20 0"
    assert (4.0, 0.5) == bench.spent(stat)


def test_the_peak_is_in_mib(bench):
    """As the rehearsal's summary has it."""
    assert 2.0 == bench.peak("Name:\tpython\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n")


def test_the_dearest_imports_come_first(bench):
    """By what each took itself, and without what else is on standard error."""
    lines = [
        "import time: self [us] | cumulative | imported package",
        "import time:       500 |       9000 |   cheap",
        '{"event": "camera.open"}',
        "import time:      8500 |       8500 |     dear",
    ]
    assert ["  0.009 s  dear", "  0.001 s  cheap"] == list(bench.dearest(lines, 5))
    assert 1 == len(list(bench.dearest(lines, 1)))


def test_the_finding_on_presses_counts_those_with_gm_at_work(bench):
    """The others are told of, and do not better the figure."""
    found = bench.reaction({"busy": [0.03, 0.02, 0.04], "quiet": [0.01], "between": [0.09]})
    assert 0.04 == found.reached
    assert [
        "3 presses, each while the booth's own gm made the GIF of the guest before: 3 GIFs",
        "with no GIF in the making: 1 presses, p50 0.0100 s, slowest 0.0100 s",
        "not counted: 1 during which gm began or ended, slowest 0.0900 s",
    ] == list(found.beside[1:])


def test_without_gm_at_work_there_is_no_finding_on_presses(bench):
    """A figure that was not measured is none."""
    with pytest.raises(bench.BenchError, match="gm was at work"):
        bench.reaction({"busy": [], "quiet": [0.01], "between": []})


def test_idling_is_told_as_a_multiple_of_a_loop_that_does_nothing(bench):
    """What was measured beside it is told, too; and what came before is no part of it."""
    found = bench.idling(bench.Idling(share=1.2, warming=2.5, most=90.0, bare=0.3), "no Xvfb")
    assert (True, 4.0, "") == (found.holds, round(found.reached, 9), found.unit)
    assert (
        "24 s, no display: the booth 1.20 %, the bare loop 0.30 % of a core",
        "in the 24 s before, in which it draws the coming screens: 2.50 %",
        "no Xvfb",
    ) == found.beside
    assert not bench.idling(bench.Idling(share=1.3, warming=2.5, most=90.0, bare=0.3), "").holds


def test_the_processor_time_of_another_process_is_read_to_less_than_a_tick(bench):
    """A bare loop takes some five ticks in all."""
    own = [bench.cpu_of(os.getpid())]
    own += [time.process_time(), bench.cpu_of(os.getpid())]
    assert sorted(own) == own


def test_the_dearest_part_of_a_frame_comes_first(bench):
    """With its share of all frames; a part that was not needed in a frame took nothing there."""
    frames = [{"painting": 0.003, "update": 0.001}, {"painting": 0.003, "events": 0.001}]
    said = [line.split(":")[0].split() for line in bench.shares(frames)]
    assert [["75.0", "%", "painting"], ["12.5", "%", "update"], ["12.5", "%", "events"]] == said


@pytest.mark.alone
def test_a_part_of_a_frame_is_not_counted_twice(bench_booth):
    """What has another part in it has only its own time; a round is the sum of its parts."""
    ledger = bench_booth.Ledger()
    began = time.perf_counter()
    with ledger.part("outer"):
        for _ in range(2):
            with ledger.part("inner"):
                sum(range(200_000))
    whole = time.perf_counter() - began
    [parts] = ledger.rounds
    assert {"inner", "outer"} == set(parts)
    assert parts["outer"] < parts["inner"] < whole
    assert sum(parts.values()) <= whole


def test_each_round_has_parts_of_its_own(bench_booth):
    """And what it took of the processor."""
    ledger = bench_booth.Ledger()
    for name in ("one", "other"):
        with ledger.part(name):
            pass
    assert ([{"one"}, {"other"}], 2) == ([set(parts) for parts in ledger.rounds], len(ledger.cpu))


def test_a_measured_booth_has_settings_and_a_place_of_its_own(bench, monkeypatch):
    """What is set on this machine changes no figure, and its visits are left alone."""
    for key in ("BOOTH_ZENKO__BUCKET", "DISPLAY", "SDL_VIDEODRIVER", "PYTHONOPTIMIZE", "NOTIFY_SOCKET"):
        monkeypatch.setenv(key, "ours")
    environ = bench.environment("/some/where")
    assert ("/some/where", os.environ["PATH"]) == (environ["XDG_STATE_HOME"], environ["PATH"])
    assert "ours" not in environ.values()


def test_a_part_that_there_is_not_is_refused(bench, capsys):
    """With the names of those that there are."""
    with pytest.raises(SystemExit) as refused:
        bench.main(["speed"])
    assert 2 == refused.value.code
    assert "'speed' is none of gif, press, frame, start, idle, memory, backlog" in capsys.readouterr().err


def test_a_part_that_there_is_not_with_products_is_refused(bench, capsys):
    """What does not depend on what is made has one target, whatever is."""
    with pytest.raises(SystemExit) as refused:
        bench.main(["press", "--products"])
    assert 2 == refused.value.code
    assert "'press' is none of idle, memory" in capsys.readouterr().err


def test_all_that_guests_can_take_home_is_switched_on(bench_booth):
    """In the booth that is left alone, and in those that are processes of their own."""
    settings = bench_booth.settings_of(products.SETTINGS)
    named = load(config=booths.ROOT / "config" / "booth.toml", environ=products.environment(), overrides={})
    assert settings == named.settings
    on = (settings.clip.enabled, settings.strip.enabled, settings.page.enabled, settings.share.linked)
    assert (True, True, True, True, "corner") == (*on, settings.layout.file)


def test_gm_is_seen_at_work(bench_booth):
    """As long as it runs, and only if this process has started it."""
    before = bench_booth.gm_at_work()
    with subprocess.Popen(["gm", "convert", "jpeg:-", "null:"], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as gm:
        during = bench_booth.gm_at_work()
        gm.kill()
    assert (False, True, False, -signal.SIGKILL) == (before, during, bench_booth.gm_at_work(), gm.returncode)


def test_the_measured_booth_is_at_its_built_in_settings(bench_booth, monkeypatch):
    """But for the haste of its guests."""
    monkeypatch.setenv("BOOTH_BUTTON__DEBOUNCE_S", "0.001")
    settings = bench_booth.settings_of(bench_booth.IN_HASTE)
    assert (0.02, 4, 0.05) == (settings.button.debounce_s, settings.countdown.shots, settings.countdown.seconds)


def test_the_command_hands_its_arguments_on(machine):
    """`scripts/bench gif idle` measures these two, with the checkout's own Python."""
    machine.run("scripts/setup")
    assert 0 == machine.run("scripts/bench", "gif", "idle").status
    assert "python -m lab.bench.targets gif idle" == machine.calls[-1]


def test_the_command_compares_the_gifs_of_a_folder(machine):
    """`scripts/bench gif FOLDER` is for those of others, and has what they are made with."""
    machine.run("scripts/setup")
    assert 0 == machine.run("scripts/bench", "gif", "scripts", "--rounds", "1").status
    assert "python -m lab.bench.rivals scripts --rounds 1" == machine.calls[-1]


def test_the_command_sets_up_what_is_not_there(machine):
    """On a fresh clone it begins with the set-up, and goes no further where that fails."""
    machine.settings["FAKE_PIP"] = "exit 1"
    assert 1 == machine.run("scripts/bench").status
    assert not any("lab.bench" in call for call in machine.calls)
