"""Makes guests' pages: each of an entry whose animation the bucket has confirmed, when it has.

The law: a page is made by whoever delivered, once, right behind the animation. So the picture that it shows is there,
its links are signed by a clock that is known to be right, and the day that it tells is the bucket's own word. What else
was made of the visit follows; the page says so.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from booth.outbox import keys
from booth.outbox.details import DETAILS
from booth.outbox.entry import Entry, Product
from booth.outbox.metadata import LANGUAGE, decode, nameless
from booth.page.html import GuestPage, Keepsake, Logo, written
from booth.page.looks import PageLook
from booth.page.said import Said
from booth.ports import PAGE, Bucket, Parcel, Size
from booth.units import Seconds


@dataclass(frozen=True)
class Pages:
    """What is the same on all pages of an event, and what makes one of it."""

    said: tuple[Said, ...]
    """What they say, in each language that guests may choose. The first is the booth's usual one."""
    look: PageLook
    size: Size
    logo: Logo | None
    responsible: str
    deleted_days: int
    """After so many days the owner deletes the pictures; 0 if that was not promised."""
    wall: Callable[[], float] = field(repr=False)
    """Returns seconds since 1970-01-01 UTC."""

    def put(self, bucket: Bucket, entry: Entry, lasting: Seconds) -> str:
        """Put the page of an *entry*, the animation of which *bucket* has confirmed; return the link to it.

        That link, and those that it has, work for *lasting*. Blocks as a put does; raises `BucketError`.
        """
        own = bucket.link(entry.page, lasting)  # signed first: it lasts no longer than what it leads to
        content = written(self._page(bucket, entry, lasting))
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        bucket.put(Parcel(entry.page, PAGE.media_type, content, md5, nameless(entry.metadata)))
        return own

    def _page(self, bucket: Bucket, entry: Entry, lasting: Seconds) -> GuestPage:
        event = decode(entry.metadata).get("event", "")
        shown = [product for product in entry.products if product.file != DETAILS.file]
        picture, *others = (
            Keepsake(product.media_type, bucket.link(product.key, lasting), _name(entry, event, product))
            for product in shown
        )
        until = datetime.fromtimestamp(self.wall() + lasting, UTC).astimezone().date()
        deleted = self._deleted([bucket.expiry(product.key) for product in shown])
        return GuestPage(
            event,
            picture,
            self.size,
            self._said(decode(entry.metadata).get(LANGUAGE, "")),
            self.look,
            others=tuple(others),
            logo=self.logo,
            responsible=self.responsible,
            deleted=deleted,
            until=until if deleted is None or until < deleted else None,
        )

    def _said(self, language: str) -> tuple[Said, ...]:
        """Return what is said to a guest who saw the screen in *language*; in all of them if nobody noted it."""
        return tuple(said for said in self.said if said.language == language) or self.said

    def _deleted(self, said: list[datetime | None]) -> date | None:
        """Return the day on which the first of the pictures goes: as the bucket has *said*, or else as was promised."""
        first = min(filter(None, said), default=None)
        if first is not None:
            return first.date()
        if not self.deleted_days:
            return None
        return datetime.fromtimestamp(self.wall(), UTC).astimezone().date() + timedelta(days=self.deleted_days)


def _name(entry: Entry, event: str, product: Product) -> str:
    """Return what a product is called on the guest's phone: by event and time, and nothing of who it is."""
    stem, _, ending = product.file.rpartition(".")
    which = "" if product is entry.animation else f"-{stem}"
    return f"{keys.slug(event, 'event')}-{entry.session[:15]}{which}.{ending}"
