"""The bucket over plain HTTP, on the embedded server."""

import contextlib
import hashlib
import http.client
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from booth.core.visit import Guest
from booth.drivers.signed import LASTING, link_like
from booth.errors import BucketError, Remedy
from booth.outbox.ids import SessionIds
from booth.outbox.metadata import decode, weight
from booth.outbox.spool import Spool
from booth.units import Seconds

NAMES = [
    "Ada Lovelace",
    "李小龙",
    "José",
    "Zoë O'Néill",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "100 % <b>&amp;</b>; \"quoted\", 'single' \\ back",
    " blanks at both ends ",
    "a\ttab",
    "x" * 300,
    "é" * 300,
    "\U0001f600" * 300,
]


def test_what_is_put_can_be_got(bucket, make_parcel):
    """The object has the animation's bytes and the details; its ETag is the MD5 that was confirmed."""
    parcel = make_parcel({"event": "party", "name": "Jos%C3%A9  x"})
    etag = bucket.put(parcel)
    content = parcel.content
    assert hashlib.md5(content, usedforsecurity=False).hexdigest() == etag
    assert (content, dict(parcel.metadata)) == bucket.get(parcel.key)


@pytest.mark.parametrize("media_type", ["image/gif", "image/jpeg"])
def test_the_object_is_what_the_parcel_says(bucket, make_parcel, media_type):
    """A browser that is given the object's address shows it."""
    parcel = replace(make_parcel(), media_type=media_type)
    bucket.put(parcel)
    assert media_type == bucket._client().head_object(Bucket="party", Key=parcel.key)["ContentType"]


def test_the_same_put_twice_is_one_object(bucket, make_parcel):
    """When the answer was lost, the second put changes nothing."""
    parcel = make_parcel()
    assert bucket.put(parcel) == bucket.put(parcel)
    listed = bucket._client().list_objects_v2(Bucket="party", Prefix=parcel.key)
    assert listed["KeyCount"] == 1


@pytest.fixture
def spool(tmp_path):
    """Open a spool in a fresh folder."""
    with Spool(
        tmp_path / "outbox",
        event=f"Event {tmp_path.name}",
        booth="Booth 1",
        key_template="{event}/{date}/{session}.gif",
        wall=lambda: 1_795_367_112.0,
        min_free_mb=0,
        keep_days=30,
    ) as opened:
        yield opened


def visit(spool, session, name):
    """Put a visit of the guest *name* into the outbox; return what is to be sent."""
    spool.open(session)
    spool.animation(session).write_bytes(b"GIF89a" + session.encode())
    spool.note(session, Guest(name, "guest@example.org", consent=True))
    spool.commit(session)
    return spool.queue().parcel(session)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_every_name_comes_back(bucket, spool, name):
    """Whatever a guest is called, the object says so; what is too long keeps its beginning."""
    parcel = visit(spool, SessionIds(lambda: 1_795_367_112.0)(), name)
    etag = bucket.put(parcel)
    content, metadata = bucket.get(parcel.key)
    back = decode(metadata)
    assert parcel.content == content
    assert dict(parcel.metadata) == metadata
    assert name.startswith(back["name"])
    assert back["name"] == name or (weight(metadata) > 1980 and len(back["name"]) > 100)
    assert back["email"] == "guest@example.org"
    assert spool.queue().confirm(spool.queue().pending()[0], parcel.key, etag)


def test_the_same_name_twice_is_two_objects(bucket, spool):
    """Two guests of one name, in the same second, are two objects."""
    ids = SessionIds(lambda: 1_795_367_112.0)
    parcels = [visit(spool, ids(), "José") for _ in range(2)]
    for parcel in parcels:
        bucket.put(parcel)
    assert 2 == len({parcel.key for parcel in parcels})
    assert [parcel.content for parcel in parcels] == [bucket.get(parcel.key)[0] for parcel in parcels]
    assert {"José"} == {decode(bucket.get(parcel.key)[1])["name"] for parcel in parcels}


def test_what_replication_adds_is_not_the_guests(bucket, make_parcel):
    """A replicating bucket shows its progress among the metadata; it is taken out."""
    parcel = make_parcel({"event": "party", "aws-replication-status": "PENDING", "aws-version-id": "1"})
    bucket.put(parcel)
    assert bucket.get(parcel.key)[1] == {"event": "party"}


def test_an_object_that_is_not_there_is_an_error(bucket):
    """Reading back what was never put says so."""
    with pytest.raises(BucketError, match="NoSuchKey"):
        bucket.get("nobody/was/here.gif")


def test_a_bucket_that_is_not_there_needs_a_person(make_bucket, embedded, make_parcel):
    """The operator reads which bucket is missing where."""
    with pytest.raises(BucketError, match=f"no bucket nowhere at {embedded.endpoint_url}") as caught:
        make_bucket(bucket="nowhere").put(make_parcel())
    assert caught.value.remedy is Remedy.PERSON


