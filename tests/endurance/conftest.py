"""The commands that take long: as modules whose judgement can be tried, and as commands that are run for a while."""

import os
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def command(tmp_path):
    """Run a command of the lab, its temporary files in a folder of this test's own; return status, output and errors.

    Booths that are killed measure no coverage, and those that are watched should need what they need.
    """

    def run(*argv: str):
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        ended = subprocess.run(
            [CHECKOUT / "scripts" / argv[0], *argv[1:]],
            cwd=CHECKOUT, env=environ | {"TMPDIR": str(tmp_path)}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=600, check=False,
        )  # fmt: skip
        return ended.returncode, ended.stdout.splitlines(), ended.stderr.splitlines()

    return run
