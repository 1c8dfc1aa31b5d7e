"""The dialog that asks how a model that was made elsewhere is to be read."""

from __future__ import annotations

import re
from typing import Any, get_args

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from vaegui.core.architectures import Conditional
from vaegui.core.architectures.imported import fits
from vaegui.core.likelihoods import Likelihood
from vaegui.data import DataChoice, NoData, OwnData
from vaegui.data.rescale import AsIs, Raw, Standardise, Symmetric, UnitInterval
from vaegui.errors import VaeguiError
from vaegui.files.foreign.halves.finding import Foreign
from vaegui.files.foreign.importing import settings_of
from vaegui.files.foreign.roles.proposal import Reading, evidence, fitting_sources, proposed
from vaegui.files.foreign.roles.read_outs import Spread
from vaegui.ui.forms.controls import ComboBox
from vaegui.ui.forms.form_field import tip, wrapping_label

__all__ = ["ImportDialog", "ask_reading"]

WIDTH = 520

_SPREADS: dict[Spread, str] = {
    "log_var": "logarithm of the variance",
    "log_sd": "logarithm of the standard deviation",
    "var": "variance",
    "sd": "standard deviation",
}
_PICTURE_SCALES: dict[type[Any], str] = {
    AsIs: "from 0 to 1",
    Symmetric: "from -1 to 1",
    Raw: "from 0 to 255, as in the file",
    Standardise: "standardised: mean 0, sd 1",
}
_ROW_SCALES: dict[type[Any], str] = {
    AsIs: "as they are in the data",
    UnitInterval: "from 0 to 1, each feature",
    Symmetric: "from -1 to 1, each feature",
    Standardise: "standardised: mean 0, sd 1, each feature",
}


_DOUBT = "The file does not say which output is what. Please check:"


def ask_reading(
    parent: QWidget | None, foreign: Foreign, present: DataChoice | None
) -> Reading | None:
    """Ask how a foreign model is to be read; None if it is not to be imported.

    ``present`` are the data in Setup, which can be taken if they are none of the program's own.
    """
    dialog = ImportDialog(foreign, present, parent)
    try:
        return dialog.reading() if dialog.exec() == QDialog.DialogCode.Accepted else None
    finally:
        dialog.deleteLater()


