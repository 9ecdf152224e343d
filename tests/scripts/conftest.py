"""A machine made of stubs: a checkout in a temporary folder, and a PATH on which every tool is ours to fail."""

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ORDINARY = [
    *("bash", "cat", "chmod", "cp", "dirname", "env", "flock", "git", "grep"),
    *("ln", "mkdir", "mv", "nproc", "rm", "sha256sum", "sync", "tail"),
]
"""Tools of any Debian, which the stubs stand beside as they are."""

PYTHON = """\
case "$*" in
    "-c import sys"*) echo "$FAKE_VERSION"; [[ $FAKE_VERSION != 3.9 ]] ;;
    "-c import ensurepip"*) exit "${FAKE_ENSUREPIP:-0}" ;;
    "-m venv"*) mkdir -p .venv/bin .venv/lib/python3.11/site-packages && cp "$0" .venv/bin/python ;;
    -V) echo "Python $FAKE_VERSION.0" ;;
    "-m pip"*) for line in {1..50}; do echo "a wall of pip"; done; eval "${FAKE_PIP:-}" ;;
    "-m pytest"*) eval "${FAKE_PYTEST:-}" ;;
    *"-m booth"*) echo '{"booth": "speaks"}' ;;
esac
"""
"""An interpreter that only remembers what it was asked, and makes virtual environments of itself."""


@dataclass
class Outcome:
    """What a run left: its exit status, and its lines on both outputs."""

    status: int
    out: list[str]
    err: list[str]


@dataclass
class Machine:
    """A checkout, and the only tools there are."""

    checkout: Path
    tools: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def calls(self) -> list[str]:
        """What the stubs were asked so far, with their arguments, in order."""
        path = self.tools / "calls"
        # `python -V` is how set-up looks whether all is in place; it is no work.
        return [] if not path.exists() else [call for call in path.read_text().splitlines() if not call.endswith(" -V")]

    @property
    def log(self) -> str:
        return (self.checkout / "build" / "setup.log").read_text()

    @property
    def brings_gm(self) -> str:
        """What an apt-get does that works."""
        return f'ln -sf "$0" "{self.tools}/gm"'

    def has(self, name: str, script: str = "") -> None:
        """Put the tool *name* on the PATH; *script* is bash. Each call of it is remembered."""
        tool = self.tools / name
        tool.write_text(f'#!/usr/bin/env bash\necho "${{0##*/}} $*" >>"{self.tools}/calls"\n{script}\n')
        tool.chmod(0o755)

    def lacks(self, name: str) -> None:
        """Take the tool *name* from the PATH."""
        (self.tools / name).unlink()

    def start(self, *argv: str) -> "subprocess.Popen[str]":
        """Start a script of the checkout."""
        return subprocess.Popen(
            [self.checkout / argv[0], *argv[1:]],
            env={"PATH": str(self.tools), "HOME": str(self.tools), "LANG": "C.UTF-8", **self.settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *argv: str) -> Outcome:
        """Run a script of the checkout to its end."""
        with self.start(*argv) as process:
            out, err = process.communicate(timeout=240)
        return Outcome(process.returncode, out.splitlines(), err.splitlines())


@pytest.fixture
def machine(tmp_path) -> Machine:
    """Return a machine on which set-up finds all it needs, root's, with a network."""
    machine = Machine(tmp_path / "a checkout", tmp_path / "tools")
    machine.tools.mkdir()
    shutil.copytree(ROOT / "scripts", machine.checkout / "scripts")
    shutil.copy(ROOT / ".gitignore", machine.checkout)
    for lock in ROOT.glob("requirements*.lock"):
        shutil.copy(lock, machine.checkout)
    for name in ORDINARY:
        real = shutil.which(name)
        assert real is not None, f"these tests need {name}"
        (machine.tools / name).symlink_to(real)
    machine.has("python3", PYTHON)
    brought = (
        "gm",
        "Xvfb",
        "xdotool",
        "espeak-ng",
        "ffmpeg",
        "systemd-analyze",
        "minisign",
        "ssh-keygen",
        "cpio",
        "unmkinitramfs",
        "zstd",
        "chromium-headless-shell",
        "cc",
    )
    for name in (*brought, "sudo"):
        machine.has(name)
    machine.has("apt-get", machine.brings_gm)
    machine.has("id", "echo 0")
    # Named, because Raspberry Pi OS would otherwise be asked for its own.
    machine.settings |= {"PYTHON": str(machine.tools / "python3"), "FAKE_VERSION": "3.11"}
    return machine
