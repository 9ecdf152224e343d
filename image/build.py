"""Build the card image of a booth: see ``scripts/build-image --help``.

The law: nothing here needs a loop device, a mount in the builder's own tree, or a Raspberry Pi. The root file system is
made once and kept; what is put on top of it is made of this checkout, in about half a minute, and comes out the same,
bit for bit, from the same commit.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
IMAGE = ROOT / "image"

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "booth" / "image"
"""Where what is made or fetched once is kept: outside the checkout, so that a fresh clone has it too."""

MIB = 1 << 20
FIRST = 4 * MIB
"""Where the first partition begins: what cards erase at once is at most this large."""
FIRMWARE = 256 * MIB
DATA = 64 * MIB
"""The partition for visits as it is flashed; the first boot gives it the rest of the card."""
SIGN_OF_LIFE = 30.0
"""How long, in seconds, a long step goes on before it says how far it is."""

ICON = IMAGE / "booth.svg"
"""What Raspberry Pi Imager shows beside the name."""
DEVICES = (
    ("Raspberry Pi 4", "pi4-64bit", "Raspberry Pi 4 Model B, 400, and Compute Module 4"),
    ("Raspberry Pi 3", "pi3-64bit", "Raspberry Pi 3 Model A+, B and B+, Zero 2 W, and Compute Module 3"),
)
"""The machines an image is for: what Imager calls them, the tag that it knows them by, and which they are."""

TOOLS = {
    "mmdebstrap": "mmdebstrap", "mkfs.vfat": "dosfstools", "mcopy": "mtools", "mke2fs": "e2fsprogs",
    "sfdisk": "fdisk", "zstd": "zstd", "cpio": "cpio", "xz": "xz-utils", "unmkinitramfs": "initramfs-tools-core",
    "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu", "swig": "swig", "qemu-aarch64-static": "qemu-user-static",
}  # fmt: skip
"""What must be installed on the builder, and the Debian package that brings it."""
HEADERS = Path("/usr/aarch64-linux-gnu/include/stdio.h")
"""What the cross compiler needs beside itself."""


class BuildError(Exception):
    """The image cannot be built; the text says what to do."""


@dataclass(frozen=True)
class Flavour:
    """A kind of image: a row of ``image/flavours.toml``."""

    name: str
    about: str
    suite: str
    components: Sequence[str]
    archive: str
    python: str
    packages: Sequence[str]
    modules: Sequence[str]
    console: str

    @classmethod
    def read(cls, name: str) -> "Flavour":
        """Read the flavour *name* from the table."""
        table = tomllib.loads((IMAGE / "flavours.toml").read_text(encoding="utf-8"))
        shared, own = table["shared"], table[name]
        packages = (*shared["system"], *own["kernel"], *own["firmware"], *own["camera"], *shared["booth"])
        return cls(
            name, own["about"], own["suite"], own["components"], own["archive"], own["python"], packages,
            shared["modules"], own["console"],
        )  # fmt: skip


class Progress:
    """Says what is being done, and how long it took, on standard error."""

    def __init__(self) -> None:
        self._begun = self._said = time.monotonic()
        self.took: dict[str, float] = {}

    def say(self, text: str) -> None:
        """Say a line, with the time since the start."""
        print(f"build-image: {time.monotonic() - self._begun:6.1f} s  {text}", file=sys.stderr, flush=True)
        self._said = time.monotonic()

    def alive(self, far: Callable[[], str]) -> None:
        """Say how far a step is, unless something was said a moment ago."""
        if time.monotonic() - self._said >= SIGN_OF_LIFE:
            self.say(f"  {far()}")

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Say what begins, and remember how long it took."""
        self.say(text)
        began = time.monotonic()
        yield
        self.took[text] = round(time.monotonic() - began, 1)


