"""``booth net``, room by room: looks at the way, what is known of it in the end, and the machine it begins at."""
