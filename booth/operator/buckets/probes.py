"""Where something is put that tries the bucket: under a key like a visit's, so that the same rules cover it."""

import secrets
from datetime import datetime
from typing import Any

from booth.core.visit import SessionId
from booth.outbox import keys


def key_of(settings: Any) -> str:
    """Return a key that no visit has, and no other try."""
    now = datetime.now().astimezone()
    session = SessionId(f"check-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}")
    return keys.object_key(
        settings.zenko.key_template,
        event=settings.event.name,
        booth=settings.booth.name,
        session=session,
        taken=now,
    )
