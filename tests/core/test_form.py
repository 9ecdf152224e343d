"""Typing, without a pixel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.form import (
    JOINERS,
    KNOWN_DOMAINS,
    KNOWN_GOOD,
    Complaint,
    Field,
    Form,
    Line,
    believable,
    suggestion,
)
from booth.core.graphemes import boundary
from booth.core.visit import Guest
from booth.drivers import addresses

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
THUMB = "👍🏽"
HEART = "❤\ufe0f"
FRANCE, JAPAN = "🇫🇷", "🇯🇵"
FIRST_AND_LAST = ["👍\U0001f3fb", "👍\U0001f3ff", "🇦🇹", "🇿🇦"]
"""The lightest skin and the darkest, the first letter of flags and the last."""
ACCENTED = "e\u0301"
SHOWN = [
    "a",
    "ß",
    "李",
    "é",
    ACCENTED,
    "नि",
    "1\u20e3",
    "👻",
    FAMILY,
    THUMB,
    HEART,
    FRANCE,
    JAPAN,
    *FIRST_AND_LAST,
    " ",
    "'",
]
"""What a reader sees as one character each, however many code points it is made of."""


def lenient(address):
    """Miss nothing but the @."""
    return None if "@" in address else Complaint.EMAIL_NO_AT


def line(text, caret=None):
    """Return a line with the caret at its end, or where it is put."""
    return Line(text, len(text) if caret is None else caret)


# ---- one line


@given(text=st.text(max_size=60))
def test_what_can_be_seen_is_taken_and_control_characters_are_not(text):
    """Line feeds, escapes and their like never get into a name; everything printable does."""
    entered = Line().insert(text, 300).text
    assert entered == "".join(char for char in entered if char.isprintable() or char in JOINERS)
    seen = [char for char in text if char.isprintable() and not char.isspace()]
    assert seen == [char for char in entered if char.isprintable() and not char.isspace()]


@pytest.mark.parametrize("blank", ["\u3000", "\u00a0", "\u2009"])
def test_every_kind_of_blank_is_a_blank(blank):
    """Names in Japanese have a wide one between them; it is kept as a plain one."""
    assert "山田 太郎" == Line().insert(f"山田{blank}太郎", 300).text


def test_characters_that_only_join_are_kept():
    """Persian has one inside words, the flag of Scotland is made of six."""
    for text in ("می\u200cخواهم", "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"):
        assert text == Line().insert(text, 300).text


def test_text_goes_in_at_the_caret():
    """The caret is between what was typed before and what comes after."""
    assert Line("Dr. Zoë", 4) == Line("Zoë", 0).insert("Dr. ", 300)


def test_what_does_not_fit_is_not_taken_at_all():
    """A limit never cuts a name in two; what still fits goes in."""
    full = line("x" * 8)
    assert full == full.insert("abc", 10)
    assert line("x" * 8 + "ab") == full.insert("ab", 10)


@pytest.mark.parametrize("shown", SHOWN)
def test_backspace_takes_one_visible_character(shown):
    """A family, a flag, a letter with an accent go as a whole, and what is before them stays."""
    assert line("Zoe") == line("Zoe" + shown).erase()


@pytest.mark.parametrize("shown", SHOWN)
def test_the_caret_goes_past_one_visible_character(shown):
    """Left and right never stop inside a character."""
    text = f"a{shown}b"
    assert line(text, 1 + len(shown)) == line(text).move(-1)
    assert line(text, 1) == line(text).move(-2)
    assert line(text, 1 + len(shown)) == line(text, 1).move(1)


@given(shown=st.lists(st.sampled_from(SHOWN), max_size=12))
def test_as_many_backspaces_as_characters_empty_the_line(shown):
    """Whatever stands side by side, flags beside flags too, goes one by one."""
    entered = line("".join(shown))
    for left in range(len(shown), 0, -1):
        assert entered.text == "".join(shown[:left])
        entered = entered.erase()
    assert Line() == entered
    assert Line() == entered.erase()


@pytest.mark.parametrize(
    ("text", "caret"),
    [(f"{FRANCE}{JAPAN}", 2), (f"{FRANCE}{JAPAN}🇩", 4), ("a🇩", 1), ("🇩a", 1), (f"{FRANCE}a🇩", 3)],
)
def test_flags_are_pairs_counted_from_where_they_begin(text, caret):
    """A letter that is left alone is a character; what is not beside it changes nothing."""
    assert Line(text, caret) == line(text).move(-1)


@pytest.mark.parametrize("text", [f"{FRANCE}a🇩", f"{FRANCE}{JAPAN}"])
def test_a_flag_at_the_beginning_is_whole_whatever_is_at_the_end(text):
    """Going right from the beginning never stops inside the flag."""
    assert Line(text, len(FRANCE)) == Line(text, 0).move(1)


@pytest.mark.parametrize("text", ["\u0301", "\u0301a", "a\u200d"])
def test_a_line_begins_at_0_also_with_what_joins_something_before(text):
    """An accent that follows nothing, or a joiner at the end, takes the caret no further than to the beginning."""
    assert Line(text, 0) == line(text).move(-1000)
    assert Line(text, 0) == line(text).placed(0)


@pytest.mark.parametrize("shown", SHOWN)
def test_a_caret_that_is_put_inside_a_character_goes_before_it(shown):
    """Wherever a finger comes down, the caret is between what is seen; beyond the ends there is nothing."""
    text = f"a{shown}b"
    for inside in range(1, 1 + len(shown)):
        assert Line(text, 1) == line(text).placed(inside)
        assert Line(text[1:], 0) == line(text[1:]).placed(inside - 1)
    places = [Line(text, 0), Line(text, 0), Line(text, 1 + len(shown)), line(text), line(text)]
    assert places == [line(text).placed(caret) for caret in (-1, 0, 1 + len(shown), len(text), len(text) + 1)]


@given(text=st.text(max_size=40), moves=st.lists(st.integers(-5, 5), max_size=10))
def test_the_caret_stays_in_the_text(text, moves):
    """However far it is moved, the caret is on a boundary between 0 and the end."""
    entered = Line().insert(text, 300)
    boundaries = {0}
    while (last := max(boundaries)) < len(entered.text):
        boundaries.add(boundary(entered.text, last, 1))
    for by in moves:
        entered = entered.move(by)
        assert 0 <= entered.caret <= len(entered.text)
    assert entered.move(-1000).caret == 0
    assert entered.move(1000).caret == len(entered.text)
    assert entered.move(-1000).move(1).caret in boundaries


def test_home_and_end_are_large_moves():
    """Moving past an end stops at it."""
    assert Line("Zoë", 0) == line("Zoë").move(-1000)
    assert line("Zoë") == Line("Zoë", 1).move(1000)


# ---- the form


def test_keys_go_to_the_field_that_has_the_focus():
    """The name first, then the address."""
    form = Form().typed("Zoë").next_field().typed("zoe@").typed("example.org").next_field()
    assert ("Zoë", "zoe@example.org", Field.NAME) == (form.name.text, form.email.text, form.focus)


def test_a_chosen_field_has_its_caret_at_the_end():
    """Touching a field is for going on with it."""
    form = Form().typed("Zoë").moved(-3).focused(Field.NAME)
    assert 3 == form.line.caret


def test_erasing_and_moving_touch_the_focused_field_only():
    """The other line keeps its text and its caret."""
    form = Form().typed("Zoë").next_field().typed("zoe").moved(-1).erased()
    assert (line("Zoë"), Line("ze", 1)) == (form.name, form.email)
    assert Line("Zoë", 2) == form.next_field().moved(-1).name


def test_a_field_that_is_touched_in_the_middle_has_its_caret_there():
    """The other field's caret stays where it was."""
    form = Form(name=Line("Zoë", 1), email=line("zoe@example.org")).focused(Field.EMAIL, 3)
    assert (Line("Zoë", 1), Line("zoe@example.org", 3), Field.EMAIL) == (form.name, form.email, form.focus)
    assert Line("Zoë", 2) == form.focused(Field.NAME, 2).name


