from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.models.foreign import FOREIGN, TENSORS, foreign_set
from tests.hostile.models.make import VALID, hostile_set, write

MB = 1 << 20

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the peak of memory")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What opening each file of the set did to a process, by the file's name."""
    folder = tmp_path_factory.mktemp("hostile")
    write(folder)
    for name, (content, _) in foreign_set().items():
        (folder / name).write_bytes(content)
    valid = map(str, (VALID, VALID, FOREIGN, TENSORS))
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.models.opening", str(folder), *valid],
        capture_output=True,
        text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


SAID = {f"{name}.keras": item[1] for name, item in hostile_set().items()} | {
    name: item[1] for name, item in foreign_set().items()
}


@needs_linux
@pytest.mark.parametrize("name", sorted(SAID))
def test_it_is_refused_at_once_with_a_sentence_and_nothing_happens(
    name: str, told: dict[str, dict[str, Any]]
) -> None:
    found = told[name]
    assert found["outcome"] == "refused", found["message"]
    assert re.search(SAID[name], found["message"])
    assert "\n" not in found["message"]
    assert len(found["message"]) < 1000
    assert found["seconds"] < 3.0
    assert found["growth"] < 100 * MB
    assert found["events"] == []
    assert found["same_globals"]


def test_what_the_keras_configuration_of_our_own_file_says_is_never_used(tmp_path: Path) -> None:
    from tests.hostile.archives import rewritten
    from vaegui.files.model.model_file import open_model

    layer = {"module": "os", "class_name": "system", "config": {"command": "touch opened"}}
    changes: dict[str, bytes | None] = {"config.json": json.dumps(layer).encode()}
    path = tmp_path / "run.keras"
    path.write_bytes(rewritten(VALID, changes))
    assert open_model(path).step == open_model(VALID).step
    assert [p.name for p in tmp_path.iterdir()] == ["run.keras"]
