"""A hand-over of what a Zenko has: its search says where to look, and headers say what is there."""

from booth.drivers.bucket_options import BucketOptions
from booth.drivers.seeking import sought
from booth.operator.exporting import buckets
from booth.operator.finding.visits import Seeker
from booth.outbox import metadata
from lab.zenko.searching import Searching

OURS, APART, OTHERS = "20261122-170500-aaaaaaaaaa", "20261122-170600-bbbbbbbbbb", "20261122-170700-cccccccccc"
EVENT = "Zoë's Ball"


def test_only_what_the_search_names_is_looked_at(double, client, embedded):
    """Details that lie apart are the visit's; the pictures of another event cost nothing."""
    server = double(room := Searching())
    owner = client(server.url)
    owner.create_bucket(Bucket="export")
    for key, session, event, more in (
        ("1.gif", OURS, EVENT, {"name": "Ada", "email": "ada@example.org", "consent": "yes"}),
        ("2.gif", APART, EVENT, {}),
        ("2.json", APART, EVENT, {"email": "eve@example.org", "consent": "no"}),
        ("3.gif", OTHERS, "Wedding", {"consent": "yes"}),
    ):
        details = {"event": event, "session": session, "taken": "2026-11-22T17:05:00Z", **more}
        owner.put_object(Bucket="export", Key=key, Body=key.encode(), Metadata=metadata.encode(details))
    options = BucketOptions(
        server.url, "export", "us-east-1", "owner", embedded.secret_access_key, "path", "", 5.0, 20.0
    )  # fmt: skip
    looked = []
    with Seeker(lambda: sought(options), looked.append) as seeker:
        found = buckets.gathered(seeker, EVENT)
        contents = [found.sources[each.session]() for each in found.visits]
    wanted = [(OURS, "ada@example.org", True), (APART, "eve@example.org", False)]
    assert wanted == [(each.session, each.email, each.consent) for each in found.visits]
    assert [b"1.gif", b"2.gif"] == contents
    assert (2, 3) == (len(room.searches), sum(looked))
