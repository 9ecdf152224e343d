"""Guests without a person, through the real command line, into a real bucket."""

import json
from pathlib import Path

import pytest

from booth.rehearsal import GUESTS

PHOTOGRAPHS = Path(__file__).parents[1] / "photos" / "astronaut"

NAMES = (
    ("李小龙", "bruce@dragons.example"),
    ("José", "jose.garcia@fiesta.example"),
    ("🦄 Rainbow 👩‍🚀", "unicorn+booth@stars.example"),
    ("北京" * 150, "longest@names.example"),
    ("van d'Angelo", "twin@first.example"),
    ("van d'Angelo", "twin@second.example"),
)
"""The guests of the party: no two addresses alike, and two of one name."""

PRIVATE = (
    "李小龙",
    "José",
    "Jos\\",
    "🦄",
    "Rainbow",
    "北京",
    "Angelo",
    *(part for _, email in NAMES for part in email.split("@")),
)


@pytest.fixture(scope="module")
def party(booth_of_the_module, tmp_path_factory):
    """Have six guests play, with all that is logged; the child has ended."""
    folder = tmp_path_factory.mktemp("party")
    names = folder / "names"
    names.write_text("".join(f"{name}\t{email}\n" for name, email in NAMES), encoding="utf-8")
    child = booth_of_the_module(
        "--simulate", "--guests", str(len(NAMES)), "--fast", "--frames", str(PHOTOGRAPHS), "--names", str(names),
        "--set", "form.consent_text=You may show my pictures.",
        BOOTH_LOG__LEVEL="debug", BOOTH_OUTBOX__DIR=str(folder / "outbox"),
    )  # fmt: skip
    child.status, out = child.whole()
    child.lines_out = [json.loads(line) for line in out.splitlines()]
    child.outbox = folder / "outbox"
    return child


def test_a_visit_by_the_button_alone_is_stored_without_details(booth_of_the_module, tmp_path):
    """Guests who touch nothing but the button: each has an object in the bucket, with no name and no address."""
    child = booth_of_the_module(
        "--simulate", "--guests", "2", "--skip", "--fast", "--frames", str(PHOTOGRAPHS),
        BOOTH_OUTBOX__DIR=str(tmp_path / "outbox"),
    )  # fmt: skip
    status, out = child.whole()
    *guests, summary = [json.loads(line) for line in out.splitlines()]
    assert (0, 2, [True, True]) == (status, summary["stored"], [line["stored"] for line in guests])
    sent = [json.loads(entry.read_bytes()) for entry in (tmp_path / "outbox" / "sent").glob("*/entry.json")]
    assert [{"event", "booth", "session", "taken", "consent"}] * 2 == [set(entry["metadata"]) for entry in sent]


