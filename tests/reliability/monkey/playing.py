"""Start the program with the monkey in it, as often as it is closed, and gather what is found."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.monkey.files import fill

ROOT = Path(__file__).parents[3]
LAST = 50
"""Actions that are shown when something was found."""
QUIET = ("-W", "ignore::ResourceWarning")
"""The file for crashes stays open to the very end."""
FILL = "165"
"""Memory that is given back is filled with this byte, so that nothing can use it unnoticed."""
LOOK = 0.5
"""Seconds between two looks whether the program is alive."""
DEAD = 120.0
"""Seconds without an answer of a window that does not even use the processor."""
NOWHERE = "http://127.0.0.1:9"
"""Where downloads end before they begin."""


@dataclass
class Played:
    """What came of it.

    Attributes
    ----------
    starts, actions
        How often the program was started, and what was done to it in all.
    states, pages
        How many of them in which state of the worker and on which page.
    slowest, slowest_was
        Seconds until the window answered, at worst, and what it had been asked.
    cut_short
        How often the program ended without waiting for TensorFlow any longer.
    found
        What went wrong, each with the start in which it did.
    last
        The last actions before it ended.
    """

    seed: int
    starts: int = 0
    actions: int = 0
    states: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_was: str = ""
    cut_short: int = 0
    found: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = (
            f"seed {self.seed}: {self.actions} actions in {self.starts} starts; the window "
            f"answered within {self.slowest:.1f} s (at worst after {self.slowest_was})\n"
            f"while {_counted(self.states)}\non the pages {_counted(self.pages)}\n"
            f"{self.cut_short} times the end did not wait for TensorFlow"
        )
        if not self.found:
            return f"{told}; nothing was found"
        return "\n".join([told, "", *self.found, "", f"The last {LAST} actions:", *self.last])


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def play(
    actions: int, seed: int, *, frozen: float = 20.0, environment: Mapping[str, str] | None = None
) -> Played:
    """Let the monkey do so many things, in as many starts of the program as it takes.

    Parameters
    ----------
    frozen
        Seconds without an answer of the window, by the clock as well as of the processor, after
        which it counts as frozen: the machine may have other work.
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
    words = ["tests.reliability.monkey.program", str(folder), seed, str(actions)]
    with (
        (folder / "stderr").open("wb") as stderr,
        subprocess.Popen(
            [*program, *words],
            cwd=ROOT,
            env=_environment(folder, environment),
            stdin=subprocess.DEVNULL,
            stdout=stderr,
            stderr=stderr,
        ) as process,
    ):
        _watch(process, folder / "beat", frozen)
    _take(played, folder, process.returncode, seed)


def _watch(process: subprocess.Popen[bytes], beat: Path, frozen: float) -> None:
    """Stay until the program ends. If it is frozen, have it tell where, and die."""
    last, since, spent = -1, time.monotonic(), 0.0
    while True:
        try:
            process.wait(LOOK)
        except subprocess.TimeoutExpired:
            pass
        else:
            return
        stamp = beat.stat().st_mtime_ns if beat.exists() else 0
        now, used = time.monotonic(), _processor_seconds(process.pid)
        if stamp != last:
            last, since, spent = stamp, now, used
        elif now - since > DEAD or min(now - since, used - spent) > frozen:
            process.send_signal(signal.SIGABRT)  # on which faulthandler shows all threads


def _processor_seconds(pid: int) -> float:
    """How long the threads of a process were at work in all."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _take(played: Played, folder: Path, code: int, seed: str) -> None:
    """Note what came of one start."""
    journal = folder / "journal"
    lines = journal.read_text().splitlines() if journal.exists() else []
    done = [line for line in lines if line[:1].isdigit()]
    found = [line for line in lines if line.startswith(("FOUND", "    "))]
    stderr = (folder / "stderr").read_text(errors="backslashreplace").strip()
    where = [re.findall(r"\[(\w+)\]", line)[:2] for line in done]
    played.starts += 1
    played.actions += len(done)
    played.states.update(state for state, _ in where)
    played.pages.update(page for _, page in where)
    played.cut_short += lines.count("cut short")
    for line in lines:
        if answered := re.match(r"answered within (\S+) s, at worst after (.*)", line):
            slowest = float(answered[1]), answered[2]
            played.slowest, played.slowest_was = max((played.slowest, played.slowest_was), slowest)
    if code or found or stderr or not done or not {"closed", "over"} <= set(lines):
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
        "MALLOC_PERTURB_": FILL,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "HTTP_PROXY": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
    }