class ImportDialog(QDialog):
    """Which outputs are mean and spread, the data, their scale and the likelihood."""

    def __init__(
        self, foreign: Foreign, present: DataChoice | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._foreign = foreign
        self.setObjectName("import")
        self.setWindowTitle("Import a Keras model")
        self.setMinimumWidth(WIDTH)
        first, evident = proposed(foreign)
        self._data = _sources(foreign, present)
        rows = len(self._data[-1].shape) == 1 and not self._pictures()
        scales = _ROW_SCALES if rows else _PICTURE_SCALES
        self._scales = [scale() for scale in scales]
        self._likelihoods = [each() for each in get_args(get_args(Likelihood)[0])]
        outputs = [read_out.label for read_out in foreign.read_outs]
        self._mean = self._chooser("mean", outputs, first.mean)
        self._spread = self._chooser("spread", outputs, first.spread or 0)
        kinds = list(_SPREADS)
        self._kind = self._chooser("spread_is", _SPREADS.values(), kinds.index(first.spread_is))
        self._source = self._chooser("data", [_called(source) for source in self._data], 0)
        scale = self._scales.index(first.rescale) if first.rescale in self._scales else 0
        self._scale = self._chooser("rescale", scales.values(), scale)
        labels = [likelihood.label for likelihood in self._likelihoods]
        chosen = self._likelihoods.index(first.likelihood)
        self._likelihood = self._chooser("likelihood", labels, chosen)
        self._condition = QLineEdit("0", self)
        self._condition.setObjectName("condition")
        self._condition.textChanged.connect(self._on_changed)
        for box in (self._spread, self._kind):
            box.setVisible(not foreign.plain)
        self._condition.setVisible(foreign.conditional)
        self._problem = wrapping_label("problem", self)
        self._problem.setObjectName("problem")
        self._lay_out(evident)
        self._on_changed()

    def reading(self) -> Reading:
        """What is chosen."""
        return Reading(
            mean=self._mean.currentIndex(),
            spread=None if self._foreign.plain else self._spread.currentIndex(),
            spread_is=list(_SPREADS)[self._kind.currentIndex()],
            likelihood=self._likelihoods[self._likelihood.currentIndex()],
            rescale=self._scales[self._scale.currentIndex()],
            data=self._data[self._source.currentIndex()],
            condition=_numbers(self._condition.text()),
        )

    def _pictures(self) -> bool:
        return any(len(getattr(source, "shape", ())) > 1 for source in self._data)

    def _chooser(self, name: str, texts: Any, index: int) -> ComboBox:
        box = ComboBox(self)
        box.setObjectName(name)
        box.addItems(list(texts))
        box.setCurrentIndex(index)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.currentIndexChanged.connect(self._on_changed)
        return box

    def _lay_out(self, evident: bool) -> None:
        foreign = self._foreign
        self._content = QWidget(self)
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(20, 18, 20, 8)
        layout.setSpacing(12)
        heading = wrapping_label("heading", self)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setText(foreign.name)
        layout.addWidget(heading)
        self._what = self._words("", "what")
        layout.addWidget(self._what)
        if not evident:
            layout.addWidget(self._words(_DOUBT, "doubt"))
        layout.addLayout(self._form())
        for number, note in enumerate(foreign.notes[:4]):
            layout.addWidget(self._words(note, f"note_{number}"))
        layout.addWidget(self._problem)
        layout.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._yes = buttons.addButton("Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self._yes.setObjectName("accept")
        self._yes.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.setContentsMargins(20, 0, 20, 14)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll, 1)
        whole.addWidget(buttons)
        self._buttons = buttons

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as all sentences need, if the screen is."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        # Qt takes no account of sentences that wrap where it chooses a dialog's height.
        layout = self._content.layout()
        assert layout is not None
        needed = layout.totalHeightForWidth(self.width()) + self._buttons.sizeHint().height() + 8
        room = self.screen().availableGeometry().height() - 60
        self.resize(self.width(), min(needed, room))

    def _form(self) -> QGridLayout:
        code = "What each input is encoded as: a point of the latent space."
        mean = "The encoder's output that is the mean of each latent unit."
        plain = self._foreign.plain
        rows: tuple[tuple[str, QComboBox | QLineEdit, str], ...] = (
            ("Code" if plain else "Mean", self._mean, code if plain else mean),
            ("Spread", self._spread, "The output that says how wide each Gaussian is."),
            ("which is its", self._kind, "What that output is; the script that trained it knows."),
            ("Look at it with", self._source, "The data whose examples go through the model."),
            ("Values were scaled", self._scale, "The scale of the values that it was trained on."),
            ("Likelihood", self._likelihood, "What the decoder's output says of each value."),
            (
                "Condition",
                self._condition,
                "What the model is told beside x and z: the number of a class, counted from 0, or "
                "all numbers of its second input, separated by commas. It can be changed later, in "
                "Setup.",
            ),
        )
        says = evidence(self._foreign)
        form = QGridLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        of_encoder = () if self._foreign.has_encoder else rows[:4]
        for _, box, _ in of_encoder:
            box.hide()
        for title, box, help_ in rows[len(of_encoder) :]:
            label = QLabel(title, self)
            label.setBuddy(box)
            box.setAccessibleName(title)
            for widget in (label, box):
                widget.setToolTip(tip(help_))
            if box.isHidden():
                label.hide()
                continue
            row = form.rowCount()
            form.addWidget(label, row, 0)
            form.addWidget(box, row, 1)
            if why := says.get(box.objectName()):
                form.addWidget(self._words(why, f"evidence.{box.objectName()}"), row + 1, 1)
        return form

    def _words(self, text: str, name: str) -> QLabel:
        label = wrapping_label("muted", self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(text)
        return label

    @Slot()
    def _on_changed(self) -> None:
        """Say what is wrong with the present choices, before anything is read."""
        if not hasattr(self, "_yes"):
            return
        said = _described(self._foreign.with_code(self._mean.currentIndex()))
        try:
            network = settings_of(self._foreign, self.reading()).architecture
            problem = ""
            if isinstance(network, Conditional):
                said = f"{said} Beside them it is told {network.can_be_told}."
        except VaeguiError as error:
            problem = str(error)
        self._what.setText(said)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._yes.setEnabled(not problem)
        if problem and self.isVisible():
            self._fit()


def _described(foreign: Foreign) -> str:
    """What goes in, and what it is encoded as."""
    shape = " × ".join(map(str, foreign.shape))
    units = (
        f"{foreign.units:,} numbers of code" if foreign.plain else f"{foreign.units} latent units"
    )
    does = "Takes" if foreign.has_encoder else "Gives"
    return f"{does} {shape} values; {units}."


def _numbers(text: str) -> tuple[float, ...]:
    """The numbers of a text; none if it is something else."""
    try:
        return tuple(float(part) for part in re.split(r"[\s,;]+", text.strip()) if part)
    except ValueError:
        return ()


def _sources(foreign: Foreign, present: DataChoice | None) -> list[Any]:
    """The data that may be looked at: those that fit, others that Setup has, and none."""
    if not foreign.has_encoder:
        return [NoData.of_shape(foreign.shape)]
    sources: list[Any] = [source() for source in fitting_sources(foreign.shape)]
    if isinstance(present, OwnData) and (not present.shape or fits(present.shape, foreign.shape)):
        sources.insert(0, present)
    elif present in sources:
        sources.insert(0, sources.pop(sources.index(present)))
    return [*sources, NoData.of_shape(foreign.shape)]


def _called(source: Any) -> str:
    """What some data are called in the list."""
    if isinstance(source, NoData):
        return "No data: give it some later"
    return f"{source.label}: {source.name}" if isinstance(source, OwnData) else str(source.label)
