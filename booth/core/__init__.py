"""The pure heart: standard library only, no clock, no disk, no log, no thread.

``machine`` turns ``states`` by ``events`` into other states and ``effects``, as ``rules`` have it; ``scene`` is what is
shown then. ``form`` is what a guest types. What is behind the operator's PIN: ``backstage`` is the machine's part,
``operating`` and ``trying`` have its values, ``showing`` its scenes.
"""