@pytest.mark.parametrize(("field", "limit"), [(Field.NAME, 300), (Field.EMAIL, 254)])
def test_each_field_has_its_limit(field, limit):
    """300 characters of a name, 254 of an address, and not one more."""
    form = Form().focused(field)
    for _ in range(limit + 10):
        form = form.typed("x")
    assert limit == len(form.line.text)


def test_the_details_are_stripped_and_otherwise_as_typed():
    """Blanks around a name are slips; blanks inside, capitals and accents are the guest's."""
    form = Form().typed("  Zoë  O'Néill ").next_field().typed(" Zoe+Booth@Example.ORG ")
    assert Guest("Zoë  O'Néill", "Zoe+Booth@Example.ORG", consent=False) == form.guest()


def test_what_guests_type_does_not_show_in_a_repr():
    """Logs and tracebacks tell lengths, not details."""
    form = Form().typed("Zoë").next_field().typed("zoe@example.org")
    told = f"{form!r} {form.guest()!r}"
    assert "Zo" not in told
    assert "example" not in told
    assert "Line(<3 characters>, caret=3)" in told


# ---- what is wrong


@pytest.mark.parametrize(
    ("name", "email", "required", "complaints"),
    [
        ("Zoë", "zoe@example.org", (True, True), ()),
        ("", "", (False, False), ()),
        ("", "", (True, True), ((Field.NAME, Complaint.NAME_MISSING), (Field.EMAIL, Complaint.EMAIL_MISSING))),
        ("  ", " ", (True, True), ((Field.NAME, Complaint.NAME_MISSING), (Field.EMAIL, Complaint.EMAIL_MISSING))),
        ("", "zoe", (False, True), ((Field.EMAIL, Complaint.EMAIL_NO_AT),)),
        ("Zoë", "zoe", (True, False), ((Field.EMAIL, Complaint.EMAIL_NO_AT),)),
    ],
)
def test_a_form_is_judged_by_what_is_required_and_by_the_judge(name, email, required, complaints):
    """An address that is there is judged even where none is required; blanks are nothing."""
    form = Form(name=line(name), email=line(email)).judged(
        name_required=required[0], email_required=required[1], judge=lenient
    )
    assert complaints == form.complaints


