"""A Zenko that searches, with MongoDB and without; and `booth find` before it."""

import urllib.parse

import pytest

from booth.drivers.bucket_options import BucketOptions
from booth.drivers.seeking import sought
from booth.errors import BucketError
from booth.operator.finding import asking
from booth.operator.finding.clauses import META, STATUS, Both, Compare, Like
from booth.operator.finding.showing import replication
from booth.operator.finding.visits import Seeker
from booth.outbox import metadata
from lab.clock import HandClock
from lab.zenko.replicating import PACE, Replicating, overall
from lab.zenko.rules import Rule, Rules
from lab.zenko.searching import Searching
from tests.parcels import parcel_of


@pytest.fixture
def opened(embedded):
    """Open the bucket on a server, to look for something in it; all are closed."""
    made = []

    def open_it(url, read_timeout=20.0, bucket=embedded.bucket):
        options = BucketOptions(
            endpoint_url=url, bucket=bucket, region="us-east-1", access_key_id="owner",
            secret_access_key=embedded.secret_access_key, addressing="path", ca_bundle="", connect_timeout=5.0,
            read_timeout=read_timeout,
        )  # fmt: skip
        made.append(sought(options))
        return made[-1]

    yield open_it
    for bucket in made:
        bucket.close()


@pytest.fixture
def put(client, embedded):
    """Put objects; all are deleted."""
    behind = client(embedded.endpoint_url)
    keys = []

    def put_it(key, **said):
        kind = "application/json" if key.endswith(".json") else "image/gif"
        behind.put_object(Bucket="party", Key=key, Body=b"GIF89a", ContentType=kind, Metadata=metadata.encode(said))
        keys.append(key)

    yield put_it
    for key in keys:
        behind.delete_object(Bucket="party", Key=key)


@pytest.fixture
def seek(opened):
    """Seek by a clause on a server, as the command does; return the keys, and how many objects were looked at."""

    def run(url, clause):
        looked = []
        with Seeker(lambda: opened(url), looked.append) as seeker:
            question = asking.question(clause) if seeker.bucket.searches() else ""
            return [found.picture.key for found in seeker.visits(clause, question)], sum(looked)

    return run


def named(text):
    return Like(f"{META}name", (text,), any_case=True)


class TestTheDouble:
    def test_with_its_database_it_finds_what_is_asked_for(self, double, opened, put):
        """By what objects are."""
        put("search/1.gif", event="a")
        put("search/2.gif", event="b")
        with_database = opened(double(Searching()).url)
        assert ["search/2.gif"] == [each.key for each in with_database.page(search='x-amz-meta-event="b"').objects]

    def test_without_it_finds_everything(self, double, opened, put):
        """And says 200."""
        put("search/1.gif", event="a")
        put("search/2.gif", event="b")
        without = opened(double(Searching(database=False)).url)
        assert 2 == len(without.page(search='x-amz-meta-event="b"').objects)

    def test_a_pattern_that_its_database_does_not_understand_is_never_answered(self, double, opened):
        """The client gives up, and nobody knows why."""
        with pytest.raises(BucketError, match="did not answer in time"):
            opened(double(Searching()).url, read_timeout=0.2).page(search='x-amz-meta-name LIKE "("')

    @pytest.mark.parametrize("search", [" ", 'x-amz-meta-a="', "size>5", "key IN (1)", "colour=1"])
    def test_what_is_no_clause_is_refused(self, double, opened, search):
        """A field that it does not know, too, such as the one that its own pages use."""
        bucket = opened(double(Searching()).url)
        with pytest.raises(BucketError, match=r"\(InvalidArgument\)$"):
            bucket.page(search=search)


def test_it_is_known_whether_a_server_searches(double, opened, put):
    """By asking for something that cannot be there."""
    put("search/1.gif", event="a")
    told = [opened(double(room).url).searches() for room in (Searching(), Searching(database=False))]
    assert [True, False] == told


@pytest.mark.parametrize(("database", "looked"), [(True, 2), (False, 3)])
def test_what_is_found_is_the_same_whether_the_server_searches_or_not(double, seek, put, database, looked):
    """A name in letters of another size, of which no ASCII is stored; its picture lies beside the details."""
    put("search/1.gif", session="1", event="a")
    put("search/1.json", session="1", event="a", name="Zoë Ångström", email="zoe@example.org")
    put("search/2.gif", session="2", event="a", name="Zoe")
    server = double(Searching(database=database))
    assert (["search/1.gif"], looked) == seek(server.url, named("ZOË å"))


