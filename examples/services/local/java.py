"""Servers in Java: their jars come from Maven Central, once."""

import shutil
import subprocess
from pathlib import Path

from local.process import STATE

POMS = Path(__file__).parent / "poms"
WHY_NOT = "no Java on this machine, or no Maven to fetch a server's jars"


def available(server: str) -> bool:
    """Tell whether the machine has what it takes: Java, and Maven once."""
    return shutil.which("java") is not None and (
        _fetched(server) or shutil.which("mvn") is not None
    )


def command(server: str, main: str, *arguments: str) -> list[str]:
    """Return what runs a class of a server, after fetching its jars.

    :param server: `kafka` or `tables`: which of the files in `poms`.
    :raises subprocess.CalledProcessError: when they can't be fetched.
    """
    jars = _directory(server)
    if not _fetched(server):
        fetch = ["mvn", "-q", "-f", str(POMS / f"{server}.xml"), "dependency:copy-dependencies"]
        subprocess.run([*fetch, f"-DoutputDirectory={jars}"], check=True)
        (jars / "complete").touch()
    # quick to start rather than fast to run
    fast = ["-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
    return ["java", *fast, f"-Djava.library.path={jars}", "-cp", f"{jars}/*", main, *arguments]


def _directory(server: str) -> Path:
    return STATE / "jars" / server


def _fetched(server: str) -> bool:
    return (_directory(server) / "complete").exists()
