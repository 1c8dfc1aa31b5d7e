"""Runs that nobody trained, for tests of whatever reads a run. No TensorFlow, made in an instant.

`fake_run` gives a whole one; the other functions give its parts, for tests that add events.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.description import DataDescription
from vaegui.data.scaling import Scaling
from vaegui.data.source import Example, ExampleRef
from vaegui.panels.style import Style
from vaegui.queries.base import Query, Result
from vaegui.queries.decode import Decode, Decoded
from vaegui.queries.explain import Explain
from vaegui.queries.explained import Explained, LayerValues, Pass, ReadOut
from vaegui.queries.inspect import Inspect, Inspected
from vaegui.queries.pca_floor import PcaFloor, PcaFloorFound
from vaegui.runs.run import Run
from vaegui.training.record.events import Device, Prepared, Snapshot
from vaegui.training.record.history import History
from vaegui.training.record.losses import EpochDone, LossTerms, StepsDone
from vaegui.training.record.probes import Probes
from vaegui.training.record.run_id import RunId
from vaegui.training.settings.settings import Settings

GALLERY = 12


def fake_style(name: str = "light") -> Style:
    """A style whose colours all differ, so that a test can tell which one was used."""
    dark = name == "dark"
    return Style(
        name=name,
        background="#1b1e23" if dark else "#ffffff",
        text="#e6e8eb" if dark else "#1c1f24",
        muted="#969ca6" if dark else "#6a707a",
        grid="#343941" if dark else "#e3e5e9",
        accent="#ff9d3c" if dark else "#d94801",
        prior="#7d8590" if dark else "#8b929c",
        total="#c9cdd3" if dark else "#30343b",
        reconstruction="#5aa9e6" if dark else "#0b6fb8",
        kl="#e5707e" if dark else "#c2304a",
        units=("#4e79a7", "#b07aa1", "#59a14f", "#9c755f"),
        classes=(
            "#0173b2",
            "#de8f05",
            "#029e73",
            "#d55e00",
            "#cc78bc",
            "#ca9161",
            "#fbafe4",
            "#949494",
            "#b8a800",
            "#56b4e9",
        ),
        sequential="gray" if dark else "gray_r",
        diverging="RdBu",
        parameter="#f0b840" if dark else "#8a5a00",
        output="#4fd6ba" if dark else "#00786a",
        positive="#6cabff" if dark else "#2a6fd6",
        negative="#ff8576" if dark else "#c23b2e",
    )


def fake_prepared(
    *,
    shape: tuple[int, ...] = (28, 28),
    units: int = 2,
    classes: int | None = 10,
    probes: int = 500,
    path: str | None = None,
    id: str = "fa4e00000001",
) -> Prepared:
    """A run that begins. One axis of ``shape`` makes tabular data; ``classes`` None, no labels."""
    rng = np.random.default_rng(1)
    labels = None if classes is None else np.arange(probes, dtype=np.int64) % classes
    kinds = np.arange(probes) % (classes or 5)
    image = len(shape) > 1
    return Prepared(
        id=RunId(id),
        settings=Settings().with_values({"latent_units": units}),
        data=DataDescription(
            name="Fake data",
            shape=shape,
            dtype="uint8" if image else "float32",
            train_examples=12_800,
            test_examples=1_000,
            scaling=Scaling(1 / 255) if image else Scaling(),
            value_range=(0.0, 255.0) if image else (0.0, 1.0),
            class_names=None if classes is None else tuple(str(i) for i in range(classes)),
            sha256="fa4e",
            feature_names=None if image else tuple(f"feature {i + 1}" for i in range(shape[0])),
        ),
        probes=fake_probes(_examples(rng, kinds, shape), labels),
        device=Device("CPU", "No GPU was found."),
        parameters=1_234_567,
        compiler="XLA, because the layers are dense",
        steps_per_epoch=100,
        history=History(),
        path=path,
    )


def fake_ref(probe: int) -> ExampleRef:
    """Which example of the fake data a probe is: every other one of the test part."""
    return ExampleRef("fa4e", "test", 2 * probe)


def fake_probes(x: NDArray[Any], labels: NDArray[np.int64] | None) -> Probes:
    """Inputs that are followed."""
    refs = tuple(map(fake_ref, range(len(x))))
    return Probes(x, labels, min(GALLERY, len(x)), refs)


def fake_steps(first: int, count: int, *, seed: int = 2) -> StepsDone:
    """Noisy losses that fall with the number of the step as those of a real run do."""
    noise = np.random.default_rng(seed + first).normal(size=(2, count))
    step = np.arange(first, first + count)
    reconstruction = 140 + 400 * np.exp(-step / 60) + 60 / np.sqrt(1 + step / 40) + 5 * noise[0]
    kl = 6 * (1 - np.exp(-step / 120)) + 0.3 * np.abs(noise[1])
    total = (reconstruction + kl).astype(np.float32)
    return StepsDone(
        first=first,
        epoch=1 + (first - 1) // 100,
        total=total,
        reconstruction=reconstruction.astype(np.float32),
        kl=kl.astype(np.float32),
        examples_per_s=12_800.0,
    )


def fake_epoch(epoch: int, *, units: int = 2, steps_per_epoch: int = 100) -> EpochDone:
    """The end of an epoch: a validation a little above the training."""
    step = epoch * steps_per_epoch
    last = fake_steps(step, 1)
    total, reconstruction, kl = (float(t[0]) for t in (last.total, last.reconstruction, last.kl))
    return EpochDone(
        epoch=epoch,
        step=step,
        train=LossTerms(total, reconstruction, kl),
        validation=LossTerms(total + 3, reconstruction + 3, kl),
        kl_by_unit=np.full(units, kl / units, np.float32),
        active_units=units,
        seconds=1.0,
    )


def fake_snapshot(begun: Prepared, step: int = 500) -> Snapshot:
    """The probes at a step: classes are clusters, later units carry less and less."""
    units, count = begun.settings.latent_units, len(begun.probes)
    labels = begun.probes.labels
    kinds = np.zeros(count, int) if labels is None else labels
    rng = np.random.default_rng(3)
    apart = 2.2 * (1 - math.exp(-step / 250)) / np.sqrt(1 + np.arange(units))
    centres = rng.normal(size=(kinds.max() + 1, units)) * apart
    mean = centres[kinds] + 0.35 * apart * rng.normal(size=(count, units))
    sd = (1 / (1 + apart)) * np.exp(0.3 * rng.normal(size=(count, units)))
    gallery = begun.probes.x[: begun.probes.gallery]
    return Snapshot(
        step=step,
        mean=mean.astype(np.float32),
        log_var=(2 * np.log(sd)).astype(np.float32),
        reconstruction=_blurred(gallery),
    )


def fake_lookable(saved: bool = True, **options: Any) -> Run:
    """A run without its data: with the Gaussians that were saved, or with none; and no inputs."""
    whole = fake_prepared(**options)
    shot = fake_snapshot(whole)
    begun = replace(
        whole,
        probes=replace(
            whole.probes,
            x=whole.probes.x[:0],
            labels=whole.probes.labels if saved else None,
            gallery=0,
            refs=whole.probes.refs if saved else (),
        ),
        path="somewhere/run.keras",
        missing="Fake data could not be downloaded: there is no connection. Check the network.",
    )
    rows = slice(None) if saved else slice(0)
    samples = np.asarray(whole.probes.x[:20], np.float32)
    run = Run(begun)
    for event in (
        fake_steps(1, 300),
        *(fake_epoch(i, units=begun.settings.latent_units) for i in (1, 2, 3)),
        Snapshot(300, shot.mean[rows], shot.log_var[rows], samples[:0], samples),
    ):
        run.add(event)
    return run


def fake_inspected(
    begun: Prepared, snapshot: Snapshot, probe: int, draws: int = 16
) -> Result[Inspected]:
    """The answer to `Inspect`: the snapshot's posterior, and draws that look like the probe."""
    mean, log_var = snapshot.mean[probe], snapshot.log_var[probe]
    eps = np.random.default_rng(4).normal(size=(draws, len(mean)))
    picture = _blurred(begun.probes.x[probe : probe + 1])[0]
    decoded = np.stack([picture * (0.7 + 0.3 * i / draws) for i in range(draws)])
    query = Inspect(begun.probes.refs[probe], draws)
    content = Inspected(
        query=query,
        example=begun.probes.example(probe),
        mean=mean,
        log_var=log_var,
        reconstruction=picture,
        z=(mean + np.exp(log_var / 2) * eps).astype(np.float32),
        decoded=decoded.astype(np.float32),
    )
    return Result(query, snapshot.step, content)


