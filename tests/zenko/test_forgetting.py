"""A guest who is forgotten goes from the bucket, too, where the booth's key may delete; else its owner is told how."""

import itertools
import json
import os
import socket
import subprocess
import sys

import pytest

from booth.choices import bucket_of
from booth.cli import main
from booth.core.visit import Guest
from booth.drivers.owning import owned
from booth.operator.visits.erasing import Erasure, Fate, erase
from booth.outbox.replication import Replication
from booth.outbox.spool import Spool
from booth.ports import CopyState
from booth.settings.model import Settings
from lab.zenko.rooms import Room, refusal
from tests.disks import QuickDisk

VISIT = "20261122-170512-aaaaaaaaaa"
KEY = f"party/{VISIT}.gif"
_NAMES = itertools.count()


class Denying(Room):
    """A server whose key may not do some things: *denies* says which requests."""

    def __init__(self, denies):
        self.denies = denies

    def before(self, request):
        return refusal(403, "AccessDenied") if request.key and self.denies(request) else None


def deleting(request):
    return request.method == "DELETE"


def deleting_versions(request):
    return request.method == "DELETE" and "versionId" in request.query


def looking_or_deleting_versions(request):
    return request.method == "HEAD" or deleting_versions(request)


class Bucket:
    """A bucket of this test's alone, as its owner sees it."""

    def __init__(self, client, *, versions):
        self.client = client
        self.name = f"forgotten-{next(_NAMES)}"
        client.create_bucket(Bucket=self.name)
        if versions:
            client.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})

    def put(self, *keys):
        for key in keys:
            self.client.put_object(Bucket=self.name, Key=key, Body=b"GIF89a")

    def keys(self):
        """Return the keys of all versions and marks that there are, in order."""
        said = self.client.list_object_versions(Bucket=self.name)
        return sorted(one["Key"] for kind in ("Versions", "DeleteMarkers") for one in said.get(kind, ()))


@pytest.fixture
def make_bucket(client, embedded):
    """Make buckets that no other test has."""
    owner = client(embedded.endpoint_url)
    return lambda *, versions=True: Bucket(owner, versions=versions)


@pytest.fixture
def erased(embedded):
    """Delete the object of the visit by the booth's own client; return what became of it."""

    def run(url, bucket):
        options = bucket_of(Settings(zenko={
            "endpoint_url": url, "bucket": bucket.name, "access_key_id": embedded.access_key_id,
            "secret_access_key": embedded.secret_access_key,
        }))  # fmt: skip
        opened = owned(options, patience=10.0)
        try:
            return erase(opened, bucket.name, [KEY])[KEY].fate
        finally:
            opened.close()

    return run


class TestErasing:
    def test_all_versions_go_and_nothing_else(self, erased, embedded, make_bucket):
        """An upload that was tried again made a second one; what only begins so stays."""
        bucket = make_bucket()
        bucket.put(KEY, KEY, f"{KEY}.txt", "party/another.gif")
        assert (Fate.GONE, [f"{KEY}.txt", "party/another.gif"]) == (
            erased(embedded.endpoint_url, bucket), bucket.keys(),
        )  # fmt: skip

    def test_versions_that_somebody_has_hidden_go_as_well(self, erased, embedded, make_bucket):
        """Deleted once by hand, an object of a bucket with versions is there still."""
        bucket = make_bucket()
        bucket.put(KEY)
        bucket.client.delete_object(Bucket=bucket.name, Key=KEY)
        assert (2, Fate.GONE, []) == (len(bucket.keys()), erased(embedded.endpoint_url, bucket), bucket.keys())

    def test_where_there_are_no_versions_it_goes_at_once(self, erased, embedded, make_bucket):
        """And one that is not there is not deleted."""
        bucket = make_bucket(versions=False)
        bucket.put(KEY)
        assert [Fate.GONE, Fate.NOT_THERE] == [erased(embedded.endpoint_url, bucket) for _ in range(2)]

    @pytest.mark.parametrize(
        ("denies", "versions", "fate", "left"),
        [
            (deleting, True, Fate.STAYS, 1),
            (deleting, False, Fate.STAYS, 1),
            (deleting_versions, True, Fate.HIDDEN, 2),
            (looking_or_deleting_versions, True, Fate.HIDDEN, 2),
            (looking_or_deleting_versions, False, Fate.GONE, 0),
        ],
    )
    def test_what_the_key_may_not_is_told_apart(self, erased, double, make_bucket, denies, versions, fate, left):
        """Never is more said to be gone than is."""
        bucket = make_bucket(versions=versions)
        bucket.put(KEY)
        assert (fate, left) == (erased(double(Denying(denies)).url, bucket), len(bucket.keys()))

    def test_a_server_that_is_away_is_asked_once(self, tmp_path):
        """Of all that is to be deleted, for each question takes its time."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        keys = {"access_key_id": "booth", "secret_access_key": "any"}
        opened = owned(bucket_of(Settings(zenko={"endpoint_url": url, **keys})), patience=10.0)
        fates = erase(opened, "booth", ["one", "two"])
        opened.close()
        why = f"nobody listens at {url}; check that the server runs, and its port (zenko.endpoint_url)"
        away = Erasure(Fate.UNKNOWN, f"{why} (EndpointConnectionError)")
        assert ({"one": away, "two": away}, True) == (fates, fates["one"] is fates["two"])


@pytest.fixture
def forget(tmp_path, capsys, monkeypatch, embedded):
    """Have a visit in an outbox, as sent; type the command; return its status and what it printed."""
    outbox = tmp_path / "outbox"
    with Spool(
        outbox, event="party", booth="Booth 1", key_template="{event}/{session}.gif", wall=lambda: 1_795_367_112.0,
        min_free_mb=0, keep_days=30, disk=QuickDisk(),
    ) as spool:  # fmt: skip
        spool.open(VISIT)
        spool.shot(VISIT, 1).write_bytes(b"\xff\xd8")
        spool.keep(VISIT, 1)
        spool.animation(VISIT).write_bytes(b"GIF89a")
        spool.note(VISIT, Guest("Zoë", "zoe@example.org", consent=True))
        spool.commit(VISIT)
        parcel = spool.queue().parcel(VISIT)
        spool.queue().confirm(VISIT, parcel.key, parcel.md5)
    monkeypatch.setenv("BOOTH_CONFIG", str(tmp_path / "booth.toml"))

    def run(url, bucket, *more, said=None, sites=""):
        keys = f'access_key_id = "{embedded.access_key_id}"\nsecret_access_key = "{embedded.secret_access_key}"\n'
        file = tmp_path / "booth.toml"
        file.write_text(f'[zenko]\nendpoint_url = "{url}"\nbucket = "{bucket.name}"\n{keys}{sites}')
        file.chmod(0o600)
        if said is not None:
            note = Replication().heard("animation.gif", said, 0.0).written()
            (outbox / "sent" / VISIT / "replication.json").write_bytes(note)
        code = main(["outbox", "forget", VISIT, "--yes", "--outbox", str(outbox), *more])
        return code, capsys.readouterr().out

    return run


AWS = """#!{python}
import argparse, boto3, jmespath
known = argparse.ArgumentParser()
for name in ("service", "call"):
    known.add_argument(name)
