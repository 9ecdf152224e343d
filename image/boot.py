"""Boot a card image in an emulated machine, and use it as guests and operators do: see ``scripts/boot-image --help``.

The law: the image is what is flashed, to the byte. What a Raspberry Pi has and the emulated machine has not - pins, a
camera, a touch screen - comes from outside: another kernel with simulators of them, its modules in an early file system
of our own, and a device tree that says that it is a Raspberry Pi 3B. The booth cannot tell.
"""

import base64
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from image import ROOT

FIRMWARE_AT = 4 << 20
"""Bytes into the card at which the partition begins that any computer can read."""
CARD = 4 << 30
"""Bytes: the size of the card that the image is written to."""
KERNEL = "7.3.4+deb13-arm64"
"""Debian's kernel of that number has what its older ones lack: simulated pins."""
MODULES = [
    *("virtio_pci", "virtio_blk", "virtio_net", "virtio_gpu", "virtio_input", "virtio_rng", "virtio_console"),
    *("ext4", "vfat", "nls_ascii", "nls_cp437", "overlay", "evdev", "uinput", "gpio_sim", "vivid", "configfs"),
    *("autofs4", "fuse", "xhci_pci", "usb_storage", "sd_mod", "usbhid", "hid_generic"),
]
PINS = "/sys/devices/platform/gpio-sim/gpiochip0"
SIZE = (800, 480)
SHELL, PI_SHELL, LOG = "hvc0", "ttyS1", "hvc1"
"""The consoles on which the test has a shell, and the booth's log."""
BOOT = 300.0
"""Seconds of its own (see `OwnTime`) that a boot may take here."""


class BootError(Exception):
    """The image did not do what a booth does. The text says which."""


