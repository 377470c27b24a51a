"""Fields as browsers draw them."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day by the browser's own calendar, which takes and shows nothing but 2026-12-31, whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
