"""Weights alone: safetensors written and read, Keras' ``.weights.h5`` read.

A file of weights has no settings. Its arrays go into a model that is there already, if their names
and shapes are those of its layers.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vaegui.errors import FileError
from vaegui.files.atomic import replacing
from vaegui.files.model.weights import snake_case
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading.reader import ArraySpec, Kind, layer_names, list_arrays, read_arrays
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
    Keras' ``save_weights`` and ``save`` do.

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
    member = "model.weights.h5" if path.suffix == ".keras" else None
    found = list_arrays(path, kind, member=member)
    if kind == "safetensors":
        parts = _matched_by_name(path, _own_names(trainer), found)
    else:
        parts = _matched_by_place(path, trainer, found, layer_names(path, member=member))
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
    path: Path, parts: dict[str, Names], found: dict[str, ArraySpec]
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
    path: Path, trainer: Trainer, found: dict[str, ArraySpec], called: dict[str, str]
) -> dict[str, Names]:
    """The same for the places that Keras gives weights in its files."""
    vae = trainer.model.vae
    models = {"encoder": vae.encoder, "decoder": vae.decoder}
    groups = _groups(found)
    tried = {
        part: [(place, *_compared(model, groups[place], called, found)) for place in groups]
        for part, model in models.items()
    }
    matched = {
        part: next(((place, names) for place, names, faults in tries if not faults), None)
        for part, tries in tried.items()
    }
    used = [match[0] for match in matched.values() if match]
    rest = [place for place in groups if place not in used]
    if not used or rest:
        faults = [
            f"{part}: {fault}"
            for part, tries in tried.items()
            if not matched[part]
            for fault in _nearest([each for each in tries if each[0] in rest])
        ]
        raise _misfit(path, faults or ["it holds no weights of an encoder or a decoder"])
    return {part: match[1] for part, match in matched.items() if match}


def _nearest(tries: list[tuple[str, Names, list[str]]]) -> list[str]:
    """What is wrong with the place in a file that is most like a model."""
    best = min(tries, key=lambda each: (-len(each[1]), len(each[2])), default=("", {}, []))
    return best[2]


def _groups(found: dict[str, ArraySpec]) -> dict[str, dict[str, list[str]]]:
    """The arrays of each layer in order, by layer's group, by the place of the model around it."""
    places: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    pattern = re.compile(r"((?:.*/)?layers/)([^/]+)/vars/\d+")
    for name in sorted(found, key=lambda name: (len(name), name)):
        if (match := pattern.fullmatch(name)) and found[name].dtype.startswith("float"):
            places[match[1]][match[2]].append(name)
    return places


def _compared(
    model: Any, groups: dict[str, list[str]], called: dict[str, str], found: dict[str, ArraySpec]
) -> tuple[Names, list[str]]:
    """A model's variables by the arrays that fit them, and what is wrong with the others."""
    names: Names = {}
    faults: list[str] = []
    by_class: dict[str, list[Any]] = defaultdict(list)
    for layer in model.layers:
        if layer.weights:
            by_class[snake_case(type(layer).__name__)].append(layer)
    left = dict(groups)
    for stem, layers in by_class.items():
        there = [group for group in _in_order(stem, groups) if left.pop(group, None)]
        if len(there) != len(layers):
            faults.append(f"{len(layers)} {stem} layers are wanted, and {len(there)} are there")
        for layer, group in _pairs(layers, there, groups, called):
            arrays = groups[group]
            if len(arrays) != len(layer.weights):
                faults.append(f"{layer.name} has {len(layer.weights)} weights, {group} has others")
                continue
            for variable, name in zip(layer.weights, arrays, strict=True):
                if wrong := _difference(found[name], variable):
                    faults.append(f"{layer.name}.{variable.name}: {name} {wrong}")
                else:
                    names[name] = variable
    faults += [f"{group} has no place in the model" for group in left]
    return names, faults


def _in_order(stem: str, groups: dict[str, list[str]]) -> list[str]:
    """The groups of one class of layers, which Keras numbers: dense, dense_1, ..."""
    numbered = {
        int(group.removeprefix(stem).removeprefix("_") or 0): group
        for group in groups
        if re.fullmatch(rf"{stem}(_\d+)?", group)
    }
    return [numbered[number] for number in sorted(numbered)]


def _pairs(
    layers: list[Any], there: list[str], groups: dict[str, list[str]], called: dict[str, str]
) -> Iterator[tuple[Any, str]]:
    """Each layer with its group: by name if all have their names, else by their order.

    Scripts may make mean and log-variance in either order: they go by what they are called, where
    that says it, and else the mean is taken to come first.
    """
    names = {g: called.get(groups[g][0].split("/vars/")[0], "") for g in there}
    by_name = {name: group for group, name in names.items()}
    if all(layer.name in by_name for layer in layers):
        yield from ((layer, by_name[layer.name]) for layer in layers)
        return
    reading = [layer for name in ("mean", "log_var") for layer in layers if layer.name == name]
    if len(reading) == 2:
        names = {group: name.lower() for group, name in names.items()}
        log_var = [g for g, name in names.items() if _LOG_VAR.search(name)]
        mean = [g for g, name in names.items() if _MEAN.search(name) and g not in log_var]
        last = [mean[0], log_var[0]] if len(mean) == len(log_var) == 1 else there[-2:]
        there = last + [g for g in there if g not in last]
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
