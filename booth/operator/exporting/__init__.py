"""``booth export``, room by room: what is gathered, its names, what is made of it, how it is written."""
