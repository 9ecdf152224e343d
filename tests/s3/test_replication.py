"""What a bucket makes of what servers say of their copies, by HEAD: with headers, and without a word."""

import pytest

from booth.drivers.replicating import replication
from booth.errors import BucketError, Remedy
from booth.ports import CopyState

PENDING, COMPLETED, FAILED = CopyState.PENDING, CopyState.COMPLETED, CopyState.FAILED


@pytest.mark.parametrize(
    ("headers", "copies"),
    [
        ({}, {}),
        ({"x-amz-meta-event": "party", "etag": '"0"'}, {}),
        (
            {
                "x-amz-replication-status": "PROCESSING",
                "x-amz-meta-aws-archive-replication-status": "COMPLETED",
                "x-amz-meta-azure-dr-replication-status": "PENDING",
                "x-amz-meta-gcp-web-replication-status": "FAILED",
                "x-amz-meta-aws-archive-version-id": "7",
            },
            {"aws-archive": COMPLETED, "azure-dr": PENDING, "gcp-web": FAILED},
        ),
        ({"x-amz-replication-status": "PENDING"}, {"": PENDING}),
        ({"x-amz-replication-status": "COMPLETE"}, {"": COMPLETED}),
        ({"x-amz-replication-status": "REPLICA"}, {}),
        ({"x-amz-meta-aws-replication-status": "SOMETHING NEW"}, {"aws": PENDING}),
        ({"x-amz-meta-aws-replication-status": " completed "}, {"aws": COMPLETED}),
    ],
    ids=["nothing", "no word of copies", "Zenko", "Amazon", "Amazon, older", "a copy itself", "unknown", "written so"],
)
def test_copies_are_read_from_headers(headers, copies):
    """By site where the server names them; a word that is not known is never taken for done."""
    assert copies == replication(headers)


def test_one_question_is_one_request(make_bucket, serve):
    """HEAD, and no body: nothing else goes over the network."""
    asked = []

    def act(handler):
        asked.append((handler.command, handler.path))
        handler.answer(200, ETag='"0"', x_amz_meta_aws_replication_status="COMPLETED")

    bucket = make_bucket(endpoint_url=serve(act).url)
    assert {"aws": COMPLETED} == bucket.replication("party/a.gif")
    assert [("HEAD", "/party/party/a.gif")] == asked


@pytest.mark.parametrize(
    ("status", "remedy", "said"),
    [
        (403, Remedy.PERSON, "may not ask after what it has put into the bucket party; allow it s3:GetObject there"),
        (404, Remedy.NEVER, "an object that was put into the bucket party is not there; look who deletes there"),
        (503, Remedy.WAIT, "reports an error of its own"),
    ],
)
def test_a_number_without_words_is_told_by_what_was_asked(make_bucket, serve, status, remedy, said):
    """An answer to HEAD has no body: what it means is told by its number, and by whoever puts, too."""
    bucket = make_bucket(endpoint_url=serve(lambda handler: handler.answer(status)).url)
    with pytest.raises(BucketError, match=said) as told:
        bucket.replication("a.gif")
    assert remedy is told.value.remedy


def test_a_page_is_not_taken_for_a_server_without_copies(make_bucket, serve):
    """A captive portal says 200 to everything; what it says of copies is nothing."""
    bucket = make_bucket(endpoint_url=serve(lambda handler: handler.answer(200, Content_Type="text/html")).url)
    with pytest.raises(BucketError, match="something else answers in the place of"):
        bucket.replication("a.gif")
