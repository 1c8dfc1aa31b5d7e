"""Start the program with the monkey in it, as often as it is closed, and gather what is found."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.monkey.files import fill

ROOT = Path(__file__).parents[3]
LAST = 50
"""Actions that are shown when something was found."""
QUIET = ("-W", "ignore::ResourceWarning")
"""The file for crashes stays open to the very end."""
NOWHERE = "http://127.0.0.1:9"
"""Where downloads end before they begin."""


@dataclass
class Played:
    """What came of it.

    Attributes
    ----------
    starts, actions
        How often the program was started, and what was done to it in all.
    slowest
        Seconds until the window answered, at worst.
    found
        What went wrong, each with the start in which it did.
    last
        The last actions before it ended.
    """

    seed: int
    starts: int = 0
    actions: int = 0
    slowest: float = 0.0
    found: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = (
            f"seed {self.seed}: {self.actions} actions in {self.starts} starts; the window "
            f"answered within {self.slowest:.1f} s"
        )
        if not self.found:
            return f"{told}; nothing was found"
        return "\n".join([told, "", *self.found, "", f"The last {LAST} actions:", *self.last])


def play(
    actions: int, seed: int, *, frozen: float = 20.0, environment: Mapping[str, str] | None = None
) -> Played:
    """Let the monkey do so many things, in as many starts of the program as it takes.

    Parameters
    ----------
    frozen
        Seconds without an answer of the window after which it counts as frozen.
    environment
        Where its display is; by default nowhere.
    """
    played = Played(seed)
    while played.actions < actions and not played.found:
        with tempfile.TemporaryDirectory(prefix="vaegui-monkey-") as folder:
            _start(Path(folder), actions - played.actions, frozen, environment or {}, played)
    return played


def _start(
    folder: Path, actions: int, frozen: float, environment: Mapping[str, str], played: Played
) -> None:
    """One start of the program."""
    fill(folder / "files")
    seed = f"{played.seed}.{played.starts}"
    program = [sys.executable, "-X", "faulthandler", "-W", "default", *QUIET, "-m"]
    words = ["tests.reliability.monkey.program", str(folder), seed, str(actions), str(frozen)]
    with (folder / "stderr").open("wb") as stderr:
        code = subprocess.run(
            [*program, *words],
            cwd=ROOT,
            env=_environment(folder, environment),
            stdin=subprocess.DEVNULL,
            stdout=stderr,
            stderr=stderr,
            timeout=600 + 2 * actions,
            check=False,
        ).returncode
    _take(played, folder, code, seed)


def _take(played: Played, folder: Path, code: int, seed: str) -> None:
    """Note what came of one start."""
    journal = folder / "journal"
    lines = journal.read_text().splitlines() if journal.exists() else []
    done = [line for line in lines if line[:1].isdigit()]
    found = [line for line in lines if line.startswith(("FOUND", "    "))]
    stderr = (folder / "stderr").read_text(errors="backslashreplace").strip()
    answered = re.findall(r"^answered within (\S+)", "\n".join(lines), re.MULTILINE)
    played.starts += 1
    played.actions += len(done)
    played.slowest = max(played.slowest, *map(float, answered), 0.0)
    if code or found or stderr or "closed" not in lines or not done:
        told = [f"start {seed} ended with {code}", *found, stderr]
        played.found.append("\n".join(part for part in told if part))
        played.last = done[-LAST:]


def _environment(folder: Path, display: Mapping[str, str]) -> dict[str, str]:
    """A home of its own, no way out, and memory that tells of misuse."""
    home, runtime = folder / "home", folder / "runtime"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    kinds = ("CONFIG", "CACHE", "DATA", "STATE")
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        **display,
        **{f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in kinds},
        "XDG_RUNTIME_DIR": str(runtime),
        "HOME": str(home),
        "KERAS_HOME": str(home / "keras"),
        "TMPDIR": str(folder),
        "PYTHONMALLOC": "debug",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "HTTP_PROXY": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
    }
