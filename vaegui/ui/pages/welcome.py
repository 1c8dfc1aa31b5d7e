"""The Welcome page: what to begin with, and where the two great questions are answered."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vaegui.presets import PRESETS, SIX_FEATURES, Preset
from vaegui.ui.commands.preset_commands import BigQuestion
from vaegui.ui.forms.form_field import tip
from vaegui.ui.pages.base import Page, Shared
from vaegui.ui.pages.card import Card, Picture
from vaegui.ui.theme.icons import icon

__all__ = ["QUESTIONS", "Welcome"]

QUESTIONS: dict[BigQuestion, tuple[str, str]] = {
    "mu": (
        "How are μ₁ and μ₂ computed?",
        "Are they not both the mean of the hidden vector? See every product and every sum, with "
        "the numbers of a real network.",
    ),
    "gaussian": (
        "How can one input have a mean and a standard deviation?",
        "Pass one input through the network thousands of times, and watch the Gaussian that the "
        "network gives to it.",
    ),
}
"""Part of the page Explain -> the question that it answers, and what one will see there."""

WORDS = (
    "Train a variational autoencoder, watch the Gaussian that it gives to each input, and take "
    "every number apart."
)
OWN_DATA = (
    "Drop a CSV, a folder of pictures, .npy or another file on the window: see what it is, what is "
    "wrong with it and which settings suit it, and train on it."
)
WIDEST = 1080
RECENT = 4
"""So many of the recent files are offered."""


class Welcome(Page):
    """What a newcomer sees first; everything on it can be reached by keyboard."""

    name = "welcome"
    title = "Welcome"
    tip = "Examples to begin with, and the two questions that everyone asks."
    command = "welcome"

    def __init__(self, shared: Shared) -> None:
        super().__init__(shared)
        self._commands = shared.presets
        self._actions = shared.actions
        self._files = shared.files
        self._data = shared.data
        self._preferences = shared.preferences
        self._theme = shared.theme
        self._recent = QHBoxLayout()
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._filled())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        shared.theme.changed.connect(self._on_theme_changed)
        shared.presets.chosen.connect(self._on_chosen)
        shared.files.opening.connect(self.wait_for)
        shared.imports.opening.connect(self.wait_for)
        shared.workbench.begun.connect(self.left)
        shared.workbench.failed.connect(self.settle)

    def enter(self) -> None:
        """Offer everything, as it is now, and take the keyboard: Enter does what comes first."""
        self.settle()
        self._fill_recent()
        self._on_open_changed()
        self._show_at_start.setChecked(self._preferences.welcome)
        first = self.findChild(QPushButton, f"welcome.train.{PRESETS[0].name}")
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def settle(self) -> None:
        """Offer everything: nothing that was chosen is under way any more."""
        self._told.setText(WORDS)
        self._offers.setEnabled(True)

    @Slot(str)
    def _on_chosen(self, title: str) -> None:
        """Wait for the model if there is one to come, since empty panels would say nothing."""
        if title:
            self.wait_for(title)
        else:
            self.left.emit()

    @Slot(str)
    def wait_for(self, title: str) -> None:
        """Offer nothing while a model is under way: a key pressed twice would start another."""
        self._told.setText(f"{title}: loading what is needed and making the model ...")
        self._offers.setEnabled(False)

    def _filled(self) -> QWidget:
        sheet = QWidget()
        whole = QWidget(sheet)
        whole.setMaximumWidth(WIDEST)
        column = QVBoxLayout(whole)
        column.setContentsMargins(24, 14, 24, 14)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addSpacing(4)
        self._offers = QWidget()
        offers = QVBoxLayout(self._offers)
        offers.setContentsMargins(0, 0, 0, 0)
        offers.setSpacing(8)
        offers.addWidget(_heading("Begin with an example"))
        offers.addLayout(self._examples())
        offers.addSpacing(4)
        offers.addWidget(_heading("Or with your own data"))
        offers.addWidget(self._own_data())
        offers.addSpacing(4)
        offers.addWidget(_heading("Two questions that everyone asks, answered with real numbers"))
        offers.addLayout(self._questions())
        offers.addSpacing(4)
        column.addWidget(self._offers)
        column.addLayout(self._foot())
        centred = QGridLayout(sheet)
        centred.setContentsMargins(0, 0, 0, 0)
        centred.addWidget(whole, 1, 1)
        for edge in (0, 2):
            centred.setRowStretch(edge, 1)
            centred.setColumnStretch(edge, 1)
        centred.setColumnStretch(1, 1000)
        return sheet

    def _head(self) -> QHBoxLayout:
        title = QLabel("Welcome to vaegui")
        title.setProperty("title", True)
        self._told = _words(WORDS, muted=True)
        self._told.setObjectName("welcome.told")
        self._close = QToolButton()
        self._close.setObjectName("welcome.close")
        self._close.setText("Close")
        self._close.setToolTip("Close this page (Esc). Help > Welcome brings it back.")
        self._close.setIcon(icon("close", self._theme))
        self._close.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._close.clicked.connect(self.left)
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addWidget(title)
        told.addWidget(self._told)
        row = QHBoxLayout()
        row.addLayout(told, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _examples(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        self._pictures: list[Picture] = []
        for preset in PRESETS:
            row.addWidget(self._example(preset), 1)
        return row

    def _example(self, preset: Preset) -> Card:
        train = QPushButton("Train")
        train.setObjectName(f"welcome.train.{preset.name}")
        train.setToolTip(f"Train a new model: {preset.title}.")
        train.setAccessibleName(f"Train {preset.title}")
        train.setDefault(preset is SIX_FEATURES)
        train.clicked.connect(partial(self._commands.train, preset))
        untrained = QPushButton("Open untrained")
        untrained.setObjectName(f"welcome.open.{preset.name}")
        untrained.setProperty("quiet", True)
        untrained.setToolTip("Put the model in place as it is before it learns anything.")
        untrained.clicked.connect(partial(self._commands.open, preset))
        card = Card(train)
        picture = Picture(preset.name, self._theme.current)
        self._pictures.append(picture)
        card.column.addWidget(picture)
        title = QLabel(preset.title)
        title.setProperty("heading", True)
        first = QLabel("Start here" if preset is SIX_FEATURES else "")
        first.setProperty("badge", bool(first.text()))
        names = QHBoxLayout()
        names.addWidget(title)
        names.addStretch(1)
        names.addWidget(first)
        card.column.addLayout(names)
        card.column.addWidget(_words(preset.what, muted=True))
        card.column.addWidget(_words(preset.sees))
        card.column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(14)
        buttons.addWidget(train)
        buttons.addWidget(untrained)
        buttons.addStretch(1)
        card.column.addLayout(buttons)
        return card

    def _own_data(self) -> Card:
        link = QPushButton("Look at a table, pictures or an array of yours  →")
        link.setProperty("link", True)
        link.setObjectName("welcome.own_data")
        link.setToolTip("Opens the page Own data.")
        link.clicked.connect(self._data.opened)
        card = Card(link)
        card.column.addWidget(link)
        card.column.addWidget(_words(OWN_DATA, muted=True))
        return card

    def _questions(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        for part, (question, answer) in QUESTIONS.items():
            link = QPushButton(f"{question}  →")
            link.setProperty("link", True)
            link.setObjectName(f"welcome.question.{part}")
            link.setToolTip(
                "Opens the page Explain; trains the six features if nothing is trained."
            )
            link.clicked.connect(partial(self._commands.answer, part))
            card = Card(link)
            card.column.addWidget(link)
            card.column.addWidget(_words(answer, muted=True))
            column.addWidget(card)
        return column

    def _foot(self) -> QHBoxLayout:
        self._open = QPushButton("Open a model ...")
        self._open.setObjectName("welcome.open_file")
        self._open.clicked.connect(self._actions["open"].trigger)
        self._actions["open"].changed.connect(self._on_open_changed)
        self._show_at_start = QCheckBox("Show at start")
        self._show_at_start.setObjectName("welcome.show_at_start")
        self._show_at_start.setToolTip("Whether this page opens with the program.")
        self._show_at_start.toggled.connect(self._on_show_at_start)
        row = QHBoxLayout()
        row.setSpacing(10)
        tour = QPushButton("Guided tour")
        tour.setObjectName("welcome.tour")
        tour.setToolTip(self._actions["tour"].toolTip())
        tour.clicked.connect(self._actions["tour"].trigger)
        row.addWidget(tour)
        row.addWidget(self._open)
        row.addLayout(self._recent)
        row.addStretch(1)
        row.addWidget(self._show_at_start)
        return row

    def _fill_recent(self) -> None:
        """Offer the files opened or saved lately that are still there."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        paths = [path for path in self._preferences.recent if Path(path).exists()][:RECENT]
        if paths:
            label = QLabel("or a recent one:")
            label.setProperty("muted", True)
            self._recent.addWidget(label)
        for path in paths:
            name = Path(path).name
            name = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 150)
            button = QPushButton(name.replace("&", "&&"))
            button.setProperty("quiet", True)
            button.setToolTip(tip(f"Open {path}"))
            button.clicked.connect(partial(self._files.open, path))
            self._recent.addWidget(button)

    @Slot(bool)
    def _on_show_at_start(self, checked: bool) -> None:
        self._preferences.welcome = checked

    @Slot()
    def _on_open_changed(self) -> None:
        action = self._actions["open"]
        self._open.setEnabled(action.isEnabled())
        self._open.setToolTip(action.toolTip())
        self._open.setIcon(action.icon())

    @Slot()
    def _on_theme_changed(self) -> None:
        self._close.setIcon(icon("close", self._theme))
        for picture in self._pictures:
            picture.set_theme(self._theme.current)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


def _words(text: str, *, muted: bool = False) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("muted", muted)
    return label
