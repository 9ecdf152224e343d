"""What an owner has chosen, as each room takes it."""

from booth.choices import rules_of
from booth.core.form import Complaint
from booth.core.rules import Rules
from booth.imaging.settings import AnimationSection
from booth.settings.model import Settings
from booth.settings.visit import CountdownSection, FarewellSection
from booth.simulation import FAST, hurried
from booth.ui.settings import FormSection


class TestRules:
    def test_the_built_in_settings_are_the_machines_own_rules(self):
        """A booth without a file plays by what the machine documents; the judge is the library's."""
        rules, own = rules_of(Settings()), Rules()
        same = ("shots", "get_ready", "countdown", "shutter", "form_idle", "form_warning", "name_required",
                "email_required", "consent_asked")  # fmt: skip
        assert {name: getattr(own, name) for name in same} == {name: getattr(rules, name) for name in same}
        assert Complaint.EMAIL_NO_AT is rules.judge("zoe")

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
            assert rules_of(Settings(form=FormSection(consent_text=text))).consent_asked

    def test_fast_shortens_posing_and_nothing_a_guest_needs(self):
        """The form has its time; the shutter has its."""
        fast, usual = hurried(rules_of(Settings())), rules_of(Settings())
        assert (usual.form_idle, usual.shutter) == (fast.form_idle, fast.shutter)
        assert {name: getattr(fast, name) for name in FAST} == FAST
