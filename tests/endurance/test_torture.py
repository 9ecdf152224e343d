"""The torture, short; and that it would notice."""

from dataclasses import replace
from hashlib import md5

import pytest

import lab.torture

ONE, TWO = "20261122-170512-aaaaaaaaaa", "20261122-170912-bbbbbbbbbb"
GIF = b"GIF89a, three frames"
ETAG = md5(GIF, usedforsecurity=False).hexdigest()
MINE, ANOTHERS = 7, 8


@pytest.fixture(scope="module")
def torture():
    """Return what ``scripts/torture`` starts."""
    return lab.torture


@pytest.fixture
def stored(torture):
    """Return the object of a visit whose guest has sent the form."""
    mine = torture.guest(MINE)
    return torture.Stored(
        f"party/{ONE}.gif", GIF, ETAG, {"session": ONE, "name": mine.name, "email": mine.email}, frozenset({ETAG}), 3
    )


def nameless(stored):
    return replace(stored, metadata={"session": ONE})


@pytest.fixture
def seen(torture):
    """Return a visit that went well until its farewell."""
    return torture.Witness(frames=3, exposing=3, serial=MINE, sends=True, farewell="sending")


def wrong(torture, visit, *objects):
    """Return the names of the figures that are missed."""
    return [name for name, _, count in torture.judge({ONE: visit}, objects).figures if count]


class TestJudgement:
    def test_a_visit_that_went_well_is_found_well(self, torture, seen, stored):
        """One object, whole, with the guest's details."""
        assert [] == wrong(torture, seen, stored)

    def test_a_visit_without_an_object_is_lost(self, torture, seen):
        """With all that was promised about it."""
        assert ["lost", "nameless"] == wrong(torture, seen)

    def test_one_frame_is_enough_to_be_lost(self, torture):
        """Whoever saw one taken must find it."""
        assert ["lost"] == wrong(torture, torture.Witness(frames=1, exposing=2))

    def test_without_a_frame_nothing_is_lost(self, torture):
        """Neither an object nor none is wrong: it may be on the disk before the guest sees it."""
        visit = torture.Witness(frames=0, exposing=1)
        assert [] == wrong(torture, visit)

    def test_a_frame_that_nobody_saw_may_be_kept(self, torture, stored):
        """It was on the disk when the power went."""
        assert [] == wrong(torture, torture.Witness(frames=0, exposing=1), replace(nameless(stored), frames=1))

    def test_two_keys_are_a_duplicate(self, torture, seen, stored):
        """However alike they are."""
        assert ["duplicates"] == wrong(torture, seen, stored, replace(stored, key=f"party/{ONE}-again.gif"))

    def test_other_bytes_under_the_key_are_a_duplicate(self, torture, seen, stored):
        """Although what is there now is right."""
        assert ["duplicates"] == wrong(torture, seen, replace(stored, etags=frozenset({ETAG, "0" * 32})))

    def test_a_visit_that_nobody_began_is_a_duplicate(self, torture, seen, stored):
        """So is an object that belongs to none."""
        other = replace(stored, metadata=dict(stored.metadata) | {"session": TWO})
        assert ["duplicates"] == wrong(torture, seen, stored, other)
        assert ["duplicates"] == wrong(torture, seen, stored, replace(stored, metadata={}))

    @pytest.mark.parametrize(
        "change", [{"etag": "0" * 32, "etags": frozenset({"0" * 32})}, {"frames": 2}, {"frames": 0}]
    )
    def test_what_is_not_whole_is_torn(self, torture, seen, stored, change):
        """Other bytes than the server says, fewer frames than the guest saw, or nothing that can be read."""
        assert ["torn"] == wrong(torture, seen, replace(stored, **change))

    def test_an_unreadable_animation_is_torn_whatever_the_guest_saw(self, torture, stored):
        """A visit of which no frame was seen, too."""
        assert ["torn"] == wrong(torture, torture.Witness(), replace(nameless(stored), frames=0))

    @pytest.mark.parametrize("outcome", ["sending", "sent", "saved", "later"])
    def test_a_farewell_without_the_details_is_nameless(self, torture, seen, stored, outcome):
        """It was promised that they are kept."""
        assert ["nameless"] == wrong(torture, replace(seen, farewell=outcome), nameless(stored))

    def test_before_the_farewell_the_details_may_be_missing(self, torture, seen, stored):
        """The finger was on Send, and nothing was said yet: with them or without them."""
        cut = replace(seen, farewell=None)
        assert ([], []) == (wrong(torture, cut, stored), wrong(torture, cut, nameless(stored)))

    def test_details_that_were_not_sent_are_given_away(self, torture, seen, stored):
        """The guest has typed them, and did not send the form."""
        assert ["given away"] == wrong(torture, replace(seen, sends=False, farewell=None), stored)

    def test_somebody_elses_details_are_given_away(self, torture, seen, stored):
        """And missing where they belong."""
        assert ["nameless", "given away"] == wrong(torture, replace(seen, serial=ANOTHERS), stored)


