"""Where log lines go and what they look like: facts on standard error, for people or for the journal.

No guest's name or address leaves through here: private keys lose their values wherever they are nested; every text,
an exception's too, is searched for addresses, for private keys written out, and for what `hide` was told; and the
finished line is searched for addresses once more. Nothing that a text holds moves a cursor, turns the direction of
writing or begins a line of its own. What all this costs grows with a text's length, and no text is longer than
`LONGEST`: some of them come from strangers, and the whole booth waits for each.
"""

import json
import logging
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, MutableMapping
from types import TracebackType
from typing import Any, Literal, TextIO
from urllib.parse import quote

from booth.troubles import Troubles

GONE = "<private>"
"""What stands where something private was."""


# --- What must not get out -------------------------------------------------------------------------------------------

_PRIVATE_KEY = re.compile(r"(?:^|[^a-z])(?:name|guest|metadata|password)$|e-?mail|secret", re.IGNORECASE)

LONGEST = 32_768
"""Characters of a text that are written. The rest of it is counted."""

# Wider than any standard: whatever touches an @ on both sides goes. %40 is what an @ becomes in an encoded value.
_AT = re.compile("@|%40")
_BEHIND = re.compile(r"""[^\s"'\\<>()\[\],;:@{}]+""")
_NOT_BEFORE = frozenset('"\\<>()[],;:@')
_HEX = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4})", re.IGNORECASE)
"""What other letters become in a repr."""

