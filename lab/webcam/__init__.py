"""A webcam that nobody has plugged in: the kernel's side of it is pretended, and the booth's driver is the real one."""
