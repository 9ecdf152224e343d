"""Parties whose parts break."""

import pytest

from tests.parts.breaking import parties


@pytest.fixture
def a_party(tmp_path):
    """Make parties by hand, in one folder, one after the other; all are closed at the end."""
    with parties(tmp_path) as make:
        yield make


@pytest.fixture
def outbox(tmp_path):
    """Where the parties have their outbox."""
    return tmp_path / "outbox"
