"""What counts as an e-mail address: email-validator's judgement in the form's words, without asking the network."""

from booth.core.form import Complaint, Judge


def judge() -> Judge:
    """Return the judge, finished: whoever calls it waits for no library any more.

    Blocks while the library is imported: for a tenth of a second on a desktop. The judge itself never raises.
    """
    from email_validator import validate_email

    def judged(address: str) -> Complaint | None:
        address = address.strip()
        _, at, domain = address.rpartition("@")
        if not at:
            return Complaint.EMAIL_NO_AT
        if "." not in domain.strip("."):
            return Complaint.EMAIL_NO_DOMAIN
        try:
            validate_email(address, check_deliverability=False)
        except ValueError:  # EmailNotValidError is one, and so is what the codecs below it raise
            return Complaint.EMAIL_INVALID
        return None

    judged("zoë@exämple.example")  # the tables for letters beyond ASCII are imported by the first that has any
    return judged
