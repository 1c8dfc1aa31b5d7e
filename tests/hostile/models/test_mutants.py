from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.reliability.figures import record

KINDS = {"mutate": "10,000 mutated files", "mutate_hdf5": "10,000 mutated files in HDF5 and JSON"}
"""Programs that make and open mutants, and what they are called in the documentation."""


def opened(program: str, count: int, seed: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.hostile.models.{program}", str(count), str(seed)],
        capture_output=True,
        text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("program", KINDS)
def test_a_mutated_file_opens_or_is_refused_and_nothing_else(program: str) -> None:
    found = opened(program, 100, seed=0)
    assert found["faults"] == []
    assert found["refused"] > 30
    assert found["opened"] > 0


@pytest.mark.long
@pytest.mark.parametrize("program", KINDS)
def test_ten_thousand_mutated_files_open_or_are_refused_and_nothing_else(program: str) -> None:
    # In several processes, so that memory that one leaves behind does not add up.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda part: opened(program, 500, seed=500 * part), range(20)))
    assert [fault for part in found for fault in part["faults"]] == []
    opened_, refused = (sum(part[name] for part in found) for name in ("opened", "refused"))
    slowest = max(part["slowest"] for part in found)
    record(
        KINDS[program], f"{opened_:,} opened, {refused:,} refused; the slowest took {slowest:.1f} s"
    )
    assert opened_ + refused == 10_000
