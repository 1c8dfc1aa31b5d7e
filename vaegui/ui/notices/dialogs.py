"""The few dialogs of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from vaegui.training.record.events import Failed
from vaegui.ui.theme.icons import app_icon

__all__ = ["Offer", "about", "ask_unsaved", "show_failure"]

WIDTH = 460
"""Of a dialog's text, in pixels: some 70 characters a line."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that would mend a failure: what its button says, and what it does."""

    label: str
    action: Callable[[], None]


def show_failure(
    parent: QWidget | None, failed: Failed, offer: Offer | None = None
) -> FailureDialog:
    """Show what happened and what to do, without waiting and without blocking the window.

    Training goes on behind it. The same failure again brings the dialog back to the front.

    Parameters
    ----------
    offer
        What would mend it, as a button that closes the dialog, too.
    """
    if parent is not None:
        for open_one in parent.findChildren(FailureDialog):
            if open_one.failed == failed and open_one.isVisible():
                open_one.raise_()
                open_one.activateWindow()
                return open_one
    dialog = FailureDialog(failed, offer, parent)
    dialog.show()
    return dialog


def ask_unsaved(parent: QWidget | None, name: str) -> Literal["save", "discard", "cancel"]:
    """Ask what to do with unsaved changes of the model called ``name``; waits for the answer."""
    box = QMessageBox(parent)
    box.setObjectName("ask_unsaved")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Unsaved changes")
    box.setText(f"Save the training of {name} before it is closed?")
    box.setInformativeText("What was trained since the last save is lost otherwise.")
    save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton("Do not save", QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    for button, which in ((save, "save"), (discard, "discard"), (cancel, "cancel")):
        button.setObjectName(which)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is save:
        return "save"
    return "discard" if clicked is discard else "cancel"


def about(parent: QWidget | None, versions: Mapping[str, str]) -> QDialog:
    """Show what the program is, and the versions of its parts (package -> version)."""
    dialog = AboutDialog(versions, parent)
    dialog.open()
    return dialog


class FailureDialog(QDialog):
    """What happened, what to do, and details to copy."""

    def __init__(
        self, failed: Failed, offer: Offer | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.failed = failed
        self._offer = offer
        self.setObjectName("failure")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked = failed.kind.value if failed.kind else "something"
        what = failed.what or asked
        self.setWindowTitle(f"{what[:1].upper()}{what[1:]} did not work")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(20, 18, 20, 14)
        self._layout.setSpacing(12)
        self._layout.addLayout(self._told())
        self._details = self._make_details()
        self._layout.addWidget(self._details, 1)
        self._layout.addWidget(self._buttons())

    def _told(self) -> QHBoxLayout:
        sign = QLabel(self)
        warning = QStyle.StandardPixmap.SP_MessageBoxWarning
        icon = self.style().standardIcon(warning, None, self)
        sign.setPixmap(icon.pixmap(QSize(32, 32), self.devicePixelRatioF()))
        message = _text(self.failed.message, "message", self)
        message.setProperty("heading", True)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(message)
        if self.failed.remedy:
            words.addWidget(_text(self.failed.remedy, "remedy", self))
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _make_details(self) -> QPlainTextEdit:
        details = QPlainTextEdit(self.failed.details, self)
        details.setObjectName("details")
        details.setAccessibleName("Details")
        details.setReadOnly(True)
        details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        details.setTabChangesFocus(True)
        details.setMinimumHeight(180)
        details.hide()
        return details

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close = box.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName("close")
        close.setDefault(self._offer is None)
        close.setFocus()
        box.rejected.connect(self.close)
        if self._offer is not None:
            mend = QPushButton(self._offer.label, self)
            mend.setObjectName("offer")
            mend.setDefault(True)
            mend.setFocus()
            mend.clicked.connect(self._on_offer)
            box.addButton(mend, QDialogButtonBox.ButtonRole.ActionRole)
        self._copy = QPushButton("Copy", self)
        self._copy.setObjectName("copy")
        self._copy.setAutoDefault(False)
        self._copy.setToolTip("Copy all of this, to paste it into a report or a search.")
        self._copy.clicked.connect(self._on_copy)
        box.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        if self.failed.details:
            self._toggle = QPushButton("Details", self)
            self._toggle.setObjectName("toggle_details")
            self._toggle.setCheckable(True)
            self._toggle.setAutoDefault(False)
            self._toggle.setToolTip("Show what the program noted down when it happened.")
            self._toggle.toggled.connect(self._on_toggled)
            box.addButton(self._toggle, QDialogButtonBox.ButtonRole.ActionRole)
        return box

    @Slot()
    def _on_offer(self) -> None:
        self.close()
        if self._offer is not None:
            self._offer.action()

    @Slot()
    def _on_copy(self) -> None:
        failed = self.failed
        parts = (self.windowTitle(), failed.message, failed.remedy, failed.details)
        QGuiApplication.clipboard().setText("\n\n".join(part for part in parts if part))
        self._copy.setText("Copied")

    @Slot(bool)
    def _on_toggled(self, shown: bool) -> None:
        self._toggle.setText("Hide details" if shown else "Details")
        self._details.setVisible(shown)
        self.resize(max(self.width(), 640 if shown else 0), self.sizeHint().height())


class AboutDialog(QDialog):
    """The About dialog: the program, its version, and the packages that it is built on."""

    def __init__(self, versions: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About vaegui")
        self._versions = dict(versions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(12)
        sign = QLabel(self)
        sign.setPixmap(app_icon().pixmap(QSize(64, 64), self.devicePixelRatioF()))
        name = QLabel("vaegui", self)
        font = name.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        name.setFont(font)
        words = QVBoxLayout()
        words.addWidget(name)
        words.addWidget(_text(WHAT, "what", self))
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        layout.addLayout(head)
        layout.addLayout(self._table())
        layout.addWidget(self._buttons())

    def _table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for row, (package, version) in enumerate(self._versions.items()):
            label = QLabel(package, self)
            label.setProperty("muted", True)
            grid.addWidget(label, row, 0)
            grid.addWidget(QLabel(version, self), row, 1)
        return grid

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        box.rejected.connect(self.close)
        copy = QPushButton("Copy versions", self)
        copy.setObjectName("copy")
        copy.setAutoDefault(False)
        copy.setToolTip("Copy the list of versions, to paste it into a report.")
        copy.clicked.connect(self._on_copy)
        box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        return box

    @Slot()
    def _on_copy(self) -> None:
        lines = (f"{package} {version}" for package, version in self._versions.items())
        QGuiApplication.clipboard().setText("\n".join(lines))


WHAT = (
    "Trains a variational autoencoder by pointing and clicking, and shows every input's own "
    "Gaussian while it forms. Free software under the MIT licence; the licences of the icons and "
    "of the bundled digits lie beside them."
)


def _text(text: str, name: str, parent: QWidget) -> QLabel:
    """Sentences that wrap and can be copied; never taken for markup."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(WIDTH)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setText(text)
    return label
