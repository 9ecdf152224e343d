"""The report of an evening: one file, no script, to be read, printed or sent to whoever paid for it. Pure.

No guest is named in it. What nobody counted is said to be so, and is not zero.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from html import escape

from booth.core.night import ENDS, Counted, Night, Phase
from booth.operator.exporting.gallery import policy
from booth.operator.exporting.ledger import Inventory
from booth.operator.exporting.visits import Handed
from booth.outbox.nights import MORNING

FILE = "report.html"

_MOST_HOURS = 72
"""Hours that are shown, from the first visit on."""

STYLE = """
:root{color-scheme:light dark;--ground:#f6f4f0;--card:#fff;--ink:#1d1b18;--soft:#665f57;--line:#e4dfd7;--bar:#c8502b;--warn:#8f2f10}
@media(prefers-color-scheme:dark){:root{--ground:#141311;--card:#211f1c;--ink:#f3f0ea;--soft:#aba49a;--line:#38342f;--bar:#ff8a65;--warn:#ffb199}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.page{max-width:62rem;margin:auto;padding:clamp(1.5rem,5vw,4rem) clamp(1rem,4vw,2rem)}
h1{margin:0;font-size:clamp(2rem,5vw,3.25rem);line-height:1.05;letter-spacing:-.025em;overflow-wrap:anywhere}
h2{margin:0 0 .9rem;font-size:1.1rem;letter-spacing:-.01em}
.lead{margin:.6rem 0 2rem;color:var(--soft);overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:1rem;margin:0 0 1rem}
.tile,section{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.1rem 1.25rem}
.tile b{display:block;font-size:2.1rem;line-height:1.15;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tile span,.note{color:var(--soft);font-size:.9rem}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1rem}
.wide{grid-column:1/-1}
.note{margin:.8rem 0 0}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th{font-weight:400;text-align:left;color:var(--soft)}
td,th{padding:.3rem .5rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child>*{border-bottom:0}
td.n,th.n{text-align:right;padding-right:0;padding-left:.75rem;white-space:nowrap}
td.b{width:55%;padding-right:0}
svg{display:block;width:100%}
.row svg{height:1.05rem;margin-top:.2rem}
rect{fill:var(--bar)}
.hours{height:11rem}
.axis{display:flex;justify-content:space-around;color:var(--soft);font-size:.85rem;font-variant-numeric:tabular-nums;padding-top:.35rem;border-top:1px solid var(--line)}
.trouble{color:var(--warn);overflow-wrap:anywhere}
section{min-width:0}
@media print{:root{--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--bar:#555;--warn:#000}.page{padding:0;max-width:none}.tile,section{break-inside:avoid}rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""

_PHASES = {
    Phase.POSING: "Posing", Phase.FRAME: "One frame", Phase.ANIMATION: "Making the animation", Phase.FORM: "The form",
    Phase.SAVING: "Saving", Phase.DELIVERY: "Delivery",
}  # fmt: skip
_COUNTED = {
    Counted.BEGUN: "Pressed the button", Counted.POSED: "Posed", Counted.SENT: "Sent it to somebody",
    Counted.SKIPPED: "Kept it without details", Counted.WALKED_AWAY: "Walked away", Counted.RETAKEN: "Posed again",
    Counted.DELETED: "Deleted it", Counted.BROKEN_OFF: "Broken off by the booth",
}  # fmt: skip


def page(ledger: Inventory) -> bytes:
    """Return the report of what *ledger* knows."""
    visits = ledger.visits
    night = sum(ledger.nights.values(), Night())
    title = escape(ledger.event)
    booths = sorted({each.booth for each in visits if each.booth} | {booth for _, booth in ledger.nights if booth})
    days = sorted({each.local.date() for each in visits})
    when = " &ndash; ".join(dict.fromkeys(f"{day.day} {day:%B %Y}" for day in (days[:1] + days[-1:])))
    named = escape(", ".join(booths))
    lead = " · ".join(filter(None, (when, f"{_many(len(booths), 'booth')}: {named}" if booths else "")))
    tiles = "".join(f'<div class="tile"><b>{number}</b><span>{said}</span></div>' for said, number in _tiles(visits))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy(STYLE)}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}: report</title>
<style>{STYLE}</style>
</head>
<body>
<div class="page">
<h1>{title}</h1>
<p class="lead">{lead}</p>
<div class="tiles">{tiles}</div>
<div class="grid">
<section class="wide"><h2>Visits an hour</h2>{_hours(visits)}</section>
<section><h2>What became of visits</h2>{_funnel(night)}</section>
<section><h2>How long it took</h2>{_times(night)}</section>
<section><h2>Languages</h2>{_languages(ledger)}</section>
<section><h2>Troubles</h2>{_troubles(ledger)}</section>
</div>
</div>
</body>
</html>
""".encode("utf-8", "replace")


def _tiles(visits: Sequence[Handed]) -> list[tuple[str, str]]:
    followed = [each for each in visits if each.replicated is not None]
    there = sum(bool(each.replicated) for each in followed)
    return [
        ("pictures kept", str(len(visits))),
        ("guests gave details", str(sum(each.given for each in visits))),
        ("of these agreed", str(sum(each.consent for each in visits))),
        ("delivered", str(sum(each.delivered for each in visits))),
        ("copied to all sites", f"{there} of {len(followed)}" if followed else "&ndash;"),
    ]


def by_hour(visits: Iterable[Handed]) -> list[tuple[str, int]]:
    """Return how many visits were kept in each hour of the place, from the first with one to the last."""
    counted = Counter(each.local.replace(minute=0, second=0) for each in visits)
    if not counted:
        return []
    first, last = min(counted), max(counted)
    hours = min(int((last - first).total_seconds() // 3600) + 1, _MOST_HOURS)
    return [(f"{first + timedelta(hours=n):%H:00}", counted[first + timedelta(hours=n)]) for n in range(hours)]


def _hours(visits: Sequence[Handed]) -> str:
    hours = by_hour(visits)
    if not hours:
        return '<p class="note">No visit was kept.</p>'
    most, room = max(count for _, count in hours), 100 / len(hours)
    bars = "".join(
        f'<rect x="{room * n + room * 0.12:.2f}" y="{100 - 96 * count / most:.2f}" width="{room * 0.76:.2f}" '
        f'height="{96 * count / most:.2f}"><title>{hour}: {_many(count, "visit")}</title></rect>'
        for n, (hour, count) in enumerate(hours)
    )
    busiest, number = max(hours, key=lambda hour: hour[1])
    step = max(1, -(-len(hours) // 8))
    marks = "".join(f"<span>{hour}</span>" for hour, _ in hours[::step])
    said = ", ".join(f"{hour} {count}" for hour, count in hours)
    return (
        f'<svg class="hours" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="{said}">{bars}</svg>'
        f'<div class="axis">{marks}</div><p class="note">Most were from {busiest} on: {_many(number, "visit")} in an '
        "hour, by the time of the place. Visits that were kept.</p>"
    )


def _funnel(night: Night) -> str:
    most = night[Counted.BEGUN]
    if not most:
        return _UNCOUNTED
    shown = (Counted.BEGUN, Counted.POSED, *ENDS, Counted.BROKEN_OFF)
    return _bars([(_COUNTED[counted], night[counted]) for counted in shown], most)


def _times(night: Night) -> str:
    rows = [
        f'<tr><th>{said}</th><td class="n">{_seconds(spans.within(0.5))}</td>'
        f'<td class="n">{_seconds(spans.within(0.95))}</td></tr>'
        for phase, said in _PHASES.items()
        if (spans := night.of(phase)).count
    ]
    if not rows:
        return _UNCOUNTED
    return (
        f'<table><tr><th></th><th class="n">half within</th><th class="n">95 % within</th></tr>{"".join(rows)}</table>'
    )


def spoken(ledger: Inventory) -> Counter[str]:
    """Return how many visits that were kept saw the screen in each language.

    As the nights have it, which count those too whose guests sent nothing; where a night's record is not there, or is
    of before it had languages, as the visits have it.
    """
    counted = Counter[str]()
    for night in ledger.nights.values():
        counted.update(night.languages)
    known = {at for at, night in ledger.nights.items() if night.languages}
    counted.update(
        each.language
        for each in ledger.visits
        if each.language and ((each.local - timedelta(seconds=MORNING)).date().isoformat(), each.booth) not in known
    )
    return counted


def _languages(ledger: Inventory) -> str:
    counted = spoken(ledger)
    if not counted:
        return '<p class="note">These booths did not note in which language guests saw the screen.</p>'
    return _bars([(escape(language), count) for language, count in counted.most_common()], max(counted.values()))


def _troubles(ledger: Inventory) -> str:
    failed = Counter(each.why for each in ledger.visits if each.why)
    lines = [(one.at, one.what, one.times) for some in ledger.troubles.values() for one in some]
    lines = [*sorted(lines, reverse=True), *(("set aside", why, count) for why, count in failed.most_common())]
    if not lines:
        return '<p class="note">None that the booths remember.</p>'
    rows = "".join(
        f'<tr><th>{escape(at)}</th><td class="trouble">{escape(what)}</td><td class="n">{f"&times; {times}" if times > 1 else ""}'
        "</td></tr>"
        for at, what, times in lines
    )
    return f"<table>{rows}</table>"


_UNCOUNTED = (
    '<p class="note">Not known: the counts lie on the booths\' disks, and these are not part of this export.</p>'
)


def _bars(rows: Sequence[tuple[str, int]], most: int) -> str:
    """Return a table of horizontal bars; what each is called is fit for HTML."""
    return "<table>" + "".join(
        f'<tr class="row"><th>{said}</th><td class="b"><svg viewBox="0 0 100 10" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect width="{100 * count / max(most, 1):.1f}" height="10" rx=".6"/></svg></td>'
        f'<td class="n">{count}</td></tr>'
        for said, count in rows
    ) + "</table>"  # fmt: skip


def _seconds(seconds: float | None) -> str:
    return "&ndash;" if seconds is None else f"{seconds:.1f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"
