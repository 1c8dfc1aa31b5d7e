"""Two rows of the read-out of the mean made equal, on a copy that trains on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vaegui.core.vae import VAE
from vaegui.errors import VaeguiError
from vaegui.queries.copies import Still, copied_engine
from vaegui.queries.experiments import EqualRows, RowsFound
from vaegui.queries.laboratory.study import Study, train_to
from vaegui.training.engine.engine import Engine
from vaegui.training.trainer.trainer import Trainer

__all__ = ["TwoRows"]

Floats = NDArray[np.float32]

LOOKS = 40
"""Points of the curves, beside some early ones: it is at first that the rows part."""

EARLY = (1, 2, 3, 5, 8)


class TwoRows(Study):
    """Gives one unit the read-out of another, and watches them while the copy trains."""

    title: ClassVar[str] = "make two rows equal"

    def __init__(self, trainer: Trainer, still: Still | None, experiment: EqualRows) -> None:
        super().__init__(trainer, still)
        pair, units = (experiment.first, experiment.second), trainer.vae.units
        if pair[0] == pair[1] or not all(0 <= unit < units for unit in pair):
            raise VaeguiError(
                "This experiment needs two different latent units.",
                f"The model has {units}; choose two of them, or train one with more.",
            )
        self._experiment, self.total = experiment, experiment.steps
        self._steps: list[int] = []
        self._seen: list[tuple[float, float, float, float]] = []
        self._original = self._before = self._after = np.empty((0, units), np.float32)

    @property
    def experiment(self) -> EqualRows:
        """What is tried."""
        return self._experiment

    def pieces(self) -> Iterator[None]:
        """Copy, make equal, look, compile, and train with a look now and then."""
        pair, x = (self._experiment.first, self._experiment.second), self.trainer.probes.x
        start = self.step = self.trainer.step
        self._original = self.trainer.engine.encode(x)[0]
        engine = copied_engine(self.trainer)
        equalise(engine.vae, *pair)
        watch = Watch(engine, start, pair)
        self._before = self._after = engine.encode(x)[0]
        self._look(0, watch)
        self.doing = "Compiling the copy"
        yield
        engine.warm_up()
        self.doing = ""
        for look in looks(self.total):
            for step in train_to(engine, start + self.done, start + look):
                self.done = step - start
                yield
            self._after = engine.encode(x)[0]
            self._look(look, watch)
            yield

    def _look(self, step: int, watch: Watch) -> None:
        self._steps.append(step)
        self._seen.append(watch.look())

    def finding(self) -> RowsFound:
        """The curves so far, and the probes."""
        seen = np.array(self._seen, np.float32)
        return RowsFound(
            step=np.array(self._steps, np.int64),
            distance=seen[:, 0],
            gradient=seen[:, 1:3],
            gradient_distance=seen[:, 3],
            original=self._original,
            before=self._before,
            after=self._after,
        )


class Watch:
    """Looks at two rows and at the gradients that pull them.

    Parameters
    ----------
    engine
        Of the copy.
    step
        Of which step the batch is taken; it stays the same, and so does the noise.
    pair
        The two units.
    """

    def __init__(self, engine: Engine, step: int, pair: tuple[int, int]) -> None:
        vae, self._pair = engine.vae, list(pair)
        self._layer = vae.encoder.get_layer("mean")
        batch = engine.scaling.to_model(engine.batch(step))
        seed = tf.constant([engine.seed, step], tf.int32)
        self._x = tf.constant(batch)
        self._eps = tf.random.stateless_normal((len(batch), vae.units), seed)
        self._gradient = tf.function(self._compute, autograph=False)
        self._vae = vae

    def look(self) -> tuple[float, float, float, float]:
        """Distance of the rows, norm of the gradient of each, norm of their difference."""
        rows = _rows(np.asarray(self._layer.kernel), np.asarray(self._layer.bias), self._pair)
        kernel, bias = (gradient.numpy() for gradient in self._gradient(self._x, self._eps))
        pulls = _rows(kernel, bias, self._pair)
        numbers = rows[0] - rows[1], pulls[0], pulls[1], pulls[0] - pulls[1]
        distance, first, second, apart = (float(np.linalg.norm(row)) for row in numbers)
        return distance, first, second, apart

    def _compute(self, x: Any, eps: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = self._vae.loss_of(self._vae.terms(x, eps))[0]
        return tape.gradient(loss, [self._layer.kernel.value, self._layer.bias.value])


def equalise(vae: VAE, first: int, second: int) -> None:
    """Give unit ``second`` the read-out of the mean of ``first``, and its share of the optimiser.

    Without the latter, momentum from before would move the two rows differently at once, and hide
    what the gradients do.
    """
    layer = vae.encoder.get_layer("mean")
    variables = [layer.kernel, layer.bias]
    prefixes = tuple(f"{v.path.replace('/', '_')}_" for v in variables)
    variables += [v for v in vae.optimizer.variables if v.name.startswith(prefixes)]
    for variable in variables:
        values = np.asarray(variable).copy()
        values[..., second] = values[..., first]
        variable.assign(values)


def looks(steps: int) -> list[int]:
    """After which steps to look: early ones, then evenly to the last."""
    even = np.linspace(0, steps, min(LOOKS, steps) + 1).round().astype(int)
    return sorted({int(step) for step in (*EARLY, *even) if 0 < step <= steps})


def _rows(kernel: Floats, bias: Floats, pair: list[int]) -> Floats:
    """Weights and bias of two units, (2, hidden + 1)."""
    return np.concatenate([kernel, bias[None]])[:, pair].T.astype(np.float64)
