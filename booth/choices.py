"""What an owner has chosen, as each room takes it: the settings become values, and nothing is opened."""

from dataclasses import replace
from pathlib import Path

from booth.branding.artist import Commission
from booth.core.rules import Rules
from booth.drivers import addresses
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.cameras import CameraOptions
from booth.drivers.gpio import PinOptions
from booth.drivers.tuning import Tuning
from booth.imaging import clip, strip
from booth.imaging.effects import Effect
from booth.imaging.recipe import Recipe
from booth.ports import Bench, Output, Size, Target
from booth.section import ProductSection, TargetSection
from booth.settings.model import Settings
from booth.ui import questions, theme
from booth.ui.drawing import brand
from booth.ui.dress import Dress, colours, with_accessibility, with_screen
from booth.ui.layout import Housing, Side
from booth.ui.typing.keymaps import KEYMAPS
from booth.ui.words import Texts
from booth.units import Pixels, Seconds

FINER_WITHIN = 2.0
"""Seconds that gm may take to reduce a plain frame finely, if the countdown is no shorter."""


def rules_of(settings: Settings) -> Rules:
    """Return the numbers that the machine plays by."""
    animation, farewell, form = settings.animation, settings.farewell, settings.form
    played = farewell.plays * recipe_of(settings).pictures(settings.countdown.shots) * animation.delay_s
    return Rules(
        shots=settings.countdown.shots,
        get_ready=Seconds(settings.countdown.get_ready_s),
        countdown=Seconds(settings.countdown.seconds),
        shutter=Seconds(settings.countdown.shutter_timeout_s),
        form_idle=Seconds(form.idle_s),
        form_warning=Seconds(form.warning_s),
        finishing=Seconds(animation.deadline_s),
        farewell=Seconds(max(played, farewell.minimum_s)),
        share=Seconds(settings.share.shown_s),
        apology=Seconds(settings.apology.seconds),
        name_required=form.name_required,
        email_required=form.email_required,
        consents=tuple(each.consent for each in form.asked),
        questions=questions.asked(form.questions),
        sites=tuple(settings.zenko.sites),
        judge=addresses.judge(),
    )


def spoken_in(settings: Settings) -> tuple[str, ...]:
    """Return the codes of the languages that guests may come to read, the usual one first."""
    return tuple(dict.fromkeys((settings.screen.language, *settings.screen.languages)))


def wordings_of(settings: Settings) -> dict[tuple[str, str], str]:
    """Return what guests read of each consent, by its id and the language's code, those of the usual language first."""
    return {(each.consent.id, code): each.read(code) for code in spoken_in(settings) for each in settings.form.asked}


def recipe_of(settings: Settings) -> Recipe:
    """Return what is made of the frames."""
    animation = settings.animation
    return Recipe(
        Size(Pixels(animation.width), Pixels(animation.height)),
        Seconds(animation.delay_s),
        animation.loops,
        Path(animation.overlay) if animation.overlay else None,
        boomerang=animation.mode == "boomerang",
        effect=Effect(animation.effect),
        shots=settings.countdown.shots,
        most=1000 * animation.max_kb,
        finer_within=Seconds(min(settings.countdown.seconds, FINER_WITHIN)),
    )


def layout_of(settings: Settings) -> Commission | None:
    """Return what is laid over what guests take home; None if the owner wants nothing there."""
    if not settings.layout.file:
        return None
    animation = settings.animation
    return Commission(
        settings.layout.file,
        settings.event.name,
        {"animation": (animation.width, animation.height), **_others(settings)},
        logo=settings.theme.logo,
        titles=settings.theme.font,
    )


def _others(settings: Settings) -> dict[str, tuple[int, int]]:
    """Return the sizes of the products beside the animation that are made, by their names in a layout."""
    animation = settings.animation
    sizes: dict[str, tuple[int, int]] = {}
    if settings.clip.enabled:
        filmed = clip.size_of(Size(Pixels(animation.width), Pixels(animation.height)))
        sizes["clip"] = (filmed.width, filmed.height)
    if settings.strip.enabled:
        sizes["strip"] = (strip.PAPER.width, strip.PAPER.height)
    return sizes


def camera_of(settings: Settings) -> CameraOptions:
    """Return what is asked of the camera."""
    camera = settings.camera
    return CameraOptions(
        driver=camera.driver,
        device=camera.device,
        size=_size(camera.size),
        preview_room=_size(camera.preview_size),
        flip=camera.flip,
        mirror=camera.mirror,
        rotation=camera.rotation,
        quality=camera.quality,
        timeout=Seconds(camera.timeout_s),
        tuning=Tuning(
            focus=None if camera.focus == "auto" else camera.focus,
            exposure=camera.exposure,
            awb=camera.awb,
            gain=None if camera.gain == "auto" else camera.gain,
        ),
        enough=Size(Pixels(settings.animation.width), Pixels(settings.animation.height)),
    )


