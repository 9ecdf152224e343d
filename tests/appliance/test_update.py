"""Updates: real bundles, signed with a real key, installed beside other releases, and started as the unit does it."""

import contextlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from booth.appliance import bundle as bundles
from booth.appliance import update
from booth.appliance.update import Ledger, UpdateError
from booth.appliance.versions import Version
from booth.core.events import Notice
from lab.disk.forgetful import ForgetfulDisk

ROOT = Path(__file__).parents[2]
CRASHES = "sys.exit('this release is broken')"


class Maker:
    """Whoever makes updates: a key, and bundles. A bundle is made once: who damages it takes one that is `spoilt`."""

    def __init__(self, folder: Path, made, run):
        self.folder, self._made, self._run = folder, made, run
        folder.mkdir()
        self.public, self.secret = folder / "update.pub", folder / "update.key"
        self.bundle = cache(self.make)
        done = run("minisign", "-G", "-W", "-p", self.public, "-s", self.secret)
        assert 0 == done.status, done.err

    def make(self, version: str, *, machine: str = platform.machine(), says: str = "print('booth')") -> Path:
        """Make a bundle of a release that is made for it; `bundle` gives the same one for the same words."""
        place = self._place()
        release, out = self._made(place / "release", version, says), place / f"booth-{version}.booth"
        done = self._run(
            ROOT / "scripts/bundle", "--release", release, "--machine", machine, "--key", self.secret, "--out", out
        )
        assert 0 == done.status, done.err
        return out

    def sign(self, version: str, comment: str) -> Path:
        """Make a bundle by hand, with whatever comment."""
        place = self._place()
        release, archive = self._made(place / "release", version), place / "release.tar.xz"
        with tarfile.open(archive, "w:xz") as tar:
            for path in sorted(release.iterdir()):
                tar.add(path, path.name)
        done = self._run("minisign", "-S", "-s", self.secret, "-t", comment, "-m", archive)
        assert 0 == done.status, done.err
        out = place / "by-hand.booth"
        with tarfile.open(out, "w") as tar:
            for name in ("release.tar.xz", "release.tar.xz.minisig"):
                tar.add(place / name, name)
        return out

    def _place(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.folder))


class Booth:
    """A machine with a release built in, to which updates come."""

    def __init__(self, folder: Path, maker: Maker, made, run):
        self._chosen, self.releases = folder / "chosen", folder / "data" / "releases"
        self._keys, self._built_in, self._run = [maker.public], made(folder / "built-in", "1.0"), run

    def install(self, bundle: Path, **options) -> str:
        return update.install(bundle, releases=self.releases, keys=self._keys, built_in=self._built_in, **options)

    def start(self) -> tuple[str, int]:
        """Start it as its unit does: choose, launch, and, if it does not fail, confirm. Return what ran, and how."""
        places = {
            "BOOTH_RELEASES": str(self.releases), "BOOTH_BUILT_IN": str(self._built_in),
            "BOOTH_CHOSEN": str(self._chosen), "BOOTH_PYTHON": sys.executable, "BOOTH_DISK": str(ROOT / "systemd/disk"),
        }  # fmt: skip
        assert 0 == self._run(ROOT / "systemd/choose", **places).status
        status = self._run(ROOT / "systemd/launch", **places).status
        if status == 0:
            assert 0 == self._run(ROOT / "systemd/confirm", **places).status
        return (self._chosen / "VERSION").read_text().strip(), status


@pytest.fixture(scope="module")
def maker(tmp_path_factory, made, run):
    return Maker(tmp_path_factory.mktemp("maker") / "maker", made, run)


@pytest.fixture
def booth(tmp_path, maker, made, run):
    return Booth(tmp_path, maker, made, run)


@pytest.fixture
def releases(booth):
    return booth.releases


@pytest.fixture
def install(booth):
    return booth.install


@pytest.fixture
def start(booth):
    return booth.start


@pytest.fixture
def refused(install, start, releases):
    """Have a bundle refused, and nothing changed by it; return the sentence."""

    def refuse(bundle: Path) -> str:
        before = seen(releases)
        ran = start()
        with pytest.raises(UpdateError) as refusal:
            install(bundle)
        assert Notice.UPDATE_OLDER == refusal.value.notice
        assert (before, ran) == (seen(releases), start())
        return str(refusal.value)

    return refuse


