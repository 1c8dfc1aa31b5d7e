from __future__ import annotations

import importlib.util
from pathlib import Path

import vaegui

ROOT = Path(vaegui.__file__).resolve().parent.parent


def test_the_reference_of_settings_is_what_the_declarations_say() -> None:
    path = ROOT / "tools" / "settings_reference.py"
    spec = importlib.util.spec_from_file_location("settings_reference", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    written = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert written == tool.page(), "run: python tools/settings_reference.py"
