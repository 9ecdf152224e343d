"""What a guest's page says, in one language."""

from dataclasses import dataclass

from booth.ui.words import Words


@dataclass(frozen=True)
class Said:
    """What a page says, in one language."""

    language: str
    """Its ISO 639-1 code."""
    save_gif: str
    save_video: str
    save_other: str
    soon: str
    """Of what else was made, which is sent behind the GIF."""
    share: str
    hold: str
    deleted: str
    """With ``{day}`` in it."""
    until: str
    """With ``{day}`` in it."""
    responsible: str
    """With ``{who}`` in it."""

    def save(self, media_type: str) -> str:
        """Return what saves a file of that type."""
        if media_type == "image/gif":
            return self.save_gif
        return self.save_video if media_type.startswith("video/") else self.save_other


def said_in(language: str, words: Words) -> Said:
    """Return what a page says in a *language* of which these are the *words*."""
    _, pgettext = words.gettext, words.pgettext
    return Said(
        language,
        # Translators: on a page that the guest opens on a phone; these three are on buttons.
        save_gif=pgettext("page", "Save the GIF"),
        # Translators: the same pictures as a short film.
        save_video=pgettext("page", "Save the video"),
        # Translators: another picture that was made of the visit, such as a strip to print.
        save_other=pgettext("page", "Save the picture"),
        # Translators: below the buttons; the rest is a video or another picture, which can arrive after the GIF.
        soon=_("The GIF is here first. If the rest does not open yet, try again in a minute."),
        # Translators: on a button; it opens what the phone has to send a file to somebody.
        share=pgettext("page", "Share"),
        # Translators: on a phone, a picture can be saved by a long touch.
        hold=_("You can also hold a finger on the picture to save it."),
        # Translators: {day} is a date.
        deleted=_("The pictures will be deleted on {day}."),
        # Translators: {day} is a date, the last day. The link is the address of this page.
        until=_("Anybody who has the link can open this page until {day}."),
        # Translators: {who} is a company or a person, who answers for what becomes of the pictures.
        responsible=_("Responsible: {who}"),
    )
