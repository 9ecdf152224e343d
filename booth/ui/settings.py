"""What an owner sets of what guests see, hear and type, but for the screen itself: that is beside its `Dress`."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from booth import reading, stills
from booth.core.form import shows_nothing, writable
from booth.core.visit import Purpose
from booth.errors import ConfigError
from booth.section import (
    LONGEST_NAME,
    Section,
    Text,
    Trait,
    all_writable,
    listed,
    once_each,
    rooted,
    setting,
    to_be_read,
    written,
)
from booth.ui import asked, questions, theme
from booth.ui.asked import MOST_CONSENT, Asking, Consents
from booth.ui.languages import LANGUAGES
from booth.ui.questions import Questions
from booth.ui.text import faces
from booth.ui.typing import sheets

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
"""What a font for titles must have at the least."""

MOST_PURPOSE = 100
"""Characters of a line that says what an address is for."""

_BY_LANGUAGE = '{en="...", de="..."}'

_EACH = f"write text, or {_BY_LANGUAGE} with a text for each language that guests may choose"


# --- What a value may be ---------------------------------------------------------------------------------------------


def _script(code: str) -> str:
    if code not in sheets.known():
        there = ", ".join(written(known) for known in sheets.known())
        raise ValueError(f"{written(code)} is no keyboard: choose from {there}")
    return code


def _mail_domain(domain: str) -> str:
    if not re.fullmatch(r"(?=.{4,24}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", domain):
        raise ValueError(
            f"{written(domain)} is no domain that fits on a key: write what is behind the @ in small letters, "
            "at most 24 of them"
        )
    return domain


def in_words(value: object, most: int = MOST_CONSENT) -> object:
    """Judge a text, or a table of texts by the languages that they are in, of *most* characters each."""
    if isinstance(value, str):
        if value.startswith("{"):
            raise ValueError(f"what is there is neither a text nor a table: {_EACH}")
        return to_be_read(value)
    if not isinstance(value, Mapping):
        return value
    if not value:
        raise ValueError(f'the table is empty: {_EACH}; or "" alone for none')
    for code, text in value.items():
        if code not in LANGUAGES:
            called, spoken = reading.shown(written(code), LONGEST_NAME), ", ".join(map(written, LANGUAGES))
            raise ValueError(f"{called} is not a language that the screen speaks: choose from {spoken}")
        if not isinstance(text, str) or shows_nothing(text) or len(text) > most or not all_writable(text):
            raise ValueError(
                f"{written(code)}: expected text of at most {most} characters, on one line, and not empty, for "
                f"guests are asked in each language or in none: {_EACH}"
            )
    return {code: writable(text) for code, text in value.items()}


def _theme_name(name: str) -> str:
    try:
        theme.named(name)
    except ConfigError as exc:
        raise ValueError(str(exc)) from None
    return name


def _shade(text: str) -> str:
    if text:
        theme.colour(text)
    return text


def _picture(text: str) -> str:
    """Take the path of a picture, if there is one that the booth can decode in good time."""
    if rooted(text):
        stills.read(Path(text))
    return text


def _font(text: str) -> str:
    """Take the path of a font, if it has the letters that every event has."""
    if not rooted(text):
        return text
    try:
        covered = faces.coverage(Path(text))
    except reading.ReadingError as exc:
        raise ValueError(f"{text}: {exc}") from None
    except (OSError, ValueError) as exc:
        raise ValueError(f"{text} is no font that the booth can use ({exc}): name a .ttf or .otf file") from None
    missing = "".join(char for char in LETTERS if char not in covered)
    if missing:
        raise ValueError(f"{text} has no letters for {missing}: choose a font that has at least A to Z and 0 to 9")
    return text


Scripts = Annotated[
    tuple[Annotated[str, AfterValidator(_script)], ...], BeforeValidator(listed), AfterValidator(once_each)
]
Domains = Annotated[
    tuple[Annotated[str, AfterValidator(_mail_domain)], ...], BeforeValidator(listed), AfterValidator(once_each)
]
Consent = Annotated[
    Annotated[str, Field(max_length=MOST_CONSENT)] | dict[str, str], BeforeValidator(in_words), Trait.TABLE
]
Because = Annotated[
    Annotated[str, Field(max_length=MOST_PURPOSE)] | dict[str, str],
    BeforeValidator(partial(in_words, most=MOST_PURPOSE)),
    Trait.TABLE,
]
Shade = Annotated[str, AfterValidator(_shade)]
PictureFile = Annotated[str, AfterValidator(_picture), Trait.FILE]
FontFile = Annotated[str, AfterValidator(_font), Trait.FILE]


# --- The sections ----------------------------------------------------------------------------------------------------


class AttractSection(Section):
    """The invitation."""

    latest: int = setting(
        0,
        "How many of the latest animations play on the invitation; 0 shows none. Only those of guests who ticked the "
        "box beside form.consent_text are shown, so that must ask for it; and only those of this event.",
        ge=0,
        le=8,
    )
    rest_after_min: float = setting(
        30.0,
        "After so long without a guest the invitation rests, in minutes: it is dark, and the microwave walks in its "
        "sleep, so that nothing burns in. A press or a touch wakes it. 0: never.",
        ge=0.0,
        le=1440.0,
    )


class FormSection(Section):
    """The guest's details."""

    name_required: bool = setting(False, "Whether Send needs a name.")
    email_required: bool = setting(
        False, "Whether Send needs an e-mail address. A picture is made and kept without one, too."
    )
    email_purpose: Because = setting(
        "",
        "The line under the address that says what it is for: one text for all languages, or a table with one for each "
        "that guests may choose. Empty: that the team can send the GIF. Whoever uses addresses for "
        "more must say so here, and ask.",
        f"text of at most {MOST_PURPOSE} characters, or empty; or such texts by language, {_BY_LANGUAGE}",
    )
    idle_s: float = setting(
        90.0, "A form that nobody touches for this long is closed, and the visit kept without details, in seconds.",
        ge=20.0, le=600.0,
    )  # fmt: skip
    warning_s: float = setting(
        15.0, "How long before that the form says so, in seconds; less than idle_s.", ge=5.0, le=60.0
    )
    consent_text: Consent = setting(
        "",
        "What guests may agree to: one text for all, or a table with one for each language that guests may choose, "
        "which they read in theirs. Empty: nothing is asked. The box beside it starts empty, and may stay so. A text "
        "that the screen has no room for is refused at the start, with the number of characters that fit.",
        f"text of at most {MOST_CONSENT} characters, or empty; or such texts by language, {_BY_LANGUAGE}",
    )
    consents: Consents = setting(
        (),
        "What guests may agree to, each by itself, in place of consent_text: for each a table [[form.consents]] with "
        'an id, a purpose ("show", "publish", "marketing" or "own"), a text for each language that guests may choose, '
        "and who is responsible. One has its box on the form, several come after Send. Boxes start empty, and nothing "
        'depends on them but what they say: only what "show" asks lets a picture onto the invitation and into the '
        "gallery.",
        asked.EXPECTED,
    )
    questions: Questions = setting(
        (),
        "Questions of the event's own, asked one after the other once the details were sent: for each a table "
        "[[form.questions]] with an id, and a text for each language that guests may choose. Guests type a short "
        "answer, or choose one of 2 to 6 choices, each a table [[form.questions.choices]] with an id and such texts. "
        "Each can be skipped. Answers are details of the guest's, and go when these go.",
        questions.EXPECTED,
    )
    domains: Domains = setting(
        (),
        "The domains on the keys beside an address, such as your company's, in this order. None: those that most "
        "guests have who speak the language that was chosen.",
        f'at most {sheets.MOST_DOMAINS} domains in brackets, such as ["example.com", "gmail.com"]',
        max_length=sheets.MOST_DOMAINS,
    )
    scripts: Scripts = setting(
        (),
        'Further keyboards that a globe key turns to, such as "el" (Greek) and "ru" (Cyrillic); the first is always '
        "that of the language.",
        'at most 2 keyboards in brackets, such as ["el"]',
        max_length=2,
    )

    @property
    def asked(self) -> tuple[Asking, ...]:
        """What guests are asked to agree to, in order."""
        return asked.asked(self.consent_text, self.consents)

    @property
    def asks_to_show(self) -> bool:
        """Whether any guest can agree to be shown."""
        return any(each.consent.purpose is Purpose.SHOW for each in self.asked)


