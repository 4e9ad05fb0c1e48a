"""`python -m tests.e2e.cluster`: build all that a cluster needs, and print where it is."""

import argparse
import sys

from simulator.engine.__main__ import INTERRUPTED
from simulator.gobuild import BuildError
from tests.e2e.cluster.build import binaries


def main() -> int:
    """Run the command, and return its exit code."""
    argparse.ArgumentParser(
        prog="python -m tests.e2e.cluster",
        description="Print the folder of etcd, Kubernetes' control plane, kwok and Pulumi's "
        "Kubernetes provider. They are built from their Go modules, once per machine.",
        epilog="FASTAPI_PLATFORM_CACHE moves the cache (default ~/.cache/fastapi-platform). "
        "Exit codes: 0 done, 1 they can't be built, 130 interrupted.",
    ).parse_args()
    try:
        print(binaries())  # noqa: T201 - the answer
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    except KeyboardInterrupt:
        print("\ninterrupted; the next run goes on from here", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
