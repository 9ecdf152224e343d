"""When the server will delete what it was given: it says so once, in its answer to the put."""

from datetime import UTC, datetime

from booth.drivers.s3 import REMEMBERED

RULE = 'expiry-date="Wed, 23 Dec 2026 00:00:00 GMT", rule-id="forget-as-the-booth-does"'


def test_what_the_server_says_of_its_end_is_remembered(serve, make_bucket, make_parcel):
    """By key; of what it said nothing of, nothing is known."""
    said = iter([{"x_amz_expiration": RULE}, {}])

    def act(handler):
        handler.body()
        handler.answer(200, ETag=f'"{parcels[handler.path.rpartition("/")[2]].md5}"', **next(said))

    parcels = {parcel.key.rpartition("/")[2]: parcel for parcel in (make_parcel(), make_parcel())}
    bucket = make_bucket(endpoint_url=serve(act).url)
    for parcel in parcels.values():
        bucket.put(parcel)
    assert [datetime(2026, 12, 23, tzinfo=UTC), None] == [bucket.expiry(parcel.key) for parcel in parcels.values()]


def test_no_more_is_remembered_than_is_asked_for(make_bucket):
    """A booth runs for weeks: what was put long ago is let go of."""
    bucket = make_bucket()
    for number in range(REMEMBERED + 2):
        bucket._note_expiry(f"{number}.gif", {"x-amz-expiration": RULE})
    assert [None, None] == [bucket.expiry(f"{number}.gif") for number in (0, 1)]
    assert REMEMBERED == len(bucket._expiry)
