from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.data.server import FileServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    server = FileServer()
    yield server
    server.close()
