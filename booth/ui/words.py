"""What guests and operators read on the screen, in one language at a time.

The voice: warm, short, honest. It says what is so and what can be done, and promises only
what has happened. Sentences that one scene alone says may stand in the scene's own file; the voice is the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from types import MappingProxyType

from booth.core.events import Advice, Notice, Part, Reach
from booth.core.form import Complaint, Field
from booth.core.states import Animation, Ask, Outcome, Reason


@dataclass(frozen=True)
class Texts:
    """The event's own words, the same in every language; "" for those of the booth."""

    headline: str = ""
    subline: str = ""
    call: str = ""
    thanks: str = ""
    take_home: str = ""
    """How guests get their GIF where no code leads to it."""


def _join(*sentences: str) -> str:
    return " ".join(sentences)


class Words:
    """What the screen says, in the language of *translations*; in English without. An event's own *texts* come first.

    A value: it is made once for each language, and nothing of it is set afterwards. To say something new, add an
    attribute here (``self.thanks = _("Thank you")``) and read it as ``stage.words.thanks``; or, if one scene alone says
    it, ask there for ``stage.words.gettext("Thank you")``. ``scripts/words`` puts both before the translators. What is
    short or could mean two things has a context (``pgettext``); what has a number in it has plurals (``ngettext``). A
    comment that begins with ``Translators:`` is shown to them.
    """

    def __init__(self, translations: NullTranslations | None = None, texts: Texts | None = None) -> None:
        self._translations = translations or NullTranslations()
        self._texts = texts or Texts()
        self._quiet()
        self._posing()
        self._form()
        self._end()
        self._operator()
        self._aloud()

    def gettext(self, sentence: str) -> str:
        """Return a *sentence*, which is in English, in this language."""
        return self._translations.gettext(sentence)

    def pgettext(self, context: str, words: str) -> str:
        """Return *words*, which are in English, in this language as they are said in a *context*."""
        return self._translations.pgettext(context, words)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return in this language what is said of a *number* of things: in English *one*, or *many*."""
        return self._translations.ngettext(one, many, number)

    def _quiet(self) -> None:
        """Set what is said before a visit."""
        _ = self._translations.gettext
        # Translators: the booth has been switched on; it is a friendly microwave oven.
        self.starting = (_("Warming up"), _("Ready in a few seconds."))
        # Translators: the booth has been switched on, and one of its parts does not answer.
        self.starting_without = (_("Not ready yet"), _("Something is missing. The booth keeps looking for it."))
        # Translators: somebody touched the picture of the button; the button to press is beside the screen.
        self.attract_nudge = _("The real one, please")
        """Words instead of what to do, after somebody touched the screen there."""

    def attract(self, shots: int) -> tuple[str, str, str]:
        """Return what this is, in two lines, and what to do."""
        _, ngettext, pgettext = self._translations.gettext, self._translations.ngettext, self._translations.pgettext
        # Translators: these stand before "pose" or "poses" and begin a sentence.
        numbers = (
            "",
            pgettext("poses", "One"),
            pgettext("poses", "Two"),
            pgettext("poses", "Three"),
            pgettext("poses", "Four"),
            pgettext("poses", "Five"),
            pgettext("poses", "Six"),
            pgettext("poses", "Seven"),
            pgettext("poses", "Eight"),
        )
        number = numbers[shots] if shots < len(numbers) else str(shots)
        # Translators: in large letters; "Four poses. One GIF." A GIF is what comes out, pictures are what is taken.
        poses = ngettext("{number} pose.", "{number} poses.", shots).format(number=number)
        own = self._texts
        return own.headline or poses, own.subline or _("One GIF."), own.call or _("Press the button")

    def _posing(self) -> None:
        """Set what is said in front of the lens."""
        _ = self._translations.gettext
        self.get_ready = _("Get ready")
        # Translators: beside an arrow to the lens, which is above the screen.
        self.look: Mapping[str, str] = MappingProxyType(
            {
                "top": _("Look up here"),
                "bottom": _("Look down here"),
                "left": _("Look over here"),
                "right": _("Look over here"),
            }
        )
        """Words that say where to look, by where the lens is."""
        self.flash = _("Hold it")
        self.no_preview = _("The camera is waking up")

    def shot_of(self, shot: int, shots: int) -> str:
        """Return which picture this is."""
        # Translators: which picture is taken next: "1 of 4".
        return self._translations.gettext("{shot} of {shots}").format(shot=shot, shots=shots)

    def _form(self) -> None:
        """Set what the form says."""
        _, pgettext = self._translations.gettext, self._translations.pgettext
        # Translators: the title of the form in which guests enter a name and an address.
        self.form_title = _("Your details")
        self.animation: Mapping[Animation, str] = MappingProxyType(
            {
                # Translators: three dots grow behind it.
                Animation.MAKING: _("Baking your GIF"),
                Animation.READY: _("Your GIF is ready"),
                Animation.FAILED: _("Your pictures are safe"),
            }
        )
        self.field: Mapping[Field, str] = MappingProxyType(
            {
                Field.NAME: _("Your name"),
                Field.EMAIL: _("Your e-mail"),
                # Translators: the field below a question of the event's own, such as "Who invited you?".
                Field.ANSWER: _("Your answer"),
            }
        )
        # Translators: under the address, in small letters: what it is for. The team are those who look after the booth.
        self.email_purpose = _("So that the team can send you your GIF.")
        # Translators: behind what a field is for: "Your name, if you like".
        self.optional = _("if you like")
        self.complaint: Mapping[Complaint, str] = MappingProxyType(
            {
                Complaint.NAME_MISSING: _("Please type your name"),
                # Translators: "Skip" is the button of that name.
                Complaint.EMAIL_MISSING: _("Please type your e-mail, or touch Skip"),
                Complaint.EMAIL_NO_AT: _("Please add the @"),
                Complaint.EMAIL_NO_DOMAIN: _("Please add what comes after the @"),
                # Translators: "it" is the address.
                Complaint.EMAIL_INVALID: _("Please check it: like name@example.org"),
                # Translators: "it" is the address; "Send" is the button of that name.
                Complaint.EMAIL_UNUSUAL: _("Is it right? Then touch Send again"),
            }
        )
        # Translators: on a line of its own, over "gmail.com?".
        self.hint_lead = _("Did you mean")
        self.send, self.sending = pgettext("button", "Send"), pgettext("button", "Sending")
        # Translators: without entering name and address.
        self.skip = pgettext("button", "Skip")
        # Translators: the pictures.
        self.retake, self.delete = pgettext("button", "Retake"), pgettext("button", "Delete")
        # Translators: the real start button beside the screen; the form is for the guest's name and address.
        self.button_skips = _("To skip, press the button.")
        # Translators: the title over up to three sentences with a box each, such as "show my GIF on the big screen".
        self.agree_title = _("Before you go: may we …")
        # Translators: below that title. Nobody must tick a box.
        self.agree_free = _("Only what you tick. You get your GIF either way.")
        # Translators: over these, "Done" ends the visit, "Back" leads back to name and address.
        self.agree_done, self.agree_back = pgettext("button", "Done"), pgettext("button", "Back")
        # Translators: below a question of the event's own, such as "Which band do you like best?".
        self.question_free = _("Only if you like. You get your GIF either way.")
        # Translators: leads from one such question to the next.
        self.question_next = pgettext("button", "Next")
        self.ask: Mapping[Ask, tuple[str, str, str, str]] = MappingProxyType(
            {
                Ask.RETAKE: (
                    _("Pose again?"),
                    _("These pictures will be deleted, and the camera starts at once."),
                    pgettext("button", "Pose again"),
                    pgettext("button", "Keep these"),
                ),
                Ask.DELETE: (
                    _("Delete your pictures?"),
                    _("Pictures and GIF will be gone for good."),
                    pgettext("button", "Delete them"),
                    pgettext("button", "Keep them"),
                ),
                Ask.SKIP: (
                    _("Finish without your details?"),
                    _("Your GIF is kept. What you have typed is forgotten."),
                    pgettext("button", "Finish without"),
                    pgettext("button", "Keep typing"),
                ),
                Ask.AGREE: (self.agree_title, self.agree_free, self.agree_done, self.agree_back),
                Ask.QUESTION: ("", self.question_free, self.question_next, self.agree_back),
            }
        )
        """The question, what yes means, yes, no."""

    def hint(self, address: str) -> str:
        """Return the question that a mistyped domain is met with."""
        # Translators: what comes after "Did you mean".
        return self._translations.gettext("{domain}?").format(domain=address.rpartition("@")[2])

    def closing(self, seconds: int) -> tuple[str, str]:
        """Return the warning before a form closes by itself with what keeps it open, and what happens otherwise."""
        _ = self._translations.gettext
        # Translators: what happens when nobody touches the form: it closes. Short: it has half the screen's width.
        then = _("In {seconds} s your GIF is kept without your details.").format(seconds=seconds)
        return _("Still there? Touch to stay."), then

    def _end(self) -> None:
        """Set what is said at the end of a visit, good or bad."""
        _, pgettext = self._translations.gettext, self._translations.pgettext
        self.finishing: Mapping[Animation, tuple[str, str]] = MappingProxyType(
            {
                Animation.MAKING: (_("Baking your GIF"), _("It takes a moment. Everything is safe.")),
                Animation.READY: (_("Saving your GIF"), _("It takes a moment.")),
                Animation.FAILED: (_("Saving your pictures"), _("It takes a moment.")),
            }
        )
        # Translators: the steps of a list that is ticked off while the guest waits: what is done, what is being done.
        self.step_posed = _("Pictures taken")
        self.step_bake, self.step_baked = _("Baking the GIF"), _("GIF baked")
        # Translators: in place of "GIF baked", with the sign of a clock.
        self.step_bake_later = _("GIF follows later")
        # Translators: the last step, which is still to come or being done.
        self.step_keep = _("Saving it")
        self.step_delete = _("Deleting the pictures")
        self.finishing_deleting = (_("Deleting your pictures"), _("It takes a moment."))
        # Translators: the team are the people who look after the booth. It follows what has become of the GIF.
        ask = self._texts.take_home or _("Ask the team how you get it: the booth sends no e-mail.")
        self.outcome: Mapping[Outcome, tuple[str, str]] = MappingProxyType(
            {
                Outcome.SENDING: (pgettext("status", "Sending"), _join(_("Your GIF is on its way to the team."), ask)),
                Outcome.SENT: (pgettext("status", "Sent"), _join(_("The team has your GIF."), ask)),
                Outcome.SAVED: (pgettext("status", "Saved"), _join(_("Your GIF is safe on this booth."), ask)),
                Outcome.LATER: (pgettext("status", "Pictures saved"), _join(_("Your GIF will be made later."), ask)),
                Outcome.DELETED: (pgettext("status", "Deleted"), _("Your pictures are gone from this booth.")),
            }
        )
        """What has become of the GIF, in a word, and what the guest may expect where no code leads to it."""
        later = _join(_("It is kept here and will be sent later."), ask)
        self._saved: Mapping[Reach, str] = MappingProxyType(
            {
                **dict.fromkeys(
                    (Reach.OFFLINE, Reach.LOGIN), _join(_("It will be sent when the booth is online."), ask)
                ),
                Reach.HELD_UP: later,
            }
        )
        """What a guest may expect whose GIF is saved, by what keeps it; otherwise it is safe here, and that is all."""
        # Translators: over the guest's animation.
        self.farewell = self._texts.thanks or _("Here you are")
        self.farewell_without = _("Thank you")
        # Translators: after the guest had everything deleted.
        self.farewell_deleted = _("See you soon")
        self.farewell_next = _("Done? Press the button.")
        # Translators: in place of that, as long as the code is still to come.
        self.farewell_stay = _("Wait a moment for your code.")
        # Translators: below a QR code.
        self.share_scan = _("Scan with your phone camera")
        self.share_coming = _("A QR code will appear here as soon as your GIF has arrived.")
        # Translators: the people who look after the booth.
        team = _("Please tell somebody from the team.")
        self.apology: Mapping[Reason, tuple[str, str]] = MappingProxyType(
            {
                Reason.CAMERA: (
                    _("Sorry, the camera missed that"),
                    _("It gave no picture. Please try again in a moment."),
                ),
                Reason.DISK: (_("Sorry, we could not save everything"), team),
                Reason.SLOW: (
                    _("This is taking a while"),
                    _("No need to wait: your GIF will be finished later."),
                ),
                Reason.NOT_DELETED: (
                    _("Sorry, we could not delete everything"),
                    _("Please tell somebody from the team. They can delete the rest."),
                ),
            }
        )
        kept = _("The pictures taken so far are kept.")
        self.kept_after_all: Mapping[Reason, str] = MappingProxyType(
            {
                Reason.CAMERA: kept,
                Reason.DISK: kept,
                Reason.SLOW: _("Your pictures are safe."),
                Reason.NOT_DELETED: _("Some pictures are still on the booth."),
            }
        )
        self.not_kept = _("No picture was kept.")

    def told(self, outcome: Outcome, reach: Reach) -> tuple[str, str]:
        """Return where a visit's animation is, in a word and a sentence, while what waits gets as far as *reach*."""
        word, sentence = self.outcome[outcome]
        return word, self._saved.get(reach, sentence) if outcome is Outcome.SAVED else sentence

    def clouds(self, there: int, count: int) -> str:
        """Return in how many of so many clouds a visit's animation is, once it is on its way there."""
        _, ngettext = self._translations.gettext, self._translations.ngettext
        if not there:
            # Translators: a guest's GIF; the clouds are Amazon's, Google's and others', to which the server copies it.
            told = ngettext("On its way to {count} cloud", "On its way to {count} clouds", count)
        elif there < count:
            # Translators: a guest's GIF has arrived in some of the clouds, not yet in the others: "In 2 of 3 clouds".
            told = _("In {there} of {count} clouds")
        else:
            # Translators: a guest's GIF has arrived in each of the clouds.
            told = ngettext("In {count} cloud", "In all {count} clouds", count)
        return told.format(there=there, count=count)

    def _operator(self) -> None:
        """Set what is said to whoever looks after the booth."""
        _, pgettext = self._translations.gettext, self._translations.pgettext
        # Translators: for guests.
        self.out_of_order = (_("Not working right now"), _("Please tell somebody from the team."))
        # Translators: the team are the people who look after the booth; below it is what is to be mended.
        self.for_the_team = _("For the team: once this is put right, the booth goes on by itself.")
        self.part: Mapping[Part, tuple[str, str]] = MappingProxyType(
            {
                Part.CAMERA: (pgettext("part", "Camera"), _("Check its cable, then wait half a minute.")),
                Part.DISK: (pgettext("part", "Storage"), _("Full, or not writable. Make room.")),
                # Translators: gm and ImageMagick are programs, the log is the booth's own.
                Part.GM: (pgettext("part", "GIF maker"), _("gm or ImageMagick: the log names what is missing.")),
                Part.BUTTON: (pgettext("part", "Button and lamp"), _("Check the wires, and the pins in booth.toml.")),
            }
        )
        """What is missing, and what an operator can do."""
        self.notice: Mapping[Advice, tuple[str, str]] = MappingProxyType(
            {
                Reach.OFFLINE: (_("Offline"), _("Offline for now. Pictures are kept and sent later.")),
                # Translators: the network of a hotel or event; it lets nobody through before they log in on its page.
                Reach.LOGIN: (_("Log-in needed"), _("This network asks for a log-in. Pictures are kept.")),
                # Translators: the server that takes the GIFs answers, and has trouble; it needs nobody's hand.
                Reach.HELD_UP: (_("Uploads held up"), _("The server has trouble. Pictures are kept and sent later.")),
                # Translators: the server that takes the GIFs refuses them; the settings are those of the booth.
                Reach.REFUSED: (
                    _("Not uploading"),
                    _("Not uploading: check the bucket's settings and the time."),
                ),
                # Translators: a bucket is the place on a server that the GIFs are sent to.
                Reach.NO_BUCKET: (_("No bucket set"), _("No bucket is set. Pictures are kept here.")),
                Notice.DISK_LOW: (_("Disk almost full"), _("The disk is almost full. Make room soon.")),
                # Translators: a cloud is another place on the net that the server copies the GIFs to; it refused them.
                Notice.COPIES_FAILED: (
                    _("Copies failed"),
                    _("A cloud did not take its copies. Have them tried again."),
                ),
                # Translators: the copies in a cloud take unusually long; somebody may have stopped (paused) copying.
                Notice.COPIES_LATE: (_("Copies late"), _("A cloud's copies are late. Is it away, or paused?")),
                Notice.CLOCK_UNKNOWN: (_("Clock not set"), _("The clock is not set yet. Sending waits for it.")),
                Notice.BUTTON_HELD: (_("Button stuck"), _("The button is held down, or its cable is shorted.")),
                # Translators: the pictures that the booth's camera takes; the lens is the camera's.
                Notice.PICTURE_BLACK: (_("Pictures are black"), _("Pictures are black. Is the lens covered?")),
                Notice.PICTURE_BURNT: (
                    # Translators: there is too much light: the pictures are white all over.
                    _("Pictures are white"),
                    _("Pictures are white. Does a light shine into the lens?"),
                ),
                Notice.PICTURE_FLAT: (
                    # Translators: nothing is to be seen on them but one colour.
                    _("Pictures are empty"),
                    _("Pictures have only one colour. Check lens and cable."),
                ),
                Notice.PICTURE_FROZEN: (
                    # Translators: the camera is frozen, and delivers one picture again and again.
                    _("Camera repeats itself"),
                    _("The camera repeats one picture. Check its cable."),
                ),
                # Translators: they were sharp earlier; now they are out of focus.
                Notice.PICTURE_SOFT: (_("Pictures not sharp"), _("Pictures are not sharp any more. Wipe the lens.")),
                # Translators: an update of the booth's program is on the USB stick that has been plugged in.
                Notice.UPDATE_DAMAGED: (_("Update damaged"), _("The update on the stick is damaged. Copy it again.")),
                Notice.UPDATE_FAILED: (_("Update failed"), _("The update failed. Nothing has changed. Try it again.")),
                Notice.UPDATE_HERE: (
                    _("Update is here already"),
                    _("This update is here already. Pull the stick out."),
                ),
                Notice.UPDATE_OLDER: (
                    _("Update too old"),
                    # Translators: not a newer one than any that was ever on the booth, or one that did not work.
                    _("This update is too old, or did not work here. Get a newer one."),
                ),
                Notice.UPDATE_OTHER: (
                    _("Update for another machine"),
                    _("This update is for another kind of machine. Get the other one."),
                ),
                Notice.UPDATE_ROOM: (_("No room for the update"), _("There is no room for the update. Make some.")),
                Notice.UPDATE_UNTRUSTED: (
                    _("Update not trusted"),
                    # Translators: update.pub is a file on the booth's memory card: the key of who makes the updates.
                    _("This update is not signed with the key in update.pub."),
                ),
            }
        )
        """What an operator should know: its name, and that with what follows from it."""

    def _aloud(self) -> None:
        """Set what is not on the screen, but said by a voice to guests who may not see it."""
        _ = self._translations.gettext
        # Translators: spoken by a machine; short sentences, no abbreviations.
        self.spoken_pose = _("Get ready. Look at the camera.")
        # Translators: spoken; the keys are on the screen, the button is the start button beside it.
        self.spoken_form = _("Type your name and your e-mail, or press the button to skip.")
