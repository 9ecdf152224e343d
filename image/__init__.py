"""The card image: what builds it, what is in it, and the story that is played on it.

The law: the booth never imports this. Nothing of the Python here is on a card.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout."""
