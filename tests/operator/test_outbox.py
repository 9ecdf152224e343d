"""``booth outbox``: it shows what is there, and touches nothing that was not named and agreed to."""

import io
import json
import shlex

import jmespath
import pytest

from booth.choices import bucket_of
from booth.cli import main
from booth.core.visit import Guest
from booth.errors import OutboxError
from booth.operator.visits import acting
from booth.outbox.forgetting import WISH, stone_read
from booth.outbox.replication import Replication
from booth.outbox.shelf import Shelf
from booth.outbox.spool import Spool
from booth.ports import CopyState
from booth.settings.model import Settings
from tests.disks import QuickDisk

ZOE = Guest("Zoë", "Zoe@example.org", consent=True)
ADA = Guest("Ada", "ada@example.org")
SESSIONS = [f"20261122-1705{second:02}-aaaaaaaaaa" for second in range(4)]
SENT, FAILED, PENDING, OPEN = SESSIONS
COMPLETED, PENDING_COPY, FAILED_COPY = CopyState.COMPLETED, CopyState.PENDING, CopyState.FAILED
SAID = {
    1_795_367_120.0: {"aws": COMPLETED, "azure": PENDING_COPY, "gcp": PENDING_COPY},
    1_795_367_200.5: {"aws": COMPLETED, "azure": FAILED_COPY, "gcp": PENDING_COPY},
}
WHY = "the bucket does not take it: EntityTooLarge"


@pytest.fixture
def make_spool(tmp_path):
    """Open the outbox as a booth does."""
    return lambda **more: Spool(
        tmp_path / "outbox", event="Party", booth="Booth 1", key_template="{session}.gif", wall=lambda: 1_795_367_112.0,
        min_free_mb=0, keep_days=30, disk=QuickDisk(), **more,
    )  # fmt: skip


@pytest.fixture
def outbox(tmp_path, make_spool):
    """Make an outbox with a visit in each place: sent and failed are Zoë's, the one that waits is Ada's."""
    with make_spool() as spool:
        for session, guest in zip(SESSIONS, (ZOE, ZOE, ADA, None), strict=True):
            spool.open(session)
            spool.shot(session, 1).write_bytes(b"\xff\xd8")
            spool.keep(session, 1)
            if session != OPEN:
                spool.animation(session).write_bytes(b"GIF89a" + session.encode())
                spool.note(session, guest)
                spool.commit(session)
        parcel = spool.queue().parcel(SENT)
        spool.queue().confirm(SENT, parcel.key, parcel.md5)
        spool.queue().refuse(FAILED, WHY)
    return tmp_path / "outbox"


@pytest.fixture
def typed(outbox, tmp_path, capsys, monkeypatch):
    """Type the command about that outbox; return its status, what it printed, and what it said beside that."""
    (tmp_path / "booth.toml").write_text('[zenko]\nbucket = "gifs"\n')
    monkeypatch.setenv("BOOTH_CONFIG", str(tmp_path / "booth.toml"))
    capsys.readouterr()

    def run(*given):
        try:
            code = main(["outbox", *given, "--outbox", str(outbox)])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


def places(outbox):
    """Return where each visit is."""
    return {
        session: [place for place in ("open", "pending", "sent", "failed") if (outbox / place / session).is_dir()]
        for session in SESSIONS
    }


BEFORE = {SENT: ["sent"], FAILED: ["failed"], PENDING: ["pending"], OPEN: ["open"]}


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self):
        return True


