"""The guest's details as they are being typed: lines, a caret, what is still wrong, and a hint that helps.

Typing is tested here, without a pixel. An address is judged by `Rules.judge`, which the composition root takes from a
well-kept library; the hint for a mistyped domain is ours.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from booth.core.graphemes import boundary, inside
from booth.core.visit import Consent, Guest, OwnAnswer, Purpose, Reply

NAME_LIMIT = 300
"""Characters in a name. Longer than any we know of; what metadata cannot hold is kept in the outbox entry."""

EMAIL_LIMIT = 254
"""Characters in an address: RFC 5321 leaves this much between the angle brackets."""

ANSWER_LIMIT = 80
"""Bytes of an answer that is typed, in UTF-8: as many letters of English, and 26 of Chinese. Three must have room in
metadata beside all else."""


class Field(Enum):
    """One line of the form."""

    NAME = "name"
    EMAIL = "email"
    ANSWER = "answer"
    """To the question that is asked after Send."""


class Complaint(Enum):
    """What is wrong with a field. The screen has the words."""

    NAME_MISSING = "name-missing"
    EMAIL_MISSING = "email-missing"
    EMAIL_NO_AT = "email-no-at"
    EMAIL_NO_DOMAIN = "email-no-domain"
    EMAIL_INVALID = "email-invalid"
    EMAIL_UNUSUAL = "email-unusual"
    """No standard allows it, and there are such addresses all the same: sent once more as it is, it is believed."""


JOINERS = frozenset("\u200c\u200d") | {chr(code) for code in range(0xE0020, 0xE0080)}
"""Characters without a picture of their own that belong to names all the same: the zero-width joiner and non-joiner
(families of emoji; Persian), and the tags that tell the flag of Scotland from England's."""

FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
"""Characters that Unicode calls letters or signs, and that show nothing: fillers of Hangul, the empty Braille cell, the
notehead of music that is none."""

Judge = Callable[[str], Complaint | None]
"""Says what is wrong with a complete address, or None. Pure: it imports and asks nothing when it is called."""


def shows_nothing(text: str) -> bool:
    """Return whether there is nothing to be seen of *text*: blanks, joiners and marks alone are no name."""
    return all(char in FILLERS or unicodedata.category(char)[0] in "CMZ" for char in text)


def writable(text: str) -> str:
    """Return *text* on one line, without what is no character of a name: every kind of blank becomes a plain one."""
    plain = "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)
    return "".join(char for char in plain if char.isprintable() or char in JOINERS)


def believable(address: str) -> bool:
    """Return whether somebody may have such an address, whatever standards say of what is before the @.

    Two dots in a row, or one before the @, are on phones in Japan since before those who gave them out had read RFC
    5321. What is after the @ is a name or number of a machine; and there is no blank that is not in quotes.
    """
    local, at, domain = address.strip().rpartition("@")
    quoted = len(local) > 2 and local[0] == local[-1] == '"'
    labels = domain.split(".")
    return (
        bool(at and local)
        and (quoted or not any(char.isspace() or char == "@" for char in local))
        and len(labels) > 1
        and all(label and all(_in_domain(char) for char in label) for label in labels)
    )


def _in_domain(char: str) -> bool:
    # Hosts have "_" in spite of all standards, and some domains are hearts.
    return char in "-_" or char.isalnum() or unicodedata.category(char) in {"Mn", "Mc", "So"}


