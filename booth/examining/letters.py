"""Letters: whether the fonts of this machine have all that is shown, and what guests may be called."""

from collections.abc import Iterator
from pathlib import Path

from booth.examining.findings import Check, Finding, Premises, Sign

FOLDERS = ("usr/share/fonts", "usr/local/share/fonts")


def fonts(premises: Premises) -> Iterator[Finding]:
    """Look for letters: of each language that is offered with what the event says in it, and for guests' names."""
    from booth.ui.assets import assets
    from booth.ui.text import faces

    install = f"sudo {faces.INSTALL}"
    found = list(faces.search([premises.root / folder for folder in FOLDERS]))
    own = [faces.coverage(path) for path in assets("fonts", ".ttf")]
    if premises.settings.theme.font:
        own.append(faces.coverage(Path(premises.settings.theme.font)))
    known = [*own, *(face.coverage for face in found)]
    offered = offered_by(premises)
    for code, said in offered.items():
        without = sorted({char for char in said if not char.isspace() and not any(char in each for each in known)})
        if without:
            shown = " ".join(without[:8])
            yield Finding("fonts", Sign.BAD, f"{code}: no letters for {shown}", cure=install)
            return
    yield Finding("fonts", Sign.OK, f"letters for all that is said in {', '.join(offered)}")
    if lacking := faces.lacking(found):
        yield Finding("fonts names", Sign.WARN, f"none for names in {', '.join(lacking)}", cure=install)
    else:
        yield Finding("fonts names", Sign.OK, f"letters for names in {', '.join(faces.SAMPLES)}")


def offered_by(premises: Premises) -> dict[str, str]:
    """Return what the event itself says in each language that is offered, by the language's code."""
    from booth.ui.languages import LANGUAGES

    settings = premises.settings
    codes = dict.fromkeys((settings.screen.language, *settings.screen.languages))
    texts = settings.texts
    said = (settings.event.name, texts.headline, texts.subline, texts.call, texts.thanks, texts.take_home)
    return {
        code: "".join((LANGUAGES[code], *said, *(each.read(code) for each in settings.form.asked))) for code in codes
    }


CHECKS = (Check("fonts", fonts),)