def run(
    *argv: object,
    cwd: Path | None = None,
    log: Path | None = None,
    progress: Progress | None = None,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Run a program to its end; with *log* and *progress*, say the log's last line now and then.

    Raises `BuildError` with the program's last words if it fails.
    """
    with log.open("a+b") if log else tempfile.TemporaryFile() as out:
        with subprocess.Popen(
            [str(word) for word in argv], cwd=cwd, env={**os.environ, **environ}, stdin=subprocess.DEVNULL,
            stdout=out, stderr=subprocess.STDOUT,
        ) as child:  # fmt: skip
            status = wait(child, progress, lambda: last_words(out, 200).strip().rpartition("\n")[2][-100:])
        if status:
            where = f" (all of it is in {log})" if log else ""
            raise BuildError(f"{argv[0]} failed{where}:\n{last_words(out, 2000)}")


def wait(child: "subprocess.Popen[bytes]", progress: Progress | None, far: Callable[[], str]) -> int:
    """Wait for the end of a program, and say now and then how far it is; return its exit status."""
    while True:
        try:
            return child.wait(timeout=1.0 if progress else None)
        except subprocess.TimeoutExpired:
            if progress:
                progress.alive(far)


def last_words(file: BinaryIO, most: int) -> str:
    """Return the end of what was written to a file, at *most* so many bytes."""
    return os.pread(file.fileno(), most, max(0, os.fstat(file.fileno()).st_size - most)).decode(errors="replace")


def helper() -> list[str]:
    """Return what a command is run under, so that files may belong to others than whoever builds."""
    return [] if os.geteuid() == 0 else ["mmdebstrap", "--unshare-helper"]


# ---- the root file system: made once, kept


def mirrors() -> tuple[str, str]:
    """Return this builder's own addresses of Debian and of its security updates."""
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)", "Created-By: Packages", "Origin: Debian"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = dict(line.split("|", 1) for line in done.stdout.splitlines() if "|" in line)
    if "Debian" not in found:
        raise BuildError("apt knows no Debian on this machine: run apt-get update, or name a mirror with --mirror")
    return found["Debian"], found.get("Debian-Security", "")


def sources(flavour: Flavour, mirror: str, security: str, archive: str) -> list[str]:
    """Return the lines of apt's sources for the build."""
    parts = " ".join(flavour.components)
    lines = [f"deb {mirror} {flavour.suite} {parts}", f"deb {mirror} {flavour.suite}-updates {parts}"]
    if security:
        lines.append(f"deb {security} {flavour.suite}-security {parts}")
    if archive:
        lines.append(f"deb {archive} {flavour.suite} main")
    return lines


def recipe(flavour: Flavour) -> list[str]:
    """Return how mmdebstrap makes the root file system: all that shapes it, and so the key of the kept one."""
    early = "\n".join(flavour.modules)
    return [
        "--variant=minbase",
        "--architectures=arm64",
        f"--include={','.join(flavour.packages)}",
        '--aptopt=APT::Install-Recommends "false"',
        '--aptopt=Acquire::Languages "none"',
        "--dpkgopt=force-unsafe-io",
        "--dpkgopt=force-confold",
        "--dpkgopt=force-confdef",
        *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("man", "locale", "doc", "info", "lintian")),
        "--dpkgopt=path-include=/usr/share/doc/*/copyright",
        # Small files of our own, before the packages that read them. An fstab must be there before the initramfs is
        # made, or it will not check the root; a firmware without these defaults guesses where the root is.
        '--setup-hook=mkdir -p "$1/boot/firmware" "$1/etc/default" "$1/etc/initramfs-tools/conf.d"',
        "--setup-hook=printf 'LABEL=booth-root / ext4 ro 0 1\\n' >\"$1/etc/fstab\"",
        "--setup-hook=printf 'start_x=1\\ngpu_mem=128\\n' >\"$1/etc/default/raspi-firmware-custom\"",
        "--setup-hook=printf 'MODULES=list\\nCOMPRESS=zstd\\n' >\"$1/etc/initramfs-tools/conf.d/booth\"",
        f"--setup-hook=printf '%s\\n' '{early}' >\"$1/etc/initramfs-tools/modules\"",
        # Both are run for many packages, for minutes each under emulation, and once is enough: at the end.
        (
            '--essential-hook=for f in usr/sbin/update-initramfs usr/bin/systemd-hwdb; do '
            'chroot "$1" dpkg-divert --local --rename --add "/$f"; printf "#!/bin/sh\\n" >"$1/$f"; '
            'chmod +x "$1/$f"; done'
        ),
        (
            '--customize-hook=for f in usr/sbin/update-initramfs usr/bin/systemd-hwdb; do '
            'rm "$1/$f"; chroot "$1" dpkg-divert --local --rename --remove "/$f"; done'
        ),
        '--customize-hook=sed -i "s#^\\#*ROOTPART=.*#ROOTPART=LABEL=booth-root#" "$1/etc/default/raspi-firmware"',
        '--customize-hook=chroot "$1" update-initramfs -c -k all',
        # The headers that the pins' library is compiled against, for another machine's Python.
        f'--customize-hook=chroot "$1" sh -c "cd /tmp && apt-get download libpython{flavour.python}-dev"',
        '--customize-hook=mkdir -p "$1/usr/share/booth" && mv "$1"/tmp/libpython*.deb "$1/usr/share/booth/headers.deb"',
        (
            '--customize-hook=chroot "$1" dpkg-query -W '
            "-f '${Package}\\t${Version}\\t${Architecture}\\t${Installed-Size}\\n' "
            '>"$1/usr/share/booth/packages.tsv"'
        ),
    ]  # fmt: skip


