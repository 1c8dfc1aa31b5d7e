"""Let the monkey play from the command line.

``python -m tests.reliability.monkey --actions 10000 --seed 7 --platform xcb`` ends with 0 if
nothing was found. Otherwise it prints what was, and the last actions.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack, closing

from tests.reliability.monkey.playing import play
from tests.xvfb import Xvfb


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.monkey")
    parser.add_argument("--actions", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="offscreen")
    parser.add_argument("--frozen", type=float, default=20.0, help="seconds that are too long")
    asked = parser.parse_args()
    with ExitStack() as stack:
        display = {}
        if asked.platform == "xcb":
            display = stack.enter_context(closing(Xvfb())).environment
        played = play(asked.actions, asked.seed, frozen=asked.frozen, environment=display)
    print(played)
    return int(bool(played.found))


if __name__ == "__main__":
    sys.exit(main())
