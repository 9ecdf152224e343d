"""What `booth find` finds in a bucket on a server that does not search, how it shows it, and what it fetches."""

import csv
import io
import json
import stat

import boto3
import pytest

from booth.cli import main
from booth.outbox import metadata
from booth.sim.bucket import EmbeddedS3
from tests.servers import few_authorities, strangers

__all__ = ["few_authorities", "strangers"]

GIF = b"GIF89a" + bytes(range(256)) * 8
NOBODY = "check that the server runs, and its port (zenko.endpoint_url) (EndpointConnectionError)"
VISITS = {
    "dc/1.gif": {"name": "Zoë Example", "email": "zoe@example.org", "event": "dockercon", "booth": "left",
                 "session": "1", "taken": "2026-11-22T17:05:12Z", "consent": "yes"},
    "dc/2.gif": {"event": "dockercon", "booth": "left", "session": "2", "taken": "2026-11-22T18:05:12Z",
                 "consent": "no"},
    "dc/2.html": {"event": "dockercon", "booth": "left", "session": "2", "taken": "2026-11-22T18:05:12Z",
                  "consent": "no"},
    "dc/2.json": {"name": "=1+1", "email": "ÉRIC@example.org", "event": "dockercon", "booth": "left", "session": "2",
                  "taken": "2026-11-22T18:05:12Z", "consent": "no"},
    "dc/4.gif": {"name": "Zoë", "event": "dockercon", "booth": "left", "session": "4", "taken": "2026-11-22T16:05:12Z",
                 "consent": "yes", "test": "yes"},
    "pa/3.gif": {"event": "party", "booth": "right", "session": "3", "taken": "2026-11-23T18:05:12Z",
                 "consent": "yes"},
}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    """Serve a bucket with four visits, one of them with its details apart, and with a page."""
    with EmbeddedS3("party") as embedded:
        client = boto3.client(
            "s3", endpoint_url=embedded.endpoint_url, region_name="us-east-1", aws_access_key_id="owner",
            aws_secret_access_key=embedded.secret_access_key,
        )  # fmt: skip
        for key, said in VISITS.items():
            kind = {"gif": "image/gif", "html": "text/html", "json": "application/json"}[key.partition(".")[2]]
            client.put_object(Bucket="party", Key=key, Body=GIF, ContentType=kind, Metadata=metadata.encode(said))
        yield embedded
        client.close()


@pytest.fixture
def find(server, tmp_path, monkeypatch, capfdbinary):
    """Run the command with an owner's keys; return its status, standard output and standard error."""
    file = tmp_path / "booth.toml"
    file.write_text(f'[zenko]\nendpoint_url = "{server.endpoint_url}"\nbucket = "party"\n')
    file.chmod(0o600)
    monkeypatch.setenv("BOOTH_CONFIG", str(file))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "owner")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("TZ", "UTC")

    def run(*words):
        try:
            status = main(["find", *words])
        except SystemExit as end:
            status = end.code
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


@pytest.fixture
def found(find):
    """Return the keys of the pictures that are found."""

    def keys(*words):
        status, out, _ = find("--json", *words)
        assert 0 == status
        return [visit["key"] for visit in json.loads(out)["visits"]]

    return keys


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ((), ["dc/1.gif", "dc/2.gif", "pa/3.gif"]),
        (("--name", "ZOË"), ["dc/1.gif"]),
        (("--name", "Zoe\u0308 ex"), ["dc/1.gif"]),
        (("--name", "zo"), ["dc/1.gif"]),
        (("--email", "éric@EXAMPLE.org"), ["dc/2.gif"]),
        (("--email", "ric@example.org"), []),
        (("--email", "@example.org"), ["dc/1.gif", "dc/2.gif"]),
        (("--event", "DockerCon"), ["dc/1.gif", "dc/2.gif"]),
        (("--event", "docker"), []),
        (("--booth", "right"), ["pa/3.gif"]),
        (("--since", "2026-11-22T18:05:12"), ["dc/2.gif", "pa/3.gif"]),
        (("--since", "2026-11-23"), ["pa/3.gif"]),
        (("--consent",), ["dc/1.gif", "pa/3.gif"]),
        (("--not-replicated",), ["dc/1.gif", "dc/2.gif", "pa/3.gif"]),
        (("--consent", "--event", "party"), ["pa/3.gif"]),
        (("--consent", "--tests"), ["dc/1.gif", "dc/4.gif", "pa/3.gif"]),
        (("--name", "zo", "--tests"), ["dc/1.gif", "dc/4.gif"]),
        (('x-amz-meta-test="yes"',), ["dc/4.gif"]),
        (('x-amz-meta-name LIKE "/^z.*LE$/i" AND content-type="image/gif"',), ["dc/1.gif"]),
        (('x-amz-meta-name="=1+1" AND content-type="image/gif"',), ["dc/2.gif"]),
        (("content-length<100",), []),
    ],
)
def test_it_finds_what_is_asked_for(found, words, wanted):
    """By each option and by the language; details that lie apart are the picture's."""
    assert wanted == found(*words)


def test_it_says_that_the_server_does_not_search(find):
    """And that it has looked at everything itself."""
    wanted = (
        "booth: 1 visit found; this server does not search (a Zenko does with MongoDB behind it), so all 6 objects of "
        "the bucket were looked at\n"
    )
    assert wanted == find("--event", "party")[2]