def root_file_system(flavour: Flavour, cache: Path, lines: list[str], progress: Progress) -> Path:
    """Return a tar of the root file system, made if it is not kept."""
    steps = recipe(flavour)
    key = hashlib.sha256("\0".join([flavour.suite, *flavour.components, *steps]).encode()).hexdigest()[:16]
    kept = cache / f"root-{flavour.name}-{key}.tar"
    if kept.exists():
        progress.say(f"the root file system is kept: {kept.name}")
        return kept
    part, log = kept.with_suffix(".part.tar"), cache / f"root-{flavour.name}.log"
    log.unlink(missing_ok=True)
    mode = "root" if os.geteuid() == 0 else "unshare"
    with progress.step(f"making the root file system: a quarter of an hour or more, once ({log} tells how far it is)"):
        command = ["mmdebstrap", "--verbose", f"--mode={mode}", *steps, flavour.suite, part, *lines]
        run(*command, log=log, progress=progress)
    os.sync()
    part.rename(kept)
    return kept


# ---- what is put on top of it: this checkout


def pins(flavour: Flavour, headers: Path, cache: Path, progress: Progress) -> Path:
    """Return a folder with the library of the pins, which no index has for this Python and processor."""
    how = hashlib.sha256((IMAGE / "pins").read_bytes()).hexdigest()[:8]
    folder = cache / f"pins-{flavour.python}-{how}"
    if not folder.exists():
        with progress.step("compiling the library of the pins"):
            run(IMAGE / "pins", flavour.python, headers, folder)
    return folder


def native_python(flavour: Flavour, tree: Path, named: str) -> str:
    """Return a Python of this machine whose byte code the image's Python reads, or nothing if there is none.

    Byte code is the same for every processor, and begins with a number that tells which Pythons read it; the image's
    own library has it. Raises `BuildError` if the one that was *named* writes another.
    """
    wanted = next(tree.glob(f"usr/lib/python{flavour.python}/__pycache__/os.*.pyc")).read_bytes()[:4].hex()
    for candidate in [named] if named else [f"python{flavour.python}", sys.executable]:
        try:
            said = subprocess.run(
                [candidate, "-c", "import importlib.util; print(importlib.util.MAGIC_NUMBER.hex())"],
                capture_output=True, text=True, check=False, timeout=30,
            )  # fmt: skip
        except OSError:
            continue
        if said.stdout.strip() == wanted:
            return candidate
    if named:
        raise BuildError(f"{named} is no Python {flavour.python}, which the image has: name another one with --python")
    return ""


