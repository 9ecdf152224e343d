"""What guests answered to the event's own questions: in ``guest.json``, in metadata, and back. Pure.

The law: an answer is a detail of its guest. It is wherever the name is, and goes when that goes.
"""

import re
from collections.abc import Iterable, Mapping

from booth.core.form import ANSWER_LIMIT, shows_nothing, writable
from booth.core.visit import OwnAnswer
from booth.outbox.metadata import ANSWER

MOST_ANSWERS = 3
"""The most that a guest is asked."""

KEY = "answers"
"""Where they are in a file of ours: by the id of the question, the id of a choice or what was typed."""

_ID = re.compile(r"[a-z][a-z0-9]{0,15}", re.ASCII)


def written(told: Iterable[OwnAnswer]) -> dict[str, dict[str, str]]:
    """Return what a file of ours says of the answers; nothing if there are none."""
    said = {answer.question: answer.text for answer in told}
    return {KEY: said} if said else {}


def read(said: object) -> tuple[OwnAnswer, ...]:
    """Return the answers that a file of ours says; () if it says none that we could have written.

    For their sake nobody's details are lost.
    """
    if not isinstance(said, dict) or len(said) > MOST_ANSWERS:
        return ()
    if not all(isinstance(name, str) and _ID.fullmatch(name) and _is_answer(text) for name, text in said.items()):
        return ()
    return tuple(OwnAnswer(name, text) for name, text in said.items())


def metadata_of(told: Iterable[OwnAnswer]) -> dict[str, str]:
    """Return the metadata that say the answers."""
    return {f"{ANSWER}{answer.question}": answer.text for answer in told}


def answers(said: Mapping[str, str]) -> dict[str, str]:
    """Return the answers in metadata that are decoded, by the ids of the questions."""
    return {
        name: text for key, text in said.items() if (name := key.removeprefix(ANSWER)) != key and _ID.fullmatch(name)
    }


def _is_answer(text: object) -> bool:
    return (
        isinstance(text, str)
        and not shows_nothing(text)
        and text == writable(text)
        and len(text.encode("utf-8", "surrogatepass")) <= ANSWER_LIMIT
    )
