"""The pure heart: standard library only, no clock, no disk, no log, no thread."""
