"""``booth bucket create``: what it makes, what it leaves alone, and what it stops before."""

import dataclasses
import json
import os
import signal

import pytest

from booth.operator.buckets.present import NO_POLICIES
from lab.zenko.accounts import BOOTH, BOOTHS_KEY
from lab.zenko.buckets import SITES
from lab.zenko.rooms import Answer, NeverAnsweredError, Room

GIF = b"GIF89a" + bytes(range(256))
WORDS = ("--canonical-id", BOOTH.canonical_id, "--location", "transient", "--sites", ",".join(SITES))
NEXT = "Now look whether it is right, with the booth's keys: booth bucket check\n"
CALLS = ("create-bucket", "put-bucket-versioning", "put-bucket-replication", "put-bucket-lifecycle-configuration",
         "put-bucket-policy")  # fmt: skip


@pytest.fixture
def create(command, server, name):
    """Run the command for the bucket."""
    return lambda *words, **settings: command(server.url, "create", *words, bucket=name, **settings)


def said(*states):
    return (
        "".join(
            f"{number}. {call}: {state}\n" for number, (call, state) in enumerate(zip(CALLS, states, strict=True), 1)
        )
        + NEXT
    )


def changes(server):
    """Return what was asked of a server that changes anything."""
    return [asked for asked in server.asked if asked[0] in {"PUT", "POST", "DELETE"}]


class TestMade:
    def test_each_call_of_the_plan_is_made(self, create, command, server, name, owner):
        """The very calls that the plan prints, in its order; the double judges them as CloudServer does."""
        assert (0, said(*["done"] * 5), "") == create(*WORDS)
        plan = json.loads(command(server.url, "plan", "--json", *WORDS, bucket=name)[1])["calls"]
        assert list(CALLS) == [call["operation"] for call in plan]
        (rule,) = owner.get_bucket_replication(Bucket=name)["ReplicationConfiguration"]["Rules"]
        (planned,) = plan[2]["arguments"]["ReplicationConfiguration"]["Rules"]
        assert (planned["ID"], planned["Destination"]) == (rule["ID"], rule["Destination"])
        assert json.loads(plan[4]["arguments"]["Policy"]) == json.loads(owner.get_bucket_policy(Bucket=name)["Policy"])
        assert "transient" == owner.get_bucket_location(Bucket=name)["LocationConstraint"]

    def test_a_second_time_changes_nothing(self, create, server):
        """Whatever was the reason to run it again."""
        create(*WORDS)
        server.asked.clear()
        assert (0, said(*["was so already"] * 5), "") == create(*WORDS)
        assert [] == changes(server)

    def test_what_is_missing_is_made_up_for(self, create, owner, name):
        """Somebody took a part of it away, or the first time was cut short."""
        create(*WORDS)
        owner.delete_bucket_policy(Bucket=name)
        assert (0, said(*["was so already"] * 4, "done"), "") == create(*WORDS)

    def test_pages_may_be_let_in(self, create, owner, name):
        """With Content-MD5, which the server wants and an ordinary client does not send."""
        assert 0 == create(*WORDS, "--pages", "https://photos.example.com")[0]
        (rule,) = owner.get_bucket_cors(Bucket=name)["CORSRules"]
        assert (["https://photos.example.com"], ["GET", "HEAD"]) == (rule["AllowedOrigins"], rule["AllowedMethods"])

    def test_it_is_made_over_tls_too(self, command, double, zenko, name, ca_bundle):
        """Where an ordinary client's checksums come behind what it sends, and are refused."""
        server = double(*zenko.rooms, tls=True)
        assert 0 == command(server.url, "create", *WORDS, bucket=name, ca_bundle=str(ca_bundle))[0]


