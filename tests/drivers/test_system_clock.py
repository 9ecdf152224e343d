"""What the machine says of its own clock."""

from booth.drivers.clock import time_known


def test_a_clock_that_was_set_from_the_network_is_known(tmp_path):
    """systemd-timesyncd leaves a file that says so, until the power goes."""
    assert time_known(tmp_path)


def test_whoever_cannot_tell_does_not_know(tmp_path):
    """Without the file it is the kernel's word; whatever that is here, it is one of the two, and the same twice."""
    said = time_known(tmp_path / "nothing")
    assert (bool, said) == (type(said), time_known(tmp_path / "nothing"))
