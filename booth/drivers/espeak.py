"""A voice: espeak-ng, as a child process for each thing that is said.

The law: whoever has something said never waits. A thread of its own starts the child, and ends it for the next words.
"""

import contextlib
import subprocess
import threading

import structlog

from booth.threads import Loop
from booth.units import Seconds

PROGRAM = "espeak-ng"

PACE = 150
"""Words a minute: slower than it speaks by itself, to be understood at a party."""

LONGEST = Seconds(30.0)
"""A child that has not said everything by then hangs, and is ended."""

ENDING = Seconds(1.0)
"""How long the thread is waited for at the end."""

log = structlog.get_logger()


class EspeakVoice:
    """Fulfils `booth.ports.Voice`. What is wrong with espeak-ng is told in the log, each thing once."""

    def __init__(self, program: str = PROGRAM) -> None:
        """Start the thread. Nothing is said yet, and espeak-ng need not be there."""
        self._program = program
        self._changed = threading.Condition()
        self._waiting: tuple[str, str] | None = None
        self._child: subprocess.Popen[str] | None = None
        self._closing = False
        self._reported: set[str] = set()
        self._thread = Loop("voice", self._run)
        self._thread.start()

    def say(self, text: str, language: str) -> None:
        """Begin to say *text* in *language* (ISO 639-1), instead of what is being said. Does not block."""
        with self._changed:
            self._waiting = text, language
            self._interrupt()

    def close(self) -> None:
        """Be silent, and end the thread. May be called twice."""
        with self._changed:
            self._closing = True
            self._waiting = None
            self._interrupt()
        self._thread.join(ENDING)

    def _interrupt(self) -> None:
        if self._child is not None:
            self._child.kill()
        self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._waiting is None and not self._closing:
                    self._changed.wait()
                if self._waiting is None:
                    return
                (text, language), self._waiting = self._waiting, None
            self._speak(text, language)

    def _speak(self, text: str, language: str) -> None:
        # Over standard input: what begins with a hyphen is no option there.
        command = [self._program, "-v", language, "-s", str(PACE), "--stdin"]
        try:
            child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
        except OSError as exc:
            self._warn(f"{self._program} cannot be started ({exc.strerror}): run `sudo apt install espeak-ng`")
            return
        with self._changed:
            self._child = child
            if self._waiting is not None or self._closing:  # something else is to be said by now
                child.kill()
        try:
            with contextlib.suppress(BrokenPipeError):
                child.communicate(text, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            self._warn(f"{self._program} hangs: see that the loudspeaker's device is free")
        finally:
            with self._changed:
                self._child = None
        if child.returncode > 0:
            self._warn(f"{self._program} has no voice for the language {language!r}, or cannot use it")

    def _warn(self, why: str) -> None:
        if why not in self._reported:
            self._reported.add(why)
            log.warning("voice.silent", why=why)
