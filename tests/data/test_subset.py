"""Subsets: sets of examples of any part, as a bit mask."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.fakes import fake_prepared
from vaegui.data.source import ExampleRef, Part
from vaegui.data.subset import Members, Subset

DATA = replace(fake_prepared().data, validation_examples=7)
NONE = Members.none(DATA)


def refs(part: Part, *rows: int) -> list[ExampleRef]:
    return [ExampleRef("fa4e", part, row) for row in rows]


def some(part: Part, seed: int) -> tuple[Members, set[int]]:
    """About a third of a part, and the same as a Python set."""
    rows = np.flatnonzero(np.random.default_rng(seed).random(DATA.examples(part)) < 0.3)
    return NONE.with_rows(part, rows), set(rows.tolist())


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_what_is_put_in_is_in_and_nothing_else(part: Part) -> None:
    last = DATA.examples(part) - 1
    members = NONE.with_rows(part, [0, 3, last])
    assert len(members) == 3
    assert all(ref in members for ref in refs(part, 0, 3, last))
    assert not any(ref in members for ref in refs(part, 1, 2, last - 1, last + 1, -1))
    others: list[Part] = [p for p in ("train", "validation", "test") if p != part]
    assert not any(ref in members for other in others for ref in refs(other, 0, 3, last))
    assert ExampleRef("another", part, 3) not in members
    assert np.flatnonzero(members.mask(part)).tolist() == [0, 3, last]


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_sets_combine_as_sets_do(part: Part) -> None:
    (a, in_a), (b, in_b) = some(part, 1), some(part, 2)
    every = set(range(DATA.examples(part)))
    for found, expected in (
        (a | b, in_a | in_b),
        (a & b, in_a & in_b),
        (a - b, in_a - in_b),
        (~a, every - in_a),
    ):
        assert set(np.flatnonzero(found.mask(part)).tolist()) == expected


def test_parts_do_not_mix_and_the_complement_of_nothing_is_everything() -> None:
    both = NONE.with_rows("train", range(100)) | NONE.with_rows("test", range(50))
    assert len(both) == 150
    assert len(~NONE) == 12_800 + 1_000 + 7
    assert ~~both == both
    assert (both & ~both) == NONE


def test_equal_sets_are_one_however_they_came_about() -> None:
    one = NONE.with_rows("test", [5, 6]).with_rows("train", [1])
    other = NONE.with_rows("train", [1]) | (
        NONE.with_rows("test", [5, 6, 7]) - NONE.with_rows("test", [7])
    )
    assert one == other
    assert len({one, other}) == 1


def test_a_row_that_is_not_there_cannot_be_put_in() -> None:
    with pytest.raises(IndexError):
        NONE.with_rows("validation", [7])


def test_sets_of_different_datasets_do_not_combine() -> None:
    for other in (replace(DATA, sha256="another"), replace(DATA, test_examples=999)):
        with pytest.raises(ValueError, match="different datasets"):
            NONE | Members.none(other)


@pytest.mark.parametrize("members", [NONE, ~NONE, some("train", 3)[0] | some("test", 4)[0]])
def test_a_subset_comes_back_from_json(members: Members) -> None:
    subset = Subset("badly reconstructed", "#d94801", members)
    written = json.dumps(subset.to_json())
    assert Subset.from_json(json.loads(written)) == subset
    assert len(written) < 3_000


@pytest.mark.parametrize(
    "change",
    [
        {"name": 3},
        {"colour": None},
        {"members": {}},
        {"members": {"dataset": "fa4e", "masks": {"train": [8, "AA=="]}}},
    ],
)
def test_what_is_no_subset_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="subset"):
        Subset.from_json({**Subset("a", "#000000", NONE).to_json(), **change})


@pytest.mark.parametrize("mask", [[8, "AAA="], [7, "gA=="], [-1, ""], [8, "a!b"], [8], "AA==", 1])
def test_a_mask_that_does_not_fit_its_part_is_refused(mask: object) -> None:
    document = NONE.to_json()
    document["masks"]["test"] = mask
    with pytest.raises(ValueError, match="subset"):
        Members.from_json(document)


def test_a_million_examples_are_combined_and_counted_at_once() -> None:
    large = Members.none(replace(DATA, train_examples=1_000_000))
    even = large.with_rows("train", np.arange(0, 1_000_000, 2))
    third = large.with_rows("train", np.arange(0, 1_000_000, 3))
    assert len(even & third) == 166_667
    assert len(even | third) == 666_667
    assert ExampleRef("fa4e", "train", 999_996) in (even & third)