def fake_inspected_other(
    begun: Prepared, ref: ExampleRef, label: int | None = None, step: int = 500
) -> Result[Inspected]:
    """The answer to `Inspect` about an example that is no probe: its row is in all numbers."""
    units, row = begun.settings.latent_units, ref.row
    x = np.full(begun.data.shape, row % 200, begun.data.dtype)
    mean = np.linspace(0.3, 1.3, units, dtype=np.float32) + np.float32(row / 1000)
    decoded = np.repeat(_blurred(x[None]), 16, axis=0)
    content = Inspected(
        query=Inspect(ref),
        example=Example(ref, x, label),
        mean=mean,
        log_var=np.full(units, -2.0, np.float32),
        reconstruction=decoded[0],
        z=np.repeat(mean[None], 16, axis=0),
        decoded=decoded,
    )
    return Result(Inspect(ref), step, content)


def fake_decoded(begun: Prepared, z: tuple[float, ...], step: int = 500) -> Result[Decoded]:
    """The answer to `Decode`: the first probe's blurred picture, whatever ``z`` is."""
    query = Decode(z)
    return Result(query, step, Decoded(query, _blurred(begun.probes.x[:1])[0]))


def fake_run(
    *,
    shape: tuple[int, ...] = (28, 28),
    units: int = 2,
    classes: int | None = 10,
    probes: int = 500,
    steps: int = 500,
    inspect: int | None = 0,
    cursor: tuple[float, ...] | None = None,
    x: NDArray[np.uint8] | None = None,
    labels: NDArray[np.int64] | None = None,
) -> Run:
    """A run after some steps, with a snapshot and answers.

    Parameters
    ----------
    inspect
        The probe whose inspection was answered, or None for no answer.
    cursor
        The z that was decoded, or None for no answer.
    x, labels
        Real examples to take instead of made ones, e.g. of the bundled digits.
    """
    begun = fake_prepared(shape=shape, units=units, classes=classes, probes=probes)
    if x is not None:
        probes_of_x = fake_probes(x, labels)
        data = replace(begun.data, shape=x.shape[1:], dtype=str(x.dtype))
        begun = replace(begun, data=data, probes=probes_of_x)
    run = Run(begun)
    if steps:
        run.add(fake_steps(1, steps))
        for epoch in range(1, steps // begun.steps_per_epoch + 1):
            run.add(fake_epoch(epoch, units=units))
    snapshot = fake_snapshot(begun, steps)
    run.add(snapshot)
    if inspect is not None:
        run.add_result(fake_inspected(begun, snapshot, inspect))
    if cursor is not None:
        run.add_result(fake_decoded(begun, cursor, steps))
    return run


ANSWERS: dict[type[Query[Any]], Callable[[Run, Any], Result[Any]]] = {
    Decode: lambda run, query: fake_decoded(run.begun, query.z, run.step),
    PcaFloor: lambda run, query: Result(query, run.step, PcaFloorFound(query, 50.0, 200)),
}
"""What a model would answer to the queries that panels ask, so that tests of every panel see it
drawn. Answers to `Inspect` lie in `fake_run` already."""


def _examples(
    rng: np.random.Generator, kinds: NDArray[np.int64], shape: tuple[int, ...]
) -> NDArray[np.uint8] | NDArray[np.float32]:
    """Tabular rows in [0, 1] around a centre for each kind, or pictures of a blob each."""
    if len(shape) == 1:
        centres = rng.uniform(0.2, 0.8, size=(kinds.max() + 1, *shape))
        rows = centres[kinds] + 0.06 * rng.normal(size=(len(kinds), *shape))
        return np.clip(rows, 0, 1).astype(np.float32)
    height, width = shape[:2]
    angle = 2 * np.pi * kinds / (kinds.max() + 1)
    at = 0.5 + 0.25 * np.stack([np.sin(angle), np.cos(angle)]) + 0.03 * rng.normal(size=(2, 1))
    rows, columns = np.mgrid[0:height, 0:width]
    squared = (rows / height - at[0][:, None, None]) ** 2 + (
        columns / width - at[1][:, None, None]
    ) ** 2
    pictures = np.exp(-squared / 0.02) * 255
    if len(shape) == 3:
        pictures = pictures[..., None] * np.linspace(1, 0.5, shape[2])
    return pictures.astype(np.uint8)


def _blurred(x: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
    """What a reconstruction might look like: each value averaged with its neighbours."""
    values = x.astype(np.float32)
    for axis in range(1, min(x.ndim, 3)):
        values = (np.roll(values, 1, axis) + 2 * values + np.roll(values, -1, axis)) / 4
    return values


def fake_explained(
    begun: Prepared,
    probe: int = 0,
    *,
    held: tuple[tuple[int, float], ...] = (),
    noise: int = 0,
    widths: tuple[int, ...] = (4,),
    step: int = 500,
    blocks: bool = False,
) -> Result[Explained]:
    """The answer to `Explain`, computed with NumPy from weights that belong to the step.

    ``widths`` are those of the encoder's hidden layers, mirrored in the decoder. With ``blocks``
    all layers but the last hidden one come as if they were convolutions: without weights.
    """
    units = begun.settings.latent_units
    rng = np.random.default_rng([5, step])
    x = begun.data.scaling.to_model(begun.probes.x[probe]).ravel()
    sizes = [x.size, *widths]
    pairs = list(itertools.pairwise(sizes))
    encoder = [_layer(rng, f"hidden_{i}", m, n, "relu") for i, (m, n) in enumerate(pairs, 1)]
    heads = [_head(rng, widths[-1], units, scale) for scale in (1.0, 0.4)]
    sizes = [units, *reversed(widths)]
    decoder = [
        _layer(rng, f"hidden_{i}", m, n, "relu")
        for i, (m, n) in enumerate(itertools.pairwise(sizes), 1)
    ]
    decoder.append(_layer(rng, "output", widths[0], x.size, "linear"))
    eps = np.random.default_rng([6, noise]).normal(size=units)
    values, h = [], x
    for layer in encoder:
        h = np.maximum(h @ layer.weights + layer.bias, 0)
        values.append(replace(layer, output=h.astype(np.float32)))

    def passed(a: NDArray[np.float64]) -> Pass:
        mean, log_var = (a @ head.weights + head.bias for head in heads)
        z = mean + np.exp(log_var / 2) * eps
        layers, h = [], z
        for layer in decoder:
            h = h @ layer.weights + layer.bias
            h = np.maximum(h, 0) if layer.activation == "relu" else h
            layers.append(replace(layer, output=h.astype(np.float32)))
        kl = 0.5 * (np.exp(log_var) + mean**2 - 1 - log_var)
        reconstruction = begun.data.scaling.to_data(h).reshape(begun.data.shape)
        terms = 0.5 * (h - x) ** 2 + 0.5 * math.log(2 * math.pi)
        floats = [np.asarray(v, np.float32) for v in (a, mean, log_var, eps, z)]
        return Pass(
            *floats,
            tuple(layers),
            reconstruction,
            terms.reshape(begun.data.shape).astype(np.float32),
            kl.astype(np.float32),
            1.0,
            float(kl.sum()),
            *(np.asarray(v, np.float32) for v in (mean, 0.5 * (np.exp(log_var) - 1), z)),
        )

    changed = h.copy()
    for index, value in held:
        changed[index] = value
    if blocks:
        values = [_block(layer) for layer in values[:-1]] + [values[-1]]
        decoder = [replace(layer, kind="Conv2DTranspose") for layer in decoder]
    query = Explain(begun.probes.refs[probe], held, noise)
    content = Explained(
        begun.probes.example(probe),
        x.reshape(begun.data.shape),
        tuple(values),
        *heads,
        passed(h),
        passed(changed) if held else None,
    )
    return Result(query, step, content)


def _layer(rng: np.random.Generator, name: str, m: int, n: int, activation: str) -> LayerValues:
    weights = (rng.normal(size=(m, n)) * 1.4 / math.sqrt(m)).astype(np.float32)
    bias = (0.2 * rng.normal(size=n)).astype(np.float32)
    return LayerValues(name, "Dense", activation, bias, weights, bias)


def _head(rng: np.random.Generator, m: int, n: int, scale: float) -> ReadOut:
    weights = scale * rng.normal(size=(m, n)) / math.sqrt(m)
    return ReadOut(weights.astype(np.float32), (0.3 * rng.normal(size=n) - 0.5).astype(np.float32))


def _block(layer: LayerValues) -> LayerValues:
    side = math.isqrt(layer.output.size)
    output = layer.output[: side * side].reshape(side, side, 1)
    return replace(layer, kind="Conv2D", output=output, weights=None, bias=None)
