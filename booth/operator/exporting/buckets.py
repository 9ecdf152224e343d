"""What is handed over of a bucket: each visit of the event, by what its objects' own headers say.

A search finds where to look; a server that does not search is looked through whole.
"""

import re
from functools import partial

from booth.core.visit import SessionId
from booth.drivers.seeking import SoughtBucket
from booth.operator.exporting.outboxes import Gathered
from booth.operator.exporting.visits import Handed
from booth.operator.finding import asking
from booth.operator.finding.clauses import COMPLETED, META, Like
from booth.operator.finding.visits import Hit, Seeker
from booth.outbox.consents import records
from booth.outbox.ids import stamp
from booth.outbox.metadata import is_test

_PICTURE = ".gif"
_MD5 = re.compile(r"[0-9a-f]{32}")


def gathered(seeker: Seeker, event: str) -> Gathered:
    """Return what the bucket has of an *event*. Blocks; raises `BucketError`. It is asked on for the pictures.

    What bears no session of a booth is no visit, and a trial is none either.
    """
    found = Gathered()
    clause = Like(f"{META}event", (event,), begins=True, ends=True, any_case=False)
    question = asking.question(clause)
    searched = bool(question) and seeker.bucket.searches()
    for hit in seeker.visits(clause, question if searched else ""):
        kept = _kept(hit, event)
        if kept is not None:
            found.visits.append(kept)
            found.sources.setdefault(kept.session, partial(_content, seeker.bucket, kept.key))
    return found


def _content(bucket: SoughtBucket, key: str) -> bytes:
    return bucket.get(key)[0]


def _kept(hit: Hit, event: str) -> Handed | None:
    """Return what is handed over of a visit; None for what is no animation of one."""
    picture, said = hit.picture, hit.details
    session = said.get("session", "")
    if not picture.key.endswith(_PICTURE) or said.get("event") != event or stamp(session) is None or is_test(said):
        return None
    sites = {site: state.lower() for site, state in picture.sites.items()}
    return Handed(
        session=SessionId(session),
        event=event,
        booth=said.get("booth", ""),
        taken=said.get("taken", ""),
        key=picture.key,
        size=picture.size,
        md5=picture.md5 if _MD5.fullmatch(picture.md5) else "",
        given="email" in said or "name" in said,
        name=said.get("name", ""),
        email=said.get("email", ""),
        consent=said.get("consent") == "yes",
        consents=records(said),
        language=said.get("language", ""),
        delivered=True,
        copies=sites,
        replicated=picture.status == COMPLETED if picture.status else None,
    )
