"""Every screen that a guest or an operator can see: the one list that is painted, kept, compared and read for words.

A screen that is not in `screens` is not looked at by anybody. Whoever makes a new one adds it here, with a name, and
runs ``scripts/screens --keep``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from booth.core.copying import CopyStage, StickCopy
from booth.core.events import Advice, Notice, Part, Reach
from booth.core.form import Complaint, Field, Form, Line
from booth.core.operating import Closure, Deed, Dial, Knob, Sight, Tab
from booth.core.scene import (
    ApologyScene,
    AttractScene,
    CountdownScene,
    FarewellScene,
    FinishingScene,
    FlashScene,
    FormScene,
    GetReadyScene,
    Lamp,
    MistakesScene,
    OutOfOrderScene,
    Scene,
    StartingScene,
)
from booth.core.showing import ClosedScene, KnockingScene, OperatingScene, TryingScene
from booth.core.states import Animation, Ask, Outcome, Reason
from booth.core.trying import Shine, Trying
from booth.core.visit import OwnQuestion, SessionId
from booth.ports import Size
from booth.ui import languages
from booth.units import Pixels, Seconds

SIZES = tuple(
    Size(Pixels(width), Pixels(height)) for width, height in ((800, 480), (1024, 600), (1280, 800), (480, 800))
)
"""The panels that the booth is designed for, the last one on its side."""

LANGUAGES = tuple(languages.LANGUAGES)

SESSION = SessionId("20261122-170512-k3v9q2m7xw")
TITLE = "DockerCon 2026"
CONSENTS = {
    "wall": "You may show my GIF on the big screen, this evening and here only. (Example Ltd)",
    "web": "You may publish my GIF in the album of this event, on the web, where everybody can see it. (Example Ltd)",
    "news": "You may write to me, a few times a year, about what comes next. I can say no at any time. (Example Ltd)",
}
"""What guests are asked where it is several things, in one language for all: letters are what matters."""
QUESTIONS = {
    "band": "Which of the bands of tonight would you like to hear again at the party of next year?",
    "band:first": "The Flying Whales",
    "band:second": "Müller & Söhne",
    "band:third": "李小龙",
    "band:fourth": "All of them, please, and for much longer",
    "band:fifth": "None",
    "band:sixth": "I came late",
    "again": "Shall we see each other again?",
    "again:yes": "Yes",
    "again:no": "No",
    "again:maybe": "Perhaps, if there is cake",
    "who": "Who has invited you to this evening, and how long have you known each other?",
}
"""What an event may ask guests, and what they may choose; in one language for all, too."""
CONSENT = "You may show my pictures on the big screen and on the web."

CLOUDS = {
    "aws-archive": "AWS",
    "gcp-web": "Google Cloud",
    "azure-dr": "Azure",
    "ring": "Paris",
    "wasabi": "Wasabi",
    "ceph": "Universität",
}
"""What guests call the places that their pictures are copied to: as many as may be, and as long as a name may be."""

RESTS = Seconds(600.0)
"""How long nobody has come until the invitation rests."""

LINK = f"https://photos.example.com/{SESSION}"
SIGNED = (
    f"https://zenko.example.com/booth/dockercon-2026/2026-11-22/{SESSION}.gif?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261122T170512Z"
    f"&X-Amz-Expires=604800&X-Amz-SignedHeaders=host&X-Amz-Signature={'0f3a' * 16}"
)
"""The two kinds of links that guests are given: to a page, and to the object itself."""

MISTAKES = (
    'booth.toml:12:8: not TOML: Invalid value: write key = value, text in "quotes", sections as [name]',
    "booth.toml: event.nam: there is no such setting; did you mean event.name?",
    'booth.toml: button.pin: 18 alone could be the chip\'s pin or the header\'s: write "GPIO18" or "BOARD18"',
    (
        "booth.toml: countdown.shutter_timeout_s and built-in: camera.timeout_s: expected a shutter_timeout_s of at "
        "least 7 s, not 3 s: a frame that the camera may still deliver, and the disk has to take, must not be given "
        "up; make shutter_timeout_s larger or timeout_s smaller"
    ),
    (
        'booth.toml: theme.logo: "/run/booth-card/branding/the-logo-that-somebody-else-was-to-make.png": there is no '
        "such file: put it there, or leave logo empty"
    ),
)
"""What may be wrong with the settings, as `booth.settings` says it."""

NOTICES: tuple[Advice, ...] = (Notice.CLOCK_UNKNOWN, Notice.DISK_LOW, Reach.OFFLINE)


UNUSUAL = ((Field.EMAIL, Complaint.EMAIL_UNUSUAL),)

MANY = tuple(
    sorted(
        (*NOTICES[:2], Notice.BUTTON_HELD, Reach.REFUSED, Notice.UPDATE_UNTRUSTED),
        key=lambda notice: notice.value,
    )
)


DIALS = (
    Dial(Knob.PAUSED, (False, True), filed=False, value=False),
    Dial(Knob.EVENT, ("Anna & Luis: the wedding of the year", TITLE), TITLE, TITLE),
    Dial(Knob.LANGUAGE, ("en", "de"), "de", "en"),
    Dial(Knob.VOLUME, (0, 25, 50, 75, 100), 75, 50),
    Dial(Knob.CONSENT, (True, False), filed=True, value=True),
    Dial(Knob.LATEST, (0, 6), 6, 6),
)
"""What an operator can change."""


@dataclass(frozen=True)
class Shown:
    """A screen worth looking at: a scene, what is touched on it, and how long it has been there."""

    scene: Scene
    taps: tuple[str, ...] = ()
    """The spots that a finger touches first, one after the other."""
    held: str | None = None
    """The spot on which a finger lies from then on."""
    elapsed: Seconds = Seconds(0.0)
    animation: bool = True
    """Whether the album has the animation."""
    frames: int = 0
    """How many frames of the visit the album has."""
    gallery: bool = False
    """Whether there are animations to show on the invitation."""


def form(name: str = "", email: str = "", focus: Field = Field.NAME) -> Form:
    """Return a form into which this was typed."""
    return replace(Form(Line(name, len(name)), Line(email, len(email))), focus=focus)


def form_scene(
    entered: Form,
    animation: Animation = Animation.READY,
    ask: Ask | None = None,
    closing_in: int | None = None,
    *,
    consent: bool = False,
    sending: bool = False,
    email_required: bool = False,
) -> FormScene:
    """Return a form's scene with most things as usual."""
    return FormScene(
        SESSION,
        entered,
        animation,
        consent_asked=consent,
        name_required=False,
        email_required=email_required,
        ask=ask,
        closing_in=closing_in,
        sending=sending,
    )