class TestLooking:
    def test_a_trial_is_said_to_be_one(self, typed, make_spool):
        """In the list, on its page, and for programs; of a guest's visit nothing is said."""
        trial = "20261122-171912-aaaaaaaaaa"
        with make_spool() as spool:
            spool.open(trial, test=True)
        lines = typed("list")[1].splitlines()
        assert [trial] == [line.split()[0] for line in lines if line.split()[-1] == "test"]
        told = json.loads(typed("list", "--json")[1])
        assert [trial] == [visit["visit"] for visit in told if visit["test"]]
        assert "yes: an operator's trial" in typed("show", trial)[1]
        assert "operator's trial" not in typed("show", PENDING)[1]

    def test_each_visit_is_a_line(self, typed):
        """Oldest first, with why it failed, and nobody's name."""
        code, out, _ = typed("list")
        lines = [line.split() for line in out.splitlines()]
        assert (0, ["VISIT", *SESSIONS]) == (code, [words[0] for words in lines])
        assert ["PLACE", "sent", "failed", "pending", "open"] == [words[1] for words in lines]
        assert out.splitlines()[2].endswith(WHY)
        assert 0 == out.casefold().count("zo")

    def test_one_place_alone(self, typed):
        """For a program, as an array."""
        code, out, _ = typed("list", "--place", "failed", "--json")
        assert (0, [(FAILED, WHY)]) == (code, [(one["visit"], one["why"]) for one in json.loads(out)])

    def test_one_visit_with_what_is_sent_of_it(self, typed):
        """Whether there are details, and not whose."""
        code, out, _ = typed("show", SENT, "--json")
        said = json.loads(out)
        assert (0, {"given": True, "consent": True}) == (code, said["details"])
        assert [f"{SENT}.gif"] == [product["key"] for product in said["objects"]]

    def test_of_a_bare_visit_it_is_told_that_the_details_are_gone(self, typed, make_spool, outbox):
        """With what their guest agreed to, and nothing of what they were; an address finds it no more."""
        with make_spool(keep_details_days=0) as spool:
            spool.tidy()
        typed("list")  # what the booth has logged is printed with it
        said = json.loads(typed("show", SENT, "--json", "--guest")[1])["details"]
        assert {"given": False, "consent": True, "deleted": True} == said
        line = "details    deleted here, for their days are over (outbox.keep_details_days); with consent"
        assert line == typed("show", SENT, "--guest")[1].splitlines()[-1]
        found = [visit.session for visit in acting.of_address(QuickDisk(), outbox, Shelf(outbox), ZOE.email)]
        assert [FAILED] == found

    def test_whose_it_is_if_that_is_asked_for(self, typed):
        """In lines."""
        code, out, _ = typed("show", SENT, "--guest")
        assert (0, ["name       Zoë", "email      Zoe@example.org"]) == (code, out.splitlines()[-2:])

    def test_one_that_is_not_there(self, typed):
        """With what to do next."""
        code, out, err = typed("show", "20261122-170509-bbbbbbbbbb")
        assert (1, "") == (code, out)
        assert err.endswith(" in the outbox; booth outbox list prints all\n")

    @pytest.mark.parametrize(
        "given",
        [
            ["list", SENT], ["show"], ["show", SENT, FAILED], ["show", "../sent"], ["retry"], ["retry", SENT, "--all"],
            ["forget"], ["forget", "--email", " "], ["forget", SENT, "--email", "a@example.org"], ["forget", "--all"],
            ["list", "--yes"], ["list", "--guest"], ["show", SENT, "--place", "sent"], ["juggle"],
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_2(self, typed, outbox, given):
        """And nothing is touched."""
        assert 2 == typed(*given)[0]
        assert places(outbox) == BEFORE


class TestCopies:
    """How far the server's own copies are, in other clouds."""

    @pytest.fixture
    def heard(self, outbox):
        """Note what a server has said of the copies of the visit that was sent."""

        def note(said):
            content = Replication()
            for at, states in said.items():
                content = content.heard("animation.gif", states, at)
            (outbox / "sent" / SENT / "replication.json").write_bytes(content.written())

        return note

    @pytest.mark.parametrize(
        ("said", "counted"),
        [
            ({}, ""),
            ({0.0: {}}, ""),
            ({0.0: {"aws": COMPLETED, "gcp": COMPLETED}}, "2 of 2"),
            (SAID, "1 of 3, 1 failed"),
            ({0.0: {"": PENDING_COPY}}, "0 of 1"),
        ],
        ids=["nobody has asked", "none are made", "all", "some", "one for all"],
    )
    def test_those_that_are_there_are_counted(self, typed, heard, said, counted):
        """In a column of the list; where none are known of it is empty."""
        heard(said)
        lines = typed("list", "--place", "sent")[1].splitlines()
        start = lines[0].index("COPIES")
        assert counted == lines[1][start:]

    def test_a_program_is_told_of_each(self, typed, heard):
        """With since when it is so; without a key for it, nobody has asked."""
        (before,) = json.loads(typed("list", "--place", "sent", "--json")[1])
        heard(SAID)
        (after,) = json.loads(typed("list", "--place", "sent", "--json")[1])
        assert (None, [
            {"site": "aws", "state": "completed", "since": "2026-11-22T17:05:20Z"},
            {"site": "azure", "state": "failed", "since": "2026-11-22T17:06:40Z"},
            {"site": "gcp", "state": "pending", "since": "2026-11-22T17:05:20Z"},
        ]) == (before["objects"][0]["copies"], after["objects"][0]["copies"])  # fmt: skip
        assert after == {key: said for key, said in json.loads(typed("show", SENT, "--json")[1]).items()
                         if key != "details"}  # fmt: skip

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            (None, "nothing is known yet"),
            ({0.0: {}}, "the server makes none"),
            ({1e300: {"aws": COMPLETED}}, "aws completed"),
            ({1e300: {"": PENDING_COPY, "a\x1b[2J": COMPLETED}}, r"the bucket's copy pending, a\x1b[2J completed"),
        ],
        ids=["nobody has asked", "none are made", "at no time that there is", "odd names"],
    )
    def test_one_visit_tells_of_each_in_words(self, typed, heard, said, told):
        """Whatever a server calls its sites, it does nothing to a terminal."""
        if said is not None:
            heard(said)
        (line,) = [line for line in typed("show", SENT)[1].splitlines() if line.startswith("copies")]
        assert f"copies     {SENT}.gif: {told}" == line

    def test_one_that_was_not_sent_has_none(self, typed):
        """Nothing is said of them."""
        assert [] == [line for line in typed("show", FAILED)[1].splitlines() if "copies" in line]


