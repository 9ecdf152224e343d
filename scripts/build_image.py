"""Build the card image of a booth: see ``scripts/build-image --help``.

The law: nothing here needs a loop device, a mount in the builder's own tree, or a Raspberry Pi. The root file system is
made once and kept; what is put on top of it is made of this checkout, in about a minute, and comes out the same, bit
for bit, from the same tree.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMAGE = ROOT / "scripts" / "image"

MIB = 1 << 20
FIRST = 4 * MIB
"""Where the first partition begins: what cards erase at once is at most this large."""
FIRMWARE = 256 * MIB
DATA = 64 * MIB
"""The partition for visits as it is flashed; the first boot gives it the rest of the card."""

TOOLS = {
    "mmdebstrap": "mmdebstrap", "mkfs.vfat": "dosfstools", "mcopy": "mtools", "mke2fs": "e2fsprogs",
    "sfdisk": "fdisk", "zstd": "zstd", "xz": "xz-utils", "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu",
    "swig": "swig", "qemu-aarch64-static": "qemu-user-static",
}  # fmt: skip
"""What must be installed on the builder, and the Debian package that brings it."""
HEADERS = Path("/usr/aarch64-linux-gnu/include/stdio.h")
"""What the cross compiler needs beside itself."""


class BuildError(Exception):
    """The image cannot be built; the text says what to do."""


@dataclass(frozen=True)
class Flavour:
    """A kind of image: a row of ``scripts/image/flavours.toml``."""

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
        self._begun = time.monotonic()
        self.took: dict[str, float] = {}

    def say(self, text: str) -> None:
        """Say a line, with the time since the start."""
        print(f"build-image: {time.monotonic() - self._begun:6.1f} s  {text}", file=sys.stderr, flush=True)

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Say what begins, and remember how long it took."""
        self.say(text)
        began = time.monotonic()
        yield
        self.took[text] = round(time.monotonic() - began, 1)


