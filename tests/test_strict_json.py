"""JSON of others may be nested without end; wherever it is read, that is an error in words."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.files.test_autosave import left_behind
from tests.training import tiny
from vaegui import strict_json
from vaegui.cli import main as cli
from vaegui.cli.settings import parsed
from vaegui.errors import FileError, SettingsError
from vaegui.files.foreign.halves.finding import inspect
from vaegui.files.model.contents import history_arrays, history_from_arrays
from vaegui.files.model.description import description_from_json
from vaegui.files.recovery import take_left_runs
from vaegui.paths import cache_folder
from vaegui.reading.reader import list_arrays
from vaegui.training.engine.strategy import Strategy, remember, remembered
from vaegui.training.record.history import History
from vaegui.training.settings.settings import Settings

DEEP = [b"[" * 100_000 + b"]" * 100_000, b"[" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000]

deep = pytest.mark.parametrize("content", DEEP, ids=["lists", "unclosed", "objects"])


@deep
def test_the_reader_itself_refuses_it(content: bytes) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        strict_json.parse(content)


@deep
def test_settings_in_a_file(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SettingsError, match="nested too deeply"):
        Settings.from_json(content.decode())
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    out = str(tmp_path / "run.keras")
    assert cli.main(["train", "--settings", str(path), "--out", out]) == 2
    told = capsys.readouterr().err
    assert "nested too deeply" in told
    assert "Traceback" not in told


@deep
def test_a_setting_on_the_command_line(content: bytes) -> None:
    for path in ("training.epochs", "architecture.widths"):
        with pytest.raises(SettingsError):
            Settings().with_values(parsed((f"{path}={content.decode()}",)))


@deep
def test_what_was_measured_before(content: bytes) -> None:
    trainer = tiny.trainer()
    path = cache_folder() / "compilers.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert remembered(trainer.settings, trainer.data) is None
    remember(trainer.settings, trainer.data, Strategy(True, "measured"))
    assert remembered(trainer.settings, trainer.data) == Strategy(True, "measured")


@deep
def test_what_tells_of_an_autosave(content: bytes, tmp_path: Path) -> None:
    trainer = tiny.trainer()
    list(trainer.run(max_steps=1))
    model = left_behind(tmp_path, trainer)
    model.with_suffix(".json").write_bytes(content)
    assert take_left_runs(tmp_path) == []


@deep
def test_the_data_in_a_model_file(content: bytes) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        description_from_json(content)


@deep
def test_the_marks_in_a_history(content: bytes) -> None:
    arrays = {**history_arrays(History()), "marks": np.frombuffer(content, np.uint8)}
    with pytest.raises(ValueError, match="marks"):
        history_from_arrays(arrays, 2)


@deep
def test_the_header_of_a_safetensors_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(len(content).to_bytes(8, "little") + content)
    with pytest.raises(FileError, match="nested too deeply"):
        list_arrays(path, "safetensors")


@deep
def test_the_configuration_of_a_keras_model(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", content)
        archive.writestr("metadata.json", b"{}")
        archive.writestr("model.weights.h5", b"")
    with pytest.raises(FileError, match="nested too deeply"):
        inspect(path)
