"""Weights alone: safetensors written and read, Keras' files of weights, old and new, read.

A file of weights has no settings. Its arrays go into a model that is there already, if their names
and shapes are those of its layers.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vaegui.errors import FileError
from vaegui.files.atomic import replacing
from vaegui.files.model.weights import snake_case
from vaegui.files.stored_layers import StoredLayer, StoredModel, stored_models
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading.kinds import known_kind
from vaegui.reading.reader import (
    ArraySpec,
    Kind,
    is_hdf5,
    keras_attributes,
    list_arrays,
    read_arrays,
)
from vaegui.training.model.state import weights_by_name
from vaegui.version import __version__

if TYPE_CHECKING:
    from vaegui.training.record.events import Resumed
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["SAFETENSORS", "export_weights", "import_weights"]

SAFETENSORS = ".safetensors"

_MOST_NAMED = 6
"""Mismatches that an error names; the rest is counted."""
_LOG_VAR = re.compile(r"log_?var|log_?sigma")
_MEAN = re.compile(r"mean|(^|_)mu($|_)|(^|_)loc($|_)")

Names = dict[str, Any]
"""The model's variables by the names of the arrays for them in a file."""


def export_weights(path: str | Path, trainer: Trainer) -> None:
    """Write all weights of a model to a safetensors file, completely or not at all.

    Arrays are called ``encoder.<layer>.<weight>`` and ``decoder.<layer>.<weight>`` and have Keras'
    layout; the metadata hold settings, data description and step as JSON.

    Raises
    ------
    FileError
        If the name does not end in ``.safetensors``, or the file cannot be written.
    """
    from safetensors.numpy import save

    path = Path(path)
    if path.suffix != SAFETENSORS:
        raise FileError(
            f"{path} does not end in {SAFETENSORS}.",
            f"Give a name such as {path.stem or 'weights'}{SAFETENSORS}.",
        )
    arrays = {
        name: np.asarray(variable).copy()
        for names in _own_names(trainer).values()
        for name, variable in names.items()
    }
    metadata = {
        "format": "vaegui",
        "what": "Weights of a variational autoencoder: encoder and decoder, in Keras' layout.",
        "vaegui": __version__,
        "settings": trainer.settings.model_dump_json(),
        "data": json.dumps(asdict(trainer.data)),
        "step": str(trainer.step),
    }
    with replacing(path) as temporary:
        # Not its save_file, which would put a file with rights of its own in place.
        temporary.write_bytes(save(arrays, metadata))


def import_weights(
    path: str | Path, trainer: Trainer, progress: ProgressCallback = no_progress
) -> tuple[Resumed, str]:
    """Put the weights of a file into a model with the same layers; all of them or none.

    A file may hold encoder, decoder or both: safetensors as `export_weights` writes them, or what
    ``save_weights`` and ``save`` of Keras 2 and 3 do.

    Returns
    -------
    resumed, parts
        What happened to the run, and which parts have new weights: ``"encoder and decoder"``.

    Raises
    ------
    FileError
        If names or shapes are not those of the model, saying which.
    """
    path = Path(path)
    kind: Kind = "safetensors" if path.suffix == SAFETENSORS else "h5"
    if known := known_kind(path, weights=True):
        raise known
    archive = path.suffix == ".keras" and not is_hdf5(path)
    member = "model.weights.h5" if archive else None
    found: Mapping[str, ArraySpec]
    if kind == "safetensors":
        found = list_arrays(path, kind)
        parts = _matched_by_name(path, _own_names(trainer), found)
    else:
        file = keras_attributes(path, member=member)
        found = file.arrays
        parts = _matched_by_place(path, trainer, found, stored_models(file))
    wanted = {name: found[name] for names in parts.values() for name in names}
    arrays = read_arrays(path, kind, member=member, wanted=wanted, others=True, progress=progress)
    values = [
        (variable, arrays[name].astype(np.float32))
        for names in parts.values()
        for name, variable in names.items()
    ]
    return trainer.replace_weights(values, f"weights of {path.name}"), " and ".join(parts)


def _own_names(trainer: Trainer) -> dict[str, Names]:
    """The names that `export_weights` gives the weights of encoder, decoder and likelihood."""
    parts: dict[str, Names] = defaultdict(dict)
    for name, variable in weights_by_name(trainer.model.vae).items():
        parts[name.partition("/")[0]][name.replace("/", ".")] = variable
    return parts


def _matched_by_name(
    path: Path, parts: dict[str, Names], found: Mapping[str, ArraySpec]
) -> dict[str, Names]:
    """The parts that the file has weights for."""
    wanted = {p: n for p, n in parts.items() if any(name.startswith(f"{p}.") for name in found)}
    known = {name: variable for names in wanted.values() for name, variable in names.items()}
    faults = [f"{name} has no place in the model" for name in found if name not in known]
    for name, variable in known.items():
        if name not in found:
            faults.append(f"{name} is missing")
        elif wrong := _difference(found[name], variable):
            faults.append(f"{name} {wrong}")
    if faults or not wanted:
        raise _misfit(path, faults or ["it holds no weights of an encoder or a decoder"])
    return wanted


