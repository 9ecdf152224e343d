"""What guests should see, and how the lamp should glow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.events import Notice, Part, Reach
from booth.core.form import Field, Form, Line
from booth.core.rules import Rules
from booth.core.scene import (
    ApologyScene,
    AttractScene,
    CountdownScene,
    FarewellScene,
    FinishingScene,
    FlashScene,
    FormScene,
    GetReadyScene,
    Glow,
    OutOfOrderScene,
    StartingScene,
    glow,
    lit,
    scene,
    wants_preview,
)
from booth.core.states import (
    Animation,
    Answered,
    Apology,
    Ask,
    Attract,
    Booth,
    Committing,
    Countdown,
    Deleting,
    Exposing,
    Farewell,
    FillingIn,
    Finishing,
    GetReady,
    Outcome,
    OutOfOrder,
    Reason,
    Starting,
)
from booth.core.visit import SHOWN, SessionId
from booth.units import Instant, Seconds

RULES = Rules()
NOW = Instant(100.0)
VISIT = SessionId("visit")
FORM = Form(name=Line("Zoë", 3), focus=Field.EMAIL)


def shown(visit, *, now=NOW, rules=RULES, **booth):
    """Return the scene of a booth in which nothing is missing."""
    return scene(Booth(visit, **{"missing": frozenset(), **booth}), now, rules)


def after(seconds):
    """Return the instant that is *seconds* from now."""
    return Instant(NOW + seconds)


def finishing(work, *, waited=0.0):
    """Return a state in which the guest has waited for so many seconds."""
    return Finishing(VISIT, FORM, after(-waited), after(60.0), Animation.READY, work)


def form_scene(**facts):
    """Return the form as it is shown unless told otherwise."""
    return FormScene(
        **{
            "session": VISIT,
            "form": FORM,
            "animation": Animation.MAKING,
            "consent_asked": False,
            "name_required": False,
            "email_required": False,
            "ask": None,
            "closing_in": None,
            **facts,
        }
    )


# ---- each state has its scene


def test_the_scenes_that_only_say_where_the_visit_is():
    """Each state's scene holds what its painter needs, and nothing that is not so."""
    assert StartingScene((Part.GM,), (Part.DISK,)) == shown(
        Starting(after(5.0), frozenset({Part.GM})), missing=frozenset({Part.GM, Part.DISK})
    )
    assert AttractScene(shots=4) == shown(Attract())
    assert AttractScene(shots=3) == shown(Attract(), rules=Rules(shots=3))
    assert FlashScene(shot=2, shots=4, session=VISIT) == shown(Exposing(VISIT, 2, after(5.0)))
    assert FarewellScene(VISIT, Outcome.SAVED) == shown(Farewell(VISIT, after(-3.0), after(5.0), Outcome.SAVED))
    assert ApologyScene(Reason.DISK, kept=True) == shown(Apology(Reason.DISK, after(5.0), kept=True))


def test_a_farewell_shows_its_link_and_says_whether_one_is_coming():
    """A code is promised only where links are given, and only while the animation is being sent."""
    link, sharing = "https://photos.example.com/visit-1", Rules(share=25.0)

    def told(outcome, link=None, rules=sharing):
        scene = shown(Farewell(VISIT, after(-3.0), after(5.0), outcome, link), rules=rules)
        assert link is None or link not in repr(scene)
        return scene.link, scene.link_coming

    assert (None, True) == told(Outcome.SENDING)
    assert (link, False) == told(Outcome.SENT, link)
    assert {(None, False)} == {told(outcome) for outcome in set(Outcome) - {Outcome.SENDING}}
    assert (None, False) == told(Outcome.SENDING, rules=Rules())


@pytest.mark.parametrize("reach", Reach)
def test_no_code_is_promised_that_will_not_come_in_time(reach):
    """Where uploads are slow, or get nowhere, the farewell speaks of no code."""
    visit = Farewell(VISIT, after(-3.0), after(5.0), Outcome.SENDING)
    assert (reach is Reach.UP) is shown(visit, reach=reach, rules=Rules(share=25.0)).link_coming


@pytest.mark.parametrize("reach", Reach)
def test_a_farewell_knows_what_its_visit_waits_for(reach):
    """Only one that waits: what was sent, or deleted, is painted once."""
    told = {outcome: shown(Farewell(VISIT, after(-3.0), after(5.0), outcome), reach=reach).reach for outcome in Outcome}
    waits = {Outcome.SAVED, Outcome.LATER}
    assert {outcome: reach if outcome in waits else Reach.UP for outcome in Outcome} == told


