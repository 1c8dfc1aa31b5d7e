"""The command line: the same training as in the window, without one."""

from __future__ import annotations

import importlib
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

from cyclopts import App, CycloptsError, Parameter

from vaegui.cli.evaluate import evaluate
from vaegui.cli.follow import follow
from vaegui.cli.keeping import Keeper
from vaegui.cli.latent.decode import decode, sample, traverse
from vaegui.cli.latent.encode import encode
from vaegui.cli.models import export, import_keras
from vaegui.cli.own_data import MissingWords, also_missing, own_path, ready_to_train, show_data
from vaegui.cli.results import print_results
from vaegui.cli.settings import first_settings, parsed, settings_help
from vaegui.data import Dataset
from vaegui.errors import Cancelled, FileError, SettingsWarning, VaeguiError
from vaegui.machine.log import stderr_beside_log
from vaegui.training.record.events import Event
from vaegui.training.settings.settings import Settings
from vaegui.training.settings.size import require_room
from vaegui.version import __version__

if TYPE_CHECKING:
    from vaegui.model_run import ModelRun

__all__ = ["main"]

USER_ERROR = 2
INTERRUPTED = 130
"""What a shell expects of a program that ended by Ctrl+C (128 + SIGINT)."""
_SHOWN_BY_PYTHON = warnings.showwarning


def main(argv: list[str]) -> int:
    """Run one command and give its exit code: 0 done, 2 the user's to mend, 130 stopped.

    Parameters
    ----------
    argv
        The words after the program's name.
    """
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _tell_warning
            return int(_app()(argv) or 0)
    except CycloptsError as error:
        # As far as the command is known: `vaegui sample`, or only `vaegui`.
        command = " ".join(["vaegui", *(error.command_chain or ())])
        return _complain(str(error), f"{command} --help lists all options.")
    except Cancelled as error:
        return _complain(str(error), "", INTERRUPTED)
    except VaeguiError as error:
        return _complain(error.message, error.remedy)
    except KeyboardInterrupt:
        return _complain("Stopped; nothing was saved.", "", INTERRUPTED)


def train(
    *,
    out: Path | None = None,
    run_folder: Path | None = None,
    data: str | None = None,
    epochs: int | None = None,
    seed: int | None = None,
    set_: Annotated[tuple[str, ...], Parameter(name="--set", negative="", show_default=False)] = (),
    missing: MissingWords = (),
    settings: Path | None = None,
    preset: str | None = None,
    report: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative="", show_default=False)] = False,
    take_advice: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    any_size: Annotated[bool, Parameter(negative="", show_default=False)] = False,
) -> int:
    """Train a model and save it.

    Ctrl+C stops between two steps and saves what was learned; the exit code is then 130. If the
    program is killed, or cannot save, the window offers at its next start what was kept last.

    Parameters
    ----------
    out
        The .keras file to write. One that is there is replaced, at the end and as a whole.
    run_folder
        A new folder that is written while the model trains, for "vaegui follow": settings,
        history, and the model as it was last. Give it, or --out, or both.
    data
        What to train on: a name, short for --set data.kind=NAME, or a file or folder of yours.
        "vaegui data" says what a file holds.
    epochs
        How often to go through all examples; short for --set training.epochs=N.
    seed
        Start of all random numbers; short for --set training.seed=S.
    set_
        PATH=VALUE for any setting of the list below; may be given again and again.
    missing
        A word that stands for a missing value in a text file; may be given again and again.
    settings
        A JSON file with settings, such as "vaegui settings" prints. The other options go before.
    preset
        An example's settings instead of the defaults: six-features, digits or
        digits-convolutional. The other options go before.
    report
        A folder for all pictures and an index.html.
    json_
        Print the results as one line of JSON on stdout.
    take_advice
        Take every remedy and every advice that "vaegui data" has for the file.
    any_size
        Train also a network that takes more memory than is free.
    """
    from vaegui.files.atomic import check_writable
    from vaegui.files.autosave import Autosave
    from vaegui.files.model.model_file import check_name
    from vaegui.files.recovery import autosave_folder
    from vaegui.files.run_folder.layout import CHECKPOINT
    from vaegui.files.run_folder.writer import RunWriter

    values = {**also_missing(missing), **parsed(set_)}
    path = own_path(data, values)
    short = {
        "data.kind": data if path is None else None,
        "training.epochs": epochs,
        "training.seed": seed,
    }
    values = {**{name: value for name, value in short.items() if value is not None}, **values}
    chosen, dataset = first_settings(settings, preset), None
    if path is None:
        chosen = chosen.with_values(values)
    # Before anything that takes long: nobody wants to learn at the end that nothing can be saved.
    if out is not None:
        check_writable(check_name(out))
        saved = out
    elif run_folder is not None:
        saved = run_folder / CHECKPOINT
    else:
        raise FileError("It is not said where to save.", "Add --out FILE.keras.")
    if report is not None:
        from vaegui.files.report import make_folder

        make_folder(report)
    if path is not None:
        ready = ready_to_train(path, values, chosen, take_advice=take_advice)
        if ready is None:
            return USER_ERROR
        chosen, dataset = ready
    if not any_size:
        require_room(chosen)
    if doubt := chosen.check():
        print(f"vaegui: {doubt}", file=sys.stderr)
    writer = None if run_folder is None else RunWriter(run_folder)
    with Keeper(Autosave(autosave_folder()), writer, saved, _complain) as keeper:
        run = _trained(chosen, dataset, keeper)
        try:
            keeper.finish(run)
        finally:
            if out is not None:
                run.save(out)
    if report is not None:
        from vaegui.files.report import write_report

        write_report(run, report)
    print_results(run, saved, as_json=json_)
    stopped = run.finished is not None and run.finished.reason == "stopped"
    return INTERRUPTED if stopped else 0


