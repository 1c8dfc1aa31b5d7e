"""The script as a whole: `templates/script.py.jinja`, filled in."""

from __future__ import annotations

import inspect
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from vaegui.data import DataDescription, ExampleRef, NoData
from vaegui.data.source import Part
from vaegui.declared import Choice
from vaegui.errors import FileError
from vaegui.files.atomic import replacing
from vaegui.files.script.source import call, layers_of, literal, named, source_of
from vaegui.paths import resource
from vaegui.runs.run import Run
from vaegui.training.settings.settings import Settings
from vaegui.version import __version__

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["ScriptExample", "script", "script_of", "write_script"]


@dataclass(frozen=True, slots=True)
class ScriptExample:
    """The input that the script takes apart.

    Attributes
    ----------
    part, row
        Where it is in the data.
    noise_key, noise
        The key of the noise that the program shows it with, and which draw of eps; the script then
        draws the same.
    units
        Indices of the latent units whose read-outs are printed.
    epoch
        How many epochs the run has done; it says how the KL term of loaded weights is weighed.
        None for all.
    """

    part: Part = "test"
    row: int = 0
    noise_key: int = 0
    noise: int = 0
    units: tuple[int, ...] = (0, 1)
    epoch: float | None = None


def write_script(path: Path, text: str) -> None:
    """Write a script, completely or not at all.

    Raises
    ------
    FileError
        If the name does not end in ``.py``, or the file cannot be written.
    """
    if path.suffix != ".py":
        raise FileError(f"{path} does not end in .py.", f"Give a name such as {path.stem}.py.")
    text = text.replace("python SCRIPT", f"python {_plain(path.name)}")
    with replacing(path) as temporary:
        temporary.write_text(text, "utf-8")


def script_of(
    run: Run,
    picked: ExampleRef | None = None,
    noise: int = 0,
    units: tuple[int, ...] = (0, 1),
) -> str:
    """The script of a run; it takes the same input apart as the program does: `ScriptExample`."""
    begun = run.begun
    first = ExampleRef(begun.data.sha256, "test" if begun.data.test_examples else "train", 0)
    ref = picked or next(iter(begun.probes.refs), first)
    changes = tuple(f"{what} after step {step:,}" for step, what in run.history.marks)
    # What the last step was weighed with.
    epoch = max(0, run.step - 1) / run.begun.steps_per_epoch if run.step else None
    key = begun.probes.noise_key(ref)
    example = ScriptExample(ref.part, ref.row, key, noise, units, epoch)
    return script(run.begun.settings, run.begun.data, example, changes)


def script(
    settings: Settings,
    data: DataDescription,
    example: ScriptExample | None = None,
    changes: tuple[str, ...] = (),
) -> str:
    """A Python script that needs Keras and NumPy, and for some data scikit-learn, alone.

    It begins with the same weights, takes the same batches and draws the same noise as the
    program, so that both come to the same model but for rounding.

    Parameters
    ----------
    settings, data
        Of the run.
    example
        What to take apart; the first example of the test part if None.
    changes
        What was changed while the run trained, each in a few words.

    Raises
    ------
    FileError
        If the model is a plain autoencoder, or has no data.
    """
    if isinstance(settings.data, NoData):
        raise FileError(
            "A script trains a model on data; this one was opened without any.",
            "Give it some first. Its file opens in Keras as it is.",
        )
    if not settings.has_spread:
        raise FileError(
            "Scripts are written of VAEs; this model is a plain autoencoder.",
            "Its file opens in Keras as it is: keras.saving.load_model(path).get_layer('encoder').",
        )
    example = example or ScriptExample()
    training = settings.training
    return _template().render(
        version=__version__,
        settings=settings,
        data=data,
        example=example,
        changes=changes,
        shown=tuple(dict.fromkeys(unit for unit in example.units if unit < settings.latent_units)),
        epoch=training.epochs if example.epoch is None else example.epoch,
        settled=math.ceil(settings.objective.settled_after(training.epochs)),
        optimiser=_optimiser(settings),
        sample=resource("mnist-sample.npz").as_posix(),
        # Constants and functions of the file that declares the source.
        declared=inspect.getmodule(type(settings.data)),
    )


def _optimiser(settings: Settings) -> str:
    chosen = settings.optimiser
    arguments = chosen.model_dump(exclude={"kind", "learning_rate", "schedule", "clip_norm"})
    if chosen.clip_norm:
        arguments["global_clipnorm"] = chosen.clip_norm
    before = f"return keras.optimizers.{type(chosen).__name__}("
    return call(before, ["LEARNING_RATE", *named(arguments)])


def _plain(text: str) -> str:
    """Words that may be a stranger's, so that they cannot end the script's docstring."""
    return re.sub(r"[^\w .,:;()+-]", " ", text, flags=re.ASCII)[:80]


def _using(text: str, name: str) -> bool:
    """Whether source text uses a name, not as an attribute of another, as tf.math is."""
    return re.search(rf"(?<![\w.]){re.escape(name)}", text) is not None


def _lacking(choice: Choice) -> NoReturn:
    """Say where a new choice was forgotten; tests make a script with each that there is."""
    raise NotImplementedError(f"The templates lack a case for {type(choice).__name__}.")


@cache
def _template() -> Template:
    # With the first script: it takes a tenth of a second to import, which the window need not wait.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(literal=literal, plain=_plain)
    environment.tests.update(using=_using)
    environment.globals.update(
        lacking=_lacking, layers_of=layers_of, product=math.prod, source_of=source_of
    )
    return environment.get_template("script.py.jinja")
