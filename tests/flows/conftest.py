"""Parties for the flows: see `tests.flows.party`."""

import pytest

from tests.flows.party import Party


@pytest.fixture
def party(tmp_path):
    party = Party(tmp_path)
    yield party
    party.close()


@pytest.fixture
def a_party(tmp_path):
    """Make parties by hand, in one folder, one after the other; all are closed at the end."""
    made = []

    def make(**options):
        party = Party(tmp_path, **options)
        made.append(party)
        return party

    yield make
    for party in made:
        party.close()
