"""`python -m tests.collector`: build the collector, and print where it is."""

import sys

from simulator.engine.__main__ import INTERRUPTED
from simulator.gobuild import BuildError
from tests.collector.build import collector

if __name__ == "__main__":
    try:
        print(collector())  # noqa: T201 - the answer
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
