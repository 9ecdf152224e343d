"""The scripts that take long: as modules whose judgement can be tried, and as commands that are run for a while."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script():
    """Return what imports a script by its name."""
    before = set(sys.modules)
    sys.path.insert(0, str(CHECKOUT / "scripts"))
    yield importlib.import_module
    sys.path.remove(str(CHECKOUT / "scripts"))
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == CHECKOUT / "scripts":
            del sys.modules[name]


@pytest.fixture
def command(tmp_path):
    """Run a script, its temporary files in a folder of this test's own; return status, lines of output and of errors.

    Booths that are killed measure no coverage, and those that are watched should need what they need.
    """

    def run(*argv: str):
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        ended = subprocess.run(
            [sys.executable, str(CHECKOUT / "scripts" / f"{argv[0]}.py"), *argv[1:]],
            cwd=CHECKOUT, env=environ | {"TMPDIR": str(tmp_path)}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=170, check=False,
        )  # fmt: skip
        return ended.returncode, ended.stdout.splitlines(), ended.stderr.splitlines()

    return run
