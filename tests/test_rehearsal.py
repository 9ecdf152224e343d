import io
import json
import threading
from contextlib import ExitStack
from dataclasses import replace
from hashlib import md5
from pathlib import Path
from types import SimpleNamespace

import pytest

from booth.core.events import (
    AnimationReady,
    Committed,
    Delivered,
    FrameTaken,
    Part,
    PartBack,
    Pressed,
    Reach,
    ReachChanged,
    SendChosen,
    SkipChosen,
    Tick,
)
from booth.core.form import Form, Line
from booth.core.scene import AttractScene, FarewellScene, FormScene, GetReadyScene
from booth.core.states import (
    Animation,
    Ask,
    Attract,
    Booth,
    Exposing,
    Farewell,
    FillingIn,
    Finishing,
    GetReady,
    Outcome,
    OutOfOrder,
)
from booth.core.visit import Guest, SessionId
from booth.errors import BucketError, Remedy
from booth.outbox.settings import OutboxSection, ZenkoSection
from booth.outbox.spool import Spool
from booth.ports import Target
from booth.rehearsal import (
    TRIES,
    Archive,
    Director,
    Photographer,
    Record,
    Stopwatch,
    guest_list,
    patient,
    percentile,
    play,
    read_guests,
    report,
)
from booth.settings.model import Settings
from booth.settings.visit import CountdownSection
from booth.simulation import Simulation
from booth.units import Instant, Seconds
from lab.clock import HandClock
from tests.waiting import PATIENCE

ONE, TWO = SessionId("20261122-170512-k3v9q2m7xw"), SessionId("20261122-180000-aaaaaaaaaa")
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    b"!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
"""One pixel, one picture."""
FORM = Form(name=Line("Zoe", 3), email=Line("zoe@example.org", 15))


def at(visit):
    return Booth(visit, frozenset())


ATTRACT = at(Attract())


class TestGuests:
    def test_a_line_each_name_tab_address(self, tmp_path):
        """Whatever the name is made of; blanks around it and empty lines do not count."""
        file = tmp_path / "names"
        file.write_text(
            "Zoë O'Néill\tzoe@example.org\n\n 李小龙 \t li@example.org \n🦄\tu@example.org\n", encoding="utf-8"
        )
        guests = (
            Guest("Zoë O'Néill", "zoe@example.org"),
            Guest("李小龙", "li@example.org"),
            Guest("🦄", "u@example.org"),
        )
        assert guests == read_guests(file)

    def test_behind_a_second_tab_stands_who_agrees(self, tmp_path):
        """Who says nothing there agrees to nothing, as who says no."""
        file = tmp_path / "names"
        file.write_text("Zoe\tzoe@example.org\t yes\nAda\t\tno\nBob\tbob@example.org\t\n\t\tyes\n", encoding="utf-8")
        guests = (Guest("Zoe", "zoe@example.org", True), Guest("Ada", ""), Guest("Bob", "bob@example.org"))
        assert (*guests, Guest("", "", True)) == read_guests(file)

    def test_they_come_again_from_the_first(self):
        """As many as asked for."""
        one, two = Guest("a", "a"), Guest("b", "b")
        assert (one, two, one, two, one) == guest_list((one, two), 5)
        assert (one,) == guest_list((one, two), 1)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([3.0], 0.99, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([4.0, 1.0, 3.0, 2.0], 0.99, 4.0),
        ([float(number) for number in range(1, 101)], 0.99, 99.0),
    ],
)
def test_a_percentile_is_one_of_the_values(values, share, expected):
    """The smallest that the share of them does not exceed."""
    assert expected == percentile(values, share)


