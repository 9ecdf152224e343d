"""The torture, short; and that it would notice."""

from dataclasses import replace
from hashlib import md5

import pytest

import lab.torture
from booth.errors import CompositorError
from lab import double

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
        torture.ONE[0], f"party/{ONE}.gif", GIF, ETAG, {"session": ONE, "name": mine.name, "email": mine.email},
        frozenset({ETAG}), 3,
    )  # fmt: skip


@pytest.fixture
def doubled(torture, stored):
    """Return the objects of the same visit at a doubled booth: its animation and its strip, at both targets."""
    keys = {"image/gif": stored.key, "image/jpeg": f"party/{ONE}-strip.jpg"}
    return [replace(stored, place=place, key=keys[place.media_type]) for place in torture.TWO]


def nameless(stored):
    return replace(stored, metadata={"session": ONE})


@pytest.fixture
def seen(torture):
    """Return a visit that went well until its farewell."""
    return torture.Witness(frames=3, exposing=3, serial=MINE, sends=True, farewell="sending")


def wrong(torture, visit, *objects):
    """Return the names of the figures that are missed."""
    return [name for name, _, count in torture.judge({ONE: visit}, objects).figures if count]


def wrong_doubled(torture, visit, objects):
    """Return the same of a doubled booth."""
    return [name for name, _, count in torture.judge({ONE: visit}, objects, torture.TWO).figures if count]


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


EACH = pytest.mark.parametrize("which", range(4), ids=["GIF", "strip", "attic's GIF", "attic's strip"])


class TestJudgementOfTwo:
    """Two products for two targets: exactly one object for each product at each target."""

    def test_what_went_well_is_found_well(self, torture, seen, doubled):
        """Four objects, whole, each with the guest's details."""
        assert [] == wrong_doubled(torture, seen, doubled)

    def test_these_four_are_all_there_are(self, torture):
        """By the names that the booth has for them."""
        places = [(place.target, place.media_type) for place in torture.TWO]
        assert [
            ("bucket", "image/gif"), ("bucket", "image/jpeg"), ("attic", "image/gif"), ("attic", "image/jpeg")
        ] == places  # fmt: skip

    @EACH
    def test_one_that_is_missing_is_lost(self, torture, seen, doubled, which):
        """Though the three others are there."""
        del doubled[which]
        assert ["lost"] == wrong_doubled(torture, seen, doubled)

    @EACH
    def test_one_that_is_missing_is_lost_though_nobody_saw_a_frame(self, torture, doubled, which):
        """What is kept of a visit at all is kept whole."""
        theirs = [replace(nameless(stored), frames=1) for number, stored in enumerate(doubled) if number != which]
        assert ["lost"] == wrong_doubled(torture, torture.Witness(exposing=1), theirs)

    @EACH
    def test_one_that_is_there_twice_is_a_duplicate(self, torture, seen, doubled, which):
        """At its target, under another key."""
        again = replace(doubled[which], key=f"party/{ONE}-again")
        assert ["duplicates"] == wrong_doubled(torture, seen, [*doubled, again])

    @EACH
    def test_one_that_was_other_bytes_is_a_duplicate(self, torture, seen, doubled, which):
        """Although what is there now is right."""
        doubled[which] = replace(doubled[which], etags=frozenset({ETAG, "0" * 32}))
        assert ["duplicates"] == wrong_doubled(torture, seen, doubled)

    @EACH
    def test_one_that_is_at_another_place_is_lost_and_a_duplicate(self, torture, seen, doubled, which):
        """Both of one kind at one target are not one of each."""
        other = doubled[which - 1]
        doubled[which] = replace(other, key=f"{other.key}-again")
        assert ["lost", "duplicates"] == wrong_doubled(torture, seen, doubled)

    def test_what_nobody_has_ordered_is_a_duplicate(self, torture, seen, doubled):
        """A product of a third kind."""
        page = replace(doubled[0], place=replace(doubled[0].place, media_type="text/html"), key=f"party/{ONE}.html")
        assert ["duplicates"] == wrong_doubled(torture, seen, [*doubled, page])

    @EACH
    def test_one_with_fewer_frames_is_torn(self, torture, seen, doubled, which):
        """Whichever: the guest has seen three."""
        doubled[which] = replace(doubled[which], frames=2)
        assert ["torn"] == wrong_doubled(torture, seen, doubled)

    @EACH
    def test_one_without_the_details_is_nameless(self, torture, seen, doubled, which):
        """They go with each."""
        doubled[which] = nameless(doubled[which])
        assert ["nameless"] == wrong_doubled(torture, seen, doubled)

    def test_what_one_target_and_one_product_have_is_not_all(self, torture, seen, stored):
        """The animation alone, in the bucket alone, is what a booth that forgot the others leaves."""
        assert ["lost"] == wrong_doubled(torture, seen, [stored])


