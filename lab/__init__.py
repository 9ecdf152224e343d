"""Proofs, benches, doubles and what writes pages: what shows that the booth keeps its promises.

The law: the lab imports the booth, and the booth never the lab. Nothing of it is on a card.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout."""