@dataclass(frozen=True)
class Line:
    """One line of text and the caret in it, ``0 <= caret <= len(text)``, never inside a visible character."""

    text: str = ""
    caret: int = 0

    def insert(self, text: str, limit: int) -> "Line":
        """Put *text* at the caret. Control characters are dropped; what passes *limit* characters is not taken.

        Every kind of blank becomes a plain one.
        """
        clean = writable(text)
        if not clean or len(self.text) + len(clean) > limit:
            return self
        return Line(self.text[: self.caret] + clean + self.text[self.caret :], self.caret + len(clean))

    def erase(self) -> "Line":
        """Take the visible character before the caret away."""
        start = boundary(self.text, self.caret, -1)
        return Line(self.text[:start] + self.text[self.caret :], start)

    def move(self, by: int) -> "Line":
        """Move the caret by *by* visible characters, as far as the text goes."""
        return Line(self.text, boundary(self.text, self.caret, by))

    def placed(self, caret: int) -> "Line":
        """Put the caret at *caret*, or before the visible character that this is inside of."""
        at = min(max(caret, 0), len(self.text))
        while inside(self.text, at):
            at -= 1
        return Line(self.text, at)

    def __repr__(self) -> str:
        """Keep what guests type out of logs and tracebacks."""
        return f"Line(<{len(self.text)} characters>, caret={self.caret})"


@dataclass(frozen=True)
class Form:
    """What the guest has entered so far."""

    name: Line = Line()
    email: Line = Line()
    focus: Field = Field.NAME
    agreed: frozenset[str] = frozenset()
    """The ids of the consents whose boxes are ticked. All begin empty."""
    language: str = ""
    """The code of the language that the screen spoke when Send was touched; "" before that."""
    complaints: tuple[tuple[Field, Complaint], ...] = ()
    """What was wrong at the last Send; a complaint goes as soon as its field is touched."""
    answer: Line = Line()
    """What is typed to the question that is asked, or the id of the choice that is marked."""
    told: tuple[OwnAnswer, ...] = ()
    """What was answered to those that the guest has gone on from."""

    @property
    def line(self) -> Line:
        """The line that has the caret."""
        match self.focus:
            case Field.NAME:
                return self.name
            case Field.EMAIL:
                return self.email
            case Field.ANSWER:
                return self.answer

    def complaint(self, field: Field) -> Complaint | None:
        """Return what is wrong with *field*, as far as the guest has been told."""
        return dict(self.complaints).get(field)

    def typed(self, text: str) -> "Form":
        """Insert *text* at the caret of the focused field."""
        line = self.line.insert(text, NAME_LIMIT if self.focus is Field.NAME else EMAIL_LIMIT)
        if self.focus is Field.ANSWER and len(line.text.encode("utf-8", "surrogatepass")) > ANSWER_LIMIT:
            return self
        return self.with_line(line)

    def erased(self) -> "Form":
        """Erase before the caret."""
        return self.with_line(self.line.erase())

    def moved(self, by: int) -> "Form":
        """Move the caret."""
        return self.having(self.line.move(by))

    def focused(self, field: Field, caret: int | None = None) -> "Form":
        """Give *field* the caret: at its end, or at *caret*, but never inside a visible character."""
        there = replace(self, focus=field)
        return there.having(there.line.placed(len(there.line.text) if caret is None else caret))

    def next_field(self) -> "Form":
        """Give the other field the caret."""
        return self.focused(Field.EMAIL if self.focus is Field.NAME else Field.NAME)

    def hint(self) -> str | None:
        """Return the address that was probably meant, or None: ``zoe@gmial.com`` gives ``zoe@gmail.com``."""
        return suggestion(self.email.text)

    def hint_taken(self) -> "Form":
        """Replace the address by the hint, if there is one."""
        meant = self.hint()
        if meant is None:
            return self
        return self.focused(Field.EMAIL).with_line(Line(meant, len(meant)))

    def judged(self, *, name_required: bool, email_required: bool, judge: Judge) -> "Form":
        """Return the form with everything that keeps it from being sent, the caret in the first field that is wrong.

        An address that is only unusual is asked about once; whoever sends it again as it is knows it better.
        """
        complaints: list[tuple[Field, Complaint]] = []
        if name_required and shows_nothing(self.name.text):
            complaints.append((Field.NAME, Complaint.NAME_MISSING))
        email = self.email.text.strip()
        wrong = judge(email) if email else (Complaint.EMAIL_MISSING if email_required else None)
        if wrong is Complaint.EMAIL_INVALID and believable(email):
            wrong = None if self.complaint(Field.EMAIL) is Complaint.EMAIL_UNUSUAL else Complaint.EMAIL_UNUSUAL
        if wrong is not None:
            complaints.append((Field.EMAIL, wrong))
        told = replace(self, complaints=tuple(complaints))
        return told.focused(complaints[0][0]) if complaints else told

    def toggled(self, consent: str) -> "Form":
        """Tick the box of the *consent* of that id, or take the tick away."""
        return replace(self, agreed=self.agreed ^ {consent})

    def guest(self, consents: Sequence[Consent] = ()) -> Guest:
        """Return the details as they will be sent: blanks around them stripped, nothing else changed.

        A name of which nothing can be seen is none. *consents* are those that were asked.
        """
        name = "" if shows_nothing(self.name.text) else self.name.text.strip()
        answers = tuple(Reply(consent, consent.id in self.agreed) for consent in consents)
        shown = any(said.agreed for said in answers if said.consent.purpose is Purpose.SHOW)
        return Guest(name, self.email.text.strip(), shown, answers, self.language, self.told)

    def questioned(self, question: str) -> "Form":
        """Give the *question* of that id the caret, with what was answered to it before."""
        before = next((each.text for each in self.told if each.question == question), "")
        return replace(self, focus=Field.ANSWER, answer=Line(before, len(before)))

    def marked(self, choice: str) -> "Form":
        """Mark the *choice* of that id, and no other; or take its mark away."""
        return replace(self, answer=Line() if self.answer.text == choice else Line(choice, len(choice)))

    def answered(self, question: str) -> "Form":
        """Return the form as it is when the guest goes on: an answer of which nothing can be seen is none."""
        others = tuple(each for each in self.told if each.question != question)
        if shows_nothing(self.answer.text):
            return replace(self, told=others)
        return replace(self, told=(*others, OwnAnswer(question, self.answer.text.strip())))

    def with_line(self, line: Line) -> "Form":
        """Change the focused line; what was wrong with it is no longer known."""
        return replace(self.having(line), complaints=tuple(c for c in self.complaints if c[0] is not self.focus))

    def having(self, line: Line) -> "Form":
        """Put *line* in the place of the focused one."""
        match self.focus:
            case Field.NAME:
                return replace(self, name=line)
            case Field.EMAIL:
                return replace(self, email=line)
            case Field.ANSWER:
                return replace(self, answer=line)


