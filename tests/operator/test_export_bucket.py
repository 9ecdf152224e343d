"""``booth export --from bucket`` and ``both``: what a server has of an event, by its own headers, each visit once."""

import boto3
import pytest

from booth.outbox import metadata
from booth.sim.bucket import EmbeddedS3
from tests.operator.test_export import (
    FAILED,
    GUESTS,
    LATER,
    NAMES,
    PENDING,
    SENT,
    animation,
    outbox,  # noqa: F401  a fixture
    rows,
    there,  # noqa: F401  a fixture
    typed,  # noqa: F401  a fixture
)

FAR = "20261122-190500-ffffffffff"
"""A visit that the disk has not, any more or ever: of another booth."""


def said(session, **more):
    """Return the metadata of a visit."""
    taken = f"2026-11-22T{session[9:11]}:{session[11:13]}:00Z"
    return {"event": "Ball", "booth": "left", "session": session, "taken": taken, **more}


ADA = {"name": "Ada", "email": "ada@example.org"}
OBJECTS = {
    "a/1.gif": (SENT, said(SENT, name="Zoë", email="zoe@example.org", consent="yes")),
    "a/2.gif": (LATER, said(LATER, consent="no", **ADA)),
    "b/3.gif": (FAR, said(FAR, booth="right")),
    "b/3.json": (FAR, said(FAR, booth="right", consent="yes", **ADA)),
    "c/4.gif": ("x", said("20261122-200500-gggggggggg", test="yes", consent="yes")),
    "c/5.gif": ("x", said("20261122-210500-hhhhhhhhhh") | {"event": "Wedding"}),
    "c/6.gif": ("x", said("no session of ours")),
    "c/7.jpg": ("x", said("20261122-220500-iiiiiiiiii")),
}
"""By key: whose picture it is, and the metadata."""


@pytest.fixture(scope="module")
def server():
    """Serve a bucket with three visits of the event, and with what is none."""
    with EmbeddedS3("party") as embedded:
        client = boto3.client(
            "s3", endpoint_url=embedded.endpoint_url, region_name="us-east-1", aws_access_key_id="owner",
            aws_secret_access_key=embedded.secret_access_key,
        )  # fmt: skip
        for key, (whose, details) in OBJECTS.items():
            client.put_object(Bucket="party", Key=key, Body=animation(whose), Metadata=metadata.encode(details))
        yield embedded
        client.close()


@pytest.fixture
def export(typed, server, tmp_path, monkeypatch):  # noqa: F811  a fixture
    """Export with the keys of the bucket's owner; return the status, and what was said."""
    with (tmp_path / "booth.toml").open("a") as file:
        file.write(f'[zenko]\nendpoint_url = "{server.endpoint_url}"\nbucket = "party"\n')
    (tmp_path / "booth.toml").chmod(0o600)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "owner")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return typed


def pictures(files):
    """Return the animations of a hand-over, by their names."""
    return {name: content for name, content in files.items() if name.startswith("gifs/")}


FAR_NAME = "gifs/2026-11-22_19-05-00_ffffff.gif"


def test_a_bucket_alone(export, tmp_path, there):  # noqa: F811  a fixture
    """Each visit of the event, with its details from wherever they lie; no trial, no other event, no other object."""
    code, _ = export("--from", "bucket", tmp_path / "ball")
    files = there()
    assert (0, {NAMES[SENT]: animation(SENT), NAMES[LATER]: animation(LATER), FAR_NAME: animation(FAR)}) == (
        code, pictures(files)
    )  # fmt: skip
    table = {line["session"]: line for line in rows(files["guests.csv"])}
    assert [("yes", "Zoë", "yes"), ("no", "Ada", "yes"), ("yes", "Ada", "yes")] == [
        tuple(table[session][of] for of in ("consent", "name", "delivered")) for session in (SENT, LATER, FAR)
    ]


def test_both_are_each_visit_once(export, outbox, tmp_path, there):  # noqa: F811  fixtures
    """What the disk has, and what the bucket alone has; where one of them says no, nobody agreed."""
    code, _ = export("--from", "both", "--outbox", outbox, tmp_path / "ball")
    files = there()
    wanted = {NAMES[session]: animation(session) for session in GUESTS} | {FAR_NAME: animation(FAR)}
    assert (0, wanted) == (code, pictures(files))
    table = {line["session"]: (line["consent"], line["delivered"]) for line in rows(files["guests.csv"])}
    assert {SENT: ("yes", "yes"), FAILED: ("no", "no"), PENDING: ("", "no"), LATER: ("no", "yes"),
            FAR: ("yes", "yes")} == table  # fmt: skip


def test_what_the_disk_has_spoilt_comes_from_the_bucket(export, outbox, tmp_path, there):  # noqa: F811  fixtures
    """A picture is there if any of the sources has it as it was delivered."""
    (outbox / "pending" / LATER / "animation.gif").write_bytes(b"GIF89a spoilt")
    code, _ = export("--from", "both", "--outbox", outbox, tmp_path / "ball")
    assert (0, animation(LATER)) == (code, there()[NAMES[LATER]])


def test_a_bucket_and_an_outbox_make_no_sense(typed, tmp_path):  # noqa: F811  a fixture
    """Status 2: one of the two would not be read."""
    assert 2 == typed("--from", "bucket", "--outbox", tmp_path, tmp_path / "ball")[0]
