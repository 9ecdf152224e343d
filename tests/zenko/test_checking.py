"""``booth bucket check``: what it finds, in the order of a new operator's mistakes, and that its own words mend it."""

import dataclasses
import itertools
import json
import os
import re
import shlex
import signal
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from lab.zenko.accounts import BOOTH, OWNER, OWNERS_KEY
from lab.zenko.rooms import NeverAnsweredError, Room, refusal
from lab.zenko.whole import Zenko

SITES = "aws,gcp,azure"
CREATE = f"booth bucket create --canonical-id {BOOTH.canonical_id} --sites {SITES}"
_NAMES = itertools.count()
DATE = r"\d{4}-\d\d-\d\d"


class Scene:
    """A Zenko, a booth's settings, and what an operator can do about both."""

    def __init__(self, double, command, client, name):
        self.off = 0.0
        """Seconds that the server's clock is before this machine's."""
        self.zenko = Zenko()
        self.zenko.administering.blocked = True
        self.server = double(*self.zenko.rooms, wall=lambda: time.time() + self.off)
        self.owner = client(self.server.url, key=OWNERS_KEY)
        self.name = name
        self.url = self.server.url
        self.settings = {}
        self._command = command

    @property
    def port(self):
        return urlsplit(self.server.url).port

    def run(self, *words):
        """Run ``booth bucket``; return its status and what it says."""
        return self._command(self.url, *words, **({"bucket": self.name} | self.settings))

    def create(self, *words):
        status, _, err = self.run("create", "--canonical-id", BOOTH.canonical_id, *words)
        assert (0, "") == (status, err)

    def check(self):
        """Return what is wrong: each with what to do."""
        status, out, err = self.run("check", "--sites", SITES, "--json")
        assert "" == err
        found = json.loads(out)["findings"]
        wrong = [(each["what"], each["says"], each["cure"]) for each in found if each["state"] == "wrong"]
        assert (1 if wrong else 0) == status
        return wrong

    def follow(self, cure):
        """Run the command that stands at the end of a sentence, with the owner's keys."""
        words = shlex.split(cure.partition(": ")[2])
        assert ["booth", "bucket"] == words[:2]
        status, _, err = self.run(*words[2:])
        assert (0, "") == (status, err)


@pytest.fixture
def scene(double, command, client):
    """Make a scene with a bucket that is right."""
    made = Scene(double, command, client, f"checked-{next(_NAMES)}")
    made.create("--sites", SITES)
    return made


@dataclasses.dataclass(frozen=True)
class Wrong:
    """A mistake, what is said of it, and what is done then: what the sentence says."""

    name: str
    plant: Callable[[Scene], None]
    what: str
    says: str
    cure: str
    follow: Callable[[Scene, str], None]


def unheard(scene):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        scene.url = f"http://127.0.0.1:{taken.getsockname()[1]}"


def right_address(scene, _cure):
    scene.url = scene.server.url


def listed(scene, _cure):
    scene.zenko.endpoints.hosts = ("127.0.0.1", "localhost")


def set_the_clock(scene, _cure):
    scene.off = 0.0


def right_settings(scene, _cure):
    scene.settings = {}


def by_hand(scene, cure):
    """Do what the sentence has the owner do."""
    scene.follow(cure)


def another_bucket(scene):
    """Make one by hand that has nothing of what it needs, and use that."""
    scene.name += "-by-hand"
    scene.owner.create_bucket(Bucket=scene.name)


def without_rule(scene):
    scene.name += "-without"
    scene.create()


def with_two_sites(scene):
    scene.name += "-two"
    scene.create("--sites", "aws,gcp")


def for_another_account(scene):
    policy = json.loads(scene.owner.get_bucket_policy(Bucket=scene.name)["Policy"])
    policy["Statement"][0]["Principal"]["CanonicalUser"] = "f" * 64
    scene.owner.put_bucket_policy(Bucket=scene.name, Policy=json.dumps(policy))


def open_ingress(scene):
    scene.zenko.administering.blocked = False


def blocked(scene, _cure):
    scene.zenko.administering.blocked = True


