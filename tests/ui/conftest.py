"""A window with a fake worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.fake_worker import Bench


@pytest.fixture
def bench(qapp: QApplication, tmp_path: Path) -> Iterator[Bench]:
    """A window that is not shown yet, with a fake worker."""
    made = Bench(qapp, tmp_path)
    yield made
    made.close()


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    """A file with a model that can be opened."""
    fixture = Path(__file__).parents[1] / "files" / "fixtures" / "format-2-dense.keras"
    return shutil.copy(fixture, tmp_path / "model.keras")
