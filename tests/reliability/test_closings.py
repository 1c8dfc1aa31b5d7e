"""The window is closed at any moment: it is gone at once, and the process ends without a crash."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.closer import MOMENTS

CLOSINGS = 20
SEED = 9


def close_at(moment: str, delay: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """Start the program and have it close itself so many milliseconds after a moment."""
    homes = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "CACHE", "DATA")}
    command = [sys.executable, "-m", "tests.reliability.closer", moment, str(delay)]
    return subprocess.run(
        [*command, str(folder / "model.keras")],
        env={**os.environ, **homes, "XDG_STATE_HOME": str(folder / "state")},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def gone_after(done: subprocess.CompletedProcess[str]) -> float:
    """The seconds until the window was gone, of a process that ended as it should."""
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert "Fatal" not in done.stderr
    return float(done.stdout.split()[-1])


@pytest.mark.parametrize(("moment", "delay"), [("loading", 300), ("changing", 200)])
def test_closing_while_the_worker_cannot_be_interrupted_ends_at_once_and_in_order(
    moment: str, delay: int, tmp_path: Path
) -> None:
    assert gone_after(close_at(moment, delay, tmp_path)) < 1.0


@pytest.mark.long
@pytest.mark.parametrize("number", range(CLOSINGS))
def test_closing_at_a_random_moment_ends_at_once_and_in_order(number: int, tmp_path: Path) -> None:
    chance = random.Random(SEED * 1000 + number)
    moment = MOMENTS[number % len(MOMENTS)]
    gone = gone_after(close_at(moment, chance.randrange(3000), tmp_path))
    assert gone < (10.0 if moment == "saving" else 1.0), moment
