"""Holds what the lab pretends of libcamera to the real one, and the booth's driver to picamera2 over that.

Debian's newest libcamera is fetched with its Python and all that both need, and unpacked into a folder of its own:
nothing is installed, nobody must be root, and nothing is built. `lab.rig.truth` runs in there.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lab import ROOT

SUITE = "sid"
"""Debian's newest. Raspberry Pi OS follows libcamera closely; Debian's stable releases do not."""
PACKAGE = "python3-libcamera"
TOOLS = {"apt-get": "apt", "apt-config": "apt", "dpkg-deb": "dpkg"}
"""Programs, and Debian's packages that bring them."""
WHEELS = ("numpy", "picamera2", "piexif", "pillow", "simplejpeg", "structlog", "videodev2")
"""Of our own locks: what picamera2 and the driver import that is built for one Python, or is not in `.venv`."""
LOCKS = ("requirements-dev.lock", "requirements-pi.lock")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class ImpossibleError(Exception):
    """It cannot be done here; the message says what to do."""


def folder(environment: Mapping[str, str]) -> Path:
    """Return where all of it is kept: outside the checkout, and free to be removed."""
    cache = environment.get("XDG_CACHE_HOME") or f"{environment.get('HOME', '/tmp')}/.cache"  # noqa: S108  nobody's home
    return Path(cache) / "booth" / "libcamera"


def missing(which: Callable[[str], str | None]) -> list[str]:
    """Return Debian's names of what brings the tools that are not here."""
    return sorted({package for tool, package in TOOLS.items() if which(tool) is None})


def mirror(targets: str) -> str:
    """Return where this machine has Debian's packages from, by what `apt-get indextargets` prints: site and origin."""
    for line in targets.splitlines():
        site, _, label = line.partition("|")
        if label == "Debian" and site and not site.endswith("-security"):
            return site
    raise ImpossibleError("this machine has no packages of Debian's own: run 'apt-get update', or run this on Debian")


def apt(where: Path) -> list[str]:
    """Return the options by which apt knows *where* only, and thinks that nothing is installed there."""
    return [
        f"-oDir::Etc::sourcelist={where}/debian.list",
        *("-oDir::Etc::sourceparts=/dev/null", "-oDir::Etc::preferences=/dev/null"),
        *("-oDir::Etc::preferencesparts=/dev/null", f"-oDir::State::lists={where}/lists"),
        *(f"-oDir::State::status={where}/status", f"-oDir::Cache={where}/cache"),
        *("-oAPT::Sandbox::User=", "-oAPT::Install-Recommends=false", "-oDebug::NoLocking=1"),
    ]


def plan(where: Path) -> list[list[str]]:
    """Return the commands that fetch what is needed, in their order."""
    install = ["apt-get", "-q", "-y", *apt(where), "install", "--download-only", PACKAGE]
    return [["apt-get", "-q", *apt(where), "update"], install]


def wheels(where: Path, version: str) -> list[str]:
    """Return the command that fetches Python packages for another Python, of the versions in our locks."""
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "install", "--no-deps", "--require-hashes"]
    foreign = ["--only-binary=:all:", "--implementation=cp", f"--python-version={version}", "--upgrade"]
    return [*pip, *foreign, f"--target={where}/site", f"--requirement={where}/wheels.txt"]


def locked(texts: list[str]) -> str:
    """Return the parts of lock files that name `WHEELS`, with their hashes."""
    parts = (part for text in texts for part in re.split(r"\n(?=\S)", text))
    return "".join(f"{part.rstrip()}\n" for part in parts if part.split("==")[0] in WHEELS)


