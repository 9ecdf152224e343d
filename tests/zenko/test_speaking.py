"""How CloudServer speaks: what an ordinary client stumbles over, and the booth does not."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from booth.errors import BucketError, Remedy
from booth.outbox.ids import SessionIds
from booth.outbox.keys import object_key, unique
from lab.zenko.speaking import Conditions, Digests, RestEndpoints, Trailers
from tests.parcels import parcel_of

GIF = b"GIF89a" + bytes(range(256))


class TestTrailers:
    def test_the_booth_sends_none(self, double, booths_bucket, ca_bundle, key):
        """Over TLS, where the library would: the animation is there, whole."""
        server, name = double(Trailers(), tls=True), key()
        bucket = booths_bucket(server.url, ca_bundle=str(ca_bundle))
        bucket.put(parcel_of(name, GIF, {"event": "party"}))
        assert (GIF, {"event": "party"}) == bucket.get(name)

    def test_a_client_with_default_settings_does(self, double, client, ca_bundle, embedded, key):
        """And is refused: the test before would be worth nothing otherwise."""
        server = double(Trailers(), tls=True)
        with pytest.raises(ClientError, match="trailing checksum is not supported"):
            client(server.url, verify=str(ca_bundle)).put_object(Bucket=embedded.bucket, Key=key(), Body=GIF)


class TestRestEndpoints:
    def test_a_host_that_the_server_does_not_know_itself_by_is_told(self, double, booths_bucket, key):
        """By the words that stand in its configuration; a person has to mend it."""
        port = urlsplit(double(RestEndpoints()).url).port
        with pytest.raises(BucketError) as caught:
            booths_bucket(f"http://localhost:{port}").put(parcel_of(key(), GIF, {}))
        wanted = (
            f"the server does not know itself as http://localhost:{port}; add that name to the server's restEndpoints, "
            "or put the right one into the settings (zenko.endpoint_url) (InvalidURI)"
        )
        assert (wanted, Remedy.PERSON) == (str(caught.value), caught.value.remedy)


class TestDigests:
    def test_a_client_with_default_settings_is_refused(self, double, client, embedded):
        """It sends another checksum, which does not count."""
        with pytest.raises(ClientError, match="BadDigest"):
            client(double(Digests()).url).delete_objects(
                Bucket=embedded.bucket, Delete={"Objects": [{"Key": "nothing"}]}
            )


class TestConditions:
    def test_they_are_overlooked(self, double, client, embedded, key):
        """What must not be there is overwritten: nothing but a key of its own keeps a picture."""
        server, name = client(double(Conditions()).url), key()
        for body in (b"first", b"second"):
            server.put_object(Bucket=embedded.bucket, Key=name, Body=body, IfNoneMatch="*")
        assert b"second" == server.get_object(Bucket=embedded.bucket, Key=name)["Body"].read()

    def test_so_no_two_visits_of_the_booth_share_a_key(self, double, booths_bucket):
        """Taken in one second by two booths, under a template that names neither: both pictures are there."""
        bucket, taken = booths_bucket(double(Conditions()).url), datetime(2026, 11, 22, 17, 5, 12, tzinfo=UTC)
        booths = [SessionIds(taken.timestamp), SessionIds(taken.timestamp)]
        names = [
            object_key(unique("{event}.gif"), event="conditions", booth="left", session=booth(), taken=taken)
            for booth in booths
        ]
        for name in names:
            bucket.put(parcel_of(name, GIF + name.encode(), {}))
        assert [GIF + name.encode() for name in names] == [bucket.get(name)[0] for name in names]
