"""``booth export``: what is handed over of an outbox, whole, once, and of nobody who did not agree."""

import csv
import hashlib
import io
import json
import subprocess

import pytest

from booth.cli import main
from booth.core.night import Counted, Night
from booth.core.visit import Guest
from booth.outbox.ids import east, stamp
from booth.outbox.nights import Day, Nights, day_of
from booth.outbox.spool import Spool
from lab.clock import HandClock
from tests.disks import QuickDisk

CLOCK = HandClock()
BOM = b"\xef\xbb\xbf"
NOON = 1_795_367_112.0
GUESTS = {
    "20261122-170500-aaaaaaaaaa": Guest("Zoë", "zoe@example.org", consent=True),
    "20261122-170600-bbbbbbbbbb": Guest("=1+1", "ada@example.org"),
    "20261122-170700-cccccccccc": None,
    "20261122-170800-dddddddddd": Guest("Ada", "Ada@example.org", consent=True),
}
SENT, FAILED, PENDING, LATER = GUESTS
NAMES = {session: f"gifs/2026-11-22_17-0{n}-00_{6 * letter}.gif" for session, n, letter in
         zip(GUESTS, (5, 6, 7, 8), "abcd", strict=True)}  # fmt: skip


def animation(session):
    """Return the picture of a visit."""
    return b"GIF89a" + (640).to_bytes(2, "little") + (480).to_bytes(2, "little") + session.encode() * 9


def opened(folder, booth="left", event="Ball"):
    """Open an outbox as a booth does."""
    return Spool(
        folder, event=event, booth=booth, key_template="{event}/{session}.gif", wall=CLOCK.wall, min_free_mb=0,
        keep_days=30, disk=QuickDisk(),
    )  # fmt: skip


def visited(spool, guests):
    """Have guests visit."""
    for session, guest in guests.items():
        shown = stamp(session).timestamp()  # by the time of the place, wherever this is
        CLOCK.set_wall(shown - east(shown))
        spool.open(session)
        spool.shot(session, 1).write_bytes(b"\xff\xd8")
        spool.keep(session, 1)
        spool.animation(session).write_bytes(animation(session))
        spool.note(session, guest)
        spool.commit(session)


@pytest.fixture
def outbox(tmp_path):
    """Make an outbox with a visit that was sent, one that failed, two that wait, and one that goes on."""
    with opened(tmp_path / "outbox") as spool:
        visited(spool, GUESTS)
        spool.open("20261122-170900-eeeeeeeeee")
        parcel = spool.queue().parcel(SENT)
        spool.queue().confirm(SENT, parcel.key, parcel.md5)
        spool.queue().refuse(FAILED, "the bucket does not take it: EntityTooLarge")
    Nights(tmp_path / "outbox", QuickDisk()).put(day_of(NOON), Day({"Ball": Night({Counted.BEGUN: 9})}))
    return tmp_path / "outbox"


@pytest.fixture
def typed(tmp_path, capsys, monkeypatch):
    """Type the command; return its status, and what it said."""
    (tmp_path / "booth.toml").write_text(
        '[screen]\nlanguages = ["en", "de"]\n[event]\nname = "Ball"\n[booth]\nname = "left"\n'
        '[form.consent_text]\nen = "May we show it?"\nde = "Dürfen wir es zeigen?"\n'
    )
    monkeypatch.setenv("BOOTH_CONFIG", str(tmp_path / "booth.toml"))
    monkeypatch.setenv("TZ", "UTC")

    def run(*given):
        try:
            code = main(["export", *map(str, given)])
        except SystemExit as end:
            code = end.code
        return code, capsys.readouterr().err

    return run


@pytest.fixture
def there(tmp_path):
    """Return the files of the hand-over by their paths, with what they hold."""

    def files(name="ball"):
        folder = tmp_path / name
        return {
            str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
        }

    return files


def rows(content):
    """Return the lines of a table by their headings."""
    assert content.startswith(BOM)
    return list(csv.DictReader(io.StringIO(content.removeprefix(BOM).decode(), newline="")))


def test_the_outbox_has_a_short_form(outbox, typed, tmp_path, there):
    """The same files come of it."""
    typed("--outbox", outbox, tmp_path / "ball")
    assert 0 == main(["outbox", "export", str(tmp_path / "short"), "--outbox", str(outbox)])
    assert there("ball") == there("short")


@pytest.mark.parametrize("words", [[], ["one", "two"], [""], ["one", "--json"], ["one", "--all"]])
def test_what_makes_no_sense_of_the_short_form(words, capsys):
    """It says what does."""
    with pytest.raises(SystemExit) as end:
        main(["outbox", "export", *words])
    assert (2, True) == (end.value.code, "export" in capsys.readouterr().err)


