"""How a guest's page looks, in the event's own colours, by day and in the dark; and what its script does. Pure.

Which two colours meet is taken from the pairs that a theme was proved by (`booth.ui.theme.PAIRS`): so all that is read
on the page has the contrast that the screen has.
"""

from dataclasses import dataclass

from booth.ui.theme import Colour, Theme, contrast, written

_BLACK: Colour = (0, 0, 0)
_WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True)
class Scheme:
    """The colours of a page, as CSS has them."""

    ground: str
    ink: str
    soft: str
    button: str
    on_button: str


@dataclass(frozen=True)
class PageLook:
    """The colours of a page, for those whose phone is light and for those whose phone is dark."""

    light: Scheme
    dark: Scheme


def look_of(theme: Theme) -> PageLook:
    """Return a page's colours: the theme's paper where it fits the phone, and where not, what it has for the dark."""
    own = _scheme(theme.paper, theme.ink, theme.soft_ink, theme.accent, theme.on_accent)
    if contrast(theme.paper, _BLACK) > contrast(theme.paper, _WHITE):  # the paper is light
        return PageLook(own, _scheme(theme.dark, theme.on_dark, theme.on_dark, theme.accent_bright, theme.on_bright))
    return PageLook(_scheme(theme.on_dark, theme.dark, theme.dark, theme.dark, theme.on_dark), own)


def _scheme(ground: Colour, ink: Colour, soft: Colour, button: Colour, on_button: Colour) -> Scheme:
    return Scheme(*map(written, (ground, ink, soft, button, on_button)))


def style(look: PageLook) -> str:
    """Return the page's style sheet."""
    return (
        f":root{{color-scheme:light dark;{_variables(look.light)}}}\n"
        f"@media(prefers-color-scheme:dark){{:root{{{_variables(look.dark)}}}}}\n{_STYLE}"
    )


def _variables(scheme: Scheme) -> str:
    return (
        f"--ground:{scheme.ground};--ink:{scheme.ink};--soft:{scheme.soft};--button:{scheme.button};"
        f"--on-button:{scheme.on_button}"
    )


_STYLE = """*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;background:var(--ground);color:var(--ink);font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{width:100%;max-width:34rem;margin:0 auto;padding:0 max(1rem,env(safe-area-inset-left)) 0 max(1rem,env(safe-area-inset-right))}
header{padding-top:max(1.25rem,env(safe-area-inset-top));padding-bottom:1rem;text-align:center}
h1{margin:0;font-size:1.5rem;line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere;text-wrap:balance}
.logo{display:block;max-width:70%;max-height:5rem;margin:0 auto .75rem}
.shot{display:block;width:100%;height:auto;border-radius:1rem;background:#8883;-webkit-touch-callout:default}
a,button{display:flex;align-items:center;justify-content:center;width:100%;min-height:3.25rem;margin:.75rem 0 0;padding:.5rem 1rem;border:2px solid var(--ink);border-radius:999px;background:none;color:var(--ink);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
a.first{margin-top:1.25rem;border-color:var(--button);background:var(--button);color:var(--on-button)}
a:focus-visible,button:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
.hint{margin:.75rem 0 0;color:var(--soft);font-size:.9375rem;text-align:center;text-wrap:balance}
footer{flex:1;display:flex;flex-direction:column;justify-content:flex-end;padding-top:2rem;padding-bottom:max(1.25rem,env(safe-area-inset-bottom));color:var(--soft);font-size:.875rem;text-align:center;overflow-wrap:anywhere;text-wrap:balance}
footer p{margin:.25rem 0 0}
"""

SCRIPT = """(()=>{
const root=document.documentElement,all=[...document.querySelectorAll('[lang]')].filter(one=>one!==root);
const there=new Set(all.map(one=>one.lang));
const wanted=navigator.languages.map(one=>one.slice(0,2).toLowerCase()).find(one=>there.has(one))||root.lang;
root.lang=wanted;
for(const one of all)one.hidden=one.lang!==wanted;
for(const one of document.querySelectorAll('time'))
one.textContent=new Date(one.dateTime+'T12:00').toLocaleDateString(wanted,{day:'numeric',month:'long',year:'numeric'});
const button=document.querySelector('button'),soon=document.querySelector('.soon');
const links=[...document.querySelectorAll('a[download]')];
const come=async one=>{try{
const answer=await fetch(one.href,{headers:{range:'bytes=0-0'}});
answer.body?.cancel();
return answer.ok}catch{return true}};
if(soon)soon.hidden=true;
let missing=0;
for(const one of links.slice(1))(async()=>{
let tries=0;
for(;tries<60&&!await come(one);tries++){
if(!tries)missing++;
soon.hidden=false;one.hidden=true;
await new Promise(done=>setTimeout(done,5000))}
if(!tries)return;
one.hidden=false;
if(tries<60)soon.hidden=!--missing})();
if(!navigator.canShare)return;
const order=[...links.filter(one=>one.type.startsWith('video/')),links[0]];
(async()=>{for(const one of order){try{
const answer=await fetch(one.href);
if(!answer.ok)continue;
const files=[new File([await answer.blob()],one.download,{type:one.type})];
if(!navigator.canShare({files}))continue;
button.addEventListener('click',()=>navigator.share({files}).catch(()=>{}));
button.hidden=false;return}catch{}}})()
})()"""
"""Chooses the language that the phone asks for among those that the page has, and writes days as its reader does.

What is sent behind the GIF is not offered before it is there: it is asked for every five seconds, one byte of it, for
five minutes at most. Where nobody can tell, it is offered.

*Share* appears when a file has come that the phone says it can share: the clip, which messengers take, or else the
GIF. It must be there before the touch: a phone opens its sheet for a touch that has just been, and not for one that is
waited for.
"""
