"""The recipe that makes a dataset of files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vaegui
from vaegui.data import OwnData
from vaegui.data.own.left_out import MOST_ROWS, LeftOut
from vaegui.data.own.opened import Opened
from vaegui.data.own.proposal import propose
from vaegui.data.own.whole import OwnSplit
from vaegui.data.source import OneHot
from vaegui.errors import DataError, SettingsError
from vaegui.progress import no_progress
from vaegui.training.settings.settings import Settings

SMALL = {
    "architecture.widths": [8],
    "training.epochs": 1,
    "training.compiler": "graph",
    "training.batch_size": 16,
    "likelihood.kind": "gaussian",
}


def table(count: int = 60) -> np.ndarray:
    return np.random.default_rng(count).normal(3, 2, (count, 5)).astype(np.float32)


def recipe(folder: Path, x: np.ndarray, labels: np.ndarray | None = None, **changes: Any) -> Any:
    np.save(folder / "x.npy", x)
    if labels is not None:
        np.save(folder / "labels.npy", labels)
    proposed = propose(folder / "x.npy", no_progress).data
    return proposed.model_copy(update=changes)


def opened(data: OwnData) -> Opened:
    return data.open(no_progress)


def values(source: Any) -> np.ndarray:
    return source.read(slice(0, source.spec.length)).x


def test_a_file_is_proposed_as_a_recipe_with_its_shape_and_what_was_guessed(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", table())
    proposed = propose(tmp_path / "x.npy", no_progress)
    assert proposed.data.shape == (5,)
    assert {guess.field for guess in proposed.guesses} >= {"layout"}
    data = proposed.data.open(no_progress, proposed.contents).dataset
    assert (data.name, data.train.spec.length, data.test.spec.length) == ("x.npy", 48, 6)
    assert data.validation is not None
    assert data.validation.spec.length == 6


def test_a_recipe_is_settings_and_stays_small_whatever_the_file(tmp_path: Path) -> None:
    data = recipe(tmp_path, table(5000), np.arange(5000) % 7, missing="drop")
    settings = Settings(data=data)
    text = settings.model_dump_json()
    assert Settings.from_json(text) == settings
    assert len(text) < 4000
    with pytest.raises(SettingsError, match=r"data\.left_out\.rows"):
        settings.with_values({"data.left_out.rows": list(range(MOST_ROWS + 1))})


def test_a_run_on_a_file_is_saved_with_its_recipe_and_goes_on(tmp_path: Path) -> None:
    settings = Settings(data=recipe(tmp_path, table())).with_values(SMALL)
    straight = vaegui.train(settings.with_values({"training.epochs": 2}))
    vaegui.train(settings).save(tmp_path / "run.keras")
    again = vaegui.load(tmp_path / "run.keras")
    assert again.begun.settings.data == settings.data
    again.go_on(2)
    np.testing.assert_array_equal(again.history.steps(), straight.history.steps())


def test_a_model_opens_without_its_file_and_says_that_it_is_gone(tmp_path: Path) -> None:
    settings = Settings(data=recipe(tmp_path, table())).with_values(SMALL)
    vaegui.train(settings).save(tmp_path / "run.keras")
    (tmp_path / "x.npy").unlink()
    opened = vaegui.load(tmp_path / "run.keras")
    assert opened.encode(table(3))[0].shape == (3, 2)
    with pytest.raises(DataError, match=r"x\.npy is gone\. Put it back"):
        opened.evaluate()


def test_a_file_that_changed_is_not_taken_for_the_one_that_was_trained_on(tmp_path: Path) -> None:
    settings = Settings(data=recipe(tmp_path, table())).with_values(SMALL)
    vaegui.train(settings).save(tmp_path / "run.keras")
    np.save(tmp_path / "x.npy", table() + 1)
    with pytest.raises(DataError, match="not what it was when this model was trained"):
        vaegui.load(tmp_path / "run.keras").evaluate()


def test_no_file_is_no_data() -> None:
    with pytest.raises(DataError, match="not said which file"):
        OwnData().load(no_progress)


def test_classes_have_their_share_in_every_part(tmp_path: Path) -> None:
    labels = np.repeat(["ape", "cat"], [80, 20])
    data = opened(recipe(tmp_path, table(100), labels)).dataset
    assert data.train.spec.names.classes == ("ape", "cat")
    assert data.validation is not None
    for part, cats in ((data.train, 16), (data.validation, 2), (data.test, 2)):
        assert part.labels is not None
        assert part.labels.sum() == cats


def test_missing_values_stop_leave_out_or_become_the_mean(tmp_path: Path) -> None:
    x = table(100)
    x[3, 1], x[7, 2], x[9, 0] = np.nan, np.inf, np.nan
    stop = recipe(tmp_path, x)
    with pytest.raises(DataError, match="missing or infinite"):
        _ = opened(stop).dataset.description
    drop = opened(stop.model_copy(update={"missing": "drop"}))
    assert sum(len(rows) for rows in drop.rows.values()) == 97
    assert [entry.place.row for entry in drop.ledger] == [3, 7, 9]
    mean = opened(stop.model_copy(update={"missing": "mean"}))
    assert mean.dataset.description.train_examples == 80
    everything = values(mean.dataset.train)
    where = np.flatnonzero(np.isin(mean.rows["train"], [3, 7, 9]))
    there = np.isfinite(x[mean.rows["train"]])
    means = np.where(there, x[mean.rows["train"]], 0).sum(axis=0) / there.sum(axis=0)
    for row in where:
        source = x[mean.rows["train"][row]]
        np.testing.assert_allclose(
            everything[row], np.where(np.isfinite(source), source, means), rtol=1e-5
        )
    assert {entry.what for entry in mean.ledger} == {"changed"}
    assert mean.ledger[0].why == "1 missing value filled with the feature's mean"


def test_equal_blank_and_named_examples_are_left_out_and_said_to_be(tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 256, (50, 6, 6), dtype=np.uint8)
    x[10] = x[40] = x[3]
    x[20] = 7
    x[21] = 7
    rule = LeftOut(duplicates=True, constant=True, rows=(0,))
    found = opened(recipe(tmp_path, x, left_out=rule))
    assert {entry.place.row: entry.why for entry in found.ledger} == {
        0: "left out by number",
        10: "equal to an earlier example",
        20: "all its values are the same",
        21: "all its values are the same",
        40: "equal to an earlier example",
    }
    assert sum(len(rows) for rows in found.rows.values()) == 45


def test_small_classes_are_left_out(tmp_path: Path) -> None:
    labels = np.array(["a"] * 57 + ["b"] * 3)
    found = opened(recipe(tmp_path, table(60), labels, left_out=LeftOut(smallest_class=4)))
    assert [entry.place.row for entry in found.ledger] == [57, 58, 59]
    assert found.ledger[0].why == "its class has fewer than 4 examples"


@pytest.mark.parametrize(("dtype", "white"), [(np.uint8, 255), (np.float32, 1.0)])
def test_values_are_made_0_or_1_at_a_threshold(tmp_path: Path, dtype: Any, white: float) -> None:
    x = (np.random.default_rng(0).random((40, 6, 6)) * white).astype(dtype)
    data = Settings(data=recipe(tmp_path, x)).with_values({"data.binarise.kind": "threshold"})
    dataset = data.load_data(no_progress)
    assert set(np.unique(values(dataset.train))) == {0, white}
    assert dataset.description.model_range == (0.0, 1.0)


def test_a_place_names_the_example_in_the_file(tmp_path: Path) -> None:
    found = opened(recipe(tmp_path, table(), split=OwnSplit(test_share=0.5, seed=2)))
    row = int(found.rows["test"][4])
    assert found.place("test", 4).row == row
    np.testing.assert_array_equal(values(found.dataset.test)[4], table()[row])


MESS = """id;length [cm];weight;colour;site;kind
1;3,5;10;red;north;a
2;4,1;NA;blue;north;b
"""


def test_a_messy_table_becomes_features_labels_and_groups(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    rows = [
        f"{i};{random.normal(5):.2f};{random.integers(1, 99)};{'red' if i % 3 else 'blue'};"
        f"{'abcdefgh'[i % 8]};{'xyz'[i % 3]}".replace(".", ",")
        for i in range(3, 200)
    ]
    (tmp_path / "mess.csv").write_text(MESS + "\n".join(rows), "utf-8")
    check = vaegui.open_data(
        tmp_path / "mess.csv",
        columns__kind__role="label",
        columns__site__role="group",
        missing="drop",
    )
    names = check.dataset.train.spec.names
    assert names.features == ("length", "weight", "colour = blue", "colour = red")
    assert names.units == ("cm", "", "", "")
    assert names.classes is not None
    assert set(names.classes) == {"a", "b", "x", "y", "z"}
    groups = {part: set(check.opened.groups(part)) for part in ("train", "validation", "test")}
    assert not groups["train"] & (groups["validation"] | groups["test"])
    assert [entry.place.row for entry in check.ledger] == [1]
    text = check.settings.model_dump_json()
    assert Settings.from_json(text) == check.settings


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "mess.csv").write_text(MESS, "utf-8")
    with pytest.raises(SettingsError, match=r"no setting called data\.columns\.height\.role"):
        vaegui.open_data(tmp_path / "mess.csv", columns__height__role="label")


def test_a_signal_is_known_as_one_by_the_model_file_too(tmp_path: Path) -> None:
    data = recipe(tmp_path, np.random.default_rng(0).normal(size=(40, 2, 60)).astype(np.float32))
    assert data.layout.form == "signal"
    settings = Settings(data=data).with_values(SMALL)
    run = vaegui.train(settings)
    run.save(tmp_path / "run.keras")
    assert run.begun.data.channels == 2
    assert vaegui.load(tmp_path / "run.keras").begun.data.channels == 2


def test_a_category_is_known_in_the_dataset_also_when_some_features_are_left_out(
    tmp_path: Path,
) -> None:
    lines = [f"{i},{'red' if i % 3 else 'blue'},{'big' if i % 2 else 'small'}" for i in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(["size,colour,kind", *lines]))
    data = propose(tmp_path / "t.csv", no_progress).data
    columns = [c.model_copy(update={"role": "feature"}) for c in data.columns]
    data = data.model_copy(update={"columns": tuple(columns)})
    whole = opened(data).dataset.description
    colour, kind = OneHot("colour", 1, ("blue", "red")), OneHot("kind", 3, ("big", "small"))
    assert whole.one_hot == (colour, kind)
    fewer = data.model_copy(update={"left_out": LeftOut(features=(0, 1))})
    described = opened(fewer).dataset.description
    assert described.feature_names == ("colour = red", "kind = big", "kind = small")
    assert described.one_hot == (OneHot("colour", 0, ("red",)), OneHot("kind", 1, kind.values))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_what_is_no_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.npy")
    with pytest.raises(DataError, match="neither a file nor a folder"):
        OwnData(path=str(tmp_path / "x.npy")).load(no_progress)
    with pytest.raises(DataError, match="neither a file nor a folder"):
        vaegui.open_data(tmp_path / "x.npy")


@pytest.mark.parametrize("missing", ["mean", "mask"])
def test_what_is_filled_in_is_binarised_like_all_else(tmp_path: Path, missing: str) -> None:
    x = np.random.default_rng(0).random((60, 5)).astype(np.float32)
    x[4, 2] = np.nan
    data = Settings(data=recipe(tmp_path, x, missing=missing))
    dataset = data.with_values({"data.binarise.kind": "threshold"}).load_data(no_progress)
    parts = np.concatenate([values(part) for part in dataset.parts.values()])
    assert set(np.unique(dataset.scaling.to_model(parts))) == {0, 1}
    assert bool(np.isnan(parts).any()) == (missing == "mask")
    assert dataset.description.model_range == (0.0, 1.0)


def test_a_link_to_itself_is_refused_like_any_file_that_cannot_be_read(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    with pytest.raises(DataError, match=r"loop\.csv"):
        propose(loop, no_progress)