class TestStopped:
    def old_ones(self, owner, name, count=2):
        owner.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "transient"})
        for number in range(count):
            owner.put_object(
                Bucket=name, Key=f"{number}.gif", Body=GIF, ContentType="image/gif", Metadata={"event": "party"}
            )

    def test_before_objects_become_unreadable_and_says_what_a_copy_costs(self, create, owner, server, name):
        """Nothing is changed; the sentence says what would be, and what can be done."""
        self.old_ones(owner, name)
        server.asked.clear()
        wanted = (
            f"booth: the bucket {name} has 2 objects (0.5 kB) from before the rule: they would never be replicated, "
            "and could not be read any more, by signed links neither. With --copy each is copied onto itself behind "
            "the rule. That sends 1.6 kB to 3 sites, keeps the first version for 30 days more, and the copies belong "
            "to the owner: the booth's key cannot read them, and the links that it has signed to them end. Or take "
            "another bucket (zenko.bucket)\n"
            "booth: nothing was changed\n"
        )
        assert (1, "", wanted) == create(*WORDS)
        assert [] == changes(server)

    def test_copies_are_replicated_and_readable(self, create, owner, zenko, name):
        """Each once, with its type and its details, however often the command is run."""
        self.old_ones(owner, name)
        status, out, _ = create(*WORDS, "--copy")
        assert (0, ["2 objects copied onto themselves", NEXT.strip()]) == (status, out.splitlines()[-2:])
        got = owner.get_object(Bucket=name, Key="0.gif")
        assert (GIF, "image/gif", "party") == (got["Body"].read(), got["ContentType"], got["Metadata"]["event"])
        assert ["0.gif", "1.gif"] == [version.key for version in zenko.rules.covered if version.bucket == name]

    def test_an_empty_bucket_is_no_reason(self, create, owner, name):
        """Nothing there can be harmed."""
        self.old_ones(owner, name, count=0)
        assert (0, said("was so already", *["done"] * 4), "") == create(*WORDS)

    @pytest.mark.parametrize("alone", [True, False])
    def test_before_it_replaces_anothers_policy(self, create, owner, name, alone):
        """However it is written: one statement may stand without a list."""
        create(*WORDS)
        statement = {"Sid": "Theirs", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject",
                     "Resource": f"arn:aws:s3:::{name}/*"}  # fmt: skip
        said = json.dumps({"Version": "2012-10-17", "Statement": statement if alone else [statement]})
        owner.put_bucket_policy(Bucket=name, Policy=said)
        assert (1, "", (
            "booth: the bucket has a policy that says more, which put-bucket-policy would replace; --replace does so\n"
            "booth: nothing was changed\n"
        )) == create(*WORDS)  # fmt: skip

    def test_its_own_policy_makes_way_when_links_come_and_go(self, command, embedded, client, name):
        """At Amazon's, where the key has to read what its links lead to: no --replace is needed for one of ours."""
        words = ("--server", "aws", "--principal", "arn:aws:iam::123456789012:user/booth")
        owner = client(embedded.endpoint_url)
        actions = []
        for days in (0, 7, 0):
            status, _, err = command(
                embedded.endpoint_url, "create", *words, "--set", f"share.presigned_days={days}", bucket=name
            )
            assert (0, "") == (status, err)
            policy = json.loads(owner.get_bucket_policy(Bucket=name)["Policy"])
            actions.append([statement["Action"] for statement in policy["Statement"]])
        assert [["s3:PutObject"], ["s3:PutObject", "s3:GetObject"], ["s3:PutObject"]] == actions

    def test_where_policies_are_unknown_it_says_so(self, command, double, zenko, name):
        """As by `rclone serve s3`, which answers with a listing of the bucket."""

        class Overlooks(Room):
            def before(self, request):
                if request.method == "GET" and "policy" in request.query:
                    return Answer(200, {"content-type": "application/xml"}, b"<ListBucketResult/>")
                return None

        command(double(*zenko.rooms).url, "create", *WORDS, bucket=name)
        status, out, err = command(double(Overlooks(), *zenko.rooms).url, "create", *WORDS, bucket=name)
        assert (1, "", [f"booth: {NO_POLICIES}", "booth: nothing was changed"]) == (status, out, err.splitlines())

    def test_before_it_replaces_anothers_rules(self, create, owner, server, name):
        """All that are in the way at once; when it is told to, it does."""
        create(*WORDS)
        owner.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={
            "Rules": [{"ID": "theirs", "Filter": {"Prefix": "tmp/"}, "Status": "Enabled", "Expiration": {"Days": 1}}]
        })  # fmt: skip
        words = [*WORDS[:-1], "aws,gcp"]
        server.asked.clear()
        assert (1, "", (
            "booth: the bucket has another replication, which put-bucket-replication would replace; --replace does so\n"
            "booth: the bucket has a lifecycle with other rules, which put-bucket-lifecycle-configuration would "
            "replace; --replace does so\nbooth: nothing was changed\n"
        )) == create(*words)  # fmt: skip
        assert [] == changes(server)
        assert (0, said("was so already", "was so already", "done", "done", "was so already"), "") == create(
            *words, "--replace"
        )

    def test_a_bucket_elsewhere_stays_there(self, create, owner, name):
        """It cannot be moved."""
        owner.create_bucket(Bucket=name)
        assert (1, "", (
            f"booth: the bucket {name} is there, in us-east-1 and not in transient, and buckets do not move: take "
            "another name (zenko.bucket), or --location us-east-1\nbooth: nothing was changed\n"
        )) == create(*WORDS)  # fmt: skip

    @pytest.mark.parametrize(
        ("words", "why"),
        [
            ((*WORDS[:3], "nowhere"),
             ("create-bucket: this server has no location of that name; take one that it has for --location "
              "(InvalidLocationConstraint)")),
            ((*WORDS[:-1], "aws,nowhere"),
             ("put-bucket-replication: one of --sites is no location that this Zenko replicates to; name those that it "
              "has (its console lists them; on a CloudServer alone they are its replicationEndpoints) (MalformedXML)")),
        ],
        ids=["location", "site"],
    )  # fmt: skip
    def test_a_refusal_says_what_to_do(self, create, words, why):
        """The server's own words are the same for five mistakes."""
        status, _, err = create(*words)
        assert (1, f"booth: {why}\n") == (status, err)

    def test_who_stops_it_goes_on_later(self, create, command, double, zenko, owner, name):
        """Ctrl-C during the copies: no traceback, nothing lost, and the rest the next time."""

        class Pressed(Room):
            def before(self, request):
                if "x-amz-copy-source" in request.headers and request.key == "1.gif":
                    os.kill(os.getpid(), signal.SIGINT)
                    raise NeverAnsweredError

        self.old_ones(owner, name, count=3)
        impatient = double(Pressed(), *zenko.rooms)
        status, _, err = command(impatient.url, "create", *WORDS, "--copy", bucket=name)
        wanted = "booth: stopped; what was done is kept, and the same command goes on from there"
        assert (130, wanted) == (status, err.splitlines()[-1])
        status, out, _ = create(*WORDS, "--copy")
        assert (0, "2 objects copied onto themselves") == (status, out.splitlines()[-2])


