"""Everything the user can command, declared in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from PySide6.QtGui import QKeySequence

from vaegui.training.record.state import READY, RESTING, UNDER_WAY, State

__all__ = ["COMMANDS", "Command"]

_Key = QKeySequence.StandardKey
_ALWAYS: frozenset[State] = frozenset(get_args(State)) - {"closed"}


@dataclass(frozen=True, slots=True)
class Command:
    """One action.

    ``states`` are those in which it can be used; ``model``: only with a model; ``data``: not with
    one whose data are missing, unless it ``takes_data`` and Setup has some for the model;
    ``steps``: only with one of which earlier steps are kept; ``later`` is what it says at other
    times.
    """

    name: str
    text: str
    tip: str
    icon: str = ""
    keys: tuple[str | QKeySequence.StandardKey, ...] = ()
    states: frozenset[State] = _ALWAYS
    model: bool = False
    data: bool = False
    takes_data: bool = False
    steps: bool = False
    later: str = ""


COMMANDS = (
    Command(
        "train",
        "&Train",
        "Train the model that Setup describes; an existing model is trained further.",
        "train",
        ("F5", "Ctrl+R"),
        frozenset({"idle"}),
        data=True,
        takes_data=True,
        later="Con&tinue",
    ),
    Command(
        "train_anew",
        "Train a &new model",
        "Train a new model from random weights; the present one is given up.",
        "new",
        ("Ctrl+Shift+R",),
        RESTING,
    ),
    Command(
        "pause",
        "&Pause",
        "Rest after the present step; the weights stay as they are until you resume.",
        "pause",
        ("F7", "Pause"),
        frozenset({"training", "paused"}),
        later="&Resume",
    ),
    Command(
        "step",
        "&Step",
        "Do a single update of the weights, and rest.",
        "step",
        ("F8",),
        RESTING,
        data=True,
        takes_data=True,
    ),
    Command(
        "stop",
        "St&op",
        "End training after the present step; the model is kept and can be trained further.",
        "stop",
        ("Shift+F5",),
        UNDER_WAY | {"preparing"},
    ),
    Command(
        "reset",
        "&Reset",
        "Make the model untrained again: the same settings, new random weights.",
        "reset",
        (),
        RESTING,
        data=True,
    ),
    Command(
        "estimate",
        "&Estimate log p(x) ...",
        "Estimate how probable the test data are under the model, closer than the loss does; "
        "the model stays as it is.",
        "",
        (),
        READY,
        True,
        data=True,
    ),
    Command("open", "&Open ...", "Open a trained model.", "open", (_Key.Open,), READY),
    Command("open_data", "Open &data ...", "Look at your own data.", "table", ("Ctrl+Shift+O",)),
    Command("save", "&Save", "Save the model as it is now.", "save", (_Key.Save,), READY, True),
    Command(
        "save_as",
        "Save &As ...",
        "Save the model as it is now to another file.",
        "save-as",
        (_Key.SaveAs, "Ctrl+Shift+S"),
        READY,
        True,
    ),
    Command(
        "import_model",
        "&Import a Keras model ...",
        "Look at a VAE that a Keras script saved: one file, or its encoder and decoder.",
        "",
        (),
        READY,
    ),
    Command(
        "import_weights",
        "Import &weights ...",
        "Put the weights of a .safetensors, .h5 or .keras file with the same layers into "
        "the model.",
        "",
        (),
        RESTING,
        True,
        data=True,
    ),
    Command(
        "export_weights",
        "&Export weights ...",
        "Write the weights as they are now to a .safetensors file, for other programs.",
        "",
        (),
        READY,
        True,
    ),
    Command(
        "export_script",
        "Export as &Keras script ...",
        "Write a Python script, without this program, that makes and trains the same model and "
        "takes the picked input apart.",
        "",
        (),
        _ALWAYS,
        True,
    ),
    Command("quit", "&Quit", "Close the program.", "quit", (_Key.Quit, "Ctrl+Q")),
    Command(
        "explain",
        "E&xplain",
        "Take the network apart for the picked input: how its mean and standard deviation are "
        "computed, with the model's own numbers.",
        "explain",
        # Ctrl+E alone would not do: it goes to the end of the line in a field that is edited.
        ("F9", "Ctrl+E"),
    ),
    Command(
        "play",
        "&Play the timeline",
        "Show how the model learned: all panels go from one kept step to the next.",
        "play",
        ("Ctrl+Space",),
        model=True,
        steps=True,
    ),
    Command(
        "copy_picture",
        "&Copy panel as picture",
        "Copy the picture of the panel that was used last, to paste it elsewhere.",
        "copy",
        ("Ctrl+Shift+C",),
        model=True,
    ),
    Command(
        "save_picture",
        "Save panel as &picture ...",
        "Save the picture of the panel that was used last as PNG, SVG or PDF, in any size.",
        "picture",
        ("Ctrl+Shift+P",),
        model=True,
    ),
    Command(
        "reset_view",
        "Reset &view of panel",
        "Show everything again in the panel that was used last: nothing zoomed or moved.",
        "fit",
        ("Alt+Home",),
        model=True,
    ),
    Command(
        "full_screen",
        "&Full screen",
        "Show the window without frame and taskbar, or with them again.",
        "full-screen",
        ("F11",),
    ),
    Command(
        "larger_text",
        "&Larger text",
        "Make all text larger, in the panels, too.",
        "text-larger",
        ("Ctrl++", "Ctrl+="),
    ),
    Command(
        "smaller_text",
        "&Smaller text",
        "Make all text smaller, in the panels, too.",
        "text-smaller",
        ("Ctrl+-",),
    ),
    Command(
        "normal_text",
        "&Usual text",
        "Make all text as large as at first.",
        "text-normal",
        ("Ctrl+0",),
    ),
    Command("reset_layout", "&Reset layout", "Put all docks back where they were.", "layout"),
    Command("next_panel", "&Next panel", "Move the keyboard to the next panel.", "", ("F6",)),
    Command(
        "previous_panel",
        "&Previous panel",
        "Move the keyboard to the previous panel.",
        "",
        ("Shift+F6",),
    ),
    Command(
        "welcome", "&Welcome", "Show the examples to begin with, and what everyone asks.", "info"
    ),
    Command(
        "tour",
        "Guided &tour",
        "Ten short steps through the window with six features of wines, from one input to its "
        "Gaussian.",
    ),
    Command("guide", "&User guide", "Read what everything means.", "", ("F1",)),
    Command(
        "shortcuts", "&Keyboard shortcuts", "List all keys that do something.", "", ("Ctrl+/",)
    ),
    Command(
        "log_folder",
        "Open &log folder",
        "Show the folder where the program notes what it did and what went wrong.",
    ),
    Command(
        "diagnostics",
        "Copy &diagnostics",
        "Copy versions, device, settings and the last errors, to paste them into a report; "
        "no data and no file names.",
        "copy",
    ),
    Command("about", "&About vaegui", "Versions of the program and its parts.", "info"),
)
