"""Whether the booth is ready for tonight: checks that each measure one thing, and what becomes of their findings.

It lies below what puts a booth together, so that a booth that starts can look at itself, and its operator's screen can
show what was found. What only a command may ask, with the bucket's owner's eyes, is in `booth.operator.examining`.
"""
