"""Where texts in quotes, and comments, stand in a file of TOML; and that file with other things in their places."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<nothing> [ \t\r\n]+ | \#[^\n]* )
    | (?P<text>
          \"\"\" (?:[^\\]|\\.)*? \"\"\"(?!\") | '''.*?'''(?!')
        | "(?:[^"\\\n]|\\.)*" | '[^'\n]*'
      )
    | [A-Za-z0-9_-]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)


class Place(NamedTuple):
    """Where a text in quotes stands in a file: from the first quote to behind the last."""

    start: int
    end: int


def places_of_passwords(text: str) -> list[Place]:
    """Return where values of keys called password stand in *text*, which is TOML."""
    return [place for _, place in places_of(text, "password".__eq__)]


def places_of(text: str, named: Callable[[str], bool]) -> list[tuple[str, Place]]:
    """Return where values in quotes of keys that are *named* so stand in *text*, which is TOML, and which key it is."""
    tokens = [token for token in _TOKEN.finditer(text) if token["nothing"] is None]
    return [
        (key, Place(*value.span()))
        for name, equals, value in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if named(key := name[0].strip("\"'")) and equals[0] == "=" and value["text"] is not None
    ]


def places_of_values(text: str, named: Callable[[str], bool]) -> list[Place]:
    """Return where the values of keys that are *named* so stand, whatever they are, in *text*, which may be no TOML.

    A list or a table goes to its last bracket; one that is not closed, to the end.
    """
    tokens = list(_TOKEN.finditer(text))
    said = [index for index, token in enumerate(tokens) if token["nothing"] is None]
    places: list[Place] = []
    for name, equals, value in zip(said, said[1:], said[2:], strict=False):
        start = tokens[value].start()
        inside = bool(places) and start < places[-1].end
        if not inside and tokens[equals][0] == "=" and named(tokens[name][0].strip("\"'")):
            places.append(Place(start, _end_of_value(text, tokens, value)))
    return places


def _end_of_value(text: str, tokens: Sequence[re.Match[str]], first: int) -> int:
    """Return where the value ends that begins with the token number *first*."""
    if tokens[first]["text"] is not None:
        return tokens[first].end()
    following = (tokens[index] for index in range(first, len(tokens)))
    if tokens[first][0] in "[{":
        depth = 0
        for token in following:
            depth += (token[0] in "[{") - (token[0] in "]}")
            if depth == 0:
                return token.end()
        return len(text)
    end = tokens[first].start()
    for token in following:
        if token["nothing"] is None:
            if token[0] in ",]}":
                break
            end = token.end()
        elif re.search(r"[\n#]", token[0]):
            break
    return end


def places_of_comments(text: str) -> list[Place]:
    """Return where comments stand in *text*, which is TOML: from behind the # to the end of the line."""
    return [
        Place(token.start() + 1, token.end())
        for token in _TOKEN.finditer(text)
        if (token["nothing"] or "").startswith("#")
    ]


def replaced(text: str, new: Mapping[Place, str]) -> str:
    """Return *text* with other things at some places."""
    pieces, at = [], 0
    for place in sorted(new):
        pieces += [text[at : place.start], new[place]]
        at = place.end
    return "".join((*pieces, text[at:]))
