"""What counts as an e-mail address: email-validator's judgement in the form's words, without asking the network."""

from booth.core.form import Complaint


def judge(address: str) -> Complaint | None:
    """Return what is wrong with *address*, or None.

    Never raises. The first call imports the library, which takes some hundredths of a second on a desktop.
    """
    address = address.strip()
    _, at, domain = address.rpartition("@")
    if not at:
        return Complaint.EMAIL_NO_AT
    if "." not in domain.strip("."):
        return Complaint.EMAIL_NO_DOMAIN

    from email_validator import validate_email

    try:
        validate_email(address, check_deliverability=False)
    except ValueError:  # EmailNotValidError is one, and so is what the codecs below it raise
        return Complaint.EMAIL_INVALID
    return None
