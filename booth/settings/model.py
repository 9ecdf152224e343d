"""All sections of the settings, in the order in which the file has them."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from booth.branding.settings import LayoutSection
from booth.drivers.settings import ButtonSection, CameraSection, LedSection, PinsSection
from booth.imaging.clip import ClipSection
from booth.imaging.settings import AnimationSection
from booth.imaging.strip import StripSection
from booth.outbox.settings import OutboxSection, PageSection, ShareSection, ZenkoSection
from booth.settings.visit import (
    ApologySection,
    BoothSection,
    CountdownSection,
    EventSection,
    FarewellSection,
    LogSection,
)
from booth.ui.dress import AccessibilitySection, ScreenSection
from booth.ui.settings import (
    AttractSection,
    FormSection,
    KeyboardSection,
    SoundSection,
    TextsSection,
    ThemeSection,
)


class Settings(BaseSettings):
    """Every setting of the booth. ``Settings()`` is the built-in values; `booth.settings.loading` has all others."""

    # Decoding is off because the library's stops at the first value that is not JSON; `sources` reads all of them.
    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        enable_decoding=False,
        env_prefix="",
        env_nested_delimiter="__",
    )

    event: EventSection = EventSection()
    booth: BoothSection = BoothSection()
    button: ButtonSection = ButtonSection()
    led: LedSection = LedSection()
    pins: PinsSection = PinsSection()
    camera: CameraSection = CameraSection()
    attract: AttractSection = AttractSection()
    countdown: CountdownSection = CountdownSection()
    animation: AnimationSection = AnimationSection()
    layout: LayoutSection = LayoutSection()
    clip: ClipSection = ClipSection()
    strip: StripSection = StripSection()
    form: FormSection = FormSection()
    farewell: FarewellSection = FarewellSection()
    share: ShareSection = ShareSection()
    page: PageSection = PageSection()
    apology: ApologySection = ApologySection()
    outbox: OutboxSection = OutboxSection()
    zenko: ZenkoSection = ZenkoSection()
    screen: ScreenSection = ScreenSection()
    keyboard: KeyboardSection = KeyboardSection()
    theme: ThemeSection = ThemeSection()
    texts: TextsSection = TextsSection()
    accessibility: AccessibilitySection = AccessibilitySection()
    sound: SoundSection = SoundSection()
    log: LogSection = LogSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library calls with these
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is passed and look nowhere else: whoever reads each place must know where a value is from."""
        return (init_settings,)


@cache
def sections() -> Mapping[str, type[BaseModel]]:
    """Return every section by its name, in the order in which they are written down."""
    return MappingProxyType({name: type(info.default) for name, info in Settings.model_fields.items()})


@cache
def fields() -> Mapping[str, FieldInfo]:
    """Return every setting by its dotted key, in the order in which they are written down."""
    return MappingProxyType(
        {
            f"{section}.{name}": info
            for section, model in sections().items()
            for name, info in model.model_fields.items()
        }
    )


def is_secret(dotted: str) -> bool:
    """Return whether the value of a setting is for nobody's eyes."""
    return fields()[dotted].annotation is SecretStr


def value_of(settings: Settings, dotted: str) -> object:
    """Return the value of a setting."""
    section, _, key = dotted.partition(".")
    return getattr(getattr(settings, section), key)
