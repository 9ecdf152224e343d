"""Which disk is the card: the one that was booted, whatever else is plugged in and however that is called."""

import os
import subprocess
from pathlib import Path

import pytest

from booth.appliance.machine import RealMachine

ROOT = Path(__file__).parents[2]
SYSTEMD = ROOT / "systemd"

CARD = "platform/soc/3f202000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0"
VIRTUAL = "platform/4010000000.pcie/pci0000:00/0000:00:02.0/virtio1/block/vda"
STICK = "platform/soc/3f980000.usb/usb1/1-1/1-1.2/1-1.2:1.0/host0/target0:0:0/0:0:0:0/block/sda"
OTHER = "platform/scb/fd500000.pcie/0000:01:00.0/usb2/2-1/2-1:1.0/host1/target1:0:0/1:0:0:0/block/sdb"
NVME = "platform/axi/1000110000.pcie/pci0001:00/0001:00:00.0/0001:01:00.0/nvme/nvme0/nvme0n1"


class Kernel:
    """What a kernel tells of the disks that are plugged in, the last first, as a folder."""

    def __init__(self, folder):
        self.sys, self.proc, self.dev, self.run = (folder / name for name in ("sys", "proc", "dev", "run"))
        self._bin = folder / "bin"
        for place in (self.sys / "class/block", self.sys / "dev/block", self.proc, self.dev, self.run, self._bin):
            place.mkdir(parents=True)
        self.booted()
        self.numbers = {}

    def plug(self, disk, partitions=3):
        """Plug in a disk, at its place below /sys/devices."""
        name = disk.rpartition("/")[2]
        part = f"{name}p" if name[-1].isdigit() else name
        for number in range(partitions + 1):
            place = self.sys / "devices" / disk / (f"{part}{number}" if number else "")
            place.mkdir(parents=True, exist_ok=True)
            if number:
                (place / "partition").write_text(f"{number}\n")
            (self.sys / "class/block" / place.name).symlink_to(place)
            self.numbers[place.name] = f"8:{len(self.numbers)}"
            (self.sys / "dev/block" / self.numbers[place.name]).symlink_to(place)

    def booted(self, line="quiet panic=10", mode=None):
        """Say what the kernel was told, and what the firmware says it booted from."""
        (self.proc / "cmdline").write_text(f"{line}\n")
        if mode is not None:
            (chosen := self.proc / "device-tree/chosen/bootloader").mkdir(parents=True, exist_ok=True)
            (chosen / "boot-mode").write_bytes(mode.to_bytes(4, "big"))

    def mount(self, **folders):
        """Say which partition each folder is of: root, and what disk is asked about."""
        cases = "".join(
            f"*' -T {'/' if name == 'root' else '/' + name}') echo {self.numbers.get(part, part)} ;;\n"
            for name, part in folders.items()
        )
        (fake := self._bin / "findmnt").write_text(f'#!/bin/sh\ncase "$*" in\n{cases}*) exit 1 ;;\nesac\n')
        fake.chmod(0o755)

    def environ(self):
        return {
            "BOOTH_SYS": str(self.sys), "BOOTH_PROC": str(self.proc), "BOOTH_DEV": str(self.dev),
            "BOOTH_RUN": str(self.run), "PATH": f"{self._bin}:{os.environ['PATH']}",
        }  # fmt: skip


@pytest.fixture
def kernel(tmp_path):
    return Kernel(tmp_path)


@pytest.fixture
def root_found(kernel, run):
    """Look for the root as the early file system does; return the partition it would be, if there is one."""

    def look():
        outcome = run("sh", SYSTEMD / "root-disk", **kernel.environ())
        assert (0, []) == (outcome.status, outcome.err)
        link = kernel.dev / "booth/root"
        return str(link.readlink()).removeprefix("../") if link.is_symlink() else None

    return look


@pytest.fixture
def disk(kernel, run):
    """Ask on the machine that runs; return the status, and what is said."""

    def ask(*words):
        outcome = run(SYSTEMD / "disk", *words, **kernel.environ())
        return outcome.status, outcome.out

    return ask


