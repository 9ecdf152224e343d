"""`booth find` before a server in trouble: what came until then is shown, and nothing is taken for what it is not."""

import os
import signal

import pytest

from booth.cli import main
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.seeking import sought
from booth.errors import BucketError
from booth.operator.finding.fetching import fetch
from booth.operator.finding.visits import facts_of
from lab.zenko.rooms import Answer, NeverAnsweredError, Room, refusal

NAME = "troubles"
GIFS = {f"{number}.gif": b"GIF89a" + bytes([number]) * 100 for number in range(3)}


class Refusing(Room):
    """Refuses to search."""

    def __init__(self, status):
        self.status = status

    def before(self, request):
        return refusal(self.status, "NoSearch") if "search" in request.query else None


class Circling(Room):
    """Lists the same part for ever."""

    def before(self, request):
        if request.method != "GET" or request.key:
            return None
        listed = "<IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken>"
        space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
        return Answer(200, {}, f"<ListBucketResult {space}>{listed}</ListBucketResult>".encode())


class Breaking(Room):
    """Gives back one object with another byte."""

    def after(self, request, answer):
        if request.method == "GET" and request.key == "1.gif":
            answer.body = answer.body[:-1] + b"?"
        return answer


class Interrupting(Room):
    """Has somebody press Ctrl-C while one object is looked at."""

    def before(self, request):
        if request.method == "HEAD" and request.key == "2.gif":
            os.kill(os.getpid(), signal.SIGINT)
            raise NeverAnsweredError


@pytest.fixture
def behind(client, embedded):
    """Put three pictures into a bucket of their own."""
    behind = client(embedded.endpoint_url)
    behind.create_bucket(Bucket=NAME)
    for key, content in GIFS.items():
        behind.put_object(Bucket=NAME, Key=key, Body=content, ContentType="image/gif", Metadata={"session": key[0]})
    return behind


@pytest.fixture
def opened(embedded):
    """Open the bucket on a server; all are closed."""
    made = []

    def open_it(url):
        secret = embedded.secret_access_key
        made.append(sought(BucketOptions(url, NAME, "us-east-1", "owner", secret, "path", "", 5.0, 20.0)))
        return made[-1]

    yield open_it
    for bucket in made:
        bucket.close()


@pytest.fixture
def find(tmp_path, monkeypatch, embedded, capsys):
    """Run the command on a server; return the status, standard output and standard error."""

    def run(url, *words):
        file = tmp_path / "booth.toml"
        file.write_text(f'[zenko]\nendpoint_url = "{url}"\nbucket = "{NAME}"\n')
        file.chmod(0o600)
        monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "owner")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", embedded.secret_access_key)
        status = main(["find", "--config", str(file), *words])
        return status, *capsys.readouterr()

    return run


@pytest.mark.parametrize("status", [400, 501])
def test_a_server_that_refuses_to_search_does_not(behind, double, opened, status):
    """As some do that do not know what that is."""
    assert not opened(double(Refusing(status)).url).searches()


def test_a_key_that_may_not_look_is_told_so(behind, double, opened):
    """That is no matter of searching."""
    with pytest.raises(BucketError) as caught:
        opened(double(Refusing(403)).url).searches()
    said = str(caught.value).partition(" the bucket ")[0]
    assert "the access key may not look into" == said


def test_a_listing_that_goes_in_circles_is_left(behind, double, opened):
    """It would never end."""
    bucket = opened(double(Circling()).url)
    with pytest.raises(BucketError, match=r"goes in circles$"):
        bucket.page(further=bucket.page().further)


def test_a_picture_that_comes_broken_is_left_out_and_the_others_come(behind, double, find, tmp_path):
    """With status 1, and how many did not come."""
    status, _, err = find(double(Breaking()).url, "--download", str(tmp_path / "out"))
    there = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    assert (1, {key: GIFS[key] for key in ("0.gif", "2.gif")}) == (status, there)
    assert "booth: 1 did not come: a picture came broken; fetch again" == err.splitlines()[-1]


def test_where_the_server_is_gone_no_further_picture_is_tried(behind, double, opened, tmp_path):
    """Each would take its time-outs."""
    bucket = opened(double().url)
    pictures = [facts_of(key, bucket.head(key)) for key in GIFS]
    told = []
    with pytest.raises(BucketError, match="nobody listens"):
        fetch(opened("http://127.0.0.1:9"), pictures, tmp_path, told.append)
    assert [] == told


def test_ctrl_c_shows_what_was_found_so_far(behind, double, find):
    """With status 130."""
    status, out, err = find(double(Interrupting()).url)
    assert (130, ["0.gif"]) == (status, [line.split()[-1] for line in out.splitlines()[1:]])
    assert "booth: stopped before the end of the bucket" == err.splitlines()[-1]
