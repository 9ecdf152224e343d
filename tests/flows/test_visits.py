"""Whole visits: from the press to the bucket, on simulators, with real gm and a hand-moved clock."""

from booth.core.events import (
    Confirmed,
    Declined,
    DeleteChosen,
    Notice,
    Part,
    RetakeChosen,
    SendChosen,
    SkipChosen,
    Typed,
)
from booth.core.scene import (
    AttractScene,
    FarewellScene,
    FormScene,
    OutOfOrderScene,
)
from booth.core.states import (
    Apology,
    Attract,
    Countdown,
    Farewell,
    FillingIn,
    GetReady,
    Outcome,
    OutOfOrder,
    Reason,
)
from booth.errors import BucketError, Remedy
from booth.outbox import metadata
from booth.sim.camera import Fault


def _form(party):
    party.until(Attract)
    party.press()
    party.until(FillingIn)


def _form_without_gm(party):
    """Have gm taken away as soon as the booth has invited."""
    party.until(Attract)
    party.gm.take_away()
    party.press()
    party.until(FillingIn)


def _details(party):
    return [metadata.decode(values) for _, values in party.bucket.objects.values()]


def test_a_visit_ends_as_one_object_with_the_guests_details(party):
    """Press, four frames, a name and an address, Send: one GIF in the bucket, with the details as metadata."""
    _form(party)
    party.fill_in("Zoë O'Néill", "zoe+booth@example.org")
    party.do(SendChosen)
    party.until(Farewell)
    party.delivered(1)

    (details,) = _details(party)
    assert ("Zoë O'Néill", "zoe+booth@example.org", "Party") == (details["name"], details["email"], details["event"])
    assert next(iter(party.bucket.objects.values()))[0].startswith(b"GIF89a")


def test_guests_see_every_screen_of_a_visit_in_order(party):
    """Attract, get ready, four countdowns with a flash each, the form, the farewell, attract again."""
    _form(party)
    party.do(SkipChosen)
    party.until(Farewell)
    party.until(Attract)

    kinds = [type(scene) for scene in party.screen.shown]
    order = [kind for kind, before in zip(kinds, [None, *kinds], strict=False) if kind is not before]
    names = [kind.__name__.removesuffix("Scene") for kind in order]
    shots = [step for shot in range(4) for step in ("Countdown", "Flash")]
    assert ["Attract", "GetReady", *shots, "Form", "Farewell", "Attract"] == names


def test_a_party_of_twelve_is_twelve_objects(party):
    """Twelve guests, three of them with the same name, are twelve objects under twelve keys."""
    for number in range(12):
        _form(party)
        party.fill_in("Pat" if number % 4 == 0 else f"Guest {number}", f"guest{number}@example.org")
        party.do(SendChosen)
        party.until(Farewell)
        party.until(Attract)
    party.delivered(12)

    assert 12 == len(party.bucket.objects)
    assert [f"guest{number}@example.org" for number in range(12)] == sorted(
        (details["email"] for details in _details(party)), key=lambda email: int(email[5:].split("@")[0])
    )


def test_a_guest_who_skips_gets_an_animation_without_personal_data(party):
    """Skip keeps the GIF and sends it without name and address."""
    _form(party)
    party.do((Typed, "Zoe"), SkipChosen)
    party.until(Farewell)
    party.delivered(1)

    (details,) = _details(party)
    assert {"name", "email"}.isdisjoint(details)


def test_a_guest_who_walks_away_is_warned_and_then_kept_without_personal_data(party):
    """The form closes by itself after a visible warning; what was typed is forgotten, the GIF is kept."""
    _form(party)
    party.fill_in("Zoe", "zoe@example.org")
    party.until(Attract)
    party.delivered(1)

    (details,) = _details(party)
    assert {"name", "email"}.isdisjoint(details)
    warned = [scene.closing_in for scene in party.screen.shown if isinstance(scene, FormScene) and scene.closing_in]
    assert list(range(15, 0, -1)) == list(dict.fromkeys(warned))


def test_retake_poses_again_and_keeps_only_the_second_take(party):
    """Retake, confirmed, deletes the pictures and starts with a fresh visit."""
    _form(party)
    first = party.state.session
    party.do(RetakeChosen)
    party.do((Confirmed, party.ids()))
    assert isinstance(party.state, GetReady)
    second = party.state.session
    party.until(FillingIn)
    party.do(SkipChosen)
    party.until(Farewell)
    party.delivered(1)

    assert first != second
    assert [second] == [details["session"] for details in _details(party)]
    assert {"open": 0, "pending": 0, "sent": 1, "failed": 0} == party.spool.counts()


def test_deleting_asks_back_first(party):
    """No: the form is as it was. Yes: nothing is left, and the screen says so."""
    _form(party)
    party.do((Typed, "Zoe"), DeleteChosen)
    party.do(Declined)
    assert "Zoe" == party.state.form.name.text
    party.do(DeleteChosen)
    party.do((Confirmed, party.ids()))
    party.until(Farewell)

    assert Outcome.DELETED is party.state.outcome
    assert {"open": 0, "pending": 0, "sent": 0, "failed": 0} == party.spool.counts()
    assert {} == party.bucket.objects


