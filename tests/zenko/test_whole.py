"""A whole Zenko: what its owner and its booth may do, and what is told who does it wrong."""

import dataclasses
import http.client
import json
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from booth.errors import BucketError, Remedy
from booth.operator.buckets import plans as planning
from lab.zenko.accounts import BOOTH, BOOTHS_KEY, OWNER
from lab.zenko.replicating import COMPLETED, overall
from lab.zenko.rules import Version
from tests.parcels import parcel_of

GIF = b"GIF89a" + bytes(range(256))


@pytest.fixture
def booth(booths_bucket, server, name):
    """Open the bucket with the booth's key."""
    return booths_bucket(server.url, bucket=name, access_key_id=BOOTHS_KEY.id, secret_access_key=BOOTHS_KEY.secret)


@pytest.fixture
def wish(name, server):
    """Return what the bucket is to be."""
    return planning.Wish(
        planning.CLOUDSERVER, name, BOOTH.canonical_id, server.url, "us-east-1", keep_days=30,
        location="transient", sites=("aws", "gcp", "azure"), preferred_read="aws",
    )  # fmt: skip


@pytest.fixture
def made(wish, owner):
    """Make the bucket by the plan, and return its name."""
    make(owner, wish)
    return wish.bucket


def make(client, wish, *, until=None):
    for call in planning.calls(wish):
        if call.operation == until:
            break
        getattr(client, call.operation.replace("-", "_"))(**call.arguments)