def test_what_is_not_replicated_is_found_by_a_search(double, seek, put):
    """The server is asked, and its word is not taken for it: here no object's own headers say that it is anywhere."""
    put("search/1.gif", session="1", name="a")
    put("search/2.gif", session="2", name="b")
    room = Searching(statuses=lambda _, key: "COMPLETED" if key == "search/1.gif" else "PENDING")
    assert (["search/2.gif"], 1) == seek(double(room).url, Compare(STATUS, "!=", "COMPLETED"))


def test_an_answer_that_is_not_what_was_asked_for_is_left_out(double, seek, put):
    """What a pattern of dots lets by, and what no longer is so."""
    put("search/1.gif", session="1", name="a+b")
    put("search/2.gif", session="2", name="a-b")
    assert (["search/1.gif"], 2) == seek(double(Searching()).url, named("a+b"))


def test_all_parts_of_an_answer_are_asked_for_with_the_search(double, opened, put):
    """Without it, the second would be of everything."""
    for number in range(5):
        put(f"search/{number}.gif", event="a" if number % 2 == 0 else "b")
    room = Searching()
    bucket, further, keys = opened(double(room).url), "", []
    for _ in range(3):
        page = bucket.page(search='x-amz-meta-event="a"', further=further, most=1)
        keys += [each.key for each in page.objects]
        further = page.further
    assert (["search/0.gif", "search/2.gif", "search/4.gif"], "") == (keys, further)
    assert 3 * ['x-amz-meta-event="a"'] == room.searches


@pytest.mark.parametrize("text", ["(", "[a-", "a{2", "\\", "*", "/x/q", '"; x=1', "'\"", "%C3%A9", "é\u0301ß"])
def test_whatever_a_name_is_the_server_answers(double, seek, put, text):
    """Nothing of it is a pattern, a quote or an end there."""
    put("search/1.gif", session="1", name=f"a {text} b")
    put("search/2.gif", session="2", name="somebody else")
    assert ["search/1.gif"] == seek(double(Searching()).url, named(text))[0]


def test_quotes_of_both_kinds_are_equal_to_themselves(double, seek, put):
    """There is no way to write them, so the server is asked for what is like them."""
    put("search/1.gif", session="1", event="\"a\" 'b'")
    put("search/2.gif", session="2", event="'a' \"b\"")
    clause = Both(Compare(f"{META}event", "=", "\"a\" 'b'"), Compare("content-type", "=", "image/gif"))
    assert ["search/1.gif"] == seek(double(Searching()).url, clause)[0]


def test_the_search_is_signed_and_whole(double, opened, put):
    """As it was written, with each sign that means something in an address."""
    server = double(room := Searching())
    put("search/1.gif", event="a&b=c d+e%#?é")
    search = 'x-amz-meta-event LIKE "/^a&b=c d+e%25#.%C3%A9$/"'
    opened(server.url).page(search=search)
    sent = urllib.parse.parse_qs(urllib.parse.urlsplit(server.asked[-1][1]).query)["search"]
    assert ([search], [search]) == (room.searches, sent)


def test_what_is_not_everywhere_is_shown_by_site(double, booths_bucket, client, opened):
    """From the put until its last copy is there, by its own headers; the server's database says so, too."""
    clock, rules = HandClock(), Rules()
    room = Replicating(rules, clock.now)
    room.pace["gcp"] = 2 * PACE
    searching = Searching(statuses=lambda _, key: overall(room.statuses(key).values()))
    server = double(searching, room, rules)
    client(server.url).create_bucket(Bucket="sites")
    rules.rules["sites"] = Rule(("aws", "gcp"), "aws", "")
    booths_bucket(server.url, bucket="sites").put(parcel_of("a.gif", b"GIF89a", {"session": "1"}))

    def told():
        missing = Compare(STATUS, "!=", "COMPLETED")
        with Seeker(lambda: opened(server.url, bucket="sites"), lambda _: None) as seeker:
            return [replication(found) for found in seeker.visits(missing, asking.question(missing))]

    statuses = []
    for _ in range(3):
        statuses.append(told())
        clock.advance(PACE)
    assert [["PENDING"], ["PROCESSING (aws COMPLETED, gcp PENDING)"], []] == statuses
