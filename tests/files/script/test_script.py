"""The exported script, run by a Python that cannot import the program, against the program."""

import re
import subprocess
import sys
from typing import Literal, get_args

import numpy as np
import pytest

import vaegui
from tests.queries.asking import ask
from vaegui.core.architectures import Architecture, Conditional, Imported
from vaegui.core.likelihoods import Likelihood
from vaegui.core.objective import Constraint
from vaegui.core.schedules import RateSchedule, WarmUp
from vaegui.data import DataChoice, NoData
from vaegui.data.rescale import Rescale
from vaegui.declared import Choice
from vaegui.errors import FileError
from vaegui.files.script.document import script, script_of, write_script
from vaegui.presets import PRESETS, SIX_FEATURES
from vaegui.progress import no_progress
from vaegui.queries.explain import Explain
from vaegui.training.settings.optimisers import Optimiser
from vaegui.training.settings.settings import Settings
from vaegui.training.settings.stopping import Stopping

WITHOUT_THE_PROGRAM = (
    "import runpy, sys; sys.modules['vaegui'] = None; sys.argv = sys.argv[1:]; "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)
PROBE, NOISE = 3, 2

DENSE = SIX_FEATURES.settings.with_values({"training.epochs": 30})
MUCH = Settings().with_values(
    {
        "data.kind": "digits",
        "architecture.widths": [12, 8],
        "likelihood.kind": "gaussian-learned",
        "objective.warm_up.kind": "linear",
        "objective.warm_up.length": 4,
        "objective.constraint.kind": "free-bits",
        "optimiser.kind": "adamw",
        "optimiser.schedule.kind": "cosine",
        "optimiser.clip_norm": 1.0,
        "training.epochs": 3,
    }
)
CONVOLUTIONAL = Settings().with_values(
    {
        "data.kind": "digits",
        "architecture.kind": "conv",
        "architecture.filters": [2, 3, 4, 5],
        "latent_units": 3,
        "training.epochs": 2,
    }
)


def printed(path, *options):
    command = [sys.executable, "-c", WITHOUT_THE_PROGRAM, str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def number(text, name):
    return float(re.search(rf"^{re.escape(name)} = (-?[\d.]+)", text, re.MULTILINE)[1])


# The warm-up of one goes on beyond its end: loaded weights are then weighed as they were.
@pytest.mark.filterwarnings("ignore::vaegui.errors.SettingsWarning")
@pytest.mark.parametrize("settings", [DENSE, MUCH, CONVOLUTIONAL], ids=["dense", "much", "conv"])
def test_the_script_computes_what_the_program_computes(settings, tmp_path):
    run = vaegui.train(settings)
    model, path = tmp_path / "run.keras", tmp_path / "run.py"
    run.save(model)
    picked = run.begun.probes.refs[PROBE]
    write_script(path, script_of(run, picked, NOISE))
    worked = ask(run.trainer, Explain(picked, noise=NOISE)).passed

    loaded = printed(path, "--weights", str(model))
    # The convolutional one takes longest, and trains by the same lines.
    trained = loaded if settings is CONVOLUTIONAL else printed(path)

    expected = {
        "mu_1": worked.mean[0],
        "log_var_1": worked.log_var[0],
        "mu_2": worked.mean[1],
        "log_var_2": worked.log_var[1],
        "reconstruction term": worked.reconstruction_terms.sum(),
        "KL": worked.kl_by_unit.sum(),
        "loss of this input": worked.total,
    }
    for name, value in expected.items():
        assert number(loaded, name) == pytest.approx(value, rel=1e-5, abs=2e-6), name
        # The same steps are done in another order of rounding.
        assert number(trained, name) == pytest.approx(value, rel=5e-3, abs=5e-3), name
    row = re.search(r"^ +1 (.*)$", loaded.split("KL\n")[-1], re.MULTILINE)[1].split()
    assert float(row[4]) == pytest.approx(worked.z[0], abs=1e-5)
    if trained is loaded:
        return
    last = re.findall(r"^epoch +(\d+) .*test +([\d.]+)", trained, re.MULTILINE)[-1]
    final = run.history.epochs[-1]
    assert int(last[0]) == final.epoch
    assert float(last[1]) == pytest.approx(final.validation.total, rel=1e-3)


def described(settings):
    return settings.load_data(no_progress).description


POINTS = [[round(i / 40, 3), round((i % 7) / 9, 3), 1 + i % 3] for i in range(30)]
CHOICES = [
    {},
    {"data.kind": "digits", "likelihood.kind": "continuous-bernoulli", "training.device": "CPU"},
    {"likelihood.kind": "laplace", "rescale.kind": "symmetric", "training.precision": "mixed"},
    {"likelihood.kind": "gaussian", "rescale.kind": "raw", "optimiser.kind": "rmsprop"},
    {"objective.warm_up.kind": "cyclical", "objective.constraint.kind": "capacity"},
    {"optimiser.kind": "sgd", "optimiser.schedule.kind": "step", "training.deterministic": True},
    {"optimiser.schedule.kind": "plateau", "training.stopping.kind": "early"},
    {"training.stopping.kind": "early", "training.stopping.least": 0.1, "training.keep": "best"},
    {"data.kind": "digits", "architecture.kind": "conv", "architecture.filters": [8] * 5},
    {"architecture.widths": [65536] * 16, "training.compiler": "xla", "latent_units": 1},
    {"data.kind": "digits", "rescale.kind": "standardise", "likelihood.kind": "gaussian-learned"},
    {"data.kind": "diabetes", "rescale.kind": "standardise", "likelihood.kind": "gaussian"},
    {"data.kind": "toy", "data.size": 50, "likelihood.kind": "gaussian"},
    {"data.kind": "shapes", "data.size": 50},
    {"data.kind": "drawn", "data.points": POINTS, "likelihood.kind": "gaussian"},
]


@pytest.mark.parametrize("choices", CHOICES, ids=lambda c: " ".join(map(str, c.values()))[:40])
def test_the_script_reads_as_if_written_by_hand(choices, tmp_path):
    settings = Settings().with_values(choices)
    path = tmp_path / "run.py"
    write_script(path, script(settings, described(settings)))
    for command in (["format", "--check"], ["check", "--select", "E,F,I,B,UP"]):
        line = [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length=100", path]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
def test_scripts_of_presets_say_that_they_lack_nothing(preset):
    text = script(preset.settings, described(preset.settings))
    assert "It expresses all settings of the run." in text
    assert "vaegui" not in re.sub(r"(?s)^\"\"\".*?\"\"\"|#.*?$|\"[^\"]*\"", "", text, flags=re.M)


UNIONS = {
    ("data",): DataChoice,
    ("rescale",): Rescale,
    ("architecture",): Architecture,
    ("likelihood",): Likelihood,
    ("objective", "constraint"): Constraint,
    ("objective", "warm_up"): WarmUp,
    ("optimiser",): Optimiser,
    ("optimiser", "schedule"): RateSchedule,
    ("training", "stopping"): Stopping,
}


def network(inputs, outputs):
    node = {"name": "one", "inputs": [0], "layer": {"kind": "Dense", "units": outputs}}
    return {"shape": [inputs], "nodes": [node]}


GIVEN = {Imported: {"encoder": network(784, 4), "decoder": network(2, 784)}}


def having(declared, path, choice):
    """Settings with a choice in place of another, whether they fit the data or not."""
    inner = having(getattr(declared, path[0]), path[1:], choice) if path else choice
    return declared.model_copy(update={path[0]: inner}) if path else choice


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (path, kind)
        for path, union in UNIONS.items()
        for kind in get_args(get_args(union)[0])
        if kind not in (NoData, Conditional)  # they have no script, and say so
    ],
    ids=lambda part: getattr(part, "__name__", None) or ".".join(part),
)
def test_the_templates_have_a_case_for_each_choice(path, kind):
    settings = having(Settings(), path, kind.model_validate(GIVEN.get(kind, {})))
    compile(script(settings, described(Settings())), "script", "exec")