def spoilt(bundle: Path, folder: Path) -> Path:
    """Return a copy of *bundle* that a test may damage."""
    return Path(shutil.copy(bundle, folder))


def seen(releases: Path) -> dict[str, str]:
    """Return what is in the folder of releases: versions, links and trials; and not what is noted of earlier ones."""
    return {
        path.name: path.readlink().name if path.is_symlink() else "folder" if path.is_dir() else path.read_text()
        for path in sorted(releases.glob("*"))
        if path.name != update.LEDGER
    }


class TestGood:
    def test_a_good_bundle_runs_at_the_next_start(self, maker, install, start):
        """And goes on to: its trial is over when it was ready once."""
        assert ("1.0", 0) == start()
        assert "1.1" == install(maker.bundle("1.1"))
        assert [("1.1", 0)] * 4 == [start() for _ in range(4)]

    def test_a_second_one_keeps_the_first_as_the_way_back(self, maker, install, start, releases):
        """And only that one: a third sends the first away."""
        for version in ("1.1", "1.2", "1.3"):
            install(maker.bundle(version))
            assert (version, 0) == start()
        assert {"1.2": "folder", "1.3": "folder", "current": "1.3", "previous": "1.2"} == seen(releases)

    def test_the_same_release_gives_the_same_archive(self, maker):
        """So that anybody can see that a bundle is what its source says."""
        first, second = (maker.make("1.1").read_bytes() for _ in range(2))
        assert _archive(first) == _archive(second)

    def test_an_older_one_may_be_gone_back_to_by_hand(self, maker, install, start):
        """An operator who wants the old one back has its bundle, and says so."""
        old = maker.bundle("1.1")
        for bundle in (old, maker.bundle("1.2"), old):
            version = install(bundle, allow_older=True)
            assert (version, 0) == start()
        assert "1.1" == version

    def test_its_files_are_compiled(self, maker, install, releases):
        """The booth may not write there, and a Pi should not compile at each start."""
        install(maker.bundle("1.1"))
        assert [] != list((releases / "1.1/site/booth/__pycache__").iterdir())

    def test_of_two_keys_the_first_decides(self, maker, releases, tmp_path, run):
        """Whoever puts a key on the card trusts its owner, and no longer those whose key was built in."""
        bundle = maker.bundle("1.2")
        assert 0 == run("minisign", "-G", "-W", "-p", tmp_path / "own.pub", "-s", tmp_path / "own.key").status
        with pytest.raises(UpdateError, match="not one that this booth trusts"):
            update.install(bundle, releases=releases, keys=[tmp_path / "own.pub", maker.public])
        assert "1.2" == update.install(bundle, releases=releases, keys=[tmp_path / "none.pub", maker.public])

    def test_one_for_any_machine(self, maker, install):
        assert "1.1" == install(maker.bundle("1.1", machine="any"))


def _archive(bundle: bytes) -> bytes:
    import io

    with tarfile.open(fileobj=io.BytesIO(bundle)) as tar:
        return tar.extractfile("release.tar.xz").read()


@pytest.fixture(scope="module")
def running(tmp_path_factory, maker, made, run) -> Callable[[str], Booth]:
    """Return what makes a booth that runs a version, for whoever refuses it everything."""

    def start(version: str) -> Booth:
        booth = Booth(tmp_path_factory.mktemp("runs"), maker, made, run)
        booth.install(maker.bundle(version))
        booth.start()
        return booth

    return start


class TestOlderThanWhatRuns:
    """They are refused one after the other, by one booth."""

    @pytest.fixture(scope="class")
    @classmethod
    def booth(cls, running) -> Booth:
        return running("1.2")

    @pytest.mark.parametrize("version", ["1.1", "1.2rc1", "1.2.dev3", "1.2-beta.2", "1.1.9.post1", "0.99+build.7"])
    def test_one_that_is_older_than_what_runs_is_refused(self, maker, refused, version):
        """Also by a hair."""
        assert refused(maker.bundle(version)).startswith(f"{version} is older than 1.2, which was here: ")


