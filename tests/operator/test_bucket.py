"""What ``booth bucket plan`` prints: whether an S3 server takes it, what it lets the booth do, and its fields."""

import dataclasses
import json
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.iam.access_control import IAMPolicy, PermissionResult

from booth.cli import main
from booth.operator.buckets import plans
from booth.operator.buckets.plans import Wish
from booth.outbox import keys
from booth.outbox.details import DETAILS
from booth.sim.bucket import EmbeddedS3

CHECKOUT = Path(__file__).parent.parent.parent
ID = "0123456789abcdef" * 4
ARN = "arn:aws:iam::123456789012:user/booth"
ACCOUNT = "booth@my-project.iam.gserviceaccount.com"
BOOTH = {plans.CLOUDSERVER: ["--canonical-id", ID], plans.AWS: ["--server", "aws", "--principal", ARN],
         plans.GCS: ["--server", "gcs", "--principal", ACCOUNT]}  # fmt: skip
SITES = ("--location", "here", "--sites", "aws,gcp,azure")
WISH = Wish(plans.CLOUDSERVER, "party", ID, "https://zenko.example.com", "us-east-1", keep_days=30)


@pytest.fixture
def plan(tmp_path, monkeypatch, capsys):
    """Run the command with settings of a file; return its status, standard output and standard error."""
    file = tmp_path / "booth.toml"
    file.write_text('[zenko]\nendpoint_url = "https://zenko.example.com"\nbucket = "party"\nregion = "eu-west-3"\n')
    file.chmod(0o600)
    monkeypatch.setenv("BOOTH_CONFIG", str(file))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)

    def run(*words):
        try:
            status = main(["bucket", "plan", *words])
        except SystemExit as end:
            status = end.code
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def planned(plan):
    """Return the calls of a plan, each with what it is told, by operation."""

    def calls(*words):
        status, out, _ = plan("--json", *words)
        assert 0 == status
        return {call["operation"]: call["arguments"] for call in json.loads(out)["calls"]}

    return calls


@pytest.fixture(scope="module")
def client():
    """Give an ordinary client of the embedded server."""
    with EmbeddedS3("other") as server:
        client = boto3.client(
            "s3", endpoint_url=server.endpoint_url, region_name="us-east-1",
            aws_access_key_id=server.access_key_id, aws_secret_access_key=server.secret_access_key,
        )  # fmt: skip
        yield client
        client.close()


