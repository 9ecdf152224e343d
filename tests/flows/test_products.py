"""Whole visits that have more products than the animation, and more targets than the bucket: the world may add some."""

from booth.core.states import Attract
from booth.ports import Kind, Output, Target
from booth.units import Seconds
from tests.flows.party import RecordedBucket

STRIP = Output(Kind("strip.jpg", "image/jpeg", "-strip.jpg"), lambda frames: b"JPEG of %d" % len(frames))


def test_what_the_world_adds_is_made_of_each_visit_and_goes_to_each_target(a_party):
    """Two objects in the bucket and two in the attic, with the guest's details on each; then all of it is filed."""
    attic = RecordedBucket()
    target = Target("attic", lambda: attic, Seconds(1.0))
    party = a_party(world={"outputs": (STRIP,), "targets": (target,)})
    party.to_form()
    party.send("Zoë", "zoe@example.org")
    party.until(Attract)
    party.in_real_time(lambda: party.spool.counts()["sent"] == 1)
    strips = [key for key in party.bucket.objects if key.endswith("-strip.jpg")]
    assert (2, 1) == (len(party.bucket.objects), len(strips))
    assert b"JPEG of 4" == party.bucket.objects[strips[0]][0]
    assert party.bucket.objects == attic.objects
    assert ["Zoë", "Zoë"] == [details["name"] for details in party.details()]
