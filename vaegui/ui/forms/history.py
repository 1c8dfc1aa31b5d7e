"""Undo and redo for a form."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QWidget

from vaegui.ui.forms import Form

__all__ = ["FormHistory"]

FormState = Mapping[str, str]


class _Change(QUndoCommand):
    """What the user did to one field in one go. Texts that are no values are kept as well."""

    def __init__(
        self, form: Form, text: str, before: FormState, after: FormState, going: tuple[str, int]
    ) -> None:
        super().__init__(text)
        self._form = form
        self._before = before
        self._after = after
        self._going = going
        self._shown = True

    def id(self) -> int:
        """One number for all: `mergeWith` looks closer."""
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in what was typed in the same field without leaving it."""
        if not isinstance(other, _Change) or other._going != self._going:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def undo(self) -> None:
        """Show what stood there before."""
        self._show(self._before)

    def redo(self) -> None:
        """Show what stood there after. Pushing calls it, too, when the user has just done it."""
        if not self._shown:
            self._show(self._after)
        self._shown = False

    def _show(self, state: FormState) -> None:
        self._form.set_state(state)
        self._form.reveal(self._going[0])


class FormHistory(QObject):
    """Puts each change that the user makes in a form on a stack.

    Parameters
    ----------
    form, stack
        Where the changes come from and go to.
    parent
        Its owner.
    """

    def __init__(self, form: Form, stack: QUndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self._stack = stack
        self._state: FormState = form.state()
        self._going = 0
        form.edited.connect(self._on_edited)
        form.committed.connect(self._on_committed)
        stack.indexChanged.connect(self._on_moved)

    def restart(self) -> None:
        """Begin anew from what the form shows: nothing before can be undone."""
        self._stack.clear()
        self._state = self._form.state()

    def record(self, text: str, path: str = "") -> None:
        """Take what the form shows now as one change called ``text``."""
        before, after = self._state, self._form.state()
        if path == "":
            self._going += 1
        if before != after:
            self._stack.push(_Change(self._form, text, before, after, (path, self._going)))

    @Slot(str)
    def _on_edited(self, path: str) -> None:
        field = self._form.findChild(QWidget, path)
        self.record(field.accessibleName() if field else path, path)

    @Slot()
    def _on_committed(self) -> None:
        self._going += 1

    @Slot()
    def _on_moved(self) -> None:
        self._state = self._form.state()