@pytest.fixture
def in_a_shell(tmp_path):
    """Have a shell carry lines out where the clouds' programs only tell; return what each was told."""

    def run(lines):
        tells = "".join(f'{name}() {{ printf "%s\\0" {name} "$@" ""; }}\n' for name in ("aws", "gcloud"))
        ran = subprocess.run(
            ["sh", "-eu"], input=tells + lines, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert "" == ran.stderr
        return [call.split("\0") for call in ran.stdout.removesuffix("\0\0").split("\0\0")]

    return run


class TestAServer:
    def test_it_takes_every_call_and_the_bucket_is_what_was_planned(self, planned, client):
        """In their order, through a client that knows nothing of the booth; the server gives back what it was told."""
        made = planned(*BOOTH[plans.CLOUDSERVER], *SITES, "--set", "zenko.bucket=three-clouds")
        for operation, arguments in made.items():
            getattr(client, operation.replace("-", "_"))(**arguments)
        name = "three-clouds"
        assert "here" == client.get_bucket_location(Bucket=name)["LocationConstraint"]
        assert "Enabled" == client.get_bucket_versioning(Bucket=name)["Status"]
        (rule,) = client.get_bucket_replication(Bucket=name)["ReplicationConfiguration"]["Rules"]
        assert "aws:preferred_read,gcp,azure" == rule["Destination"]["StorageClass"]
        (rule,) = client.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
        assert {"NoncurrentDays": 30} == rule["NoncurrentVersionExpiration"]
        said = made["put-bucket-policy"]["Policy"]
        assert json.loads(said) == json.loads(client.get_bucket_policy(Bucket=name)["Policy"])

    def test_it_takes_amazons_too(self, planned, client):
        """Where the region is the location."""
        made = planned(*BOOTH[plans.AWS], "--expire-days", "90", "--set", "zenko.bucket=one-cloud")
        for operation, arguments in made.items():
            getattr(client, operation.replace("-", "_"))(**arguments)
        assert "eu-west-3" == client.get_bucket_location(Bucket="one-cloud")["LocationConstraint"]
        (rule,) = client.get_bucket_lifecycle_configuration(Bucket="one-cloud")["Rules"]
        assert {"Days": 90} == rule["Expiration"]


class TestTheCalls:
    def test_the_lines_for_a_shell_say_the_same_as_the_json(self, plan, planned, in_a_shell):
        """Carried out by a shell, each with the server and the region of the settings."""
        words = (*BOOTH[plans.CLOUDSERVER], *SITES)
        said = in_a_shell(plan(*words)[1])
        head = ["--endpoint-url", "https://zenko.example.com", "--region", "eu-west-3", "--bucket", "party"]
        options = {
            "CreateBucketConfiguration": "--create-bucket-configuration",
            "VersioningConfiguration": "--versioning-configuration",
            "ReplicationConfiguration": "--replication-configuration",
            "LifecycleConfiguration": "--lifecycle-configuration",
            "Policy": "--policy",
        }
        wanted = []
        for operation, arguments in planned(*words).items():
            ((name, value),) = ((name, value) for name, value in arguments.items() if name != "Bucket")
            body = json.loads(value) if isinstance(value, str) else value
            wanted.append((["aws", "s3api", operation, *head, options[name]], body))
        assert wanted == [(line[:-1], json.loads(line[-1])) for line in said]

    def test_they_come_in_the_order_in_which_they_are_taken(self, planned):
        """Versions before the rule that needs them, and the key's right last: nothing is put before there is a rule."""
        wanted = ["create-bucket", "put-bucket-versioning", "put-bucket-replication",
                  "put-bucket-lifecycle-configuration", "put-bucket-policy"]  # fmt: skip
        assert wanted == list(planned(*BOOTH[plans.CLOUDSERVER], *SITES))

    def test_without_sites_there_is_no_rule_and_it_is_said(self, plan, planned):
        """It could not be made up for later: the rule is not retroactive."""
        words = BOOTH[plans.CLOUDSERVER]
        assert [] == [operation for operation in planned(*words) if "replication" in operation]
        wanted = "# There is no replication in this plan: name the sites with --sites before the first picture."
        assert wanted == plan(*words)[1].splitlines()[-1]

    @given(st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True).flatmap(
        lambda sites: st.tuples(st.just(tuple(sites)), st.sampled_from(sites))))  # fmt: skip
    def test_the_rule_has_each_site_in_order_no_blank_and_one_preferred_read(self, wished):
        """As CloudServer takes it: all else is refused with the same code."""
        sites, preferred = wished
        rule = plans.replication(dataclasses.replace(WISH, sites=sites, preferred_read=preferred))
        assert rule == {
            "Role": "arn:aws:iam::root:role/s3-replication-role",
            "Rules": [
                {
                    "ID": "every-picture-to-every-site",
                    "Prefix": "",
                    "Status": "Enabled",
                    "Destination": {
                        "Bucket": "arn:aws:s3:::party",
                        "StorageClass": ",".join([site + ":preferred_read" * (site == preferred) for site in sites]),
                    },
                }
            ],
        }

    def test_another_site_may_be_read_from(self, planned):
        """Its place in the order stays."""
        made = planned(*BOOTH[plans.CLOUDSERVER], "--sites", "aws, gcp", "--preferred-read", "gcp")
        (rule,) = made["put-bucket-replication"]["ReplicationConfiguration"]["Rules"]
        assert "aws,gcp:preferred_read" == rule["Destination"]["StorageClass"]

    @pytest.mark.parametrize(("kept", "days"), [(0, 1), (1, 1), (45, 45)])
    def test_older_versions_go_when_the_booths_own_do(self, planned, kept, days):
        """S3 takes no 0; pictures themselves stay unless told."""
        made = planned(*BOOTH[plans.CLOUDSERVER], "--set", f"outbox.keep_days={kept}")
        (rule,) = made["put-bucket-lifecycle-configuration"]["LifecycleConfiguration"]["Rules"]
        assert ({"NoncurrentDays": days}, None) == (rule["NoncurrentVersionExpiration"], rule.get("Expiration"))

    def test_a_bucket_of_amazons_first_region_names_no_location(self, planned):
        """There it is refused."""
        made = planned(*BOOTH[plans.AWS], "--set", "zenko.region=us-east-1")
        assert {"Bucket": "party"} == made["create-bucket"]

    def test_google_is_told_by_its_own_program(self, plan, in_a_shell, tmp_path):
        """With roles: its account may make objects, and not even overwrite them."""
        told = in_a_shell(plan(*BOOTH[plans.GCS], "--location", "EU", "--expire-days", "90")[1])
        buckets = ["gcloud", "storage", "buckets"]
        assert [
            [*buckets, "create", "gs://party", "--location=EU", "--uniform-bucket-level-access"],
            [*buckets, "update", "gs://party", "--versioning"],
            [*buckets, "update", "gs://party", "--lifecycle-file=lifecycle.json"],
            [*buckets, "add-iam-policy-binding", "gs://party", f"--member=serviceAccount:{ACCOUNT}",
             "--role=roles/storage.objectCreator"],
        ] == told  # fmt: skip
        assert json.loads((tmp_path / "lifecycle.json").read_text()) == {
            "rule": [
                {"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 30}},
                {"action": {"type": "Delete"}, "condition": {"age": 90, "isLive": True}},
            ]
        }

    @pytest.mark.parametrize(
        ("server", "cautions"),
        [
            (
                plans.CLOUDSERVER,
                (
                    "# On this kind of server the booth's key can also read, overwrite and publish what it has put "
                    "itself, and\n# any account can stop replication by /_/backbeat/api: have the ingress refuse paths "
                    "that begin with /_/.\n# There is no replication in this plan: name the sites with --sites before "
                    "the first picture.\n"
                ),
            ),
            (plans.AWS, "# The user or role needs no policy of its own; one that it has counts as well.\n"),
            (
                plans.GCS,
                (
                    "# The booth's two keys are that account's HMAC keys: gcloud storage hmac create, and its "
                    "address.\n# This role cannot replace an object: a picture whose first answer was lost would be "
                    "refused until\n"
                    "# somebody looks. docs/clouds.md has a role that can, and what it may do besides.\n"
                ),
            ),
        ],
        ids=[plans.CLOUDSERVER, plans.AWS, plans.GCS],
    )
    def test_what_no_call_can_do_is_said_at_the_end(self, plan, server, cautions):
        """By the kind of server, after all calls."""
        assert cautions == plan(*BOOTH[server])[1].split("\n\n")[-1]

    def test_googles_is_told_that_its_role_opens_no_link(self, plan):
        """Where the booth signs some."""
        out = plan(*BOOTH[plans.GCS], "--set", "share.presigned_days=7")[1]
        assert [
            (
                "# The booth signs links (share.presigned_days), and a link may what its key may: with this role each "
                "leads"
            ),
            "# to an error. The role of docs/clouds.md with storage.objects.get ends that, too.",
        ] == out.splitlines()[-2:]

    def test_google_needs_no_address(self, plan):
        """Its own program knows where it is."""
        assert 0 == plan(*BOOTH[plans.GCS], "--set", "zenko.endpoint_url=")[0]

    def test_an_address_with_brackets_is_quoted(self, plan, in_a_shell):
        """They stand for files in a shell."""
        out = plan(*BOOTH[plans.CLOUDSERVER], "--set", "zenko.endpoint_url=http://[::1]:8000")[1]
        assert 4 == out.count("--endpoint-url 'http://[::1]:8000' --region")
        assert {"http://[::1]:8000"} == {call[4] for call in in_a_shell(out)}


class TestThePolicy:
    @pytest.mark.parametrize(
        ("server", "identity", "principal"),
        [
            (plans.CLOUDSERVER, ID, {"CanonicalUser": ID}),  # by its ARN, unsigned requests would end its workers
            (plans.AWS, ARN, {"AWS": ARN}),
        ],
    )
    def test_it_lets_the_booth_put_and_nothing_else(self, server, identity, principal):
        """Judged by a library that knows Amazon's rules: one account, one action, this bucket's objects."""
        policy = plans.policy(dataclasses.replace(WISH, server=server, identity=identity))
        (statement,) = policy["Statement"]
        assert principal == statement["Principal"]
        judge = IAMPolicy(json.dumps(policy))
        actions = ["PutObject", "PutObjectAcl", "PutObjectTagging", "GetObject", "DeleteObject", "DeleteObjectVersion",
                   "ListBucket", "PutBucketPolicy", "PutReplicationConfiguration"]  # fmt: skip
        may = [
            (action, resource)
            for action in actions
            for resource in ("party", "party/one.gif", "party-2/one.gif", "parts/one.gif")
            if PermissionResult.PERMITTED == judge.is_action_permitted(f"s3:{action}", f"arn:aws:s3:::{resource}")
        ]
        assert [("PutObject", "party/one.gif")] == may

    @pytest.mark.parametrize(
        ("words", "may"),
        [
            ((), ["PutObject"]),
            (("--set", "share.url_template=https://photos.example.com/{session}"), ["PutObject"]),  # a page has its own
            (("--set", "share.presigned_days=7"), ["PutObject", "GetObject"]),
        ],
        ids=["no links", "a page", "signed links"],
    )
    def test_at_amazons_the_key_may_read_an_animation_where_its_links_lead_to_it(self, planned, words, may):
        """A link may what the key may that signed it; where it signs none, it has nothing to read."""
        made = planned(*BOOTH[plans.AWS], *words)["put-bucket-policy"]
        judge = IAMPolicy(made["Policy"])
        assert may == [
            action
            for action in ("PutObject", "GetObject", "GetObjectVersion", "DeleteObject")
            if PermissionResult.PERMITTED
            == judge.is_action_permitted(f"s3:{action}", "arn:aws:s3:::party/dockercon/2026-11-22/one.gif")
        ]

    @pytest.mark.parametrize(
        ("words", "may"), [((), [".gif"]), (("--set", "page.enabled=true"), [".gif", ".html", ".mp4"])]
    )
    def test_at_amazons_the_key_may_read_a_page_and_all_that_it_leads_to(self, planned, words, may):
        """The guest's details are not among it."""
        links = ("--set", "share.presigned_days=7", "--set", "clip.enabled=true")
        judge = IAMPolicy(planned(*BOOTH[plans.AWS], *links, *words)["put-bucket-policy"]["Policy"])
        assert may == [
            ending
            for ending in (".gif", ".html", ".mp4", "-strip.jpg", ".json")
            if PermissionResult.PERMITTED
            == judge.is_action_permitted("s3:GetObject", f"arn:aws:s3:::party/dockercon/2026-11-22/one{ending}")
        ]

    @pytest.mark.parametrize(
        "template", ["{date}/{session}.gif", "{session}", "{event}/{session}.json", "a-{session}.GIF"]
    )
    def test_who_a_guest_is_cannot_be_read_with_it(self, template):
        """The details lie beside the animation, and whoever has its key knows theirs; however keys are made."""
        pattern = keys.pattern(keys.unique(template))
        wish = dataclasses.replace(WISH, server=plans.AWS, identity=ARN, linked=pattern)
        judge = IAMPolicy(json.dumps(plans.policy(wish)))
        taken = datetime(2026, 11, 22, tzinfo=UTC)
        key = keys.object_key(template, event="Gala", booth="left", session=keys.SAMPLE, taken=taken)
        told = [
            judge.is_action_permitted("s3:GetObject", f"arn:aws:s3:::party/{each}")
            for each in (key, keys.sibling(key, DETAILS.ending))
        ]
        assert [True, False] == [PermissionResult.PERMITTED == each for each in told]

    @pytest.mark.parametrize("server", [plans.CLOUDSERVER, plans.GCS])
    def test_elsewhere_a_policy_gives_no_reading(self, server):
        """CloudServer lets a key read its own, and Google has roles."""
        (statement,) = plans.policy(dataclasses.replace(WISH, server=server, linked="*.gif"))["Statement"]
        assert "s3:PutObject" == statement["Action"]

    def test_a_part_of_amazons_that_is_apart_names_its_own(self):
        """China's, for one."""
        wish = dataclasses.replace(WISH, server=plans.AWS, identity="arn:aws-cn:iam::123456789012:user/booth")
        assert "arn:aws-cn:s3:::party/*" == plans.policy(wish)["Statement"][0]["Resource"]


class TestMistakes:
    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ((), ("--canonical-id is needed: expected the 64 letters and digits that booth bucket check, with the "
                  "booth's keys, calls its account's canonical id")),
            (("--server", "aws", "--principal", "arn:aws:iam::123456789012:root"),
             "--principal: expected the booth's own user or role, such as arn:aws:iam::123456789012:user/booth"),
            (("--server", "gcs", "--principal", ARN),
             ("--principal: expected the e-mail address of the booth's own service account, such as "
             "booth@my-project.iam.gserviceaccount.com")),
            (("--principal", ARN),
             "with --server cloudserver the booth's account is named by --canonical-id; leave --principal out"),
            ((*BOOTH["aws"], "--sites", "gcp"),
             "--sites goes with --server cloudserver: one rule for several clouds is Zenko's"),
            ((*BOOTH["cloudserver"], "--location", "gcp", "--sites", "gcp"),
             "the location that the bucket lives in cannot be one of --sites: it is what is replicated"),
            ((*BOOTH["cloudserver"], "--sites", "gcp", "--preferred-read", "aws"),
             "--preferred-read: expected one of --sites"),
            ((*BOOTH["cloudserver"], "--location", "a b"),
             "--location: expected the name of one location, such as us-east-1"),
            ((*BOOTH["cloudserver"], "--sites", "gcp,,aws"),
             "argument --sites: expected the names of locations with commas between, such as aws,gcp,azure"),
            ((*BOOTH["cloudserver"], "--sites", "gcp:preferred_read"),
             "argument --sites: expected the names of locations with commas between, such as aws,gcp,azure"),
            ((*BOOTH["cloudserver"], "--sites", "gcp,gcp"),
             "argument --sites: a location stands there twice: name each once"),
            ((*BOOTH["cloudserver"], "--expire-days", "0"),
             "argument --expire-days: expected a number of days, from 1 to 99999"),
            ((*BOOTH["gcs"], "--json"),
             "--json goes with the S3 interface: rights at gcs are roles, which that cannot give; leave it out"),
        ],
    )  # fmt: skip
    def test_what_a_server_would_refuse_is_refused_before(self, plan, words, sentence):
        """With a sentence: the servers' own say only that something is malformed."""
        status, out, err = plan(*words)
        assert (2, "", f"booth bucket: error: {sentence}") == (status, out, err.splitlines()[-1])

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--set", "zenko.endpoint_url="),
             "zenko.endpoint_url is empty: set it to the server that the bucket is to be on"),
            (("--expire-days", "29"),
             ("--expire-days: expected 30 or more: the booth keeps pictures for 30 days (outbox.keep_days), and its "
             "links last 0 days (share.presigned_days)")),
        ],
    )  # fmt: skip
    def test_settings_that_do_not_fit_are_told(self, plan, words, sentence):
        """As those of any other command: a line, and status 2."""
        assert (2, "", f"booth: {sentence}\n") == plan(*BOOTH["cloudserver"], *words)

    def test_a_bucket_does_not_forget_what_a_link_still_leads_to(self, plan):
        """Links last as long as the settings say, also where the booth itself keeps less."""
        links = ("--set", "outbox.keep_days=1", "--set", "share.presigned_days=7")
        wanted = (
            "booth: --expire-days: expected 7 or more: the booth keeps pictures for 1 day (outbox.keep_days), and its "
            "links last 7 days (share.presigned_days)\n"
        )
        assert (2, "", wanted) == plan(*BOOTH["cloudserver"], *links, "--expire-days", "6")
        assert 0 == plan(*BOOTH["cloudserver"], *links, "--expire-days", "7")[0]

    def test_the_booths_own_service_sets_no_bucket_up(self, plan, monkeypatch, tmp_path):
        """It has the booth's keys, and a bucket is set up with its owner's."""
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
        wanted = "booth: this is booth.service, which has the booth's keys: do this elsewhere, with the owner's\n"
        assert (2, "", wanted) == plan(*BOOTH["cloudserver"])

    def test_no_key_of_the_booths_is_printed(self, plan):
        """Neither to a shell nor to a program: the plan is the owner's."""
        secrets = ("--set", "zenko.access_key_id=hunter1", "--set", "zenko.secret_access_key=hunter2")
        said = [plan(*BOOTH["cloudserver"], *secrets, *json_too) for json_too in ((), ("--json",))]
        assert [(0, 0), (0, 0)] == [(status, (out + err).count("hunter")) for status, out, err in said]


def test_the_guide_shows_what_it_prints(tmp_path):
    """Word for word, by the command that stands above it."""
    guide = (CHECKOUT / "docs" / "guide.md").read_text()
    line = next(line.strip() for line in guide.splitlines() if line.strip().startswith("booth bucket plan"))
    file = tmp_path / "booth.toml"
    file.write_text('[zenko]\nendpoint_url = "https://zenko.example.com"\n')
    file.chmod(0o600)
    ran = subprocess.run(
        [sys.executable, "-m", *shlex.split(line), "--config", str(file)], cwd=CHECKOUT, capture_output=True, text=True,
        check=True, env={"PATH": ""},
    )  # fmt: skip
    shown = "\n".join(f"   {row}".rstrip() for row in ran.stdout.splitlines())
    assert 1 == guide.count(f"```sh\n{shown}\n   ```")