COPIED = "and --copy, for this picture of one pixel is older than the rule (without it, what a copy costs is told)"
OWN = "give the booth the key of an account of its own, which may s3:PutObject and nothing else"
WRONGS = (
    Wrong("a port where nobody is", unheard, "server",
          "nobody listens at URL (EndpointConnectionError)",
          "check that the server runs, and its port (zenko.endpoint_url)", right_address),
    Wrong("TLS where there is none", lambda scene: setattr(scene, "url", f"https://127.0.0.1:{scene.port}"), "server",
          "no TLS is spoken at URL (SSLError)",
          ("put the port that speaks it into the settings (zenko.endpoint_url; with http:// everybody on the way can "
           "read what is sent), or log the booth in to the network"), right_address),
    Wrong("a name that is not listed", lambda scene: setattr(scene, "url", f"http://localhost:{scene.port}"), "server",
          "the server does not know itself as URL (InvalidURI)",
          ("add that name to the server's restEndpoints, or put the right one into the settings (zenko.endpoint_url)"),
          listed),
    Wrong("a clock that is behind", lambda scene: setattr(scene, "off", 3 * 3600.0), "clock",
          "this machine's is 3 hours behind the server's, and what it signs is refused",
          ("have the network let time servers through (NTP, port 123 of UDP), which set it, or set it by hand: sudo "
           "timedatectl set-time"), set_the_clock),
    Wrong("an unknown key", lambda scene: scene.settings.update(access_key_id="NOBODYS"), "key",
          "URL does not know the access key (InvalidAccessKeyId)",
          "put the right one into the settings (zenko.access_key_id)", right_settings),
    Wrong("a wrong secret", lambda scene: scene.settings.update(secret_access_key="wrong"), "key",  # noqa: S106 it is
          "the secret does not belong to the access key (SignatureDoesNotMatch)",
          "put the right one into the settings (zenko.secret_access_key)", right_settings),
    Wrong("a name with a letter too many", lambda scene: scene.settings.update(bucket=f"{scene.name}x"), "put",
          "there is no bucket NAMEx at URL (NoSuchBucket)",
          f"correct zenko.bucket, or make it with the owner's keys: {CREATE}", right_settings),
    Wrong("no bucket", lambda scene: setattr(scene, "name", f"{scene.name}-none"), "put",
          "there is no bucket NAME at URL (NoSuchBucket)",
          f"correct zenko.bucket, or make it with the owner's keys: {CREATE}", by_hand),
    Wrong("no policy", another_bucket, "put",
          "the access key may not put objects into the bucket NAME (AccessDenied)",
          f"allow it with the owner's keys: {CREATE}", by_hand),
    Wrong("a policy for somebody else", for_another_account, "put",
          "the access key may not put objects into the bucket NAME (AccessDenied)",
          f"allow it with the owner's keys: {CREATE}", by_hand),
    Wrong("no rule", without_rule, "replication",
          "no rule covers what was put: not in this bucket, or not under this prefix",
          f"make one with the owner's keys, {COPIED}: {CREATE} --copy", by_hand),
    Wrong("a site that is missing", with_two_sites, "replication",
          "what was put goes to aws, gcp, and not to azure",
          f"put another rule with the owner's keys, {COPIED}: {CREATE} --replace --copy", by_hand),
    Wrong("an open ingress", open_ingress, "admin",
          "any account, so this key too, can stop replication by /_/backbeat/api",
          "have the ingress refuse paths that begin with /_/", blocked),
)  # fmt: skip


