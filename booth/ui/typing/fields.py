"""The fields of a form as they are typed into: what of each text can be seen, and which place in it a finger means."""

from collections.abc import Mapping

from booth.core.form import Field, Form, Line
from booth.ui.layout import Box, Layout
from booth.ui.text.fonts import Fonts, Weight
from booth.ui.text.lines import View, view

SIZE = 24
"""Steps of the grid: the type of what is typed."""

CARET = 4
"""Steps of the grid that are kept for the caret."""


class Fields:
    """Scrolls each field's text so that its caret can be seen. *fonts* measure what is written."""

    def __init__(self, layout: Layout, fonts: Fonts) -> None:
        self._layout = layout
        self._fonts = fonts
        self._rows: Mapping[Field, Box] = {}
        self._lines: dict[Field, Line] = {}
        self._views = dict.fromkeys(Field, View())

    @property
    def views(self) -> Mapping[Field, View]:
        """What of each line can be seen."""
        return dict(self._views)

    def line(self, field: Field) -> Line:
        """Return what is in a *field*."""
        return self._lines.get(field, Line())

    def watch(self, form: Form, rows: Mapping[Field, Box]) -> None:
        """See to it that the caret of *form* can be seen in its row; a field without it shows its beginning."""
        self._rows = rows
        for field, entered in ((Field.NAME, form.name), (Field.EMAIL, form.email), (Field.ANSWER, form.answer)):
            if field not in rows:
                continue
            line = entered if field is form.focus else Line(entered.text, 0)
            if self._lines.get(field) != line:
                self._lines[field] = line
                room = rows[field].width - self._layout.px(CARET)
                self._views[field] = view(line.text, line.caret, room, self.wide, self._views[field].first)

    def forget(self) -> None:
        """Let go of what a guest has typed."""
        self._lines.clear()

    def place(self, field: Field, x: int) -> int | None:
        """Return the place in a field's text that a finger at *x* means; None for the end."""
        text = self.line(field).text
        shown = self._views[field]
        text_shown = text[shown.first : shown.last]
        along = x - self._rows[field].x
        place = shown.first + self._fonts.index_at(text_shown, along, Weight.BOLD, self._layout.px(SIZE))
        return place if place < len(text) else None

    def wide(self, text: str) -> int:
        """Return how many pixels wide *text* is in a field."""
        return self._fonts.width(text, Weight.BOLD, self._layout.px(SIZE))