@pytest.mark.parametrize(
    ("reach", "notices"),
    [
        (Reach.UP, ()),
        (Reach.SLOW, ()),
        (Reach.OFFLINE, (Reach.OFFLINE,)),
        (Reach.HELD_UP, (Reach.HELD_UP,)),
        (Reach.REFUSED, (Reach.REFUSED,)),
        (Reach.NO_BUCKET, (Reach.NO_BUCKET,)),
    ],
)
def test_an_operator_is_told_why_nothing_is_sent(reach, notices):
    """Away, in trouble, refused, or nowhere to send to: four truths, and where to look is another place for each."""
    assert AttractScene(4, notices) == shown(Attract(), reach=reach)


def test_a_missing_bucket_is_told_whatever_the_time_is():
    """Once the time is known, nothing will be sent either."""
    notices = frozenset({Notice.CLOCK_UNKNOWN})
    told = (Notice.CLOCK_UNKNOWN, Reach.NO_BUCKET)
    assert AttractScene(4, told) == shown(Attract(), reach=Reach.NO_BUCKET, notices=notices)


def test_out_of_order_names_what_is_missing_in_alphabetical_order():
    """The operator reads the same line each time."""
    missing = frozenset({Part.GM, Part.CAMERA, Part.DISK})
    assert OutOfOrderScene((Part.CAMERA, Part.DISK, Part.GM)) == shown(OutOfOrder(), missing=missing)


def test_an_operator_reads_what_is_worth_knowing_where_nobody_is_served():
    """The invitation and the screen that is out of order tell it, in alphabetical order; a visit never does."""
    notices = frozenset({Notice.DISK_LOW})
    told = (Notice.DISK_LOW, Reach.OFFLINE)
    assert AttractScene(4, told) == shown(Attract(), reach=Reach.OFFLINE, notices=notices)
    assert OutOfOrderScene((Part.GM,), told) == shown(
        OutOfOrder(), missing=frozenset({Part.GM}), reach=Reach.OFFLINE, notices=notices
    )


def test_a_booth_that_waits_for_the_time_does_not_say_that_it_is_offline():
    """The uploader sends nothing before the time is known; whether the bucket could be reached nobody has tried."""
    notices = frozenset({Notice.CLOCK_UNKNOWN})
    assert AttractScene(4, (Notice.CLOCK_UNKNOWN,)) == shown(Attract(), reach=Reach.OFFLINE, notices=notices)


# ---- numbers that run


@pytest.mark.parametrize(("left", "remaining"), [(3.0, 3.0), (2.91, 3.0), (0.05, 0.1), (0.0, 0.0), (-1.0, 0.0)])
def test_get_ready_counts_in_tenths_rounded_up(left, remaining):
    """The time until the first countdown, and never less than none."""
    assert GetReadyScene(4, remaining, VISIT) == shown(GetReady(VISIT, after(left)))


@pytest.mark.parametrize(
    ("left", "digit", "fraction"),
    [
        (3.0, 3, 1.0),
        (2.5, 3, 0.5),
        (2.01, 3, 0.0),
        (2.0, 2, 1.0),
        (1.0, 1, 1.0),
        (0.5, 1, 0.5),
        (0.01, 1, 0.0),
        (0.0, 1, 0.0),
        (-0.5, 1, 0.0),
    ],
)
def test_the_countdown_counts_as_people_do(left, digit, fraction):
    """3, 2, 1, each for its second; a loop that is late stays at 1."""
    assert CountdownScene(2, 4, digit, fraction, VISIT) == shown(Countdown(VISIT, 2, after(left)))


@given(left=st.floats(-10.0, 20.0), length=st.floats(0.0, 10.0))
def test_no_digit_is_ever_nought_or_more_than_there_are_seconds(left, length):
    """However long the countdown is set, and however late the loop: from the length down to 1."""
    rules = Rules(countdown=Seconds(length))
    seen = shown(Countdown(VISIT, 1, after(left)), rules=rules)
    assert 1 <= seen.digit <= max(1, int(length + 1))
    assert 0.0 <= seen.fraction <= 1.0


@given(length=st.floats(0.1, 10.0), parts=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=10))
def test_digits_never_go_up(length, parts):
    """As time passes, the digit falls, and within a digit its rest does."""
    rules = Rules(countdown=Seconds(length))
    scenes = [
        shown(Countdown(VISIT, 1, after(length)), now=after(part * length), rules=rules) for part in sorted(parts)
    ]
    rests = [(seen.digit, seen.fraction) for seen in scenes]
    assert sorted(rests, reverse=True) == rests


# ---- the form


