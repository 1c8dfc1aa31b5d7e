"""The real program under whatever a monkey does to it."""

from __future__ import annotations

import sys

import pytest

from tests.reliability.monkey import playing
from tests.reliability.monkey.playing import play


def test_a_few_hundred_actions_at_random_find_nothing() -> None:
    played = play(300, seed=1)
    assert not played.found, str(played)
    assert played.states["training"], str(played)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_program_that_does_not_answer_is_a_finding_and_tells_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Importing alone takes longer than this, and is looked at meanwhile.
    monkeypatch.setattr(playing, "LOOK", 0.05)
    played = play(10, seed=1, frozen=0.2)
    (found,) = played.found
    assert "Fatal Python error: Aborted" in found
    assert "most recent call first" in found


@pytest.mark.long
@pytest.mark.parametrize("seed", range(102, 106))
def test_ten_thousand_actions_at_random_find_nothing(seed: int) -> None:
    played = play(2_500, seed)
    assert not played.found, str(played)
    assert played.states["training"] > played.actions / 3, str(played)


@pytest.mark.long
@pytest.mark.display
@pytest.mark.parametrize("seed", range(201, 205))
def test_ten_thousand_actions_at_random_in_a_real_window_find_nothing(
    seed: int, xvfb: dict[str, str]
) -> None:
    played = play(2_500, seed, environment=xvfb)
    assert not played.found, str(played)
    assert played.states["training"] > played.actions / 3, str(played)