@dataclass(frozen=True)
class Made:
    """An image, and what is known of it."""

    image: Path
    version: str
    epoch: int
    """The time that every file in it has, seconds since 1970: that of the commit it was made from."""


def commit_time() -> int:
    """Return when the commit was made that is built, so that the same commit makes the same image."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    done = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )
    return int(done.stdout.strip() or 0) or int(time.time())


def assemble(flavour: Flavour, tar: Path, cache: Path, work: Path, out: Path, python: str, progress: Progress) -> Made:
    """Put this checkout on top of the root file system, in the folder *work*, and make the image of both."""
    epoch = commit_time()
    environ = {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    run(*helper(), "rm", "-rf", work)
    work.mkdir()
    tree = work / "tree"
    with progress.step("unpacking the root file system"):
        tree.mkdir()
        run(*helper(), "tar", "--numeric-owner", "--xattrs", "-xf", tar, "-C", tree)
    extra = pins(flavour, tree / "usr/share/booth/headers.deb", cache, progress)
    with progress.step("making the release"):
        run(ROOT / "scripts/release", "--out", work / "release", "--target", f"{flavour.python}-aarch64",
            "--with", extra, log=work / "release.log", progress=progress)  # fmt: skip
    version = (work / "release/VERSION").read_text().strip()
    native = native_python(flavour, tree, python)
    compiler = native or f"the image's own Python, emulated and slow: no python{flavour.python} is here (--python)"
    with progress.step(f"making it a booth; byte code by {compiler}"):
        run(*helper(), IMAGE / "populate", tree, work / "release", flavour.console, str(epoch), native,
            log=work / "populate.log", progress=progress, environ=environ)  # fmt: skip
    image = out / f"booth-{version}-{flavour.name}.img"
    out.mkdir(parents=True, exist_ok=True)
    with progress.step("making the partitions"):
        parts = work / "parts"
        parts.mkdir()
        run(*helper(), IMAGE / "partitions", tree, parts, str(FIRMWARE), str(DATA),
            log=work / "partitions.log", progress=progress, environ=environ)  # fmt: skip
        glue(parts, image)
    write_json(bill_of_materials(flavour, tree, version, epoch), image.with_suffix(".cdx.json"))
    run(*helper(), "rm", "-rf", work)
    return Made(image, version, epoch)


def glue(parts: Path, image: Path) -> None:
    """Write the partition table, and the partitions behind it."""
    firmware, root, data = (parts / f"{name}.img" for name in ("firmware", "root", "data"))
    starts, at = [], FIRST
    for part in (firmware, root, data):
        starts.append(at)
        at += -(-part.stat().st_size // MIB) * MIB
    aside = image.with_suffix(".part")
    with aside.open("wb") as file:
        file.truncate(at)
    kinds = ("c, bootable", "83", "83")
    table = "\n".join(
        f"start={start // 512}, size={part.stat().st_size // 512}, type={kind}"
        for start, part, kind in zip(starts, (firmware, root, data), kinds, strict=True)
    )
    done = subprocess.run(
        ["sfdisk", "-q", "--no-reread", "--no-tell-kernel", aside],
        input=f"label: dos\nlabel-id: 0xb0074b00\nunit: sectors\n{table}\n".encode(),
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BuildError(f"sfdisk failed:\n{done.stderr.decode()}")
    for start, part in zip(starts, (firmware, root, data), strict=True):
        run("dd", f"if={part}", f"of={aside}", "bs=1M", f"seek={start // MIB}", "conv=notrunc,sparse", "status=none")
    aside.rename(image)


def check_reproducible(flavour: Flavour, tar: Path, cache: Path, made: Made, python: str, progress: Progress) -> None:
    """Assemble the image again, in other folders. Raises `BuildError` with what differs if it is not the same."""
    elsewhere = cache / "elsewhere"
    progress.say("once more, elsewhere, to compare")
    # Not the seconds of this one: those that are told are of the image that is handed out.
    took = dict(progress.took)
    again = assemble(flavour, tar, cache, cache / "work-elsewhere", elsewhere, python, progress)
    progress.took = took
    with progress.step("comparing"):
        done = subprocess.run(
            [sys.executable, ROOT / "image/compare.py", made.image, again.image],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise BuildError(f"the second image, {again.image}, is not the first:\n{done.stdout}{done.stderr}")
        run("cmp", made.image.with_suffix(".cdx.json"), again.image.with_suffix(".cdx.json"))
    shutil.rmtree(elsewhere)
    progress.say("both images are the same, bit for bit")


# ---- what is handed out


def write_json(value: object, path: Path) -> None:
    """Write *value* for other programs to read, and for people."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def bill_of_materials(flavour: Flavour, tree: Path, version: str, epoch: int) -> dict[str, Any]:
    """Return what the image is made of as CycloneDX 1.6: Debian's packages, and the Python packages of the release."""
    parts = []
    for line in (tree / "usr/share/booth/packages.tsv").read_text().splitlines():
        name, number, machine, _size = line.split("\t")
        about = f"?arch={machine}&distro=debian-{flavour.suite}"
        parts.append((name, number, f"pkg:deb/debian/{quote(name, safe='')}@{quote(number, safe='')}{about}"))
    for file in (tree / "opt/booth/release/site").glob("*.dist-info/METADATA"):
        head = HeaderParser().parsestr(file.read_text(encoding="utf-8"))
        name, number = str(head["Name"]), str(head["Version"])
        parts.append((name, number, f"pkg:pypi/{name.lower().replace('_', '-')}@{quote(number, safe='')}"))
    booth = {"type": "firmware", "bom-ref": "booth", "name": "booth", "version": f"{version}-{flavour.name}"}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)), "component": booth},
        "components": [
            {"type": "library", "bom-ref": purl, "name": name, "version": number, "purl": purl}
            for name, number, purl in sorted(parts, key=lambda part: part[2])
        ],
    }


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum(path: Path) -> Path:
    """Write the checksum of a file beside it, as `sha256sum -c` reads it."""
    beside = path.with_name(f"{path.name}.sha256")
    beside.write_text(f"{digest(path)}  {path.name}\n")
    return beside


