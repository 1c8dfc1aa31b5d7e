"""The dialog for the size of a picture that is saved."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from vaegui.declared import Declared, setting
from vaegui.ui.forms import Form
from vaegui.ui.forms.form_field import wrapping_label

__all__ = ["PictureDialog", "PictureSize", "ask_picture_size"]


class PictureSize(Declared):
    """The size of a picture on paper."""

    width: float = setting(
        160.0, title="Width", help="Of the picture on paper.", unit="mm", ge=30.0, le=1000.0
    )
    height: float = setting(
        120.0,
        title="Height",
        help="Of the picture on paper, without its title.",
        unit="mm",
        ge=30.0,
        le=1000.0,
    )
    resolution: int = setting(
        300,
        title="Resolution",
        help="Pixels of an inch of a PNG; SVG and PDF are sharp at any size.",
        unit="dpi",
        ge=50,
        le=1200,
    )


class PictureDialog(QDialog):
    """Asks for a size; the text in the picture stays as large as it is printed: 8 points."""

    def __init__(self, size: PictureSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture_size")
        self.setWindowTitle("Save panel as picture")
        self.form = Form(size, parent=self)
        self.form.changed.connect(self._on_changed)
        words = wrapping_label("muted", self)
        words.setText("The smaller the picture, the larger its text in comparison.")
        self._buttons = QDialogButtonBox(self)
        self._next = self._buttons.addButton("Choose file ...", _Role.AcceptRole)
        self._next.setObjectName("picture_size.next")
        self._next.setDefault(True)
        self._buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(12)
        for widget in (self.form, words, self._buttons):
            column.addWidget(widget)
        self.setMinimumWidth(340)

    @property
    def value(self) -> PictureSize | None:
        """The size, or None while something is wrong."""
        value = self.form.value
        return value if isinstance(value, PictureSize) else None

    @Slot()
    def _on_changed(self) -> None:
        self._next.setEnabled(self.value is not None)


_Role = QDialogButtonBox.ButtonRole


def ask_picture_size(parent: QWidget | None, size: PictureSize) -> PictureSize | None:
    """Ask how large a picture is to be, proposing a size; None if it is not wanted."""
    dialog = PictureDialog(size, parent)
    wanted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return dialog.value if wanted else None
