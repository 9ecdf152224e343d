"""Frames to animation: what gm is asked (recipe), how it is run (graphicsmagick), how the result is read (playback)."""
