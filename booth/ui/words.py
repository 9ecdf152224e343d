"""Everything that guests and operators read on the screen, in one place.

The voice: warm, short, honest. It says what is so and what can be done, and promises only
what has happened.
"""

from collections.abc import Mapping
from types import MappingProxyType

from booth.core.events import Part
from booth.core.form import Complaint, Field
from booth.core.states import Animation, Ask, Outcome, Reason

STARTING = ("Warming up", "Ready in a few seconds.")

_NUMBERS = MappingProxyType({1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight"})


def attract(shots: int) -> tuple[str, str, str]:
    """Return what this is, in two lines, and what to do."""
    poses = "pose" if shots == 1 else "poses"
    return f"{_NUMBERS.get(shots, str(shots))} {poses}.", "One moving picture.", "Press the button"


ATTRACT_NUDGE = "The real one, please"
"""Instead of what to do, after somebody touched the screen there."""
ATTRACT_OFFLINE = "Offline for now. Pictures are kept and sent later."

GET_READY = "Get ready"
LOOK_HERE = "Look up here"
NO_PREVIEW = "The camera is waking up"


def shot_of(shot: int, shots: int) -> str:
    """Return which picture this is."""
    return f"{shot} of {shots}"


FLASH = "Hold it"

FORM_TITLE = "Who is this for?"
ANIMATION: Mapping[Animation, str] = MappingProxyType(
    {
        Animation.MAKING: "Baking your GIF",
        Animation.READY: "Your GIF is ready",
        Animation.FAILED: "Your pictures are safe",
    }
)
FIELD: Mapping[Field, str] = MappingProxyType({Field.NAME: "Your name", Field.EMAIL: "Your e-mail"})
OPTIONAL = "if you like"
COMPLAINT: Mapping[Complaint, str] = MappingProxyType(
    {
        Complaint.NAME_MISSING: "Please type your name",
        Complaint.EMAIL_MISSING: "Please type your e-mail, or touch Skip",
        Complaint.EMAIL_NO_AT: "There is no @ in it yet",
        Complaint.EMAIL_NO_DOMAIN: "After the @ something is missing",
        Complaint.EMAIL_INVALID: "This does not look like an e-mail address",
    }
)


def hint(address: str) -> str:
    """Return the question that a mistyped domain is met with."""
    return f"{address.rpartition('@')[2]}?"


HINT_LEAD = "Did you mean"
SEND, SENDING, SKIP, RETAKE, DELETE = "Send", "Sending", "Skip", "Retake", "Delete"


def closing(seconds: int) -> tuple[str, str]:
    """Return the warning before a form closes by itself, and what happens then."""
    return "Still there?", f"Touch to stay. Closing in {seconds} s"


CLOSING_KEEPS = "Then your GIF is kept, without your details."

ASK: Mapping[Ask, tuple[str, str, str, str]] = MappingProxyType(
    {
        Ask.RETAKE: (
            "Pose again?",
            "These pictures will be deleted, and the camera starts at once.",
            "Pose again",
            "Keep these",
        ),
        Ask.DELETE: (
            "Delete your pictures?",
            "All pictures of this visit go for good.",
            "Delete them",
            "Keep them",
        ),
    }
)
"""The question, what yes means, yes, no."""

FINISHING = ("Baking your GIF", "It takes a moment. Everything is safe.")
FINISHING_READY = ("Putting it in the box", "It takes a moment.")
FINISHING_FAILED = ("Keeping your pictures", "It takes a moment.")
FINISHING_DELETING = ("Deleting your pictures", "It takes a moment.")

OUTCOME: Mapping[Outcome, tuple[str, str]] = MappingProxyType(
    {
        Outcome.SENDING: ("Sending", "Your GIF is kept here and is on its way."),
        Outcome.SENT: ("Sent", "Your GIF has arrived."),
        Outcome.SAVED: ("Saved", "It will be sent when the booth is online."),
        Outcome.LATER: ("Pictures saved", "Your GIF will be made and sent later."),
        Outcome.DELETED: ("Deleted", "None of your pictures are left."),
    }
)
FAREWELL = "Here you are"
FAREWELL_WITHOUT = "Thank you"
FAREWELL_DELETED = "As you wish"
FAREWELL_NEXT = "Done? Press the button."

APOLOGY: Mapping[Reason, tuple[str, str]] = MappingProxyType(
    {
        Reason.CAMERA: ("Sorry, the camera missed that", "It gave no picture. Please try again in a moment."),
        Reason.DISK: ("Sorry, we could not save that", "Please tell somebody from the team."),
        Reason.SLOW: ("This takes longer than it should", "Your GIF will be finished without you. No need to wait."),
        Reason.NOT_DELETED: ("Sorry, not everything is deleted", "Please tell somebody from the team. They can do it."),
    }
)
KEPT = "The pictures taken so far are kept."
KEPT_AFTER_ALL: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.CAMERA: KEPT,
        Reason.DISK: KEPT,
        Reason.SLOW: "Your pictures are safe.",
        Reason.NOT_DELETED: "Some pictures are still on the booth.",
    }
)
NOT_KEPT = "No picture was kept."

OUT_OF_ORDER = ("Back soon", "The booth needs a hand. It returns by itself.")
PART: Mapping[Part, tuple[str, str]] = MappingProxyType(
    {
        Part.CAMERA: ("Camera", "Check its cable, then wait half a minute."),
        Part.DISK: ("Storage", "Full, or not writable. Make room."),
        Part.GM: ("GIF maker", "gm or ImageMagick: the journal tells what is missing."),
        Part.BUTTON: ("Button or lamp", "Check the wires, and the pins in booth.toml."),
    }
)
"""What is missing, and what an operator can do."""