def refused(ask, **told):
    """Return the code and the status with which something is refused."""
    with pytest.raises(ClientError) as caught:
        ask(**told)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def unsigned(server, target):
    """Ask without a signature; return the status, None for a connection that was closed."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except http.client.RemoteDisconnected:
        return None
    finally:
        connection.close()


class TestAccounts:
    @pytest.mark.parametrize(
        ("key", "code"),
        [
            (dataclasses.replace(BOOTHS_KEY, id="NOBODYS"), "InvalidAccessKeyId"),
            (dataclasses.replace(BOOTHS_KEY, secret=BOOTHS_KEY.secret[:-1]), "SignatureDoesNotMatch"),
        ],
        ids=["unknown key", "wrong secret"],
    )
    def test_who_signs_otherwise_is_refused(self, client, server, key, code):
        """By the key and by the secret, each with its code."""
        assert (code, 403) == refused(client(server.url, key=key).list_buckets)

    @pytest.mark.parametrize("off", [timedelta(minutes=-16), timedelta(minutes=16)])
    def test_a_clock_that_is_off_is_refused_first(self, client, double, zenko, off):
        """Either way; who has the wrong time cannot be told that the key is right."""
        server = double(*zenko.rooms, wall=lambda: time.time() + off.total_seconds())
        assert ("RequestTimeTooSkewed", 403) == refused(client(server.url, key=BOOTHS_KEY).list_buckets)

    def test_any_key_learns_its_own_canonical_id(self, client, server):
        """It is what the policy needs, and what the owner cannot guess."""
        assert BOOTH.canonical_id == client(server.url, key=BOOTHS_KEY).list_buckets()["Owner"]["ID"]

    def test_a_signed_link_opens_for_whoever_has_it(self, booth, made, server):
        """As long as it lasts; a letter changed and it does not."""
        booth.put(parcel_of("one.gif", GIF, {}))
        link = booth.link("one.gif", 600.0)
        target = link.removeprefix(server.url)
        last = "0" if target[-1] != "0" else "1"
        assert (200, 403) == (unsigned(server, target), unsigned(server, target[:-1] + last))


class TestPolicies:
    def test_the_plans_lets_the_booth_put_and_read_its_own(self, booth, made):
        """It owns what it has put, whatever the policy says."""
        booth.put(parcel_of("one.gif", GIF, {"event": "party"}))
        assert (GIF, {"event": "party"}) == booth.get("one.gif")

    @pytest.mark.parametrize(
        ("ask", "told", "code"),
        [
            ("list_objects_v2", {}, "AccessDenied"),
            ("get_object", {"Key": "others.gif"}, "AccessDenied"),
            ("delete_object", {"Key": "others.gif"}, "AccessDenied"),
            ("head_bucket", {}, "403"),
            ("get_bucket_versioning", {}, "AccessDenied"),
            ("get_bucket_policy", {}, "MethodNotAllowed"),
        ],
    )
    def test_the_booth_may_nothing_else(self, client, server, owner, made, ask, told, code):
        """CloudServer's own refusals, some of them with words of their own."""
        owner.put_object(Bucket=made, Key="others.gif", Body=GIF)
        booth = client(server.url, key=BOOTHS_KEY)
        assert code == refused(getattr(booth, ask), Bucket=made, **told)[0]

    def test_unsigned_requests_are_refused_by_the_plans_policy(self, server, zenko, made):
        """It names the account by its canonical id: no worker ends."""
        assert ([403] * 3, 0) == ([unsigned(server, f"/{made}") for _ in range(3)], zenko.policies.killed)

    @pytest.mark.parametrize(("old", "ended"), [(True, 3), (False, 0)])
    def test_unsigned_requests_end_workers_where_an_arn_is_named(self, server, zenko, owner, made, old, ended):
        """As the policy did that came with the booth before, until CloudServer was mended."""
        zenko.policies.old = old
        statement = planning.policy(dataclasses.replace(WISH, bucket=made))["Statement"][0]
        statement["Principal"] = {"AWS": f"arn:aws:iam::{BOOTH.number}:root"}
        owner.put_bucket_policy(Bucket=made, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        for _ in range(3):
            unsigned(server, f"/{made}")
        assert ended == zenko.policies.killed

    @pytest.mark.parametrize("resource", ["arn:aws:s3:::another/*", "arn:aws:s3:::booth"])
    def test_a_policy_about_another_bucket_is_malformed(self, owner, made, resource):
        """The one that came with the booth named a bucket of its own."""
        statement = planning.policy(dataclasses.replace(WISH, bucket=made))["Statement"][0] | {"Resource": resource}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        assert ("MalformedPolicy", 400) == refused(owner.put_bucket_policy, Bucket=made, Policy=policy)

    def test_an_account_that_there_is_not_is_taken_and_then_denied(self, owner, booth, wish):
        """Nothing says so but a put that is refused."""
        make(owner, dataclasses.replace(wish, identity="f" * 64))
        with pytest.raises(BucketError, match=r"allow it s3:PutObject there \(AccessDenied\)") as caught:
            booth.put(parcel_of("one.gif", GIF, {}))
        assert Remedy.PERSON is caught.value.remedy

    def test_the_booths_key_reaches_backbeat_unless_that_is_blocked(self, client, server, zenko, made):
        """Any account can stop replication."""
        booth = client(server.url, key=BOOTHS_KEY)
        booth.get_object(Bucket="_", Key="backbeat/api/crr/status")
        zenko.administering.blocked = True
        assert 404 == refused(booth.get_object, Bucket="_", Key="backbeat/api/crr/status")[1]


class TestBuckets:
    def test_it_lives_where_the_plan_says(self, owner, made):
        """And the rule is there, as it was put."""
        (rule,) = owner.get_bucket_replication(Bucket=made)["ReplicationConfiguration"]["Rules"]
        assert ("transient", "aws:preferred_read,gcp,azure") == (
            owner.get_bucket_location(Bucket=made)["LocationConstraint"],
            rule["Destination"]["StorageClass"],
        )

    def test_it_cannot_be_made_where_there_is_no_such_location(self, owner, name):
        """By its name as the Zenko has it."""
        told = {"LocationConstraint": "transitory"}
        assert ("InvalidLocationConstraint", 400) == refused(
            owner.create_bucket, Bucket=name, CreateBucketConfiguration=told
        )

    def test_it_is_made_once(self, owner, client, server, made):
        """Who owns it is told something else than who does not."""
        others = client(server.url, key=BOOTHS_KEY)
        assert ("BucketAlreadyOwnedByYou", "BucketAlreadyExists") == tuple(
            refused(who.create_bucket, Bucket=made)[0] for who in (owner, others)
        )

    def test_a_rule_needs_versions(self, owner, wish):
        """So they come before it in the plan."""
        make(owner, wish, until="put-bucket-versioning")
        rule = planning.replication(wish)
        assert ("InvalidRequest", 400) == refused(
            owner.put_bucket_replication, Bucket=wish.bucket, ReplicationConfiguration=rule
        )

    @pytest.mark.parametrize(
        ("classes", "code"),
        [
            ("aws,gcp", "ValidationError"),
            ("aws:preferred_read, gcp", "MalformedXML"),
            ("aws:preferred_read,gcp:preferred_read", "MalformedXML"),
            ("aws:preferred_read,nowhere", "MalformedXML"),
            ("aws:preferred_read,transient", "MalformedXML"),
        ],
        ids=["no preferred read", "a blank", "two preferred reads", "an unknown site", "itself"],
    )
    def test_a_rule_is_taken_in_one_form_only(self, owner, wish, made, classes, code):
        """All but one mistake have the same code."""
        rule = planning.replication(wish)
        rule["Rules"][0]["Destination"]["StorageClass"] = classes
        assert (code, 400) == refused(owner.put_bucket_replication, Bucket=made, ReplicationConfiguration=rule)

    def test_versions_stay_while_there_is_a_rule(self, owner, made):
        """They cannot be suspended under it."""
        suspended = {"Status": "Suspended"}
        assert ("InvalidBucketState", 409) == refused(
            owner.put_bucket_versioning, Bucket=made, VersioningConfiguration=suspended
        )

    def test_an_older_object_is_covered_by_no_rule_and_cannot_be_read(self, owner, zenko, wish):
        """HEAD still finds it; what is put after the rule can be read."""
        make(owner, wish, until="put-bucket-replication")
        put(owner, wish, "old.gif")
        make_rule(owner, wish)
        put(owner, wish, "new.gif")
        owner.head_object(Bucket=wish.bucket, Key="old.gif")
        assert ("InvalidLocationConstraint", 400) == refused(owner.get_object, Bucket=wish.bucket, Key="old.gif")
        assert GIF == owner.get_object(Bucket=wish.bucket, Key="new.gif")["Body"].read()
        assert ["new.gif"] == [version.key for version in zenko.rules.covered]

    def test_a_copy_onto_itself_covers_it(self, owner, zenko, wish):
        """The one way back; from then on it is the copier's."""
        make(owner, wish, until="put-bucket-replication")
        put(owner, wish, "old.gif")
        make_rule(owner, wish)
        owner.copy_object(
            Bucket=wish.bucket, Key="old.gif", CopySource={"Bucket": wish.bucket, "Key": "old.gif"},
            MetadataDirective="REPLACE", ContentType="image/gif",
        )  # fmt: skip
        assert GIF == owner.get_object(Bucket=wish.bucket, Key="old.gif")["Body"].read()
        assert OWNER == zenko.policies.put_by[wish.bucket, "old.gif"]

    def test_a_delete_marker_is_replicated_and_the_end_of_a_version_is_not(self, owner, zenko, made):
        """Who deletes a version has copies left in each cloud."""
        number = owner.put_object(Bucket=made, Key="one.gif", Body=GIF)["VersionId"]
        marker = owner.delete_object(Bucket=made, Key="one.gif")["VersionId"]
        owner.delete_object(Bucket=made, Key="one.gif", VersionId=number)
        assert [Version(made, "one.gif", each) for each in (number, marker)] == list(zenko.rules.covered)


class TestSites:
    def test_each_is_told_beside_the_metadata(self, owner, booth, zenko, made):
        """Both by HEAD and by GET; none of it is the visit's own."""
        booth.put(parcel_of("one.gif", GIF, {"event": "party"}))
        (version,) = zenko.rules.covered
        zenko.replicating.move(version, "gcp", COMPLETED)
        head = owner.head_object(Bucket=made, Key="one.gif")
        assert ("PROCESSING", {
            "event": "party",
            "aws-replication-status": "PENDING",
            "gcp-replication-status": "COMPLETED",
            "azure-replication-status": "PENDING",
        }) == (head["ReplicationStatus"], head["Metadata"])  # fmt: skip
        assert (GIF, {"event": "party"}) == booth.get("one.gif")

    @pytest.mark.parametrize(
        ("sites", "status"),
        [
            (("PENDING", "PENDING"), "PENDING"),
            (("PENDING", "COMPLETED"), "PROCESSING"),
            (("COMPLETED", "COMPLETED"), "COMPLETED"),
            (("COMPLETED", "FAILED"), "FAILED"),
            (("PENDING", "FAILED"), "FAILED"),
        ],
    )
    def test_one_status_is_made_of_all(self, sites, status):
        """As CloudServer does it."""
        assert status == overall(sites)


WISH = planning.Wish(planning.CLOUDSERVER, "party", BOOTH.canonical_id, "http://x", "us-east-1", keep_days=30)


def put(client, wish, key):
    client.put_object(Bucket=wish.bucket, Key=key, Body=GIF, ContentType="image/gif")


def make_rule(client, wish):
    client.put_bucket_replication(Bucket=wish.bucket, ReplicationConfiguration=planning.replication(wish))
