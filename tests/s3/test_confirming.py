"""What counts as confirmed: every shape of an ETag, encryption, and what is read back when there is a doubt."""

import base64
import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.drivers.confirming import MOST_PUTS, PUTS, like
from booth.errors import BucketError, Remedy
from tests.parcels import parcel_of

CONTENT = b"GIF89a" + bytes(1000)
MD5 = hashlib.md5(CONTENT, usedforsecurity=False)
HEX, B64 = MD5.hexdigest(), base64.b64encode(MD5.digest()).decode()
OTHER = "0" * 32


@pytest.mark.parametrize(
    "etag",
    [
        f'"{HEX}"',
        HEX,
        f'"{HEX.upper()}"',
        f'W/"{HEX}"',
        f"w/{HEX}",
        f'W/"{HEX}-gzip"',
        f'"{HEX}-gzip"',
        f'"{HEX}--gzip"',
        f'"{HEX};gzip"',
        f'"{HEX}"-gzip',
        f'"{HEX}-br"',
        f'"{HEX}/zstd"',
        f'"{HEX}-1"',
        f"  '{HEX}'  ",
        f'""{HEX}""',
        f"&quot;{HEX}&quot;",
        f'"{hashlib.md5(MD5.digest(), usedforsecurity=False).hexdigest()}-1"',
        f'"{B64}"',
        B64.rstrip("="),
        f'"{hashlib.sha256(CONTENT).hexdigest()}"',
    ],
)
def test_an_etag_of_these_very_bytes_confirms_in_every_spelling(etag):
    """Quotes, weakness, capitals, what a proxy hangs on it: it is made of a digest of the animation."""
    assert "same" == like(etag, parcel_of("a.gif", CONTENT, {}))


@pytest.mark.parametrize(
    ("etag", "says"),
    [
        (None, "none"),
        ("", "none"),
        ('""', "none"),
        ('W/""', "none"),
        (f'"{OTHER}"', "other"),
        (f'W/"{OTHER}"', "other"),
        (f'"{OTHER}-gzip"', "other"),
        (OTHER.upper(), "other"),
        (f'"{OTHER}-2"', "odd"),
        (f'"{HEX}0"', "odd"),
        (f'"{HEX[1:]}"', "odd"),
        ('"686897696a7c876b7e"', "odd"),
        ('"a9993e36-4706-816a-ba3e-25717850c26c"', "odd"),
        ("CAE=", "odd"),
    ],
)
def test_an_etag_that_confirms_nothing_says_whether_it_could(etag, says):
    """An MD5 of something else is another thing than what is no MD5."""
    assert says == like(etag, parcel_of("a.gif", CONTENT, {}))


@given(st.text())
def test_any_text_can_be_an_etag(etag):
    """Nothing that a server writes there is too odd, and nothing by chance is taken for the animation's."""
    assert "same" != like(etag, parcel_of("a.gif", CONTENT, {}))


class Store:
    """A server that stores what is put, with an ETag of its own taste; with *reads* it gives it back."""

    def __init__(self, etag, reads=403, headers=None, checksums=False, kept=lambda body: body):
        self.etag = etag
        self.reads = reads
        self.kept = kept
        self.headers = headers or {}
        self.checksums = checksums
        self.stored = {}
        self.met = Counter()

    def __call__(self, request):
        self.met[request.command] += 1
        if request.command == "PUT":
            self.stored[request.path] = body = request.body()
            headers = dict(self.headers)
            etag = self.etag(body)
            if etag is not None:
                headers["ETag"] = etag
            if self.checksums:
                headers["x-amz-checksum-sha256"] = base64.b64encode(hashlib.sha256(body).digest()).decode()
            request.answer(200, **headers)
        elif self.reads == 200:
            request.answer(200, self.kept(self.stored[request.path]), **self.headers)
        else:
            request.answer(self.reads, **self.headers)


def md5_of(parcel):
    return hashlib.md5(parcel.content, usedforsecurity=False).hexdigest()


