"""The screen and its touch panel: the only rooms of the booth where pygame lives."""
