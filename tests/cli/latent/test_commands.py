"""Into the latent space, out of it and through it, from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
from PIL import Image

import vaegui
from vaegui.analysis.posterior import kl_by_unit, standard_deviation
from vaegui.cli.main import main
from vaegui.model_run import ModelRun
from vaegui.training.settings.settings import Settings

QUICK = {
    "architecture.widths": [8],
    "training.epochs": 1,
    "training.compiler": "graph",
    "latent_units": 3,
}


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> ModelRun:
    return _trained("digits", tmp_path_factory.mktemp("digits") / "digits.keras")


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> ModelRun:
    return _trained("iris", tmp_path_factory.mktemp("iris") / "iris.keras")


def _trained(data: str, path: Path) -> ModelRun:
    settings = {"data.kind": data, "likelihood.kind": "gaussian", **QUICK}
    vaegui.train(Settings().with_values(settings)).save(path)
    return vaegui.load(path)


def command(name: str, run: ModelRun, *words: object) -> int:
    return main([name, str(run.begun.path), *map(str, words)])


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_encoding_a_models_own_data_writes_a_row_for_each_example(
    iris: ModelRun, tmp_path: Path
) -> None:
    assert command("encode", iris, "--out", tmp_path / "z.csv") == 0
    rows = table(tmp_path / "z.csv")
    known = iris.begun.data
    assert len(rows) == known.train_examples + known.test_examples
    dataset = iris.trainer.examples.dataset
    for part, source in (("test", dataset.test), ("train", dataset.train)):
        mean, log_var = iris.encode(source.read(slice(None)).x)
        of_part = [row for row in rows if row["part"] == part]
        assert [int(row["index"]) for row in of_part] == list(range(len(mean)))
        assert {row["label"] for row in of_part} == set(known.class_names or ())
        for unit in range(3):
            for name, expected in (
                ("mean", mean),
                ("sd", standard_deviation(log_var)),
                ("kl", kl_by_unit(mean, log_var)),
            ):
                written = [float(row[f"{name}_{unit + 1}"]) for row in of_part]
                np.testing.assert_allclose(written, expected[:, unit], rtol=1e-4, atol=1e-5)
    tested = [float(row["reconstruction"]) for row in rows if row["part"] == "test"]
    assert np.mean(tested) == pytest.approx(iris.evaluate().terms.reconstruction, rel=1e-5)


def test_all_kinds_of_tables_have_the_same_numbers(iris: ModelRun, tmp_path: Path) -> None:
    for name in ("z.csv", "z.parquet", "z.npz"):
        assert command("encode", iris, "--out", tmp_path / name) == 0
    means = np.array([float(row["mean_2"]) for row in table(tmp_path / "z.csv")], np.float32)
    parquet = pyarrow.parquet.read_table(tmp_path / "z.parquet")
    np.testing.assert_array_equal(parquet["mean_2"].to_numpy(), means)
    with np.load(tmp_path / "z.npz") as arrays:
        np.testing.assert_array_equal(arrays["mean_2"], means)
        assert arrays["label"].tolist() == parquet["label"].to_pylist()


@pytest.mark.parametrize("name", ["z.csv", "z.parquet", "z.npz", "z.npy"])
def test_points_are_decoded_from_each_kind_of_file(
    iris: ModelRun, tmp_path: Path, name: str
) -> None:
    z = np.random.default_rng(0).normal(size=(5, 3))
    columns = {f"z_{unit + 1}": column for unit, column in enumerate(z.T)}
    path = tmp_path / name
    match path.suffix:
        case ".npy":
            np.save(path, z)
        case ".npz":
            np.savez(path, z=z)
        case ".parquet":
            pyarrow.parquet.write_table(pyarrow.table(columns), path)
        case _:
            lines = [",".join(columns), *(",".join(map(repr, row)) for row in z.tolist())]
            path.write_text("\n".join(lines), "utf-8")
    assert command("decode", iris, "--z", path, "--out", tmp_path / "x.npy") == 0
    np.testing.assert_allclose(np.load(tmp_path / "x.npy"), iris.decode(z), rtol=1e-6)


def test_decoded_features_have_their_names(iris: ModelRun, tmp_path: Path) -> None:
    assert command("sample", iris, "--count", 4, "--out", tmp_path / "x.csv") == 0
    rows = table(tmp_path / "x.csv")
    assert tuple(rows[0]) == iris.begun.data.feature_names
    np.testing.assert_allclose(
        [[float(value) for value in row.values()] for row in rows], iris.sample(4), rtol=1e-6
    )


def test_samples_are_the_same_for_the_same_seed(digits: ModelRun, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        out = tmp_path / f"{name}.npy"
        assert command("sample", digits, "--count", 3, "--seed", seed, "--out", out) == 0
    a, b, c = (np.load(tmp_path / f"{name}.npy") for name in "abc")
    np.testing.assert_array_equal(a, b)
    assert not np.array_equal(a, c)


def test_pictures_become_a_folder_of_png(digits: ModelRun, tmp_path: Path) -> None:
    assert command("sample", digits, "--count", 3, "--out", tmp_path / "pictures") == 0
    paths = sorted((tmp_path / "pictures").iterdir())
    assert [path.name for path in paths] == ["0000.png", "0001.png", "0002.png"]
    low, high = digits.begun.data.value_range
    expected = np.rint(255 * np.clip((digits.sample(3)[2] - low) / (high - low), 0, 1))
    np.testing.assert_array_equal(np.asarray(Image.open(paths[2])), expected)


def test_a_traversal_moves_one_unit_and_leaves_the_others(digits: ModelRun, tmp_path: Path) -> None:
    out = tmp_path / "x.npy"
    words = ("--input", 5, "--unit", 2, "--steps", 4, "--reach", 2, "--out", out)
    assert command("traverse", digits, *words) == 0
    x = digits.trainer.examples.dataset.test.read(slice(5, 6)).x
    z = np.repeat(digits.encode(x)[0], 4, axis=0)
    z[:, 1] = np.linspace(-2, 2, 4)
    np.testing.assert_allclose(np.load(out), digits.decode(z), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["walk.gif", "walk.png"])
def test_a_traversal_of_pictures_can_move(digits: ModelRun, tmp_path: Path, name: str) -> None:
    assert command("traverse", digits, "--steps", 5, "--out", tmp_path / name) == 0
    with Image.open(tmp_path / name) as picture:
        assert picture.n_frames == 15  # type: ignore[attr-defined]
        assert min(picture.size) >= 96


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("encode", ("--out", "{}/z.txt"), "does not end in .csv"),
        ("encode", ("--out", "{}/none/z.csv"), "none"),
        ("decode", ("--z", "{}/none.csv", "--out", "{}/x.npy"), "none.csv cannot be read"),
        ("decode", ("--z", "{}/two.csv", "--out", "{}/x.npy"), "z_3"),
        ("decode", ("--z", "{}/nan.csv", "--out", "{}/x.npy"), "not finite"),
        ("sample", ("--out", "{}/x.jpg"), "nor is it the name of a folder"),
        ("sample", ("--out", "{}/full"), "no pictures"),
        ("sample", ("--count", "-1", "--out", "{}/x.npy"), "-1 samples"),
        ("traverse", ("--unit", "4", "--out", "{}/x.npy"), "no unit 4"),
        ("traverse", ("--input", "9999", "--out", "{}/x.npy"), "no such example"),
        ("traverse", ("--steps", "1", "--out", "{}/x.npy"), "1 steps"),
        ("traverse", ("--out", "{}/x.gif"), "no pictures"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    iris: ModelRun,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    words: tuple[str, ...],
    told: str,
) -> None:
    (tmp_path / "two.csv").write_text("z_1,z_2\n1,2\n", "utf-8")
    (tmp_path / "nan.csv").write_text("z_1,z_2,z_3\n1,2,nan\n", "utf-8")
    assert command(name, iris, *(word.format(tmp_path) for word in words)) == 2
    assert told in capsys.readouterr().err


def test_a_folder_with_something_in_it_is_left_alone(
    digits: ModelRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    assert command("sample", digits, "--count", 2, "--out", tmp_path) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