def test_a_table_has_a_line_for_each_and_no_empty_column(find):
    """As wide as what stands in it; the key last."""
    wanted = [
        "taken                 event      booth  name         email             consent  bytes  key",
        "2026-11-22T17:05:12Z  dockercon  left   Zoë Example  zoe@example.org   yes      2054   dc/1.gif",
        "2026-11-22T18:05:12Z  dockercon  left   =1+1         ÉRIC@example.org  no       2054   dc/2.gif",
    ]
    assert wanted == find("--event", "dockercon")[1].splitlines()


def test_json_has_all_that_is_known(find):
    """The numbers as numbers, and each object of the visit."""
    told = json.loads(find("--email", "ÉRIC@example.org", "--json")[1])
    wanted = {
        "taken": "2026-11-22T18:05:12Z", "event": "dockercon", "booth": "left", "name": "=1+1",
        "email": "ÉRIC@example.org", "consent": "no", "bytes": 2054, "replication": "", "key": "dc/2.gif", "sites": {},
        "objects": ["dc/2.gif", "dc/2.html", "dc/2.json"],
    }  # fmt: skip
    assert {"bucket": "party", "searched_by_server": False, "visits": [wanted]} == told


def test_csv_is_rfc_4180_and_no_cell_is_a_formula(find):
    """Each line ends in CR LF, the last one too."""
    out = find("--event", "dockercon", "--csv")[1]
    names = [line[3] for line in csv.reader(io.StringIO(out, newline=""))]
    assert (["name", "Zoë Example", "'=1+1"], 3, "\r\n") == (names, out.count("\r\n"), out[-2:])


def test_before_others_only_first_names_are_shown(find):
    """No address and no family name, in whatever form."""
    for form in ((), ("--json",), ("--csv",)):
        out = find("--event", "dockercon", "--first-names", *form)[1].encode().decode("unicode_escape")
        assert (0, 0) == (out.count("example.org"), out.count("Example"))


class TestDownload:
    def test_the_pictures_come_under_their_keys_for_their_owner_only(self, find, tmp_path):
        """What is apart, the details, does not."""
        status, _, err = find("--event", "dockercon", "--download", str(tmp_path / "out"))
        files = {str(file.relative_to(tmp_path / "out")): file for file in (tmp_path / "out").rglob("*.*")}
        assert (0, {"dc/1.gif", "dc/2.gif"}) == (status, set(files))
        assert {(GIF, 0o600)} == {(file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) for file in files.values()}
        assert "booth: 2 of 2 pictures are there: 2 came (0.0 MB), 0 had come before" == err.splitlines()[-1]

    def test_it_goes_on_where_it_was_cut_off(self, find, tmp_path):
        """What is whole stays as it is; what is torn, or another, comes again."""
        find("--download", str(tmp_path))
        (tmp_path / "dc" / "1.gif").write_bytes(GIF[:-1] + b"?")
        (tmp_path / "dc" / "2.gif").write_bytes(GIF[:100])
        kept = (tmp_path / "pa" / "3.gif").stat().st_mtime_ns
        status, _, err = find("--download", str(tmp_path))
        assert (0, GIF, GIF) == (status, (tmp_path / "dc/1.gif").read_bytes(), (tmp_path / "dc/2.gif").read_bytes())
        assert kept == (tmp_path / "pa" / "3.gif").stat().st_mtime_ns
        assert "booth: 3 of 3 pictures are there: 2 came (0.0 MB), 1 had come before" == err.splitlines()[-1]

    def test_a_folder_that_takes_nothing_is_told_of(self, find, tmp_path):
        """A file in its place, for one."""
        (tmp_path / "out").write_text("")
        status, _, err = find("--download", str(tmp_path / "out"))
        wanted = "booth: the folder takes no file (Not a directory): name another, or make room"
        assert (1, wanted) == (status, err.splitlines()[-1])


@pytest.mark.parametrize(
    ("words", "environment", "status", "sentence"),
    [
        (("--set", "zenko.endpoint_url="), {}, 2,
         "booth: zenko.endpoint_url is empty: set it to the server that the bucket is on"),
        ((), {"CREDENTIALS_DIRECTORY": "/run"}, 2,
         "booth: this is booth.service, which has the booth's keys: do this elsewhere, with the owner's"),
        ((), {"AWS_SECRET_ACCESS_KEY": " "}, 2,
         "booth: of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY one is not set: set both"),
        (("--set", "zenko.endpoint_url=http://127.0.0.1:9"), {}, 1,
         f"booth: nobody listens at http://127.0.0.1:9; {NOBODY}"),
        (("--set", "zenko.bucket=other"), {}, 1, None),
        (("--since", "yesterday"), {}, 2,
         "booth find: error: argument --since: expected a day or a time, such as 2026-11-22 or 2026-11-22T18:30"),
        (("--name", ""), {}, 2, "booth find: error: argument --name: expected 1 to 500 characters"),
        (("--json", "--csv"), {}, 2, "booth find: error: --json and --csv are two ways to print: leave one out"),
        (("x" * 3000,), {}, 2, "booth: the question is too long: ask with 2000 characters at most"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_or_is_refused_is_a_sentence(
    find, server, monkeypatch, words, environment, status, sentence
):
    """With its status, and nothing on standard output."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if sentence is None:
        sentence = f"booth: there is no bucket other at {server.endpoint_url}; make it, or put the right name into the "
        sentence += "settings (zenko.bucket) (NoSuchBucket)"
    ended, out, err = find(*words)
    assert (status, "", sentence) == (ended, out, err.splitlines()[-1])
