"""Holds what the lab pretends of libcamera to the real one, and the booth's driver to picamera2 over that.

Debian's newest libcamera is fetched with its Python and all that both need, and unpacked into a folder of its own:
nothing is installed, and nobody must be root. `lab.rig.truth` runs in there, without a camera. Then the booth's driver
takes frames in there, of a handler of ours that is compiled and loaded beside it; see `lab.real_frames`.
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

from lab import ROOT, real_frames
from lab.rig.sensors import SENSORS

SUITE = "sid"
"""Debian's newest. Raspberry Pi OS follows libcamera closely; Debian's stable releases do not."""
PACKAGE = "python3-libcamera"
SOURCE, HEADERS = "libcamera", "libcamera-dev"
"""Debian's packages of what libcamera is made of, and of what is generated of that."""
TOOLS = {"apt-get": "apt", "apt-config": "apt", "dpkg-deb": "dpkg", "g++": "g++", "tar": "tar"}
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
    headers = [
        ["apt-get", "-q", *apt(where), "source", "--download-only", SOURCE],
        ["apt-get", "-q", *apt(where), "download", HEADERS],
    ]
    return [["apt-get", "-q", *apt(where), "update"], install, *headers]


def wheels(where: Path, version: str) -> list[str]:
    """Return the command that fetches Python packages for another Python, of the versions in our locks."""
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "install", "--no-deps", "--require-hashes"]
    foreign = ["--only-binary=:all:", "--implementation=cp", f"--python-version={version}", "--upgrade"]
    return [*pip, *foreign, f"--target={where}/site", f"--requirement={where}/wheels.txt"]


def locked(texts: list[str]) -> str:
    """Return the parts of lock files that name `WHEELS`, with their hashes."""
    parts = (part for text in texts for part in re.split(r"\n(?=\S)", text))
    return "".join(f"{part.rstrip()}\n" for part in parts if part.split("==")[0] in WHEELS)


def run(command: list[str], where: Path, fix: str = "check the network") -> None:
    """Run *command* in *where*; what it says goes to a log there. Raises `ImpossibleError`."""
    log = where / "log"
    with log.open("a", encoding="utf-8") as into:
        into.write(f"\n$ {' '.join(command)}\n")
        into.flush()
        done = subprocess.run(command, stdout=into, stderr=into, stdin=subprocess.DEVNULL, check=False, cwd=where)
    if done.returncode != 0:
        raise ImpossibleError(f"{Path(command[0]).name} failed: {fix}; the reason is at the end of {log}")