def run(*argv: object, cwd: Path | None = None, **environ: str) -> str:
    """Run a program to its end; return what it said. Raises `BootError` with its last words if it fails."""
    done = subprocess.run(
        [str(word) for word in argv], cwd=cwd, env=os.environ | environ, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        raise BootError(f"{argv[0]} failed:\n{done.stdout[-2000:]}")
    return done.stdout


# ---- the machine around the image


@dataclass(frozen=True)
class Outside:
    """What the emulated machine is given beside the card."""

    kernel: Path
    initrd: Path
    tree: Path


def fetch_kernel(cache: Path, mirror: str) -> Path:
    """Return the folder of the test kernel, unpacked; nothing of this machine's own packages is touched."""
    folder = cache / f"kernel-{KERNEL}"
    if folder.exists():
        return folder
    apt = cache / "apt"
    for name in ("state/lists/partial", "cache/archives/partial", "debs"):
        (apt / name).mkdir(parents=True, exist_ok=True)
    (apt / "state/status").touch()
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (apt / "sources.list").write_text(f"deb [arch=arm64 signed-by={keyring}] {mirror} trixie-backports main\n")
    options = [
        f"-oDir::State={apt}/state", f"-oDir::State::status={apt}/state/status", f"-oDir::Cache={apt}/cache",
        f"-oDir::Etc::SourceList={apt}/sources.list", "-oDir::Etc::SourceParts=/dev/null", "-oAPT::Architecture=arm64",
        "-oAPT::Architectures=arm64", "-oAcquire::Languages=none", "-oAPT::Sandbox::User=root",
    ]  # fmt: skip
    run("apt-get", *options, "-q", "update")
    names = [f"linux-{kind}-{KERNEL}" for kind in ("binary", "modules", "base")]
    known = run("apt-cache", *options, "pkgnames", "linux-binary").split()
    names[0] = names[0] if names[0] in known else f"linux-binary-unsigned-{KERNEL}"
    run("apt-get", *options, "-q", "download", *names, cwd=apt / "debs")
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    for deb in sorted((apt / "debs").glob("*.deb")):
        run("dpkg-deb", "-x", deb, part)
    part.rename(folder)
    return folder


def prepare(image: Path, cache: Path, mirror: str) -> Outside:
    """Make what the machine is given beside the card, from the image's own early file system and the test kernel."""
    kernel = fetch_kernel(cache, mirror)
    work = cache / "outside"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    card = f"{image}@@{FIRMWARE_AT}"
    names = run("mdir", "-b", "-i", card, "::").split()
    initrd = next((name for name in names if re.search(r"/initrd", name)), None)
    if initrd is None:
        raise BootError(f"there is no initrd on {image.name}: {' '.join(names)}")
    run("mcopy", "-i", card, initrd, work / "initrd.own")
    out = work / "initrd"
    run(ROOT / "image/test-initrd", work / "initrd.own", kernel, KERNEL, out, *MODULES)
    tree = work / "machine.dtb"
    run(ROOT / "image/test-tree", tree)
    vmlinuz = next(kernel.glob("boot/vmlinuz-*"), None) or next(kernel.rglob("vmlinuz*"))
    return Outside(vmlinuz, out, tree)


class OwnTime:
    """Seconds as a process lives them: those that it waited for a processor which others had do not count.

    What is emulated is held to an end, not to a time of day: on a busy machine everything takes longer, and nothing is
    wrong. The kernel says how long each thread ran and how long it waited for a processor
    (``/proc/PID/task/*/schedstat``, both in nanoseconds); of each span between two looks, the share counts in which it
    ran when it wanted to.
    """

    def __init__(self, tasks: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Look at the threads below *tasks*, ``/proc/PID/task``."""
        self._tasks, self._clock = tasks, clock
        self._seconds = 0.0
        self._looked = clock()
        self._seen: dict[str, tuple[int, int]] = {}
        self.now()

    def now(self) -> float:
        """Return how many seconds of its own the process has lived since it was first looked at."""
        ran = waited = 0
        seen = {}
        for task in self._tasks.glob("*/schedstat"):
            with contextlib.suppress(OSError, ValueError):  # the thread has ended meanwhile
                one, other = map(int, task.read_text().split()[:2])
                before = self._seen.get(task.parent.name, (one, other))
                seen[task.parent.name] = (one, other)
                ran += one - before[0]
                waited += other - before[1]
        now = self._clock()
        self._seconds += (now - self._looked) * (ran / (ran + waited) if ran + waited else 1.0)
        self._looked, self._seen = now, seen
        return self._seconds


class Qmp:
    """The emulated machine's own controls: its screen, its pointer, its power."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._file = self._socket.makefile("rw")
        self._file.readline()
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: object) -> object:
        """Ask, and return the answer."""
        self._file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._file.flush()
        while True:
            line = self._file.readline()
            if not line:
                raise BootError("the emulated machine is gone")
            answer = json.loads(line)
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise BootError(f"{command}: {answer['error']}")

    def tap(self, x: int, y: int) -> None:
        """Put the pointer on a pixel of the screen, press, and let go."""
        where = [
            {"type": "abs", "data": {"axis": axis, "value": round((at + 0.5) * 32767 / most)}}
            for axis, at, most in (("x", x, SIZE[0]), ("y", y, SIZE[1]))
        ]
        self.ask("input-send-event", events=where)
        time.sleep(0.1)
        # Down and up at once: what is drawn in software takes long between two looks at the pointer, and a key that is
        # held means something else.
        for down in (True, False):
            self.ask("input-send-event", events=[{"type": "btn", "data": {"button": "left", "down": down}}])

    def close(self) -> None:
        """Let go of it."""
        self._file.close()
        self._socket.close()


class Shell:
    """A root shell on a console of its own, there for the test (systemd.debug_shell=)."""

    def __init__(self, path: Path, own: OwnTime) -> None:
        self._own = own
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._socket.settimeout(0.5)
        self._heard = b""

    def wait(self, timeout: float) -> None:
        """Wait until it answers; *timeout* in the machine's own seconds."""
        end = self._own.now() + timeout
        while self._own.now() < end:
            with contextlib.suppress(TimeoutError):
                self._say("stty -echo; PS1=; PS2=; echo he''re")
                self._until(rb"here\r?\n", 5.0)
                return
        raise BootError("the machine has no shell yet: it did not boot far enough")

    def run(self, command: str, timeout: float = 120.0) -> str:
        """Run a command; return what it said. Raises `BootError` if it fails, or has not ended in *timeout*.

        *timeout* is in the machine's own seconds.
        """
        self._heard = b""
        self._say(f"{{ {command}\n}} 2>&1; echo EN''D=$?=")
        said = self._until(rb"END=(\d+)=", timeout)
        text, _, status = said.decode(errors="replace").rpartition("END=")
        text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "").strip()
        if status.strip("=") != "0":
            raise BootError(f"in the machine, {command!r} failed: {text[-1500:]}")
        return text

    def _say(self, line: str) -> None:
        try:
            self._socket.sendall(f"{line}\n".encode())
        except (BrokenPipeError, ConnectionResetError) as exc:
            raise BootError("the machine went off, or started again by itself") from exc

    def _until(self, pattern: bytes, timeout: float) -> bytes:
        end = self._own.now() + timeout
        while True:
            found = re.search(pattern, self._heard)
            if found:
                said, self._heard = self._heard[: found.end()], self._heard[found.end() :]
                return said
            if self._own.now() > end:
                raise TimeoutError(f"nothing like {pattern!r} in {timeout:g} s: {self._heard[-500:]!r}")
            with contextlib.suppress(TimeoutError):
                self._heard += self._socket.recv(65536)

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()


