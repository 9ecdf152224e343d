"""The service: whether it starts with the machine, is watched, and which updates it takes."""

import pytest

from booth import __version__
from booth.bulletin import Bulletin, Parts
from booth.examining import service
from booth.examining.findings import Finding, Sign


def told(pid=4711, told_s=100.0, loop_age_s=0.1, release=__version__, **parts):
    """Return what a booth tells, at 100 seconds since the machine was switched on."""
    return Bulletin(
        release, pid, "simulated", told_s, loop_age_s, 1_795_367_112.0, 60.0, "/data/outbox", "Party", "Booth 1",
        "Attract", (), (), "up", "", parts=Parts(**parts),
    )  # fmt: skip


@pytest.fixture
def unit(tool):
    """Have systemd tell this of the unit."""

    def unit(load="loaded", state="enabled", pid=4711, restarts=0):
        said = f"echo LoadState={load}; echo UnitFileState={state}; echo MainPID={pid}; echo NRestarts={restarts}"
        tool("systemctl", said)

    return unit


@pytest.mark.parametrize(
    ("load", "state", "sign", "cure"),
    [
        ("loaded", "enabled", Sign.OK, ""),
        ("loaded", "disabled", Sign.WARN, "sudo systemctl enable booth"),
        ("not-found", "", Sign.SKIPPED, ""),
    ],
)
def test_whether_it_starts_with_the_machine(make_premises, unit, load, state, sign, cure):
    """A booth that was started by hand is gone after a power cut."""
    unit(load, state)
    (found,) = service.service(make_premises())
    assert ("service", sign, cure) == (found.check, found.sign, found.cure)


@pytest.mark.parametrize(
    ("restarts", "wanted"), [(0, []), (3, [("service restarts", Sign.WARN, "started anew 3 times by itself")])]
)
def test_a_booth_that_ends_again_and_again(make_premises, unit, restarts, wanted):
    """It comes back, and somebody should see why it went."""
    unit(restarts=restarts)
    found = list(service.service(make_premises()))[1:]
    assert wanted == [(finding.check, finding.sign, finding.measured) for finding in found]


def test_a_machine_without_systemd(make_premises):
    """At a desk."""
    assert [Finding("service", Sign.SKIPPED, "there is no booth.service here")] == list(
        service.service(make_premises())
    )


@pytest.mark.parametrize(
    ("bulletin", "sign", "measured"),
    [
        (told(watchdog_s=10.0, fed_s=7.0), Sign.OK, "fed 7 s before the booth last told of itself"),
        (told(watchdog_s=10.0, fed_s=21.0), Sign.BAD, "fed 21 s before the booth last told of itself"),
        (told(), Sign.BAD, "nobody watches the booth"),
        (told(pid=12), Sign.SKIPPED, "the booth that runs was not started by booth.service"),
        (told(told_s=60.0, watchdog_s=10.0), Sign.BAD, "the booth is silent for 40 s"),
        (told(loop_age_s=31.0, watchdog_s=10.0), Sign.BAD, "the booth is silent for 31 s"),
    ],
)
def test_whether_the_watchdog_is_fed(make_premises, unit, bulletin, sign, measured):
    """As the booth tells of itself; one that hangs is no booth that is watched well."""
    unit()
    found = list(service.service(make_premises(bulletin=bulletin)))[1]
    assert ("service watchdog", sign, measured) == (found.check, found.sign, found.measured)


def test_an_update_that_waits_for_a_restart(make_premises):
    """What was installed is not what runs."""
    (found,) = service.updates(make_premises(bulletin=told(release="0.0.1")))
    assert (Sign.WARN, f"0.0.1 runs, and {__version__} is installed") == (found.sign, found.measured)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (None, "no key is here, so no update by stick is taken"),
        ("etc/booth/update.pub", "sticks signed for /etc/booth/update.pub are taken"),
        ("run/booth-card/update.pub", "sticks signed for /run/booth-card/update.pub are taken"),
    ],
)
def test_whose_updates_are_taken(make_premises, put, place, said):
    """The card's key goes before the one that was built in."""
    if place:
        put("etc/booth/update.pub", "a key")
        put(place, "a key")
    (found,) = service.updates(make_premises(bulletin=told()))
    assert (Sign.OK, f"release {__version__}; {said}") == (found.sign, found.measured)