class TestStopwatch:
    def visit(self, watch):
        """Play the events of a visit, at known instants."""
        posing, exposing = at(GetReady(ONE, Instant(9.0))), at(Exposing(ONE, 1, Instant(9.0)))
        form = at(FillingIn(ONE, FORM, Instant(9.0), Instant(99.0)))
        finishing = at(Finishing(ONE, FORM, Instant(40.0), Instant(99.0), Animation.READY))
        farewell = at(Farewell(ONE, Instant(40.25), Instant(99.0), Outcome.SENDING))
        watch.pressed(Instant(9.9))
        watch.stepped(ATTRACT, Pressed(Instant(10.0), ONE), posing)
        watch.painted(AttractScene(4), Instant(10.0), Instant(10.005), changed=True)
        watch.painted(GetReadyScene(4, 3.0), Instant(10.01), Instant(10.015), changed=False)
        watch.painted(GetReadyScene(4, 3.0), Instant(10.02), Instant(10.03), changed=True)
        watch.painted(GetReadyScene(4, 2.9), Instant(10.12), Instant(10.13), changed=True)
        watch.stepped(posing, Tick(Instant(20.0)), exposing)
        watch.stepped(exposing, PartBack(Instant(20.1), Part.CAMERA), exposing)
        watch.stepped(exposing, FrameTaken(Instant(20.5), ONE, 1), form)
        watch.stepped(form, AnimationReady(Instant(21.5), ONE), form)
        watch.stepped(form, SendChosen(Instant(30.0)), form)  # something was wrong with the form
        watch.stepped(form, SendChosen(Instant(40.0)), finishing)
        watch.stepped(finishing, Committed(Instant(40.25), ONE), farewell)
        watch.stepped(farewell, Delivered(Instant(41.25), ONE), farewell)

    def test_each_stage_is_timed_from_outside(self):
        """From the finger on the button to the confirmed object."""
        watch = Stopwatch()
        self.visit(watch)
        record = watch.records[ONE]
        stages = record.stages
        assert 0.13 == pytest.approx(stages.press_to_reaction)
        assert ([0.5], 1.0, 19.5, 0.25, 1.0) == (
            stages.shutters,
            stages.last_shutter_to_gif,
            stages.form_to_submit,
            stages.submit_to_outbox,
            stages.outbox_to_confirmed,
        )
        assert (True, Guest("Zoe", "zoe@example.org")) == (record.delivered, record.guest)
        assert [pytest.approx(0.13)] == list(watch.press_to_reaction)

    def test_only_frames_that_changed_a_pixel_are_counted(self):
        """A frame with nothing to paint takes no time, and says nothing."""
        watch = Stopwatch()
        self.visit(watch)
        assert [pytest.approx(time) for time in (0.005, 0.01, 0.01)] == list(watch.frame_times)

    def test_what_a_frame_costs_is_what_the_loop_spent_since_the_one_before(self):
        """Whether that one changed a pixel or not."""
        watch = Stopwatch(cpu=iter((10.0, 10.5, 10.75, 11.75)).__next__)
        for number, changed in enumerate((True, False, True)):
            watch.painted(AttractScene(4), Instant(number), Instant(number), changed=changed)
        assert [0.5, 1.0] == list(watch.frame_costs)

    def test_frames_belong_to_the_visit_that_began_before_them(self):
        """What was painted before the first one is nobody's."""
        watch = Stopwatch()
        for began, session in ((0.0, ONE), (10.0, TWO)):
            watch.painted(AttractScene(4), Instant(began), Instant(began + 1.0), changed=True)
            watch.stepped(ATTRACT, Pressed(Instant(began), session), at(GetReady(session, Instant(9.0))))
            watch.painted(GetReadyScene(4, 3.0), Instant(began + 2.0), Instant(began + 4.0), changed=True)
        watch.painted(GetReadyScene(4, 2.9), Instant(15.0), Instant(18.0), changed=True)
        assert [[2.0, 1.0], [2.0, 3.0]] == [list(times) for times in watch.of_visits(watch.frame_times)]

    def test_what_was_skipped_has_no_guest(self):
        """Nobody is expected in the metadata."""
        watch = Stopwatch()
        form = at(FillingIn(ONE, FORM, Instant(9.0), Instant(99.0)))
        watch.stepped(ATTRACT, Pressed(Instant(1.0), ONE), form)
        finishing = at(Finishing(ONE, FORM, Instant(2.0), Instant(9.0), Animation.READY))
        watch.stepped(form, SkipChosen(Instant(2.0)), finishing)
        assert (None, 2.0) == (watch.records[ONE].guest, watch.records[ONE].submitted)

    def test_a_form_is_timed_from_its_first_appearing_through_every_question(self):
        """What is asked over it, and the form again, is all one form; each visit has its own."""
        watch = Stopwatch()
        shown = FillingIn(ONE, FORM, Instant(5.0), Instant(99.0))
        asked = replace(shown, since=Instant(20.0), ask=Ask.AGREE)
        watch.stepped(ATTRACT, Pressed(Instant(1.0), ONE), at(Exposing(ONE, 4, Instant(9.0))))
        watch.stepped(at(Exposing(ONE, 4, Instant(9.0))), FrameTaken(Instant(5.0), ONE, 4), at(shown))
        watch.stepped(at(shown), SendChosen(Instant(20.0)), at(asked))
        watch.stepped(
            at(asked),
            SendChosen(Instant(35.0)),
            at(Finishing(ONE, FORM, Instant(35.0), Instant(99.0), Animation.READY)),
        )
        assert 30.0 == watch.records[ONE].stages.form_to_submit

    def test_a_visit_that_an_earlier_run_left_behind_is_none_of_its_business(self):
        """It is delivered; nobody was watched in it."""
        watch = Stopwatch()
        watch.stepped(ATTRACT, Delivered(Instant(1.0), TWO), ATTRACT)
        watch.stepped(ATTRACT, ReachChanged(Instant(1.0), Reach.OFFLINE), ATTRACT)
        assert {} == watch.records


