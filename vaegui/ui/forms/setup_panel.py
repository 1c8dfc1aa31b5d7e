"""The Setup dock's widget: the settings of the next model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QStyle, QVBoxLayout, QWidget

from vaegui.data.own.own import OwnData
from vaegui.declared import Declared
from vaegui.training.settings.settings import Settings
from vaegui.training.settings.size import size_in_words
from vaegui.ui.forms import Form
from vaegui.ui.forms.form_field import tip, title_of, wrapping_label
from vaegui.ui.forms.history import FormHistory

__all__ = ["SetupPanel"]


_LONGEST = 26
"""Letters of a file's name that are shown."""
_TAKEN = "The present run can take it."
_NEXT = "Changes apply to the next model: Run > Train a new model."


class SetupPanel(QWidget):
    """The form of the settings, with undo and redo, and what stands in the way of training.

    Settings may be changed at any time: they are those of the next model.

    Parameters
    ----------
    settings
        What to show first; the defaults if left out.

    Attributes
    ----------
    undo_stack
        One entry for each change; typing in one field without leaving it is one change.
    """

    changed = Signal()
    """Something else stands there, whoever put it there."""
    applied = Signal(Settings)
    """The run at hand should have these settings from its next step on."""

    def __init__(self, settings: Settings | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._run_settings: Settings | None = None
        self._takes: Callable[[Settings], bool] = _nothing
        self._can_apply = False
        self.form = Form(settings or Settings())
        self._history = FormHistory(self.form, self.undo_stack, self)
        self._lay_out()
        self.form.changed.connect(self._on_changed)
        self._tell()

    def _lay_out(self) -> None:
        self._content = content = QWidget()
        content.installEventFilter(self)
        inner = QVBoxLayout(content)
        inner.setContentsMargins(8, 8, 8, 8)
        inner.addWidget(self.form)
        inner.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(content)
        self._reason = self._sentence("problem", "reason")
        self._warning = self._sentence("hint", "warning")
        self._hint = self._sentence("hint", "hint")
        self._apply = self._button("apply", "Apply to this run", self._on_apply)
        self._apply.setToolTip(
            tip("The model that is being trained learns on with these from its next step on.")
        )
        self._defaults = self._button("restore_defaults", "Restore defaults", self.restore_defaults)
        self._defaults.setToolTip(
            tip("Set everything to what it was at the first start. Can be undone.")
        )
        foot = QVBoxLayout()
        foot.setContentsMargins(8, 6, 8, 8)
        foot.setSpacing(6)
        for widget in (self._reason, self._warning, self._hint, self._apply, self._defaults):
            foot.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addLayout(foot)

    def _sentence(self, kind: str, name: str) -> QLabel:
        label = wrapping_label(kind, self)
        label.setObjectName(f"setup.{name}")
        return label

    def _button(self, name: str, text: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"setup.{name}")
        button.setAutoDefault(False)
        button.clicked.connect(action)
        return button

    @property
    def value(self) -> Settings | None:
        """The settings, or None while something is wrong."""
        value = self.form.value
        return value if isinstance(value, Settings) else None

    def set_value(self, settings: Settings) -> None:
        """Show other settings as a new start: what was before cannot be brought back by undo."""
        self.form.set_value(settings)
        self._history.restart()
        self._on_changed()

    def take(self, settings: Settings, what: str) -> None:
        """Show other settings as one change, called ``what``, that can be undone."""
        self.form.set_value(settings)
        self._history.record(what)
        self._on_changed()

    def set_run_settings(
        self, settings: Settings | None, takes: Callable[[Settings], bool] | None = None
    ) -> None:
        """Say what the model at hand was made with, or None without a model.

        ``takes`` says whether it lacks its data and can have those of other settings.
        """
        self._run_settings, self._takes = settings, takes or _nothing
        self._tell()

    def set_can_apply(self, can_apply: bool) -> None:
        """Say whether the model at hand can take other settings at the moment."""
        self._can_apply = can_apply
        self._tell()

    def problems(self) -> dict[str, str]:
        """Dotted path -> sentence for all that is wrong: why training cannot start."""
        return self.form.problems()

    def show_problem(self, path: str, sentence: str) -> None:
        """Mark a field from outside until the user next changes something, and show it."""
        self.form.show_problem(path, sentence)
        self._tell()

    @Slot()
    def restore_defaults(self) -> None:
        """Show the program's own settings; one change that can be undone."""
        self.take(Settings(), "Restore defaults")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell the dock when the form needs another width; a place to scroll in keeps it secret."""
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """Wide enough for all labels."""
        return QSize(self._content.sizeHint().width() + self._bar, 640)

    def minimumSizeHint(self) -> QSize:
        """As narrow as fields and labels can be: to the sides nothing can be scrolled."""
        return QSize(self._content.minimumSizeHint().width() + self._bar, 160)

    @property
    def _bar(self) -> int:
        """Pixels of the scroll bar's width."""
        return self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)

    @Slot()
    def _on_changed(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        """Say why Train cannot start, and what the settings have to do with the model at hand."""
        sentences = list(self.problems().values())
        more = f" {len(sentences) - 1} more to mend." if len(sentences) > 1 else ""
        _show(self._reason, f"Train cannot start: {sentences[0]}{more}" if sentences else "")
        _show(self._warning, self.value.check() if self.value else "")
        data = self.value.data if self.value else None
        self.form.show_fact("data", _short(data.name) if isinstance(data, OwnData) else "")
        self.form.show_fact("architecture", size_in_words(self.value) if self.value else "")
        self._tell_difference()

    def _tell_difference(self) -> None:
        value, run = self.value, self._run_settings
        text, same = "", False
        if value is not None and run is not None and value != run:
            same = run.same_model(value) or self._takes(value)
            titles = list(_differing(value, run))
            named = f"{', '.join(titles[:3])} and others" if len(titles) > 3 else ", ".join(titles)
            text = f"Changed: {named}. {_TAKEN if same else _NEXT}"
        _show(self._hint, text)
        self._apply.setVisible(same and self._can_apply)

    @Slot()
    def _on_apply(self) -> None:
        if self.value is not None:
            self.applied.emit(self.value)


def _nothing(settings: Settings) -> bool:
    return False


def _short(name: str) -> str:
    """The name of a file, so that it makes no form wider."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 :]}"


def _show(label: QLabel, text: str) -> None:
    """Show a sentence, or nothing."""
    label.setText(text)
    label.setVisible(bool(text))


def _differing(a: Declared, b: Declared) -> Iterator[str]:
    """The titles of the settings in which two models of one class differ."""
    for name, field in type(a).model_fields.items():
        one, other = getattr(a, name), getattr(b, name)
        if one == other:
            continue
        if isinstance(one, Declared) and type(one) is type(other):
            yield from _differing(one, other)
        else:
            yield title_of(name, field)