class TestJudgementOfAll:
    """Clip and strip beside the GIF, a page, and the details in an object of their own."""

    @pytest.fixture
    def home(self, torture, stored):
        """Return the objects of a visit of which its guest takes home all that there is."""
        made = [replace(nameless(stored), place=place, key=f"party/{place.media_type}") for place in torture.THREE]
        page = replace(nameless(stored), place=torture.PAGED, key=f"party/{ONE}.html")
        return [*made, page, replace(stored, place=torture.TOLD, key=f"party/{ONE}.json")]

    def wrong(self, torture, visit, objects):
        """Return the names of the figures that are missed."""
        return [name for name, _, count in torture.judge({ONE: visit}, objects, torture.THREE).figures if count]

    def test_a_visit_that_went_well_is_found_well(self, torture, seen, home):
        """Five objects; its guest is named in one."""
        assert [] == self.wrong(torture, seen, home)

    def test_a_page_may_be_missing(self, torture, seen, home):
        """The server did not take it when it was made: the code led to the GIF."""
        assert [] == self.wrong(torture, seen, [*home[:3], home[4]])

    def test_a_page_may_have_been_another(self, torture, seen, home):
        """A cut came between it and what was confirmed; its links are signed anew."""
        home[3] = replace(home[3], etags=frozenset({ETAG, "0" * 32}))
        assert [] == self.wrong(torture, seen, home)

    @pytest.mark.parametrize("which", [0, 1, 2, 4], ids=["GIF", "clip", "strip", "details"])
    def test_all_else_may_not(self, torture, seen, home, which):
        """What is committed is settled."""
        home[which] = replace(home[which], etags=frozenset({ETAG, "0" * 32}))
        assert ["duplicates"] == self.wrong(torture, seen, home)

    @pytest.mark.parametrize("which", range(3), ids=["GIF", "clip", "strip"])
    def test_a_page_makes_up_for_no_picture(self, torture, seen, home, which):
        """It would lead to nothing."""
        del home[which]
        assert ["lost"] == self.wrong(torture, seen, home)

    def test_a_page_alone_is_a_visit_that_is_lost(self, torture, home):
        """Nobody has seen a frame; who put a page had put all else."""
        assert ["lost"] == self.wrong(torture, torture.Witness(exposing=1), [home[3]])

    @pytest.mark.parametrize("which", range(5), ids=["GIF", "clip", "strip", "page", "details"])
    def test_two_of_one_are_a_duplicate(self, torture, seen, home, which):
        """Under another key."""
        again = replace(home[which], key="party/again")
        assert ["duplicates"] == self.wrong(torture, seen, [*home, again])

    @pytest.mark.parametrize("which", range(5), ids=["GIF", "clip", "strip", "page", "details"])
    def test_what_is_not_whole_is_torn(self, torture, seen, home, which):
        """Nothing can be read of it."""
        home[which] = replace(home[which], frames=0)
        assert ["torn"] == self.wrong(torture, seen, home)

    def test_a_farewell_without_the_details_is_nameless(self, torture, seen, home):
        """The object that has them is not there."""
        assert ["nameless"] == self.wrong(torture, seen, home[:4])

    @pytest.mark.parametrize("which", range(4), ids=["GIF", "clip", "strip", "page"])
    def test_details_in_what_a_link_leads_to_are_given_away(self, torture, seen, stored, home, which):
        """Whoever has the link reads them."""
        home[which] = replace(home[which], metadata=stored.metadata)
        assert ["given away"] == self.wrong(torture, seen, home)

    def test_an_address_on_the_page_is_given_away(self, torture, seen, home):
        """Whoever has the link reads that, too."""
        body = f"for {torture.guest(MINE).email}".encode()
        etag = md5(body, usedforsecurity=False).hexdigest()
        home[3] = replace(home[3], body=body, etag=etag, etags=frozenset({etag}))
        assert ["given away"] == self.wrong(torture, seen, home)

    def test_a_page_and_details_are_whole_to_their_end(self, torture):
        """A page that breaks off, or details that do, are none."""
        page = b"<!doctype html>\n<html></html>\n"
        found = [torture.frames_of(body, torture.PAGED.media_type) for body in (page, page[:-3], page[3:])]
        assert [torture.MOST_FRAMES, 0, 0] == found
        found = [torture.frames_of(body, torture.TOLD.media_type) for body in (b'{"name": "A"}', b'{"na', b"[]")]
        assert [torture.MOST_FRAMES, 0, 0] == found


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
    bodies = (b"", GIF, b"<html>")
    assert [0, 0, 0] == [torture.frames_of(body) for body in bodies]
    assert [0, 0, 0] == [torture.frames_of(body, "image/jpeg") for body in bodies]
    assert [0, 0, 0] == [torture.frames_of(body, "text/html") for body in bodies]


def test_a_strip_has_as_many_frames_as_it_was_made_of(torture):
    """As gm makes it, and as somebody else reads it."""
    photographs = sorted(double.PHOTOGRAPHS.glob("*.jpg"))
    strips = [double.strip(photographs[:frames]) for frames in (1, 4)]
    assert [1, 4] == [torture.frames_of(strip, "image/jpeg") for strip in strips]


def test_a_strip_that_cannot_be_made_is_told(tmp_path):
    """A frame that is none."""
    (tmp_path / "frame-1.jpg").write_bytes(b"rot")
    with pytest.raises(CompositorError, match="see whether gm is well"):
        double.strip([tmp_path / "frame-1.jpg"])


def test_a_server_is_never_ill_in_a_way_that_needs_a_person_for_one_visit(torture):
    """Such an entry waits in failed/, on purpose; all other faults over HTTP are tried."""
    assert len(torture.ILLS) > 20
    assert not torture.FOR_A_PERSON & set(torture.ILLS)


@pytest.mark.parametrize(("double", "places"), [((), 1), (("--double",), 4)], ids=["one", "two"])
def test_nothing_is_lost_ten_kills_long(command, double, places):
    """Four booths, killed ten times at any moment, all together: lost 0, duplicates 0, torn 0.

    As they are, and with two products for two targets: as many objects at each of the places.
    """
    status, lines, progress = command("torture", "--kills", "10", "--seed", "3", "--booths", "4", *double)
    assert 0 == status, "\n".join(lines)
    assert lines[-1].startswith("torture: 10 kills in ")
    assert lines[-1].endswith(": lost 0, duplicates 0, torn 0")
    assert 7 == sum(line.endswith("0  holds") for line in lines)
    counts = [line.split()[-1] for line in lines if line.startswith("objects, ")]
    assert (places, 1) == (len(counts), len({*counts}))
    assert "kill   10 of 10" in progress[-1]
