"""The lamps of the farewell: one for each cloud, lit when this guest's picture is there, and never before."""

import pytest

from booth.core.events import Committed, Delivered, EverywhereChanged, Reach, ReachChanged, Replicated, SkipChosen
from booth.core.machine import step
from booth.core.scene import AttractScene, scene
from booth.core.states import Farewell, Outcome
from booth.core.visit import SessionId
from booth.units import later

ANOTHER = SessionId("another")
SITES = ("aws", "gcp", "azure")


@pytest.fixture
def walk(start_walk):
    """Return a walk to whose guests three clouds are told of; the guest has just finished."""
    walk = start_walk(sites=SITES, email_required=False).come_up().to_form()
    walk.wait(2.0)
    walk.happen(SkipChosen)
    return walk


def lit(walk):
    """Return which lamps burn, in order, and which do not."""
    return [lamp.lit for lamp in scene(walk.booth, walk.now, walk.rules).lamps]


def test_a_lamp_burns_when_the_picture_is_there_and_not_before(walk):
    """Each cloud in its turn, as the server says it."""
    walk.answer(Committed)
    seen = [lit(walk)]
    walk.answer(Delivered)
    seen.append(lit(walk))
    for site in ("gcp", "aws", "azure"):
        walk.answer(Replicated, site=site)
        seen.append(lit(walk))
    assert [
        [False, False, False],
        [False, False, False],
        [False, True, False],
        [True, True, False],
        [True, True, True],
    ] == seen


def test_what_is_copied_of_another_visit_lights_nothing(walk):
    """An older picture that arrives in a cloud now is not this guest's."""
    walk.answer(Committed)
    walk.answer(Delivered)
    walk.happen(Replicated, session=ANOTHER, site="aws")
    assert [False, False, False] == lit(walk)


def test_a_copy_without_a_delivery_lights_nothing(walk):
    """Before the bucket has confirmed it, no cloud can have it, whoever says so."""
    walk.answer(Committed)
    walk.answer(Replicated, site="aws")
    walk.answer(Delivered)
    assert [False, False, False] == lit(walk)


@pytest.mark.parametrize("first", [Committed, Delivered])
def test_a_copy_that_comes_before_the_farewell_is_on_it(walk, first):
    """However fast the server is, and in whatever order the booth hears of it."""
    walk.wait(0.4)
    walk.answer(first)
    if first is Committed:
        walk.answer(Delivered)
    walk.answer(Replicated, site="gcp")
    if first is Delivered:
        walk.answer(Committed)
    walk.sit_out()
    assert (Farewell, [False, True, False]) == (type(walk.state), lit(walk))


def test_the_farewell_is_as_long_with_lamps_as_without(walk):
    """A lamp is good to see, and no reason to keep anybody."""
    walk.answer(Committed)
    walk.answer(Delivered)
    until = walk.state.until
    walk.wait(3.0)
    for site in SITES:
        walk.answer(Replicated, site=site)
    assert until == walk.state.until


def test_a_site_that_nobody_has_named_has_no_lamp(walk):
    """The server may make more copies than guests are told of."""
    walk.answer(Committed)
    walk.answer(Delivered)
    walk.answer(Replicated, site="tape")
    assert [False, False, False] == lit(walk)


def test_what_is_only_saved_has_no_lamps(walk):
    """Nothing is on its way to a cloud while the bucket is away; once it is sent, it is."""
    walk.happen(ReachChanged, reach=Reach.OFFLINE)
    walk.answer(Committed)
    saved = lit(walk)
    walk.answer(Delivered)
    assert ([], [False, False, False]) == (saved, lit(walk))


def test_without_named_sites_there_are_no_lamps(start_walk):
    """A booth whose owner names no clouds says nothing of them, whatever the server does."""
    walk = start_walk(email_required=False).come_up().to_form()
    walk.wait(2.0)
    walk.happen(SkipChosen)
    walk.answer(Committed)
    walk.answer(Delivered)
    walk.answer(Replicated, site="aws")
    walk.happen(EverywhereChanged, visits=3)
    assert (Outcome.SENT, ()) == (walk.state.outcome, scene(walk.booth, walk.now, walk.rules).lamps)
    walk.sit_out()
    assert AttractScene(4) == scene(walk.booth, walk.now, walk.rules)


def test_the_invitation_knows_how_many_pictures_are_everywhere(walk):
    """It is counted whatever the visit does, and touches none."""
    before = walk.state
    walk.happen(EverywhereChanged, visits=17)
    assert before == walk.state
    walk.answer(Committed)
    walk.sit_out()
    assert AttractScene(4, (), 17, 3) == scene(walk.booth, walk.now, walk.rules)


def test_a_lamp_that_burns_is_no_reason_for_anything(walk):
    """No effect comes of a copy: the machine only shows it."""
    walk.answer(Committed)
    walk.answer(Delivered)
    _, effects = step(walk.booth, Replicated(later(walk.now, 1.0), walk.session, "aws"), walk.rules)
    assert () == effects
