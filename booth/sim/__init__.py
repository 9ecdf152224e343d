"""The same ports as the drivers, pretending well; chosen once, by ``--simulate``."""
