"""What the image's build hands out beside the image: checksums, a bill of materials, what Imager reads."""

import hashlib
import importlib.util
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest

from image import build
from image.build import BuildError, Flavour, Made, Progress

ROOT = Path(__file__).parents[2]
NOON = 1_790_000_000


@pytest.fixture
def flavour():
    return Flavour.read("debian")


@pytest.fixture
def made(tmp_path):
    """Return an image of a few bytes, and the bill that lies beside it."""
    image = tmp_path / "out" / "booth-1.2.3+abc-debian.img"
    image.parent.mkdir()
    image.write_bytes(os.urandom(3000) + bytes(2_000_000))
    image.with_suffix(".cdx.json").write_text("{}\n")
    return Made(image, "1.2.3+abc", NOON)


@pytest.fixture
def tree(tmp_path):
    """Return what of a card's tree says which packages are in it."""
    share, site = tmp_path / "tree/usr/share/booth", tmp_path / "tree/opt/booth/release/site"
    share.mkdir(parents=True)
    (share / "packages.tsv").write_text("zlib1g\t1:1.3+b1\tarm64\t180\nlibstdc++6\t14.2.0-19\tarm64\t2700\n")
    for name, version in (("Wand", "0.7.2"), ("typing_extensions", "4.16.0")):
        (site / f"{name}-{version}.dist-info").mkdir(parents=True)
        (site / f"{name}-{version}.dist-info/METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n\nName: not this\n"
        )
    return tmp_path / "tree"


def test_the_bill_has_both_kinds_of_packages(flavour, tree):
    """Debian's packages and Python's are in it, each once and in order, by the names that scanners know them by."""
    bill = build.bill_of_materials(flavour, tree, "1.2.3", NOON)
    assert [
        "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=arm64&distro=debian-trixie",
        "pkg:deb/debian/zlib1g@1%3A1.3%2Bb1?arch=arm64&distro=debian-trixie",
        "pkg:pypi/typing-extensions@4.16.0",
        "pkg:pypi/wand@0.7.2",
    ] == [part["purl"] for part in bill["components"]]
    assert ("CycloneDX", "1.6", 1) == (bill["bomFormat"], bill["specVersion"], bill["version"])


def test_the_bill_is_the_same_tomorrow(flavour, tree):
    """Its time is the commit's, and there is nothing random in it."""
    bill = build.bill_of_materials(flavour, tree, "1.2.3", NOON)
    assert bill == build.bill_of_materials(flavour, tree, "1.2.3", NOON)
    assert ("2026-09-21T14:13:20Z", None) == (bill["metadata"]["timestamp"], bill.get("serialNumber"))


def test_checksums_are_what_sha256sum_checks(flavour, made):
    """Whoever downloads one file and its checksum can check it with nothing else there."""
    files = build.hand_out(flavour, made, ("xz", "zst"), None, Progress())
    sums = [path for path in files if path.suffix == ".sha256"]
    made.image.unlink()
    for path in sums:
        done = subprocess.run(["sha256sum", "-c", path.name], cwd=path.parent, capture_output=True, check=False)
        assert (path.name != f"{made.image.name}.sha256") == (done.returncode == 0)
    assert {".img", ".img.xz", ".img.zst", ".cdx.json"} == {
        path.name.removeprefix("booth-1.2.3+abc-debian").removesuffix(".sha256") for path in sums
    }


def test_imager_finds_the_files_where_they_are_published(flavour, made):
    """Its list has absolute addresses, and the sums and sizes of what is downloaded and of what is in it."""
    whole = made.image.read_bytes()
    build.hand_out(flavour, made, ("xz",), "https://booth.example/images/", Progress())
    [entry] = json.loads((made.image.parent / "os_list.json").read_text())["os_list"]
    packed = (made.image.parent / f"{made.image.name}.xz").read_bytes()
    assert whole == lzma.decompress(packed)
    assert "https://booth.example/images/booth-1.2.3%2Babc-debian.img.xz" == entry["url"]
    assert (len(whole), hashlib.sha256(whole).hexdigest()) == (entry["extract_size"], entry["extract_sha256"])
    assert (len(packed), hashlib.sha256(packed).hexdigest()) == (
        entry["image_download_size"],
        entry["image_download_sha256"],
    )
    assert ("none", "2026-09-21") == (entry["init_format"], entry["release_date"])
    assert (made.image.parent / entry["icon"].rpartition("/")[2]).exists()