class TestMistakes:
    @pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: wrong.name)
    def test_a_mistake_is_told_alone_and_is_gone_when_its_sentence_was_followed(self, scene, wrong):
        """In the order in which a new operator makes them; the sentence is followed to the letter."""
        wrong.plant(scene)
        says = wrong.says.replace("URL", "http://zenko.example.com:8000").replace("NAME", scene.name)
        ((what, said, cure),) = scene.check()
        assert (wrong.what, says, wrong.cure) == (what, said, cure)
        wrong.follow(scene, cure)
        assert [] == scene.check()

    def test_a_bucket_that_was_made_by_hand_is_made_whole_by_one_command(self, scene):
        """It has the policy alone: versions and rule are missed, and what makes up for one does so for both."""
        policy = scene.owner.get_bucket_policy(Bucket=scene.name)["Policy"].replace(scene.name, f"{scene.name}-by-hand")
        another_bucket(scene)
        scene.owner.put_bucket_policy(Bucket=scene.name, Policy=policy)
        (what, _, cure), (then, _, _) = scene.check()
        wanted = f"switch them on with the owner's keys, {COPIED}: {CREATE} --copy"
        assert ("versions", wanted, "replication") == (what, cure, then)
        scene.follow(cure)
        assert [] == scene.check()

    @pytest.mark.parametrize("plant", [without_rule, with_two_sites])
    def test_what_was_put_for_the_check_goes_by_the_rule_as_well(self, scene, plant):
        """A rule is for what comes after it; the sentence's own command makes up for what was put before."""
        plant(scene)
        ((_, _, cure),) = scene.check()
        scene.follow(cure)
        (probe,) = scene.owner.list_objects_v2(Bucket=scene.name)["Contents"]
        head = scene.owner.head_object(Bucket=scene.name, Key=probe["Key"])
        statuses = {f"{site}-replication-status": "PENDING" for site in SITES.split(",")}
        assert ("PENDING", {"purpose": "booth-bucket-check"} | statuses) == (
            head["ReplicationStatus"],
            head["Metadata"],
        )

    def test_all_of_them_at_once_are_walked_through(self, scene):
        """Each look shows the next; nothing but what was said is done, and in the end all is right."""
        for wrong in (WRONGS[-1], WRONGS[8], *WRONGS[3:6], WRONGS[2]):
            wrong.plant(scene)
        by_name = {(wrong.what, wrong.cure): wrong for wrong in WRONGS}
        walked = []
        while found := scene.check():
            what, _, cure = found[0]
            wrong = by_name[what, cure]
            walked.append(wrong.name)
            if wrong.what == "key":  # one of two is put right, as it was said
                name = "access_key_id" if "access_key_id" in cure else "secret_access_key"
                del scene.settings[name]
            else:
                wrong.follow(scene, cure)
        assert ["a name that is not listed", "a clock that is behind", "an unknown key", "a wrong secret",
                "a policy for somebody else", "an open ingress"] == walked  # fmt: skip


class TestRight:
    def test_each_thing_is_told(self, scene):
        """In order, with what it was found by, and what is left behind."""
        status, out, err = scene.run("check", "--sites", SITES)
        out = re.sub(rf"party/{DATE}/check-\d{{8}}-\d{{6}}-[0-9a-f]{{6}}\.gif", "KEY", out)
        assert (0, "") == (status, err)
        assert out.splitlines() == [
            "right    server: a Zenko's CloudServer answers at http://zenko.example.com:8000, and knows that name",
            "right    clock: as the server's",
            "right    key: the server knows it, and the secret is its own; its account's canonical id is "
            + BOOTH.canonical_id,
            "right    put: a picture of one pixel was put, and confirmed: KEY",
            "right    versions: what is overwritten is kept",
            "right    replication: what was put is on its way to aws, gcp, azure (PENDING)",
            "right    list: it may not list what is in the bucket",
            (
                "right    read: asked for another's object it is refused; its own it may read, overwrite and publish, "
                "which this kind of server cannot forbid"
            ),
            "right    settings: it may not see the bucket's settings",
            "right    delete: it may not delete, not even what it has put",
            "right    admin: paths that begin with /_/ are refused",
            "11 right, 0 wrong",
            "The picture of one pixel is still there: KEY",
        ]

    def test_no_unsigned_request_is_made_for_a_bucket(self, scene):
        """Of an older CloudServer each ends a process, where the policy names the account by its ARN."""
        policy = json.loads(scene.owner.get_bucket_policy(Bucket=scene.name)["Policy"])
        policy["Statement"][0]["Principal"] = {"AWS": f"arn:aws:iam::{BOOTH.number}:root"}
        scene.owner.put_bucket_policy(Bucket=scene.name, Policy=json.dumps(policy))
        assert ([], 0) == (scene.check(), scene.zenko.policies.killed)

    def test_a_program_is_told_the_same(self, scene):
        """As JSON, with the key of what is left behind."""
        status, out, _ = scene.run("check", "--json")
        said = json.loads(out)
        assert (0, {"right"}) == (status, {each["state"] for each in said["findings"]})
        assert ["what", "says", "cure", "state"] == list(said["findings"][0])
        scene.owner.head_object(Bucket=scene.name, Key=said["left"])

    def test_the_sites_that_guests_are_shown_are_looked_for(self, scene):
        """Those of the settings, where none are typed: a lamp that can never light is told."""
        scene.name += "-lamps"
        scene.create("--sites", "aws,gcp")
        lamps = '--set=zenko.sites={aws="AWS", azure="Azure"}'
        out = scene.run("check", lamps)[1]
        assert ["wrong    replication: what was put goes to aws, gcp, and not to azure"] == [
            line for line in out.splitlines() if "replication: " in line
        ]

    def test_a_site_is_known_however_its_name_is_written(self, scene):
        """The server tells of it in a header's name, and those have no capitals."""
        scene.zenko.buckets.sites = (*scene.zenko.buckets.sites, "aws-Archive")
        scene.name += "-capital"
        scene.create("--sites", "aws-Archive")
        status, out, _ = scene.run("check", "--sites", "aws-Archive")
        (line,) = [line for line in out.splitlines() if "replication: " in line]
        assert (0, "right    replication: what was put is on its way to aws-archive (PENDING)") == (status, line)

    def test_without_sites_it_does_not_know_where_pictures_should_go(self, scene):
        """So it cannot say that there should be a rule."""
        scene.name += "-alone"
        scene.create()
        out = scene.run("check")[1]
        wanted = "unknown  replication: nothing says that there is any; if there should be, name the --sites"
        assert [wanted] == [line for line in out.splitlines() if "replication: " in line]