def test_the_judge_is_given_the_address_without_blanks():
    """A blank at the end is no reason to refuse anybody."""
    heard = []
    Form(email=line(" zoe@example.org ")).judged(name_required=False, email_required=True, judge=heard.append)
    assert ["zoe@example.org"] == heard


def test_the_caret_goes_to_the_first_field_that_is_wrong():
    """The guest can type on at once."""
    form = Form(email=line("zoe"), focus=Field.NAME)
    assert Field.EMAIL is form.judged(name_required=False, email_required=True, judge=lenient).focus
    assert Field.NAME is form.next_field().judged(name_required=True, email_required=True, judge=lenient).focus


def test_a_form_without_fault_keeps_its_caret():
    """Nothing is wrong, nothing moves, and old complaints are gone."""
    form = Form(name=Line("Zoë", 1), complaints=((Field.EMAIL, Complaint.EMAIL_MISSING),))
    judged = form.judged(name_required=True, email_required=False, judge=lenient)
    assert ((), Line("Zoë", 1), Field.NAME) == (judged.complaints, judged.name, judged.focus)


@pytest.mark.parametrize("touch", [lambda form: form.typed("z"), lambda form: form.erased()])
def test_a_complaint_goes_as_soon_as_its_field_is_touched(touch):
    """A guest who is mending it need not be told; the other complaint stays."""
    form = Form().judged(name_required=True, email_required=True, judge=lenient).focused(Field.EMAIL)
    mended = touch(form)
    assert (None, Complaint.NAME_MISSING) == (mended.complaint(Field.EMAIL), mended.complaint(Field.NAME))


def test_a_complaint_about_the_name_goes_when_the_name_is_touched():
    """The other way round, too."""
    form = Form().judged(name_required=True, email_required=True, judge=lenient).focused(Field.NAME).typed("Z")
    assert (None, Complaint.EMAIL_MISSING) == (form.complaint(Field.NAME), form.complaint(Field.EMAIL))


def test_looking_does_not_take_a_complaint_away():
    """Moving the caret or going to another field mends nothing."""
    form = Form().judged(name_required=True, email_required=True, judge=lenient)
    assert form.complaints == form.moved(-1).next_field().complaints


