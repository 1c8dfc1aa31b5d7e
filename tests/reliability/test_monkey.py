"""The real program under whatever a monkey does to it."""

from __future__ import annotations

import pytest

from tests.reliability.monkey.playing import play

TRAINING = 1 / 3
"""The part of the actions that is done at least while a model trains."""


def test_a_few_hundred_actions_at_random_find_nothing() -> None:
    played = play(300, seed=1)
    assert not played.found, str(played)


@pytest.mark.long
def test_ten_thousand_actions_at_random_find_nothing() -> None:
    played = play(10_000, seed=7)
    assert not played.found, str(played)


@pytest.mark.long
@pytest.mark.display
def test_ten_thousand_actions_at_random_in_a_real_window_find_nothing(
    xvfb: dict[str, str],
) -> None:
    played = play(10_000, seed=8, environment=xvfb)
    assert not played.found, str(played)
