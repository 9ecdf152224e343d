"""A machine's file system in a folder, and releases of the booth that are small enough to copy often."""

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
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout.splitlines(), done.stderr.splitlines())


@pytest.fixture(name="run")
def _run():
    return run


@pytest.fixture
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