def screens() -> Iterator[tuple[str, Shown]]:
    """Yield every screen, with the name that it is filed under."""
    yield "starting", Shown(StartingScene((Part.CAMERA, Part.GM)))
    yield "starting-missing", Shown(StartingScene((Part.DISK,), (Part.CAMERA,)))
    yield "attract", Shown(AttractScene(4), elapsed=Seconds(0.6))
    yield "attract-offline", Shown(AttractScene(4, (Reach.OFFLINE,)), elapsed=Seconds(10.5))
    yield "attract-notices", Shown(AttractScene(4, NOTICES), elapsed=Seconds(0.6))
    yield "attract-not-uploading", Shown(AttractScene(4, (Reach.REFUSED,)), elapsed=Seconds(0.6))
    yield "attract-update", Shown(AttractScene(4, (Notice.UPDATE_OLDER,)), elapsed=Seconds(0.6))
    yield "attract-pictures", Shown(AttractScene(4, (Notice.PICTURE_BURNT,)), elapsed=Seconds(0.6))
    yield "attract-many-notices", Shown(AttractScene(4, MANY), elapsed=Seconds(0.6))
    yield "attract-everywhere", Shown(AttractScene(4, NOTICES, 127, 3), elapsed=Seconds(0.6))
    yield "attract-gallery", Shown(AttractScene(4, (Reach.LOGIN,)), elapsed=Seconds(2.6), gallery=True)
    yield "attract-resting", Shown(AttractScene(4), elapsed=Seconds(RESTS + 30))
    yield "get-ready", Shown(GetReadyScene(4, 2.1, SESSION), elapsed=Seconds(0.4))
    yield "countdown-3", Shown(CountdownScene(1, 4, 3, 0.8, SESSION), elapsed=Seconds(0.2))
    yield "countdown-2", Shown(CountdownScene(3, 4, 2, 0.6, SESSION), elapsed=Seconds(1.4), frames=2)
    yield "countdown-1", Shown(CountdownScene(4, 4, 1, 0.35, SESSION), elapsed=Seconds(2.6), frames=3)
    yield "flash", Shown(FlashScene(2, 4, SESSION), frames=1)
    yield from _forms()
    yield "finishing", Shown(FinishingScene(SESSION, Animation.MAKING, deleting=False), elapsed=Seconds(0.4), frames=4)
    yield "finishing-ready", Shown(FinishingScene(SESSION, Animation.READY, deleting=False), elapsed=Seconds(0.8))
    yield "finishing-failed", Shown(FinishingScene(SESSION, Animation.FAILED, deleting=False), animation=False)
    yield "finishing-deleting", Shown(FinishingScene(SESSION, Animation.READY, deleting=True), elapsed=Seconds(0.8))
    for outcome in Outcome:
        made = outcome not in {Outcome.DELETED, Outcome.LATER}
        yield f"farewell-{outcome.value}", Shown(FarewellScene(SESSION, outcome), animation=made)
    for reach in (Reach.OFFLINE, Reach.REFUSED):
        yield f"farewell-saved-{reach.value}", Shown(FarewellScene(SESSION, Outcome.SAVED, reach=reach))
    yield "farewell-link-coming", Shown(FarewellScene(SESSION, Outcome.SENDING, link_coming=True))
    yield "farewell-link-arriving", Shown(FarewellScene(SESSION, Outcome.SENT, LINK), elapsed=Seconds(0.7))
    yield "farewell-link", Shown(FarewellScene(SESSION, Outcome.SENT, LINK), elapsed=Seconds(4.0))
    yield "farewell-link-signed", Shown(FarewellScene(SESSION, Outcome.SENT, SIGNED), elapsed=Seconds(4.0))
    yield from _lamps()
    for reason in Reason:
        yield f"apology-{reason.value}", Shown(ApologyScene(reason, kept=True))
    yield "apology-camera-nothing-kept", Shown(ApologyScene(Reason.CAMERA, kept=False))
    yield "out-of-order-camera", Shown(OutOfOrderScene((Part.CAMERA,)))
    yield "out-of-order-all", Shown(OutOfOrderScene((Part.BUTTON, Part.CAMERA, Part.DISK, Part.GM), NOTICES))
    yield from _mistakes()
    yield from _operators()