class KeyboardSection(Section):
    """A keyboard that is plugged in. The booth needs none."""

    layout: Literal["us", "gb", "de", "fr", "es", "it", "ch"] = setting(
        "us",
        "What stands on its keys: us, gb, de, fr, es, it, or ch (Swiss German). For a booth without a desktop; on one "
        "the desktop's own layout is used, whatever is said here.",
    )


def _shade_of(what: str) -> Any:
    """Describe the setting of a colour: what it is for."""
    return setting("", f"{what} Empty: the theme's own.", 'a colour such as "#cf1765", or empty')


class ThemeSection(Section):
    """The look of the event. Colours that cannot be read are refused at the start, with some that can."""

    name: Annotated[str, AfterValidator(_theme_name)] = setting(
        theme.USUAL,
        "The theme: pink, night (dark and warm), party (violet and sunshine) or contrast (black, white and yellow).",
        "the name of a theme",
    )
    logo: PictureFile = setting(
        "",
        "A picture with the event's logo, best with transparency, shown in place of its name. Empty: none.",
        "the path of a PNG or JPEG, or empty",
    )
    background: PictureFile = setting(
        "",
        "A picture behind the calm screens, washed with the colour of the paper so that all text can be read. "
        "Empty: none.",
        "the path of a PNG or JPEG, or empty",
    )
    font: FontFile = setting(
        "",
        "A font for titles and large buttons. What it has no letters for is shown in the booth's own. Empty: that.",
        "the path of a .ttf or .otf, or empty",
    )
    paper: Shade = _shade_of("Behind everything that is calm.")
    card: Shade = _shade_of("Fields, keys and dialogs.")
    ink: Shade = _shade_of("Text.")
    soft_ink: Shade = _shade_of("Text that can wait.")
    accent: Shade = _shade_of("The one thing to touch next.")
    accent_deep: Shade = _shade_of("The accent while it is held down, and small accented text.")
    accent_soft: Shade = _shade_of("Quiet buttons and chips.")
    accent_bright: Shade = _shade_of("The microwave, and accents on the dark.")
    on_accent: Shade = _shade_of("Text on the accent.")
    on_bright: Shade = _shade_of("Text on the bright accent.")
    line: Shade = _shade_of("Borders of what can be touched.")
    tray: Shade = _shade_of("Under the keys.")
    caution: Shade = _shade_of("Time is running out.")
    on_caution: Shade = _shade_of("Text on the caution colour.")
    wrong: Shade = _shade_of("Something must be put right.")
    good: Shade = _shade_of("It has worked.")
    dark: Shade = _shade_of("Behind the preview, and in the window of the microwave.")
    on_dark: Shade = _shade_of("Text on the dark.")
    flash: Shade = _shade_of("The light for the picture.")


