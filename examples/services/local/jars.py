"""`python -m local.jars`: write down which jars the servers of `poms` are made of, with Maven.

Nobody needs Maven otherwise: `local.java` fetches what is written down, and checks it.
"""

import hashlib
import subprocess
import tempfile
from pathlib import Path

from local.java import LISTS

POMS = Path(__file__).parent / "poms"


def resolve(pom: Path, directory: Path) -> list[str]:
    """Return the lines of a server's list: SHA-256, and the path in Maven's repository."""
    fetch = ["mvn", "-q", "-f", str(pom), "dependency:copy-dependencies"]
    options = [f"-DoutputDirectory={directory}", "-Dmdep.useRepositoryLayout=true"]
    subprocess.run([*fetch, *options], check=True)
    # servers of other systems have no use for their own libraries here
    files = [file for file in directory.rglob("*") if file.suffix in {".jar", ".so"}]
    return [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(directory)}\n"
        for file in sorted(files)
    ]


def main() -> None:
    """Write all lists."""
    LISTS.mkdir(exist_ok=True)
    for pom in sorted(POMS.glob("*.xml")):
        with tempfile.TemporaryDirectory() as directory:
            lines = resolve(pom, Path(directory))
        (LISTS / f"{pom.stem}.txt").write_text("".join(lines))


if __name__ == "__main__":
    main()