def _operators() -> Iterator[tuple[str, Shown]]:
    """Yield the operator's screen, the way to it, and what guests see meanwhile."""
    yield "closed-paused", Shown(ClosedScene(Closure.PAUSED))
    yield "closed-before", Shown(ClosedScene(Closure.BEFORE, "18:00", NOTICES))
    yield "closed-after", Shown(ClosedScene(Closure.AFTER))
    yield "knocking", Shown(KnockingScene())
    yield "knocking-typed", Shown(KnockingScene(7, enough=True), held="pin:5")
    yield "knocking-wrong", Shown(KnockingScene(wrong=True))
    yield "knocking-shut", Shown(KnockingScene(shut=290))
    sight = Sight(confirmed=Seconds(160.0), room=6255, temperature=51)
    page = OperatingScene(Tab.NOW, sight=sight, deeds=tuple(Deed))
    yield "operating-now", Shown(page)
    trouble = "uploads: https://s3.example.com does not answer; look at the network"
    worse = replace(sight, pending=12, failed=1, confirmed=Seconds(7900.0), temperature=83, troubles=(trouble,))
    yield (
        "operating-now-troubles",
        Shown(replace(page, missing=(Part.CAMERA,), notices=NOTICES, reach=Reach.OFFLINE, sight=worse)),
    )
    evening = replace(page, page=Tab.EVENING, dials=DIALS)
    yield "operating-evening", Shown(evening)
    turned = tuple(dial.turned() for dial in DIALS)
    yield "operating-evening-changed", Shown(replace(evening, dials=turned, stale=True), held="dial:sound.volume")
    yield "operating-hands", Shown(replace(page, page=Tab.HANDS, done=Deed.RETRY))
    copied = replace(sight, copy=StickCopy(CopyStage.COPIED, 42, 42))
    yield "operating-hands-copied", Shown(replace(page, page=Tab.HANDS, sight=copied), held="deed:copy")
    tried = Trying(presses=2, light=Shine.BLINK)
    yield "trying", Shown(TryingScene(tried=tried, volume=75), held="sound")
    yield "trying-camera-missing", Shown(TryingScene(missing=(Part.CAMERA,)))
    yield "countdown-test", Shown(CountdownScene(3, 4, 2, 0.6, SESSION, test=True), elapsed=Seconds(1.4), frames=2)
    yield "form-test", Shown(replace(form_scene(form()), test=True))
    yield "operating-ask", Shown(replace(page, page=Tab.HANDS, ask=Deed.POWER_OFF))


def _lamps() -> Iterator[tuple[str, Shown]]:
    """Yield farewells with a lamp for each cloud."""

    def burning(*sites: str) -> tuple[Lamp, ...]:
        return tuple(Lamp(site, site in sites) for site in ("aws-archive", "gcp-web", "azure-dr"))

    sending = FarewellScene(SESSION, Outcome.SENDING, lamps=burning())
    sent = FarewellScene(SESSION, Outcome.SENT, lamps=burning("aws-archive", "gcp-web", "azure-dr"))
    many = tuple(Lamp(site, index % 2 == 0) for index, site in enumerate(CLOUDS))
    yield "farewell-lamps-all", Shown(sent)
    yield "farewell-lamps-dark", Shown(replace(sending, link_coming=True))
    yield "farewell-lamps-link", Shown(replace(sent, link=LINK, lamps=many), elapsed=Seconds(4.0))


