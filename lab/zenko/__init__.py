"""A Zenko that is none: an S3 server with the ways of CloudServer before it, each in a room of its own.

Each way was seen on CloudServer 8.8.35, most of them with Backbeat 8.6.49 beside it.
"""