class TestRights:
    def test_an_owners_key_in_the_booth_is_told_four_times(self, scene):
        """It may do all that a booth's should not; what was put is deleted with it."""
        scene.settings = {"access_key_id": OWNERS_KEY.id, "secret_access_key": OWNERS_KEY.secret}
        assert [
            ("list", "it may list what is in the bucket: pictures, and where guests' details are", OWN),
            ("read", "it may read what others have put", OWN),
            ("settings", "it may see the bucket's settings, as its owner may", OWN),
            ("delete", "it may delete what is in the bucket", OWN),
        ] == scene.check()
        assert "" == json.loads(scene.run("check", "--json")[1])["left"]

    def test_a_key_of_another_account_than_was_said_is_told(self, scene):
        """Before the policy is looked for."""
        status, out, _ = scene.run("check", "--canonical-id", OWNER.canonical_id)
        assert (1, [
            "wrong    key: the key is of another account than --canonical-id says",
            f"         -> its account is {BOOTH.canonical_id}: run this again with that, and create, too",
            "2 right, 1 wrong",
        ]) == (status, out.splitlines()[-3:])  # fmt: skip


class TestOthers:
    @pytest.mark.parametrize(
        ("refused", "days", "found"),
        [
            (True, 0, ("right", "it may not read, not even what it has put")),
            (False, 0, ("wrong", "it may read what is in the bucket")),
            (False, 7, ("right", "it may read what is in the bucket, which the links that it signs need")),
            (True, 7, ("wrong", "it may not read what it has put, so each link that it signs leads to an error")),
        ],
    )
    def test_reading_is_right_where_links_need_it(self, command, double, refused, days, found):
        """Elsewhere than on a Zenko an owner gives that right, or not; a link may what its key may."""

        class Amazon(Room):
            def before(self, request):
                return refusal(403, "AccessDenied") if refused and request.method == "GET" and request.key else None

            def after(self, request, answer):
                answer.headers["server"] = "AmazonS3"
                return answer

        out = command(double(Amazon()).url, "check", "--json", "--set", f"share.presigned_days={days}")[1]
        said = {each["what"]: (each["state"], each["says"]) for each in json.loads(out)["findings"]}
        assert found == said["read"]

    def test_a_server_for_trials_is_believed_nothing(self, command, embedded):
        """It takes any key and allows it everything: that is said, and what was put is gone."""
        status, out, err = command(embedded.endpoint_url, "check", bucket=embedded.bucket)
        out = re.sub(r"confirmed: .*", "confirmed: KEY", out)
        assert (1, "") == (status, err)
        assert out.splitlines() == [
            (
                "right    server: moto answers at http://zenko.example.com:8000, and knows that name (it is for "
                "trials: it believes any key, and allows it everything)"
            ),
            "right    clock: as the server's",
            "unknown  key: moto takes any",
            "right    put: a picture of one pixel was put, and confirmed: KEY",
            "wrong    versions: what is overwritten is lost, and nothing can be replicated",
            "         -> switch them on with the owner's keys: booth bucket create --canonical-id ID",
            "unknown  replication: nothing says that there is any; if there should be, name the --sites",
            "unknown  rights: moto knows none: what this key may do elsewhere cannot be told here",
            "3 right, 1 wrong, 3 cannot be told",
        ]

    @pytest.mark.parametrize(
        ("denied", "left"),
        [
            (lambda request: False, []),
            (lambda request: "versionId" not in request.query, []),
            (lambda request: "versionId" in request.query, ["mark", "version"]),
            (lambda request: True, ["version"]),
        ],
        ids=["nothing", "names", "versions", "both"],
    )
    def test_what_was_put_goes_with_its_version_where_the_key_may(self, command, double, client, denied, left):
        """A bucket with versions hides what is deleted by its name; what is there still, hidden or not, is named."""

        class Amazon(Room):
            def before(self, request):
                return refusal(403, "AccessDenied") if request.method == "DELETE" and denied(request) else None

            def after(self, request, answer):
                answer.headers["server"] = "AmazonS3"
                return answer

        server, name = double(Amazon()), f"checked-{next(_NAMES)}"
        owner = client(server.url)
        owner.create_bucket(Bucket=name)
        owner.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        said = json.loads(command(server.url, "check", "--json", bucket=name)[1])
        there = owner.list_object_versions(Bucket=name)
        kinds = {"mark": "DeleteMarkers", "version": "Versions"}
        found = {what: [one["Key"] for one in there.get(kind, [])] for what, kind in kinds.items()}
        assert left == [what for what, keys in found.items() if keys]
        assert ([said["left"]] if left else []) == found["version"]
        (state,) = [each["state"] for each in said["findings"] if each["what"] == "delete"]
        assert ("right" if left == ["version"] else "wrong") == state

    @pytest.mark.parametrize(
        ("headers", "name"),
        [
            ({"server": "AmazonS3"}, "Amazon S3"),
            ({"server": "UploadServer", "x-guploader-uploadid": "x"}, "Google Cloud Storage"),
            ({"server": "", "x-amz-request-id": "tx000001"}, "Ceph's radosgw"),
            ({"server": "SomethingNew"}, "an S3 server"),
        ],
    )
    def test_which_kind_answers_is_told_with_what_cannot_be(self, command, double, headers, name):
        """By its own headers; of each what is otherwise there is said with it."""

        class Named(Room):
            def after(self, request, answer):
                answer.headers |= headers
                return answer

        out = command(double(Named()).url, "check")[1]
        (line,) = [line for line in out.splitlines() if "server: " in line]
        wanted = f"right    server: {name} answers at http://zenko.example.com:8000, and knows that name ("
        assert wanted == line[: len(wanted)]

    def test_rclone_is_known_by_what_it_says_to_strangers(self, command, double):
        """It does not say who it is; of rights it knows nothing, so nothing is said of them."""

        class Rclone(Room):
            def before(self, request):
                return None if "authorization" in request.headers else refusal(400, "UnsupportedAlgorithm")

        out = command(double(Rclone()).url, "check")[1]
        assert "rclone" == out.partition("server: ")[2].partition(" answers")[0]
        assert ["unknown  rights: rclone knows none: what this key may do elsewhere cannot be told here"] == [
            line for line in out.splitlines() if "rights: " in line
        ]

    def test_who_stops_it_has_what_was_found_until_then(self, scene, double, command):
        """Ctrl-C: no traceback, and its own status."""

        class Pressed(Room):
            def before(self, request):
                if request.method == "PUT":
                    os.kill(os.getpid(), signal.SIGINT)
                    raise NeverAnsweredError

        impatient = double(Pressed(), *scene.zenko.rooms)
        status, out, err = command(impatient.url, "check", bucket=scene.name)
        assert (130, "3 right, 0 wrong", "booth: stopped before the end\n") == (status, out.splitlines()[-1], err)
