"""Text as pictures: fonts, what letters they have, the order of a line, and how much of it can be seen."""