class TestTheRoot:
    @pytest.mark.parametrize(("card", "root"), [(CARD, "mmcblk0p2"), (VIRTUAL, "vda2"), (NVME, "nvme0n1p2")])
    @pytest.mark.parametrize("sticks", [(), (STICK,), (STICK, OTHER)])
    @pytest.mark.parametrize("first", [True, False])
    def test_it_is_on_the_card_whatever_is_plugged_in(self, kernel, root_found, card, root, sticks, first):
        """Sticks with the same partitions, found before it or after it: they are on USB, and it is not."""
        for place in (card, *sticks) if first else (*sticks, card):
            kernel.plug(place)
        assert root == root_found()

    @pytest.mark.parametrize("mode", [None, 1, 6])
    def test_a_stick_is_never_the_root_of_a_card_that_is_not_there_yet(self, kernel, root_found, mode):
        """The card is slower than the stick: the stick is passed by, and the card is found at the next look."""
        kernel.booted(mode=mode)
        kernel.plug(STICK)
        assert root_found() is None
        kernel.plug(CARD)
        assert "mmcblk0p2" == root_found()

    @pytest.mark.parametrize("mode", [4, 5])
    def test_a_machine_that_says_that_it_booted_from_usb_is_believed(self, kernel, root_found, mode):
        """A Raspberry Pi 4 tells; a card that is in it as well is not the one that was booted."""
        kernel.booted(mode=mode)
        kernel.plug(CARD)
        kernel.plug(STICK)
        assert "sda2" == root_found()

    def test_the_command_line_comes_from_the_disk_that_was_booted(self, kernel, root_found):
        """A Raspberry Pi 3 tells nothing: who boots it from USB writes so into cmdline.txt."""
        kernel.booted("quiet booth.disk=usb panic=10")
        kernel.plug(STICK)
        assert "sda2" == root_found()

    @pytest.mark.parametrize("line", ["quiet booth.disk=usbx", "xbooth.disk=usb", "booth.disk=", "# booth.disk = usb"])
    def test_another_word_on_it_means_nothing(self, kernel, root_found, line):
        kernel.booted(line)
        kernel.plug(STICK)
        assert root_found() is None

    def test_of_two_that_may_be_meant_none_is_taken(self, kernel, root_found):
        """A machine that booted from USB, and a second such disk: it waits until one of them is gone."""
        kernel.booted(mode=4)
        kernel.plug(STICK)
        kernel.plug(OTHER)
        assert root_found() is None

    @pytest.mark.parametrize("partitions", [0, 1, 2])
    def test_a_disk_of_another_kind_is_no_card(self, kernel, root_found, partitions):
        """A stick as it is bought has one partition: it stands in nobody's way."""
        kernel.booted(mode=4)
        kernel.plug(OTHER, partitions)
        assert root_found() is None
        kernel.plug(STICK)
        assert "sda2" == root_found()

    def test_a_card_that_lost_its_third_partition_is_taken_when_no_whole_one_has_come(self, kernel, root_found):
        """It can say what is wrong with it; there are thirty looks before the machine gives up."""
        kernel.plug(CARD, 2)
        assert [None] * 15 + ["mmcblk0p2"] == [root_found() for _ in range(16)]

    def test_a_whole_card_that_comes_late_is_preferred_to_a_torn_one(self, kernel, root_found):
        """However long it took: a disk of two partitions may be anybody's."""
        kernel.plug(NVME, 2)
        assert [None] * 15 == [root_found() for _ in range(15)]
        kernel.plug(CARD)
        assert "mmcblk0p2" == root_found()

    @pytest.mark.parametrize("mode", [None, 1, 6])
    def test_a_torn_stick_is_never_taken_for_the_card(self, kernel, root_found, mode):
        """It is on USB, and the machine did not boot from there."""
        kernel.booted(mode=mode)
        kernel.plug(STICK, 2)
        assert [None] * 30 == [root_found() for _ in range(30)]

    def test_of_two_torn_ones_none_is_taken(self, kernel, root_found):
        """As of two whole ones."""
        kernel.plug(CARD, 2)
        kernel.plug(NVME, 2)
        assert [None] * 30 == [root_found() for _ in range(30)]

    def test_it_runs_with_what_an_early_file_system_has(self, kernel, run):
        """A shell, ln and mkdir: nothing else is on the PATH."""
        kernel.plug(CARD)
        place = kernel.dev.parent / "early"
        place.mkdir()
        for name in ("ln", "mkdir"):
            (place / name).symlink_to(f"/bin/{name}")
        outcome = run("/bin/sh", SYSTEMD / "root-disk", **kernel.environ() | {"PATH": str(place)})
        assert (0, [], Path("../mmcblk0p2")) == (
            outcome.status,
            outcome.err,
            (kernel.dev / "booth/root").readlink(),
        )

    def test_it_comes_before_nothing(self, kernel, run):
        """The early file system's maker asks each script for what must be run before it."""
        kernel.plug(CARD)
        assert (0, []) == ((asked := run(SYSTEMD / "root-disk", "prereqs", **kernel.environ())).status, asked.out)
        assert not (kernel.dev / "booth").exists()


