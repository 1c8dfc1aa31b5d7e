from pathlib import Path

import pytest

from vaegui.training.devices import why_no_gpu

NOWHERE = Path("/nowhere/driver")


@pytest.mark.parametrize(
    ("system", "machine", "metal", "word"),
    [
        ("win32", "AMD64", False, "WSL2"),
        ("darwin", "arm64", True, "tensorflow-metal"),
        ("darwin", "arm64", False, "macOS"),
        ("linux", "x86_64", False, "driver"),
    ],
)
def test_the_reason_names_what_is_missing(system, machine, metal, word):
    reason = why_no_gpu(
        built_with_cuda=True, system=system, machine=machine, driver=NOWHERE, metal_installed=metal
    )
    assert word in reason


def test_with_a_driver_it_is_the_libraries_or_the_build(tmp_path):
    driver = tmp_path / "version"
    driver.touch()
    with_cuda = why_no_gpu(built_with_cuda=True, system="linux", driver=driver)
    assert "vaegui[gpu]" in with_cuda
    assert "build" in why_no_gpu(built_with_cuda=False, system="linux", driver=driver)