KNOWN_DOMAINS = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "hotmail.fr",
    "hotmail.co.uk",
    "live.com",
    "yahoo.com",
    "yahoo.fr",
    "yahoo.co.uk",
    "icloud.com",
    "me.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "orange.fr",
    "free.fr",
    "laposte.net",
    "libero.it",
    "proton.me",
    "protonmail.com",
    "fastmail.com",
    "aol.com",
    "msn.com",
)
"""Where most guests' mail lives; the hint only ever proposes one of these."""

KNOWN_GOOD = frozenset({"email.com", "mail.com", "tree.fr", "ymail.com"})
"""Real domains that look like a slip of a known one."""


def suggestion(address: str) -> str | None:
    """Return *address* with the domain that was probably meant, or None if the domain is fine or unlike any known.

    A slip is one letter wrong, missing, doubled, or swapped with its neighbour: ``gmial.com``, ``gmail.co``.
    """
    local, at, domain = address.strip().rpartition("@")
    domain = domain.lower()
    if not (local and at and domain) or domain in KNOWN_DOMAINS or domain in KNOWN_GOOD:
        return None
    return next((f"{local}@{known}" for known in KNOWN_DOMAINS if len(known) > 6 and _one_slip(domain, known)), None)


def _one_slip(typed: str, meant: str) -> bool:
    """Whether *typed* is one edit or one swap of neighbours away from *meant*."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    first = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    rest, due = typed[first:], meant[first:]
    return rest[1:] == due[1:] or rest[1:] == due or rest == due[1:] or (
        rest[:2] == due[1::-1] and len(due) > 1 and rest[2:] == due[2:]
    )  # fmt: skip
