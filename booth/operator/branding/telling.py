"""Tells what a preview found: lines for people, JSON for programs, and a page that shows all pictures."""

import json
from collections.abc import Iterator, Sequence
from html import escape

from booth.examining.findings import Sign
from booth.operator.branding.finding import GROUNDS, Proof

_STYLE = """
body{font:16px/1.45 system-ui,sans-serif;margin:24px;background:#fff;color:#222}
@media(prefers-color-scheme:dark){body{background:#1b1a1e;color:#eee}figure{border-color:#444}}
main{display:grid;gap:20px;grid-template-columns:repeat(auto-fill,minmax(340px,1fr))}
figure{margin:0;border:1px solid #ccc;border-radius:10px;padding:10px;overflow-wrap:anywhere}
img,video{display:block;max-width:100%;max-height:640px;margin:0 auto}
figcaption{margin-top:8px}ul{margin:6px 0 0;padding-left:20px}.bad{font-weight:700}
"""


def worst(proofs: Sequence[Proof]) -> Sign:
    """Return the worst of what was found."""
    signs = {remark.sign for proof in proofs for remark in proof.remarks}
    return next((sign for sign in (Sign.BAD, Sign.WARN) if sign in signs), Sign.OK)


def line(proof: Proof) -> str:
    """Return what one picture is like, in a line."""
    read = ", ".join(f"{each.name} {int(each.ratio * 10) / 10:.1f}:1" for each in proof.legible)
    size, without = (round(number / 1000) for number in (proof.size, proof.without))
    return (
        f"{proof.file}: {read or 'no text'}; {round(100 * proof.hidden)} % of the middle hidden; "
        f"{size} kB, {without} kB without the layout"
    )


def lines(proofs: Sequence[Proof]) -> Iterator[str]:
    """Yield all that was found, for people: what is wrong first once, with the pictures that have it."""
    for proof in proofs:
        yield line(proof)
        for remark in proof.remarks:
            yield f"  {remark.sign.value}: {remark.said}"
    bad, warn = (sum(r.sign is sign for proof in proofs for r in proof.remarks) for sign in (Sign.BAD, Sign.WARN))
    yield f"{len(proofs)} pictures: {bad} bad, {warn} to be seen to"


def as_json(proofs: Sequence[Proof]) -> str:
    """Return the same for a program."""
    return json.dumps(
        {
            "worst": worst(proofs).value,
            "pictures": [
                {
                    "file": proof.file,
                    "product": proof.product,
                    "title": proof.title,
                    "ground": proof.ground,
                    "bytes": proof.size,
                    "bytes_without": proof.without,
                    "middle_hidden": round(proof.hidden, 3),
                    "texts": [
                        {"name": each.name, "contrast": round(each.ratio, 2), "least": each.least}
                        for each in proof.legible
                    ],
                    "remarks": [{"sign": remark.sign.value, "said": remark.said} for remark in proof.remarks],
                }
                for proof in proofs
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def page(proofs: Sequence[Proof], event: str) -> str:
    """Return a page that shows all pictures, with what was found below each. It loads nothing but these."""
    figures = "\n".join(_figure(proof) for proof in proofs)
    name = escape(event)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; "
        "media-src 'self' file:; style-src 'unsafe-inline'\">\n"
        f"<title>The layout: {name}</title><style>{_STYLE}</style></head><body>\n"
        f'<h1>The layout: <bdi dir="auto">{name}</bdi></h1>\n<main>\n{figures}\n</main></body></html>\n'
    )


def _figure(proof: Proof) -> str:
    file = escape(proof.file, quote=True)
    about = f"{escape(proof.product)}, {escape(proof.title)} title, {GROUNDS[proof.ground]}"
    shown = (
        f'<video src="{file}" controls loop muted></video>'
        if proof.file.endswith(".mp4")
        else f'<img src="{file}" alt="{about}">'
    )
    said = "".join(
        f'<li class="{r.sign.value.lower()}">{escape(r.sign.value)}: {escape(r.said)}' for r in proof.remarks
    )
    return (
        f"<figure>{shown}<figcaption>{about}<br>{escape(line(proof).partition(': ')[2])}"
        f"{f'<ul>{said}</ul>' if said else ''}</figcaption></figure>"
    )
