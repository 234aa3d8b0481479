"""Measure what netlab promises, each figure side by side with its alternative, in one run.

python3 run.py bench [ROOM ...]        rooms: trace, kernel, kubelet, browser
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

ROOMS = ("trace", "kernel", "kubelet", "browser")


def main(rooms: list[str]) -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    unknown = [room for room in rooms if room not in ROOMS]
    if unknown:
        print(f"no bench for {', '.join(unknown)}; there are {', '.join(ROOMS)}", file=sys.stderr)
        return 2
    for room in rooms or ROOMS:
        print(f"== {room}", flush=True)
        importlib.import_module(room).main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
