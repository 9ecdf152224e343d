"""The gallery: one page beside its pictures, which works from a stick, with a finger or with keys. Pure.

The law: only guests who agreed are in it, and nothing that says who they are; the page asks nobody for anything, and
what it may load is written at its head for the browser to hold it to.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape

from booth.operator.exporting.visits import Handed

FILE = "gallery/index.html"

STYLE = """
:root{color-scheme:light dark;--ground:#f6f4f0;--card:#fff;--ink:#1d1b18;--soft:#6a645c;--accent:#b3401f;--gap:clamp(.75rem,2vw,1.5rem)}
@media(prefers-color-scheme:dark){:root{--ground:#141311;--card:#211f1c;--ink:#f3f0ea;--soft:#a8a197;--accent:#ff8a65}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{max-width:90rem;margin:auto;padding:clamp(2rem,6vw,4.5rem) var(--gap) clamp(1.25rem,3vw,2.25rem)}
h1{margin:0;font-size:clamp(2rem,6vw,3.75rem);line-height:1.05;letter-spacing:-.025em;overflow-wrap:anywhere;text-wrap:balance}
header p{margin:.75rem 0 0;color:var(--soft)}
main{max-width:90rem;margin:auto;padding:0 var(--gap) 4rem;display:grid;gap:var(--gap);grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr))}
a.shot{display:block;border-radius:1rem;overflow:hidden;background:var(--card);color:inherit;text-decoration:none;box-shadow:0 1px 2px #0002,0 6px 20px #0001;transition:transform .15s,box-shadow .15s}
a.shot:hover{transform:translateY(-2px);box-shadow:0 2px 4px #0002,0 12px 32px #0002}
a:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.shot img{display:block;width:100%;height:auto;background:#8882}
.shot time{display:block;padding:.55rem .9rem .65rem;color:var(--soft);font-size:.875rem;font-variant-numeric:tabular-nums}
.none{grid-column:1/-1;color:var(--soft)}
dialog{width:100vw;height:100dvh;max-width:none;max-height:none;margin:0;padding:0;border:0;background:#0d0c0bf2;color:#fff;touch-action:pan-y}
dialog[open]{display:grid;grid-template:auto 1fr auto/1fr}
dialog::backdrop{background:#000c}
.bar{display:flex;align-items:center;gap:.5rem;padding:.5rem .75rem}
.bar span{flex:1;font-variant-numeric:tabular-nums;padding-left:.5rem}
dialog img{width:100%;height:100%;min-height:0;object-fit:contain;padding:0 .5rem}
button,.bar a{min-width:3rem;min-height:3rem;display:inline-grid;place-items:center;border:0;border-radius:999px;background:#fff2;color:#fff;font:inherit;font-size:1.35rem;line-height:1;cursor:pointer;text-decoration:none}
button:hover,.bar a:hover{background:#fff4}
.bar a{font-size:1rem;padding:0 1.1rem}
.foot{justify-content:center;gap:1.25rem;padding-bottom:max(.75rem,env(safe-area-inset-bottom))}
@media(prefers-reduced-motion:reduce){a.shot{transition:none}a.shot:hover{transform:none}}
@media print{a.shot{break-inside:avoid;box-shadow:none;border:1px solid #ccc}}
"""

SCRIPT = """
const shots=[...document.querySelectorAll('a.shot')],box=document.querySelector('dialog');
const picture=box.querySelector('img'),told=box.querySelector('span'),save=box.querySelector('a');
let at=0,from=null;
function show(n){at=(n+shots.length)%shots.length;const one=shots[at];picture.src=one.href;
picture.alt=one.querySelector('img').alt;save.href=one.href;
told.textContent=(at+1)+' of '+shots.length+' \\u00b7 '+one.querySelector('time').textContent;if(!box.open)box.showModal()}
shots.forEach((one,n)=>one.addEventListener('click',e=>{if(e.ctrlKey||e.metaKey||e.shiftKey)return;e.preventDefault();show(n)}));
const go={prev:()=>show(at-1),next:()=>show(at+1),shut:()=>box.close()};
box.querySelectorAll('button').forEach(one=>one.addEventListener('click',()=>go[one.value]()));
box.addEventListener('keydown',e=>{const to={ArrowLeft:at-1,ArrowUp:at-1,ArrowRight:at+1,ArrowDown:at+1,Home:0,End:-1}[e.key];
if(to!==undefined){e.preventDefault();show(to)}});
box.addEventListener('close',()=>{picture.removeAttribute('src');shots[at].focus()});
box.addEventListener('pointerdown',e=>{from=e.clientX});
box.addEventListener('pointerup',e=>{const way=from===null?0:e.clientX-from;from=null;if(Math.abs(way)>50)show(at+(way<0?1:-1))});
picture.addEventListener('dragstart',e=>e.preventDefault());
"""

_DIALOG = """<dialog aria-label="Picture">
<div class="bar"><span aria-live="polite"></span><a href="#" download>Save</a><button value="shut" aria-label="Close">✕</button></div>
<img alt="">
<div class="bar foot"><button value="prev" aria-label="Previous">←</button><button value="next" aria-label="Next" autofocus>→</button></div>
</dialog>"""


def page(event: str, visits: Sequence[Handed], files: Mapping[str, str], sizes: Mapping[str, tuple[int, int]]) -> bytes:
    """Return the page of an *event* with the *visits* that have *files* (names beside the page), by session.

    *sizes* are widths and heights in pixels, so that nothing moves while pictures come.
    """
    shown = [each for each in visits if each.consent and each.session in files]
    days = sorted({each.local.date() for each in shown})
    when = " &ndash; ".join(dict.fromkeys(f"{day.day} {day:%B %Y}" for day in (days[:1] + days[-1:])))
    count = f"{len(shown)} picture{'s' if len(shown) != 1 else ''}"
    cards = [_card(each, files[each.session], sizes.get(each.session), number) for number, each in enumerate(shown, 1)]
    body = "\n".join(cards) if cards else '<p class="none">Nobody has agreed to be shown here.</p>'
    title = escape(event)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy(STYLE, SCRIPT, images="'self' file:")}">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<header><h1>{title}</h1><p>{" · ".join(filter(None, (when, count)))}</p></header>
<main>
{body}
</main>
{_DIALOG}
<script>{SCRIPT}</script>
</body>
</html>
""".encode("utf-8", "replace")


def policy(style: str, script: str = "", *, images: str = "'none'") -> str:
    """Return what a page may load: *images* from there, this one *style* and *script*, and nothing else."""
    code = f"'sha256-{_hash(script)}'" if script else "'none'"
    return (
        f"default-src 'none'; img-src {images}; style-src 'sha256-{_hash(style)}'; script-src {code}; "
        "base-uri 'none'; form-action 'none'"
    )


def size_of(beginning: bytes) -> tuple[int, int] | None:
    """Return width and height of a GIF, in pixels, by its *beginning*; None if that is none."""
    if beginning[:4] != b"GIF8" or len(beginning) < 10:
        return None
    width, height = (int.from_bytes(beginning[at : at + 2], "little") for at in (6, 8))
    return (width, height) if width and height else None


def _card(kept: Handed, file: str, size: tuple[int, int] | None, number: int) -> str:
    room = f' width="{size[0]}" height="{size[1]}"' if size else ""
    taken = f"{kept.local:%H:%M}"
    return (
        f'<a class="shot" href="{escape(file)}"><img src="{escape(file)}" alt="Picture {number}, taken at {taken}" '
        f'loading="lazy" decoding="async"{room}><time datetime="{kept.local:%Y-%m-%dT%H:%M}">{taken}</time></a>'
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
