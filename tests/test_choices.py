"""What an owner has chosen, as each room takes it."""

from pathlib import Path

from booth.branding.settings import LayoutSection
from booth.choices import layout_of, outputs_of, recipe_of, rules_of, targets_of
from booth.core.form import Complaint
from booth.core.rules import Rules
from booth.core.visit import SHOWN
from booth.imaging.clip import ClipSection
from booth.imaging.settings import AnimationSection
from booth.imaging.strip import StripSection as StripPaper
from booth.ports import Bench, Kind, Output, Target
from booth.section import ProductSection, TargetSection, setting
from booth.settings.model import Settings
from booth.settings.visit import CountdownSection, FarewellSection
from booth.simulation import FAST, hurried
from booth.ui.settings import FormSection
from booth.units import Seconds


class TestRules:
    def test_the_built_in_settings_are_the_machines_own_rules(self):
        """A booth without a file plays by what the machine documents; the judge is the library's."""
        rules, own = rules_of(Settings()), Rules()
        same = ("shots", "get_ready", "countdown", "shutter", "form_idle", "form_warning", "name_required",
                "email_required", "consents")  # fmt: skip
        assert {name: getattr(own, name) for name in same} == {name: getattr(rules, name) for name in same}
        assert Complaint.EMAIL_NO_AT is rules.judge("zoe")

    def test_the_farewell_lasts_for_the_way_back_too(self):
        """Four frames there and back are six pictures."""
        chosen = Settings(
            farewell=FarewellSection(plays=4, minimum_s=2.0), animation=AnimationSection(delay_s=0.5, mode="boomerang")
        )
        assert 12.0 == rules_of(chosen).farewell

    def test_the_farewell_plays_the_animation_as_often_as_asked(self):
        """And never ends before there was time to read."""
        settings = Settings(
            countdown=CountdownSection(shots=6),
            animation=AnimationSection(delay_s=1.0),
            farewell=FarewellSection(plays=3),
        )
        assert 18.0 == rules_of(settings).farewell
        short = Settings(farewell=FarewellSection(plays=1, minimum_s=9.0), animation=AnimationSection(delay_s=0.1))
        assert 9.0 == rules_of(short).farewell

    def test_a_consent_text_makes_a_box(self):
        """Without one nobody is asked."""
        for text in ("You may show it.", {"en": "You may show it.", "de": "Ihr dürft es zeigen."}):
            assert (SHOWN,) == rules_of(Settings(form=FormSection(consent_text=text))).consents

    def test_fast_shortens_posing_and_nothing_a_guest_needs(self):
        """The form has its time; the shutter has its."""
        fast, usual = hurried(rules_of(Settings())), rules_of(Settings())
        assert (usual.form_idle, usual.shutter) == (fast.form_idle, fast.shutter)
        assert {name: getattr(fast, name) for name in FAST} == FAST


BENCH = Bench(Path("scratch"), recipe_of(Settings()), 4)


class StripSection(ProductSection):
    """A strip, as an owner may want one."""

    file: str = setting("", "The strip's name; empty: none.")

    def output(self, bench):
        return Output(Kind(self.file, "image/jpeg", f"-{self.file}"), lambda frames: b"") if self.file else None


class AtticSection(TargetSection):
    """An attic, as an owner may have one."""

    name: str = setting("", "The attic's name; empty: none.")

    def target(self):
        return Target(self.name, lambda: None, Seconds(1.0)) if self.name else None


class MoreSettings(Settings):
    """Settings of a booth that makes and sends more."""

    strip: StripSection = StripSection()
    attic: AtticSection = AtticSection()
    page: StripSection = StripSection()
    cellar: AtticSection = AtticSection()


class TestTheLayout:
    def test_it_is_drawn_for_each_product_that_is_made_in_its_size(self):
        """A clip is even-sided and no longer than 1280 pixels; a strip is as large as its paper, on 4x6 too."""
        animation = AnimationSection(width=1441, height=1081)
        for wanted, sizes in (
            ({}, {}),
            ({"clip": ClipSection(enabled=True)}, {"clip": (1280, 960)}),
            ({"strip": StripPaper(enabled=True, paper="4x6")}, {"strip": (600, 1800)}),
        ):
            order = layout_of(Settings(layout=LayoutSection(file="plain"), animation=animation, **wanted))
            assert {"animation": (1441, 1081), **sizes} == order.sizes


class TestProductsAndTargets:
    def test_as_the_booth_is_there_are_no_others(self):
        """One animation, for one bucket."""
        assert ((), ()) == (outputs_of(Settings(), BENCH), targets_of(Settings()))

    def test_what_no_owner_wants_is_not_there(self):
        """A section may say that it makes nothing, and that it leads nowhere."""
        assert ((), ()) == (outputs_of(MoreSettings(), BENCH), targets_of(MoreSettings()))

    def test_each_section_says_what_it_makes_and_where_it_leads(self):
        """In the order of the sections."""
        settings = MoreSettings(
            strip=StripSection(file="strip.jpg"), attic=AtticSection(name="attic"), page=StripSection(file="page.jpg"),
            cellar=AtticSection(name="cellar"),
        )  # fmt: skip
        assert ["strip.jpg", "page.jpg"] == [output.kind.file for output in outputs_of(settings, BENCH)]
        assert ["attic", "cellar"] == [target.name for target in targets_of(settings)]
