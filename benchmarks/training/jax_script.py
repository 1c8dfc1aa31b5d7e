"""The default network as a `jax.lax.scan` with a hand-written Adam; it needs JAX and NumPy alone.

``python jax_script.py TRAIN TEST EPOCHS`` trains on the pictures (n, 28, 28) of a ``.npy`` file; at
the end of each epoch it measures the loss of those of another, and writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["BATCH", "scan_of"]

BATCH = 128


def scan_of(
    x: Any, call: int, held_out: Any = None
) -> tuple[Callable[[], None], Callable[[], float]]:
    """Give a function that does ``call`` steps on pictures (n, 784), and one that validates.

    That one returns the loss over ``held_out`` (m, 784), in whole batches.
    """
    import jax
    import jax.numpy as jnp

    def layer(key: Any, n: int, m: int) -> tuple[Any, Any]:
        return jax.random.normal(key, (n, m)) * np.sqrt(2 / n), jnp.zeros(m)

    sizes = [(784, 512), (512, 256), (256, 2), (256, 2), (2, 256), (256, 512), (512, 784)]
    keys = jax.random.split(jax.random.key(0), len(sizes))
    parameters = [layer(key, *size) for key, size in zip(keys, sizes, strict=True)]

    def network(p: Any, x: Any, key: Any) -> Any:
        h = jax.nn.relu(x @ p[0][0] + p[0][1])
        h = jax.nn.relu(h @ p[1][0] + p[1][1])
        mean, log_var = h @ p[2][0] + p[2][1], h @ p[3][0] + p[3][1]
        z = mean + jnp.exp(log_var / 2) * jax.random.normal(key, mean.shape)
        h = jax.nn.relu(z @ p[4][0] + p[4][1])
        h = jax.nn.relu(h @ p[5][0] + p[5][1])
        return h @ p[6][0] + p[6][1], mean, log_var

    def loss(p: Any, batch: Any, key: Any) -> Any:
        logits, mean, log_var = network(p, batch, key)
        error = jnp.logaddexp(0.0, logits) - logits * batch
        kl = 0.5 * jnp.sum(jnp.exp(log_var) + mean**2 - 1 - log_var, axis=1)
        return jnp.mean(error.reshape(BATCH, -1).sum(axis=1) + kl)

    def losses(p: Any, batches: Any) -> Any:
        key = jax.random.key(2)
        return jnp.mean(jax.lax.map(lambda batch: loss(p, batch, key), batches))

    def step(carry: Any, rows: Any) -> Any:
        p, m, v, t, key = carry
        key, use = jax.random.split(key)
        value, gradient = jax.value_and_grad(loss)(p, data[rows], use)
        t = t + 1
        m = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, m, gradient)
        v = jax.tree.map(lambda a, g: 0.999 * a + 0.001 * g * g, v, gradient)
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        p = jax.tree.map(lambda a, b, c: a - rate * b / (jnp.sqrt(c) + 1e-7), p, m, v)
        return (p, m, v, t, key), value

    data = jnp.asarray(x)
    scan = jax.jit(lambda carry, rows: jax.lax.scan(step, carry, rows))
    measure = jax.jit(losses)
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state = [(parameters, zeros, zeros, 0.0, jax.random.key(1))]
    random = np.random.default_rng(0)

    def run() -> None:
        rows = np.resize(random.permutation(len(x)), (call, BATCH))
        state[0], values = scan(state[0], jnp.asarray(rows))
        values.block_until_ready()

    def validate() -> float:
        whole = held_out[: len(held_out) // BATCH * BATCH]
        return float(measure(state[0][0], jnp.asarray(whole).reshape(-1, BATCH, 784)))

    return run, validate


def main() -> None:
    """Train as the command line says."""
    paths, epochs = sys.argv[1:3], int(sys.argv[3])
    train, test = (np.load(p).astype(np.float32).reshape(-1, 784) / 255 for p in paths)
    epoch, validate = scan_of(train, -(-len(train) // BATCH), test)
    for number in range(epochs):
        epoch()
        print(f"epoch {number + 1}: {validate():.2f}", flush=True)


if __name__ == "__main__":
    main()
