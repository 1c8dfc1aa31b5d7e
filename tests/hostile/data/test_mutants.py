from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.reliability.figures import record

MUTANTS = "10,000 mutated files of examples"


def opened(count: int, seed: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.data.mutate", str(count), str(seed)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_mutated_file_of_examples_opens_or_is_refused_and_nothing_else() -> None:
    found = opened(200, seed=0)
    assert found["faults"] == []
    assert found["refused"] > 60
    assert found["opened"] > 20


@pytest.mark.long
def test_ten_thousand_mutated_files_of_examples_open_or_are_refused_and_nothing_else() -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda part: opened(500, seed=500 * part), range(20)))
    assert [fault for part in found for fault in part["faults"]] == []
    opened_, refused = (sum(part[name] for part in found) for name in ("opened", "refused"))
    slowest = max(part["slowest"] for part in found)
    record(MUTANTS, f"{opened_:,} opened, {refused:,} refused; the slowest took {slowest:.1f} s")
    assert opened_ + refused == 10_000
