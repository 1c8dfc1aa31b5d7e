"""What stands above a section of a form."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from vaegui.declared import Choice, Declared
from vaegui.ui.forms.alternatives import can_be_made, description
from vaegui.ui.forms.controls import ComboBox, ElidingLabel
from vaegui.ui.forms.form_field import set_look, tip
from vaegui.ui.help.terms import explain_term

__all__ = ["Heading"]


class Heading(QWidget):
    """A section's title, the button "More", and of a choice which alternative it is.

    Attributes
    ----------
    chooser
        The box with the alternatives, or None if there is only one.
    more
        The button.
    """

    chosen = Signal(int)
    """The user chose an alternative."""

    def __init__(
        self, title: str, help_: str, term: str, models: tuple[type[Declared], ...], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._help, self._models = help_, models
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        row = QHBoxLayout()
        column.addLayout(row)
        label = QLabel(title, self)
        label.setProperty("heading", True)
        label.setToolTip(tip(help_))
        if term:
            explain_term(label, term)
        row.addWidget(label)
        row.addStretch(1)
        self._only = ElidingLabel(self)
        self._only.hide()
        if len(models) == 1 and issubclass(models[0], Choice):
            self._only.setText(models[0].label)
            self._only.setToolTip(tip(help_, description(models[0])))
            self._only.show()
            row.addWidget(self._only)
        self.more = _more_button(title, self)
        row.addWidget(self.more)
        self.chooser = self._make_chooser(title) if len(models) > 1 else None
        if self.chooser:
            label.setBuddy(self.chooser)
            column.addWidget(self.chooser)

    def _make_chooser(self, title: str) -> ComboBox:
        box = ComboBox(self)
        for index, model in enumerate(self._models):
            if can_be_made(model):
                _add_alternative(box, model, index)
        box.setAccessibleName(title)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.activated.connect(self._on_activated)
        return box

    @property
    def index(self) -> int:
        """Which alternative is shown."""
        return int(self.chooser.currentData()) if self.chooser else 0

    def show_alternative(self, index: int) -> None:
        """Show an alternative by its place, also one that the user is not offered."""
        if self.chooser:
            if self.chooser.findData(index) < 0:
                _add_alternative(self.chooser, self._models[index], index)
            self.chooser.setCurrentIndex(self.chooser.findData(index))

    @Slot()
    def _on_activated(self) -> None:
        self.chosen.emit(self.index)

    def set_path(self, path: str) -> None:
        """Name the controls by the section's path."""
        self.more.setObjectName(f"{path}.more")
        (self.chooser or self._only).setObjectName(path)

    def mark(self, sentence: str) -> None:
        """Show that something is wrong with the choice, or that nothing is."""
        if self.chooser:
            set_look(self.chooser, "wrong", bool(sentence))
            self.chooser.setAccessibleDescription(sentence or self._help)
            what = sentence or description(self._models[self.index])
            self.chooser.setToolTip(tip(self._help, what))


def _more_button(title: str, parent: QWidget) -> QPushButton:
    button = QPushButton("More", parent)
    button.setCheckable(True)
    button.setAutoDefault(False)
    button.setProperty("quiet", True)
    button.setToolTip(tip(f"Show the rest of the settings of {title.lower()}."))
    button.setAccessibleName(f"More {title.lower()} settings")
    return button


def _add_alternative(box: ComboBox, model: type[Declared], index: int) -> None:
    """Add one at the end of the box; ``index`` is its place among all alternatives."""
    box.addItem(getattr(model, "label", model.__name__), index)
    box.setItemData(box.count() - 1, tip(description(model)), Qt.ItemDataRole.ToolTipRole)