class TestTheDisk:
    def test_it_is_the_one_that_the_root_is_on(self, kernel, disk):
        kernel.plug(STICK)
        kernel.plug(CARD)
        kernel.mount(root="mmcblk0p2")
        assert (0, ["mmcblk0"]) == disk()

    def test_its_partitions_are_what_they_are_for(self, kernel, disk):
        """A fourth is nobody's, and so are those of another disk, whatever their labels are."""
        kernel.plug(STICK)
        kernel.plug(CARD, 4)
        kernel.mount(root="mmcblk0p2")
        names = ["mmcblk0p1", "mmcblk0p2", "mmcblk0p3", "mmcblk0p4", "mmcblk0", "sda1", "sda2", "sda3", "sda", "sdz9"]
        assert [(0, ["firmware"]), (0, ["root"]), (0, ["data"]), *[(1, [])] * 7] == [
            disk("which", name) for name in names
        ]

    @pytest.mark.parametrize(
        ("data", "held"), [("mmcblk0p3", 0), ("mmcblk0p2", 0), ("sda3", 1), ("sda", 1), ("0:44", 0)]
    )
    def test_a_folder_is_held_by_it_or_not(self, kernel, disk, data, held):
        """One that is on no disk, such as memory, is on no other disk either."""
        kernel.plug(STICK)
        kernel.plug(CARD)
        kernel.mount(root="mmcblk0p2", data=data)
        assert (held, []) == disk("holds", "/data")

    def test_without_a_disk_there_are_no_partitions_of_it(self, kernel, disk):
        """In a container the root is on none: nothing is called the card's."""
        kernel.plug(STICK)
        kernel.mount(root="0:22", data="sda3")
        assert [1, 1, 0] == [disk()[0], disk("which", "sda1")[0], disk("holds", "/data")[0]]

    def test_a_partition_of_another_disk_is_none_of_the_card(self, tmp_path, monkeypatch):
        """The card's program looks for itself: a folder below which somebody's stick is mounted is not there."""
        numbers = {"/": os.makedev(179, 2), "/data": os.makedev(179, 3), "/stick": os.makedev(8, 3)}
        kernel = Kernel(tmp_path)
        kernel.plug(CARD)
        kernel.plug(STICK)
        devices = tmp_path / "devices"
        devices.mkdir()
        for number, place in (("179:2", "mmcblk0p2"), ("179:3", "mmcblk0p3"), ("8:3", "sda3")):
            (devices / number).symlink_to((kernel.sys / "class/block" / place).resolve())

        class Folder(type(Path())):
            def stat(self, **_):
                return os.stat_result((0, 0, numbers[str(self)], *[0] * 7))

        monkeypatch.setattr(os.path, "ismount", lambda folder: str(folder) in numbers)
        machine = RealMachine(Folder("/"), devices)
        assert [True, False, False] == [machine.mounted(Folder(name)) for name in ("/data", "/stick", "/else")]


class TestGrowing:
    @pytest.fixture
    def grown(self, kernel, run, tmp_path):
        """Let the card's last partition grow, on a card that ends so many sectors behind it; return what was called."""
        called = tmp_path / "called"
        for name in ("sfdisk", "partx", "udevadm"):
            held = "readlink /proc/$$/fd/[3-9] | grep ^/"
            (fake := kernel.sys.parent / "bin" / name).write_text(f'#!/bin/sh\necho {name} "$@" $({held}) >>{called}\n')
            fake.chmod(0o755)

        def grow(behind):
            kernel.plug(STICK)
            kernel.plug(CARD)
            kernel.mount(root="mmcblk0p2")
            disk = kernel.sys / "class/block/mmcblk0"
            (disk / "size").write_text(f"{5000 + 1000 + behind}\n")
            (disk / "mmcblk0p3/start").write_text("5000\n")
            (disk / "mmcblk0p3/size").write_text("1000\n")
            (kernel.dev / "mmcblk0p3").touch()
            outcome = run(SYSTEMD / "grow", **kernel.environ(), BOOTH_DISK=str(SYSTEMD / "disk"))
            assert (0, []) == (outcome.status, outcome.err)
            return called.read_text().splitlines() if called.exists() else []

        return grow

    def test_it_is_the_card_that_is_grown(self, kernel, grown):
        """The third partition of the disk that was booted, and no stick's; it is held open meanwhile."""
        assert [
            "sfdisk -q --no-reread --no-tell-kernel -N 3 /dev/mmcblk0",
            f"partx -u --nr 3 /dev/mmcblk0 {kernel.dev / 'mmcblk0p3'}",
            "udevadm settle --timeout=30",
        ] == grown(8193)

    def test_a_card_that_was_grown_is_left_alone(self, grown):
        """It is written once in its life."""
        assert [] == grown(8192)


