import os
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.logs import shown
from booth.systemd import Notifier, service_is_up
from booth.units import Seconds

UNITS = Path(__file__).parent.parent / "systemd"


@pytest.fixture(params=["file", "abstract"])
def manager(request, tmp_path):
    """Listen as systemd does, and give what `Notifier` needs, and what it sent."""
    name = str(tmp_path / "notify") if request.param == "file" else f"@booth-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(name.replace("@", "\0", 1))
        listening.settimeout(5)
        yield {"NOTIFY_SOCKET": name}, lambda: listening.recv(4096).decode()


@pytest.mark.parametrize(
    ("line", "up"),
    [
        ("echo active", True), ("echo activating", True), ("echo deactivating", True), ("echo inactive", False),
        ("echo failed", False), ("exit 1", False),
    ],
)  # fmt: skip
def test_a_service_that_starts_or_ends_is_up(tmp_path, line, up):
    """It may have camera and pins; one that has ended has not."""
    asked = tmp_path / "systemctl"
    asked.write_text(f"#!/bin/sh\n{line}\n")
    asked.chmod(0o755)
    assert (up, False) == (service_is_up(str(asked)), service_is_up(str(tmp_path / "none")))


class TestNotifier:
    def test_it_says_what_systemd_understands(self, manager):
        """Each notification is one datagram, on a socket in the file system or an abstract one."""
        environ, received = manager
        notifier = Notifier(environ)
        notifier.ready()
        notifier.watchdog()
        notifier.status("3 visits wait")
        notifier.extend(Seconds(90.0))
        notifier.stopping()
        said = ["READY=1", "WATCHDOG=1", "STATUS=3 visits wait", "EXTEND_TIMEOUT_USEC=90000000", "STOPPING=1"]
        assert said == [received() for _ in said]

    def test_a_status_is_one_line(self, manager):
        """A line break would begin another notification: it becomes a blank."""
        environ, received = manager
        Notifier(environ).status("all is well\nREADY=1\r\n")
        assert "STATUS=all is well READY=1" == received()

    def test_a_status_is_shown_as_the_log_would_show_it(self, manager):
        """`systemctl status` is read by more people than the booth: no escape, and nobody's address."""
        environ, received = manager
        Notifier(environ, shown=shown).status("refused \x1b[31m\u202e by zoe@example.org \x9b")
        assert r"STATUS=refused \x1b[31m\u202e by <private> \x9b" == received()

    @pytest.mark.parametrize("name", ["", "/nowhere/notify", "@nobody-listens-here", "/" + "x" * 200, "relative", "\0"])
    def test_without_a_listener_nothing_happens(self, name):
        """Where nobody listens, or the address is none, the booth goes on as if nobody had asked."""
        notifier = Notifier({"NOTIFY_SOCKET": name})
        notifier.ready()
        notifier.watchdog()
        notifier.status("\udce4")
        notifier.stopping()

    def test_outside_of_systemd_nothing_happens(self):
        """Without the variable there is nobody to tell."""
        notifier = Notifier({})
        notifier.ready()
        assert notifier.watchdog_interval() is None

    def test_a_manager_that_does_not_listen_any_more_does_not_block(self, manager):
        """When the queue is full, notifications are lost; the main loop does not wait."""
        environ, received = manager
        notifier = Notifier(environ)
        for _ in range(2000):
            notifier.watchdog()
        assert "WATCHDOG=1" == received()


class TestWatchdogInterval:
    def test_it_is_half_of_what_systemd_waits(self):
        """One notification may come late, and the booth is not killed for it."""
        assert 10.0 == Notifier({"WATCHDOG_USEC": "20000000"}).watchdog_interval()

    def test_it_is_ours_if_we_are_the_process_that_is_watched(self):
        """The variables are inherited by children, of whom systemd expects nothing."""
        usec = {"WATCHDOG_USEC": "20000000"}
        assert 10.0 == Notifier({**usec, "WATCHDOG_PID": str(os.getpid())}).watchdog_interval()
        assert Notifier({**usec, "WATCHDOG_PID": "1"}).watchdog_interval() is None

    @settings(deadline=None)  # other tests share the processor
    @given(st.text(), st.text())
    def test_nonsense_is_no_watchdog(self, usec, pid):
        """Whatever the variables hold, it is a span of time or none, and never an error."""
        interval = Notifier({"WATCHDOG_USEC": usec, "WATCHDOG_PID": pid}).watchdog_interval()
        assert interval is None or interval > 0