def _mistakes() -> Iterator[tuple[str, Shown]]:
    """Yield what an owner is told whose settings are wrong."""
    file = "/etc/booth/booth.toml"
    one = MistakesScene(file, (MISTAKES[0],))
    yield "mistakes-one", Shown(one)
    yield "mistakes-last-good", Shown(replace(one, mistakes=MISTAKES[:3], last_good=True, since="2026-11-21"))
    many = replace(one, file="booth.toml", mistakes=MISTAKES * 3, on_card=True, last_good=True)
    yield "mistakes-many", Shown(many, held="yes")


def _questions(entered: Form) -> Iterator[tuple[str, Shown]]:
    """Yield the event's own questions: many choices, few, and what is typed."""
    band = OwnQuestion("band", ("first", "second", "third", "fourth", "fifth", "sixth"))
    asked = replace(form_scene(entered.questioned("band"), ask=Ask.QUESTION), question=band, more=True)
    marked = replace(asked, form=asked.form.marked("fourth"))
    again = OwnQuestion("again", ("yes", "no", "maybe"))
    yield "form-question", Shown(marked, held="choice:second")
    yield "form-question-few", Shown(replace(asked, question=again, form=entered.questioned("again"), more=False))
    typed = entered.questioned("who").typed("Zoë's aunt Ida, for twenty years")
    who = replace(asked, question=OwnQuestion("who"), form=typed, more=False)
    yield "form-question-typed", Shown(who)
    yield "form-question-empty", Shown(replace(who, form=entered.questioned("who"), more=True), elapsed=Seconds(0.6))


def _forms() -> Iterator[tuple[str, Shown]]:
    """Yield the form in all its states."""
    zoe = form("Zoë O'Néill", "zoe.oneill+booth@example.org", Field.EMAIL)
    yield "form-empty", Shown(form_scene(Form(), Animation.MAKING), elapsed=Seconds(0.6))
    yield "form-name", Shown(form_scene(form("Zoë O'Né")), taps=("key:l",))
    yield "form-email", Shown(form_scene(zoe, consent=True))
    consenting = replace(form("李小龙 🎉", "bruce@gmial.com", Field.EMAIL), agreed=frozenset({"show"}))
    yield "form-hint", Shown(form_scene(consenting, consent=True))
    missing = ((Field.NAME, Complaint.NAME_MISSING), (Field.EMAIL, Complaint.EMAIL_NO_AT))
    yield "form-wrong", Shown(form_scene(replace(form("", "zoe.example.org"), complaints=missing)))
    unusual = replace(form("Zoë", "zoe..oneill@example.org", Field.EMAIL), complaints=UNUSUAL)
    yield "form-unusual", Shown(form_scene(unusual))
    yield "form-long", Shown(form_scene(form("Wolfeschlegelsteinhausenbergerdorff " * 8, "z" * 200, Field.NAME)))
    yield "form-shift-lock", Shown(form_scene(form("Z")), taps=("key:shift", "key:shift"), elapsed=Seconds(0.3))
    yield "form-symbols", Shown(form_scene(zoe), taps=("key:symbols",))
    yield "form-accents", Shown(form_scene(form("Zo")), taps=("key:accents",))
    yield "form-balloon", Shown(form_scene(form("Zo")), held="key:e")
    yield "form-variants", Shown(form_scene(form("Zo")), held="key:e", elapsed=Seconds(0.4))
    yield "form-untouched", Shown(replace(form_scene(Form()), button_skips=True))
    yield "form-untouched-asked", Shown(replace(form_scene(Form(), consent=True), button_skips=True))
    yield "form-closing", Shown(form_scene(zoe, closing_in=12))
    yield "form-failed", Shown(form_scene(form(), Animation.FAILED, email_required=True), animation=False)
    agreeing = replace(form_scene(zoe, ask=Ask.AGREE), consents=tuple(CONSENTS))
    yield "form-agree", Shown(agreeing)
    ticked = replace(agreeing, form=replace(zoe, agreed=frozenset({"wall", "news"})))
    yield "form-agree-ticked", Shown(ticked, held="consent:web")
    yield "form-agree-two", Shown(replace(agreeing, consents=("wall", "news")))
    yield from _questions(zoe)
    yield "form-sending", Shown(form_scene(zoe, sending=True))
    yield "form-ask-retake", Shown(form_scene(zoe, ask=Ask.RETAKE))
    yield "form-ask-delete", Shown(form_scene(zoe, ask=Ask.DELETE))
    yield "form-ask-skip", Shown(form_scene(zoe, ask=Ask.SKIP))
