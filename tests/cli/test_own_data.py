"""Own data on the command line: said what they are, checked, trained on."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import vaegui
from tests.files.foreign.models import dense_decoder, saved
from vaegui.cli.main import main

QUICK = ["--epochs", "1", "--set", "training.compiler=graph", "--set", "architecture.widths=8"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A table with a gap, a constant feature and an example that is there twice; with labels."""
    x = np.random.default_rng(0).normal(3, 2, (300, 8)).astype(np.float32)
    x[4, 2], x[:, 6], x[9] = np.nan, 1, x[10]
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "labels.npy", np.array(["cat", "dog"] * 150))
    return tmp_path / "x.npy"


def document(capsys: Any, *arguments: str) -> dict[str, Any]:
    assert main(["data", *arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_file_is_described_with_guesses_problems_and_advice(file: Path, capsys: Any) -> None:
    assert main(["data", str(file)]) == 0
    text = capsys.readouterr().out
    assert "300 examples of 8 values" in text
    assert "cat (150), dog (150)" in text
    assert "data.format.labels = labels.npy" in text
    assert "where: example 5" in text
    assert "--set data.missing=drop" in text
    assert "Gaussian with a learned sd" in text


def test_the_same_is_printed_as_json(file: Path, capsys: Any) -> None:
    found = document(capsys, str(file))
    assert found["examples"] == {"train": 240, "validation": 30, "test": 30}
    assert found["classes"] == {"cat": 150, "dog": 150}
    assert {problem["kind"] for problem in found["problems"]} >= {"missing", "constant features"}
    (missing,) = [p for p in found["problems"] if p["kind"] == "missing"]
    assert missing["remedy"]["settings"] == {"data.missing": "drop"}
    assert found["settings"]["data"]["kind"] == "own"
    assert len(found["features"]) == 8


def test_a_guess_can_be_set_otherwise(file: Path, capsys: Any) -> None:
    found = document(capsys, str(file), "--set", "data.format.labels=")
    assert found["classes"] == {}
    assert "data.format.labels" not in {guess["setting"] for guess in found["guesses"]}


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_the_ledger_is_written(file: Path, tmp_path: Path, suffix: str, capsys: Any) -> None:
    path = tmp_path / f"ledger{suffix}"
    assert main(["data", str(file), "--set", "data.missing=drop", "--ledger", str(path)]) == 0
    text = path.read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines())) if suffix == ".csv" else json.loads(text)
    assert [(str(row["example"]), row["what"]) for row in rows] == [("5", "left out")]
    assert "missing or infinite" in rows[0]["why"]


def test_what_is_wrong_ends_with_2_the_place_and_the_options_that_mend_it(
    file: Path, tmp_path: Path, capsys: Any
) -> None:
    arguments = ["train", "--data", str(file), "--out", str(tmp_path / "m.keras"), *QUICK]
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert "example 5" in told
    assert "--set data.missing=drop" in told
    assert "--take-advice" in told
    assert not (tmp_path / "m.keras").exists()


def test_with_the_advice_taken_it_trains_and_says_what_it_took(
    file: Path, tmp_path: Path, capsys: Any
) -> None:
    out = tmp_path / "m.keras"
    arguments = ["train", "--data", str(file), "--take-advice", "--out", str(out), "--json"]
    assert main([*arguments, *QUICK]) == 0
    told = capsys.readouterr()
    assert "Leave these examples out: --set data.missing=drop" in told.err
    assert "data.layout" in told.err
    assert set(json.loads(told.out)) >= {"train", "validation"}
    run = vaegui.load(out)
    assert run.begun.data.shape == (7,)
    assert run.begun.settings.data.kind == "own"


def test_data_that_are_neither_a_name_nor_a_file_are_told(tmp_path: Path, capsys: Any) -> None:
    assert main(["train", "--data", "mnits", "--out", str(tmp_path / "m.keras")]) == 2
    told = capsys.readouterr().err
    assert "no data and no file called mnits" in told
    assert "mnist-sample" in told


def test_a_file_of_no_known_kind_says_what_can_be_opened(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "x.bin").write_bytes(b"\x00\x01\x02")
    assert main(["data", str(tmp_path / "x.bin")]) == 2
    assert "NumPy array" in capsys.readouterr().err


def test_words_for_missing_values_can_be_given(tmp_path: Path, capsys: Any) -> None:
    rows = [f"{i % 5},{i * 0.5}" for i in range(100)]
    rows[3], rows[7] = "3,k.A.", "7,unknown thing"
    (tmp_path / "t.csv").write_text("\n".join(["a,b", *rows]))
    words = ["--missing", "k.A.", "--missing", "unknown thing"]
    assert main(["data", str(tmp_path / "t.csv"), "--json", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["settings"]["data"]["format"]["also_missing"] == ["k.A.", "unknown thing"]
    assert {problem["kind"] for problem in found["problems"]} & {"wrong cells"} == set()


def test_a_model_without_data_is_measured_on_a_file_that_is_named(
    tmp_path: Path, capsys: Any
) -> None:
    (decoder,) = saved(tmp_path, decoder=dense_decoder())
    x = keras.Input((28, 28, 1))
    h = keras.layers.Flatten()(x)
    outputs = [keras.layers.Dense(2, name=name)(h) for name in ("z_mean", "z_log_var")]
    (encoder,) = saved(tmp_path, encoder=keras.Model(x, outputs))
    out, examples = tmp_path / "m.keras", tmp_path / "x.npy"
    np.save(examples, np.random.default_rng(0).random((50, 28, 28)).astype(np.float32))
    paths = [str(encoder), str(decoder)]
    assert main(["import", *paths, "--data", "none", "--out", str(out)]) == 0
    assert main(["evaluate", str(out), "--samples", "0"]) == 2
    assert "without data" in capsys.readouterr().err
    assert main(["evaluate", str(out), "--samples", "0", "--data", str(examples)]) == 0
    given = tmp_path / "given.keras"
    assert main(["import", *paths, "--data", str(examples), "--out", str(given)]) == 0
    assert vaegui.load(given).begun.settings.data.kind == "own"
    assert main(["evaluate", str(given), "--samples", "0"]) == 0, "it was named when imported"