class Cast:
    """Scripted guests who do nothing but count their cues."""

    def __init__(self):
        self.done = False
        self.cues = 0

    def act(self, booth, now):
        self.cues += 1


class TestDirector:
    @pytest.fixture
    def stage(self):
        stage = SimpleNamespace(cast=Cast(), watch=Stopwatch(), stops=0)

        def stop():
            stage.stops += 1

        stage.stop = stop
        stage.director = Director(stage.cast, stage.watch, expected=1, stop=stop, patience=lambda _: Seconds(10.0))
        return stage

    def sent(self, stage, *, delivered):
        """Have the guest's visit done, and on its way."""
        stage.watch.records[ONE] = SimpleNamespace(submitted=Instant(1.0), delivered=delivered)
        stage.cast.done = True

    def test_guests_act_at_every_round(self, stage):
        """The director gives cues; it does not hurry."""
        for _ in range(3):
            stage.director.looped(ATTRACT, Instant(0.0))
        assert (3, 0) == (stage.cast.cues, stage.stops)

    def test_it_ends_when_all_have_gone_and_all_is_delivered(self, stage):
        """Not before both."""
        self.sent(stage, delivered=False)
        stage.director.looped(ATTRACT, Instant(0.0))
        assert 0 == stage.stops
        self.sent(stage, delivered=True)
        stage.director.looped(ATTRACT, Instant(0.0))
        assert (1, None) == (stage.stops, stage.director.gave_up)

    def test_it_does_not_end_while_another_target_lacks_something_of_a_visit(self, stage):
        """The machine hears of the first target alone; whoever is asked is asked of what that has, and not before."""
        waiting, asked = {ONE}, []

        def waits(session):
            asked.append(session)
            return session in waiting

        stage.director = Director(stage.cast, stage.watch, expected=1, stop=stage.stop, waits=waits)
        self.sent(stage, delivered=False)
        stage.director.looped(ATTRACT, Instant(0.0))
        self.sent(stage, delivered=True)
        stage.director.looped(ATTRACT, Instant(0.0))
        assert ([ONE], 0) == (asked, stage.stops)
        waiting.clear()
        stage.director.looped(ATTRACT, Instant(0.0))
        assert 1 == stage.stops

    def test_when_nothing_moves_it_gives_up_and_says_where(self, stage):
        """Once; a part that reports that it is still there is no movement."""
        stage.director.looped(ATTRACT, Instant(0.0))
        for moment in range(1, 12):
            stage.director.stepped(ATTRACT, PartBack(Instant(moment), Part.GM), ATTRACT)
            stage.director.looped(ATTRACT, Instant(moment))
        stage.director.looped(ATTRACT, Instant(12.0))
        assert (1, "nothing has moved for 10 s; the booth is in Attract") == (stage.stops, stage.director.gave_up)

    def test_what_is_on_its_way_moves(self, stage):
        """A long queue is sent for as long as it takes."""
        stage.director.looped(ATTRACT, Instant(0.0))
        for moment in range(5, 100, 5):
            stage.director.stepped(ATTRACT, Delivered(Instant(moment), TWO), ATTRACT)
            stage.director.looped(ATTRACT, Instant(moment))
        assert 0 == stage.stops

    def test_a_guest_who_types_moves(self, stage):
        """Three hundred letters take their time."""
        before = at(FillingIn(ONE, Form(), Instant(0.0), Instant(99.0)))
        stage.director.looped(before, Instant(0.0))
        for moment in range(5, 100, 5):
            after = at(FillingIn(ONE, Form(name=Line("a" * moment, 0)), Instant(0.0), Instant(99.0)))
            stage.director.stepped(before, Tick(Instant(moment)), after)
            stage.director.looped(after, Instant(moment))
        assert 0 == stage.stops

    def test_guests_who_come_back_for_ever_are_given_up(self, stage):
        """A camera that never delivers must not keep a rehearsal going all night."""
        for number in range(TRIES + 1):
            stage.watch.records[SessionId(str(number))] = SimpleNamespace(submitted=None, delivered=False)
        for _ in range(2):
            stage.director.stepped(ATTRACT, Tick(Instant(1.0)), ATTRACT)
        assert (1, f"{TRIES + 1} visits were begun for 1 guests") == (stage.stops, stage.director.gave_up)