def run(command: list[str], log: Path) -> None:
    """Run *command*; what it says goes to *log*. Raises `ImpossibleError`."""
    with log.open("a", encoding="utf-8") as into:
        into.write(f"\n$ {' '.join(command)}\n")
        into.flush()
        done = subprocess.run(command, stdout=into, stderr=into, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise ImpossibleError(f"{Path(command[0]).name} failed: check the network; the reason is at the end of {log}")


def fetch(where: Path) -> None:
    """Have all of it unpacked below *where*."""
    lacking = missing(shutil.which)
    if lacking:
        raise ImpossibleError(f"{', '.join(lacking)} must be installed first: this needs Debian, or what came of it")
    shutil.rmtree(where, ignore_errors=True)
    for name in ("lists/partial", "cache/archives/partial", "root"):
        (where / name).mkdir(parents=True)
    (where / "status").touch()
    asked = ["apt-get", "indextargets", "--format", "$(SITE)|$(ORIGIN)"]
    site = mirror(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    (where / "debian.list").write_text(f"deb [signed-by={KEYRING}] {site} {SUITE} main\n", "utf-8")
    for command in plan(where):
        run(command, where / "log")
    for package in sorted((where / "cache" / "archives").glob("*.deb")):
        run(["dpkg-deb", "-x", str(package), f"{where}/root"], where / "log")
    (where / "wheels.txt").write_text(locked([(ROOT / lock).read_text("utf-8") for lock in LOCKS]), "utf-8")
    run(wheels(where, interpreter(where).name.removeprefix("python")), where / "log")
    (where / "ready").touch()


def interpreter(where: Path) -> Path:
    """Return the Python that came with the binding."""
    found = sorted((where / "root" / "usr" / "bin").glob("python3.*[0-9]"))
    if not found:
        raise ImpossibleError(f"no Python came with {PACKAGE}: remove {where}, then run this again")
    return found[0]


def ask(where: Path) -> dict[str, Any]:
    """Run `lab.rig.truth` over what was fetched; return its figures."""
    usr = where / "root" / "usr"
    loader = next(iter(usr.glob("lib*/**/ld-linux-*.so.*")), None)
    if loader is None:
        raise ImpossibleError(f"no C library came with {PACKAGE}: remove {where}, then run this again")
    paths = [where / "site", usr / "lib" / "python3" / "dist-packages", ROOT, *ROOT.glob(".venv/lib/*/site-packages")]
    environment = os.environ | {
        "PYTHONHOME": str(usr),
        "PYTHONPATH": ":".join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LIBCAMERA_LOG_LEVELS": "*:FATAL",
    }
    command = [str(loader), "--library-path", str(loader.parent), str(interpreter(where)), "-m", "lab.rig.truth"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        raise ImpossibleError(
            f"the driver did not run over the real libcamera (its words are above); all of it is in {where}"
        )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def report(figures: Mapping[str, Any]) -> str:
    """Return the figures in sentences."""
    before, after = figures["descriptors"]
    unlike = figures["unlike"]
    alike = figures["names"] - len(unlike)
    lines = [
        f"libcamera {figures['libcamera']}, picamera2 {figures['picamera2']}, Python {figures['python']}: all real",
        f"names of the pretended libcamera that the real one has too: {alike} of {figures['names']}",
        *(f"  unlike: {one}" for one in unlike),
        f"openings without a camera: {figures['openings']}; open files before {before}, after {after}",
        *(f"  the booth said: {said}" for said in figures["said"]),
        "no frame was taken: there is no camera here, and no pipeline of Debian's can pretend one to picamera2",
    ]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Fetch what is not there, ask, and print; 1 if it cannot be done or descriptors leak."""
    parser = argparse.ArgumentParser(prog="scripts/real-camera", description=__doc__)
    parser.add_argument("--anew", action="store_true", help="fetch everything anew, the newest libcamera with it")
    parser.add_argument("--plan", action="store_true", help="print the commands that would fetch it, and do nothing")
    options = parser.parse_args(argv)
    where = folder(os.environ)
    if options.plan:
        print("\n".join(" ".join(command) for command in plan(where)))
        return 0
    try:
        if options.anew or not (where / "ready").exists():
            print(f"real-camera: fetching some 80 MB into {where}", file=sys.stderr)
            fetch(where)
        figures = ask(where)
    except ImpossibleError as exc:
        print(f"real-camera: {exc}.", file=sys.stderr)
        return 1
    print(report(figures))
    before, after = figures["descriptors"]
    return int(after > before)


if __name__ == "__main__":
    sys.exit(main())
