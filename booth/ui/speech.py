"""What the booth says aloud: a few short cues, for guests who do not see the screen, or do not read it.

A cue belongs to what is on the screen, and says the same in the same words. It is said when that begins, and not again
while it lasts.
"""

from collections.abc import Hashable

from booth.core.scene import (
    ApologyScene,
    AttractScene,
    CountdownScene,
    FarewellScene,
    FinishingScene,
    FormScene,
    GetReadyScene,
    OutOfOrderScene,
    Scene,
)
from booth.core.states import Animation
from booth.ports import Voice
from booth.ui.words import Words

COUNTED = 3
"""The last digits of a countdown are said; more would not be done in time."""


class Speech:
    """Has a voice say the cue of each scene as it begins."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._cue: Hashable = None

    def watch(self, scene: Scene, words: Words, language: str) -> None:
        """See what is on the screen now, in *words* of *language*; have its cue said if it is another one. Cheap."""
        cue = cue_of(scene), language
        if cue == self._cue:
            return
        self._cue = cue
        text = said(scene, words)
        if text:
            self._voice.say(text, language)


def cue_of(scene: Scene) -> Hashable:
    """Return what tells the cue of *scene* apart from those before it."""
    match scene:
        case CountdownScene(shot=shot, digit=digit):
            return "countdown", shot, digit
        case FormScene(sending=True):
            return "sending"
        case FormScene(ask=ask) if ask is not None:
            return "ask", ask
        case FormScene(closing_in=seconds) if seconds is not None:
            return "closing"
        case FormScene(form=form) if form.complaints:
            return "complaints", form.complaints
        case FormScene(animation=animation):
            return "form", animation is Animation.READY
        case FarewellScene(outcome=outcome):
            return "farewell", outcome
        case OutOfOrderScene() | AttractScene():
            return type(scene).__name__
        case _:
            return scene if isinstance(scene, FinishingScene | ApologyScene) else type(scene).__name__


def said(scene: Scene, words: Words) -> str:
    """Return the cue of *scene*; "" where silence is better."""
    match scene:
        case AttractScene(shots=shots):
            return " ".join(words.attract(shots))
        case GetReadyScene():
            return words.spoken_pose
        case CountdownScene(digit=digit) if digit <= COUNTED:
            return str(digit)
        case FormScene(sending=True):
            return ""
        case FormScene(ask=ask) if ask is not None:
            question, means, _, _ = words.ask[ask]
            return f"{question} {means}"
        case FormScene(closing_in=seconds) if seconds is not None:
            return " ".join(words.closing(seconds))
        case FormScene(form=form) if form.complaints:
            return ". ".join(words.complaint[wrong] for _, wrong in form.complaints)
        case FormScene(form=form, animation=animation):
            ready = f"{words.animation[animation]}." if animation is Animation.READY else ""
            # Who has begun knows what to do, and the button would ask first.
            begun = form.name.text or form.email.text
            return ready if begun else f"{ready} {words.spoken_form}".lstrip()
        case FinishingScene(animation=animation, deleting=deleting):
            return (words.finishing_deleting if deleting else words.finishing[animation])[0]
        case FarewellScene(outcome=outcome, link_coming=True):
            return f"{words.outcome[outcome][0]}. {words.share_coming}"
        case FarewellScene(outcome=outcome, link=link) if link is not None:
            return f"{words.outcome[outcome][0]}. {words.share_scan}"
        case FarewellScene(outcome=outcome, reach=reach):
            return ". ".join(words.told(outcome, reach))
        case ApologyScene(reason=reason, kept=kept):
            title, body = words.apology[reason]
            return f"{title}. {body} {words.kept_after_all[reason] if kept else words.not_kept}"
        case OutOfOrderScene():
            return ". ".join(words.out_of_order)
        case _:
            return ""