class TestRetry:
    @pytest.mark.parametrize("which", [["--all"], [FAILED]])
    def test_what_failed_waits_again(self, typed, outbox, make_spool, which):
        """Whole, and the booth sends it."""
        assert 0 == typed("retry", *which, "--yes")[0]
        assert BEFORE | {FAILED: ["pending"]} == places(outbox)
        with make_spool() as spool:
            assert (FAILED, PENDING) == spool.queue().pending()

    def test_it_works_while_a_booth_runs(self, typed, outbox, make_spool):
        """Which finds it at its next look."""
        with make_spool() as spool:
            assert 0 == typed("retry", "--all", "--yes")[0]
            assert (FAILED, PENDING) == spool.queue().pending()

    def test_what_has_not_failed_is_not_tried_again(self, typed, outbox):
        """All or nothing."""
        assert 1 == typed("retry", FAILED, SENT, "--yes")[0]
        assert places(outbox) == BEFORE

    def test_what_was_never_whole_stays_where_it_is(self, typed, outbox):
        """There is nothing to send."""
        (outbox / "failed" / FAILED / "entry.json").unlink()
        code, _, err = typed("retry", "--all", "--yes")
        assert (1, ["failed"]) == (code, places(outbox)[FAILED])
        assert 1 == err.count("it was never whole")

    def test_none_is_written_over(self, outbox):
        """Somebody has copied a visit by hand."""
        (outbox / "pending" / FAILED).mkdir()
        from booth.outbox.shelf import Shelf

        (visit,) = [one for one in Shelf(outbox).visits() if one.session == PENDING]
        (outbox / "failed" / PENDING).mkdir()
        (outbox / "failed" / PENDING / "entry.json").write_bytes(
            (outbox / "pending" / PENDING / "entry.json").read_bytes()
        )
        with pytest.raises(OutboxError, match=r"is in pending/ as well; look at both, and move one away$"):
            acting.retry(QuickDisk(), outbox, visit)


class TestAsking:
    @pytest.mark.parametrize("answer", ["no\n", "\n", "y\n", ""])
    @pytest.mark.parametrize("what", [["retry", "--all"], ["forget", SENT]])
    def test_without_a_yes_nothing_is_done(self, typed, outbox, monkeypatch, what, answer):
        """It was shown first."""
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        code, _, err = typed(*what)
        assert (1, BEFORE) == (code, places(outbox))
        assert err.endswith("Type yes: booth: nothing was done\n")

    def test_with_a_yes_it_is(self, typed, outbox, monkeypatch):
        """In letters of any size."""
        monkeypatch.setattr("sys.stdin", Terminal("Yes\n"))
        assert (0, ["pending"]) == (typed("retry", FAILED)[0], places(outbox)[FAILED])

    @pytest.mark.parametrize("what", [["retry", "--all"], ["forget", SENT]])
    def test_where_nobody_can_answer_nothing_is_done(self, typed, outbox, monkeypatch, what):
        """A script says --yes."""
        monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
        assert (2, BEFORE) == (typed(*what)[0], places(outbox))