def test_a_model_without_data_has_no_script():
    settings = having(Settings(), ("data",), NoData())
    with pytest.raises(FileError, match="without any"):
        script(settings, NoData().described(0.0, 1.0))


@pytest.mark.parametrize("path", UNIONS, ids=".".join)
def test_a_choice_that_the_templates_lack_is_named(path):
    class Newest(Choice):
        kind: Literal["newest"] = "newest"

    settings = having(Settings(), path, Newest())
    with pytest.raises((NotImplementedError, AttributeError), match="Newest"):
        script(settings, described(Settings()))


@pytest.mark.parametrize(
    "kind", ["wine", "breast-cancer", "iris", "diabetes", "toy", "shapes", "drawn"]
)
def test_the_script_loads_or_makes_the_same_examples(kind):
    drawn = {"data.points": POINTS} if kind == "drawn" else {}
    settings = Settings().with_values({"data.kind": kind, **drawn})
    data = settings.load_data(no_progress)
    names = {"__name__": "script"}
    exec(compile(script(settings, data.description), "script", "exec"), names)
    for ours, theirs in zip((data.train, data.test), names["load_data"](), strict=True):
        np.testing.assert_array_equal(ours.read(slice(None)).x, theirs)


def test_what_cannot_be_expressed_is_said_at_the_top():
    settings = Settings().with_values({"training.compiler": "xla"})
    text = script(settings, described(settings), changes=("beta 4 after step 20",))
    head = text.split('"""')[1]
    assert "not compiled by XLA" in head
    assert "beta 4 after step 20" in head


def test_words_of_a_strangers_file_stay_words():
    settings = Settings()
    data = described(settings)
    evil = 'digits"""\nimport os\n\\'
    strange = type(data)(**{f: getattr(data, f) for f in data.__slots__} | {"name": evil})
    text = script(settings, strange, changes=(evil,))
    assert "\nimport os" not in text
    assert text.count('"""') == script(settings, data, changes=("x",)).count('"""')


def test_a_name_that_is_no_scripts_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"does not end in \.py"):
        write_script(tmp_path / "run.txt", "")


@pytest.mark.parametrize("settings", [SIX_FEATURES.settings, CONVOLUTIONAL], ids=["dense", "conv"])
def test_the_first_weights_are_those_of_the_program(settings):
    from vaegui.training.model.build import build_vae

    data = described(settings)
    names = {"__name__": "script"}
    exec(compile(script(settings, data), "script", "exec"), names)
    ours, theirs = build_vae(settings, data), names["VAE"]()
    for part in ("encoder", "decoder"):
        weights = (getattr(model, part).weights for model in (ours, theirs))
        for mine, other in zip(*weights, strict=True):
            np.testing.assert_array_equal(mine, other)
