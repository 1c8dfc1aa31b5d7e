"""What the page says before data were chosen: what can be opened, and data that come along."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vaegui.data import BreastCancer, Diabetes, Digits8x8, Iris, Shapes, ToyPoints, Wine
from vaegui.data.formats.all import FORMATS
from vaegui.declared import Choice
from vaegui.training.settings.settings import Settings
from vaegui.ui.forms.alternatives import description
from vaegui.ui.pages.own_data.section import PAGE, button, label
from vaegui.ui.widgets.wrapping import Wrapping

__all__ = ["READY_MADE", "Start", "suited"]

READY_MADE: tuple[type[Choice], ...] = (
    Iris,
    Wine,
    BreastCancer,
    Diabetes,
    Digits8x8,
    ToyPoints,
    Shapes,
)
_PICTURES = (Digits8x8, Shapes)
_WORDS = (
    "A file or a folder: each row of a table, each picture, each row of an array is an example. "
    "Nothing is uploaded, copied or changed, and nothing in a file is ever executed."
)


class Start(QWidget):
    """An invitation."""

    file_wanted = Signal()
    folder_wanted = Signal()
    again_wanted = Signal()
    drawing_wanted = Signal()
    chosen = Signal(Settings)
    """Data that come with the program should be used, with these settings."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName(f"{PAGE}.start")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 6)
        column.setSpacing(10)
        column.addWidget(label("Drop a file or folder here", "heading"))
        column.addWidget(label(_WORDS, "muted"))
        row = QHBoxLayout()
        row.setSpacing(10)
        file = button("open_file", "Open file ...", "Choose a file.", self.file_wanted.emit)
        file.setProperty("primary", True)
        self.setFocusProxy(file)
        row.addWidget(file)
        row.addWidget(
            button(
                "open_folder",
                "Open folder ...",
                "Choose a folder of pictures, or one that holds IDX files.",
                self.folder_wanted.emit,
            )
        )
        self._again = button(
            "again",
            "",
            "Look again at the data that Setup has, with all that is set of them.",
            self.again_wanted.emit,
        )
        row.addWidget(self._again)
        row.addStretch(1)
        column.addLayout(row)
        self.offer("")
        column.addSpacing(6)
        column.addWidget(label("What can be opened", "heading"))
        for format_ in FORMATS:
            column.addWidget(label(f"{format_.label}. {description(format_)}"))
        column.addSpacing(6)
        column.addWidget(label("Or begin with data that come along", "heading"))
        column.addWidget(label("They are put into Setup with settings that suit them.", "muted"))
        place = QWidget(self)
        choices = Wrapping(place)
        for kind in READY_MADE:
            offer = button(
                f"ready.{kind.model_fields['kind'].default}",
                kind.label,
                description(kind),
                partial(self._on_ready, kind),
            )
            choices.addWidget(offer)
        choices.addWidget(
            button(
                "draw",
                "Draw points ...",
                "Draw points in the plane with the mouse, as data.",
                self.drawing_wanted.emit,
            )
        )
        column.addWidget(place)
        column.addStretch(1)

    def offer(self, name: str) -> None:
        """Offer the data of this name, which Setup has; none if it is empty."""
        self._again.setText(f"Look at {name} again".replace("&", "&&"))
        self._again.setVisible(bool(name))

    def _on_ready(self, kind: type[Choice]) -> None:
        self.chosen.emit(suited(kind))


def suited(kind: type[Choice]) -> Settings:
    """Settings for data that come along: those of pictures, or of tables with their own units."""
    values: dict[str, object] = {"data.kind": kind.model_fields["kind"].default}
    if kind not in _PICTURES:
        values |= {"likelihood.kind": "gaussian-learned", "rescale.kind": "standardise"}
        values |= {"likelihood.each": "feature", "training.batch_size": 16, "training.epochs": 200}
    return Settings().with_values(values)