# ---- the hint


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gmailcom", "gmail.com"),
        ("GMIAL.COM", "gmail.com"),
        ("hotnail.com", "hotmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmail.couk", "hotmail.co.uk"),
        ("yaho.com", "yahoo.com"),
        ("yahoo.cmo", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("iclould.com", "icloud.com"),
        ("protonmial.com", "protonmail.com"),
        ("t-onlin.de", "t-online.de"),
    ],
)
def test_a_slip_in_a_known_domain_is_hinted_at(domain, meant):
    """One letter wrong, missing, doubled or swapped: the hint is the address that was meant."""
    assert f"Zoe.O+x@{meant}" == suggestion(f"Zoe.O+x@{domain}")


@pytest.mark.parametrize(
    "provider",
    [
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.fr", "hotmail.co.uk", "live.com"),
        *("yahoo.com", "yahoo.fr", "yahoo.co.uk", "icloud.com", "gmx.net", "t-online.de", "orange.fr", "free.fr"),
        *("laposte.net", "libero.it", "proton.me", "protonmail.com", "fastmail.com", "aol.com", "msn.com"),
    ],
)
def test_a_letter_too_many_is_noticed_with_every_large_provider(provider):
    """The last letter of a domain is the one that a finger doubles most easily."""
    assert f"zoe@{provider}" == suggestion(f"zoe@{provider}{provider[-1]}")


@pytest.mark.parametrize(
    "domain",
    [
        *("mail.com", "email.com", "gmx.com", "gmx.at", "gmx.ch", "hotmail.de", "hotmail.it", "hotmail.es", "yahoo.de"),
        *("yahoo.it", "yahoo.es", "ymail.com", "live.fr", "live.de", "live.nl", "live.it", "outlook.de", "outlook.fr"),
        *("outlook.es", "outlook.it", "aol.de", "aim.com", "mac.com", "pm.me", "hey.com", "duck.com", "tree.fr"),
        *("me.com", "gmx.de", "web.de"),
    ],
)
def test_a_real_provider_that_looks_like_a_slip_is_none(domain):
    """Whoever lives at mail.com is not told to move to gmail.com."""
    assert suggestion(f"zoe@{domain}") is None


@pytest.mark.parametrize("domain", sorted({*KNOWN_DOMAINS, *KNOWN_GOOD}))
def test_a_domain_that_exists_is_not_hinted_at(domain):
    """mail.com is no slip of gmail.com, and capitals are no slip at all."""
    assert suggestion(f"zoe@{domain}") is None
    assert suggestion(f"zoe@{domain.upper()}") is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zoe",
        "@gmial.com",
        "zoe@",
        "zoe@g",
        "zoe@example.org",
        "zoe@gmial.example.com",
        "zoe@li.com",
        "zoe@we.com",
        "zoe@mail.example",
        "zoe@gamil.org",
        "zoe@李.中国",
        "zoe@corp.com",
    ],
)
def test_what_is_unlike_any_known_domain_is_left_alone(address):
    """No hint is better than a wrong one."""
    assert suggestion(address) is None


@given(address=st.text(max_size=40))
def test_a_hint_is_a_known_domain_and_taken_once(address):
    """Whatever is typed, a hint keeps the part before the @, proposes a known domain, and leaves no second hint."""
    hint = suggestion(address)
    if hint is not None:
        local, _, domain = hint.rpartition("@")
        assert domain in KNOWN_DOMAINS
        assert local == address.strip().rpartition("@")[0]
        assert suggestion(hint) is None


def test_a_hint_that_is_taken_replaces_the_address():
    """The caret is at the end of the address, and the complaint about it is gone."""
    form = Form(email=line("zoe@gmial.com"), complaints=((Field.EMAIL, Complaint.EMAIL_INVALID),)).hint_taken()
    assert (line("zoe@gmail.com"), Field.EMAIL, ()) == (form.email, form.focus, form.complaints)
    assert form == form.hint_taken()


# ---- addresses that no standard allows, and names that nobody sees

STRICT = addresses.judge()
UNUSUAL = ["zoe..quill@docomo.example.jp", "zoe.@ezweb.example.jp", ".zoe@example.org", '"zoe quill"@example.org',
           "zoe..@example.org", "zoe@mail.local", "zoe@nowhere.invalid", "zoe@i\u2764\ufe0f.example",
           "zoe@mail_2.example.org"]  # fmt: skip