class TestForget:
    def test_all_visits_of_an_address_go(self, typed, outbox):
        """In letters of any size; and no others."""
        assert 0 == typed("forget", "--email", "ZOE@example.org", "--yes")[0]
        assert BEFORE | {SENT: [], FAILED: []} == places(outbox)
        assert [] == [path for path in outbox.rglob("*") if path.is_file() and b"example.org" in path.read_bytes()
                      and PENDING not in str(path)]  # fmt: skip

    def test_an_address_is_known_by_what_is_sent_as_well(self, typed, outbox):
        """Where the file with the details is lost."""
        (outbox / "sent" / SENT / "guest.json").unlink()
        assert 0 == typed("forget", "--email", "zoe@example.org", "--yes")[0]
        assert [] == places(outbox)[SENT]

    def test_an_address_that_nobody_typed(self, typed, outbox):
        """Nothing is done, and where else to look is said."""
        assert (1, BEFORE) == (typed("forget", "--email", "eve@example.org", "--yes")[0], places(outbox))

    @pytest.mark.parametrize("session", SESSIONS)
    def test_one_visit_wherever_it_is(self, typed, outbox, session):
        """Also one that was cut short."""
        code, out, _ = typed("forget", session, "--yes", "--json")
        (said,) = json.loads(out)
        assert (0, True, True) == (code, said["forgotten"], said["settled"])
        assert BEFORE | {session: []} == places(outbox)
        assert session == stone_read(QuickDisk(), outbox, session).session

    def test_without_a_server_nobody_is_asked(self, typed):
        """What was to be sent there is told, and no call is printed that would lead nowhere."""
        code, out, _ = typed("forget", SENT, "--yes")
        assert (0, [f"{SENT}: forgotten on this disk", f"  the bucket gifs has it: {SENT}.gif"]) == (
            code, out.splitlines(),
        )  # fmt: skip

    def test_a_booth_that_runs_does_it(self, outbox, make_spool):
        """It is wished of it, and waited for."""
        with make_spool() as spool:
            done = acting.forget(
                QuickDisk(),
                outbox,
                [SENT],
                wall=lambda: 0.0,
                now=lambda: 0.0,
                sleep=lambda _: spool.grant(lambda _: False),
            )
        assert [(SENT, (f"{SENT}.gif",), True)] == [(one.session, one.stone.keys, one.settled) for one in done]
        assert BEFORE | {SENT: []} == places(outbox)

    @pytest.mark.parametrize(("session", "forgotten"), [(SENT, True), (OPEN, False)])
    def test_a_booth_that_takes_long_is_not_waited_for_ever(self, outbox, make_spool, session, forgotten):
        """What is not settled yet is told as such: an upload is on its way, or a guest is there. The wish stays."""
        times = iter(range(0, 1000, 20))
        with make_spool() as spool:
            (done,) = acting.forget(
                QuickDisk(), outbox, [session], wall=lambda: 0.0, now=lambda: next(times),
                sleep=lambda _: spool.grant(lambda _: True),
            )  # fmt: skip
        assert (forgotten, False) == (done.stone is not None, done.settled)
        assert (outbox / f"{WISH}{session}").exists()


def test_the_call_names_one_object_and_all_its_versions():
    """Whatever a key has in it; a shell and the program's query read it as it is."""
    key = 'it\'s `a` "party" $(x)/a.gif'
    options = bucket_of(Settings())
    words = shlex.split(acting.call(options, key))
    end = words.index("|")
    assert ["|", "xargs", "-r", "-n", "1", "aws", "s3api", "delete-object"] == words[end : end + 8]
    assert [["--key", key], "--version-id"] == [words[-3:-1], words[-1]]
    assert key == words[words.index("--prefix") + 1]
    listed = {
        "Versions": [{"Key": key, "VersionId": "1"}, {"Key": f"{key}.json", "VersionId": "2"}],
        "DeleteMarkers": [{"Key": key, "VersionId": "3"}],
    }
    query = words[words.index("--query") + 1]
    assert [["1"], ["3"]] == jmespath.search(query, listed)
    assert [["1"]] == jmespath.search(query, {"Versions": listed["Versions"]})
