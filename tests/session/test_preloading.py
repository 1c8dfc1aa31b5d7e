from __future__ import annotations

import gc
import subprocess
import sys
from contextlib import suppress

import pytest

from vaegui.session.preloading import without_garbage_collection

LINUX = sys.platform.startswith("linux")


def test_garbage_is_collected_again_after_a_gentle_import_that_failed() -> None:
    gc.enable()
    with suppress(ImportError), without_garbage_collection():
        during = gc.isenabled()
        raise ImportError
    after = gc.isenabled()
    gc.unfreeze()
    assert (during, after) == (False, True)


def test_where_nothing_collects_by_itself_nothing_does_after_a_gentle_import() -> None:
    gc.disable()
    with without_garbage_collection():
        pass
    gc.unfreeze()
    assert not gc.isenabled()


@pytest.mark.skipif(not LINUX, reason="elsewhere nothing is loaded beforehand")
def test_the_shared_libraries_of_tensorflow_are_loaded_and_no_python_of_it() -> None:
    program = (
        "import sys\n"
        "from vaegui.session.preloading import preload_tensorflow\n"
        "preload_tensorflow()\n"
        "print('tensorflow' in sys.modules, 'libtensorflow_cc' in open('/proc/self/maps').read())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.skipif(not LINUX, reason="elsewhere threads have no niceness of their own")
def test_only_the_thread_that_gives_way_is_nicer_than_before() -> None:
    program = (
        "import os, threading\n"
        "from vaegui.session.preloading import NICENESS, lower_priority\n"
        "thread = threading.Thread(target=lambda: (lower_priority(), print(os.nice(0))))\n"
        "before = os.nice(0)\n"
        "thread.start(); thread.join()\n"
        "print(os.nice(0) - before, NICENESS + before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    worker, here, wanted = done.stdout.split()
    assert (worker, here) == (wanted, "0")
