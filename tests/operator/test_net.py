"""`booth net` before servers and networks that misbehave by name: each cause is told, with where it was met."""

import argparse
import dataclasses
import hashlib
import json
from types import SimpleNamespace

import pytest

from booth.cli import main
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.probing import MAY_NOT, ProbedBucket, Trip, probed
from booth.drivers.wire import trust
from booth.operator import net
from booth.operator.surveying import here
from booth.operator.surveying.certificates import issuer
from booth.operator.surveying.figures import Figures, Setting, figures_of, percentile, sentences, table, wrong
from booth.operator.surveying.looks import Glance, Looker
from booth.operator.surveying.survey import Seen, probes_of, survey
from booth.ports import Parcel
from lab.server import faults

SIZE = 200_000
HUNG_UP = "{} did not answer in time, or hung up; check the network, then the server ({})"


class Hand:
    """A clock that is moved by whoever waits."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def pause(self, seconds):
        self.now += max(seconds, 0.1)


@pytest.fixture(scope="module")
def around(tmp_path_factory):
    """Start an S3 server, and servers before it that misbehave, with and without TLS."""
    with faults.world(tmp_path_factory.mktemp("net")) as world:
        yield world


@pytest.fixture
def survey_of(around, capsys):
    """Survey a server with a fault, by a clock that is moved; return the status, what is told, and what stays."""

    def run(scheme="http", fault="healthy", *, host="127.0.0.1", login_port=1, linked=False, wall=None, pause=None,
            only="", times=None, bucket=None, size=SIZE, patience=10.0, look_patience=10.0):  # fmt: skip
        server = around.servers[scheme]
        server.become(fault, only=only, times=times) if only or times else server.become(fault)
        url = f"{scheme}://{host}:{server.port}"
        options = BucketOptions(
            endpoint_url=url, bucket=around.s3.bucket, region="us-east-1", access_key_id="booth",
            secret_access_key=around.s3.secret_access_key, addressing="path", ca_bundle=str(around.ca),
            connect_timeout=patience, read_timeout=patience,
        )  # fmt: skip
        more = {} if wall is None else {"wall": wall}
        looker = Looker(url, lambda: trust(around.ca), timeout=look_patience, login_port=login_port, **more)
        arguments = argparse.Namespace(minutes=0.1, most_mb=1.0, json=True)
        hand = Hand()
        try:
            status = net.measured(
                arguments, Seen(size), bucket(options) if bucket else probed(options), looker,
                Setting(url, linked, shown=25.0), clock=hand, pause=pause or hand.pause,
            )  # fmt: skip
        finally:
            server.recover()
            server.hang_up()
        out, err = capsys.readouterr()
        return status, json.loads(out), err, url

    return run


@pytest.fixture
def kept(around):
    """Return the keys of probes that lie in the bucket."""

    def keys():
        bucket = around.bucket("http", behind=True)
        with bucket._failures():
            listed = bucket._client().list_objects_v2(Bucket=around.s3.bucket, Prefix=net.PREFIX)
        bucket.close()
        return [each["Key"] for each in listed.get("Contents", ())]

    return keys


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_good_network_is_good_and_nothing_is_left(survey_of, kept, scheme):
    """All uploads arrive, nothing is wrong, and the bucket is as it was."""
    status, told, err, _ = survey_of(scheme)
    assert (0, 3, 3, {}, []) == (status, told["uploads"], told["delivered"], told["failures"], told["wrong"])
    assert ("", "", []) == (told["left_in_bucket"], err, kept())


@pytest.mark.parametrize(
    ("scheme", "fault", "only", "failures", "why", "patience"),
    [
        ("http", "mute", "booth-net", {"time-out in answer": 3}, HUNG_UP.format("{}", "ReadTimeoutError"),
         (0.2, 10.0)),
        ("http", "resets-in-body", "booth-net", {"reset in sending": 3}, HUNG_UP.format("{}", "ConnectionClosedError"),
         (10.0, 10.0)),
        ("https", "resets-in-body", "booth-net", {"reset in sending": 3}, HUNG_UP.format("{}", "ConnectionClosedError"),
         (10.0, 10.0)),
        ("http", "resets-after-body", "booth-net", {"reset in answer": 3},
         HUNG_UP.format("{}", "ConnectionClosedError"), (10.0, 10.0)),
        ("http", "503-SlowDown", "booth-net", {"refusal in answer": 3},
         "{} is asked too often, or its quota is used up; if this lasts, raise the quota (SlowDown)", (10.0, 10.0)),
        ("https", "silent", "", {"time-out in tls": 5}, None, (0.2, 0.2)),
    ],
)  # fmt: skip
def test_what_fails_is_told_by_where_and_in_the_clients_words(survey_of, scheme, fault, only, failures, why, patience):
    """With what to do about it; what a look meets counts, too."""
    status, told, _, url = survey_of(scheme, fault, only=only, patience=patience[0], look_patience=patience[1])
    assert (1, failures) == (status, told["failures"])
    if why is not None:
        (what, times), said = next(iter(failures.items())), told["wrong"][0]
        said = said.replace("(SSLError)", "(ConnectionClosedError)")  # Pythons differ in whose a reset within TLS is
        assert f"{times} of 3 uploads failed ({what}): {why.format(url)}" == said


def test_a_port_where_nobody_listens_is_a_refusal(survey_of):
    """Of the connection, and no upload arrives."""
    status, told, _, url = survey_of("http", "refuses")
    nobody = f"nobody listens at {url}; check that the server runs, and its port (zenko.endpoint_url)"
    assert (1, {"refusal in connection": 5}) == (status, told["failures"])
    assert f"3 of 3 uploads failed (refusal in connection): {nobody} (EndpointConnectionError)" == told["wrong"][0]
    assert ["No upload arrived: pictures would be kept on the booth, and sent later."] == told["means"]


@pytest.mark.parametrize(("mode", "says"), [("dns-unknown", "Name or service not known"),
                                            ("dns-fails", "Temporary failure in name resolution")])  # fmt: skip
def test_a_name_that_nobody_knows_is_found_in_name_service(survey_of, around, mode, says):
    """By looks and by uploads."""
    around.names.mode = mode
    try:
        status, told, _, url = survey_of("http", host=faults.HOST)
    finally:
        around.names.mode = faults.HEALTHY
    wanted = f"2 of 2 looks at {url} failed (other in name: {says}); check zenko.endpoint_url letter by letter, and "
    assert (1, {"other in name": 5}) == (status, told["failures"])
    assert f"{wanted}whether this network's name servers know and answer" == told["wrong"][-1]


class TestALogIn:
    ASKS = "this network asks for a log-in (http://127.0.0.1); log this machine in there, or have the network's owner "

    @pytest.mark.parametrize("fault", ["portal-page", "portal-redirect"])
    def test_is_seen_where_a_page_comes_in_the_servers_place(self, survey_of, fault):
        """The machine on the loopback has no MAC."""
        status, told, _, url = survey_of("http", fault)
        wanted = self.ASKS.replace("http://127.0.0.1", url if fault == "portal-redirect" else "http://127.0.0.1")
        assert (1, [f"{wanted}let it through"], "") == (status, told["wrong"], told["left_in_bucket"])

    def test_is_seen_where_tls_is_dropped_and_a_page_comes_without(self, around):
        """So most of them are: a question that is not encrypted leads to the page."""
        dropped, page = around.servers["https"], around.servers["http"]
        dropped.become("silent")
        page.become("portal-page")
        try:
            look = Looker(dropped.url, lambda: trust(around.ca), timeout=1.0, login_port=page.port).look()
        finally:
            for server in (dropped, page):
                server.recover()
                server.hang_up()
        assert ("tls", "time-out", "http://127.0.0.1") == (look.phase, look.kind, look.login)

    def test_names_the_mac_that_is_to_be_let_through(self):
        """And the interface."""
        seen = Seen(1, looks=[Glance(1.0, login="http://login.example.org/a")])
        stage = Setting("https://s3.example.com", linked=False, shown=25.0, interface="wlan0", mac="b8:27:eb:00:00:01")
        wanted = (
            "this network asks for a log-in (http://login.example.org/a); log this machine in there, or have the "
            "network's owner let this machine through by its MAC, b8:27:eb:00:00:01 (wlan0)"
        )
        assert [wanted] == wrong(seen, figures_of(seen, stage), stage)


def test_opened_tls_is_told_with_who_made_out_the_certificate(survey_of):
    """As a firewall does that looks into everything."""
    status, told, _, url = survey_of("https", "unknown-authority")
    said = told["wrong"][0]
    made_by = said.removeprefix(f"what answers at {url} shows a certificate made out by ").partition(",")[0]
    assert (1, 1, "trustme") == (status, len(told["wrong"]), made_by.partition(" ")[0])


def test_nobody_made_out_what_is_no_certificate():
    """Torn, empty, or something else."""
    assert ["", "", ""] == [issuer(der) for der in (b"", b"\x30\x82\xff\xff\x00", b"\x30\x03\x30\x01\x02")]


@pytest.mark.parametrize(
    ("off", "told"),
    [
        (59.0, []),
        (-120.0, ["this machine's clock is 2 minutes behind the server's; "]),
        (18_000.0, ["this machine's clock is 5 hours ahead of the server's, and uploads are refused; "]),
    ],
)
def test_a_wrong_clock_is_told_by_how_much_and_which_way(off, told):
    """From a minute on; and whether uploads are refused for it."""
    seen = Seen(1, looks=[Glance(1.0, ahead=off)])
    stage = Setting("https://s3.example.com", linked=False, shown=25.0)
    cure = (
        "have the network let time servers through (NTP, port 123 of UDP), or set it by hand: sudo timedatectl set-time"
    )
    assert [f"{said}{cure}" for said in told] == wrong(seen, figures_of(seen, stage), stage)


def test_the_clock_is_read_off_the_servers_date(around):
    """By a machine that is an hour ahead."""
    look = Looker(around.servers["http"].url, lambda: trust(None), timeout=2.0, wall=lambda: 4e9).look()
    assert (True, "") == (look.ahead is not None and look.ahead > 1e9, look.phase)


def test_uploads_that_break_while_small_ones_arrive_are_a_limit_or_a_router(survey_of):
    """The sentence says which, and what to set."""
    _, told, _, _ = survey_of("http", "resets-in-body", only="booth-net", times=1)
    wanted = (
        "uploads break in the middle, and small ones arrive: a proxy's limit, or a router (kube-proxy's, too) that "
        "takes late packets for strange ones; have its owner raise the limit (nginx: client_max_body_size), or set "
        "net.netfilter.nf_conntrack_tcp_be_liberal=1 there"
    )
    assert (2, wanted) == (told["delivered"], told["wrong"][1])


@pytest.mark.parametrize(
    ("fault", "why"), [("AccessDenied", MAY_NOT), ("refuses", "for the bucket cannot be reached now"), ("healthy", "")]
)
def test_why_a_probe_stays_is_told_apart(around, fault, why):
    """A key that may not delete is as it should be; a bucket that is away is not the key's matter."""
    server = around.servers["http"]
    secret = around.s3.secret_access_key
    bucket = probed(BucketOptions(server.url, around.s3.bucket, "us-east-1", "booth", secret, "path", "", 10.0, 10.0))
    server.become(fault)
    try:
        assert why == bucket.forget("booth-net/x")
    finally:
        server.recover()
        bucket.close()


