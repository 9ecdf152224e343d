"""A copy onto a stick: what is asked of the machine's service, and what of its word is believed."""

import pytest

from booth.core.copying import CopyStage as Stage
from booth.core.copying import StickCopy as Copy
from booth.drivers.copying import ASKED, HELD, SHOWN, UNANSWERED, WHY, StickCopier
from lab.clock import HandClock


class Service:
    """Does what booth-copy.service does, one step after the other."""

    def __init__(self, folder):
        self.runtime, self.stick = folder / "booth", folder / "booth-stick"
        self.runtime.mkdir()
        self.stick.mkdir()
        self.state = folder / "state"

    @property
    def asked(self):
        return (self.runtime / ASKED).exists()

    def take(self):
        (self.stick / WHY).unlink(missing_ok=True)
        self.state.unlink(missing_ok=True)
        (self.stick / HELD).touch()
        (self.runtime / ASKED).unlink()

    def refuse(self, stage):
        (self.stick / WHY).write_text(f"{stage.value}\n")
        (self.runtime / ASKED).unlink(missing_ok=True)

    def tell(self, stage, *numbers):
        self.state.write_bytes(Copy(stage, *numbers).written())

    def give_back(self):
        (self.stick / HELD).unlink()


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def service(tmp_path):
    return Service(tmp_path)


@pytest.fixture
def copier(service, clock):
    return StickCopier(service.runtime, clock.now, state=service.state, stick=service.stick)


def test_without_having_been_asked_for_there_is_none(copier, service):
    """And nothing is asked by looking."""
    assert (None, False) == (copier.look(), service.asked)


def test_a_copy_from_the_first_to_the_last(copier, service):
    """The stick may be taken out when nobody holds it any more, and not before."""
    copier.start()
    seen = [service.asked, copier.look()]
    service.take()
    seen.append(copier.look())
    service.tell(Stage.COPYING, 17, 84)
    seen.append(copier.look())
    service.tell(Stage.COPIED, 42, 42)
    seen.append(copier.look())
    service.give_back()
    seen.append(copier.look())
    assert [
        True, Copy(Stage.ASKED), Copy(Stage.ASKED), Copy(Stage.COPYING, 17, 84), Copy(Stage.CLOSING, 42, 42),
        Copy(Stage.COPIED, 42, 42),
    ] == seen  # fmt: skip


def test_what_goes_on_is_not_asked_for_again(copier, service):
    """Whoever touches twice has one copy."""
    copier.start()
    service.take()
    copier.start()
    assert not service.asked


def test_nothing_is_told_of_the_one_before(copier, service):
    """As soon as another was asked for."""
    copier.start()
    service.take()
    service.tell(Stage.FULL)
    service.give_back()
    before = copier.look()
    copier.start()
    assert (Copy(Stage.FULL), Copy(Stage.ASKED)) == (before, copier.look())


@pytest.mark.parametrize("stage", [Stage.NO_STICK, Stage.SEVERAL, Stage.BROKEN])
def test_why_a_stick_could_not_be_taken(copier, service, stage):
    """The word of whoever tried is told."""
    copier.start()
    service.refuse(stage)
    assert Copy(stage) == copier.look()


def test_where_nobody_answers_it_is_told(copier, clock):
    """A service that cannot be started leaves nobody waiting for ever."""
    copier.start()
    clock.advance(UNANSWERED)
    assert Copy(Stage.BROKEN) == copier.look()


def test_a_copy_that_was_killed_is_broken(copier, service):
    """Nobody holds the stick, and the last word was that it went on."""
    copier.start()
    service.take()
    service.tell(Stage.COPYING, 3, 84)
    service.give_back()
    assert Copy(Stage.BROKEN) == copier.look()


def test_how_it_ended_is_old_news_after_a_while(copier, service, clock):
    """A stick may be left in for good."""
    copier.start()
    service.take()
    service.tell(Stage.COPIED, 42, 42)
    service.give_back()
    seen = [copier.look()]
    clock.advance(SHOWN)
    seen.append(copier.look())
    assert [Copy(Stage.COPIED, 42, 42), None] == seen


def test_a_machine_without_a_place_for_it_is_no_reason_to_fall_over(copier, service):
    """The booth's folder is gone while it ends."""
    service.runtime.rmdir()
    copier.start()
    assert None is copier.look()


@pytest.mark.parametrize("line", [b"", b"copying 1\n", b"gone 1 2\n", b"copying 01 2\n", b"\xff 1 2\n"])
def test_what_is_no_word_of_a_copy_counts_for_nothing(line):
    """Whoever wrote it."""
    assert None is Copy.read(line)


@pytest.mark.parametrize("stage", Stage)
def test_what_is_told_is_read_as_it_was(stage):
    """Each stage."""
    assert Copy(stage, 17, 42) == Copy.read(Copy(stage, 17, 42).written())
