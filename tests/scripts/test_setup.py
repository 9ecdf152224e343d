"""Set-up on machines that lack something: one sentence, a status, and nothing half-done."""

from pathlib import Path

import pytest


def test_a_second_setup_asks_nobody(machine):
    """Where all is in place, set-up starts no pip and no apt, and says nothing."""
    assert 0 == machine.run("scripts/setup").status
    before = machine.calls
    again = machine.run("scripts/setup")
    assert (0, [], [], before) == (again.status, again.out, again.err, machine.calls)


def test_what_it_says_stays_off_standard_output(machine):
    """A script that reads the simulator's output never meets set-up's words there."""
    first = machine.run("scripts/setup")
    assert ([], "setup: ready") == (first.out, first.err[-1])


@pytest.mark.parametrize(
    ("arguments", "lock"),
    [((), "requirements-simulate.lock"), (("--test",), "requirements-dev.lock")],
)
def test_packages_come_hash_locked(machine, arguments, lock):
    """Pip installs exactly what the lock names, by hash, and nothing that a package asks for beside it."""
    machine.run("scripts/setup", *arguments)
    [call] = [call for call in machine.calls if lock in call]
    assert "--require-hashes --no-deps" in call


def test_what_serves_the_tests_serves_the_simulator(machine):
    """After set-up for the tests, set-up for the simulator finds everything done."""
    machine.run("scripts/setup", "--test")
    before = machine.calls
    assert (0, before) == (machine.run("scripts/setup").status, machine.calls)


def test_a_developer_stays_one(machine):
    """An update, then set-up for the simulator: .venv is made anew with all that the tests need, as it was before."""
    machine.run("scripts/setup", "--test")
    (machine.checkout / "requirements.lock").write_text("other\n")
    machine.run("scripts/setup")
    assert 2 == sum("requirements-dev.lock" in call for call in machine.calls)
    assert not any("requirements-simulate.lock" in call for call in machine.calls)


IMAGE_TOOLS = (
    *("mmdebstrap", "arch-test", "newuidmap", "qemu-aarch64-static", "update-binfmts", "mkfs.vfat", "mcopy", "mke2fs"),
    *("sfdisk", "zstd", "xz", "swig", "aarch64-linux-gnu-gcc", "qemu-system-aarch64", "dtc", "unmkinitramfs", "depmod"),
    *("cpio", "pip3"),
)
IMAGE_FILES = (
    "/usr/aarch64-linux-gnu/include/stdio.h",
    "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd",
    "/usr/lib/ipxe/qemu/efi-virtio.rom",
)
builder = pytest.mark.skipif(
    not all(Path(file).exists() for file in IMAGE_FILES), reason="no stub can stand for files of another processor"
)


@pytest.fixture
def image_machine(machine):
    """Return a machine that lacks nothing of what builds images."""
    for tool in IMAGE_TOOLS:
        machine.has(tool)
    machine.has("mount")
    return machine


def test_what_builds_images_is_installed(image_machine):
    """Set-up for images installs what is missing, by the names that Debian has for it."""
    image_machine.lacks("mmdebstrap")
    image_machine.has(
        "apt-get", 'for tool; do if [[ $tool == mmdebstrap ]]; then ln -sf "$0" "${0%/*}/mmdebstrap"; fi; done'
    )
    image_machine.run("scripts/setup", "--image")
    assert any(call.startswith("apt-get") and " mmdebstrap" in call for call in image_machine.calls)


def test_others_need_nothing_that_builds_images(machine):
    """Set-up for the tests asks neither for an emulator nor whether there is one."""
    machine.has("arch-test", "exit 1")
    assert 0 == machine.run("scripts/setup", "--test").status
    assert not any(call.startswith(("apt-get", "arch-test")) for call in machine.calls)


@builder
def test_a_kernel_that_emulates_is_left_alone(image_machine):
    """Where arm64 programs run already, the kernel is told nothing; and what serves images serves the tests."""
    outcome = image_machine.run("scripts/setup", "--image")
    assert (0, False) == (outcome.status, any("update-binfmts" in call for call in image_machine.calls))
    before = image_machine.calls
    assert (0, before) == (image_machine.run("scripts/setup", "--test").status, image_machine.calls)


@builder
def test_a_kernel_is_told_how_to_emulate(image_machine):
    """The emulator is there and the kernel does not know of it: it is told, and then it does."""
    known = f'"{image_machine.tools}/known"'
    image_machine.has("arch-test", f"[[ -e {known} ]]")
    image_machine.has("update-binfmts", f": >{known}")
    outcome = image_machine.run("scripts/setup", "--image")
    assert (0, True) == (outcome.status, "update-binfmts --enable qemu-aarch64" in image_machine.calls)


