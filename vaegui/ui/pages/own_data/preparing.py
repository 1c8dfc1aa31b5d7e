"""What will be done with the values before the model sees them: forms from the declarations."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot

from vaegui.data.own.own import OwnData
from vaegui.declared import Declared
from vaegui.session.data_worker import Found
from vaegui.training.settings.settings import Settings
from vaegui.ui.forms import Form
from vaegui.ui.pages.own_data.declared_parts import declared_part
from vaegui.ui.pages.own_data.section import PAGE, Section
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.ui.theme.theme import Theme

__all__ = ["Preparing"]

_OF_SETTINGS = ("rescale",)
_OF_DATA = ("missing", "binarise", "left_out")
_WIDEST = 680
"""Pixels: a list of three words need not go across the page."""
Preparation = declared_part("Preparation", Settings, *_OF_SETTINGS, OwnData, *_OF_DATA)


class Preparing(Section):
    """Scale, missing values, binarising, and what is left out."""

    def __init__(self, recipe: DataRecipe, theme: Theme) -> None:
        super().__init__(
            "preparing",
            "What will be done with it",
            "All of it can be undone: whatever the program shows later is in the data's own units.",
            recipe,
            theme,
        )
        self._form = Form(Preparation(), parent=self)
        self._form.setObjectName(f"{PAGE}.preparing.form")
        self._form.committed.connect(self._on_form)
        self._form.setMaximumWidth(_WIDEST)
        self.column.addWidget(self._form)

    def show_found(self, found: Found) -> None:
        """Show what is set."""
        settings, data = found.settings, self.recipe.data
        values = {name: getattr(settings, name) for name in _OF_SETTINGS}
        value = Preparation(**values, **{name: getattr(data, name) for name in _OF_DATA})
        if self._form.value != value:
            self._form.set_value(value)

    @Slot()
    def _on_form(self) -> None:
        value, settings, data = self._form.value, self.recipe.settings, self.recipe.data
        if value is None or settings is None or data is None:
            return
        changed = {
            **dict(_differing("", value, settings, _OF_SETTINGS)),
            **dict(_differing("data.", value, data, _OF_DATA)),
        }
        if changed:
            self.recipe.change(changed, "What will be done")


def _differing(
    prefix: str, value: Declared, old: Declared, names: tuple[str, ...]
) -> list[tuple[str, Any]]:
    return [
        (f"{prefix}{name}", _plain(getattr(value, name)))
        for name in names
        if getattr(value, name) != getattr(old, name)
    ]


def _plain(value: Any) -> Any:
    return value.model_dump() if isinstance(value, Declared) else value
