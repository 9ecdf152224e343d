"""Two products for two targets, of which one has a fault: a few rows of ``scripts/faults --double``."""

import pytest

from lab.server import double
from lab.server.misbehaving import FAULTS


@pytest.fixture(scope="module")
def at(around):
    """Start a fault server for each target, once for these tests."""
    with double.places(around) as made:
        yield made


@pytest.mark.parametrize(("fault", "ill"), [("503-SlowDown", "bucket"), ("drips", "attic"), ("proxy-refuses", "both")])
def test_a_target_that_is_ill_keeps_the_other_from_nothing(around, at, fault, ill):
    """The one that is well has both products of both guests at once; in the end each has one object for each product.

    The guests are told of the bucket alone, and the operator reads which of the two has the trouble.
    """
    assert () == double.prove(fault, ill, around, at).wrong


def test_each_kind_of_fault_is_had_at_either_target():
    """Those of a proxy, which the environment names, at both; each is one that a server without TLS can have."""
    alone = [(name, ill) for name, ill in double.CASES if ill != double.BOTH]
    assert [(name, ill) for name in double.KINDS for ill in double.NAMES] == alone
    assert [] == [name for name in double.KINDS if "http" not in FAULTS[name].schemes]
    assert ["proxy-away", "proxy-refuses", "proxy-password", "proxy-fails"] == [
        name for name, ill in double.CASES if ill == double.BOTH
    ]