def run(*argv: object, cwd: Path | None = None, log: Path | None = None, **environ: str) -> None:
    """Run a program to its end. Raises `BuildError` with its last words if it fails."""
    out = log.open("ab") if log else subprocess.PIPE
    try:
        done = subprocess.run(
            [str(word) for word in argv], cwd=cwd, env=os.environ | environ, stdin=subprocess.DEVNULL,
            stdout=out, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    finally:
        if log:
            out.close()  # type: ignore[union-attr]
    if done.returncode:
        said = log.read_bytes()[-2000:] if log else done.stdout[-2000:]
        where = f" (all of it is in {log})" if log else ""
        raise BuildError(f"{argv[0]} failed{where}:\n{said.decode(errors='replace')}")


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
        run("mmdebstrap", f"--mode={mode}", *steps, flavour.suite, part, *lines, log=log)
    os.sync()
    part.rename(kept)
    return kept


# ---- what is put on top of it: this checkout


def pins(flavour: Flavour, headers: Path, cache: Path, progress: Progress) -> Path:
    """Return a folder with the library of the pins, which no index has for this Python and processor."""
    folder = cache / f"pins-{flavour.python}"
    if not folder.exists():
        with progress.step("compiling the library of the pins"):
            run(IMAGE / "pins", flavour.python, headers, folder)
    return folder


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


def assemble(flavour: Flavour, tar: Path, cache: Path, out: Path, progress: Progress) -> Made:
    """Put this checkout on top of the root file system, and make the image of both."""
    epoch = commit_time()
    environ = {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    work = cache / "work"
    run(*helper(), "rm", "-rf", work)
    work.mkdir()
    tree = work / "tree"
    with progress.step("unpacking the root file system"):
        tree.mkdir()
        run(*helper(), "tar", "--numeric-owner", "--xattrs", "-xf", tar, "-C", tree)
    extra = pins(flavour, tree / "usr/share/booth/headers.deb", cache, progress)
    with progress.step("making the release"):
        run(ROOT / "scripts/release", "--out", work / "release", "--target", f"{flavour.python}-aarch64",
            "--with", extra, log=work / "release.log")  # fmt: skip
    version = (work / "release/VERSION").read_text().strip()
    with progress.step("making it a booth"):
        run(*helper(), IMAGE / "populate", tree, work / "release", flavour.console, str(epoch),
            log=work / "populate.log", **environ)  # fmt: skip
    image = out / f"booth-{version}-{flavour.name}.img"
    out.mkdir(parents=True, exist_ok=True)
    with progress.step("making the partitions"):
        parts = work / "parts"
        parts.mkdir()
        run(*helper(), IMAGE / "partitions", tree, parts, str(FIRMWARE), str(DATA),
            log=work / "partitions.log", **environ)  # fmt: skip
        glue(parts, image)
    shutil.copy(tree / "usr/share/booth/packages.tsv", out / f"{image.stem}.packages.tsv")
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


# ---- what is handed out


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hand_out(flavour: Flavour, made: Made, compress: str, progress: Progress) -> list[Path]:
    """Compress the image; write checksums, the list of packages, and what Raspberry Pi Imager reads."""
    ways = {
        "zst": ["zstd", "-q", "-f", "-T0", "-12", "--keep"],
        "xz": ["xz", "-f", "-T0", "-6", "--keep", "--check=crc64"],
    }
    files = []
    for way in ("zst", "xz") if compress == "both" else [compress] if compress in ways else []:
        with progress.step(f"compressing ({way})"):
            run(*ways[way], made.image)
            files.append(Path(f"{made.image}.{way}"))
    packages = made.image.parent / f"{made.image.stem}.packages.tsv"
    whole = digest(made.image)
    if files:
        best = min(files, key=lambda path: path.stat().st_size)
        (made.image.parent / "os_list.json").write_text(json.dumps({"os_list": [{
            "name": f"Booth {made.version} ({flavour.name})",
            "description": flavour.about,
            "url": best.name,
            "release_date": time.strftime("%Y-%m-%d", time.gmtime(made.epoch)),
            "extract_size": made.image.stat().st_size,
            "extract_sha256": whole,
            "image_download_size": best.stat().st_size,
            "image_download_sha256": digest(best),
            "devices": ["pi3-64bit", "pi4-64bit"],
            "init_format": "none",
        }]}, indent=2) + "\n")  # fmt: skip
        files.append(made.image.parent / "os_list.json")
    sums = made.image.parent / f"{made.image.stem}.sha256"
    lines = [f"{whole}  {made.image.name}", *(f"{digest(path)}  {path.name}" for path in [*files, packages])]
    sums.write_text("\n".join(lines) + "\n")
    return [made.image, *files, packages, sums]


def main() -> int:
    """Build; return the exit status."""
    parser = argparse.ArgumentParser(prog="build-image", description="Build the card image of a booth.")
    parser.add_argument("--flavour", choices=("debian", "raspios"), default="debian")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "image", help="where the image goes")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "image-cache", help="what is made once")
    parser.add_argument("--mirror", default="", help="the address of Debian; else this machine's own")
    parser.add_argument("--archive", default="", help="the address of the flavour's own packages")
    parser.add_argument("--compress", default="zst", help="zst, xz, both or none")
    arguments = parser.parse_args()
    progress = Progress()
    try:
        missing = sorted({package for tool, package in TOOLS.items() if shutil.which(tool) is None})
        if not HEADERS.exists():
            missing.append("libc6-dev-arm64-cross")
        if missing:
            raise BuildError(f"{' '.join(missing)} must be installed first: apt-get install {' '.join(missing)}")
        flavour = Flavour.read(arguments.flavour)
        if flavour.archive != "debian" and not arguments.archive:
            raise BuildError(f"{flavour.name} needs --archive: the address of the archive that has its kernel")
        mirror, security = (arguments.mirror, "") if arguments.mirror else mirrors()
        arguments.cache.mkdir(parents=True, exist_ok=True)
        tar = root_file_system(
            flavour, arguments.cache, sources(flavour, mirror, security, arguments.archive), progress
        )
        made = assemble(flavour, tar, arguments.cache, arguments.out, progress)
        files = hand_out(flavour, made, arguments.compress, progress)
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