def parsed(unit: Path) -> dict[str, list[tuple[str, str]]]:
    """Read a unit as systemd does: sections, assignments in order, comments on lines of their own."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in unit.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            assert line.endswith("]")
            section = sections.setdefault(line[1:-1], [])
        else:
            key, equals, value = line.partition("=")
            assert equals
            assert key.isalnum()
            assert value == value.strip()
            assert "#" not in value
            section.append((key, value))
    return sections


# fmt: off
KNOWN = {
    "Unit": {"Description", "After", "Conflicts", "StartLimitIntervalSec", "StartLimitBurst", "OnFailure"},
    "Service": {
        "Type", "NotifyAccess", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecStopPost", "TimeoutStartSec",
        "WatchdogSec", "Restart", "RestartSec",
        "RestartPreventExitStatus", "TimeoutStopSec", "User", "SupplementaryGroups", "UMask", "StateDirectory",
        "StateDirectoryMode", "RuntimeDirectory", "WorkingDirectory", "Environment", "LoadCredential",
        "NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities", "ProtectSystem", "ProtectHome",
        "PrivateTmp", "PrivateMounts", "PrivateUsers", "ProtectClock", "ProtectHostname", "ProtectControlGroups",
        "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectProc", "ProcSubset",
        "LockPersonality", "MemoryDenyWriteExecute", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID",
        "RemoveIPC", "KeyringMode", "RestrictAddressFamilies", "SystemCallArchitectures", "SystemCallFilter",
        "SystemCallErrorNumber", "DevicePolicy", "DeviceAllow", "MemoryMax", "MemorySwapMax", "OOMPolicy", "TasksMax",
        "LimitCORE",
    },
    "Install": {"WantedBy"},
}
# fmt: on


class TestUnit:
    UNIT = parsed(UNITS / "booth.service")
    SERVICE = UNIT["Service"]

    def of(self, key: str) -> list[str]:
        return [value for name, value in self.SERVICE if name == key]

    def test_every_directive_is_one_that_systemd_has(self):
        """A misspelled directive is only a warning in the journal: here it is an error."""
        assert KNOWN == {section: {key for key, _ in lines} for section, lines in self.UNIT.items()}

    def test_nothing_is_said_twice_but_what_adds_up(self):
        """The last assignment wins, except for those that collect."""
        keys = [key for key, _ in self.SERVICE]
        twice = {key for key in keys if keys.count(key) > 1}
        assert {"Environment", "LoadCredential", "SystemCallFilter", "DeviceAllow"} == twice

    @pytest.mark.parametrize(
        ("key", "values"),
        [
            ("Type", ["notify"]),
            ("NotifyAccess", ["main"]),
            ("WatchdogSec", ["20"]),
            ("Restart", ["always"]),
            ("TimeoutStopSec", ["10"]),
            ("User", ["booth"]),
            ("SupplementaryGroups", ["video input render audio gpio"]),
            ("StateDirectory", ["booth"]),
            ("StateDirectoryMode", ["0700"]),
            ("UMask", ["0077"]),
            ("LoadCredential", ["zenko.access_key_id", "zenko.secret_access_key"]),
            ("MemoryMax", ["75%"]),
            ("MemorySwapMax", ["0"]),
            ("OOMPolicy", ["continue"]),
            ("TasksMax", ["256"]),
            ("LimitCORE", ["0"]),
        ],
    )
    def test_it_keeps_its_promises(self, key, values):
        """The booth starts as its own user, is watched, comes back, and gets its keys from systemd."""
        assert values == self.of(key)

    def test_it_starts_at_boot_and_never_gives_up(self):
        """Failures in a row end in an honest screen, and that one starts the booth again, for ever."""
        assert [("WantedBy", "multi-user.target")] == self.UNIT["Install"]
        assert ("OnFailure", "booth-recovery.service") in self.UNIT["Unit"]
        recovery = parsed(UNITS / "booth-recovery.service")["Service"]
        assert [
            ("ExecStopPost", "-/usr/bin/systemctl reset-failed booth.service"),
            ("ExecStopPost", "/usr/bin/systemctl --no-block start booth.service"),
        ] == [line for line in recovery if line[0] == "ExecStopPost"]

    def test_a_booth_that_fails_at_once_reaches_the_limit(self):
        """As many starts as the limit allows, with the waits between them, fit into its time."""
        unit = dict(self.UNIT["Unit"])
        (wait,) = self.of("RestartSec")
        assert int(unit["StartLimitBurst"]) * (int(wait) + 10) < int(unit["StartLimitIntervalSec"])

    @pytest.mark.parametrize(
        ("key", "values"),
        [
            ("ProcSubset", ["all"]),
            ("MemoryDenyWriteExecute", ["no"]),
            ("SystemCallErrorNumber", ["EPERM"]),
            ("RuntimeDirectory", ["booth"]),
            ("WorkingDirectory", ["/run/booth"]),
        ],
    )
    def test_it_steps_around_what_breaks_a_booth(self, key, values):
        """Each of these was seen to break the pins or the screen when it is set as a hardening guide would."""
        assert values == self.of(key)

    def test_its_environment(self):
        """Libraries find a folder that they may write to, SDL draws without a desktop, mistakes are told on screen."""
        assert {
            "BOOTH_LAST_GOOD": "/var/lib/booth/last-good.toml",
            "BOOTH_OPERATOR": "/var/lib/booth/operator",
            "LG_WD": "/run/booth",
            "HOME": "/run/booth",
            "SDL_VIDEODRIVER": "kmsdrm",
        } == dict(value.split("=", 1) for value in self.of("Environment"))

    def test_the_last_good_settings_are_inside_the_state_directory(self):
        """With everything else read-only, they can be written; and they outlive the power where the outbox does."""
        kept = dict(value.split("=", 1) for value in self.of("Environment"))["BOOTH_LAST_GOOD"]
        assert Path("/var/lib", *self.of("StateDirectory")) == Path(kept).parent

    def test_the_operators_folder_is_inside_the_state_directory(self):
        """With everything else read-only, tries of the PIN can be counted, and outlast the power."""
        folder = dict(value.split("=", 1) for value in self.of("Environment"))["BOOTH_OPERATOR"]
        assert Path("/var/lib", *self.of("StateDirectory")) == Path(folder).parent

    def test_the_outbox_is_inside_the_state_directory(self):
        """With everything else read-only, the built-in place of the outbox can be written."""
        from booth.settings.model import Settings

        assert Path("/var/lib", *self.of("StateDirectory")) == Settings().outbox.dir.parent

    def test_its_credentials_are_settings(self):
        """Every credential that the unit loads is a setting that `load` knows."""
        from booth.settings.model import Settings

        for name in self.of("LoadCredential"):
            section, _, key = name.partition(".")
            assert key in type(getattr(Settings(), section)).model_fields

    def test_the_groups_it_needs_have_a_way_to_exist(self):
        """The user and the one group that Debian does not have are made by the sysusers file."""
        made = [line.split()[:2] for line in (UNITS / "booth.sysusers").read_text().splitlines() if line[:1] != "#"]
        assert [["g", "gpio"], ["u", "booth"]] == made
        assert 'KERNEL=="gpiochip*", GROUP="gpio", MODE="0660"' in (UNITS / "70-booth.rules").read_text()


@pytest.mark.parametrize(
    ("unit", "tasks", "capabilities"),
    [
        ("booth-card.service", "32", "CAP_SYS_ADMIN CAP_SETPCAP"),
        ("booth-update-usb@.service", "16", "CAP_SYS_ADMIN CAP_SETUID CAP_SETGID"),
        ("booth-copy.service", "16", ""),
    ],
)
def test_what_reads_what_strangers_wrote_has_a_fence(unit, tasks, capabilities):
    """As much memory as it needs and a little more, no network, nothing of it on the medium, few privileges."""
    fence = {
        "MemoryMax": "256M", "MemorySwapMax": "0", "TasksMax": tasks, "LimitCORE": "0", "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": capabilities, "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateNetwork": "yes",
        "IPAddressDeny": "any", "RestrictAddressFamilies": "AF_UNIX", "DevicePolicy": "closed",
    }  # fmt: skip
    said = parsed(UNITS / unit)["Service"]
    assert sorted(fence.items()) == sorted(line for line in said if line[0] in fence)
