"""The doctor's look at the network: each cause turns its own sign, with what to do, and back when it is gone."""

import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from booth.choices import bucket_of
from booth.disk import RealDisk
from booth.drivers.clock import SystemClock
from booth.drivers.probing import ANSWER
from booth.drivers.wire import trust
from booth.errors import ConfigError
from booth.examining.findings import Finding, Premises, Sign
from booth.operator.examining import network
from booth.operator.examining.network import SOON, Route, findings
from booth.operator.surveying.looks import Glance, Looker
from booth.settings.model import Settings
from booth.units import Instant
from lab.server import faults
from lab.zenko.server import ZenkoDouble

PLAIN = "http://s3.example.com:8000"
SECURE = "https://s3.example.com"
NOW = 1_795_367_112.0
DAY = 86_400.0
SET = (
    "have the network let time servers through (NTP, port 123 of UDP), or set it by hand: sudo timedatectl set-time"
)  # fmt: skip


class Shifted(SystemClock):
    """The machine's clock, wrong by so many seconds."""

    def __init__(self, off=0.0):
        self.off = off

    def wall(self):
        return super().wall() + self.off


@pytest.fixture(scope="module")
def around(tmp_path_factory):
    """Start an S3 server, and servers before it that misbehave, with and without TLS."""
    with faults.world(tmp_path_factory.mktemp("doctor")) as world:
        yield world


@pytest.fixture
def look(around, tmp_path):
    """Have the doctor look at a server; return its findings by name."""

    def run(url, *, off=0.0, seconds=60.0, patience=10.0, ca=None):
        zenko = {"endpoint_url": url, "ca_bundle": str(ca or around.ca), "connect_timeout_s": patience}
        clock = Shifted(off)
        premises = Premises(
            settings=Settings(zenko=zenko), outbox=tmp_path, disk=RealDisk(), clock=clock,
            deadline=Instant(clock.now() + seconds),
        )  # fmt: skip
        return {finding.check: finding for finding in network.look(premises)}

    return run


@pytest.fixture
def server(around):
    """Have a server be ill with something, until the end of the test."""
    ill = []

    def become(scheme, fault):
        ill.append(around.servers[scheme])
        ill[-1].become(fault)
        return ill[-1].url

    yield become
    for each in ill:
        each.recover()
        each.hang_up()


def bad(found):
    """Return what is bad: each with what was measured, and what to do."""
    return [(each.check, each.measured, each.cure) for each in found.values() if each.sign is Sign.BAD]


class TestTheWay:
    def test_a_good_one_is_good(self, look, server):
        """Each thing is told, and none wants a hand."""
        found = look(server("https", "healthy"))
        assert ["network name", "network log-in", "network way", "network TLS", "network clock"] == list(found)
        assert [Sign.OK] * 5 == [each.sign for each in found.values()]

    @pytest.mark.parametrize(
        ("fault", "check", "says", "cure"),
        [
            ("expired", "network TLS", "the certificate of URL has expired, or the clock of the booth is wrong",
             "check both"),
            ("other-name", "network TLS", "the certificate of URL is made out to another name",
             "put that name into the settings (zenko.endpoint_url)"),
        ],
    )  # fmt: skip
    def test_a_certificate_that_is_not_good_is_told_in_the_clients_words(
        self, look, server, around, fault, check, says, cure
    ):
        """And nothing of what comes after it; then it is put right."""
        url = server("https", fault)
        ((what, said, do),) = bad(look(url))
        assert (check, says.replace("URL", url)) == (what, said.partition(" (")[0])
        assert cure == do[: len(cure)]
        around.servers["https"].recover()
        assert [] == bad(look(url))

    def test_a_stranger_is_told_with_who_made_out_the_certificate(self, look, server, around):
        """And what to do if that is the server's own authority, which is done: it is named."""
        url = server("https", "healthy")
        stranger = around.folder / "stranger.pem"
        trustme.CA().cert_pem.write_to_path(stranger)
        ((what, said, cure),) = bad(look(url, ca=stranger))
        assert ("network TLS", f"what answers at {url} shows a certificate made out by trustme") == (
            what, said.partition(" v")[0],
        )  # fmt: skip
        assert cure.startswith("if that is the server's own authority, name its file (zenko.ca_bundle); if not, ")
        assert [] == bad(look(url, ca=around.ca))

    def test_a_port_where_nobody_listens(self, look, server, around):
        """In the client's words; then the server is there."""
        url = server("http", "refuses")
        assert [
            (
                "network way",
                f"nobody listens at {url} (EndpointConnectionError)",
                "check that the server runs, and its port (zenko.endpoint_url)",
            )
        ] == bad(look(url))
        around.servers["http"].recover()
        assert [] == bad(look(url))

    def test_authorities_that_cannot_be_read(self, look, server, around, tmp_path):
        """Before anybody is asked."""
        (tmp_path / "none.pem").write_text("nothing")
        with pytest.raises(ConfigError, match="cannot be read, or holds no certificate: put the right path"):
            look(server("https", "healthy"), ca=tmp_path / "none.pem")


