"""How far the copy onto a stick is, in words: above all, whether the stick may be taken out."""

from booth.core.copying import CopyStage, StickCopy
from booth.ui.words import Words


def told(copy: StickCopy, words: Words) -> str:
    """Return what an operator is to know of it, and to do."""
    match copy.stage:
        case CopyStage.ASKED:
            # Translators: the booth is to copy the evening's GIFs to a USB stick.
            return words.gettext("The stick is looked for.")
        case CopyStage.COPYING:
            # Translators: so many of the GIFs are on the USB stick.
            said = words.gettext("Copying: {done} of {count}. Leave the stick in.")
            return said.format(done=copy.done, count=copy.of)
        case CopyStage.CLOSING:
            return words.gettext("Nearly done. Leave the stick in.")
        case CopyStage.COPIED if copy.done < copy.of:
            said = words.gettext("Copied {done} of {count} visits; the others could not be read. Take the stick out.")
            return said.format(done=copy.done, count=copy.of)
        case CopyStage.COPIED:
            # Translators: all of the evening is on the USB stick.
            said = words.ngettext(
                "Copied {count} visit: you may take the stick out.",
                "Copied {count} visits: you may take the stick out.",
                copy.done,
            )
            return said.format(count=copy.done)
        case CopyStage.NO_STICK:
            return words.gettext("There is no stick, or none with FAT32 or exFAT. Plug one in, and touch again.")
        case CopyStage.SEVERAL:
            # Translators: several USB sticks are plugged in.
            return words.gettext("There is more than one stick. Leave one in, and touch again.")
        case CopyStage.READ_ONLY:
            # Translators: a USB stick that is read-only; some have a switch for that.
            return words.gettext("The stick is locked. Move its switch, or take another, and touch again.")
        case CopyStage.FULL:
            return words.gettext("The stick is full. Make room on it, or take another, and touch again.")
        case CopyStage.NOTHING:
            return words.gettext("There are no visits of this event yet. You may take the stick out.")
        case CopyStage.REFUSED:
            # Translators: the USB stick has a folder of the name that the copy would get, with something else in it.
            return words.gettext("The stick has something else in this event's folder. Take another stick.")
        case CopyStage.BROKEN:
            # Translators: the USB stick was pulled while the GIFs were copied, say.
            return words.gettext("The copy broke off. Plug the stick in anew, and touch again: it goes on from there.")