@pytest.mark.parametrize(
    "metadata",
    [
        {"name": "Zo\xeb"},
        {"name": "Zo\r\nX-Evil: 1"},
        {"name": "Zo\x00"},
        {"name": "Zo\x7f"},
        {"name": "Zo\ud800"},
        {"Zo\r\n": "x"},
        {"Zo\xeb": "x"},
        {"Zo:": "x"},
        {"": "Zo"},
    ],
)
def test_details_that_are_no_headers_are_never_sent(bucket, make_parcel, metadata):
    """Whatever would break the request is set aside, and holds nobody up; the error does not repeat it."""
    with pytest.raises(BucketError) as caught:
        bucket.put(make_parcel(metadata))
    assert caught.value.remedy is Remedy.NEVER
    assert "Zo" not in str(caught.value)


def test_a_key_that_is_no_text_is_never_sent(bucket, make_parcel):
    """The same for what it would be called."""
    with pytest.raises(BucketError) as caught:
        bucket.put(replace(make_parcel(), key="\ud800.gif"))
    assert caught.value.remedy is Remedy.NEVER


def test_no_secret_is_ever_shown(make_bucket):
    """Neither the bucket nor what it raises has the keys in it."""
    bucket = make_bucket(access_key_id="AKIDHIDDEN", secret_access_key="hidden too", bucket="b b")  # noqa: S106 no real one
    with pytest.raises(BucketError, match="cannot be the name of a bucket") as caught:
        bucket.get("x")
    shown = f"{bucket!r} {bucket} {caught.value!r} {caught.value.__cause__!r}"
    assert "HIDDEN" not in shown.upper()
    assert "'b b' at http://127.0.0.1" in shown


def test_a_bucket_can_be_closed_and_goes_on(bucket, make_parcel):
    """Closing twice is fine; the next put opens a new connection."""
    bucket.close()
    bucket.put(make_parcel())
    bucket.close()
    bucket.close()
    bucket.put(make_parcel())


def test_making_a_bucket_touches_nothing(make_bucket):
    """Nothing is imported, opened or asked for before the first put."""
    assert make_bucket(endpoint_url="nonsense", ca_bundle="/nowhere")._opened is None


# ---- links that are signed


def fetched(link):
    """Return what a phone gets that opens *link*: the status, the kind of content, and the content."""
    address = urlsplit(link)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", f"{address.path}?{address.query}")
        answer = connection.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read()


@pytest.mark.parametrize("key", ["{}.gif", "Caf\u00e9 & Bar/a+b~(1)'!*.gif"])
def test_whoever_has_the_link_has_the_animation(bucket, make_parcel, key):
    """It leads to the bytes that were put, and a browser shows them; nothing else is asked for."""
    parcel = replace(make_parcel(), key=key.format("plain"))
    bucket.put(parcel)
    link = bucket.link(parcel.key, Seconds(86_400.0))
    assert (200, "image/gif", parcel.content) == fetched(link)


def test_a_link_is_signed_as_zenko_wants_it(bucket):
    """SigV4, path style, for the days that were asked for, and with nothing that a phone would have to send along."""
    asked = parse_qs(urlsplit(bucket.link("a/b.gif", Seconds(604_800.0))).query)
    assert {
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
    } == set(asked)
    assert (["AWS4-HMAC-SHA256"], ["604800"], ["host"]) == (
        asked["X-Amz-Algorithm"],
        asked["X-Amz-Expires"],
        asked["X-Amz-SignedHeaders"],
    )


@pytest.mark.parametrize("key", ["a/b.gif", "Caf\u00e9 & Bar/a+b~(1)'!*.gif"])
@pytest.mark.parametrize("access_key_id", ["booth", "AKIA/with+slashes"])
def test_how_long_a_link_will_be_is_known_before_it_is_signed(make_bucket, embedded, key, access_key_id):
    """What decides at the start whether a code can be read is as long as the links will be."""
    bucket = make_bucket(access_key_id=access_key_id)
    like = link_like(
        endpoint_url=embedded.endpoint_url,
        bucket=embedded.bucket,
        key=key,
        region=embedded.region,
        access_key_id=access_key_id,
    )
    link = bucket.link(key, LASTING)
    assert len(link) == len(like)
    assert link.partition("?")[0] == like.partition("?")[0]


def test_a_link_without_a_key_to_sign_with_is_an_error_for_a_person(make_bucket, monkeypatch):
    """What is missing is said, as for a put."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    bucket = make_bucket(access_key_id="", secret_access_key="")
    with pytest.raises(BucketError, match="there is no access key") as told:
        bucket.link("a.gif", LASTING)
    assert Remedy.PERSON is told.value.remedy


@pytest.mark.parametrize("spelled", [str.lower, str.title, str.upper])
def test_names_of_metadata_are_never_compared_by_case(serve, make_bucket, spelled):
    """`rclone serve s3` answers with Name and Email, and a proxy with what it likes: they are what was put."""
    about = {spelled("x-amz-meta-name"): "Zo%C3%AB", spelled("x-amz-meta-aws-replication-status"): "PENDING"}
    server = serve(lambda request: request.answer(200, b"GIF89a", **about))
    assert (b"GIF89a", {"name": "Zo%C3%AB"}) == make_bucket(endpoint_url=server.url).get("one.gif")
