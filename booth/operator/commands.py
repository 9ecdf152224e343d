"""The list of commands, in the order of ``booth --help``. The first is what ``booth`` does without a word."""

from booth.operator import brand, bucket, config, doctor, export, find, net, outbox, pin, run, simulate, status, update
from booth.operator.command import Command

COMMANDS: tuple[Command, ...] = (
    run.COMMAND,
    simulate.COMMAND,
    doctor.COMMAND,
    status.COMMAND,
    outbox.COMMAND,
    export.COMMAND,
    config.COMMAND,
    brand.COMMAND,
    pin.COMMAND,
    bucket.COMMAND,
    find.COMMAND,
    net.COMMAND,
    update.COMMAND,
)
