"""The durable queue between the darkroom and the bucket: folders on disk, and the uploader that empties them.

On the way of a visit: ``spool`` keeps what the workers bring, ``entries`` makes an entry of it, which ``entry`` writes
and reads, and each target has a ``queue``. The ``uploader`` is the thread that empties one: ``rounds`` decide what is
sent next, ``turns`` in which order, one of the ``couriers`` goes with it, and ``news`` tell of it. ``uploads`` are all
uploaders together. ``following`` asks after copies.

On the disk: ``places`` says what is where, ``folders`` lists and moves, ``room`` sees that there is some, ``deleting``
deletes, ``baring`` and ``forgetting`` take away what is a guest's. ``shelf`` reads beside a booth that works. What is
counted of a night is the ``scribe``'s, in ``nights``.
"""
