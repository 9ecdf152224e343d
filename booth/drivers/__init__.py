"""The world: one foreign library a file, our words out. None of them knows another."""