class TestPhotographer:
    def form(self, **changes):
        values = {"form": Form(), "animation": Animation.MAKING, "closing_in": None} | changes
        return FormScene(ONE, consent_asked=False, name_required=False, email_required=True, ask=None, **values)

    def test_each_screen_is_taken_once_in_the_order_of_the_visit(self, tmp_path):
        """By a name that says which; a screen is given the time to show what it is about."""
        taken = []
        photographer = Photographer(SimpleNamespace(photograph=taken.append), tmp_path)
        scenes = [
            AttractScene(4),
            GetReadyScene(4, 3.0),
            self.form(),
            self.form(animation=Animation.READY),
            self.form(form=FORM),
            self.form(form=FORM, sending=True),
            FarewellScene(ONE, Outcome.SENT),
            AttractScene(4),
        ]
        for moment, shown in enumerate(scenes):
            for part in (0.0, 0.2, 0.5):
                photographer.painted(shown, Instant(moment + part), Instant(moment + part), changed=True)
        names = ["attract", "getready", "form", "form-ready", "form-filled-in", "form-sent", "farewell-sent"]
        assert [f"{number:02d}-{name}.png" for number, name in enumerate(names, 1)] == [path.name for path in taken]
        assert taken == photographer.pictures

    def test_a_farewell_with_a_code_is_taken_when_the_code_is_there(self, tmp_path):
        """It is worked out elsewhere, and what sparkles as it comes is over; its link is in no name."""
        taken = []
        photographer = Photographer(SimpleNamespace(photograph=taken.append), tmp_path)
        sent = FarewellScene(ONE, Outcome.SENT, "https://photos.example.com/secret")
        for moment in (0.0, 0.5, 1.5):
            photographer.painted(sent, Instant(moment), Instant(moment), changed=True)
        assert ["01-farewell-code.png"] == [path.name for path in taken]

    def test_a_screen_that_is_gone_too_soon_is_not_taken(self, tmp_path):
        """Better none than one that shows nothing yet."""
        taken = []
        photographer = Photographer(SimpleNamespace(photograph=taken.append), tmp_path)
        photographer.painted(GetReadyScene(4, 3.0), Instant(0.0), Instant(0.0), changed=True)
        photographer.painted(AttractScene(4), Instant(0.05), Instant(0.05), changed=False)
        assert ["01-attract.png"] == [path.name for path in taken]


# ---- what is said in the end


class RecordedBucket:
    """Keeps what it is given, and lets a test tamper with it."""

    def __init__(self):
        self.objects = {}
        self.closed = 0

    def put(self, parcel):
        self.objects[parcel.key] = (parcel.content, dict(parcel.metadata))
        return md5(self.objects[parcel.key][0], usedforsecurity=False).hexdigest()

    def get(self, key):
        if key not in self.objects:
            raise BucketError(f"there is no object {key}", Remedy.NEVER)
        return self.objects[key]

    def close(self):
        self.closed += 1


GUESTS = (Guest("Zoë", "zoe@example.org"), Guest("李小龙 " * 75, "li@example.org"))


