"""Where log lines go and what they look like: facts on standard error, for people or for the journal.

No guest's name or address leaves through here: private keys lose their values wherever they are nested; every text,
an exception's too, is searched for addresses, for private keys written out, and for what `hide` was told; and the
finished line is searched for addresses once more.
"""

import json
import logging
import re
import sys
import threading
from collections import deque
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, Literal, TextIO
from urllib.parse import quote

GONE = "<private>"
"""What stands where something private was."""


# --- What must not get out -------------------------------------------------------------------------------------------

_PRIVATE_KEY = re.compile(r"(?:^|[^a-z])(?:name|guest|metadata|password)$|e-?mail|secret", re.IGNORECASE)

# Wider than any standard: whatever touches an @ on both sides goes. %40 is what an @ becomes in an encoded value, and
# the first two alternatives what other letters become in a repr. The last steps over an escape, to leave it whole.
_ADDRESS = re.compile(
    r"""(?:\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|[^\s"\\<>()\[\],;:@]){1,320}(?:@|%40)[^\s"'\\<>()\[\],;:@{}]+|(\\.)""",
    re.IGNORECASE,
)

# A private key in a dict's repr, in JSON within text, in the repr of a dataclass, in a header.
_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\\"(?:[^"\\]|\\[^"])*\\\""""
_BRACED = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_BARE = r"""(?<==)[^\s"'\\,;(){}\[\]<>]+"""
_IN_TEXT = re.compile(
    r"""(?P<key>(?<![a-z])(?:x-amz-meta-[a-z0-9]+|name|e-?mail|guest|metadata|secret[a-z_]*|password)(?:\\?['"])?)"""
    rf"""(?P<is>\s*[:=]\s*)(?P<value>b?(?:{_QUOTED})|{_BRACED}|{_BARE})""",
    re.IGNORECASE,
)

# How botocore complains about metadata: "... for key "name", value: ...", "Metadata.name, value: ..., type: ...".
_COMPLAINT = re.compile(r"(?P<key>\bMetadata\b[^\n]{0,100}?\bvalue: ).*?(?=, type: |$)", re.IGNORECASE | re.MULTILINE)

_SHORTEST_HIDDEN = 3
"""Characters. Shorter texts are parts of too many words to be hidden without making the log unreadable."""

_DEEPEST = 8
"""Levels. What is nested deeper is written as Python would, and searched as text: it may contain itself."""

# Metadata values are percent-encoded, but for these.
_AS_IT_IS = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")

_hidden: deque[tuple[str, ...]] = deque(maxlen=64)


def hide(*texts: str) -> None:
    """Keep *texts*, a guest's details, out of every line from now on, in whatever sentence they turn up.

    For what no pattern can know: a name in the message of a foreign exception. The last 64 are remembered.
    """
    for text in texts:
        if len(text) >= _SHORTEST_HIDDEN:
            spellings = (text, ascii(text)[1:-1], repr(text)[1:-1], json.dumps(text)[1:-1], quote(text),
                         quote(text, _AS_IT_IS))  # fmt: skip
            known = tuple(dict.fromkeys(spellings))
            if known not in _hidden:
                _hidden.append(known)


def redact(text: str) -> str:
    """Return *text* without addresses, without the values of private keys, and without what `hide` was told."""
    for spellings in tuple(_hidden):
        for spelling in spellings:
            if spelling in text:
                text = text.replace(spelling, GONE)
    if ":" in text or "=" in text:
        text = _IN_TEXT.sub(_without_value, text)
        text = _COMPLAINT.sub(lambda found: found["key"] + GONE, text)
    return _without_addresses(text)


def _without_addresses(text: str) -> str:
    """Return *text* without addresses. What was JSON stays JSON."""
    if "@" in text or "%40" in text:
        text = _ADDRESS.sub(lambda found: found[1] or GONE, text)
    return text


def _without_value(found: re.Match[str]) -> str:
    quotes = re.match(r"""b?(\\?["'])""", found["value"])
    edge = quotes[1] if quotes else ""
    return f"{found['key']}{found['is']}{edge}{GONE}{edge}"


def _clean(value: object, depth: int = 0) -> object:
    """Return *value* as plain data without anything private in it, however deeply nested."""
    match value:
        case str():
            return redact(value)
        case bool() | int() | float() | None:
            return value
        case Mapping() if depth < _DEEPEST:
            return {
                redact(str(key)): GONE if _PRIVATE_KEY.search(str(key)) else _clean(inner, depth + 1)
                for key, inner in value.items()
            }
        case list() | tuple() | set() | frozenset() if depth < _DEEPEST:
            return [_clean(part, depth + 1) for part in value]
        case _:
            return redact(repr(value))


def _cleaned(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Clean every value of an event, the exception's text among them; what lines are read by comes first."""
    first = {key: event[key] for key in ("timestamp", "level", "event") if key in event}
    return {key: GONE if _PRIVATE_KEY.search(key) else _clean(value) for key, value in {**first, **event}.items()}


class _Lines:
    """The last door: every line goes through here. A stream that is gone costs the line, never the booth."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, text: str) -> int:
        with self._lock:
            try:
                self._stream.write(_without_addresses(text))
                self._stream.flush()
            except (OSError, ValueError):  # ValueError: the stream was closed
                pass
        return len(text)

    def flush(self) -> None:
        """Do nothing: every line is flushed as it is written."""


class _Handler(logging.StreamHandler[_Lines]):
    """Takes what libraries log."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Say that a line could not be made, without its arguments, which the library would print as they are."""
        self.stream.write(f"a line of {record.name} could not be written\n")


# --- Setting it up ---------------------------------------------------------------------------------------------------


def configure(
    level: Literal["debug", "info", "warning", "error"],
    format: Literal["auto", "console", "json"],  # noqa: A002 - the setting's name
    stream: TextIO,
) -> None:
    """Send every log line to *stream* from now on: the booth's own from *level* up, the libraries' from WARNING up.

    *format* "auto" is "console" if *stream* is a terminal, else "json". What no one caught, in whatever thread, becomes
    a log line too. May be called again.
    """
    import structlog

    people = format == "console" or (format == "auto" and stream.isatty())
    lines = _Lines(stream)
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    after: list[structlog.typing.Processor] = [
        structlog.processors.ExceptionRenderer(),  # Python's own words: the pretty ones show locals
        _cleaned,
        structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if people
        else structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[*before, *after],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(lines),  # type: ignore[arg-type]  # it only writes and flushes
        cache_logger_on_first_use=False,  # a logger made before this call would keep the old stream
    )

    handler = _Handler(lines)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*before, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *after],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _catch_the_uncaught()


def _catch_the_uncaught() -> None:
    """Log what would otherwise be printed as it is, guests' details and all."""
    import structlog

    log = structlog.get_logger()

    def uncaught(kind: type[BaseException], exc: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, exc, trace)
        else:
            log.error("bug", exc_info=(kind, exc, trace))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            thread = args.thread.name if args.thread is not None else None
            log.error("bug", thread=thread, exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    def uncaught_in_cleaning_up(args: "sys.UnraisableHookArgs") -> None:
        if args.exc_value is not None:
            log.error("bug", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    sys.excepthook = uncaught
    sys.unraisablehook = uncaught_in_cleaning_up
    threading.excepthook = uncaught_in_thread
