"""A training without a window, in its own process: trains on for so many seconds as it is told.

It reads a number of seconds from each line of its input, trains so long, and writes the examples
per second. Between that it rests.
"""

from __future__ import annotations

import sys
import time

from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.trainer import Trainer

__all__ = ["main"]


def main() -> None:
    """Serve until the input ends."""
    trainer = Trainer.create(Settings().with_values({"training.epochs": 10_000}))
    steps = trainer.run()
    while trainer.step < 200:
        next(steps)
    print("ready", flush=True)
    for line in sys.stdin:
        before, begin = trainer.step, time.monotonic()
        while time.monotonic() - begin < float(line):
            next(steps)
        done, seconds = trainer.step - before, time.monotonic() - begin
        examples = done / trainer.state.batches.steps * trainer.data.train_examples
        print(examples / seconds, flush=True)


if __name__ == "__main__":
    main()