@builder
def test_a_kernel_that_cannot_be_told_is_said_so(image_machine):
    """In a container the kernel is the host's: one sentence, with what its root must do."""
    image_machine.has("arch-test", "exit 1")
    outcome = image_machine.run("scripts/setup", "--image")
    sentence = outcome.err[-1]
    assert (1, True, True) == (outcome.status, "does not run arm64 programs" in sentence, "on its host" in sentence)


@builder
def test_without_root_the_kernel_is_not_told(image_machine):
    """Sudo refuses: one sentence, with the command for whoever is root there."""
    image_machine.has("arch-test", "exit 1")
    image_machine.has("id", "echo 1000")
    image_machine.has("sudo", "exit 1")
    outcome = image_machine.run("scripts/setup", "--image")
    [sentence] = outcome.err
    assert (1, True) == (outcome.status, "update-binfmts --enable qemu-aarch64' run as root" in sentence)


def test_a_new_lock_is_installed(machine):
    """After an update that brings other locks, .venv is made anew."""
    machine.run("scripts/setup")
    with (machine.checkout / "requirements.lock").open("a") as lock:
        lock.write("# other\n")
    machine.run("scripts/setup")
    assert 2 == sum("-m venv" in call for call in machine.calls)


def test_a_moved_checkout_is_set_up_again(machine):
    """`.venv` holds the checkout's path; moved elsewhere it is made anew, and not trusted."""
    machine.run("scripts/setup")
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("moved"))
    machine.run("scripts/setup")
    assert f"{machine.checkout}\n" == (machine.checkout / ".venv/lib/python3.11/site-packages/booth.pth").read_text()


def test_a_wrong_python_is_named(machine):
    """$PYTHON that is too old: one sentence, with the interpreter and the version that is wanted."""
    machine.settings["FAKE_VERSION"] = "3.9"
    outcome = machine.run("scripts/setup")
    [sentence] = outcome.err
    assert (1, True, True) == (outcome.status, machine.settings["PYTHON"] in sentence, "3.11 or newer" in sentence)


@pytest.mark.skipif(Path("/etc/rpi-issue").exists(), reason="Raspberry Pi OS has its own interpreter, always")
@pytest.mark.parametrize("version", ["3.9", None], ids=["old", "none"])
def test_no_python_is_said_so(machine, version):
    """No interpreter that will do: one sentence, with what to do."""
    del machine.settings["PYTHON"]
    if version is None:
        machine.lacks("python3")
    else:
        machine.settings["FAKE_VERSION"] = version
    outcome = machine.run("scripts/setup")
    [sentence] = outcome.err
    assert (1, True) == (outcome.status, "no Python 3.11 or newer was found: install" in sentence)


def test_a_shim_that_does_not_run_is_passed_over(machine):
    """A `python3` that is there and fails, as a version manager's shim does, is no interpreter; the next one is."""
    del machine.settings["PYTHON"]
    machine.has("python3.12", (machine.tools / "python3").read_text())
    machine.has("python3", "exit 127")
    machine.settings["FAKE_VERSION"] = "3.12"
    machine.run("scripts/setup")
    assert any(call.startswith("python3.12 -m venv") for call in machine.calls)


def test_root_needs_no_sudo(machine):
    """As root, missing Debian packages are installed without sudo, and the lists are not fetched for nothing."""
    machine.lacks("gm")
    machine.lacks("sudo")
    outcome = machine.run("scripts/setup")
    [call] = [call for call in machine.calls if call.startswith("apt-get")]
    assert (0, True) == (outcome.status, "graphicsmagick" in call)


def test_missing_lists_are_fetched(machine):
    """A fresh machine knows no packages; it is told of them once, and then installs."""
    machine.lacks("gm")
    lists = f'"{machine.tools}/lists"'
    machine.has(
        "apt-get", f'if [[ "$*" == *update ]]; then : >{lists}; else [[ -e {lists} ]] && {machine.brings_gm}; fi'
    )
    outcome = machine.run("scripts/setup")
    calls = [call.split() for call in machine.calls if call.startswith("apt-get")]
    verbs = ["update" if "update" in call else "install" for call in calls]
    assert (0, ["install", "update", "install"]) == (outcome.status, verbs)


def test_without_sudo_it_says_what_root_must_do(machine):
    """A guest on somebody's machine: one sentence, with the command for whoever is root there."""
    machine.lacks("gm")
    machine.lacks("sudo")
    machine.has("id", "echo 1000")
    outcome = machine.run("scripts/setup")
    [sentence] = outcome.err
    assert (1, True, True) == (outcome.status, "no sudo" in sentence, "apt-get install graphicsmagick" in sentence)