class TestAHandOver:
    @pytest.fixture(autouse=True)
    def exported(self, outbox, typed, tmp_path):
        """Hand the event over."""
        self.status, self.said = typed("--outbox", outbox, tmp_path / "ball")

    def test_each_kept_visit_is_a_picture_with_a_readable_name(self, there):
        """Sent, waiting or failed: by the time of the place. Whoever is at the booth still is not among them."""
        found = there()
        assert {NAMES[session]: animation(session) for session in GUESTS} == {
            name: content for name, content in found.items() if name.startswith("gifs/")
        }
        assert 0 == self.status

    def test_the_table_says_first_whether_they_agreed(self, there):
        """And of each its object, whether it was delivered, and whether it may be written to."""
        table = rows(there()["guests.csv"])
        wanted = ["consent", "do_not_contact", "name", "email", "file", "key", "delivered"]
        assert ["consent", "do_not_contact"] == list(table[0])[:2]
        assert [
            ["yes", "no", "Zoë", "zoe@example.org", NAMES[SENT], f"ball/{SENT}.gif", "yes"],
            ["no", "yes", "'=1+1", "ada@example.org", NAMES[FAILED], f"ball/{FAILED}.gif", "no"],
            ["", "", "", "", NAMES[PENDING], f"ball/{PENDING}.gif", "no"],
            ["yes", "yes", "Ada", "Ada@example.org", NAMES[LATER], f"ball/{LATER}.gif", "no"],
        ] == [[line[column] for column in wanted] for line in table]

    def test_who_refused_once_is_not_to_be_contacted(self, there):
        """Also where the same address, in other letters, agreed at another visit."""
        assert [{"email": "ada@example.org"}] == rows(there()["do-not-contact.csv"])

    def test_the_texts_are_those_that_were_shown(self, there):
        """In each language."""
        text = there()["consent-texts.txt"].decode()
        assert ["May we show it?", "Dürfen wir es zeigen?"] == [
            line for line in text.splitlines() if line.endswith("?")
        ][::-1]

    def test_sha256sum_finds_each_file_right(self, there, tmp_path):
        """Each but the manifest itself is in it."""
        done = subprocess.run(
            ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path / "ball", capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        listed = {line.removesuffix(": OK") for line in done.stdout.splitlines()}
        assert (0, there().keys() - {"SHA256SUMS"}) == (done.returncode, listed)

    def test_a_second_run_changes_nothing(self, typed, outbox, tmp_path):
        """Not even when a file was last written."""
        before = {path: path.stat().st_mtime_ns for path in (tmp_path / "ball").rglob("*")}
        _, said = typed("--outbox", outbox, tmp_path / "ball")
        assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "ball").rglob("*")}
        assert said.splitlines() == [f"booth: 4 visits in {tmp_path / 'ball'}: all was there, and nothing was written"]

    def test_what_was_lost_comes_back_and_nothing_else_is_written(self, typed, outbox, tmp_path, there):
        """A picture that is gone, and a table that somebody saved otherwise."""
        before = there()
        (tmp_path / "ball" / NAMES[SENT]).unlink()
        (tmp_path / "ball" / "guests.csv").write_text("spoilt")
        _, said = typed("--outbox", outbox, tmp_path / "ball")
        assert before == there()
        assert "2 files written" == said.split(": ")[2].split(" (")[0]

    def test_names_are_in_files_only_if_asked_for(self, typed, outbox, tmp_path, there):
        """Those that are called otherwise then go, and only those."""
        (tmp_path / "ball" / "gifs" / "mine.gif").write_bytes(b"mine")
        typed("--outbox", outbox, "--names", tmp_path / "ball")
        named = {
            NAMES[SENT].replace(".gif", "_Zoë.gif"), NAMES[FAILED].replace(".gif", "_1 1.gif"), NAMES[PENDING],
            NAMES[LATER].replace(".gif", "_Ada.gif"), "gifs/mine.gif",
        }  # fmt: skip
        assert named == {name for name in there() if name.startswith("gifs/")}

    def test_who_is_forgotten_is_in_no_later_one(self, typed, outbox, tmp_path, there, monkeypatch):
        """Their pictures go, also from the gallery, and they are in no table."""
        main(["outbox", "forget", SENT, "--yes", "--outbox", str(outbox)])
        typed("--outbox", outbox, tmp_path / "ball")
        whole = b"".join(content for name, content in there().items())
        assert (0, 0) == (whole.count(SENT.encode()), whole.count(b"zoe@example.org"))

    def test_another_booth_is_added(self, typed, tmp_path, there):
        """On the same stick: each visit is there once."""
        with opened(tmp_path / "right", "right") as spool:
            visited(spool, {"20261122-170530-ffffffffff": None})
        typed("--outbox", tmp_path / "right", tmp_path / "ball")
        assert [SENT, "20261122-170530-ffffffffff", FAILED, PENDING, LATER] == [
            line["session"] for line in rows(there()["guests.csv"])
        ]


