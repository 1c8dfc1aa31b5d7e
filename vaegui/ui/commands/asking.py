"""What the commands ask the user; tests put their own answers in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from vaegui.data import DataChoice
from vaegui.files.foreign.halves.finding import Foreign
from vaegui.files.foreign.roles.proposal import Reading
from vaegui.training.settings.settings import Settings
from vaegui.ui.notices.dialogs import ask_unsaved
from vaegui.ui.notices.import_dialog import ask_reading
from vaegui.ui.notices.picture_dialog import PictureSize, ask_picture_size

__all__ = ["Asking", "differences"]

FILTER = "Keras models (*.keras)"
OPENED = "Models (*.keras *.h5 *.hdf5 *.json);;All files (*)"
"""Files of strangers may be called anything: they are told by their content."""


def ask_open(parent: QWidget | None, folder: str) -> str:
    """Ask for a model file to open; empty if none was chosen."""
    return QFileDialog.getOpenFileName(parent, "Open a model", folder, OPENED)[0]


def ask_data_file(parent: QWidget | None, folder: str) -> str:
    """Ask for a file of examples; empty if none was chosen."""
    kinds = (
        "Data (*.npy *.npz *.csv *.tsv *.txt *.parquet *.arrow *.feather *.h5 *.hdf5 *.zip *.gz "
        "*idx* *ubyte *.tif *.tiff);;All files (*)"
    )
    return QFileDialog.getOpenFileName(parent, "Open data", folder, kinds)[0]


def ask_data_folder(parent: QWidget | None, folder: str) -> str:
    """Ask for a folder of pictures; empty if none was chosen."""
    return QFileDialog.getExistingDirectory(parent, "Open a folder of pictures", folder)


def ask_ledger(parent: QWidget | None, proposal: str) -> str:
    """Ask where to save what was left out; empty if nowhere. The ending says of what kind."""
    kinds = "Table (*.csv);;JSON (*.json)"
    path, kind = QFileDialog.getSaveFileName(parent, "Save the list", proposal, kinds)
    known = path.lower().endswith((".csv", ".json"))
    return path if not path or known else f"{path}{'.json' if 'JSON' in kind else '.csv'}"


def ask_save(parent: QWidget | None, proposal: str) -> str:
    """Ask where to save the model; empty if nowhere. The name ends with .keras."""
    path = QFileDialog.getSaveFileName(parent, "Save the model", proposal, FILTER)[0]
    return path if not path or path.endswith(".keras") else f"{path}.keras"


def ask_picture(parent: QWidget | None, proposal: str) -> str:
    """Ask where to save a picture; empty if nowhere. The name's ending says of what kind."""
    kinds = "PNG (*.png);;SVG (*.svg);;PDF (*.pdf)"
    path, kind = QFileDialog.getSaveFileName(parent, "Save the picture", proposal, kinds)
    known = path.lower().endswith((".png", ".svg", ".pdf"))
    return path if not path or known else f"{path}.{kind[:3].lower() or 'png'}"


def ask_new_model(
    parent: QWidget | None, changed: list[str]
) -> Literal["new", "continue", "cancel"]:
    """Ask what to train when Setup describes another model than the one that is there."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("vaegui")
    box.setText("These settings need a new model.")
    box.setInformativeText(
        f"Changed since the present model was made: {', '.join(changed)}.\n\n"
        "A new model starts untrained. Continuing trains the present model with its own settings "
        "and puts those back into Setup."
    )
    new = box.addButton("New model", QMessageBox.ButtonRole.AcceptRole)
    go_on = box.addButton("Continue the present one", QMessageBox.ButtonRole.ActionRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(new)
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    return "new" if chosen is new else "continue" if chosen is go_on else "cancel"


def ask_too_large(parent: QWidget | None, problem: str) -> bool:
    """Ask whether to begin with a network that does not fit into memory; ``problem`` says why."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("vaegui")
    box.setText(problem)
    box.setInformativeText(
        "The system may become very slow, or end this program. Narrower layers or a smaller batch "
        "size take less."
    )
    begin = box.addButton("Train it all the same", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    return chosen is begin


def ask_samples(parent: QWidget | None) -> int:
    """Ask how many draws of z for each example log p(x) is estimated with; 0 if not at all."""
    samples, yes = QInputDialog.getInt(
        parent,
        "Estimate log p(x)",
        "Draws of z for each example of the test data, 1 to 5,000.\n"
        "More come closer to log p(x) from below, and take longer.",
        50,
        1,
        5_000,
    )
    return samples if yes else 0


def differences(old: Settings, new: Settings) -> list[str]:
    """The titles of the groups of settings in which two differ, epochs apart."""
    epochs = {"training": {"epochs"}}
    before, after = old.model_dump(exclude=epochs), new.model_dump(exclude=epochs)
    fields = Settings.model_fields
    return [fields[name].title or name for name in before if before[name] != after[name]]


def ask_foreign(parent: QWidget | None, folder: str) -> list[str]:
    """Ask for a Keras model to import, or its encoder and decoder; nothing if none was chosen."""
    title = "A Keras model, or its encoder and decoder"
    return QFileDialog.getOpenFileNames(parent, title, folder, OPENED)[0]


def ask_weights(parent: QWidget | None, folder: str) -> str:
    """Ask for a file of weights; empty if none was chosen."""
    kinds = "Weights (*.safetensors *.h5 *.hdf5 *.keras);;All files (*)"
    return QFileDialog.getOpenFileName(parent, "Import weights", folder, kinds)[0]


def ask_export(parent: QWidget | None, proposal: str) -> str:
    """Ask where to write weights; empty if nowhere. The name ends with .safetensors."""
    kinds = "Safetensors (*.safetensors)"
    path = QFileDialog.getSaveFileName(parent, "Export the weights", proposal, kinds)[0]
    return path if not path or path.endswith(".safetensors") else f"{path}.safetensors"


def ask_script(parent: QWidget | None, proposal: str) -> str:
    """Ask where to write a script; empty if nowhere. The name ends with .py."""
    path = QFileDialog.getSaveFileName(parent, "Export as script", proposal, "Python (*.py)")[0]
    return path if not path or path.endswith(".py") else f"{path}.py"


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions: files to open and to save to, unsaved changes, another model, draws."""

    open_file: Callable[[QWidget | None, str], str] = ask_open
    save_file: Callable[[QWidget | None, str], str] = ask_save
    unsaved: Callable[[QWidget | None, str], Literal["save", "discard", "cancel"]] = ask_unsaved
    new_model: Callable[[QWidget | None, list[str]], Literal["new", "continue", "cancel"]] = (
        ask_new_model
    )
    too_large: Callable[[QWidget | None, str], bool] = ask_too_large
    samples: Callable[[QWidget | None], int] = ask_samples
    picture_size: Callable[[QWidget | None, PictureSize], PictureSize | None] = ask_picture_size
    save_picture: Callable[[QWidget | None, str], str] = ask_picture
    foreign_files: Callable[[QWidget | None, str], list[str]] = ask_foreign
    reading: Callable[[QWidget | None, Foreign, DataChoice | None], Reading | None] = ask_reading
    weights_file: Callable[[QWidget | None, str], str] = ask_weights
    export_file: Callable[[QWidget | None, str], str] = ask_export
    script_file: Callable[[QWidget | None, str], str] = ask_script
    data_file: Callable[[QWidget | None, str], str] = ask_data_file
    data_folder: Callable[[QWidget | None, str], str] = ask_data_folder
    ledger_file: Callable[[QWidget | None, str], str] = ask_ledger
