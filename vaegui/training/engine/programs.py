"""A chunk of steps as two programs: a plain graph, and one that XLA compiles beside other work."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import tensorflow as tf

from vaegui.training.engine.chunk import Steps
from vaegui.training.model.traced import Traced

__all__ = ["Programs"]


class Programs:
    """The same steps compiled in two ways, traced only once for both.

    Parameters
    ----------
    chunk
        The steps as `chunk_of` makes them.
    scope
        Makes the context that puts computations on the device.

    Attributes
    ----------
    graph, xla
        Both are called as the chunk is. What XLA has not compiled beside is compiled by its first
        call.
    """

    def __init__(self, chunk: Any, scope: Callable[[], AbstractContextManager[object]]) -> None:
        self.graph = Traced(chunk)
        self.xla = Traced(lambda *a: self.graph.trace(*a)(*a), jit_compile=True)
        self._scope = scope
        self._compiling: threading.Thread | None = None

    def compile_beside(self, x: Any, steps: Steps) -> None:
        """Begin to compile with XLA in a thread of its own; once.

        That thread does no step and touches none of the model's variables: it calls the program on
        others, as TensorFlow keeps what is compiled by shapes and types. Tracing, which goes
        through Keras, is done here.

        Parameters
        ----------
        x, steps
            Arguments of the shapes that the program will be called with.
        """
        if self._compiling is not None:
            return
        traced = self.xla.trace(x, steps)
        arguments = tf.nest.flatten((x, steps._replace(count=tf.constant(0))))
        places = {id(each): place for place, each in enumerate(traced.captured_inputs)}

        def compile_() -> None:
            # What is wrong is told by the first step that calls the program.
            with contextlib.suppress(tf.errors.OpError), self._scope():
                captured = list(traced.captured_inputs)
                others = []
                for variable in traced.graph.variables:
                    others.append(tf.Variable(tf.zeros(variable.shape, variable.dtype)))
                    captured[places[id(variable.handle)]] = others[-1].handle
                traced._call_flat(arguments, captured)

        # No daemon, as the thread that begins it is: the interpreter must not end while TensorFlow
        # is at work.
        self._compiling = threading.Thread(target=compile_, name="vaegui-compiler", daemon=False)
        self._compiling.start()

    def wait(self, seconds: float) -> bool:
        """Wait so long at most; whether nothing is being compiled beside."""
        if self._compiling is not None:
            self._compiling.join(seconds)
        return self._compiling is None or not self._compiling.is_alive()