def show_settings() -> int:
    """Print the default settings as JSON, for a file that --settings takes."""
    print(Settings().model_dump_json(indent=2))
    return 0


def show_devices() -> int:
    """List what can compute here, and why no GPU does where none does."""
    with stderr_beside_log():
        from vaegui.training.model.devices import devices

        found = devices()
    for name, device in found.items():
        shown = "" if device.name == name else device.name
        print(f"{name:<6} {shown or device.reason}".rstrip())
    return 0


def _app() -> App:
    app = App(
        name="vaegui",
        help="Train a variational autoencoder. Without a command, the window opens: with a model's "
        "file on that model, with --data PATH on a file or folder of data; with both, the model "
        "has these data.",
        version=__version__,
        help_format="plaintext",
        result_action="return_value",
        exit_on_error=False,
        print_error=False,
        suppress_keyboard_interrupt=False,
    )
    app.command(train, help_epilogue=settings_help())
    app.command(show_data, name="data")
    app.command(follow)
    app.command(evaluate)
    app.command(encode)
    app.command(decode)
    app.command(sample)
    app.command(traverse)
    app.command(import_keras, name="import")
    app.command(export)
    app.command(show_settings, name="settings")
    app.command(show_devices, name="devices")
    return app


def _trained(settings: Settings, dataset: Dataset | None, keeper: Keeper) -> ModelRun:
    """Train, showing progress, keeping the run meanwhile, listening to Ctrl+C."""
    from vaegui.cli.progress import Display, Interrupt

    with Display() as display, Interrupt() as interrupt, warnings.catch_warnings():
        # Told before the data were loaded.
        warnings.simplefilter("ignore", SettingsWarning)
        with stderr_beside_log():
            # TensorFlow comes with it.
            importlib.import_module("vaegui.training.trainer.trainer")
            from vaegui.api import create
        run = create(settings, display.progress, dataset=dataset)

        def on_event(event: Event) -> None:
            display.show(event)
            keeper.add(run, event)
            interrupt.check()

        run.go_on(on_event=on_event)
        return run


def _tell_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning about settings in words, and any other as Python does."""
    if issubclass(category, SettingsWarning):
        print(f"vaegui: {message}", file=sys.stderr)
    else:
        _SHOWN_BY_PYTHON(message, category, filename, lineno, file, line)


def _complain(message: str, remedy: str, code: int = USER_ERROR) -> int:
    print(f"vaegui: {message}", file=sys.stderr)
    if remedy:
        print(f"        {remedy}", file=sys.stderr)
    return code
