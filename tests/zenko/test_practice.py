"""A Zenko to practise on: what it says at its start is all that somebody needs to come to a replicated picture."""

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from booth.cli import main
from tests.waiting import PATIENCE, until

CHECKOUT = Path(__file__).parents[2]
SERVE = (sys.executable, "-m", "lab.zenko.practice")
BUCKET = ("--sites", "aws,gcp,azure", "--location", "transient")


@dataclass
class Practice:
    """The command, running, and what it said at its start."""

    process: subprocess.Popen
    said: str

    @property
    def url(self):
        """Where it listens, as in a line of the settings."""
        return re.search(r'^ +endpoint_url = "(.*)"$', self.said, re.MULTILINE)[1]

    def exported(self, whose):
        """Return what the terminal of *whose* has in its environment, after the line for it."""
        line = re.search(rf"^In a terminal that is the {whose}'s:\n\n +export (.*)$", self.said, re.MULTILINE)[1]
        return dict(each.split("=", 1) for each in shlex.split(line))


@pytest.fixture
def practice():
    """Start the command, and wait until it serves; it is killed in the end, and its server goes with it."""
    with contextlib.ExitStack() as ends:

        def start(*options):
            process = subprocess.Popen(
                [*SERVE, "--port", "0", *options], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
            )
            ends.callback(process.stdout.close)
            ends.callback(process.wait, PATIENCE)
            ends.callback(process.kill)
            lines = []
            for line in process.stdout:
                lines.append(line)
                if line.startswith("Ctrl-C"):
                    break
            return Practice(process, "".join(lines))

        yield start


@pytest.fixture
def terminal(tmp_path, monkeypatch, capsys):
    """Give what a command says in somebody's terminal, at the settings that the practice's words make."""
    settings = tmp_path / "booth.toml"

    def run(at, whose, *argv):
        settings.write_text(f'[event]\nname = "Trial"\n[zenko]\nendpoint_url = "{at.url}"\n')
        with monkeypatch.context() as patch:
            for name in ("CREDENTIALS_DIRECTORY", "AWS_SESSION_TOKEN", "AWS_PROFILE", *os.environ):
                if name.startswith(("AWS_", "BOOTH_", "CREDENTIALS_")):
                    patch.delenv(name, raising=False)
            for name, value in at.exported(whose).items():
                patch.setenv(name, value)
            status = main([*argv, "--config", str(settings)])
        return status, capsys.readouterr().out

    return run


def test_its_words_lead_from_no_bucket_to_a_picture_at_all_sites(practice, terminal):
    at = practice("--pace", "0.2", "--blocked")
    _, said = terminal(at, "booth", "bucket", "check")
    assert "there is no bucket" in said
    number = re.search(r"--canonical-id ([0-9a-f]{64})", said)[1]
    status, said = terminal(at, "owner", "bucket", "create", "--canonical-id", number, *BUCKET)
    assert status == 0, said
    status, said = terminal(at, "booth", "bucket", "check", "--sites", "aws,gcp,azure")
    assert status == 0, said
    until(lambda: "COMPLETED" in terminal(at, "owner", "find")[1])


def test_copies_take_as_long_as_somebody_wants_to_watch(practice, terminal):
    at = practice("--pace", "1000000")
    _, said = terminal(at, "booth", "bucket", "check")
    number = re.search(r"--canonical-id ([0-9a-f]{64})", said)[1]
    terminal(at, "owner", "bucket", "create", "--canonical-id", number, *BUCKET)
    status, said = terminal(at, "booth", "bucket", "check", "--sites", "aws,gcp,azure")
    assert status == 1, "nobody blocks what begins with /_/"
    assert re.findall("^wrong +([a-z]+)", said, re.MULTILINE) == ["admin"]
    _, said = terminal(at, "owner", "find")
    assert "PENDING" in said
    assert "COMPLETED" not in said


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_asked_to_and_leaves_nobody_listening(practice, by):
    at = practice()
    at.process.send_signal(by)
    assert at.process.wait(PATIENCE) == 0
    there = urlsplit(at.url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((there.hostname, there.port), timeout=PATIENCE)


def test_a_port_that_is_taken_is_told_with_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*SERVE, "--port", port], cwd=CHECKOUT, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"zenko: port {port} is not to be had")
    assert done.stderr.endswith("take another with --port\n")
    assert not done.stdout
