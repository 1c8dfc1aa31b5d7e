"""A saved model applied to another file, with the recipe that it was trained with."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import vaegui
from vaegui.cli.main import main
from vaegui.errors import DataError
from vaegui.model_run import ModelRun
from vaegui.training.settings.settings import Settings

QUICK = {
    "architecture.widths": [8],
    "training.epochs": 1,
    "training.compiler": "graph",
    "training.batch_size": 16,
}


def write(path: Path, count: int, *, shift: float = 0.0, heading: str = "a,b [cm],c,kind") -> None:
    random = np.random.default_rng(count)
    lines = [
        f"{random.normal(5 + shift):.4f},{random.exponential(90):.4f},{random.choice(['x', 'y'])},"
        f"{'pq'[i % 2]}"
        for i in range(count)
    ]
    path.write_text("\n".join([heading, *lines]), "utf-8")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> ModelRun:
    """Trained on a table of which one column is seen as its logarithm; saved as m.keras."""
    folder = tmp_path_factory.mktemp("own")
    write(folder / "t.csv", 200)
    check = vaegui.open_data(
        folder / "t.csv", columns__b__log1p=True, columns__kind__role="label", missing="drop"
    )
    run = vaegui.train(check.advised.settings.with_values(QUICK))
    run.save(folder / "m.keras")
    return vaegui.load(folder / "m.keras")


def test_the_same_file_is_encoded_as_its_examples_are(run: ModelRun) -> None:
    data = run.begun.settings.data
    found = run.encode_file(data.path)
    assert len(found.encoded.rows) == 200
    assert found.difference.sentences == []
    x = vaegui.open_data(data.path, columns__b__log1p=True, columns__kind__role="label").source
    mean, log_var = run.encode(x.read(slice(0, 200)).x)
    np.testing.assert_allclose(found.encoded.mean, mean, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.encoded.log_var, log_var, rtol=1e-5, atol=1e-6)


def test_another_file_says_how_it_differs(run: ModelRun, tmp_path: Path) -> None:
    write(tmp_path / "n.csv", 100, shift=3)
    lines = (tmp_path / "n.csv").read_text("utf-8").splitlines()
    lines[4] = lines[4].replace(lines[4].split(",")[0], "NA")
    new = "\n".join([f"{lines[0]},new", *(f"{line},{i * i}" for i, line in enumerate(lines[1:]))])
    (tmp_path / "n.csv").write_text(new, "utf-8")
    found = run.encode_file(tmp_path / "n.csv")
    assert 3 not in found.encoded.rows
    assert found.encoded.mean.shape == (99, run.begun.settings.latent_units)
    told = " ".join(found.difference.sentences)
    assert "1 example has values that are missing" in told
    assert "does not know these columns: new" in told
    assert found.difference.features[0].name == "a"
    assert 2 < found.difference.features[0].shift < 4
    assert [entry.place.row for entry in found.ledger] == [3]


def test_columns_that_lack_are_named_and_labels_need_not_be_there(
    run: ModelRun, tmp_path: Path
) -> None:
    write(tmp_path / "n.csv", 50, heading="a,b [cm],colour,kind")
    with pytest.raises(DataError, match=r"lacks 1 of the columns.*: c"):
        run.encode_file(tmp_path / "n.csv")
    write(tmp_path / "n.csv", 50, heading="a,b [cm],c,sort")
    assert len(run.encode_file(tmp_path / "n.csv").encoded.rows) == 50


def test_examples_of_another_shape_or_kind_are_refused(run: ModelRun, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((10, 4), np.float32))
    with pytest.raises(DataError, match="holds arrays or pictures; the model was trained on a tab"):
        run.encode_file(tmp_path / "x.npy")


def test_a_model_of_data_that_come_with_the_program_encodes_files_too(tmp_path: Path) -> None:
    settings = Settings().with_values({**QUICK, "data.kind": "digits"})
    run = vaegui.train(settings)
    x = run.begun.probes.x[:20]
    np.save(tmp_path / "x.npy", x)
    np.testing.assert_allclose(
        run.encode_file(tmp_path / "x.npy").encoded.mean, run.encode(x)[0], rtol=1e-5, atol=1e-6
    )
    np.save(tmp_path / "y.npy", np.zeros((20, 9, 9), np.float32))
    with pytest.raises(DataError, match=r"shape \(9, 9\).*have \(8, 8\)"):
        run.encode_file(tmp_path / "y.npy")


def test_the_command_line_writes_a_table_and_tells_the_differences(
    run: ModelRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.begun.path is not None
    write(tmp_path / "n.csv", 40, shift=5)
    for name in ("z.csv", "z.npz"):
        assert (
            main(["encode", run.begun.path, str(tmp_path / "n.csv"), "--out", str(tmp_path / name)])
            == 0
        )
    assert "a: its mean is +" in capsys.readouterr().err
    with (tmp_path / "z.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with np.load(tmp_path / "z.npz") as arrays:
        assert [int(row["index"]) for row in rows] == arrays["index"].tolist()
        assert float(rows[7]["mean_1"]) == pytest.approx(arrays["mean_1"][7])


def test_the_script_reads_the_prepared_data_with_logarithms(run: ModelRun, tmp_path: Path) -> None:
    run.export_script(tmp_path / "run.py")
    run.export_data(tmp_path / "data.npz")
    train, _, test = runpy.run_path(str(tmp_path / "run.py"))["load_data"](tmp_path / "data.npz")
    dataset = run.trainer.examples.dataset
    assert (len(train), len(test)) == (dataset.train.spec.length, dataset.test.spec.length)
    raw = dataset.train.read(slice(0, len(train))).x
    np.testing.assert_allclose(train, dataset.scaling.to_logarithms(raw))
    assert not np.allclose(train, raw)
    text = (tmp_path / "run.py").read_text("utf-8")
    assert "log(1 + x)" in text.split('"""')[1]


def test_other_pictures_are_made_as_large_as_those_of_the_training(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for folder, size in (("own", 16), ("new", 24)):
        (tmp_path / folder).mkdir()
        for number in range(20):
            pixels = random.integers(0, 256, (size, size), np.uint8)
            Image.fromarray(pixels).save(tmp_path / folder / f"{number}.png")
    check = vaegui.open_data(tmp_path / "own")
    run = vaegui.train(check.advised.settings.with_values(QUICK))
    assert run.begun.data.shape == (16, 16)
    assert run.encode_file(tmp_path / "new").encoded.mean.shape[0] == 20