class TestNames:
    @pytest.mark.parametrize(
        ("mode", "why"),
        [("dns-unknown", "Name or service not known"), ("dns-fails", "Temporary failure in name resolution")],
    )
    def test_one_that_is_not_found(self, look, around, mode, why):
        """With what name service says; then it is found."""
        url = f"http://{faults.HOST}:{around.servers['http'].port}"
        around.names.mode = mode
        try:
            found = bad(look(url))
        finally:
            around.names.mode = faults.HEALTHY
        cure = "check zenko.endpoint_url letter by letter, and whether this network's name servers know and answer"
        assert [("network name", f"the name in {url} is not found ({why})", cure)] == found
        assert [] == bad(look(url))

    def test_name_service_that_never_answers_is_left_behind(self, look, around):
        """It alone knows no time-out: the look has one of its own."""
        around.names.mode = "dns-hangs"
        try:
            found = look(f"http://{faults.HOST}:1", seconds=0.2)
        finally:
            around.names.mode = faults.HEALTHY
            around.names.go_on()
        cure = "look whether this network leads out at all, and have it name another name server"
        assert [("network name", "name service has not answered for 0 s", cure)] == bad(found)

    @pytest.mark.parametrize(("naming", "sign"), [(0.9, Sign.OK), (1.1, Sign.WARN)])
    def test_a_slow_one_is_told_of(self, naming, sign):
        """From a second on."""
        (found,) = (
            one for one in findings(Glance(2.0, naming=naming), Route(PLAIN, NOW)) if one.check == "network name"
        )
        assert (sign, f"found within {naming:.2f} s", "1 s") == (found.sign, found.measured, found.limit)


class TestALogIn:
    def test_a_page_in_the_servers_place(self, look, server, around):
        """Is told alone; then somebody has logged in."""
        url = server("http", "portal-page")
        ((what, said, cure),) = bad(look(url))
        assert ("network log-in", "this network asks for a log-in (") == (what, said.partition("http")[0])
        assert "log this machine in there, or have the network's owner let it through" == cure
        around.servers["http"].recover()
        assert [] == bad(look(url))

    def test_names_the_mac_that_is_to_be_let_through(self):
        """It is what the network's owner asks for."""
        route = Route(SECURE, NOW, interface="wlan0", mac="b8:27:eb:00:00:01")
        *_, found = findings(Glance(1.0, phase="tls", login="http://login.example.org"), route)
        assert (
            "log this machine in there, or have the network's owner let this machine through by its MAC, "
            "b8:27:eb:00:00:01 (wlan0)"
        ) == found.cure


class TestTheCertificate:
    def test_days_that_are_left_are_read_off_the_servers_own(self, around, look, tmp_path):
        """One that ends before it should is told of; a renewed one is good."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        said = []
        for days in (5.5, 60.5):
            ends = datetime.now(UTC) + timedelta(days=days)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert("127.0.0.1", not_after=ends).configure_cert(context)
            with ZenkoDouble(around.s3.endpoint_url, (), context) as server:
                found = look(server.url, ca=tmp_path / "ca.pem")["network TLS"]
            said.append((found.sign, found.measured.partition("good for ")[2].partition(".")[0], found.limit))
        assert [(Sign.WARN, "5 more days", "14 days"), (Sign.OK, "60 more days", "14 days")] == said

    @pytest.mark.parametrize(
        ("days", "sign"), [(SOON + 1.0, Sign.OK), (SOON - 0.1, Sign.WARN), (1.1, Sign.WARN), (0.9, Sign.BAD)]
    )
    def test_days_that_are_too_few(self, days, sign):
        """Two weeks are for whoever renews it by hand; less than a day is tonight."""
        glance = Glance(1.0, ahead=0.0, expires=NOW + days * DAY)
        assert sign is by_name(glance, "network TLS").sign

    def test_days_count_by_the_servers_clock(self):
        """A booth that believes it is next year does not say that a good certificate is over."""
        glance = Glance(1.0, ahead=365 * DAY, expires=NOW - 335 * DAY)
        assert "the certificate is trusted, and good for 30 more days" == by_name(glance, "network TLS").measured

    def test_none_at_all_is_for_everybody_on_the_way(self):
        """Names and addresses of guests are what is sent."""
        found = by_name(Glance(1.0), "network TLS", PLAIN)
        assert (Sign.WARN, "have the server speak it, and write https:// (zenko.endpoint_url)") == (
            found.sign, found.cure,
        )  # fmt: skip

    def test_none_is_needed_to_this_very_machine(self, look, server):
        """Where the simulator's bucket is."""
        assert Sign.SKIPPED is look(server("http", "healthy"))["network TLS"].sign