def test_the_form_is_shown_as_it_is():
    """What was typed, what is asked back, how far the animation is, and what the rules want."""
    rules = Rules(consents=(SHOWN,), email_required=True)
    visit = FillingIn(VISIT, FORM, after(-5.0), after(60.0), Animation.FAILED, Ask.DELETE)
    wanted = form_scene(
        animation=Animation.FAILED, consent_asked=True, consents=("show",), email_required=True, ask=Ask.DELETE
    )
    assert wanted == shown(visit, rules=rules)


@pytest.mark.parametrize(
    ("left", "closing_in"), [(90.0, None), (15.1, None), (15.0, 15), (14.1, 15), (14.0, 14), (0.1, 1), (-1.0, 0)]
)
def test_a_form_that_is_about_to_close_says_so(left, closing_in):
    """The last 15 seconds are counted down where the guest can see it."""
    assert form_scene(closing_in=closing_in) == shown(FillingIn(VISIT, FORM, after(-5.0), after(left), touched=True))


@pytest.mark.parametrize(
    ("since", "touched", "skips"), [(1.4, False, False), (1.5, False, True), (60.0, False, True), (60.0, True, False)]
)
def test_the_form_says_that_the_button_skips_exactly_while_it_does(since, touched, skips):
    """Not before a press counts, and not once a guest has begun."""
    visit = FillingIn(VISIT, Form(), after(-since), after(60.0), touched=touched)
    assert skips is shown(visit).button_skips


# ---- the wait


def test_a_short_wait_shows_the_form_that_is_being_sent():
    """For the first moment nothing changes but that nothing can be touched."""
    assert form_scene(animation=Animation.READY, sending=True) == shown(finishing(Committing(), waited=0.29))


@pytest.mark.parametrize(("work", "deleting"), [(Committing(), False), (Deleting(), True)])
def test_a_longer_wait_says_please_wait(work, deleting):
    """After that the guest is told, and told what for."""
    assert FinishingScene(VISIT, Animation.READY, deleting) == shown(finishing(work), now=after(0.3))


def test_a_wait_that_was_seen_does_not_flicker():
    """An answer does not bring the form back while the wait is being read."""
    visit = finishing(Answered(Outcome.SENDING), waited=0.31)
    assert FinishingScene(VISIT, Animation.READY, deleting=False) == shown(visit)


# ---- the lamp


@pytest.mark.parametrize(
    ("visit", "pattern"),
    [
        (Starting(after(1)), Glow.BLINK),
        (Attract(), Glow.STEADY),
        (GetReady(VISIT, after(1)), Glow.OFF),
        (Countdown(VISIT, 1, after(1)), Glow.BLINK),
        (Exposing(VISIT, 1, after(1)), Glow.STEADY),
        (FillingIn(VISIT, FORM, after(-5), after(1)), Glow.OFF),
        (finishing(Committing()), Glow.BLINK),
        (Farewell(VISIT, after(-7), after(1), Outcome.SENT), Glow.OFF),
        (Apology(Reason.CAMERA, after(1), kept=False), Glow.SLOW_BLINK),
        (OutOfOrder(), Glow.DOUBLE_BLINK),
    ],
)
def test_each_state_has_its_glow(visit, pattern):
    """Steady means ready, or smile; everything else blinks or is dark."""
    assert pattern is glow(visit)


@pytest.mark.parametrize(
    ("pattern", "edges"),
    [
        (Glow.OFF, []),
        (Glow.STEADY, [0.0]),
        (Glow.BLINK, [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75]),
        (Glow.SLOW_BLINK, [0.0, 1.0]),
        (Glow.DOUBLE_BLINK, [0.0, 0.15, 0.3, 0.45]),
    ],
)
def test_a_pattern_goes_on_and_off_when_it_should(pattern, edges):
    """Within two seconds, from dark: when the lamp changes, in seconds. Then it starts again."""
    changes, on = [], False
    for hundredth in range(200):
        now = Instant(1000.0 + hundredth / 100)
        if lit(pattern, now) is not on:
            on = not on
            changes.append(hundredth / 100)
    assert edges == pytest.approx(changes, abs=0.011)
    assert lit(pattern, Instant(1000.001)) is lit(pattern, Instant(1002.001))


# ---- the preview


@pytest.mark.parametrize(
    "visit", [GetReady(VISIT, after(1)), Countdown(VISIT, 1, after(1)), Exposing(VISIT, 1, after(1))]
)
def test_the_preview_runs_while_the_guest_poses(visit):
    """From get ready to the last shutter, without a break."""
    assert wants_preview(visit)


@pytest.mark.parametrize(
    "visit",
    [Starting(after(1)), Attract(), FillingIn(VISIT, FORM, after(-5), after(1)), finishing(Committing()), OutOfOrder()],
)
def test_the_preview_rests_while_nobody_poses(visit):
    """The camera shows nobody who has not pressed the button."""
    assert not wants_preview(visit)
