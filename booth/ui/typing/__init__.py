"""How guests type: the keyboard on the screen, what pops up over it, and keyboards that are plugged in."""
