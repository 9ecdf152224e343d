"""Which way text runs: Unicode's bidirectional algorithm (UAX 9) for one line, as far as names need it.

Marks that embed and isolate are left out: nobody types them, and no line here is made of parts that need them. Pure.
"""

import unicodedata
from collections.abc import Sequence

_EXPLICIT = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_RIGHT = frozenset({"R", "AN", "EN"})
_OPENING = {"(": ")", "[": "]", "{": "}", "\uff08": "\uff09", "\u300c": "\u300d", "\u3010": "\u3011"}
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}


def right_to_left(text: str) -> bool:
    """Return whether anything in *text* runs from right to left: without it there is nothing to order."""
    return any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in text)


def base(text: str) -> int:
    """Return 1 if the first letter that has a direction runs from right to left, else 0."""
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((int(kind != "L") for kind in strong if kind in {"L", "R", "AL"}), 0)


def levels(text: str) -> list[int]:
    """Return the level of each character: even from left to right, odd from right to left, deeper where nested."""
    ground = base(text)
    kinds = [unicodedata.bidirectional(char) or "L" for char in text]
    seen = [index for index, kind in enumerate(kinds) if kind not in _EXPLICIT]
    line = [kinds[index] for index in seen]
    marks = [kind == "NSM" for kind in line]
    _weak(line, "R" if ground else "L")
    _brackets(line, [text[index] for index in seen], marks, ground)
    _neutral(line, ground)
    found = dict(zip(seen, (_level(kind, ground) for kind in line), strict=True))
    told: list[int] = []
    for index in range(len(text)):
        told.append(found.get(index, told[-1] if told else ground))
    ends = True  # blanks at the end lie at the end of the line, and before a tab they lie where it does (L1)
    for index in range(len(text) - 1, -1, -1):
        if kinds[index] in {"B", "S"}:
            ends = True
        elif kinds[index] not in {"WS"} | _EXPLICIT:
            ends = False
        if ends:
            told[index] = ground
    return told


def order(run_levels: Sequence[int]) -> list[int]:
    """Return the numbers of runs of these levels in the order in which they stand on the screen, from the left."""
    placed = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        index = 0
        while index < len(placed):
            end = index
            while end < len(placed) and run_levels[placed[end]] >= level:
                end += 1
            placed[index:end] = reversed(placed[index:end])
            index = end + 1
    return placed


def _weak(line: list[str], edge: str) -> None:
    """Settle marks and numbers (the standard's W1 to W7)."""
    for index, kind in enumerate(line):
        if kind == "NSM":
            line[index] = line[index - 1] if index else edge
    strong = edge
    for index, kind in enumerate(line):
        if kind in {"L", "R", "AL"}:
            strong = kind
        elif kind == "EN" and strong == "AL":
            line[index] = "AN"
    line[:] = ["R" if kind == "AL" else kind for kind in line]
    for index in range(1, len(line) - 1):
        before, kind, after = line[index - 1 : index + 2]
        if before == after and ((kind == "ES" and before == "EN") or (kind == "CS" and before in {"EN", "AN"})):
            line[index] = before
    index = 0
    while index < len(line):
        end = index
        while end < len(line) and line[end] == "ET":
            end += 1
        if end > index and ((index and line[index - 1] == "EN") or (end < len(line) and line[end] == "EN")):
            line[index:end] = ["EN"] * (end - index)
        index = end + 1
    line[:] = ["ON" if kind in {"ES", "ET", "CS"} else kind for kind in line]
    strong = edge
    for index, kind in enumerate(line):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            line[index] = "L"


def _brackets(line: list[str], chars: Sequence[str], marks: Sequence[bool], ground: int) -> None:
    """Give both of a pair of brackets, and the marks on them, the direction of what they hold (N0)."""
    mine = "R" if ground else "L"
    waiting: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for index, char in enumerate(chars):
        if line[index] != "ON":
            continue
        if char in _OPENING:
            waiting.append((char, index))
        elif char in _CLOSING:
            at = next((at for at in range(len(waiting) - 1, -1, -1) if waiting[at][0] == _CLOSING[char]), None)
            if at is not None:
                pairs.append((waiting[at][1], index))
                del waiting[at:]
    for opening, closing in sorted(pairs):
        held = {_direction(kind) for kind in line[opening + 1 : closing]} - {""}
        if not held:
            continue
        if mine in held:
            chosen = mine
        else:
            before = (found for found in map(_direction, reversed(line[:opening])) if found)
            chosen = "L" if next(before, mine) == "L" else "R"
        for index in (opening, closing):
            end = index + 1
            while end < len(line) and marks[end]:
                end += 1
            line[index:end] = [chosen] * (end - index)


def _neutral(line: list[str], ground: int) -> None:
    """Give what has no direction that of its neighbours, if they agree, else that of the line (N1, N2)."""
    mine = "R" if ground else "L"
    index = 0
    while index < len(line):
        end = index
        while end < len(line) and line[end] in _NEUTRAL:
            end += 1
        if end > index:
            before = _direction(line[index - 1]) if index else mine
            after = _direction(line[end]) if end < len(line) else mine
            line[index:end] = [before if before == after else mine] * (end - index)
        index = end + 1


def _direction(kind: str) -> str:
    return "L" if kind == "L" else "R" if kind in _RIGHT else ""


def _level(kind: str, ground: int) -> int:
    if kind in {"AN", "EN"}:
        return 2
    if kind == "R":
        return 1
    return 2 * ground
