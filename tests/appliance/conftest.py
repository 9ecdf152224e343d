"""A machine's file system in a folder, and releases of the booth that are small enough to copy often."""

import errno
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass
class Outcome:
    """What a run left: its exit status, and its lines on both outputs."""

    status: int
    out: list[str]
    err: list[str]


def run(*argv: object, **environ: str) -> Outcome:
    """Run a program to its end, with nothing on its standard input."""
    done = subprocess.run(
        [str(word) for word in argv],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | environ,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout.splitlines(), done.stderr.splitlines())


@pytest.fixture(scope="session", name="run")
def _run():
    return run


@pytest.fixture(scope="session")
def made():
    """Make releases: a folder with what choose, launch and provision look for, and a booth that says who it is."""

    def make(folder: Path, version: str, says: str = "print('booth', *sys.argv[1:])") -> Path:
        booth = folder / "site" / "booth"
        booth.mkdir(parents=True)
        (booth / "__init__.py").write_text("")
        (booth / "__main__.py").write_text(f"import sys\n{says}\n")
        (folder / "VERSION").write_text(f"{version}\n")
        return folder

    return make


@pytest.fixture
def tree(tmp_path):
    """Return the root of a small Raspberry Pi's file system."""
    root = tmp_path / "tree"
    (root / "etc").mkdir(parents=True)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/bash\n")
    (root / "etc/group").write_text("root:x:0:\nvideo:x:44:\ninput:x:104:\nrender:x:105:\n")
    firmware = root / "boot/firmware"
    firmware.mkdir(parents=True)
    (firmware / "cmdline.txt").write_text(
        "console=serial0,115200 console=tty1 root=PARTUUID=5e3da3da-02 rootfstype=ext4 fsck.repair=yes rootwait quiet\n"
    )
    (firmware / "config.txt").write_text("dtparam=audio=on\n\n[all]\n")
    return root


class Recorder:
    """A machine that does what it is asked to, and remembers it."""

    def __init__(self):
        self.writable = False
        self.remounts = []
        self.hostname = ""
        self.absent = set()
        """Names of folders that are no partitions now."""
        self.chip = False
        """Whether it has one that seals."""
        self.locked = False
        """Whether a card cannot be made writable."""
        self.keys_made = 0

    def mounted(self, folder):
        return folder.name not in self.absent

    def remount(self, folder, *, writable):
        if self.locked:
            raise OSError(errno.EROFS, "Read-only file system")
        self.writable = writable
        self.remounts.append(writable)

    def set_hostname(self, name):
        self.hostname = name

    def make_host_key(self, file):
        self.keys_made += 1
        file.write_text(f"key {self.keys_made}")
        file.chmod(0o600)

    def seal(self, name, secret):
        return b"sealed:" + name.encode() + b":" + secret[::-1] if self.chip else None

    def unseal(self, name, sealed):
        prefix = b"sealed:" + name.encode() + b":"
        if not self.chip or not sealed.startswith(prefix):
            raise OSError(errno.EIO, "systemd-creds failed with status 1")
        return sealed.removeprefix(prefix)[::-1]


@pytest.fixture
def machine():
    return Recorder()