for name in ("endpoint-url", "region", "bucket", "prefix", "key", "version-id", "query", "output"):
    known.add_argument("--" + name)
given = known.parse_args()
client = boto3.client(
    "s3", endpoint_url=given.endpoint_url, region_name=given.region,
    aws_access_key_id={access!r}, aws_secret_access_key={secret!r},
)
if given.call == "list-object-versions":
    found = client.list_object_versions(Bucket=given.bucket, Prefix=given.prefix)
    for row in jmespath.search(given.query, found):
        print(*row, sep="\\t")
else:
    client.delete_object(Bucket=given.bucket, Key=given.key, VersionId=given.version_id)
"""
"""As much of Amazon's command line as the call of an owner has in it."""


@pytest.fixture
def command_line(embedded, tmp_path):
    """Run what was printed, as an owner does who has Amazon's command line."""
    program = tmp_path / "bin" / "aws"
    program.parent.mkdir()
    keys = {"access": embedded.access_key_id, "secret": embedded.secret_access_key}
    program.write_text(AWS.format(python=sys.executable, **keys))
    program.chmod(0o755)

    def run(call):
        path = f"{program.parent}:{os.environ['PATH']}"
        subprocess.run(["sh", "-c", call], check=True, timeout=60, env=os.environ | {"PATH": path})

    return run


class TestTheCommand:
    def test_what_the_key_may_delete_is_deleted(self, forget, embedded, make_bucket):
        """And nothing is left for its owner to do."""
        bucket = make_bucket()
        bucket.put(KEY)
        said = (
            f"{VISIT}: forgotten on this disk\n  deleted from the bucket {bucket.name}, with all its versions: {KEY}\n"
        )
        assert (0, said, []) == (*forget(embedded.endpoint_url, bucket), bucket.keys())

    def test_what_it_may_not_is_told_with_the_call_that_deletes_it(
        self, forget, embedded, double, make_bucket, command_line
    ):
        """For the bucket's owner: all versions of that object, and of no other that begins like it."""
        bucket, server = make_bucket(), double(Denying(deleting))
        bucket.put(KEY)
        bucket.put(KEY)
        bucket.put(f"{KEY}.html")
        code, out = forget(server.url, bucket)
        assert (0, f"  the bucket {bucket.name} has it: {KEY}") == (code, out.splitlines()[1])
        call = next(line for line in out.splitlines() if line.startswith("aws "))
        assert f"--endpoint-url {server.url} --region us-east-1 --bucket {bucket.name}" in call
        command_line(call.replace(server.url, embedded.endpoint_url))
        assert [f"{KEY}.html"] == bucket.keys()

    def test_what_could_not_be_asked_is_tried_again_by_the_same_command(self, forget, embedded, make_bucket):
        """The visit is gone from the disk by then: its stone knows which objects there were."""
        bucket = make_bucket()
        bucket.put(KEY)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        code, out = forget(nobody, bucket, "--json")
        (first,) = json.loads(out)
        assert (1, True, "unknown", 1) == (code, first["forgotten"], first["bucket"][0]["state"], len(first["calls"]))
        code, out = forget(embedded.endpoint_url, bucket, "--json")
        (second,) = json.loads(out)
        assert (0, [{"key": KEY, "state": "deleted", "why": ""}], [], []) == (
            code, second["bucket"], second["calls"], bucket.keys(),
        )  # fmt: skip

    def test_which_clouds_have_copies_is_said_and_which_may_have(self, forget, embedded, make_bucket):
        """By what was heard of them, and by the sites that the owner has named."""
        bucket = make_bucket()
        bucket.put(KEY)
        said = {"aws": CopyState.COMPLETED, "gcp": CopyState.PENDING}
        sites = 'sites = {aws = "AWS", azure = "Azure"}\n'
        out = forget(embedded.endpoint_url, bucket, said=said, sites=sites)[1].splitlines()
        assert ["  copies of it are at aws", "  copies of it may be at azure, gcp"] == out[2:4]
        assert out[4].startswith("A copy at a site does not go when the bucket's does")

    def test_what_never_was_there_is_copied_nowhere(self, erased, embedded, make_bucket):
        """An upload that was not begun."""
        assert Fate.NOT_THERE is erased(embedded.endpoint_url, make_bucket())
