"""What is known of a booth, for programs: as JSON, and as Prometheus' node_exporter reads it from a file."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from booth.core.night import Counted, Phase
from booth.operator.watching.findings import Findings, Life
from booth.operator.watching.keeping import KeptFor
from booth.outbox.entry import iso

SCHEMA = 1
"""The version of what `as_json` returns: raised when a name changes its meaning, or goes."""

_SHARES = (0.5, 0.95)


def as_json(found: Findings, *, indent: int | None = 2) -> str:
    """Return all that is known; docs/operating.md says what each name means."""
    told = found.told
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "at": iso(found.at),
        "daemon": found.daemon.value,
        "silent_s": found.silent_s,
        "outbox": str(found.outbox),
        "version": told.release if told else None,
        "booth": told.booth if told else None,
        "event": told.event if told else None,
        "state": told.state if told else None,
        "missing": list(told.missing) if told else [],
        "notices": list(told.notices) if told else [],
        "up_s": told.up_s if told else None,
        "uploads": {"reach": told.reach, "trouble": told.uploads} if told else None,
        "today": {
            "day": found.day,
            **{counted.value: found.night[counted] for counted in Counted},
            "phases": {phase.value: _phase(found, phase) for phase in Phase},
        },
        "visits": found.places,
        "unread": found.unread,
        "failed": [{"why": why, "visits": number} for why, number in found.reasons],
        "kept": {"pictures": _kept(found.kept.pictures), "details": _kept(found.kept.details)} if found.kept else None,
        "confirmed": iso(found.confirmed) if found.confirmed else None,
        "free_bytes": found.free_bytes,
        "visits_left": found.visits_left,
        "temperature_c": found.temperature_c,
        "troubles": [{**asdict(trouble), "at": _moment(trouble.at)} for trouble in reversed(found.troubles)],
    }
    return json.dumps(said, indent=indent, ensure_ascii=False)


def as_metrics(found: Findings) -> str:
    """Return what can be measured, in Prometheus' text format. What is not known is left out, never 0."""
    told, running = found.told, found.daemon is Life.RUNNING
    lines: list[str] = []

    def metric(name: str, kind: str, about: str, samples: Iterator[tuple[Mapping[str, str], float | None]]) -> None:
        known = [(labels, value) for labels, value in samples if value is not None]
        if known:
            lines.extend((f"# HELP booth_{name} {about}", f"# TYPE booth_{name} {kind}"))
            lines.extend(f"booth_{name}{_labels(labels)} {_number(value)}" for labels, value in known)

    def one(value: float | None) -> Iterator[tuple[Mapping[str, str], float | None]]:
        yield {}, value

    ready = running and told is not None and not told.missing
    metric("up", "gauge", "Whether the booth runs, and does not hang.", one(float(running)))
    metric("ready", "gauge", "Whether guests can use it.", one(float(ready)))
    metric("info", "gauge", "What it is.", iter([({"version": told.release}, 1.0)] if told and running else []))
    metric("uptime_seconds", "gauge", "For how long it has run.", one(told.up_s if told and running else None))
    metric(
        "visits_today",
        "gauge",
        "What became of the visits of the day, which begins at six in the morning.",
        (({"end": counted.value}, found.night[counted]) for counted in Counted),
    )
    metric(
        "phase_seconds",
        "gauge",
        "What that share of today's visits took at most.",
        (
            ({"phase": phase.value, "quantile": f"{share:g}"}, found.night.of(phase).within(share))
            for phase in Phase
            for share in _SHARES
        ),
    )
    places = found.places or {}
    metric("outbox_visits", "gauge", "Visits in the outbox.", (({"place": place}, n) for place, n in places.items()))
    confirmed = found.confirmed.timestamp() if found.confirmed else None
    metric("confirmed_timestamp_seconds", "gauge", "When the bucket last confirmed a visit.", one(confirmed))
    metric("disk_free_bytes", "gauge", "What is free on the outbox's disk.", one(found.free_bytes))
    metric("visits_left", "gauge", "Visits that there is room for.", one(found.visits_left))
    metric("temperature_celsius", "gauge", "Of the processor.", one(found.temperature_c))
    return "\n".join(lines) + "\n"


def _kept(kept: KeptFor) -> dict[str, Any]:
    return {"days": kept.days, "oldest": iso(kept.oldest) if kept.oldest else None}


def _phase(found: Findings, phase: Phase) -> dict[str, Any]:
    spans = found.night.of(phase)
    half, most = (spans.within(share) for share in _SHARES)
    return {"count": spans.count, "p50_s": _rounded(half), "p95_s": _rounded(most)}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _moment(at: float) -> str | None:
    try:
        return iso(datetime.fromtimestamp(at, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:.3f}"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
