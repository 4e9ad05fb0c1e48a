"""A real Elasticsearch: one node of Elastic's own server, from its jars on Maven Central.

Elastic's paid part, security among it, is not there: no user, no TLS.
"""

import zipfile
from pathlib import Path

from local.java import jars, java
from local.process import Process, answers, free_port, start

SCRIPT = Path(__file__).with_suffix(".groovy")
MODULE = "transport-netty4"
"""Without it, it serves no HTTP."""


def start_elasticsearch(directory: Path, port: int) -> Process:
    """Start a node that keeps its data in `directory`."""
    home = directory / "home"
    module = home / "modules" / MODULE
    found = jars("elasticsearch")
    own = [jar for jar in found if jar.name.startswith(("netty-", MODULE))]
    if not module.exists():
        (home / "config").mkdir(parents=True)
        module.mkdir(parents=True)
        for jar in own:
            (module / jar.name).symlink_to(jar)
        (module / "plugin-descriptor.properties").write_text(_descriptor(own))
    rest = [jar for jar in found if jar not in own]
    arguments = [str(SCRIPT), str(home), str(port), str(free_port())]
    command = java(rest, "groovy.ui.GroovyMain", *arguments)
    command[1:1] = ["--enable-native-access=ALL-UNNAMED"]
    process = start("search", command, directory=directory)
    process.wait_until(answers(f"http://127.0.0.1:{port}/_cluster/health"), seconds=120)
    return process


def _descriptor(own: list[Path]) -> str:
    """Return what the server is told of the module.

    Its name as a module of Java is left away: the server itself is none here.
    """
    (jar,) = (each for each in own if each.name.startswith(MODULE))
    with zipfile.ZipFile(jar) as archive:
        path = f"META-INF/es-plugins/{MODULE}/plugin-descriptor.properties"
        lines = archive.read(path).decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("modulename="))
