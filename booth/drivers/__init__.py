"""The world: one foreign library a file, our words out."""
