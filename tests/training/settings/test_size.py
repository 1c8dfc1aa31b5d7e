"""How large a network is, before anything is built."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.training import tiny
from vaegui import presets
from vaegui.core.architectures import Convolutional, Dense
from vaegui.core.likelihoods import Bernoulli
from vaegui.core.vae import VAE
from vaegui.errors import SettingsError
from vaegui.training.settings import size as module
from vaegui.training.settings.settings import Settings
from vaegui.training.settings.size import require_room, size_in_words, size_of, too_large

HUGE = Settings().with_values({"architecture.widths": [65_536, 65_536]})


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """10 GB of memory are available, of which 8 can be used."""
    monkeypatch.setattr(module, "available_memory", lambda: 10_000_000_000)
    return


@pytest.mark.parametrize(
    ("architecture", "shape", "units"),
    [
        (Dense(), (28, 28), 2),
        (Dense(widths=(7, 4, 9)), (4, 3), 3),
        (Convolutional(), (28, 28), 16),
        (Convolutional(filters=(3, 5, 6), hidden=7, kernel=5), (9, 14, 3), 4),
    ],
)
def test_the_numbers_that_layers_give_are_those_of_the_built_layers_or_thereabouts(
    architecture: Any, shape: tuple[int, ...], units: int
) -> None:
    vae = VAE(architecture, Bernoulli(), shape, units)
    built = sum(
        math.prod(layer.output.shape[1:])
        for layer in [*vae.encoder.layers, *vae.decoder.layers]
        # What only changes the shape takes no memory of its own.
        if not layer.name.startswith(("flatten", "grid", "parameters", "channel"))
    )
    assert architecture.outputs(shape, units) == pytest.approx(built, rel=0.25)


def test_the_moments_of_the_optimiser_count() -> None:
    sizes = {}
    for kind, momentum in (("adam", {}), ("sgd", {}), ("rmsprop", {"optimiser.momentum": 0.5})):
        size = size_of(Settings().with_values({"optimiser.kind": kind, **momentum}))
        assert size is not None
        sizes[kind] = size.bytes
    assert sizes["adam"] == sizes["rmsprop"] > sizes["sgd"]


def test_the_default_network_fits(free: None) -> None:
    assert too_large(Settings()) == ""
    require_room(Settings())
    assert size_in_words(Settings()).startswith("1,068,820 weights")


def test_a_network_that_does_not_fit_is_refused_with_what_it_needs(free: None) -> None:
    with pytest.raises(SettingsError) as caught:
        require_room(HUGE)
    assert "room for 8.0 GB" in caught.value.message
    assert "--any-size" in caught.value.remedy
    huge = size_of(HUGE)
    assert huge is not None
    assert huge.bytes > 200_000_000_000
    assert "room for 8.0 GB" in size_in_words(HUGE)


def test_a_network_of_some_weights_takes_less_than_a_megabyte() -> None:
    assert "takes less than 1 MB of memory" in size_in_words(presets.SIX_FEATURES.settings)


def test_a_network_that_there_is_not_for_these_data_has_no_size_but_a_reason() -> None:
    settings = presets.SIX_FEATURES.settings.with_values({"architecture.kind": "conv"})
    assert size_of(settings) is None
    assert "need pictures" in size_in_words(settings)
    assert too_large(settings) == ""  # what is wrong with it is told in other words
    require_room(settings)


PEAK = """
import sys
from pathlib import Path
from tests.training import tiny
from vaegui.files.model.model_file import save

def memory(what):  # in kB, as Linux counts
    found = [l for l in Path("/proc/self/status").read_text().splitlines() if l.startswith(what)]
    return int(found[0].split()[1])

def train(settings):
    trainer = tiny.trainer(**settings)
    list(trainer.run(max_steps=6))
    save(Path(sys.argv[1]), trainer)

train({})  # what TensorFlow takes for itself
Path("/proc/self/clear_refs").write_text("5")
before = memory("VmRSS")
train({"architecture__widths": [4096, 2048]})
print(1024 * (memory("VmHWM") - before))
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux' account of memory")
def test_the_memory_that_is_told_is_what_training_and_saving_take(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(tmp_path / "run.keras")],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    told = size_of(tiny.settings(architecture__widths=[4096, 2048]))
    assert told is not None
    assert int(done.stdout) == pytest.approx(told.bytes, rel=0.25)
