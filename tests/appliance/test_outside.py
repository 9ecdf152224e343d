"""What is plugged in from outside: a keyboard types, a stick may bring an update, and that is all."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from booth.appliance.network import Ethernet, networkd

ROOT = Path(__file__).parents[2]
SYSTEMD = ROOT / "systemd"


def ruled(file, device, programs=()):
    """Return what the rules in *file* say of a device: a model of udev for as much of its language as ours use.

    *device* holds keys such as DEVPATH and ENV{ID_BUS}; *programs* are those that end well.
    """
    said = dict(device)
    goto = None
    for line in (SYSTEMD / file).read_text().splitlines():
        parts = re.findall(r'([A-Z]+(?:\{[A-Za-z_/]+\})?)(==|!=|\+=|=)"([^"]*)"', line)
        if line.startswith("#") or not parts:
            continue
        assert re.sub(r'[A-Z]+(?:\{[A-Za-z_/]+\})?(?:==|!=|\+=|=)"[^"]*"', "", line).strip(", ") == ""
        if goto is not None:
            goto = None if ("LABEL", "=", goto) in parts else goto
            continue
        for key, sign, value in parts:
            if sign in {"==", "!="}:
                there = value in programs if key == "PROGRAM" else any(
                    fnmatchcase(said.get(key, ""), pattern) for pattern in value.split("|")
                )  # fmt: skip
                if there != (sign == "=="):
                    break
            elif key == "GOTO":
                goto = value
            elif key != "LABEL":
                said[key] = value
    return said


def settings_of(file):
    """Return the assignments of a file of systemd's, without comments and sections."""
    return [line for line in (SYSTEMD / file).read_text().splitlines() if line and line[0] not in "#["]


class TestKeyboard:
    @pytest.fixture
    def provisioned(self, run, tree, made, tmp_path):
        release = made(tmp_path / "release", "1.0.0")
        assert 0 == run(ROOT / "scripts/provision", "--root", tree, "--release", release).status
        return tree

    @pytest.mark.parametrize(
        "unit", ["ctrl-alt-del.target", "kbrequest.target", "autovt@.service", "getty@tty1.service"]
    )
    def test_no_key_starts_anything(self, provisioned, unit):
        """Not the machine anew, and not a login."""
        assert Path("/dev/null") == (provisioned / "etc/systemd/system" / unit).readlink()

    def test_no_key_stops_the_machine_or_has_it_sleep(self, provisioned):
        """Whatever keyboards have: power, restart, sleep, hibernate; also held for long."""
        told = (provisioned / "etc/systemd/logind.conf.d/booth.conf").read_text().splitlines()
        keys = ("Power", "Reboot", "Suspend", "Hibernate")
        assert [] == [f"Handle{key}Key{how}=ignore" for key in keys for how in ("", "LongPress")
                      if f"Handle{key}Key{how}=ignore" not in told]  # fmt: skip

    def test_there_is_nowhere_to_log_in(self):
        """A login on another console would be given what guests type."""
        assert ["NAutoVTs=0", "ReserveVT=0"] == settings_of("logind.conf")[:2]

    def test_no_chord_is_the_kernel_s_or_the_manager_s(self, provisioned):
        """Alt-SysRq ends and reboots; Ctrl-Alt-Del seven times does so at once."""
        assert "kernel.sysrq = 0" in (provisioned / "etc/sysctl.d/90-booth.conf").read_text().splitlines()
        assert (
            "CtrlAltDelBurstAction=none"
            in (provisioned / "etc/systemd/system.conf.d/booth.conf").read_text().splitlines()
        )

    def test_a_machine_that_finds_no_root_gives_no_shell(self):
        """Whoever has a keyboard would be root in it: the early file system starts the machine again."""
        lines = (ROOT / "image/populate").read_text().splitlines()
        [words] = [line.split() for line in lines if line.startswith("printf 'root=")]
        assert 1 == words.count("panic=10")


class TestAwake:
    @pytest.mark.parametrize(
        ("interfaces", "kept"),
        [(":030101:", True), (":030000:", True), (":030101:030102:", True), (":010100:030000:", True),
         (":080650:", False), (":0e0100:0e0200:", False), (":ff0301:", False)],
    )  # fmt: skip
    def test_what_guests_touch_and_type_on_never_sleeps(self, interfaces, kept):
        """A keyboard or a panel that has to be woken loses the key that wakes it; others may sleep."""
        device = {"ACTION": "add", "SUBSYSTEM": "usb", "ENV{DEVTYPE}": "usb_device", "ATTR{power/control}": "auto"}
        said = ruled("70-booth.rules", device | {"ENV{ID_USB_INTERFACES}": interfaces})
        assert ("on" if kept else "auto") == said["ATTR{power/control}"]


