"""What whoever runs a booth types: one file a command, and the list of them in `booth.operator.commands`.

The law: an import here costs next to nothing, so that ``booth --help`` answers at once; a command brings what it needs
when it is carried out. No sentence repeats what may be a secret.
"""
