"""Runs one command for as long as its owner lives: `python leash.py COMMAND…`.

The owner holds the other end of standard input. When that closes, because the owner asked for it
or because it died, in whatever way, the command is killed. A process of the operating system's
own to do this (PR_SET_PDEATHSIG) is tied to a thread, and is Linux's alone.
"""

import os
import signal
import subprocess
import sys
import threading


def _kill_at_end_of_input(child: subprocess.Popen[bytes]) -> None:
    while os.read(0, 1):
        pass
    child.kill()


def main() -> int:
    """Run the command, and return its exit code."""
    # A terminal's Ctrl-C is the owner's matter, and so is when this ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def kill(_number: int, _frame: object) -> None:
        child.kill()

    signal.signal(signal.SIGTERM, kill)
    threading.Thread(target=_kill_at_end_of_input, args=(child,), daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    os._exit(main() & 0xFF)  # not by way of the thread that still reads
