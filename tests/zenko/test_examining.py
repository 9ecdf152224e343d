"""The doctor's look at the bucket: what ``booth bucket check`` finds, with a sign for tonight, and what stays."""

import itertools
import time

import pytest

from booth.disk import RealDisk
from booth.drivers.clock import SystemClock
from booth.examining.findings import Finding, Premises, Sign
from booth.operator.buckets.findings import right
from booth.operator.examining import bucket
from booth.settings.model import Settings
from booth.units import Instant
from lab.clock import HandClock
from lab.zenko.accounts import BOOTH, BOOTHS_KEY, OWNERS_KEY
from lab.zenko.rooms import Answer, Room
from lab.zenko.whole import Zenko

SITES = {"aws": "AWS", "gcp": "GCP", "azure": "Azure"}
OWN = "give the booth the key of an account of its own, which may s3:PutObject and nothing else"
CREATE = f"booth bucket create --canonical-id {BOOTH.canonical_id} --sites aws,gcp,azure"
SET = (
    "have the network let time servers through (NTP, port 123 of UDP), which set it, or set it by hand: sudo "
    "timedatectl set-time"
)
_NAMES = itertools.count()


class Scene:
    """A Zenko with a bucket that is right, and a booth's settings."""

    def __init__(self, double, command, tmp_path, *rooms):
        self.off = 0.0
        self.zenko = Zenko()
        self.zenko.administering.blocked = True
        self.server = double(*rooms, *self.zenko.rooms, wall=lambda: time.time() + self.off)
        self.name = f"examined-{next(_NAMES)}"
        self.given = {"endpoint_url": self.server.url, "bucket": self.name, "sites": SITES,
                      "access_key_id": BOOTHS_KEY.id, "secret_access_key": BOOTHS_KEY.secret}  # fmt: skip
        self._folder = tmp_path
        status, _, err = command(self.server.url, "create", "--canonical-id", BOOTH.canonical_id, "--sites",
                                 "aws,gcp,azure", bucket=self.name)  # fmt: skip
        assert (0, "") == (status, err)

    def look(self, **changes):
        """Return what the doctor finds, by name."""
        clock = SystemClock()
        premises = Premises(
            settings=Settings(zenko=self.given | changes), outbox=self._folder, disk=RealDisk(), clock=clock,
            deadline=Instant(clock.now() + 60.0),
        )  # fmt: skip
        return {each.check: each for each in bucket.look(premises)}

    def ill(self, **changes):
        """Return what is not as it should be: each with its sign, what was found, and what to do."""
        return [
            (each.check, each.sign, each.measured, each.cure)
            for each in self.look(**changes).values()
            if each.sign not in {Sign.OK, Sign.SKIPPED}
        ]


@pytest.fixture
def scene(double, command, tmp_path):
    """Make a scene in which all is right."""
    return Scene(double, command, tmp_path)


def test_all_is_told_where_all_is_right(scene):
    """In the order in which one thing hides the next; the clock is told of by the network."""
    found = scene.look()
    told = ["server", "key", "put", "versions", "replication", "list", "read", "settings", "delete", "admin", "probe"]
    assert [f"bucket {name}" for name in told] == list(found)
    assert [Sign.OK] * len(told) == [each.sign for each in found.values()]


def test_what_was_put_stays_with_a_key_as_it_should_be(scene):
    """It is one small object, and its owner can find it."""
    found = scene.look()
    key = found["bucket put"].measured.rpartition(": ")[2]
    assert Finding("bucket probe", Sign.OK, f"{key} stays (42 bytes): its owner may delete it") == found["bucket probe"]
    assert [key] == [target.partition(f"/{scene.name}/")[2] for verb, target in scene.server.asked
                     if verb == "PUT" and "check-" in target]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "check", "says", "cure"),
    [
        ({"access_key_id": "NOBODYS"}, "bucket key", "URL does not know the access key (InvalidAccessKeyId)",
         "put the right one into the settings (zenko.access_key_id)"),
        ({"secret_access_key": "wrong"}, "bucket key",
         "the secret does not belong to the access key (SignatureDoesNotMatch)",
         "put the right one into the settings (zenko.secret_access_key)"),
        ({"bucket": "none-of-ours"}, "bucket put", "there is no bucket none-of-ours at URL (NoSuchBucket)",
         f"correct zenko.bucket, or make it with the owner's keys: {CREATE}"),
    ],
)  # fmt: skip
def test_a_setting_that_keeps_pictures_from_arriving_is_bad(scene, wrong, check, says, cure):
    """It is told alone, and is gone when it was put right."""
    says = says.replace("URL", scene.server.url)
    assert [(check, Sign.BAD, says, cure)] == scene.ill(**wrong)
    assert [] == scene.ill()


