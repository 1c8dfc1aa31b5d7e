"""The script as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from vaegui.core.architectures import Imported
from vaegui.core.likelihoods import LearnedGaussian
from vaegui.core.objective import Capacity
from vaegui.data import DataDescription, GivenArray, SixFeatures
from vaegui.errors import FileError
from vaegui.files.atomic import replacing
from vaegui.files.script.course import course
from vaegui.files.script.examples import Examples, examples, scaling
from vaegui.files.script.loss import changes_beta, likelihood, model, objective_constants
from vaegui.files.script.network import network
from vaegui.files.script.source import block, joined, literal
from vaegui.files.script.worked import worked
from vaegui.runs.run import Run
from vaegui.training.settings.settings import Settings
from vaegui.version import __version__

__all__ = ["ScriptExample", "script", "script_of", "write_script"]

ROWS = 12
"""Rows of a read-out's table; the rest is summed up."""


@dataclass(frozen=True, slots=True)
class ScriptExample:
    """The input that the script takes apart.

    Attributes
    ----------
    row
        Its place in the test part.
    probe, noise
        Which probe of the program it is, and which draw of eps; the script then draws the same.
    units
        Indices of the latent units whose read-outs are printed.
    epoch
        How many epochs the run has done; it says how the KL term of loaded weights is weighed.
        None for all.
    """

    row: int = 0
    probe: int = 0
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


def script_of(run: Run, probe: int = 0, noise: int = 0, units: tuple[int, ...] = (0, 1)) -> str:
    """The script of a run; it takes the same input apart as the program does: `ScriptExample`."""
    refs = run.begun.probes.refs
    row = refs[probe].row if probe < len(refs) else 0
    changes = tuple(f"{what} after step {step:,}" for step, what in run.history.marks)
    # What the last step was weighed with.
    epoch = max(0, run.step - 1) / run.begun.steps_per_epoch if run.step else None
    example = ScriptExample(row, probe, noise, units, epoch)
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
    """
    example = example or ScriptExample()
    loaded = examples(settings)
    parts = joined(
        _constants(settings, example, loaded),
        SEEDS,
        loaded.load,
        scaling(settings, data),
        network(settings, data.shape),
        likelihood(settings),
        model(settings, data.shape),
        course(settings),
        worked(features=isinstance(settings.data, SixFeatures)),
        _load_weights(settings),
        _main(settings, example, loaded),
    )
    return joined(_head(settings, data, changes), _imports(parts, loaded), parts, lines=1) + "\n"


def _head(settings: Settings, data: DataDescription, changes: tuple[str, ...]) -> str:
    notes = "\n".join(_notes(settings, changes))
    return f'''"""A variational autoencoder in plain Keras: {_plain(data.name)}.

Written by vaegui {__version__} from the settings of a run. The script makes the same
model, begins with the same weights, trains it on the same batches with the same noise, and then
takes one input apart, number by number. Only rounding differs. All losses are in nats per example.

    python SCRIPT                         train, then take an input apart
    python SCRIPT --weights run.keras     with the weights of a file that vaegui saved
    python SCRIPT --epochs 3 --input 7    for fewer epochs; another test example