S3 = {"x-amz-request-id": "1"}
SEALED = [
    {"x-amz-server-side-encryption": "aws:kms"},
    {"x-amz-server-side-encryption": "aws:kms:dsse"},
    {"x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:111122223333:key/example"},
    {"x-amz-server-side-encryption-customer-algorithm": "AES256"},
    {"X-Amz-Server-Side-Encryption": "AWS:KMS"},
]


@pytest.mark.parametrize("headers", SEALED)
@pytest.mark.parametrize("etag", [f'"{OTHER}"', '"odd"', None])
def test_a_bucket_that_says_that_it_encrypts_is_believed(serve, make_bucket, make_parcel, headers, etag):
    """With KMS or the customer's key no ETag is an MD5; Content-MD5 was checked: one put, and nothing read back."""
    store = Store(lambda body: etag, headers=headers)
    parcel = make_parcel()
    assert md5_of(parcel) == make_bucket(endpoint_url=serve(store).url).put(parcel)
    assert {"PUT": 1} == store.met


@pytest.mark.parametrize("etag", [f'"{OTHER}"', '"odd"', None])
def test_what_can_be_read_back_is_confirmed_by_its_bytes(serve, make_bucket, make_parcel, etag):
    """Whatever a proxy makes of the ETag: the very bytes are there. It is put once."""
    store = Store(lambda body: etag, reads=200)
    parcel = make_parcel()
    assert md5_of(parcel) == make_bucket(endpoint_url=serve(store).url).put(parcel)
    assert {"PUT": 1, "GET": 1} == store.met


@pytest.mark.parametrize("reads", [400, 403, 405, 501])
def test_an_etag_that_could_not_be_an_md5_is_believed_where_nothing_can_be_read(serve, make_bucket, make_parcel, reads):
    """The policy of the booth's own key allows it to put, and nothing else."""
    store = Store(lambda body: '"686897696a7c876b7e-1"', reads=reads, headers=S3)
    parcel = make_parcel()
    assert md5_of(parcel) == make_bucket(endpoint_url=serve(store).url).put(parcel)
    assert 1 == store.met["PUT"]


@pytest.mark.parametrize("name", ["Content-MD5", "x-goog-hash"])
@pytest.mark.parametrize("right", [True, False])
def test_an_md5_that_is_said_beside_the_etag_confirms(serve, make_bucket, make_parcel, name, right):
    """It is of these very bytes, or it is nothing."""

    def act(request):
        store.met[request.command] += 1
        said = base64.b64encode(hashlib.md5(request.body() * right, usedforsecurity=False).digest()).decode()
        value = said if name == "Content-MD5" else f"crc32c=n03x6A==,md5={said}"
        request.answer(200 if request.command == "PUT" else 403, **{"ETag": f'"{OTHER}"', name: value})

    store = Store(None)
    bucket, parcel = make_bucket(endpoint_url=serve(act).url), make_parcel()
    if right:
        bucket.put(parcel)
        assert {"PUT": 1} == store.met
    else:
        with pytest.raises(BucketError, match=r"its ETag is not the (animation|file|object)"):
            bucket.put(parcel)


def test_a_checksum_confirms_where_the_etag_does_not(serve, make_bucket, make_parcel):
    """A server that checks SHA-256 says so; from then on one put is enough."""
    store = Store(lambda body: f'"{OTHER}"', checksums=True, headers=S3)
    bucket = make_bucket(endpoint_url=serve(store).url)
    bucket.put(make_parcel())
    assert 2 == store.met["PUT"]
    bucket.put(make_parcel())
    assert 3 == store.met["PUT"]


@pytest.mark.parametrize(
    ("reads", "sign"), [(403, "Unread"), (501, "Unread"), (404, "NotKept")]
)  # fmt: skip
@pytest.mark.parametrize("headers", [{}, S3])
@pytest.mark.parametrize("etag", [f'"{OTHER}"', None])
def test_the_same_bytes_are_not_put_for_ever(serve, make_bucket, make_parcel, etag, headers, reads, sign):
    """A few puts, and then it is only looked for; the operator reads what is the matter and what to do."""
    store = Store(lambda body: etag, reads=reads, headers=headers)
    bucket, parcel = make_bucket(endpoint_url=serve(store).url), make_parcel()
    for _ in range(12):
        with pytest.raises(BucketError) as caught:
            bucket.put(parcel)
    assert store.met["PUT"] <= PUTS
    assert caught.value.remedy is Remedy.PERSON
    assert str(caught.value).endswith(f"({sign})")
    assert "; " in str(caught.value)