class TestTheClock:
    @pytest.mark.parametrize(
        ("off", "sign", "said"),
        [
            (-8000.0, Sign.BAD, "2 hours behind the server's"),
            (180_000.0, Sign.BAD, "2 days ahead of the server's"),
        ],
    )
    def test_against_the_servers_own(self, look, server, off, sign, said):
        """By how much, and which way; then it is set."""
        url = server("http", "healthy")
        assert Finding("network clock", sign, said, "60 s", SET) == look(url, off=off)["network clock"]
        assert Sign.OK is look(url)["network clock"].sign

    @pytest.mark.parametrize(
        ("ahead", "sign", "cure"),
        [
            (0.4, Sign.OK, ""),
            (59.0, Sign.OK, ""),
            (61.0, Sign.WARN, SET),
            (-839.0, Sign.WARN, SET),
            (-841.0, Sign.BAD, SET),
        ],
    )
    def test_from_a_minute_on_it_is_told_and_from_14_minutes_on_nothing_is_taken(self, ahead, sign, cure):
        """Some servers refuse it from a quarter of an hour on."""
        found = by_name(Glance(1.0, ahead=ahead), "network clock")
        assert (sign, cure) == (found.sign, found.cure)

    @pytest.mark.parametrize(("ahead", "said"), [(-0.4, "as the server's"), (7.0, "7 seconds ahead of the server's")])
    def test_what_is_no_matter_is_told_all_the_same(self, ahead, said):
        """A server tells whole seconds."""
        assert said == by_name(Glance(1.0, ahead=ahead), "network clock").measured

    def test_a_server_without_a_clock(self):
        """Cannot be asked."""
        assert Sign.SKIPPED is by_name(Glance(1.0), "network clock").sign


def by_name(glance, check, endpoint=SECURE):
    """Return one finding of a glance."""
    (found,) = [each for each in findings(glance, Route(endpoint, NOW)) if each.check == check]
    return found


def test_no_server_is_nothing_to_look_at(look):
    """That there is none is told by the bucket."""
    assert [Finding("network", Sign.SKIPPED, "no server is named (zenko.endpoint_url)")] == list(look("").values())


def test_a_proxy_goes_the_way(look, monkeypatch):
    """Nothing can be said of what is behind it; its password is not shown."""
    monkeypatch.setenv("HTTPS_PROXY", "http://booth:secret@proxy.example.com:3128")
    (found,) = look(SECURE).values()
    said = "by the proxy http://proxy.example.com:3128, which goes the way for the booth"
    assert Finding("network", Sign.SKIPPED, said) == found


def test_a_look_that_comes_to_no_end_is_told_with_where_it_is(around, tmp_path):
    """Time-outs end most of them; this one has none."""

    class Stuck(Looker):
        def look(self):
            over.wait(60.0)

    over, clock, url = threading.Event(), SystemClock(), around.servers["http"].url
    settings = Settings(zenko={"endpoint_url": url})
    premises = Premises(settings=settings, outbox=tmp_path, disk=RealDisk(), clock=clock,
                        deadline=Instant(clock.now() + 0.1))  # fmt: skip
    try:
        looker = Stuck(url, lambda: trust(None), timeout=1.0)
        looker.phase = ANSWER
        *_, found = network.looked(looker, bucket_of(settings), premises)
    finally:
        over.set()
    said = f"the one look at {url} failed (time-out in answer: nothing came)"
    assert Finding("network way", Sign.BAD, said, cure="check the network, then the server") == found
