"""Settings that are right by themselves: which of them cannot be together, and which will disappoint their owner."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from booth import stills
from booth.drivers.header import gpio_of
from booth.hosts import in_clear, numeric
from booth.imaging import recipe
from booth.imaging.settings import SMALLEST
from booth.outbox import keys
from booth.outbox.details import DETAILS
from booth.ports import Size
from booth.section import written
from booth.settings import asking, previews
from booth.settings.model import Settings
from booth.settings.sources import BUILT_IN
from booth.ui import theme
from booth.ui.languages import LANGUAGES
from booth.units import Pixels

SHUTTER_ROOM = 2.0
"""Seconds from the camera's own time-out to the booth's giving up on the frame: time for the disk."""

_MAKERS = ("animation.width", "animation.height", "countdown.shots", "camera.size", "animation.overlay", "layout.file")
"""What decides how much memory an animation takes while it is made."""


def contradictions(settings: Settings, origins: Mapping[str, str], wrong: Iterable[str]) -> list[str]:
    """Return what is wrong with settings that are right by themselves and not together; but for those that are *wrong*.

    *origins* says where those are from that are not built-in.
    """
    spoilt = set(wrong)

    def named(keys: Iterable[str]) -> str:
        return " and ".join(dict.fromkeys(f"{origins.get(key, BUILT_IN)}: {key}" for key in keys))

    mistakes = [
        f"{named(rule.keys)}: {complaint}"
        for rule in _RULES
        if not spoilt & {*rule.keys, *rule.beside} and (complaint := rule.broken(settings))
    ]
    if not spoilt & set(_MAKERS) and (complaint := too_large(settings, Size(*map(Pixels, settings.camera.size)))):
        mistakes.append(f"{named([key for key in _MAKERS if key in origins] or _MAKERS[:2])}: {complaint}")
    return [*mistakes, *(f"{named(keys)}: {complaint}" for keys, complaint in _unreadable(settings, spoilt))]


def _one_pin(settings: Settings) -> str | None:
    button, led = settings.button.pin, settings.led.pin
    if gpio_of(button) != gpio_of(led):
        return None
    same = button if button == led else f"{button} and {led}, the same pin"
    return f"both are {same}: give one of them another, and wire it so"


def _preview(settings: Settings) -> str | None:
    camera = settings.camera
    size, preview = (Size(*map(Pixels, pair)) for pair in (camera.size, camera.preview_size))
    return previews.complaint(size, preview, chosen="preview_size" in camera.model_fields_set)


def _early_shutter(settings: Settings) -> str | None:
    shutter, least = settings.countdown.shutter_timeout_s, settings.camera.timeout_s + SHUTTER_ROOM
    if shutter >= least:
        return None
    return (
        f"expected a shutter_timeout_s of at least {least:g} s, not {shutter:g} s: a frame that the camera may still "
        "deliver, and the disk has to take, must not be given up; make shutter_timeout_s larger or timeout_s smaller"
    )


def _bucket_before_a_number(settings: Settings) -> str | None:
    if settings.zenko.addressing != "virtual" or not numeric(settings.zenko.endpoint_url):
        return None
    return (
        "the bucket's name cannot stand before a number: give the server's name in endpoint_url, or set addressing to "
        '"path"'
    )


def _bucket_in_the_address(settings: Settings) -> str | None:
    """Refuse an address that has the bucket's name in it already: animations would be stored under a key with it.

    Nothing else would tell: servers take the bucket from such a host, and say that all is well. With "virtual" it is
    left alone: there a name too many leads to no server, which is told at the first upload.
    """
    endpoint, bucket = settings.zenko.endpoint_url, settings.zenko.bucket
    parts = urlsplit(endpoint)
    host = (parts.hostname or "").rstrip(".")
    server = host.removeprefix(f"{bucket}.")
    own_name = "." not in server and server != "localhost"  # booth.local is a machine that is called booth
    if settings.zenko.addressing != "path" or server == host or numeric(endpoint) or own_name:
        return None
    port = "" if parts.port is None else f":{parts.port}"
    return (
        f"{written(bucket)} is in the address already, and animations would be stored under a wrong key: write "
        f"endpoint_url = {written(f'{parts.scheme}://{server}{port}')}; a server that wants the bucket's name in the "
        'host needs addressing = "virtual" as well, and one that is really called so a bucket of another name'
    )


def _language_of_nobody(settings: Settings) -> str | None:
    screen = settings.screen
    if screen.language in (screen.languages or LANGUAGES):
        return None
    return (
        f"{written(screen.language)} is not among the languages that guests may choose from, "
        f"{written(screen.languages)}: add it there, or make language one of them"
    )


def _silent_consent(settings: Settings) -> str | None:
    return asking.silent(settings, settings.form.consent_text)


def _one_way_to_ask(settings: Settings) -> str | None:
    if not settings.form.consents or not settings.form.consent_text:
        return None
    return "guests are asked in one way: what is in consent_text is a consent with the purpose show: move it there"


def _silent_purpose(settings: Settings) -> str | None:
    return asking.silent(settings, settings.form.email_purpose)


def _late_warning(settings: Settings) -> str | None:
    form = settings.form
    if form.warning_s < form.idle_s:
        return None
    return (
        f"expected a warning of less than {form.idle_s:g} s, not {form.warning_s:g} s: "
        "make warning_s smaller or idle_s larger"
    )


def _two_links(settings: Settings) -> str | None:
    if not settings.share.url_template or not settings.share.presigned_days:
        return None
    return "expected one of them, not both: a code leads to one place; set url_template to empty or presigned_days to 0"


def _two_overlays(settings: Settings) -> str | None:
    if not settings.animation.overlay or not settings.layout.file:
        return None
    return (
        "expected one of them, not both: a picture over each frame can be the layout's own, as file in its [artwork]; "
        "set overlay to empty"
    )


def _page_without_links(settings: Settings) -> str | None:
    if not settings.page.enabled or settings.share.presigned_days:
        return None
    return (
        "a guest's page is opened by a signed link, and has signed links in it: say in presigned_days how long these "
        "last, or set enabled to false"
    )


def _long_details(settings: Settings) -> str | None:
    if not settings.share.linked:
        return None
    try:
        keys.unique(keys.sibling(settings.zenko.key_template, DETAILS.ending))
    except ValueError:
        return (
            f"the details of a guest who is shown a link lie beside the animation, and their key ends with "
            f"{DETAILS.ending}, which makes it longer than {keys.LONGEST} bytes: shorten it"
        )
    return None


@dataclass(frozen=True)
class _Rule:
    """What must hold of some settings together."""

    keys: tuple[str, ...]
    """Keys that are named if it does not."""
    broken: Callable[[Settings], str | None]
    """Says what is wrong, if anything is."""
    beside: tuple[str, ...] = ()
    """Others that must be right by themselves before it can be judged."""


_RULES = (
    _Rule(("button.pin", "led.pin"), _one_pin),
    _Rule(("camera.preview_size", "camera.size"), _preview),
    _Rule(("countdown.shutter_timeout_s", "camera.timeout_s"), _early_shutter),
    _Rule(("zenko.addressing", "zenko.endpoint_url"), _bucket_before_a_number),
    _Rule(("zenko.endpoint_url", "zenko.bucket"), _bucket_in_the_address, beside=("zenko.addressing",)),
    _Rule(("screen.language", "screen.languages"), _language_of_nobody),
    _Rule(("form.consent_text", "screen.languages"), _silent_consent, beside=("screen.language",)),
    _Rule(("form.consents", "form.consent_text"), _one_way_to_ask),
    _Rule(("form.consents", "screen.languages"), asking.silent_consents, beside=("screen.language",)),
    _Rule(("form.consents", "event.name"), asking.heavy_consents, beside=("event.others", "booth.name")),
    _Rule(("form.questions", "screen.languages"), asking.silent_questions, beside=("screen.language",)),
    _Rule(
        ("form.questions", "event.name"),
        asking.heavy_questions,
        beside=("event.others", "booth.name", "form.consents"),
    ),
    _Rule(("form.email_purpose", "screen.languages"), _silent_purpose, beside=("screen.language",)),
    _Rule(("form.warning_s", "form.idle_s"), _late_warning),
    _Rule(("share.url_template", "share.presigned_days"), _two_links),
    _Rule(("animation.overlay", "layout.file"), _two_overlays),
    _Rule(("page.enabled", "share.presigned_days"), _page_without_links, beside=("share.url_template",)),
    _Rule(("zenko.key_template",), _long_details, beside=("share.url_template", "share.presigned_days")),
)


def _unreadable(settings: Settings, spoilt: set[str]) -> Iterator[tuple[list[str], str]]:
    """Yield which colours cannot be read in the theme, and why."""
    roles = {role: f"theme.{role}" for role in theme.ROLES}
    if not spoilt & {"theme.name", *roles.values()}:
        own = {role: getattr(settings.theme, role) for role in roles}
        for blamed, complaint in theme.complaints_about(theme.named(settings.theme.name), own):
            yield [roles[role] for role in blamed], complaint


def too_large(settings: Settings, frame: Size) -> str | None:
    """Return why no animation can be made of frames of this size, and of what size one could be; None if one can."""
    animation, shots = settings.animation, settings.countdown.shots
    try:
        overlay = stills.read(Path(animation.overlay), ("png",)).size if animation.overlay else None
    except ValueError:
        return None  # told already, or gone since
    if settings.layout.file:
        overlay = Size(Pixels(animation.width), Pixels(animation.height))

    def fits(width: int, height: int) -> bool:
        return recipe.room(Size(Pixels(width), Pixels(height)), frame, shots, overlay) <= recipe.ROOM

    if fits(animation.width, animation.height):
        return None
    smaller = (
        (animation.width * part // 40 // 2 * 2, animation.height * part // 40 // 2 * 2) for part in range(39, 0, -1)
    )
    would_do = next(((w, h) for w, h in smaller if min(w, h) >= SMALLEST and fits(w, h)), None)
    advice = (
        f"animation.width = {would_do[0]} and animation.height = {would_do[1]} would do"
        if would_do
        else "take a camera.size of a shape more like the animation's, or a smaller overlay"
    )
    return (
        f"an animation of {animation.width}x{animation.height} pixels, of {shots} frames from a camera of "
        f"{frame.width}x{frame.height}, needs more memory than there is for it: {advice}"
    )


def doubts(settings: Settings, hidden: Sequence[Path]) -> Iterator[str]:
    """Yield what will not stop the booth, but will disappoint its owner."""
    # Not a mistake: the keys may be credentials, which only the service gets to see.
    zenko = settings.zenko
    missing = [
        f"zenko.{key}"
        for key, value in (("access_key_id", zenko.access_key_id), ("secret_access_key", zenko.secret_access_key))
        if not value.get_secret_value()
    ]
    if zenko.endpoint_url and missing:
        verb = "are" if len(missing) > 1 else "is"
        if hidden:
            places = " and ".join(dict.fromkeys(map(str, hidden)))
            yield (
                f"{' and '.join(missing)} {verb} empty as far as you may see, but {places} can be read by root alone, "
                "and the service gets its keys from there: say sudo to know"
            )
        else:
            yield f"zenko.endpoint_url is set, but {' and '.join(missing)} {verb} empty: nothing is sent until then"
    if in_clear(zenko.endpoint_url):
        yield (
            "zenko.endpoint_url begins with http://: guests' names, addresses and pictures can be read by everybody on "
            "the way to it; use https:// unless that network is your own"
        )
    if settings.attract.latest and settings.form.consents and not settings.form.asks_to_show:
        yield (
            f"attract.latest is {settings.attract.latest}, but none of form.consents has the purpose show: no guest "
            "can agree, so the invitation shows nobody's pictures; ask for that, or set attract.latest to 0"
        )
    elif settings.attract.latest and not settings.form.asks_to_show:
        yield (
            f"attract.latest is {settings.attract.latest}, but form.consent_text is empty: no guest can agree, so the "
            "invitation shows nobody's pictures; write what they agree to, or set attract.latest to 0"
        )
