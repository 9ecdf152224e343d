"""What the power, and a disk that forgets, do to what the booth has written."""