class Undeletable(ProbedBucket):
    """A key that may put, and nothing else."""

    def forget(self, key, version=""):
        super().forget(key, version)
        return MAY_NOT


def test_what_this_key_may_not_delete_is_said(survey_of):
    """With where it is, for its owner."""

    def refused(options):
        return Undeletable(dataclasses.replace(options, access_key_id="booth", ca_bundle=""), attempts=1)

    status, told, err, _ = survey_of(bucket=refused)
    wanted = (
        "what was sent for measuring stays in the bucket under booth-net/, for this key may delete nothing; have the "
        "bucket's owner delete it, all versions"
    )
    assert (0, wanted, f"booth: {wanted}\n") == (status, told["left_in_bucket"], err)


def test_ctrl_c_tells_what_there_is_so_far_and_leaves_nothing(survey_of, kept):
    """With status 130."""

    def stop(_seconds):
        raise KeyboardInterrupt

    status, told, err, _ = survey_of(pause=stop)
    assert (130, 1, 1, []) == (status, told["uploads"], told["delivered"], kept())
    assert "booth: stopped before the end; the figures are those so far\n" == err


@pytest.mark.parametrize(
    ("size", "minutes", "most", "probes"),
    [(1_000_000, 2, 5_000_000, 5), (3_000_000, 2, 5_000_000, 3), (10, 1, 5_000_000, 30), (0, 1, 100, 30)],
)
def test_no_more_is_sent_than_was_said_but_for_three(size, minutes, most, probes):
    """And none sooner than two seconds after the one before."""
    assert probes == probes_of(size, minutes, most)


