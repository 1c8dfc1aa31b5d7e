"""Open files one after another and tell what that did to this process, as lines of JSON.

``python -m tests.hostile.models.opening FOLDER VALID ...`` first opens the valid files, so that all
is loaded that opening loads. Those called "foreign ..." are imported, as the window imports files
that another program saved; weights are imported into the first valid model.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

WATCHED = (
    "open", "socket", "exec", "compile", "import", "subprocess", "os.system", "os.exec",
    "os.posix_spawn", "os.remove", "os.rename", "os.mkdir", "ctypes.dlopen", "pickle", "marshal",
)  # fmt: skip


class Watch:
    """What this process asked of the system while it was watched."""

    def __init__(self) -> None:
        self.on = False
        self.events: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.on and event.startswith(WATCHED):
            self.events.append(f"{event} {arguments[:2]}"[:300])


def peak() -> int:
    """Bytes of memory that this process had at most since `forget_peak`."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def keras_globals() -> list[str]:
    from keras import config, saving

    return [
        repr(value)
        for value in (
            config.epsilon(),
            config.floatx(),
            config.dtype_policy().name,
            config.image_data_format(),
            config.backend(),
            config.is_traceback_filtering_enabled(),
            sorted(saving.get_custom_objects()),
        )
    ]


class Opener:
    """Opens files of all kinds; ``model`` is one of this program that weights are put into."""

    def __init__(self, model: Path) -> None:
        from vaegui.files.model.model_file import open_model

        self._model = open_model(model)

    def open(self, path: Path, *, foreign: bool) -> None:
        """Do what the window does with a file that the user chose."""
        from vaegui.files.foreign.halves.finding import inspect, other_half
        from vaegui.files.foreign.importing import import_model
        from vaegui.files.foreign.roles.proposal import proposed
        from vaegui.files.model.model_file import open_model
        from vaegui.files.tensors import import_weights

        if foreign:
            found = inspect(path, other_half(path))
            import_model(found, proposed(found)[0])
        elif path.suffix != ".keras":
            import_weights(path, self._model)
        else:
            open_model(path)


def main(folder: str, model: str, *valid: str) -> None:
    from vaegui.errors import VaeguiError

    watch, opener = Watch(), Opener(Path(model))
    for path in map(Path, valid):
        opener.open(path, foreign=path.name.startswith("foreign"))
    for path in sorted(Path(folder).iterdir()):
        before, watch.events = keras_globals(), []
        forget_peak()
        start, memory = time.perf_counter(), peak()
        watch.on = True
        try:
            opener.open(path, foreign=path.name.startswith("foreign"))
            outcome, message = "opened", ""
        except VaeguiError as error:
            outcome, message = "refused", str(error)
        except BaseException as error:  # noqa: BLE001 - that is what is looked for
            outcome, message = type(error).__name__, str(error)
        watch.on = False
        told = {
            "name": path.name,
            "outcome": outcome,
            "message": message,
            "seconds": time.perf_counter() - start,
            "growth": peak() - memory,
            "events": [e for e in watch.events if not _is_ours(e, path)],
            "same_globals": keras_globals() == before,
        }
        print(json.dumps(told), flush=True)


def _is_ours(event: str, path: Path) -> bool:
    """Whether it is the file itself, or the child that reads weights, being opened."""
    if event.startswith("subprocess.Popen"):
        return "reader_child.py" in event
    pipe = event.startswith("open (") and event.removeprefix("open (")[0].isdigit()
    return pipe or event.startswith((f"open ({str(path)!r}, 'r')", "open ('/dev/null'"))


if __name__ == "__main__":
    main(*sys.argv[1:])
