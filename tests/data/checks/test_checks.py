"""What may be wrong with own data: found, with place, effect and remedy."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vaegui
from vaegui.cli.data_words import check_words
from vaegui.data.formats.base import MOST_PLACES, Place, Problem
from vaegui.errors import Cancelled
from vaegui.training.settings.data_check import DataCheck, check_data
from vaegui.training.settings.settings import Settings

GAUSSIAN = Settings().with_values({"likelihood.kind": "gaussian"})


def table(count: int = 400, features: int = 12) -> np.ndarray:
    return np.random.default_rng(count).normal(3, 2, (count, features)).astype(np.float32)


def checked(folder: Path, x: np.ndarray, labels: Any = None, **options: Any) -> DataCheck:
    np.save(folder / "x.npy", x)
    if labels is not None:
        np.save(folder / "labels.npy", labels)
    return vaegui.open_data(folder / "x.npy", settings=GAUSSIAN, **options)


def problem(check: DataCheck, kind: str) -> Problem:
    (found,) = [problem for problem in check.problems if problem.kind == kind]
    return found


def mended(check: DataCheck, kind: str) -> DataCheck:
    """The check once the remedy of a problem is taken."""
    fix = problem(check, kind).fix
    assert fix is not None
    assert fix.label
    return check_data(check.settings.with_values(fix.values))


def kinds(check: DataCheck) -> set[str]:
    return {problem.kind for problem in check.problems}


def test_sound_data_have_no_problem(tmp_path: Path) -> None:
    assert checked(tmp_path, table(2000)).problems == ()


def test_missing_values_are_told_with_their_rows_and_left_out(tmp_path: Path) -> None:
    x = table()
    x[[5, 9], 3] = np.nan, np.inf
    check = checked(tmp_path, x)
    found = problem(check, "missing")
    assert found.prevents
    assert found.sentence.startswith("2 examples of 400 have values")
    assert sorted(place.row for place in found.places if place.row is not None) == [5, 9]
    after = mended(check, "missing")
    assert "missing" not in kinds(after)
    assert [entry.place.row for entry in after.ledger] == [5, 9]


def test_gaps_are_told_also_where_values_are_to_be_standardised(tmp_path: Path) -> None:
    x = table()
    x[5, 3] = np.nan
    np.save(tmp_path / "x.npy", x)
    settings = GAUSSIAN.with_values({"rescale.kind": "standardise"})
    check = vaegui.open_data(tmp_path / "x.npy", settings=settings)
    assert problem(check, "missing").places == (Place("", 5, "4"),)
    assert check.floor is not None  # of the examples without gaps


def test_many_missing_values_are_rather_filled_in(tmp_path: Path) -> None:
    x = table()
    x[::3, 1] = np.nan
    after = mended(checked(tmp_path, x), "missing")
    assert "missing" not in kinds(after)
    assert after.source.spec.length == sum(
        part.spec.length for part in after.dataset.parts.values()
    )


def test_a_constant_feature_is_named_and_left_out(tmp_path: Path) -> None:
    x = table()
    x[:, 4] = 7
    x[:, 9] = 1
    check = checked(tmp_path, x)
    found = problem(check, "constant features")
    assert [place.column for place in found.places] == ["5", "10"]
    after = mended(check, "constant features")
    assert after.dataset.shape == after.settings.data.shape == (10,)
    x[:, 2] = 3
    np.save(tmp_path / "x.npy", x)
    again = mended(check_data(after.settings), "constant features")
    assert again.dataset.shape == (9,)
    assert again.settings.data.left_out.features == (2, 4, 9)
    np.testing.assert_array_equal(
        again.dataset.test.read(slice(0, 1)).x[0],
        np.delete(x[again.opened.rows["test"][0]], [2, 4, 9]),
    )


def test_values_that_the_likelihood_does_not_take_are_scaled(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", table())
    check = vaegui.open_data(tmp_path / "x.npy")
    assert problem(check, "out of range").prevents
    assert "out of range" not in kinds(mended(check, "out of range"))


def test_equal_examples_within_and_across_parts_are_found_and_left_out(tmp_path: Path) -> None:
    x = table(400)
    x[300:] = x[:100]
    check = checked(tmp_path, x)
    across = problem(check, "duplicates across parts")
    assert 10 < across.count < 60
    rows = check.opened.rows
    train = {x[row].tobytes() for row in rows["train"]}
    others = [*rows["validation"], *rows["test"]]
    assert across.count == sum(x[row].tobytes() in train for row in others)
    after = mended(check, "duplicates across parts")
    assert {"duplicates", "duplicates across parts"}.isdisjoint(kinds(after))
    assert len(after.ledger) == 100


def test_places_are_bounded_and_their_number_is_not(tmp_path: Path) -> None:
    found = problem(checked(tmp_path, np.tile(table(10), (100, 1))), "duplicates")
    assert len(found.places) == MOST_PLACES
    assert found.count > 900


def test_near_duplicates_across_parts_are_found_and_neighbours_are_not(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x = random.random((600, 20, 20)).astype(np.float32)
    assert "near-duplicates across parts" not in kinds(checked(tmp_path, x))
    x[300:] = x[:300] + 0.001 * random.normal(size=(300, 20, 20))
    found = problem(checked(tmp_path, x), "near-duplicates across parts")
    assert found.count > 50


def test_examples_on_a_plane_are_close_by_chance_and_no_near_duplicates(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x = random.random((20_000, 2)) @ random.normal(size=(2, 12))
    assert "near-duplicates across parts" not in kinds(checked(tmp_path, x.astype(np.float32)))


def test_empty_pictures_are_found_and_left_out(tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 256, (300, 8, 8), dtype=np.uint8)
    x[[7, 80]] = [[[0]], [[9]]]
    check = checked(tmp_path, x)
    found = problem(check, "blank examples")
    assert sorted(place.row or 0 for place in found.places) == [7, 80]
    assert "blank examples" not in kinds(mended(check, "blank examples"))


def test_fewer_examples_than_a_batch_take_a_smaller_one(tmp_path: Path) -> None:
    check = checked(tmp_path, table(90))
    assert "72 training examples, fewer than the 128" in problem(check, "few examples").sentence
    after = mended(check, "few examples")
    assert after.settings.training.batch_size == 8
    assert "few examples" not in kinds(after)


def test_no_test_part_is_told(tmp_path: Path) -> None:
    check = checked(tmp_path, table(), split__test_share=0.0)
    assert "no test part" not in kinds(mended(check, "no test part"))


def test_a_class_with_one_example_is_named_and_left_out(tmp_path: Path) -> None:
    check = checked(tmp_path, table(400), np.array(["a"] * 200 + ["b"] * 199 + ["rare"]))
    assert problem(check, "single examples").places == (Place(column="class rare"),)
    assert "single examples" not in kinds(mended(check, "single examples"))


def amounts(folder: Path) -> Path:
    """A table with a column of amounts over several magnitudes, and one of temperatures."""
    random = np.random.default_rng(0)
    pairs = zip(random.lognormal(4, 2, 300), random.normal(-3, 4, 300), strict=True)
    lines = [f"{amount:.3f},{degrees:.3f}" for amount, degrees in pairs]
    (folder / "t.csv").write_text("\n".join(["amount,degrees", *lines]), "utf-8")
    return folder / "t.csv"


def test_amounts_over_several_magnitudes_are_rather_seen_as_logarithms(tmp_path: Path) -> None:
    check = vaegui.open_data(amounts(tmp_path), settings=GAUSSIAN)
    (advice,) = [advice for advice in check.advice if advice.kind == "logarithms"]
    assert "logarithm of amount:" in advice.sentence
    after = check_data(check.settings.with_values(advice.fix.values))
    assert after.dataset.scaling.log1p == (True, False)
    assert "logarithms" not in {advice.kind for advice in after.advice}


def test_a_column_without_logarithms_is_named_and_taken_as_it_is(tmp_path: Path) -> None:
    path = amounts(tmp_path)
    check = vaegui.open_data(path, settings=GAUSSIAN, columns__degrees__log1p=True)
    assert problem(check, "no logarithm").places == (Place(column="degrees"),)
    assert "no logarithm" not in kinds(mended(check, "no logarithm"))


def test_every_remedy_and_advice_taken_gives_settings_that_train(tmp_path: Path) -> None:
    x = table(300)
    x[3, 3], x[:, 5] = np.nan, 2
    x[100] = x[101]
    np.save(tmp_path / "x.npy", x)
    check = vaegui.open_data(tmp_path / "x.npy").advised
    assert not [problem for problem in check.problems if problem.fix]
    assert check.advice == ()
    quick = {"training.epochs": 1, "training.compiler": "graph", "architecture.widths": [8]}
    run = vaegui.train(check.settings.with_values(quick))
    assert run.begun.data.shape == (11,)
    assert np.isfinite(run.evaluate().terms.total)


def test_remedies_for_the_file_itself_are_taken_with_the_others(tmp_path: Path) -> None:
    rows = [f"{i % 7},{i * 0.5},{(i * 37) % 11}" for i in range(300)]
    rows[3], rows[9] = "3,k.A.,1", "1,2"
    (tmp_path / "t.csv").write_text("\n".join(["a,b,c", *rows]))
    check = vaegui.open_data(tmp_path / "t.csv")
    assert {"ragged rows", "wrong cells"} <= kinds(check)
    advised = check.advised
    format = advised.settings.data.format  # type: ignore[union-attr]
    assert (format.also_missing, format.ragged) == (("k.A.",), "fill up")
    assert not any(problem.prevents for problem in advised.problems)
    assert kinds(advised) == {"short rows"}


def test_what_was_judged_by_some_examples_is_said(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(6000, 3)).astype(np.float32)
    check = checked(tmp_path, x)
    assert "advice by 4,000 training examples" in check.sampled
    assert check.sampled in check_words(check)
    assert checked(tmp_path, x[:900]).sampled == ""


@pytest.mark.long
def test_all_checks_of_70000_pictures_take_seconds(tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 256, (70_000, 28, 28), dtype=np.uint8)
    np.save(tmp_path / "x.npy", x)
    started = time.process_time()
    vaegui.open_data(tmp_path / "x.npy")
    assert time.process_time() - started < 60


def test_a_check_can_be_cancelled_at_any_of_its_stages(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", table(600))
    stages: list[str] = []

    def note(what: str, done: int, total: int | None) -> None:
        stages.append(what)

    vaegui.open_data(tmp_path / "x.npy", settings=GAUSSIAN, progress=note)
    assert "Looking for near-duplicates (examples)" in stages

    for number, stage in enumerate(dict.fromkeys(stages)):
        # What was found out about a file is remembered; this one is new.
        np.save(tmp_path / "x.npy", table(601 + number))

        def cancel(what: str, done: int, total: int | None, stage: str = stage) -> None:
            if what == stage:
                raise Cancelled(what)

        with pytest.raises(Cancelled):
            vaegui.open_data(tmp_path / "x.npy", settings=GAUSSIAN, progress=cancel)