class TestWhatIsLeftOut:
    def test_other_events(self, typed, outbox, tmp_path):
        """It is said which there are."""
        code, said = typed("--outbox", outbox, "--event", "Wedding", tmp_path / "ball")
        assert (1, "booth: there are no visits of Wedding; name another event by --event (Ball is there)\n") == (
            code, said
        )  # fmt: skip
        assert not (tmp_path / "ball").exists()

    def test_the_operators_trials(self, typed, outbox, tmp_path, there):
        """A visit whose metadata say that it was a test."""
        file = outbox / "pending" / PENDING / "entry.json"
        entry = json.loads(file.read_text())
        entry["metadata"]["test"] = "yes"
        file.write_text(json.dumps(entry))
        typed("--outbox", outbox, tmp_path / "ball")
        assert [SENT, FAILED, LATER] == [line["session"] for line in rows(there()["guests.csv"])]

    def test_a_picture_that_is_not_as_it_was_committed(self, typed, outbox, tmp_path, there):
        """It is said, and the others are there; the table names no file."""
        (outbox / "pending" / PENDING / "animation.gif").write_bytes(b"GIF89a spoilt")
        code, said = typed("--outbox", outbox, tmp_path / "ball")
        assert (1, "booth: 1 pictures are in none of the sources as they were delivered") == (
            code, said.splitlines()[1]
        )  # fmt: skip
        assert ["", 3] == [
            rows(there()["guests.csv"])[2]["file"], sum(name.startswith("gifs/") for name in there())
        ]  # fmt: skip


class TestWhereItGoes:
    def test_a_folder_with_something_else_is_not_touched(self, typed, outbox, tmp_path):
        """Or somebody's guests.csv would be replaced."""
        (tmp_path / "ball").mkdir()
        (tmp_path / "ball" / "guests.csv").write_text("mine")
        code, said = typed("--outbox", outbox, tmp_path / "ball")
        assert (1, ["guests.csv"]) == (code, [file.name for file in (tmp_path / "ball").iterdir()])
        assert said == (
            f"booth: {tmp_path / 'ball'} has something else in it: name an empty folder, or an earlier hand-over\n"
        )

    @pytest.mark.parametrize("said", [b"{}", b"[", b'{"version": 1, "event": "Ball", "files": ["../x.gif"]}'])
    def test_a_ledger_that_is_none_of_ours_is_refused(self, typed, outbox, tmp_path, said):
        """What stands in it would be deleted."""
        (tmp_path / "ball").mkdir()
        (tmp_path / "ball" / "visits.json").write_bytes(said)
        assert 1 == typed("--outbox", outbox, tmp_path / "ball")[0]
        assert ["visits.json"] == [file.name for file in (tmp_path / "ball").iterdir()]

    def test_the_hand_over_of_another_event_stays(self, typed, outbox, tmp_path, there):
        """Two owners' guests are not mixed."""
        typed("--outbox", outbox, tmp_path / "ball")
        before = there()
        code, _ = typed("--outbox", outbox, "--event", "Wedding", tmp_path / "ball")
        assert (1, before) == (code, there())

    def test_a_stick_by_its_name(self, outbox, tmp_path, monkeypatch):
        """Wherever it is mounted, with whatever letters there are in both names."""
        from booth.operator.exporting import sticks

        (tmp_path / "sda1").touch()
        (tmp_path / "labels").mkdir()
        (tmp_path / "labels" / "MY\\x20STICK").symlink_to(tmp_path / "sda1")
        (tmp_path / "mounts").write_text(f"proc /proc proc rw 0 0\n{tmp_path}/sda1 /media/my\\040stick vfat rw 0 0\n")
        found = sticks.mounted("MY STICK", labels=tmp_path / "labels", mounts=tmp_path / "mounts")
        assert "/media/my stick" == str(found)

    def test_a_stick_that_is_not_there_or_not_mounted(self, tmp_path):
        """It says which there are, or how to mount it."""
        from booth.errors import BoothError
        from booth.operator.exporting import sticks

        (tmp_path / "sda1").touch()
        (tmp_path / "labels").mkdir()
        (tmp_path / "labels" / "PARTY").symlink_to(tmp_path / "sda1")
        (tmp_path / "mounts").write_text("")
        said = []
        for label in ("OTHER", "PARTY"):
            with pytest.raises(BoothError) as error:
                sticks.mounted(label, labels=tmp_path / "labels", mounts=tmp_path / "mounts")
            said.append(str(error.value).split(";")[0].split(": sudo")[0])
        assert ["no stick is called OTHER (there are: PARTY)", "the stick PARTY is plugged in, and not mounted"] == said


@pytest.mark.parametrize("words", [(), ("--stick", "A", "/ball")])
def test_what_makes_no_sense_is_refused(typed, words):
    """Status 2, before anything is looked at."""
    assert 2 == typed(*words)[0]


def test_the_sums_are_those_of_the_files(typed, outbox, tmp_path, there):
    """In hex, two blanks, the path: as sha256sum writes them."""
    typed("--outbox", outbox, tmp_path / "ball")
    found = there()
    wanted = [f"{hashlib.sha256(found[name]).hexdigest()}  {name}" for name in sorted(found) if name != "SHA256SUMS"]
    assert wanted == found["SHA256SUMS"].decode().splitlines()
