"""Every screen that a guest or an operator can see, painted, and compared with what is kept."""
