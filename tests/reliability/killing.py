"""Children that are killed at random moments, and what they told before."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.reliability.zygote import fingerprint
from tests.training import tiny

__all__ = ["Killer", "states_without_interruption"]

PATIENCE = 120.0
"""Seconds that a child may take until it does what a test waits for."""


class Killer:
    """Starts children in one folder after another and kills them.

    Parameters
    ----------
    what
        What they do: "save", "train" or "folder".
    folder
        Where they save.
    """

    def __init__(self, what: str, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._what, self._folder = what, folder
        self._report = folder.with_name(f"{folder.name}-report")
        self._random = random.Random(0)
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def close(self) -> None:
        """End the process that makes children."""
        self._zygote.communicate(timeout=30)

    def life(
        self, ready: Callable[[list[dict[str, Any]]], bool], within: float
    ) -> tuple[list[dict[str, Any]], float]:
        """Start a child, wait until ``ready``, and kill it at a moment of the seconds ``within``.

        Returns
        -------
        told, killed
            What the child told, and when it was killed on the monotonic clock.
        """
        self._report.write_text("")
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        job = [self._what, str(self._folder), str(self._report)]
        self._zygote.stdin.write(json.dumps(job) + "\n")
        self._zygote.stdin.flush()
        child = int(self._zygote.stdout.readline())
        deadline = time.monotonic() + PATIENCE
        while not ready(self._told()):
            assert time.monotonic() < deadline, self._told()
            assert alive(child), self._told()
            time.sleep(0.005)
        time.sleep(self._random.uniform(0.0, within))
        os.kill(child, signal.SIGKILL)
        killed = time.monotonic()
        while alive(child):
            time.sleep(0.002)
        return self._told(), killed

    def _told(self) -> list[dict[str, Any]]:
        lines = self._report.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def states_without_interruption(steps: set[int]) -> dict[int, str]:
    """Fingerprints of a run that nobody killed, after so many steps."""
    trainer = tiny.trainer(training__epochs=100_000)
    states = {}
    for step in sorted(steps):
        if step > trainer.step:
            list(trainer.run(max_steps=step - trainer.step))
        states[step] = fingerprint(trainer)
    return states