class TestOlder:
    """What was mended since does not come back by a stick."""

    def test_one_that_is_older_than_the_newest_ever_is_refused(self, maker, install, start, releases, refused):
        """Whatever became of the newest since, and although nothing is left of it."""
        old = maker.bundle("1.1")
        for bundle in (old, maker.bundle("1.6"), old, maker.bundle("1.2")):
            install(bundle, allow_older=True)
            start()
        assert {"1.1": "folder", "1.2": "folder", "current": "1.2", "previous": "1.1"} == seen(releases)
        assert refused(maker.bundle("1.5.9")).startswith("1.5.9 is older than 1.6, which was here: ")

    def test_one_that_is_older_than_what_is_built_in_is_refused(self, maker, start, refused):
        """The first update of a card, too."""
        start()
        assert refused(maker.bundle("0.9")).startswith("0.9 is older than 1.0, which was here: ")

    def test_what_is_built_in_is_no_update(self, maker, install, start):
        """It is what runs."""
        start()
        with pytest.raises(UpdateError, match=r"^1\.0 is what runs already") as refusal:
            install(maker.bundle("1.0"))
        assert Notice.UPDATE_HERE == refusal.value.notice

    def test_two_sticks_cannot_flip_a_booth(self, maker, install, start, refused):
        """Two builds of one number: neither is older, each is taken once."""
        first, second = maker.bundle("1.1+build.a"), maker.bundle("1.1+build.b")
        for bundle in (first, second):
            install(bundle)
            start()
        assert refused(first).startswith("1.1+build.a was here before, and was taken back or replaced")

    def test_nor_flip_it_with_what_is_built_in(self, maker, install, start, refused):
        """Which is in no ledger."""
        start()
        built_in = maker.bundle("1.0")
        install(maker.bundle("1.0+build.b"))
        start()
        assert refused(built_in).startswith("1.0 was here before, and was taken back or replaced")

    def test_one_that_was_taken_back_is_not_taken_again(self, maker, install, start, refused):
        """Its stick may be left in: the booth would come to nothing at each start."""
        install(maker.bundle("1.1"))
        start()
        bad = maker.bundle("1.2", says=CRASHES)
        install(bad)
        for _ in range(3):
            start()
        assert refused(bad).startswith("1.2 was here before, and was taken back or replaced")

    def test_but_by_hand(self, maker, install, start):
        """It may have been the power supply."""
        bad = maker.bundle("1.2", says=CRASHES)
        install(bad)
        for _ in range(3):
            start()
        assert "1.2" == install(bad, allow_older=True)

    def test_a_ledger_that_is_lost_lets_nothing_older_in_than_what_runs(self, maker, install, start, releases, refused):
        """And none is no reason to take no update any more."""
        install(maker.bundle("1.2"))
        start()
        older = maker.bundle("1.1")
        for content in (b"", b"{", b"[]", b'{"newest": 7, "digests": 7}', b"\0" * 4096, b"[" * 60_000):
            (releases / update.LEDGER).write_bytes(content)
            assert refused(older).startswith("1.1 is older than 1.2, which was here: ")
        assert "1.3" == install(maker.bundle("1.3"))


class TestCrashing:
    def test_one_that_crashes_is_taken_back_by_itself(self, maker, install, start):
        """Two starts it gets; the third is the one that ran before."""
        install(maker.bundle("1.1"))
        start()
        install(maker.bundle("1.2", says=CRASHES))
        assert [("1.2", 1), ("1.2", 1), ("1.1", 0), ("1.1", 0)] == [start() for _ in range(4)]

    def test_and_can_be_replaced_by_a_better_one_of_the_same_name(self, maker, install, start):
        """Nothing of the broken one is left in it."""
        install(maker.bundle("1.1", says=CRASHES))
        for _ in range(3):
            start()
        install(maker.bundle("1.1"))
        assert ("1.1", 0) == start()

    def test_one_over_one_that_is_still_on_trial(self, maker, install, start):
        """The way back leads past both to the last that was ready."""
        install(maker.bundle("1.1"))
        start()
        install(maker.bundle("1.2", says=CRASHES))
        start()
        install(maker.bundle("1.3", says=CRASHES))
        assert ["1.3", "1.3", "1.1"] == [start()[0] for _ in range(3)]