class Sent:
    """An outbox and a bucket with two guests' visits, as they are after a good rehearsal."""

    def __init__(self, folder: Path, key_template="{event}/{session}.gif"):
        self.folder = folder / "outbox"
        self.spool = Spool(
            self.folder, event="Fête", booth="test", key_template=key_template, wall=HandClock().wall, min_free_mb=0,
            keep_days=30,
        )  # fmt: skip
        self.bucket = RecordedBucket()
        self.archive = Archive(self.folder, self.spool, lambda: self.bucket)
        self.watch = Stopwatch()
        for session, guest in zip((ONE, TWO), GUESTS, strict=True):
            self.spool.open(session)
            self.spool.animation(session).write_bytes(GIF)
            self.spool.note(session, guest)
            self.spool.commit(session)
            parcel = self.spool.queue().parcel(session)
            self.spool.queue().confirm(session, parcel.key, self.bucket.put(parcel))
            self.watch.stepped(ATTRACT, Pressed(Instant(0.0), session), at(GetReady(session, Instant(9.0))))
            self.watch.records[session].submitted = Instant(1.0)
            self.watch.records[session].stages.shutters = [0.123456789]
        self.keys = list(self.bucket.objects)

    def report(self, *, gave_up=None, event="Fête", guests=GUESTS):
        """Return the status, the JSON objects on standard output, and the sentences of complaint."""
        out, complain = io.StringIO(), io.StringIO()
        status = report(
            self.watch, guests, self.archive,
            event=event, cpu=3.0, peak=99.0, gave_up=gave_up, out=out, complain=complain,
        )  # fmt: skip
        return status, [json.loads(line) for line in out.getvalue().splitlines()], complain.getvalue()

    def tamper(self, key, *, body=None, **values):
        old_body, old_values = self.bucket.objects[key]
        self.bucket.objects[key] = (old_body if body is None else body, old_values | values)


@pytest.fixture
def sent(tmp_path):
    sent = Sent(tmp_path)
    yield sent
    sent.archive.close()
    sent.spool.close()


