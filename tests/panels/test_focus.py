"""What the user looks at, and what follows from one choice for another."""

from __future__ import annotations

import pytest

from vaegui.panels.focus import Focus


@pytest.mark.parametrize("picked", [0, 1, 2, 7])
def test_the_line_from_one_input_to_another_has_two_ends_whatever_is_picked(picked: int) -> None:
    focus = Focus().replace(probe=picked)
    assert focus.probe == picked
    assert focus.other != picked


def test_an_input_that_is_the_other_end_changes_places_with_the_one_picked_before() -> None:
    focus = Focus(probe=4, other=9).replace(probe=9)
    assert (focus.probe, focus.other) == (9, 4)


def test_the_other_end_stays_where_another_input_is_picked() -> None:
    assert Focus(probe=4, other=9).replace(probe=5).other == 9
