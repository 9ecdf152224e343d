"""Bundles as a stranger makes them, and as a maker who errs: refused in a sentence, and nothing is exhausted."""

import lzma
import os
import platform
import stat
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.appliance import bundle as bundles
from booth.appliance.bundle import ARCHIVE, BLOCK, SIGNATURE, UpdateError
from booth.core.events import Notice
from lab.fuzzing.bundles import archive

ROOT = Path(__file__).parents[2]
MACHINE = platform.machine()
LEAST = 512 << 20
"""Bytes of address space: a Pi 3 has no more to spare."""


def header(name, size, kind=b"0", *, magic=b"ustar\x0000", prefix=b"", octal=None):
    """Return a header whose sum is right."""
    number = octal or (b"%011o\0" % size if size < 8**11 else b"\x80" + size.to_bytes(11, "big"))
    block = bytearray(BLOCK)
    for at, field in (
        (0, name),
        (100, b"0000644"),
        (124, number),
        (148, b" " * 8),
        (156, kind),
        (257, magic),
        (345, prefix),
    ):
        block[at : at + len(field)] = field
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


ARCHIVED, SIGNED = header(ARCHIVE.encode(), 4), header(SIGNATURE.encode(), 4)
BODY = b"four".ljust(BLOCK, b"\0")