class TestKeys:
    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            (("AWS_ACCESS_KEY_ID", "NOBODYS"),
             "the server does not know the owner's access key; check AWS_ACCESS_KEY_ID, or the profile"),
            (("AWS_SECRET_ACCESS_KEY", "wrong"),
             "the secret is not that of the owner's key; check AWS_SECRET_ACCESS_KEY, or the profile"),
        ],
    )  # fmt: skip
    def test_the_owners_key_is_meant_where_it_is_wrong(self, create, owner, name, monkeypatch, changed, why):
        """And not the booth's, which is in the settings."""
        monkeypatch.setenv(*changed)
        status, out, err = create(*WORDS)
        assert (1, "", why) == (status, out, err.removeprefix("booth: look at the bucket: ").partition(" (")[0])

    def test_the_booths_own_key_is_refused(self, create, monkeypatch, server):
        """A key that is in each booth may not own the bucket."""
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", BOOTHS_KEY.id)
        assert (2, "", (
            "booth: AWS_ACCESS_KEY_ID is the booth's own key (zenko.access_key_id): take the owner's, and give the "
            "booth one of an account of its own\n"
        )) == create(*WORDS)  # fmt: skip
        assert [] == server.asked

    def test_a_strangers_key_may_not(self, create, owner, name, monkeypatch):
        """The bucket is another's."""
        owner.create_bucket(Bucket=name)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", BOOTHS_KEY.id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", BOOTHS_KEY.secret)
        assert (1, "", (
            "booth: look at the bucket: the keys may not do that: use those of the account that the bucket belongs to "
            "(AccessDenied)\n"
        )) == create(*WORDS, access_key_id="ANOTHERS")  # fmt: skip

    def test_a_machine_that_is_a_booth_is_refused(self, create, server, tmp_path, monkeypatch):
        """Its service is there: whoever takes the machine would have the owner's keys."""
        program = tmp_path / "systemctl"
        program.write_text("#!/bin/sh\necho BOOTH_LAST_GOOD=/var/lib/booth/last-good.toml\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        assert (2, "", (
            "booth: this machine is a booth, and whoever takes it would have the owner's keys: set the bucket up from "
            "another\n"
        )) == create(*WORDS)  # fmt: skip
        assert [] == server.asked

    def test_google_is_left_to_its_own_program(self, create):
        """Its rights are roles."""
        status, _, err = create("--server", "gcs", "--principal", "booth@my-project.iam.gserviceaccount.com")
        wanted = (
            "booth bucket: error: rights at gcs are roles, which the S3 interface cannot give: run what booth bucket "
            "plan prints"
        )
        assert (2, wanted) == (status, err.splitlines()[-1])


