"""The foot of the page: how far reading is, and what can be done with the data."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton

from vaegui.training.settings.size import size_of
from vaegui.ui.forms.controls import ElidingLabel
from vaegui.ui.forms.form_field import tip
from vaegui.ui.pages.own_data.section import PAGE, button
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.wording.duration import duration

__all__ = ["Foot"]

_WHOLE = 1000
READY = "Ready to train."
UNCHECKED = "The data were not checked."


class Foot(QFrame):
    """Always in sight."""

    use_wanted = Signal()
    train_wanted = Signal()

    def __init__(self, recipe: DataRecipe) -> None:
        super().__init__()
        self._recipe = recipe
        self.setObjectName(f"{PAGE}.foot")
        self.setProperty("foot", True)
        self._said = ElidingLabel(self)
        self._said.setObjectName(f"{PAGE}.said")
        self._bar = QProgressBar(self)
        self._bar.setObjectName(f"{PAGE}.progress")
        self._bar.setAccessibleName("Progress of reading")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._cancel = button(
            "cancel", "Cancel", "Give up reading; what was there before stays.", recipe.cancel
        )
        self._all = button(
            "take_all",
            "Take all remedies and advice",
            "Mend every problem that can be mended and take every advice. Can be undone.",
            recipe.take_all,
        )
        self._use = button(
            "use",
            "Use these data",
            "Put these data and their settings into Setup, to change more there before training.",
            self.use_wanted.emit,
        )
        self._train = button("train", "Train", "", self.train_wanted.emit)
        self._train.setProperty("primary", True)
        self.setFocusProxy(self._train)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 24, 8)
        row.setSpacing(10)
        row.addWidget(self._said, 1)
        for widget in (self._bar, self._cancel, self._all, self._use, self._train):
            row.addWidget(widget)
        self.refresh()

    def refresh(self) -> None:
        """Show how far it is, and offer what can be done now."""
        recipe, found = self._recipe, self._recipe.found
        busy, there = recipe.busy, found is not None
        why_not = self._why_not()
        self.setVisible(busy or there)
        if busy:
            self._show_progress()
        else:
            self._said.setText(why_not or (READY if self._is_checked else UNCHECKED))
            self._train.setToolTip(tip(why_not or "Train a new model on these data."))
        check = found.check if found else None
        offered = {
            self._cancel: busy,
            self._use: there and not busy,
            self._train: there and not busy and not why_not,
            self._all: there and not busy and (check is None or bool(check.fixes)),
        }
        self._keep_keyboard(offered)
        for widget, on in offered.items():
            widget.setEnabled(on)
        self._bar.setVisible(busy)
        self._cancel.setVisible(busy)
        self._use.setVisible(there)
        self._train.setVisible(there)
        self._all.setVisible(there and (busy or offered[self._all]))

    def _keep_keyboard(self, offered: dict[QPushButton, bool]) -> None:
        """Move the keyboard from a button that goes to one that comes, not out of the page."""
        if any(button.hasFocus() and not on for button, on in offered.items()):
            first = next((button for button, on in offered.items() if on), None)
            if first is not None:
                first.setEnabled(True)
                first.show()
                first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _is_checked(self) -> bool:
        return self._recipe.found is not None and self._recipe.found.check is not None

    def _why_not(self) -> str:
        """Why training would be refused, or ''."""
        found = self._recipe.found
        if found is None:
            return ""
        if found.prevented:
            return f"Train cannot start: {found.prevented}"
        settings = found.settings
        if size_of(settings) is None:
            return settings.architecture.check(settings.data.shape, settings.latent_units)
        return ""

    def _show_progress(self) -> None:
        progress, left = self._recipe.progress, self._recipe.seconds_left
        if progress is None:
            self._said.setText("Reading ...")
            self._bar.setRange(0, 0)
            return
        self._said.setText(
            f"{progress.what} ..." if left is None else f"{progress.what}: {duration(left)} left"
        )
        if progress.total:
            self._bar.setRange(0, _WHOLE)
            self._bar.setValue(round(_WHOLE * progress.done / progress.total))
        else:
            self._bar.setRange(0, 0)
