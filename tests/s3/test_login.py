"""A network that asks for a log-in is told from one that is away, and from a server in trouble."""

import pytest

from booth.errors import BucketError

PAGE = b"<!DOCTYPE html><html>Please log in.</html>"


@pytest.mark.parametrize(
    ("status", "content", "headers", "login", "away"),
    [
        (200, PAGE, {}, True, True),
        (302, b"", {"Location": "http://login.example.org/"}, True, True),
        (404, PAGE, {}, True, True),
        (511, b"", {}, True, True),
        (503, PAGE, {}, False, False),
        (403, b"<Error><Code>AccessDenied</Code></Error>", {}, False, False),
    ],
)
def test_a_page_in_the_servers_place_asks_for_a_log_in(
    serve, make_bucket, make_parcel, status, content, headers, login, away
):
    """Unless it is a server's own, in trouble; and the network counts as away."""

    def act(request):
        request.body()
        request.answer(status, content, **headers)

    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=serve(act).url, attempts=1).put(make_parcel())
    assert (login, away) == (caught.value.login, caught.value.away)


def test_where_nobody_answers_no_log_in_is_asked_for(make_bucket, make_parcel):
    """The network is away, and that is all that is known."""
    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url="http://127.0.0.1:9", attempts=1).put(make_parcel())
    assert (False, True) == (caught.value.login, caught.value.away)
