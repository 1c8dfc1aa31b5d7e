"""The page Own data: what a file is, what is wrong with it, what suits it, and training on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from vaegui.data import DrawnPoints
from vaegui.data.own.own import OwnData
from vaegui.session.data_worker import Found
from vaegui.training.settings.settings import Settings
from vaegui.training.settings.size import size_in_words
from vaegui.ui.pages.base import Page, Shared
from vaegui.ui.pages.own_data.detected import Detected
from vaegui.ui.pages.own_data.drawing.dialog import DrawingDialog
from vaegui.ui.pages.own_data.drawing.pad import Points
from vaegui.ui.pages.own_data.failure import Failure
from vaegui.ui.pages.own_data.foot import Foot
from vaegui.ui.pages.own_data.judged.advice import AdviceSection
from vaegui.ui.pages.own_data.judged.ledger import LedgerDialog
from vaegui.ui.pages.own_data.judged.problems import Problems
from vaegui.ui.pages.own_data.judged.rehearsal import Rehearsal
from vaegui.ui.pages.own_data.looks.columns import Columns
from vaegui.ui.pages.own_data.looks.examples import FirstExamples, Parts
from vaegui.ui.pages.own_data.looks.layouts import Layouts
from vaegui.ui.pages.own_data.preparing import Preparing
from vaegui.ui.pages.own_data.section import PAGE, Section, button, label
from vaegui.ui.pages.own_data.start import Start, suited

__all__ = ["OwnDataPage"]

WIDEST = 1180


class OwnDataPage(Page):
    """Sections in one scroll, from what the file is to how training will go, over a fixed foot."""

    name = PAGE
    title = "Own data"
    tip = "Drop a file or folder: see what it is, what is wrong with it, and train on it."

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared)
        self._data, self._recipe = shared.data, shared.data.recipe
        recipe, theme = self._recipe, shared.theme
        self._detected = Detected(recipe, theme)
        self._problems = Problems(recipe, theme)
        self._sections: tuple[Section, ...] = (
            self._detected,
            FirstExamples(recipe, theme),
            Columns(recipe, theme),
            Layouts(recipe, theme),
            Parts(recipe, theme),
            Preparing(recipe, theme),
            self._problems,
            AdviceSection(recipe, theme),
            Rehearsal(recipe, theme, shared.data, shared.workbench),
        )
        self._start = Start()
        self._failure = Failure(recipe, self._data.ask_file)
        self._foot = Foot(recipe)
        self._lay_out()
        self._start.file_wanted.connect(self._data.ask_file)
        self._start.folder_wanted.connect(self._data.ask_folder)
        self._start.chosen.connect(self._data.use)
        self._start.drawing_wanted.connect(self._on_draw)
        self._start.again_wanted.connect(self._on_again)
        self._foot.use_wanted.connect(self._on_use)
        self._foot.train_wanted.connect(self._on_train)
        self._problems.ledger_wanted.connect(self._on_ledger)
        recipe.changed.connect(self._on_changed)
        recipe.progressed.connect(self._on_progressed)
        self._data.opened.connect(self.wanted)
        self._shown: Found | None = None
        self._to_show: list[Section] = []
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._on_turn)
        self._on_changed()

    def enter(self) -> None:
        """Undo concerns the data now."""
        self._shared.undo.setActiveStack(self._recipe.undo_stack)
        self._shown = None
        own = self._of_setup
        self._start.offer(own.data.name if own and isinstance(own.data, OwnData) else "")
        self._on_changed()
        self._take_focus()

    def leave(self) -> None:
        """Undo concerns Setup again."""
        self._shared.undo.setActiveStack(self._shared.setup.undo_stack)

    def parts(self) -> list[QWidget]:
        """The sections that are seen, and the foot."""
        if self._recipe.found is None:
            return [self._start]
        return [*(s for s in self._sections if s.isVisible()), self._foot]

    def _lay_out(self) -> None:
        self._title = QLabel(self.title)
        self._title.setObjectName(f"{PAGE}.title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setProperty("title", True)
        self._about = label("", "muted")
        self._about.setObjectName(f"{PAGE}.about")
        self._other = button(
            "open_other", "Open file ...", "Look at another file.", self._data.ask_file
        )
        self._other_folder = button(
            "open_other_folder", "Open folder ...", "Look at another folder.", self._data.ask_folder
        )
        self._close = button(
            "close", "Close data", "Look at these data no longer.", self._recipe.forget
        )
        self._close.setProperty("quiet", True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._about)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addLayout(words, 1)
        for widget in (self._other, self._other_folder, self._close):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        self._looks = QWidget()
        column = QVBoxLayout(self._looks)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for section in self._sections:
            column.addWidget(section)
        column.addStretch(1)
        sheet = QWidget()
        sheet.setMaximumWidth(WIDEST)
        inner = QVBoxLayout(sheet)
        inner.setContentsMargins(24, 14, 24, 14)
        inner.setSpacing(10)
        inner.addLayout(head)
        inner.addWidget(self._failure)
        inner.addWidget(self._start)
        inner.addWidget(self._looks)
        inner.addStretch(1)
        outer = QWidget()
        centred = QHBoxLayout(outer)
        centred.setContentsMargins(0, 0, 0, 0)
        centred.addStretch(1)
        centred.addWidget(sheet, 1000)
        centred.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName(f"{PAGE}.scroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(outer)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self._foot)

    @Slot()
    def _on_changed(self) -> None:
        found = self._recipe.found
        failed = self._recipe.failure
        self._failure.show_failure(failed, self._recipe.undone)
        there = found is not None
        unread = not there and not self._recipe.busy and self._recipe.data is not None
        self._start.setVisible(not there and not unread and not self._recipe.busy)
        self._looks.setVisible(there or unread)
        if unread:
            self._show_unread()
        for widget in (self._other, self._other_folder, self._close):
            widget.setVisible(there or unread)
        if found is not None and (found is not self._shown or failed is not None):
            self._show(found)
        if found is None:
            self._title.setText(self.title)
            self._about.setText("Reading ..." if self._recipe.busy else "")
            self._shown = None
        self._foot.refresh()
        if self.isVisible() and not self._recipe.busy and not self.isAncestorOf(self._focused):
            self._take_focus()

    @property
    def _focused(self) -> QWidget:
        """What has the keyboard; a control that was taken away meanwhile has lost it."""
        return self.window().focusWidget() or self

    def _take_focus(self) -> None:
        first = self._start if self._recipe.found is None else self._foot
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_unread(self) -> None:
        """Offer to read otherwise what could not be read."""
        for section in self._sections:
            section.setVisible(section is self._detected)
        self._detected.show_format()

    def _show(self, found: Found) -> None:
        other_data = self._shown is None
        self._shown = found
        if other_data:
            for section in self._sections:
                section.hide()
        self._to_show = list(self._sections)
        self._turn.start()
        spec, data = found.opened.whole.source.spec, self._recipe.data
        self._title.setText("" if data is None else data.name)
        size = " by ".join(f"{n:,}" for n in found.opened.dataset.shape)
        network = size_in_words(found.settings)
        self._about.setText(f"{spec.length:,} examples of {size} values. {network}")
        if other_data:
            self._scroll.verticalScrollBar().setValue(0)

    @property
    def is_up_to_date(self) -> bool:
        """Whether all sections show what was found last."""
        return not self._to_show

    @Slot()
    def _on_turn(self) -> None:
        """Fill in the next section. All at once would take too long for the window."""
        if self._shown is None or not self._to_show:
            self._to_show = []
            return
        section = self._to_show.pop(0)
        applies = section.applies(self._shown)
        if applies:
            section.show_found(self._shown)
        section.setVisible(applies)
        if self._to_show:
            self._turn.start()

    @Slot()
    def _on_progressed(self) -> None:
        self._foot.refresh()
        if self._recipe.found is None:
            self._start.setVisible(not self._recipe.busy and self._recipe.data is None)
            self._about.setText("Reading ..." if self._recipe.busy else "")

    @property
    def _of_setup(self) -> Settings | None:
        """What Setup says, if that is about data of the user's own."""
        value = self._shared.setup.value
        return value if value is not None and isinstance(value.data, OwnData) else None

    @Slot()
    def _on_again(self) -> None:
        if self._of_setup is not None:
            self._recipe.show(self._of_setup)

    @Slot()
    def _on_draw(self) -> None:
        value = self._shared.setup.value
        drawn = value.data.points if value and isinstance(value.data, DrawnPoints) else ()
        dialog = DrawingDialog(self._shared.theme, drawn, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.used.connect(self._on_drawn)
        dialog.show()

    @Slot(object)
    def _on_drawn(self, points: Points) -> None:
        self._data.use(suited(DrawnPoints).with_data(DrawnPoints(points=points)))

    @Slot()
    def _on_use(self) -> None:
        if self._recipe.settings is not None:
            self._data.use(self._recipe.settings)

    @Slot()
    def _on_train(self) -> None:
        if self._recipe.settings is not None:
            self._data.train(self._recipe.settings)

    @Slot()
    def _on_ledger(self) -> None:
        if self._recipe.found is not None:
            ledger = self._recipe.found.opened.ledger
            LedgerDialog(ledger, self._data.asking, self).show()
