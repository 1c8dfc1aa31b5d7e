from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS, GROWTH = 3.0, 100e6


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory")
def test_files_that_claim_or_unpack_to_far_more_than_they_hold_are_refused_at_once(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.data.bombs", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == 13
    for bomb in told:
        assert bomb["outcome"].startswith("refused: "), bomb
        assert bomb["growth"] < GROWTH, bomb
        assert bomb["seconds"] < SECONDS, bomb