def test_probes_are_spread_over_the_time_and_looks_are_between():
    """Every five seconds one."""
    hand, begun = Hand(), []
    seen = Seen(10)

    def probe(size):
        begun.append(hand.now)
        hand.now += 1.0
        return Trip(size, 1.0, 0.1)

    for _ in survey(seen, minutes=1, probes=4, look=lambda: Glance(0.1), probe=probe, clock=hand, pause=hand.pause):
        pass
    assert ([0.0, 15.0, 30.0, 45.0], 12) == ([round(each) for each in begun], len(seen.looks))


@pytest.mark.parametrize(
    ("totals", "linked", "means"),
    [
        ([11.0, 11.2, 20.0], True, ["A code appears 12 s after Send, 21 s at worst.",
                                    "More than 120 guests an hour fit."]),
        ([11.0], False, ["A picture is in the bucket 11 s after Send.", "More than 120 guests an hour fit."]),
        ([60.0], False, ["A picture is in the bucket 60 s after Send.", "60 guests an hour fit."]),
        ([3600.0], False, ["A picture is in the bucket 3600 s after Send.", "1 guest an hour fit."]),
        ([0.2], False, ["A picture is in the bucket less than a second after Send.",
                        "More than 120 guests an hour fit."]),
    ],
)  # fmt: skip
def test_the_figures_become_sentences(totals, linked, means):
    """Of the median and the worst; a code takes a second, small object."""
    seen = Seen(1000, trips=[Trip(1000, total, 0.0) for total in totals], looks=[Glance(1.0)])
    stage = Setting("https://s3.example.com", linked=linked, shown=25.0)
    assert means == sentences(figures_of(seen, stage), stage)