ODD = {
    "nothing": Answer(200),
    "a page": Answer(200, {"content-type": "text/html"}, b"<!DOCTYPE html><title>Log in</title>"),
    "half an XML": Answer(200, {"content-type": "application/xml"}, b"<ListAllMyBucketsResult><Own"),
    "another XML": Answer(200, {"content-type": "application/xml", "x-amz-request-id": "1"}, b"<a><b>1</b></a>"),
    "a list": Answer(200, {"content-type": "application/json", "x-amz-request-id": "1"}, b"[1, 2]"),
    "no content": Answer(204, {"x-amz-request-id": "1"}),
    "elsewhere": Answer(302, {"location": "http://127.0.0.1:9/"}),
    "its own trouble": Answer(500, {"x-amz-request-id": "1"}),
    "no such thing": Answer(501, {"x-amz-request-id": "1"}, b"<Error><Code>NotImplemented</Code></Error>"),
}


class Odd(Room):
    """Answers all but the first *sane* requests with one thing."""

    def __init__(self, answer, sane):
        self.answer = answer
        self.sane = sane

    def before(self, request):
        self.sane -= 1
        return None if self.sane >= 0 else dataclasses.replace(self.answer, headers=dict(self.answer.headers))


@pytest.mark.parametrize("sane", [0, 3])
@pytest.mark.parametrize("odd", ODD)
def test_whatever_answers_there_are_sentences_and_no_traceback(command, double, zenko, name, odd, sane):
    """From the first request on, or from a later one: a status, and no more than lines of our own."""
    command(double(*zenko.rooms).url, "create", *WORDS, bucket=name)
    for what in ("check", "create"):
        server = double(Odd(ODD[odd], sane), *zenko.rooms)
        words = () if what == "check" else WORDS
        status, out, err = command(server.url, what, *words, bucket=name, read_timeout_s=5)
        assert (status, bool(out or err)) in {(0, True), (1, True)}
        assert all(line.startswith("booth: ") for line in err.splitlines())