def compress(image: Path, way: str, progress: Progress) -> Path:
    """Compress an image beside itself; return the path."""
    size = image.stat().st_size
    # Two threads at least: what more of them write is the same, but not what one would.
    threads = f"-T{max(2, os.cpu_count() or 2)}"
    ways = {"xz": ["xz", "-6", threads], "zst": ["zstd", "-q", "-12", threads, f"--stream-size={size}"]}
    path = image.with_name(f"{image.name}.{way}")
    aside = path.with_name(f"{path.name}.part")
    with (
        image.open("rb") as file,
        aside.open("wb") as out,
        subprocess.Popen([*ways[way], "-c"], stdin=file, stdout=out) as child,
    ):
        # How far it has read is known here, too: the file is open once for both.
        status = wait(child, progress, lambda: f"{os.lseek(file.fileno(), 0, os.SEEK_CUR) * 100 // size} %")
    if status:
        raise BuildError(f"{ways[way][0]} failed: it said why above")
    aside.rename(path)
    return path


def os_list(flavour: Flavour, made: Made, download: Path, base: str) -> dict[str, Any]:
    """Return what Raspberry Pi Imager reads of an image that is downloaded from the address *base*."""
    # Newer Imagers go no further unless a device was chosen, and know none but those that a list brings.
    devices = [
        {"name": name, "tags": [tag], "description": about, "icon": "", "matching_type": "exclusive"}
        for name, tag, about in DEVICES
    ]
    return {"imager": {"devices": devices}, "os_list": [{
        "name": f"Booth {made.version} ({flavour.name})",
        "description": flavour.about,
        "icon": f"{base}/{ICON.name}",
        "url": f"{base}/{quote(download.name)}",
        "release_date": time.strftime("%Y-%m-%d", time.gmtime(made.epoch)),
        "extract_size": made.image.stat().st_size,
        "extract_sha256": digest(made.image),
        "image_download_size": download.stat().st_size,
        "image_download_sha256": digest(download),
        "devices": [tag for _, tag, _ in DEVICES],
        # All that could be asked is in files on the card.
        "init_format": "none",
        "architecture": "armv8",
    }]}  # fmt: skip


