import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from vaegui.machine import display
from vaegui.machine.display import why_no_display

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere a display is part of the system"
)


@pytest.fixture(autouse=True)
def _no_display_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def no_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system on which no shared library can be loaded, in the child process neither."""

    def refuse(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    monkeypatch.setattr(display, "_qt_starts", lambda arguments: False)


def test_without_a_display_the_cause_and_the_way_without_one_are_told() -> None:
    told = why_no_display()
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in told
    assert "`vaegui train`" in told


def test_a_display_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":97")
    assert "DISPLAY=:97" in why_no_display()


def test_a_wayland_display_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert "wayland-7" in why_no_display()


def test_a_display_that_answers_is_found_without_a_child_process(
    xvfb: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", xvfb["DISPLAY"])
    monkeypatch.setattr(
        display, "_qt_starts", lambda arguments: pytest.fail("a child process was started")
    )
    assert why_no_display() == ""


def test_x11_is_found_where_the_wayland_display_is_gone(
    xvfb: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    monkeypatch.setenv("DISPLAY", xvfb["DISPLAY"])
    assert why_no_display() == ""


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600"])
def test_a_platform_without_a_display_needs_none(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert why_no_display() == ""


def test_a_platform_named_among_the_arguments_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert why_no_display(["-platform", "offscreen"]) == ""
    assert why_no_display(["-platform"]) != ""


def test_a_display_named_among_the_arguments_is_asked(xvfb: dict[str, str]) -> None:
    assert why_no_display(["-display", xvfb["DISPLAY"]]) == ""
    assert "DISPLAY=:97" in why_no_display(["-display", ":97"])


@pytest.mark.usefixtures("no_libraries")
def test_a_missing_library_is_told_with_the_packages_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    told = why_no_display()
    assert "libqoffscreen.so" in told
    assert "apt-get install libegl1 libgl1" in told
    assert "libxcb-cursor0" in told


def test_what_qt_itself_can_start_is_not_called_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "_qt_starts", lambda arguments: True)
    assert why_no_display() == ""


def test_asking_is_quick_and_imports_nothing_of_qt(xvfb: dict[str, str]) -> None:
    ask = (
        "import sys, time; from vaegui.machine.display import why_no_display;"
        "start = time.perf_counter();"
        "why = why_no_display(); took = time.perf_counter() - start;"
        "assert not why, why; assert not {'PySide6', 'matplotlib'} & set(sys.modules);"
        "print(took)"
    )
    # The best of three: the first reads libraries from the disk, and other programs run, too.
    took = [
        float(subprocess.check_output([sys.executable, "-c", ask], env=xvfb, text=True))
        for _ in range(3)
    ]
    assert min(took) < 0.1, took