class TestRefused:
    """By one booth, one after the other: each leaves it as it was."""

    @pytest.fixture(scope="class")
    @classmethod
    def booth(cls, running) -> Booth:
        return running("1.1")

    @pytest.fixture(autouse=True)
    def _as_it_was(self, booth):
        before = seen(booth.releases)
        yield
        assert before == seen(booth.releases)
        assert ("1.1", 0) == booth.start()

    @pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
    def test_a_torn_one(self, maker, install, share, tmp_path):
        """A stick that was pulled too early."""
        bundle = spoilt(maker.bundle("1.2"), tmp_path)
        with tarfile.open(bundle) as tar:
            last = tar.getmembers()[-1]
        os.truncate(bundle, int((last.offset_data + last.size) * share))
        with pytest.raises(UpdateError, match=r"not whole|no bundle"):
            install(bundle)

    def test_one_that_was_changed(self, maker, install, tmp_path):
        """By a bit."""
        bundle = spoilt(maker.bundle("1.2"), tmp_path)
        with bundle.open("r+b") as file:
            file.seek(700)
            byte = file.read(1)
            file.seek(700)
            file.write(bytes([byte[0] ^ 1]))
        with pytest.raises(UpdateError, match="the signature is not one that this booth trusts"):
            install(bundle)

    def test_one_that_somebody_else_signed(self, maker, install, tmp_path, made, run):
        """With a key of their own."""
        with pytest.raises(UpdateError, match="the signature is not one that this booth trusts"):
            install(Maker(tmp_path / "else", made, run).bundle("1.2"))

    def test_one_for_another_machine(self, maker, install):
        with pytest.raises(UpdateError, match="is for s390x, this is"):
            install(maker.bundle("1.2", machine="s390x"))

    def test_the_one_that_runs(self, maker, install):
        """It is not taken for something new, and not put on trial again."""
        with pytest.raises(UpdateError, match=r"1\.1 is what runs already"):
            install(maker.bundle("1.1"))

    @pytest.mark.parametrize("comment", ["", "booth", "booth 1.2", "booth ../../etc x86_64", "toaster 1.2 any"])
    def test_a_signature_that_is_right_but_of_something_else(self, maker, install, comment):
        """A key may sign other things, too."""
        with pytest.raises(UpdateError, match="not of an update"):
            install(maker.sign("1.2", comment))

    def test_one_that_is_not_what_its_signature_says(self, maker, install):
        """An old release under a new name."""
        with pytest.raises(UpdateError, match="is not what it says"):
            install(maker.sign("0.9", "booth 1.2 any"))

    def test_a_file_that_is_something_else(self, install, tmp_path):
        """A photograph, say."""
        (tmp_path / "holiday.booth").write_bytes(b"\xff\xd8\xff\xe0" * 4096)
        with pytest.raises(UpdateError, match="no bundle of the booth's"):
            install(tmp_path / "holiday.booth")

    def test_a_file_that_is_not_there(self, install, tmp_path):
        with pytest.raises(UpdateError, match="cannot be read"):
            install(tmp_path / "none.booth")

    def test_without_the_key_of_those_who_make_updates(self, maker, releases):
        """Nothing can be trusted then."""
        bundle = maker.bundle("1.2")
        with pytest.raises(UpdateError, match=r"there is no key .* put their update\.pub on the card"):
            update.install(bundle, releases=releases, keys=[maker.folder / "none.pub"])


class _Cut(BaseException):
    """The power goes: nothing that the program wanted to do afterwards is done."""


class _Power:
    """Lasts for a number of the calls that change names, or put them on the medium."""

    CALLS = ("fsync", "mkdir", "rename", "symlink", "sync", "unlink")

    def __init__(self, calls: int):
        self._left = calls

    def through(self, call):
        def made(*arguments, **options):
            if self._left == 0:
                raise _Cut
            self._left -= 1
            return call(*arguments, **options)

        return made


class _Uncompiled(update.Signed):
    """Leaves the compiling out: it comes before all that is cut, and takes most of what an update takes."""

    def unpack(self, work: Path, release: Path, version: str) -> None:
        bundles.unpack(work / bundles.ARCHIVE, release, version)