def pins_of(settings: Settings) -> PinOptions:
    """Return where button and LED are, and how they are wired."""
    return PinOptions(
        factory=settings.pins.factory,
        button=settings.button.pin,
        debounce=Seconds(settings.button.debounce_s),
        button_high=settings.button.active_high,
        led=settings.led.pin,
        led_high=settings.led.active_high,
    )


def bucket_of(settings: Settings) -> BucketOptions:
    """Return where the bucket is, and how it is spoken to."""
    zenko = settings.zenko
    return BucketOptions(
        endpoint_url=zenko.endpoint_url,
        bucket=zenko.bucket,
        region=zenko.region,
        access_key_id=zenko.access_key_id.get_secret_value(),
        secret_access_key=zenko.secret_access_key.get_secret_value(),
        addressing=zenko.addressing,
        ca_bundle=zenko.ca_bundle,
        connect_timeout=Seconds(zenko.connect_timeout_s),
        read_timeout=Seconds(zenko.read_timeout_s),
    )


def targets_of(settings: Settings) -> tuple[Target, ...]:
    """Return where each visit goes beside the bucket, in the order of the sections: no section has a place, as yet."""
    sections = [section for _, section in settings if isinstance(section, TargetSection)]
    return tuple(target for section in sections if (target := section.target()) is not None)


def outputs_of(settings: Settings, bench: Bench) -> tuple[Output, ...]:
    """Return what is made of each visit beside the animation, in the order of the sections, on the *bench*."""
    sections = [section for _, section in settings if isinstance(section, ProductSection)]
    return tuple(output for section in sections if (output := section.output(bench)) is not None)


def screen_size_of(settings: Settings) -> Size:
    """Return the size that the settings give the screen: what it really has, the display says."""
    return _size(settings.screen.size)


def plain_dress_of(settings: Settings, size: Size) -> Dress:
    """Return what a screen of *size* wears on which an owner reads something: nothing that has to be read from a file.

    Raises `ConfigError` if something cannot be read in the colours.
    """
    screen = settings.screen
    dress = Dress(
        size,
        fullscreen=screen.fullscreen,
        rotation=screen.rotation,
        title=settings.event.name,
        theme=colours_of(settings),
        language=screen.language,
    )
    return with_accessibility(dress, settings.accessibility)


def dress_of(settings: Settings, size: Size) -> Dress:
    """Return what a screen of *size* wears for guests. Reads pictures and a font: slow.

    Raises `ConfigError` if something cannot be read in the colours, or a file cannot be used.
    """
    plain = with_screen(plain_dress_of(settings, size), settings.screen)
    return replace(
        plain,
        consent_text=settings.form.consent_text,
        consents={
            each.consent.id: {code: each.read(code) for code in spoken_in(settings)}
            for each in settings.form.asked
            if settings.form.consents
        },
        questions={
            name: {code: text if isinstance(text, str) else text[code] for code in spoken_in(settings)}
            for name, text in questions.wordings(settings.form.questions)
        },
        email_purpose=settings.form.email_purpose,
        brand=brand_of(settings, plain.theme, size),
        texts=Texts(
            headline=settings.texts.headline,
            subline=settings.texts.subline,
            call=settings.texts.call,
            thanks=settings.texts.thanks,
            take_home=settings.texts.take_home,
        ),
        scripts=settings.form.scripts,
        domains=settings.form.domains,
        keymap=KEYMAPS.get(settings.keyboard.layout),
        housing=Housing(Side(settings.camera.lens), Side(settings.button.side)),
        animation=Size(Pixels(settings.animation.width), Pixels(settings.animation.height)),
        rest_after=Seconds(60.0 * settings.attract.rest_after_min),
        key_clicks=settings.sound.key_clicks,
        clouds=settings.zenko.sites,
    )


def colours_of(settings: Settings) -> theme.Theme:
    """Return the colours that the screen wears. Raises `ConfigError` if something cannot be read in them."""
    own = {role: getattr(settings.theme, role) for role in theme.ROLES}
    return colours(settings.theme.name, own, high_contrast=settings.accessibility.high_contrast)


def brand_of(settings: Settings, worn: theme.Theme, size: Size) -> brand.Brand:
    """Return the pictures and the font of the event. Raises `ConfigError` if a file cannot be used."""
    own = settings.theme
    # High contrast is for those who cannot read over pictures.
    background = "" if settings.accessibility.high_contrast else own.background
    return brand.load(size, worn, logo=own.logo, background=background, font=own.font)


def _size(pair: tuple[int, int]) -> Size:
    return Size(Pixels(pair[0]), Pixels(pair[1]))
