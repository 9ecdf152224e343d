"""What guests take home: the settings become what makes their links, if a phone can read links so long."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from booth import RELEASED
from booth.core.rules import Rules
from booth.core.visit import SessionId
from booth.outbox import keys, links
from booth.outbox.courier import Links, Pages
from booth.outbox.entry import Entry
from booth.ports import PAGE, Bucket, Size
from booth.settings.model import Settings
from booth.ui.drawing import qr
from booth.units import Seconds

log = structlog.get_logger()

DAY = 86_400.0
"""Seconds."""


def links_of(settings: Settings, size: Size) -> Links | None:
    """Return what makes the links that guests are shown on a screen of *size*; None if they are shown none.

    A link that would be too long for a code that a phone can read is left out, and the log says so: all of them now,
    a particular one (a key with a session token makes longer ones) when it is made.
    """
    template, lasting = settings.share.url_template, _lasting(settings)
    event, booth, room = settings.event.name, settings.booth.name, qr.longest(size)
    if not settings.share.linked:
        return None

    def page(_bucket: Bucket, entry: Entry) -> str | None:
        session, key = SessionId(entry.session), entry.animation.key
        return _short(links.link(template, session=session, key=key, event=event, booth=booth), room)

    def signed(bucket: Bucket, entry: Entry) -> str | None:
        return _short(bucket.link(entry.animation.key, lasting), room)

    if _short(_sample(settings), room) is None:
        return None
    return page if template else signed


def pages_of(settings: Settings, size: Size, wall: Callable[[], float] = time.time) -> Pages | None:
    """Return what puts the pages that guests' links lead to, on a screen of *size*; None if there are to be none.

    *wall* returns seconds since 1970. Raises `ConfigError` if something that is on the page cannot be used.
    """
    if not settings.page.enabled or not settings.share.linked or settings.share.url_template:
        return None
    from booth.page import event  # here, for it weighs a MiB, and most booths make no page

    pages, lasting, room = event.pages_of(settings, wall), _lasting(settings), qr.longest(size)
    return lambda bucket, entry: _short(pages.put(bucket, entry, lasting), room)


def _lasting(settings: Settings) -> Seconds:
    return Seconds(settings.share.presigned_days * DAY)


def patience_of(rules: Rules) -> Seconds:
    """Return how long a guest waits for a link at most: the farewell is shown as well."""
    return Seconds(max(rules.share - rules.farewell, rules.share / 2) if rules.share > 0 else math.inf)


def _sample(settings: Settings) -> str:
    """Return a link as long as the visits' will be."""
    zenko = settings.zenko
    key = keys.object_key(
        zenko.key_template,
        event=settings.event.name,
        booth=settings.booth.name,
        session=keys.SAMPLE,
        taken=datetime.fromtimestamp(RELEASED, UTC),
    )
    if settings.page.enabled:
        key = keys.sibling(key, PAGE.ending)
    if settings.share.url_template:
        event, booth = settings.event.name, settings.booth.name
        return links.link(settings.share.url_template, session=keys.SAMPLE, key=key, event=event, booth=booth)
    from booth.drivers import signed

    return signed.link_like(
        endpoint_url=zenko.endpoint_url or "http://127.0.0.1:65535",
        bucket=zenko.bucket,
        key=key,
        region=zenko.region,
        access_key_id=zenko.access_key_id.get_secret_value() or 20 * "A",
        addressing=zenko.addressing if zenko.endpoint_url else "path",
    )


def _short(link: str, room: int) -> str | None:
    """Return *link* if it has no more than *room* characters."""
    if len(link) <= room:
        return link
    log.warning(
        "share.too_long",
        characters=len(link),
        at_most=room,
        why="a phone could not read a code of so long a link, so guests get none; shorten share.url_template, "
        "zenko.key_template, or the names of the bucket and its server",
    )
    return None
