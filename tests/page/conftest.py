"""What a guest's page is made of, for all who look at one."""

from datetime import date

import pytest

from booth.page.html import GuestPage, Keepsake
from booth.page.looks import look_of
from booth.page.said import said_in
from booth.ports import Size
from booth.ui import theme
from booth.ui.languages import LANGUAGES, words_in


@pytest.fixture
def make_page():
    """Make pages of a visit with a GIF and a clip, whose links begin with *at*; what is changed is given by name."""

    def made(at="https://s3.example.com/booth", languages=tuple(LANGUAGES), worn="pink", **changes):
        values = {
            "event": "Ball <2026> & friends",
            "picture": Keepsake("image/gif", f"{at}/a/visit.gif?X-Amz-Date=1&X-Amz-Signature=2", "ball.gif"),
            "others": (Keepsake("video/mp4", f"{at}/a/visit.mp4?X-Amz-Date=1&X-Amz-Signature=3", "ball.mp4"),),
            "size": Size(320, 240),
            "said": tuple(said_in(code, words_in(code)) for code in languages),
            "look": look_of(theme.named(worn)),
            "responsible": "Example Events Ltd., privacy@example.org",
            "deleted": date(2026, 12, 23),
            "until": date(2026, 11, 29),
        }
        return GuestPage(**{**values, **changes})

    return made