def test_imager_offers_the_machines_that_it_is_for(flavour, made):
    """Every machine that can be chosen in Imager leads to the image, and without one it would offer none."""
    build.hand_out(flavour, made, ("xz",), None, Progress())
    listed = json.loads((made.image.parent / "os_list.json").read_text())
    tags = [tag for device in listed["imager"]["devices"] for tag in device["tags"]]
    assert {"pi3-64bit", "pi4-64bit"} == set(tags) == set(listed["os_list"][0]["devices"])


def test_imager_finds_files_that_are_not_published(flavour, made):
    """Without an address the list is of use on this machine: its addresses are files'."""
    build.hand_out(flavour, made, ("xz",), None, Progress())
    [entry] = json.loads((made.image.parent / "os_list.json").read_text())["os_list"]
    assert f"{made.image.parent.as_uri()}/booth-1.2.3%2Babc-debian.img.xz" == entry["url"]


def test_an_image_is_packed_the_same_each_time(flavour, made):
    """Nor does what packs it write anything that differs from one time to the next."""
    first = {path.name: path.read_bytes() for path in build.hand_out(flavour, made, ("xz", "zst"), None, Progress())}
    again = {path.name: path.read_bytes() for path in build.hand_out(flavour, made, ("xz", "zst"), None, Progress())}
    assert first == again


def test_an_address_that_is_none_is_refused():
    """Imager downloads from absolute addresses: another one is refused before anything is built."""
    done = subprocess.run(
        [ROOT / "scripts/build-image", "--url", "images/"], capture_output=True, text=True, check=False
    )
    assert (2, True) == (done.returncode, "it must begin with https://" in done.stderr)


@pytest.fixture
def reads_ours(tmp_path):
    """Return a tree whose Python reads the byte code of this one."""
    library = tmp_path / "tree/usr/lib/python3.13/__pycache__"
    library.mkdir(parents=True)
    (library / "os.cpython-313.pyc").write_bytes(importlib.util.MAGIC_NUMBER + bytes(12))
    return tmp_path / "tree"


def test_a_python_of_the_same_kind_compiles(flavour, reads_ours):
    """Whoever writes what the image's Python reads may compile, wherever it is."""
    assert sys.executable == build.native_python(flavour, reads_ours, sys.executable)


def test_a_python_of_another_kind_does_not_compile(flavour, reads_ours):
    """One that was named and writes other byte code is refused; if none was named, the image's own does it."""
    [pyc] = reads_ours.glob("usr/lib/*/*/*.pyc")
    pyc.write_bytes(b"none" + bytes(12))
    with pytest.raises(BuildError, match=r"is no Python 3\.13"):
        build.native_python(flavour, reads_ours, sys.executable)
    assert not build.native_python(flavour, reads_ours, "")


def test_a_program_that_fails_is_heard(tmp_path):
    """The last words of a program that failed are in the error, and where all of them are."""
    log = tmp_path / "log"
    with pytest.raises(BuildError, match=rf"(?s){log}.*no room"):
        build.run("bash", "-c", "echo no room; exit 3", log=log)


def test_a_long_step_says_how_far_it_is(capsys):
    """Half a minute after the last line there is another one; before that there is not."""
    progress = Progress()
    progress.alive(lambda: "too early")
    progress._said -= build.SIGN_OF_LIFE
    progress.alive(lambda: "40 %")
    progress.alive(lambda: "too early again")
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("  40 %")
