"""``booth find``, room by room: the language, what a server is asked, what is proved, how it is shown."""
