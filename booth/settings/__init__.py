"""The settings: where they come from, what is wrong with them, and how they are shown. Each room keeps its sections."""