class TestSticks:
    STICK = {"ACTION": "add", "SUBSYSTEM": "block", "ENV{ID_BUS}": "usb", "ENV{ID_FS_USAGE}": "filesystem"}  # noqa: RUF012 read only

    @pytest.mark.parametrize(
        ("kind", "looked_at"),
        [("vfat", True), ("exfat", True), ("ext4", False), ("ntfs", False), ("btrfs", False), ("xfs", False),
         ("hfsplus", False), ("f2fs", False), ("iso9660", False), ("squashfs", False), ("udf", False), ("", False),
         ("vfat ", False), ("nvfat", False)],
    )  # fmt: skip
    def test_only_what_sticks_are_made_with_is_looked_at(self, kind, looked_at):
        """The kernel's reader of any other file system is not for a stranger to try."""
        said = ruled("70-booth.rules", self.STICK | {"ENV{ID_FS_TYPE}": kind})
        assert looked_at == ("ENV{SYSTEMD_WANTS}" in said)

    def test_a_card_that_is_not_on_usb_is_no_stick(self):
        assert "ENV{SYSTEMD_WANTS}" not in ruled(
            "70-booth.rules", self.STICK | {"ENV{ID_BUS}": "", "ENV{ID_FS_TYPE}": "vfat"}
        )


INSIDE = "/devices/platform/soc/3f980000.usb/usb1/1-1"
THREE = "/usr/bin/grep -qza -x raspberrypi.3-model-b /proc/device-tree/compatible"
PLUS = "/usr/bin/grep -qza -x raspberrypi.3-model-b-plus /proc/device-tree/compatible"


class TestCables:
    @pytest.mark.parametrize(
        ("place", "board", "ours"),
        [
            ("/devices/platform/scb/fd580000.ethernet/net/eth0", None, True),
            ("/devices/platform/axi/1000120000.pcie/1f00100000.ethernet/net/eth0", None, True),
            ("/devices/platform/4010000000.pcie/pci0000:00/0000:00:01.0/virtio0/net/eth0", None, True),
            (f"{INSIDE}/1-1.1/1-1.1:1.0/net/eth0", THREE, True),
            (f"{INSIDE}/1-1.1/1-1.1.1/1-1.1.1:1.0/net/eth0", PLUS, True),
            (f"{INSIDE}/1-1.2/1-1.2:1.0/net/eth1", THREE, False),
            (f"{INSIDE}/1-1.1/1-1.1.2/1-1.1.2:1.0/net/usb0", PLUS, False),
            (f"{INSIDE}/1-1.1/1-1.1:1.0/net/eth0", None, False),
            (f"{INSIDE}/1-1.1/1-1.1.1/1-1.1.1:1.0/net/usb0", None, False),
            (
                "/devices/platform/scb/fd500000.pcie/pci0000:00/0000:01:00.0/usb1/1-1/1-1.1/1-1.1:1.0/net/usb0",
                None,
                False,
            ),
            ("/devices/platform/axi/xhci-hcd.0/usb1/1-1/1-1:1.0/net/usb0", None, False),
            ("/devices/virtual/net/lo", None, False),
        ],
    )
    def test_only_the_board_s_own_socket_is_a_cable(self, place, board, ours):
        """A telephone, a stick that says it is a network, an adapter at another place: none of them."""
        said = ruled("78-booth-cable.rules", {"SUBSYSTEM": "net", "DEVPATH": place}, {board})
        assert ("1" if ours else None) == said.get("ENV{BOOTH_CABLE}")

    def test_another_kind_of_device_is_not_asked(self):
        said = ruled("78-booth-cable.rules", {"SUBSYSTEM": "block", "DEVPATH": "/devices/platform/x"})
        assert "ENV{BOOTH_CABLE}" not in said

    def test_the_image_s_network_is_for_such_a_socket(self):
        """What networkd is told of cables without a word on the card."""
        populate = (ROOT / "image/populate").read_text()
        wired = populate.partition("20-wired.network <<'NETWORK'\n")[2].partition("NETWORK\n")[0]
        assert ["[Match]", "Type=ether", "Property=BOOTH_CABLE=1", "[Network]", "DHCP=yes"] == wired.splitlines()[:5]

    @pytest.mark.parametrize(
        ("ethernet", "match"),
        [
            (Ethernet(address="192.0.2.7/24"), ["[Match]", "Type=ether", "Property=BOOTH_CABLE=1", ""]),
            (Ethernet(address="192.0.2.7/24", usb=True), ["[Match]", "Type=ether", "", "[Network]"]),
            (Ethernet(usb=True), ["[Match]", "Type=ether", "", "[Network]"]),
        ],
    )
    def test_an_adapter_on_usb_is_one_if_the_owner_says_so(self, ethernet, match):
        assert match == networkd(ethernet).splitlines()[:4]

    def test_it_is_asked_for_its_address_then(self):
        assert "DHCP=yes" in networkd(Ethernet(usb=True)).splitlines()
        assert "" == networkd(Ethernet())
