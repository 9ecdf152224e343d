"""The soak, short; and that it would notice."""

import os
import threading
from contextlib import ExitStack
from dataclasses import replace

import pytest

import lab.soak
from booth import rehearsal
from booth.core.form import EMAIL_LIMIT, NAME_LIMIT, Line
from booth.drivers import addresses

SETTLED, END = 100, 1000


@pytest.fixture(scope="module")
def soak():
    """Return what ``scripts/soak`` starts."""
    return lab.soak


@pytest.fixture
def samples(soak):
    """Return the samples of a booth that needs the same all the time, once it has settled."""
    growing = [soak.Sample(rss=80.0 + guest / 5, files=20, fonts=9, threads=8, scratch=0) for guest in range(SETTLED)]
    return [*growing, *[soak.Sample(rss=100.0, files=20, fonts=9, threads=8, scratch=0)] * (END - SETTLED)]


class TestGuests:
    def test_no_two_of_them_have_a_name_or_an_address_in_common(self, soak, tmp_path):
        """What is kept of a name is seen only if there is another one each time."""
        (tmp_path / "names").write_text(soak.people(END), encoding="utf-8")
        guests = rehearsal.read_guests(tmp_path / "names")
        assert [END] * 3 == [len(guests), len({one.name for one in guests}), len({one.email for one in guests})]

    def test_they_are_the_same_each_time(self, soak):
        """So that a run can be had again."""
        assert soak.people(30) == soak.people(30)

    def test_all_they_type_is_taken(self, soak, tmp_path):
        """By the form, and by the judge of addresses."""
        (tmp_path / "names").write_text(soak.people(END), encoding="utf-8")
        judge = addresses.judge()
        for guest in rehearsal.read_guests(tmp_path / "names"):
            typed = Line().insert(guest.name, NAME_LIMIT), Line().insert(guest.email, EMAIL_LIMIT)
            assert (guest.name, guest.email, None) == (typed[0].text, typed[1].text, judge(guest.email))


class TestWhatItNeeds:
    def test_a_booth_that_settles_holds(self, soak, samples):
        """What it needs in the first hundred visits does not count."""
        found = [soak.memory(samples, 5.0), soak.files(samples)]
        assert [True, True] == [finding.holds for finding in found]

    def test_memory_that_keeps_growing_is_missed(self, soak, samples):
        """A hundredth of a MiB a guest is enough, in a thousand guests."""
        leaking = [replace(sample, rss=sample.rss + guest / 100) for guest, sample in enumerate(samples)]
        found = soak.memory(leaking, 5.0)
        assert ("memory", False) == (found.name, found.holds)

    def test_a_visit_that_happens_to_need_much_is_not_missed(self, soak, samples):
        """One of the last is looked at while the garbage has not been collected."""
        samples[-3] = replace(samples[-3], rss=200.0)
        assert soak.memory(samples, 5.0).holds

    def test_a_file_that_stays_open_is_missed(self, soak, samples):
        """One in a thousand guests is enough."""
        leaking = [replace(sample, files=20 + (guest > 900)) for guest, sample in enumerate(samples)]
        found = soak.files(leaking)
        assert ("20", "21", False) == (found.before, found.after, found.holds)

    def test_a_file_that_is_open_for_a_moment_is_not_missed(self, soak, samples):
        """An upload may be under way when a guest leaves."""
        samples[-1] = replace(samples[-1], files=23)
        assert soak.files(samples).holds

    def test_an_upload_at_the_end_of_a_short_run_is_not_missed_either(self, soak, samples):
        """At the ends of some of the last four visits nothing was under way, and that counts; a leak grows on."""
        opened = [12, 12, 12, 13, 12, 13, 13, 13]
        leaking = range(12, 20)
        found = [soak.files([replace(samples[0], files=many) for many in run]) for run in (opened, leaking)]
        assert [True, False] == [finding.holds for finding in found]

    def test_a_font_that_is_opened_late_is_told_and_not_missed(self, soak, samples):
        """There is one for each face and size, and some screens are shown seldom."""
        later = [replace(sample, fonts=9 + (guest > 500)) for guest, sample in enumerate(samples)]
        found = soak.files(later)
        assert (True, True) == (found.holds, found.beside.endswith("9, 10"))

    @pytest.mark.parametrize("guests", [8, 9, 16, 20, 99, 400, 1000])
    def test_then_and_now_are_as_long_and_never_the_same(self, soak, guests):
        """However few guests there are, and the first of all is never looked at."""
        then, now = soak.then_and_now(list(range(1, guests + 1)))
        assert len(then) == len(now) > 0
        assert (guests, True) == (now[-1], then[-1] < now[0])
        assert 1 not in then

    def test_a_process_is_seen_as_it_is(self, soak, tmp_path):
        """A file more, a thread more, a temporary file more: each is counted."""
        before = soak.sample(os.getpid(), (tmp_path,))
        go = threading.Event()
        with ExitStack() as stack:
            thread = threading.Thread(target=go.wait)
            thread.start()
            stack.callback(thread.join)
            stack.callback(go.set)
            stack.enter_context((tmp_path / "one").open("w"))
            after = soak.sample(os.getpid(), (tmp_path, tmp_path / "missing"))
        assert (before.files + 1, before.threads + 1, before.scratch + 1) == (after.files, after.threads, after.scratch)
        assert 5 < before.rss < 5000