@dataclass
class Machine:
    """The emulated machine, with the card in it."""

    card: Path
    outside: Outside
    folder: Path
    network: bool = True
    beside: Path | None = None
    """Another disk, on USB, which is there from power-on."""
    words: Sequence[str] = ()
    _process: "subprocess.Popen[bytes] | None" = None
    boots: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Give it power, and wait until it has booted far enough to be asked."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        shell, control = (self.folder / name for name in ("shell", "control"))
        self._process = subprocess.Popen(
            ["qemu-system-aarch64", *map(str, self._parts()), "-append", " ".join((*self._line(), *self.words)),
             "-chardev", f"socket,id=shell,path={shell},server=on,wait=off,logfile={self.folder / 'shell.log'}",
             "-qmp", f"unix:{control},server=on,wait=off", "-display", "none", "-no-reboot"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(self.folder / "qemu.log").open("wb"),
        )  # fmt: skip
        began = time.monotonic()
        while not control.exists() or not shell.exists():
            if self._process.poll() is not None or time.monotonic() - began > 30:
                raise BootError(f"qemu did not start: {(self.folder / 'qemu.log').read_text()[-1000:]}")
            time.sleep(0.1)
        self.own = OwnTime(Path(f"/proc/{self._process.pid}/task"))
        self.qmp, self.shell = Qmp(control), Shell(shell, self.own)
        if not self.network:
            self.link(up=False)
        try:
            self.shell.wait(BOOT)
        except BootError as exc:
            said = (self.folder / "serial.log").read_text(errors="replace")[-3000:]
            raise BootError(f"{exc}:\n{said}") from exc
        self.boots.append(time.monotonic() - began)
        # This shell is there before the journal is.
        there = "until journalctl -b -n 1 -q | grep -q .; do sleep 0.5; done"
        follow = f"{there}; exec journalctl -b -f -n all -u booth -o cat >/dev/{LOG}"
        self.shell.run(f"(setsid sh -c '{follow}' </dev/null >/dev/null 2>&1 &)")

    def _line(self) -> Sequence[str]:
        """Return the kernel's command line: the card's own, but for the consoles, and what is simulated."""
        own = run("mtype", "-i", self.firmware, "::cmdline.txt").split()
        return (
            *(word for word in own if not word.startswith("console=")), "console=ttyAMA0,115200",
            f"systemd.debug_shell={SHELL}", f"systemd.mask=serial-getty@{SHELL}.service",
            "vivid.n_devs=2", "vivid.node_types=0x1,0x1", "vivid.num_inputs=1,1", "vivid.input_types=0,0",
        )  # fmt: skip

    def _parts(self) -> Sequence[object]:
        """Return what the machine is made of, in QEMU's words."""
        return (
            "-M", "virt,gic-version=3", "-cpu", "cortex-a53", "-smp", "2", "-m", "1024",
            "-accel", "tcg,thread=multi,tb-size=512", "-kernel", self.outside.kernel, "-initrd", self.outside.initrd,
            "-dtb", self.outside.tree, "-drive", f"if=none,id=card,file={self.card},format=raw,cache=writethrough",
            "-device", "virtio-blk-pci,drive=card",
            "-device", f"virtio-gpu-pci,xres={SIZE[0]},yres={SIZE[1]}", "-device", "virtio-tablet-pci",
            "-device", "qemu-xhci,id=usb", "-device", "virtio-rng-pci",
            "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,id=nic",
            "-device", "virtio-serial-pci", "-serial", f"file:{self.folder / 'serial.log'}",
            "-device", "virtconsole,chardev=shell",
            "-chardev", f"file,id=log,path={self.folder / 'booth.log'}", "-device", "virtconsole,chardev=log",
            *self._beside(),
        )  # fmt: skip

    def _beside(self) -> Sequence[object]:
        if self.beside is None:
            return ()
        return (
            "-drive", f"if=none,id=beside,file={self.beside},format=raw,cache=writethrough",
            "-device", "usb-storage,drive=beside,bus=usb.0",
        )  # fmt: skip

    def cut(self) -> None:
        """Take the power away."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.qmp.close()
            self.shell.close()
            self._process = None

    def link(self, *, up: bool) -> None:
        """Plug the network in, or pull it."""
        self.qmp.ask("set_link", name="nic", up=up)

    def press(self) -> None:
        """Press the start button: the line goes to ground, and back."""
        self.shell.run(f"echo pull-down >{PINS}/sim_gpio18/pull; sleep 0.4; echo pull-up >{PINS}/sim_gpio18/pull")

    @property
    def firmware(self) -> str:
        """The partition that any computer can read, as mtools name it."""
        return f"{self.card}@@{FIRMWARE_AT}"

    @property
    def running(self) -> bool:
        """Whether it has power."""
        return self._process is not None

    def tap(self, point: tuple[int, int]) -> None:
        """Touch a pixel with the pointer."""
        self.qmp.tap(*point)

    @contextlib.contextmanager
    def touch_panel(self) -> Iterator[Callable[[tuple[int, int]], None]]:
        """Plug a touch panel in, and give what touches a pixel of it."""
        program = base64.b64encode((ROOT / "image/test-touch").read_bytes()).decode()
        self.shell.run(
            f"echo {program} | base64 -d >/run/touch; mkfifo /run/finger; "
            f"(setsid python3 /run/touch {SIZE[0]} {SIZE[1]} </run/finger >/run/touched 2>&1 &); exec 9>/run/finger; "
            "until grep -q ready /run/touched; do sleep 0.5; done"
        )

        def touch(point: tuple[int, int]) -> None:
            self.shell.run(f"echo {point[0]} {point[1]} >&9")

        try:
            yield touch
        finally:
            self.shell.run("exec 9>&-; rm /run/finger")

    def plug_keyboard(self) -> None:
        """Plug a USB keyboard in, and wait until the booth listens to it."""
        self.qmp.ask("device_add", driver="usb-kbd", id="keyboard", bus="usb.0")
        found = "$(grep -A 4 'QEMU USB Keyboard' /proc/bus/input/devices | grep -o 'event[0-9]*' | head -1)"
        booth = "/proc/$(systemctl show booth -p MainPID --value)/fd"
        self.shell.run(f'until test -n "{found}" && ls -l {booth} | grep -q "/{found}$"; do sleep 0.5; done')

    def keys(self, *chords: str) -> None:
        """Press keys, called as an American keyboard has them; ``"shift-y"`` is two at once."""
        for chord in chords:
            codes = [{"type": "qcode", "data": code} for code in chord.split("-")]
            self.qmp.ask("send-key", keys=codes)
            time.sleep(0.4)

    def plug_stick(self, image: Path) -> None:
        """Plug a USB stick in."""
        self.qmp.ask("blockdev-add", **{
            "node-name": "stick", "driver": "raw", "file": {"driver": "file", "filename": str(image)},
        })  # fmt: skip
        self.qmp.ask("device_add", driver="usb-storage", id="stick", drive="stick", bus="usb.0", removable=True)

    def unplug_stick(self) -> None:
        """Pull the stick, if there is one."""
        with contextlib.suppress(BootError):
            self.qmp.ask("device_del", id="stick")
        for _ in range(50):
            try:
                self.qmp.ask("blockdev-del", **{"node-name": "stick"})
            except BootError as exc:
                if "in use" not in str(exc):  # there was none
                    return
                time.sleep(0.2)
            else:
                return

    def led(self) -> bool:
        """Return whether the lamp is on."""
        return self.shell.run(f"cat {PINS}/sim_gpio7/value") == "1"

    def picture(self, into: Path) -> None:
        """Save what the screen shows."""
        into.parent.mkdir(parents=True, exist_ok=True)
        self.qmp.ask("screendump", filename=str(into), format="png")

    def said(self) -> str:
        """Return what the booth has written to its log, in this boot. Nobody in the machine is asked."""
        try:
            return (self.folder / "booth.log").read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def states(self) -> list[str]:
        """Return the states of visits that the booth has told so far, in this boot."""
        return re.findall(r'"visit\.state", "state": "([A-Za-z]+)"', self.said())

    def until_state(self, state: str, timeout: float = BOOT, *, after: int = 0) -> int:
        """Wait until the booth has told *state* after the first *after* ones; return how many it has told.

        Raises `BootError` if that does not come in *timeout*, in the machine's own seconds.
        """
        end = self.own.now() + timeout
        while True:
            told = self.states()
            if state in told[after:]:
                return len(told)
            if self.own.now() > end:
                raise BootError(f"the booth did not come to {state}; it told {told}:\n{self.said()[-3000:]}")
            time.sleep(0.2)


@dataclass
class Pi(Machine):
    """A Raspberry Pi 3B, as far as it is emulated: the card's own kernel, its device tree, its command line.

    It has neither a display nor a camera, and its pins cannot be pressed.
    """

    def _line(self) -> Sequence[str]:
        own = run("mtype", "-i", self.firmware, "::cmdline.txt").split()
        return (*own, "cma=64M", f"systemd.debug_shell={PI_SHELL}", f"systemd.mask=serial-getty@{PI_SHELL}.service")

    def _parts(self) -> Sequence[object]:
        return (
            "-M", "raspi3b", "-accel", "tcg,thread=multi,tb-size=512", "-kernel", self.outside.kernel,
            "-initrd", self.outside.initrd, "-dtb", self.outside.tree,
            "-drive", f"if=sd,file={self.card},format=raw,cache=writethrough",
            "-device", "usb-tablet", "-netdev", "user,id=net", "-device", "usb-net,netdev=net,id=nic",
            "-serial", f"file:{self.folder / 'serial.log'}", "-serial", "chardev:shell",
        )  # fmt: skip


def from_card(image: Path, into: Path) -> Outside:
    """Take the kernel, the early file system and the device tree of a Raspberry Pi 3B from the card, as it would."""
    into.mkdir(parents=True, exist_ok=True)
    card = f"{image}@@{FIRMWARE_AT}"
    names = run("mdir", "-b", "-i", card, "::").split()
    found = []
    for pattern in (r"::/vmlinuz", r"::/initrd", r"::/bcm2837-rpi-3-b\.dtb"):
        name = next((name for name in names if re.match(pattern, name)), None)
        if name is None:
            raise BootError(f"there is nothing like {pattern} on {image.name}: {' '.join(names)}")
        found.append(into / name.removeprefix("::/"))
        run("mcopy", "-n", "-o", "-i", card, name, found[-1])
    return Outside(*found)


def insert(image: Path, card: Path) -> Path:
    """Write the image to a card, and put that into the machine; return the card."""
    run("cp", "--sparse=always", image, card)
    with card.open("r+b") as file:
        file.truncate(CARD)
    return card
