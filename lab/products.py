"""A booth of which guests take home all that there is: clip, strip, page, and a layout on everything that is made.

For whatever in this folder watches a whole booth: what holds for one that makes a GIF alone has to hold for this one.
"""

from collections.abc import Mapping

SETTINGS: Mapping[str, str] = {
    "clip.enabled": "true",
    "strip.enabled": "true",
    "page.enabled": "true",
    "share.presigned_days": "1",
    "layout.file": "corner",
}
"""What switches all of it on; a page needs links that last. The layout is one that the booth brings along."""


def environment() -> dict[str, str]:
    """Return the same, as it is said to a booth in a process of its own."""
    return {f"BOOTH_{setting.upper().replace('.', '__')}": value for setting, value in SETTINGS.items()}