{notes}
"""'''


def _notes(settings: Settings, changes: tuple[str, ...]) -> list[str]:
    """What the script cannot or does not do as the program does."""
    training, notes = settings.training, []
    if training.compiler == "xla":
        notes.append("Steps are not compiled by XLA, which changes rounding and speed only.")
    if isinstance(settings.architecture, Imported):
        notes.append("The layers came with weights of their own. This script begins with new ones,")
        notes.append("unless --weights names a file.")
    if isinstance(settings.data, GivenArray) and settings.data.split.stratified:
        notes.append("The parts are drawn without regard to classes.")
    if changes:
        notes.append("Changed while the run trained, and used from the first step on here:")
        notes += [f"    {_plain(change)}" for change in changes]
    if not notes:
        return ["It expresses all settings of the run."]
    return ["Different from the run:", *(f"    {note}" for note in notes)]


def _plain(text: str) -> str:
    """Words that may be a stranger's, so that they cannot end the script's docstring."""
    return re.sub(r"[^\w .,:;()+-]", " ", text, flags=re.ASCII)[:80]


def _imports(parts: str, loaded: Examples) -> str:
    needed = [n for n in ("io", "math", "zipfile") if re.search(rf"(?<!tf\.)\b{n}\.", parts)]
    standard = [f"import {name}" for name in sorted(["argparse", *needed])]
    others = ["import keras", "import numpy as np", "import tensorflow as tf"]
    return "\n".join([*standard, "", *others, "from keras import layers", *loaded.imports])


def _constants(settings: Settings, example: ScriptExample, loaded: Examples) -> str:
    training = settings.training
    shown = _shown(example.units, settings.latent_units)
    lines = [
        f"SEED = {training.seed}",
        f"EPOCHS = {training.epochs}",
        f"BATCH_SIZE = {training.batch_size}",
        f"LEARNING_RATE = {settings.optimiser.learning_rate!r}",
        f"UNITS = {settings.latent_units}  # dimensions of the latent space",
        *objective_constants(settings.objective),
        f"INPUT = {example.row}  # which example of the test part is taken apart",
        f"SHOWN = {shown}  # units whose read-outs are printed",
        f"ROWS = {ROWS}  # so many of the largest products are printed",
    ]
    return "\n".join([*lines, *([loaded.constants] if loaded.constants else [])])


def _shown(units: tuple[int, ...], count: int) -> str:
    """The different ones of the units that there are."""
    return literal(tuple(dict.fromkeys(unit for unit in units if unit < count)))


def _load_weights(settings: Settings) -> str:
    learned = LOG_SD if isinstance(settings.likelihood, LearnedGaussian) else ""
    return LOAD_WEIGHTS + learned


def _main(settings: Settings, example: ScriptExample, loaded: Examples) -> str:
    training, before = settings.training, []
    if training.precision == "mixed":
        before.append('keras.config.set_dtype_policy("mixed_bfloat16")')
    if training.deterministic:
        before.append("tf.config.experimental.enable_op_determinism()")
    option = '    parser.add_argument("--data", default=DATA, help="file of the examples")\n'
    text = MAIN.replace("    DATA_OPTION\n", option * loaded.in_a_file)
    text = text.replace("    BEFORE\n", "".join(f"    {line}\n" for line in before))
    text = text.replace(
        "load_data()", "load_data(options.data)" if loaded.in_a_file else "load_data()"
    )
    if loaded.in_three:
        others = "np.concatenate([x_validation, x_test])"
        text = text.replace("x_train, x_test = load", "x_train, x_validation, x_test = load")
        text = text.replace("(x_train, x_test)", f"(x_train, {others})")
        text = text.replace("to_model(x_test, scaling)", "to_model(x_validation, scaling)")
    weighing = _weighing(settings, training.epochs if example.epoch is None else example.epoch)
    text = text.replace("        WEIGHING\n", "".join(f"        {line}\n" for line in weighing))
    text = text.replace("COUNTER", str(1 + example.noise)).replace("PROBE", str(example.probe))
    if training.device == "auto":
        return f"{text}\n\n\n{START}"
    start = START.replace("main()", f'with tf.device("{training.device}"):\n        main()')
    return f"{text}\n\n\n{start}"


def _weighing(settings: Settings, epoch: float) -> list[str]:
    """Lines that weigh the KL term as it was after so many epochs, where that changes."""
    lines = []
    if changes_beta(settings.objective):
        lines.append(f"vae.beta.assign(kl_weight({epoch:.6g}, EPOCHS))")
    if isinstance(settings.objective.constraint, Capacity):
        lines.append(f"vae.capacity.assign(capacity({epoch:.6g}))")
    return lines


SEEDS = block('''
    def seeds(seed, count):
        """Independent seeds that follow from one."""
        return [int(n) for n in np.random.SeedSequence(seed).generate_state(count)]


    WEIGHTS_SEED, NOISE_SEED = seeds(SEED, 2)
''')

LOAD_WEIGHTS = block('''
    def load_weights(vae, path):
        """Take the weights of a model that vaegui saved."""
        saved = keras.saving.load_model(path)
        for part in (vae.encoder, vae.decoder):
            part.set_weights(saved.get_layer(part.name).get_weights())
''')

LOG_SD = """
    with zipfile.ZipFile(path) as archive:
        state = np.load(io.BytesIO(archive.read("vaegui/state.npz")))
        vae.log_sd.assign(state["likelihood/log_sd"])"""

MAIN = block('''
    def main():
        """Train or load, then take one input apart."""
        parser = argparse.ArgumentParser(description="Train a VAE and take one input apart.")
        parser.add_argument("--epochs", type=int, default=EPOCHS)
        parser.add_argument("--weights", help=".keras file saved by vaegui, instead of training")
        parser.add_argument("--input", type=int, default=INPUT, help="row of the test part")
        DATA_OPTION
        options = parser.parse_args()
        BEFORE
        x_train, x_test = load_data()
        scaling = find_scaling(x_train, x_test)
        vae = VAE()
        if options.weights:
            load_weights(vae, options.weights)
            WEIGHING
        else:
            train(vae, to_model(x_train, scaling), to_model(x_test, scaling), options.epochs)
        # The noise that vaegui shows this input with.
        random = np.random.Philox(counter=[0, 0, 0, COUNTER], key=[SEED, PROBE])
        eps = np.random.Generator(random).standard_normal(UNITS, np.float32)
        print(f"\\nExample {options.input} of the test part")
        take_apart(vae, x_test[options.input], eps, scaling)
''')

START = block("""
    if __name__ == "__main__":
        main()
""")
