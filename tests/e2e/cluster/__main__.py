"""`python -m tests.e2e.cluster`: build all that a cluster needs, and run one when asked to."""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from simulator.engine.__main__ import INTERRUPTED
from simulator.gobuild import BuildError
from tests.e2e.cluster.build import binaries
from tests.e2e.cluster.control import start
from tests.e2e.cluster.process import ClusterError


def main() -> int:
    """Run the command, and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.e2e.cluster",
        description="Print the folder of etcd, Kubernetes' control plane, kwok and Pulumi's "
        "Kubernetes provider. They are built from their Go modules, once per machine.",
        epilog="FASTAPI_PLATFORM_CACHE moves the cache (default ~/.cache/fastapi-platform). "
        "Exit codes: 0 done, 1 they can't be built or a part ended, 130 interrupted.",
    )
    parser.add_argument(
        "--run",
        action="store_true",
        help="run an empty cluster until Ctrl-C, and say how to use it",
    )
    options = parser.parse_args()
    try:
        programs = binaries()
        if options.run:
            run(programs)
        else:
            print(programs)  # noqa: T201 - the answer
    except (BuildError, ClusterError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    return 0


def run(programs: Path) -> None:
    """Run a cluster in a temporary folder, and end with its first part that does."""
    folder = TemporaryDirectory(prefix="fastapi-platform-")
    with folder as home, start(Path(home), programs) as plane:
        print(f"export KUBECONFIG={plane.kubeconfig}", flush=True)  # noqa: T201 - the answer
        while True:
            plane.check()
            time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