IMPOSSIBLE = ["zoe quill@example.org", "zoe@exa mple.org", "zoe@@example.org", "@example.org", "zoe@example..org",
              "<zoe@example.org>", "zoe@example.org\nbcc: all", "zoe@.example.org"]  # fmt: skip


def sent(form):
    """Touch Send."""
    return form.judged(name_required=False, email_required=True, judge=STRICT)


@pytest.mark.parametrize("address", UNUSUAL)
def test_an_unusual_address_is_asked_about_once_and_then_believed(address):
    """The second Send of the same address takes it; what is sent is what was typed."""
    asked = sent(Form(email=line(address)))
    believed = sent(asked)
    assert ((Field.EMAIL, Complaint.EMAIL_UNUSUAL),) == asked.complaints
    assert ((), address) == (believed.complaints, believed.guest().email)


@pytest.mark.parametrize("address", IMPOSSIBLE)
def test_what_cannot_be_an_address_is_refused_however_often_it_is_sent(address):
    """A blank, a second @, nothing before it, or no machine after it: no mail ever arrived there."""
    form = Form(email=line(address))
    for _ in range(3):
        form = sent(form)
        assert ((Field.EMAIL, Complaint.EMAIL_INVALID),) == form.complaints


def test_another_unusual_address_is_asked_about_anew():
    """Only what was sent as it is is believed; whoever changes it is asked again."""
    form = sent(Form(email=line("zoe..quill@example.org"), focus=Field.EMAIL))
    changed = sent(form.erased().typed("g"))
    assert ((Field.EMAIL, Complaint.EMAIL_UNUSUAL),) == changed.complaints


def test_an_address_that_was_asked_about_stays_so_while_the_name_is_mended():
    """The name was missing, too: once it is there, the address need not be sent a third time."""
    form = Form(email=line("zoe.@example.org")).judged(name_required=True, email_required=True, judge=STRICT)
    named = form.focused(Field.NAME).typed("Zoe")
    assert () == named.judged(name_required=True, email_required=True, judge=STRICT).complaints


def test_an_address_that_looks_like_a_formula_is_kept_as_it_was_typed():
    """It is an address; whoever writes it into a table guards it there."""
    form = sent(Form().next_field().typed("=cmd@x.example"))
    assert ((), "=cmd@x.example") == (form.complaints, form.guest().email)


@pytest.mark.parametrize(
    "name",
    [
        "\u200d" * 50,
        "\u200c\u200d",
        " \u200d ",
        "\ufe0f",
        "\u0301\u0301",
        "\u3164",
        "\u2800 \u115f",
        "\U000e0067\U000e007f",
        "\U0001d159\uffa0",
    ],
)
def test_a_name_of_which_nothing_is_to_be_seen_is_none(name):
    """Joiners, marks and fillers alone: where a name must be it is missing, and where it need not be it is empty."""
    form = Form().typed(name)
    judged = form.judged(name_required=True, email_required=False, judge=STRICT)
    assert (((Field.NAME, Complaint.NAME_MISSING),), "") == (judged.complaints, form.guest().name)


@pytest.mark.parametrize(
    "name", ["👩\u200d👩\u200d👧", "क\u094d\u200dष", "می\u200cخواهم", "❤\ufe0f", "Zoe\u0308", "李", "-"]
)
def test_joiners_belong_to_the_names_that_have_them(name):
    """Families, Indian and Persian letters: what joins or parts something that is seen stays."""
    form = Form().typed(name)
    assert ((), name) == (
        form.judged(name_required=True, email_required=False, judge=STRICT).complaints,
        form.guest().name,
    )


@given(text=st.text("ab\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c", max_size=30))
def test_marks_of_direction_turn_nothing_round(text):
    """What would turn the words beside a name round is not taken; the letters are."""
    letters = "".join(char for char in text if char in "ab")
    typed = Form()
    for char in text:
        typed = typed.typed(char)
    assert (letters, letters) == (typed.name.text, Form().typed(text).name.text)


@given(text=st.text(max_size=40))
def test_any_address_can_be_asked_about(text):
    """Whatever is typed, Send says what is wrong with it, or takes it."""
    form = sent(sent(Form(email=line(text))))
    assert isinstance(form.complaints, tuple)
    assert believable(text) or form.complaints or STRICT(text.strip()) is None