class TestPowerCut:
    @pytest.fixture
    def install(self, booth):
        return partial(booth.install, opener=_Uncompiled())

    def test_cut_at_any_step_the_booth_starts_with_a_whole_release(self, maker, install, start, monkeypatch):
        """The old one, until it is the new one."""
        install(maker.bundle("1.1"))
        start()
        bundle = maker.bundle("1.2")
        started = []
        while not started or started[-1] != "1.2":
            power = _Power(len(started))
            with monkeypatch.context() as patched, contextlib.suppress(_Cut):
                for name in power.CALLS:
                    patched.setattr(os, name, power.through(getattr(os, name)))
                install(bundle)
            version, status = start()
            assert (0, True) == (status, version in {"1.1", "1.2"})
            started.append(version)
        assert len(started) > 8, "each of the calls was cut"

    def test_cut_at_any_step_nothing_older_gets_in(self, maker, install, start, monkeypatch, tmp_path, releases):
        """Between the switch and the ledger, too."""
        bundle, older = maker.bundle("1.2"), maker.bundle("1.1")
        start()
        cut = 0
        while not (releases / update.LEDGER).exists():
            power = _Power(cut)
            with monkeypatch.context() as patched, contextlib.suppress(_Cut):
                for name in power.CALLS:
                    patched.setattr(os, name, power.through(getattr(os, name)))
                install(bundle)
            if start()[0] == "1.2":
                with pytest.raises(UpdateError, match=r"1\.1 is older than 1\.2"):
                    install(older)
                if not (releases / update.LEDGER).exists():
                    shutil.rmtree(releases)  # once more, with the power lasting longer
            cut += 1
        assert cut > 12, "the ledger comes last"


class TestLedger:
    FILE = Path("/data/releases") / update.LEDGER
    BEFORE = Ledger(Version.of("1.1"), ("a" * 64,))
    AFTER = BEFORE.with_(Version.of("1.2"), "b" * 64)

    def test_a_cut_at_any_moment_leaves_the_old_one_or_the_new_one(self):
        """Whole; and what was written before such a cut is written again after it."""
        disk = ForgetfulDisk((("data", (("releases", ()),)),))
        self.BEFORE.keep(disk, self.FILE)
        fresh = disk.medium()
        seen, waiting = {fresh}, [fresh]
        found = set()
        while waiting:
            left = []
            disk = ForgetfulDisk(waiting.pop(), watch=lambda: left.extend(disk.survivors().media))  # noqa: B023 - called in this turn
            found.add(Ledger.load(disk, self.FILE))
            self.AFTER.keep(disk, self.FILE)
            assert {self.AFTER} == {Ledger.load(ForgetfulDisk(end), self.FILE) for end in disk.survivors().media}
            new = [medium for medium in dict.fromkeys((*left, *disk.survivors().media)) if medium not in seen]
            seen.update(new)
            waiting += new
        assert {self.BEFORE, self.AFTER} == found
        assert len(seen) > 3

    def test_it_remembers_so_many_and_no_more(self):
        """The disk of a booth is not for history."""
        ledger = Ledger()
        for number in range(update.REMEMBERED + 1):
            ledger = ledger.with_(Version.of(f"1.{number}"), f"{number:064x}")
        assert update.REMEMBERED == len(ledger.digests)
        assert f"{1:064x}" == ledger.digests[0]

    def test_the_newest_stays_the_newest(self):
        """Although an older one came by hand."""
        assert "1.2" == self.AFTER.with_(Version.of("1.1"), "a" * 64).newest.text


