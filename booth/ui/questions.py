"""What an owner asks guests beside name and address: how it is written down, and what they read of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from booth.core.visit import OwnQuestion
from booth.reading import shown
from booth.section import LONGEST_NAME, written
from booth.ui.asked import texts

MOST_QUESTIONS = 3
"""The most that guests are asked: each is a page of its own, and somebody stands behind them."""

MOST_QUESTION = 120
"""Characters of a question."""

MOST_CHOICE = 40
"""Characters of what can be chosen below it."""

FEWEST_CHOICES, MOST_CHOICES = 2, 6
"""So many have room on the smallest screen, as large as a thumb."""

LONGEST_ID = 16
"""Characters of an id."""

_ID = re.compile(r"[a-z][a-z0-9]{0,15}", re.ASCII)
_ID_LIKE = f"an id of a small letter, and up to {LONGEST_ID - 1} small letters and digits: it is in metadata"
_LIKE = '{id="band", text={en="...", de="..."}}'

EXPECTED = f"at most {MOST_QUESTIONS} tables, such as [{_LIKE}]"


def _questions(value: object) -> object:
    """Judge a list of tables, one for each question."""
    if not isinstance(value, list | tuple):
        return value
    if len(value) > MOST_QUESTIONS:
        raise ValueError(f"guests are asked {MOST_QUESTIONS} questions at most: each is a page, and somebody waits")
    found = tuple(_question(each) for each in value)
    if twice := _twice(found):
        raise ValueError(f"two have the id {written(twice)}: ask for one thing once")
    return found


def _question(table: object) -> dict[str, Any]:
    said = _table(table, ("id", "text", "choices"), "a question", "[[form.questions]] before each")
    name = said["id"]
    found = {"id": name, "text": texts(name, said.get("text"), MOST_QUESTION)}
    if "choices" not in said:
        return found
    choices = said["choices"]
    if not isinstance(choices, list | tuple) or not FEWEST_CHOICES <= len(choices) <= MOST_CHOICES:
        raise ValueError(
            f"{written(name)}: expected {FEWEST_CHOICES} to {MOST_CHOICES} choices; without any, guests type an answer"
        )
    offered = tuple(_choice(name, each) for each in choices)
    if twice := _twice(offered):
        raise ValueError(f"{written(name)}: two choices have the id {written(twice)}: guests choose one")
    return found | {"choices": offered}


def _choice(question: str, table: object) -> dict[str, Any]:
    said = _table(table, ("id", "text"), f"{written(question)}: a choice", "[[form.questions.choices]] before each")
    return {"id": said["id"], "text": texts(f"{question}:{said['id']}", said.get("text"), MOST_CHOICE)}


def _table(table: object, keys: tuple[str, ...], what: str, write: str) -> Mapping[str, Any]:
    """Return a *table* of the owner's that has these *keys* at most, and an id."""
    if not isinstance(table, Mapping):
        raise ValueError(f"{what} is a table: write {write}, or {_LIKE}")  # noqa: TRY004  the content is wrong
    if strange := next((key for key in table if key not in keys), None):
        raise ValueError(f"{what} has no {shown(written(strange), LONGEST_NAME)}: it has {', '.join(keys)}")
    if not isinstance(name := table.get("id"), str) or not _ID.fullmatch(name):
        raise ValueError(f"{what}: expected {_ID_LIKE}")
    return table


def _twice(tables: tuple[dict[str, Any], ...]) -> str | None:
    ids = [each["id"] for each in tables]
    return next((name for index, name in enumerate(ids) if name in ids[:index]), None)


Questions = Annotated[tuple[dict[str, Any], ...], BeforeValidator(_questions)]


def asked(questions: tuple[dict[str, Any], ...]) -> tuple[OwnQuestion, ...]:
    """Return the questions, as the machine asks them."""
    return tuple(
        OwnQuestion(each["id"], tuple(choice["id"] for choice in each.get("choices", ()))) for each in questions
    )


def wordings(questions: tuple[dict[str, Any], ...]) -> Iterator[tuple[str, str | Mapping[str, str]]]:
    """Yield all that guests read of them: a question's by its id, a choice's by that, a colon, and its own."""
    for each in questions:
        yield each["id"], each["text"]
        for choice in each.get("choices", ()):
            yield f"{each['id']}:{choice['id']}", choice["text"]


def longest(question: Mapping[str, Any], typed: int) -> int:
    """Return how many bytes an answer may have in metadata; *typed* are those of one that is typed."""
    return max((len(choice["id"]) for choice in question.get("choices", ())), default=typed)