def test_a_code_that_comes_after_the_farewell_is_wrong():
    """Its guest has left."""
    seen = Seen(1000, trips=[Trip(1000, 30.0, 0.0)])
    stage = Setting("https://s3.example.com", linked=True, shown=25.0)
    wanted = "guests leave before their code: the farewell waits 25 s (share.shown_s); raise that, or make animations "
    assert [f"{wanted}smaller (animation.width)"] == wrong(seen, figures_of(seen, stage), stage)


def test_failures_count_as_time_in_which_nothing_arrives():
    """Half of the uploads, half of the guests."""
    seen = Seen(1, trips=[Trip(1, 60.0, 0.0), Trip(1, 60.0, 0.0, "answer", "reset", "why", "x")])
    assert 30 == figures_of(seen, Setting("", linked=False, shown=25.0)).hourly


@pytest.mark.parametrize(("percent", "wanted"), [(50, 5), (99, 10), (1, 1), (100, 10)])
def test_a_percentile_is_one_of_the_values(percent, wanted):
    """The nearest rank; of none there is none."""
    assert (wanted, None) == (percentile(range(1, 11), percent), percentile([], percent))


def test_the_way_back_to_this_machine_is_known_by_its_address():
    """On the loopback that is its interface."""
    assert ("lo", "lo", "", "") == (
        here.interface_of("127.0.0.1"), here.interface_of("::1"), here.interface_of("192.0.2.1"),
        here.interface_of("nonsense"),
    )  # fmt: skip


def test_a_mac_is_read_and_none_is_none(tmp_path):
    """Of what the kernel says; the loopback has none."""
    for name, mac in (("wlan0", "b8:27:eb:00:00:01"), ("lo", "00:00:00:00:00:00")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "address").write_text(f"{mac}\n")
    assert ["b8:27:eb:00:00:01", "", "", ""] == [here.mac_of(each, tmp_path) for each in ("wlan0", "lo", "x", "")]


def test_each_version_that_was_made_is_deleted(around):
    """A delete alone would leave them all."""
    asked = []

    class Versioned(ProbedBucket):
        def probe(self, parcel):
            return Trip(1, 1.0, 0.1), f"v{len(asked)}"

        def forget(self, key, version=""):
            asked.append(version)
            return ""

        def replicated(self, key):
            return True

    trail = net.Trail(Versioned(BucketOptions(around.s3.endpoint_url, "b", "us-east-1", "a", "")))
    trail.probe(1)
    trail.probe(1)
    told = "what was sent for measuring is deleted here; its copies stay in the clouds that a rule sends it to"
    assert (told, ["v0", "v0"]) == (trail.sweep(), asked)


def test_a_probe_is_the_booths_own_put(around):
    """Confirmed by its MD5, over a connection of its own; what is measured is its size and time."""
    options = BucketOptions(
        endpoint_url=around.servers["http"].url, bucket=around.s3.bucket, region="us-east-1", access_key_id="booth",
        secret_access_key=around.s3.secret_access_key, addressing="path", ca_bundle="", connect_timeout=2.0,
        read_timeout=2.0,
    )  # fmt: skip
    bucket = probed(options)
    content = b"x" * 1000
    parcel = Parcel("booth-net/x", "text/plain", content, hashlib.md5(content, usedforsecurity=False).hexdigest(), {})
    trip, version = bucket.probe(parcel)
    assert (True, 1000, "", True) == (trip.delivered, trip.size, version, 0 < trip.connecting <= trip.total)
    assert ("", False) == (bucket.forget("booth-net/x"), bucket.replicated("booth-net/x"))
    bucket.close()