class TestWhatAGuestFeels:
    def run(self, soak, first, last, *, costs=(0.02, 0.02)):
        times = {"frame_time_p99_first_s": first, "frame_time_p99_last_s": last}
        spent = {"frame_cpu_p99_first_s": costs[0], "frame_cpu_p99_last_s": costs[1]}
        return soak.smoothness([{}] * 1000, times | spent, 20.0)

    def test_frames_that_take_as_long_hold(self, soak):
        """Up to a fifth more."""
        assert self.run(soak, 0.020, 0.0239).holds

    def test_frames_that_take_longer_because_they_cost_more_are_missed(self, soak):
        """By the clock, and by the processor's time."""
        found = self.run(soak, 0.020, 0.025, costs=(0.02, 0.025))
        assert ("frames", False) == (found.name, found.holds)

    def test_a_machine_that_others_have_made_slow_is_no_miss(self, soak):
        """The slowest frames took longer, and cost no more."""
        assert self.run(soak, 0.020, 0.060).holds


class TestWhatIsLeft:
    def test_a_temporary_file_is_missed(self, soak):
        """By its name."""
        assert (True, False) == (soak.leftovers([]).holds, soak.leftovers(["tmp/magick-x"]).holds)
        assert "tmp/magick-x" in soak.leftovers(["tmp/magick-x"]).beside

    @pytest.mark.parametrize(
        ("status", "stored", "outbox"),
        [(1, 9, {}), (0, 8, {}), (0, 9, {"open": 1}), (0, 9, {"pending": 1}), (0, 9, {"failed": 1})],
    )
    def test_a_guest_that_is_not_in_the_bucket_is_missed(self, soak, status, stored, outbox):
        """Or one whose visit waits, or a rehearsal that complains."""
        places = {"open": 0, "pending": 0, "failed": 0} | outbox
        assert not soak.keeping(9, status, {"stored": stored, "outbox": places}).holds

    def test_all_guests_in_the_bucket_hold(self, soak):
        """And nothing waits."""
        assert soak.keeping(9, 0, {"stored": 9, "outbox": {"open": 0, "pending": 0, "failed": 0}}).holds


def test_a_booth_is_after_eight_guests_what_it_was_after_two(command, tmp_path):
    """Its files and threads, and its memory but for boto3, which comes with the first upload, and that may be late.

    Nothing is lost, and no temporary file is left.
    """
    status, lines, progress = command("soak", "--guests", "8", "--growth", "40", "--slower", "1000")
    assert 0 == status, "\n".join(lines)
    assert "soak: all 7 figures hold" == lines[-1]
    assert lines[1].startswith("8 guests in ")
    assert "guest     8," in progress[-1]
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("camera", ["webcam", "raw-webcam"])
def test_so_is_one_before_a_webcam(command, camera):
    """The real driver, whether it keeps the device's JPEGs or makes them."""
    status, lines, _ = command("soak", "--guests", "8", "--camera", camera, "--growth", "40", "--slower", "1000")
    assert 0 == status, "\n".join(lines)
    assert "soak: all 7 figures hold" == lines[-1]


def test_a_webcam_that_cannot_be_pretended_is_told(soak, tmp_path, monkeypatch):
    """There is no C compiler everywhere."""
    monkeypatch.setenv("CC", str(tmp_path / "none"))
    with pytest.raises(soak.SoakError, match="pretended by a library in C, and that cannot be compiled"):
        soak.before("webcam", tmp_path)


def test_a_figure_that_is_missed_is_named_in_the_last_line(soak, samples):
    """With a status that is not 0."""
    well, ill = soak.memory(samples, 5.0), soak.leftovers(["tmp/magick-x"])
    assert ("soak: all 2 figures hold", 0) == soak.verdict([well, soak.leftovers([])])
    assert ("soak: 1 of 2 figures MISSED: leftovers", 1) == soak.verdict([well, ill])
    _, *lines = soak.table([well, ill])
    assert [True, True] == ["  holds " in lines[0], "  MISSED  tmp/magick-x" in lines[1]]
