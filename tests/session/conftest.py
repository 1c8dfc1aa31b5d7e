"""A worker of the test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.session.watched import Watched


@pytest.fixture
def watched() -> Iterator[Watched]:
    """A worker that has started and waits for orders."""
    it = Watched()
    it.worker.start()
    it.state("idle")
    yield it
    assert it.worker.close(30)