def test_no_figure_is_nothing():
    """Nothing arrived: nothing is made up."""
    figures = figures_of(Seen(5), Setting("", linked=False, shown=25.0))
    assert Figures(5, 0, 0, 0, {}, *10 * [None]) == figures


class TestTheCommand:
    """Run as it is typed, with the settings of a file."""

    @pytest.fixture
    def typed(self, around, tmp_path, monkeypatch, capsys):
        """Run it; return the status, standard output and standard error."""
        file = tmp_path / "booth.toml"
        keys = f'access_key_id = "booth"\nsecret_access_key = "{around.s3.secret_access_key}"'
        file.write_text(
            f'[zenko]\nendpoint_url = "{around.s3.endpoint_url}"\nbucket = "{around.s3.bucket}"\n{keys}\n'
            f'[outbox]\ndir = "{tmp_path / "outbox"}"\n'
        )
        file.chmod(0o600)
        monkeypatch.setenv("BOOTH_CONFIG", str(file))
        for name in ("HTTP_PROXY", "http_proxy", "CREDENTIALS_DIRECTORY"):
            monkeypatch.delenv(name, raising=False)

        def run(*words):
            try:
                status = main(["net", *words])
            except SystemExit as end:
                status = end.code
            return status, *capsys.readouterr()

        return run

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--set", "zenko.endpoint_url="),
             "booth: zenko.endpoint_url is empty: set it to the server that pictures go to"),
            (("--minutes", "0"), "booth net: error: argument --minutes: expected a number of minutes, from 0.1 to 600"),
            (("--minutes", "1e9"),
             "booth net: error: argument --minutes: expected a number of minutes, from 0.1 to 600"),
            (("--size", "nan"), "booth net: error: argument --size: expected a number of bytes, from 1 to 60000000"),
            (("--most-mb", "-1"),
             "booth net: error: argument --most-mb: expected a number of megabytes, from 0.1 to 10000"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_a_sentence(self, typed, words, sentence):
        """With status 2, and nothing on standard output."""
        status, out, err = typed(*words)
        assert (2, "", sentence) == (status, out, err.splitlines()[-1])

    def test_without_an_outbox_a_picture_is_a_usual_one(self, tmp_path):
        """And why is said."""
        outbox = SimpleNamespace(outbox=SimpleNamespace(dir=tmp_path / "none"))
        why = f"a usual one; there is no outbox in {tmp_path / 'none'}: no booth has used it yet, or correct the folder"
        assert (1_000_000, why) == net._of_the_night(None, outbox)
        assert (7, "as you say") == net._of_the_night(7, outbox)

    def test_a_picture_is_as_large_as_the_nights_by_their_median(self, tmp_path):
        """Of those that are to be sent and those that were."""
        for number, (place, size) in enumerate([("pending", 100), ("sent", 5000), ("sent", 700), ("open", 9)]):
            folder = tmp_path / place / f"20261122-17051{number}-k3v9q2m7xw"
            folder.mkdir(parents=True)
            (folder / "animation.gif").write_bytes(b"G" * size)
        outbox = SimpleNamespace(outbox=SimpleNamespace(dir=tmp_path))
        assert (700, "the median of 3 in the outbox") == net._of_the_night(None, outbox)


def test_the_figures_are_a_table():
    """A line for each thing that was measured, with what it is counted in."""
    seen = Seen(1_000_000, trips=[Trip(1_000_000, 5.0, 1.0), Trip(1, 9.0, 1.0, "answer", "reset", "why", "x")],
                looks=[Glance(0.5, naming=0.25, ahead=-3.0)])  # fmt: skip
    wanted = [
        "uploads           1 of 2 arrived, of 1,000,000 bytes each",
        "an upload         5.00 s by the median, 5.00 s for 99 of 100",
        "throughput        2.00 Mbit/s",
        "a short question  0.50 s by the median, 0.50 s for 99 of 100 (asked 1 times)",
        "name service      0.250 s",
        "the clock         -3 s against the server's",
        "failures          1 reset in answer",
    ]
    assert wanted == table(figures_of(seen, Setting("", linked=False, shown=25.0))).splitlines()


@pytest.mark.parametrize(
    ("fault", "why"),
    [("expired", "certificate has expired"), ("not-yet-valid", "certificate is not yet valid")],
)
def test_a_certificate_of_the_servers_own_is_no_strangers(around, fault, why):
    """What is wrong with it is its time."""
    server = around.servers["https"]
    server.become(fault)
    try:
        look = Looker(server.url, lambda: trust(around.ca), timeout=10.0, login_port=1).look()
    finally:
        server.recover()
    assert ("tls", "other", why, "") == (look.phase, look.kind, look.why, look.issuer)