def test_a_sudo_that_refuses_is_not_asked_twice(machine):
    """Sudo wants a password and nobody is there to type it: one sentence, and no hanging prompt."""
    machine.lacks("gm")
    machine.has("id", "echo 1000")
    machine.has("sudo", "exit 1")
    outcome = machine.run("scripts/setup")
    [sentence] = outcome.err
    assert (1, True) == (outcome.status, "sudo does not let you" in sentence)


def test_other_systems_are_told_what_is_missing(machine):
    """Where there is no apt-get, the missing tools are named."""
    machine.lacks("gm")
    machine.lacks("apt-get")
    outcome = machine.run("scripts/setup")
    [sentence] = outcome.err
    assert (1, True, True) == (outcome.status, "graphicsmagick" in sentence, "no apt-get" in sentence)


def test_apt_without_a_network_ends_in_one_sentence(machine):
    """What apt says stays in the log, which is named."""
    machine.lacks("gm")
    machine.has("apt-get", 'echo "a wall of apt"; exit 100')
    outcome = machine.run("scripts/setup")
    [_installing, sentence] = outcome.err
    assert (1, True, True) == (outcome.status, "check the network" in sentence, "build/setup.log" in sentence)
    assert "a wall of apt" in machine.log


def test_apt_that_lies_is_found_out(machine):
    """A package that apt calls installed, and whose tool is not there, is said so."""
    machine.lacks("gm")
    machine.has("apt-get")
    outcome = machine.run("scripts/setup")
    assert (1, True) == (outcome.status, "graphicsmagick should be here now" in outcome.err[-1])


@pytest.mark.parametrize(
    ("pip", "words"),
    [
        ("exit 1", "check the network"),
        (
            'echo "THESE PACKAGES DO NOT MATCH THE HASHES"; exit 1',
            "is not the one that requirements-simulate.lock names",
        ),
        ('echo "No space left on device"; exit 1', "the disk is full"),
    ],
    ids=["network", "hash", "disk"],
)
def test_pip_that_fails_ends_in_one_sentence(machine, pip, words):
    """What pip says stays in the log; no virtual environment is left that could be taken for a whole one."""
    machine.settings["FAKE_PIP"] = pip
    outcome = machine.run("scripts/setup")
    [_installing, sentence] = outcome.err
    assert (1, True, False) == (outcome.status, words in sentence, (machine.checkout / ".venv").exists())
    assert "a wall of pip" in machine.log


def test_a_failed_update_leaves_the_booth_running(machine):
    """An update without a network keeps the .venv that was there: the booth on the shelf still starts."""
    machine.run("scripts/setup")
    (machine.checkout / "requirements.lock").write_text("other\n")
    machine.settings["FAKE_PIP"] = "exit 1"
    assert 1 == machine.run("scripts/setup").status
    assert (machine.checkout / ".venv/bin/booth").exists()


@pytest.mark.parametrize("signal", ["TERM", "KILL"])
def test_a_setup_that_was_cut_off_is_begun_anew(machine, signal):
    """Ctrl-C or a power cut during pip leaves nothing that the next set-up takes for complete."""
    machine.settings["FAKE_PIP"] = f'kill -{signal} "$PPID"'
    assert 0 != machine.run("scripts/setup").status
    machine.settings["FAKE_PIP"] = ""
    outcome = machine.run("scripts/setup")
    assert (0, 2) == (outcome.status, sum("-m venv" in call for call in machine.calls))


def test_a_power_cut_during_an_update_keeps_the_old_booth(machine):
    """The .venv that was there is found again, and if it is still the right one it is used as it is."""
    machine.run("scripts/setup")
    machine.settings["FAKE_PIP"] = 'kill -KILL "$PPID"'
    machine.run("scripts/setup", "--test")
    machine.settings["FAKE_PIP"] = "exit 1"
    assert 0 == machine.run("scripts/setup").status


def test_two_at_once_set_up_once(machine):
    """The second of two set-ups waits for the first, and finds everything done."""
    with machine.start("scripts/setup") as one, machine.start("scripts/setup") as other:
        one.communicate(timeout=240)
        other.communicate(timeout=240)
    assert (0, 0, 1) == (one.returncode, other.returncode, sum("-m venv" in call for call in machine.calls))


def test_an_unknown_option_is_refused(machine):
    """A slip of the fingers does not start an installation."""
    outcome = machine.run("scripts/setup", "--tset")
    assert (2, ["usage: scripts/setup [--test | --image]"], []) == (outcome.status, outcome.err, machine.calls)


def test_a_missing_ensurepip_is_installed(machine):
    """Debian's Python cannot make a virtual environment without a package named after its version."""
    machine.settings["FAKE_ENSUREPIP"] = "1"
    machine.run("scripts/setup")
    assert any(call.startswith("apt-get") and "python3.11-venv" in call for call in machine.calls)