def test_other_bytes_are_not_put_for_ever_either(serve, make_bucket, make_parcel):
    """Something on the way makes another GIF of each: the operator reads that."""
    store = Store(lambda body: None, reads=200, kept=lambda body: b"GIF89a smaller")
    bucket, parcel = make_bucket(endpoint_url=serve(store).url), make_parcel()
    for _ in range(12):
        with pytest.raises(BucketError) as caught:
            bucket.put(parcel)
    assert store.met["PUT"] <= PUTS
    assert str(caught.value).endswith("(Changed)")


def test_what_was_held_is_confirmed_when_it_may_be_read(serve, make_bucket, make_parcel):
    """The owner allows the key to read: the next look settles it, without another put."""
    store = Store(lambda body: f'"{OTHER}"', headers=S3)
    bucket, parcel = make_bucket(endpoint_url=serve(store).url), make_parcel()
    with pytest.raises(BucketError):
        bucket.put(parcel)
    puts = store.met["PUT"]
    store.reads = 200
    assert md5_of(parcel) == bucket.put(parcel)
    assert puts == store.met["PUT"]


def test_what_was_held_is_put_again_when_the_server_is_well(serve, make_bucket, make_parcel):
    """Something that took everything and kept nothing has gone: the next look does not find it, and it is put."""
    store = Store(lambda body: None, reads=200, kept=lambda body: b"welcome")
    store_well = Store(lambda body: f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"', reads=404)
    well = []

    def act(request):
        if well:
            store_well(request)
        else:
            store(request)

    bucket, parcel = make_bucket(endpoint_url=serve(act).url), make_parcel()
    for _ in range(8):
        with pytest.raises(BucketError):
            bucket.put(parcel)
    well.append(True)
    assert md5_of(parcel) == bucket.put(parcel)


def test_what_was_held_is_put_again_when_another_was_confirmed(serve, make_bucket, make_parcel):
    """A server that confirms the next guest's animation would confirm this one too: one more put."""
    odd = [f'"{OTHER}"']
    store = Store(lambda body: odd[0] or f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"', headers=S3)
    bucket, held, following = make_bucket(endpoint_url=serve(store).url), make_parcel(), make_parcel()
    with pytest.raises(BucketError):
        bucket.put(held)
    odd[0] = None
    assert md5_of(following) == bucket.put(following)
    assert md5_of(held) == bucket.put(held)


def test_one_that_is_never_confirmed_is_not_put_for_each_that_is(serve, make_bucket, make_parcel):
    """A gateway that changes the ETags of large objects alone: hope has an end."""
    held = make_parcel()
    store = Store(lambda body: None, headers=S3)
    large = held.content
    store.etag = lambda body: f'"{OTHER if body == large else hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    bucket = make_bucket(endpoint_url=serve(store).url)
    following = [make_parcel() for _ in range(2 * MOST_PUTS)]
    for parcel in following:
        with pytest.raises(BucketError):
            bucket.put(held)
        bucket.put(parcel)
    assert MOST_PUTS + len(following) == store.met["PUT"]


def test_trouble_while_it_is_looked_for_is_the_network_s(serve, make_bucket, make_parcel):
    """A server in trouble is waited for; the animation is looked for again before it is put again."""
    store = Store(lambda body: f'"{OTHER}"', reads=500, headers=S3)
    bucket, parcel = make_bucket(endpoint_url=serve(store).url, attempts=1), make_parcel()
    with pytest.raises(BucketError) as caught:
        bucket.put(parcel)
    assert caught.value.remedy is Remedy.WAIT
    store.reads = 200
    bucket.put(parcel)
    assert 1 == store.met["PUT"]
