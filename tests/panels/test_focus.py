"""What the user looks at, and what follows from one choice for another."""

from __future__ import annotations

import pytest

from tests.fakes import fake_lookable, fake_ref, fake_run
from tests.panels.stand import context
from vaegui.data.source import ExampleRef, Part
from vaegui.panels.focus import Focus


def test_the_first_probe_is_picked_and_the_second_is_the_other_end_until_others_are() -> None:
    shown = context(fake_run())
    assert (shown.example, shown.other, shown.probe) == (fake_ref(0), fake_ref(1), 0)


@pytest.mark.parametrize("picked", [0, 1, 2, 7])
def test_the_line_from_one_input_to_another_has_two_ends_whatever_is_picked(picked: int) -> None:
    shown = context(fake_run(), Focus().replace(example=fake_ref(picked)))
    assert shown.example == fake_ref(picked)
    assert shown.other != fake_ref(picked)


def test_an_input_that_is_the_other_end_changes_places_with_the_one_picked_before() -> None:
    four, nine = fake_ref(4), fake_ref(9)
    focus = Focus(example=four, other=nine).replace(example=nine)
    assert (focus.example, focus.other) == (nine, four)


def test_the_other_end_stays_where_another_input_is_picked() -> None:
    four, nine = fake_ref(4), fake_ref(9)
    assert Focus(example=four, other=nine).replace(example=fake_ref(5)).other == nine


def test_the_neighbours_of_a_probe_are_probes_round_the_end() -> None:
    shown = context(fake_run(probes=60), Focus(example=fake_ref(59)))
    assert shown.neighbour(-1) == fake_ref(58)
    assert shown.neighbour(1) == fake_ref(0)


@pytest.mark.parametrize(
    ("part", "row", "by", "then"),
    [
        ("train", 12_798, 1, 12_799),
        ("train", 12_799, 1, 0),
        ("test", 1, 1, 2),
        ("test", 0, -1, 999),
    ],
)
def test_the_neighbours_of_any_other_example_are_rows_of_its_part(
    part: Part, row: int, by: int, then: int
) -> None:
    focus = Focus(example=ExampleRef("fa4e", part, row), by_row=True)
    assert context(fake_run(), focus).neighbour(by) == ExampleRef("fa4e", part, then)


def test_who_counts_by_row_walks_through_the_rows_of_probes_without_being_caught() -> None:
    probe = fake_ref(3)
    shown = context(fake_run(), Focus(example=probe, by_row=True))
    assert shown.neighbour(1) == ExampleRef("fa4e", "test", probe.row + 1)


def test_without_data_there_is_something_to_pick_only_if_gaussians_were_saved() -> None:
    assert context(fake_lookable(saved=False)).example is None
    assert context(fake_lookable(saved=False)).neighbour(1) is None
    assert context(fake_lookable()).neighbour(1) == fake_ref(1)