class TestLedger:
    def facts(self, torture, tmp_path, *facts):
        """Return the visit that these lines of a log tell of, and the text of the ledger before it is closed."""
        with torture.Ledger(tmp_path / "ledger") as ledger:
            for fact in facts:
                ledger.take(fact, (MINE, ANOTHERS))
            text = (tmp_path / "ledger").read_text()
        return torture.Ledger.read(text.splitlines())[ONE], text

    @staticmethod
    def state(name, **facts):
        return {"event": "visit.state", "state": name, "session": ONE, **facts}

    def test_a_frame_counts_when_the_booth_has_gone_on(self, torture, tmp_path):
        """While it is exposed, nobody has seen it taken; in the second countdown, one has been."""
        begun = (self.state("GetReady"), self.state("Countdown", shot=1), self.state("Exposing", shot=1))
        assert 0 == self.facts(torture, tmp_path / "..", *begun)[0].frames
        assert 1 == self.facts(torture, tmp_path, *begun, self.state("Countdown", shot=2))[0].frames

    def test_at_the_form_all_frames_have_been_taken(self, torture, tmp_path):
        """However many the booth takes."""
        visit, _ = self.facts(torture, tmp_path, self.state("Exposing", shot=3), self.state("FillingIn"))
        assert (3, None, False, None) == (visit.frames, visit.serial, visit.sends, visit.farewell)

    def test_what_the_guest_did_and_read_is_written_down(self, torture, tmp_path):
        """Whose visit it is, that they sent the form, what the farewell said; and no name."""
        visit, text = self.facts(
            torture, tmp_path, {"event": "guest.types", "session": ONE, "number": 2},
            {"event": "guest.sends", "session": ONE, "number": 2}, self.state("Farewell", outcome="saved"),
            {"event": "entry.sent", "session": ONE},
        )  # fmt: skip
        assert (ANOTHERS, True, "saved") == (visit.serial, visit.sends, visit.farewell)
        other = torture.guest(ANOTHERS)
        assert [] == [part for part in (other.name, other.email) if part in text]


@pytest.mark.parametrize(
    ("waits", "expected"),
    [((), False), ((3,), False), ((3, 3, 3, 3), False), ((3, 3, 3, 3, 3), True), ((9, 8, 8, 7, 8), False),
     ((9, 1, 2, 2, 2, 2), True), ((9, 1, 2, 2, 2, 0), False)],
)  # fmt: skip
def test_undisturbed_runs_go_on_while_they_help(torture, waits, expected):
    """Until less waits no longer; then what waits is left, and counted."""
    assert expected == torture.stands_still(waits)


def test_no_two_guests_are_alike(torture):
    """Else nobody could tell whose details an object has."""
    guests = [torture.guest(serial) for serial in range(2000)]
    assert (2000, 2000) == (len({guest.name for guest in guests}), len({guest.email for guest in guests}))


def test_what_is_no_animation_has_no_frames(torture):
    """Whatever it is instead."""
    assert [0, 0, 0] == [torture.frames_of(body) for body in (b"", GIF, b"<html>")]


def test_a_server_is_never_ill_in_a_way_that_needs_a_person_for_one_visit(torture):
    """Such an entry waits in failed/, on purpose; all other faults over HTTP are tried."""
    assert len(torture.ILLS) > 20
    assert not torture.FOR_A_PERSON & set(torture.ILLS)


def test_nothing_is_lost_twenty_kills_long(command):
    """Four booths, killed twenty times at any moment, all together: lost 0, duplicates 0, torn 0."""
    status, lines, progress = command("torture", "--kills", "20", "--seed", "3", "--booths", "4")
    assert 0 == status, "\n".join(lines)
    assert lines[-1].startswith("torture: 20 kills in ")
    assert lines[-1].endswith(": lost 0, duplicates 0, torn 0")
    assert 7 == sum(line.endswith("0  holds") for line in lines)
    assert "kill   20 of 20" in progress[-1]