class TestStick:
    @pytest.fixture
    def plug_in(self, run, tmp_path):
        """Run what the udev rule starts, on a folder instead of a stick; return it, and what was asked of others."""
        asked = tmp_path / "asked"
        for name in ("launch", "systemctl"):
            (tmp_path / name).write_text(f'#!/bin/sh\necho "{name} $*" >>"{asked}"\n')
            (tmp_path / name).chmod(0o755)

        def plug(stick: Path):
            done = run(
                ROOT / "systemd/update-usb", "/dev/sdz1", BOOTH_STICK=str(stick),
                BOOTH_UPDATE_NOTE=str(tmp_path / "refused"),
                BOOTH_LAUNCH=str(tmp_path / "launch"), BOOTH_SYSTEMCTL=str(tmp_path / "systemctl"),
            )  # fmt: skip
            return done, asked.read_text().splitlines() if asked.exists() else []

        return plug

    def test_the_newest_bundle_is_installed_and_the_booth_started_anew(self, plug_in, tmp_path):
        """One, of however many there are."""
        stick = tmp_path / "stick"
        stick.mkdir()
        for age, name in ((200, "old.booth"), (100, "new one.booth"), (0, "holiday.jpg")):
            (stick / name).write_text("")
            os.utime(stick / name, (1e9 - age, 1e9 - age))
        done, asked = plug_in(stick)
        assert (0, [f"launch update {stick}/new one.booth", "systemctl --no-block restart booth.service"]) == (
            done.status,
            asked,
        )

    def test_a_stick_without_a_bundle_is_left_alone(self, plug_in, tmp_path):
        """Guests plug in sticks."""
        done, asked = plug_in(tmp_path)
        assert (0, []) == (done.status, asked)

    def test_a_bundle_that_is_refused_does_not_restart_the_booth(self, plug_in, tmp_path):
        """The party goes on."""
        (tmp_path / "launch").write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / "x.booth").write_text("")
        done, asked = plug_in(tmp_path)
        assert (1, []) == (done.status, asked)

    def test_why_it_was_refused_is_left_for_the_screen(self, plug_in, tmp_path, maker, releases):
        """By whoever refused it."""
        (tmp_path / "launch").write_text(f'#!/bin/sh\nexec {sys.executable} -P -m booth "$@"\n')
        stick = tmp_path / "stick"
        stick.mkdir()
        (stick / "holiday.booth").write_bytes(b"\xff\xd8\xff\xe0" * 4096)
        done, asked = plug_in(stick)
        assert (1, [], "update-damaged\n") == (done.status, asked, (tmp_path / "refused").read_text())

    def test_nobody_is_left_without_a_word(self, plug_in, tmp_path):
        """Whoever was killed for taking too much memory has said none."""
        (tmp_path / "launch").write_text("#!/bin/sh\nkill -9 $$\n")
        (tmp_path / "x.booth").write_text("")
        done, asked = plug_in(tmp_path)
        assert (1, [], "update-failed\n") == (done.status, asked, (tmp_path / "refused").read_text())

    def test_it_is_mounted_as_what_sticks_are_and_nothing_on_it_is_run(self, run, tmp_path):
        """Left to itself, mount would try every file system that the kernel knows."""
        asked = tmp_path / "asked"
        (tmp_path / "mount").write_text(f'#!/bin/sh\necho "$*" >"{asked}"\n')
        (tmp_path / "mount").chmod(0o755)
        run(ROOT / "systemd/update-usb", "/dev/sdz1", PATH=f"{tmp_path}:{os.environ['PATH']}")
        assert "-t vfat,exfat -o ro,nosuid,nodev,noexec /dev/sdz1 /run/booth-usb/sdz1\n" == asked.read_text()

    def test_a_link_is_no_bundle(self, plug_in, tmp_path):
        """It would lead away from the stick."""
        stick = tmp_path / "stick"
        stick.mkdir()
        (stick / "x.booth").symlink_to("/etc/passwd")
        done, asked = plug_in(stick)
        assert (0, []) == (done.status, asked)

    def test_a_name_makes_no_line_of_the_journal(self, plug_in, tmp_path):
        """Whoever brings the stick chooses it."""
        stick = tmp_path / "stick"
        stick.mkdir()
        (stick / "a\nbooth: the pins are \x1b[31mwrong\u202e.booth").write_text("")
        done, _ = plug_in(stick)
        assert ["update-usb: installing a?booth: the pins are ?[31mwrong???.booth"] == done.out


class TestCommand:
    def test_booth_update(self, run):
        """What is wrong is told in a sentence, with status 1."""
        done = subprocess.run(
            [sys.executable, "-m", "booth", "update", "/none.booth"], cwd=ROOT, capture_output=True, text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False, timeout=240,
        )  # fmt: skip
        assert (1, "") == (done.returncode, done.stdout)
        assert done.stderr.startswith("booth: ")
        assert 1 == len(done.stderr.splitlines())

    def test_booth_update_of_an_older_one(self, run):
        """The flag belongs to this command, and is told of."""
        run_booth = partial(
            subprocess.run, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
            check=False, timeout=240,
        )  # fmt: skip
        booth = [sys.executable, "-m", "booth"]
        assert 2 == run_booth([*booth, "--allow-older"]).returncode
        assert 1 == run_booth([*booth, "update", "--allow-older", "/none.booth"]).returncode
