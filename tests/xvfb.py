"""A display of the test's own."""

from __future__ import annotations

import os
import subprocess

__all__ = ["Xvfb"]


class Xvfb:
    """An Xvfb on a free display number, which it chooses itself.

    Attributes
    ----------
    environment
        What a program needs in its environment to open its windows there.
    """

    def __init__(self, size: str = "1600x1000x24") -> None:
        read, write = os.pipe()
        try:
            self._process = subprocess.Popen(
                ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"],
                pass_fds=(write,),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except FileNotFoundError:
            os.close(read)
            raise RuntimeError("This test needs Xvfb: apt-get install xvfb") from None
        finally:
            os.close(write)
        with os.fdopen(read) as answer:  # the line comes when the server accepts connections
            number = answer.readline().strip()
        if not number:
            self.close()
            raise RuntimeError("Xvfb ended before it had a display.")
        self.display = f":{number}"
        self.environment = {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        self.environment.pop("WAYLAND_DISPLAY", None)

    def close(self) -> None:
        """End the server and wait until it is gone."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