# A private key in a dict's repr, in JSON within text, in the repr of a dataclass, in a header. What follows the word
# secret is bounded and never given back: in secret_secret_secret each begins anew, and each would go to the end.
_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\\"(?:[^"\\]|\\[^"])*\\\""""
_BRACED = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_BARE = r"""(?<==)[^\s"'\\,;(){}\[\]<>]+"""
_IN_TEXT = re.compile(
    r"""(?P<key>(?<![a-z])(?:x-amz-meta-[a-z0-9]+|name|e-?mail|guest|metadata|secret[a-z_]{0,60}+|password)(?:\\?['"])?)"""
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


class _Hidden:
    """What must not get out, and whose it is. It holds hashes, and no guest's details: these it could give away.

    Looking takes as long for ten thousand texts as for one. May be used from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owned: dict[str, list[tuple[int, int, int]]] = {}
        """Spellings by owner, each as the hash of how it begins, its length, its own hash."""
        self._lengths: dict[int, Counter[int]] = {}
        """Lengths of the spellings, by how they begin."""
        self._hashes: Counter[int] = Counter()

    def add(self, owner: str, spellings: Iterable[str]) -> None:
        with self._lock:
            owned = self._owned.setdefault(owner, [])
            for spelling in spellings:
                known = (hash(spelling[:_SHORTEST_HIDDEN]), len(spelling), hash(spelling))
                if known in owned:
                    continue
                owned.append(known)
                begins, length, whole = known
                self._lengths.setdefault(begins, Counter())[length] += 1
                self._hashes[whole] += 1
            if not owned:
                del self._owned[owner]

    def drop(self, owner: str) -> None:
        with self._lock:
            for begins, length, whole in self._owned.pop(owner, ()):
                lengths = self._lengths[begins]
                lengths[length] -= 1
                if not lengths[length]:
                    del lengths[length]
                if not lengths:
                    del self._lengths[begins]
                self._hashes[whole] -= 1
                if not self._hashes[whole]:
                    del self._hashes[whole]

    def clear(self) -> None:
        with self._lock:
            self._owned.clear()
            self._lengths.clear()
            self._hashes.clear()

    def __len__(self) -> int:
        """Return how many spellings are known."""
        return len(self._hashes)

    def without(self, text: str) -> str:
        """Return *text* without what is hidden."""
        if not self._hashes:
            return text
        parts, begin, at = [], 0, 0
        with self._lock:
            while at <= len(text) - _SHORTEST_HIDDEN:
                lengths = self._lengths.get(hash(text[at : at + _SHORTEST_HIDDEN]))
                found = lengths and max(
                    (length for length in lengths if hash(text[at : at + length]) in self._hashes), default=0
                )
                if found:
                    parts += [text[begin:at], GONE]
                    begin = at = at + found
                else:
                    at += 1
        return "".join((*parts, text[begin:]))


_hidden = _Hidden()

troubles = Troubles()
"""What the booth's own log warned of last."""

_LONGEST_HIDDEN = 400
"""Characters of a text that are hidden; more than a guest can type. What is behind them is seldom quoted alone."""

_MOST_OWNED = 16
"""Texts of one owner that are hidden; a guest has two, and up to three answers."""


def hide(*texts: str, of: str = "") -> None:
    """Keep *texts*, a guest's details, out of every line from now on, in whatever sentence they turn up.

    For what no pattern can know: a name in the message of a foreign exception. Until `forget` is told to let go of what
    is *of* this visit.
    """
    for text in texts[:_MOST_OWNED]:
        if len(text) >= _SHORTEST_HIDDEN:
            short = text[:_LONGEST_HIDDEN]
            spellings = (short, ascii(short)[1:-1], repr(short)[1:-1], json.dumps(short)[1:-1], quote(short),
                         quote(short, _AS_IT_IS), "".join(short.split()))  # fmt: skip
            _hidden.add(of, (spelling for spelling in spellings if len(spelling) >= _SHORTEST_HIDDEN))


def forget(of: str) -> None:
    """Let go of what was hidden *of* a visit: it is sent, or deleted, and nothing will speak of it again."""
    _hidden.drop(of)


def redact(text: str) -> str:
    """Return *text* without addresses, without the values of private keys, and without what `hide` was told.

    Of a text that is longer than `LONGEST` the rest is only counted.
    """
    more = len(text) - LONGEST
    if more > 0:
        text = text[:LONGEST]
    text = _hidden.without(text)
    if ":" in text or "=" in text:
        text = _IN_TEXT.sub(_without_value, text)
        text = _COMPLAINT.sub(lambda found: found["key"] + GONE, text)
    text = _without_addresses(text)
    return f"{text} ({more} characters more)" if more > 0 else text


def printable(text: str, keep: str = "") -> str:
    """Return *text* with whatever is no letter, sign or blank written as an escape, but for what is in *keep*.

    So no text of others moves a cursor, turns the direction of writing, or begins a line of its own.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in keep else char.encode("unicode_escape", "surrogatepass").decode("ascii")
        for char in text
    )


def shown(text: str) -> str:
    """Return *text* as it may be shown anywhere: redacted, and in one line of what can be printed."""
    return printable(redact(text))


def _without_addresses(text: str) -> str:
    """Return *text* without addresses. What was JSON stays JSON. Every character is looked at a few times at most."""
    if "@" not in text and "%40" not in text:
        return text
    parts, done = [], 0
    for mark in _AT.finditer(text):
        if mark.start() < done:
            continue
        behind = _BEHIND.match(text, mark.end())
        begin = _begin(text, mark.start(), done) if behind else mark.start()
        if behind and begin < mark.start():
            parts += [text[done:begin], GONE]
            done = behind.end()
    return "".join((*parts, text[done:]))


def _begin(text: str, at: int, done: int) -> int:
    """Return where the address begins whose @ is *at*, not before *done*. An escape is in it as a whole, or not."""
    begin = at
    while begin > done:
        for length in (4, 6):
            if (
                begin - length >= done
                and _HEX.fullmatch(text, begin - length, begin)
                and _escapes(text, begin - length)
            ):
                begin -= length
                break
        else:
            if text[begin - 1] in _NOT_BEFORE or text[begin - 1].isspace():
                break
            begin -= 1
    if begin > done and text[begin - 1] == "\\" and _escapes(text, begin - 1):
        begin += 1
    return begin


def _escapes(text: str, at: int) -> bool:
    """Return whether the backslash *at* is one that escapes, and is not escaped itself."""
    first = at
    while first > 0 and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 0


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


def _noted(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remember what is a warning or worse; it has been cleaned."""
    if event.get("level") in {"warning", "error", "critical"}:
        troubles.note(str(event.get("event")), event, time.time())
    return event


def _escaped(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Have no text of an event move a cursor or begin a line. A traceback has lines, all of them set in."""
    for key, value in event.items():
        if isinstance(value, str):
            if key == "exception":
                event[key] = "\n".join(f"  {line}" for line in printable(value, keep="\n").split("\n"))
            else:
                event[key] = printable(value)
        elif not isinstance(value, bool | int | float | None):
            event[key] = printable(str(value))
    return {printable(key): value for key, value in event.items()}


def _escaped_json(_logger: object, _method: str, line: str) -> str:
    """Have a line of JSON hold what can be printed, and escapes for the rest."""
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)


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
    ]
    if people:
        plain = structlog.dev.plain_traceback
        after += [_escaped, structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    else:
        after += [structlog.processors.JSONRenderer(ensure_ascii=False), _escaped_json]  # type: ignore[list-item]  # it takes a line
    structlog.configure(
        processors=[*before, *after[:2], _noted, *after[2:]],
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