class TestParty:
    def test_every_guest_is_stored(self, party):
        """Status 0, and nothing to complain of."""
        *guests, summary = party.lines_out
        assert (0, len(NAMES), [True] * len(NAMES)) == (party.status, len(guests), [line["stored"] for line in guests])
        assert (len(NAMES), len(NAMES)) == (summary["guests"], summary["stored"])
        assert [] == [line for line in party.lines if line.startswith("booth: ")]

    def test_a_guests_line_has_all_that_was_promised(self, party):
        """Session, key, ETag, bytes, frames, and the seconds of each stage."""
        for line in party.lines_out[:-1]:
            assert {"session", "key", "etag", "bytes", "frames", "stored", "frame_time_p99_s", "seconds"} == set(line)
            stages = dict(line["seconds"])
            assert (4, 4) == (line["frames"], len(stages.pop("shutters")))
            assert {
                "press_to_reaction", "last_shutter_to_gif", "form_to_submit", "submit_to_outbox", "outbox_to_confirmed",
            } == set(stages)  # fmt: skip
            assert all(seconds is not None and seconds >= 0 for seconds in stages.values())
            assert line["session"] in line["key"]
            assert line["bytes"] > 10_000

    def test_the_summary_has_all_that_was_promised(self, party):
        """What it cost, how smooth it was, and where everything is."""
        summary = party.lines_out[-1]
        assert {
            "guests", "stored", "cpu_seconds_a_guest", "peak_rss_mb", "frame_time_p50_s", "frame_time_p99_s",
            "frame_time_p99_first_s", "frame_time_p99_last_s", "frame_cpu_p99_first_s", "frame_cpu_p99_last_s",
            "form_p50_s", "press_to_reaction_p99_s", "outbox",
        } == set(summary)  # fmt: skip
        assert {"open": 0, "pending": 0, "sent": len(NAMES), "failed": 0} == summary["outbox"]
        assert all(summary[key] > 0 for key in summary if key != "outbox")

    def test_the_bucket_has_what_the_guests_entered(self, party, stored):
        """Whatever their names are made of; what metadata cannot hold is kept as far as there is room."""
        objects = stored([line["session"] for line in party.lines_out[:-1]])
        details = [objects[line["session"]][1] for line in party.lines_out[:-1]]
        assert [email for _, email in NAMES] == [entered["email"] for entered in details]
        names = [entered["name"] for entered in details]
        assert [name for name, _ in NAMES[:3]] == names[:3]
        assert (True, True) == (NAMES[3][0].startswith(names[3]), len(names[3]) > 100)
        assert ["van d'Angelo"] * 2 == names[4:]

    def test_nobody_has_consented_who_was_not_seen_to(self, party, stored):
        """The box starts empty."""
        objects = stored([line["session"] for line in party.lines_out[:-1]])
        assert {"no"} == {details["consent"] for _, details in objects.values()}

    def test_the_bytes_are_those_that_the_outbox_kept(self, party, stored):
        """And an animation."""
        for session, (body, _) in stored([line["session"] for line in party.lines_out[:-1]]).items():
            assert (party.outbox / "sent" / session / "animation.gif").read_bytes() == body

    def test_no_line_of_the_log_gives_a_guest_away(self, party):
        """At the most talkative level, a whole party long; and not the lines on standard output either."""
        said = [*party.lines, *(json.dumps(line) for line in party.lines_out)]
        assert [] == [(line, part) for line in said for part in PRIVATE if part in line]
        assert len(party.log) > 100

    def test_no_name_of_a_file_gives_a_guest_away(self, party):
        """A listing of the outbox may be shown to anybody."""
        files = [str(path.relative_to(party.outbox)) for path in party.outbox.rglob("*")]
        assert [] == [(file, part) for file in files for part in PRIVATE if part in file]
        assert len(files) > 4 * len(NAMES)

    def test_what_the_outbox_keeps_is_for_the_booths_user_only(self, party):
        """Folders 0700, files 0600."""
        modes = {path.stat().st_mode & 0o777 for path in party.outbox.rglob("*") if path.is_file()}
        assert ({0o600}, 0o700) == (modes, party.outbox.stat().st_mode & 0o777)


def test_without_a_display_one_guest_plays_and_the_owner_is_shown_around(booth, tmp_path):
    """The animation, a picture of each screen, the stored object and its metadata: the files that are named exist."""
    child = booth(
        "--simulate", "--fast", "--frames", str(PHOTOGRAPHS),
        BOOTH_ZENKO__ENDPOINT_URL=None, BOOTH_ZENKO__BUCKET="showcase", BOOTH_OUTBOX__DIR=None,
    )  # fmt: skip
    status, out = child.whole()
    told = [line.removeprefix("booth:").strip() for line in child.lines if line.startswith("booth:")]
    said = {words.strip(): rest.strip() for words, colon, rest in (line.partition(":") for line in told)}
    (guest, summary) = (json.loads(line) for line in out.splitlines())
    assert (0, 1) == (status, summary["stored"])
    assert "there is no display here" in told[0]
    assert any("an S3 server for this simulation is at http://127.0.0.1:" in line for line in told)

    assert Path(said["the animation"]).read_bytes().startswith(b"GIF89a")
    assert f"s3://showcase/{guest['key']}" == said["the stored object"]
    read_back = Path(said["as read back"].partition(" (")[0])
    assert Path(said["the animation"]).read_bytes() == read_back.read_bytes()
    details = json.loads(read_back.with_suffix(".json").read_text(encoding="utf-8"))
    assert (GUESTS[0].name, GUESTS[0].email) == (details["name"], details["email"])
    screens = sorted(path.name.partition("-")[2] for path in Path(said["the screens"]).parent.glob("*.png"))
    for name in ("attract", "countdown", "flash", "form"):
        assert f"{name}.png" in screens
    assert str(tmp_path) in said["the animation"]


def test_a_rehearsal_that_is_ended_says_who_is_missing(booth):
    """While the bucket refuses: SIGTERM, a sentence for the guest, and a status that is not 0."""
    child = booth("--simulate", "--guests", "1", "--fast", BOOTH_ZENKO__ENDPOINT_URL="http://127.0.0.1:9")
    child.until("entry.refused")
    status = child.end()
    (complaint,) = [line for line in child.lines if line.startswith("booth: guest 1")]
    assert (1, True) == (status, "it was not sent" in complaint)
