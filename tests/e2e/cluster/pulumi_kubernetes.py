"""Pulumi's real Kubernetes provider, as a process of ours that the engine attaches to."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.cluster.build import binaries
from tests.e2e.cluster.process import Process, until

START_SECONDS = 60


@contextmanager
def provider(
    home: Path, programs: Path | None = None, env: Mapping[str, str] | None = None
) -> Generator[int]:
    """Serve the provider, and give its port, for PULUMI_DEBUG_PROVIDERS.

    :param home: a folder for its log and Helm's files; it has no kubeconfig but the program's.
    :param programs: the folder of the programs. Default: the cache's, built when they are missing.
    :param env: variables of its own, e.g. a PATH with an `aws` that gives tokens.
    :raises ClusterError: it ended, or does not serve in time.
    """
    log = home / "pulumi-resource-kubernetes.log"
    log.unlink(missing_ok=True)  # an earlier one's says another port
    process = Process(
        "pulumi-resource-kubernetes",
        [(programs or binaries()) / "pulumi-resource-kubernetes"],
        home,
        env or {},
    )

    def port() -> int | None:
        lines = log.read_text().splitlines()
        return next((int(line) for line in lines if line.isdecimal()), None)

    try:
        yield until(port, "Pulumi's Kubernetes provider serves", START_SECONDS, of=[process])
    except BaseException as error:
        if not process.running:
            error.add_note(f"{process.obituary()}:\n{process.tail()}")
        raise
    finally:
        process.end()