class TestReport:
    def test_all_stored_is_status_0_a_line_a_guest_and_a_summary(self, sent):
        """With every promised key, and nothing to complain of; a name that metadata cannot hold whole counts too."""
        status, (first, second, summary), complaints = sent.report()
        assert (0, "") == (status, complaints)
        assert [ONE, TWO] == [first["session"], second["session"]]
        assert (sent.keys[0], len(GIF), 1, True) == (first["key"], first["bytes"], first["frames"], first["stored"])
        assert md5(GIF, usedforsecurity=False).hexdigest() == first["etag"]
        assert {
            "press_to_reaction": None, "shutters": [0.1235], "last_shutter_to_gif": None, "form_to_submit": None,
            "submit_to_outbox": None, "outbox_to_confirmed": None,
        } == first["seconds"]  # fmt: skip
        assert {
            "guests": 2, "stored": 2, "cpu_seconds_a_guest": 1.5, "peak_rss_mb": 99.0, "frame_time_p50_s": None,
            "frame_time_p99_s": None, "frame_time_p99_first_s": None, "frame_time_p99_last_s": None,
            "frame_cpu_p99_first_s": None, "frame_cpu_p99_last_s": None, "form_p50_s": None,
            "press_to_reaction_p99_s": None, "outbox": {"open": 0, "pending": 0, "sent": 2, "failed": 0},
        } == summary  # fmt: skip

    def test_the_frames_of_the_first_and_of_the_last_guests_stand_beside_those_of_all(self, sent):
        """So that one sees whether a booth gets slower; each guest's own slowest are in the guest's line."""
        for record, first in zip(sent.watch.records.values(), (0, 2), strict=True):
            record.first_frame = first
        sent.watch.frame_times.extend((0.001, 0.002, 0.003, 0.004))
        sent.watch.frame_costs.extend((0.005, 0.006, 0.007, 0.008))
        _, (first, second, summary), _ = sent.report()
        assert (0.002, 0.004) == (first["frame_time_p99_s"], second["frame_time_p99_s"])
        figures = [summary[f"frame_time_p99{which}_s"] for which in ("", "_first", "_last")]
        assert [0.004, 0.002, 0.004] == figures
        assert [0.006, 0.008] == [summary[f"frame_cpu_p99{which}_s"] for which in ("_first", "_last")]

    def test_how_long_the_form_takes_is_the_median_of_those_who_filled_it_in(self, sent):
        """Who goes on with one press has filled in nothing."""
        for number, seconds in enumerate((12.0, 40.0, 20.0, 1.0)):
            record = sent.watch.records.setdefault(SessionId(str(number)), Record(SessionId(str(number))))
            record.submitted, record.guest = Instant(seconds), None if seconds == 1.0 else FORM.guest()
            record.stages.form_to_submit = seconds
        assert 20.0 == sent.report()[1][-1]["form_p50_s"]

    @pytest.mark.parametrize(
        ("what", "words"),
        [
            ({"body": GIF + b"x"}, "the bytes in the bucket are not those of the animation"),
            ({"body": GIF + b"x"}, "the ETag is not the MD5 of the bytes"),
            ({"name": "Zoe"}, "metadata 'name' is not what the guest entered"),
            ({"email": "other@example.org"}, "metadata 'email' is not what the guest entered"),
            ({"event": "another"}, "metadata 'event' is not what the guest entered"),
            ({"session": str(TWO)}, "metadata 'session' is not what the guest entered"),
            ({"name": "%FF"}, "metadata 'name' is not what the guest entered"),
            ({"consent": "perhaps"}, "metadata 'consent', 'booth' or 'taken' is missing, or not what it should be"),
            ({"booth": ""}, "metadata 'consent', 'booth' or 'taken' is missing, or not what it should be"),
            ({"taken": "yesterday"}, "metadata 'consent', 'booth' or 'taken' is missing, or not what it should be"),
        ],
    )
    def test_an_object_that_was_tampered_with_is_named(self, sent, what, words):
        """By the guest's number and session, never by what is in it; the other guest is stored."""
        sent.tamper(sent.keys[0], **what)
        status, (first, second, summary), complaints = sent.report()
        assert (1, False, True, 1) == (status, first["stored"], second["stored"], summary["stored"])
        assert f"booth: guest 1 ({ONE}): {words}\n" in complaints
        assert not any(detail in complaints for detail in ("Zo", "zoe@", "other@"))

    def test_a_long_name_may_be_shortened_but_not_changed(self, sent):
        """Metadata hold 2 kB; what is kept must be how the name begins."""
        key = sent.keys[1]
        sent.tamper(key, name=sent.bucket.objects[key][1]["name"][9:])
        assert f"guest 2 ({TWO}): metadata 'name'" in sent.report()[2]

    def test_an_object_that_is_missing_is_named(self, sent):
        """What the outbox believes is not enough."""
        del sent.bucket.objects[sent.keys[1]]
        status, lines, complaints = sent.report()
        assert (1, [True, False]) == (status, [line["stored"] for line in lines[:2]])
        assert f"booth: guest 2 ({TWO}): there is no object {sent.keys[1]}\n" == complaints

    def test_a_visit_that_was_not_sent_is_named(self, sent):
        """It is still in the outbox."""
        (sent.folder / "sent" / ONE).rename(sent.folder / "pending" / ONE)
        status, _, complaints = sent.report()
        assert (1, True) == (status, f"guest 1 ({ONE}): it was not sent" in complaints)

    def test_two_guests_under_one_key_are_one_too_many(self, sent):
        """The second one would have overwritten the first."""
        entry = sent.folder / "sent" / TWO / "entry.json"
        fields = json.loads(entry.read_text())
        (product,) = fields["products"]
        entry.write_text(json.dumps(fields | {"products": [product | {"key": sent.keys[0]}]}))
        assert f"guest 2 ({TWO}): shares its key with another guest" in sent.report()[2]

    def test_a_guest_whose_visit_never_came_is_named(self, sent):
        """There is a line for each guest who was expected."""
        status, lines, complaints = sent.report(guests=(*GUESTS, GUESTS[0]))
        assert (1, {"session": None, "stored": False}) == (status, lines[2])
        assert "booth: guest 3: no visit was sent\n" == complaints

    def test_a_rehearsal_that_was_given_up_has_failed(self, sent):
        """Even if all that was expected is there."""
        status, _, complaints = sent.report(gave_up="nothing has moved for 60 s; the booth is in Attract")
        assert (1, "booth: nothing has moved for 60 s; the booth is in Attract\n") == (status, complaints)

    def test_the_bucket_is_opened_when_it_is_needed_and_closed_once(self, sent):
        """Nothing sent, nothing opened."""
        sent.archive.close()
        assert 0 == sent.bucket.closed
        sent.report()
        sent.archive.close()
        sent.archive.close()
        assert 1 == sent.bucket.closed


# ---- rehearsals that fail