@pytest.fixture
def work(tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    return work


@pytest.fixture
def maker(tmp_path, run):
    """Return a key's secret half; the public one is beside it, as update.pub."""
    assert 0 == run("minisign", "-G", "-W", "-p", tmp_path / "update.pub", "-s", tmp_path / "update.key").status
    return tmp_path / "update.key"


@pytest.fixture
def signed(tmp_path, maker, run):
    """Make bundles of anything, rightly signed."""

    def make(archive: bytes, comment: str = f"booth 1.1 {MACHINE}", *options: str) -> Path:
        (tmp_path / ARCHIVE).write_bytes(archive)
        done = run("minisign", "-S", *options, "-s", maker, "-t", comment, "-m", tmp_path / ARCHIVE)
        assert 0 == done.status, done.err
        with tarfile.open(tmp_path / "signed.booth", "w", format=tarfile.GNU_FORMAT) as tar:
            for name in (ARCHIVE, SIGNATURE):
                tar.add(tmp_path / name, name)
        return tmp_path / "signed.booth"

    return make


@pytest.fixture
def take(work, maker):
    return lambda bundle: bundles.take(bundle, work, [maker.with_name("update.pub")])


def sparse(head: bytes, size: int):
    def write(file: Path) -> None:
        file.write_bytes(head)
        os.truncate(file, size)

    return write


HOSTILE = {
    "a long name of 64 GB": sparse(header(b"././@LongLink", 1 << 36, b"L"), 1 << 36),
    "a long link of 900 MB": sparse(header(b"././@LongLink", 900 << 20, b"K"), 1 << 30),
    "an extended header of 64 GB": sparse(header(b"PaxHeader", 1 << 36, b"x"), 1 << 36),
    "an extended header of 600 MB": sparse(header(b"PaxHeader", 600 << 20, b"x"), 1 << 30),
    "a global header": sparse(header(b"PaxHeader", 15_000_000, b"g"), 1 << 25),
    "a sparse file": sparse(header(ARCHIVE.encode(), 512, b"S"), 1 << 30),
    "many members": lambda file: file.write_bytes(header(b"a", 0) * 100_000),
    "one that says 1 TB": sparse(header(ARCHIVE.encode(), 1 << 40), 1 << 40),
    "one that is too large": sparse(header(ARCHIVE.encode(), bundles.MOST + 1), 1 << 30),
    "a large signature": sparse(ARCHIVED + BODY + header(SIGNATURE.encode(), 1 << 20), 1 << 22),
    "nothing": lambda file: file.write_bytes(b""),
    "zeros": sparse(b"", 1 << 36),
}  # fmt: skip

NOT_OURS = {
    "another name": header(b"release.tar.gz", 4),
    "a path": header(b"./release.tar.xz", 4),
    "a path before the name": header(ARCHIVE.encode(), 4, prefix=b"etc"),
    "more after the name": header(ARCHIVE.encode() + b"\0x", 4),
    "a folder": header(ARCHIVE.encode(), 0, b"5"),
    "a link": header(ARCHIVE.encode(), 0, b"2"),
    "a hard link": header(ARCHIVE.encode(), 0, b"1"),
    "a device": header(ARCHIVE.encode(), 0, b"3"),
    "a FIFO": header(ARCHIVE.encode(), 0, b"6"),
    "of an old kind": header(ARCHIVE.encode(), 4, b"\0"),
    "not of this form": header(ARCHIVE.encode(), 4, magic=b"\0" * 8),
    "a negative size": header(ARCHIVE.encode(), 4, octal=b"\xff" * 12),
    "a signed size": header(ARCHIVE.encode(), 4, octal=b"-0000000004\0"),
    "a size in words": header(ARCHIVE.encode(), 4, octal=b"four\0\0\0\0\0\0\0\0"),
    "a short size": header(ARCHIVE.encode(), 4, octal=b"4 \0\0\0\0\0\0\0\0\0\0"),
    "a wrong sum": ARCHIVED[:148] + b"000000\0 " + ARCHIVED[156:],
    "a sum in words": ARCHIVED[:148] + b"eight   " + ARCHIVED[156:],
    "the signature first": SIGNED,
}


class TestBeforeTheSignature:
    @pytest.mark.parametrize("kind", HOSTILE)
    def test_it_is_refused_in_little_memory(self, kind, tmp_path, work):
        """Whatever its headers pretend: nobody knows yet who made it."""
        HOSTILE[kind](tmp_path / "x.booth")
        program = (
            "import resource, sys; from pathlib import Path; from booth.appliance import bundle\n"
            f"resource.setrlimit(resource.RLIMIT_AS, ({LEAST}, {LEAST}))\n"
            "try: bundle.take(*map(Path, sys.argv[1:3]), [Path(sys.argv[3])])\n"
            "except bundle.UpdateError as exc: print(exc.notice.value)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, tmp_path / "x.booth", work, tmp_path / "none.pub"], cwd=ROOT,
            capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip
        assert ("update-damaged\n", "") == (done.stdout, done.stderr)

    @pytest.mark.parametrize("kind", NOT_OURS)
    def test_a_header_that_is_not_ours_is_refused(self, kind, tmp_path, take):
        """Two headers there are, of one form."""
        (tmp_path / "x.booth").write_bytes(NOT_OURS[kind] + BODY + SIGNED + BODY)
        with pytest.raises(UpdateError, match=r"^x\.booth is no bundle of the booth's") as refusal:
            take(tmp_path / "x.booth")
        assert Notice.UPDATE_DAMAGED == refusal.value.notice

    @pytest.mark.parametrize("length", [0, 1, 511, 512, 513, 1023, 1024, 1535, 1536, 1539])
    def test_one_that_ends_too_early_is_not_whole(self, length, tmp_path, take):
        """Wherever it ends."""
        (tmp_path / "x.booth").write_bytes((ARCHIVED + BODY + SIGNED + BODY)[:length])
        with pytest.raises(UpdateError, match=r"^x\.booth is not whole: copy it again$"):
            take(tmp_path / "x.booth")

    def test_what_is_no_file_is_refused_and_nobody_waits_for_it(self, tmp_path, take):
        """A FIFO would be waited for, for ever; a link may lead anywhere."""
        os.mkfifo(tmp_path / "fifo.booth")
        (tmp_path / "folder.booth").mkdir()
        (tmp_path / "link.booth").symlink_to("/etc/passwd")
        said = []
        for name in ("fifo", "folder", "link", "none", "nul\0"):
            with pytest.raises(UpdateError) as refusal:
                take(tmp_path / f"{name}.booth")
            said.append(str(refusal.value).partition(":")[0])
        assert [
            "fifo.booth is no bundle of the booth's, or not whole",
            "folder.booth is no bundle of the booth's, or not whole",
            "link.booth cannot be read (Too many levels of symbolic links)",
            "none.booth cannot be read (No such file or directory)",
            "nul?.booth cannot be read (not a name)",
        ] == said

    def test_its_name_makes_no_line_of_the_log(self, tmp_path, take):
        """Whoever brings a stick chooses it."""
        with pytest.raises(UpdateError) as refusal:
            take(tmp_path / ("a\n\x1b[31m\u202e\udcff" + "x" * 300))
        assert str(refusal.value).startswith("a??[31m??" + "x" * 71 + " cannot be read")

    @given(st.binary(max_size=3 * BLOCK))
    def test_whatever_bytes_it_is_a_sentence(self, content):
        """A photograph, a film, a page."""
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "x.booth").write_bytes(content)
            with pytest.raises(UpdateError, match=r"^x\.booth is no"):
                bundles.take(Path(folder) / "x.booth", Path(folder), [])


class TestTheSignature:
    @pytest.fixture
    def reachable(self):
        """Return a folder to which anybody gets; pytest keeps its own to itself."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            yield Path(folder)

    def test_it_is_checked_by_somebody_who_owns_nothing(self, signed, take, reachable, monkeypatch):
        """What is parsed there comes from a stranger. Without root there is nobody else to be."""
        bundle = signed(b"")
        program = f'#!/bin/sh\necho "booth 1.$(id -u).$(id -g).$(id -G | wc -w) {MACHINE}"\n'
        (reachable / "minisign").write_text(program)
        (reachable / "minisign").chmod(0o755)
        monkeypatch.setenv("PATH", f"{reachable}:{os.environ['PATH']}")
        root = os.geteuid() == 0
        expected = (
            f"1.{bundles.NOBODY}.{bundles.NOBODY}.1"
            if root
            else f"1.{os.getuid()}.{os.getgid()}.{len({os.getgid(), *os.getgroups()})}"
        )
        assert expected == take(bundle).version.text

    @pytest.mark.parametrize("kind", ["-H", "-l"])
    def test_a_signature_of_either_kind_is_right(self, signed, take, kind):
        """One of some years ago makes the older kind."""
        assert "1.1" == take(signed(b"archive", f"booth 1.1 {MACHINE}", kind)).version.text

    def test_one_that_has_to_be_read_into_memory_is_not_checked_if_it_is_large(self, signed, take, monkeypatch):
        """The older kind is checked over all of it at once."""
        monkeypatch.setattr(bundles, "MOST_IN_MEMORY", 6)
        assert "1.1" == take(signed(b"archive")).version.text
        with pytest.raises(UpdateError, match="the signature is not one that this booth trusts"):
            take(signed(b"archive", f"booth 1.1 {MACHINE}", "-l"))

    @pytest.mark.parametrize(
        "version", ["current", "previous", "installed.json", "x1.0", "1.0_x", "1" * 62, "1.0.part/", "-1"]
    )
    def test_a_version_that_is_none_is_refused(self, signed, take, version):
        """It becomes the name of a folder."""
        with pytest.raises(UpdateError, match="the signature is right, but not of an update"):
            take(signed(b"archive", f"booth {version} {MACHINE}"))

    def test_what_another_program_packed_is_taken_too(self, signed, take, tmp_path):
        """Some write times finer than seconds before each file."""
        signed(b"archive")
        with tarfile.open(tmp_path / "pax.booth", "w", format=tarfile.PAX_FORMAT) as tar:
            for name in (ARCHIVE, SIGNATURE):
                os.utime(tmp_path / name, (1.5, 1.5))
                tar.add(tmp_path / name, name)
        assert b"x" == (tmp_path / "pax.booth").read_bytes()[156:157]
        assert "1.1" == take(tmp_path / "pax.booth").version.text


NO_RELEASE = {
    "a way out": archive(("../x", b"x")),
    "a long way out": archive(("site/../../x", b"x")),
    "a path from the root": archive(("/none/x", b"x")),
    "a link out": archive(("site/x", {"type": tarfile.SYMTYPE, "linkname": "../../x"})),
    "a link to the root": archive(("site/x", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"})),
    "a hard link out": archive(("site/x", {"type": tarfile.LNKTYPE, "linkname": "../x"})),
    "a hard link to nothing": archive(("site/x", {"type": tarfile.LNKTYPE, "linkname": "site/y"})),
    "a way through a loop": archive(("x", {"type": tarfile.SYMTYPE, "linkname": "x"}), ("x/y/z", b"x")),
    "a device": archive(("site/x", {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3})),
    "a FIFO": archive(("site/x", {"type": tarfile.FIFOTYPE})),
    "a file where a folder is": archive(("site/x/y", b"x"), ("site/x", b"x")),
    "a folder where a file is": archive(("site/x", b"x"), ("site/x/y", b"x")),
    "a name that is too long": archive(("site/" + "x" * 256, b"x")),
    "a path that is too long": archive(("x/" * 257, {"type": tarfile.DIRTYPE})),
    "names of names": archive(("x" * 100_000, b"x")),
    "one that is torn": archive(("VERSION", b"1.1\n"), ("site/x", os.urandom(10_000)))[:-5000],
    "one that was changed": archive(("VERSION", b"1.1\n"))[:40] + b"xxxx" + archive(("VERSION", b"1.1\n"))[44:],
    "no archive": b"GIF89a" * 100,
    "nothing": b"",
}  # fmt: skip


class TestUnpacking:
    @pytest.fixture
    def unpack(self, tmp_path):
        """Unpack an archive; return what is in its folder, and whether anything was made beside it."""

        def unpack(content: bytes):
            (tmp_path / "work").mkdir()
            (tmp_path / "work" / ARCHIVE).write_bytes(content)
            try:
                bundles.unpack(tmp_path / "work" / ARCHIVE, tmp_path / "work/release", "1.1")
            finally:
                assert [ARCHIVE] == [path.name for path in (tmp_path / "work").iterdir() if path.name != "release"]
                assert {"work"} == {path.name for path in tmp_path.iterdir()}
            found = (tmp_path / "work/release").rglob("*")
            return {
                str(path.relative_to(tmp_path / "work/release")): path.read_bytes() for path in found if path.is_file()
            }

        return unpack

    def test_a_release_comes_out_as_it_went_in(self, unpack):
        """Large files, empty ones, long names, names in any language."""
        members = {
            "VERSION": b"1.1\n", "site/" + "long/" * 30 + "name": b"x", "site/empty": b"", "site/Büro": b"y",
            "site/large": os.urandom(300_000), "site/even": bytes(bundles.AT_ONCE), "site/zeros": bytes(5_000_000),
        }  # fmt: skip
        assert members == unpack(archive(*members.items()))

    def test_a_link_within_it_comes_out_where_python_looks_at_links(self, unpack):
        """Bookworm's Python 3.11.2 does not yet, and there any link is refused; cards have a newer one."""
        packed = archive(("VERSION", b"1.1\n"), ("site/so", {"type": tarfile.SYMTYPE, "linkname": "../VERSION"}))
        if bundles.SAFELY:
            assert unpack(packed) == {"VERSION": b"1.1\n", "site/so": b"1.1\n"}
        else:
            with pytest.raises(UpdateError, match=r"^1\.1 cannot be unpacked"):
                unpack(packed)

    def test_several_streams_are_one_archive(self, unpack):
        """As xz makes them when it is asked to append."""
        plain = lzma.decompress(archive(("VERSION", b"1.1\n"), ("site/a", bytes(100_000))))
        packed = lzma.compress(plain[:700]) + lzma.compress(plain[700:]) + bytes(8)
        assert {"VERSION": b"1.1\n", "site/a": bytes(100_000)} == unpack(packed)

    @pytest.mark.parametrize("kind", NO_RELEASE)
    def test_what_no_release_has_is_refused(self, kind, unpack):
        """Though it is signed: a maker errs, or was robbed of the key."""
        with pytest.raises(UpdateError, match=r"^1\.1 cannot be unpacked, though it is signed: tell who made it$"):
            unpack(NO_RELEASE[kind])

    def test_no_more_files_than_a_release_has(self, unpack, monkeypatch):
        """Each takes room for its name, too."""
        monkeypatch.setattr(bundles, "MOST_MEMBERS", 100)
        with pytest.raises(UpdateError, match=r"^1\.1 cannot be unpacked"):
            unpack(archive(*((f"site/{number}", b"") for number in range(101))))

    def test_no_more_bytes_than_there_is_room_for(self, unpack, monkeypatch):
        """Nothing of the file that is too large is written."""
        monkeypatch.setattr(bundles, "MOST_UNPACKED", 1_000_000)
        with pytest.raises(UpdateError, match=r"^there is no room for 1\.1: ") as refusal:
            unpack(archive(("site/a", b"x"), ("site/b", bytes(999_999))))
        assert Notice.UPDATE_ROOM == refusal.value.notice

    def test_small_files_take_room_too(self, unpack, monkeypatch):
        """A medium has no smaller pieces."""
        monkeypatch.setattr(bundles, "MOST_UNPACKED", 1_000_000)
        with pytest.raises(UpdateError, match=r"^there is no room for 1\.1: "):
            unpack(archive(*((f"site/{number}", b"x") for number in range(300))))

    def test_it_takes_no_more_memory_than_a_dictionary(self, unpack, monkeypatch):
        """An archive may ask for 4 GB."""
        monkeypatch.setattr(bundles, "DICTIONARY", 1 << 20)
        with pytest.raises(UpdateError, match=r"^1\.1 cannot be unpacked"):
            unpack(archive(("site/a", b"x"), preset=9))

    def test_nothing_keeps_an_owner_or_a_right_of_root(self, tmp_path):
        """Whoever runs the booth runs it as it is."""
        (tmp_path / ARCHIVE).write_bytes(archive(("site/x", {"mode": 0o6777, "uid": 4711, "uname": "daemon"})))
        bundles.unpack(tmp_path / ARCHIVE, tmp_path / "release", "1.1")
        about = (tmp_path / "release/site/x").stat()
        assert (0o755, os.geteuid()) == (stat.S_IMODE(about.st_mode), about.st_uid)
