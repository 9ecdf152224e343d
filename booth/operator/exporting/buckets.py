"""What is handed over of a bucket: each visit of the event, by what its objects' own headers say.

A search finds where to look; a server that does not search is looked through whole. What was made beside an animation
is known by its key and its session; a text that guests read is what its name says, or it is none.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from booth.core.visit import SessionId
from booth.drivers.seeking import SoughtBucket
from booth.errors import BucketError
from booth.imaging.clip import CLIP
from booth.imaging.strip import STRIP
from booth.operator.exporting.consent import Texts
from booth.operator.exporting.outboxes import Gathered
from booth.operator.exporting.visits import Handed
from booth.operator.finding import asking
from booth.operator.finding.clauses import COMPLETED, META, Facts, Like
from booth.operator.finding.visits import Hit, Seeker
from booth.outbox import consents, keys, metadata
from booth.outbox.answers import answers
from booth.outbox.consents import records
from booth.outbox.ids import stamp
from booth.outbox.metadata import is_test

_PICTURE = ".gif"
_BESIDE = {CLIP.file: CLIP.ending, STRIP.file: STRIP.ending}
"""How the keys end of what is made beside the animation, by its file in the outbox."""
_MD5 = re.compile(r"[0-9a-f]{32}")
_SHA = re.compile(r"[0-9a-f]{64}")


def gathered(seeker: Seeker, event: str) -> Gathered:
    """Return what the bucket has of an *event*. Blocks; raises `BucketError`. It is asked on for the pictures.

    What bears no session of a booth is no visit, and a trial is none either.
    """
    found, beside = Gathered(), dict[str, Facts]()
    clause = Like(f"{META}event", (event,), begins=True, ends=True, any_case=False)
    question = asking.question(clause)
    searched = bool(question) and seeker.bucket.searches()
    for hit in seeker.visits(clause, question if searched else ""):
        beside |= {each.key: each for each in hit.objects if each.key.endswith(tuple(_BESIDE.values()))}
        kept = _kept(hit, event)
        if kept is not None:
            found.visits.append(kept)
            found.sources.setdefault(kept.session, partial(_content, seeker.bucket, kept.key))
    for number, kept in enumerate(found.visits):
        made = _made_beside(kept, beside)
        found.visits[number] = replace(kept, beside={file: [each.size, _md5(each)] for file, each in made.items()})
        for file, each in made.items():
            found.sources.setdefault(f"{kept.session}/{file}", partial(_content, seeker.bucket, each.key))
    found.texts = _texts(seeker.bucket, found.visits)
    return found


def _made_beside(kept: Handed, there: Mapping[str, Facts]) -> dict[str, Facts]:
    """Return what is *there* beside a visit's animation, by its file in the outbox."""
    siblings = {file: there.get(keys.sibling(kept.key, ending)) for file, ending in _BESIDE.items()}
    return {
        file: each
        for file, each in siblings.items()
        if each is not None and metadata.decode(each.metadata).get("session") == kept.session
    }


def _texts(bucket: SoughtBucket, visits: list[Handed]) -> dict[str, Texts]:
    """Return what the guests of *visits* read, by booth and by its SHA-256. One that cannot be read is left out."""
    found, read = dict[str, dict[str, str]](), dict[str, str]()
    for kept in visits:
        for sha in {record.rpartition(" ")[2] for record in kept.consents.values()}:
            if sha not in read and _SHA.fullmatch(sha):
                read[sha] = _text(bucket, sha)
            if read.get(sha):
                found.setdefault(kept.booth, {})[sha] = read[sha]
    return {**found}


def _text(bucket: SoughtBucket, sha: str) -> str:
    """Return the text of that SHA-256; "" if the bucket has none. Raises `BucketError` if it is away."""
    try:
        content, _ = bucket.get(consents.key_of(sha))
    except BucketError as exc:
        if exc.away:
            raise
        return ""
    return content.decode("utf-8", "replace") if hashlib.sha256(content).hexdigest() == sha else ""


def _md5(facts: Facts) -> str:
    return facts.md5 if _MD5.fullmatch(facts.md5) else ""


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
        md5=_md5(picture),
        given="email" in said or "name" in said,
        name=said.get("name", ""),
        email=said.get("email", ""),
        consent=said.get("consent") == "yes",
        consents=records(said),
        answers=answers(said),
        language=said.get("language", ""),
        delivered=True,
        copies=sites,
        replicated=picture.status == COMPLETED if picture.status else None,
    )