def _matched_by_place(
    path: Path, trainer: Trainer, found: Mapping[str, ArraySpec], models: list[StoredModel]
) -> dict[str, Names]:
    """The same for the places that Keras gives weights in its files."""
    vae = trainer.model.vae
    ours = {part: _with_weights(model) for part, model in vae.parts.items()}
    if len(ours) > len(models) == 1 and len(models[0].layers) == sum(map(len, ours.values())):
        models = _halves(models[0], ours["encoder"], found)
    tried = {
        part: [(model, *_compared(layers, model, found)) for model in models]
        for part, layers in ours.items()
    }
    matched = {
        part: names
        for part, tries in tried.items()
        for names in [next((names for _, names, faults in tries if not faults), None)]
        if names is not None
    }
    # What fits a part lies there twice, as layers that two models share do.
    rest = [m for m in models if all(f for t in tried.values() for model, _, f in t if model is m)]
    if not matched or rest:
        faults = _faults({part: t for part, t in tried.items() if part not in matched}, rest)
        raise _misfit(path, faults or ["it holds no weights of an encoder or a decoder"])
    return matched


_Tries = dict[str, list[tuple[StoredModel, Names, list[str]]]]
"""For each part, what fits of each model in a file, and what is wrong with the rest."""


def _faults(tried: _Tries, models: list[StoredModel]) -> list[str]:
    """What is wrong with models that fit nothing, each compared with the part it is most like."""
    found: list[str] = []
    tries = [
        (part not in model.name.lower(), -len(names), len(faults), part, model, faults)
        for part, each in tried.items()
        for model, names, faults in each
        if model in models
    ]
    done: list[str | StoredModel] = []
    for *_, part, model, faults in sorted(tries, key=lambda each: each[:3]):
        if part not in done and model not in done:
            done += [part, model]
            found += [f"{part}: {fault}" for fault in faults]
    return found


def _halves(
    model: StoredModel, encoder: list[Any], found: Mapping[str, ArraySpec]
) -> list[StoredModel]:
    """Encoder and decoder out of one row of layers, whose read-outs may come last.

    The first layers whose shapes are those of the encoder's are taken to be these.
    """
    left = list(model.layers)
    for layer in encoder:
        wanted = [tuple(variable.shape) for variable in layer.weights]
        shapes = ([found[name].shape for name in stored.arrays] for stored in left)
        left.pop(next((i for i, there in enumerate(shapes) if there == wanted), 0))
    taken = tuple(layer for layer in model.layers if layer not in left)
    return [StoredModel("encoder", taken), StoredModel("decoder", tuple(left))]


def _with_weights(model: Any) -> list[Any]:
    return [layer for layer in model.layers if layer.weights]


def _compared(
    layers: list[Any], model: StoredModel, found: Mapping[str, ArraySpec]
) -> tuple[Names, list[str]]:
    """Variables by the arrays that fit them, and what is wrong with the others."""
    names: Names = {}
    faults: list[str] = []
    kinds = {layer.kind for layer in model.layers}
    ours: dict[str, list[Any]] = defaultdict(list)
    for layer in layers:
        ours["" if kinds == {""} else snake_case(type(layer).__name__)].append(layer)
    for kind, wanted in ours.items():
        there = [layer for layer in model.layers if layer.kind == kind]
        if len(there) != len(wanted):
            what = f"{kind} layers" if kind else "layers with weights"
            faults.append(f"{len(wanted)} {what} are wanted, and {len(there)} are there")
        for layer, stored in _pairs(wanted, there):
            if len(stored.arrays) != len(layer.weights):
                count = len(layer.weights)
                faults.append(f"{layer.name} has {count} weights, {stored.place} has others")
                continue
            for variable, name in zip(layer.weights, stored.arrays, strict=True):
                if wrong := _difference(found[name], variable):
                    faults.append(f"{layer.name}.{variable.name}: {name} {wrong}")
                else:
                    names[name] = variable
    faults += [f"{e.place} has no place in the model" for e in model.layers if e.kind not in ours]
    return names, faults


def _pairs(layers: list[Any], there: list[StoredLayer]) -> Iterator[tuple[Any, StoredLayer]]:
    """Each layer with the stored one: by name if all have their names, else by their order.

    Scripts may make mean and log-variance in either order: they go by what they are called, where
    that says it, and else the mean is taken to come first.
    """
    by_name = {stored.name: stored for stored in there}
    if all(layer.name in by_name for layer in layers):
        yield from ((layer, by_name[layer.name]) for layer in layers)
        return
    reading = [layer for name in ("mean", "log_var") for layer in layers if layer.name == name]
    if len(reading) == 2:
        log_var = [each for each in there if _LOG_VAR.search(each.name.lower())]
        mean = [e for e in there if _MEAN.search(e.name.lower()) and e not in log_var]
        last = [mean[0], log_var[0]] if len(mean) == len(log_var) == 1 else there[-2:]
        there = last + [each for each in there if each not in last]
        layers = reading + [layer for layer in layers if layer not in reading]
    # What remains where they differ in number is told by the caller.
    yield from zip(layers, there, strict=False)


def _difference(spec: ArraySpec, variable: Any) -> str:
    """What is wrong with an array for a variable, or ''."""
    wanted = tuple(variable.shape)
    if spec.shape != wanted:
        return f"has the shape {spec.shape}, wanted is {wanted}"
    return "" if spec.dtype.startswith("float") else f"holds {spec.dtype}, not real numbers"


def _misfit(path: Path, faults: list[str]) -> FileError:
    more = f"; and {len(faults) - _MOST_NAMED} more" if len(faults) > _MOST_NAMED else ""
    named = "; ".join(faults[:_MOST_NAMED])
    return FileError(
        f"The weights in {path.name} do not fit the model: {named}{more}.",
        "Open or make a model with the same layers first.",
    )