@pytest.fixture
def rehearse(tmp_path, monkeypatch, capsys):
    """Play guests in a booth that somebody has broken; return status, JSON objects, complaints.

    It is given up as soon as the booth is *stuck*: what nobody has to wait for is not waited for, nor is it given up
    before, however busy the machine is.
    """
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    def run(*guests, stuck, endpoint="http://127.0.0.1:9", objects=None, targets=(), on_daemon=lambda _: None):
        settings = Settings(
            countdown=CountdownSection(shots=1),
            outbox=OutboxSection(dir=tmp_path / "outbox", min_free_mb=50),
            zenko=ZenkoSection(endpoint_url=endpoint, access_key_id="any", secret_access_key=ONE),
        )
        simulation = Simulation(fast=True, headless=True, outbox=tmp_path / "outbox", targets=targets)
        with ExitStack() as stack:
            status = play(
                settings,
                simulation,
                guests,
                stack,
                patience=lambda booth: Seconds(0.0) if stuck(booth.state) else patient(booth),
                objects=objects,
                on_daemon=on_daemon,
            )
        out, complaints = capsys.readouterr()
        return status, [json.loads(line) for line in out.splitlines() if line.startswith("{")], complaints

    return run


class LateBucket(RecordedBucket):
    """A bucket of a second target, which takes nothing before the booth has gone on for a while.

    It goes by the rounds of the booth's loop, which it watches: some of them after the first target has all of a visit.
    """

    ROUNDS = 3

    def __init__(self):
        super().__init__()
        self.open = threading.Event()
        self._rounds = None

    def put(self, parcel):
        assert self.open.wait(PATIENCE)
        return super().put(parcel)

    def watch(self, daemon):
        daemon.watch(self)

    def stepped(self, before, event, after):
        if isinstance(event, Delivered):
            self._rounds = 0

    def painted(self, shown, began, ended, *, changed):
        pass

    def looped(self, booth, now):
        if self._rounds is not None:
            self._rounds += 1
            if self._rounds == self.ROUNDS:
                self.open.set()


class TestPlay:
    def test_what_another_target_has_not_is_waited_for(self, rehearse):
        """The guest's own bucket has it; the attic is late, and has it, too, when the rehearsal is over."""
        attic = LateBucket()
        target = Target("attic", lambda: attic, Seconds(20.0))
        try:
            status, (line, summary), _ = rehearse(
                Guest("", ""), stuck=lambda _: False, endpoint="", targets=(target,), on_daemon=attic.watch
            )
        finally:
            attic.open.set()
        assert (0, [line["key"]]) == (status, list(attic.objects))
        assert {"open": 0, "pending": 0, "sent": 1, "failed": 0} == summary["outbox"]

    def test_an_endpoint_that_refuses_is_given_up(self, rehearse, tmp_path):
        """The guest is named, the visit is still in the outbox, and no object is shown to anybody."""
        objects, pending = tmp_path / "objects", tmp_path / "outbox" / "pending"

        def stuck(state):
            return isinstance(state, Attract) and any(pending.iterdir())

        guest = Guest("Zoe", "zoe@example.org")
        status, (line, summary), complaints = rehearse(guest, stuck=stuck, objects=objects)
        assert not objects.exists()
        assert (1, False, 1) == (status, line["stored"], summary["outbox"]["pending"])
        assert "nothing has moved for 0 s; the booth is in Attract" in complaints
        assert f"guest 1 ({line['session']}): it was not sent" in complaints

    def test_a_guest_who_cannot_send_is_given_up(self, rehearse):
        """An address that is none: the form stays, and so does the sentence."""

        def stuck(state):
            return isinstance(state, FillingIn) and bool(state.form.complaints)

        status, (line, summary), complaints = rehearse(Guest("Zoe", "no address"), stuck=stuck)
        assert (1, None, 0) == (status, line["session"], summary["stored"])
        assert "the booth is in FillingIn" in complaints
        assert "guest 1: no visit was sent" in complaints

    def test_a_booth_that_never_gets_ready_is_given_up(self, rehearse, monkeypatch, tmp_path):
        """Without gm nobody is invited."""
        monkeypatch.setenv("PATH", str(tmp_path))

        def stuck(state):
            return isinstance(state, OutOfOrder)

        status, _, complaints = rehearse(Guest("Zoe", "zoe@example.org"), stuck=stuck)
        assert 1 == status
        assert "the booth is in OutOfOrder" in complaints
