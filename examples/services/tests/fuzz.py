"""schemathesis: requests that a service's document allows, and some that it does not."""

import subprocess
import sys
from pathlib import Path

from local.process import ROOT


def fuzz(service: str, url: str, token: str, cwd: Path) -> str:
    """Return what a service answered that its document does not have, or with 5xx."""
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", str(ROOT / "openapi" / f"{service}.json"), "--url", url),
        *("--header", f"Authorization: Bearer {token}", "--max-examples", "25", "--seed", "1"),
        *("--checks", "not_a_server_error,response_schema_conformance,status_code_conformance"),
        *("--phases", "examples,coverage,fuzzing", "--no-color"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    return done.stdout[-4000:] + done.stderr[-2000:] if done.returncode else ""