class TextsSection(Section):
    """The event's own words, the same in every language. Empty: the booth's, in the guest's language."""

    headline: Text = setting("", "The large words of the invitation.", "text of at most 28 characters, or empty",
                              max_length=28)  # fmt: skip
    subline: Text = setting("", "What is below them.", "text of at most 40 characters, or empty", max_length=40)
    call: Text = setting("", "What to do: press the button.", "text of at most 24 characters, or empty", max_length=24)
    thanks: Text = setting("", "The title over the finished animation.", "text of at most 24 characters, or empty",
                            max_length=24)  # fmt: skip
    take_home: Text = setting(
        "",
        "How guests get their GIF, on the farewell where no code leads to it. The booth itself sends no e-mail, and "
        "says so; should somebody else send one, or hand the GIFs out, say it here. It is read by guests without an "
        "address, too.",
        "text of at most 60 characters, or empty",
        max_length=60,
    )


class SoundSection(Section):
    """What is heard."""

    enabled: bool = setting(
        False, "Whether the countdown ticks, the shutter clicks, and a bell rings when the GIF is ready."
    )
    volume: int = setting(70, "How loud, in per cent of what the sound card is set to.", ge=0, le=100)
    key_clicks: bool = setting(False, "Whether the keys on the screen click, too.")
