"""Parties whose parts break."""

import pytest

from tests.flows.party import Party


@pytest.fixture
def a_party(tmp_path):
    """Make parties by hand, in one folder, one after the other; all are closed at the end."""
    made = []

    def make(**options):
        made.append(Party(tmp_path, **options))
        return made[-1]

    yield make
    for party in made:
        party.close()


@pytest.fixture
def outbox(tmp_path):
    """Where the parties have their outbox."""
    return tmp_path / "outbox"