def test_a_clock_that_the_server_refuses_is_bad(scene):
    """Nothing else can be asked then; it is set, and all is well."""
    scene.off = 3 * 3600.0
    ((check, sign, _, cure),) = scene.ill()
    assert ("bucket clock", Sign.BAD, SET) == (check, sign, cure)
    scene.off = 0.0
    assert [] == scene.ill()


def test_a_lamp_that_can_never_light_is_bad(scene):
    """Guests are shown a lamp for each site of the settings."""
    ((check, sign, says, _),) = scene.ill(sites=SITES | {"other": "Other"})
    assert ("bucket replication", Sign.BAD, "what was put goes to aws, gcp, azure, and not to other") == (
        check, sign, says,
    )  # fmt: skip


def test_a_key_that_may_more_than_it_should_is_a_warning_for_each_thing(scene):
    """Pictures arrive tonight; but whoever takes the booth takes its key along. What was put is deleted by it."""
    owner = {"access_key_id": OWNERS_KEY.id, "secret_access_key": OWNERS_KEY.secret}
    assert [
        ("bucket list", Sign.WARN, "it may list what is in the bucket: pictures, and where guests' details are", OWN),
        ("bucket read", Sign.WARN, "it may read what others have put", OWN),
        ("bucket settings", Sign.WARN, "it may see the bucket's settings, as its owner may", OWN),
        ("bucket delete", Sign.WARN, "it may delete what is in the bucket", OWN),
    ] == scene.ill(**owner)
    said = Finding("bucket probe", Sign.OK, "what was put for trying is deleted again")
    assert said == scene.look(**owner)["bucket probe"]
    assert [] == scene.ill()


def test_the_servers_own_routes_are_a_warning(scene):
    """Until the ingress refuses them."""
    scene.zenko.administering.blocked = False
    says = "any account, so this key too, can stop replication by /_/backbeat/api"
    assert [("bucket admin", Sign.WARN, says, "have the ingress refuse paths that begin with /_/")] == scene.ill()
    scene.zenko.administering.blocked = True
    assert [] == scene.ill()


def test_what_is_no_s3_is_bad(double, scene):
    """Another server has that port; the right one is named, and all is well."""

    class Page(Room):
        def before(self, request):
            return Answer(200, {"content-type": "text/html"}, b"<html>a printer</html>")

    elsewhere = double(Page())
    ((check, sign, _, _),) = scene.ill(endpoint_url=elsewhere.url)
    assert ("bucket server", Sign.BAD) == (check, sign)
    assert [] == scene.ill()


def test_no_server_is_a_warning(scene):
    """Some booths have none; then pictures stay on it."""
    assert [(
        "bucket", Sign.WARN, "no server is named: pictures stay on this booth",
        "set zenko.endpoint_url to the server that pictures go to",
    )] == scene.ill(endpoint_url="")  # fmt: skip


def test_a_server_that_takes_its_time_is_left(tmp_path):
    """With less than three seconds left nothing else is asked, and that is said."""
    clock = HandClock(now=Instant(0.0))
    premises = Premises(settings=Settings(), outbox=tmp_path, disk=RealDisk(), clock=clock, deadline=Instant(16.0))

    def slow():
        for number in range(3):
            clock.advance(6.9)
            yield right(f"thing-{number}", "well")

    found = [each.check for each in bucket.walked(slow(), premises, clock_told=True)]
    assert ["bucket thing-0", "bucket thing-1", "bucket"] == found