def fetch(where: Path) -> None:
    """Have all of it unpacked below *where*."""
    lacking = missing(shutil.which)
    if lacking:
        raise ImpossibleError(f"{', '.join(lacking)} must be installed first: this needs Debian, or what came of it")
    shutil.rmtree(where, ignore_errors=True)
    for name in ("lists/partial", "cache/archives/partial", "root", "headers/source"):
        (where / name).mkdir(parents=True)
    (where / "status").touch()
    asked = ["apt-get", "indextargets", "--format", "$(SITE)|$(ORIGIN)"]
    site = mirror(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    lines = (f"{kind} [signed-by={KEYRING}] {site} {SUITE} main\n" for kind in ("deb", "deb-src"))
    (where / "debian.list").write_text("".join(lines), "utf-8")
    for command in plan(where):
        run(command, where)
    for package in sorted((where / "cache" / "archives").glob("*.deb")):
        run(["dpkg-deb", "-x", str(package), f"{where}/root"], where)
    for package in where.glob(f"{HEADERS}_*.deb"):
        run(["dpkg-deb", "-x", str(package), f"{where}/headers"], where)
    for archive in where.glob(f"{SOURCE}_*.orig.tar.*"):
        run(["tar", "-xf", str(archive), "-C", "headers/source", "--strip-components=1"], where)
    (where / "wheels.txt").write_text(locked([(ROOT / lock).read_text("utf-8") for lock in LOCKS]), "utf-8")
    run(wheels(where, interpreter(where).name.removeprefix("python")), where)
    (where / "ready").touch()


def interpreter(where: Path) -> Path:
    """Return the Python that came with the binding."""
    found = sorted((where / "root" / "usr" / "bin").glob("python3.*[0-9]"))
    if not found:
        raise ImpossibleError(f"no Python came with {PACKAGE}: remove {where}, then run this again")
    return found[0]


def ask(where: Path, module: str, *argv: str, beside: str = "", **environ: str) -> dict[str, Any]:
    """Run a *module* of ours over what was fetched, with a library *beside* it; return its figures."""
    usr = where / "root" / "usr"
    loader = next(iter(usr.glob("lib*/**/ld-linux-*.so.*")), None)
    if loader is None:
        raise ImpossibleError(f"no C library came with {PACKAGE}: remove {where}, then run this again")
    paths = [where / "site", usr / "lib" / "python3" / "dist-packages", ROOT, *ROOT.glob(".venv/lib/*/site-packages")]
    environment = {
        **os.environ,
        "PYTHONHOME": str(usr),
        "PYTHONPATH": ":".join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LIBCAMERA_LOG_LEVELS": "*:FATAL",
        **environ,
    }
    preload = ["--preload", beside] if beside else []
    command = [
        str(loader),
        "--library-path",
        str(loader.parent),
        *preload,
        str(interpreter(where)),
        "-m",
        module,
        *argv,
    ]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        raise ImpossibleError(
            f"the driver did not run over the real libcamera (its words are above); all of it is in {where}"
        )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def frames(where: Path) -> dict[str, Any]:
    """Have the booth's driver take frames of a handler of ours; return what is to be said of them."""
    handler, sensors, told, folder = (where / name for name in ("handler.so", "sensors", "told", "frames"))
    libraries = [next(where.glob(f"root/usr/lib/*/{name}.so.*.*.*")) for name in ("libcamera", "libcamera-base")]
    run(real_frames.compiling(where / "headers", libraries, handler), where, "libcamera has changed what it is made of")
    sensors.write_text(real_frames.written(SENSORS.values()), "utf-8")
    told.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (silent := where / "silent").unlink(missing_ok=True)
    names = {"BOOTH_SENSORS": str(sensors), "BOOTH_TOLD": str(told), "BOOTH_SILENT": str(silent)}
    only = {"LIBCAMERA_PIPELINES_MATCH_LIST": "booth"}
    taken = ask(where, "lab.rig.taking", str(folder), beside=str(handler), **names, **only)
    judged = real_frames.judged(taken["taken"], told.read_text("utf-8").splitlines(), folder)
    return taken | judged | {"unsaid": real_frames.unsaid(taken["suffered"])}


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
    ]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Fetch what is not there, ask, and print; 1 if it cannot be done, descriptors leak, or a frame is not right."""
    parser = argparse.ArgumentParser(prog="scripts/real-camera", description=__doc__)
    parser.add_argument("--anew", action="store_true", help="fetch everything anew, the newest libcamera with it")
    parser.add_argument("--plan", action="store_true", help="print the commands that would fetch it, and do nothing")
    options = parser.parse_args(argv)
    where = folder(os.environ)
    if options.plan:
        print("\n".join(" ".join(command) for command in plan(where)))
        return 0
    try:
        if options.anew or not all((where / name).exists() for name in ("ready", "headers")):
            print(f"real-camera: fetching some 80 MB into {where}", file=sys.stderr)
            fetch(where)
        figures = ask(where, "lab.rig.truth")
        print(report(figures))
        taken = frames(where)
    except ImpossibleError as exc:
        print(f"real-camera: {exc}.", file=sys.stderr)
        return 1
    print("\n".join(real_frames.said(taken)))
    leaks = any(after > before for before, after in (figures["descriptors"], taken["descriptors"]))
    return int(leaks or any(taken[wrong] for wrong in ("stale", "astray", "unsaid")))


if __name__ == "__main__":
    sys.exit(main())