class TestTheEarlyFileSystem:
    EARLY = ROOT / "image/early"

    @pytest.fixture
    def initrd(self, tmp_path):
        """Return an early file system as initramfs-tools makes it, with one other script that looks for disks."""
        tree = tmp_path / "early"
        (tree / "scripts/local-top").mkdir(parents=True)
        (tree / "scripts/local").write_text("# Local filesystem mounting\n")
        (tree / "scripts/local-top/ORDER").write_text('/scripts/local-top/other "$@"\n')
        (path := tmp_path / "initrd.img-6").write_bytes(packed(tree))
        return path

    def test_it_looks_for_the_root_at_once_and_again(self, run, initrd, tmp_path):
        """The program is there, is called after those that are there already, and is called once."""
        for _ in range(2):
            assert (0, []) == ((done := run(self.EARLY, initrd, "1790000000")).status, done.err)
        tree = unpacked(initrd, tmp_path / "out")
        for moment in ("local-top", "local-block"):
            program = tree / "scripts" / moment / "booth"
            assert (SYSTEMD / "root-disk").read_bytes() == program.read_bytes()
            assert os.access(program, os.X_OK)
            calls = [line for line in (program.parent / "ORDER").read_text().splitlines() if line.startswith("/")]
            other = ['/scripts/local-top/other "$@"'] if moment == "local-top" else []
            assert [*other, f'/scripts/{moment}/booth "$@"'] == calls

    def test_the_same_makes_the_same(self, run, initrd, tmp_path):
        """Bit for bit, so that two images can be compared."""
        (other := tmp_path / "other").write_bytes(initrd.read_bytes())
        run(self.EARLY, initrd, "1790000000")
        run(self.EARLY, other, "1790000000")
        assert initrd.read_bytes() == other.read_bytes()

    def test_what_is_none_is_refused(self, run, tmp_path):
        """A file system of another maker would not call it: the image would not find its root."""
        (tree := tmp_path / "early").mkdir()
        (initrd := tmp_path / "initrd").write_bytes(packed(tree))
        assert (1, [f"early: {initrd} is not made by initramfs-tools"]) == (
            (done := run(self.EARLY, initrd, "1")).status,
            done.err,
        )


def packed(tree):
    names = "\n".join(sorted(str(path.relative_to(tree)) for path in [tree, *tree.rglob("*")]))
    archive = subprocess.run(
        ["cpio", "--quiet", "-o", "-H", "newc"], cwd=tree, input=names.encode(), capture_output=True, check=True
    )
    return subprocess.run(["zstd", "-q", "-c"], input=archive.stdout, capture_output=True, check=True).stdout


def unpacked(initrd, tree):
    tree.mkdir()
    archive = subprocess.run(["zstd", "-q", "-d", "-c", initrd], capture_output=True, check=True)
    subprocess.run(["cpio", "--quiet", "-id"], cwd=tree, input=archive.stdout, check=True)
    return tree


def test_udev_asks_once_what_a_partition_is_for():
    """A rule that takes long at each change has systemd believe that the partition is gone, and end who has it."""
    rules = [line for line in (SYSTEMD / "69-booth-card.rules").read_text().splitlines() if not line.startswith("#")]
    asking = rules.index('ENV{BOOTH_PART}=="", PROGRAM=="/usr/lib/booth/disk which %k", ENV{BOOTH_PART}="%c"')
    assert ['IMPORT{db}="BOOTH_PART"', 'ENV{BOOTH_PART}=="?*", SYMLINK+="booth/$env{BOOTH_PART}"'] == [
        rules[asking - 1],
        rules[asking + 1],
    ]


def test_nothing_on_the_card_is_found_by_its_label():
    """Labels and numbers are the public image's: everything that finds a partition by one would find a stick's."""
    words = ("LABEL=", "by-label", "by-uuid", "UUID=", "by-partuuid", "findfs", "blkid")
    sticks = ROOT / "booth/operator/exporting/sticks.py"  # what an operator plugs in, and names: no part of the card
    modules = set((ROOT / "booth").rglob("*.py"))
    assert sticks in modules
    files = [*SYSTEMD.iterdir(), ROOT / "image/populate", *sorted(modules - {sticks})]
    lines = [(file.name, line) for file in files for line in file.read_text().splitlines()]
    # The one at the beginning of a line is udev's own, for its GOTO.
    assert [] == [(name, word) for name, line in lines for word in words if word in line.removeprefix("LABEL=")]