def hand_out(flavour: Flavour, made: Made, ways: Sequence[str], url: str | None, progress: Progress) -> list[Path]:
    """Compress the image; write checksums, and what Raspberry Pi Imager reads. Return all there is."""
    folder = made.image.parent
    files = [made.image]
    for way in ways:
        with progress.step(f"compressing ({way})"):
            files.append(compress(made.image, way, progress))
    files.append(made.image.with_suffix(".cdx.json"))
    sums = [checksum(path) for path in files]
    if ways:
        shutil.copyfile(ICON, folder / ICON.name)
        # Every Imager reads xz, and only newer ones zstd.
        download = made.image.with_name(f"{made.image.name}.{'xz' if 'xz' in ways else ways[0]}")
        base = (url or folder.resolve().as_uri()).rstrip("/")
        write_json(os_list(flavour, made, download, base), folder / "os_list.json")
        files += [folder / ICON.name, folder / "os_list.json"]
    return files + sums


def absolute(url: str) -> str:
    """Return an address that Imager can download from. Raises `argparse.ArgumentTypeError` if it is none."""
    if not url.startswith(("https://", "http://", "file:///")):
        raise argparse.ArgumentTypeError("it must begin with https://, http:// or file:///")
    return url


def main() -> int:
    """Build; return the exit status."""
    parser = argparse.ArgumentParser(prog="build-image", description="Build the card image of a booth.")
    parser.add_argument("--flavour", choices=("debian", "raspios"), default="debian")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "image", help="where the image goes")
    parser.add_argument("--cache", type=Path, default=CACHE, help="what is made once")
    parser.add_argument("--mirror", default="", help="the address of Debian; else this machine's own")
    parser.add_argument("--archive", default="", help="the address of the flavour's own packages")
    parser.add_argument("--compress", choices=("both", "xz", "zst", "none"), default="both")
    parser.add_argument("--url", type=absolute, help="the address that the files will be under; else the folder's own")
    parser.add_argument("--python", default="", help="a Python of the image's version; else it is looked for on PATH")
    parser.add_argument("--check-reproducible", action="store_true", help="assemble a second time, and compare")
    arguments = parser.parse_args()
    cache, out, python = arguments.cache, arguments.out, arguments.python
    progress = Progress()
    # Makers of file systems are where whoever is not root does not look.
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    try:
        missing = sorted({package for tool, package in TOOLS.items() if shutil.which(tool) is None})
        if not HEADERS.exists():
            missing.append("libc6-dev-arm64-cross")
        if missing:
            raise BuildError(f"{' '.join(missing)} must be installed first: scripts/setup --image does it")
        flavour = Flavour.read(arguments.flavour)
        if flavour.archive != "debian" and not arguments.archive:
            raise BuildError(f"{flavour.name} needs --archive: the address of the archive that has its kernel")
        mirror, security = (arguments.mirror, "") if arguments.mirror else mirrors()
        cache.mkdir(parents=True, exist_ok=True)
        tar = root_file_system(flavour, cache, sources(flavour, mirror, security, arguments.archive), progress)
        made = assemble(flavour, tar, cache, cache / "work", out, python, progress)
        if arguments.check_reproducible:
            check_reproducible(flavour, tar, cache, made, python, progress)
        ways = {"both": ("xz", "zst"), "none": ()}.get(arguments.compress, (arguments.compress,))
        files = hand_out(flavour, made, ways, arguments.url, progress)
        progress.say("done")
        for path in files:
            print(f"{path.stat().st_size / 1e6:9.1f} MB  {path}")
        print(json.dumps({"seconds": progress.took}))
    except BuildError as exc:
        print(f"build-image: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