def test_offline_the_farewell_says_saved_and_the_visit_is_sent_when_the_link_is_back(party):
    """Nobody is told "sent" before it is; what was saved goes out by itself."""
    party.bucket.trouble = BucketError("no route", Remedy.WAIT)
    _form(party)
    party.fill_in("Zoe", "zoe@example.org")
    party.do(SendChosen)
    party.until(Farewell)
    party.in_real_time(lambda: not party.uploader.status().online)
    party.turn()
    outcomes = [scene.outcome for scene in party.screen.shown if isinstance(scene, FarewellScene)]
    party.bucket.trouble = None
    party.until(Attract)
    party.clock.advance(600)
    party.uploader.wake()
    party.delivered(1)

    assert [Outcome.SENDING, Outcome.SAVED] == outcomes
    assert 1 == len(party.bucket.objects)


def test_presses_during_a_visit_are_dropped(party):
    """Hammering the button from the first countdown to the form begins no second visit."""
    party.until(Attract)
    party.press()
    while not isinstance(party.state, FillingIn):
        party.press()
    session = party.state.session
    for _ in range(20):
        party.press()

    assert session == party.state.session
    assert 1 == party.spool.counts()["open"]


def test_a_camera_that_fails_ends_in_an_apology_and_the_next_guest_is_welcome(party):
    """A frame that does not come: an apology, the camera opened again, and a booth that is ready."""
    party.until(Attract)
    party.press()
    party.until(Countdown)
    party.until(lambda: isinstance(party.state, Countdown) and party.state.shot == 3)
    party.faults.fail(Fault.REFUSED)
    party.until(Apology)
    assert (Reason.CAMERA, True) == (party.state.reason, party.state.kept)
    party.until(Attract)
    _form(party)
    party.do(SkipChosen)
    party.until(Farewell)
    party.delivered(2)

    assert 2 == len(party.bucket.objects), "the two frames of the first visit were kept, without personal data"


def test_a_camera_that_stays_away_is_out_of_order_and_comes_back_by_itself(party):
    """The LED is not lit and the screen names the part until the camera answers again."""
    party.until(Attract)
    party.press()
    party.until(Countdown)
    party.faults.unplug()
    party.until(OutOfOrder)
    assert OutOfOrderScene((Part.CAMERA,)) == party.screen.shown[-1]
    party.turn(40)
    assert isinstance(party.state, OutOfOrder)
    party.faults.plug_in()
    party.until(Attract)

    assert AttractScene(4) == party.screen.shown[-1]
    assert party.panel.history[-1]


def test_a_missing_part_keeps_the_booth_from_inviting(party):
    """With gm away, the screen says so, and the booth is ready as soon as it is back."""
    party.until(Attract)
    party.gm.take_away()
    party.until(OutOfOrder)
    assert OutOfOrderScene((Part.GM,)) == party.screen.shown[-1]
    party.press()
    assert isinstance(party.state, OutOfOrder)
    party.gm.give_back()
    party.until(Attract)


def test_an_animation_that_cannot_be_made_is_made_later(party):
    """The guest is thanked truthfully, the frames and details stay, and the GIF is made when gm works again."""
    _form_without_gm(party)
    party.fill_in("Zoe", "zoe@example.org")
    party.do(SendChosen)
    party.until(Farewell)
    assert Outcome.LATER is party.state.outcome
    party.gm.give_back()
    party.until(Attract)
    party.turn(61)
    party.turn()
    party.delivered(1)

    assert ["zoe@example.org"] == [details["email"] for details in _details(party)]


def test_a_visit_cut_by_a_power_loss_is_finished_at_the_next_start(a_party):
    """Two frames were taken when the power went: the next start makes an animation of them, and sends it."""
    first = a_party()
    first.until(Attract)
    first.press()
    first.until(lambda: isinstance(first.state, Countdown) and first.state.shot == 3)
    session = first.state.session
    first.close()

    second = a_party()
    second.crew.finish_open_visits()
    second.delivered(1)

    (details,) = _details(second)
    assert session == details["session"]
    assert {"name", "email"}.isdisjoint(details)


def test_a_full_disk_refuses_honestly(a_party):
    """No room: out of order, and no visit is begun."""
    party = a_party(settings={"outbox.min_free_mb": 50})
    party.until(Attract)
    party.disk.room = 49_999_999
    party.until(OutOfOrder)

    assert OutOfOrderScene((Part.DISK,), (Notice.DISK_LOW,)) == party.screen.shown[-1]
    assert {"open": 0, "pending": 0, "sent": 0, "failed": 0} == party.spool.counts()


def test_the_preview_runs_while_the_guest_poses_and_at_no_other_time(party):
    """Get ready, countdowns and shutters have a preview; attract, form and farewell have none."""
    party.until(Attract)
    assert party.crew.studio.preview() is None
    party.press()
    party.until(Countdown)
    assert party.daemon._watching
    party.until(FillingIn)
    party.turn()
    assert not party.daemon._watching
    assert party.crew.studio.preview() is None


def test_closing_the_window_ends_the_loop(party):
    """The daemon comes back from `run`, having told the service manager."""
    party.screen.closed = True
    party.daemon.run()

    assert "STOPPING" == party.notify.said[-1]
